//! Notifications and signatures of Google that others have recorded are read and verified, and
//! nothing of them is lost.

use std::{collections::BTreeMap, fs};

use iap::EventKind;
use iap_google::{
    DeveloperNotification, GoogleKeys, LicenseKey, NotificationFailure, NotificationReader,
    NotificationVerifier, PulledMessage, PurchaseSignatureVerifier, SignatureFailure, UnityReceipt,
    UnityReceiptError,
};
use iap_testkit::GooglePushSigner;
use serde_json::Value;

use crate::spec;

/// The examples whose name passes, by their name.
fn examples(is_wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Value> {
    let folder = spec::folder("google/examples");
    let examples: BTreeMap<_, _> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("a name"))
        .filter(|name| is_wanted(name) && name.ends_with(".json"))
        .map(|name| {
            let text = spec::text(&format!("google/examples/{name}"));
            let json = serde_json::from_str(&text).expect("JSON");
            (name, json)
        })
        .collect();
    assert!(!examples.is_empty(), "there are examples");
    examples
}

/// Every recorded notification: single ones, and those of whole lives.
fn notifications() -> Vec<(String, Value)> {
    let single = examples(|name| name.starts_with("rtdn_") || name.ends_with(".rtdn.json"));
    let lives = examples(|name| name.starts_with("scenario_"));
    let steps = lives.into_iter().flat_map(|(name, steps)| {
        let steps = steps.as_array().expect("steps").clone();
        let numbered = steps.into_iter().enumerate();
        numbered.map(move |(number, step)| (format!("{name} {number}"), step["rtdn"].clone()))
    });
    single.into_iter().chain(steps).collect()
}

