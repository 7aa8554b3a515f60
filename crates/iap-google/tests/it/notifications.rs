//! What is read out of a push that has been authenticated, and what of it is refused.

use iap_core::{
    EndpointAnswer, Environment, ErrorKind, EventKind, PurchaseKey, RefundScope, Rejection, Store,
};
use iap_google::{
    GoogleKeys, NotificationFailure as Failure, NotificationKind, NotificationReader,
    OneTimeProductNotificationType, PulledMessage, SubscriptionNotificationType,
    VerifiedNotification,
};
use iap_testkit::GoogleNotificationBuilder as Notification;
use serde_json::{Value, json};

use crate::push::{APP, OTHER, SIGNER, body, builder, now, renewal, token, verifier, verify_body};

fn check(body: impl AsRef<[u8]>) -> &'static str {
    verify_body(body).expect_err("refused").check()
}

fn push(notification: &Notification) -> VerifiedNotification {
    verify_body(notification.push("1")).unwrap()
}

#[test]
fn a_wrapped_push_tells_about_its_message() {
    let notification = verify_body(body()).unwrap();
    let message = notification.message();
    assert_eq!(message.message_id.as_ref().unwrap(), "1838996669366530");
    assert_eq!(
        message.subscription.as_deref(),
        Some(Notification::SUBSCRIPTION)
    );
    assert!(message.published_at.is_some());
    assert_eq!(notification.event_time(), now());
    assert_eq!(notification.json(), renewal().json().as_bytes());
    assert_eq!(notification.version.as_deref(), Some("1.0"));
}

#[test]
fn each_spelling_of_the_id_is_read_alone_and_two_that_differ_are_refused() {
    let with = |change: fn(&mut Value)| {
        let mut body: Value = serde_json::from_str(&body()).unwrap();
        change(&mut body["message"]);
        body.to_string()
    };
    let remove = |name: &'static str| {
        let mut body: Value = serde_json::from_str(&body()).unwrap();
        body["message"].as_object_mut().unwrap().remove(name);
        body.to_string()
    };
    for name in ["messageId", "message_id", "publishTime", "publish_time"] {
        let event = verify_body(remove(name)).unwrap().to_event();
        assert_eq!(event.id, "1838996669366530", "{name}");
    }
    assert_eq!(
        check(with(|message| message["message_id"] = json!("2"))),
        "body"
    );
    assert_eq!(
        check(with(
            |message| message["publish_time"] = json!("2001-01-01T00:00:00Z")
        )),
        "body"
    );
    let neither = with(|message| {
        message["messageId"] = json!(null);
        message["message_id"] = json!("");
    });
    assert_eq!(
        verify_body(neither).unwrap_err(),
        Failure::Missing {
            member: "messageId"
        }
    );
    let more = with(|message| {
        message["attributes"] = json!({ "a": "b" });
        message["orderingKey"] = json!("k");
        message["ofTomorrow"] = json!([1]);
    });
    let notification = verify_body(more).unwrap();
    assert_eq!(notification.message().attributes["a"], "b");
    assert_eq!(notification.message().ordering_key.as_deref(), Some("k"));
}

#[test]
fn an_unwrapped_push_tells_about_its_message_in_headers_if_at_all() {
    let authorization = token().authorization();
    let metadata = [
        ("authorization", authorization.as_str()),
        ("X-Goog-Pubsub-Message-Id", "1838996669366530"),
        ("x-goog-pubsub-publish-time", "2026-11-21T11:59:59.5Z"),
        (
            "x-goog-pubsub-subscription-name",
            Notification::SUBSCRIPTION,
        ),
    ];
    let notification = verifier().verify(metadata, renewal().json()).unwrap();
    assert_eq!(notification.to_event().id, "1838996669366530");
    assert_eq!(
        notification.message().subscription.as_deref(),
        Some(Notification::SUBSCRIPTION)
    );

    // Without metadata, the content stands for the message.
    let bare = verify_body(renewal().json()).unwrap();
    assert_eq!(bare.message().message_id, None);
    assert_eq!(bare.to_event().id, bare.content_id());
    assert_eq!(bare.content_id(), notification.content_id());

    let twice = metadata
        .into_iter()
        .chain([("x-goog-pubsub-message-id", "2")]);
    let failure = verifier().verify(twice, renewal().json()).unwrap_err();
    let name = "x-goog-pubsub-message-id";
    assert_eq!(failure, Failure::RepeatedHeader { name });
    let wrong_time = [metadata[0], ("x-goog-pubsub-publish-time", "yesterday")];
    let failure = verifier().verify(wrong_time, renewal().json()).unwrap_err();
    assert_eq!(failure.check(), "body");
}

