//! A client whose requests are recorded instead of sent.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    Timestamp,
    http::{HttpRequest, HttpResponse, HttpTransport, Token, TransportError},
};
use iap_google::{PlayClient, TokenFn};

/// Answers 200 and `{}` to everything.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Vec<HttpRequest>>);

#[async_trait]
impl HttpTransport for Recorder {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.0.lock().unwrap().push(request);
        Ok(http::Response::new(Bytes::from_static(b"{}")))
    }
}

impl Recorder {
    pub(crate) fn requests(&self) -> Vec<HttpRequest> {
        self.0.lock().unwrap().clone()
    }
}

pub(crate) fn client(package_name: &str) -> (PlayClient, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::default());
    let never = Timestamp::from_millis(i64::MAX);
    let tokens = TokenFn::new(move || async move { Ok(Token::new("token".into(), never)) });
    let client = PlayClient::builder(package_name, tokens)
        .transport(recorder.clone())
        .build()
        .unwrap();
    (client, recorder)
}
