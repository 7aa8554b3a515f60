//! Who asks: this project's client, the peer's, and reqwest with nothing or little around it.

use core::time::Duration;
use std::sync::Arc;

use app_store_server_library::{
    api_client::transport::Transport,
    app_store_server_api_client::AppStoreServerApiClient as PeerClient,
    models::app_store_environment::Environment as PeerEnvironment,
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, USER_AGENT},
};
use iap_apple::{
    AppStoreServerClient, BearerTokenSigner, Clock, Environment, InAppPurchaseKey, SystemClock,
};
use iap_core::http::HttpTransport;
use serde::Deserialize;

use crate::question::{BUNDLE_ID, ISSUER_ID, KEY_ID, PATH, Question, TRANSACTION_ID};

/// Asks for the transaction and returns how long what it got is: the signed transaction or, from
/// reqwest alone, the answer with the JSON around it.
///
/// # Panics
///
/// When there is no answer: nothing else may be measured.
pub(crate) trait Client: Send + Sync + 'static {
    fn ask(&self) -> impl Future<Output = usize> + Send;
}

/// This project.
pub(crate) struct Iap(AppStoreServerClient);

impl Iap {
    /// A client as its users build it, apart from the transport, the host and the clock.
    pub(crate) fn new(
        question: &Question,
        transport: Arc<dyn HttpTransport>,
        host: &str,
        clock: impl Clock + 'static,
    ) -> Self {
        let client =
            AppStoreServerClient::builder(key(question), BUNDLE_ID, Environment::Production)
                .transport(transport)
                .base_url(host)
                .clock(clock)
                .build();
        Self(client.expect("the client builds"))
    }
}

impl Client for Iap {
    async fn ask(&self) -> usize {
        let answer = self.0.get_transaction_info(TRANSACTION_ID).await;
        let signed = answer.expect("an answer").signed_transaction_info;
        signed.expect("a transaction").len()
    }
}

/// The crate `app-store-server-library`.
pub(crate) struct Peer<T: Transport>(PeerClient<T>);

impl<T: Transport> Peer<T> {
    pub(crate) fn new(question: &Question, transport: T) -> Self {
        let client = PeerClient::new(
            question.p8().into(),
            KEY_ID,
            ISSUER_ID,
            BUNDLE_ID,
            PeerEnvironment::Production,
            transport,
        );
        Self(client.expect("the client builds"))
    }
}

impl<T: Transport + 'static> Client for Peer<T> {
    async fn ask(&self) -> usize {
        let answer = self.0.get_transaction_info(TRANSACTION_ID).await;
        let signed = answer.expect("an answer").signed_transaction_info;
        signed.expect("a transaction").len()
    }
}

/// reqwest alone: the same request with a token made before, and the whole body of the answer.
/// Without time-outs, which cost something.
pub(crate) struct Bare {
    client: reqwest::Client,
    url: String,
    headers: HeaderMap,
}

impl Bare {
    pub(crate) fn new(question: &Question, host: &str) -> Self {
        let signer = BearerTokenSigner::new(key(question), BUNDLE_ID).expect("a signer");
        let token = signer.sign(SystemClock.now()).expect("a token");
        let authorization = format!("Bearer {}", token.text().expose());
        let value = |text: &str| HeaderValue::from_str(text).expect("a header value");
        Self {
            client: reqwest::Client::new(),
            url: format!("{host}{PATH}"),
            headers: HeaderMap::from_iter([
                (USER_AGENT, value("iap-rust/0.1.0")),
                (ACCEPT, value("application/json")),
                (AUTHORIZATION, value(&authorization)),
            ]),
        }
    }

    async fn body(&self) -> Bytes {
        let request = self.client.get(&self.url).headers(self.headers.clone());
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "a good answer");
        response.bytes().await.expect("a body")
    }
}

impl Client for Bare {
    async fn ask(&self) -> usize {
        self.body().await.len()
    }
}

/// reqwest with the least that a backend adds to it: a time-out, and the answer read as JSON.
pub(crate) struct ByHand(Bare);

impl ByHand {
    pub(crate) fn new(question: &Question, host: &str) -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30));
        Self(Bare {
            client: client.build().expect("the client builds"),
            ..Bare::new(question, host)
        })
    }
}

impl Client for ByHand {
    async fn ask(&self) -> usize {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            signed_transaction_info: String,
        }
        let answer: Answer = serde_json::from_slice(&self.0.body().await).expect("an answer");
        answer.signed_transaction_info.len()
    }
}

fn key(question: &Question) -> InAppPurchaseKey {
    InAppPurchaseKey::new(KEY_ID, ISSUER_ID, question.p8()).expect("a key")
}
