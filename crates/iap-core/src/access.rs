//! Does a purchase give access at a given time? A pure function of what the store vouched for.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    AutoRenew, Consumption, Environment, EnvironmentSet, Ownership, ProductKind, Purchase,
    PurchaseItem, PurchaseState, Revocation, Subscription, SubscriptionState, Timestamp,
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

/// What the caller accepts. The default is the strict choice: production only.
///
/// ```
/// use std::time::Duration;
/// use iap_core::{AccessPolicy, Environment};
///
/// // Production servers:
/// let policy = AccessPolicy::new();
/// // A staging server, for testers and TestFlight:
/// let staging = AccessPolicy::new().environments([Environment::Production, Environment::Sandbox]);
/// # let _ = (policy, staging);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessPolicy {
    environments: EnvironmentSet,
    family_sharing: FamilySharing,
    renewal_leeway: Duration,
    recheck_interval: Duration,
    non_renewing_duration: Option<Duration>,
}

/// Whether a product shared by a family member gives access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FamilySharing {
    /// As if the customer had bought it; what the App Store expects of apps.
    Allow,
    /// Only the buyer has access.
    Deny,
}

impl AccessPolicy {
    /// Production purchases only, family sharing allowed.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            environments: EnvironmentSet::EMPTY.with(Environment::Production),
            family_sharing: FamilySharing::Allow,
            renewal_leeway: DEFAULT_RENEWAL_LEEWAY,
            recheck_interval: DEFAULT_RECHECK_INTERVAL,
            non_renewing_duration: None,
        }
    }

    /// The environments whose purchases give access. Test purchases within production (Google
    /// licence testers, Amazon live app testing) count as [`Environment::Sandbox`] here.
    ///
    /// Data of [`Environment::Xcode`] and [`Environment::LocalTesting`] can be written by anybody;
    /// allow it in tests only.
    #[must_use]
    pub fn environments(mut self, environments: impl Into<EnvironmentSet>) -> Self {
        self.environments = environments.into();
        self
    }

    /// Whether products shared by a family member give access. Default: they do.
    #[must_use]
    pub const fn family_sharing(mut self, family_sharing: FamilySharing) -> Self {
        self.family_sharing = family_sharing;
        self
    }

    /// How long after its end a renewing subscription keeps access, if the store still called it
    /// active, or in its grace period, after that end. Default: 48 hours.
    ///
    /// Google keeps a subscription active for a day or two while it retries a charge, and Amazon
    /// reports renewals late. A snapshot from before the end never profits: ask the store again.
    #[must_use]
    pub const fn renewal_leeway(mut self, leeway: Duration) -> Self {
        self.renewal_leeway = leeway;
        self
    }

    /// How long a snapshot of a subscription without an end date is believed
    /// ([`SubscriptionState::ActiveUntilCanceled`]). Default: 48 hours.
    #[must_use]
    pub const fn recheck_interval(mut self, interval: Duration) -> Self {
        self.recheck_interval = interval;
        self
    }

    /// How long a non-renewing subscription lasts from its first purchase, where the store names no
    /// end (the App Store never does). Default: not known, so such purchases are denied.
    /// [`Catalog::with_duration`](crate::Catalog::with_duration) sets it per product.
    #[must_use]
    pub const fn non_renewing_duration(mut self, duration: Duration) -> Self {
        self.non_renewing_duration = Some(duration);
        self
    }
}

impl Default for AccessPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl Purchase {
    /// Whether the purchase gives access at `now`. Pure: no clock, no network, no store.
    ///
    /// What is not clearly paid for is denied. The first rule that applies decides:
    ///
    /// 1. another environment than the policy allows: denied; a test purchase counts as sandbox;
    /// 2. not paid yet, cancelled before payment, or in an unknown state: denied;
    /// 3. taken back by the store, whenever that was: denied;
    /// 4. replaced by another purchase: denied;
    /// 5. shared by a family member against the policy, perhaps shared against the policy, or owned
    ///    in an unknown way: denied;
    /// 6. a one-time product: granted without end, unless used up;
    /// 7. a non-renewing subscription: granted until its end, or for the policy's duration;
    /// 8. an auto-renewable subscription: the store's state first (on hold, paused, expired,
    ///    revoked and unknown deny whatever the dates say), then the clock; without an end date denied;
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
        };
        self.decide(&main, now, policy)
    }

    /// Whether one of the [`additional_items`](Self::additional_items) gives access at `now`: as
    /// [`access_at`](Self::access_at), with the item's own end, renewal and revocation. A grace
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
        };
        self.decide(&item, now, policy)
    }

    fn decide(&self, part: &Part<'_>, now: Timestamp, policy: &AccessPolicy) -> Access {
        // 1
        let environment = match self.environment {
            Environment::Production if self.is_test => Environment::Sandbox,
            environment => environment,
        };
        if !policy.environments.contains(environment) {
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
                match self.consumption {
                    Consumption::Consumed => denied(DenialReason::Consumed),
                    Consumption::NotConsumed | Consumption::NotTracked => Access::Granted {
                        until: None,
                        reason: GrantReason::Purchased,
                    },
                }
            }
            // 7
            (ProductKind::NonRenewingSubscription, _) => {
                let end = part.expires_at.or_else(|| {
                    let duration = policy.non_renewing_duration?;
                    Some(self.first_purchased_at()?.saturating_add(duration))
                });
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
            SubscriptionState::Active => (part.expires_at, GrantReason::Active),
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
            SubscriptionState::OnHold => return denied(DenialReason::OnHold),
            SubscriptionState::Paused => return denied(DenialReason::Paused),
            SubscriptionState::Revoked => return denied(DenialReason::Revoked),
            SubscriptionState::Unknown(_) => return denied(DenialReason::UnknownState),
        };
        // Only an answer given after the end proves that the store tolerates the delay.
        if part.auto_renew == AutoRenew::On
            && let Some(end) = end
            && now >= end
            && self.as_of >= end
        {
            let end = end.saturating_add(policy.renewal_leeway);
            return granted_until(Some(end), GrantReason::RenewalOverdue, now);
        }
        granted_until(end, reason, now)
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

/// Google's silent grace lasts at least a day and its last retries up to 48 hours, during which the
/// customer keeps access.
const DEFAULT_RENEWAL_LEEWAY: Duration = Duration::from_secs(48 * 60 * 60);

/// Amazon wants every active receipt looked at again within three days.
const DEFAULT_RECHECK_INTERVAL: Duration = Duration::from_secs(48 * 60 * 60);

#[cfg(test)]
mod tests;
