//! An Amazon Appstore, and a way to it, that fail all the time: 10,000 calls of which every fifth goes
//! wrong. No verdict may come out wrong, no verdict is asked for twice, and the shared secret, which is
//! a part of every address, is seen nowhere.

use iap_amazon::AmazonVerifier;
use iap_core::{Clock as _, Proof, Rejection, Verifier as _};
use iap_testkit::{AmazonReceiptBuilder, Fault};

use crate::{
    amazon_store::Mall,
    faults::{CALLS, SLOW, Truth, ask_ten_thousand_times, assert_each_fault_came, retry},
    traces::Traces,
};

#[tokio::test]
async fn ten_thousand_calls_with_faults_in_every_fifth_give_no_wrong_verdict() {
    let traces = Traces::record();
    let mall = Mall::new();
    let store = &mall.store;
    let user = store.user();
    let subscription = || AmazonReceiptBuilder::subscription("pro", "pro.monthly");
    let active = store.buy(&user, subscription());
    let ended = store.buy(&user, subscription());
    store.expire(&ended, 1);
    let refunded = store.buy(&user, AmazonReceiptBuilder::entitlement("ads"));
    store.cancel(&refunded, 2);
    let withdrawn = store.buy(&user, subscription());
    store.withdraw(&withdrawn);
    let proof = |id: &str, user: &str| Proof::amazon_receipt(id, user);
    let cases = vec![
        (proof(&active, &user), Truth::Access),
        (proof(&ended, &user), Truth::NoAccess),
        (proof(&refunded, &user), Truth::NoAccess),
        (
            proof(&withdrawn, &user),
            Truth::Verdict(Rejection::NoLongerValid),
        ),
        (
            proof("unknown=:3:11", &user),
            Truth::Verdict(Rejection::NotFound),
        ),
        (
            proof(&active, &store.user()),
            Truth::Verdict(Rejection::WrongAccount),
        ),
    ];
    let client = mall.builder().retry(retry()).build().unwrap();
    let verifier = AmazonVerifier::new(client.clone());
    let mut seen = format!("{:?} {client:?} {verifier:?}", mall.builder());
    store.fail_at_random(20, 20_261_127, Fault::all(SLOW));

    let outcome = ask_ten_thousand_times(verifier, cases, mall.clock.now(), |_| {}).await;
    assert!(outcome.answered > CALLS * 8 / 10, "{}", outcome.answered);
    assert_each_fault_came(store.requests());
    let requests = store.requests().all();

    seen.push_str(&outcome.shown);
    let traces = traces.text();
    assert!(traces.contains("status=410"), "there are traces");
    seen.push_str(&traces);
    // Whole, by its random part, and as it stands in the path.
    let secret = store.shared_secret();
    let random = secret.split(':').nth(1).unwrap();
    let path = requests[0].path().to_owned();
    let encoded = path.split('/').nth(5).unwrap();
    assert!(
        encoded.contains(random) && encoded.contains("%2F"),
        "{encoded}"
    );
    for secret in [secret, random, encoded] {
        assert!(!seen.contains(secret), "the shared secret was shown");
    }
    assert!(!traces.contains(&active), "a receipt id was traced");
}

#[tokio::test]
async fn a_verdict_is_asked_for_once() {
    let mall = Mall::new();
    let user = mall.store.user();
    let withdrawn = mall
        .store
        .buy(&user, AmazonReceiptBuilder::entitlement("ads"));
    let id = mall
        .store
        .buy(&user, AmazonReceiptBuilder::entitlement("ads"));
    mall.store.withdraw(&withdrawn);
    let verifier = AmazonVerifier::new(mall.builder().retry(retry()).build().unwrap());
    let wrong = iap_amazon::AmazonClient::production("2:wrong:secret==").base_url(mall.store.url());
    let wrong = AmazonVerifier::new(wrong.retry(retry()).build().unwrap());
    for (verifier, id, user, status) in [
        (&verifier, "unknown=:3:11", user.as_str(), 400),
        (&verifier, &withdrawn, &user, 410),
        (&wrong, &id, &user, 496),
        (&verifier, &id, "somebody-else", 497),
    ] {
        mall.store.requests().clear();
        let error = verifier
            .verify(&Proof::amazon_receipt(id, user))
            .await
            .unwrap_err();
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(mall.store.requests().count(), 1, "{status}");
    }
    for fault in [
        Fault::ServerError(500),
        Fault::Html(502),
        Fault::Disconnect,
        Fault::Truncated,
    ] {
        mall.store.requests().clear();
        mall.store.fail_next(fault.clone());
        let result = verifier
            .verify(&Proof::amazon_receipt(id.as_str(), user.as_str()))
            .await;
        assert!(result.is_ok(), "{fault:?}: {result:?}");
        assert_eq!(mall.store.requests().count(), 2, "{fault:?}");
    }
}
