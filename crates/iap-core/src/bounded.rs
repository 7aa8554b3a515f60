//! A memory that strangers cannot fill: a fixed number of entries, found by looking at each.

use core::sync::atomic::{AtomicBool, Ordering};

/// A fixed number of entries; a new one takes the place of one that has not been used lately.
///
/// For what verifiers remember of what strangers send, such as certificates: few entries, whose keys
/// differ within their first bytes, so that comparing one after the other is faster than hashing
/// kilobytes.
///
/// ```
/// use iap_core::Bounded;
///
/// let mut squares = Bounded::new(2);
/// for number in 1..=3 {
///     squares.insert((number, number * number));
/// }
/// assert!(squares.find(|(number, _)| *number == 1).is_none());
/// assert_eq!(squares.find(|(number, _)| *number == 3), Some(&(3, 9)));
/// ```
#[derive(Debug)]
pub struct Bounded<T> {
    entries: Vec<Entry<T>>,
    capacity: usize,
    /// Where the search for an entry to replace goes on.
    next: usize,
}

#[derive(Debug)]
struct Entry<T> {
    value: T,
    /// Set by every use, cleared when the search for an entry to replace passes by.
    is_used: AtomicBool,
}

impl<T> Bounded<T> {
    /// An empty memory of up to `capacity` entries; with 0 it remembers nothing.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self {
            entries: Vec::new(),
            capacity,
            next: 0,
        }
    }

    /// The first entry that `matches`, which counts as used.
    pub fn find(&self, matches: impl Fn(&T) -> bool) -> Option<&T> {
        let entry = self.entries.iter().find(|entry| matches(&entry.value))?;
        // Written only when it changes, so that threads do not fight over the cache line.
        if !entry.is_used.load(Ordering::Relaxed) {
            entry.is_used.store(true, Ordering::Relaxed);
        }
        Some(&entry.value)
    }

    /// Adds an entry. Does not look for an equal one.
    pub fn insert(&mut self, value: T) {
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

    /// Every entry, none of which counts as used by this.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|entry| &entry.value)
    }

    /// Drops the entries that are not to be kept.
    pub fn retain(&mut self, is_kept: impl Fn(&T) -> bool) {
        self.entries.retain(|entry| is_kept(&entry.value));
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(bounded: &Bounded<u32>) -> Vec<u32> {
        bounded.iter().copied().collect()
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
            assert!(bounded.iter().count() <= 2);
            assert!(values(&bounded).contains(&value));
        }
    }

    #[test]
    fn a_memory_without_room_remembers_nothing() {
        let mut bounded = Bounded::new(0);
        bounded.insert(1);
        assert!(values(&bounded).is_empty());
    }

    #[test]
    fn what_is_not_kept_makes_room() {
        let mut bounded = Bounded::new(3);
        for value in [1, 2, 3, 4] {
            bounded.insert(value);
        }
        bounded.retain(|value| *value != 2);
        assert_eq!(values(&bounded), [4, 3]);
        for value in [5, 6] {
            bounded.insert(value);
        }
        assert_eq!(values(&bounded), [6, 3, 5]);
    }
}
