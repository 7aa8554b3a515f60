//! The verifier and the helpers, against a script of Google's answers.

use iap_core::{
    Acknowledgement, Clock as _, Consumption, ErrorKind, ProductKind, PurchaseKey, VerifierExt as _,
};
use serde_json::{Value, json};

use super::*;
use crate::client::{
    Confirmation,
    tests::{Setup, error_object, setup},
};

const APP: &str = "com.example.app";

fn verifier(setup: &Setup) -> GooglePlayVerifier {
    GooglePlayVerifier::new(setup.client.clone())
}

fn subscription(acknowledgement: &str) -> Value {
    json!({
        "subscriptionState": "SUBSCRIPTION_STATE_ACTIVE",
        "startTime": "2026-11-01T00:00:00Z",
        "acknowledgementState": format!("ACKNOWLEDGEMENT_STATE_{acknowledgement}"),
        "lineItems": [
            { "productId": "pro", "expiryTime": "2026-12-01T00:00:00Z" },
            { "productId": "news", "expiryTime": "2026-12-01T00:00:00Z" },
        ],
    })
}

fn product(acknowledgement: &str, consumption: &str) -> Value {
    json!({
        "purchaseStateContext": { "purchaseState": "PURCHASED" },
        "purchaseCompletionTime": "2026-11-01T00:00:00Z",
        "acknowledgementState": format!("ACKNOWLEDGEMENT_STATE_{acknowledgement}"),
        "productLineItem": [{
            "productId": "coins",
            "productOfferDetails": { "consumptionState": format!("CONSUMPTION_STATE_{consumption}") },
        }],
    })
}

/// Answers that a token is not known, as often as a client asks.
fn answer_not_found(setup: &Setup) {
    for _ in 0..3 {
        setup
            .transport
            .answer(404, error_object(404, "purchaseTokenNotFound"));
    }
}

fn paths(setup: &Setup) -> Vec<String> {
    let requests = setup.transport.requests();
    let prefix = format!("/androidpublisher/v3/applications/{APP}/purchases/");
    let path = |uri: &http::Uri| uri.path().strip_prefix(&prefix).unwrap().to_owned();
    requests.iter().map(|request| path(request.uri())).collect()
}

