//! What becomes of a call that Google refuses, of tokens that are revoked, and of a wrong set-up.

use core::time::Duration;
use std::sync::Arc;

use iap::{
    ErrorKind, Proof, Rejection, Verifier as _,
    core::http::RetryPolicy,
    google::{GooglePlayVerifier, MetadataServer, PlayClient, ServiceAccountKey},
};
use iap_testkit::{Fault, GoogleProblem, GoogleProductBuilder};

use super::{Market, PACKAGE, pro};
use crate::apple_store::transport;

impl Market {
    /// How many requests of the two kinds came in: for tokens, and of the API.
    fn requests(&self) -> (usize, usize) {
        let all = self.store.requests().all();
        let tokens = all.iter().filter(|it| it.path() == "/token").count();
        (tokens, all.len() - tokens)
    }
}

/// What each refusal is to who asks about a purchase by its token.
fn kind_of(problem: &GoogleProblem) -> ErrorKind {
    match (problem.status(), problem.reason()) {
        (400, "invalid" | "invalidValue") => ErrorKind::Rejected(Rejection::Malformed),
        (_, "purchaseTokenDoesNotMatchPackageName") => ErrorKind::Rejected(Rejection::WrongApp),
        (_, "purchaseTokenDoesNotMatchProductId") => ErrorKind::Rejected(Rejection::WrongProduct),
        (_, "purchaseTokenMismatch") => ErrorKind::Rejected(Rejection::Inconsistent),
        // Expired for too long.
        (410, _) | (400, "failedPrecondition") => ErrorKind::Rejected(Rejection::NoLongerValid),
        (404, "notFound" | "purchaseTokenNotFound") => ErrorKind::Rejected(Rejection::NotFound),
        (401, "authError" | "permissionDenied") | (404, "applicationNotFound") => {
            ErrorKind::Misconfigured
        }
        (403, "dailyLimitExceeded" | "quotaExceeded") => ErrorKind::Unavailable,
        (403, "rateLimitExceeded" | "userRateLimitExceeded") => ErrorKind::Unavailable,
        (403, _) => ErrorKind::Misconfigured,
        (409 | 429 | 500..=599, _) => ErrorKind::Unavailable,
        (400, _) => ErrorKind::Refused,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_refusal_of_google_is_a_verdict_or_none_and_never_the_wrong_one() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    let verifier = market.verifier();
    for problem in GoogleProblem::all() {
        // Both kinds of purchase are asked about where one is not known; and a refused token is
        // replaced once.
        for _ in 0..2 {
            market.store.refuse_next(*problem);
        }
        let error = verifier.verify(&proof).await.unwrap_err();
        assert_eq!(error.kind(), kind_of(problem), "{problem:?}: {error:?}");
        assert_eq!(error.http_status(), Some(problem.status()), "{problem:?}");
        assert_eq!(error.api_code(), Some(problem.reason()), "{problem:?}");
        market.store.fail_no_more();
        assert!(verifier.verify(&proof).await.is_ok(), "{problem:?}");
    }
}

#[tokio::test]
async fn no_fault_is_a_verdict_about_the_purchase() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    // Long enough for a busy machine, and for the slow answer.
    let (deadline, slow) = (Duration::from_secs(1), Duration::from_secs(5));
    for fault in Fault::all(slow) {
        // The first call for a token fails, then the first one of the API.
        for calls_before in [0, 1] {
            let retry = RetryPolicy::never().deadline(deadline);
            let client = market.builder().retry(retry).build().unwrap();
            let verifier = GooglePlayVerifier::new(client);
            if calls_before == 1 {
                verifier.verify(&proof).await.unwrap();
                // A refused token is replaced once.
                market.store.fail_next(fault.clone());
                if fault == Fault::Unauthorized {
                    assert!(verifier.verify(&proof).await.is_ok(), "with a new token");
                    continue;
                }
            } else {
                market.store.fail_next(fault.clone());
            }
            let error = verifier.verify(&proof).await.unwrap_err();
            let expected = match &fault {
                Fault::Empty | Fault::Html(200) | Fault::Truncated => ErrorKind::InvalidResponse,
                Fault::Unauthorized => ErrorKind::Misconfigured,
                _ => ErrorKind::Unavailable,
            };
            assert_eq!(
                error.kind(),
                expected,
                "{fault:?} {calls_before}: {error:?}"
            );
            if let Fault::RateLimited { retry_after } = fault {
                assert_eq!(error.retry_after(), Some(retry_after));
            }
        }
    }
}

/// What Google says of a token that it does not know.
fn not_found() -> GoogleProblem {
    let mut problems = GoogleProblem::all().iter();
    *problems
        .find(|it| it.reason() == "purchaseTokenNotFound")
        .unwrap()
}

#[tokio::test]
async fn a_purchase_that_google_does_not_know_at_once_is_asked_for_again() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    let retry = RetryPolicy::new().first_delay(Duration::from_millis(1));
    let client = market.builder().retry(retry).build().unwrap();
    let verifier = GooglePlayVerifier::new(client);
    for _ in 0..2 {
        market.store.refuse_next(not_found());
    }
    assert!(verifier.verify(&proof).await.is_ok());
    assert_eq!(market.requests(), (1, 3));
}

#[tokio::test]
async fn a_purchase_made_moments_ago_that_google_does_not_know_is_no_verdict() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let verifier = market.verifier();
    let bought = iap::Clock::now(&*market.clock);
    let proof = Proof::google_subscription(PACKAGE, token).with_purchase_time(bought);
    for (minutes, expected) in [
        (1, ErrorKind::Unavailable),
        (5, ErrorKind::Rejected(Rejection::NotFound)),
    ] {
        market.clock.advance(Duration::from_secs(minutes * 60));
        for _ in 0..2 {
            market.store.refuse_next(not_found());
        }
        let error = verifier.verify(&proof).await.unwrap_err();
        assert_eq!(error.kind(), expected, "after {minutes} minutes");
        let is_retryable = expected == ErrorKind::Unavailable;
        assert_eq!(error.retry_after().is_some(), is_retryable);
    }
    assert!(verifier.verify(&proof).await.is_ok());
}

