//! Why there is no purchase: a verdict, an outage, a mistake in our set-up, or an unreadable answer.

use core::{fmt, time::Duration};
use std::{borrow::Cow, error::Error as StdError, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{EndpointAnswer, Store};

/// Why a call did not produce a [`Purchase`](crate::Purchase) or an answer of the store.
///
/// [`kind`](Self::kind) says what to do. `Display` describes this layer only; causes are in
/// [`source`](StdError::source). In a log, tell both: `format!("{error}: {}", causes(&error))`, with
/// [`causes`](crate::causes).
///
/// ```
/// use std::time::Duration;
/// use iap_core::{Error, ErrorKind, Rejection, Store};
///
/// fn respond(error: &Error) -> u16 {
///     match error.kind() {
///         ErrorKind::Rejected(_) => 200,     // a verdict: tell the app "not valid"
///         ErrorKind::Misconfigured => 500,   // alert the operator; never a "no"
///         _ => 503,                          // no verdict: keep the stored state, try later
///     }
/// }
///
/// let forged = Error::rejected(Rejection::InvalidSignature, "signature does not match");
/// assert_eq!(respond(&forged), 200);
///
/// let outage = Error::unavailable("rate limit exceeded")
///     .with_store(Store::AppStore)
///     .with_http_status(429)
///     .with_retry_after(Duration::from_secs(30));
/// assert_eq!(respond(&outage), 503);
/// assert!(outage.is_retryable());
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    store: Option<Store>,
    http_status: Option<u16>,
    api_code: Option<Cow<'static, str>>,
    retry_after: Option<Duration>,
    endpoint_answer: Option<EndpointAnswer>,
    /// Shared, so that all who waited for the same thing can be told the same.
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The answers that are not a purchase. They must never be confused; see each variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The store answered something that could not be read. Treat as [`Unavailable`](Self::Unavailable),
    /// and report it.
    InvalidResponse,
    /// Our own key, secret, app id or permission is wrong. Alert the operator; this is never a "no"
    /// to the customer.
    Misconfigured,
    /// The store understood the call and refuses it: an argument is wrong, or what it asks for is not
    /// possible. Correct the call; it says nothing about whether a purchase is valid.
    Refused,
    /// A verdict, and a permanent one: this is no valid purchase. Deny; the verdict may be stored.
    Rejected(Rejection),
    /// No verdict: network, time-out, rate limit, outage. Keep the stored state and try later.
    Unavailable,
}

/// What is wrong with a rejected proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rejection {
    /// The signing certificate has been revoked by its issuer.
    CertificateRevoked,
    /// Two parts of one proof contradict each other.
    Inconsistent,
    /// The signature does not match the content.
    InvalidSignature,
    /// The content is not what the store produces: wrong shape, size or encoding.
    Malformed,
    /// The store knew the purchase but no longer vouches for it.
    NoLongerValid,
    /// The store does not know the purchase.
    NotFound,
    /// Signed longer ago than the caller accepts.
    SignedTooLongAgo,
    /// The signing certificate does not lead to a trusted anchor, or was not valid when it signed.
    UntrustedCertificate,
    /// Bought by another account than expected.
    WrongAccount,
    /// Belongs to another app.
    WrongApp,
    /// Made in an environment that is not accepted here.
    WrongEnvironment,
    /// Another kind of proof than this call expects.
    WrongKind,
    /// Bought another product than expected.
    WrongProduct,
}

impl Rejection {
    /// The name used in JSON, for example `wrong_app`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CertificateRevoked => "certificate_revoked",
            Self::Inconsistent => "inconsistent",
            Self::InvalidSignature => "invalid_signature",
            Self::Malformed => "malformed",
            Self::NoLongerValid => "no_longer_valid",
            Self::NotFound => "not_found",
            Self::SignedTooLongAgo => "signed_too_long_ago",
            Self::UntrustedCertificate => "untrusted_certificate",
            Self::WrongAccount => "wrong_account",
            Self::WrongApp => "wrong_app",
            Self::WrongEnvironment => "wrong_environment",
            Self::WrongKind => "wrong_kind",
            Self::WrongProduct => "wrong_product",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Error {
    /// A verdict: this is no valid purchase.
    #[must_use]
    pub fn rejected(rejection: Rejection, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Rejected(rejection), message)
    }

