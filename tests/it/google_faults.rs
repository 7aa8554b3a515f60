//! A Google Play, and a way to it, that fail all the time: 10,000 calls of which every fifth goes wrong
//! while access tokens are revoked. No verdict may come out wrong, one token is fetched at a time, and
//! no key and no token is seen anywhere.

use core::time::Duration;
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use iap::{
    Clock as _, Proof, Rejection, Verifier as _,
    core::http::{HttpRequest, HttpResponse, HttpTransport, ReqwestTransport, TransportError},
    google::{Confirmation, GooglePlayVerifier, Revoke},
};
use iap_testkit::{Fault, GoogleProductBuilder, GoogleSubscriptionBuilder};

use crate::{
    apple_store::transport,
    faults::{CALLS, SLOW, Truth, ask_ten_thousand_times, assert_each_fault_came, retry},
    google_store::{Market, PACKAGE},
    traces::Traces,
};

/// Counts the requests for tokens that are under way at the same time.
#[derive(Debug)]
struct Counting {
    inner: ReqwestTransport,
    in_flight: AtomicUsize,
    most: AtomicUsize,
}

impl Counting {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: transport(),
            in_flight: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        })
    }
}

#[async_trait]
impl HttpTransport for Counting {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if request.uri().path() != "/token" {
            return self.inner.send(request).await;
        }
        /// Counts down also when nobody waits for the answer any more.
        struct Under<'a>(&'a AtomicUsize);
        impl Drop for Under<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }
        let in_flight = self.in_flight.fetch_add(1, Ordering::SeqCst);
        let _under = Under(&self.in_flight);
        self.most.fetch_max(in_flight + 1, Ordering::SeqCst);
        self.inner.send(request).await
    }
}

fn pro() -> GoogleSubscriptionBuilder {
    GoogleSubscriptionBuilder::new("pro", "monthly")
}

#[tokio::test]
async fn ten_thousand_calls_with_faults_in_every_fifth_give_no_wrong_verdict() {
    let traces = Traces::record();
    let market = Market::new();
    let store = &market.store;
    let subscription = |token: &str| Proof::google_subscription(PACKAGE, token);
    let product = |token: &str| Proof::google_product(PACKAGE, token);
    let active = store.buy_subscription(pro());
    let on_hold = store.buy_subscription(pro());
    store.hold(&on_hold);
    let replaced = store.buy_subscription(pro());
    store.change_plan(&replaced, pro());
    let coins = store.buy_product(GoogleProductBuilder::new("coins"));
    let refunded = store.buy_product(GoogleProductBuilder::new("coins"));
    store.cancel_product(&refunded);
    let gone = store.buy_product(GoogleProductBuilder::new("coins"));
    store.forget(&gone);
    let cases = vec![
        (subscription(&active), Truth::Access),
        (subscription(&on_hold), Truth::NoAccess),
        (subscription(&replaced), Truth::NoAccess),
        (product(&coins), Truth::Access),
        (product(&refunded), Truth::NoAccess),
        (product(&gone), Truth::Verdict(Rejection::NoLongerValid)),
        (product("rubbish"), Truth::Verdict(Rejection::Malformed)),
        (
            subscription("abc.AO-J1Onobody"),
            Truth::Verdict(Rejection::NotFound),
        ),
    ];
    let counting = Counting::new();
    let client = market
        .builder()
        .retry(retry())
        .transport(counting.clone())
        .build()
        .unwrap();
    let verifier = GooglePlayVerifier::new(client.clone());
    let mut seen = format!(
        "{:?} {client:?} {verifier:?} {:?}",
        market.builder(),
        market.key()
    );
    store.fail_at_random(20, 20_261_127, Fault::all(SLOW));

    let market = Arc::new(market);
    let revoke_tokens = {
        let market = Arc::clone(&market);
        move |call: usize| {
            if call.is_multiple_of(REVOKED_AFTER) {
                market.store.revoke_access_tokens();
            }
        }
    };
    let now = market.clock.now();
    let outcome = ask_ten_thousand_times(verifier, cases, now, revoke_tokens).await;
    // A token that could not be fetched is missing to all who waited for it.
    assert!(outcome.answered > CALLS / 2, "{}", outcome.answered);
    assert_eq!(counting.most.load(Ordering::SeqCst), 1, "one at a time");
    assert_each_fault_came(market.store.requests());
    let requests = market.store.requests().all();

    seen.push_str(&outcome.shown);
    let traces = traces.text();
    assert!(
        traces.contains("purchases.subscriptionsv2.get") && traces.contains("oauth2.token"),
        "there are traces"
    );
    seen.push_str(&traces);
    let access_tokens: HashSet<&str> = requests
        .iter()
        .filter_map(|it| it.header("authorization")?.strip_prefix("Bearer "))
        .collect();
    assert!(access_tokens.len() > 10, "tokens were renewed");
    for token in &access_tokens {
        assert!(!seen.contains(token), "an access token was shown");
    }
    let assertions = requests.iter().filter(|it| it.path() == "/token");
    for assertion in assertions {
        let body = String::from_utf8(assertion.body().to_vec()).unwrap();
        let signature = body.rsplit('.').next().unwrap();
        assert!(!seen.contains(signature), "an assertion was shown");
    }
    let key_file: serde_json::Value =
        serde_json::from_str(&market.store.service_account_key()).unwrap();
    let private_key = key_file["private_key"].as_str().unwrap();
    for line in private_key.lines().filter(|it| !it.starts_with('-')) {
        assert!(!seen.contains(line), "the private key was shown");
    }
    for token in [&active, &coins, &gone] {
        assert!(!seen.contains(token.as_str()), "a purchase token was shown");
    }
}

