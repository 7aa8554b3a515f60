//! A call failed: what did Google answer, and is that a verdict, an outage or our mistake?

use core::{fmt, time::Duration};

use iap_core::{Error, ErrorKind, Store};

use super::{
    body::{Author, ErrorBody},
    class::{FailureClass, Subject},
    reason::ApiErrorReason,
};

/// A call that Google, or something on the way to it, did not answer with success.
///
/// It converts into [`iap_core::Error`] with `?`, and is the source of that error.
///
/// ```
/// use iap_google::{ApiErrorReason, ApiFailure, FailureClass, Subject};
/// use iap_core::{Error, ErrorKind, Rejection};
///
/// let body = br#"{"error":{"code":404,"message":"The purchase token was not found.",
///     "errors":[{"reason":"purchaseTokenNotFound"}]}}"#;
/// let failure = ApiFailure::from_response(404, None, body, Subject::Token);
/// assert_eq!(failure.reason(), Some(&ApiErrorReason::PurchaseTokenNotFound));
/// assert_eq!(failure.class(), FailureClass::NotFound);
/// assert_eq!(Error::from(failure).kind(), ErrorKind::Rejected(Rejection::NotFound));
///
/// // A gateway's page is no verdict, but its status survives.
/// let outage = ApiFailure::from_response(502, None, b"<html>Bad Gateway</html>", Subject::Token);
/// assert_eq!(outage.kind(), ErrorKind::Unavailable);
/// assert_eq!(Error::from(outage).http_status(), Some(502));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiFailure {
    status: u16,
    subject: Subject,
    class: FailureClass,
    author: Author,
    reason: Option<ApiErrorReason>,
    message: Option<String>,
    retry_after: Option<Duration>,
}

impl ApiFailure {
    /// Reads an answer whose HTTP status is not 2xx to a call about `subject`. Any body will do.
    ///
    /// `retry_after` is how long Google asked to wait. Where a quota is used up and Google does not
    /// say, that is a minute, for which most quotas count.
    #[must_use]
    pub fn from_response(
        status: u16,
        retry_after: Option<Duration>,
        body: &[u8],
        subject: Subject,
    ) -> Self {
        let error = ErrorBody::read(body);
        let class = FailureClass::of(status, subject, &error, body.is_empty());
        let is_quota_of_a_minute = class == FailureClass::Quota
            && error.reason != Some(ApiErrorReason::DailyLimitExceeded);
        Self {
            status,
            subject,
            class,
            author: error.author,
            reason: error.reason,
            message: error.message,
            retry_after: retry_after.or_else(|| is_quota_of_a_minute.then_some(QUOTA_WINDOW)),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.status
    }

    /// Google's reason; the closest one where there is only a canonical code such as `NOT_FOUND`;
    /// `None` if the answer holds neither.
    #[must_use]
    pub const fn reason(&self) -> Option<&ApiErrorReason> {
        self.reason.as_ref()
    }

    /// Google's message: for people, and Google may word it differently tomorrow. At most 200
    /// characters, without what controls a terminal.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// What kind of failure it is, in Google's terms.
    #[must_use]
    pub const fn class(&self) -> FailureClass {
        self.class
    }

    /// What kind of failure it is, in the words that all stores share.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.class.kind(self.subject, self.reason.as_ref())
    }

    /// How long to wait before the next call.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for ApiFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Google answered status {}", self.status)?;
        if let Some(reason) = &self.reason {
            write!(f, ", {reason}")?;
        }
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for ApiFailure {}

impl From<ApiFailure> for Error {
    /// The message says what to do.
    fn from(failure: ApiFailure) -> Self {
        let advice = failure
            .class
            .advice(failure.author, failure.reason.as_ref());
        let mut error = match failure.kind() {
            ErrorKind::Rejected(rejection) => Self::rejected(rejection, advice),
            ErrorKind::Unavailable => Self::unavailable(advice),
            ErrorKind::InvalidResponse => Self::invalid_response(advice),
            ErrorKind::Refused => Self::refused(advice),
            _ => Self::misconfigured(advice),
        }
        .with_store(Store::GooglePlay)
        .with_http_status(failure.status);
        if let Some(reason) = &failure.reason {
            error = error.with_api_code(reason.to_string());
        }
        if let Some(wait) = failure.retry_after {
            error = error.with_retry_after(wait);
        }
        error.with_source(failure)
    }
}

/// Google counts most calls per minute.
const QUOTA_WINDOW: Duration = Duration::from_secs(60);
