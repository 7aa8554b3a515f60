//! What kind of failure is it, and so what to do?

use iap_core::{ErrorKind, Rejection};

use super::{
    body::{Author, ErrorBody},
    reason::ApiErrorReason,
};

/// What a call is about, which decides whose mistake a refused value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// Something else than a purchase: the catalogue, a report.
    Other,
    /// A purchase or order, named by more than its token.
    Purchase,
    /// A subscription, asked about by `purchases.subscriptions.get`, the older form: the only call
    /// that Google has said it answers with status 410 and nothing else, where the subscription ended
    /// long ago.
    SubscriptionV1,
    /// A purchase, named by its token and nothing else: if a value is wrong, it is the token.
    Token,
}

/// What kind of failure a call had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureClass {
    /// The access token is refused. The client has tried a new one.
    Auth,
    /// The purchase was known, and no longer is: end what is left of it.
    Gone,
    /// It is not known. A purchase made moments ago may be known later.
    NotFound,
    /// The token is no token, or belongs to another app or product.
    NotGenuine,
    /// Too many calls.
    Quota,
    /// Google failed, or somebody else wrote at the same time: try again later.
    Retry,
    /// Something in Google Cloud, in the Play Console or here is not set up.
    Setup,
    /// The purchase is not in a state that allows the call: read it, and decide.
    StateConflict,
    /// It is not an answer of Google's API.
    Unreadable,
    /// The call itself is wrong.
    WrongCall,
}

impl FailureClass {
    /// The rules, of which the first that applies decides:
    ///
    /// 1. Google fails, or has too much to do. No body can turn that into a verdict.
    /// 2. Not an error status: Google never redirects, so this is not Google's API.
    /// 3. Without Google's error object: the access token is refused (401); the subscription is gone
    ///    (410 and no body at all, to the one call that Google announced it for in 2018); otherwise
    ///    the request did not arrive at Google, since anything on the way may answer 410, too.
    /// 4. A platform error that Google names in the details.
    /// 5. The reason, and where it is a generic one the message, since one condition comes with
    ///    different statuses.
    /// 6. An unknown reason, by its status. That is never a verdict.
    /// 7. What Google's platform refuses, Google Play has not seen: no verdict either, whatever the
    ///    reason.
    pub(super) fn of(status: u16, subject: Subject, error: &ErrorBody, is_empty: bool) -> Self {
        // 1
        match status {
            429 => return Self::Quota,
            408 | 425 | 500..=599 => return Self::Retry,
            // 2
            400..=499 => {}
            _ => return Self::Unreadable,
        }
        // 3
        if error.author == Author::SomebodyElse {
            return match status {
                401 => Self::Auth,
                410 if is_empty && subject == Subject::SubscriptionV1 => Self::Gone,
                _ => Self::Setup,
            };
        }
        // 4
        match error.error_info.as_deref() {
            Some("RATE_LIMIT_EXCEEDED" | "RESOURCE_QUOTA_EXCEEDED") => return Self::Quota,
            Some(
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
                | "BILLING_DISABLED"
                | "CONSUMER_INVALID"
                | "CONSUMER_SUSPENDED"
                | "SERVICE_DISABLED",
            ) => return Self::Setup,
            _ => {}
        }
        // 5
        let known = error
            .reason
            .as_ref()
            .and_then(|reason| Self::of_reason(reason, subject, error));
        // 6
        let class = match known {
            // Rights are the operator's to give. Anything else about a refused token is not known.
            Some(class) if status != 401 || class == Self::Setup => class,
            _ if status == 401 => Self::Auth,
            _ if status == 403 => Self::Setup,
            _ if status == 409 => Self::Retry,
            _ => Self::WrongCall,
        };
        // 7
        match class {
            Self::Auth | Self::Quota | Self::Retry => class,
            _ if error.author == Author::Platform => Self::Setup,
            _ => class,
        }
    }

