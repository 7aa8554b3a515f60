//! What is remembered changes no verdict, and can be shared by threads.

use std::thread;

use iap_apple::{App, Environment, SignedDataVerifier};
use iap_testkit::{Forgery, SigningAuthority};

use crate::support::{AUTHORITY, BUNDLE_ID, anchor, builder, transaction, verifier};

#[test]
fn verdicts_are_the_same_with_and_without_memory() {
    let remembering = verifier();
    let forgetful = builder()
        .environment(Environment::Production)
        .remembered_chains(0)
        .build()
        .unwrap();
    let payload = transaction().build();
    let honest = AUTHORITY.sign(&payload);
    for _ in 0..2 {
        assert!(remembering.verify_transaction(&honest).is_ok());
        assert!(forgetful.verify_transaction(&honest).is_ok());
        for forgery in Forgery::all() {
            let jws = AUTHORITY.forge(*forgery, &payload);
            let verdicts = [&remembering, &forgetful]
                .map(|verifier| verifier.verify_transaction(&jws).map(drop).unwrap_err());
            assert_eq!(verdicts[0], verdicts[1], "{forgery:?}");
        }
    }
}

#[test]
fn a_known_intermediate_does_not_vouch_for_what_it_did_not_issue() {
    let verifier = verifier();
    verifier
        .verify_transaction(transaction().sign(&AUTHORITY))
        .expect("honest");
    let payload = transaction().build();
    for forgery in [
        Forgery::IntermediateOfAnotherAuthority,
        Forgery::SelfSignedLeaf,
        Forgery::LeafKeyReplaced,
        Forgery::LeafCertificateTampered,
        Forgery::LeafIsCa,
        Forgery::LeafOfRootBehindItsImpostor,
        Forgery::LeafOfImpostorOfRoot,
    ] {
        assert!(
            verifier
                .verify_transaction(AUTHORITY.forge(forgery, &payload))
                .is_err()
        );
    }
    let new_leaf = AUTHORITY.another_leaf();
    assert!(verifier.verify_transaction(new_leaf.sign(&payload)).is_ok());
}

#[test]
fn chains_known_to_one_verifier_are_not_known_to_another() {
    let other = SigningAuthority::new();
    let trusting_other = SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, 1))
        .environment(Environment::Production)
        .trust_anchors([anchor(&other)])
        .build()
        .unwrap();
    let jws = transaction().sign(&other);
    assert!(trusting_other.verify_transaction(&jws).is_ok());
    assert!(verifier().verify_transaction(&jws).is_err());
}

#[test]
fn one_verifier_serves_many_threads() {
    let verifier = verifier();
    let leaves: Vec<_> = (0..4).map(|_| AUTHORITY.another_leaf()).collect();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for leaf in leaves.iter().cycle().take(40) {
                    assert!(
                        verifier
                            .verify_transaction(transaction().sign(leaf))
                            .is_ok()
                    );
                    let garbage = leaf.garbage_signature(&transaction().build());
                    assert!(verifier.verify_transaction(garbage).is_err());
                }
            });
        }
    });
}
