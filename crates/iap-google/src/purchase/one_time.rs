//! What one-time products of Google Play are in the words that all stores share.
//!
//! [Google's page](https://developer.android.com/google/play/billing/lifecycle/one-time)

use core::time::Duration;

use iap_core::{
    AccountId, Acknowledgement, AppId, Consumption, ProductId, ProductKind, ProfileId, Purchase,
    PurchaseItem, PurchaseToken, RefundScope, Revocation, RevocationReason, Timestamp,
    TransactionId,
};

use super::{
    ACKNOWLEDGEMENT_PERIOD, ACKNOWLEDGEMENT_PERIOD_OF_TESTS, MISSING, MissingMember, new_purchase,
};
use crate::model::{
    AcknowledgementState, AcknowledgementStateV1, ConsumptionState, ConsumptionStateV1,
    ProductLineItem, ProductOfferDetails, ProductPurchase, ProductPurchaseV2, PurchaseState,
    PurchaseStateV1, PurchaseType,
};

impl ProductPurchaseV2 {
    /// The purchase that Google answered with at `as_of`, when it was asked for `token`.
    ///
    /// The main product is the first one that has not been refunded; the others are
    /// [`additional_items`](Purchase::additional_items). The quantity is what has not been refunded.
    ///
    /// A rented product ends, and only the catalogue knows when: it is a
    /// [`NonRenewingSubscription`](ProductKind::NonRenewingSubscription), and so is everything bought
    /// together with it. Say how long it lasts with
    /// [`Catalog::with_duration`](iap_core::Catalog::with_duration).
    ///
    /// # Errors
    ///
    /// [`MissingMember`] if Google names no product.
    pub fn to_purchase(
        &self,
        package_name: &AppId,
        token: &PurchaseToken,
        as_of: Timestamp,
    ) -> Result<Purchase, MissingMember> {
        let items: Vec<_> = self
            .product_line_item
            .iter()
            .filter_map(Item::new)
            .collect();
        let main = items.iter().find(|item| !item.is_refunded());
        let main = main.or_else(|| items.first()).ok_or(MissingMember {
            member: "productLineItem.productId",
        })?;
        let is_rented = items
            .iter()
            .any(|item| item.is_rented() && item.consumption() != Consumption::Consumed);
        let kind = if is_rented {
            ProductKind::NonRenewingSubscription
        } else {
            ProductKind::OneTime
        };
        let product_id = main.product_id.clone();
        let mut purchase = new_purchase(package_name, token, product_id, kind, as_of);
        purchase.is_test = self.test_purchase_context.is_some();
        purchase.transaction_id = self
            .order_id
            .as_ref()
            .map(|order_id| TransactionId::new(order_id.as_str()));
        purchase.quantity = main.quantity();
        purchase.additional_items = items
            .iter()
            .filter(|item| !core::ptr::eq(*item, main))
            .map(Item::to_purchase_item)
            .collect();
        (purchase.account_id, purchase.profile_id) = attached_ids(
            self.obfuscated_external_account_id.as_deref(),
            self.obfuscated_external_profile_id.as_deref(),
        );
        purchase.purchased_at = self.purchase_completion_time;
        purchase.originally_purchased_at = self.purchase_completion_time;
        purchase.consumption = main.consumption();
        let are_all_refunded = items.iter().all(Item::is_refunded);
        (purchase.state, purchase.revocation) = self.state(are_all_refunded);
        let is_owned =
            purchase.state == iap_core::PurchaseState::Purchased && purchase.revocation.is_none();
        purchase.acknowledgement = match self.acknowledgement_state {
            Some(AcknowledgementState::Acknowledged) => Acknowledgement::Done,
            // An unknown state is taken for "not yet": to confirm once more harms nobody.
            _ if is_owned => Acknowledgement::Pending,
            _ => Acknowledgement::NotRequired,
        };
        set_deadline(&mut purchase);
        Ok(purchase)
    }

    /// The item of a product; `None` if it is not part of the purchase.
    #[must_use]
    pub fn line_item(&self, product_id: &ProductId) -> Option<&ProductLineItem> {
        let mut items = self.product_line_item.iter();
        items.find(|item| item.product_id.as_ref() == Some(product_id))
    }

    /// Google has one word for what was given up before it was paid and for what was taken back
    /// afterwards. Only the latter was ever completed.
    fn state(&self, are_all_refunded: bool) -> (iap_core::PurchaseState, Option<Revocation>) {
        use iap_core::PurchaseState as State;

        let context = self.purchase_state_context.as_ref();
        match context.and_then(|context| context.purchase_state.as_ref()) {
            Some(PurchaseState::Purchased) => (
                State::Purchased,
                are_all_refunded.then(|| refunded(RefundScope::Full)),
            ),
            Some(PurchaseState::Cancelled) if self.purchase_completion_time.is_some() => {
                let scope = match are_all_refunded {
                    true => RefundScope::Full,
                    false => RefundScope::Unspecified,
                };
                (State::Purchased, Some(refunded(scope)))
            }
            Some(PurchaseState::Cancelled) => (State::Canceled, None),
            Some(PurchaseState::Pending) => (State::Pending, None),
            Some(other) => (State::Unknown(other.to_string()), None),
            None => (State::Unknown(MISSING.to_owned()), None),
        }
    }
}