    /// No verdict: the store or the way to it did not work.
    #[must_use]
    pub fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// Our own set-up is wrong.
    #[must_use]
    pub fn misconfigured(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Misconfigured, message)
    }

    /// The store refuses what was asked of it.
    #[must_use]
    pub fn refused(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Refused, message)
    }

    /// The store's answer could not be read.
    #[must_use]
    pub fn invalid_response(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidResponse, message)
    }

    fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            store: None,
            http_status: None,
            api_code: None,
            retry_after: None,
            endpoint_answer: None,
            source: None,
        }))
    }

    /// Adds the store that was asked.
    #[must_use]
    pub fn with_store(mut self, store: Store) -> Self {
        self.0.store = Some(store);
        self
    }

    /// Adds the HTTP status that the store answered.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// Adds the store's own error code, for example Apple's `4040010`.
    #[must_use]
    pub fn with_api_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.api_code = Some(code.into());
        self
    }

    /// Adds how long the store asked to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds what to answer a store whose notification failed like this, where that is not what the
    /// [`kind`](Self::kind) says; see [`endpoint_answer`](Self::endpoint_answer).
    #[must_use]
    pub fn with_endpoint_answer(mut self, answer: EndpointAnswer) -> Self {
        self.0.endpoint_answer = Some(answer);
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// What kind of failure this is, and so what to do.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The verdict, if there is one.
    #[must_use]
    pub fn rejection(&self) -> Option<Rejection> {
        match self.0.kind {
            ErrorKind::Rejected(rejection) => Some(rejection),
            _ => None,
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Unavailable | ErrorKind::InvalidResponse
        )
    }

    /// How long to wait before the next try, if the store said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The HTTP status of the store's answer, if there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The store's own error code, if it sent one.
    #[must_use]
    pub fn api_code(&self) -> Option<&str> {
        self.0.api_code.as_deref()
    }

    pub(crate) fn own_endpoint_answer(&self) -> Option<EndpointAnswer> {
        self.0.endpoint_answer
    }

    /// The store that was asked.
    #[must_use]
    pub fn store(&self) -> Option<Store> {
        self.0.store
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(store) = self.0.store {
            write!(f, "{store}: ")?;
        }
        f.write_str(match self.0.kind {
            ErrorKind::InvalidResponse => "unreadable answer",
            ErrorKind::Misconfigured => "misconfigured",
            ErrorKind::Refused => "refused",
            ErrorKind::Rejected(_) => "rejected",
            ErrorKind::Unavailable => "unavailable",
        })?;
        write!(f, ": {}", self.0.message)?;
        match (self.0.http_status, &self.0.api_code) {
            (Some(status), Some(code)) => write!(f, " (status {status}, code {code})"),
            (Some(status), None) => write!(f, " (status {status})"),
            (None, Some(code)) => write!(f, " (code {code})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("store", &self.0.store)
            .field("http_status", &self.0.http_status)
            .field("api_code", &self.0.api_code)
            .field("retry_after", &self.0.retry_after)
            .field("endpoint_answer", &self.0.endpoint_answer)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_without_a_verdict_are_retryable() {
        assert!(Error::unavailable("x").is_retryable());
        assert!(Error::invalid_response("x").is_retryable());
        assert!(!Error::misconfigured("x").is_retryable());
        assert!(!Error::refused("x").is_retryable());
        assert!(!Error::rejected(Rejection::WrongApp, "x").is_retryable());
    }

    #[test]
    fn display_tells_its_own_layer_and_leaves_the_cause_to_source() {
        let error = Error::unavailable("no connection")
            .with_store(Store::GooglePlay)
            .with_http_status(503)
            .with_source("dns failed");
        assert_eq!(
            error.to_string(),
            "google_play: unavailable: no connection (status 503)"
        );
        assert_eq!(error.source().unwrap().to_string(), "dns failed");
    }

    #[test]
    fn a_copy_tells_the_same_with_the_same_cause() {
        let error = Error::unavailable("no token")
            .with_store(Store::GooglePlay)
            .with_http_status(503)
            .with_api_code("backendError")
            .with_retry_after(Duration::from_secs(7))
            .with_source(Error::invalid_response("the cause"));
        let copy = error.clone();
        assert_eq!(format!("{copy:?}"), format!("{error:?}"));
        let cause = copy.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(cause.kind(), ErrorKind::InvalidResponse);
    }

    #[test]
    fn an_error_is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