#[tokio::test]
async fn a_token_that_was_revoked_is_replaced_once() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    let verifier = market.verifier();
    verifier.verify(&proof).await.unwrap();
    assert_eq!(market.requests(), (1, 1));
    market.store.revoke_access_tokens();
    market.store.requests().clear();
    verifier.verify(&proof).await.unwrap();
    assert_eq!(market.requests(), (1, 2));
    // A new token that is refused as well is no reason to ask for a third one.
    market.store.requests().clear();
    let mut problems = GoogleProblem::all().iter();
    let auth_error = *problems.find(|it| it.reason() == "authError").unwrap();
    market.store.refuse_next(auth_error);
    market.store.refuse_next(auth_error);
    let error = verifier.verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.api_code(), Some("authError"));
    assert_eq!(market.requests(), (1, 2));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    let verifier = market.verifier();
    verifier.verify(&proof).await.unwrap();
    market.clock.advance(Duration::from_secs(55 * 60));
    verifier.verify(&proof).await.unwrap();
    assert_eq!(market.requests(), (1, 2));
    market.clock.advance(Duration::from_secs(60));
    verifier.verify(&proof).await.unwrap();
    assert_eq!(market.requests(), (2, 3));
    let all = market.store.requests().all();
    assert!(all.iter().all(|it| it.status() == Some(200)));
}

#[tokio::test]
async fn ten_callers_at_once_fetch_one_token() {
    let market = Market::new();
    let token = market.store.buy_product(GoogleProductBuilder::new("coins"));
    let verifier = market.verifier();
    for round in 1..=2 {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let verifier = verifier.clone();
            let proof = Proof::google_product(PACKAGE, token.as_str());
            calls.spawn(async move { verifier.verify(&proof).await });
        }
        while let Some(purchase) = calls.join_next().await {
            purchase.unwrap().unwrap();
        }
        assert_eq!(market.requests().0, round);
        // All ten find out, and one asks.
        market.store.revoke_access_tokens();
    }
}

#[tokio::test]
async fn a_wrong_package_name_is_our_mistake_and_no_verdict() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let client = market.builder_for("com.example.aap").build().unwrap();
    let verifier = GooglePlayVerifier::new(client);
    let proof = Proof::google_subscription("com.example.aap", token.as_str());
    let error = verifier.verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.api_code(), Some("applicationNotFound"));
    // An app that nobody set up is not asked about.
    market.store.requests().clear();
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    let error = verifier.verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(market.store.requests().count(), 0);
}

#[tokio::test]
async fn a_token_of_another_app_is_refused() {
    let (market, other) = (Market::new(), Market::selling("com.example.other"));
    let token = other.store.buy_subscription(pro());
    let client = other.builder_for("com.example.other").build().unwrap();
    let verifier = market.verifier().and(client);
    let proof = Proof::google_subscription("com.example.other", token.as_str());
    let purchase = verifier.verify(&proof).await.unwrap();
    assert_eq!(purchase.app_id, Some("com.example.other".into()));
    let proof = Proof::google_subscription(PACKAGE, token.as_str());
    let error = verifier.verify(&proof).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::NotFound));
}

#[tokio::test]
async fn the_key_of_another_account_is_our_mistake_and_no_verdict() {
    let (market, other) = (Market::new(), Market::new());
    let token = market.store.buy_subscription(pro());
    let key = ServiceAccountKey::from_json(other.store.service_account_key()).unwrap();
    let key = key.with_token_url(&market.store.token_url()).unwrap();
    let client = PlayClient::builder(PACKAGE, key)
        .base_url(market.store.url())
        .clock(market.clock.clone())
        .transport(Arc::new(transport()))
        .build()
        .unwrap();
    let proof = Proof::google_subscription(PACKAGE, token);
    let error = GooglePlayVerifier::new(client).verify(&proof).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.api_code(), Some("invalid_grant"));
    assert_eq!(market.requests(), (1, 0), "and is not repeated");
}

#[tokio::test]
async fn a_machine_at_google_cloud_needs_no_key() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let source = MetadataServer::at(market.store.metadata_host());
    let client = PlayClient::builder(PACKAGE, source)
        .base_url(market.store.url())
        .clock(market.clock.clone())
        .transport(Arc::new(transport()))
        .build()
        .unwrap();
    let proof = Proof::google_subscription(PACKAGE, token);
    let verifier = GooglePlayVerifier::new(client);
    assert!(verifier.verify(&proof).await.is_ok());
    // A metadata server is the one of this machine, and a page of something else is none.
    market.store.fail_next(Fault::Unauthorized);
    market.store.fail_next(Fault::Html(200));
    let error = verifier.verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.to_string().contains("metadata server"), "{error}");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_our_mistake_and_no_verdict() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    let proof = Proof::google_subscription(PACKAGE, token);
    for hours_off in [-2_i64, 2] {
        let off = Duration::from_secs(hours_off.unsigned_abs() * 60 * 60);
        let now = iap::Clock::now(&*market.clock);
        let wrong = match hours_off {
            ..0 => now.saturating_sub(off),
            _ => now.saturating_add(off),
        };
        let builder = market.builder().clock(iap::FixedClock::new(wrong));
        let verifier = GooglePlayVerifier::new(builder.build().unwrap());
        let error = verifier.verify(&proof).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        assert!(error.to_string().contains("clock"), "{error}");
    }
}
