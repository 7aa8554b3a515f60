//! Does the project keep its performance targets, and how does it compare with the peer?
//!
//! Prints what one interleaved run measured. Times depend on the machine and the moment; the result
//! is the ratios, each of two sides that were measured within the same rounds.

mod allocations;
mod memory;
mod print;
mod threads;
mod timing;

use std::process::ExitCode;

use iap_benches::{BACK_END, CountingAllocator, Fixtures, GoogleFixtures, Options, cases, machine};
use serde::Serialize;

use crate::{allocations::Allocations, memory::Growth, threads::Scaling, timing::Times};

/// All that one run found out.
#[derive(Serialize)]
struct Report {
    back_end: &'static str,
    machine: String,
    rounds: usize,
    sample_ms: u64,
    times: Vec<Times>,
    allocations: Vec<Allocations>,
    threads: Vec<Scaling>,
    memory: Vec<Growth>,
}

fn main() -> ExitCode {
    let options = match Options::from_arguments("report") {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let fixtures = Fixtures::new();
    // First, while the heap has no freed memory into which something could grow unseen.
    eprintln!("memory ...");
    let tokens = if options.quick { 5_000 } else { 100_000 };
    let memory = memory::measure(&fixtures, tokens);
    let google_fixtures = GoogleFixtures::new();
    let cases = cases(&fixtures, &google_fixtures);
    eprintln!("times ...");
    let times = timing::measure(&cases, options.rounds, options.sample);
    eprintln!("allocations ...");
    let allocations = allocations::measure(&cases, &fixtures, &google_fixtures);
    eprintln!("two threads ...");
    let threads = threads::measure(&cases, options.rounds, options.sample);

    let report = Report {
        back_end: BACK_END,
        machine: machine(),
        rounds: options.rounds,
        sample_ms: options.sample.as_millis().try_into().unwrap_or(u64::MAX),
        times,
        allocations,
        threads,
        memory,
    };
    if options.json {
        match serde_json::to_string_pretty(&report) {
            Ok(json) => println!("{json}"),
            Err(error) => {
                eprintln!("report: {error}");
                return ExitCode::FAILURE;
            }
        }
    } else {
        print::report(&report);
    }
    ExitCode::SUCCESS
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;
