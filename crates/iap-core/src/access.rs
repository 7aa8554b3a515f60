//! Does a purchase give access at a given time? A pure function of what the store vouched for.

use serde::{Deserialize, Serialize};

use crate::{
    AccessPolicy, AutoRenew, Consumption, FamilySharing, Ownership, ProductId, ProductKind,
    Purchase, PurchaseItem, PurchaseState, Revocation, Subscription, SubscriptionState, Timestamp,
};

/// Whether a purchase gives access, until when, and why.
#[expect(clippy::exhaustive_enums, reason = "there is no third answer")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Access {
    /// No access.
    #[non_exhaustive]
    Denied {
        /// Why not.
        reason: DenialReason,
    },
    /// Access.
    #[non_exhaustive]
    Granted {
        /// The moment from which this decision no longer holds; `None` when it has no end.
        until: Option<Timestamp>,
        /// Why.
        reason: GrantReason,
    },
}

impl Access {
    /// Whether there is access.
    #[must_use]
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted { .. })
    }
}

/// Why a purchase gives access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantReason {
    /// A subscription within its paid period.
    Active,
    /// A subscription for which the store names no end.
    ActiveUntilCanceled,
    /// The renewal failed, and the store keeps the customer subscribed for some days.
    InGracePeriod,
    /// A one-time product that was bought and not taken back.
    Purchased,
    /// The paid period is over, yet the store still called the subscription active afterwards.
    RenewalOverdue,
}

/// Why a purchase gives no access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialReason {
    /// Given up before it was paid.
    Canceled,
    /// Used up.
    Consumed,
    /// Made in an environment that the policy does not allow, or a test purchase.
    EnvironmentNotAllowed,
    /// The paid period, the grace period or the tolerated delay is over.
    Expired,
    /// Shared by a family member, which the policy does not allow.
    FamilySharingNotAllowed,
    /// A subscription without an end date: nothing says that it was paid.
    NoExpiry,
    /// The purchase does not include the product that was asked about.
    NotIncluded,
    /// The renewal failed, and the store no longer gives access meanwhile.
    OnHold,
    /// Paused by the customer.
    Paused,
    /// Not paid yet.
    Pending,
    /// Another purchase took its place.
    Replaced,
    /// Refunded or taken back.
    Revoked,
    /// The store sent a way of owning that this version does not know, or none at all where the
    /// policy does not allow family sharing.
    UnknownOwnership,
    /// The store sent a kind of product that this version does not know.
    UnknownProductKind,
    /// The store sent a state that this version does not know, or none at all.
    UnknownState,
}

impl Purchase {
    /// Whether the purchase gives access to its [`product_id`](Self::product_id) at `now`. Pure: no
    /// clock, no network, no store.
    ///
    /// A purchase may include [other products](Self::additional_items), each with an end of its own:
    /// ask about a product with [`access_to`](Self::access_to), or about all with a
    /// [`Catalog`](crate::Catalog).
    ///
    /// What is not clearly paid for is denied. The first rule that applies decides:
    ///
    /// 1. another environment than the policy allows: denied; a test purchase counts as sandbox;
    /// 2. not paid yet, cancelled before payment, or in an unknown state: denied;
    /// 3. taken back by the store, whenever that was: denied;
    /// 4. replaced by another purchase: denied;
    /// 5. shared by a family member against the policy, perhaps shared against the policy, or owned
    ///    in an unknown way: denied;
    /// 6. a one-time product: granted, unless used up; without end, unless the store named one;
    /// 7. a non-renewing subscription: granted until its end, or for the policy's duration;
    /// 8. an auto-renewable subscription: the store's state first (not started, on hold, paused,
    ///    expired, revoked and unknown deny whatever the dates say), then the clock; without an end
    ///    date denied; beyond the end only as [`AccessPolicy::renewal_leeway`] says. A snapshot from before the end
    ///    gives nothing after it: [ask the store](Self::next_check_at) before you take access away;
    /// 9. an unknown kind of product: denied.
    ///
    /// ```
    /// use iap_core::{
    ///     AccessPolicy, Environment, ProductKind, Purchase, PurchaseKey, Store, Subscription,
    ///     SubscriptionState, Timestamp,
    /// };
    ///
    /// let bought: Timestamp = "2026-11-01T00:00:00Z".parse()?;
    /// let mut purchase = Purchase::new(
    ///     Store::AppStore,
    ///     Environment::Production,
    ///     PurchaseKey::apple("2000000001"),
    ///     "pro.monthly".into(),
    ///     ProductKind::AutoRenewableSubscription,
    ///     bought,
    /// );
    /// purchase.expires_at = Some("2026-12-01T00:00:00Z".parse()?);
    /// purchase.subscription = Some(Subscription::new(SubscriptionState::Active));
    ///
    /// let policy = AccessPolicy::new();
    /// assert!(purchase.access_at("2026-11-30T23:59:59Z".parse()?, &policy).is_granted());
    /// assert!(!purchase.access_at("2026-12-01T00:00:00Z".parse()?, &policy).is_granted());
    /// # Ok::<(), iap_core::ParseTimestampError>(())
    /// ```
    #[must_use]
    pub fn access_at(&self, now: Timestamp, policy: &AccessPolicy) -> Access {
        let main = Part {
            expires_at: self.expires_at,
            auto_renew: self
                .subscription
                .as_ref()
                .map_or(AutoRenew::Unknown, |subscription| subscription.auto_renew),
            revocation: self.revocation.as_ref(),
            consumption: self.consumption,
        };
        self.decide(&main, now, policy)
    }

