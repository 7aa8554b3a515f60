//! When must the store be asked about a purchase again, and what is left if it answers with nothing?

use core::time::Duration;

use crate::{
    AccessPolicy, AutoRenew, Consumption, ExpirationReason, ProductKind, Purchase, PurchaseState,
    RefundScope, Revocation, RevocationReason, Subscription, SubscriptionState, Timestamp,
};

impl Purchase {
    /// When to ask the store about the purchase again, `now` at the earliest; `None` when nothing can
    /// change any more. Pure, like [`access_at`](Self::access_at).
    ///
    /// For backends that poll, which Amazon and lost notifications make necessary: store the moment
    /// with the purchase, and ask for those whose moment has come. It is the first of:
    ///
    /// 1. the next date of the purchase that the store has not spoken about since: end, renewal, end
    ///    of the grace period or of a pause, change of product;
    /// 2. an hour after an answer that leaves open what the store itself does not know yet: a payment
    ///    is pending, a renewal is overdue (within [`AccessPolicy::renewal_leeway`]);
    /// 3. half of [`AccessPolicy::recheck_interval`] after any other answer: a refund has no date.
    ///    The other half is for the store to recover from an outage, before access ends that
    ///    depends on a fresh answer.
    ///
    /// There is nothing to ask about a purchase that was taken back, replaced, given up, used up or
    /// is over (unless the store did not know yet why, and then for 30 days), about a consumable that
    /// was paid, which is delivered once and then history, and about what the policy gives no access
    /// for in any case, such as a test purchase in production.
    ///
    /// ```
    /// # use iap_core::{AccessPolicy, Environment, ProductKind, Purchase, PurchaseKey, Store};
    /// # use iap_core::{Subscription, SubscriptionState, Timestamp};
    /// let now: Timestamp = "2026-11-21T12:00:00Z".parse()?;
    /// let renewal: Timestamp = "2026-11-21T20:00:00Z".parse()?;
    /// # let mut purchase = Purchase::new(Store::AmazonAppstore, Environment::Production,
    /// #     PurchaseKey::amazon("1"), "pro".into(), ProductKind::AutoRenewableSubscription, now);
    /// # purchase.subscription = Some(Subscription::new(SubscriptionState::Active));
    /// purchase.expires_at = Some(renewal);
    /// assert_eq!(purchase.next_check_at(now, &AccessPolicy::new()), Some(renewal));
    /// # Ok::<(), iap_core::ParseTimestampError>(())
    /// ```
    #[must_use]
    pub fn next_check_at(&self, now: Timestamp, policy: &AccessPolicy) -> Option<Timestamp> {
        // 2, 3
        let interval = self.check_interval(policy)?;
        let unasked = self.dates().filter(|date| *date > self.as_of);
        // 1
        let first = unasked.fold(self.as_of.saturating_add(interval), Timestamp::min);
        Some(first.max(now))
    }

    /// How long to wait after an answer like this one; `None` if it is the last word.
    fn check_interval(&self, policy: &AccessPolicy) -> Option<Duration> {
        if !policy.allows_environment_of(self) || self.revocation.is_some() || self.is_replaced {
            return None;
        }
        match self.state {
            PurchaseState::Purchased => {}
            PurchaseState::Canceled => return None,
            PurchaseState::Pending => return Some(UNSETTLED_INTERVAL),
            PurchaseState::Unknown(_) => return Some(policy.sweep_interval()),
        }
        let is_over = match (&self.kind, &self.subscription) {
            (ProductKind::AutoRenewableSubscription, Some(subscription)) => {
                return self.subscription_interval(subscription, policy);
            }
            (ProductKind::Consumable, _) => true,
            (ProductKind::NonConsumable | ProductKind::OneTime, _) => {
                self.consumption == Consumption::Consumed || self.had_ended()
            }
            (ProductKind::NonRenewingSubscription, _) => {
                let end = self.expires_at.or_else(|| self.end_by_policy(policy));
                end.is_some_and(|end| end <= self.as_of)
            }
            (ProductKind::AutoRenewableSubscription, None) | (ProductKind::Unknown(_), _) => false,
        };
        (!is_over).then(|| policy.sweep_interval())
    }

