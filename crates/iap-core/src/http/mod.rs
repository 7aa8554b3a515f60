//! How a request reaches a store: a transport that can be replaced, and what every client does around it.

mod base_url;
mod client;
mod fetch;
mod rate_limit;
mod reqwest;
mod retry;
mod retry_after;
mod single_flight;
mod token;

use core::fmt;
use std::error::Error as StdError;

use async_trait::async_trait;
use bytes::Bytes;

pub use self::{
    base_url::parse_base_url,
    client::{Call, HttpClient},
    fetch::FetchFailure,
    rate_limit::RateLimitedTransport,
    reqwest::ReqwestTransport,
    retry::{Decision, Idempotency, Outcome, RetryPolicy},
    retry_after::{RetryAfter, retry_after},
    single_flight::SingleFlight,
    token::{Token, TokenCache},
};

/// A request with its whole body.
pub type HttpRequest = http::Request<Bytes>;

/// An answer with its whole body.
pub type HttpResponse = http::Response<Bytes>;

/// Sends one request and returns the whole answer, whatever its status.
///
/// [`ReqwestTransport`] is the default. Implement it to use another HTTP library, to add headers,
/// or metrics around one, or to answer in tests. [`RateLimitedTransport`] adds a limit to one.
///
/// An implementation follows no redirects (the answer to a redirect is its own status), reads no
/// more than [`MAX_RESPONSE_LENGTH`] bytes or the request's [`ResponseLimit`], and does not retry: that is done around it. It must not
/// log headers or URLs: they carry tokens and, for Amazon, the shared secret.
#[async_trait]
pub trait HttpTransport: fmt::Debug + Send + Sync {
    /// Sends `request` and reads the answer.
    ///
    /// # Errors
    ///
    /// When there is no whole answer. What kind of failure it was decides about a retry.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError>;
}

/// Marks a request that may also go over plain HTTP, because its answer is signed and it carries no
/// secret (an OCSP request), or because it stays within the machine's host (the metadata server of
/// Google Cloud). Put it into the request's extensions.
///
/// [`ReqwestTransport`] refuses `http:` addresses of other machines without it. A mark on the
/// request, not an option of the transport: one transport serves all requests, and a token can
/// never go out in the clear because of what another request needs.
#[expect(clippy::exhaustive_structs, reason = "there is nothing to set")]
#[derive(Clone, Copy, Debug)]
pub struct PlainHttp;

/// Lowers [`MAX_RESPONSE_LENGTH`] for one request: to where the answer is known to be small, and
/// comes from somebody who may not be who they should be. Put it into the request's extensions.
#[expect(clippy::exhaustive_structs, reason = "a number of bytes, and no more")]
#[derive(Clone, Copy, Debug)]
pub struct ResponseLimit(pub usize);

/// There is no answer. Never contains the URL.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// How far a request got that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: the request was never sent, so any request may be repeated.
    Connect,
    /// The connection broke; the store may have acted on the request.
    Interrupted,
    /// The request cannot be sent as it is; it is not repeated.
    Request,
    /// Time ran out; the store may have acted on the request.
    Timeout,
    /// The answer is longer than [`MAX_RESPONSE_LENGTH`] or the request's [`ResponseLimit`]; the
    /// request is not repeated.
    TooLong,
}

impl TransportError {
    /// A failure of `kind`.
    #[must_use]
    pub const fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// Adds the cause, which must not contain the URL.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// How far the request got.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Interrupted => "the connection broke",
            TransportErrorKind::Request => "the request cannot be sent",
            TransportErrorKind::Timeout => "no answer in time",
            TransportErrorKind::TooLong => "the answer is too long",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

/// The longest answer that is read. The largest real one, a page of 20 notifications with nested
/// data, has half a megabyte.
pub const MAX_RESPONSE_LENGTH: usize = 8 * 1024 * 1024;
