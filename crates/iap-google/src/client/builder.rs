//! How a client is set up, and what is refused at once instead of at the first call.

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{
    AppId, Clock, Error, Store, SystemClock,
    http::{HttpClient, HttpTransport, ReqwestTransport, RetryPolicy, TokenCache, parse_base_url},
};

use super::{PlayClient, Shared};
use crate::credentials::TokenSource;

/// Builds a [`PlayClient`]. Made by [`PlayClient::builder`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct PlayClientBuilder {
    package_name: AppId,
    source: Arc<dyn TokenSource>,
    transport: Option<Arc<dyn HttpTransport>>,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
    base_url: Option<String>,
}

impl PlayClientBuilder {
    pub(super) fn new(package_name: AppId, source: Arc<dyn TokenSource>) -> Self {
        Self {
            package_name,
            source,
            transport: None,
            retry: RetryPolicy::new(),
            clock: Arc::new(SystemClock),
            base_url: None,
        }
    }

    /// Sends through `transport`: a [`ReqwestTransport`] around a client of your own, or anything
    /// else. Default: a [`ReqwestTransport`] with this library's settings.
    pub fn transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How often and how long a call is tried. Default: [`RetryPolicy::new`]. A quota that is used up
    /// takes a minute to come back: a program that can wait sets a longer deadline.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Takes the present time from `clock`. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Asks another host: a fake Google Play in tests, a proxy of your own. Default: Google's.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Builds the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if the package name is none, the base
    /// URL is no `https` URL (plain `http` is accepted for this machine itself), or this machine has
    /// no root certificates.
    pub fn build(self) -> Result<PlayClient, Error> {
        let base_url = self.base_url.as_deref().unwrap_or(GOOGLE_URL);
        let base_url =
            parse_base_url(base_url).map_err(|error| error.with_store(Store::GooglePlay))?;
        let package_name = check_package_name(self.package_name)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(ReqwestTransport::new()?),
        };
        Ok(PlayClient {
            package_name,
            shared: Arc::new(Shared {
                http: HttpClient::new(Store::GooglePlay, transport, self.retry),
                base_url,
                source: self.source,
                tokens: TokenCache::new(TOKEN_MARGIN),
                clock: self.clock,
            }),
        })
    }
}

impl fmt::Debug for PlayClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlayClientBuilder")
            .field("package_name", &self.package_name)
            .field("source", &self.source)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// The name, if it has the form that Android demands: two parts or more, each a letter and then
/// letters, digits and underscores.
///
/// <https://developer.android.com/build/configure-app-module#set-application-id>
pub(super) fn check_package_name(package_name: AppId) -> Result<AppId, Error> {
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let name = package_name.as_str();
    if name.contains('.') && name.split('.').all(is_part) {
        return Ok(package_name);
    }
    Err(misconfigured(format!(
        "{name:?} is no package name such as com.example.app"
    )))
}

fn misconfigured(message: String) -> Error {
    Error::misconfigured(message).with_store(Store::GooglePlay)
}

const GOOGLE_URL: &str = "https://androidpublisher.googleapis.com";

/// As Google's own libraries have it. The metadata server gives a new token from 5 minutes before
/// the end on, so a longer margin would get the old one again.
const TOKEN_MARGIN: Duration = Duration::from_secs(4 * 60);
