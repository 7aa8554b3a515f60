//! Receipts of Unity's purchasing package: each level decoded once, and nothing guessed.

use std::sync::LazyLock;

use iap_core::{Error, Proof, Rejection, Timestamp};
use iap_google::{
    PurchaseSignatureVerifier, UnityReceipt, UnityReceiptError as Problem, UnityStore,
};
use iap_testkit::GoogleLicenseSigner;
use proptest::prelude::*;
use serde_json::{Value, json};

static SIGNER: LazyLock<GoogleLicenseSigner> = LazyLock::new(GoogleLicenseSigner::new);

/// With an escaped slash, which every level must leave alone.
const SIGNED: &str =
    r#"{"packageName":"com.example.app","productId":"a\/b","purchaseToken":"t\"o"}"#;

fn receipt(store: &str, payload: Value) -> String {
    json!({ "Store": store, "TransactionID": "300000000000001", "Payload": payload }).to_string()
}

fn google() -> String {
    let payload = json!({
        "json": SIGNED,
        "signature": SIGNER.sign(SIGNED),
        "skuDetails": ["{}"],
        "isPurchaseHistorySupported": true,
    });
    receipt("GooglePlay", json!(payload.to_string()))
}

fn read(json: &str) -> UnityReceipt {
    UnityReceipt::from_json(json).unwrap()
}

#[test]
fn the_text_that_was_signed_comes_out_byte_for_byte() {
    // Unity escapes slashes in the signature, too.
    let receipt = read(&google().replace('/', "\\/"));
    let payload = receipt.google_payload().unwrap();
    assert_eq!(payload.json(), SIGNED);
    let key = SIGNER.license_key().parse().unwrap();
    let verifier = PurchaseSignatureVerifier::new([("com.example.app", key)]);
    let app = "com.example.app".into();
    let purchase = verifier
        .verify(&app, payload.json(), payload.signature())
        .unwrap();
    assert!(purchase.require_product(&"a/b".into()).is_ok());
    assert_eq!(receipt.to_proof().unwrap(), purchase.to_proof());
    assert_eq!(
        receipt.to_proof().unwrap(),
        Proof::google_product(app, "t\"o")
    );
}

