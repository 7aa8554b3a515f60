//! Which snapshot of a purchase to store, and what to keep of the one that was stored.

use crate::{AutoRenew, Purchase, Timestamp};

impl Purchase {
    /// Whether this snapshot should replace `stored` in a database.
    ///
    /// It must be of the same purchase: same store, environment and [`key`](Self::key). Of two
    /// periods of one subscription the later one counts, whichever was seen last: Apple may refund
    /// an earlier period long after. Of two snapshots of one period, the one that the store vouched
    /// for last; of two of the same millisecond, the stored one stays.
    ///
    /// ```
    /// # use iap_core::{Environment, ProductKind, Purchase, PurchaseKey, Store, Timestamp};
    /// # fn snapshot(purchased_at: i64, as_of: i64) -> Purchase {
    /// #     let mut purchase = Purchase::new(Store::AppStore, Environment::Production,
    /// #         PurchaseKey::apple("1"), "pro".into(), ProductKind::AutoRenewableSubscription,
    /// #         Timestamp::from_seconds(as_of));
    /// #     purchase.purchased_at = Some(Timestamp::from_seconds(purchased_at));
    /// #     purchase
    /// # }
    /// let first_period = snapshot(100, 100);
    /// let second_period = snapshot(200, 200);
    /// let refund_of_the_first = snapshot(100, 300);
    /// assert!(second_period.supersedes(&first_period));
    /// assert!(refund_of_the_first.supersedes(&first_period));
    /// assert!(!refund_of_the_first.supersedes(&second_period));
    /// ```
    #[must_use]
    pub fn supersedes(&self, stored: &Self) -> bool {
        if !self.is_same_purchase(stored) {
            return false;
        }
        match (self.purchased_at, stored.purchased_at) {
            (Some(this), Some(other)) if this != other => this > other,
            _ => self.as_of > stored.as_of,
        }
    }

    /// Keeps what a store tells only once, or only your own code knew, and this snapshot does not
    /// say: the account with its profile, and what the purchase [`replaces`](Self::replaces) or
    /// [`resubscribes`](Self::resubscribes). Do so before it takes the place of `stored`.
    ///
    /// ```
    /// # use iap_core::Purchase;
    /// fn store(stored: &mut Purchase, mut current: Purchase) {
    ///     if current.supersedes(stored) {
    ///         current.keep_from(stored);
    ///         *stored = current;
    ///     }
    /// }
    /// ```
    ///
    /// Of another purchase nothing is kept.
    pub fn keep_from(&mut self, stored: &Self) {
        if !self.is_same_purchase(stored) {
            return;
        }
        if self.account_id.is_none() {
            self.account_id.clone_from(&stored.account_id);
            // A profile belongs to its account.
            if self.profile_id.is_none() {
                self.profile_id.clone_from(&stored.profile_id);
            }
        }
        if self.replaces.is_none() {
            self.replaces.clone_from(&stored.replaces);
        }
        if self.resubscribes.is_none() {
            self.resubscribes.clone_from(&stored.resubscribes);
        }
    }

    /// Whether both are snapshots of one purchase: same store, environment and key.
    #[must_use]
    pub fn is_same_purchase(&self, other: &Self) -> bool {
        self.store == other.store && self.environment == other.environment && self.key == other.key
    }

    /// What is left of this stored purchase after another one that is paid took its place, as that
    /// one's [`replaces`](Self::replaces) tells: the same purchase, which gives no access any more.
    ///
    /// ```
    /// # use iap_core::{AccessPolicy, Environment, ProductKind, Purchase, PurchaseKey, Store, Timestamp};
    /// # let now = Timestamp::from_seconds(100);
    /// # let stored = Purchase::new(Store::GooglePlay, Environment::Production,
    /// #     PurchaseKey::google("1"), "pro".into(), ProductKind::NonConsumable, now);
    /// let replaced = stored.replaced(Timestamp::from_seconds(200));
    /// assert!(replaced.supersedes(&stored));
    /// assert!(!replaced.access_at(replaced.as_of, &AccessPolicy::new()).is_granted());
    /// ```
    #[must_use]
    pub fn replaced(&self, as_of: Timestamp) -> Self {
        let mut replaced = self.clone();
        replaced.as_of = as_of;
        replaced.is_replaced = true;
        if let Some(subscription) = &mut replaced.subscription {
            subscription.auto_renew = AutoRenew::Off;
            subscription.renews_at = None;
            subscription.next_product_id = None;
            subscription.next_product_at = None;
        }
        replaced
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        AccessPolicy, AccountId, DenialReason, Environment, ProductKind, ProfileId, PurchaseKey,
        Store, Subscription, SubscriptionState,
    };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    fn snapshot(key: &str, as_of: i64) -> Purchase {
        Purchase::new(
            Store::GooglePlay,
            Environment::Production,
            PurchaseKey::google(key),
            "pro".into(),
            ProductKind::AutoRenewableSubscription,
            at(as_of),
        )
    }

    /// With all that is told once.
    fn stored() -> Purchase {
        let mut stored = snapshot("a", 100);
        stored.account_id = Some(AccountId::new("user-1"));
        stored.profile_id = Some(ProfileId::new("child"));
        stored.replaces = Some(PurchaseKey::google("before"));
        stored.resubscribes = Some(PurchaseKey::google("ended"));
        stored
    }

    #[test]
    fn what_a_store_tells_once_is_kept() {
        let mut current = snapshot("a", 200);
        current.keep_from(&stored());
        let mut expected = stored();
        expected.as_of = at(200);
        assert_eq!(current, expected);
    }

    #[test]
    fn what_the_store_says_now_counts_and_a_profile_goes_with_its_account() {
        let mut current = snapshot("a", 200);
        current.account_id = Some(AccountId::new("user-2"));
        current.replaces = Some(PurchaseKey::google("other"));
        current.resubscribes = Some(PurchaseKey::google("another"));
        let told = current.clone();
        current.keep_from(&stored());
        assert_eq!(current, told);
    }

    #[test]
    fn nothing_is_kept_of_another_purchase() {
        let mut sandbox = snapshot("a", 200);
        sandbox.environment = Environment::Sandbox;
        for mut other in [snapshot("b", 200), sandbox] {
            let told = other.clone();
            other.keep_from(&stored());
            assert_eq!(other, told);
        }
    }

    #[test]
    fn a_replaced_purchase_gives_no_access_and_says_why() {
        let mut stored = stored();
        stored.expires_at = Some(at(1_000));
        let mut subscription = Subscription::new(SubscriptionState::Active);
        subscription.auto_renew = AutoRenew::On;
        subscription.renews_at = Some(at(1_000));
        stored.subscription = Some(subscription);
        assert!(stored.access_at(at(200), &AccessPolicy::new()).is_granted());
        let replaced = stored.replaced(at(200));
        let reason = DenialReason::Replaced;
        let denied = crate::Access::Denied { reason };
        assert_eq!(replaced.access_at(at(200), &AccessPolicy::new()), denied);
        assert!(replaced.supersedes(&stored) && replaced.revocation.is_none());
        assert_eq!(replaced.next_check_at(at(200), &AccessPolicy::new()), None);
        assert_eq!(replaced.subscription.unwrap().renews_at, None);
    }
}
