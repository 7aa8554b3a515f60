//! Notifications on their way: pushed with a signed token, verified by a backend that fetches the keys,
//! pushed again until they are taken, and answered by a question.

use core::time::Duration;
use std::sync::{Arc, Mutex, mpsc};

use iap::{
    Clock as _, EndpointAnswer, EventKind, GrantReason, PurchaseKey, RefundScope, Store,
    StoreEvent,
    google::{
        CurrentPurchase, GoogleKeyFetcher, NotificationFailure, NotificationKind,
        NotificationVerifier, OnlineNotificationVerifier, VerifiedNotification,
    },
};
use iap_testkit::{GoogleNotificationBuilder, GoogleProductBuilder};

use super::{DAY, Market, PACKAGE, is_granted, pro};
use crate::{
    apple_store::transport,
    webhook::{Post, Webhook},
};

pub(super) const AUDIENCE: &str = "https://example.com/google-play";
pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);

pub(super) type Judged = Result<VerifiedNotification, NotificationFailure>;

impl Market {
    /// The verifier of a backend, with the keys that the store publishes.
    pub(super) fn notifications(&self, audience: &str) -> OnlineNotificationVerifier {
        let verifier = NotificationVerifier::builder()
            .audience(audience)
            .service_account(self.store.push_service_account())
            .app(PACKAGE)
            .subscription(GoogleNotificationBuilder::SUBSCRIPTION)
            .clock(self.clock.clone());
        let fetcher = GoogleKeyFetcher::builder(Arc::new(transport()))
            .url(self.store.keys_url().parse().unwrap())
            .clock(self.clock.clone());
        OnlineNotificationVerifier::new(verifier.build().unwrap(), fetcher.build())
    }

    /// An endpoint that judges each push by itself, answers accordingly, and tells what it found.
    pub(super) fn endpoint(&self) -> (Webhook, mpsc::Receiver<Judged>) {
        let verifier = self.notifications(AUDIENCE);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (sender, judged) = mpsc::channel();
        let work = Mutex::new((runtime, sender));
        let webhook = Webhook::answering_by(move |post| {
            let (runtime, sender) = &*work.lock().unwrap();
            let result = runtime.block_on(verify(&verifier, post));
            let answer = match &result {
                Ok(_) => EndpointAnswer::Accept,
                Err(failure) => failure.endpoint_answer(),
            };
            // The test may be over.
            let _ = sender.send(result);
            answer.http_status()
        });
        self.store.set_push_audience(AUDIENCE);
        self.store.set_notification_url(&webhook.url);
        (webhook, judged)
    }

    /// How often the keys were asked for.
    pub(super) fn key_requests(&self) -> usize {
        let all = self.store.requests().all();
        all.iter()
            .filter(|it| it.path().ends_with("/certs"))
            .count()
    }
}

pub(super) async fn verify(verifier: &OnlineNotificationVerifier, post: &Post) -> Judged {
    let headers = post.headers.iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    verifier.verify(headers, &post.body).await
}

pub(super) fn events(judged: &mpsc::Receiver<Judged>) -> Vec<StoreEvent> {
    let judged = judged.try_iter();
    judged.map(|it| it.unwrap().to_event()).collect()
}

#[tokio::test]
async fn every_turn_of_a_subscription_reaches_the_webhook_as_an_event() {
    let market = Market::new();
    let store = &market.store;
    let (_webhook, judged) = market.endpoint();
    let token = store.buy_subscription(pro());
    let resumes_at = market.clock.now().saturating_add(DAY);
    store.renew(&token);
    store.enter_grace_period(&token, DAY);
    store.hold(&token);
    store.recover(&token);
    store.change_price(&token, 1_000_000);
    store.plan_pause(&token);
    store.pause(&token, resumes_at);
    store.cancel(&token);
    store.restart(&token);
    store.revoke(&token);
    let installments = store.buy_subscription(pro().installments(3));
    store.cancel(&installments);
    let pending = store.buy_subscription(pro().prepaid().pending());
    store.cancel_pending(&pending);
    store.notifications_posted().await;
    let events = events(&judged);
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::Subscribed,
            EventKind::Renewed,
            EventKind::InGracePeriod,
            EventKind::OnHold,
            EventKind::Recovered,
            EventKind::PriceChanged,
            EventKind::PauseScheduleChanged,
            EventKind::Paused,
            EventKind::Canceled,
            EventKind::AutoRenewEnabled,
            EventKind::Revoked,
            EventKind::Refunded,
            EventKind::Expired,
            EventKind::Subscribed,
            EventKind::CancellationScheduled,
            EventKind::Subscribed,
            EventKind::PendingPurchaseCanceled,
        ]
    );
    for event in &events[..13] {
        assert_eq!(event.store, Store::GooglePlay);
        assert_eq!(event.key, Some(PurchaseKey::google(token.as_str())));
        assert_eq!(event.app_id, Some(PACKAGE.into()));
        assert_eq!(event.occurred_at, market.clock.now());
    }
    assert_eq!(events[11].refund, Some(RefundScope::Full));
    let ids: std::collections::HashSet<_> = events.iter().map(|event| &event.id).collect();
    assert_eq!(ids.len(), events.len(), "each has an id of its own");
    assert_eq!(store.notifications().len(), events.len());
    assert_eq!(store.unacknowledged_notifications(), 0);
    assert_eq!(market.key_requests(), 1, "the keys serve for all");
}

