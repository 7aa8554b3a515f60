//! Every status that Amazon documents, and what must not be taken for one of them.

use std::error::Error as _;

use super::*;
use Endpoint::{ProductPurchase, SubscriptionPurchase, VerifyReceiptId};

const ENDPOINTS: [Endpoint; 3] = [VerifyReceiptId, ProductPurchase, SubscriptionPurchase];

const ERROR_OBJECT: &[u8] = br#"{"message":"said by Amazon","status":false}"#;

fn failure(endpoint: Endpoint, status: u16, body: &[u8]) -> ApiFailure {
    ApiFailure::from_response(endpoint, status, None, body)
}

/// The rows of the table of statuses.
fn kind_of(endpoint: Endpoint, status: u16) -> ErrorKind {
    match status {
        400 | 498 => ErrorKind::Rejected(Rejection::NotFound),
        410 => ErrorKind::Rejected(Rejection::NoLongerValid),
        497 if endpoint == VerifyReceiptId => ErrorKind::Rejected(Rejection::WrongAccount),
        497 => ErrorKind::Rejected(Rejection::NotFound),
        496 => ErrorKind::Misconfigured,
        408 | 425 | 429 | 500..=599 => ErrorKind::Unavailable,
        401..=499 => ErrorKind::Misconfigured,
        _ => ErrorKind::InvalidResponse,
    }
}

#[test]
fn every_status_has_its_meaning_with_an_error_object_or_nothing() {
    for endpoint in ENDPOINTS {
        for status in (0..=1000).chain([u16::MAX]) {
            for body in [ERROR_OBJECT, b"{}", b"", b" \n", br#"{"message":null}"#] {
                let failure = failure(endpoint, status, body);
                assert_eq!(failure.kind(), kind_of(endpoint, status), "{failure}");
                assert_eq!(failure.http_status(), status);
                assert_eq!(failure.endpoint(), endpoint);
            }
        }
    }
}

#[test]
fn a_page_of_a_gateway_is_no_verdict_and_keeps_its_status() {
    let long = [b'{'; MAX_BODY_LENGTH + 1];
    for endpoint in ENDPOINTS {
        for status in 0..=1000 {
            for body in [
                b"<html>Bad Request</html>".as_slice(),
                b"Bad Request",
                b"[]",
                br#"["said by a gateway"]"#,
                br#"{"message":"cut off"#,
                b"null",
                b"\xff\xfe",
                &long,
            ] {
                let failure = failure(endpoint, status, body);
                // Which no gateway answers, and which must not be overlooked.
                let is_amazon_s = matches!(status, 410 | 497);
                let is_verdict = matches!(failure.kind(), ErrorKind::Rejected(_));
                assert_eq!(is_verdict, is_amazon_s, "{status} {body:?}");
                assert_eq!(failure.message(), None);
                assert_eq!(Error::from(failure).http_status(), Some(status));
            }
        }
    }
}

#[test]
fn only_what_passes_by_itself_is_repeated() {
    for endpoint in ENDPOINTS {
        for status in 0..=1000 {
            let failure = failure(endpoint, status, ERROR_OBJECT);
            let passes = matches!(status, 408 | 425 | 429 | 500..=599);
            assert_eq!(failure.is_worth_repeating(), passes, "{status}");
            assert_eq!(failure.is_rate_limit(), status == 429, "{status}");
            assert_eq!(
                failure.kind() == ErrorKind::Unavailable,
                passes,
                "an outage is what passes: {status}"
            );
        }
    }
}

#[test]
fn the_error_carries_store_status_wait_and_what_amazon_said() {
    let wait = Duration::from_secs(7);
    let failure = ApiFailure::from_response(VerifyReceiptId, 429, Some(wait), ERROR_OBJECT);
    assert_eq!(failure.retry_after(), Some(wait));
    let error = Error::from(failure);
    assert_eq!(error.store(), Some(Store::AmazonAppstore));
    assert_eq!(error.retry_after(), Some(wait));
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "amazon_appstore: unavailable: Amazon asks for fewer calls; try again later (status 429)"
    );
    assert_eq!(
        error.source().unwrap().to_string(),
        "Amazon answered verifyReceiptId with status 429: said by Amazon"
    );
}

#[test]
fn a_message_is_fit_for_a_log_whatever_is_in_it() {
    let message = |body: &[u8]| {
        let failure = failure(VerifyReceiptId, 400, body);
        failure.message().map(str::to_owned)
    };
    assert_eq!(
        message("\u{feff} {\"message\":\"two\\nlines\\u202e\"}".as_bytes()).unwrap(),
        "two lines"
    );
    let long = format!(r#"{{"message":"{}"}}"#, "x".repeat(5_000));
    assert!(message(long.as_bytes()).unwrap().len() < 300);
    for no_text in [
        r#"{"message":7}"#,
        r#"{"message":["a"]}"#,
        r#"{"message":""}"#,
        "{}",
    ] {
        assert_eq!(message(no_text.as_bytes()), None, "{no_text}");
    }
}

#[test]
fn each_endpoint_has_amazon_s_name() {
    assert_eq!(
        ENDPOINTS.map(Endpoint::as_str),
        [
            "verifyReceiptId",
            "purchases.products.get",
            "purchases.subscriptionsv2.get"
        ]
    );
}
