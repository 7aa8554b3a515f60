//! What does an answer of Amazon say in the words that all stores share?

#[cfg(feature = "billing-compatibility")]
mod billing_compatibility;

use iap_core::{
    Acknowledgement, AutoRenew, Environment, ExpirationReason, Offer, OfferKind, OfferPayment,
    ProductId, ProductKind, Purchase, PurchaseKey, RefundScope, Revocation, RevocationReason,
    Store, Subscription, SubscriptionState, Timestamp,
};

use crate::{
    answer::Answer,
    model::{
        CancelReason, FulfillmentResult, ProductType, Promotion, PromotionStatus, PromotionType,
        Receipt,
    },
};

impl Answer<Receipt> {
    /// The purchase that the answer vouches for, as of when it came.
    ///
    /// That Amazon answers proves that the purchase was made, not that it gives access: Amazon answers
    /// for ended ones too. Ask [`Purchase::access_at`].
    #[must_use]
    pub fn to_purchase(&self) -> Purchase {
        let mut purchase = purchase(
            self.environment(),
            PurchaseKey::amazon(self.receipt_id.clone()),
            self.product_id.clone(),
            &self.product_type,
            self.received_at(),
        );
        purchase.user_id = self.user_id().cloned();
        purchase.originally_purchased_at = Some(self.purchase_date);
        purchase.quantity = quantity(self.quantity);
        purchase.is_test |= self.test_transaction == Some(true) || self.beta_product == Some(true);
        purchase.acknowledgement =
            acknowledgement(self.is_quick_subscribe(), self.fulfillment_result.as_ref());
        if purchase.kind != ProductKind::AutoRenewableSubscription {
            purchase.purchased_at = Some(self.purchase_date);
            cancel(&mut purchase, self.cancel_date, self.cancel_reason);
            return purchase;
        }
        let base_receipts = self.base_receipts.iter().cloned();
        purchase.add_on_to = base_receipts.map(PurchaseKey::amazon).collect();
        let mut subscription = Terms {
            cancel_date: self.cancel_date,
            grace_period_end_date: self.grace_period_end_date,
            free_trial_end_date: self.free_trial_end_date,
            due: self.renewal_date.map_or(Due::NotTold, Due::Renewal),
            renewal_date: self.renewal_date,
            auto_renewing: self.auto_renewing,
            promotions: &self.promotions,
        }
        .apply_to(&mut purchase);
        subscription.expiration_reason = self.cancel_reason.map(expiration_reason);
        purchase.is_replaced = self.cancel_reason == Some(CancelReason::Replaced)
            && subscription.state == SubscriptionState::Expired;
        subscription.plan_id = self.term_sku.clone();
        subscription.started_at = Some(self.purchase_date);
        subscription.next_product_id = self.deferred_sku.clone();
        subscription.next_product_at = self.deferred_date;
        purchase.subscription = Some(subscription);
        purchase
    }
}

/// A purchase with what every answer says.
fn purchase(
    environment: Environment,
    key: PurchaseKey,
    product_id: ProductId,
    product_type: &ProductType,
    as_of: Timestamp,
) -> Purchase {
    let kind = match product_type {
        ProductType::Consumable => ProductKind::Consumable,
        ProductType::Entitled => ProductKind::NonConsumable,
        ProductType::Subscription => ProductKind::AutoRenewableSubscription,
        ProductType::Unknown(unknown) => ProductKind::Unknown(unknown.clone()),
    };
    Purchase::new(
        Store::AmazonAppstore,
        environment,
        key,
        product_id,
        kind,
        as_of,
    )
}

/// Ends a one-time purchase at its cancel date, which may lie ahead.
fn cancel(
    purchase: &mut Purchase,
    cancel_date: Option<Timestamp>,
    cancel_reason: Option<CancelReason>,
) {
    match cancel_date {
        Some(date) if purchase.as_of >= date => {
            let reason = match cancel_reason {
                Some(CancelReason::Customer | CancelReason::System) => RevocationReason::Canceled,
                Some(CancelReason::NotKnownYet) | None => RevocationReason::Refunded,
                Some(other) => RevocationReason::Unknown(other.to_string()),
            };
            let revocation = Revocation::new(Some(date), reason, RefundScope::Unspecified);
            purchase.revocation = Some(revocation);
        }
        ahead => purchase.expires_at = ahead,
    }
}

/// What decides where a subscription is in its life.
struct Terms<'a> {
    cancel_date: Option<Timestamp>,
    grace_period_end_date: Option<Timestamp>,
    free_trial_end_date: Option<Timestamp>,
    due: Due,
    renewal_date: Option<Timestamp>,
    auto_renewing: Option<bool>,
    promotions: &'a [Promotion],
}

/// What is due when the paid period is over, and when.
#[derive(Clone, Copy)]
enum Due {
    /// The end, unless it renews.
    #[cfg(feature = "billing-compatibility")]
    End(Timestamp),
    /// Amazon will say when it is over: auto-renewal is off.
    NotTold,
    /// A renewal. Until Amazon says otherwise the subscription runs on, however late it is.
    Renewal(Timestamp),
}

impl Due {
    const fn date(self) -> Option<Timestamp> {
        match self {
            #[cfg(feature = "billing-compatibility")]
            Self::End(date) => Some(date),
            Self::Renewal(date) => Some(date),
            Self::NotTold => None,
        }
    }
}

