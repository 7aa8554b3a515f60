//! Every verification that is measured, each written once.

use core::{
    fmt,
    hint::black_box,
    sync::atomic::{AtomicUsize, Ordering},
};
use std::sync::Arc;

use crate::{
    bare::Signature,
    fixtures::{Fixtures, PeerCache},
};

/// One way to verify one thing. All arms with the same subject and cache verify the same bytes.
pub struct Case {
    /// What is verified.
    pub subject: Subject,
    /// What is known of the certificates beforehand.
    pub cache: Cache,
    /// Who verifies.
    pub arm: Arm,
    run: Box<dyn Fn() + Send + Sync>,
}

/// What is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A signed transaction.
    Transaction,
    /// A signed renewal info.
    RenewalInfo,
    /// A notification with both inside: three signatures.
    Notification,
}

/// What is known of the certificates before the verification that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cache {
    /// The chain has been verified before: the signature of the JWS is left.
    Hot,
    /// The intermediate has been verified before, the leaf is new: one certificate is left.
    NewLeaf,
    /// Nothing is known or kept.
    Cold,
}

/// Who verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// The cryptography alone.
    Bare,
    /// This project.
    Iap,
    /// The crate `app-store-server-library`.
    Peer,
}

impl Case {
    /// Verifies once.
    pub fn run(&self) {
        (self.run)();
    }

    fn new(
        subject: Subject,
        cache: Cache,
        arm: Arm,
        run: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        // Fails here rather than in a measurement, and fills what is to be hot.
        run();
        Self {
            subject,
            cache,
            arm,
            run: Box::new(run),
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {}", self.subject, self.cache, self.arm)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Transaction => "transaction",
            Self::RenewalInfo => "renewal info",
            Self::Notification => "notification",
        })
    }
}

impl fmt::Display for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hot => "hot",
            Self::NewLeaf => "new leaf",
            Self::Cold => "cold",
        })
    }
}

impl fmt::Display for Arm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bare => "bare",
            Self::Iap => "iap",
            Self::Peer => "peer",
        })
    }
}

/// All cases.
///
/// # Panics
///
/// When one does not verify.
#[must_use]
pub fn cases(fixtures: &Fixtures) -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(bare(fixtures));
    cases.extend(iap(fixtures));
    cases.extend(peer(fixtures));
    cases.push(bare_new_leaf(fixtures));
    cases.push(iap_new_leaf(fixtures));
    cases
}

fn bare(fixtures: &Fixtures) -> Vec<Case> {
    let subjects = [
        (Subject::Transaction, vec![&fixtures.transaction]),
        (Subject::RenewalInfo, vec![&fixtures.renewal_info]),
        (
            Subject::Notification,
            vec![
                &fixtures.notification,
                &fixtures.transaction,
                &fixtures.renewal_info,
            ],
        ),
    ];
    let case = |subject, cache, signatures: Vec<Signature>| {
        Case::new(subject, cache, Arm::Bare, move || {
            signatures.iter().for_each(Signature::verify);
        })
    };
    let mut cases = Vec::new();
    for (subject, jws) in subjects {
        let hot = jws.iter().map(|jws| fixtures.jws_signature(jws));
        cases.push(case(subject, Cache::Hot, hot.collect()));
        let cold = jws.iter().flat_map(|jws| {
            [
                fixtures.jws_signature(jws),
                fixtures.leaf_signature(),
                fixtures.intermediate_signature(),
            ]
        });
        cases.push(case(subject, Cache::Cold, cold.collect()));
    }
    cases
}

fn iap(fixtures: &Fixtures) -> Vec<Case> {
    let mut cases = Vec::new();
    for (cache, verifier) in [
        (Cache::Hot, fixtures.iap()),
        (Cache::Cold, fixtures.iap_without_memory()),
    ] {
        let jws = fixtures.transaction.clone();
        let of = verifier.clone();
        cases.push(Case::new(
            Subject::Transaction,
            cache,
            Arm::Iap,
            move || drop(black_box(of.verify_transaction(&jws).expect("verifies"))),
        ));
        let jws = fixtures.renewal_info.clone();
        let of = verifier.clone();
        cases.push(Case::new(
            Subject::RenewalInfo,
            cache,
            Arm::Iap,
            move || drop(black_box(of.verify_renewal_info(&jws).expect("verifies"))),
        ));
        let jws = fixtures.notification.clone();
        cases.push(Case::new(
            Subject::Notification,
            cache,
            Arm::Iap,
            move || {
                let verified = verifier.verify_notification(&jws).expect("verifies");
                let nested = (verified.transaction(), verified.renewal_info());
                assert!(matches!(nested, (Some(_), Some(_))), "both are verified");
                drop(black_box(verified));
            },
        ));
    }
    cases
}

fn peer(fixtures: &Fixtures) -> Vec<Case> {
    let mut cases = Vec::new();
    for (cache, peer_cache) in [(Cache::Hot, PeerCache::On), (Cache::Cold, PeerCache::Off)] {
        let verifier = Arc::new(fixtures.peer(peer_cache));
        let jws = fixtures.transaction.clone();
        let of = Arc::clone(&verifier);
        cases.push(Case::new(
            Subject::Transaction,
            cache,
            Arm::Peer,
            move || drop(black_box(of.verify_transaction(&jws))),
        ));
        let jws = fixtures.renewal_info.clone();
        let of = Arc::clone(&verifier);
        cases.push(Case::new(
            Subject::RenewalInfo,
            cache,
            Arm::Peer,
            move || drop(black_box(of.verify_renewal_info(&jws))),
        ));
        let jws = fixtures.notification.clone();
        cases.push(Case::new(
            Subject::Notification,
            cache,
            Arm::Peer,
            move || drop(black_box(verifier.verify_notification(&jws))),
        ));
    }
    cases
}

fn bare_new_leaf(fixtures: &Fixtures) -> Case {
    let signatures = [
        fixtures.jws_signature(&fixtures.transaction),
        fixtures.leaf_signature(),
    ];
    Case::new(Subject::Transaction, Cache::NewLeaf, Arm::Bare, move || {
        signatures.iter().for_each(Signature::verify);
    })
}

/// More leaves than a verifier remembers, in turn: each has been replaced before it comes again.
fn iap_new_leaf(fixtures: &Fixtures) -> Case {
    let verifier = fixtures.iap();
    let transactions = fixtures.transactions_of_other_leaves(3 * REMEMBERED_CHAINS);
    let next = AtomicUsize::new(0);
    Case::new(Subject::Transaction, Cache::NewLeaf, Arm::Iap, move || {
        let index = next.fetch_add(1, Ordering::Relaxed) % transactions.len();
        let jws = &transactions[index];
        drop(black_box(
            verifier.verify_transaction(jws).expect("verifies"),
        ));
    })
}

/// The default of `SignedDataVerifierBuilder::remembered_chains`.
const REMEMBERED_CHAINS: usize = 32;
