//! What failed calls mean: every rule, and bodies that nobody should send.

use std::{error::Error as _, time::Duration};

use iap_core::{Error, ErrorKind, Rejection, Store};
use serde_json::json;

use crate::{ApiError, ApiFailure};

const NOT_FOUND: ErrorKind = ErrorKind::Rejected(Rejection::NotFound);

fn body(code: i64) -> Vec<u8> {
    json!({"errorCode": code, "errorMessage": "A message."})
        .to_string()
        .into_bytes()
}

fn fail(status: u16, code: i64) -> ApiFailure {
    ApiFailure::from_response(status, None, &body(code))
}

/// The failure that Apple reports with `error`.
fn of(error: ApiError) -> ApiFailure {
    fail(error.http_status().unwrap(), error.as_i64())
}

#[test]
fn each_code_is_classified_by_what_it_says_about_the_purchase() {
    use ErrorKind::{Misconfigured, Refused, Unavailable};

    for (code, kind) in [
        // Apple looked, and there is no such purchase.
        (4000006, NOT_FOUND),
        (4040005, NOT_FOUND),
        (4040010, NOT_FOUND),
        // Later.
        (4000213, Unavailable),
        (4040002, Unavailable),
        (4040004, Unavailable),
        (4040006, Unavailable),
        (4040008, Unavailable),
        (4290000, Unavailable),
        (5000000, Unavailable),
        (5000001, Unavailable),
        // The set-up.
        (4000002, Misconfigured),
        (4010000, Misconfigured),
        (4040003, Misconfigured),
        (4040007, Misconfigured),
        // The purchase may be real: the wrong one of its ids, or its surroundings are missing.
        (4000008, Refused),
        (4000048, Refused),
        (4000185, Refused),
        (4000187, Refused),
        (4040001, Refused),
        (4040019, Refused),
        // The operation, not the purchase.
        (4000000, Refused),
        (4000017, Refused),
        (4000174, Refused),
        (4030004, Refused),
        (4030008, Refused),
        (4030013, Refused),
        (4030021, Refused),
        (4040009, Refused),
        (4040016, Refused),
        (4090000, Refused),
        (4090001, Refused),
        // Of tomorrow.
        (4009999, Refused),
        (4039999, Refused),
        (4049999, Refused),
        (4099999, Refused),
        (4290001, Unavailable),
        (5039999, Unavailable),
    ] {
        assert_eq!(of(ApiError::from(code)).kind(), kind, "{code}");
    }
}

#[test]
fn only_three_codes_are_a_verdict_and_every_retryable_one_is_an_outage() {
    let rejected: Vec<_> = ApiError::known()
        .iter()
        .filter(|error| matches!(of(**error).kind(), ErrorKind::Rejected(_)))
        .collect();
    assert_eq!(
        rejected,
        [
            &ApiError::InvalidTransactionId,
            &ApiError::OriginalTransactionIdNotFound,
            &ApiError::TransactionIdNotFound,
        ]
    );
    for error in ApiError::known() {
        if error.is_retryable() {
            assert_eq!(of(*error).kind(), ErrorKind::Unavailable, "{error}");
        }
    }
}

#[test]
fn a_verdict_needs_the_status_that_belongs_to_its_code() {
    let verdicts = [4000006, 4040005, 4040010];
    for code in verdicts.into_iter().chain([4049999, 0, -1, i64::MIN]) {
        for status in 0..=1000 {
            let rejected = matches!(fail(status, code).kind(), ErrorKind::Rejected(_));
            let expected = verdicts.contains(&code) && i64::from(status) == code / 10_000;
            assert_eq!(rejected, expected, "status {status}, code {code}");
        }
    }
}

#[test]
fn no_401_no_429_and_no_server_failure_is_ever_a_verdict() {
    let codes = ApiError::known().iter().map(|error| error.as_i64());
    for code in codes.chain([0, -1, 4049999, i64::MAX, i64::MIN]) {
        assert_eq!(fail(401, code).kind(), ErrorKind::Misconfigured, "{code}");
        for status in [408, 425, 429, 500, 501, 502, 503, 504, 520, 599] {
            assert_eq!(
                fail(status, code).kind(),
                ErrorKind::Unavailable,
                "status {status}, code {code}"
            );
        }
    }
}

#[test]
fn without_an_error_object_the_status_alone_decides_and_is_never_a_verdict() {
    use ErrorKind::{InvalidResponse, Misconfigured, Unavailable};

    for status in 0..=1000 {
        let expected = match status {
            408 | 425 | 429 | 500..=599 => Unavailable,
            400..=499 => Misconfigured,
            _ => InvalidResponse,
        };
        for body in ["", "Unauthenticated", "<html>not found</html>", "{}"] {
            let failure = ApiFailure::from_response(status, None, body.as_bytes());
            assert_eq!(failure.kind(), expected, "status {status}, {body:?}");
            assert_eq!(failure.api_error(), None);
            assert_eq!(failure.http_status(), status);
        }
    }
}

