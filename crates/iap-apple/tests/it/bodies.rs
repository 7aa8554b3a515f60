//! Which bodies of requests hold a notification, and what is said about every other?

use iap_apple::{
    BodyProblem, MAX_NOTIFICATION_BODY_LENGTH, VerificationFailure, VerifiedNotification,
};
use iap_core::{Error, ErrorKind, EventKind, Rejection};
use iap_testkit::Forgery;
use serde_json::json;

use crate::support::{AUTHORITY, notification, transaction, verifier};

fn verify(body: impl AsRef<[u8]>) -> Result<VerifiedNotification, VerificationFailure> {
    verifier().verify_notification_body(body)
}

fn problem(body: impl AsRef<[u8]>) -> BodyProblem {
    match verify(body) {
        Err(VerificationFailure::Body(problem)) => problem,
        Err(other) => panic!("not about the body: {other}"),
        Ok(_) => panic!("accepted"),
    }
}

fn genuine() -> String {
    notification("DID_RENEW", &transaction()).sign(&AUTHORITY)
}

fn is_json_problem(body: impl AsRef<[u8]>) -> bool {
    matches!(problem(body), BodyProblem::Json { .. })
}

#[test]
fn an_empty_body_is_named_as_that() {
    for body in ["", " ", "\r\n\t"] {
        assert_eq!(problem(body), BodyProblem::Empty);
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    let genuine = genuine();
    for body in [
        "<html><body>502 Bad Gateway</body></html>".to_owned(),
        "null".to_owned(),
        "5".to_owned(),
        "signedPayload=a.b.c".to_owned(),
        genuine.clone(),
        format!("\"{genuine}\""),
        format!("[\"{genuine}\"]"),
        format!("[{{\"signedPayload\":\"{genuine}\"}}]"),
        format!("\u{feff}{{\"signedPayload\":\"{genuine}\"}}"),
        format!("{{\"signedPayload\":\"{genuine}\"}}}}"),
        format!("{{\"signedPayload\":\"{genuine}\"}}{{}}"),
        format!("{{\"signedPayload\":\"{genuine}\",}}"),
        format!("{{signedPayload:\"{genuine}\"}}"),
        "{".to_owned(),
        "{}}".to_owned(),
        format!("{{\"deep\":{}", "[".repeat(100_000)),
    ] {
        assert!(is_json_problem(&body), "{body:.40}");
    }
    assert!(is_json_problem(b"{\"signedPayload\":\"\xff\"}"));
    assert!(is_json_problem(b"\x00"));
}

#[test]
fn a_body_cut_off_anywhere_is_refused() {
    let body = format!("{{\"signedPayload\":\"{}\"}}", "x".repeat(500));
    assert_eq!(
        verify(&body).unwrap_err(),
        VerificationFailure::SegmentCount { found: 1 }
    );
    for length in 1..body.len() {
        assert!(is_json_problem(&body.as_bytes()[..length]), "{length}");
    }
}

#[test]
fn a_body_longer_than_the_limit_is_refused_before_it_is_read() {
    for byte in [b'{', b' ', b'x', 0] {
        for found in [MAX_NOTIFICATION_BODY_LENGTH + 1, 10 * 1024 * 1024] {
            assert_eq!(
                verify(vec![byte; found]).unwrap_err(),
                VerificationFailure::TooLong {
                    found,
                    limit: MAX_NOTIFICATION_BODY_LENGTH,
                }
            );
        }
    }
    let mut longest = json!({ "signedPayload": genuine() }).to_string();
    longest.extend(core::iter::repeat_n(
        ' ',
        MAX_NOTIFICATION_BODY_LENGTH - longest.len(),
    ));
    verify(&longest).unwrap();
    longest.push(' ');
    assert_eq!(verify(&longest).unwrap_err().check(), "too_long");
}

#[test]
fn a_body_without_a_signed_payload_is_refused() {
    for body in [
        json!({}),
        json!({ "SignedPayload": genuine() }),
        json!({ "signed_payload": genuine() }),
        json!({ "data": { "signedPayload": genuine() } }),
    ] {
        assert_eq!(problem(body.to_string()), BodyProblem::Missing);
    }
    for value in [
        json!(null),
        json!(1),
        json!(true),
        json!([genuine()]),
        json!({ "jws": genuine() }),
    ] {
        let body = json!({ "signedPayload": value }).to_string();
        assert_eq!(problem(body), BodyProblem::NotText);
    }
}

#[test]
fn of_two_signed_payloads_neither_is_verified() {
    let genuine = genuine();
    let forged = "a.b.c";
    for (first, second) in [
        (format!("\"{genuine}\""), format!("\"{forged}\"")),
        (format!("\"{forged}\""), format!("\"{genuine}\"")),
        (format!("\"{genuine}\""), format!("\"{genuine}\"")),
        ("null".to_owned(), format!("\"{genuine}\"")),
        (format!("\"{genuine}\""), "null".to_owned()),
    ] {
        for name in ["signedPayload", "signed\\u0050ayload"] {
            let body = format!("{{\"signedPayload\":{first},\"{name}\":{second}}}");
            assert_eq!(problem(body), BodyProblem::Repeated);
        }
    }
}

/// What Apple posts while App Store Connect is set to version 1. It holds the app's shared secret.
#[test]
fn a_version_1_notification_is_named_as_that_and_its_secret_is_not_repeated() {
    let body = json!({
        "unified_receipt": { "status": 0, "environment": "Production", "latest_receipt": "MII=" },
        "environment": "PROD",
        "auto_renew_status": "true",
        "bvrs": "42",
        "bid": "com.example.app",
        "password": "0123456789abcdef0123456789abcdef",
        "auto_renew_product_id": "pro.monthly",
        "notification_type": "DID_RENEW",
    });
    assert_eq!(problem(body.to_string()), BodyProblem::Version1);
    for body in [body.to_string(), format!("{body}?"), format!("\"{body}\"")] {
        let failure = verify(body).unwrap_err();
        let shown = format!("{failure} {failure:?} {:?}", Error::from(failure.clone()));
        assert!(!shown.contains("0123456789"), "{shown}");
    }
}

#[test]
fn a_wrong_body_is_a_verdict() {
    let failure = verify("<html>").unwrap_err();
    assert_eq!(failure.check(), "body");
    let error = Error::from(failure);
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::Malformed));
}

