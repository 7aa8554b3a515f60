//! Which notifications have been handled? Stores send again what they are not sure of.

use std::collections::{HashSet, VecDeque};

use iap::EventId;

/// The ids of the last notifications.
///
/// In memory, for this program. A server with a database has a unique index there: it outlives a
/// restart, and serves several servers.
#[derive(Default)]
pub(crate) struct Seen {
    ids: HashSet<EventId>,
    in_order: VecDeque<EventId>,
}

impl Seen {
    pub(crate) fn contains(&self, id: &EventId) -> bool {
        self.ids.contains(id)
    }

    pub(crate) fn insert(&mut self, id: EventId) {
        if self.in_order.len() >= MOST
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        if self.ids.insert(id.clone()) {
            self.in_order.push_back(id);
        }
    }
}

/// More than a store can still repeat: the last attempt comes about a week after the first.
const MOST: usize = 100_000;
