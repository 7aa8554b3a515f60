//! Do two threads that share one verifier get twice as much done as one?

use core::time::Duration;
use std::{sync::Barrier, thread, time::Instant};

use iap_benches::{Arm, Cache, Case, Subject, as_text, calibrate, in_turn, median};
use serde::Serialize;

use crate::timing::repeat;

/// Verifications a second with one and with two threads.
#[derive(Serialize)]
pub(crate) struct Scaling {
    #[serde(serialize_with = "as_text")]
    pub(crate) subject: Subject,
    #[serde(serialize_with = "as_text")]
    pub(crate) cache: Cache,
    #[serde(serialize_with = "as_text")]
    pub(crate) arm: Arm,
    pub(crate) best_of_one: f64,
    pub(crate) best_of_two: f64,
    pub(crate) ratio_of_bests: f64,
    pub(crate) ratio_of_medians: f64,
    /// The least that this project's ratio may be.
    pub(crate) target: Option<f64>,
}

impl Scaling {
    pub(crate) fn meets_target(&self) -> Option<bool> {
        self.target.map(|target| self.ratio_of_bests >= target)
    }
}

/// Measures one and two threads in turn, for the cases that users run on many threads. The bare
/// operation is among them: what it does not reach, the machine does not give.
pub(crate) fn measure(cases: &[Case], rounds: usize, sample: Duration) -> Vec<Scaling> {
    let measured = |case: &&Case| {
        matches!(
            (case.subject, case.cache),
            (Subject::Transaction, Cache::Hot | Cache::Cold) | (Subject::Notification, Cache::Hot)
        )
    };
    let measured: Vec<(&Case, u32)> = cases
        .iter()
        .filter(measured)
        .map(|case| (case, calibrate(sample, |count| repeat(case, count))))
        .collect();
    let mut rates = vec![[Vec::new(), Vec::new()]; measured.len()];
    in_turn(measured.len(), rounds, |index| {
        let (case, repetitions) = measured[index];
        for (threads, rates) in [1, 2].into_iter().zip(&mut rates[index]) {
            rates.push(throughput(case, threads, repetitions));
        }
    });
    let mut rows: Vec<Scaling> = measured
        .iter()
        .zip(rates)
        .map(|((case, _), [mut one, mut two])| {
            let medians = [median(&mut one), median(&mut two)];
            // Sorted by `median`.
            let best = |rates: &[f64]| rates.last().copied().unwrap_or(f64::NAN);
            Scaling {
                subject: case.subject,
                cache: case.cache,
                arm: case.arm,
                best_of_one: best(&one),
                best_of_two: best(&two),
                ratio_of_bests: best(&two) / best(&one),
                ratio_of_medians: medians[1] / medians[0],
                target: (case.arm == Arm::Iap).then_some(TARGET),
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.subject, row.cache, row.arm));
    rows
}

/// Verifications a second of `threads` threads that do `repetitions` each.
fn throughput(case: &Case, threads: u32, repetitions: u32) -> f64 {
    let barrier = Barrier::new(threads as usize + 1);
    let start = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                barrier.wait();
                repeat(case, repetitions);
            });
        }
        barrier.wait();
        Instant::now()
    });
    // The scope has ended, so all threads have.
    f64::from(threads * repetitions) / start.elapsed().as_secs_f64()
}

const TARGET: f64 = 1.8;
