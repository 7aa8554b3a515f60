//! How is a report shown to people?

use iap_benches::{Ratio, Time};

use crate::{
    Report,
    at_once::Overhead,
    loopback::{Arm, Exchange},
};

/// Prints the report as tables.
pub(crate) fn report(report: &Report) {
    println!(
        "{}, cryptography by {}, {} rounds of {} ms; the answer has {} bytes",
        report.machine, report.back_end, report.rounds, report.sample_ms, report.answer_bytes
    );
    at_once(&report.at_once);
    exchanges(&report.loopback);
    ratios(&report.loopback);
}

fn at_once(rows: &[Overhead]) {
    println!("\nOne call over a transport that answers at once; time in µs: minimum (median)");
    println!(
        "{:<24}{:>18}{:>12}{:>10}{:>12}   target of the time",
        "", "time", "allocations", "bytes", "signatures"
    );
    for row in rows {
        let target = row.target.map(|target| format!("≤ {target:.1}"));
        println!(
            "{:<24}{:>18}{:>12}{:>10}{:>12}   {}{}",
            row.arm,
            time(row.micros),
            row.allocator_calls,
            row.allocated_bytes,
            row.tokens_signed,
            target.unwrap_or_default(),
            mark(row.meets_target()),
        );
    }
    println!("(signatures: in 10,000 calls)");
}

fn exchanges(rows: &[Exchange]) {
    println!("\nOne call to a server on this machine; times in µs: minimum (median)");
    println!(
        "{:<24}{:>18}{:>18}{:>12}{:>10}",
        "", "elapsed", "CPU", "allocations", "bytes"
    );
    for row in rows {
        println!(
            "{:<24}{:>18}{:>18}{:>12}{:>10}",
            name(row),
            time(row.elapsed),
            time(row.cpu),
            row.allocator_calls,
            row.allocated_bytes,
        );
    }
}

fn ratios(rows: &[Exchange]) {
    println!(
        "\nRATIOS to reqwest alone and to reqwest by hand, from the minima (from the medians)"
    );
    println!(
        "{:<24}{:>18}{:>18}{:>18}{:>18}   target of those to reqwest alone",
        "", "elapsed / bare", "CPU / bare", "elapsed / by hand", "CPU / by hand"
    );
    for row in rows.iter().filter(|row| row.arm != Arm::Bare) {
        let target = row.target.map(|target| format!("≤ {target:.2}"));
        println!(
            "{:<24}{:>18}{:>18}{:>18}{:>18}   {}{}",
            name(row),
            ratio(row.to_bare.elapsed),
            ratio(row.to_bare.cpu),
            ratio(row.to_by_hand.elapsed),
            ratio(row.to_by_hand.cpu),
            target.unwrap_or_default(),
            mark(row.meets_target()),
        );
    }
}

fn name(row: &Exchange) -> String {
    match row.concurrency {
        1 => format!("one at a time, {}", row.arm),
        many => format!("{many} at once, {}", row.arm),
    }
}

fn time(time: Time) -> String {
    format!("{:.2} ({:.2})", time.min, time.median)
}

fn ratio(ratio: Ratio) -> String {
    format!("{:.3} ({:.3})", ratio.of_minima, ratio.of_medians)
}

const fn mark(is_met: Option<bool>) -> &'static str {
    match is_met {
        Some(true) => "  pass",
        Some(false) => "  FAIL",
        None => "",
    }
}
