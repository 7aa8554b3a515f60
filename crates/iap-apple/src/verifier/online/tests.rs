//! The present state of a purchase, from answers that the testkit signs.

use std::sync::Arc;

use iap_core::{
    Access, AccessPolicy, DenialReason, Environment, ErrorKind, FixedClock, SubscriptionState,
    Timestamp,
};
use iap_testkit::{Forgery, RenewalInfoBuilder, SigningAuthority, TransactionBuilder};
use serde_json::json;

use super::*;
use crate::{
    App, TrustAnchor,
    client::tests::{Transport, key, now},
};

struct Setup {
    authority: SigningAuthority,
    production: Arc<Transport>,
    sandbox: Arc<Transport>,
    verifier: AppStoreVerifier,
}

fn setup() -> Setup {
    let authority = SigningAuthority::new();
    let [production, sandbox] = [(); 2].map(|()| Arc::new(Transport::default()));
    let client = |environment, transport: &Arc<Transport>| {
        AppStoreServerClient::builder(key(), "com.example.app", environment)
            .transport(transport.clone())
            .clock(FixedClock::new(now()))
            .build()
            .unwrap()
    };
    let clients = ProductionThenSandbox::new(
        client(Environment::Production, &production),
        client(Environment::Sandbox, &sandbox),
    )
    .unwrap();
    let verifier = SignedDataVerifier::builder()
        .app(App::new("com.example.app", 1))
        .environment(Environment::Production)
        .environment(Environment::Sandbox)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
        .clock(FixedClock::new(now()))
        .build()
        .unwrap();
    Setup {
        authority,
        production,
        sandbox,
        verifier: AppStoreVerifier::production_then_sandbox(clients, verifier),
    }
}

impl Setup {
    fn answer_info(&self, transport: &Transport, transaction: &TransactionBuilder) {
        let body = json!({ "signedTransactionInfo": transaction.sign(&self.authority) });
        transport.answer_json(200, &body);
    }

    fn answer_status(&self, status: i64, latest: &TransactionBuilder) {
        let body = json!({ "data": [{ "lastTransactions": [{
            "status": status,
            "originalTransactionId": "1",
            "signedTransactionInfo": latest.sign(&self.authority),
            "signedRenewalInfo": RenewalInfoBuilder::of(latest).sign(&self.authority),
        }] }] });
        self.production.answer_json(200, &body);
    }

    async fn verify_id(&self) -> Result<Purchase, Error> {
        self.verifier
            .verify(&Proof::apple_transaction_id("2"))
            .await
    }
}

fn day(days: i64) -> Timestamp {
    Timestamp::from_millis(
        now()
            .as_millis()
            .saturating_add(days.saturating_mul(86_400_000)),
    )
}

fn period(transaction_id: &str, from: i64, to: i64) -> TransactionBuilder {
    TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
        .signed_at(now())
        .transaction_id(transaction_id)
        .original_transaction_id("1")
        .purchase_date(day(from))
        .expires_date(day(to))
}

#[tokio::test]
async fn an_old_id_of_a_subscription_leads_to_its_latest_period() {
    let setup = setup();
    setup.answer_info(&setup.production, &period("2", -60, -30));
    setup.answer_status(1, &period("3", -5, 25));
    let purchase = setup.verify_id().await.unwrap();
    assert_eq!(purchase.transaction_id.as_ref().unwrap(), &"3");
    assert!(purchase.access_at(now(), &AccessPolicy::new()).is_granted());
    let paths: Vec<_> = setup
        .production
        .requests()
        .iter()
        .map(|it| it.uri().path().to_owned())
        .collect();
    assert_eq!(
        paths,
        ["/inApps/v1/transactions/2", "/inApps/v1/subscriptions/1"]
    );
    assert!(setup.sandbox.requests().is_empty());
}

#[tokio::test]
async fn apple_s_status_of_the_subscription_counts() {
    let setup = setup();
    setup.answer_info(&setup.production, &period("2", -5, 25));
    setup.answer_status(5, &period("2", -5, 25).revoked(now(), 0));
    let purchase = setup.verify_id().await.unwrap();
    assert_eq!(
        purchase.subscription.as_ref().unwrap().state,
        SubscriptionState::Revoked
    );
    let access = purchase.access_at(now(), &AccessPolicy::new());
    assert!(matches!(
        access,
        Access::Denied {
            reason: DenialReason::Revoked,
            ..
        }
    ));
}

