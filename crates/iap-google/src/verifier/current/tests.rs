use iap_core::{AccessPolicy, AccountId, Clock as _, EndpointAnswer, ErrorKind, PurchaseState};
use iap_testkit::GoogleNotificationBuilder as Notification;
use serde_json::{Value, json};

use super::*;
use crate::{
    client::tests::{Setup, error_object, setup},
    notification::{NotificationReader, PulledMessage},
    testing::now,
};

const APP: &str = "com.example.app";
const OTHER_APP: &str = "com.example.other";

fn verifier(setup: &Setup) -> GooglePlayVerifier {
    GooglePlayVerifier::new(setup.client.clone())
}

fn read(notification: &Notification) -> VerifiedNotification {
    let reader = NotificationReader::new([APP, OTHER_APP]).unwrap();
    let message = PulledMessage::new("1", notification.json());
    reader.read(&message).unwrap()
}

/// A notification of an hour ago.
fn subscription_notification() -> Notification {
    let hour = core::time::Duration::from_secs(60 * 60);
    Notification::subscription(APP, 2, "t").event_time(now().saturating_sub(hour))
}

fn subscription() -> Value {
    json!({
        "subscriptionState": "SUBSCRIPTION_STATE_ACTIVE",
        "startTime": "2026-11-01T00:00:00Z",
        "acknowledgementState": "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
        "lineItems": [{ "productId": "pro", "expiryTime": "2026-12-01T00:00:00Z" }],
    })
}

fn product() -> Value {
    json!({
        "purchaseStateContext": { "purchaseState": "PURCHASED" },
        "purchaseCompletionTime": "2026-11-01T00:00:00Z",
        "productLineItem": [{ "productId": "coins", "productOfferDetails": {} }],
    })
}

/// Of which Google does not say what the order was of.
fn untyped() -> Notification {
    let voided = json!({ "purchaseToken": "t", "orderId": "GPA.1" });
    Notification::new(APP, "voidedPurchaseNotification", voided)
}

/// The kinds of purchase that were asked about, repetitions left out.
fn asked(setup: &Setup) -> Vec<String> {
    let requests = setup.transport.requests();
    let kind = |uri: &http::Uri| uri.path().split('/').nth(6).unwrap().to_owned();
    let mut kinds: Vec<_> = requests.iter().map(|request| kind(request.uri())).collect();
    kinds.dedup();
    kinds
}

#[tokio::test]
async fn each_notification_leads_to_the_call_that_knows_its_purchase() {
    let voided =
        |product_type: i64| Notification::voided_purchase(APP, "t", "GPA.1", product_type, 1);
    for (notification, answer, kind) in [
        (
            Notification::subscription(APP, 13, "t"),
            subscription(),
            "subscriptionsv2",
        ),
        // A number of tomorrow: something changed.
        (
            Notification::subscription(APP, 99, "t"),
            subscription(),
            "subscriptionsv2",
        ),
        (
            Notification::one_time_product(APP, 1, "t", "coins"),
            product(),
            "productsv2",
        ),
        (voided(1), subscription(), "subscriptionsv2"),
        (voided(2), product(), "productsv2"),
        (untyped(), subscription(), "subscriptionsv2"),
    ] {
        let setup = setup();
        setup.transport.answer_json(200, &answer);
        let notification = read(&notification);
        let current = verifier(&setup)
            .current_purchase(&notification)
            .await
            .unwrap();
        let CurrentPurchase::Found(purchase) = current else {
            panic!("{current:?}");
        };
        assert_eq!(purchase.key, PurchaseKey::google("t"));
        assert_eq!(purchase.state, PurchaseState::Purchased);
        assert_eq!(asked(&setup), [kind]);
    }
}

