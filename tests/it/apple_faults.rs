//! A store, and a way to it, that fail all the time: 10,000 calls of which every fifth goes wrong.
//! No verdict may come out wrong, nothing may be done twice, and no secret may be seen.

use core::time::Duration;
use std::collections::HashSet;

use iap_apple::{AppStoreVerifier, ImageIdentifier};
use iap_core::{Clock as _, Environment, Proof, Rejection};
use iap_testkit::{Fault, TransactionBuilder};

use crate::{
    apple_store::{BUNDLE_ID, Town},
    faults::{CALLS, SLOW, Truth, ask_ten_thousand_times, assert_each_fault_came, retry},
    traces::Traces,
};

#[tokio::test]
async fn ten_thousand_calls_with_faults_in_every_fifth_give_no_wrong_verdict() {
    let traces = Traces::record();
    let town = Town::new();
    let customer = town.store.customer();
    let active = town.store.buy(&customer, town.subscription());
    let refunded = town.store.buy(
        &customer,
        TransactionBuilder::consumable(BUNDLE_ID, "coins"),
    );
    town.store.refund(&refunded.transaction_id);
    let ended = town.store.buy(&town.store.customer(), town.subscription());
    town.store.expire(&ended.original_transaction_id, 1);
    let owned = TransactionBuilder::non_consumable(BUNDLE_ID, "lifetime");
    let owned = town.store.buy(&customer, owned);
    let cases = [
        (active.transaction_id, Truth::Access),
        (refunded.transaction_id, Truth::NoAccess),
        (ended.transaction_id, Truth::NoAccess),
        (owned.transaction_id, Truth::Access),
        ("999999".to_owned(), Truth::Verdict(Rejection::NotFound)),
    ];
    let proofs = cases
        .iter()
        .map(|(id, truth)| (Proof::apple_transaction_id(id.as_str()), *truth));

    let client = town.client_with(Environment::Production, retry());
    let verifier = AppStoreVerifier::new(client.clone(), town.offline());
    let mut seen = format!("{client:?} {verifier:?} {:?}", town.key());
    town.store.fail_at_random(20, 20_261_127, Fault::all(SLOW));

    let now = town.clock.now();
    let outcome = ask_ten_thousand_times(verifier, proofs.collect(), now, |_| {}).await;
    // Retries help: of a fifth that go wrong, most are answered all the same.
    assert!(outcome.answered > CALLS * 8 / 10, "{}", outcome.answered);
    assert_each_fault_came(town.store.requests());
    let requests = town.store.requests().all();
    seen.push_str(&outcome.shown);
    let traces = traces.text();
    assert!(traces.contains("get_transaction_info"), "there are traces");
    seen.push_str(&traces);
    let secrets: HashSet<String> = requests
        .iter()
        .filter_map(|it| it.header("authorization"))
        .map(|it| it.trim_start_matches("Bearer ").to_owned())
        .collect();
    assert!(secrets.len() > 10, "refused tokens were replaced");
    for token in &secrets {
        // Its signature alone is the secret part; the header is the same for all.
        let signature = token.rsplit('.').next().unwrap();
        assert!(!seen.contains(signature), "a bearer token was shown");
    }
    for line in town
        .store
        .private_key()
        .lines()
        .filter(|it| !it.starts_with('-'))
    {
        assert!(!seen.contains(line), "the private key was shown");
    }
    for (id, _) in &cases {
        assert!(!traces.contains(id.as_str()), "a transaction id was traced");
    }
}

#[tokio::test]
async fn what_must_not_be_done_twice_is_sent_once_whatever_goes_wrong() {
    let town = Town::new();
    let client = town.client_with(Environment::Sandbox, retry());
    town.store
        .set_notification_url(Environment::Sandbox, "http://127.0.0.1:9/");
    for (number, fault) in (0..20).flat_map(|_| Fault::all(SLOW)).enumerate() {
        // A rate limit is refused before it has an effect; it may be tried again, but not here:
        // what the store asks for is longer than the deadline. A refused token is replaced once.
        let may_repeat = fault == Fault::Unauthorized;
        for call in [0, 1] {
            town.store.requests().clear();
            town.store.fail_next(fault.clone());
            let result = if call == 0 {
                client.request_test_notification().await.map(drop)
            } else {
                let id = format!("7f3c2f6e-53a5-4b1c-9d3e-{number:012}");
                let id = ImageIdentifier::new(id).unwrap();
                client
                    .upload_image(&id, None, &b"\x89PNG\r\n\x1a\n"[..])
                    .await
            };
            let attempts = town.store.requests().count();
            assert!(
                attempts == 1 || may_repeat && attempts == 2,
                "{fault:?}: {attempts} attempts, {result:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_may_be_done_twice_is_repeated_until_it_succeeds() {
    let town = Town::new();
    let coins = TransactionBuilder::consumable(BUNDLE_ID, "coins");
    let bought = town.store.buy(&town.store.customer(), coins);
    let client = town.client_with(Environment::Production, retry());
    for fault in [
        Fault::BrokenOff,
        Fault::Disconnect,
        Fault::Html(502),
        Fault::ServerError(500),
        Fault::ServerError(503),
        Fault::RateLimited {
            retry_after: Duration::ZERO,
        },
    ] {
        town.store.requests().clear();
        town.store.fail_next(fault.clone());
        let result = client
            .get_transaction_info(bought.transaction_id.as_str())
            .await;
        assert!(result.is_ok(), "{fault:?}: {result:?}");
        assert_eq!(town.store.requests().count(), 2, "{fault:?}");
    }
}