    /// Whether the purchase gives access to `product_id` at `now`: by the rules of
    /// [`access_at`](Self::access_at), with the end, renewal, revocation and consumption of that product.
    /// What the purchase does not include is denied.
    ///
    /// ```
    /// use iap_core::{
    ///     AccessPolicy, Environment, ProductKind, Purchase, PurchaseItem, PurchaseKey, Store, Subscription,
    ///     SubscriptionState, Timestamp,
    /// };
    ///
    /// let now: Timestamp = "2026-11-21T00:00:00Z".parse()?;
    /// let key = PurchaseKey::google("token");
    /// # let (store, environment) = (Store::GooglePlay, Environment::Production);
    /// let kind = ProductKind::AutoRenewableSubscription;
    /// let mut purchase = Purchase::new(store, environment, key, "basic".into(), kind, now);
    /// purchase.expires_at = Some("2026-12-01T00:00:00Z".parse()?);
    /// purchase.subscription = Some(Subscription::new(SubscriptionState::Active));
    /// purchase.additional_items = vec![PurchaseItem::new("pro".into())]; // from December on, not paid yet
    ///
    /// let policy = AccessPolicy::new();
    /// assert!(purchase.access_to(&"basic".into(), now, &policy).is_granted());
    /// assert!(!purchase.access_to(&"pro".into(), now, &policy).is_granted());
    /// assert!(!purchase.access_to(&"max".into(), now, &policy).is_granted());
    /// # Ok::<(), iap_core::ParseTimestampError>(())
    /// ```
    #[must_use]
    pub fn access_to(
        &self,
        product_id: &ProductId,
        now: Timestamp,
        policy: &AccessPolicy,
    ) -> Access {
        let main = (self.product_id == *product_id).then(|| self.access_at(now, policy));
        let items = self.additional_items.iter();
        let items = items.filter(|item| item.product_id == *product_id);
        let mut answers = main
            .into_iter()
            .chain(items.map(|item| self.item_access_at(item, now, policy)));
        // A product may be there twice, one of them over.
        match answers.next() {
            Some(access) if access.is_granted() => access,
            Some(denial) => answers.find(|it| it.is_granted()).unwrap_or(denial),
            None => denied(DenialReason::NotIncluded),
        }
    }

    /// Whether one of the [`additional_items`](Self::additional_items) gives access at `now`: as
    /// [`access_at`](Self::access_at), with the item's own end, renewal, revocation and consumption. A grace
    /// period prolongs only what ended together with the main product.
    #[must_use]
    pub fn item_access_at(
        &self,
        item: &PurchaseItem,
        now: Timestamp,
        policy: &AccessPolicy,
    ) -> Access {
        let item = Part {
            expires_at: item.expires_at,
            auto_renew: item.auto_renew,
            revocation: item.revocation.as_ref().or(self.revocation.as_ref()),
            consumption: item.consumption,
        };
        self.decide(&item, now, policy)
    }

