//! A notification is verified with the signed parts inside it, which must agree with it.

use iap_apple::{Environment, VerificationFailure};
use iap_core::{
    EventKind, Ownership, PurchaseKey, RefundScope, RevocationReason, Store, SubscriptionState,
    Timestamp,
};
use iap_testkit::{
    AppTransactionBuilder, Forgery, NotificationBuilder, RenewalInfoBuilder, SigningAuthority,
};
use serde_json::json;

use crate::support::{
    APP_APPLE_ID, AUTHORITY, BUNDLE_ID, PRODUCT_ID, builder, notification, transaction, verifier,
};

fn apple_id() -> i64 {
    i64::try_from(APP_APPLE_ID).unwrap()
}

fn nested_failure(jws: String) -> (&'static str, VerificationFailure) {
    match verifier().verify_notification(jws) {
        Err(VerificationFailure::Nested { member, failure }) => (member, *failure),
        Err(other) => panic!("not about a nested part: {other}"),
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn a_notification_is_returned_with_its_parts_decoded() {
    let transaction = transaction().transaction_id("2000000000000002");
    let jws = notification("DID_RENEW", &transaction).sign(&AUTHORITY);
    let notification = verifier().verify_notification(jws).unwrap();
    let nested = notification.transaction().unwrap();
    assert_eq!(nested.transaction_id.as_ref().unwrap(), &"2000000000000002");
    let renewal_info = notification.renewal_info().unwrap();
    assert_eq!(
        renewal_info.original_transaction_id,
        nested.original_transaction_id
    );
    assert!(notification.app_transaction().is_none());
}

#[test]
fn every_forgery_of_a_nested_part_is_refused_and_the_part_is_named() {
    let transaction = transaction();
    let renewal_info = RenewalInfoBuilder::of(&transaction);
    for forgery in Forgery::all() {
        let forged = AUTHORITY.forge(*forgery, &transaction.build());
        let jws = notification("DID_RENEW", &transaction)
            .signed_transaction_info(forged)
            .sign(&AUTHORITY);
        assert_eq!(
            nested_failure(jws).0,
            "signedTransactionInfo",
            "{forgery:?}"
        );

        let forged = AUTHORITY.forge(*forgery, &renewal_info.build());
        let jws = notification("DID_RENEW", &transaction)
            .signed_renewal_info(forged)
            .sign(&AUTHORITY);
        assert_eq!(nested_failure(jws).0, "signedRenewalInfo", "{forgery:?}");
    }
}

#[test]
fn a_nested_part_signed_by_another_authority_is_refused() {
    let impostor = SigningAuthority::new();
    let transaction = transaction();
    let jws = notification("DID_RENEW", &transaction)
        .signed_transaction_info(transaction.sign(&impostor))
        .sign(&AUTHORITY);
    assert_eq!(
        nested_failure(jws),
        (
            "signedTransactionInfo",
            VerificationFailure::CertificateSignature
        )
    );
}

#[test]
fn a_nested_transaction_of_another_app_is_refused() {
    let other = transaction().bundle_id("com.attacker.app");
    let jws = notification("DID_RENEW", &other).sign(&AUTHORITY);
    assert_eq!(nested_failure(jws).1.check(), "bundle_id");
}

#[test]
fn a_nested_part_of_the_wrong_kind_is_refused() {
    let transaction = transaction();
    let renewal_info = RenewalInfoBuilder::of(&transaction).sign(&AUTHORITY);
    let jws = notification("DID_RENEW", &transaction)
        .signed_transaction_info(renewal_info)
        .sign(&AUTHORITY);
    assert_eq!(nested_failure(jws).1.check(), "wrong_kind");
    let jws = notification("DID_RENEW", &transaction)
        .signed_renewal_info(transaction.sign(&AUTHORITY))
        .sign(&AUTHORITY);
    assert_eq!(nested_failure(jws).1.check(), "wrong_kind");
}

#[test]
fn a_nested_part_of_another_accepted_environment_or_app_is_refused() {
    let verifier = builder()
        .app(iap_apple::App::new("com.example.other", 42))
        .environment(Environment::Production)
        .environment(Environment::Sandbox)
        .build()
        .unwrap();
    let sandbox = transaction().environment(Environment::Sandbox);
    let jws = notification("DID_RENEW", &sandbox)
        .environment(Environment::Production)
        .sign(&AUTHORITY);
    assert_eq!(
        verifier.verify_notification(jws).unwrap_err(),
        VerificationFailure::Inconsistent {
            member: "environment",
            first: Some("production".to_owned()),
            second: Some("sandbox".to_owned()),
        }
    );
    let other_app = transaction().bundle_id("com.example.other");
    let jws = notification("DID_RENEW", &other_app).sign(&AUTHORITY);
    assert_eq!(
        verifier.verify_notification(jws).unwrap_err(),
        VerificationFailure::Inconsistent {
            member: "bundleId",
            first: Some(BUNDLE_ID.to_owned()),
            second: Some("com.example.other".to_owned()),
        }
    );
}

#[test]
fn an_app_transaction_of_another_app_than_the_data_is_refused() {
    let verifier = builder()
        .app(iap_apple::App::new("com.example.other", 42))
        .environment(Environment::Production)
        .build()
        .unwrap();
    let other = AppTransactionBuilder::new("com.example.other", 42);
    let app_data = json!({
        "appAppleId": 42,
        "bundleId": "com.example.other",
        "environment": "Production",
        "signedAppTransactionInfo": other.sign(&AUTHORITY),
    });
    let jws = notification("DID_RENEW", &transaction())
        .set("appData", app_data)
        .sign(&AUTHORITY);
    assert_eq!(
        verifier.verify_notification(jws).unwrap_err().check(),
        "inconsistent"
    );
}

#[test]
fn a_renewal_info_of_another_subscription_is_refused() {
    let transaction = transaction().original_transaction_id("1");
    for (other, second) in [(json!("2"), Some("2".to_owned())), (json!(null), None)] {
        let renewal_info = RenewalInfoBuilder::of(&transaction).set("originalTransactionId", other);
        let jws = notification("DID_RENEW", &transaction)
            .renewal_info(renewal_info)
            .sign(&AUTHORITY);
        assert_eq!(
            verifier().verify_notification(jws).unwrap_err(),
            VerificationFailure::Inconsistent {
                member: "originalTransactionId",
                first: Some("1".to_owned()),
                second,
            }
        );
    }
}

#[test]
fn a_withdrawn_consent_carries_a_verified_app_transaction() {
    let jws = NotificationBuilder::new("RESCIND_CONSENT")
        .app_data(AppTransactionBuilder::new(BUNDLE_ID, apple_id()))
        .sign(&AUTHORITY);
    let notification = verifier().verify_notification(jws).unwrap();
    assert!(notification.app_transaction().is_some());
    let event = notification.to_event().unwrap();
    assert_eq!(event.kind, EventKind::ConsentRescinded);

    let forged = AUTHORITY.forge(
        Forgery::PayloadTampered,
        &AppTransactionBuilder::new(BUNDLE_ID, apple_id()).build(),
    );
    let jws = NotificationBuilder::new("RESCIND_CONSENT")
        .app_data(AppTransactionBuilder::new(BUNDLE_ID, apple_id()))
        .set_in_subject("signedAppTransactionInfo", forged)
        .sign(&AUTHORITY);
    assert_eq!(
        nested_failure(jws),
        ("signedAppTransactionInfo", VerificationFailure::Signature)
    );
}

#[test]
fn a_notification_about_nothing_belongs_to_no_app() {
    let jws = NotificationBuilder::new("TEST")
        .set("data", json!(null))
        .sign(&AUTHORITY);
    assert_eq!(
        verifier().verify_notification(jws).unwrap_err().check(),
        "bundle_id"
    );
}

#[test]
fn the_first_of_several_subjects_says_whom_a_notification_is_for() {
    let subject = |bundle_id: &str| {
        json!({
            "appAppleId": apple_id(),
            "bundleId": bundle_id,
            "environment": "Production",
            "externalPurchaseId": "b2158121-7af9-49d4-9561-1f588205523e",
        })
    };
    let subjects = ["data", "summary", "externalPurchaseToken", "appData"];
    for first in 0..subjects.len() {
        for (ours, is_accepted) in [(first, true), (first + 1, false)] {
            let mut builder = NotificationBuilder::new("TEST").without("data");
            for (index, member) in subjects.iter().enumerate().skip(first) {
                let bundle_id = if index == ours {
                    BUNDLE_ID
                } else {
                    "com.attacker.app"
                };
                builder = builder.set(member, subject(bundle_id));
            }
            let verdict = verifier().verify_notification(builder.sign(&AUTHORITY));
            match verdict {
                Ok(_) => assert!(is_accepted, "{} is first", subjects[first]),
                Err(failure) => {
                    assert_eq!(failure.check(), "bundle_id");
                    assert!(!is_accepted, "{} is first", subjects[first]);
                }
            }
        }
    }
}

#[test]
fn a_test_notification_and_a_summary_carry_no_purchase() {
    let jws = NotificationBuilder::new("TEST")
        .app(BUNDLE_ID, apple_id())
        .sign(&AUTHORITY);
    let event = verifier()
        .verify_notification(jws)
        .unwrap()
        .to_event()
        .unwrap();
    assert_eq!(event.kind, EventKind::Test);
    assert_eq!((event.key, event.purchase), (None, None));

    let summary = json!({
        "environment": "Production",
        "appAppleId": apple_id(),
        "bundleId": BUNDLE_ID,
        "productId": PRODUCT_ID,
        "requestIdentifier": "efb27071-45a4-4aca-9854-2a1e9146f265",
        "storefrontCountryCodes": ["CAN", "USA"],
        "succeededCount": 5,
        "failedCount": 2,
    });
    let jws = NotificationBuilder::new("RENEWAL_EXTENSION")
        .subtype("SUMMARY")
        .summary(summary)
        .sign(&AUTHORITY);
    let notification = verifier().verify_notification(jws).unwrap();
    assert_eq!(notification.summary.as_ref().unwrap().failed_count, Some(2));
    assert_eq!(
        notification.to_event().unwrap().kind,
        EventKind::RenewalExtensionFinished
    );
}

#[test]
fn an_event_tells_what_happened_to_which_purchase() {
    let transaction = transaction().original_transaction_id("2000000000000001");
    let jws = notification("DID_RENEW", &transaction)
        .subtype("BILLING_RECOVERY")
        .notification_uuid("3838df56-31ab-4e2e-9535-e6e9377c4c77")
        .status(1)
        .sign(&AUTHORITY);
    let event = verifier()
        .verify_notification(jws)
        .unwrap()
        .to_event()
        .unwrap();
    assert_eq!(event.id, "3838df56-31ab-4e2e-9535-e6e9377c4c77");
    assert_eq!(event.store, Store::AppStore);
    assert_eq!(event.environment, Environment::Production);
    assert_eq!(event.app_id.unwrap(), BUNDLE_ID);
    assert_eq!(event.kind, EventKind::Recovered);
    assert_eq!(event.store_type, "DID_RENEW");
    assert_eq!(event.store_subtype.as_deref(), Some("BILLING_RECOVERY"));
    assert_eq!(event.key, Some(PurchaseKey::apple("2000000000000001")));
    assert_eq!(event.subscription_state, Some(SubscriptionState::Active));
    let purchase = event.purchase.unwrap();
    assert_eq!(purchase.product_id, PRODUCT_ID);
    assert_eq!(purchase.ownership, Ownership::Purchased);
}

#[test]
fn an_unknown_type_keeps_its_names_and_its_purchase() {
    let jws = notification("BRAND_NEW", &transaction())
        .subtype("NEVER_SEEN")
        .sign(&AUTHORITY);
    let event = verifier()
        .verify_notification(jws)
        .unwrap()
        .to_event()
        .unwrap();
    assert_eq!(event.kind, EventKind::Unknown);
    assert_eq!(event.store_type, "BRAND_NEW");
    assert_eq!(event.store_subtype.as_deref(), Some("NEVER_SEEN"));
    assert!(event.purchase.is_some());
}

/// Apple refunds a single period. The subscription may have renewed since, and be active.
#[test]
fn a_refund_of_an_earlier_period_leaves_the_subscription_state_active() {
    let signed_at: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let refunded = transaction()
        .signed_at(signed_at)
        .purchase_date("2026-09-01T00:00:00Z".parse().unwrap())
        .expires_date("2026-10-01T00:00:00Z".parse().unwrap())
        .revoked("2026-11-21T11:59:00Z".parse().unwrap(), 0)
        .set("revocationType", "REFUND_PRORATED")
        .set("revocationPercentage", 50_000);
    let jws = notification("REFUND", &refunded).status(1).sign(&AUTHORITY);
    let verifier = builder()
        .environment(Environment::Production)
        .clock(iap_core::FixedClock::new(signed_at))
        .build()
        .unwrap();
    let event = verifier
        .verify_notification(jws)
        .unwrap()
        .to_event()
        .unwrap();
    assert_eq!(event.kind, EventKind::Refunded);
    assert_eq!(event.refund, Some(RefundScope::Prorated(Some(50_000))));
    assert_eq!(event.subscription_state, Some(SubscriptionState::Active));
    let purchase = event.purchase.unwrap();
    let revocation = purchase.revocation.unwrap();
    assert_eq!(revocation.reason, RevocationReason::Refunded);
    assert_eq!(
        purchase.subscription.unwrap().state,
        SubscriptionState::Expired
    );
}

#[test]
fn a_notification_without_uuid_is_genuine_but_no_event() {
    let jws = notification("DID_RENEW", &transaction())
        .without("notificationUUID")
        .sign(&AUTHORITY);
    let failure = verifier()
        .verify_notification(jws)
        .unwrap()
        .to_event()
        .unwrap_err();
    assert_eq!(
        failure,
        VerificationFailure::MissingMember {
            member: "notificationUUID"
        }
    );
}
