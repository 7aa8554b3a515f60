//! Does an authority sign as the App Store does?

use std::collections::HashSet;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use iap_core::{Clock as _, Environment, SystemClock};
use iap_testkit::{
    AppTransactionBuilder, NotificationBuilder, RealtimeRequestBuilder, RenewalInfoBuilder,
    SigningAuthority, TransactionBuilder, xcode_jws,
};
use serde_json::{Value, json};

use crate::judge::faults;

fn segment(jws: &str, position: usize) -> Vec<u8> {
    let segment = jws.split('.').nth(position).unwrap();
    BASE64_URL_SAFE_NO_PAD.decode(segment).unwrap()
}

fn payload(jws: &str) -> Value {
    serde_json::from_slice(&segment(jws, 1)).unwrap()
}

fn assert_honest(jws: &str, authority: &SigningAuthority) {
    let faults = faults(jws, authority, SystemClock.now());
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn what_an_authority_signs_has_no_fault() {
    for authority in [SigningAuthority::new(), SigningAuthority::all_p256()] {
        assert_honest(&authority.sign(&json!({ "bundleId": "a" })), &authority);
        for sibling in [authority.another_leaf(), authority.another_intermediate()] {
            assert_honest(&sibling.sign(&json!({ "bundleId": "a" })), &authority);
        }
    }
}

#[test]
fn the_header_is_byte_identical_for_every_jws_of_one_leaf() {
    let authority = SigningAuthority::new();
    let header = |authority: &SigningAuthority, id: i64| {
        let jws = authority.sign(&json!({ "transactionId": id }));
        jws.split('.').next().unwrap().to_owned()
    };
    let headers: HashSet<String> = (0..20).map(|id| header(&authority, id)).collect();
    assert_eq!(headers.len(), 1);
    assert!(!headers.contains(&header(&authority.another_leaf(), 0)));
}

#[test]
fn the_header_holds_algorithm_and_certificates_in_apples_order_and_nothing_else() {
    let authority = SigningAuthority::new();
    let jws = authority.sign(&json!({}));
    let text = String::from_utf8(segment(&jws, 0)).unwrap();
    assert!(text.starts_with(r#"{"alg":"ES256","x5c":["MII"#), "{text}");
    let header: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(header.as_object().unwrap().len(), 2);
    assert_eq!(header["x5c"].as_array().unwrap().len(), 3);
}

#[test]
fn any_bytes_can_be_signed() {
    let authority = SigningAuthority::all_p256();
    for bytes in [b"".as_slice(), b"\xFF\x00", &[b'['; 50_000]] {
        assert_eq!(segment(&authority.sign_bytes(bytes), 1), bytes);
    }
}

#[test]
fn one_authority_serves_many_threads() {
    fn shareable<T: Send + Sync + 'static>(_: &T) {}

    let authority = SigningAuthority::new();
    shareable(&authority);
    std::thread::scope(|scope| {
        for id in 0..4 {
            let authority = &authority;
            scope.spawn(move || {
                let jws = authority.sign(&json!({ "transactionId": id }));
                assert_honest(&jws, authority);
            });
        }
    });
}

#[test]
fn debug_output_holds_no_private_key() {
    let authority = SigningAuthority::new();
    let shown = format!("{authority:?} {authority:#?}");
    assert!(shown.len() < 1_000, "{shown}");
    for key in [
        authority.leaf_key_pkcs8_der(),
        authority.intermediate_key_pkcs8_der(),
        authority.root_key_pkcs8_der(),
    ] {
        assert!(!shown.contains(&format!("{:?}", &key[40..48])));
    }
}

#[test]
fn every_builder_signs_what_it_builds() {
    let authority = SigningAuthority::all_p256();
    let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly");
    let renewal_info = RenewalInfoBuilder::of(&transaction);
    let app_transaction = AppTransactionBuilder::new("com.example.app", 1_234_567_890);
    let request = RealtimeRequestBuilder::new(1_234_567_890, "pro.monthly");
    for (jws, built) in [
        (transaction.sign(&authority), transaction.build()),
        (renewal_info.sign(&authority), renewal_info.build()),
        (app_transaction.sign(&authority), app_transaction.build()),
        (request.sign(&authority), request.build()),
    ] {
        assert_honest(&jws, &authority);
        assert_eq!(payload(&jws), built);
    }
}

#[test]
fn what_a_notification_nests_is_signed_by_the_same_authority() {
    let authority = SigningAuthority::new();
    let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
        .environment(Environment::Sandbox);
    let renewal_info = RenewalInfoBuilder::of(&transaction);
    let notification = NotificationBuilder::new("DID_RENEW")
        .app("com.example.app", 1_234_567_890)
        .transaction(transaction.clone())
        .renewal_info(renewal_info.clone());
    let jws = notification.sign(&authority);
    assert_honest(&jws, &authority);
    // Sandbox notifications of the App Store have about this size.
    assert!((18_000..20_500).contains(&jws.len()), "{}", jws.len());

    let data = &payload(&jws)["data"];
    assert_eq!(data["status"], 1);
    for (member, built) in [
        ("signedTransactionInfo", transaction.build()),
        ("signedRenewalInfo", renewal_info.build()),
    ] {
        let nested = data[member].as_str().unwrap();
        assert_honest(nested, &authority);
        assert_eq!(payload(nested), built);
    }
}

#[test]
fn xcode_data_has_the_header_that_xcode_writes() {
    let jws = xcode_jws(&json!({ "environment": "Xcode" }));
    let header: Value = serde_json::from_slice(&segment(&jws, 0)).unwrap();
    assert_eq!(header["kid"], "Apple_Xcode_Key");
    assert_eq!(header["typ"], "JWT");
    assert_eq!(header["alg"], "ES256");
    assert_eq!(header["x5c"].as_array().unwrap().len(), 1);
    assert_eq!(payload(&jws)["environment"], "Xcode");
}
