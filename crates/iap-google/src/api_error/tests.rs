//! What each answer means, as the tables say, and what is never a verdict.

use core::time::Duration;

use iap_core::{Error, ErrorKind, Rejection};
use serde_json::{Value, json};

use super::*;

fn failure(status: u16, body: impl AsRef<[u8]>) -> ApiFailure {
    ApiFailure::from_response(status, None, body.as_ref(), Subject::Token)
}

fn object(status: u16, reason: &str, message: &str) -> Value {
    let item = json!({ "domain": "androidpublisher", "reason": reason, "message": message });
    json!({ "error": { "code": status, "message": message, "errors": [item] } })
}

#[test]
fn every_reason_of_the_table_has_its_class() {
    use FailureClass::{
        Auth, Gone, NotFound, NotGenuine, Quota, Retry, Setup, StateConflict, WrongCall,
    };

    #[rustfmt::skip]
    let table = [
        (400, "invalid",                                NotGenuine),
        (400, "invalidValue",                           NotGenuine),
        (400, "required",                               WrongCall),
        (400, "subscriptionInvalidArgument",            WrongCall),
        (400, "invalidPurchaseState",                   StateConflict),
        (400, "productNotOwnedByUser",                  StateConflict),
        (400, "subscriptionNotOwnedByUser",             StateConflict),
        (400, "purchaseTokenDoesNotMatchPackageName",   NotGenuine),
        (400, "purchaseTokenDoesNotMatchProductId",     NotGenuine),
        (400, "purchaseTokenMismatch",                  NotGenuine),
        (400, "failedPrecondition",                     StateConflict),
        (400, "subscriptionExpired",                    StateConflict),
        (401, "authError",                              Auth),
        (401, "permissionDenied",                       Setup),
        (403, "permissionDenied",                       Setup),
        (403, "forbidden",                              Setup),
        (403, "userInsufficientPermission",             Setup),
        (403, "projectNotLinked",                       Setup),
        (403, "developerDoesNotOwnApplication",         Setup),
        (403, "accessNotConfigured",                    Setup),
        (403, "insufficientPermissions",                Setup),
        (403, "dailyLimitExceeded",                     Quota),
        (403, "quotaExceeded",                          Quota),
        (403, "rateLimitExceeded",                      Quota),
        (403, "userRateLimitExceeded",                  Quota),
        (404, "purchaseTokenNotFound",                  NotFound),
        (404, "notFound",                               NotFound),
        (404, "applicationNotFound",                    Setup),
        (409, "concurrentUpdate",                       Retry),
        (410, "purchaseTokenNoLongerValid",             Gone),
        (410, "subscriptionPurchaseNoLongerAvailable",  Gone),
        (410, "subscriptionNoLongerAvailable",          Gone),
        (429, "rateLimitExceeded",                      Quota),
        (500, "backendError",                           Retry),
        (503, "internalError",                          Retry),
        // The same conditions with other statuses.
        (400, "purchaseTokenNoLongerValid",             Gone),
        (410, "purchaseTokenNotFound",                  NotFound),
        // Of tomorrow.
        (400, "ofTomorrow",                             WrongCall),
        (401, "ofTomorrow",                             Auth),
        (403, "ofTomorrow",                             Setup),
        (404, "ofTomorrow",                             WrongCall),
        (409, "ofTomorrow",                             Retry),
        (410, "ofTomorrow",                             WrongCall),
    ];
    for (status, reason, class) in table {
        let failure = failure(status, object(status, reason, "A sentence.").to_string());
        assert_eq!(failure.class(), class, "{status} {reason}");
        assert_eq!(failure.reason().unwrap().as_str(), reason);
        assert_eq!(failure.message(), Some("A sentence."));
    }
}

#[test]
fn every_known_reason_has_a_class_that_its_status_does_not_decide() {
    for reason in ApiErrorReason::known() {
        let classes = [400, 404, 410]
            .map(|status| failure(status, object(status, reason.as_str(), "").to_string()).class());
        assert_eq!(classes[0], classes[1], "{reason}");
        assert_eq!(classes[0], classes[2], "{reason}");
    }
}

