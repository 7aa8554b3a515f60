//! What does a call cost over a real connection, to a server on this machine?

use core::{fmt, net::SocketAddr, time::Duration};
use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Instant,
};

use app_store_server_library::api_client::{
    reqwest_transport::reqwest_http_transport::ReqwestHttpTransport,
    transport::{Transport, TransportError},
};
use http::uri::{Authority, Scheme, Uri};
use iap_apple::SystemClock;
use iap_benches::{
    CountingAllocator, Ratio, Time, as_text, calibrate, in_turn, stay_on_core, thread_cpu_time,
};
use iap_core::http::ReqwestTransport;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    clients::{Bare, ByHand, Client, Iap, Peer},
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
    pub(crate) to_bare: Ratios,
    pub(crate) to_by_hand: Ratios,
    pub(crate) allocator_calls: u64,
    pub(crate) allocated_bytes: u64,
    /// The most that the ratios of this project to reqwest alone may be.
    pub(crate) target: Option<f64>,
}

/// How many times more one client spends than another.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Ratios {
    pub(crate) elapsed: Ratio,
    pub(crate) cpu: Ratio,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arm {
    /// reqwest alone.
    Bare,
    /// reqwest with a time-out, and the answer read.
    ByHand,
    /// This project.
    Iap,
    /// The crate `app-store-server-library`.
    Peer,
}

impl Exchange {
    pub(crate) fn meets_target(&self) -> Option<bool> {
        let Ratios { elapsed, cpu } = self.to_bare;
        let worst = elapsed.of_minima.max(cpu.of_minima);
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
    let repetitions = cases.iter().map(|case| {
        // Connects, which takes longer than many calls and would be taken for them.
        case.run(WARM_UP);
        calibrate(sample, |repetitions| {
            case.run(repetitions);
        })
    });
    let repetitions: Vec<u32> = repetitions.collect();
    let mut samples = vec![(Vec::new(), Vec::new()); cases.len()];
    in_turn(cases.len(), rounds, |index| {
        let spent = cases[index].run(repetitions[index]);
        let calls = f64::from(repetitions[index] * cases[index].concurrency);
        let (elapsed, cpu) = &mut samples[index];
        elapsed.push(spent.elapsed.as_secs_f64() / calls);
        cpu.extend(spent.cpu.map(|cpu| cpu.as_secs_f64() / calls));
    });
    let times = samples
        .into_iter()
        .map(|(elapsed, cpu)| (Time::of(elapsed), Time::of(cpu)));
    let times: Vec<(Time, Time)> = times.collect();
    let rows = cases.iter().zip(&times).map(|(case, &(elapsed, cpu))| {
        let to = |arm| {
            let is_it = |other: &Case| (other.arm, other.concurrency) == (arm, case.concurrency);
            let other = cases.iter().position(is_it).expect("there is one");
            Ratios {
                elapsed: elapsed.to(times[other].0),
                cpu: cpu.to(times[other].1),
            }
        };
        let calls = COUNTED_REPETITIONS * case.concurrency;
        let (allocator_calls, allocated_bytes) = CountingAllocator::count(calls.into(), || {
            case.run(COUNTED_REPETITIONS);
        });
        Exchange {
            arm: case.arm,
            concurrency: case.concurrency,
            elapsed,
            cpu,
            to_bare: to(Arm::Bare),
            to_by_hand: to(Arm::ByHand),
            allocator_calls,
            allocated_bytes,
            target: (case.arm == Arm::Iap).then_some(TARGET),
        }
    });
    rows.collect()
}

/// One client that makes so many calls at the same time, on a thread of its own: threads do not
/// share a heap, and what one client leaves behind there slows down another by up to a third.
struct Case {
    arm: Arm,
    concurrency: u32,
    repetitions: SyncSender<u32>,
    spent: Receiver<Spent>,
}

/// The time that a number of calls took.
struct Spent {
    elapsed: Duration,
    cpu: Option<Duration>,
}

fn cases(question: &Question, server: SocketAddr, concurrency: u32) -> [Case; 4] {
    let host = format!("http://{server}");
    let transport = Arc::new(ReqwestTransport::new().expect("a transport"));
    let iap = Iap::new(question, transport, &host, SystemClock);
    let peer = Peer::new(question, ToServer::new(server));
    let bare = Bare::new(question, &host);
    let by_hand = ByHand::new(question, &host);
    [
        Case::start(Arm::Bare, concurrency, bare, question.answer().len()),
        Case::start(Arm::ByHand, concurrency, by_hand, question.jws().len()),
        Case::start(Arm::Iap, concurrency, iap, question.jws().len()),
        Case::start(Arm::Peer, concurrency, peer, question.jws().len()),
    ]
}

impl Case {
    fn start(arm: Arm, concurrency: u32, client: impl Client, length: usize) -> Self {
        let (repetitions, orders) = sync_channel(1);
        let (results, spent) = sync_channel(1);
        thread::spawn(move || {
            stay_on_core(1);
            let client = Arc::new(client);
            let runtime = runtime();
            // Until the case is dropped.
            for repetitions in orders {
                let (start, cpu_start) = (Instant::now(), thread_cpu_time());
                runtime.block_on(ask(&client, concurrency, repetitions, length));
                let (elapsed, cpu) = (start.elapsed(), thread_cpu_time());
                let spent = Spent {
                    elapsed,
                    cpu: cpu.zip(cpu_start).map(|(end, start)| end - start),
                };
                results.send(spent).expect("someone waits for it");
            }
        });
        Self {
            arm,
            concurrency,
            repetitions,
            spent,
        }
    }

    /// Makes `concurrency` times so many calls.
    fn run(&self, repetitions: u32) -> Spent {
        self.repetitions.send(repetitions).expect("it listens");
        self.spent.recv().expect("every call is answered")
    }
}

async fn ask(client: &Arc<impl Client>, concurrency: u32, repetitions: u32, length: usize) {
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

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bare => "bare",
            Self::ByHand => "by hand",
            Self::Iap => "iap",
            Self::Peer => "peer",
        })
    }
}

/// As a busy backend has under way.
const MANY: u32 = 64;

const WARM_UP: u32 = 100;

const COUNTED_REPETITIONS: u32 = 200;

const TARGET: f64 = 1.15;