#[test]
fn a_status_that_reports_no_error_is_no_answer_of_apple() {
    for status in [200, 204, 301, 302, 307, 308] {
        assert_eq!(fail(status, 4040010).kind(), ErrorKind::InvalidResponse);
    }
}

#[test]
fn a_code_that_speaks_of_later_outweighs_a_client_error_status() {
    for code in [4290000, 5000000, 5000001, 4040002] {
        assert_eq!(fail(400, code).kind(), ErrorKind::Unavailable, "{code}");
    }
    let error = Error::from(fail(400, 4290000));
    assert!(error.to_string().contains("wait as long as Apple says"));
}

#[test]
fn a_code_that_contradicts_the_status_decides_nothing() {
    for (status, code) in [(400, 4040010), (404, 4000006), (403, 4040005), (400, 17)] {
        let failure = fail(status, code);
        assert_eq!(failure.kind(), ErrorKind::InvalidResponse);
        assert_eq!(failure.api_error(), Some(ApiError::from(code)));
        let error = Error::from(failure);
        assert!(!error.to_string().contains("environment"), "{error}");
    }
}

#[test]
fn the_other_environment_is_worth_asking_after_not_found_and_after_401_only() {
    for (status, code) in [(400, 4000006), (404, 4040005), (404, 4040010), (401, 0)] {
        assert!(fail(status, code).suggests_other_environment(), "{code}");
    }
    assert!(ApiFailure::from_response(401, None, b"").suggests_other_environment());
    for (status, code) in [
        (400, 4000002),
        (400, 4000008),
        (400, 4040010),
        (403, 4030004),
        (404, 4040001),
        (404, 4040003),
        (404, 4040006),
        (429, 4290000),
        (500, 4040010),
    ] {
        assert!(!fail(status, code).suggests_other_environment(), "{code}");
    }
    assert!(!ApiFailure::from_response(404, None, b"").suggests_other_environment());
}

#[test]
fn the_error_object_is_read_in_every_spelling_that_means_it() {
    for body in [
        r#"{"errorCode":4040010,"errorMessage":"Gone."}"#,
        r#"{"errorMessage":"Gone.","errorCode":4040010.0}"#,
        r#"{"errorCode":"4040010","errorMessage":"Gone."}"#,
        "\u{feff}{\"errorCode\":4040010,\"errorMessage\":\"Gone.\"}",
        " \r\n{ \"errorCode\" : 4040010 , \"errorMessage\" : \"Gone.\" }\n",
        r#"{"errorCode":4040010,"errorMessage":"Gone.","details":{"a":[1,null]},"errorName":7}"#,
    ] {
        let failure = ApiFailure::from_response(404, None, body.as_bytes());
        assert_eq!(
            failure.api_error(),
            Some(ApiError::TransactionIdNotFound),
            "{body}"
        );
        assert_eq!(failure.message(), Some("Gone."), "{body}");
    }
}