#[test]
fn a_subscription_that_ended_long_ago_is_gone_in_each_of_its_three_forms() {
    let message = "The subscription purchase is no longer available for query because it has been \
                   expired for too long.";
    let mut newer = object(400, "failedPrecondition", message);
    newer["error"]["status"] = json!("FAILED_PRECONDITION");
    for failure in [
        failure(400, newer.to_string()),
        failure(
            410,
            object(410, "subscriptionPurchaseNoLongerAvailable", message).to_string(),
        ),
        ApiFailure::from_response(410, None, b"", Subject::SubscriptionV1),
    ] {
        assert_eq!(failure.class(), FailureClass::Gone, "{failure}");
        assert_eq!(
            failure.kind(),
            ErrorKind::Rejected(Rejection::NoLongerValid)
        );
    }
    // A gateway's page is not Google's word, nor is its silence where Google has said none.
    for (body, subject) in [
        ("<html>", Subject::SubscriptionV1),
        ("{}", Subject::SubscriptionV1),
        ("", Subject::Token),
        ("", Subject::Purchase),
        ("", Subject::Other),
    ] {
        let failure = ApiFailure::from_response(410, None, body.as_bytes(), subject);
        assert_eq!(failure.kind(), ErrorKind::Misconfigured, "{subject:?}");
    }
}

#[test]
fn a_canonical_code_stands_in_for_a_missing_reason() {
    for (status, code, class) in [
        (404, "NOT_FOUND", FailureClass::NotFound),
        (403, "PERMISSION_DENIED", FailureClass::Setup),
        (401, "UNAUTHENTICATED", FailureClass::Auth),
        (429, "RESOURCE_EXHAUSTED", FailureClass::Quota),
        (403, "RESOURCE_EXHAUSTED", FailureClass::Quota),
        (409, "ABORTED", FailureClass::Retry),
        (400, "INVALID_ARGUMENT", FailureClass::NotGenuine),
        (400, "FAILED_PRECONDITION", FailureClass::StateConflict),
        (503, "UNAVAILABLE", FailureClass::Retry),
        (400, "OF_TOMORROW", FailureClass::WrongCall),
    ] {
        let body = json!({ "error": { "code": status, "status": code } });
        assert_eq!(failure(status, body.to_string()).class(), class, "{code}");
    }
}

#[test]
fn an_error_of_the_platform_is_named_in_the_details() {
    for (name, class) in [
        ("SERVICE_DISABLED", FailureClass::Setup),
        ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", FailureClass::Setup),
        ("RATE_LIMIT_EXCEEDED", FailureClass::Quota),
    ] {
        let info = json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": name });
        let body = json!({ "error": { "code": 403, "details": [{}, 1, info] } });
        assert_eq!(failure(403, body.to_string()).class(), class, "{name}");
    }
}

#[test]
fn what_googles_platform_refuses_is_never_a_verdict_about_a_purchase() {
    let platform = |status: u16, code: &str, reason: &str, message: &str, info: &str| {
        let mut body = object(status, reason, message);
        body["error"]["status"] = json!(code);
        if !info.is_empty() {
            body["error"]["details"] = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": info,
                "domain": "googleapis.com",
            }]);
        }
        body.to_string()
    };
    let key = "API key not valid. Please pass a valid API key.";
    let method = "Method not found.";
    for (status, code, reason, message, info) in [
        (
            400,
            "INVALID_ARGUMENT",
            "badRequest",
            key,
            "API_KEY_INVALID",
        ),
        (400, "INVALID_ARGUMENT", "badRequest", key, ""),
        (400, "INVALID_ARGUMENT", "invalid", "", "API_KEY_INVALID"),
        (
            400,
            "FAILED_PRECONDITION",
            "failedPrecondition",
            "",
            "USER_PROJECT_DENIED",
        ),
        (404, "NOT_FOUND", "notFound", method, ""),
        (404, "NOT_FOUND", "purchaseTokenNotFound", "", "OF_TOMORROW"),
        (
            410,
            "NOT_FOUND",
            "purchaseTokenNoLongerValid",
            "",
            "OF_TOMORROW",
        ),
        (
            403,
            "PERMISSION_DENIED",
            "forbidden",
            "",
            "API_KEY_SERVICE_BLOCKED",
        ),
    ] {
        let failure = failure(status, platform(status, code, reason, message, info));
        assert_eq!(failure.class(), FailureClass::Setup, "{reason} {info}");
        assert_eq!(failure.kind(), ErrorKind::Misconfigured);
        if status != 403 {
            let error = Error::from(failure).to_string();
            assert!(error.contains("before Google Play has seen it"), "{error}");
        }
    }
    let bare = r#"{"error":{"code":404,"message":"Method not found.","status":"NOT_FOUND"}}"#;
    assert_eq!(failure(404, bare).kind(), ErrorKind::Misconfigured);
    // What is no mistake of ours stays what it is: too many calls, a token that has expired.
    for (status, reason, info, class) in [
        (403, "forbidden", "RATE_LIMIT_EXCEEDED", FailureClass::Quota),
        (
            400,
            "badRequest",
            "RESOURCE_QUOTA_EXCEEDED",
            FailureClass::Quota,
        ),
        (403, "quotaExceeded", "OF_TOMORROW", FailureClass::Quota),
        (401, "authError", "ACCESS_TOKEN_EXPIRED", FailureClass::Auth),
        (401, "ofTomorrow", "CREDENTIALS_MISSING", FailureClass::Auth),
        (409, "concurrentUpdate", "OF_TOMORROW", FailureClass::Retry),
    ] {
        let failure = failure(status, platform(status, "", reason, "", info));
        assert_eq!(failure.class(), class, "{reason} {info}");
    }
    // Google Play's own details, and what a message says of a token, change nothing.
    let own = platform(404, "NOT_FOUND", "notFound", "", "X")
        .replace("googleapis.com\"", "androidpublisher.googleapis.com\"");
    assert_eq!(failure(404, own).class(), FailureClass::NotFound);
    let token = object(404, "notFound", "No token 'method not found'.").to_string();
    assert_eq!(failure(404, token).class(), FailureClass::NotFound);
}

