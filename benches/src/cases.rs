//! Every verification that is measured, each written once.

use core::{
    fmt,
    hint::black_box,
    sync::atomic::{AtomicUsize, Ordering},
};
use std::sync::Arc;

use iap_apple::SignedDataVerifier;
use iap_core::AppId;

use crate::{
    bare::Signature,
    fixtures::{Fixtures, Peer, PeerCache, SignedData, TransactionOfAnotherLeaf},
    google::GoogleFixtures,
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
    /// A request of Google's Pub/Sub, with the token in its headers and a notification in its body.
    GooglePush,
    /// A purchase that Google Play signed on a device.
    GooglePurchase,
}

/// What is known of certificates and keys before the verification that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cache {
    /// The chain has been verified before, or Google's key was read: the signature of the data is
    /// left.
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

    /// Verifies one of `inputs` after the other, and starts again after the last.
    fn new<T: Send + Sync + 'static>(
        subject: Subject,
        cache: Cache,
        arm: Arm,
        inputs: impl Iterator<Item = T>,
        verify: impl Fn(&T) + Send + Sync + 'static,
    ) -> Self {
        let inputs: Vec<T> = inputs.collect();
        // Fails here rather than in a measurement, and fills what is to be hot.
        inputs.iter().for_each(&verify);
        let next = AtomicUsize::new(0);
        Self {
            subject,
            cache,
            arm,
            run: Box::new(move || {
                let index = next.fetch_add(1, Ordering::Relaxed) % inputs.len();
                verify(&inputs[index]);
            }),
        }
    }
}

