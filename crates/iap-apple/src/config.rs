//! What a verifier accepts: which apps, which environments, whose certificates, how old data may be.

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{AppId, Clock, Environment, EnvironmentSet, Error, Store, SystemClock};

use crate::{
    jws::ChainVerifier,
    signed_data::{Limits, SignedDataVerifier},
    trust_anchor::{AnchorKey, TrustAnchor},
};

/// An app whose purchases are accepted.
///
/// ```
/// use iap_apple::App;
///
/// let released = App::new("com.example.app", 1_234_567_890);
/// let in_development = App::unreleased("com.example.next");
/// # let _ = (released, in_development);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    bundle_id: AppId,
    app_apple_id: Option<u64>,
}

impl App {
    /// An app by its bundle id and its Apple id: the number in its App Store address, which App
    /// Store Connect shows as "Apple ID" under App Information.
    #[must_use]
    pub fn new(bundle_id: impl Into<AppId>, app_apple_id: u64) -> Self {
        Self {
            bundle_id: bundle_id.into(),
            // Apple writes 0 where there is no id; it must not match.
            app_apple_id: Some(app_apple_id).filter(|id| *id != 0),
        }
    }

    /// An app without an Apple id, accepted outside production only.
    #[must_use]
    pub fn unreleased(bundle_id: impl Into<AppId>) -> Self {
        Self {
            bundle_id: bundle_id.into(),
            app_apple_id: None,
        }
    }

    /// The bundle id.
    #[must_use]
    pub const fn bundle_id(&self) -> &AppId {
        &self.bundle_id
    }

    /// The Apple id, if the app has one.
    #[must_use]
    pub const fn app_apple_id(&self) -> Option<u64> {
        self.app_apple_id
    }
}

/// The apps that a verifier accepts.
#[derive(Clone, Debug)]
pub(crate) enum AcceptedApps {
    /// Any bundle id; the Apple id is checked if one is given.
    Any { app_apple_id: Option<u64> },
    /// These and no other.
    Only {
        apps: Vec<Arc<App>>,
        app_apple_id: AppAppleIdCheck,
    },
}

/// Whether production data must carry the Apple id of its app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppAppleIdCheck {
    /// It must: what everybody should want.
    Required,
    /// It is compared only where both sides have one.
    WherePresent,
}

/// Builds a [`SignedDataVerifier`]. Made by [`SignedDataVerifier::builder`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct SignedDataVerifierBuilder {
    apps: Vec<Arc<App>>,
    environments: EnvironmentSet,
    anchors: Option<Vec<TrustAnchor>>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    remembered_chains: usize,
    any_app: Option<AcceptedApps>,
    app_apple_id: AppAppleIdCheck,
}

impl SignedDataVerifierBuilder {
    pub(crate) fn new() -> Self {
        Self {
            apps: Vec::new(),
            environments: EnvironmentSet::EMPTY,
            anchors: None,
            clock: Arc::new(SystemClock),
            limits: Limits {
                max_age: None,
                future_tolerance: DEFAULT_FUTURE_TOLERANCE,
            },
            remembered_chains: DEFAULT_REMEMBERED_CHAINS,
            any_app: None,
            app_apple_id: AppAppleIdCheck::Required,
        }
    }

    /// Accepts data of `app`. May be called for several apps.
    pub fn app(mut self, app: App) -> Self {
        self.apps.push(Arc::new(app));
        self
    }

