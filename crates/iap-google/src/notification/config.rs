//! What a verifier of notifications accepts: which audiences, which service accounts, which apps.

use core::time::Duration;
use std::sync::Arc;

use iap_core::{AppId, Clock, Error, Store, SystemClock};

use super::{
    keys::GoogleKeys,
    verifier::{NotificationVerifier, Settings},
};

/// Builds a [`NotificationVerifier`]. Made by [`NotificationVerifier::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct NotificationVerifierBuilder {
    audiences: Vec<String>,
    service_accounts: Vec<String>,
    apps: Vec<AppId>,
    subscriptions: Vec<String>,
    keys: Option<GoogleKeys>,
    clock_tolerance: Duration,
    clock: Arc<dyn Clock>,
}

impl NotificationVerifierBuilder {
    pub(super) fn new() -> Self {
        Self {
            audiences: Vec::new(),
            service_accounts: Vec::new(),
            apps: Vec::new(),
            subscriptions: Vec::new(),
            keys: None,
            clock_tolerance: DEFAULT_CLOCK_TOLERANCE,
            clock: Arc::new(SystemClock),
        }
    }

    /// Accepts tokens for `audience`, as it is set on the Pub/Sub subscription; where none is set
    /// there, the URL of the endpoint as it was typed in. May be called for several. There is no
    /// default: what a request says of itself, such as its `Host` header, is not a secret.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Accepts tokens of the service account with the e-mail address `email`, which is set on the
    /// Pub/Sub subscription. May be called for several.
    ///
    /// There is no default, and no way without: any service account of any Google customer gets a
    /// token for any audience. Take one that does nothing else.
    pub fn service_account(mut self, email: impl Into<String>) -> Self {
        self.service_accounts.push(email.into());
        self
    }

    /// Accepts notifications about the app with the package name `app`. May be called for several.
    pub fn app(mut self, app: impl Into<AppId>) -> Self {
        self.apps.push(app.into());
        self
    }

    /// Accepts messages that come through the Pub/Sub subscription
    /// `projects/{project}/subscriptions/{subscription}`, and no others. May be called for several.
    /// Default: through any that uses an accepted service account.
    pub fn subscription(mut self, subscription: impl Into<String>) -> Self {
        self.subscriptions.push(subscription.into());
        self
    }

    /// Verifies tokens of these keys without asking for others: for tests, and where there is no way
    /// to Google.
    pub fn keys(mut self, keys: GoogleKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// How far Google's clock may be from ours. Default: 1 minute.
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.clock_tolerance = tolerance;
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
    /// [`ConfigurationError`] if there is no audience, service account or app, or if one of them
    /// cannot be one.
    pub fn build(self) -> Result<NotificationVerifier, ConfigurationError> {
        if self.audiences.is_empty() || self.audiences.iter().any(String::is_empty) {
            return Err(ConfigurationError::NoAudience);
        }
        if self.service_accounts.is_empty() {
            return Err(ConfigurationError::NoServiceAccount);
        }
        let is_email = |text: &str| {
            let (user, domain) = text.split_once('@').unwrap_or_default();
            !user.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace)
        };
        if let Some(text) = self.service_accounts.iter().find(|text| !is_email(text)) {
            return Err(ConfigurationError::ServiceAccount {
                found: iap_core::shorten(text),
            });
        }
        check_apps(&self.apps)?;
        let is_subscription = |text: &str| {
            let mut parts = text.split('/');
            let mut next = || parts.next().unwrap_or_default();
            next() == "projects"
                && !next().is_empty()
                && next() == "subscriptions"
                && !next().is_empty()
                && parts.next().is_none()
        };
        if let Some(text) = self
            .subscriptions
            .iter()
            .find(|text| !is_subscription(text))
        {
            return Err(ConfigurationError::Subscription {
                found: iap_core::shorten(text),
            });
        }
        Ok(NotificationVerifier::new(Settings {
            audiences: self.audiences,
            service_accounts: self.service_accounts,
            apps: self.apps,
            subscriptions: self.subscriptions,
            keys: self.keys,
            clock_tolerance: self.clock_tolerance,
            clock: self.clock,
        }))
    }
}

pub(super) fn check_apps(apps: &[AppId]) -> Result<(), ConfigurationError> {
    if apps.is_empty() || apps.iter().any(|app| app.as_str().is_empty()) {
        return Err(ConfigurationError::NoApps);
    }
    Ok(())
}

/// What is wrong with the set-up of a verifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// No app is accepted, or one without a name.
    #[error("no app is accepted: add one with .app(package_name)")]
    NoApps,
    /// No audience is accepted, or an empty one.
    #[error(
        "no audience is accepted: add the one of your Pub/Sub subscription, or the URL of its \
         endpoint, with .audience(…)"
    )]
    NoAudience,
    /// No service account is accepted.
    #[error(
        "no service account is accepted: add the e-mail address of the one that your Pub/Sub \
         subscription authenticates with, with .service_account(…)"
    )]
    NoServiceAccount,
    /// A text is not the e-mail address of a service account.
    #[error(
        "not the e-mail address of a service account such as \
         push@project.iam.gserviceaccount.com: {found:?}"
    )]
    ServiceAccount {
        /// The text.
        found: String,
    },
    /// A text is not the name of a Pub/Sub subscription.
    #[error(
        "not the name of a Pub/Sub subscription such as projects/project/subscriptions/name: \
         {found:?}"
    )]
    Subscription {
        /// The text.
        found: String,
    },
}

impl From<ConfigurationError> for Error {
    fn from(error: ConfigurationError) -> Self {
        Self::misconfigured("the verifier cannot be built")
            .with_store(Store::GooglePlay)
            .with_source(error)
    }
}

/// Clocks that follow the time at all differ by seconds.
const DEFAULT_CLOCK_TOLERANCE: Duration = Duration::from_secs(60);
