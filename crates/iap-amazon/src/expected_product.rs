//! Is what was bought what the backend means to deliver?

use iap_core::{Environment, Error, PlanId, ProductId, Purchase, Rejection, Store};

use crate::answer::unreadable;

/// The product that a purchase must be of.
///
/// The shared secret is one for all apps of a developer account, and a receipt names no app: a
/// receipt of another app of yours verifies too. So compare the product, always, and name products
/// so that no two apps share one.
///
/// A customer buys a *term* of a subscription (a SKU of its own, such as `gold.monthly`), and Amazon
/// answers with the *parent* (`gold`), which is the [`Purchase::product_id`]. Name the parent here; and
/// the term as well if the backend tells terms apart.
///
/// ```
/// use iap_amazon::ExpectedProduct;
/// use iap_core::Purchase;
///
/// fn is_gold(purchase: &Purchase) -> Result<(), iap_amazon::Error> {
///     ExpectedProduct::new("gold").check(purchase)
/// }
///
/// fn is_monthly_gold(purchase: &Purchase) -> Result<(), iap_amazon::Error> {
///     ExpectedProduct::new("gold").term("gold.monthly").check(purchase)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedProduct {
    product_id: ProductId,
    term_sku: Option<PlanId>,
}

impl ExpectedProduct {
    /// The product by its SKU; a subscription by the SKU of the parent.
    #[must_use]
    pub fn new(product_id: impl Into<ProductId>) -> Self {
        Self {
            product_id: product_id.into(),
            term_sku: None,
        }
    }

    /// Expects this term of the subscription, by its SKU, and no other.
    #[must_use]
    pub fn term(mut self, term_sku: impl Into<PlanId>) -> Self {
        self.term_sku = Some(term_sku.into());
        self
    }

    /// Compares a purchase with what is expected, byte for byte.
    ///
    /// Cloud Sandbox does not know terms: it answers with the name of the parent and `_term`, which
    /// passes for every term.
    ///
    /// # Errors
    ///
    /// [`Rejection::WrongProduct`] if another product or term was bought,
    /// [`InvalidResponse`](iap_core::ErrorKind::InvalidResponse) if Amazon named no term.
    pub fn check(&self, purchase: &Purchase) -> Result<(), Error> {
        if purchase.product_id != self.product_id {
            return Err(wrong_product(&self.product_id, &purchase.product_id));
        }
        let Some(expected) = &self.term_sku else {
            return Ok(());
        };
        let subscription = purchase.subscription.as_ref();
        match subscription.and_then(|it| it.plan_id.as_ref()) {
            Some(found) if found == expected => Ok(()),
            Some(found)
                if purchase.environment == Environment::Sandbox
                    && found.as_str().strip_suffix(SANDBOX_TERM_SUFFIX)
                        == Some(self.product_id.as_str()) =>
            {
                Ok(())
            }
            Some(found) => Err(wrong_product(expected, found)),
            None => Err(unreadable("Amazon named no term of the subscription")),
        }
    }
}

pub(crate) fn wrong_product(expected: &impl ToString, found: &impl ToString) -> Error {
    let (expected, found) = (expected.to_string(), found.to_string());
    Error::rejected(
        Rejection::WrongProduct,
        format!("expected product {expected:?}, Amazon vouches for {found:?}"),
    )
    .with_store(Store::AmazonAppstore)
}

/// What Cloud Sandbox writes after the name of the parent where the term should stand.
const SANDBOX_TERM_SUFFIX: &str = "_term";

#[cfg(test)]
mod tests {
    use iap_core::{
        ErrorKind, ProductKind, PurchaseKey, Subscription, SubscriptionState, Timestamp,
    };

    use super::*;

    fn purchase(environment: Environment, product: &str, term: Option<&str>) -> Purchase {
        let mut purchase = Purchase::new(
            Store::AmazonAppstore,
            environment,
            PurchaseKey::amazon("receipt"),
            product.into(),
            ProductKind::AutoRenewableSubscription,
            Timestamp::UNIX_EPOCH,
        );
        let mut subscription = Subscription::new(SubscriptionState::Active);
        subscription.plan_id = term.map(Into::into);
        purchase.subscription = Some(subscription);
        purchase
    }

    #[test]
    fn parent_and_term_are_compared_byte_for_byte_and_sandbox_terms_by_their_parent() {
        use Environment::{Production, Sandbox};
        let wrong = Some(ErrorKind::Rejected(Rejection::WrongProduct));
        let unknown = Some(ErrorKind::InvalidResponse);
        let parent = ExpectedProduct::new("gold");
        let monthly = ExpectedProduct::new("gold").term("gold.monthly");
        for (expected, environment, product, term, error) in [
            (&parent, Production, "gold", Some("gold.monthly"), None),
            (&parent, Production, "gold", None, None),
            (
                &parent,
                Production,
                "gold.monthly",
                Some("gold.monthly"),
                wrong,
            ),
            (&parent, Production, "Gold", None, wrong),
            (&parent, Production, "gold ", None, wrong),
            (&parent, Sandbox, "gold", Some("gold_term"), None),
            (&parent, Sandbox, "silver", Some("silver_term"), wrong),
            (&monthly, Production, "gold", Some("gold.monthly"), None),
            (&monthly, Production, "gold", Some("gold.yearly"), wrong),
            (&monthly, Production, "gold", Some("GOLD.monthly"), wrong),
            (&monthly, Production, "silver", Some("gold.monthly"), wrong),
            (&monthly, Production, "gold", Some("gold_term"), wrong),
            (&monthly, Production, "gold", None, unknown),
            (&monthly, Sandbox, "gold", Some("gold_term"), None),
            (&monthly, Sandbox, "gold", Some("silver_term"), wrong),
            (&monthly, Sandbox, "gold", Some("gold.yearly"), wrong),
        ] {
            let result = expected.check(&purchase(environment, product, term));
            let kind = result.err().map(|error| error.kind());
            assert_eq!(kind, error, "{environment} {product} {term:?}");
        }
    }

    #[test]
    fn a_one_time_product_has_no_term() {
        let mut coins = purchase(Environment::Production, "coins", None);
        coins.subscription = None;
        assert!(ExpectedProduct::new("coins").check(&coins).is_ok());
        let term = ExpectedProduct::new("coins").term("coins.monthly");
        assert!(term.check(&coins).is_err());
    }
}
