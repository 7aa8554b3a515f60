//! Which purchases signed on a device are accepted, and which check refuses the others.

use std::sync::LazyLock;

use iap_core::{AppId, Error, ErrorKind, Proof, Rejection, Timestamp};
use iap_google::{
    InAppPurchaseState, LicenseKey, LicenseKeyError, PurchaseSignatureVerifier,
    SignatureFailure as Failure, SignatureRepair, SignedPurchase,
};
use iap_testkit::GoogleLicenseSigner;
use proptest::prelude::*;
use serde_json::{Value, json};

static SIGNER: LazyLock<GoogleLicenseSigner> = LazyLock::new(GoogleLicenseSigner::new);
static OTHER: LazyLock<GoogleLicenseSigner> = LazyLock::new(GoogleLicenseSigner::new);

const APP: &str = "com.example.app";

fn verifier() -> PurchaseSignatureVerifier {
    PurchaseSignatureVerifier::new([
        ("com.example.other", OTHER.license_key().parse().unwrap()),
        (APP, SIGNER.license_key().parse().unwrap()),
    ])
}

fn bought_at() -> Timestamp {
    Timestamp::from_millis(1_506_941_883_100)
}

fn coins() -> Value {
    json!({
        "orderId": "GPA.3338-2557-9554-32252",
        "packageName": APP,
        "productId": "coins",
        "purchaseTime": bought_at().as_millis(),
        "purchaseState": 0,
        "purchaseToken": "purchase-token-that-nobody-may-see",
        "quantity": 2,
        "obfuscatedAccountId": "account",
        "ofTomorrow": { "a": 1 },
    })
}

fn verify(json: &str, signature: &str) -> Result<SignedPurchase, Failure> {
    verifier().verify(&APP.into(), json, signature)
}

fn verify_signed(json: &str) -> Result<SignedPurchase, Failure> {
    verify(json, &SIGNER.sign(json))
}

#[test]
fn a_purchase_is_read_as_it_was_signed() {
    let purchase = verify_signed(&coins().to_string()).unwrap();
    assert_eq!(purchase.app_id(), APP);
    assert_eq!(
        purchase.purchase_token(),
        "purchase-token-that-nobody-may-see"
    );
    assert_eq!(purchase.purchase_state, Some(InAppPurchaseState::Purchased));
    assert_eq!(purchase.purchase_time, Some(bought_at()));
    assert_eq!(purchase.quantity, Some(2));
    assert_eq!(purchase.unknown.get("ofTomorrow").unwrap()["a"], 1);
    assert_eq!(purchase.repair(), SignatureRepair::None);
    let token = purchase.purchase_token().clone();
    let proof = Proof::google_product(APP, token).with_purchase_time(bought_at());
    assert_eq!(purchase.to_proof(), proof);
    let shown = format!("{purchase:?}");
    assert!(!shown.contains("nobody-may-see"), "{shown}");
}

#[test]
fn a_text_with_auto_renewing_is_of_a_subscription_whether_it_renews_or_not() {
    for renews in [true, false] {
        let mut json = coins();
        json["autoRenewing"] = json!(renews);
        let purchase = verify_signed(&json.to_string()).unwrap();
        let token = purchase.purchase_token().clone();
        let proof = Proof::google_subscription(APP, token).with_purchase_time(bought_at());
        assert_eq!(purchase.to_proof(), proof);
    }
}

#[test]
fn a_proof_tells_when_it_was_bought_if_the_text_does() {
    let mut json = coins();
    let time = |json: &Value| match verify_signed(&json.to_string()).unwrap().to_proof() {
        Proof::GoogleProduct { purchase_time, .. } => purchase_time,
        other => panic!("{other:?}"),
    };
    assert_eq!(time(&json), Some(bought_at()));
    json.as_object_mut().unwrap().remove("purchaseTime");
    assert_eq!(time(&json), None);
}

#[test]
fn every_product_of_a_purchase_counts_and_no_other() {
    let mut json = coins();
    json["productIds"] = json!(["coins", "gems"]);
    for json in [json.clone(), {
        json.as_object_mut().unwrap().remove("productId");
        json
    }] {
        let purchase = verify_signed(&json.to_string()).unwrap();
        assert_eq!(purchase.products().count(), 2);
        for product in ["coins", "gems"] {
            assert!(purchase.require_product(&product.into()).is_ok());
        }
        let failure = purchase.require_product(&"Coins".into()).unwrap_err();
        assert_eq!(
            failure,
            Failure::Product {
                expected: "Coins".to_owned(),
                found: vec!["coins".to_owned(), "gems".to_owned()],
            }
        );
        assert_eq!(
            Error::from(failure).rejection(),
            Some(Rejection::WrongProduct)
        );
    }
}

