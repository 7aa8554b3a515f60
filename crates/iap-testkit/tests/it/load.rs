//! Is hostile load hostile in the ways it says, and cheap?

use std::{collections::BTreeSet, time::Instant};

use iap_core::{Clock as _, SystemClock};
use iap_testkit::{SignedWith, SigningAuthority};
use serde_json::{Value, json};

use crate::judge::{Fault, faults};

fn payload() -> Value {
    json!({ "bundleId": "com.example.app" })
}

fn found(jws: &str, authority: &SigningAuthority) -> BTreeSet<Fault> {
    faults(jws, authority, SystemClock.now())
}

#[test]
fn a_garbage_signature_is_the_only_fault_and_another_each_time() {
    let authority = SigningAuthority::new();
    let jws = authority.garbage_signature(&payload());
    assert_eq!(found(&jws, &authority), [Fault::Signature].into());
    assert_ne!(jws, authority.garbage_signature(&payload()));
}

#[test]
fn trailing_bytes_and_a_garbage_signature_add_up() {
    let authority = SigningAuthority::new();
    let with = |bytes: &[u8], signed_with| {
        authority.with_trailing_bytes_after_leaf(bytes, &payload(), signed_with)
    };
    assert_eq!(
        found(&with(&[], SignedWith::LeafKey), &authority),
        [].into()
    );
    assert_eq!(
        found(&with(&[1, 2, 3], SignedWith::LeafKey), &authority),
        [Fault::CertificateText].into()
    );
    assert_eq!(
        found(&with(&[1, 2, 3], SignedWith::RandomBytes), &authority),
        [Fault::CertificateText, Fault::Signature].into()
    );
}

#[test]
fn a_third_certificate_that_nobody_looks_at_is_no_fault_but_changes_the_header() {
    let authority = SigningAuthority::new();
    let with = |bytes: &[u8], signed_with| {
        authority.with_third_certificate(bytes, &payload(), signed_with)
    };
    let [first, second] = [b"first", b"other"].map(|bytes| with(bytes, SignedWith::LeafKey));
    assert_eq!(found(&first, &authority), [].into());
    assert_ne!(first.split('.').next(), second.split('.').next());
    assert_eq!(
        found(&with(b"third", SignedWith::RandomBytes), &authority),
        [Fault::Signature].into()
    );
}

#[test]
fn ten_thousand_distinct_headers_take_less_than_ten_seconds() {
    let authority = SigningAuthority::new();
    let start = Instant::now();
    for counter in 0..10_000_u32 {
        let jws = authority.with_trailing_bytes_after_leaf(
            &counter.to_be_bytes(),
            &payload(),
            SignedWith::RandomBytes,
        );
        assert!(!jws.is_empty());
    }
    // A generous bound: this is for a debug build on a busy machine.
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
