//! What does a call of the App Store Server API cost, apart from waiting for Apple?
//!
//! Prints what one interleaved run measured, with this project's client, with the peer's, with
//! reqwest alone, and with reqwest and the least that a backend adds to it. Times depend on the
//! machine and the moment; the result is the ratios, each of two sides that were measured within the
//! same rounds.

mod at_once;
mod clients;
mod local_server;
mod loopback;
mod print;
mod question;

use std::{process::ExitCode, thread};

use iap_benches::{BACK_END, CountingAllocator, Options, machine, stay_on_core};
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

use crate::{at_once::Overhead, loopback::Exchange, question::Question};

/// All that one run found out.
#[derive(Serialize)]
struct Report {
    back_end: &'static str,
    machine: String,
    rounds: usize,
    sample_ms: u64,
    answer_bytes: usize,
    at_once: Vec<Overhead>,
    loopback: Vec<Exchange>,
}

fn main() -> ExitCode {
    let options = match Options::from_arguments("client") {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    // Before this program keeps to some cores.
    let machine = machine();
    // The server that is asked has the first core.
    let report = thread::spawn(move || {
        stay_on_core(1);
        let question = Question::new();
        eprintln!("a transport that answers at once ...");
        let at_once = at_once::measure(&question, options.rounds, options.sample);
        eprintln!("loopback ...");
        let loopback = loopback::measure(&question, options.rounds, options.sample);
        let report = Report {
            back_end: BACK_END,
            machine,
            rounds: options.rounds,
            sample_ms: options.sample.as_millis().try_into().unwrap_or(u64::MAX),
            answer_bytes: question.answer().len(),
            at_once,
            loopback,
        };
        if options.json {
            serde_json::to_string_pretty(&report)
                .map(|json| println!("{json}"))
                .map_err(|error| error.to_string())
        } else {
            print::report(&report);
            Ok(())
        }
    });
    match report.join() {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("client: {error}");
            ExitCode::FAILURE
        }
        // The thread has said why.
        Err(_) => ExitCode::FAILURE,
    }
}

/// A runtime on the thread that uses it, so that all the work is done there.
fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;