#[test]
fn the_text_is_verified_byte_by_byte() {
    let json = coins().to_string();
    let signature = SIGNER.sign(&json);
    for index in 0..json.len() {
        let mut bytes = json.clone().into_bytes();
        bytes[index] ^= 1;
        let failure = verifier()
            .verify(&APP.into(), bytes, &signature)
            .unwrap_err();
        assert_eq!(failure, Failure::Signature, "{index}");
    }
    for changed in [
        format!("{json} "),
        format!(" {json}"),
        json.replace(':', ": "),
        serde_json::to_string_pretty(&coins()).unwrap(),
        json[..json.len() - 1].to_owned(),
        String::new(),
    ] {
        assert_eq!(verify(&changed, &signature), Err(Failure::Signature));
    }
    // What has escapes is verified with them.
    let escaped = json.replacen("GPA", "\\/GPA", 1);
    let signature = SIGNER.sign(&escaped);
    assert!(verify(&escaped, &signature).is_ok());
    assert_eq!(
        verify(&escaped.replace("\\/", "/"), &signature),
        Err(Failure::Signature)
    );
}

#[test]
fn a_signature_of_another_key_app_or_hash_is_refused() {
    let json = coins().to_string();
    assert_eq!(verify(&json, &OTHER.sign(&json)), Err(Failure::Signature));
    assert_eq!(
        verify(&json, &SIGNER.sign_with_sha256(&json)),
        Err(Failure::Signature)
    );
    assert_eq!(
        verify(&json, &SIGNER.sign("other")),
        Err(Failure::Signature)
    );
    assert_eq!(verify(&json, ""), Err(Failure::Signature));
    assert_eq!(verify(&json, "AAAA"), Err(Failure::Signature));
    // The key of the other app signed a text about this one.
    let failure = verifier()
        .verify(&"com.example.other".into(), &json, &OTHER.sign(&json))
        .unwrap_err();
    assert_eq!(
        failure,
        Failure::App {
            expected: "com.example.other".to_owned(),
            found: Some(APP.to_owned()),
        }
    );
    assert_eq!(Error::from(failure).rejection(), Some(Rejection::WrongApp));
    let unknown: AppId = "com.example.third".into();
    let failure = verifier()
        .verify(&unknown, &json, &SIGNER.sign(&json))
        .unwrap_err();
    assert_eq!(failure.check(), "no_key");
    assert_eq!(failure.kind(), ErrorKind::Misconfigured);
}

/// A purchase whose signature happens to be as wanted.
fn signed(is_wanted: impl Fn(&str) -> bool) -> (String, String) {
    (0..)
        .map(|number| {
            let mut json = coins();
            json["quantity"] = json!(number);
            let json = json.to_string();
            let signature = SIGNER.sign(&json);
            (json, signature)
        })
        .find(|(_, signature)| is_wanted(signature))
        .unwrap()
}

#[test]
fn what_transports_do_to_a_signature_is_undone_and_told() {
    let (json, signature) = signed(|signature| signature.contains('+') && signature.contains('/'));
    assert_eq!(
        verify(&json, &signature).unwrap().repair(),
        SignatureRepair::None
    );
    for damaged in [
        signature.replace('+', " "),
        signature.replace('+', "-").replace('/', "_"),
        signature.trim_end_matches('=').to_owned(),
        format!(" {signature}\n"),
        format!("{signature} "),
        signature
            .replace('+', "-")
            .replace('/', "_")
            .trim_end_matches('=')
            .to_owned(),
    ] {
        let purchase = verify(&json, &damaged).unwrap();
        assert_eq!(purchase.repair(), SignatureRepair::Repaired);
    }
    for broken in [
        "%2B%2F",
        "é",
        "A===",
        &signature.replacen('+', "*", 1),
        &format!("{signature}="),
        &signature[1..3],
    ] {
        assert_eq!(
            verify(&json, broken).unwrap_err().check(),
            "encoding",
            "{broken}"
        );
    }
    assert_eq!(
        verify(&json, &"A".repeat(3000)).unwrap_err().check(),
        "too_long"
    );
    let huge = "x".repeat(70_000);
    assert_eq!(
        verify(&huge, &SIGNER.sign(&huge)).unwrap_err().check(),
        "too_long"
    );
}

