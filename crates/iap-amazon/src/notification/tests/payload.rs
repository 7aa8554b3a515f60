//! What a notification says, and what it means in the words that all stores share.

use iap_core::{
    EndpointAnswer, Environment, EventKind, PurchaseKey, RefundScope, Rejection, Store,
};
use iap_testkit::{AmazonNotificationBuilder, SnsMessageBuilder};
use serde_json::{Value, json};

use super::{APP, SIGNER, TOPIC, at, notification, of_now, verifier, with_certificate};
use crate::{
    Notification, NotificationFailure, NotificationType, RelatedReceipts, VerifiedMessage,
    VerifiedNotification,
};

fn verify(message: &str) -> Result<VerifiedNotification, NotificationFailure> {
    let body = of_now(SnsMessageBuilder::notification(TOPIC, message)).sign(&SIGNER);
    match verifier().verify(body)? {
        VerifiedMessage::Notification(notification) => Ok(notification),
        other => panic!("{other:?}"),
    }
}

fn verified(notification: &AmazonNotificationBuilder) -> VerifiedNotification {
    verify(&notification.build().to_string()).unwrap()
}

/// Amazon's types, and what each means.
const TYPES: [(&str, EventKind); 16] = [
    ("SUBSCRIPTION_PURCHASED", EventKind::Subscribed),
    (
        "SUBSCRIPTION_CONVERTED_FREE_TRIAL_TO_PAID",
        EventKind::TrialConverted,
    ),
    ("SUBSCRIPTION_RENEWED", EventKind::Renewed),
    (
        "SUBSCRIPTION_AUTO_RENEWAL_OFF",
        EventKind::AutoRenewDisabled,
    ),
    ("SUBSCRIPTION_AUTO_RENEWAL_ON", EventKind::AutoRenewEnabled),
    (
        "SUBSCRIPTION_SCHEDULED_TO_END",
        EventKind::CancellationScheduled,
    ),
    ("SUBSCRIPTION_IN_GRACE_PERIOD", EventKind::InGracePeriod),
    ("SUBSCRIPTION_OUT_OF_GRACE_PERIOD", EventKind::Recovered),
    (
        "SUBSCRIPTION_MODIFIED_DEFERRED",
        EventKind::ProductChangeScheduled,
    ),
    ("SUBSCRIPTION_MODIFIED_IMMEDIATE", EventKind::ProductChanged),
    ("SUBSCRIPTION_CANCELLED", EventKind::Canceled),
    ("SUBSCRIPTION_EXPIRED", EventKind::Expired),
    ("CONSUMABLE_PURCHASED", EventKind::OneTimePurchased),
    ("CONSUMABLE_CANCELLED", EventKind::OneTimeCanceled),
    ("ENTITLEMENT_PURCHASED", EventKind::OneTimePurchased),
    ("ENTITLEMENT_CANCELLED", EventKind::OneTimeCanceled),
];

#[test]
fn every_type_is_known_and_has_its_kind_of_event() {
    assert_eq!(NotificationType::known().len(), TYPES.len());
    for (name, kind) in TYPES {
        let notification = verified(&notification(name));
        assert!(NotificationType::known().contains(&notification.notification_type));
        let event = notification.to_event();
        assert_eq!((event.kind, event.store_type.as_str()), (kind, name));
        let canceled = (kind == EventKind::OneTimeCanceled).then_some(RefundScope::Unspecified);
        assert_eq!(event.refund, canceled, "{name}");
    }
}

#[test]
fn a_type_of_tomorrow_is_an_unknown_event_that_is_accepted() {
    let notification = verified(&notification("SUBSCRIPTION_GIFTED"));
    let event = notification.to_event();
    assert_eq!(event.kind, EventKind::Unknown);
    assert_eq!(event.store_type, "SUBSCRIPTION_GIFTED");
    assert!(event.key.is_some());
}

