//! How a client is set up, and what is refused at once instead of at the first call.

use core::{fmt, num::NonZeroU16};
use std::sync::Arc;

use iap_core::{
    Clock, Environment, Error, Secret, Store, SystemClock,
    http::{
        HttpClient, HttpTransport, RateLimitedTransport, ReqwestTransport, RetryPolicy,
        parse_base_url,
    },
};

use super::{AmazonClient, Inner, request::is_segment};

/// Builds an [`AmazonClient`]. Made by [`AmazonClient::production`] and [`AmazonClient::sandbox`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct AmazonClientBuilder {
    environment: Environment,
    shared_secret: Secret,
    transport: Option<Arc<dyn HttpTransport>>,
    requests_per_second: Option<u16>,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
    base_url: Option<String>,
}

impl AmazonClientBuilder {
    pub(super) fn new(environment: Environment, shared_secret: Secret) -> Self {
        Self {
            environment,
            shared_secret,
            transport: None,
            requests_per_second: None,
            retry: RetryPolicy::new(),
            clock: Arc::new(SystemClock),
            base_url: None,
        }
    }

    /// Sends through `transport`: a [`ReqwestTransport`] around a client of your own, or anything
    /// else. Default: a [`ReqwestTransport`] with this library's settings.
    ///
    /// It must not log the URL, which holds the shared secret.
    pub fn transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sends at most so many requests within any second, attempts after failures included. Default:
    /// no limit. Amazon publishes none, and asks for fewer calls when there were too many; 10 has been
    /// reported to be fine.
    ///
    /// A request waits for its turn within the deadline of the call. To share a limit with other
    /// clients, share a [`RateLimitedTransport`] instead.
    pub fn requests_per_second(mut self, limit: u16) -> Self {
        self.requests_per_second = Some(limit);
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

    /// Asks another host: a fake Amazon in tests, a proxy of your own. It takes the place of
    /// everything before `/version/1.0`; for Cloud Sandbox that includes `/sandbox`. Default: Amazon's
    /// host of the environment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if the shared secret is empty or has
    /// characters that no secret has, such as a line break at its end, the base URL is no `https` URL
    /// (plain `http` is accepted for this machine itself), the limit is 0, or this machine has no root
    /// certificates.
    pub fn build(self) -> Result<AmazonClient, Error> {
        if !is_shared_secret(self.shared_secret.expose()) {
            return Err(misconfigured(
                "the shared secret is empty, too long, or has spaces, line breaks or other \
                 characters that no secret has",
            ));
        }
        let default_url = match self.environment {
            Environment::Sandbox => SANDBOX_URL,
            _ => PRODUCTION_URL,
        };
        let base_url = parse_base_url(self.base_url.as_deref().unwrap_or(default_url))
            .map_err(|error| error.with_store(Store::AmazonAppstore))?;
        let limit = self
            .requests_per_second
            .map(|limit| {
                NonZeroU16::new(limit).ok_or_else(|| misconfigured("a limit of 0 requests"))
            })
            .transpose()?;
        let mut transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(ReqwestTransport::new()?),
        };
        if let Some(limit) = limit {
            transport = Arc::new(RateLimitedTransport::new(transport, limit));
        }
        Ok(AmazonClient {
            inner: Arc::new(Inner {
                http: HttpClient::new(Store::AmazonAppstore, transport, self.retry),
                base_url,
                environment: self.environment,
                shared_secret: self.shared_secret,
                clock: self.clock,
            }),
        })
    }
}

impl fmt::Debug for AmazonClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmazonClientBuilder")
            .field("environment", &self.environment)
            .field("requests_per_second", &self.requests_per_second)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn is_shared_secret(text: &str) -> bool {
    let is_graphic = text.bytes().all(|byte| byte.is_ascii_graphic());
    is_graphic && is_segment(text, MAX_SECRET_LENGTH)
}

fn misconfigured(message: &'static str) -> Error {
    Error::misconfigured(message).with_store(Store::AmazonAppstore)
}

const PRODUCTION_URL: &str = "https://appstore-sdk.amazon.com";

pub(super) const SANDBOX_URL: &str = "https://appstore-sdk.amazon.com/sandbox";

/// Amazon's secrets have 91 characters. What is much longer is another thing, such as a key file.
const MAX_SECRET_LENGTH: usize = 512;