#[test]
fn a_signed_text_that_is_no_purchase_of_the_app_is_refused() {
    let without = |member: &str| {
        let mut json = coins();
        json.as_object_mut().unwrap().remove(member);
        json.to_string()
    };
    for text in [
        "",
        "[]",
        "null",
        "<html>",
        "{",
        "{}{}",
        r#"{"packageName":1}"#,
    ] {
        assert_eq!(
            verify_signed(text).unwrap_err().check(),
            "payload",
            "{text}"
        );
    }
    let twice = coins()
        .to_string()
        .replacen('{', r#"{"packageName":"com.evil","#, 1);
    assert_eq!(verify_signed(&twice).unwrap_err().check(), "payload");
    assert_eq!(
        verify_signed(&without("packageName")).unwrap_err().check(),
        "app"
    );
    assert_eq!(
        verify_signed(&without("purchaseToken")),
        Err(Failure::NoToken)
    );
    let old = coins().to_string().replace("purchaseToken", "token");
    assert_eq!(
        verify_signed(&old).unwrap().purchase_token(),
        "purchase-token-that-nobody-may-see"
    );
}

#[test]
fn a_purchase_that_is_not_paid_is_genuine_and_fails_where_payment_is_required() {
    use InAppPurchaseState as State;

    let with = |state: Value| {
        let mut json = coins();
        json["purchaseState"] = state;
        verify_signed(&json.to_string()).unwrap()
    };
    let paid = with(json!(0));
    assert!(paid.is_purchased());
    assert_eq!(paid.require_purchased(), Ok(()));
    let no_longer_valid = ErrorKind::Rejected(Rejection::NoLongerValid);
    for (state, found, kind) in [
        (json!(4), Some(State::Pending), ErrorKind::Unavailable),
        (json!(7), Some(State::Unknown(7)), ErrorKind::Unavailable),
        (json!(null), None, ErrorKind::Unavailable),
        (json!(1), Some(State::Canceled), no_longer_valid),
        (json!(2), Some(State::Refunded), no_longer_valid),
    ] {
        let purchase = with(state);
        assert!(!purchase.is_purchased(), "{found:?}");
        let failure = purchase.require_purchased().unwrap_err();
        assert_eq!(failure, Failure::NotPurchased { found });
        assert_eq!(failure.check(), "not_purchased");
        assert_eq!(failure.kind(), kind, "{failure}");
        assert_eq!(Error::from(failure).kind(), kind);
    }
    let failure = with(json!(4)).require_purchased().unwrap_err();
    assert_eq!(failure.to_string(), "purchaseState is 4, expected 0");
}

#[test]
fn a_key_is_read_as_people_paste_it() {
    let key = SIGNER.license_key();
    let json = coins().to_string();
    let signature = SIGNER.sign(&json);
    for text in [
        key.clone(),
        format!("\n {key} \r\n"),
        format!("{}\n{}", &key[..100], &key[100..]),
        SIGNER.license_key_pem(),
        format!("\n{}\n\n", SIGNER.license_key_pem()),
    ] {
        let verifier = PurchaseSignatureVerifier::new([(APP, text.parse().unwrap())]);
        assert!(
            verifier.verify(&APP.into(), &json, &signature).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_licence_key_is_refused_and_not_repeated() {
    let key = SIGNER.license_key();
    let read = |text: &str| text.parse::<LicenseKey>().unwrap_err();
    assert_eq!(read(""), LicenseKeyError::Empty);
    assert_eq!(read(" \n"), LicenseKeyError::Empty);
    assert_eq!(
        read("-----BEGIN PUBLIC KEY-----\nMIIB"),
        LicenseKeyError::CutOff
    );
    assert_eq!(
        read("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"),
        LicenseKeyError::OtherPem
    );
    assert!(matches!(read(&key[1..]), LicenseKeyError::Base64 { .. }));
    assert!(matches!(
        read(&format!("*{}", &key[1..])),
        LicenseKeyError::Base64 { .. }
    ));
    assert!(matches!(read(&key[..100]), LicenseKeyError::Key { .. }));
    assert!(matches!(
        read(&format!("{key}AAAA")),
        LicenseKeyError::Key { .. } | LicenseKeyError::Base64 { .. }
    ));
    // An EC key, P-256.
    let ec = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==";
    assert!(matches!(read(ec), LicenseKeyError::Key { .. }));
    assert!(matches!(
        read(&"A".repeat(5000)),
        LicenseKeyError::TooLong { .. }
    ));
    let secret = read("a secret that stands in the wrong place");
    assert!(!format!("{secret} {secret:?}").contains("secret that"));
    assert_eq!(Error::from(secret).kind(), ErrorKind::Misconfigured);
}

proptest! {
    #[test]
    fn no_text_no_signature_and_no_key_panics(json: Vec<u8>, signature: String, key: String) {
        prop_assert!(verifier().verify(&APP.into(), &json, &signature).is_err());
        prop_assert!(key.parse::<LicenseKey>().is_err());
        prop_assert!(LicenseKey::dangerous_short_key(&key).is_err());
    }
}