#[test]
fn an_event_says_all_that_a_notification_does() {
    let body = notification("SUBSCRIPTION_MODIFIED_IMMEDIATE")
        .receipt_id("new=:3:11")
        .cancelled_receipt_id("old=:3:11")
        .app_user_id("a user")
        .timestamp(at("2026-06-01T11:59:59.123Z"))
        .message(TOPIC);
    let body = of_now(body.message_id("an id")).sign(&SIGNER);
    let VerifiedMessage::Notification(notification) = verifier().verify(body).unwrap() else {
        panic!("a notification");
    };
    let event = notification.to_event();
    assert_eq!(event.id, "an id");
    assert_eq!(event.store, Store::AmazonAppstore);
    assert_eq!(event.environment, Environment::Production);
    assert_eq!(event.app_id.unwrap(), APP);
    assert_eq!(event.occurred_at, at("2026-06-01T11:59:59.123Z"));
    assert_eq!(event.key, Some(PurchaseKey::amazon("new=:3:11")));
    assert_eq!(event.replaces, Some(PurchaseKey::amazon("old=:3:11")));
    assert_eq!(event.user_id.unwrap(), "a user");
    assert_eq!(event.purchase, None);
    assert_eq!(notification.envelope().signed_at(), super::now());
}

#[test]
fn a_notification_about_another_app_is_refused() {
    for other in [
        "com.example.app2",
        "com.example",
        "COM.EXAMPLE.APP",
        "com.example.app ",
    ] {
        let other = AmazonNotificationBuilder::new("CONSUMABLE_PURCHASED", other);
        let failure = verify(&other.build().to_string()).unwrap_err();
        let found = other.build()["appPackageName"].as_str().unwrap().to_owned();
        assert_eq!(
            failure,
            NotificationFailure::App {
                expected: vec![APP.to_owned()],
                found,
            }
        );
        let error = iap_core::Error::from(failure);
        assert_eq!(error.rejection(), Some(Rejection::WrongApp));
    }
    let verifier = with_certificate().app("com.example.app2").build().unwrap();
    for app in [APP, "com.example.app2"] {
        let message = AmazonNotificationBuilder::new("CONSUMABLE_PURCHASED", app).message(TOPIC);
        assert!(verifier.verify(of_now(message).sign(&SIGNER)).is_ok());
    }
}

#[test]
fn related_receipts_may_be_written_in_every_way_that_amazon_has_described() {
    for nothing in [
        json!({}),
        json!([]),
        Value::Null,
        json!({ "cancelledReceiptId": null }),
    ] {
        let notification = notification("SUBSCRIPTION_RENEWED").set("relatedReceipts", nothing);
        let receipts = &verified(&notification).related_receipts;
        assert_eq!(*receipts, RelatedReceipts::default());
    }
    let absent = notification("SUBSCRIPTION_RENEWED").without("relatedReceipts");
    assert_eq!(
        verified(&absent).related_receipts,
        RelatedReceipts::default()
    );

    let more = json!({ "cancelledReceiptId": "old", "baseReceiptId": "base", "list": ["x"] });
    let more = notification("SUBSCRIPTION_RENEWED").set("relatedReceipts", more);
    let receipts = verified(&more).related_receipts.clone();
    assert_eq!(receipts.cancelled_receipt_id.unwrap(), "old");
    assert_eq!(receipts.other["baseReceiptId"], "base");
    assert_eq!(receipts.other["list"], json!(["x"]));

    for wrong in [
        json!("old"),
        json!(["old"]),
        json!(1),
        json!({ "cancelledReceiptId": 1 }),
    ] {
        let notification = notification("SUBSCRIPTION_RENEWED").set("relatedReceipts", wrong);
        let failure = verify(&notification.build().to_string()).unwrap_err();
        let NotificationFailure::Message { path, .. } = failure else {
            panic!("{failure}");
        };
        assert!(path.starts_with("relatedReceipts"), "{path}");
    }
}

