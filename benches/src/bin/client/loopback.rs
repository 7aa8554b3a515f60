//! What does a call cost over a real connection, to a server on this machine?

use core::{net::SocketAddr, time::Duration};
use std::{sync::Arc, time::Instant};

use app_store_server_library::api_client::{
    reqwest_transport::reqwest_http_transport::ReqwestHttpTransport,
    transport::{Transport, TransportError},
};
use http::uri::{Authority, Scheme, Uri};
use iap_apple::SystemClock;
use iap_benches::{
    Arm, CountingAllocator, Ratio, Time, as_text, calibrate, in_turn, thread_cpu_time,
};
use iap_core::http::ReqwestTransport;
use serde::Serialize;
use tokio::{runtime::Runtime, task::JoinSet};

use crate::{
    clients::{Bare, Client, Iap, Peer},
    local_server,
    question::Question,
    runtime,
};

/// What one call costs with one client.
#[derive(Serialize)]
pub(crate) struct Exchange {
    #[serde(serialize_with = "as_text")]
    pub(crate) arm: Arm,
    /// How many calls are under way at the same time.
    pub(crate) concurrency: u32,
    /// From the first call to the last answer, divided by the number of calls.
    pub(crate) elapsed: Time,
    /// What the thread that calls was busy for, in the kernel too.
    pub(crate) cpu: Time,
    pub(crate) elapsed_to_bare: Ratio,
    pub(crate) cpu_to_bare: Ratio,
    pub(crate) allocator_calls: u64,
    pub(crate) allocated_bytes: u64,
    /// The most that the ratios of this project may be.
    pub(crate) target: Option<f64>,
}

impl Exchange {
    pub(crate) fn meets_target(&self) -> Option<bool> {
        let worst = self
            .elapsed_to_bare
            .of_minima
            .max(self.cpu_to_bare.of_minima);
        self.target.map(|target| worst <= target)
    }
}

/// Measures all clients in turn, with one call at a time and with many.
pub(crate) fn measure(question: &Question, rounds: usize, sample: Duration) -> Vec<Exchange> {
    let server = local_server::start(question);
    let cases: Vec<Case> = [1, MANY]
        .into_iter()
        .flat_map(|concurrency| cases(question, server, concurrency))
        .collect();
    let repetitions: Vec<u32> = cases
        .iter()
        .map(|case| calibrate(sample, &case.run))
        .collect();
    let mut samples = vec![Samples::default(); cases.len()];
    in_turn(cases.len(), rounds, |index| {
        samples[index].take(&cases[index], repetitions[index]);
    });
    let times: Vec<(Time, Time)> = samples.into_iter().map(Samples::times).collect();
    let rows = cases.iter().zip(&times).map(|(case, &(elapsed, cpu))| {
        let is_bare =
            |other: &Case| (other.arm, other.concurrency) == (Arm::Bare, case.concurrency);
        let bare = cases.iter().position(is_bare);
        let (bare_elapsed, bare_cpu) = times[bare.expect("there is one")];
        let calls = COUNTED_ROUNDS * case.concurrency;
        let (allocator_calls, allocated_bytes) =
            CountingAllocator::count(calls.into(), || (case.run)(COUNTED_ROUNDS));
        Exchange {
            arm: case.arm,
            concurrency: case.concurrency,
            elapsed,
            cpu,
            elapsed_to_bare: elapsed.to(bare_elapsed),
            cpu_to_bare: cpu.to(bare_cpu),
            allocator_calls,
            allocated_bytes,
            target: (case.arm == Arm::Iap).then_some(TARGET),
        }
    });
    rows.collect()
}

/// One client that makes so many calls at the same time.
struct Case {
    arm: Arm,
    concurrency: u32,
    /// Makes `concurrency` times so many calls.
    run: Box<dyn Fn(u32)>,
}

fn cases(question: &Question, server: SocketAddr, concurrency: u32) -> [Case; 3] {
    let host = format!("http://{server}");
    let transport = Arc::new(ReqwestTransport::new().expect("a transport"));
    let iap = Iap::new(question, transport, &host, SystemClock);
    let peer = Peer::new(question, ToServer::new(server));
    let bare = Bare::new(question, &host);
    [
        Case::new(Arm::Bare, concurrency, bare, question.answer().len()),
        Case::new(Arm::Iap, concurrency, iap, question.jws().len()),
        Case::new(Arm::Peer, concurrency, peer, question.jws().len()),
    ]
}

impl Case {
    fn new(arm: Arm, concurrency: u32, client: impl Client, length: usize) -> Self {
        let client = Arc::new(client);
        let runtime = runtime();
        Self {
            arm,
            concurrency,
            run: Box::new(move |repetitions| {
                run(&runtime, &client, concurrency, repetitions, length);
            }),
        }
    }
}

fn run(
    runtime: &Runtime,
    client: &Arc<impl Client>,
    concurrency: u32,
    repetitions: u32,
    length: usize,
) {
    runtime.block_on(async {
        let mut callers = JoinSet::new();
        for _ in 0..concurrency {
            let client = Arc::clone(client);
            callers.spawn(async move {
                for _ in 0..repetitions {
                    assert_eq!(client.ask().await, length, "the whole answer");
                }
            });
        }
        while let Some(caller) = callers.join_next().await {
            caller.expect("every call is answered");
        }
    });
}

/// In seconds for one call.
#[derive(Clone, Default)]
struct Samples {
    elapsed: Vec<f64>,
    cpu: Vec<f64>,
}

impl Samples {
    fn take(&mut self, case: &Case, repetitions: u32) {
        let calls = f64::from(repetitions * case.concurrency);
        let (start, cpu_start) = (Instant::now(), thread_cpu_time());
        (case.run)(repetitions);
        let (elapsed, cpu) = (start.elapsed(), thread_cpu_time());
        self.elapsed.push(elapsed.as_secs_f64() / calls);
        if let (Some(before), Some(after)) = (cpu_start, cpu) {
            self.cpu.push((after - before).as_secs_f64() / calls);
        }
    }

    fn times(self) -> (Time, Time) {
        (Time::of(self.elapsed), Time::of(self.cpu))
    }
}

/// Leads the peer's requests to the server: the peer has no setting for the host.
struct ToServer {
    authority: Authority,
    transport: ReqwestHttpTransport,
}

impl ToServer {
    fn new(server: SocketAddr) -> Self {
        Self {
            authority: server.to_string().parse().expect("an authority"),
            transport: ReqwestHttpTransport::new(),
        }
    }
}

impl Transport for ToServer {
    async fn send(
        &self,
        mut request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut parts = core::mem::take(request.uri_mut()).into_parts();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(self.authority.clone());
        *request.uri_mut() = Uri::from_parts(parts).expect("a URI with all its parts");
        self.transport.send(request).await
    }
}

/// As a busy backend has under way.
const MANY: u32 = 64;

const COUNTED_ROUNDS: u32 = 200;

const TARGET: f64 = 1.15;