    fn subscription_interval(
        &self,
        subscription: &Subscription,
        policy: &AccessPolicy,
    ) -> Option<Duration> {
        let end = self.expires_at.unwrap_or(self.as_of);
        match subscription.state {
            SubscriptionState::Revoked => None,
            SubscriptionState::Expired => {
                let may_learn_why = subscription.expiration_reason
                    == Some(ExpirationReason::NotKnownYet)
                    && self.as_of < end.saturating_add(REASON_PATIENCE);
                may_learn_why.then(|| policy.sweep_interval())
            }
            SubscriptionState::RenewalOverdue | SubscriptionState::Active
                if self.had_ended()
                    && (subscription.state == SubscriptionState::RenewalOverdue
                        || subscription.auto_renew == AutoRenew::On)
                    && self.as_of < policy.end_of_leeway(end) =>
            {
                Some(UNSETTLED_INTERVAL)
            }
            _ => Some(policy.sweep_interval()),
        }
    }

    /// Whether the paid period was over when the store answered.
    fn had_ended(&self) -> bool {
        self.expires_at.is_some_and(|end| end <= self.as_of)
    }

    /// The dates on which the store may have something new to say.
    fn dates(&self) -> impl Iterator<Item = Timestamp> {
        let subscription = self.subscription.as_ref();
        let of_subscription = subscription.map(|it| {
            [
                it.grace_expires_at,
                it.renews_at,
                it.resumes_at,
                it.next_product_at,
            ]
        });
        let of_items = self.additional_items.iter().map(|item| item.expires_at);
        core::iter::once(self.expires_at)
            .chain(of_subscription.into_iter().flatten())
            .chain(of_items)
            .flatten()
    }

    /// What is left of this stored purchase after its store answered
    /// [`Rejection::NoLongerValid`](crate::Rejection::NoLongerValid) at `as_of`: the same purchase,
    /// ended. Such an answer (HTTP 410) carries no data.
    ///
    /// A subscription whose paid period was over by then has expired; anything else was taken back.
    /// What had already ended stays as it is.
    ///
    /// ```
    /// # use iap_core::{AccessPolicy, Environment, ProductKind, Purchase, PurchaseKey, Store, Timestamp};
    /// # let now = Timestamp::from_seconds(100);
    /// # let stored = Purchase::new(Store::AmazonAppstore, Environment::Production,
    /// #     PurchaseKey::amazon("1"), "pro".into(), ProductKind::NonConsumable, now);
    /// let ended = stored.no_longer_valid(Timestamp::from_seconds(200));
    /// assert!(ended.supersedes(&stored));
    /// assert!(!ended.access_at(ended.as_of, &AccessPolicy::new()).is_granted());
    /// ```
    #[must_use]
    pub fn no_longer_valid(&self, as_of: Timestamp) -> Self {
        let mut ended = self.clone();
        ended.as_of = as_of;
        if let Some(subscription) = &mut ended.subscription {
            subscription.auto_renew = AutoRenew::Off;
            subscription.renews_at = None;
            subscription.next_product_id = None;
            subscription.next_product_at = None;
            let was_over = subscription.state == SubscriptionState::Expired
                || self.expires_at.is_some_and(|end| end <= as_of);
            if self.revocation.is_none() && was_over {
                subscription.state = SubscriptionState::Expired;
                return ended;
            }
            subscription.state = SubscriptionState::Revoked;
        }
        ended.revocation = ended.revocation.or(Some(Revocation::new(
            None,
            RevocationReason::Canceled,
            RefundScope::Unspecified,
        )));
        ended
    }
}

/// Amazon's renewals have been reported up to an hour late; what has just been paid soon is there.
const UNSETTLED_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Amazon names no time within which it learns why a subscription ended; nobody waits longer.
const REASON_PATIENCE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests;
