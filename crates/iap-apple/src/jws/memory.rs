//! Remembers chains that have been verified, so that a known header costs no certificate work.
//!
//! Only chains of data that verified in full, for whatever app, are kept, so an attacker without a
//! certified key adds nothing; and never more than a fixed number, so one with keys fills nothing.

use std::sync::{
    Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicBool, Ordering},
};

use super::chain::{VerifiedChain, VerifiedIntermediate};

/// Verified chains by the header that carried them, and verified intermediates by themselves.
pub(crate) struct ChainMemory {
    chains: RwLock<Bounded<RememberedChain>>,
    intermediates: RwLock<Bounded<Arc<VerifiedIntermediate>>>,
}

struct RememberedChain {
    /// The header as it was received, still in base64url: a hit decodes nothing.
    header: Box<[u8]>,
    chain: Arc<VerifiedChain>,
}

impl ChainMemory {
    /// A memory of up to `capacity` chains; 0 remembers nothing.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            chains: RwLock::new(Bounded::new(capacity)),
            intermediates: RwLock::new(Bounded::new(capacity.min(MAX_INTERMEDIATES))),
        }
    }

    /// The chain that was verified for exactly this header.
    pub(crate) fn chain(&self, header: &[u8]) -> Option<Arc<VerifiedChain>> {
        let chains = read(&self.chains);
        let known = chains.find(|known| *known.header == *header)?;
        Some(Arc::clone(&known.chain))
    }

    /// The intermediate certificate, if exactly these bytes have been verified.
    pub(crate) fn intermediate(&self, der: &[u8]) -> Option<Arc<VerifiedIntermediate>> {
        let intermediates = read(&self.intermediates);
        intermediates
            .find(|known| known.der() == der)
            .map(Arc::clone)
    }

    /// Remembers a chain, now that everything it signed has been verified.
    pub(crate) fn remember(&self, header: &[u8], chain: &Arc<VerifiedChain>) {
        // Another thread may have been faster, so the entry is looked for under the lock.
        let intermediate = chain.intermediate();
        let mut intermediates = write(&self.intermediates);
        if intermediates
            .find(|known| known.der() == intermediate.der())
            .is_none()
        {
            intermediates.insert(Arc::clone(intermediate));
        }
        drop(intermediates);
        let mut chains = write(&self.chains);
        if chains.find(|known| *known.header == *header).is_none() {
            chains.insert(RememberedChain {
                header: header.into(),
                chain: Arc::clone(chain),
            });
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> (usize, usize) {
        let intermediates = read(&self.intermediates).entries.len();
        (read(&self.chains).entries.len(), intermediates)
    }
}

/// A panic elsewhere cannot leave an entry half written, so a poisoned lock is as good as any.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// A fixed number of entries; a new one takes the place of one that has not been used lately.
///
/// Entries are few and differ within their first bytes, so comparing one after the other is faster
/// than hashing four kilobytes.
pub(crate) struct Bounded<T> {
    entries: Vec<Entry<T>>,
    capacity: usize,
    /// Where the search for an entry to replace goes on.
    next: usize,
}

struct Entry<T> {
    value: T,
    /// Set by every use, cleared when the search for an entry to replace passes by.
    is_used: AtomicBool,
}

impl<T> Bounded<T> {
    pub(crate) const fn new(capacity: usize) -> Self {
        Self {
            entries: Vec::new(),
            capacity,
            next: 0,
        }
    }

    pub(crate) fn find(&self, matches: impl Fn(&T) -> bool) -> Option<&T> {
        let entry = self.entries.iter().find(|entry| matches(&entry.value))?;
        // Written only when it changes, so that threads do not fight over the cache line.
        if !entry.is_used.load(Ordering::Relaxed) {
            entry.is_used.store(true, Ordering::Relaxed);
        }
        Some(&entry.value)
    }

    pub(crate) fn insert(&mut self, value: T) {
        let entry = Entry {
            value,
            is_used: AtomicBool::new(false),
        };
        if self.entries.len() < self.capacity {
            self.entries.push(entry);
            return;
        }
        // Ends after one round at the latest: by then every mark has been cleared.
        while let Some(present) = self.entries.get_mut(self.next) {
            let position = self.next;
            let next = position.saturating_add(1);
            self.next = if next < self.capacity { next } else { 0 };
            if !core::mem::take(present.is_used.get_mut()) {
                *present = entry;
                return;
            }
        }
    }
}

/// Apple has one intermediate authority for the App Store at a time.
const MAX_INTERMEDIATES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn values(bounded: &Bounded<u32>) -> Vec<u32> {
        bounded.entries.iter().map(|entry| entry.value).collect()
    }

    #[test]
    fn a_full_memory_replaces_what_has_not_been_used() {
        let mut bounded = Bounded::new(3);
        for value in [1, 2, 3] {
            bounded.insert(value);
        }
        assert!(bounded.find(|value| *value == 1).is_some());
        bounded.insert(4);
        assert_eq!(values(&bounded), [1, 4, 3]);
        assert!(bounded.find(|value| *value == 2).is_none());
    }

    #[test]
    fn a_memory_whose_entries_are_all_in_use_still_takes_a_new_one() {
        let mut bounded = Bounded::new(2);
        for value in 0..100 {
            bounded.insert(value);
            for known in values(&bounded) {
                assert!(bounded.find(|value| *value == known).is_some());
            }
            assert!(bounded.entries.len() <= 2);
            assert!(values(&bounded).contains(&value));
        }
    }

    #[test]
    fn a_memory_without_room_remembers_nothing() {
        let mut bounded = Bounded::new(0);
        bounded.insert(1);
        assert!(values(&bounded).is_empty());
    }
}
