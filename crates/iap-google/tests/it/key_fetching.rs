//! When are Google's keys asked for? Rarely, whatever strangers send, and never without need.

use std::{sync::Arc, time::Duration};

use iap_core::{EndpointAnswer, ErrorKind, Rejection, http::TransportErrorKind};
use iap_google::{KeyProblem, NotificationFailure as Failure};
use serde_json::json;

use crate::push::{Answer, Endpoint, OTHER, SIGNER, body, token};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn both_keys() -> String {
    json!({ "keys": [SIGNER.jwk(), OTHER.jwk()] }).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_thousand_pushes_at_once_make_one_request() {
    let endpoint = Arc::new(Endpoint::new(Answer::keys(SIGNER.jwks())));
    let authorization = token().authorization();
    let pushes: Vec<_> = (0..1000)
        .map(|_| {
            let (endpoint, authorization) = (endpoint.clone(), authorization.clone());
            tokio::spawn(async move {
                let headers = [("authorization", authorization)];
                endpoint.online.verify(headers, body()).await.map(|_| ())
            })
        })
        .collect();
    for push in pushes {
        push.await.unwrap().unwrap();
    }
    assert_eq!(endpoint.server.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_unknown_keys_makes_one_request_a_minute() {
    let endpoint = Arc::new(Endpoint::new(Answer::keys(SIGNER.jwks())));
    for minute in 0..3 {
        let pushes: Vec<_> = (0..1000)
            .map(|number| {
                let endpoint = endpoint.clone();
                tokio::spawn(async move {
                    let forged = token().header("kid", format!("{minute}-{number}"));
                    endpoint.push(forged.payload("{}")).await
                })
            })
            .collect();
        for push in pushes {
            let failure = push.await.unwrap().unwrap_err();
            assert_eq!(failure.check(), "unknown_key");
            let verdict = ErrorKind::Rejected(Rejection::InvalidSignature);
            assert_eq!(failure.kind(), verdict, "Google has just told its keys");
        }
        // Those that come one after the other find the pause.
        for number in 0..100 {
            let forged = token().header("kid", number.to_string());
            assert_eq!(
                endpoint.push(forged).await.unwrap_err().check(),
                "unknown_key"
            );
        }
        assert_eq!(endpoint.server.requests(), minute + 1);
        // What Google really sent still gets through, without a request.
        assert!(endpoint.push(token()).await.is_ok());
        assert_eq!(endpoint.server.requests(), minute + 1);
        endpoint.clock.advance(MINUTE);
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_senders_who_hang_up_makes_one_request() {
    let endpoint = Arc::new(Endpoint::new(Answer::keys(SIGNER.jwks())));
    for number in 0..1000 {
        let endpoint = endpoint.clone();
        let forged = token().header("kid", number.to_string());
        let sender = tokio::spawn(async move { endpoint.push(forged.payload("{}")).await });
        tokio::time::sleep(Duration::from_millis(1)).await;
        sender.abort();
    }
    assert_eq!(endpoint.server.requests(), 1);
    assert!(endpoint.push(token()).await.is_ok());
    assert_eq!(endpoint.server.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_key_of_google_is_found_when_the_pause_is_over() {
    let endpoint = Endpoint::new(Answer::keys(SIGNER.jwks()));
    assert!(endpoint.push(token()).await.is_ok());
    endpoint.server.set(Answer::keys(both_keys()));
    let new = || token().header("kid", OTHER.key_id()).signed_by(&OTHER);
    assert_eq!(
        endpoint.push(new()).await.unwrap_err().check(),
        "unknown_key"
    );
    endpoint.clock.advance(MINUTE);
    assert!(endpoint.push(new()).await.is_ok());
    assert!(endpoint.push(token()).await.is_ok());
    assert_eq!(endpoint.server.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_google_withdrew_stops_serving_when_the_keys_expire() {
    let endpoint = Endpoint::new(Answer::keys(both_keys()));
    assert!(endpoint.push(token()).await.is_ok());
    endpoint.server.set(Answer::keys(OTHER.jwks()));
    endpoint.clock.advance(6 * HOUR - SECOND);
    assert!(endpoint.push(token()).await.is_ok());
    assert_eq!(endpoint.server.requests(), 1);
    endpoint.clock.advance(SECOND);
    assert_eq!(
        endpoint.push(token()).await.unwrap_err().check(),
        "unknown_key"
    );
    assert_eq!(endpoint.server.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_serve_as_long_as_google_says_within_bounds() {
    for (cache_control, age, lifetime) in [
        (
            Some("public, max-age=21600, must-revalidate"),
            Some("600"),
            6 * HOUR - 10 * MINUTE,
        ),
        (Some("MAX-AGE=\"3600\""), None, HOUR),
        (Some("max-age=3600"), Some("soon"), HOUR),
        (Some("no-store"), None, 5 * MINUTE),
        (Some("max-age=0"), None, 5 * MINUTE),
        (Some("max-age=600"), Some("9999999"), 5 * MINUTE),
        (Some("max-age=-1"), None, 5 * MINUTE),
        (Some("max-age=18446744073709551615"), None, 24 * HOUR),
        (None, None, 5 * MINUTE),
    ] {
        let endpoint = Endpoint::new(Answer::Response {
            status: 200,
            cache_control,
            age,
            body: SIGNER.jwks(),
        });
        assert!(endpoint.push(token()).await.is_ok());
        endpoint.clock.advance(lifetime - SECOND);
        assert!(endpoint.push(token()).await.is_ok());
        assert_eq!(endpoint.server.requests(), 1, "{cache_control:?}");
        endpoint.clock.advance(SECOND);
        assert!(endpoint.push(token()).await.is_ok());
        assert_eq!(endpoint.server.requests(), 2, "{cache_control:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_no_verdict_and_nobody_asks_again_for_a_while() {
    let not_json = Answer::keys("<html>sorry</html>");
    let too_long = Answer::keys(format!("{{\"keys\":[]{}}}", " ".repeat(70_000)));
    for (answer, kind) in [
        (
            Answer::Nothing(TransportErrorKind::Connect),
            ErrorKind::Unavailable,
        ),
        (
            Answer::Nothing(TransportErrorKind::Timeout),
            ErrorKind::Unavailable,
        ),
        (
            Answer::Nothing(TransportErrorKind::TooLong),
            ErrorKind::InvalidResponse,
        ),
        (Answer::status(503), ErrorKind::Unavailable),
        (Answer::status(404), ErrorKind::Unavailable),
        (Answer::status(302), ErrorKind::Unavailable),
        (not_json, ErrorKind::InvalidResponse),
        (too_long, ErrorKind::InvalidResponse),
    ] {
        let endpoint = Endpoint::new(answer.clone());
        for _ in 0..10 {
            let failure = endpoint.push(token()).await.unwrap_err();
            assert_eq!(failure.check(), "keys_unavailable", "{answer:?}");
            assert_eq!(failure.kind(), kind, "{answer:?}");
            assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
            // Nor is a token of an unknown key one.
            let foreign = token().header("kid", "unknown");
            let failure = endpoint.push(foreign).await.unwrap_err();
            assert_eq!(failure.check(), "keys_unavailable", "{answer:?}");
        }
        assert_eq!(endpoint.server.requests(), 1, "{answer:?}");
        endpoint.server.set(Answer::keys(SIGNER.jwks()));
        endpoint.clock.advance(10 * SECOND);
        assert!(endpoint.push(token()).await.is_ok());
        assert_eq!(endpoint.server.requests(), 2, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_leaves_the_keys_at_hand_until_they_expire() {
    let endpoint = Endpoint::new(Answer::keys(SIGNER.jwks()));
    assert!(endpoint.push(token()).await.is_ok());
    endpoint.server.set(Answer::status(500));
    endpoint.clock.advance(MINUTE);
    // A stranger makes us ask, in vain.
    let foreign = token().header("kid", "unknown");
    let failure = endpoint.push(foreign).await.unwrap_err();
    let problem = KeyProblem::HttpStatus { status: 500 };
    assert_eq!(failure, Failure::KeysUnavailable { problem });
    assert_eq!(iap_core::Error::from(failure).http_status(), Some(500));
    assert!(endpoint.push(token()).await.is_ok());
    assert_eq!(endpoint.server.requests(), 2);
    endpoint.clock.advance(6 * HOUR);
    let failure = endpoint.push(token()).await.unwrap_err();
    assert_eq!(failure.check(), "keys_unavailable");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_for_what_can_be_refused_without_keys() {
    let endpoint = Endpoint::new(Answer::keys(SIGNER.jwks()));
    let verify = |authorization: String, body: String| {
        let online = endpoint.online.clone();
        async move {
            let headers = [("authorization", authorization)];
            online.verify(headers, body).await.unwrap_err().check()
        }
    };
    assert_eq!(verify(token().unsigned(), body()).await, "authorization");
    let unsigned = format!("Bearer {}", token().unsigned());
    assert_eq!(verify(unsigned, body()).await, "algorithm");
    let huge = "x".repeat(100_000);
    assert_eq!(verify(token().authorization(), huge).await, "too_long");
    let none: [(&str, &str); 0] = [];
    let failure = endpoint.online.verify(none, body()).await.unwrap_err();
    assert_eq!(failure.check(), "missing");
    assert_eq!(endpoint.server.requests(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_does_not_keep_keys_longer() {
    let endpoint = Endpoint::new(Answer::keys(SIGNER.jwks()));
    assert!(endpoint.push(token()).await.is_ok());
    endpoint.clock.set(crate::push::now().saturating_sub(HOUR));
    assert!(endpoint.push(token()).await.is_ok());
    assert_eq!(endpoint.server.requests(), 2);
}
