//! A call failed: what did Amazon answer, and is that a verdict, an outage or our mistake?

use core::{fmt, time::Duration};

use iap_core::{Error, ErrorKind, Rejection, Store, printable};
use serde::Deserialize;
use serde_json::Value;

/// A call that Amazon, or something on the way to it, did not answer with a purchase.
///
/// It converts into [`iap_core::Error`] with `?`, and is the source of that error. Unlike that error
/// it does not know the shared secret, which a text of a proxy might repeat: the client looks after
/// that.
///
/// ```
/// use iap_amazon::{ApiFailure, Endpoint};
/// use iap_core::{Error, ErrorKind, Rejection};
///
/// let body = br#"{"message":"Purchase token/app user mismatch","status":false}"#;
/// let failure = ApiFailure::from_response(Endpoint::VerifyReceiptId, 497, None, body);
/// assert_eq!(failure.kind(), ErrorKind::Rejected(Rejection::WrongAccount));
/// assert_eq!(failure.message(), Some("Purchase token/app user mismatch"));
///
/// // A gateway's page is no verdict, but its status survives.
/// let outage = ApiFailure::from_response(Endpoint::VerifyReceiptId, 400, None, b"<html>");
/// assert_eq!(outage.kind(), ErrorKind::InvalidResponse);
/// assert_eq!(Error::from(outage).http_status(), Some(400));
/// ```
///
/// [Amazon's page](https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiFailure {
    endpoint: Endpoint,
    status: u16,
    body: Body,
    retry_after: Option<Duration>,
}

/// What is asked of Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// Billing Compatibility: a consumable or entitlement.
    ProductPurchase,
    /// Billing Compatibility: a subscription.
    SubscriptionPurchase,
    /// The Receipt Verification Service.
    VerifyReceiptId,
}

impl Endpoint {
    /// Amazon's name of it, as it stands in traces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProductPurchase => "purchases.products.get",
            Self::SubscriptionPurchase => "purchases.subscriptionsv2.get",
            Self::VerifyReceiptId => "verifyReceiptId",
        }
    }
}

/// Who seems to have written an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    /// Amazon: an error object, perhaps with a message, or nothing at all.
    Amazon { message: Option<String> },
    /// Something else: the page of a gateway.
    Foreign,
}

impl ApiFailure {
    /// Reads an answer whose HTTP status is not 200, whatever its body.
    ///
    /// `retry_after` is how long Amazon asked to wait: the header `Retry-After`, in seconds or as an
    /// HTTP date.
    #[must_use]
    pub fn from_response(
        endpoint: Endpoint,
        status: u16,
        retry_after: Option<Duration>,
        body: &[u8],
    ) -> Self {
        Self {
            endpoint,
            status,
            body: Body::read(body),
            retry_after,
        }
    }

    /// What was asked.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The HTTP status.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.status
    }

    /// Amazon's message: for people, and Amazon may word it differently tomorrow. At most 200
    /// characters; characters that control a terminal or hide text are replaced by spaces.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match &self.body {
            Body::Amazon { message } => message.as_deref(),
            Body::Foreign => None,
        }
    }

    /// How long Amazon asked to wait before the next call.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What kind of failure this is, and so what to do.
    ///
    /// Four statuses are a verdict: 497 (of another customer), 410 (no longer valid: see
    /// [`Purchase::no_longer_valid`](iap_core::Purchase::no_longer_valid)), and 400 and 498 (unknown),
    /// these two only if the answer can be Amazon's.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.cause().kind()
    }

    /// Whether the same call is worth another attempt within the same second or so.
    #[must_use]
    pub fn is_worth_repeating(&self) -> bool {
        matches!(self.cause(), Cause::RateLimit | Cause::Temporary)
    }

    /// Whether Amazon asks for fewer calls.
    #[must_use]
    pub fn is_rate_limit(&self) -> bool {
        self.cause() == Cause::RateLimit
    }

    /// The rules, of which the first that applies decides:
    ///
    /// 1. Amazon has too much to do, or fails, or did not get the whole request.
    /// 2. The shared secret is wrong.
    /// 3. Not an error status: Amazon never redirects, and a good answer is 200, so this is not
    ///    Amazon's API.
    /// 4. Gateways answer 400 too, with a page of theirs: as a verdict it must look like Amazon's, an
    ///    error object or nothing. Nobody but Amazon answers 410 and 497, whatever stands in them, and
    ///    a cancellation must not be overlooked.
    /// 5. The verdicts. In Billing Compatibility 497 cannot mean the customer, whom it is not told.
    ///    498 is a leftover of RVS 2.0.
    /// 6. Any other client error: the address is not what Amazon serves.
    fn cause(&self) -> Cause {
        match (self.status, &self.body) {
            // 1
            (429, _) => Cause::RateLimit,
            (408 | 425 | 500..=599, _) => Cause::Temporary,
            // 2
            (496, _) => Cause::Credentials,
            // 3
            (..400 | 600.., _) => Cause::NoErrorStatus,
            // 4
            (400 | 498, Body::Foreign) => Cause::ForeignVerdict,
            // 5
            (410, _) => Cause::NoLongerValid,
            (497, _) if self.endpoint == Endpoint::VerifyReceiptId => Cause::WrongUser,
            (400 | 497 | 498, _) => Cause::NotFound,
            // 6
            _ => Cause::Address,
        }
    }
}

