//! The client against a transport that records what goes out and answers from a script.

mod addresses;
mod behaviour;
mod faults;
mod redaction;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    Error, FixedClock, ReceiptId, Timestamp, UserId,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};
use serde_json::{Value, json};

use super::*;
use crate::model::Receipt;

/// Records requests and answers from a script; 404 when the script is over.
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
        answer.unwrap_or_else(|| Ok(answer_of(404, "the script is over")))
    }
}

impl Transport {
    pub(crate) fn answer(&self, status: u16, body: impl ToString) -> &Self {
        self.push(Ok(answer_of(status, body)))
    }

    fn push(&self, answer: Result<HttpResponse, TransportError>) -> &Self {
        self.answers.lock().unwrap().push_back(answer);
        self
    }

    /// The URLs that were asked.
    pub(crate) fn urls(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|it| it.uri().to_string()).collect()
    }
}

fn answer_of(status: u16, body: impl ToString) -> HttpResponse {
    http::Response::builder()
        .status(status)
        .body(Bytes::from(body.to_string()))
        .unwrap()
}

/// Made up, in the form of Amazon's.
pub(crate) const SECRET: &str = "2:pLanTeDseCretpLanTeDseCretpLanTeDseCret-pLanTeDseCretpLanTeDseCret_pL:\
                                 pLanTeDseCretpLanTeDs==";

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) struct Setup {
    pub(crate) client: AmazonClient,
    pub(crate) transport: Arc<Transport>,
    pub(crate) clock: Arc<FixedClock>,
}

pub(crate) fn setup(builder: AmazonClientBuilder) -> Setup {
    let transport = Arc::new(Transport::default());
    let clock = Arc::new(FixedClock::new(now()));
    let client = builder
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

pub(crate) fn production() -> Setup {
    setup(AmazonClient::production(SECRET))
}

pub(crate) fn sandbox() -> Setup {
    setup(AmazonClient::sandbox())
}

/// A receipt that Amazon could answer.
pub(crate) fn receipt(receipt_id: &str) -> Value {
    json!({
        "receiptId": receipt_id,
        "productId": "gold",
        "productType": "ENTITLED",
        "purchaseDate": now().as_millis(),
        "cancelDate": null,
    })
}

impl Setup {
    async fn verify(&self) -> Result<Answer<Receipt>, Error> {
        let (receipt_id, user_id) = (ReceiptId::new("receipt"), UserId::new("user"));
        self.client.verify_receipt(&receipt_id, &user_id).await
    }
}
