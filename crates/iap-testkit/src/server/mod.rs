//! A web server on this machine: what every fake store stands on.

mod answer;
mod courier;
mod fault;
mod listener;
mod received;
mod tls;

use core::fmt;
use std::{net::SocketAddr, sync::Arc, thread::JoinHandle};

use http::StatusCode;
use tokio::sync::oneshot;

use self::listener::Listening;
pub(crate) use self::received::form_pairs;
pub(crate) use self::{
    answer::Answer,
    courier::{Courier, Delivery, Parcel},
    fault::Faults,
};
pub use self::{
    fault::Fault,
    received::{ReceivedRequest, RequestLog},
};

/// What a fake store answers. One request at a time is answered, so state needs no more than a lock.
pub(crate) trait Service: Send + Sync + 'static {
    /// The answer of the store when nothing is wrong.
    fn answer(&self, request: &ReceivedRequest) -> Answer;

    /// The answer to a request too many, in the store's own form.
    fn rate_limited(&self, request: &ReceivedRequest, retry_after: core::time::Duration) -> Answer;

    /// The answer of a store in trouble, in the store's own form.
    fn server_error(&self, request: &ReceivedRequest, status: u16) -> Answer;

    /// The answer to credentials that are refused, in the store's own form: nothing, as a rule.
    fn unauthorized(&self, _: &ReceivedRequest) -> Answer {
        Answer::empty(StatusCode::UNAUTHORIZED)
    }
}

/// Whether the servers speak TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    Tls,
}

/// One or more listeners on loopback, served by a thread of their own until they are dropped.
///
/// A thread and not a task: tests without async, and tests whose runtime's clock stands still, are
/// served alike.
pub(crate) struct Server {
    addresses: Vec<SocketAddr>,
    certificate: Option<Vec<u8>>,
    log: RequestLog,
    faults: Arc<Faults>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts `count` listeners; a request tells on which it came.
    pub(crate) fn start(count: usize, encryption: Encryption, service: Arc<dyn Service>) -> Self {
        let log = RequestLog::default();
        let faults = Arc::new(Faults::default());
        let tls = (encryption == Encryption::Tls).then(tls::Identity::new);
        let certificate = tls.as_ref().map(|tls| tls.certificate().to_vec());
        let listening = Listening {
            service,
            log: log.clone(),
            faults: Arc::clone(&faults),
            tls,
        };
        let (stop, stopped) = oneshot::channel();
        let (addresses, thread) = listener::spawn(count, listening, stopped);
        Self {
            addresses,
            certificate,
            log,
            faults,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Where the listener with this number answers, without a slash at the end.
    pub(crate) fn url(&self, listener: usize) -> String {
        let address = self.addresses[listener];
        match self.certificate {
            Some(_) => format!("https://localhost:{}", address.port()),
            None => format!("http://{address}"),
        }
    }

    /// The certificate of the servers in DER, if they speak TLS.
    pub(crate) fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    pub(crate) const fn log(&self) -> &RequestLog {
        &self.log
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed by its thread; a second one would abort.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}