impl ProductPurchase {
    /// The purchase that Google answered with at `as_of`, when it was asked for `product_id` and
    /// `token`.
    #[must_use]
    pub fn to_purchase(
        &self,
        package_name: &AppId,
        product_id: &ProductId,
        token: &PurchaseToken,
        as_of: Timestamp,
    ) -> Purchase {
        let product_id = self.product_id.as_ref().unwrap_or(product_id).clone();
        let kind = ProductKind::OneTime;
        let mut purchase = new_purchase(package_name, token, product_id, kind, as_of);
        purchase.is_test = self.purchase_type == Some(PurchaseType::Test);
        purchase.transaction_id = self
            .order_id
            .as_ref()
            .filter(|order_id| !order_id.as_str().is_empty())
            .map(|order_id| TransactionId::new(order_id.as_str()));
        let quantity = Quantity {
            bought: self.quantity,
            refundable: self.refundable_quantity,
        };
        purchase.quantity = quantity.left();
        (purchase.account_id, purchase.profile_id) = attached_ids(
            self.obfuscated_external_account_id.as_deref(),
            self.obfuscated_external_profile_id.as_deref(),
        );
        purchase.purchased_at = self.purchase_time_millis;
        purchase.originally_purchased_at = self.purchase_time_millis;
        purchase.consumption = match self.consumption_state {
            Some(ConsumptionStateV1::Consumed) => Consumption::Consumed,
            Some(ConsumptionStateV1::YetToBeConsumed) => Consumption::NotConsumed,
            Some(_) | None => Consumption::NotTracked,
        };
        let is_acknowledged =
            self.acknowledgement_state == Some(AcknowledgementStateV1::Acknowledged);
        purchase.state = match self.purchase_state {
            Some(PurchaseStateV1::Purchased) => iap_core::PurchaseState::Purchased,
            // What was confirmed or consumed had been paid.
            Some(PurchaseStateV1::Canceled)
                if is_acknowledged || purchase.consumption == Consumption::Consumed =>
            {
                purchase.revocation = Some(refunded(RefundScope::Unspecified));
                iap_core::PurchaseState::Purchased
            }
            Some(PurchaseStateV1::Canceled) => iap_core::PurchaseState::Canceled,
            Some(PurchaseStateV1::Pending) => iap_core::PurchaseState::Pending,
            Some(other) => iap_core::PurchaseState::Unknown(other.to_string()),
            None => iap_core::PurchaseState::Unknown(MISSING.to_owned()),
        };
        if quantity.is_refunded() && purchase.state == iap_core::PurchaseState::Purchased {
            purchase.revocation = Some(refunded(RefundScope::Full));
        }
        purchase.acknowledgement = if is_acknowledged {
            Acknowledgement::Done
        } else if purchase.state == iap_core::PurchaseState::Purchased
            && purchase.revocation.is_none()
        {
            Acknowledgement::Pending
        } else {
            Acknowledgement::NotRequired
        };
        set_deadline(&mut purchase);
        purchase
    }
}

/// A line item that names its product.
struct Item<'a> {
    product_id: &'a ProductId,
    details: Option<&'a ProductOfferDetails>,
}

impl<'a> Item<'a> {
    fn new(item: &'a ProductLineItem) -> Option<Self> {
        Some(Self {
            product_id: item.product_id.as_ref()?,
            details: item.product_offer_details.as_ref(),
        })
    }

    fn counts(&self) -> Quantity {
        Quantity {
            bought: self.details.and_then(|details| details.quantity),
            refundable: self.details.and_then(|details| details.refundable_quantity),
        }
    }

    fn quantity(&self) -> u32 {
        self.counts().left()
    }

    fn is_refunded(&self) -> bool {
        self.counts().is_refunded()
    }

    fn is_rented(&self) -> bool {
        self.details
            .is_some_and(|details| details.rent_offer_details.is_some())
    }

    fn consumption(&self) -> Consumption {
        match self.details.and_then(|it| it.consumption_state.as_ref()) {
            Some(ConsumptionState::Consumed) => Consumption::Consumed,
            Some(ConsumptionState::YetToBeConsumed) => Consumption::NotConsumed,
            Some(_) | None => Consumption::NotTracked,
        }
    }

    fn to_purchase_item(&self) -> PurchaseItem {
        let mut item = PurchaseItem::new(self.product_id.clone());
        item.quantity = self.quantity();
        item.revocation = self.is_refunded().then(|| refunded(RefundScope::Full));
        item.consumption = self.consumption();
        item
    }
}

/// How many were bought, and how many of them have not been refunded. Google leaves a one out.
struct Quantity {
    bought: Option<i32>,
    refundable: Option<i32>,
}

impl Quantity {
    fn is_refunded(&self) -> bool {
        self.refundable.is_some_and(|left| left <= 0)
    }

    /// How many are left; of what was refunded altogether, how many there were.
    fn left(&self) -> u32 {
        let left = self.refundable.filter(|left| *left > 0).or(self.bought);
        left.and_then(|left| u32::try_from(left).ok())
            .filter(|left| *left > 0)
            .unwrap_or(1)
    }
}

/// Sets until when Google waits for a confirmation.
fn set_deadline(purchase: &mut Purchase) {
    if purchase.acknowledgement == Acknowledgement::Pending {
        let period: Duration = match purchase.is_test {
            true => ACKNOWLEDGEMENT_PERIOD_OF_TESTS,
            false => ACKNOWLEDGEMENT_PERIOD,
        };
        purchase.acknowledge_by = purchase.purchased_at.map(|at| at.saturating_add(period));
    }
}

/// The account and the profile that the app attached. The older form sends an empty text where there
/// is none.
fn attached_ids(
    account_id: Option<&str>,
    profile_id: Option<&str>,
) -> (Option<AccountId>, Option<ProfileId>) {
    let account_id = account_id.filter(|id| !id.is_empty()).map(AccountId::from);
    let profile_id = profile_id.filter(|id| !id.is_empty()).map(ProfileId::from);
    (account_id, profile_id)
}

/// Google does not say why, nor when.
const fn refunded(scope: RefundScope) -> Revocation {
    Revocation::new(None, RevocationReason::Refunded, scope)
}
