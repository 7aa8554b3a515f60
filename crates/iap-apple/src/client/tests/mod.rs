//! The client against a transport that records what goes out and answers from a script.

mod answers;
mod behaviour;
mod endpoints;
mod pages;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    Environment, Error, FixedClock, Timestamp,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};

use crate::{AppStoreServerClient, InAppPurchaseKey};

/// Records requests and answers from a script; 200 and `{}` when the script is over.
#[derive(Debug, Default)]
pub(crate) struct Transport {
    answers: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
    requests: Mutex<Vec<HttpRequest>>,
}

#[async_trait]
impl HttpTransport for Transport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(|| Ok(answer_of(200, "{}")))
    }
}

impl Transport {
    fn answer(&self, status: u16, body: &'static str) -> &Self {
        self.push(Ok(answer_of(status, body)))
    }

    pub(crate) fn answer_json(&self, status: u16, body: &serde_json::Value) -> &Self {
        let body = Bytes::from(body.to_string());
        self.push(Ok(http::Response::builder()
            .status(status)
            .body(body)
            .unwrap()))
    }

    fn push(&self, answer: Result<HttpResponse, TransportError>) -> &Self {
        self.answers.lock().unwrap().push_back(answer);
        self
    }

    pub(crate) fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer_of(status: u16, body: &'static str) -> HttpResponse {
    http::Response::builder()
        .status(status)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// A key made for the tests, as App Store Connect gives it out.
pub(crate) fn key() -> InAppPurchaseKey {
    let key = iap_testkit::SigningAuthority::all_p256();
    InAppPurchaseKey::new(
        "ABCDE12345",
        "57246542-96fe-1a63-e053-0824d011072a",
        key.leaf_key_pkcs8_der(),
    )
    .unwrap()
}

/// What a request authenticates itself with.
fn bearer(request: &HttpRequest) -> String {
    request.headers()["authorization"]
        .to_str()
        .unwrap()
        .to_owned()
}

struct Setup {
    client: AppStoreServerClient,
    transport: Arc<Transport>,
    clock: Arc<FixedClock>,
}

fn setup(environment: Environment) -> Setup {
    let transport = Arc::new(Transport::default());
    let clock = Arc::new(FixedClock::new(now()));
    let client = AppStoreServerClient::builder(key(), "com.example.app", environment)
        .transport(transport.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    Setup {
        client,
        transport,
        clock,
    }
}

async fn call(setup: &Setup) -> Result<(), Error> {
    setup.client.get_transaction_info("1").await.map(drop)
}
