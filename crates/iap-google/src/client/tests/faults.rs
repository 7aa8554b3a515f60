//! Ten thousand verifications while a fifth of all answers fail, tokens expire and are revoked.
#![allow(clippy::arithmetic_side_effects, reason = "small numbers of our own")]

use std::{collections::HashMap, sync::Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    ErrorKind, FixedClock, Proof, Rejection, Verifier as _,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind},
};

use super::*;
use crate::{GooglePlayVerifier, credentials::ServiceAccountKey, testing::key_file};

/// Google, badly connected. Knows tokens that begin with `good`, has forgotten those that begin
/// with `gone`, and knows no others.
#[derive(Debug)]
struct Unreliable {
    clock: Arc<FixedClock>,
    random: Mutex<u64>,
    token_fetches_in_flight: AtomicU32,
    most_in_flight: AtomicU32,
    access_tokens: Mutex<HashMap<String, u32>>,
}

impl Unreliable {
    /// A number below `bound`, the same ones in every run.
    fn random(&self, bound: u64) -> u64 {
        let mut state = self.random.lock().unwrap();
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % bound
    }

    fn fault(&self) -> Option<Result<HttpResponse, TransportError>> {
        if self.random(5) > 0 {
            return None;
        }
        Some(match self.random(7) {
            0 => Err(TransportError::new(TransportErrorKind::Connect)),
            1 => Err(TransportError::new(TransportErrorKind::Interrupted)),
            2 => Err(TransportError::new(TransportErrorKind::Timeout)),
            3 => Ok(answer(503, "<html>Service Unavailable</html>")),
            4 => Ok(answer(500, &error_object(500, "backendError"))),
            5 => Ok(answer(429, "")),
            _ => Ok(answer(502, "")),
        })
    }

    async fn give_token(&self) -> Result<HttpResponse, TransportError> {
        let in_flight = self.token_fetches_in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_in_flight.fetch_max(in_flight, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.token_fetches_in_flight.fetch_sub(1, Ordering::SeqCst);
        if let Some(fault) = self.fault() {
            return fault;
        }
        let mut tokens = self.access_tokens.lock().unwrap();
        let token = format!("planted-{}", tokens.len());
        tokens.insert(token.clone(), 0);
        Ok(answer(
            200,
            &format!(r#"{{"access_token":"{token}","expires_in":3600}}"#),
        ))
    }

    /// Each token is revoked after some hundred uses.
    fn accepts(&self, request: &HttpRequest) -> bool {
        let header = request.headers()["authorization"].to_str().unwrap();
        let mut tokens = self.access_tokens.lock().unwrap();
        let uses = tokens
            .get_mut(header.strip_prefix("Bearer ").unwrap())
            .unwrap();
        *uses += 1;
        *uses < 700
    }
}

#[async_trait]
impl HttpTransport for Unreliable {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if request.uri().host() == Some("oauth2.googleapis.com") {
            return self.give_token().await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.clock.advance(Duration::from_millis(500));
        if let Some(fault) = self.fault() {
            return fault;
        }
        if !self.accepts(&request) {
            return Ok(answer(401, &error_object(401, "authError")));
        }
        let path = request.uri().path();
        let token = path.rsplit('/').next().unwrap();
        Ok(match token.get(..4) {
            Some("good") if path.contains("subscriptionsv2") => answer(
                200,
                r#"{"subscriptionState":"SUBSCRIPTION_STATE_ACTIVE","lineItems":[{"productId":"pro","expiryTime":"2030-01-01T00:00:00Z"}]}"#,
            ),
            Some("gone") => answer(410, &error_object(410, "purchaseTokenNoLongerValid")),
            _ => answer(404, &error_object(404, "purchaseTokenNotFound")),
        })
    }
}

fn answer(status: u16, body: &str) -> HttpResponse {
    let body = Bytes::from(body.to_owned());
    http::Response::builder().status(status).body(body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn no_fault_makes_a_wrong_verdict_and_one_token_is_fetched_at_a_time() {
    let clock = Arc::new(FixedClock::new(now()));
    let google = Arc::new(Unreliable {
        clock: clock.clone(),
        random: Mutex::new(42),
        token_fetches_in_flight: AtomicU32::new(0),
        most_in_flight: AtomicU32::new(0),
        access_tokens: Mutex::default(),
    });
    let key = ServiceAccountKey::from_json(key_file().to_string()).unwrap();
    let client = PlayClient::builder("com.example.app", key)
        .transport(google.clone())
        .clock(clock)
        .build()
        .unwrap();
    let verifier = GooglePlayVerifier::new(client);
    let mut answered = HashMap::new();
    for round in 0..100_u32 {
        let calls = (0..100_u32).map(|number| {
            let verifier = verifier.clone();
            let name = ["good", "gone", "none"][usize::try_from(number % 3).unwrap()];
            tokio::spawn(async move {
                let token = format!("{name}-{round}-{number}");
                let proof = Proof::google_subscription("com.example.app", token);
                (name, verifier.verify(&proof).await)
            })
        });
        for call in calls.collect::<Vec<_>>() {
            let (name, result) = call.await.unwrap();
            let kind = match result {
                Ok(purchase) => {
                    assert_eq!((name, purchase.product_id.as_str()), ("good", "pro"));
                    "found"
                }
                Err(error) => {
                    let shown = format!("{error} {error:?}");
                    for secret in ["planted", "PRIVATE", "assertion="] {
                        assert!(!shown.contains(secret), "{shown}");
                    }
                    match error.kind() {
                        ErrorKind::Rejected(Rejection::NoLongerValid) => assert_eq!(name, "gone"),
                        ErrorKind::Rejected(Rejection::NotFound) => assert_eq!(name, "none"),
                        kind => assert_eq!(kind, ErrorKind::Unavailable, "{error}"),
                    }
                    if error.rejection().is_some() {
                        "rejected"
                    } else {
                        "could not tell"
                    }
                }
            };
            *answered.entry(kind).or_insert(0_u32) += 1;
        }
    }
    assert_eq!(google.most_in_flight.load(Ordering::SeqCst), 1);
    assert!(
        google.access_tokens.lock().unwrap().len() > 10,
        "tokens were renewed"
    );
    // Most calls are answered in spite of everything, and some are not.
    assert!(
        answered["found"] > 2_500 && answered["rejected"] > 4_000,
        "{answered:?}"
    );
    assert!(answered["could not tell"] > 10, "{answered:?}");
}