#[tokio::test]
async fn nothing_is_asked_about_what_is_no_purchase() {
    let setup = setup();
    let of_tomorrow = Notification::new(APP, "giftNotification", json!({ "purchaseToken": "t" }));
    for notification in [Notification::test(APP), of_tomorrow] {
        let notification = read(&notification);
        assert_eq!(notification.follow_up(), FollowUp::Nothing);
        let current = verifier(&setup).current_purchase(&notification).await;
        assert_eq!(current.unwrap(), CurrentPurchase::NoPurchase);
    }
    let review = Notification::pending_refund_review(APP, "GPA.1", "review").event_time(now());
    let review = read(&review);
    let FollowUp::ReviewRefund {
        review: about,
        answer_by,
    } = review.follow_up()
    else {
        panic!("{:?}", review.follow_up());
    };
    assert_eq!(about.order_id.as_ref().unwrap(), "GPA.1");
    assert_eq!(answer_by.saturating_duration_since(now()).as_secs(), 86_400);
    let current = verifier(&setup).current_purchase(&review).await.unwrap();
    assert_eq!(current, CurrentPurchase::NoPurchase);
    assert!(setup.transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_purchase_without_a_kind_is_asked_about_as_either() {
    for unknown in [(400, "invalid", 1), (404, "purchaseTokenNotFound", 3)] {
        let setup = setup();
        let (status, reason, attempts) = unknown;
        for _ in 0..attempts {
            setup.transport.answer(status, error_object(status, reason));
        }
        setup.transport.answer_json(200, &product());
        let notification = read(&untyped());
        let current = verifier(&setup).current_purchase(&notification).await;
        assert!(
            matches!(current, Ok(CurrentPurchase::Found(_))),
            "{current:?}"
        );
        assert_eq!(asked(&setup), ["subscriptionsv2", "productsv2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_google_does_not_know_is_an_answer_unless_it_is_young() {
    let old = subscription_notification();
    let young = Notification::subscription(APP, 4, "t").event_time(now());
    let unknown = CurrentPurchase::NotFound(PurchaseKey::google("t"));
    for (notification, status, reason, expected) in [
        (&old, 404, "purchaseTokenNotFound", Some(&unknown)),
        (&old, 400, "invalid", Some(&unknown)),
        (&young, 400, "invalid", Some(&unknown)),
        (&young, 404, "purchaseTokenNotFound", None),
    ] {
        let setup = setup();
        for _ in 0..3 {
            setup.transport.answer(status, error_object(status, reason));
        }
        let current = verifier(&setup).current_purchase(&read(notification)).await;
        assert_eq!(current.as_ref().ok(), expected, "{reason}");
        if let Err(error) = current {
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert_eq!(error.endpoint_answer(), EndpointAnswer::TryAgain);
        }
    }
    let setup = setup();
    let gone = error_object(410, "purchaseTokenNoLongerValid");
    setup.transport.answer(410, gone);
    let current = verifier(&setup)
        .current_purchase(&read(&old))
        .await
        .unwrap();
    assert_eq!(current, CurrentPurchase::Gone(PurchaseKey::google("t")));
}

#[tokio::test(start_paused = true)]
async fn an_outage_a_missing_right_and_an_app_without_a_client_let_google_try_again() {
    for (status, reason, kind) in [
        (503, "backendError", ErrorKind::Unavailable),
        (403, "forbidden", ErrorKind::Misconfigured),
    ] {
        let setup = setup();
        for _ in 0..3 {
            setup.transport.answer(status, error_object(status, reason));
        }
        let notification = read(&subscription_notification());
        let error = verifier(&setup)
            .current_purchase(&notification)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.endpoint_answer()),
            (kind, EndpointAnswer::TryAgain)
        );
    }
    let setup = setup();
    let other = read(&Notification::subscription(OTHER_APP, 2, "t"));
    let error = verifier(&setup).current_purchase(&other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.endpoint_answer(), EndpointAnswer::TryAgain);
    assert!(setup.transport.requests().is_empty());
}

/// A stored purchase, a moment before the clock of `setup`.
async fn stored(setup: &Setup, answer: &Value) -> Purchase {
    setup.transport.answer_json(200, answer);
    let about = match answer.get("lineItems") {
        Some(_) => setup.client.subscription_purchase("t").await,
        None => setup.client.product_purchase("t").await,
    };
    about.unwrap().found().unwrap()
}

#[tokio::test]
async fn a_stored_purchase_is_asked_about_as_what_it_is_and_keeps_what_is_told_once() {
    for (answer, kind) in [
        (subscription(), "subscriptionsv2"),
        (product(), "productsv2"),
    ] {
        let setup = setup();
        let mut purchase = stored(&setup, &answer).await;
        purchase.account_id = Some(AccountId::new("user-1"));
        purchase.profile_id = Some("child".into());
        purchase.replaces = Some(PurchaseKey::google("before"));
        purchase.resubscribes = Some(PurchaseKey::google("ended"));
        setup.transport.answer_json(200, &answer);
        let current = verifier(&setup).refresh(&purchase).await.unwrap();
        assert_eq!(current, purchase);
        assert_eq!(asked(&setup), [kind]);

        let mut told = answer.clone();
        let ids = if kind == "productsv2" {
            "obfuscatedExternalAccountId"
        } else {
            "externalAccountIdentifiers"
        };
        told[ids] = match kind {
            "productsv2" => json!("user-2"),
            _ => json!({ "obfuscatedExternalAccountId": "user-2" }),
        };
        setup.transport.answer_json(200, &told);
        let current = verifier(&setup).refresh(&purchase).await.unwrap();
        assert_eq!(current.account_id, Some(AccountId::new("user-2")));
        assert_eq!(current.profile_id, None, "that of another account");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stored_purchase_that_is_gone_comes_back_ended_and_an_unknown_one_is_a_verdict() {
    let setup = setup();
    let purchase = stored(&setup, &subscription()).await;
    setup
        .clock
        .set(now().saturating_add(core::time::Duration::from_secs(60)));
    setup
        .transport
        .answer(410, error_object(410, "purchaseTokenNoLongerValid"));
    let ended = verifier(&setup).refresh(&purchase).await.unwrap();
    assert!(ended.supersedes(&purchase));
    assert!(
        !ended
            .access_at(setup.clock.now(), &AccessPolicy::new())
            .is_granted()
    );

    for _ in 0..3 {
        let unknown = error_object(404, "purchaseTokenNotFound");
        setup.transport.answer(404, unknown);
    }
    let error = verifier(&setup).refresh(&purchase).await.unwrap_err();
    assert_eq!(error.rejection(), Some(iap_core::Rejection::NotFound));
}

#[tokio::test]
async fn a_purchase_of_another_store_or_app_is_our_mistake() {
    let setup = setup();
    let purchase = stored(&setup, &subscription()).await;
    let mut of_apple = purchase.clone();
    of_apple.store = Store::AppStore;
    let mut other_key = purchase.clone();
    other_key.key = PurchaseKey::apple("1");
    let mut other_app = purchase.clone();
    other_app.app_id = Some(OTHER_APP.into());
    let mut no_app = purchase;
    no_app.app_id = None;
    for purchase in [of_apple, other_key, other_app, no_app] {
        let error = verifier(&setup).refresh(&purchase).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
    }
    assert_eq!(setup.transport.requests().len(), 1);
}
