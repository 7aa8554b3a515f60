//! A transport that records what goes out and answers from a script, and a key made for the tests.

use std::{
    collections::VecDeque,
    sync::{LazyLock, Mutex},
};

use async_trait::async_trait;
use aws_lc_rs::{encoding::AsDer as _, rsa::KeySize, signature::RsaKeyPair};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use iap_core::{
    Timestamp,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};
use serde_json::{Value, json};

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
        answer.unwrap_or_else(|| Ok(response(200, "{}")))
    }
}

impl Transport {
    pub(crate) fn answer(&self, status: u16, body: impl Into<String>) -> &Self {
        self.push(Ok(response(status, body)))
    }

    pub(crate) fn answer_json(&self, status: u16, body: &Value) -> &Self {
        self.answer(status, body.to_string())
    }

    pub(crate) fn push(&self, answer: Result<HttpResponse, TransportError>) -> &Self {
        self.answers.lock().unwrap().push_back(answer);
        self
    }

    pub(crate) fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }
}

fn response(status: u16, body: impl Into<String>) -> HttpResponse {
    http::Response::builder()
        .status(status)
        .body(Bytes::from(body.into()))
        .unwrap()
}

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// The key of a service account. Making one takes a while, so all tests share it.
pub(crate) static KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

/// A key file as Google Cloud gives it out.
pub(crate) fn key_file() -> Value {
    let der = STANDARD.encode(KEY.as_der().unwrap().as_ref());
    let lines: Vec<_> = der
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    json!({
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "0123456789abcdef0123456789abcdef01234567",
        "private_key": format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            lines.join("\n")
        ),
        "client_email": "play@project.iam.gserviceaccount.com",
        "client_id": "012345678901234567890",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    })
}