#[tokio::test]
async fn a_token_is_looked_up_as_what_it_is_said_to_be() {
    let setup = setup();
    setup
        .transport
        .answer_json(200, &subscription("ACKNOWLEDGED"));
    setup
        .transport
        .answer_json(200, &product("PENDING", "YET_TO_BE_CONSUMED"));
    let verifier = verifier(&setup);
    let found = verifier
        .verify(&Proof::google_subscription(APP, "t"))
        .await
        .unwrap();
    assert_eq!(
        (found.product_id.as_str(), found.kind),
        ("pro", ProductKind::AutoRenewableSubscription)
    );
    assert_eq!(found.key, PurchaseKey::google("t"));
    assert_eq!(found.as_of, setup.clock.now());
    let found = verifier
        .verify(&Proof::google_product(APP, "t"))
        .await
        .unwrap();
    assert_eq!(
        (found.product_id.as_str(), found.kind),
        ("coins", ProductKind::OneTime)
    );
    assert_eq!(
        paths(&setup),
        ["subscriptionsv2/tokens/t", "productsv2/tokens/t"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_of_the_other_kind_is_found_and_says_which_it_is() {
    for (status, reason) in [(400, "invalid"), (400, "invalidValue"), (404, "notFound")] {
        let setup = setup();
        let attempts = if status == 404 { 3 } else { 1 };
        for _ in 0..attempts {
            setup.transport.answer(status, error_object(status, reason));
        }
        setup
            .transport
            .answer_json(200, &subscription("ACKNOWLEDGED"));
        let proof = Proof::google_product(APP, "t");
        let purchase = verifier(&setup).verify(&proof).await.unwrap();
        assert_eq!(
            purchase.kind,
            ProductKind::AutoRenewableSubscription,
            "{reason}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_token_is_rejected_unless_the_purchase_is_young() {
    let ask = async |purchase_time: Option<i64>, status: u16, reason: &str| {
        let setup = setup();
        for _ in 0..6 {
            setup.transport.answer(status, error_object(status, reason));
        }
        let mut proof = Proof::google_subscription(APP, "t");
        if let Some(seconds) = purchase_time {
            let now = setup.clock.now().as_millis();
            proof = proof.with_purchase_time(Timestamp::from_millis(now + seconds * 1000));
        }
        verifier(&setup).verify(&proof).await.unwrap_err()
    };
    let not_found = ErrorKind::Rejected(Rejection::NotFound);
    for (purchase_time, kind) in [
        (None, not_found),
        (Some(-5), ErrorKind::Unavailable),
        (Some(-119), ErrorKind::Unavailable),
        (Some(60), ErrorKind::Unavailable),
        (Some(-120), not_found),
        (Some(-86_400), not_found),
        (Some(86_400), not_found),
    ] {
        let error = ask(purchase_time, 404, "purchaseTokenNotFound").await;
        assert_eq!(error.kind(), kind, "{purchase_time:?}");
        assert_eq!(
            error.retry_after().is_some(),
            kind == ErrorKind::Unavailable
        );
    }
    // What is no token is none however young.
    let error = ask(Some(-5), 400, "invalid").await;
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::Malformed));
}

#[tokio::test(start_paused = true)]
async fn an_outage_or_a_missing_right_is_no_verdict_whenever_it_comes() {
    for (status, reason, kind, attempts) in [
        (503, "backendError", ErrorKind::Unavailable, 3),
        (403, "forbidden", ErrorKind::Misconfigured, 1),
        (429, "rateLimitExceeded", ErrorKind::Unavailable, 1),
    ] {
        for is_second in [false, true] {
            let setup = setup();
            if is_second {
                answer_not_found(&setup);
            }
            for _ in 0..attempts {
                setup.transport.answer(status, error_object(status, reason));
            }
            let proof = Proof::google_subscription(APP, "t");
            let error = verifier(&setup).verify(&proof).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{reason} {is_second}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_no_longer_valid() {
    let setup = setup();
    setup
        .transport
        .answer(410, error_object(410, "purchaseTokenNoLongerValid"));
    let proof = Proof::google_subscription(APP, "t");
    let error = verifier(&setup).verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::NoLongerValid));
    assert_eq!(setup.transport.requests().len(), 1);
}

#[tokio::test]
async fn another_app_is_asked_about_only_if_it_is_set_up() {
    let setup = setup();
    let proof = Proof::google_subscription("com.example.other", "t");
    let error = verifier(&setup).verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.to_string().contains("com.example.other"), "{error}");
    assert!(setup.transport.requests().is_empty());

    setup
        .transport
        .answer_json(200, &subscription("ACKNOWLEDGED"));
    let other = setup.client.with_package_name("com.example.other").unwrap();
    let purchase = verifier(&setup).and(other).verify(&proof).await.unwrap();
    assert_eq!(purchase.app_id.unwrap(), "com.example.other");
}

#[tokio::test]
async fn the_name_of_an_app_can_neither_control_a_terminal_nor_flood_a_log() {
    let setup = setup();
    for app in ["\u{1b}[2J\n", &"x".repeat(1_000_000)] {
        let proof = Proof::google_subscription(app, "t");
        let shown = verifier(&setup)
            .verify(&proof)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            shown.len() < 300 && !shown.contains(['\u{1b}', '\n']),
            "{shown:?}"
        );
    }
}

#[tokio::test]
async fn proofs_of_other_stores_are_refused_without_a_call() {
    let setup = setup();
    for proof in [
        Proof::apple_transaction_id("1"),
        Proof::amazon_receipt("r", "u"),
        Proof::amazon_billing_subscription(APP, "t"),
    ] {
        let error = verifier(&setup).verify(&proof).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
    }
    assert!(setup.transport.requests().is_empty());
    assert_eq!(verifier(&setup).stores(), [Store::GooglePlay]);
}

#[tokio::test]
async fn the_product_is_looked_for_among_all_items_and_never_taken_from_the_app() {
    for (product_id, is_bought) in [("pro", true), ("news", true), ("max", false)] {
        let setup = setup();
        setup
            .transport
            .answer_json(200, &subscription("ACKNOWLEDGED"));
        let proof = Proof::google_subscription(APP, "t");
        let result = verifier(&setup)
            .verify_product(&proof, &product_id.into())
            .await;
        match result {
            Ok(_) => assert!(is_bought, "{product_id}"),
            Err(error) => {
                assert!(!is_bought, "{product_id}");
                assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::WrongProduct));
            }
        }
    }
}

