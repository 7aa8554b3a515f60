//! What Google Play answers when it refuses a call: a status, a reason and a sentence.
//!
//! <https://developers.google.com/android-publisher/errors>

use http::StatusCode;
use serde_json::{Value, json};

use crate::server::Answer;

/// A refusal of the publisher API, with the error object that Google sends. Handed to
/// [`FakeGooglePlay::refuse_next`](super::FakeGooglePlay::refuse_next).
///
/// ```
/// use iap_testkit::{FakeGooglePlay, GoogleProblem};
///
/// let store = FakeGooglePlay::start("com.example.app");
/// for problem in GoogleProblem::all() {
///     store.refuse_next(*problem);
///     // … call, and look at what becomes of it.
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GoogleProblem {
    status: u16,
    reason: &'static str,
    message: &'static str,
    domain: &'static str,
    /// The canonical code, which newer answers have as well.
    code: Option<&'static str>,
    /// The reason of a `google.rpc.ErrorInfo` in the details.
    error_info: Option<&'static str>,
}

impl GoogleProblem {
    /// Every refusal known: each reason with each status that it was seen with.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The reason, as `errors[0].reason` has it.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        self.reason
    }

    const fn new(status: u16, reason: &'static str, message: &'static str) -> Self {
        Self {
            status,
            reason,
            message,
            domain: "androidpublisher",
            code: None,
            error_info: None,
        }
    }

    const fn of(mut self, domain: &'static str) -> Self {
        self.domain = domain;
        self
    }

    const fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    const fn error_info(mut self, reason: &'static str) -> Self {
        self.error_info = Some(reason);
        self
    }

    pub(super) fn answer(self) -> Answer {
        let status = StatusCode::from_u16(self.status).expect("a status of HTTP");
        Answer::json(status, &json!({ "error": self.json() }))
    }

    fn json(self) -> Value {
        let mut error = json!({
            "code": self.status,
            "message": self.message,
            "errors": [{
                "message": self.message,
                "domain": self.domain,
                "reason": self.reason,
            }],
        });
        if let Some(code) = self.code {
            error["status"] = code.into();
        }
        if let Some(reason) = self.error_info {
            error["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": reason,
                "domain": "googleapis.com",
                "metadata": { "service": "androidpublisher.googleapis.com" },
            }]);
        }
        error
    }
}

/// What Google answers while it is in trouble.
pub(super) const fn server_error(status: u16) -> GoogleProblem {
    let problem = GoogleProblem::new(status, "backendError", "Backend Error").of("global");
    match status {
        503 => problem.code("UNAVAILABLE"),
        504 => problem.code("DEADLINE_EXCEEDED"),
        _ => problem.code("INTERNAL"),
    }
}

pub(super) const APPLICATION_NOT_FOUND: GoogleProblem = GoogleProblem::new(
    404,
    "applicationNotFound",
    "No application was found for the given package name.",
);
pub(super) const AUTH_ERROR: GoogleProblem =
    GoogleProblem::new(401, "authError", "Invalid Credentials")
        .of("global")
        .code("UNAUTHENTICATED");
pub(super) const CONCURRENT_UPDATE: GoogleProblem = GoogleProblem::new(
    409,
    "concurrentUpdate",
    "The purchase was changed by another request.",
)
.code("ABORTED");
pub(super) const EXPIRED_FOR_TOO_LONG: GoogleProblem = GoogleProblem::new(
    400,
    "failedPrecondition",
    "The subscription purchase is no longer available for query because it has been expired for too long.",
)
.of("global")
.code("FAILED_PRECONDITION");
pub(super) const GONE: GoogleProblem = GoogleProblem::new(
    410,
    "purchaseTokenNoLongerValid",
    "The purchase token is no longer valid.",
);
pub(super) const INVALID_PURCHASE_STATE: GoogleProblem = GoogleProblem::new(
    400,
    "invalidPurchaseState",
    "The purchase is not in a valid state to perform the desired operation.",
);
pub(super) const INVALID_VALUE: GoogleProblem =
    GoogleProblem::new(400, "invalid", "Invalid Value").of("global");
pub(super) const NOT_FOUND: GoogleProblem = GoogleProblem::new(404, "notFound", "Not found.");
pub(super) const PRODUCT_NOT_OWNED: GoogleProblem = GoogleProblem::new(
    400,
    "productNotOwnedByUser",
    "The product purchase is not owned by the user.",
);
pub(super) const RATE_LIMIT_EXCEEDED: GoogleProblem =
    GoogleProblem::new(429, "rateLimitExceeded", "Quota exceeded.")
        .of("global")
        .code("RESOURCE_EXHAUSTED")
        .error_info("RATE_LIMIT_EXCEEDED");