#[tokio::test]
async fn what_must_not_be_done_twice_is_sent_once_whatever_goes_wrong() {
    let market = Market::new();
    let client = market.builder().retry(retry()).build().unwrap();
    let orders = client.orders();
    // Has a token before the faults begin.
    let _ = orders.get("GPA.0").await;
    for fault in (0..10).flat_map(|_| Fault::all(SLOW)) {
        let token = market.store.buy_product(GoogleProductBuilder::new("coins"));
        let order_id = market.store.order_id(&token);
        market.store.requests().clear();
        market.store.fail_next(fault.clone());
        let result = orders.refund(order_id, Revoke::AtOnce).await;
        let all = market.store.requests().all();
        let attempts = all.iter().filter(|it| it.path() != "/token").count();
        // A refused token is replaced once.
        let may_repeat = fault == Fault::Unauthorized;
        assert!(
            attempts == 1 || may_repeat && attempts == 2,
            "{fault:?}: {attempts} attempts, {result:?}"
        );
    }
}

#[tokio::test]
async fn what_may_be_done_twice_is_repeated_until_it_succeeds() {
    let market = Market::new();
    // None of these answers is slow.
    let retry = retry().deadline(Duration::from_secs(10));
    let client = market.builder().retry(retry).build().unwrap();
    let verifier = GooglePlayVerifier::new(client.clone());
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
        let token = market.store.buy_subscription(pro());
        let proof = Proof::google_subscription(PACKAGE, token.as_str());
        let purchase = verifier.verify(&proof).await.unwrap();
        market.store.requests().clear();
        market.store.fail_next(fault.clone());
        let result = verifier.verify(&proof).await;
        assert!(result.is_ok(), "{fault:?}: {result:?}");
        assert_eq!(market.store.requests().count(), 2, "{fault:?}");
        // A confirmation is not repeated blindly: Google is asked what became of it.
        market.store.fail_next(fault.clone());
        let first = client.acknowledge_if_needed(&purchase).await;
        let second = client.acknowledge_if_needed(&purchase).await;
        let done = [first.ok(), second.ok()].into_iter().flatten();
        let done: Vec<Confirmation> = done.collect();
        assert!(done.contains(&Confirmation::Done), "{fault:?}: {done:?}");
    }
}

/// So many calls use an access token before it is revoked.
const REVOKED_AFTER: usize = 250;
