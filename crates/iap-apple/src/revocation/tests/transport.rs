//! A network of one's own: says what comes back from which address, and records who asked what.

use core::{fmt, time::Duration};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    FixedClock,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError, TransportErrorKind},
};
use iap_testkit::SigningAuthority;
use tokio::time::sleep;

use super::{
    INTERMEDIATE_URL, now,
    responder::{Party, Response, Statement},
};
use crate::{RevocationChecker, RevocationCheckerBuilder};

/// What comes back from an address.
pub(super) enum Reply {
    Answer(Vec<u8>),
    Status(u16),
    Failure(TransportErrorKind),
    /// The answer, after a while.
    Late(Duration, Vec<u8>),
    Never,
}

type Script = dyn Fn(&HttpRequest) -> Reply + Send + Sync;

pub(super) struct Network {
    script: Box<Script>,
    requests: Mutex<Vec<HttpRequest>>,
}

impl Network {
    pub(super) fn new(script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Self::by_request(move |request| script(&request.uri().to_string()))
    }

    pub(super) fn by_request(
        script: impl Fn(&HttpRequest) -> Reply + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            script: Box::new(script),
            requests: Mutex::new(Vec::new()),
        })
    }

    /// Answers about leaf and intermediate of `authority` after `edit` has changed what would be
    /// "good". At any other address there is nobody.
    pub(super) fn of(authority: &SigningAuthority, leaf: Edit, intermediate: Edit) -> Arc<Self> {
        let leaf = leaf_answer(authority, leaf);
        let intermediate = intermediate_answer(authority, intermediate);
        Self::new(move |url| match url {
            super::LEAF_URL => Reply::Answer(leaf.clone()),
            INTERMEDIATE_URL => Reply::Answer(intermediate.clone()),
            _ => Reply::Failure(TransportErrorKind::Connect),
        })
    }

    /// A checker in this network, whose clock stands still.
    pub(super) fn checker(self: &Arc<Self>) -> RevocationCheckerBuilder {
        let transport: Arc<Self> = Arc::clone(self);
        RevocationChecker::builder(transport).clock(FixedClock::new(now()))
    }

    pub(super) fn requests(&self) -> Vec<HttpRequest> {
        self.requests.lock().unwrap().clone()
    }

    /// How often `url` was asked.
    pub(super) fn count(&self, url: &str) -> usize {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|it| *it.uri() == *url).count()
    }
}

pub(super) type Edit = fn(Statement) -> Statement;

pub(super) fn leaf_answer(authority: &SigningAuthority, edit: Edit) -> Vec<u8> {
    let issuer = Party::intermediate(authority);
    let statement = Statement::good(&issuer, authority.leaf_der());
    Response::of([edit(statement)]).sign(&issuer)
}

pub(super) fn intermediate_answer(authority: &SigningAuthority, edit: Edit) -> Vec<u8> {
    let issuer = Party::root(authority);
    let statement = Statement::good(&issuer, authority.intermediate_der());
    Response::of([edit(statement)]).sign(&issuer)
}

#[async_trait]
impl HttpTransport for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let reply = (self.script)(&request);
        self.requests.lock().unwrap().push(request);
        let answer = |body: Vec<u8>| Ok(HttpResponse::new(Bytes::from(body)));
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
