//! How long does each case take, measured so that all sides see the same machine?
//!
//! Machines slow down for seconds at a time. So every round runs every case once, in another order,
//! and the shortest sample of each is compared: it is the one that was disturbed least.

use core::time::Duration;
use std::time::Instant;

use iap_benches::{Arm, Cache, Case, Subject};
use serde::Serialize;

/// The times of all arms that verify the same, in microseconds for one verification.
#[derive(Serialize)]
pub(crate) struct Times {
    #[serde(serialize_with = "as_text")]
    pub(crate) subject: Subject,
    #[serde(serialize_with = "as_text")]
    pub(crate) cache: Cache,
    pub(crate) bare: Time,
    pub(crate) iap: Time,
    /// The peer has no case of its own for a new leaf.
    pub(crate) peer: Option<Time>,
    /// The most that `iap / bare` may be.
    pub(crate) target: Option<f64>,
    pub(crate) iap_to_bare: Ratio,
    pub(crate) peer_to_bare: Option<Ratio>,
    pub(crate) peer_to_iap: Option<Ratio>,
}

/// The shortest and the median sample.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Time {
    pub(crate) min: f64,
    pub(crate) median: f64,
}

/// How many times longer one side takes than another.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Ratio {
    /// From the shortest samples: the result that counts.
    pub(crate) of_minima: f64,
    /// From the medians: near the other, unless the machine was busy.
    pub(crate) of_medians: f64,
}

impl Times {
    pub(crate) fn meets_target(&self) -> Option<bool> {
        self.target
            .map(|target| self.iap_to_bare.of_minima <= target)
    }
}

impl Time {
    fn to(self, other: Self) -> Ratio {
        Ratio {
            of_minima: self.min / other.min,
            of_medians: self.median / other.median,
        }
    }
}

/// Runs every case once a round, `sample` long at least.
pub(crate) fn measure(cases: &[Case], rounds: usize, sample: Duration) -> Vec<Times> {
    let repetitions: Vec<u32> = cases.iter().map(|case| calibrate(case, sample)).collect();
    let mut samples = vec![Vec::with_capacity(rounds); cases.len()];
    let mut order: Vec<usize> = (0..cases.len()).collect();
    for _ in 0..rounds {
        fastrand::shuffle(&mut order);
        for &index in &order {
            let start = Instant::now();
            for _ in 0..repetitions[index] {
                cases[index].run();
            }
            samples[index].push(start.elapsed().as_secs_f64() / f64::from(repetitions[index]));
        }
    }
    let times: Vec<Time> = samples.into_iter().map(summarize).collect();
    let time_of = |subject, cache, arm| {
        let is_it =
            |case: &&Case| case.subject == subject && case.cache == cache && case.arm == arm;
        let mut found = cases.iter().zip(&times);
        found.find_map(|(case, time)| is_it(&case).then_some(*time))
    };
    ROWS.iter()
        .filter_map(|&(subject, cache, target)| {
            let bare = time_of(subject, cache, Arm::Bare)?;
            let iap = time_of(subject, cache, Arm::Iap)?;
            let peer = time_of(subject, cache, Arm::Peer);
            Some(Times {
                subject,
                cache,
                bare,
                iap,
                peer,
                target,
                iap_to_bare: iap.to(bare),
                peer_to_bare: peer.map(|peer| peer.to(bare)),
                peer_to_iap: peer.map(|peer| peer.to(iap)),
            })
        })
        .collect()
}

/// How often `case` has to be repeated to take `sample`; warms it up as well.
pub(crate) fn calibrate(case: &Case, sample: Duration) -> u32 {
    let mut repetitions = 1_u32;
    loop {
        let start = Instant::now();
        for _ in 0..repetitions {
            case.run();
        }
        let elapsed = start.elapsed();
        if elapsed >= sample / 2 {
            let factor = sample.as_secs_f64() / elapsed.as_secs_f64();
            // A tenth more, since the machine may be faster later.
            let needed = (f64::from(repetitions) * factor * 1.1).ceil();
            return needed as u32;
        }
        repetitions = repetitions.saturating_mul(2);
    }
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn as_text<S: serde::Serializer>(
    value: &impl core::fmt::Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn summarize(mut seconds: Vec<f64>) -> Time {
    let median = median(&mut seconds);
    Time {
        min: seconds.first().copied().unwrap_or(f64::NAN) * 1e6,
        median: median * 1e6,
    }
}

/// The rows of the table, with the most that `iap / bare` may be.
const ROWS: [(Subject, Cache, Option<f64>); 7] = [
    (Subject::Transaction, Cache::Hot, Some(1.10)),
    (Subject::Transaction, Cache::NewLeaf, None),
    (Subject::Transaction, Cache::Cold, Some(1.06)),
    (Subject::RenewalInfo, Cache::Hot, None),
    (Subject::RenewalInfo, Cache::Cold, None),
    (Subject::Notification, Cache::Hot, Some(1.17)),
    (Subject::Notification, Cache::Cold, None),
];