/// What a notification says, by the table of Google's page.
fn kind_of(notification: &Value) -> EventKind {
    let number = |member: &str| notification[member]["notificationType"].as_i64();
    match (
        number("subscriptionNotification"),
        number("oneTimeProductNotification"),
    ) {
        (Some(1), None) => EventKind::Recovered,
        (Some(2), None) => EventKind::Renewed,
        (Some(3), None) => EventKind::Canceled,
        (Some(4), None) => EventKind::Subscribed,
        (Some(5), None) => EventKind::OnHold,
        (Some(6), None) => EventKind::InGracePeriod,
        (Some(7), None) => EventKind::AutoRenewEnabled,
        (Some(12), None) => EventKind::Revoked,
        (Some(13), None) => EventKind::Expired,
        (None, Some(1)) => EventKind::OneTimePurchased,
        (None, None) if notification.get("voidedPurchaseNotification").is_some() => {
            EventKind::Refunded
        }
        (None, None)
            if notification
                .get("pendingRefundReviewNotification")
                .is_some() =>
        {
            EventKind::RefundRequested
        }
        (None, None) if notification.get("testNotification").is_some() => EventKind::Test,
        other => panic!("none of the recorded ones: {other:?}"),
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set")]
fn every_recorded_notification_is_read_and_written_again_with_nothing_lost() {
    let notifications = notifications();
    assert!(notifications.len() > 50, "{}", notifications.len());
    for (name, json) in notifications {
        let text = json.to_string();
        let notification: DeveloperNotification =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(notification.unknown.is_empty(), "{name}: {notification:?}");
        let again = serde_json::to_value(&notification).expect("JSON");
        assert_eq!(again, json, "{name}");

        let app = json["packageName"].as_str().expect("an app");
        let reader = NotificationReader::new([app]).expect("a reader");
        let read = reader
            .read(&PulledMessage::new("1", text))
            .unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let event = read.to_event();
        assert_eq!(event.kind, kind_of(&json), "{name}");
        let millis = json["eventTimeMillis"].as_str().expect("a time");
        assert_eq!(event.occurred_at.as_millis().to_string(), millis, "{name}");
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set")]
fn recorded_pushes_are_read_or_refused_by_the_check_that_they_fail() {
    let signer = GooglePushSigner::new();
    let account = "push@project.iam.gserviceaccount.com";
    let verifier = NotificationVerifier::builder()
        .audience("audience")
        .service_account(account)
        .app("com.twigano.fashion")
        .keys(GoogleKeys::from_json(signer.jwks()).expect("keys"))
        .build()
        .expect("a verifier");
    let authorization = signer.token("audience", account).authorization();
    let results: BTreeMap<_, _> = examples(|name| name.starts_with("push_"))
        .into_keys()
        .map(|name| {
            let body = spec::text(&format!("google/examples/{name}"));
            let headers = [("authorization", authorization.as_str())];
            let result = verifier.verify(headers, body);
            (name, result.map(|notification| notification.to_event()))
        })
        .collect();
    assert_eq!(results.len(), 4);
    let check = |name: &str| results[name].as_ref().expect_err(name).check();
    assert_eq!(check("push_doc_pubsub_minimal.json"), "notification");
    assert_eq!(check("push_doc_rtdn_envelope.json"), "notification");
    assert_eq!(check("push_public_garbage_data.json"), "notification");
    let event = results["push_wrapped_expired.json"].as_ref().expect("read");
    assert_eq!(event.kind, EventKind::Expired);
    assert_eq!(event.id, "1838996669366530");
}

/// The claims that Google's own page shows, years old, with everything else as it should be.
#[test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set")]
fn the_claims_of_googles_page_are_accepted_at_their_time_only() {
    let claims = spec::text("google/examples/auth_push_oidc_claims_doc.json");
    let json: Value = serde_json::from_str(&claims).expect("JSON");
    let signer = GooglePushSigner::new();
    let verify_at = |seconds: i64| {
        let verifier = NotificationVerifier::builder()
            .audience(json["aud"].as_str().expect("a text"))
            .service_account(json["email"].as_str().expect("a text"))
            .app("com.example.app")
            .keys(GoogleKeys::from_json(signer.jwks()).expect("keys"))
            .clock(iap::FixedClock::new(iap::Timestamp::from_seconds(seconds)))
            .build()
            .expect("a verifier");
        let token = signer.token("", "").payload(claims.as_str());
        let body = iap_testkit::GoogleNotificationBuilder::test("com.example.app").push("1");
        verifier
            .verify([("authorization", token.authorization())], body)
            .map(|notification| notification.to_event().kind)
    };
    let issued = json["iat"].as_i64().expect("a number");
    assert_eq!(verify_at(issued), Ok(EventKind::Test));
    let late = verify_at(issued + 2 * 60 * 60).expect_err("expired");
    assert!(matches!(late, NotificationFailure::Expired { .. }));
}

#[test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set")]
fn recorded_signatures_verify_and_each_flipped_byte_fails() {
    let vectors = examples(|name| name.starts_with("sig_"));
    assert_eq!(vectors.len(), 2);
    for (name, vector) in vectors {
        let text = |member: &str| vector[member].as_str().expect("a text");
        let key_text = text("public_key_base64");
        let key = match vector["key_bits"].as_i64() {
            Some(1024) => {
                let refused = key_text.parse::<LicenseKey>().expect_err("too short");
                assert!(
                    refused.to_string().contains("1024 bits"),
                    "{name}: {refused}"
                );
                LicenseKey::dangerous_short_key(key_text)
            }
            _ => key_text.parse(),
        };
        let (json, signature) = (text("signed_data"), text("signature_base64"));
        let app: Value = serde_json::from_str(json).expect("JSON");
        let app = iap::AppId::new(app["packageName"].as_str().expect("an app"));
        let verifier = PurchaseSignatureVerifier::new([(app.clone(), key.expect("a key"))]);
        let purchase = verifier
            .verify(&app, json, signature)
            .unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(purchase.app_id(), &app, "{name}");
        for index in 0..json.len() {
            let mut bytes = json.as_bytes().to_vec();
            bytes[index] ^= 1;
            let failure = verifier
                .verify(&app, bytes, signature)
                .expect_err("changed");
            assert_eq!(failure, SignatureFailure::Signature, "{name} {index}");
        }
        let length = signature.trim_end_matches('=').len();
        for index in 0..length {
            let mut changed = signature.as_bytes().to_vec();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert!(
                verifier.verify(&app, json, &changed).is_err(),
                "{name} {index}"
            );
        }
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set")]
fn a_recorded_unity_receipt_is_read_to_the_innermost_text_and_one_that_lost_its_bytes_is_refused() {
    let text = spec::text("google/examples/unity_real_2017.json");
    let receipt = UnityReceipt::from_json(&text).expect("a receipt");
    let payload = receipt.google_payload().expect("a payload");
    let data: Value = serde_json::from_str(payload.json()).expect("JSON");
    assert_eq!(data["orderId"].as_str(), receipt.transaction_id());
    assert!(!payload.signature().contains('\\'));
    assert!(receipt.to_proof().is_ok());

    let text = spec::text("google/examples/unity_old_nested_object.json");
    let member = "Payload";
    assert_eq!(
        UnityReceipt::from_json(text),
        Err(UnityReceiptError::NotText { member })
    );
}
