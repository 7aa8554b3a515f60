//! A planted secret does not come out, however it got into what failed.

use std::error::Error as _;

use iap_core::{ErrorKind, http::TransportErrorKind};

use super::*;
use crate::client::redaction::without_secret;

/// Each byte percent-encoded.
pub(super) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// Neither the error nor a cause shows a part of the secret, as it is or encoded.
pub(super) fn assert_hidden(error: &Error) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        shown.push_str(&format!("{error} {error:?}"));
        cause = error.source();
    }
    let part = "pLanTeDs";
    for planted in [part.to_owned(), encoded(part), encoded(part).to_uppercase()] {
        assert!(!shown.contains(&planted), "{planted} in {shown}");
    }
}

/// The ways in which the secret may stand in a text from outside.
fn disguises() -> [String; 6] {
    [
        SECRET.to_owned(),
        encoded(SECRET),
        encoded(SECRET).to_uppercase(),
        SECRET.replace(':', "%3A").replace('=', "%3D"),
        format!(
            "https://appstore-sdk.amazon.com/version/1.0/verifyReceiptId/developer/{SECRET}/user/u"
        ),
        // Cut off.
        SECRET.chars().take(20).collect(),
    ]
}

#[tokio::test(start_paused = true)]
async fn what_amazon_or_a_proxy_repeats_of_the_address_is_left_out() {
    for disguise in disguises() {
        let message = json!({"message": format!("no route for {disguise}"), "status": false});
        let value = json!({
            "receiptId": "receipt", "productId": "gold", "productType": "ENTITLED",
            "purchaseDate": disguise,
        });
        let map = json!({
            "receiptId": "receipt", "productId": "gold", "productType": "ENTITLED",
            "purchaseDate": 1, "promotions": [{"promotionType": {&disguise: 1}}],
        });
        for (status, body) in [
            (400, &message),
            (404, &message),
            (410, &message),
            (429, &message),
            (496, &message),
            (497, &message),
            (500, &message),
            (302, &message),
            (200, &message),
            (200, &value),
            (200, &map),
        ] {
            let setup = production();
            for _ in 0..3 {
                setup.transport.answer(status, body);
            }
            let error = setup.verify().await.unwrap_err();
            assert_hidden(&error);
            assert_eq!(error.http_status(), Some(status));
            assert_eq!(error.store(), Some(iap_core::Store::AmazonAppstore));
        }
        // The verdict is the same without its details.
        let setup = production();
        setup.transport.answer(410, &message);
        let error = setup.verify().await.unwrap_err();
        assert_eq!(error.rejection(), Some(iap_core::Rejection::NoLongerValid));
        assert!(error.to_string().contains("left out"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_transport_tells_of_the_address_is_left_out() {
    for disguise in disguises() {
        for kind in [
            TransportErrorKind::Connect,
            TransportErrorKind::Interrupted,
            TransportErrorKind::Request,
            TransportErrorKind::Timeout,
            TransportErrorKind::TooLong,
        ] {
            let setup = production();
            for _ in 0..3 {
                let error = TransportError::new(kind).with_source(disguise.clone());
                setup.transport.push(Err(error));
            }
            assert_hidden(&setup.verify().await.unwrap_err());
        }
    }
}

#[test]
fn an_error_of_every_kind_keeps_what_decides_and_loses_what_shows() {
    let secret = Secret::new(SECRET);
    let wait = core::time::Duration::from_secs(3);
    let makers: [fn(String) -> Error; 5] = [
        |message| Error::unavailable(message),
        |message| Error::misconfigured(message),
        |message| Error::invalid_response(message),
        |message| Error::refused(message),
        |message| Error::rejected(iap_core::Rejection::NotFound, message),
    ];
    for make in makers {
        let decorate = |error: Error| error.with_http_status(418).with_retry_after(wait);
        let kind = make(String::new()).kind();
        for disguise in disguises() {
            for error in [
                make(disguise.clone()),
                make(String::new()).with_source(disguise.clone()),
                make(String::new()).with_source(make(String::new()).with_source(disguise.clone())),
                make(String::new()).with_api_code(disguise.clone()),
            ] {
                let told = without_secret(decorate(error), &secret);
                assert_hidden(&told);
                assert_eq!(told.kind(), kind);
                assert_eq!(
                    (told.http_status(), told.retry_after()),
                    (Some(418), Some(wait))
                );
            }
        }
        let harmless = without_secret(decorate(make("harmless".to_owned())), &secret);
        assert!(harmless.to_string().contains("harmless"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_without_the_secret_keeps_its_details() {
    let setup = production();
    setup.transport.answer(
        400,
        r#"{"message":"Failed to parse receipt Id","status":false}"#,
    );
    let error = setup.verify().await.unwrap_err();
    assert!(
        error
            .source()
            .unwrap()
            .to_string()
            .contains("Failed to parse")
    );
    assert_eq!(
        error.kind(),
        ErrorKind::Rejected(iap_core::Rejection::NotFound)
    );
}

#[tokio::test(start_paused = true)]
async fn no_debug_shows_the_secret_or_an_address() {
    let setup = production();
    setup.transport.answer(200, receipt("receipt"));
    let answer = setup.verify().await.unwrap();
    let builder = AmazonClient::production(SECRET).base_url("https://example.com/planted");
    let shown = format!(
        "{:?} {:?} {answer:?} {builder:?}",
        setup.client, setup.client.inner.http
    );
    for secret in [
        "pLanTeD",
        "planted",
        "https://",
        "receipt\"",
        "verifyReceiptId/",
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_short_secret_is_looked_for_as_a_whole() {
    let secret = Secret::new("abc");
    let shows = |text: &str| {
        let told = without_secret(Error::unavailable(text.to_owned()), &secret);
        !told.to_string().contains(text)
    };
    assert!(shows("xabcx") && shows("%61%62%63"));
    assert!(!shows("ab") && !shows("acb"));
}