#[test]
fn a_receipt_of_a_subscription_is_a_proof_of_one() {
    let signed = SIGNED.replacen('{', r#"{"autoRenewing":false,"#, 1);
    let payload = json!({ "json": signed, "signature": "AAAA" }).to_string();
    let proof = read(&receipt("GooglePlay", json!(payload)))
        .to_proof()
        .unwrap();
    assert_eq!(proof, Proof::google_subscription("com.example.app", "t\"o"));
}

#[test]
fn a_proof_tells_when_it_was_bought_if_the_receipt_does() {
    let signed = SIGNED.replacen('{', r#"{"purchaseTime":1506941883100,"#, 1);
    let payload = json!({ "json": signed, "signature": "AAAA" }).to_string();
    let proof = read(&receipt("GooglePlay", json!(payload)))
        .to_proof()
        .unwrap();
    let bought_at = Timestamp::from_millis(1_506_941_883_100);
    assert_eq!(
        proof,
        Proof::google_product("com.example.app", "t\"o").with_purchase_time(bought_at)
    );
}

#[test]
fn receipts_of_other_stores_are_proofs_of_their_own() {
    for (store, known) in [
        ("AppleAppStore", UnityStore::AppleAppStore),
        ("MacAppStore", UnityStore::MacAppStore),
    ] {
        let apple = read(&receipt(store, json!("MIIT")));
        assert_eq!((apple.store(), apple.payload()), (&known, "MIIT"));
        let proof = Proof::apple_transaction_id("300000000000001");
        assert_eq!(apple.to_proof().unwrap(), proof);
        assert!(matches!(apple.google_payload(), Err(Problem::Store { .. })));
        assert!(matches!(
            apple.to_amazon_proof("user"),
            Err(Problem::Store { .. })
        ));
    }
    let amazon = read(&receipt("AmazonApps", json!("{}")));
    let proof = Proof::amazon_receipt("300000000000001", "user");
    assert_eq!(amazon.to_amazon_proof("user").unwrap(), proof);
    assert!(matches!(amazon.to_proof(), Err(Problem::Store { .. })));
    let other = read(&receipt("fake", json!("x")));
    let problem = other.to_proof().unwrap_err();
    assert!(matches!(&problem, Problem::Store { found, .. } if found == "fake"));
    assert_eq!(Error::from(problem).rejection(), Some(Rejection::WrongKind));
}

#[test]
fn a_level_that_is_an_object_where_a_text_belongs_has_lost_its_bytes() {
    let object = receipt("GooglePlay", json!({ "json": SIGNED, "signature": "AAAA" }));
    let member = "Payload";
    assert_eq!(
        UnityReceipt::from_json(object),
        Err(Problem::NotText { member })
    );
    let payload = json!({ "json": { "packageName": "com.example.app" }, "signature": "AAAA" });
    let inner = read(&receipt("GooglePlay", json!(payload.to_string())));
    let member = "json";
    assert_eq!(inner.google_payload(), Err(Problem::NotText { member }));
}

#[test]
fn what_is_missing_said_twice_or_no_json_is_refused() {
    for (json, member) in [
        (r#"{}"#, "Store"),
        (r#"{"Store":"GooglePlay"}"#, "Payload"),
        (r#"{"Store":"GooglePlay","Payload":""}"#, "Payload"),
        (r#"{"Store":"GooglePlay","Payload":null}"#, "Payload"),
    ] {
        assert_eq!(
            UnityReceipt::from_json(json),
            Err(Problem::Missing { member })
        );
    }
    for json in [
        "",
        "[]",
        "<html>",
        "{",
        r#"{"Store":1,"Payload":"x"}"#,
        r#"{"Store":"AmazonApps","Store":"GooglePlay","Payload":"x"}"#,
        r#"{"Store":"GooglePlay","Payload":"x","Payload":"y"}"#,
    ] {
        assert!(
            matches!(UnityReceipt::from_json(json), Err(Problem::Json { .. })),
            "{json}"
        );
    }
    let apple = r#"{"Store":"AppleAppStore","TransactionID":"","Payload":"x"}"#;
    let member = "TransactionID";
    assert_eq!(read(apple).to_proof(), Err(Problem::Missing { member }));
    let payload = |text: &str| {
        read(&receipt("GooglePlay", json!(text)))
            .to_proof()
            .unwrap_err()
    };
    assert!(matches!(
        payload("x"),
        Problem::Json {
            level: "payload",
            ..
        }
    ));
    assert!(matches!(
        payload(r#"{"json":"{}","json":"{}"}"#),
        Problem::Json {
            level: "payload",
            ..
        }
    ));
    assert_eq!(
        payload(r#"{"json":"{}"}"#),
        Problem::Missing {
            member: "signature"
        }
    );
    assert_eq!(
        payload(r#"{"signature":"x"}"#),
        Problem::Missing { member: "json" }
    );
    assert!(matches!(
        payload(r#"{"json":"x","signature":"x"}"#),
        Problem::Json { level: "json", .. }
    ));
    assert_eq!(
        payload(r#"{"json":"{}","signature":"x"}"#),
        Problem::Missing {
            member: "packageName"
        }
    );
    let no_token = r#"{"json":"{\"packageName\":\"a\"}","signature":"x"}"#;
    assert_eq!(
        payload(no_token),
        Problem::Missing {
            member: "purchaseToken"
        }
    );
    assert!(matches!(
        payload(&"x".repeat(300_000)),
        Problem::TooLong {
            level: "payload",
            ..
        }
    ));
    let huge = "x".repeat(4_000_000);
    assert!(matches!(
        UnityReceipt::from_json(huge),
        Err(Problem::TooLong {
            level: "receipt",
            ..
        })
    ));
}

#[test]
fn debug_output_shows_nothing_of_a_payload() {
    let receipt = read(&google());
    let payload = receipt.google_payload().unwrap();
    let shown = format!("{receipt:?} {payload:?}");
    for part in ["com.example.app", "300000000000001", payload.signature()] {
        assert!(!shown.contains(part), "{shown}");
    }
}

proptest! {
    #[test]
    fn no_receipt_panics(bytes: Vec<u8>, payload: String) {
        prop_assert!(UnityReceipt::from_json(&bytes).is_err());
        let json = receipt("GooglePlay", json!(payload));
        if let Ok(receipt) = UnityReceipt::from_json(json) {
            prop_assert!(receipt.to_proof().is_err());
        }
    }
}
