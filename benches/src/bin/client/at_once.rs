//! What does a client itself cost: over a transport that answers at once?

use core::{
    sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    time::Duration,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Instant,
};

use app_store_server_library::api_client::transport::{Transport, TransportError as PeerError};
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use iap_apple::{Clock, SystemClock};
use iap_benches::{CountingAllocator, Time, calibrate, in_turn};
use iap_core::{
    Timestamp,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};
use serde::Serialize;

use crate::{
    clients::{Client, Iap, Peer},
    question::Question,
    runtime,
};

/// What one call costs.
#[derive(Serialize)]
pub(crate) struct Overhead {
    pub(crate) arm: &'static str,
    pub(crate) micros: Time,
    pub(crate) allocator_calls: u64,
    pub(crate) allocated_bytes: u64,
    /// In [`COUNTED_CALLS`].
    pub(crate) tokens_signed: usize,
    /// The longest that this project's call may take, in microseconds.
    pub(crate) target: Option<f64>,
}

impl Overhead {
    pub(crate) fn meets_target(&self) -> Option<bool> {
        self.target.map(|target| self.micros.min <= target)
    }
}

/// Measures all arms in turn.
pub(crate) fn measure(question: &Question, rounds: usize, sample: Duration) -> Vec<Overhead> {
    let hurried_clock = HurriedClock(AtomicI64::new(SystemClock.now().as_millis()));
    let arms = [
        Arm::iap("iap", Some(TARGET), question, SystemClock),
        Arm::iap("iap, new token each", None, question, hurried_clock),
        Arm::peer("peer", question),
    ];
    let repetitions: Vec<u32> = arms.iter().map(|arm| calibrate(sample, &arm.ask)).collect();
    let mut samples = vec![Vec::with_capacity(rounds); arms.len()];
    in_turn(arms.len(), rounds, |index| {
        let start = Instant::now();
        (arms[index].ask)(repetitions[index]);
        samples[index].push(start.elapsed().as_secs_f64() / f64::from(repetitions[index]));
    });
    let rows = arms.iter().zip(samples).map(|(arm, samples)| {
        let (allocator_calls, allocated_bytes) =
            CountingAllocator::count(COUNTED_CALLS.into(), || (arm.ask)(COUNTED_CALLS));
        Overhead {
            arm: arm.name,
            micros: Time::of(samples),
            allocator_calls,
            allocated_bytes,
            tokens_signed: arm.transport.count_tokens(|| (arm.ask)(COUNTED_CALLS)),
            target: arm.target,
        }
    });
    rows.collect()
}

/// One client, and the transport that it sends through.
struct Arm {
    name: &'static str,
    target: Option<f64>,
    transport: Arc<AnswersAtOnce>,
    /// Makes so many calls.
    ask: Box<dyn Fn(u32)>,
}

impl Arm {
    fn iap(
        name: &'static str,
        target: Option<f64>,
        question: &Question,
        clock: impl Clock + 'static,
    ) -> Self {
        let transport = AnswersAtOnce::new(question);
        let client = Iap::new(question, transport.clone(), APPLE, clock);
        Self::new(name, target, transport, client)
    }

    fn peer(name: &'static str, question: &Question) -> Self {
        let transport = AnswersAtOnce::new(question);
        let client = Peer::new(question, ForPeer(transport.clone()));
        Self::new(name, None, transport, client)
    }

    fn new(
        name: &'static str,
        target: Option<f64>,
        transport: Arc<AnswersAtOnce>,
        client: impl Client,
    ) -> Self {
        let length = transport.jws_length;
        let runtime = runtime();
        Self {
            name,
            target,
            transport,
            ask: Box::new(move |calls| {
                runtime.block_on(async {
                    for _ in 0..calls {
                        assert_eq!(client.ask().await, length, "the transaction");
                    }
                });
            }),
        }
    }
}

/// Gives the answer to whatever is sent, without any wait.
#[derive(Debug)]
struct AnswersAtOnce {
    answer: Bytes,
    jws_length: usize,
    is_recording: AtomicBool,
    authorizations: Mutex<HashSet<HeaderValue>>,
}

impl AnswersAtOnce {
    fn new(question: &Question) -> Arc<Self> {
        Arc::new(Self {
            answer: question.answer().clone(),
            jws_length: question.jws().len(),
            is_recording: AtomicBool::new(false),
            authorizations: Mutex::default(),
        })
    }

    /// How many tokens come along while `run` runs. A signature has a random part, so each token
    /// that is signed is another.
    fn count_tokens(&self, run: impl FnOnce()) -> usize {
        self.is_recording.store(true, Relaxed);
        run();
        self.is_recording.store(false, Relaxed);
        self.authorizations.lock().expect("no panic").len()
    }

    fn record(&self, headers: &HeaderMap) {
        if self.is_recording.load(Relaxed) {
            let authorization = headers.get(AUTHORIZATION).expect("a token").clone();
            let mut authorizations = self.authorizations.lock().expect("no panic");
            authorizations.insert(authorization);
        }
    }
}

#[async_trait]
impl HttpTransport for AnswersAtOnce {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.record(request.headers());
        Ok(http::Response::new(self.answer.clone()))
    }
}

struct ForPeer(Arc<AnswersAtOnce>);

impl Transport for ForPeer {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, PeerError> {
        self.0.record(request.headers());
        // The peer's own type of an answer, which cannot be shared.
        Ok(http::Response::new(self.0.answer.to_vec()))
    }
}

/// A clock by which every token has expired when it is looked at again.
#[derive(Debug)]
struct HurriedClock(AtomicI64);

impl Clock for HurriedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.fetch_add(HOUR_MILLIS, Relaxed))
    }
}

const HOUR_MILLIS: i64 = 60 * 60 * 1_000;

/// Nothing is sent there.
const APPLE: &str = "https://api.storekit.apple.com";

const COUNTED_CALLS: u32 = 10_000;

/// In microseconds. The peer took 30 when it was set.
const TARGET: f64 = 5.0;
