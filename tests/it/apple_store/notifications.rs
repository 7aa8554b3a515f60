//! Notifications on their way: posted, taken or not, posted again, and found in the history.

use core::time::Duration;

use iap_apple::{
    Notification, NotificationFilter, NotificationHistoryRequest, NotificationType,
    SendAttemptResult, VerifiedNotification,
};
use iap_core::{Clock as _, Environment, ErrorKind, EventKind, SubscriptionState};

use super::Town;
use crate::webhook::Webhook;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Town {
    fn verified(&self, post: &serde_json::Value) -> VerifiedNotification {
        let signed_payload = post["signedPayload"].as_str().unwrap();
        self.offline().verify_notification(signed_payload).unwrap()
    }

    fn last_days(&self) -> NotificationHistoryRequest {
        let now = self.clock.now();
        NotificationHistoryRequest::new(now.saturating_sub(DAY * 30), now.saturating_add(DAY))
            .unwrap()
    }
}

#[tokio::test]
async fn every_turn_of_a_subscription_reaches_the_webhook_as_an_event() {
    let town = Town::new();
    let webhook = Webhook::answering(200);
    let store = &town.store;
    store.set_notification_url(Environment::Production, &webhook.url);
    let bought = store.buy(&store.customer(), town.subscription());
    let id = &bought.original_transaction_id;
    store.set_auto_renew(id, iap_core::AutoRenew::Off);
    store.set_auto_renew(id, iap_core::AutoRenew::On);
    store.fail_renewal(id, Some(DAY));
    let renewed = store.renew(id);
    store.upgrade(id, "pro.yearly");
    store.downgrade(id, "basic");
    store.request_refund(&renewed.transaction_id);
    store.decline_refund(&renewed.transaction_id);
    store.refund(&renewed.transaction_id);
    store.reverse_refund(&renewed.transaction_id);
    store.fail_renewal(id, None);
    store.expire(id, 2);
    store.notifications_posted().await;
    let posts = webhook.posts();
    let events: Vec<_> = posts
        .iter()
        .map(|post| town.verified(post).to_event().unwrap())
        .collect();
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::Subscribed,
            EventKind::AutoRenewDisabled,
            EventKind::AutoRenewEnabled,
            EventKind::InGracePeriod,
            EventKind::Recovered,
            EventKind::ProductChanged,
            EventKind::ProductChangeScheduled,
            EventKind::RefundRequested,
            EventKind::RefundDeclined,
            EventKind::Refunded,
            EventKind::RefundReversed,
            EventKind::OnHold,
            EventKind::Expired,
        ]
    );
    for event in &events {
        assert_eq!(event.key.as_ref().unwrap().as_str(), id);
    }
    // Upgraded meanwhile: the refund of an earlier period says nothing of the present one.
    assert_eq!(
        events[9].subscription_state,
        Some(SubscriptionState::Active)
    );
    assert_eq!(
        store.notifications(Environment::Production).len(),
        posts.len()
    );
    assert!(store.notifications(Environment::Sandbox).is_empty());
}

#[tokio::test]
async fn what_the_webhook_does_not_take_is_posted_again_by_apples_timetable_with_the_same_id() {
    let town = Town::new();
    let webhook = Webhook::answering(503);
    let store = &town.store;
    store.set_notification_url(Environment::Production, &webhook.url);
    store.buy(&store.customer(), town.subscription());
    store.notifications_posted().await;
    let first = town.verified(&webhook.posts()[0]);
    for hours in [1, 12, 24, 48, 72] {
        town.clock.advance(HOUR * hours - Duration::from_secs(1));
        store.post_due_notifications();
        store.notifications_posted().await;
        assert!(webhook.posts().is_empty(), "before {hours} hours");
        town.clock.advance(Duration::from_secs(1));
        store.post_due_notifications();
        store.notifications_posted().await;
        let posts = webhook.posts();
        assert_eq!(posts.len(), 1, "after {hours} hours");
        let again: &Notification = &town.verified(&posts[0]);
        assert_eq!(again.notification_uuid, first.notification_uuid);
    }
    town.clock.advance(DAY * 10);
    store.post_due_notifications();
    store.notifications_posted().await;
    assert!(webhook.posts().is_empty(), "five attempts follow the first");
    let client = town.client(Environment::Production);
    let request = NotificationHistoryRequest::new(
        town.clock.now().saturating_sub(DAY * 30),
        town.clock.now(),
    );
    let page = client
        .get_notification_history(None, &request.unwrap().only_failures())
        .await
        .unwrap();
    let attempts = &page.notification_history[0].send_attempts;
    assert_eq!(attempts.len(), 6);
    for attempt in attempts {
        let expected = SendAttemptResult::UnsuccessfulHttpResponseCode;
        assert_eq!(attempt.send_attempt_result, Some(expected));
    }
}

#[tokio::test]
async fn a_test_notification_arrives_and_its_status_says_so() {
    let town = Town::new();
    let client = town.client(Environment::Sandbox);
    let error = client.request_test_notification().await.unwrap_err();
    assert_eq!(error.api_code(), Some("4040007"));
    let webhook = Webhook::answering(200);
    town.store
        .set_notification_url(Environment::Sandbox, &webhook.url);
    let token = client.request_test_notification().await.unwrap();
    let token = token.test_notification_token.unwrap();
    town.store.notifications_posted().await;
    let status = client.get_test_notification_status(&token).await.unwrap();
    let result = &status.send_attempts[0].send_attempt_result;
    assert_eq!(*result, Some(SendAttemptResult::Success));
    let posted = town.verified(&webhook.posts()[0]);
    assert_eq!(posted.to_event().unwrap().kind, EventKind::Test);
    let error = client
        .get_test_notification_status("other")
        .await
        .unwrap_err();
    assert_eq!(error.api_code(), Some("4040008"));
}

#[tokio::test]
async fn a_webhook_that_is_not_there_is_a_failed_attempt() {
    let town = Town::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/");
    town.store.set_notification_url(Environment::Sandbox, url);
    let client = town.client(Environment::Sandbox);
    let token = client.request_test_notification().await.unwrap();
    town.store.notifications_posted().await;
    let token = token.test_notification_token.unwrap();
    let status = client.get_test_notification_status(token).await.unwrap();
    let result = &status.send_attempts[0].send_attempt_result;
    assert_eq!(*result, Some(SendAttemptResult::SocketIssue));
}

#[tokio::test]
async fn the_history_is_walked_page_by_page_and_narrowed_by_kind_and_by_transaction() {
    let town = Town::new();
    let store = &town.store;
    let customer = store.customer();
    let bought = store.buy(&customer, town.subscription());
    for _ in 0..44 {
        store.renew(&bought.original_transaction_id);
    }
    let client = town.client(Environment::Production);
    let mut pages = client.notification_history(town.last_days());
    let mut lengths = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        lengths.push(page.notification_history.len());
    }
    assert_eq!(lengths, [20, 20, 5]);
    for (filter, expected) in [
        (NotificationFilter::Type(NotificationType::Subscribed), 1),
        (
            NotificationFilter::Transaction(bought.transaction_id.as_str().into()),
            1,
        ),
        (NotificationFilter::Type(NotificationType::Refund), 0),
    ] {
        let request = town.last_days().with_filter(filter.clone());
        let page = client
            .get_notification_history(None, &request)
            .await
            .unwrap();
        assert_eq!(page.notification_history.len(), expected, "{filter:?}");
    }
    let error = client
        .get_notification_history(Some("nonsense"), &town.last_days())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.api_code(), Some("4000014"));
}