impl Terms<'_> {
    /// The subscription at the time of the answer; the end of its paid period goes into `purchase`.
    fn apply_to(&self, purchase: &mut Purchase) -> Subscription {
        let as_of = purchase.as_of;
        let is_ahead = |end: &Timestamp| as_of < *end;
        let grace_end = self.grace_period_end_date.filter(is_ahead);
        let trial_end = self.free_trial_end_date.filter(is_ahead);

        let (state, expires_at) = self.state(as_of, grace_end, trial_end);
        purchase.expires_at = expires_at;
        let mut subscription = Subscription::new(state);
        subscription.auto_renew = auto_renew(self.auto_renewing, self.cancel_date);
        subscription.renews_at = self
            .renewal_date
            .filter(|_| subscription.auto_renew != AutoRenew::Off);
        subscription.grace_expires_at = grace_end.filter(|_| self.cancel_date.is_none());
        subscription.offer = match trial_end {
            Some(_) => {
                let mut trial = Offer::new(OfferKind::Introductory);
                trial.payment = Some(OfferPayment::FreeTrial);
                Some(trial)
            }
            None => self.promotions.iter().find_map(offer),
        };
        subscription
    }

    /// The state at `as_of`, and the end of the paid period. The first rule that applies decides:
    ///
    /// 1. canceled or ended: over from that date on, which may lie ahead;
    /// 2. within the grace period after a failed payment;
    /// 3. within the free trial;
    /// 4. no renewal is planned: it runs until Amazon says otherwise;
    /// 5. paid until the next renewal, or the end;
    /// 6. the renewal is overdue: Amazon still calls the subscription valid.
    fn state(
        &self,
        as_of: Timestamp,
        grace_end: Option<Timestamp>,
        trial_end: Option<Timestamp>,
    ) -> (SubscriptionState, Option<Timestamp>) {
        // 1
        if let Some(end) = self.cancel_date {
            let state = if as_of < end {
                SubscriptionState::Active
            } else {
                SubscriptionState::Expired
            };
            return (state, Some(end));
        }
        let paid_until = self.due.date().max(trial_end);
        // 2
        if grace_end.is_some() {
            return (SubscriptionState::InGracePeriod, paid_until.or(grace_end));
        }
        // 3
        if trial_end.is_some() {
            return (SubscriptionState::Active, paid_until);
        }
        let state = match self.due {
            // 4
            Due::NotTold => SubscriptionState::ActiveUntilCanceled,
            // 5
            Due::Renewal(date) if as_of < date => SubscriptionState::Active,
            #[cfg(feature = "billing-compatibility")]
            Due::End(date) if as_of < date => SubscriptionState::Active,
            #[cfg(feature = "billing-compatibility")]
            Due::End(_) if self.auto_renewing != Some(true) => SubscriptionState::Expired,
            // 6
            _ => SubscriptionState::RenewalOverdue,
        };
        (state, paid_until)
    }
}

/// Whether it renews. Amazon goes on saying so of a canceled subscription.
const fn auto_renew(auto_renewing: Option<bool>, cancel_date: Option<Timestamp>) -> AutoRenew {
    match (cancel_date, auto_renewing) {
        (Some(_), _) | (None, Some(false)) => AutoRenew::Off,
        (None, Some(true)) => AutoRenew::On,
        (None, None) => AutoRenew::Unknown,
    }
}

/// The offer under which the present period was bought, if this is one that applies now.
fn offer(promotion: &Promotion) -> Option<Offer> {
    if promotion.promotion_status != Some(PromotionStatus::InProgress) {
        return None;
    }
    Some(Offer::new(match promotion.promotion_type.as_ref()? {
        PromotionType::IntroductoryPriceAllCustomers => OfferKind::Introductory,
        PromotionType::PromotionalPriceLapsedCustomers => OfferKind::WinBack,
        PromotionType::RetentionOffer => OfferKind::Promotional,
        PromotionType::Unknown(unknown) => OfferKind::Unknown(unknown.clone()),
    }))
}

fn expiration_reason(reason: CancelReason) -> ExpirationReason {
    match reason {
        CancelReason::NotKnownYet => ExpirationReason::NotKnownYet,
        CancelReason::Customer => ExpirationReason::CustomerCanceled,
        // A payment that was not repaired, or customer service: Amazon does not say which.
        CancelReason::System => ExpirationReason::DeveloperCanceled,
        CancelReason::Replaced => ExpirationReason::Replaced,
        CancelReason::Internal | CancelReason::Unknown(_) => {
            ExpirationReason::Unknown(reason.to_string())
        }
    }
}

/// Amazon waits for a confirmation of Quick Subscribe purchases only. Any other report than
/// "fulfilled" has canceled the purchase already.
fn acknowledgement(
    is_quick_subscribe: bool,
    result: Option<&FulfillmentResult>,
) -> Acknowledgement {
    match result {
        Some(FulfillmentResult::Fulfilled) => Acknowledgement::Done,
        None | Some(FulfillmentResult::Unknown(_)) if is_quick_subscribe => {
            Acknowledgement::Pending
        }
        _ => Acknowledgement::NotRequired,
    }
}

fn quantity(quantity: Option<i64>) -> u32 {
    let quantity = quantity.and_then(|quantity| u32::try_from(quantity).ok());
    quantity.filter(|quantity| *quantity > 0).unwrap_or(1)
}

#[cfg(test)]
mod tests;