impl fmt::Display for ApiFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Amazon answered {} with status {}",
            self.endpoint.as_str(),
            self.status
        )?;
        match self.message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for ApiFailure {}

impl From<ApiFailure> for Error {
    fn from(failure: ApiFailure) -> Self {
        let cause = failure.cause();
        let message = cause.describe();
        let mut error = match cause.kind() {
            ErrorKind::Rejected(rejection) => Self::rejected(rejection, message),
            ErrorKind::Unavailable => Self::unavailable(message),
            ErrorKind::InvalidResponse => Self::invalid_response(message),
            _ => Self::misconfigured(message),
        }
        .with_store(Store::AmazonAppstore)
        .with_http_status(failure.status);
        if let Some(wait) = failure.retry_after {
            error = error.with_retry_after(wait);
        }
        error.with_source(failure)
    }
}

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// A client error that Amazon does not document.
    Address,
    /// The shared secret is refused.
    Credentials,
    /// The status of a verdict with a page that Amazon would not write.
    ForeignVerdict,
    /// A status that reports no error.
    NoErrorStatus,
    /// Amazon knew the purchase and no longer vouches for it.
    NoLongerValid,
    /// Amazon does not know the purchase.
    NotFound,
    /// Too many calls.
    RateLimit,
    /// Amazon cannot answer now.
    Temporary,
    /// The purchase is another customer's.
    WrongUser,
}

impl Cause {
    const fn kind(self) -> ErrorKind {
        match self {
            Self::ForeignVerdict | Self::NoErrorStatus => ErrorKind::InvalidResponse,
            Self::Address | Self::Credentials => ErrorKind::Misconfigured,
            Self::NoLongerValid => ErrorKind::Rejected(Rejection::NoLongerValid),
            Self::NotFound => ErrorKind::Rejected(Rejection::NotFound),
            Self::RateLimit | Self::Temporary => ErrorKind::Unavailable,
            Self::WrongUser => ErrorKind::Rejected(Rejection::WrongAccount),
        }
    }

    const fn describe(self) -> &'static str {
        match self {
            Self::Address => {
                "Amazon never answers with this status; check the base URL and the proxy"
            }
            Self::Credentials => {
                "the shared secret is wrong: it stands in the Developer Console under Settings, \
                 Identity, and is the same for all apps of the account"
            }
            Self::ForeignVerdict => {
                "not Amazon's answer, but the page of a gateway; check the base URL and the proxy"
            }
            Self::NoErrorStatus => {
                "Amazon never answers with this status; check the base URL and the proxy"
            }
            Self::NoLongerValid => "the purchase was canceled; end the access that it gave",
            Self::NotFound => "Amazon does not know the purchase",
            Self::RateLimit => "Amazon asks for fewer calls; try again later",
            Self::Temporary => "Amazon cannot answer now; try again later",
            Self::WrongUser => "the purchase belongs to another customer",
        }
    }
}

impl Body {
    fn read(body: &[u8]) -> Self {
        /// Amazon's error object. Its `status` is a truth value and says nothing.
        #[derive(Deserialize)]
        struct ErrorObject {
            #[serde(default)]
            message: Value,
        }

        if body.len() > MAX_BODY_LENGTH {
            return Self::Foreign;
        }
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Self::Amazon { message: None };
        }
        // Serde would read an array as the members in order.
        let object = text
            .starts_with('{')
            .then(|| serde_json::from_str::<ErrorObject>(text).ok());
        match object.flatten() {
            Some(ErrorObject { message }) => Self::Amazon {
                message: message.as_str().and_then(printable),
            },
            None => Self::Foreign,
        }
    }
}

/// Amazon's error objects have some hundred bytes; a page of a gateway is not worth parsing.
const MAX_BODY_LENGTH: usize = 64 * 1024;

#[cfg(test)]
mod tests;
