//! How long does each case take, and how do the sides compare?

use core::time::Duration;
use std::time::Instant;

use iap_benches::{Arm, Cache, Case, Ratio, Subject, Time, as_text, calibrate, in_turn};
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
    /// The peer has no case of its own for a new leaf, and knows nothing of Google.
    pub(crate) peer: Option<Time>,
    /// The most that `iap / bare` may be.
    pub(crate) target: Option<f64>,
    pub(crate) iap_to_bare: Ratio,
    pub(crate) peer_to_bare: Option<Ratio>,
    pub(crate) peer_to_iap: Option<Ratio>,
}

impl Times {
    pub(crate) fn meets_target(&self) -> Option<bool> {
        self.target
            .map(|target| self.iap_to_bare.of_minima <= target)
    }
}

/// Runs every case once a round, `sample` long at least.
pub(crate) fn measure(cases: &[Case], rounds: usize, sample: Duration) -> Vec<Times> {
    let repetitions = cases
        .iter()
        .map(|case| calibrate(sample, |count| repeat(case, count)));
    let repetitions: Vec<u32> = repetitions.collect();
    let mut samples = vec![Vec::with_capacity(rounds); cases.len()];
    in_turn(cases.len(), rounds, |index| {
        let start = Instant::now();
        repeat(&cases[index], repetitions[index]);
        samples[index].push(start.elapsed().as_secs_f64() / f64::from(repetitions[index]));
    });
    let times: Vec<Time> = samples.into_iter().map(Time::of).collect();
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

pub(crate) fn repeat(case: &Case, repetitions: u32) {
    for _ in 0..repetitions {
        case.run();
    }
}

/// The rows of the table, with the most that `iap / bare` may be.
const ROWS: [(Subject, Cache, Option<f64>); 9] = [
    (Subject::Transaction, Cache::Hot, Some(1.10)),
    (Subject::Transaction, Cache::NewLeaf, None),
    (Subject::Transaction, Cache::Cold, Some(1.06)),
    (Subject::RenewalInfo, Cache::Hot, None),
    (Subject::RenewalInfo, Cache::Cold, None),
    (Subject::Notification, Cache::Hot, Some(1.17)),
    (Subject::Notification, Cache::Cold, None),
    (Subject::GooglePush, Cache::Hot, None),
    (Subject::GooglePurchase, Cache::Hot, None),
];
