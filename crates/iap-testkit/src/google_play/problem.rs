//! What Google Play answers when it refuses a call: a status, a reason and a sentence.
//!
//! <https://developers.google.com/android-publisher/errors>

use http::StatusCode;
use serde_json::json;

use crate::server::Answer;

/// A refusal with Google's reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    status: u16,
    reason: &'static str,
    message: &'static str,
}

impl Problem {
    const fn new(status: u16, reason: &'static str, message: &'static str) -> Self {
        Self {
            status,
            reason,
            message,
        }
    }

    pub(super) fn answer(self) -> Answer {
        let status = StatusCode::from_u16(self.status).expect("a status of HTTP");
        Answer::json(
            status,
            &json!({ "error": {
                "code": self.status,
                "message": self.message,
                "errors": [{
                    "message": self.message,
                    "domain": "androidpublisher",
                    "reason": self.reason,
                }],
            } }),
        )
    }
}

pub(super) const AUTH_ERROR: Problem = Problem::new(401, "authError", "Invalid Credentials");
pub(super) const APPLICATION_NOT_FOUND: Problem = Problem::new(
    404,
    "applicationNotFound",
    "No application was found for the given package name.",
);
pub(super) const ETAG_MISMATCH: Problem = Problem::new(
    409,
    "concurrentUpdate",
    "The purchase was changed by another request.",
);
pub(super) const GONE: Problem = Problem::new(
    410,
    "purchaseTokenNoLongerValid",
    "The purchase token is no longer valid.",
);
pub(super) const INVALID_PURCHASE_STATE: Problem = Problem::new(
    400,
    "invalidPurchaseState",
    "The purchase is not in a valid state to perform the desired operation.",
);
pub(super) const INVALID_VALUE: Problem = Problem::new(400, "invalid", "Invalid Value");
pub(super) const NOT_FOUND: Problem = Problem::new(404, "notFound", "Not found.");
pub(super) const NOT_OWNED: Problem = Problem::new(
    400,
    "productNotOwnedByUser",
    "The product purchase is not owned by the user.",
);
pub(super) const RATE_LIMIT_EXCEEDED: Problem =
    Problem::new(429, "rateLimitExceeded", "Quota exceeded.");
pub(super) const REQUIRED: Problem = Problem::new(400, "required", "Required parameter missing.");
pub(super) const SUBSCRIPTION_EXPIRED: Problem =
    Problem::new(400, "subscriptionExpired", "The subscription has expired.");
pub(super) const TOKEN_NOT_FOUND: Problem = Problem::new(
    404,
    "purchaseTokenNotFound",
    "The purchase token was not found.",
);
