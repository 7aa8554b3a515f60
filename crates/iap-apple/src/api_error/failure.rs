//! A call failed: what did Apple answer, and is that a verdict, an outage or our mistake?

use core::{fmt, time::Duration};

use iap_core::{Error, ErrorKind, Rejection, Store, printable};
use serde::Deserialize;
use serde_json::Value;

use super::{
    ApiError,
    advice::{CREDENTIALS, RATE_LIMIT},
};

/// A call that Apple, or something on the way to it, did not answer with success.
///
/// It converts into [`iap_core::Error`] with `?`, and is the source of that error.
///
/// ```
/// use iap_apple::{ApiError, ApiFailure};
/// use iap_core::{Error, ErrorKind};
///
/// let body = br#"{"errorCode":4030005,"errorMessage":"No more extensions."}"#;
/// let failure = ApiFailure::from_response(403, None, body);
/// assert_eq!(failure.api_error(), Some(ApiError::SubscriptionMaxExtension));
/// assert_eq!(failure.message(), Some("No more extensions."));
///
/// // A gateway's page is no verdict, but its status survives.
/// let outage = ApiFailure::from_response(502, None, b"<html>Bad Gateway</html>");
/// assert_eq!(outage.kind(), ErrorKind::Unavailable);
/// assert_eq!(Error::from(outage).http_status(), Some(502));
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiFailure {
    status: u16,
    error: Option<ApiError>,
    message: Option<String>,
    retry_after: Option<Duration>,
}

impl ApiFailure {
    /// Reads an answer whose HTTP status is not 2xx. Any body will do: one that is not Apple's error
    /// object (an HTML page, nothing, cut off) leaves code and message empty.
    ///
    /// `retry_after` is how long Apple asked to wait. In Apple's header `Retry-After` stands the UNIX
    /// time in milliseconds at which to come back.
    #[must_use]
    pub fn from_response(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let ErrorObject { code, message } = ErrorObject::read(body).unwrap_or_default();
        Self {
            status,
            error: ApiError::deserialize(code).ok(),
            message: message.as_str().and_then(printable),
            retry_after,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.status
    }

    /// Apple's error code; `None` if the answer holds none.
    #[must_use]
    pub const fn api_error(&self) -> Option<ApiError> {
        self.error
    }

    /// Apple's error message: for people, and Apple may word it differently tomorrow. At most 200
    /// characters; characters that control a terminal or hide text are replaced by spaces.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// How long Apple asked to wait before the next call.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What kind of failure this is, and so what to do.
    ///
    /// Only three codes are a verdict, `Rejected(NotFound)`, about the environment that was asked:
    /// 4000006, 4040005 and 4040010. Nothing else that Apple answers, no status alone, and no code
    /// that contradicts its status, says that a purchase is not valid.
    ///
    /// `Unavailable` is more than [`ApiError::is_retryable`]: it includes what is there only later,
    /// such as the result of a test notification.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.cause().kind()
    }

    /// Whether the other environment may answer instead: an id does not tell which one it belongs
    /// to, and production refuses the token (status 401) of an app that was never released.
    ///
    /// Ask production first. If the sandbox does not know the purchase either, report the 401 of
    /// production rather than "not found": a wrong key must never look like a verdict.
    #[must_use]
    pub fn suggests_other_environment(&self) -> bool {
        matches!(self.cause(), Cause::Credentials | Cause::NotFound)
    }

    /// The code, if it belongs to the status: the two come from the same hand only then.
    fn confirmed_error(&self) -> Option<ApiError> {
        self.error
            .filter(|error| error.http_status() == Some(self.status))
    }

    /// The rules, of which the first that applies decides:
    ///
    /// 1. The token is refused, whatever the body says: gateways answer so without an error object.
    /// 2. Apple has too much to do, or fails. No code can turn that into a verdict.
    /// 3. Not an error status: Apple never redirects, so this is not Apple's API.
    /// 4. No code: the status alone says that the request is wrong, not what about it. A 404 of an
    ///    unknown host or path is none of ours.
    /// 5. A code that Apple marks as temporary, or that speaks of something not ready yet.
    /// 6. A code that contradicts the status cannot be understood.
    /// 7. The purchase is unknown: Apple looked for the id and did not find it. 4000006 means "not
    ///    well formed", and the sandbox answers it for unknown ids; either way there is no such
    ///    purchase. Not among them: 4000008 and 4000187 (a real purchase, the wrong one of its ids),
    ///    4040001 (the account is missing, not the purchase), 4040019 (no app transaction).
    /// 8. What the operator has set up is wrong: the app, or its notification URL.
    /// 9. Everything else, known or not: Apple understood the request and refuses it, because of an
    ///    argument (400), or of what has happened before (403, 404, 409). That is no verdict about
    ///    the purchase.
    fn cause(&self) -> Cause {
        // 1.
        if self.status == 401 {
            return Cause::Credentials;
        }
        // 2.
        match self.status {
            429 => return Cause::RateLimit,
            408 | 425 | 500..=599 => return Cause::Temporary,
            _ => {}
        }
        // 3.
        if !(400..500).contains(&self.status) {
            return Cause::NoErrorStatus;
        }
        // 4.
        let Some(error) = self.error else {
            return Cause::NoErrorObject;
        };
        // 5.
        if error.is_rate_limit() {
            return Cause::RateLimit;
        }
        if error.is_retryable()
            || matches!(
                error,
                ApiError::ExistingPerformanceTestRun | ApiError::TestNotificationNotFound
            )
        {
            return Cause::Temporary;
        }
        // 6.
        if self.confirmed_error().is_none() {
            return Cause::Contradiction;
        }
        match error {
            // 7.
            ApiError::InvalidTransactionId
            | ApiError::OriginalTransactionIdNotFound
            | ApiError::TransactionIdNotFound => Cause::NotFound,
            // 8.
            ApiError::AppNotFound
            | ApiError::InvalidAppIdentifier
            | ApiError::ServerNotificationUrlNotFound => Cause::Setup,
            // 9.
            _ => Cause::Refused,
        }
    }
}

