//! Something learnt over the network: once for all who want to know it at the same time.

use core::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};
use tracing::Instrument as _;

use crate::Bounded;

/// Remembers what was learnt about a bounded number of things, each named by some bytes.
///
/// Whoever finds nothing that still counts asks, while others who want to know the same wait; they
/// then share what that one learnt, good or bad, instead of failing one after the other. Asking goes
/// on when the one who began it gives up: servers drop a request when its sender hangs up, and no
/// number of senders who do so makes more than one ask. No lock is held across the network but the
/// one of those who wait for the same thing.
pub struct SingleFlight<T> {
    entries: RwLock<Bounded<Arc<Entry<T>>>>,
}

/// One thing.
struct Entry<T> {
    key: Box<[u8]>,
    last: RwLock<Option<Arc<T>>>,
    /// Held by the one who asks.
    turn: Arc<Mutex<()>>,
}

impl<T: Send + Sync + 'static> SingleFlight<T> {
    /// A memory of about `capacity` things. With 0 nothing is remembered, and nobody shares.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self {
            entries: RwLock::new(Bounded::new(capacity)),
        }
    }

    /// What is known about `key`.
    ///
    /// 1. What was learnt before serves as long as it `counts`.
    /// 2. Else one at a time asks with `learn`, which is told what was learnt last.
    /// 3. What another one learnt meanwhile serves even if it does not count any more.
    ///
    /// `learn` runs as a task of its own, so it must come to an end by itself; it does not know of
    /// the `deadline`, which says how long this caller waits. Needs a tokio runtime with its timers.
    ///
    /// # Errors
    ///
    /// What was learnt last, if anything, when nothing newer has been learnt at `deadline`.
    pub async fn get<L, F>(
        &self,
        key: &[u8],
        deadline: Instant,
        counts: impl Fn(&T) -> bool + Send + Sync,
        learn: L,
    ) -> Result<Arc<T>, Option<Arc<T>>>
    where
        L: FnOnce(Option<Arc<T>>) -> F + Send,
        F: Future<Output = T> + Send + 'static,
    {
        let entry = self.entry(key);
        // 1
        let before = entry.last();
        if let Some(learnt) = &before
            && counts(learnt)
        {
            return Ok(Arc::clone(learnt));
        }
        // 2
        let turn = Arc::clone(&entry.turn).lock_owned();
        let Ok(turn) = timeout_at(deadline, turn).await else {
            return Err(entry.last());
        };
        let last = entry.last();
        if let Some(learnt) = &last {
            // 3
            let is_new = !before.is_some_and(|before| Arc::ptr_eq(&before, learnt));
            if is_new || counts(learnt) {
                return Ok(Arc::clone(learnt));
            }
        }
        let learning = learn(last.clone());
        let task = async move {
            let learnt = Arc::new(learning.await);
            entry.keep(Arc::clone(&learnt));
            drop(turn);
            learnt
        };
        let task = tokio::spawn(task.in_current_span());
        match timeout_at(deadline, task).await {
            Ok(Ok(learnt)) => Ok(learnt),
            Ok(Err(error)) => {
                tracing::error!(%error, "asking ended without an answer");
                Err(last)
            }
            Err(_) => Err(last),
        }
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
            turn: Arc::default(),
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

    fn keep(&self, learnt: Arc<T>) {
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(learnt);
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
            assert_eq!(*caller.await.unwrap().unwrap(), 0);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn who_asks_is_told_what_was_learnt_last_and_others_keys_stay_apart() {
        let flights = SingleFlight::new(4);
        let count = |last: Option<Arc<u32>>| async move { last.map_or(1, |last| *last + 1) };
        let get = |key: &'static [u8]| flights.get(key, in_a_minute(), |_| false, count);
        assert_eq!(*get(b"one").await.unwrap(), 1);
        assert_eq!(*get(b"one").await.unwrap(), 2);
        assert_eq!(*get(b"other").await.unwrap(), 1);
        let counting = flights.get(b"one", in_a_minute(), |_| true, count);
        assert_eq!(*counting.await.unwrap(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_beyond_the_deadline_and_what_was_learnt_last_is_all_there_is_then() {
        let flights = SingleFlight::new(4);
        let slow = |number| {
            move |_| async move {
                sleep(10 * SECOND).await;
                number
            }
        };
        let get =
            |seconds, number| flights.get(b"key", in_seconds(seconds), |_| false, slow(number));
        let started = Instant::now();
        let (asking, waiting) = tokio::join!(get(2, 1), get(3, 2));
        assert_eq!((asking, waiting), (Err(None), Err(None)));
        assert_eq!(started.elapsed(), Duration::from_secs(3));
        assert_eq!(*get(60, 3).await.unwrap(), 1, "the first went on asking");
        assert_eq!(started.elapsed(), Duration::from_secs(10));
        assert_eq!(get(2, 4).await, Err(Some(Arc::new(1))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_storm_of_callers_who_give_up_asks_once_and_one_who_stays_is_told() {
        let flights = Arc::new(SingleFlight::new(4));
        let asked = Arc::new(AtomicU32::new(0));
        let get = || {
            let (flights, asked) = (flights.clone(), asked.clone());
            tokio::spawn(async move {
                let learn = |_| async move {
                    asked.fetch_add(1, Ordering::SeqCst);
                    sleep(10 * SECOND).await;
                    7
                };
                flights.get(b"key", in_a_minute(), |_| true, learn).await
            })
        };
        for _ in 0..1000 {
            let caller = get();
            sleep(SECOND / 1000).await;
            caller.abort();
        }
        assert_eq!(get().await.unwrap().as_deref(), Ok(&7));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn whoever_comes_after_one_who_failed_badly_asks_anew() {
        let flights = SingleFlight::new(4);
        let panics = |_| async { panic!("as no one should") };
        let got = flights.get(b"key", in_a_minute(), |_| true, panics);
        assert_eq!(got.await, Err(None));
        let answers = |_| async { 7 };
        let got = flights.get(b"key", in_a_minute(), |_| true, answers);
        assert_eq!(*got.await.unwrap(), 7);
    }

    #[tokio::test]
    async fn the_number_of_things_remembered_is_bounded() {
        let flights = SingleFlight::new(8);
        for number in 0..1000_u32 {
            let learn = |_| async move { number };
            let key = number.to_be_bytes();
            let learnt = flights.get(&key, in_a_minute(), |_| true, learn).await;
            assert_eq!(*learnt.unwrap(), number);
        }
        assert_eq!(flights.entries.read().unwrap().iter().count(), 8);
    }
}
