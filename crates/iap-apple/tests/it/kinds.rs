//! Data of one kind does not pass for another; what nobody signed needs a verifier built for it.

use iap_apple::{AutoRenewStatus, Environment, SignedData, SignedDataKind, VerificationFailure};
use iap_testkit::{
    AppTransactionBuilder, NotificationBuilder, RealtimeRequestBuilder, RenewalInfoBuilder,
    xcode_jws,
};
use serde_json::json;

use crate::support::{
    APP_APPLE_ID, AUTHORITY, BUNDLE_ID, PRODUCT_ID, builder, notification, transaction, verifier,
};

const APPLE_ID: i64 = APP_APPLE_ID.cast_signed();

#[test]
fn data_of_one_kind_does_not_pass_for_another() {
    let transaction = transaction();
    let all = [
        (SignedDataKind::Transaction, transaction.sign(&AUTHORITY)),
        (
            SignedDataKind::RenewalInfo,
            RenewalInfoBuilder::of(&transaction).sign(&AUTHORITY),
        ),
        (
            SignedDataKind::Notification,
            notification("DID_RENEW", &transaction).sign(&AUTHORITY),
        ),
        (
            SignedDataKind::AppTransaction,
            AppTransactionBuilder::new(BUNDLE_ID, APPLE_ID).sign(&AUTHORITY),
        ),
        (
            SignedDataKind::RealtimeRequest,
            RealtimeRequestBuilder::new(APPLE_ID, PRODUCT_ID).sign(&AUTHORITY),
        ),
    ];
    let verifier = verifier();
    for (kind, jws) in &all {
        let detected = verifier.verify_any(jws).unwrap();
        assert_eq!(detected.kind(), *kind);
        assert!(detected.json().starts_with('{'));
        let results = [
            (
                SignedDataKind::Transaction,
                verifier.verify_transaction(jws).map(drop),
            ),
            (
                SignedDataKind::RenewalInfo,
                verifier.verify_renewal_info(jws).map(drop),
            ),
            (
                SignedDataKind::Notification,
                verifier.verify_notification(jws).map(drop),
            ),
            (
                SignedDataKind::AppTransaction,
                verifier.verify_app_transaction(jws).map(drop),
            ),
            (
                SignedDataKind::RealtimeRequest,
                verifier.verify_realtime_request(jws).map(drop),
            ),
        ];
        for (expected, result) in results {
            match result {
                Ok(()) => assert_eq!(expected, *kind),
                Err(VerificationFailure::WrongKind {
                    expected: told,
                    found,
                }) => {
                    assert_eq!((told, found), (expected, Some(*kind)));
                }
                // Its seven members are mandatory, so reading stops at the first missing one.
                Err(VerificationFailure::Payload { .. }) => {
                    assert_eq!(expected, SignedDataKind::RealtimeRequest);
                }
                Err(other) => panic!("{expected} given {kind}: {other}"),
            }
        }
    }
}

#[test]
fn signed_data_of_no_known_kind_is_refused() {
    let jws = AUTHORITY.sign(&json!({ "bundleId": BUNDLE_ID, "environment": "Production" }));
    for failure in [
        verifier().verify_any(&jws).map(drop).unwrap_err(),
        verifier().verify_transaction(&jws).map(drop).unwrap_err(),
    ] {
        assert!(
            matches!(failure, VerificationFailure::WrongKind { found: None, .. }),
            "{failure}"
        );
    }
}

#[test]
fn xcode_data_needs_a_verifier_that_was_built_for_it_by_name() {
    let payload = transaction()
        .environment(Environment::Xcode)
        .transaction_id("0")
        .build();
    let jws = xcode_jws(&payload);
    assert_eq!(
        verifier().verify_transaction(&jws).unwrap_err().check(),
        "chain_length"
    );

    let xcode = builder().environment(Environment::Xcode).build().unwrap();
    let verified = xcode.verify_transaction(&jws).unwrap();
    assert_eq!(verified.environment(), Environment::Xcode);
    assert_eq!(verified.transaction_id.as_ref().unwrap(), &"0");
    // Not even data that Apple signed passes as Xcode's.
    assert_eq!(
        xcode
            .verify_transaction(transaction().sign(&AUTHORITY))
            .unwrap_err()
            .check(),
        "environment"
    );
    // And the app is still checked.
    let other = transaction()
        .environment(Environment::Xcode)
        .bundle_id("com.attacker.app")
        .build();
    assert_eq!(
        xcode
            .verify_transaction(xcode_jws(&other))
            .unwrap_err()
            .check(),
        "bundle_id"
    );
    let local = builder()
        .environment(Environment::LocalTesting)
        .build()
        .unwrap();
    assert_eq!(
        local.verify_transaction(&jws).unwrap_err().check(),
        "environment"
    );
}