#[test]
fn what_is_in_the_body_is_verified() {
    let payload = notification("DID_RENEW", &transaction()).payload(&AUTHORITY);
    for forgery in Forgery::all() {
        let forged = AUTHORITY.forge(*forgery, &payload);
        let body = json!({ "signedPayload": forged }).to_string();
        let expected = verifier().verify_notification(&forged).unwrap_err();
        assert_eq!(verify(body).unwrap_err(), expected, "{forgery}");
    }
    let body = json!({ "signedPayload": transaction().sign(&AUTHORITY) }).to_string();
    assert_eq!(verify(body).unwrap_err().check(), "wrong_kind");
}

#[test]
fn a_genuine_body_verifies_however_its_json_is_written() {
    let genuine = genuine();
    let escaped = genuine.replacen('e', "\\u0065", 5);
    assert_ne!(escaped, genuine);
    for body in [
        format!("{{\"signedPayload\":\"{genuine}\"}}"),
        format!("\r\n {{ \"signedPayload\" :\t\"{genuine}\" }}\n"),
        format!("{{\"signedPayload\":\"{escaped}\"}}"),
        format!("{{\"signed\\u0050ayload\":\"{genuine}\"}}"),
        format!("{{\"new\":[1,{{}}],\"signedPayload\":\"{genuine}\",\"new\":null}}"),
        format!("{{\"notification_type\":\"DID_RENEW\",\"signedPayload\":\"{genuine}\"}}"),
    ] {
        let event = verify(body).unwrap().to_event().unwrap();
        assert_eq!(event.kind, EventKind::Renewed);
    }
}
