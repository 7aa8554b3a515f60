//! Does the project keep its performance targets, and how does it compare with the peer?
//!
//! Prints what one interleaved run measured. Times depend on the machine and the moment; the result
//! is the ratios, each of two sides that were measured within the same rounds.

mod allocations;
mod memory;
mod options;
mod print;
mod threads;
mod timing;

use std::{process::ExitCode, thread::available_parallelism};

use iap_benches::{BACK_END, Fixtures, cases};
use serde::Serialize;

use crate::{
    allocations::Allocations, memory::Growth, options::Options, threads::Scaling, timing::Times,
};

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
    let options = match Options::from_arguments() {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("report: {error}\n{}", options::USAGE);
            return ExitCode::FAILURE;
        }
    };
    let fixtures = Fixtures::new();
    // First, while the heap has no freed memory into which something could grow unseen.
    eprintln!("memory ...");
    let memory = memory::measure(&fixtures, options.tokens);
    let cases = cases(&fixtures);
    eprintln!("times ...");
    let times = timing::measure(&cases, options.rounds, options.sample);
    eprintln!("allocations ...");
    let allocations = allocations::measure(&cases, &fixtures);
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

/// The processor, where the system tells.
fn machine() -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{model}, {cores} cores, {system} {architecture}")
}
