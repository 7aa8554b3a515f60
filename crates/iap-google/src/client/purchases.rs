//! Purchases in the words that all stores share, and what a server does with each: confirm, consume.

use iap_core::{
    Acknowledgement, Consumption, Error, ErrorKind, ProductId, ProductKind, Purchase, PurchaseKey,
    PurchaseState, PurchaseToken, Store,
};

use super::{Lookup, PlayClient};
use crate::model::{
    ExternalAccountIds, ProductPurchasesAcknowledgeRequest, SubscriptionPurchasesAcknowledgeRequest,
};

/// What came of confirming or consuming a purchase. Either way Google now has it so.
#[expect(clippy::exhaustive_enums, reason = "there is no third answer")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confirmation {
    /// It was done by this call.
    Done,
    /// It was done before, or need not be done.
    NotNeeded,
}

impl PlayClient {
    /// The present state of a subscription.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn subscription_purchase(
        &self,
        token: impl Into<PurchaseToken>,
    ) -> Result<Lookup<Purchase>, Error> {
        let token = token.into();
        // It cannot be younger than the question.
        let as_of = self.shared.clock.now();
        match self.subscriptionsv2().get(token.clone()).await? {
            Lookup::Found(found) => {
                let purchase = found.to_purchase(&self.package_name, &token, as_of)?;
                Ok(Lookup::Found(purchase))
            }
            Lookup::Gone(failure) => Ok(Lookup::Gone(failure)),
        }
    }

    /// The present state of a purchase of one-time products.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn product_purchase(
        &self,
        token: impl Into<PurchaseToken>,
    ) -> Result<Lookup<Purchase>, Error> {
        let token = token.into();
        let as_of = self.shared.clock.now();
        match self
            .productsv2()
            .get_product_purchase_v2(token.clone())
            .await?
        {
            Lookup::Found(found) => {
                let purchase = found.to_purchase(&self.package_name, &token, as_of)?;
                Ok(Lookup::Found(purchase))
            }
            Lookup::Gone(failure) => Ok(Lookup::Gone(failure)),
        }
    }

    /// Confirms a purchase that Google waits for, once it has been delivered and stored. May be
    /// called again and again, also while the app does the same.
    ///
    /// 1. A purchase that needs no confirmation costs no call.
    /// 2. Google is told.
    /// 3. If Google refuses, or its answer is lost, the purchase is read: what is confirmed counts,
    ///    whoever did it.
    ///
    /// With a purchase that [`resubscribes`](Purchase::resubscribes) another one, its
    /// [`account_id`](Purchase::account_id) and [`profile_id`](Purchase::profile_id) are sent along:
    /// Google attaches them for good, and otherwise no later answer names an account. Where Google
    /// names none, set yours first, found by the purchase that it resubscribes.
    ///
    /// ```no_run
    /// # use iap_google::{Error, GooglePlayVerifier, PlayClient};
    /// # use iap_core::{Proof, Verifier};
    /// # async fn example(client: PlayClient, token: &str) -> Result<(), Error> {
    /// let verifier = GooglePlayVerifier::new(client.clone());
    /// let purchase = verifier.verify(&Proof::google_product("com.example.app", token)).await?;
    /// // … store it, deliver it, and then:
    /// client.acknowledge_if_needed(&purchase).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send); [`Refused`](ErrorKind::Refused) if the purchase is not one of this app.
    pub async fn acknowledge_if_needed(&self, purchase: &Purchase) -> Result<Confirmation, Error> {
        // 1
        if purchase.acknowledgement != Acknowledgement::Pending {
            return Ok(Confirmation::NotNeeded);
        }
        let token = self.token_of(purchase)?;
        // 2
        let product_id = purchase.product_id.clone();
        let is_subscription = is_subscription(purchase);
        let result = if is_subscription {
            let request = SubscriptionPurchasesAcknowledgeRequest {
                external_account_ids: accounts_to_attach(purchase),
                ..Default::default()
            };
            let resource = self.subscriptions();
            resource
                .acknowledge(product_id, token.clone(), &request)
                .await
        } else {
            let request = ProductPurchasesAcknowledgeRequest::default();
            let resource = self.products();
            resource
                .acknowledge(product_id, token.clone(), &request)
                .await
        };
        let Err(error) = result else {
            return Ok(Confirmation::Done);
        };
        // 3
        if !may_have_happened(&error) {
            return Err(error);
        }
        let present = if is_subscription {
            self.subscription_purchase(token.clone()).await
        } else {
            self.product_purchase(token.clone()).await
        };
        match present {
            Ok(Lookup::Found(present)) if present.acknowledgement == Acknowledgement::Done => {
                Ok(confirmation_despite(&error))
            }
            _ => Err(error),
        }
    }

    /// Uses up a one-time product of a purchase, so that it can be bought again; it counts as
    /// confirmed, too. May be called again and again, and works like
    /// [`acknowledge_if_needed`](Self::acknowledge_if_needed).
    ///
    /// Whether a customer gets what was bought must not hang on the answer: two servers can both see
    /// [`Done`](Confirmation::Done) after an answer was lost. Let the database give it once for each
    /// [`key`](Purchase::key) and product, and then consume.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send); [`Refused`](ErrorKind::Refused) if the purchase is not one of this
    /// app, has no such product, or is a subscription.
    pub async fn consume_if_needed(
        &self,
        purchase: &Purchase,
        product_id: &ProductId,
    ) -> Result<Confirmation, Error> {
        let token = self.token_of(purchase)?;
        if is_subscription(purchase) {
            return Err(refused("a subscription cannot be consumed"));
        }
        let known = consumption_of(purchase, product_id)
            .ok_or_else(|| refused("the product is not part of the purchase"))?;
        // 1
        if known == Consumption::Consumed {
            return Ok(Confirmation::NotNeeded);
        }
        // 2
        let products = self.products();
        let Err(error) = products.consume(product_id.clone(), token.clone()).await else {
            return Ok(Confirmation::Done);
        };
        // 3
        if !may_have_happened(&error) {
            return Err(error);
        }
        match self.product_purchase(token.clone()).await {
            Ok(Lookup::Found(present))
                if consumption_of(&present, product_id) == Some(Consumption::Consumed) =>
            {
                Ok(confirmation_despite(&error))
            }
            _ => Err(error),
        }
    }

    /// The tokens whose place a purchase took, one after the other, the youngest first: end the
    /// access of each. None while the purchase is not paid, and none if it was given up before: then
    /// the earlier one runs on. The walk stops at a token that Google no longer knows.
    ///
    /// Each token costs a call, and a purchase keeps its link over all renewals: ask once for each
    /// new token, when its payment is seen first.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn replaced_tokens(&self, purchase: &Purchase) -> Result<Vec<PurchaseToken>, Error> {
        let mut tokens = Vec::new();
        let mut link = replaced_key(purchase);
        while let Some(PurchaseKey::GooglePurchaseToken(token)) = link.take() {
            let is_circle = tokens.contains(&token) || purchase.key.as_str() == token.as_str();
            if is_circle || tokens.len() >= LONGEST_CHAIN {
                break;
            }
            link = match self.subscription_purchase(token.clone()).await {
                Ok(lookup) => lookup.found().as_ref().and_then(replaced_key),
                Err(error) if error.rejection().is_some() => None,
                Err(error) => return Err(error),
            };
            tokens.push(token);
        }
        Ok(tokens)
    }

    /// The token of a purchase of this app.
    fn token_of<'a>(&self, purchase: &'a Purchase) -> Result<&'a PurchaseToken, Error> {
        match &purchase.key {
            PurchaseKey::GooglePurchaseToken(token)
                if purchase.store == Store::GooglePlay
                    && purchase.app_id.as_ref() == Some(&self.package_name) =>
            {
                Ok(token)
            }
            _ => Err(refused(
                "the purchase is not one of this app at Google Play",
            )),
        }
    }
}