#[test]
fn data_that_looks_like_a_wrapper_does_not_pass_for_another_message() {
    let authorization = token().authorization();
    let id = ("x-goog-pubsub-message-id", "1");
    let name = "x-goog-pubsub-subscription-name";
    let subscription = (name, Notification::SUBSCRIPTION);
    let verify = |metadata: &[(&'static str, &str)], body: String| {
        let headers = [("authorization", authorization.as_str())];
        let headers = headers.into_iter().chain(metadata.iter().copied());
        verifier().verify(headers, body)
    };
    let failure = |metadata: &[(&'static str, &str)], body| verify(metadata, body).unwrap_err();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        failure(&[id, subscription], renewal().push("2")),
        Failure::Metadata {
            member: "messageId",
            header: text("1"),
            body: text("2"),
        }
    );
    assert_eq!(
        failure(
            &[id, (name, "projects/p/subscriptions/s")],
            renewal().push("1")
        ),
        Failure::Metadata {
            member: "subscription",
            header: text("projects/p/subscriptions/s"),
            body: text(Notification::SUBSCRIPTION),
        }
    );
    // Any of the headers means that there is no wrapper, also an empty one.
    for header in [
        subscription,
        ("X-Goog-Pubsub-Message-Id", ""),
        ("x-goog-pubsub-publish-time", "2026-11-21T11:59:59.5Z"),
        ("x-goog-pubsub-ordering-key", "k"),
    ] {
        let failure = failure(&[header], renewal().push("1"));
        assert_eq!(failure.check(), "metadata", "{header:?}");
        let inconsistent = ErrorKind::Rejected(Rejection::Inconsistent);
        assert_eq!(failure.kind(), inconsistent);
    }
    // Where they tell the same there is nothing to pass for.
    let same = verify(&[id, subscription], renewal().push("1")).unwrap();
    assert_eq!(same.to_event().id, "1");
}

#[test]
fn a_message_through_another_subscription_is_refused() {
    let verifier = builder()
        .subscription("projects/p/subscriptions/s")
        .keys(GoogleKeys::from_json(SIGNER.jwks()).unwrap())
        .build()
        .unwrap();
    let verify = |body: String| verifier.verify([("authorization", token().authorization())], body);
    assert_eq!(
        verify(body()).unwrap_err(),
        Failure::Subscription {
            expected: vec!["projects/p/subscriptions/s".to_owned()],
            found: Some(Notification::SUBSCRIPTION.to_owned()),
        }
    );
    let unwrapped = verify(renewal().json()).unwrap_err();
    assert!(matches!(
        unwrapped,
        Failure::Subscription { found: None, .. }
    ));
    // Should the name be wrong here, Pub/Sub still has the message.
    assert_eq!(unwrapped.endpoint_answer(), EndpointAnswer::Reject);
}

#[test]
fn a_notification_about_another_app_is_refused() {
    for app in [
        "com.example.app2",
        "com.example.App",
        "com.example.app ",
        "",
    ] {
        let other = Notification::subscription(app, 2, "t").push("1");
        assert_eq!(
            verify_body(other).unwrap_err(),
            Failure::App {
                expected: vec![APP.to_owned()],
                found: Some(app.to_owned()),
            }
        );
    }
    let none = renewal().without_member("packageName").push("1");
    assert!(matches!(
        verify_body(none),
        Err(Failure::App { found: None, .. })
    ));
}

#[test]
fn each_way_in_which_a_body_cannot_be_read_has_its_own_name() {
    for body in [
        "",
        "<html></html>",
        "[]",
        "null",
        "{\"message\":1}",
        "{\"message\":{}",
        "{}x",
    ] {
        assert_eq!(check(body), "body", "{body}");
    }
    assert_eq!(check(&body()[..100]), "body");
    assert_eq!(check(r#"{"message":{"messageId":"1"}}"#), "no_data");
    assert_eq!(
        check(r#"{"message":{"messageId":"1","data":""}}"#),
        "no_data"
    );
    for data in ["!", "e30", "e3 0=", "e30=\\n", "-_-_", "fQ=="] {
        let found = check(format!(
            r#"{{"message":{{"messageId":"1","data":"{data}"}}}}"#
        ));
        let expected = if data == "fQ==" {
            "notification"
        } else {
            "data_encoding"
        };
        assert_eq!(found, expected, "{data}");
    }
    for data in ["Hello", "[]", "{", "\u{0}", "{ \"version\": string }"] {
        assert_eq!(
            check(Notification::push_data("1", data)),
            "notification",
            "{data}"
        );
    }
    assert_eq!(
        check(Notification::push_data("1", [0xFF, 0xFE])),
        "notification"
    );
    assert_eq!(check("x".repeat(65_537)), "too_long");
    assert_eq!(
        check(Notification::push_data("1", " ".repeat(60_000))),
        "too_long"
    );
    // Nothing but a notification of Google Play: the app is missing.
    assert_eq!(check("{}"), "app");
}

/// Requests of Pub/Sub whose content can never be handled: a header beside the token, and a body.
fn unusable() -> Vec<(Option<(&'static str, &'static str)>, String)> {
    let bodies = [
        String::new(),
        "<html>".to_owned(),
        "{}".to_owned(),
        r#"{"message":{}}"#.to_owned(),
        r#"{"message":{"messageId":"1"}}"#.to_owned(),
        r#"{"message":{"messageId":"1","data":"!"}}"#.to_owned(),
        r#"{"message":{"data":"e30="}}"#.to_owned(),
        Notification::push_data("1", "Hello"),
        Notification::subscription("com.example.other", 2, "t").push("1"),
        renewal().without_member("packageName").push("1"),
        renewal().without_member("eventTimeMillis").push("1"),
        renewal().member("testNotification", json!({})).push("1"),
        Notification::new(APP, "subscriptionNotification", json!({})).push("1"),
    ];
    let mut requests: Vec<_> = bodies.into_iter().map(|body| (None, body)).collect();
    let other = Some(("x-goog-pubsub-message-id", "2"));
    requests.push((other, renewal().push("1")));
    let no_time = Some(("x-goog-pubsub-publish-time", "yesterday"));
    requests.push((no_time, renewal().json()));
    requests
}

#[test]
fn what_pubsub_brought_and_nobody_can_handle_is_accepted_lest_it_come_for_days() {
    for (header, body) in unusable() {
        let authorization = token().authorization();
        let headers = [("authorization", authorization.as_str())];
        let failure = verifier()
            .verify(headers.into_iter().chain(header), &body)
            .unwrap_err();
        assert_eq!(failure.endpoint_answer(), EndpointAnswer::Accept, "{body}");
        // It is a rejection all the same, and says so to whoever asks.
        assert!(
            matches!(failure.kind(), ErrorKind::Rejected(_)),
            "{failure}"
        );
        let error = iap_core::Error::from(failure);
        assert_eq!(error.endpoint_answer(), EndpointAnswer::Accept);
        assert!(error.rejection().is_some());
    }
}

#[test]
fn nothing_is_accepted_from_anybody_but_pubsub_whatever_its_content() {
    let of_another = "push@evil.iam.gserviceaccount.com";
    let seconds = now().as_millis() / 1000;
    let strangers = [
        String::new(),
        "Basic YTpi".to_owned(),
        "Bearer a.b".to_owned(),
        "Bearer a.b.c".to_owned(),
        token().signed_by(&OTHER).authorization(),
        token().header("alg", "none").authorization(),
        token().header("kid", OTHER.key_id()).authorization(),
        token().header("kid", json!(null)).authorization(),
        token().header("crit", json!([])).authorization(),
        token().claim("aud", "other").authorization(),
        token().claim("email", of_another).authorization(),
        token().claim("email_verified", false).authorization(),
        token().claim("iss", "other").authorization(),
        token().claim("iat", seconds + 3_000).authorization(),
        token().claim("nbf", seconds + 3_000).authorization(),
        token().claim("exp", seconds - 3_000).authorization(),
        token().without_claim("exp").authorization(),
        token().without_claim("iat").authorization(),
        token().payload("{").authorization(),
    ];
    let good = [(None, body()), (None, renewal().json())];
    for (header, body) in unusable().into_iter().chain(good) {
        for authorization in &strangers {
            let headers = [("authorization", authorization.as_str())];
            let failure = verifier()
                .verify(headers.into_iter().chain(header), &body)
                .unwrap_err();
            let answer = failure.endpoint_answer();
            assert_ne!(answer, EndpointAnswer::Accept, "{failure}: {body}");
            assert_eq!(iap_core::Error::from(failure).endpoint_answer(), answer);
        }
        let failure = verifier().verify(header, &body).unwrap_err();
        assert_eq!(failure.endpoint_answer(), EndpointAnswer::Reject, "{body}");
        let without_keys = builder().build().unwrap();
        let headers = [("authorization", token().authorization())];
        let failure = without_keys.verify(headers, &body).unwrap_err();
        assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
    }
}

#[test]
fn a_member_that_is_there_twice_is_refused_in_the_wrapper_and_in_the_notification() {
    let data = r#"{"packageName":"com.example.app","packageName":"com.example.app"}"#;
    assert_eq!(check(Notification::push_data("1", data)), "notification");
    let nested = r#"{"packageName":"com.example.app","eventTimeMillis":"1",
        "subscriptionNotification":{"purchaseToken":"a","purchaseToken":"b"}}"#;
    assert_eq!(check(Notification::push_data("1", nested)), "notification");
    assert_eq!(check(nested), "body");
    let body = body().replacen("{\"message\":", "{\"message\":null,\"message\":", 1);
    assert_eq!(check(body), "body");
}

#[test]
fn a_notification_without_what_every_one_has_is_refused() {
    let time = renewal().without_member("eventTimeMillis").push("1");
    assert_eq!(
        verify_body(time).unwrap_err(),
        Failure::Missing {
            member: "eventTimeMillis"
        }
    );
    for member in [
        "subscriptionNotification",
        "oneTimeProductNotification",
        "voidedPurchaseNotification",
    ] {
        for token in [
            json!({}),
            json!({ "purchaseToken": "" }),
            json!({ "purchaseToken": null }),
        ] {
            let body = Notification::new(APP, member, token).push("1");
            assert_eq!(
                verify_body(body).unwrap_err(),
                Failure::Missing {
                    member: "purchaseToken"
                }
            );
        }
    }
    let two = renewal().member("testNotification", json!({})).push("1");
    assert_eq!(
        verify_body(two).unwrap_err(),
        Failure::SeveralKinds {
            first: "subscriptionNotification",
            second: "testNotification",
        }
    );
}

#[test]
fn a_time_is_read_as_text_and_as_number() {
    let millis = now().as_millis();
    for value in [json!(millis.to_string()), json!(millis)] {
        assert_eq!(
            push(&renewal().member("eventTimeMillis", value)).event_time(),
            now()
        );
    }
    for value in [json!("soon"), json!(1.5), json!(true)] {
        let body = renewal().member("eventTimeMillis", value).push("1");
        assert_eq!(check(body), "notification");
    }
}

#[test]
fn every_type_of_subscription_notification_is_an_event_of_its_own_kind() {
    let expected = [
        (1, EventKind::Recovered, "SUBSCRIPTION_RECOVERED"),
        (2, EventKind::Renewed, "SUBSCRIPTION_RENEWED"),
        (3, EventKind::Canceled, "SUBSCRIPTION_CANCELED"),
        (4, EventKind::Subscribed, "SUBSCRIPTION_PURCHASED"),
        (5, EventKind::OnHold, "SUBSCRIPTION_ON_HOLD"),
        (6, EventKind::InGracePeriod, "SUBSCRIPTION_IN_GRACE_PERIOD"),
        (7, EventKind::AutoRenewEnabled, "SUBSCRIPTION_RESTARTED"),
        (
            8,
            EventKind::PriceChanged,
            "SUBSCRIPTION_PRICE_CHANGE_CONFIRMED",
        ),
        (9, EventKind::RenewalExtended, "SUBSCRIPTION_DEFERRED"),
        (10, EventKind::Paused, "SUBSCRIPTION_PAUSED"),
        (
            11,
            EventKind::PauseScheduleChanged,
            "SUBSCRIPTION_PAUSE_SCHEDULE_CHANGED",
        ),
        (12, EventKind::Revoked, "SUBSCRIPTION_REVOKED"),
        (13, EventKind::Expired, "SUBSCRIPTION_EXPIRED"),
        (14, EventKind::Unknown, "subscriptionNotification 14"),
        (15, EventKind::Unknown, "subscriptionNotification 15"),
        (16, EventKind::Unknown, "subscriptionNotification 16"),
        (17, EventKind::ItemsChanged, "SUBSCRIPTION_ITEMS_CHANGED"),
        (
            18,
            EventKind::CancellationScheduled,
            "SUBSCRIPTION_CANCELLATION_SCHEDULED",
        ),
        (
            19,
            EventKind::PriceChanged,
            "SUBSCRIPTION_PRICE_CHANGE_UPDATED",
        ),
        (
            20,
            EventKind::PendingPurchaseCanceled,
            "SUBSCRIPTION_PENDING_PURCHASE_CANCELED",
        ),
        (21, EventKind::Unknown, "subscriptionNotification 21"),
        (
            22,
            EventKind::PriceChanged,
            "SUBSCRIPTION_PRICE_STEP_UP_CONSENT_UPDATED",
        ),
        (23, EventKind::Unknown, "subscriptionNotification 23"),
        (-1, EventKind::Unknown, "subscriptionNotification -1"),
    ];
    for (number, kind, name) in expected {
        let event = push(&Notification::subscription(APP, number, "t")).to_event();
        assert_eq!((event.kind, event.store_type.as_str()), (kind, name));
        assert_eq!(event.key, Some(PurchaseKey::google("t")));
        assert_eq!(event.transaction_id, None, "it names no order");
        assert_eq!(
            (event.store, event.environment),
            (Store::GooglePlay, Environment::Production)
        );
        assert_eq!(event.app_id.unwrap(), APP);
        assert_eq!(event.id, "1");
    }
    let named = SubscriptionNotificationType::known().len();
    let tested = expected
        .iter()
        .filter(|(_, kind, _)| *kind != EventKind::Unknown)
        .count();
    assert_eq!(named, tested, "each type that has a name is here");
    let untyped = Notification::new(
        APP,
        "subscriptionNotification",
        json!({ "purchaseToken": "t" }),
    );
    let event = push(&untyped).to_event();
    assert_eq!(
        (event.kind, event.store_type.as_str()),
        (EventKind::Unknown, "subscriptionNotification")
    );
}

#[test]
fn every_other_kind_of_notification_is_an_event() {
    for (number, kind, name) in [
        (1, EventKind::OneTimePurchased, "ONE_TIME_PRODUCT_PURCHASED"),
        (2, EventKind::OneTimeCanceled, "ONE_TIME_PRODUCT_CANCELED"),
        (3, EventKind::Unknown, "oneTimeProductNotification 3"),
    ] {
        let event = push(&Notification::one_time_product(APP, number, "t", "coins")).to_event();
        assert_eq!((event.kind, event.store_type.as_str()), (kind, name));
        assert_eq!(event.key, Some(PurchaseKey::google("t")));
    }
    assert_eq!(OneTimeProductNotificationType::known().len(), 2);
    for (product, refund, subtype, scope) in [
        (1, 1, "PRODUCT_TYPE_SUBSCRIPTION", RefundScope::Full),
        (2, 1, "PRODUCT_TYPE_ONE_TIME", RefundScope::Full),
        (2, 2, "PRODUCT_TYPE_ONE_TIME", RefundScope::Unspecified),
        (3, 3, "productType 3", RefundScope::Unspecified),
    ] {
        let event = push(&Notification::voided_purchase(
            APP, "t", "GPA.1", product, refund,
        ))
        .to_event();
        assert_eq!(
            (event.kind, event.refund),
            (EventKind::Refunded, Some(scope))
        );
        assert_eq!(event.store_subtype.as_deref(), Some(subtype));
        assert_eq!(event.key, Some(PurchaseKey::google("t")));
        assert_eq!(event.transaction_id.unwrap(), "GPA.1");
    }
    let review = push(&Notification::pending_refund_review(
        APP,
        "GPA.1",
        "secret-token",
    ));
    assert!(
        matches!(review.kind(), NotificationKind::PendingRefundReview(about)
        if about.order_id.as_ref().unwrap() == "GPA.1")
    );
    let event = review.to_event();
    assert_eq!((event.kind, event.key), (EventKind::RefundRequested, None));
    assert_eq!(event.transaction_id.unwrap(), "GPA.1");
    let event = push(&Notification::test(APP)).to_event();
    assert_eq!((event.kind, event.key), (EventKind::Test, None));
}

#[test]
fn a_kind_of_tomorrow_is_kept_and_is_no_failure() {
    let tomorrow = Notification::new(APP, "giftNotification", json!({ "to": "somebody" }));
    let notification = push(&tomorrow);
    assert_eq!(notification.kind(), NotificationKind::Unknown);
    assert_eq!(
        notification.unknown.get("giftNotification").unwrap()["to"],
        "somebody"
    );
    let event = notification.to_event();
    assert_eq!((event.kind, event.key), (EventKind::Unknown, None));
    let again = serde_json::to_value(notification.notification()).unwrap();
    assert_eq!(again, tomorrow.build());
}

#[test]
fn the_content_tells_events_apart_whatever_message_brings_them() {
    let base = renewal();
    let id = push(&base).content_id();
    assert_eq!(id.as_str().len(), 64);
    let again = verify_body(base.push("another message")).unwrap();
    assert_eq!(again.content_id(), id);
    for other in [
        Notification::subscription(APP, 3, "purchase-token").event_time(now()),
        Notification::subscription(APP, 2, "purchase-token2").event_time(now()),
        Notification::one_time_product(APP, 2, "purchase-token", "s").event_time(now()),
        base.event_time(iap_core::Timestamp::from_millis(now().as_millis() + 1)),
    ] {
        assert_ne!(push(&other).content_id(), id);
    }
    let void =
        |order: &str| push(&Notification::voided_purchase(APP, "t", order, 1, 1).event_time(now()));
    assert_ne!(void("GPA.1..0").content_id(), void("GPA.1..1").content_id());
}

#[test]
fn debug_output_shows_no_token_and_no_content() {
    let long = "purchase-token-that-nobody-may-see";
    let notification = push(&Notification::subscription(APP, 2, long));
    let shown = format!("{notification:?}");
    assert!(!shown.contains("that-nobody-may-see"), "{shown}");
    let review = push(&Notification::pending_refund_review(APP, "GPA.1", long));
    assert!(!format!("{review:?}").contains("that-nobody-may-see"));
    let pulled = PulledMessage::new("1", renewal().json());
    assert!(!format!("{pulled:?}").contains("purchase-token"));
}

#[test]
fn pulled_messages_are_read_each_for_itself() {
    let reader = NotificationReader::new([APP]).unwrap();
    let good: Value = serde_json::from_str(&body()).unwrap();
    let message = |data: Value| json!({ "messageId": "2", "publishTime": "2026-11-21T12:00:00Z", "data": data });
    let response = json!({ "receivedMessages": [
        { "ackId": "ack-1", "message": { "messageId": "1", "data": good["message"]["data"] }, "deliveryAttempt": 3 },
        { "ackId": "ack-2", "message": message(json!("!")) },
        { "ackId": "ack-3", "message": message(json!(null)) },
        { "ackId": "ack-4" },
    ] });
    let messages = PulledMessage::from_pull_response(response.to_string()).unwrap();
    let acks: Vec<_> = messages
        .iter()
        .map(|message| message.ack_id().unwrap())
        .collect();
    assert_eq!(acks, ["ack-1", "ack-2", "ack-3", "ack-4"]);
    let first = reader.read(&messages[0]).unwrap();
    assert_eq!(first.to_event().id, "1");
    assert_eq!(first.message().delivery_attempt, Some(3));
    let checks: Vec<_> = messages[1..]
        .iter()
        .map(|message| reader.read(message).unwrap_err().check())
        .collect();
    assert_eq!(checks, ["data_encoding", "no_data", "no_data"]);

    let bytes = reader
        .read(&PulledMessage::new("7", renewal().json()))
        .unwrap();
    assert_eq!(bytes.to_event().id, "7");
    let failure = |data: Vec<u8>| {
        reader
            .read(&PulledMessage::new("7", data))
            .unwrap_err()
            .check()
    };
    assert_eq!(failure(Vec::new()), "no_data");
    assert_eq!(failure(vec![b' '; 70_000]), "too_long");
    let other = Notification::subscription("com.other", 2, "t").json();
    assert_eq!(failure(other.into_bytes()), "app");

    assert!(PulledMessage::from_pull_response("{}").unwrap().is_empty());
    for answer in [
        "",
        "<html>",
        "[]",
        r#"{"receivedMessages":{}}"#,
        r#"{"receivedMessages":[],"receivedMessages":[]}"#,
    ] {
        assert_eq!(
            PulledMessage::from_pull_response(answer)
                .unwrap_err()
                .check(),
            "body",
            "{answer}"
        );
    }
    assert!(NotificationReader::new(Vec::<String>::new()).is_err());
}