    fn of_reason(reason: &ApiErrorReason, subject: Subject, error: &ErrorBody) -> Option<Self> {
        use ApiErrorReason as Reason;

        let message = error.message.as_deref().unwrap_or_default().to_lowercase();
        let mentions = |words: &[&str]| words.iter().any(|word| message.contains(word));
        let is_about_the_app = mentions(&["package", "application"]) && !mentions(&["token"]);
        Some(match reason {
            Reason::AuthError => Self::Auth,
            Reason::PurchaseTokenNoLongerValid
            | Reason::SubscriptionNoLongerAvailable
            | Reason::SubscriptionPurchaseNoLongerAvailable => Self::Gone,
            Reason::FailedPrecondition if mentions(&["expired for too long"]) => Self::Gone,
            Reason::PurchaseTokenNotFound => Self::NotFound,
            Reason::PurchaseTokenDoesNotMatchPackageName
            | Reason::PurchaseTokenDoesNotMatchProductId
            | Reason::PurchaseTokenMismatch => Self::NotGenuine,
            Reason::DailyLimitExceeded
            | Reason::QuotaExceeded
            | Reason::RateLimitExceeded
            | Reason::UserRateLimitExceeded => Self::Quota,
            Reason::Forbidden if error.domain.as_deref() == Some("usageLimits") => Self::Quota,
            Reason::BackendError | Reason::ConcurrentUpdate | Reason::InternalError => Self::Retry,
            Reason::AccessNotConfigured
            | Reason::ApplicationNotFound
            | Reason::DeveloperDoesNotOwnApplication
            | Reason::Forbidden
            | Reason::InsufficientPermissions
            | Reason::PermissionDenied
            | Reason::ProjectNotLinked
            | Reason::UserInsufficientPermission => Self::Setup,
            // A typing error in our package name must not look like a purchase that is not known.
            Reason::BadRequest | Reason::Invalid | Reason::NotFound if is_about_the_app => {
                Self::Setup
            }
            Reason::NotFound => Self::NotFound,
            Reason::BadRequest | Reason::Invalid | Reason::InvalidValue
                if subject == Subject::Token =>
            {
                Self::NotGenuine
            }
            Reason::BadRequest
            | Reason::Invalid
            | Reason::InvalidValue
            | Reason::Required
            | Reason::SubscriptionInvalidArgument => Self::WrongCall,
            Reason::FailedPrecondition
            | Reason::InvalidPurchaseState
            | Reason::ProductNotOwnedByUser
            | Reason::SubscriptionExpired
            | Reason::SubscriptionNotOwnedByUser => Self::StateConflict,
            Reason::Unknown(_) => return None,
        })
    }

    /// What kind of error it is in the words that all stores share. Only a purchase is rejected.
    pub(super) fn kind(self, subject: Subject, reason: Option<&ApiErrorReason>) -> ErrorKind {
        match self {
            Self::Gone | Self::NotFound | Self::NotGenuine if subject == Subject::Other => {
                ErrorKind::Refused
            }
            Self::Gone => ErrorKind::Rejected(Rejection::NoLongerValid),
            Self::NotFound => ErrorKind::Rejected(Rejection::NotFound),
            Self::NotGenuine => ErrorKind::Rejected(match reason {
                Some(ApiErrorReason::PurchaseTokenDoesNotMatchPackageName) => Rejection::WrongApp,
                Some(ApiErrorReason::PurchaseTokenDoesNotMatchProductId) => Rejection::WrongProduct,
                Some(ApiErrorReason::PurchaseTokenMismatch) => Rejection::Inconsistent,
                _ => Rejection::Malformed,
            }),
            Self::Auth | Self::Setup => ErrorKind::Misconfigured,
            Self::Quota | Self::Retry => ErrorKind::Unavailable,
            Self::StateConflict | Self::WrongCall => ErrorKind::Refused,
            Self::Unreadable => ErrorKind::InvalidResponse,
        }
    }
}
