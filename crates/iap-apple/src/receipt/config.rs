//! What a receipt verifier accepts: which apps, which environments, whose certificates, SHA-1 or not.

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{Clock, Environment, EnvironmentSet, SystemClock};

use super::{chain::Anchors, signature::Sha1Policy, verifier::ReceiptVerifier};
use crate::{
    config::{App, ConfigurationError, DEFAULT_FUTURE_TOLERANCE},
    trust_anchor::TrustAnchor,
};

/// Builds a [`ReceiptVerifier`]. Made by [`ReceiptVerifier::builder`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct ReceiptVerifierBuilder {
    apps: Vec<App>,
    environments: EnvironmentSet,
    anchors: Option<Vec<TrustAnchor>>,
    clock: Arc<dyn Clock>,
    future_tolerance: Duration,
    sha1_policy: Sha1Policy,
}

impl ReceiptVerifierBuilder {
    pub(crate) fn new() -> Self {
        Self {
            apps: Vec::new(),
            environments: EnvironmentSet::EMPTY,
            anchors: None,
            clock: Arc::new(SystemClock),
            future_tolerance: DEFAULT_FUTURE_TOLERANCE,
            sha1_policy: Sha1Policy::Refuse,
        }
    }

    /// Accepts receipts of `app`. May be called for several apps.
    ///
    /// The Apple id is compared where both the app and the receipt have one: Apple does not
    /// document that receipts do.
    pub fn app(mut self, app: App) -> Self {
        self.apps.push(app);
        self
    }

    /// Accepts receipts made in `environment`, which is [`Environment::Production`] or
    /// [`Environment::Sandbox`] (TestFlight included). May be called for both; there is no default.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environments = self.environments.with(environment);
        self
    }

    /// Accepts signatures with SHA-1, on receipts and on their certificates.
    ///
    /// Apple signed with SHA-1 until 2023, and for apps that were not updated until January 2025
    /// ([TN3138](https://developer.apple.com/documentation/technotes/tn3138-handling-app-store-receipt-signing-certificate-changes)).
    /// Receipts stored before that need this; an app that still has such a receipt can refresh it.
    ///
    /// SHA-1 does not resist collisions: whoever can make the signer sign something of their choice
    /// can prepare a second content with the same digest. Apple's signer writes the content itself,
    /// with random bytes of its own, and signs with SHA-1 no more, and for a signature that exists
    /// nobody can find a second content. So the risk is small today; it is still one that nobody
    /// should take for receipts made since 2025.
    pub fn accept_sha1(mut self) -> Self {
        self.sha1_policy = Sha1Policy::Accept;
        self
    }

    /// Trusts these anchors **instead of** Apple's built-in ones: for tests with certificates of
    /// your own.
    pub fn trust_anchors(mut self, anchors: impl IntoIterator<Item = TrustAnchor>) -> Self {
        self.anchors = Some(anchors.into_iter().collect());
        self
    }

    /// Accepts receipts made up to `tolerance` in the future, since clocks differ. Default: 5
    /// minutes.
    pub fn future_tolerance(mut self, tolerance: Duration) -> Self {
        self.future_tolerance = tolerance;
        self
    }

    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    ///
    /// [`ConfigurationError`] if there is no app, environment or anchor, or if an environment is one
    /// whose receipts Apple does not sign.
    pub fn build(self) -> Result<ReceiptVerifier, ConfigurationError> {
        if self.apps.is_empty() {
            return Err(ConfigurationError::NoApps);
        }
        if self.environments.is_empty() {
            return Err(ConfigurationError::NoEnvironments);
        }
        if self.environments.iter().any(Environment::is_local) {
            return Err(ConfigurationError::UnsignedReceipts);
        }
        let anchors = self.anchors.unwrap_or_else(|| {
            vec![
                TrustAnchor::apple_root_ca(),
                TrustAnchor::apple_root_ca_g3(),
            ]
        });
        if anchors.is_empty() {
            return Err(ConfigurationError::NoTrustAnchors);
        }
        Ok(ReceiptVerifier {
            apps: self.apps,
            environments: self.environments,
            anchors: Anchors::new(anchors),
            clock: self.clock,
            future_tolerance: self.future_tolerance,
            sha1_policy: self.sha1_policy,
        })
    }
}

impl fmt::Debug for ReceiptVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiptVerifierBuilder")
            .field("apps", &self.apps)
            .field("environments", &self.environments)
            .field("sha1_policy", &self.sha1_policy)
            .finish_non_exhaustive()
    }
}