#[test]
fn an_unreadable_message_does_not_hide_the_code() {
    for message in [
        r#""""#,
        r#"" \u0000\u2028 ""#,
        "null",
        "7",
        "true",
        "[]",
        "{}",
    ] {
        let body = format!(r#"{{"errorMessage":{message},"errorCode":4040010}}"#);
        let failure = ApiFailure::from_response(404, None, body.as_bytes());
        assert_eq!(failure.kind(), NOT_FOUND, "{message}");
        assert_eq!(failure.message(), None, "{message}");
    }

    let latin1 = b"{\"errorMessage\":\"Caf\xe9\",\"errorCode\":4040010}";
    let failure = ApiFailure::from_response(404, None, latin1);
    assert_eq!(failure.kind(), NOT_FOUND);
    assert_eq!(failure.message(), Some("Caf\u{fffd}"));
}

#[test]
fn an_unreadable_code_does_not_hide_the_message() {
    for code in [
        "null",
        "true",
        "[4040010]",
        "{}",
        r#""""#,
        r#""4040010 ""#,
        r#""TRANSACTION_ID_NOT_FOUND""#,
        "4040010.5",
        "1e300",
        "18446744073709551615",
    ] {
        let body = format!(r#"{{"errorCode":{code},"errorMessage":"Gone."}}"#);
        let failure = ApiFailure::from_response(404, None, body.as_bytes());
        assert_eq!(failure.api_error(), None, "{code}");
        assert_eq!(failure.message(), Some("Gone."), "{code}");
        assert_eq!(failure.kind(), ErrorKind::Misconfigured, "{code}");
    }
}

#[test]
fn a_negative_or_enormous_code_is_kept_and_means_nothing() {
    for code in [-4040010, -1, 0, i64::MIN, i64::MAX] {
        let failure = fail(404, code);
        assert_eq!(failure.api_error(), Some(ApiError::Unknown(code)));
        assert_eq!(failure.kind(), ErrorKind::InvalidResponse);
        assert_eq!(
            Error::from(failure).api_code(),
            Some(code.to_string().as_str())
        );
    }
}

#[test]
fn hostile_bodies_leave_the_status_and_no_verdict() {
    let good = body(4040010);
    let cut = &good[..good.len() - 1];
    let deep = format!(r#"{{"errorCode":{}"#, "[".repeat(50_000));
    let huge = format!(
        r#"{{"errorCode":4040010,"errorMessage":"{}"}}"#,
        "x".repeat(10 << 20)
    );
    let utf16: Vec<u8> = String::from_utf8_lossy(&good)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let bodies: &[&[u8]] = &[
        b"",
        b" ",
        b"\xef\xbb\xbf",
        b"null",
        b"4040010",
        b"\"4040010\"",
        b"[4040010,\"Gone.\"]",
        b"[{\"errorCode\":4040010}]",
        b"{\"error\":{\"errorCode\":4040010}}",
        b"{\"ErrorCode\":4040010}",
        b"{\"errorCode\":4040010,\"errorCode\":4000006}",
        b"{\"errorCode\":4040010} trailing",
        b"<!DOCTYPE html><html>{\"errorCode\":4040010}</html>",
        b"\x00\x01\xff\xfe\x80",
        cut,
        deep.as_bytes(),
        huge.as_bytes(),
        &huge.as_bytes()[..1 << 20],
        &utf16,
    ];
    for body in bodies {
        let failure = ApiFailure::from_response(404, None, body);
        let start = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(failure.http_status(), 404, "{start}");
        assert_eq!(failure.api_error(), None, "{start}");
        assert_eq!(failure.message(), None, "{start}");
        assert_eq!(failure.kind(), ErrorKind::Misconfigured, "{start}");
        let failure = ApiFailure::from_response(503, None, body);
        assert_eq!(failure.kind(), ErrorKind::Unavailable, "{start}");
    }
}

#[test]
fn a_deep_member_beside_the_code_does_not_hide_it() {
    let body = format!(
        r#"{{"trace":{}{},"errorCode":4040010}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let failure = ApiFailure::from_response(404, None, body.as_bytes());
    assert_eq!(failure.kind(), NOT_FOUND);
}

#[test]
fn the_message_cannot_flood_break_or_disguise_a_log_line() {
    let text = format!(
        "a\nb\r\u{1b}[31mc\u{202e}d\u{0}e\u{2028}f{}",
        "é".repeat(5000)
    );
    let body = json!({"errorCode": 4040010, "errorMessage": text}).to_string();
    let failure = ApiFailure::from_response(404, None, body.as_bytes());
    let message = failure.message().unwrap();
    assert!(message.starts_with("a b  [31mc d e fé"), "{message}");
    assert!(message.ends_with('…'));
    assert_eq!(message.chars().count(), 201);
    assert!(failure.to_string().chars().count() < 300);
}

#[test]
fn the_common_error_carries_everything_and_says_what_to_do() {
    let wait = Duration::from_secs(90);
    let failure = ApiFailure::from_response(429, Some(wait), &body(4290000));
    let error = Error::from(failure.clone());
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.is_retryable());
    assert_eq!(error.store(), Some(Store::AppStore));
    assert_eq!(error.http_status(), Some(429));
    assert_eq!(error.api_code(), Some("4290000"));
    assert_eq!(error.retry_after(), Some(wait));
    assert_eq!(
        error.source().unwrap().downcast_ref::<ApiFailure>(),
        Some(&failure)
    );
    assert_eq!(
        failure.to_string(),
        "Apple answered status 429, code 4290000 (RATE_LIMIT_EXCEEDED): A message."
    );

    let error = Error::from(fail(404, 4040010));
    assert_eq!(error.rejection(), Some(Rejection::NotFound));
    assert_eq!(error.retry_after(), None);
    assert_eq!(
        error.to_string(),
        "app_store: rejected: TRANSACTION_ID_NOT_FOUND: the id may belong to the other environment: \
         ask there before you deny (status 404, code 4040010)"
    );
}

#[test]
fn rate_limits_keep_the_wait_whatever_the_body() {
    let wait = Duration::from_millis(1500);
    for body in [&b""[..], b"<html>slow down</html>", &body(4290000)] {
        let error = Error::from(ApiFailure::from_response(429, Some(wait), body));
        assert_eq!(error.retry_after(), Some(wait));
        assert!(error.to_string().contains("wait as long as Apple says"));
    }
}

#[test]
fn a_401_lists_what_to_check_whatever_the_body() {
    for body in [&b""[..], b"Unauthenticated\n\n", &body(4010000), &body(17)] {
        let error = Error::from(ApiFailure::from_response(401, None, body));
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        let text = error.to_string();
        for check in [
            "In-App Purchase key",
            "issuer id",
            "key id",
            "bundle id",
            "clock",
            "in-app request",
            "released",
        ] {
            assert!(text.contains(check), "{text}");
        }
    }
}

#[test]
fn what_is_not_apples_error_object_sends_the_operator_to_the_base_url() {
    for status in [302, 400, 403, 404, 405] {
        let error = Error::from(ApiFailure::from_response(status, None, b"<html></html>"));
        assert!(error.to_string().contains("base URL"), "{error}");
        assert_eq!(error.api_code(), None);
    }
}
