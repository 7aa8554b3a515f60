//! Remembers chains that have been verified, so that a known header costs no certificate work.
//!
//! Only chains of data that verified in full, for whatever app, are kept, so an attacker without a
//! certified key adds nothing; and never more than a fixed number, so one with keys fills nothing.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use iap_core::Bounded;

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
        let intermediates = read(&self.intermediates).iter().count();
        (read(&self.chains).iter().count(), intermediates)
    }
}

/// A panic elsewhere cannot leave an entry half written, so a poisoned lock is as good as any.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Apple has one intermediate authority for the App Store at a time.
const MAX_INTERMEDIATES: usize = 8;