#[tokio::test]
async fn a_one_time_product_needs_one_call() {
    let setup = setup();
    let coins = TransactionBuilder::consumable("com.example.app", "coins").transaction_id("2");
    setup.answer_info(&setup.production, &coins.signed_at(now()));
    assert_eq!(setup.verify_id().await.unwrap().product_id, "coins");
    assert_eq!(setup.production.requests().len(), 1);
}

#[tokio::test]
async fn a_sandbox_id_is_found_in_the_sandbox() {
    let setup = setup();
    setup
        .production
        .answer_json(404, &json!({ "errorCode": 4040010 }));
    let coins = TransactionBuilder::consumable("com.example.app", "coins")
        .environment(Environment::Sandbox)
        .transaction_id("2");
    setup.answer_info(&setup.sandbox, &coins.signed_at(now()));
    assert_eq!(
        setup.verify_id().await.unwrap().environment,
        Environment::Sandbox
    );
}

#[tokio::test]
async fn an_unknown_id_is_rejected_and_an_outage_is_not() {
    let setup = setup();
    let unknown = json!({ "errorCode": 4040010 });
    setup.production.answer_json(404, &unknown);
    setup.sandbox.answer_json(404, &unknown);
    let error = setup.verify_id().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::NotFound));
    setup
        .production
        .answer_json(400, &json!({ "errorCode": 4000002 }));
    assert_eq!(
        setup.verify_id().await.unwrap_err().kind(),
        ErrorKind::Misconfigured
    );
}

type Answer = Box<dyn Fn(&Setup) -> String>;

#[tokio::test]
async fn an_answer_that_does_not_verify_is_no_verdict_about_the_customer() {
    fn honest() -> TransactionBuilder {
        period("2", -5, 25)
    }
    let answers: [(_, Answer, _); 6] = [
        (
            "forged",
            Box::new(|it| {
                it.authority
                    .forge(Forgery::PayloadTampered, &honest().build())
            }),
            ErrorKind::InvalidResponse,
        ),
        (
            "other app",
            Box::new(|it| honest().bundle_id("com.other").sign(&it.authority)),
            ErrorKind::Misconfigured,
        ),
        (
            "other environment",
            Box::new(|it| {
                honest()
                    .environment(Environment::Sandbox)
                    .sign(&it.authority)
            }),
            ErrorKind::InvalidResponse,
        ),
        (
            "other transaction",
            Box::new(|it| {
                honest()
                    .transaction_id("9")
                    .original_transaction_id("8")
                    .sign(&it.authority)
            }),
            ErrorKind::InvalidResponse,
        ),
        (
            "no product",
            Box::new(|it| honest().without("productId").sign(&it.authority)),
            ErrorKind::InvalidResponse,
        ),
        (
            "other kind",
            Box::new(|it| RenewalInfoBuilder::of(&honest()).sign(&it.authority)),
            ErrorKind::InvalidResponse,
        ),
    ];
    for (what, answer, kind) in answers {
        let setup = setup();
        let body = json!({ "signedTransactionInfo": answer(&setup) });
        setup.production.answer_json(200, &body);
        let error = setup.verify_id().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{what}: {error}");
    }
    let setup = setup();
    setup.production.answer_json(200, &json!({}));
    assert_eq!(
        setup.verify_id().await.unwrap_err().kind(),
        ErrorKind::InvalidResponse
    );
    // The status is about another subscription than it says.
    setup.answer_info(&setup.production, &honest());
    setup.answer_status(1, &honest().original_transaction_id("7"));
    assert_eq!(
        setup.verify_id().await.unwrap_err().kind(),
        ErrorKind::InvalidResponse
    );
}

#[tokio::test]
async fn a_signed_transaction_is_verified_before_apple_is_asked() {
    let setup = setup();
    let forged = setup
        .authority
        .forge(Forgery::PayloadTampered, &period("2", -5, 25).build());
    let error = setup
        .verifier
        .verify(&Proof::apple_signed_transaction(forged))
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Rejected(Rejection::InvalidSignature)
    );
    assert!(setup.production.requests().is_empty());

    // Genuine, and refunded since.
    let jws = period("2", -5, 25).sign(&setup.authority);
    let refunded = period("2", -5, 25).revoked(now(), 0);
    setup.answer_info(&setup.production, &refunded);
    setup.answer_status(5, &refunded);
    let purchase = setup
        .verifier
        .verify(&Proof::apple_signed_transaction(jws))
        .await
        .unwrap();
    assert!(purchase.revocation.is_some());

    let error = setup
        .verifier
        .verify(&Proof::google_product("a", "b"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
}
