//! From a proof to access, by every row of the table that takes a question to Amazon.

use core::time::Duration;

use iap_core::{AccessPolicy, Environment, ErrorKind, ProductKind, VerifierExt};
use serde_json::json;

use super::*;
use crate::{
    ExpectedProduct,
    client::tests::{SECRET, Setup, now, production, receipt, sandbox},
};

fn verifier(setup: &Setup) -> AmazonVerifier {
    AmazonVerifier::new(setup.client.clone())
}

fn proof() -> Proof {
    Proof::amazon_receipt("receipt", "user")
}

/// What the verifier says when Amazon answers this.
async fn answered(status: u16, body: impl ToString + Clone) -> Result<Purchase, Error> {
    let setup = production();
    for _ in 0..3 {
        setup.transport.answer(status, body.clone());
    }
    verifier(&setup).verify(&proof()).await
}

fn is_granted(purchase: &Purchase) -> bool {
    let policy = AccessPolicy::new();
    purchase.access_at(now(), &policy).is_granted()
}

#[tokio::test(start_paused = true)]
async fn rows_1_to_3_a_status_is_a_verdict_or_it_is_none() {
    for (status, verdict) in [
        (410, Some(Rejection::NoLongerValid)),
        (400, Some(Rejection::NotFound)),
        (497, Some(Rejection::WrongAccount)),
        (429, None),
        (496, None),
        (500, None),
        (503, None),
    ] {
        let error = answered(status, "").await.unwrap_err();
        assert_eq!(error.rejection(), verdict, "{status}");
    }
    let error = answered(200, "<html>").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn row_4_a_test_purchase_is_a_purchase_without_access_in_production() {
    for member in ["testTransaction", "betaProduct"] {
        let mut test = receipt("receipt");
        test[member] = json!(true);
        let purchase = answered(200, test).await.unwrap();
        assert!(purchase.is_test && !is_granted(&purchase), "{member}");
    }
    let setup = sandbox();
    setup.transport.answer(200, receipt("receipt"));
    let purchase = verifier(&setup).verify(&proof()).await.unwrap();
    assert_eq!(purchase.environment, Environment::Sandbox);
    assert!(!is_granted(&purchase));
}

#[tokio::test]
async fn row_5_another_product_than_expected_is_rejected() {
    let setup = production();
    for _ in 0..2 {
        setup.transport.answer(200, receipt("receipt"));
    }
    let verifier = verifier(&setup);
    let gold = verifier.verify_product(&proof(), &"gold".into()).await;
    ExpectedProduct::new("gold").check(&gold.unwrap()).unwrap();
    let silver = verifier.verify_product(&proof(), &"silver".into()).await;
    let wrong = Some(Rejection::WrongProduct);
    assert_eq!(silver.unwrap_err().rejection(), wrong);
}

#[tokio::test]
async fn a_receipt_that_stands_gives_access_and_one_that_ended_does_not() {
    let good = answered(200, receipt("receipt")).await.unwrap();
    assert_eq!(good.user_id.as_ref().unwrap(), &"user");
    assert!(is_granted(&good));
    // 200 all the same.
    let mut ended = receipt("receipt");
    ended["cancelDate"] = json!(now().as_millis());
    assert!(!is_granted(&answered(200, ended).await.unwrap()));
}

#[tokio::test]
async fn a_proof_of_another_store_is_our_mistake() {
    let setup = production();
    for proof in [
        Proof::google_product("a", "b"),
        Proof::google_subscription("a", "b"),
        Proof::apple_transaction_id("1"),
        Proof::apple_signed_transaction("a.b.c"),
    ] {
        let error = verifier(&setup).verify(&proof).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        assert!(error.to_string().contains(proof.kind()), "{error}");
    }
    assert_eq!(verifier(&setup).stores(), [Store::AmazonAppstore]);
    assert_eq!(setup.transport.urls(), [""; 0]);
}

#[tokio::test]
async fn no_debug_of_the_verifier_shows_the_secret() {
    let shown = format!("{:?}", verifier(&production()));
    assert!(
        !shown.contains(SECRET) && !shown.contains("pLanTeD"),
        "{shown}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stored_purchase_is_refreshed_ended_or_left_alone() {
    let setup = production();
    let verifier = verifier(&setup);
    setup.transport.answer(200, receipt("receipt"));
    let mut stored = verifier.verify(&proof()).await.unwrap();
    // Only a notification tells this.
    stored.replaces = Some(PurchaseKey::amazon("older"));

    setup.clock.advance(Duration::from_secs(60));
    setup.transport.answer(200, receipt("receipt"));
    let fresh = verifier.refresh(&stored).await.unwrap();
    assert!(fresh.supersedes(&stored) && is_granted(&fresh));
    assert_eq!(fresh.replaces, stored.replaces);
    let urls = setup.transport.urls();
    assert_eq!(urls[0], urls[1], "the same question");

    setup.clock.advance(Duration::from_secs(60));
    setup.transport.answer(410, "");
    let ended = verifier.refresh(&fresh).await.unwrap();
    assert!(ended.supersedes(&fresh) && !is_granted(&ended));
    assert_eq!(ended.as_of, setup.client.now());
    assert_eq!(ended.product_id, "gold");

    for (status, verdict) in [
        (400, Some(Rejection::NotFound)),
        (497, Some(Rejection::WrongAccount)),
        (496, None),
        (503, None),
    ] {
        let setup = production();
        for _ in 0..3 {
            setup.transport.answer(status, "");
        }
        let verifier = AmazonVerifier::new(setup.client.clone());
        let error = verifier.refresh(&stored).await.unwrap_err();
        assert_eq!(error.rejection(), verdict, "{status}");
    }
}

#[tokio::test]
async fn a_purchase_that_amazon_cannot_be_asked_about_is_our_mistake() {
    let setup = production();
    let good = Purchase::new(
        Store::AmazonAppstore,
        Environment::Production,
        PurchaseKey::amazon("receipt"),
        "gold".into(),
        ProductKind::NonConsumable,
        now(),
    );
    let mut other_store = good.clone();
    other_store.store = Store::GooglePlay;
    let mut other_key = good.clone();
    other_key.key = PurchaseKey::google("token");
    let mut other_environment = good.clone();
    other_environment.environment = Environment::Sandbox;
    for purchase in [other_store, other_key, other_environment, good] {
        let error = verifier(&setup).refresh(&purchase).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured, "{purchase:?}");
    }
    assert_eq!(setup.transport.urls(), [""; 0]);
}

#[cfg(feature = "billing-compatibility")]
mod billing_compatibility {
    use iap_core::{PurchaseState, SubscriptionState, Timestamp};
    use serde_json::Value;

    use super::*;

    const APP: &str = "com.example.app";

    fn product() -> Value {
        json!({
            "productId": "gold", "productType": "ENTITLED", "purchaseState": 0,
            "purchaseTimeMillis": now().as_millis().to_string(), "purchaseToken": "token",
        })
    }

    fn subscription() -> Value {
        let end = now().saturating_add(Duration::from_secs(60)).as_millis();
        json!({
            "receiptId": "token", "productType": "SUBSCRIPTION",
            "purchaseTimeMillis": now().as_millis().to_string(),
            "lineItems": [{"productId": "gold", "expiryTime": end.to_string()}],
        })
    }

    fn proofs(app: &str) -> [(Proof, Value); 2] {
        [
            (
                Proof::amazon_billing_product(app, "gold", "token"),
                product(),
            ),
            (
                Proof::amazon_billing_subscription(app, "token"),
                subscription(),
            ),
        ]
    }

    #[tokio::test]
    async fn a_token_of_our_app_is_verified_and_refreshed() {
        for (proof, answer) in proofs(APP) {
            let setup = production();
            let verifier = verifier(&setup).with_billing_compatibility(APP);
            setup.transport.answer(200, &answer).answer(200, &answer);
            let purchase = verifier.verify(&proof).await.unwrap();
            assert!(is_granted(&purchase), "{proof:?}");
            assert_eq!(purchase.key, PurchaseKey::amazon("token"));
            setup.clock.advance(Duration::from_secs(1));
            let fresh = verifier.refresh(&purchase).await.unwrap();
            assert!(fresh.supersedes(&purchase));
            let urls = setup.transport.urls();
            assert_eq!(urls[0], urls[1], "the same question");
            setup.transport.answer(410, "");
            let ended = verifier.refresh(&purchase).await.unwrap();
            assert!(!is_granted(&ended));
        }
    }

    #[tokio::test]
    async fn a_token_of_another_app_is_rejected_before_anything_goes_out() {
        for other in ["com.example.App", "com.example.app2", ""] {
            for (proof, _) in proofs(other) {
                let setup = production();
                let verifier = verifier(&setup).with_billing_compatibility(APP);
                let error = verifier.verify(&proof).await.unwrap_err();
                assert_eq!(error.rejection(), Some(Rejection::WrongApp), "{other}");
                assert_eq!(setup.transport.urls(), [""; 0]);
            }
        }
    }

    #[tokio::test]
    async fn a_verifier_that_was_told_no_app_takes_no_tokens() {
        for (proof, _) in proofs(APP) {
            let setup = production();
            let error = verifier(&setup).verify(&proof).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Misconfigured);
        }
    }

    #[tokio::test]
    async fn what_is_not_paid_is_no_access() {
        let setup = production();
        let verifier = verifier(&setup).with_billing_compatibility(APP);
        let mut pending = product();
        pending["purchaseState"] = json!(2);
        setup.transport.answer(200, pending);
        let [(proof, _), _] = proofs(APP);
        let purchase = verifier.verify(&proof).await.unwrap();
        assert_eq!(purchase.state, PurchaseState::Pending);
        assert!(!is_granted(&purchase));

        let mut over = subscription();
        over["cancelDate"] = json!(Timestamp::UNIX_EPOCH.as_millis());
        setup.transport.answer(200, over);
        let [_, (proof, _)] = proofs(APP);
        let purchase = verifier.verify(&proof).await.unwrap();
        let state = &purchase.subscription.as_ref().unwrap().state;
        assert_eq!(*state, SubscriptionState::Expired);
        assert!(!is_granted(&purchase));
    }
}
