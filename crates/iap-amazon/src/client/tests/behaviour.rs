//! Verdicts, retries and limits.

use core::time::Duration;

use iap_core::{
    ErrorKind, Rejection, Store,
    http::{RetryPolicy, TransportErrorKind},
};
use tokio::time::Instant;

use super::*;

const REJECTED: &str = r#"{"message":"said by Amazon","status":false}"#;

#[tokio::test]
async fn an_answer_carries_its_environment_its_customer_and_the_moment_it_came() {
    for (setup, environment) in [
        (production(), Environment::Production),
        (sandbox(), Environment::Sandbox),
    ] {
        setup.transport.answer(200, receipt("receipt"));
        setup.clock.advance(Duration::from_secs(5));
        let answer = setup.verify().await.unwrap();
        assert_eq!(answer.environment(), environment);
        assert_eq!(answer.user_id().unwrap(), &"user");
        assert_eq!(answer.received_at(), setup.clock.now());
        let purchase = answer.to_purchase();
        assert_eq!(purchase.as_of, setup.clock.now());
        assert_eq!(purchase.is_test, environment == Environment::Sandbox);
        assert_eq!(setup.client.environment(), environment);
    }
}

#[tokio::test(start_paused = true)]
async fn each_answer_of_amazon_has_its_meaning_and_its_number_of_attempts() {
    use ErrorKind::{InvalidResponse, Misconfigured, Rejected, Unavailable};
    let page = "<html>planted</html>";
    let table = [
        (400, REJECTED, Rejected(Rejection::NotFound), 1),
        (400, "", Rejected(Rejection::NotFound), 1),
        (400, page, InvalidResponse, 1),
        (410, "", Rejected(Rejection::NoLongerValid), 1),
        (410, REJECTED, Rejected(Rejection::NoLongerValid), 1),
        (410, page, Rejected(Rejection::NoLongerValid), 1),
        (429, "", Unavailable, 3),
        (429, page, Unavailable, 3),
        (
            496,
            r#"{"message":"Invalid developerSecret"}"#,
            Misconfigured,
            1,
        ),
        (496, "", Misconfigured, 1),
        (497, REJECTED, Rejected(Rejection::WrongAccount), 1),
        (497, page, Rejected(Rejection::WrongAccount), 1),
        (498, REJECTED, Rejected(Rejection::NotFound), 1),
        (499, REJECTED, Misconfigured, 1),
        (500, "", Unavailable, 3),
        (502, page, Unavailable, 3),
        (503, REJECTED, Unavailable, 3),
        (504, r#"{"message":"timeout response"}"#, Unavailable, 3),
        (408, "", Unavailable, 3),
        (401, "", Misconfigured, 1),
        (403, page, Misconfigured, 1),
        (404, REJECTED, Misconfigured, 1),
        (405, "", Misconfigured, 1),
        (301, "", InvalidResponse, 1),
        (302, page, InvalidResponse, 1),
        (204, "", InvalidResponse, 1),
        (202, REJECTED, InvalidResponse, 1),
        // 200 without a receipt may be half of an answer.
        (200, "", InvalidResponse, 3),
        (200, page, InvalidResponse, 3),
        (200, "null", InvalidResponse, 3),
        (200, REJECTED, InvalidResponse, 3),
        (
            200,
            r#"{"receiptId":"receipt","productId":"gold""#,
            InvalidResponse,
            3,
        ),
    ];
    for (status, body, kind, attempts) in table {
        let setup = production();
        for _ in 0..3 {
            setup.transport.answer(status, body);
        }
        let error = setup.verify().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}: {error}");
        assert_eq!(error.http_status(), Some(status), "{body}");
        assert_eq!(error.store(), Some(Store::AmazonAppstore));
        assert_eq!(setup.transport.urls().len(), attempts, "{status} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_and_the_answer_after_it_counts() {
    for (status, body) in [(429, ""), (503, "<html>"), (200, "<html>"), (200, "")] {
        let setup = production();
        setup.transport.answer(status, body);
        setup.transport.answer(200, receipt("receipt"));
        assert!(setup.verify().await.is_ok(), "{status}");
    }
    for status in [400, 410, 497] {
        let setup = production();
        setup.transport.answer(503, "").answer(status, "");
        let error = setup.verify().await.unwrap_err();
        assert!(error.rejection().is_some(), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_never_a_verdict() {
    for (kind, attempts) in [
        (TransportErrorKind::Connect, 3),
        (TransportErrorKind::Interrupted, 3),
        (TransportErrorKind::Timeout, 3),
        (TransportErrorKind::TooLong, 1),
        (TransportErrorKind::Request, 1),
    ] {
        let setup = production();
        for _ in 0..3 {
            setup.transport.push(Err(TransportError::new(kind)));
        }
        let error = setup.verify().await.unwrap_err();
        assert_eq!(error.rejection(), None, "{kind:?}");
        assert_eq!(setup.transport.urls().len(), attempts, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn amazon_may_say_when_to_come_back_in_seconds_or_by_date() {
    for (header, seconds, attempts) in [
        ("2", 2, 3),
        ("Sat, 21 Nov 2026 12:00:02 GMT", 2, 3),
        // Beyond the deadline: reported, not waited for.
        ("90", 90, 1),
        ("Sat, 21 Nov 2026 12:01:30 GMT", 90, 1),
    ] {
        for status in [429, 503] {
            let setup = production();
            for _ in 0..3 {
                let mut answer = answer_of(status, "");
                answer
                    .headers_mut()
                    .insert("retry-after", header.parse().unwrap());
                setup.transport.push(Ok(answer));
            }
            let started = Instant::now();
            let error = setup.verify().await.unwrap_err();
            assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
            assert_eq!(setup.transport.urls().len(), attempts, "{header}");
            if attempts == 3 {
                assert!(started.elapsed() >= Duration::from_secs(2 * seconds));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_may_forbid_repetition() {
    let setup = setup(AmazonClient::production(SECRET).retry(RetryPolicy::never()));
    setup.transport.answer(503, "");
    assert_eq!(
        setup.verify().await.unwrap_err().kind(),
        ErrorKind::Unavailable
    );
    assert_eq!(setup.transport.urls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_limit_spreads_the_calls_and_what_does_not_get_its_turn_is_no_verdict() {
    let setup = setup(AmazonClient::production(SECRET).requests_per_second(10));
    for _ in 0..200 {
        setup.transport.answer(200, receipt("receipt"));
    }
    let started = Instant::now();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = setup.client.clone();
        calls.spawn(async move {
            let (receipt_id, user_id) = (ReceiptId::new("receipt"), UserId::new("user"));
            client.verify_receipt(&receipt_id, &user_id).await
        });
    }
    let answers = calls.join_all().await;
    // The deadline of a call is 8 seconds.
    assert!(started.elapsed() < Duration::from_secs(9));
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((80..=90).contains(&answered), "{answered}");
    for error in answers.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
}

#[tokio::test]
async fn an_answer_about_another_receipt_is_no_verdict() {
    for other in ["Receipt", "receipt ", "receipt=", "other"] {
        let setup = production();
        setup.transport.answer(200, receipt(other));
        let error = setup.verify().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{other}");
    }
}

/// A receipt id as App Tester makes them, for any product one likes.
fn made_by_app_tester() -> ReceiptId {
    use base64::Engine as _;
    let json = r#"{"u":"user","s":"gold","t":1,"d":"1604613233106"}"#;
    let compressed = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), 6);
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(compressed);
    id.into()
}

#[tokio::test]
async fn a_receipt_of_app_tester_is_refused_in_production_before_anything_goes_out() {
    let receipt_id = made_by_app_tester();
    let user_id = UserId::new("user");
    let setup = production();
    // Even if production would accept it.
    setup.transport.answer(200, receipt(receipt_id.as_str()));
    let answer = setup.client.verify_receipt(&receipt_id, &user_id).await;
    assert_eq!(
        answer.unwrap_err().kind(),
        ErrorKind::Rejected(Rejection::WrongEnvironment)
    );
    assert_eq!(setup.transport.urls(), [""; 0]);

    let setup = sandbox();
    setup.transport.answer(200, receipt(receipt_id.as_str()));
    let answer = setup.client.verify_receipt(&receipt_id, &user_id).await;
    assert!(answer.unwrap().to_purchase().is_test);
}

#[cfg(feature = "billing-compatibility")]
mod billing_compatibility {
    use iap_core::{AppId, ProductId, PurchaseToken};

    use super::*;

    fn product(product_id: &str, product_type: &str, token: &str) -> Value {
        json!({
            "productId": product_id, "productType": product_type, "purchaseState": 0,
            "purchaseTimeMillis": now().as_millis().to_string(), "purchaseToken": token,
        })
    }

    async fn ask_product(setup: &Setup) -> Result<Answer<crate::ProductPurchase>, Error> {
        let (app, token) = (AppId::new("com.example.app"), PurchaseToken::new("token"));
        let product = ProductId::new("gold");
        setup
            .client
            .get_product_purchase(&app, &product, &token)
            .await
    }

    async fn ask_subscription(setup: &Setup) -> Result<Answer<crate::SubscriptionPurchase>, Error> {
        let (app, token) = (AppId::new("com.example.app"), PurchaseToken::new("token"));
        setup.client.get_subscription_purchase(&app, &token).await
    }

    #[tokio::test]
    async fn the_product_must_be_the_one_that_was_asked_for() {
        for (answer, kind) in [
            (product("gold", "CONSUMABLE", "token"), None),
            (
                product("silver", "CONSUMABLE", "token"),
                Some(ErrorKind::Rejected(Rejection::WrongProduct)),
            ),
            (
                product("gold", "CONSUMABLE", "other"),
                Some(ErrorKind::InvalidResponse),
            ),
            // Asked for by its term.
            (product("parent", "SUBSCRIPTION", "token"), None),
        ] {
            let setup = production();
            setup.transport.answer(200, &answer);
            let found = ask_product(&setup).await.err().map(|error| error.kind());
            assert_eq!(found, kind, "{answer}");
        }
    }

    #[tokio::test]
    async fn the_subscription_must_be_the_one_that_was_asked_for() {
        for (receipt_id, kind) in [("token", None), ("other", Some(ErrorKind::InvalidResponse))] {
            let setup = production();
            let answer = json!({
                "receiptId": receipt_id, "productType": "SUBSCRIPTION",
                "purchaseTimeMillis": "1700000000000", "lineItems": [{"productId": "gold"}],
            });
            setup.transport.answer(200, answer);
            let answer = ask_subscription(&setup).await;
            assert_eq!(answer.err().map(|error| error.kind()), kind, "{receipt_id}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_answer_has_the_meaning_that_it_has_for_a_receipt_but_for_497() {
        use ErrorKind::{Misconfigured, Rejected, Unavailable};
        for (status, kind, attempts) in [
            (400, Rejected(Rejection::NotFound), 1),
            (410, Rejected(Rejection::NoLongerValid), 1),
            (429, Unavailable, 3),
            (496, Misconfigured, 1),
            (497, Rejected(Rejection::NotFound), 1),
            (500, Unavailable, 3),
            (404, Misconfigured, 1),
        ] {
            let setup = production();
            for _ in 0..6 {
                setup.transport.answer(status, "");
            }
            let error = ask_product(&setup).await.unwrap_err();
            assert_eq!((error.kind(), error.http_status()), (kind, Some(status)));
            assert_eq!(setup.transport.urls().len(), attempts, "{status}");
            let error = ask_subscription(&setup).await.unwrap_err();
            assert_eq!((error.kind(), error.http_status()), (kind, Some(status)));
        }
    }
}
