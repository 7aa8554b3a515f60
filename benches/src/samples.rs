//! How are several things measured so that all of them see the same machine?
//!
//! Machines slow down for seconds at a time. So every round runs each of them once, in another
//! order, and the shortest sample of each is compared: it is the one that was disturbed least.

use core::time::Duration;
use std::time::Instant;

use serde::Serialize;

/// The shortest and the median sample, in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Time {
    /// The shortest sample.
    pub min: f64,
    /// The median of the samples.
    pub median: f64,
}

/// How many times longer one side takes than another.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ratio {
    /// From the shortest samples: the result that counts.
    pub of_minima: f64,
    /// From the medians: near the other, unless the machine was busy.
    pub of_medians: f64,
}

impl Time {
    /// Sums up samples, each in seconds.
    #[must_use]
    pub fn of(mut seconds: Vec<f64>) -> Self {
        let median = median(&mut seconds);
        Self {
            min: seconds.first().copied().unwrap_or(f64::NAN) * 1e6,
            median: median * 1e6,
        }
    }

    /// How many times longer this is than `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Ratio {
        Ratio {
            of_minima: self.min / other.min,
            of_medians: self.median / other.median,
        }
    }
}

/// Calls `run` with each number below `count` once a round, in another order each round.
pub fn in_turn(count: usize, rounds: usize, mut run: impl FnMut(usize)) {
    let mut order: Vec<usize> = (0..count).collect();
    for _ in 0..rounds {
        fastrand::shuffle(&mut order);
        order.iter().copied().for_each(&mut run);
    }
}

/// How many repetitions take `sample`. Warms up what is repeated as well.
pub fn calibrate(sample: Duration, run: impl Fn(u32)) -> u32 {
    let mut repetitions = 1_u32;
    loop {
        let start = Instant::now();
        run(repetitions);
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

/// The median; sorts the values on the way.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Serializes what is shown to people as the same text.
///
/// # Errors
///
/// Those of the serializer.
pub fn as_text<S: serde::Serializer>(
    value: &impl core::fmt::Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
