//! What can go wrong between a backend and a store, and when it does.

use core::time::Duration;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A way in which a call of a store fails.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The store acts, then the connection breaks in the middle of the answer.
    BrokenOff,
    /// The connection is closed without an answer; the store does not act.
    Disconnect,
    /// The store acts, and answers 200 with nothing.
    Empty,
    /// A proxy in between answers with a page of HTML and this status; the store does not act.
    Html(u16),
    /// The store refuses for now (429) and says in its own form when to come back.
    RateLimited {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The store answers with this status, 500 or more, and its own kind of body; it does not act.
    ServerError(u16),
    /// The store acts, and answers so much later.
    Slow(Duration),
    /// The store acts, and half of its answer arrives as if it were all.
    Truncated,
    /// The store refuses the credentials: 401, with nothing or its own kind of body; it does not act.
    Unauthorized,
}

impl Fault {
    /// One of each kind, with usual values: 429 for a second, 500, 503, and so on. A slow answer
    /// takes `slow`.
    #[must_use]
    pub fn all(slow: Duration) -> Vec<Self> {
        let retry_after = Duration::from_secs(1);
        vec![
            Self::BrokenOff,
            Self::Disconnect,
            Self::Empty,
            Self::Html(200),
            Self::Html(502),
            Self::RateLimited { retry_after },
            Self::ServerError(500),
            Self::ServerError(503),
            Self::Slow(slow),
            Self::Truncated,
            Self::Unauthorized,
        ]
    }

    /// Whether the store acted on the request although the caller may not know.
    #[must_use]
    pub const fn store_acts(&self) -> bool {
        matches!(
            self,
            Self::BrokenOff | Self::Empty | Self::Slow(_) | Self::Truncated
        )
    }
}

/// Which requests fail.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Plan>);

#[derive(Debug, Default)]
struct Plan {
    next: VecDeque<Fault>,
    at_random: Option<AtRandom>,
}

#[derive(Debug)]
struct AtRandom {
    per_cent: u64,
    faults: Vec<Fault>,
    state: u64,
}

impl Faults {
    /// The next request fails in this way; further ones stand in line.
    pub(crate) fn next(&self, fault: Fault) {
        self.plan().next.push_back(fault);
    }

    /// So many of a hundred requests fail, in one of these ways each; the same ones for one `seed`.
    pub(crate) fn at_random(&self, per_cent: u8, seed: u64, faults: Vec<Fault>) {
        assert!(per_cent <= 100, "{per_cent} of a hundred");
        assert!(!faults.is_empty(), "at least one way to fail");
        self.plan().at_random = Some(AtRandom {
            per_cent: per_cent.into(),
            faults,
            state: seed,
        });
    }

    /// Nothing fails any more.
    pub(crate) fn none(&self) {
        *self.plan() = Plan::default();
    }

    /// How the request at hand fails, if it does.
    pub(super) fn take(&self) -> Option<Fault> {
        let mut plan = self.plan();
        plan.next
            .pop_front()
            .or_else(|| plan.at_random.as_mut()?.draw())
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AtRandom {
    fn draw(&mut self) -> Option<Fault> {
        let number = self.number();
        if number % 100 >= self.per_cent {
            return None;
        }
        let count = u64::try_from(self.faults.len()).expect("a list in memory");
        let index = usize::try_from((number / 100) % count).expect("an index of a list in memory");
        Some(self.faults[index].clone())
    }

    /// `SplitMix64`: a sequence that looks random, and is the same for one seed on every machine.
    fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_in_line_come_first_and_once() {
        let faults = Faults::default();
        faults.next(Fault::Empty);
        faults.next(Fault::Disconnect);
        assert_eq!(faults.take(), Some(Fault::Empty));
        assert_eq!(faults.take(), Some(Fault::Disconnect));
        assert_eq!(faults.take(), None);
    }

    #[test]
    fn about_so_many_of_a_hundred_fail_in_every_way_and_the_same_ones_for_one_seed() {
        let draw = |seed| {
            let faults = Faults::default();
            faults.at_random(20, seed, Fault::all(Duration::ZERO));
            (0..10_000).map(|_| faults.take()).collect::<Vec<_>>()
        };
        let drawn = draw(7);
        let failed: Vec<_> = drawn.iter().flatten().collect();
        assert!((1_800..2_200).contains(&failed.len()), "{}", failed.len());
        for fault in Fault::all(Duration::ZERO) {
            assert!(failed.contains(&&fault), "{fault:?}");
        }
        assert_eq!(drawn, draw(7));
        assert_ne!(drawn, draw(8));
    }

    #[test]
    fn after_the_end_of_faults_nothing_fails() {
        let faults = Faults::default();
        faults.next(Fault::Empty);
        faults.at_random(100, 1, vec![Fault::Disconnect]);
        faults.none();
        assert_eq!(faults.take(), None);
    }
}