impl fmt::Display for ApiFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Apple answered status {}", self.status)?;
        if let Some(error) = self.error {
            write!(f, ", code {error}")?;
            if let Some(name) = error.name() {
                write!(f, " ({name})")?;
            }
        }
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for ApiFailure {}

impl From<ApiFailure> for Error {
    /// The message is the name of the code, and what to do about it.
    fn from(failure: ApiFailure) -> Self {
        let cause = failure.cause();
        let confirmed = failure.confirmed_error();
        let text = confirmed
            .and_then(ApiError::advice)
            .unwrap_or_else(|| cause.describe());
        let message = match confirmed.and_then(ApiError::name) {
            Some(name) => format!("{name}: {text}"),
            None => text.to_owned(),
        };

        let mut error = match cause.kind() {
            ErrorKind::Rejected(rejection) => Self::rejected(rejection, message),
            ErrorKind::Unavailable => Self::unavailable(message),
            ErrorKind::InvalidResponse => Self::invalid_response(message),
            ErrorKind::Refused => Self::refused(message),
            _ => Self::misconfigured(message),
        }
        .with_store(Store::AppStore)
        .with_http_status(failure.status);
        if let Some(code) = failure.error {
            error = error.with_api_code(code.to_string());
        }
        if let Some(wait) = failure.retry_after {
            error = error.with_retry_after(wait);
        }
        error.with_source(failure)
    }
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// Code and status do not belong together.
    Contradiction,
    /// The bearer token is refused.
    Credentials,
    /// A client error without Apple's error object.
    NoErrorObject,
    /// A status that reports no error.
    NoErrorStatus,
    /// Apple does not know the purchase.
    NotFound,
    /// Too many calls.
    RateLimit,
    /// Apple understood the request and refuses it.
    Refused,
    /// What was set up at Apple, or here for Apple, is wrong.
    Setup,
    /// Apple cannot answer now.
    Temporary,
}

impl Cause {
    /// A refusal is `Misconfigured` for want of a closer kind: repeating does not help, the calling
    /// code has to change, and it is never a "no" to the customer.
    const fn kind(self) -> ErrorKind {
        match self {
            Self::Contradiction | Self::NoErrorStatus => ErrorKind::InvalidResponse,
            Self::Credentials | Self::NoErrorObject | Self::Setup => ErrorKind::Misconfigured,
            Self::Refused => ErrorKind::Refused,
            Self::NotFound => ErrorKind::Rejected(Rejection::NotFound),
            Self::RateLimit | Self::Temporary => ErrorKind::Unavailable,
        }
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::Contradiction => "the error code does not belong to the status",
            Self::Credentials => CREDENTIALS,
            Self::NoErrorObject => {
                "refused without Apple's error object; check the base URL and the proxy"
            }
            Self::NoErrorStatus => {
                "Apple never answers with this status; check the base URL and the proxy"
            }
            Self::NotFound => "Apple does not know the purchase in this environment",
            Self::RateLimit => RATE_LIMIT,
            Self::Refused => "Apple refuses this call; correct it, repeating does not help",
            Self::Setup => "the set-up of the app at Apple and here differ",
            Self::Temporary => "Apple cannot answer now; try again later",
        }
    }
}

/// Apple's error object, with whatever types the members have.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorObject {
    #[serde(rename = "errorCode")]
    code: Value,
    #[serde(rename = "errorMessage")]
    message: Value,
}

impl ErrorObject {
    /// `None` for whatever is not an object.
    fn read(body: &[u8]) -> Option<Self> {
        if body.len() > MAX_BODY_LENGTH {
            return None;
        }
        // A message in another character set must not hide the code.
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        // Serde would read an array as the members in order.
        if !text.starts_with('{') {
            return None;
        }
        serde_json::from_str(text).ok()
    }
}

/// Apple's error objects have some hundred bytes; a page of a gateway is not worth parsing.
const MAX_BODY_LENGTH: usize = 64 * 1024;