async fn read(setup: &Setup, answer: &Value) -> Purchase {
    setup.transport.answer_json(200, answer);
    let is_subscription = answer.get("lineItems").is_some();
    let lookup = if is_subscription {
        setup.client.subscription_purchase("t").await
    } else {
        setup.client.product_purchase("t").await
    };
    lookup.unwrap().found().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_purchase_is_acknowledged_once_by_the_call_for_its_kind() {
    for (answer, path) in [
        (
            subscription("PENDING"),
            "subscriptions/pro/tokens/t:acknowledge",
        ),
        (
            product("PENDING", "YET_TO_BE_CONSUMED"),
            "products/coins/tokens/t:acknowledge",
        ),
    ] {
        let setup = setup();
        let purchase = read(&setup, &answer).await;
        let confirmation = setup.client.acknowledge_if_needed(&purchase).await.unwrap();
        assert_eq!(confirmation, Confirmation::Done);
        assert_eq!(paths(&setup)[1..], [path]);
    }
    for answer in [
        subscription("ACKNOWLEDGED"),
        product("ACKNOWLEDGED", "YET_TO_BE_CONSUMED"),
    ] {
        let setup = setup();
        let purchase = read(&setup, &answer).await;
        let confirmation = setup.client.acknowledge_if_needed(&purchase).await.unwrap();
        assert_eq!(confirmation, Confirmation::NotNeeded);
        assert_eq!(setup.transport.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_account_of_a_subscription_bought_again_without_the_app_is_attached_for_good() {
    let sent = async |purchase: &Purchase| {
        let setup = setup();
        setup.client.acknowledge_if_needed(purchase).await.unwrap();
        let body = setup.transport.requests()[0].body().clone();
        serde_json::from_slice::<Value>(&body).unwrap()
    };
    let mut answer = subscription("PENDING");
    answer["externalAccountIdentifiers"] = json!({ "obfuscatedExternalAccountId": "account" });
    let with_the_app = read(&setup(), &answer).await;
    assert_eq!(sent(&with_the_app).await, json!({}), "Google has it");

    let mut answer = subscription("PENDING");
    answer["outOfAppPurchaseContext"] = json!({
        "expiredPurchaseToken": "older",
        "expiredExternalAccountIdentifiers": {
            "obfuscatedExternalAccountId": "account",
            "obfuscatedExternalProfileId": "child",
        },
    });
    let without_the_app = read(&setup(), &answer).await;
    assert_eq!(
        sent(&without_the_app).await,
        json!({ "externalAccountIds": {
            "obfuscatedAccountId": "account", "obfuscatedProfileId": "child",
        } })
    );

    answer["outOfAppPurchaseContext"] = json!({ "expiredPurchaseToken": "older" });
    let mut unnamed = read(&setup(), &answer).await;
    assert_eq!(sent(&unnamed).await, json!({}));
    unnamed.account_id = Some("found by the older one".into());
    assert_eq!(
        sent(&unnamed).await,
        json!({ "externalAccountIds": { "obfuscatedAccountId": "found by the older one" } })
    );
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_whose_answer_is_a_page_counts_if_google_has_it_so() {
    for (present, confirmed) in [("ACKNOWLEDGED", true), ("PENDING", false)] {
        let setup = setup();
        let purchase = read(&setup, &subscription("PENDING")).await;
        setup.transport.answer(200, "<html></html>");
        setup.transport.answer_json(200, &subscription(present));
        let result = setup.client.acknowledge_if_needed(&purchase).await;
        match result {
            Ok(confirmation) => assert!(confirmed && confirmation == Confirmation::Done),
            Err(error) => {
                assert!(!confirmed);
                assert_eq!(error.kind(), ErrorKind::InvalidResponse);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_acknowledged_or_an_answer_that_was_lost_counts_if_google_has_it_so() {
    for (status, reason, attempts, confirmation) in [
        (400, "invalidPurchaseState", 1, Confirmation::NotNeeded),
        (409, "concurrentUpdate", 3, Confirmation::Done),
        (503, "backendError", 1, Confirmation::Done),
    ] {
        for (before, after) in [
            (subscription("PENDING"), subscription("ACKNOWLEDGED")),
            (
                product("PENDING", "YET_TO_BE_CONSUMED"),
                product("ACKNOWLEDGED", "YET_TO_BE_CONSUMED"),
            ),
        ] {
            let setup = setup();
            let purchase = read(&setup, &before).await;
            for _ in 0..attempts {
                setup.transport.answer(status, error_object(status, reason));
            }
            setup.transport.answer_json(200, &after);
            let result = setup.client.acknowledge_if_needed(&purchase).await;
            assert_eq!(result.unwrap(), confirmation, "{reason}");

            for _ in 0..attempts {
                setup.transport.answer(status, error_object(status, reason));
            }
            setup.transport.answer_json(200, &before);
            let error = setup
                .client
                .acknowledge_if_needed(&purchase)
                .await
                .unwrap_err();
            assert_eq!(
                error.http_status(),
                Some(status),
                "not so: the failure stands"
            );
        }
    }
    // Our own mistake is not worth a look.
    let setup = setup();
    let purchase = read(&setup, &subscription("PENDING")).await;
    setup.transport.answer(403, error_object(403, "forbidden"));
    let error = setup
        .client
        .acknowledge_if_needed(&purchase)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(setup.transport.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_product_is_consumed_once_and_only_if_it_was_bought() {
    let setup = setup();
    let purchase = read(&setup, &product("PENDING", "YET_TO_BE_CONSUMED")).await;
    assert_eq!(purchase.acknowledgement, Acknowledgement::Pending);
    let coins = "coins".into();
    let client = &setup.client;
    assert_eq!(
        client.consume_if_needed(&purchase, &coins).await.unwrap(),
        Confirmation::Done
    );
    assert_eq!(paths(&setup)[1..], ["products/coins/tokens/t:consume"]);

    setup
        .transport
        .answer(400, error_object(400, "productNotOwnedByUser"));
    setup
        .transport
        .answer_json(200, &product("ACKNOWLEDGED", "CONSUMED"));
    assert_eq!(
        client.consume_if_needed(&purchase, &coins).await.unwrap(),
        Confirmation::NotNeeded
    );
    setup.transport.answer(503, "");
    setup
        .transport
        .answer_json(200, &product("PENDING", "YET_TO_BE_CONSUMED"));
    assert_eq!(
        client
            .consume_if_needed(&purchase, &coins)
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Unavailable
    );

    let sent = setup.transport.requests().len();
    let mut consumed = purchase.clone();
    consumed.consumption = Consumption::Consumed;
    assert_eq!(
        client.consume_if_needed(&consumed, &coins).await.unwrap(),
        Confirmation::NotNeeded
    );
    let error = client
        .consume_if_needed(&purchase, &"map".into())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let mut of_another_app = purchase.clone();
    of_another_app.app_id = Some("com.example.other".into());
    assert!(
        client
            .consume_if_needed(&of_another_app, &coins)
            .await
            .is_err()
    );
    assert!(client.acknowledge_if_needed(&of_another_app).await.is_err());
    // Whoever sells in several stores need not ask which one it is.
    let mut of_another_store = purchase.clone();
    of_another_store.store = Store::AppStore;
    of_another_store.acknowledgement = Acknowledgement::NotRequired;
    let confirmation = client.acknowledge_if_needed(&of_another_store).await;
    assert_eq!(confirmation.unwrap(), Confirmation::NotNeeded);
    assert_eq!(setup.transport.requests().len(), sent);

    let subscription = read(&setup, &subscription("PENDING")).await;
    assert!(
        client
            .consume_if_needed(&subscription, &"pro".into())
            .await
            .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn the_chain_of_replaced_tokens_is_walked_to_its_end_and_round_no_circle() {
    let linked = |link: &str| {
        let mut answer = subscription("ACKNOWLEDGED");
        answer["linkedPurchaseToken"] = json!(link);
        answer
    };
    let first = setup();
    let purchase = read(&first, &linked("b")).await;
    first.transport.answer_json(200, &linked("c"));
    first
        .transport
        .answer(410, error_object(410, "purchaseTokenNoLongerValid"));
    assert_eq!(
        first.client.replaced_tokens(&purchase).await.unwrap(),
        ["b", "c"]
    );

    let circle = setup();
    let purchase = read(&circle, &linked("b")).await;
    circle.transport.answer_json(200, &linked("t"));
    assert_eq!(
        circle.client.replaced_tokens(&purchase).await.unwrap(),
        ["b"]
    );

    let outage = setup();
    let purchase = read(&outage, &linked("b")).await;
    for _ in 0..3 {
        outage.transport.answer(503, "");
    }
    assert!(outage.client.replaced_tokens(&purchase).await.is_err());

    let none = setup();
    let purchase = read(&none, &subscription("ACKNOWLEDGED")).await;
    assert!(
        none.client
            .replaced_tokens(&purchase)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn a_purchase_that_is_not_paid_or_was_given_up_took_no_place() {
    for state in ["PENDING", "PENDING_PURCHASE_CANCELED"] {
        let unpaid = |link: &str| {
            let mut answer = subscription("PENDING");
            answer["subscriptionState"] = json!(format!("SUBSCRIPTION_STATE_{state}"));
            answer["linkedPurchaseToken"] = json!(link);
            answer
        };
        let setup = setup();
        let purchase = read(&setup, &unpaid("running")).await;
        assert_eq!(purchase.replaces, Some(PurchaseKey::google("running")));
        let tokens = setup.client.replaced_tokens(&purchase).await.unwrap();
        assert!(tokens.is_empty(), "{state}: {tokens:?}");
        assert_eq!(setup.transport.requests().len(), 1, "nothing to ask about");

        let mut paid = subscription("PENDING");
        paid["linkedPurchaseToken"] = json!("b");
        let purchase = read(&setup, &paid).await;
        setup.transport.answer_json(200, &unpaid("running"));
        let tokens = setup.client.replaced_tokens(&purchase).await.unwrap();
        assert_eq!(tokens, ["b"], "{state}");
    }
}