#[test]
fn a_mistake_in_our_package_name_never_looks_like_an_unknown_purchase() {
    for (reason, message) in [
        ("notFound", "Package not found: com.exampel.app."),
        (
            "notFound",
            "No application was found for the given package name.",
        ),
        ("invalid", "Invalid package name"),
        ("applicationNotFound", ""),
    ] {
        let failure = failure(404, object(404, reason, message).to_string());
        assert_eq!(failure.kind(), ErrorKind::Misconfigured, "{message}");
    }
    let token = "The purchase token does not match the package name.";
    let failure = failure(400, object(400, "invalid", token).to_string());
    assert_eq!(failure.class(), FailureClass::NotGenuine);
}

#[test]
fn no_outage_and_no_body_without_google_s_error_object_is_a_verdict() {
    let verdicts = [
        object(404, "purchaseTokenNotFound", "").to_string(),
        object(410, "purchaseTokenNoLongerValid", "").to_string(),
        object(400, "invalid", "").to_string(),
    ];
    let strange = [
        "",
        "<html>",
        "null",
        "[]",
        "{}",
        "404",
        r#"{"error":"not_found"}"#,
        r#"{"error":[]}"#,
        "{\"error\":{\"code\":404",
    ];
    for status in [408, 425, 429, 500, 502, 503, 504, 599] {
        for body in verdicts.iter().map(String::as_str).chain(strange) {
            assert_eq!(
                failure(status, body).kind(),
                ErrorKind::Unavailable,
                "{status} {body}"
            );
        }
    }
    for status in [100, 204, 301, 302, 304, 600, 0] {
        for body in &verdicts {
            assert_eq!(
                failure(status, body).kind(),
                ErrorKind::InvalidResponse,
                "{status}"
            );
        }
    }
    for status in [400, 401, 403, 404, 405, 409, 410, 422] {
        for body in strange {
            let failure = failure(status, body);
            assert_eq!(failure.kind(), ErrorKind::Misconfigured, "{status} {body}");
            assert_eq!(Error::from(failure).http_status(), Some(status));
        }
    }
    // A verdict in the body of a refused access token is none.
    for body in &verdicts {
        assert_eq!(failure(401, body).kind(), ErrorKind::Misconfigured);
    }
}

