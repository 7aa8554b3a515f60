//! What has been learnt about which certificate, and who is asking about it right now.

use std::sync::{Arc, PoisonError, RwLock};

use iap_core::Timestamp;
use tokio::sync::Mutex;

use super::status::CertificateStatus;
use crate::jws::Bounded;

/// What has been learnt about a bounded number of certificates.
pub(crate) struct StatusCache {
    entries: RwLock<Bounded<Arc<Entry>>>,
}

/// One certificate.
pub(crate) struct Entry {
    certificate: Box<[u8]>,
    last: RwLock<Option<Arc<Learnt>>>,
    /// Held by the one who asks, while others who want to know the same wait. The only lock that is
    /// held while waiting for the network, and it holds up nobody else.
    pub(crate) turn: Mutex<()>,
}

/// What was learnt about a certificate, and when it counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Learnt {
    pub(crate) status: CertificateStatus,
    pub(crate) from: Timestamp,
    /// Not included.
    pub(crate) until: Timestamp,
}

impl StatusCache {
    pub(crate) const fn new(capacity: usize) -> Self {
        Self {
            entries: RwLock::new(Bounded::new(capacity)),
        }
    }

    /// The entry of the certificate with exactly these bytes.
    ///
    /// Only certificates of verified chains come here, so the bytes stand for their issuer, too.
    pub(crate) fn entry(&self, certificate: &[u8]) -> Arc<Entry> {
        let is_wanted = |entry: &Arc<Entry>| *entry.certificate == *certificate;
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
            certificate: certificate.into(),
            last: RwLock::new(None),
            turn: Mutex::new(()),
        });
        entries.insert(Arc::clone(&entry));
        entry
    }
}

impl Entry {
    /// What was learnt last, whether it still counts or not.
    pub(crate) fn last(&self) -> Option<Arc<Learnt>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().map(Arc::clone)
    }

    pub(crate) fn learn(&self, learnt: Learnt) {
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        *last = Some(Arc::new(learnt));
    }
}

impl Learnt {
    pub(crate) fn counts_at(&self, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now)
    }
}