    /// Accepts data made in `environment`. May be called for several; there is no default.
    ///
    /// Data of TestFlight and of App Review is sandbox data. Data of [`Environment::Xcode`] and
    /// [`Environment::LocalTesting`] carries no signature of Apple: a verifier accepts either such
    /// data or real data, never both.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environments = self.environments.with(environment);
        self
    }

    /// Trusts these anchors **instead of** Apple's built-in one: for tests with certificates of
    /// your own.
    pub fn trust_anchors(mut self, anchors: impl IntoIterator<Item = TrustAnchor>) -> Self {
        self.anchors = Some(anchors.into_iter().collect());
        self
    }

    /// Refuses data that was signed longer than `max_age` ago. Default: no limit.
    ///
    /// For fresh data only, such as notifications (Apple delivers those up to three days late) or
    /// what an app just sent; stored transactions and a restored purchase may be years old.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.limits.max_age = Some(max_age);
        self
    }

    /// Accepts data signed up to `tolerance` in the future, since clocks differ. Default: 5 minutes.
    pub fn future_tolerance(mut self, tolerance: Duration) -> Self {
        self.limits.future_tolerance = tolerance;
        self
    }

    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Remembers up to `count` verified certificate chains. Default: 32. With 0 each JWS pays for
    /// its certificates anew, about seven times the cost; no verdict depends on it.
    pub fn remembered_chains(mut self, count: usize) -> Self {
        self.remembered_chains = count;
        self
    }

    /// Choices that give up a check. For tools, not for servers that grant access.
    pub fn dangerous(self) -> DangerousOptions {
        DangerousOptions { builder: self }
    }

    /// Builds the verifier.
    ///
    /// # Errors
    ///
    /// [`ConfigurationError`] if there is no app or environment, if an app lacks the Apple id that
    /// production needs, or if real and local environments are mixed.
    pub fn build(self) -> Result<SignedDataVerifier, ConfigurationError> {
        let apps = match self.any_app {
            Some(_) if !self.apps.is_empty() => return Err(ConfigurationError::AnyAppAndApps),
            Some(any_app) => any_app,
            None if self.apps.is_empty() => return Err(ConfigurationError::NoApps),
            None => AcceptedApps::Only {
                apps: self.apps,
                app_apple_id: self.app_apple_id,
            },
        };
        if self.environments.is_empty() {
            return Err(ConfigurationError::NoEnvironments);
        }
        let local = self.environments.iter().filter(|it| it.is_local()).count();
        if local > 0 && local < self.environments.iter().count() {
            return Err(ConfigurationError::MixedEnvironments);
        }
        if self.environments.contains(Environment::Production)
            && let AcceptedApps::Only {
                apps,
                app_apple_id: AppAppleIdCheck::Required,
            } = &apps
            && let Some(app) = apps.iter().find(|app| app.app_apple_id.is_none())
        {
            return Err(ConfigurationError::NoAppAppleId {
                bundle_id: app.bundle_id.to_string(),
            });
        }
        let anchors = self
            .anchors
            .unwrap_or_else(|| vec![TrustAnchor::apple_root_ca_g3()]);
        if anchors.is_empty() {
            return Err(ConfigurationError::NoTrustAnchors);
        }
        if anchors.iter().any(|anchor| anchor.key() == AnchorKey::Rsa) {
            return Err(ConfigurationError::TrustAnchor {
                reason:
                    "its key is an RSA key, but the App Store signs this data with EC keys only; \
                         the root is Apple Root CA - G3, which is built in"
                        .to_owned(),
            });
        }
        let chains = ChainVerifier::new(anchors, self.remembered_chains);
        Ok(SignedDataVerifier::new(
            (local == 0).then_some(chains),
            apps,
            self.environments,
            self.limits,
            self.clock,
        ))
    }
}

impl fmt::Debug for SignedDataVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedDataVerifierBuilder")
            .field("apps", &self.apps)
            .field("environments", &self.environments)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Choices that give up a check; see [`SignedDataVerifierBuilder::dangerous`].
#[derive(Debug)]
#[must_use = "choose one of the options"]
pub struct DangerousOptions {
    builder: SignedDataVerifierBuilder,
}

impl DangerousOptions {
    /// Accepts data of **any app** of any developer. With an Apple id, data that carries one must
    /// carry this; transactions and renewal infos carry none.
    ///
    /// Everybody can buy something in an app of their own and get it signed by Apple.
    pub fn accept_any_app(mut self, app_apple_id: Option<u64>) -> SignedDataVerifierBuilder {
        self.builder.any_app = Some(AcceptedApps::Any { app_apple_id });
        self.builder
    }

    /// Does not insist on the Apple id in production data; it is still compared where both the
    /// data and the [`App`] have one.
    pub fn skip_missing_app_apple_id(mut self) -> SignedDataVerifierBuilder {
        self.builder.app_apple_id = AppAppleIdCheck::WherePresent;
        self.builder
    }
}

/// What is wrong with the set-up of a verifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// Any app is accepted, and some are named.
    #[error("any app is accepted, so none can be named: leave out .app(…) or accept_any_app")]
    AnyAppAndApps,
    /// Local environments, whose data nobody signs, were accepted next to real ones.
    #[error(
        "xcode and local_testing data is not signed by Apple and can be written by anybody: build a \
         separate verifier for it, for tests only"
    )]
    MixedEnvironments,
    /// Production needs the app's Apple id, and this app has none.
    #[error(
        "app {bundle_id} has no Apple id, which production data is checked against: find it in App \
         Store Connect under App Information, and use App::new"
    )]
    NoAppAppleId {
        /// The app.
        bundle_id: String,
    },
    /// No app is accepted.
    #[error("no app is accepted: add one with .app(App::new(bundle_id, app_apple_id))")]
    NoApps,
    /// No environment is accepted.
    #[error("no environment is accepted: add one with .environment(Environment::Production)")]
    NoEnvironments,
    /// The list of trust anchors is empty.
    #[error("no certificate is trusted: give at least one anchor, or leave Apple's built-in one")]
    NoTrustAnchors,
    /// A trust anchor cannot be used.
    #[error("the root certificate cannot be used: {reason}")]
    TrustAnchor {
        /// What is wrong with it.
        reason: String,
    },
    /// A receipt verifier was to accept an environment whose receipts Apple does not sign.
    #[error(
        "receipts of xcode and local_testing are not signed by Apple and can be written by anybody: \
         no verifier accepts them"
    )]
    UnsignedReceipts,
}

impl From<ConfigurationError> for Error {
    fn from(error: ConfigurationError) -> Self {
        Self::misconfigured("the verifier cannot be built")
            .with_store(Store::AppStore)
            .with_source(error)
    }
}

/// Clocks that follow the time at all differ by seconds; five minutes forgive a bad one, and are
/// too short to prepare data for later.
pub(crate) const DEFAULT_FUTURE_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Apple signs with one leaf certificate at a time and replaces it about once a year; stored data
/// brings some older ones.
const DEFAULT_REMEMBERED_CHAINS: usize = 32;