#[test]
fn an_error_object_is_read_whatever_the_order_and_types_of_its_members() {
    let inner = json!({ "errors": [{ "reason": "dailyLimitExceeded", "domain": "usageLimits" }], "code": 403 });
    assert_eq!(failure(403, inner.to_string()).class(), FailureClass::Quota);
    for error in [
        json!({ "code": "404", "message": 5, "errors": "none", "status": [], "details": {} }),
        json!({ "errors": [] }),
        json!({ "errors": [null] }),
        json!({ "errors": [{ "reason": 7 }], "details": [{ "@type": 1 }] }),
        json!({}),
    ] {
        let failure = failure(400, json!({ "error": error }).to_string());
        assert_eq!(failure.reason(), None);
        assert_eq!(failure.class(), FailureClass::WrongCall, "{error}");
    }
    let general =
        json!({ "error": { "errors": [{ "reason": "forbidden", "domain": "usageLimits" }] } });
    assert_eq!(
        failure(403, general.to_string()).class(),
        FailureClass::Quota
    );
}

#[test]
fn whose_mistake_a_refused_value_is_depends_on_the_call() {
    let kind = |subject, status, reason: &str| {
        let body = object(status, reason, "").to_string();
        ApiFailure::from_response(status, None, body.as_bytes(), subject).kind()
    };
    let rejected = ErrorKind::Rejected;
    for (reason, token, purchase, other) in [
        (
            "invalid",
            rejected(Rejection::Malformed),
            ErrorKind::Refused,
            ErrorKind::Refused,
        ),
        (
            "notFound",
            rejected(Rejection::NotFound),
            rejected(Rejection::NotFound),
            ErrorKind::Refused,
        ),
        (
            "purchaseTokenMismatch",
            rejected(Rejection::Inconsistent),
            rejected(Rejection::Inconsistent),
            ErrorKind::Refused,
        ),
        (
            "purchaseTokenDoesNotMatchPackageName",
            rejected(Rejection::WrongApp),
            rejected(Rejection::WrongApp),
            ErrorKind::Refused,
        ),
        (
            "purchaseTokenDoesNotMatchProductId",
            rejected(Rejection::WrongProduct),
            rejected(Rejection::WrongProduct),
            ErrorKind::Refused,
        ),
        (
            "invalidPurchaseState",
            ErrorKind::Refused,
            ErrorKind::Refused,
            ErrorKind::Refused,
        ),
    ] {
        assert_eq!(kind(Subject::Token, 400, reason), token, "{reason}");
        assert_eq!(kind(Subject::Purchase, 400, reason), purchase, "{reason}");
        assert_eq!(
            kind(Subject::SubscriptionV1, 400, reason),
            purchase,
            "{reason}"
        );
        assert_eq!(kind(Subject::Other, 400, reason), other, "{reason}");
    }
}

#[test]
fn a_mistake_in_the_set_up_says_where_to_look() {
    for (reason, hint) in [
        ("permissionDenied", "48 hours"),
        ("forbidden", "view financial data"),
        ("accessNotConfigured", "switch on"),
        ("insufficientPermissions", "scope androidpublisher"),
        ("projectNotLinked", "link the Cloud project"),
        ("applicationNotFound", "uploaded"),
        ("developerDoesNotOwnApplication", "another developer"),
    ] {
        let error = Error::from(failure(403, object(403, reason, "").to_string()));
        assert!(error.to_string().contains(hint), "{reason}: {error}");
        assert_eq!(error.api_code(), Some(reason));
        assert!(!error.is_retryable());
    }
}

#[test]
fn a_quota_says_when_to_come_back() {
    let minute = failure(403, object(403, "quotaExceeded", "").to_string());
    assert_eq!(minute.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!(
        failure(429, "").retry_after(),
        Some(Duration::from_secs(60))
    );
    let day = failure(403, object(403, "dailyLimitExceeded", "").to_string());
    assert_eq!(day.retry_after(), None);
    let asked = ApiFailure::from_response(429, Some(Duration::from_secs(7)), b"", Subject::Token);
    assert_eq!(
        Error::from(asked).retry_after(),
        Some(Duration::from_secs(7))
    );
}

#[test]
fn a_message_cannot_control_a_terminal_or_flood_a_log() {
    let message = format!("\u{1b}[2J\u{202e}{}", "x".repeat(10_000));
    let failure = failure(400, object(400, "invalid\n", &message).to_string());
    let shown = format!("{failure}");
    assert!(
        shown.len() < 300 && !shown.contains(['\u{1b}', '\u{202e}', '\n']),
        "{shown:?}"
    );
    assert_eq!(failure.class(), FailureClass::NotGenuine);
}