/// The accounts that Google does not keep unless it is told them: those of a purchase that was made
/// without the app.
fn accounts_to_attach(purchase: &Purchase) -> Option<ExternalAccountIds> {
    purchase.resubscribes.as_ref()?;
    let account_id = purchase
        .account_id
        .as_ref()
        .map(|id| id.as_str().to_owned());
    let profile_id = purchase
        .profile_id
        .as_ref()
        .map(|id| id.as_str().to_owned());
    let ids = ExternalAccountIds {
        obfuscated_account_id: account_id,
        obfuscated_profile_id: profile_id,
        ..Default::default()
    };
    Some(ids).filter(|ids| *ids != ExternalAccountIds::default())
}

/// The purchase whose place this one took. One that is not paid takes no place.
fn replaced_key(purchase: &Purchase) -> Option<PurchaseKey> {
    let is_paid = purchase.state == PurchaseState::Purchased;
    purchase.replaces.clone().filter(|_| is_paid)
}

fn is_subscription(purchase: &Purchase) -> bool {
    purchase.kind == ProductKind::AutoRenewableSubscription
}

/// Whether a product of a purchase is used up; `None` if it is not part of it.
fn consumption_of(purchase: &Purchase, product_id: &ProductId) -> Option<Consumption> {
    if purchase.product_id == *product_id {
        return Some(purchase.consumption);
    }
    let mut items = purchase.additional_items.iter();
    let item = items.find(|item| item.product_id == *product_id)?;
    Some(item.consumption)
}

/// Refused because it has been done, or done without an answer that arrived or can be read.
fn may_have_happened(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Refused | ErrorKind::Unavailable | ErrorKind::InvalidResponse
    )
}

/// What came of a call that failed, after which the purchase is as it should be.
fn confirmation_despite(error: &Error) -> Confirmation {
    match error.kind() {
        ErrorKind::Refused => Confirmation::NotNeeded,
        _ => Confirmation::Done,
    }
}

fn refused(message: &'static str) -> Error {
    Error::refused(message).with_store(Store::GooglePlay)
}

/// A customer who changes plans every week for a year makes a longer one, and nobody needs it whole.
const LONGEST_CHAIN: usize = 32;
