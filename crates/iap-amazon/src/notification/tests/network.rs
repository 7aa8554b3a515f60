//! A network of one's own: says what comes back from which address, and records who asked what.

use core::{fmt, time::Duration};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    FixedClock,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind},
};
use tokio::time::sleep;

use super::{SIGNER, builder, now};
use crate::notification::{
    CertificateFetcher, CertificateFetcherBuilder, OnlineNotificationVerifier,
};

/// What comes back from an address.
pub(super) enum Reply {
    Answer(String),
    Status(u16),
    Failure(TransportErrorKind),
    /// The answer, after a while.
    Late(Duration, String),
    Never,
}

type Script = dyn Fn(&str) -> Reply + Send + Sync;

pub(super) struct Network {
    script: Box<Script>,
    requests: Mutex<Vec<HttpRequest>>,
    on_their_way: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Network {
    pub(super) fn new(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(script),
            requests: Mutex::new(Vec::new()),
            on_their_way: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        })
    }

    /// The host of SNS, with the certificates of [`SIGNER`] and its forgeries.
    pub(super) fn of_sns() -> Arc<Self> {
        Self::new(|url| match SIGNER.certificate_at(url) {
            Some(pem) => Reply::Answer(pem),
            None => Reply::Status(404),
        })
    }

    /// A fetcher in this network, whose clock stands still.
    pub(super) fn fetcher(self: &Arc<Self>) -> CertificateFetcherBuilder {
        let transport: Arc<Self> = Arc::clone(self);
        CertificateFetcher::builder(transport).clock(FixedClock::new(now()))
    }

    /// A verifier that fetches in this network.
    pub(super) fn verifier(self: &Arc<Self>) -> OnlineNotificationVerifier {
        let verifier = builder().build().unwrap();
        OnlineNotificationVerifier::new(verifier, self.fetcher().build())
    }

    pub(super) fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// The largest number of requests that were on their way at the same time.
    pub(super) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    fn enter(&self) -> OnItsWay<'_> {
        let others = self.on_their_way.fetch_add(1, Ordering::SeqCst);
        let at_once = others.saturating_add(1);
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        OnItsWay(self)
    }
}

struct OnItsWay<'a>(&'a Network);

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.on_their_way.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl HttpTransport for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let reply = (self.script)(&request.uri().to_string());
        self.requests.lock().unwrap().push(request);
        let _on_its_way = self.enter();
        let answer = |body: String| Ok(HttpResponse::new(Bytes::from(body)));
        match reply {
            Reply::Answer(body) => answer(body),
            Reply::Status(status) => {
                let mut response = HttpResponse::new(Bytes::new());
                *response.status_mut() = status.try_into().unwrap();
                Ok(response)
            }
            Reply::Failure(kind) => Err(TransportError::new(kind).with_source("the cause")),
            Reply::Late(delay, body) => {
                sleep(delay).await;
                answer(body)
            }
            Reply::Never => core::future::pending().await,
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}
