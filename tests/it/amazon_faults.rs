//! An Amazon Appstore, and a way to it, that fail all the time: 10,000 calls of which every fifth goes
//! wrong. No verdict may come out wrong, no verdict is asked for twice, and the shared secret, which is
//! a part of every address, is seen nowhere.

use core::time::Duration;
use std::sync::{Arc, Mutex};

use iap_amazon::AmazonVerifier;
use iap_core::{
    AccessPolicy, Clock as _, ErrorKind, Proof, Rejection, Verifier as _, http::RetryPolicy,
};
use iap_testkit::{AmazonReceiptBuilder, Fault};

use crate::{amazon_store::Mall, apple_faults::shown, traces::Traces};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Truth {
    Access,
    NoAccess,
    Verdict(Rejection),
}

fn retry() -> RetryPolicy {
    RetryPolicy::new()
        .max_attempts(3)
        .first_delay(Duration::from_millis(1))
        .deadline(Duration::from_millis(150))
}

/// Longer than the deadline.
const SLOW: Duration = Duration::from_millis(400);

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
    let cases = Arc::new([
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
    ]);
    let client = mall.builder().retry(retry()).build().unwrap();
    let verifier = AmazonVerifier::new(client.clone());
    let mut seen = format!("{:?} {client:?} {verifier:?}", mall.builder());
    store.fail_at_random(20, 20_261_127, Fault::all(SLOW));

    let outputs = Arc::new(Mutex::new(Vec::new()));
    let counts = Arc::new(Mutex::new((0, 0)));
    let mut tasks = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let (verifier, cases) = (verifier.clone(), Arc::clone(&cases));
        let (outputs, counts) = (Arc::clone(&outputs), Arc::clone(&counts));
        let clock = Arc::clone(&mall.clock);
        tasks.spawn(async move {
            for call in (lane..CALLS).step_by(LANES) {
                let (proof, truth) = &cases[call % cases.len()];
                let found = match verifier.verify(proof).await {
                    Ok(purchase) => {
                        let access = purchase.access_at(clock.now(), &AccessPolicy::new());
                        outputs.lock().unwrap().push(format!("{purchase:?}"));
                        Some(if access.is_granted() {
                            Truth::Access
                        } else {
                            Truth::NoAccess
                        })
                    }
                    Err(error) => {
                        outputs.lock().unwrap().push(shown(&error));
                        match error.kind() {
                            ErrorKind::Rejected(rejection) => Some(Truth::Verdict(rejection)),
                            ErrorKind::Unavailable
                            | ErrorKind::InvalidResponse
                            | ErrorKind::Misconfigured => None,
                            other => panic!("{truth:?}, answered {other:?}: {error:?}"),
                        }
                    }
                };
                let mut counts = counts.lock().unwrap();
                match found {
                    Some(found) => {
                        assert_eq!(found, *truth);
                        counts.0 += 1;
                    }
                    None => counts.1 += 1,
                }
            }
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
    let (answered, unknown) = *counts.lock().unwrap();
    assert_eq!(answered + unknown, CALLS);
    assert!(
        answered > CALLS * 8 / 10,
        "{answered} answered, {unknown} not"
    );
    assert!(unknown > CALLS / 100, "{unknown} could not tell");
    let requests = store.requests().all();
    for fault in Fault::all(SLOW) {
        let count = requests
            .iter()
            .filter(|it| it.fault() == Some(&fault))
            .count();
        assert!(count > 50, "{fault:?} came {count} times");
    }

    seen.push_str(&outputs.lock().unwrap().join("\n"));
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

const CALLS: usize = 10_000;

/// Calls at the same time.
const LANES: usize = 32;
