//! What hostile tokens leave behind: nothing.

use iap_core::Environment;
use iap_testkit::{Forgery, SignedWith, SigningAuthority, TransactionBuilder};

use crate::{App, SignedDataVerifier, TrustAnchor};

fn verifier(authority: &SigningAuthority) -> SignedDataVerifier {
    SignedDataVerifier::builder()
        .app(App::new("com.example.app", 1))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
        .build()
        .unwrap()
}

/// How many chains and intermediates the verifier remembers.
fn remembered(verifier: &SignedDataVerifier) -> (usize, usize) {
    verifier.inner.chains.as_ref().unwrap().remembered()
}

fn transaction() -> TransactionBuilder {
    TransactionBuilder::consumable("com.example.app", "coins")
}

/// The benchmark report repeats this with 100,000 tokens and watches the process's memory.
#[test]
fn garbage_signatures_leave_nothing_behind_whatever_their_header() {
    let authority = SigningAuthority::new();
    let verifier = verifier(&authority);
    let payload = transaction().build();
    for number in 0_u64..1_000 {
        let bytes = number.to_be_bytes();
        for jws in [
            authority.garbage_signature(&payload),
            authority.with_trailing_bytes_after_leaf(&bytes, &payload, SignedWith::RandomBytes),
            authority.with_third_certificate(&bytes, &payload, SignedWith::RandomBytes),
        ] {
            assert!(verifier.verify_transaction(jws).is_err());
        }
    }
    for _ in 0..20 {
        let leaf = authority.another_leaf();
        let garbage = leaf.garbage_signature(&payload);
        assert!(verifier.verify_transaction(garbage).is_err());
    }
    assert_eq!(remembered(&verifier), (0, 0));
}

#[test]
fn no_forgery_is_remembered_unless_its_signature_and_chain_and_dates_are_genuine() {
    let authority = SigningAuthority::new();
    let payload = transaction().build();
    for forgery in Forgery::all() {
        let verifier = verifier(&authority);
        let jws = authority.forge(*forgery, &payload);
        assert!(verifier.verify_transaction(jws).is_err());
        assert_eq!(remembered(&verifier), (0, 0), "{forgery:?}");
    }
}

#[test]
fn one_chain_is_remembered_once_and_a_new_leaf_shares_its_intermediate() {
    let authority = SigningAuthority::new();
    let verifier = verifier(&authority);
    let sign = |authority: &SigningAuthority| transaction().sign(authority);
    for _ in 0..3 {
        verifier.verify_transaction(sign(&authority)).unwrap();
    }
    assert_eq!(remembered(&verifier), (1, 1));
    verifier
        .verify_transaction(sign(&authority.another_leaf()))
        .unwrap();
    assert_eq!(remembered(&verifier), (2, 1));
    verifier
        .verify_transaction(sign(&authority.another_intermediate()))
        .unwrap();
    assert_eq!(remembered(&verifier), (3, 2));
}

#[test]
fn never_more_chains_are_remembered_than_allowed() {
    let authority = SigningAuthority::all_p256();
    let verifier = verifier(&authority);
    for _ in 0..40 {
        let leaf = authority.another_leaf();
        verifier
            .verify_transaction(transaction().sign(&leaf))
            .unwrap();
    }
    assert_eq!(remembered(&verifier), (32, 1));
}

#[test]
fn genuine_data_of_another_app_is_refused_and_its_chain_is_genuine_all_the_same() {
    let authority = SigningAuthority::new();
    let verifier = verifier(&authority);
    let jws = transaction().bundle_id("com.attacker.app").sign(&authority);
    assert!(verifier.verify_transaction(jws).is_err());
    assert_eq!(remembered(&verifier), (1, 1));
}
