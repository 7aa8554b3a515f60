//! Something learnt over the network: once for all who want to know it at the same time.

use core::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

use crate::Bounded;

/// Remembers what was learnt about a bounded number of things, each named by some bytes.
///
/// Whoever finds nothing that still counts asks, while others who want to know the same wait; they
/// then share what that one learnt, good or bad, instead of failing one after the other. No lock is
/// held across the network but the one of those who wait for the same thing.
pub struct SingleFlight<T> {
    entries: RwLock<Bounded<Arc<Entry<T>>>>,
}

/// One thing.
struct Entry<T> {
    key: Box<[u8]>,
    last: RwLock<Option<Arc<T>>>,
    /// Held by the one who asks.
    turn: Mutex<()>,
}

impl<T: Send + Sync> SingleFlight<T> {
    /// A memory of about `capacity` things. With 0 nothing is remembered, and nobody shares.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self {
            entries: RwLock::new(Bounded::new(capacity)),
        }
    }

    /// What is known about `key`; `None` if it is still somebody else's turn to ask at `deadline`.
    ///
    /// 1. What was learnt before serves as long as it `counts`.
    /// 2. Else one at a time asks with `learn`, which is told what was learnt last.
    /// 3. What another one learnt meanwhile serves even if it does not count any more.
    ///
    /// If the one who asks gives up, which drops its future, the next one asks.
    pub async fn get<L, F>(
        &self,
        key: &[u8],
        deadline: Instant,
        counts: impl Fn(&T) -> bool + Send + Sync,
        learn: L,
    ) -> Option<Arc<T>>
    where
        L: FnOnce(Option<Arc<T>>) -> F + Send,
        F: Future<Output = T> + Send,
    {
        let entry = self.entry(key);
        // 1
        let before = entry.last();
        if let Some(learnt) = &before
            && counts(learnt)
        {
            return before;
        }
        // 2
        let _turn = timeout_at(deadline, entry.turn.lock()).await.ok()?;
        let last = entry.last();
        if let Some(learnt) = &last {
            // 3
            let is_new = !before.is_some_and(|before| Arc::ptr_eq(&before, learnt));
            if is_new || counts(learnt) {
                return last;
            }
        }
        let learnt = Arc::new(learn(last).await);
        let mut last = entry.last.write().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Arc::clone(&learnt));
        Some(learnt)
    }

    fn entry(&self, key: &[u8]) -> Arc<Entry<T>> {
        let is_wanted = |entry: &Arc<Entry<T>>| *entry.key == *key;
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.find(is_wanted) {
            return Arc::clone(entry);
        }
        drop(entries);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been faster.
        if let Some(entry) = entries.find(is_wanted) {
            return Arc::clone(entry);
        }
        let entry = Arc::new(Entry {
            key: key.into(),
            last: RwLock::new(None),
            turn: Mutex::new(()),
        });
        entries.insert(Arc::clone(&entry));
        entry
    }
}

impl<T> Entry<T> {
    fn last(&self) -> Option<Arc<T>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().map(Arc::clone)
    }
}

impl<T> fmt::Debug for SingleFlight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleFlight").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use core::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn in_seconds(seconds: u64) -> Instant {
        let delay = Duration::from_secs(seconds);
        Instant::now().checked_add(delay).unwrap()
    }

    fn in_a_minute() -> Instant {
        in_seconds(60)
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_who_ask_at_once_share_one_answer_even_if_it_does_not_count() {
        let flights = Arc::new(SingleFlight::new(4));
        let asked = Arc::new(AtomicU32::new(0));
        let callers: Vec<_> = (0..1000)
            .map(|_| {
                let (flights, asked) = (flights.clone(), asked.clone());
                tokio::spawn(async move {
                    let learn = |_| async move {
                        sleep(SECOND).await;
                        asked.fetch_add(1, Ordering::SeqCst)
                    };
                    flights.get(b"key", in_a_minute(), |_| false, learn).await
                })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap().as_deref(), Some(&0));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn who_asks_is_told_what_was_learnt_last_and_others_keys_stay_apart() {
        let flights = SingleFlight::new(4);
        let count = |last: Option<Arc<u32>>| async move { last.map_or(1, |last| *last + 1) };
        let get = |key: &'static [u8]| flights.get(key, in_a_minute(), |_| false, count);
        assert_eq!(get(b"one").await.as_deref(), Some(&1));
        assert_eq!(get(b"one").await.as_deref(), Some(&2));
        assert_eq!(get(b"other").await.as_deref(), Some(&1));
        let counting = flights.get(b"one", in_a_minute(), |_| true, count);
        assert_eq!(counting.await.as_deref(), Some(&2));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_beyond_the_deadline_and_one_who_gives_up_leaves_it_to_the_next() {
        let flights = Arc::new(SingleFlight::new(4));
        let stuck = {
            let flights = flights.clone();
            tokio::spawn(async move {
                let never = |_| core::future::pending::<u32>();
                flights.get(b"key", in_a_minute(), |_| true, never).await
            })
        };
        tokio::task::yield_now().await;
        let answer = |_| async { 7 };
        let soon = in_seconds(1);
        assert!(flights.get(b"key", soon, |_| true, answer).await.is_none());
        stuck.abort();
        let got = flights.get(b"key", in_a_minute(), |_| true, answer).await;
        assert_eq!(got.as_deref(), Some(&7));
    }

    #[tokio::test]
    async fn the_number_of_things_remembered_is_bounded() {
        let flights = SingleFlight::new(8);
        for number in 0..1000_u32 {
            let learn = |_| async move { number };
            let key = number.to_be_bytes();
            flights.get(&key, in_a_minute(), |_| true, learn).await;
        }
        assert_eq!(flights.entries.read().unwrap().iter().count(), 8);
    }
}