impl Subject {
    /// The JWS that are verified with it, the one that holds the others first.
    fn jws_of(self, signed: &SignedData) -> Vec<&str> {
        match self {
            Self::Transaction => vec![&signed.transaction],
            Self::RenewalInfo => vec![&signed.renewal_info],
            Self::Notification => vec![
                &signed.notification,
                &signed.transaction,
                &signed.renewal_info,
            ],
            Self::GooglePush | Self::GooglePurchase => Vec::new(),
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
            Self::GooglePush => "Google push",
            Self::GooglePurchase => "Google purchase",
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
pub fn cases(fixtures: &Fixtures, google_fixtures: &GoogleFixtures) -> Vec<Case> {
    // More leaves than a verifier remembers: each has been replaced before it comes again.
    let new_leaves: Vec<_> = fixtures.other_leaves(4 * REMEMBERED_CHAINS).collect();
    let mut cases = Vec::new();
    cases.extend(bare(fixtures));
    cases.push(bare_new_leaf(fixtures, &new_leaves));
    cases.extend(iap(fixtures));
    cases.push(iap_new_leaf(fixtures, &new_leaves));
    cases.extend(peer(fixtures));
    cases.extend(google(google_fixtures));
    cases
}

fn bare(fixtures: &Fixtures) -> Vec<Case> {
    let authority = fixtures.authority();
    let mut cases = Vec::new();
    for subject in [
        Subject::Transaction,
        Subject::RenewalInfo,
        Subject::Notification,
    ] {
        let hot = |signed: &SignedData| -> Vec<Signature> {
            let jws = subject.jws_of(signed);
            jws.iter().map(|jws| fixtures.jws_signature(jws)).collect()
        };
        let cold = |signed: &SignedData| -> Vec<Signature> {
            let with_chain = |jws: Signature| {
                let leaf = fixtures.leaf_signature(authority.leaf_der());
                [jws, leaf, fixtures.intermediate_signature()]
            };
            hot(signed).into_iter().flat_map(with_chain).collect()
        };
        let signed = fixtures.signed();
        cases.push(bare_case(subject, Cache::Hot, signed.iter().map(hot)));
        cases.push(bare_case(subject, Cache::Cold, signed.iter().map(cold)));
    }
    cases
}

fn bare_new_leaf(fixtures: &Fixtures, transactions: &[TransactionOfAnotherLeaf]) -> Case {
    let signatures = transactions.iter().map(|transaction| {
        let jws = Signature::of_jws(&transaction.jws, &transaction.leaf);
        vec![jws, fixtures.leaf_signature(&transaction.leaf)]
    });
    bare_case(Subject::Transaction, Cache::NewLeaf, signatures)
}

fn bare_case(
    subject: Subject,
    cache: Cache,
    signatures: impl Iterator<Item = Vec<Signature>>,
) -> Case {
    Case::new(subject, cache, Arm::Bare, signatures, |signatures| {
        signatures.iter().for_each(Signature::verify);
    })
}

fn iap(fixtures: &Fixtures) -> Vec<Case> {
    let mut cases = Vec::new();
    for (cache, verifier) in [
        (Cache::Hot, fixtures.iap()),
        (Cache::Cold, fixtures.iap_without_memory()),
    ] {
        let case = |subject, run: fn(&SignedDataVerifier, &str)| {
            let verifier = verifier.clone();
            Case::new(
                subject,
                cache,
                Arm::Iap,
                tokens(fixtures, subject),
                move |jws| {
                    run(&verifier, jws);
                },
            )
        };
        cases.push(case(Subject::Transaction, |verifier, jws| {
            drop(black_box(
                verifier.verify_transaction(jws).expect("verifies"),
            ));
        }));
        cases.push(case(Subject::RenewalInfo, |verifier, jws| {
            drop(black_box(
                verifier.verify_renewal_info(jws).expect("verifies"),
            ));
        }));
        cases.push(case(Subject::Notification, |verifier, jws| {
            let verified = verifier.verify_notification(jws).expect("verifies");
            let nested = (verified.transaction(), verified.renewal_info());
            assert!(matches!(nested, (Some(_), Some(_))), "both are verified");
            drop(black_box(verified));
        }));
    }
    cases
}

fn iap_new_leaf(fixtures: &Fixtures, transactions: &[TransactionOfAnotherLeaf]) -> Case {
    let verifier = fixtures.iap();
    let jws = transactions.iter().map(|it| it.jws.clone());
    Case::new(
        Subject::Transaction,
        Cache::NewLeaf,
        Arm::Iap,
        jws,
        move |jws| {
            drop(black_box(
                verifier.verify_transaction(jws).expect("verifies"),
            ));
        },
    )
}

fn peer(fixtures: &Fixtures) -> Vec<Case> {
    let mut cases = Vec::new();
    for (cache, peer_cache) in [(Cache::Hot, PeerCache::On), (Cache::Cold, PeerCache::Off)] {
        let verifier = Arc::new(fixtures.peer(peer_cache));
        let case = |subject, run: fn(&Peer, &str)| {
            let verifier = Arc::clone(&verifier);
            Case::new(
                subject,
                cache,
                Arm::Peer,
                tokens(fixtures, subject),
                move |jws| {
                    run(&verifier, jws);
                },
            )
        };
        cases.push(case(Subject::Transaction, |verifier, jws| {
            drop(black_box(verifier.verify_transaction(jws)));
        }));
        cases.push(case(Subject::RenewalInfo, |verifier, jws| {
            drop(black_box(verifier.verify_renewal_info(jws)));
        }));
        cases.push(case(Subject::Notification, |verifier, jws| {
            drop(black_box(verifier.verify_notification(jws)));
        }));
    }
    cases
}

fn google(fixtures: &GoogleFixtures) -> [Case; 4] {
    let of_push = fixtures.push_signatures().map(|it| vec![it]);
    let of_purchase = fixtures.purchase_signatures().map(|it| vec![it]);
    let notification_verifier = fixtures.notification_verifier();
    let purchase_verifier = fixtures.purchase_verifier();
    let app = AppId::new(GoogleFixtures::PACKAGE_NAME);
    [
        bare_case(Subject::GooglePush, Cache::Hot, of_push),
        bare_case(Subject::GooglePurchase, Cache::Hot, of_purchase),
        Case::new(
            Subject::GooglePush,
            Cache::Hot,
            Arm::Iap,
            fixtures.pushes(),
            move |push| {
                let verified = notification_verifier.verify(&push.headers, &push.body);
                drop(black_box(verified.expect("verifies")));
            },
        ),
        Case::new(
            Subject::GooglePurchase,
            Cache::Hot,
            Arm::Iap,
            fixtures.purchases(),
            move |purchase| {
                let verified = purchase_verifier.verify(&app, &purchase.json, &purchase.signature);
                drop(black_box(verified.expect("verifies")));
            },
        ),
    ]
}

/// What a verifier is given.
fn tokens(fixtures: &Fixtures, subject: Subject) -> impl Iterator<Item = String> {
    let signed = fixtures.signed().iter();
    signed.map(move |signed| {
        let jws = subject.jws_of(signed);
        jws[0].to_owned()
    })
}

/// The default of `SignedDataVerifierBuilder::remembered_chains`.
const REMEMBERED_CHAINS: usize = 32;
