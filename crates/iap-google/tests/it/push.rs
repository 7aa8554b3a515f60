//! What the tests of notifications share: an endpoint, its signer, and Google's address of keys.

use std::{
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    FixedClock, Timestamp,
    http::{
        HttpRequest, HttpResponse, HttpTransport, RetryPolicy, TransportError, TransportErrorKind,
    },
};
use iap_google::{
    GoogleKeyFetcher, GoogleKeys, NotificationFailure, NotificationVerifier,
    NotificationVerifierBuilder, OnlineNotificationVerifier, VerifiedNotification,
};
use iap_testkit::{GoogleNotificationBuilder, GooglePushSigner, GoogleTokenBuilder};

pub(crate) const AUDIENCE: &str = "https://example.com/google-play";
pub(crate) const SERVICE_ACCOUNT: &str = "push@project.iam.gserviceaccount.com";
pub(crate) const APP: &str = "com.example.app";

/// Making a key takes a while, so all tests share two.
pub(crate) static SIGNER: LazyLock<GooglePushSigner> = LazyLock::new(GooglePushSigner::new);
pub(crate) static OTHER: LazyLock<GooglePushSigner> = LazyLock::new(GooglePushSigner::new);

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) fn builder() -> NotificationVerifierBuilder {
    NotificationVerifier::builder()
        .audience(AUDIENCE)
        .service_account(SERVICE_ACCOUNT)
        .app(APP)
        .clock(FixedClock::new(now()))
}

pub(crate) fn verifier() -> NotificationVerifier {
    builder()
        .keys(GoogleKeys::from_json(SIGNER.jwks()).unwrap())
        .build()
        .unwrap()
}

pub(crate) fn token() -> GoogleTokenBuilder {
    SIGNER.token(AUDIENCE, SERVICE_ACCOUNT).issued_at(now())
}

pub(crate) fn renewal() -> GoogleNotificationBuilder {
    GoogleNotificationBuilder::subscription(APP, 2, "purchase-token").event_time(now())
}

pub(crate) fn body() -> String {
    renewal().push("1838996669366530")
}

pub(crate) fn verify_header(
    authorization: &str,
) -> Result<VerifiedNotification, NotificationFailure> {
    verifier().verify([("Authorization", authorization)], body())
}

pub(crate) fn verify_token(token: &str) -> Result<VerifiedNotification, NotificationFailure> {
    verify_header(&format!("Bearer {token}"))
}

pub(crate) fn verify_body(
    body: impl AsRef<[u8]>,
) -> Result<VerifiedNotification, NotificationFailure> {
    verifier().verify([("authorization", token().authorization())], body)
}

/// Google's address of keys: answers what it is set to, after a while, and counts.
#[derive(Debug)]
pub(crate) struct KeyServer {
    answer: Mutex<Answer>,
    requests: AtomicUsize,
}

#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Nothing(TransportErrorKind),
    Response {
        status: u16,
        cache_control: Option<&'static str>,
        age: Option<&'static str>,
        body: String,
    },
}

impl Answer {
    pub(crate) fn keys(body: impl Into<String>) -> Self {
        Self::Response {
            status: 200,
            cache_control: Some("public, max-age=21600, must-revalidate"),
            age: None,
            body: body.into(),
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Response {
            status,
            cache_control: None,
            age: None,
            body: "<html>sorry</html>".to_owned(),
        }
    }
}

impl KeyServer {
    pub(crate) fn new(answer: Answer) -> Arc<Self> {
        Arc::new(Self {
            answer: Mutex::new(answer),
            requests: AtomicUsize::new(0),
        })
    }

    pub(crate) fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl HttpTransport for KeyServer {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        assert_eq!(
            request.uri(),
            "https://www.googleapis.com/oauth2/v3/certs",
            "nothing else is asked for"
        );
        assert!(request.headers().is_empty(), "and nothing is told");
        self.requests.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(50)).await;
        let answer = self.answer.lock().unwrap().clone();
        match answer {
            Answer::Nothing(kind) => Err(TransportError::new(kind)),
            Answer::Response {
                status,
                cache_control,
                age,
                body,
            } => {
                let mut response = http::Response::builder().status(status);
                if let Some(value) = cache_control {
                    response = response.header("cache-control", value);
                }
                if let Some(value) = age {
                    response = response.header("age", value);
                }
                Ok(response.body(Bytes::from(body)).unwrap())
            }
        }
    }
}

/// An endpoint whose clock can be moved, and that asks once for each attempt to learn the keys.
pub(crate) struct Endpoint {
    pub(crate) server: Arc<KeyServer>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) online: OnlineNotificationVerifier,
}

impl Endpoint {
    pub(crate) fn new(answer: Answer) -> Self {
        let server = KeyServer::new(answer);
        let clock = Arc::new(FixedClock::new(now()));
        let fetcher = GoogleKeyFetcher::builder(server.clone())
            .retry(RetryPolicy::never())
            .clock(clock.clone())
            .build();
        let verifier = builder().clock(clock.clone()).build().unwrap();
        Self {
            server,
            clock,
            online: OnlineNotificationVerifier::new(verifier, fetcher),
        }
    }

    /// Pushes with a token that is issued at the present time of the clock.
    pub(crate) async fn push(
        &self,
        token: GoogleTokenBuilder,
    ) -> Result<VerifiedNotification, NotificationFailure> {
        use iap_core::Clock as _;

        let token = token.issued_at(self.clock.now());
        let headers = [("authorization", token.authorization())];
        self.online.verify(headers, body()).await
    }
}