pub(super) const REQUIRED: GoogleProblem =
    GoogleProblem::new(400, "required", "Required parameter missing.").of("global");
pub(super) const SUBSCRIPTION_EXPIRED: GoogleProblem =
    GoogleProblem::new(400, "subscriptionExpired", "The subscription has expired.");
pub(super) const SUBSCRIPTION_INVALID_ARGUMENT: GoogleProblem = GoogleProblem::new(
    400,
    "subscriptionInvalidArgument",
    "Your request is invalid for this subscription purchase.",
);
pub(super) const SUBSCRIPTION_NOT_OWNED: GoogleProblem = GoogleProblem::new(
    400,
    "subscriptionNotOwnedByUser",
    "The subscription purchase is not owned by the user.",
);
pub(super) const TOKEN_NOT_FOUND: GoogleProblem = GoogleProblem::new(
    404,
    "purchaseTokenNotFound",
    "The purchase token was not found.",
)
.of("global");
pub(super) const WRONG_PRODUCT: GoogleProblem = GoogleProblem::new(
    400,
    "purchaseTokenDoesNotMatchProductId",
    "The purchase token does not match the product ID.",
);

const NO_RIGHTS: &str =
    "The current user has insufficient permissions to perform the requested operation.";

const ALL: &[GoogleProblem] = &[
    INVALID_VALUE,
    GoogleProblem::new(400, "invalidValue", "Invalid Value").of("global"),
    REQUIRED,
    SUBSCRIPTION_INVALID_ARGUMENT,
    INVALID_PURCHASE_STATE,
    PRODUCT_NOT_OWNED,
    SUBSCRIPTION_NOT_OWNED,
    GoogleProblem::new(
        400,
        "purchaseTokenDoesNotMatchPackageName",
        "The purchase token does not match the package name.",
    ),
    WRONG_PRODUCT,
    GoogleProblem::new(
        400,
        "purchaseTokenMismatch",
        "The purchase token does not match.",
    ),
    EXPIRED_FOR_TOO_LONG,
    SUBSCRIPTION_EXPIRED,
    AUTH_ERROR,
    GoogleProblem::new(401, "permissionDenied", NO_RIGHTS),
    GoogleProblem::new(403, "forbidden", "The caller does not have permission")
        .of("global")
        .code("PERMISSION_DENIED"),
    GoogleProblem::new(403, "userInsufficientPermission", NO_RIGHTS),
    GoogleProblem::new(403, "permissionDenied", NO_RIGHTS),
    GoogleProblem::new(
        403,
        "projectNotLinked",
        "The project id used to call the Google Play Developer API has not been linked in the Google \
         Play Developer Console.",
    ),
    GoogleProblem::new(
        403,
        "developerDoesNotOwnApplication",
        "The developer does not own the application.",
    ),
    GoogleProblem::new(
        403,
        "accessNotConfigured",
        "Google Play Android Developer API has not been used in this project before or it is \
         disabled.",
    )
    .of("usageLimits")
    .code("PERMISSION_DENIED")
    .error_info("SERVICE_DISABLED"),
    GoogleProblem::new(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
    )
    .of("global")
    .code("PERMISSION_DENIED")
    .error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    GoogleProblem::new(403, "dailyLimitExceeded", "Daily Limit Exceeded.").of("usageLimits"),
    GoogleProblem::new(403, "quotaExceeded", "Quota exceeded.").of("usageLimits"),
    GoogleProblem::new(403, "rateLimitExceeded", "Rate Limit Exceeded").of("usageLimits"),
    GoogleProblem::new(403, "userRateLimitExceeded", "User Rate Limit Exceeded").of("usageLimits"),
    TOKEN_NOT_FOUND,
    NOT_FOUND,
    APPLICATION_NOT_FOUND,
    CONCURRENT_UPDATE,
    GONE,
    GoogleProblem::new(
        410,
        "subscriptionPurchaseNoLongerAvailable",
        "The subscription purchase is no longer available for query because it has been expired for too long.",
    ),
    GoogleProblem::new(
        410,
        "subscriptionNoLongerAvailable",
        "The subscription is no longer available.",
    ),
    RATE_LIMIT_EXCEEDED,
    GoogleProblem::new(429, "quotaExceeded", "Quota exceeded.").code("RESOURCE_EXHAUSTED"),
    server_error(500),
    GoogleProblem::new(500, "internalError", "Internal Error").of("global"),
    server_error(502),
    server_error(503),
    server_error(504),
];
