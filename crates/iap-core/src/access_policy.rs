//! What does the caller accept: which worlds, whose purchases, how late a renewal?

use core::time::Duration;

#[cfg(doc)]
use crate::SubscriptionState;
use crate::{Environment, EnvironmentSet, Purchase, Timestamp};

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
    pub(crate) family_sharing: FamilySharing,
    renewal_leeway: Duration,
    pub(crate) recheck_interval: Duration,
    pub(crate) non_renewing_duration: Option<Duration>,
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
    /// active, in its grace period or [overdue](SubscriptionState::RenewalOverdue) after that end.
    /// Default: 48 hours.
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

    /// Whether purchases of the world that `purchase` was made in give access.
    pub(crate) fn allows_environment_of(&self, purchase: &Purchase) -> bool {
        self.environments.contains(match purchase.environment {
            Environment::Production if purchase.is_test => Environment::Sandbox,
            environment => environment,
        })
    }

    /// How long after its `end` an overdue subscription keeps access.
    pub(crate) fn end_of_leeway(&self, end: Timestamp) -> Timestamp {
        end.saturating_add(self.renewal_leeway)
    }

    /// How long to wait before the store is asked again when nothing is due: half of the time for
    /// which an answer is believed, and never so short that polling becomes a loop.
    pub(crate) fn sweep_interval(&self) -> Duration {
        let half = self.recheck_interval.checked_div(2).unwrap_or_default();
        half.max(SHORTEST_SWEEP_INTERVAL)
    }
}

impl Default for AccessPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Google's silent grace lasts at least a day and its last retries up to 48 hours, during which the
/// customer keeps access.
pub(crate) const DEFAULT_RENEWAL_LEEWAY: Duration = Duration::from_secs(48 * 60 * 60);

/// Amazon wants every active receipt looked at again within three days.
pub(crate) const DEFAULT_RECHECK_INTERVAL: Duration = Duration::from_secs(48 * 60 * 60);

/// Stores limit how often they are asked.
const SHORTEST_SWEEP_INTERVAL: Duration = Duration::from_secs(60);