#[tokio::test]
async fn every_turn_of_one_time_products_reaches_the_webhook_as_an_event() {
    let market = Market::new();
    let store = &market.store;
    let (_webhook, judged) = market.endpoint();
    let coins = || GoogleProductBuilder::new("coins").quantity(2);
    let pending = store.buy_product(coins().pending());
    store.pay(&pending);
    store.refund_items(&pending, 1);
    store.cancel_product(&pending);
    let order_id = store.order_id(&pending);
    let asked = store.ask_about_refund(&order_id);
    store.send_test_notification();
    store.notifications_posted().await;
    let judged: Vec<_> = judged.try_iter().map(Result::unwrap).collect();
    let kinds: Vec<_> = judged.iter().map(|it| it.to_event().kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::OneTimePurchased,
            EventKind::Refunded,
            EventKind::Refunded,
            EventKind::OneTimeCanceled,
            EventKind::RefundRequested,
            EventKind::Test,
        ]
    );
    let scopes = [judged[1].to_event().refund, judged[2].to_event().refund];
    let expected = [RefundScope::Unspecified, RefundScope::Full].map(Some);
    assert_eq!(scopes, expected);
    let NotificationKind::PendingRefundReview(review) = judged[4].kind() else {
        panic!("{:?}", judged[4]);
    };
    let token = review.pending_refund_token.as_ref().unwrap();
    assert_eq!(token.as_str(), asked);
}

#[tokio::test]
async fn a_notification_leads_to_the_purchase_as_it_is_now() {
    let market = Market::new();
    let (_webhook, judged) = market.endpoint();
    let token = market.store.buy_subscription(pro());
    market.store.notifications_posted().await;
    market.clock.advance(DAY * 30);
    market.store.renew(&token);
    market.store.notifications_posted().await;
    let verifier = market.verifier();
    let judged: Vec<_> = judged.try_iter().map(Result::unwrap).collect();
    assert_eq!(judged.len(), 2);
    for notification in &judged {
        let current = verifier.current_purchase(notification).await.unwrap();
        let CurrentPurchase::Found(purchase) = current else {
            panic!("{current:?}");
        };
        // The first one is old news, and its answer is as new as that to the second.
        let end = market.clock.now().saturating_add(DAY * 30);
        assert_eq!(purchase.expires_at, Some(end));
        assert!(is_granted(market.decide(&purchase), GrantReason::Active));
    }
    market.store.forget(&token);
    let current = verifier.current_purchase(&judged[1]).await.unwrap();
    let key = PurchaseKey::google(token);
    assert!(matches!(current, CurrentPurchase::Gone(gone) if gone == key));
}

#[tokio::test]
async fn what_the_webhook_does_not_take_is_pushed_again_with_the_same_id_and_a_new_token() {
    let market = Market::new();
    let store = &market.store;
    let webhook = Webhook::answering(503);
    store.set_notification_url(&webhook.url);
    store.buy_subscription(pro());
    store.notifications_posted().await;
    let first = webhook.requests().remove(0);
    assert_eq!(store.unacknowledged_notifications(), 1);
    // The URL is the audience where none is set.
    let verifier = market.notifications(&webhook.url);
    let id = verify(&verifier, &first).await.unwrap().to_event().id;
    for seconds in [10, 20, 40, 80, 160, 320, 600, 600] {
        market.clock.advance(Duration::from_secs(seconds - 1));
        store.post_due_notifications();
        store.notifications_posted().await;
        assert!(webhook.requests().is_empty(), "before {seconds} seconds");
        market.clock.advance(Duration::from_secs(1));
        store.post_due_notifications();
        store.notifications_posted().await;
        let again = webhook.requests();
        assert_eq!(again.len(), 1, "after {seconds} seconds");
        let judged = verify(&verifier, &again[0]).await.unwrap();
        assert_eq!(judged.to_event().id, id);
        assert_ne!(again[0].headers, first.headers);
    }
    let taken = Webhook::answering(204);
    store.set_notification_url(&taken.url);
    market.clock.advance(HOUR);
    store.post_due_notifications();
    store.notifications_posted().await;
    assert_eq!(taken.requests().len(), 1);
    assert_eq!(store.unacknowledged_notifications(), 0);
    market.clock.advance(HOUR);
    store.post_due_notifications();
    store.notifications_posted().await;
    assert!(taken.requests().is_empty());
    // Pub/Sub may all the same deliver it once more.
    store.post_notifications_again();
    store.notifications_posted().await;
    let verifier = market.notifications(&taken.url);
    let again = verify(&verifier, &taken.requests()[0]).await.unwrap();
    assert_eq!(again.to_event().id, id);
}

#[tokio::test]
async fn a_message_that_nobody_takes_is_given_up_after_a_week() {
    let market = Market::new();
    let webhook = Webhook::answering(500);
    market.store.set_notification_url(&webhook.url);
    market.store.send_test_notification();
    market.store.notifications_posted().await;
    market.clock.advance(DAY * 7);
    market.store.post_due_notifications();
    market.store.notifications_posted().await;
    assert_eq!(webhook.requests().len(), 1);
}