#[test]
fn times_need_more_than_32_bits_and_may_be_texts_of_digits() {
    for (time, millis) in [
        (json!(1_752_584_166_563_i64), 1_752_584_166_563),
        (json!("1752584166563"), 1_752_584_166_563),
        (json!(0), 0),
        (json!(i64::MAX), i64::MAX),
        (json!(-1), -1),
    ] {
        let notification = notification("SUBSCRIPTION_RENEWED").set("timestamp", time);
        assert_eq!(verified(&notification).timestamp.as_millis(), millis);
    }
    for wrong in [
        json!(null),
        json!(u64::MAX),
        json!(1.5),
        json!("today"),
        json!([]),
    ] {
        let notification = notification("SUBSCRIPTION_RENEWED").set("timestamp", wrong);
        let failure = verify(&notification.build().to_string()).unwrap_err();
        assert!(
            matches!(&failure, NotificationFailure::Message { path, .. } if path == "timestamp"),
            "{failure}"
        );
    }
}

#[test]
fn live_app_testing_is_told_and_may_be_absent() {
    let builder = notification("CONSUMABLE_PURCHASED");
    for (value, expected) in [
        (json!(true), Some(true)),
        (json!(false), Some(false)),
        (Value::Null, None),
    ] {
        let notification = builder.clone().set("betaProductTransaction", value);
        assert_eq!(verified(&notification).beta_product_transaction, expected);
    }
    let absent = builder.without("betaProductTransaction");
    assert_eq!(verified(&absent).beta_product_transaction, None);
}

#[test]
fn a_genuine_message_that_is_no_notification_is_refused_with_the_place_that_is_wrong() {
    let honest = notification("SUBSCRIPTION_RENEWED").build();
    for member in [
        "notificationType",
        "receiptId",
        "appUserId",
        "appPackageName",
    ] {
        for wrong in [Value::Null, json!(1), json!({}), json!("")] {
            if member == "notificationType" && wrong == "" {
                continue; // an unknown type
            }
            let mut message = honest.clone();
            message[member] = wrong.clone();
            let failure = verify(&message.to_string()).unwrap_err();
            assert!(
                matches!(&failure, NotificationFailure::Message { path, .. } if path == member),
                "{member} {wrong}: {failure}"
            );
            assert_eq!(failure.endpoint_answer(), EndpointAnswer::Reject);
        }
        let mut message = honest.clone();
        message.as_object_mut().unwrap().remove(member);
        let NotificationFailure::Message { reason, .. } = verify(&message.to_string()).unwrap_err()
        else {
            panic!("{member}");
        };
        assert!(reason.contains(member), "{reason}");
    }
    let text = honest.to_string();
    for message in [
        "Hello world".to_owned(),
        "[]".to_owned(),
        format!("{text}{text}"),
        format!("{},}}", text.strip_suffix('}').unwrap()),
        format!(
            "{{\"receiptId\":\"other\",{}",
            text.strip_prefix('{').unwrap()
        ),
        format!("{{\"a\":{}", "[".repeat(100_000)),
    ] {
        assert_eq!(
            verify(&message).unwrap_err().check(),
            "message",
            "{message:.60}"
        );
        // The envelope around it is genuine all the same.
        let body = of_now(SnsMessageBuilder::notification(TOPIC, &message)).sign(&SIGNER);
        let envelope = verifier().verify_envelope(body).unwrap();
        assert_eq!(envelope.message(), message);
    }
}

#[test]
fn what_is_new_is_ignored_and_stays_in_the_json() {
    let notification = notification("SUBSCRIPTION_RENEWED").set("tomorrow", json!({ "a": [1] }));
    let json = verified(&notification).json().to_owned();
    assert_eq!(
        serde_json::from_str::<Value>(&json).unwrap()["tomorrow"]["a"][0],
        1
    );
}

#[test]
fn a_notification_is_written_as_it_was_read() {
    let plain = notification("SUBSCRIPTION_RENEWED").beta_product_transaction(true);
    let changed = notification("SUBSCRIPTION_MODIFIED_IMMEDIATE").cancelled_receipt_id("old");
    for builder in [plain, changed] {
        let notification: Notification = verified(&builder).notification().clone();
        assert_eq!(
            serde_json::to_value(&notification).unwrap(),
            builder.build()
        );
    }
}
