//! How a client is set up, and what is refused at once instead of at the first call.

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{
    AppId, Clock, Environment, Error, Store, SystemClock,
    http::{HttpClient, HttpTransport, ReqwestTransport, RetryPolicy, TokenCache, parse_base_url},
};

use super::{AppStoreServerClient, Inner};
use crate::signing::{BearerTokenSigner, InAppPurchaseKey};

/// Builds an [`AppStoreServerClient`]. Made by [`AppStoreServerClient::builder`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct AppStoreServerClientBuilder {
    key: InAppPurchaseKey,
    bundle_id: AppId,
    environment: Environment,
    transport: Option<Arc<dyn HttpTransport>>,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
    base_url: Option<String>,
}

impl AppStoreServerClientBuilder {
    pub(super) fn new(key: InAppPurchaseKey, bundle_id: AppId, environment: Environment) -> Self {
        Self {
            key,
            bundle_id,
            environment,
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

    /// How often and how long a call is tried. Default: [`RetryPolicy::new`].
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Takes the present time from `clock`. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Asks another host: a fake App Store in tests, a proxy of your own. Default: Apple's host of
    /// the environment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if the environment is not production or
    /// sandbox, the bundle id is empty, the base URL is no `https` URL (plain `http` is accepted for
    /// this machine itself), or this machine has no root certificates.
    pub fn build(self) -> Result<AppStoreServerClient, Error> {
        let host = match self.environment {
            Environment::Production => PRODUCTION_URL,
            Environment::Sandbox => SANDBOX_URL,
            other => {
                return Err(misconfigured(format!(
                    "the App Store has no server for {other}: its data never leaves the developer's \
                     machine"
                )));
            }
        };
        let base_url = self.base_url.as_deref().unwrap_or(host);
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(ReqwestTransport::new()?),
        };
        Ok(AppStoreServerClient {
            inner: Arc::new(Inner {
                http: HttpClient::new(Store::AppStore, transport, self.retry),
                base_url: parse_base_url(base_url).map_err(|error| {
                    misconfigured(format!("the base URL {base_url:?} cannot be used"))
                        .with_source(error)
                })?,
                environment: self.environment,
                signer: BearerTokenSigner::new(self.key, self.bundle_id)?,
                tokens: TokenCache::new(TOKEN_MARGIN),
                clock: self.clock,
            }),
        })
    }
}

impl fmt::Debug for AppStoreServerClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppStoreServerClientBuilder")
            .field("bundle_id", &self.bundle_id)
            .field("environment", &self.environment)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn misconfigured(message: String) -> Error {
    Error::misconfigured(message).with_store(Store::AppStore)
}

/// Since 2026-05-05; the older `api.storekit.itunes.apple.com` still answers.
const PRODUCTION_URL: &str = "https://api.storekit.apple.com";

const SANDBOX_URL: &str = "https://api.storekit-sandbox.apple.com";

/// A token that Apple gets shortly before it expires may be late.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);
