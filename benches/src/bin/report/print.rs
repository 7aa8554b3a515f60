//! How is a report shown to people?

use iap_benches::{Arm, Ratio, Time};

use crate::{Report, allocations::Allocations, memory::Growth, threads::Scaling, timing::Times};

/// Prints the report as tables.
pub(crate) fn report(report: &Report) {
    println!(
        "{}, cryptography by {}, {} rounds of {} ms",
        report.machine, report.back_end, report.rounds, report.sample_ms
    );
    times(&report.times);
    ratios(&report.times);
    allocations(&report.allocations);
    threads(&report.threads);
    memory(&report.memory);
}

fn times(rows: &[Times]) {
    println!("\nTime of one verification in µs: minimum (median)");
    println!("{:<24}{:>18}{:>18}{:>18}", "", "bare", "iap", "peer");
    for row in rows {
        println!(
            "{:<24}{:>18}{:>18}{:>18}",
            format!("{}, {}", row.subject, row.cache),
            time(row.bare),
            time(row.iap),
            row.peer.map(time).unwrap_or_default(),
        );
    }
}

fn ratios(rows: &[Times]) {
    println!("\nRATIOS, from the minima (from the medians)");
    println!(
        "{:<24}{:>18}{:>18}{:>18}   target of iap / bare",
        "", "iap / bare", "peer / bare", "peer / iap"
    );
    for row in rows {
        let target = row.target.map(|target| format!("≤ {target:.2}"));
        println!(
            "{:<24}{:>18}{:>18}{:>18}   {}{}",
            format!("{}, {}", row.subject, row.cache),
            ratio(row.iap_to_bare),
            row.peer_to_bare.map(ratio).unwrap_or_default(),
            row.peer_to_iap.map(ratio).unwrap_or_default(),
            target.unwrap_or_default(),
            mark(row.meets_target()),
        );
    }
}

fn allocations(rows: &[Allocations]) {
    println!("\nAllocations of one verification (Rust side)");
    println!(
        "{:<24}{:<6}{:>8}{:>10}{:>10}{:>10}   target of calls: members + 4",
        "", "", "calls", "bytes", "members", "of text"
    );
    for row in rows {
        let target = row.target.map(|target| format!("≤ {target}"));
        println!(
            "{:<24}{:<6}{:>8}{:>10}{:>10}{:>10}   {}{}",
            format!("{}, {}", row.subject, row.cache),
            row.arm,
            row.calls,
            row.bytes,
            row.members,
            row.text_members,
            target.unwrap_or_default(),
            mark(row.target.map(|target| row.calls <= target)),
        );
    }
}

fn threads(rows: &[Scaling]) {
    println!("\nTwo threads, one verifier: verifications a second, best of the rounds");
    println!(
        "{:<24}{:<6}{:>12}{:>12}{:>8}{:>12}   target of 2 / 1",
        "", "", "1 thread", "2 threads", "2 / 1", "(medians)"
    );
    for row in rows {
        let target = row.target.map(|target| format!("≥ {target:.1}"));
        println!(
            "{:<24}{:<6}{:>12.0}{:>12.0}{:>8.2}{:>12}   {}{}",
            format!("{}, {}", row.subject, row.cache),
            row.arm,
            row.best_of_one,
            row.best_of_two,
            row.ratio_of_bests,
            format!("({:.2})", row.ratio_of_medians),
            target.unwrap_or_default(),
            thread_mark(row, rows),
        );
    }
}

fn memory(rows: &[Growth]) {
    println!("\nResident memory in KiB before and after many distinct tokens");
    println!(
        "{:<6}{:<48}{:>9}{:>9}{:>9}{:>9}{:>10}   target of growth",
        "", "", "tokens", "before", "after", "growth", "µs each"
    );
    for row in rows {
        let target = row.target_kib.map(|target| format!("≤ {target}"));
        println!(
            "{:<6}{:<48}{:>9}{:>9}{:>9}{:>9}{:>10.1}   {}{}",
            row.verifier,
            row.tokens,
            row.count,
            row.before_kib,
            row.after_kib,
            row.kib(),
            row.micros_per_token,
            target.unwrap_or_default(),
            mark(row.target_kib.map(|target| row.kib() <= target)),
        );
    }
}

fn time(time: Time) -> String {
    format!("{:.1} ({:.1})", time.min, time.median)
}

fn ratio(ratio: Ratio) -> String {
    format!("{:.3} ({:.3})", ratio.of_minima, ratio.of_medians)
}

/// Two threads cannot do more than the machine gives, which the bare operation shows.
fn thread_mark(row: &Scaling, rows: &[Scaling]) -> &'static str {
    let same_work = |other: &&Scaling| {
        other.arm == Arm::Bare && (other.subject, other.cache) == (row.subject, row.cache)
    };
    let bare = rows.iter().find(same_work);
    match (row.meets_target(), bare, row.target) {
        (Some(false), Some(bare), Some(target)) if bare.ratio_of_bests < target => {
            "  not shown: the machine was busy"
        }
        (is_met, ..) => mark(is_met),
    }
}

const fn mark(is_met: Option<bool>) -> &'static str {
    match is_met {
        Some(true) => "  pass",
        Some(false) => "  FAIL",
        None => "",
    }
}