    fn decide(&self, part: &Part<'_>, now: Timestamp, policy: &AccessPolicy) -> Access {
        // 1
        if !policy.allows_environment_of(self) {
            return denied(DenialReason::EnvironmentNotAllowed);
        }
        // 2
        match &self.state {
            PurchaseState::Purchased => {}
            PurchaseState::Pending => return denied(DenialReason::Pending),
            PurchaseState::Canceled => return denied(DenialReason::Canceled),
            PurchaseState::Unknown(_) => return denied(DenialReason::UnknownState),
        }
        // 3
        if part.revocation.is_some() {
            return denied(DenialReason::Revoked);
        }
        // 4
        if self.is_replaced {
            return denied(DenialReason::Replaced);
        }
        // 5
        match (&self.ownership, policy.family_sharing) {
            (Ownership::Purchased, _)
            | (Ownership::FamilyShared | Ownership::NotStated, FamilySharing::Allow) => {}
            (Ownership::FamilyShared, FamilySharing::Deny) => {
                return denied(DenialReason::FamilySharingNotAllowed);
            }
            (Ownership::NotStated, FamilySharing::Deny) | (Ownership::Unknown(_), _) => {
                return denied(DenialReason::UnknownOwnership);
            }
        }
        match (&self.kind, &self.subscription) {
            // 6
            (ProductKind::Consumable | ProductKind::NonConsumable | ProductKind::OneTime, _) => {
                match part.consumption {
                    Consumption::Consumed => denied(DenialReason::Consumed),
                    Consumption::NotConsumed | Consumption::NotTracked => match part.expires_at {
                        None => Access::Granted {
                            until: None,
                            reason: GrantReason::Purchased,
                        },
                        end => granted_until(end, GrantReason::Purchased, now),
                    },
                }
            }
            // 7
            (ProductKind::NonRenewingSubscription, _) => {
                let end = part.expires_at.or_else(|| self.end_by_policy(policy));
                granted_until(end, GrantReason::Active, now)
            }
            // 8
            (ProductKind::AutoRenewableSubscription, Some(subscription)) => {
                self.decide_subscription(subscription, part, now, policy)
            }
            (ProductKind::AutoRenewableSubscription, None) => denied(DenialReason::UnknownState),
            // 9
            (ProductKind::Unknown(_), _) => denied(DenialReason::UnknownProductKind),
        }
    }

    fn decide_subscription(
        &self,
        subscription: &Subscription,
        part: &Part<'_>,
        now: Timestamp,
        policy: &AccessPolicy,
    ) -> Access {
        let (end, reason) = match &subscription.state {
            SubscriptionState::Active | SubscriptionState::RenewalOverdue => {
                (part.expires_at, GrantReason::Active)
            }
            SubscriptionState::InGracePeriod => {
                let grace_end = subscription
                    .grace_expires_at
                    .filter(|_| part.expires_at == self.expires_at);
                // Never shorter than what was paid; and without an end date nothing was.
                let end = part
                    .expires_at
                    .map(|end| grace_end.map_or(end, |it| it.max(end)));
                (end, GrantReason::InGracePeriod)
            }
            SubscriptionState::ActiveUntilCanceled => {
                let end = self.as_of.saturating_add(policy.recheck_interval);
                return granted_until(Some(end), GrantReason::ActiveUntilCanceled, now);
            }
            SubscriptionState::Expired => return denied(DenialReason::Expired),
            SubscriptionState::NotStarted => return denied(DenialReason::Pending),
            SubscriptionState::OnHold => return denied(DenialReason::OnHold),
            SubscriptionState::Paused => return denied(DenialReason::Paused),
            SubscriptionState::Revoked => return denied(DenialReason::Revoked),
            SubscriptionState::Unknown(_) => return denied(DenialReason::UnknownState),
        };
        // Only an answer given after the end proves that the store tolerates the delay.
        let is_overdue = subscription.state == SubscriptionState::RenewalOverdue
            && part.expires_at == self.expires_at;
        if (part.auto_renew == AutoRenew::On || is_overdue)
            && let Some(end) = end
            && now >= end
            && self.as_of >= end
        {
            return granted_until(
                Some(policy.end_of_leeway(end)),
                GrantReason::RenewalOverdue,
                now,
            );
        }
        granted_until(end, reason, now)
    }

    /// When a non-renewing subscription ends of which the store names no end.
    pub(crate) fn end_by_policy(&self, policy: &AccessPolicy) -> Option<Timestamp> {
        let duration = policy.non_renewing_duration?;
        Some(self.first_purchased_at()?.saturating_add(duration))
    }

    /// When the purchase was made: restoring it later does not make it younger. Dates before 1970
    /// are placeholders.
    fn first_purchased_at(&self) -> Option<Timestamp> {
        let dates = [self.originally_purchased_at, self.purchased_at];
        let real = |date: &Timestamp| *date > Timestamp::UNIX_EPOCH;
        dates.into_iter().flatten().filter(real).min()
    }
}

/// What differs between the main product of a purchase and its additional items.
struct Part<'a> {
    expires_at: Option<Timestamp>,
    auto_renew: AutoRenew,
    revocation: Option<&'a Revocation>,
    consumption: Consumption,
}

const fn denied(reason: DenialReason) -> Access {
    Access::Denied { reason }
}

fn granted_until(end: Option<Timestamp>, reason: GrantReason, now: Timestamp) -> Access {
    match end {
        None => denied(DenialReason::NoExpiry),
        Some(end) if now < end => Access::Granted {
            until: Some(end),
            reason,
        },
        Some(_) => denied(DenialReason::Expired),
    }
}

#[cfg(test)]
mod tests;
