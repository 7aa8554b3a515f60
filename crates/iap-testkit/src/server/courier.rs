//! Posts what a fake store has to say to the webhook of the backend under test.

use core::{fmt, time::Duration};
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use super::answer::AnswerBody;

/// Something to post, and what to do with the result.
pub(crate) struct Parcel {
    /// Plain `http`, on this machine.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) done: Box<dyn FnOnce(Delivery) + Send>,
}

/// What became of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Answered(StatusCode),
    NoConnection,
    Broken,
    TimedOut,
}

/// A thread that posts one parcel after the other, in their order.
pub(crate) struct Courier {
    parcels: Option<mpsc::UnboundedSender<Parcel>>,
    /// How many parcels have been handed in and not been dealt with.
    waiting: watch::Sender<usize>,
    thread: Option<JoinHandle<()>>,
}

impl Courier {
    pub(crate) fn start() -> Self {
        let (parcels, received) = mpsc::unbounded_channel();
        let (waiting, _) = watch::channel(0);
        let done = waiting.clone();
        let thread = thread::Builder::new()
            .name("fake store's courier".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("the system gives an event loop");
                runtime.block_on(deliver_all(received, done));
            })
            .expect("the system gives a thread");
        Self {
            parcels: Some(parcels),
            waiting,
            thread: Some(thread),
        }
    }

    pub(crate) fn post(&self, parcel: Parcel) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        let parcels = self.parcels.as_ref().expect("a courier at work");
        parcels.send(parcel).expect("a courier at work");
    }

    /// Waits until everything handed in so far has been dealt with.
    pub(crate) async fn idle(&self) {
        let mut waiting = self.waiting.subscribe();
        let result = waiting.wait_for(|waiting| *waiting == 0).await;
        result.expect("a courier at work");
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        drop(self.parcels.take());
        if let Some(thread) = self.thread.take()
            // Its own report may be what held the store last.
            && thread.thread().id() != thread::current().id()
        {
            // A panic of the courier has been printed by its thread; a second one would abort.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier")
            .field("waiting", &*self.waiting.borrow())
            .finish_non_exhaustive()
    }
}

async fn deliver_all(mut parcels: mpsc::UnboundedReceiver<Parcel>, waiting: watch::Sender<usize>) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    while let Some(parcel) = parcels.recv().await {
        let delivery = deliver(&client, &parcel);
        let delivery = timeout(PATIENCE, delivery)
            .await
            .unwrap_or(Delivery::TimedOut);
        (parcel.done)(delivery);
        waiting.send_modify(|waiting| *waiting -= 1);
    }
}

async fn deliver(client: &Client<HttpConnector, AnswerBody>, parcel: &Parcel) -> Delivery {
    let mut request = Request::post(&parcel.url)
        .body(AnswerBody::whole(parcel.body.clone()))
        .expect("the address of a webhook");
    *request.headers_mut() = parcel.headers.clone();
    match client.request(request).await {
        Ok(response) => Delivery::Answered(response.status()),
        Err(error) if error.is_connect() => Delivery::NoConnection,
        Err(_) => Delivery::Broken,
    }
}

/// How long a webhook may take; the stores wait for 10 to 15 seconds.
const PATIENCE: Duration = Duration::from_secs(10);