#[test]
fn data_of_every_kind_is_read_as_xcode_writes_it() {
    let xcode = builder().environment(Environment::Xcode).build().unwrap();

    let mut payload = transaction().environment(Environment::Xcode).build();
    payload["transactionId"] = json!("0");
    payload["originalTransactionId"] = json!("0");
    payload["purchaseDate"] = json!(1_697_679_936_049.729_7);
    payload["deviceVerificationNonce"] = json!("48c8b92d-ce0d-4229-bedf-e61b4f9cfc92");
    let transaction = xcode.verify_transaction(xcode_jws(&payload)).unwrap();
    assert_eq!(transaction.original_transaction_id.as_ref().unwrap(), &"0");
    let purchase_date = transaction.purchase_date.unwrap();
    assert_eq!(purchase_date.as_millis(), 1_697_679_936_049);
    let nonce: Option<String> = transaction.member("deviceVerificationNonce").unwrap();
    assert!(nonce.is_some());

    let jws = xcode_jws(&json!({
        "autoRenewProductId": PRODUCT_ID,
        "autoRenewStatus": 1,
        "originalTransactionId": "0",
        "productId": PRODUCT_ID,
        "environment": "Xcode",
        "renewalDate": 1_700_358_336_049.729_7,
        "signedDate": 1_697_679_936_711.072_8,
        "deviceVerification": "c3dpbQ==",
    }));
    let renewal_info = xcode.verify_renewal_info(jws).unwrap();
    let renewal_date = renewal_info.renewal_date.unwrap();
    assert_eq!(renewal_date.as_millis(), 1_700_358_336_049);
    assert_eq!(renewal_info.auto_renew_status, Some(AutoRenewStatus::On));
    assert_eq!(renewal_info.price_increase_status, None);

    let jws = xcode_jws(&json!({
        "bundleId": BUNDLE_ID,
        "receiptType": "Xcode",
        "applicationVersion": "1",
        "originalApplicationVersion": "1",
        "originalPurchaseDate": -62_135_769_600_000_i64,
        "receiptCreationDate": 1_697_679_936_056.485_4,
        "requestDate": 1_697_679_936_056.485_4,
        "deviceVerification": "c3dpbQ==",
        "deviceVerificationNonce": "48c8b92d-ce0d-4229-bedf-e61b4f9cfc92",
    }));
    let app_transaction = xcode.verify_app_transaction(&jws).unwrap();
    let first_purchase = app_transaction.original_purchase_date.unwrap();
    assert_eq!(first_purchase.as_millis(), -62_135_769_600_000);
    assert_eq!(app_transaction.app_apple_id, None);
    assert_eq!(
        app_transaction.device_verification.as_deref(),
        Some("c3dpbQ==")
    );
    let failure = verifier().verify_app_transaction(&jws).unwrap_err();
    assert_eq!(failure.check(), "chain_length");
}

#[test]
fn members_that_this_version_does_not_know_stay_reachable() {
    let jws = transaction()
        .set("deviceVerification", "AAECAw==")
        .set("next", json!({ "a": [1] }))
        .sign(&AUTHORITY);
    let verified = verifier().verify_transaction(jws).unwrap();
    assert_eq!(
        verified
            .member::<String>("deviceVerification")
            .unwrap()
            .as_deref(),
        Some("AAECAw==")
    );
    assert_eq!(
        verified.member::<serde_json::Value>("next").unwrap(),
        Some(json!({ "a": [1] }))
    );
    assert_eq!(verified.member::<String>("missing").unwrap(), None);
    assert!(verified.member::<u64>("deviceVerification").is_err());
    assert!(
        verified
            .json()
            .contains(r#""deviceVerification":"AAECAw==""#)
    );
}

#[test]
fn an_external_purchase_token_tells_its_environment_by_its_id() {
    let verifier = builder()
        .environment(Environment::Production)
        .environment(Environment::Sandbox)
        .build()
        .unwrap();
    for (id, environment) in [
        (
            json!("b2158121-7af9-49d4-9561-1f588205523e"),
            Environment::Production,
        ),
        (
            json!("SANDBOX_b2158121-7af9-49d4-9561-1f588205523e"),
            Environment::Sandbox,
        ),
        (json!(null), Environment::Production),
    ] {
        let token = json!({
            "externalPurchaseId": id,
            "tokenCreationDate": 1_698_148_950_000_i64,
            "appAppleId": APPLE_ID,
            "bundleId": BUNDLE_ID,
        });
        let jws = NotificationBuilder::new("EXTERNAL_PURCHASE_TOKEN")
            .subtype("UNREPORTED")
            .external_purchase_token(token)
            .sign(&AUTHORITY);
        let Ok(SignedData::Notification(notification)) = verifier.verify_any(jws) else {
            panic!("{id} is a notification");
        };
        assert_eq!(notification.notification().environment(), environment);
        let event = notification.to_event().unwrap();
        assert_eq!(event.app_id.unwrap(), BUNDLE_ID);
        assert_eq!(event.key, None);
    }
}
