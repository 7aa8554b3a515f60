//! A key that was read: its ids, its signatures, and that nothing shows it.

use core::error::Error as _;
use std::thread;

use iap_core::ErrorKind;

use super::*;

#[test]
fn both_forms_of_signature_verify_and_neither_passes_for_the_other() {
    let key = TestKey::new();
    let loaded = key.load();
    for message in [&b""[..], b"message", &[0xff; 10_000]] {
        let fixed = loaded.sign(message).unwrap();
        let in_der = loaded.sign_der(message).unwrap();
        assert!(key.verifies(message, &fixed));
        assert!(key.verifies_der(message, in_der.as_ref()));
        assert!(!key.verifies(message, in_der.as_ref()));
        assert!(!key.verifies_der(message, &fixed));
        assert!(!TestKey::new().verifies(message, &fixed));
    }
}

#[test]
fn wrong_ids_are_refused_and_a_swap_is_recognised() {
    let key = TestKey::new();
    let pem = key.pem();
    let long = "A".repeat(100);
    for (key_id, issuer_id, hint) in [
        ("", ISSUER_ID, "it has 0 characters"),
        ("ABC1234DE", ISSUER_ID, "it has 9 characters"),
        ("ABC1234DEFG", ISSUER_ID, "it has 11 characters"),
        ("ABC-234DEF", ISSUER_ID, "not all of them letters or digits"),
        (
            "ABC\"234DEF",
            ISSUER_ID,
            "not all of them letters or digits",
        ),
        ("ÄÄÄÄÄ", ISSUER_ID, "it has 5 characters"),
        (ISSUER_ID, KEY_ID, "swapped?"),
        (&pem, ISSUER_ID, "Is it the key itself?"),
        (KEY_ID, "", "it has 0 characters"),
        (KEY_ID, KEY_ID, "swapped?"),
        (KEY_ID, &ISSUER_ID[1..], "it has 35 characters"),
        (
            KEY_ID,
            "0fedcba98765-4321-8fed-cba9-87654321",
            "it has 36 characters",
        ),
        (
            KEY_ID,
            "gfedcba9-8765-4321-8fed-cba987654321",
            "it has 36 characters",
        ),
        (KEY_ID, &long, "Is it the key itself?"),
        (KEY_ID, &pem, "Is it the key itself?"),
    ] {
        let error = InAppPurchaseKey::new(key_id, issuer_id, &pem).unwrap_err();
        assert!(error.to_string().contains(hint), "{hint}: {error}");
        assert_nothing_of(&key, &error, hint);
    }
    let key = InAppPurchaseKey::new("\tABC1234DEF\n", &format!(" {ISSUER_ID}\r\n"), pem).unwrap();
    assert_eq!((key.key_id(), key.issuer_id()), (KEY_ID, ISSUER_ID));
}

#[test]
fn debug_output_of_all_that_holds_a_key_shows_nothing_of_it() {
    let key = TestKey::new();
    let loaded = key.load();
    assert_eq!(
        format!("{loaded:?}"),
        r#"InAppPurchaseKey { key_id: "ABC1234DEF", .. }"#
    );
    let bearer = BearerTokenSigner::new(loaded.clone(), BUNDLE_ID).unwrap();
    let offers = OfferSigner::new(loaded, BUNDLE_ID).unwrap();
    assert_no_window(
        &key.pkcs8,
        &format!("{bearer:?} {bearer:#?} {offers:?} {offers:#?}"),
        "",
    );
}

#[test]
fn a_wrong_key_is_a_mistake_of_the_set_up_and_no_verdict() {
    let error = iap_core::Error::from(KeyError::Empty);
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.source().unwrap().to_string().contains("empty"));
}

#[test]
fn threads_sign_with_clones_of_one_key_at_the_same_time() {
    let key = TestKey::new();
    let loaded = key.load();
    thread::scope(|scope| {
        for thread in 0..8 {
            let (key, loaded) = (&key, loaded.clone());
            scope.spawn(move || {
                for count in 0..25 {
                    let message = format!("{thread} {count}");
                    let signature = loaded.sign(message.as_bytes()).unwrap();
                    assert!(key.verifies(message.as_bytes(), &signature));
                }
            });
        }
    });
}

#[test]
fn the_search_for_a_key_in_a_text_finds_one() {
    let key = TestKey::new();
    let base64 = STANDARD.encode(&key.pkcs8);
    for leak in [&base64[40..50], &format!("{:?}", key.scalar), &key.pem()] {
        let found = std::panic::catch_unwind(|| {
            assert_no_window(&key.pkcs8, &format!("bad key {leak}"), "");
        });
        assert!(found.is_err(), "{leak}");
    }
}
