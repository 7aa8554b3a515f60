//! Notifications on their way: a topic that asks, a backend that confirms, and events that lead to a
//! question.

use std::sync::Arc;

use async_trait::async_trait;
use iap_amazon::{
    AmazonVerifier, CertificateFetcher, NotificationFailure, NotificationVerifier,
    OnlineNotificationVerifier, TopicArn, VerifiedMessage,
};
use iap_core::{
    AutoRenew, EventKind, StoreEvent,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};
use iap_testkit::AmazonReceiptBuilder;

use super::{DAY, Mall, PACKAGE, pro};
use crate::{apple_store::transport, webhook::Webhook};

/// Leads to the fake what is meant for the host of Amazon's notification service.
#[derive(Debug)]
struct ToTheFake {
    url: String,
}

#[async_trait]
impl HttpTransport for ToTheFake {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        assert_eq!(request.uri().host(), Some("sns.us-east-1.amazonaws.com"));
        let path = request.uri().path().to_owned();
        *request.uri_mut() = format!("{}{path}", self.url).parse().unwrap();
        transport().send(request).await
    }
}

impl Mall {
    fn notifications(&self, topic: &str) -> OnlineNotificationVerifier {
        let verifier = NotificationVerifier::builder()
            .topic(topic.parse::<TopicArn>().unwrap())
            .app(PACKAGE)
            .clock(self.clock.clone())
            .build()
            .unwrap();
        let to_the_fake = ToTheFake {
            url: self.store.url(),
        };
        let fetcher = CertificateFetcher::builder(Arc::new(to_the_fake)).clock(self.clock.clone());
        OnlineNotificationVerifier::new(verifier, fetcher.build())
    }

    /// Has the webhook confirmed, as an operator would.
    async fn confirmed(&self) -> (Webhook, OnlineNotificationVerifier) {
        let webhook = Webhook::answering(200);
        let verifier = self.notifications(self.store.topic_arn());
        self.store.set_notification_url(&webhook.url);
        // Nothing is notified before it is confirmed.
        self.store.buy(&self.store.user(), pro());
        self.store.notifications_posted().await;
        let posts = webhook.posts();
        assert_eq!(posts.len(), 1);
        let message = verifier.verify(posts[0].to_string()).await.unwrap();
        let VerifiedMessage::Confirmation(confirmation) = message else {
            panic!("{message:?}");
        };
        assert!(!self.store.confirm_subscription("another token"));
        assert!(
            self.store
                .confirm_subscription(confirmation.token().expose())
        );
        (webhook, verifier)
    }

    async fn events(
        &self,
        webhook: &Webhook,
        verifier: &OnlineNotificationVerifier,
    ) -> Vec<StoreEvent> {
        self.store.notifications_posted().await;
        let mut events = Vec::new();
        for post in webhook.posts() {
            match verifier.verify(post.to_string()).await.unwrap() {
                VerifiedMessage::Notification(notification) => events.push(notification.to_event()),
                other => panic!("{other:?}"),
            }
        }
        events
    }
}

#[tokio::test]
async fn every_turn_of_a_purchase_arrives_as_an_event_and_leads_to_its_present_state() {
    let mall = Mall::new();
    let (webhook, verifier) = mall.confirmed().await;
    let store = &mall.store;
    let user = store.user();
    let trial_end = iap_core::Clock::now(&*mall.clock).saturating_add(DAY * 7);
    let id = store.buy(&user, pro().free_trial_until(trial_end));
    store.renew(&id);
    store.renew(&id);
    store.set_auto_renew(&id, AutoRenew::Off);
    store.set_auto_renew(&id, AutoRenew::On);
    store.enter_grace_period(&id, DAY * 3);
    store.renew(&id);
    store.defer_change(&id, "pro.yearly");
    let new = store.replace(&id, AmazonReceiptBuilder::subscription("pro", "pro.yearly"));
    store.cancel(&new, 1);
    store.expire(&new, 1);
    let coins = store.buy(&user, AmazonReceiptBuilder::consumable("coins"));
    store.cancel(&coins, 2);
    let events = mall.events(&webhook, &verifier).await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::Subscribed,
            EventKind::TrialConverted,
            EventKind::Renewed,
            EventKind::AutoRenewDisabled,
            EventKind::AutoRenewEnabled,
            EventKind::InGracePeriod,
            EventKind::Recovered,
            EventKind::ProductChangeScheduled,
            EventKind::ProductChanged,
            EventKind::Canceled,
            EventKind::Expired,
            EventKind::OneTimePurchased,
            EventKind::OneTimeCanceled,
        ]
    );
    let changed = &events[8];
    assert_eq!(changed.key.as_ref().unwrap().as_str(), new);
    assert_eq!(changed.replaces.as_ref().unwrap().as_str(), id);
    // Re-fetch, don't believe: the event names the receipt and the customer to ask about.
    let amazon = AmazonVerifier::new(mall.builder().build().unwrap());
    for event in &events {
        let key = event.key.as_ref().unwrap().as_str();
        let user = event.user_id.as_ref().unwrap().as_str();
        let proof = iap_core::Proof::amazon_receipt(key, user);
        assert!(iap_core::Verifier::verify(&amazon, &proof).await.is_ok());
    }
    // One certificate signed them all: it was fetched once.
    let requests = store.requests().all();
    let fetched = requests.iter().filter(|it| it.path().ends_with(".pem"));
    assert_eq!(fetched.count(), 1);
}

#[tokio::test]
async fn a_message_of_a_foreign_topic_is_refused_before_anything_is_fetched() {
    let mall = Mall::new();
    let webhook = Webhook::answering(200);
    mall.store.set_notification_url(&webhook.url);
    mall.store.notifications_posted().await;
    let verifier = mall.notifications("arn:aws:sns:us-east-1:999999999999:Mine");
    let post = webhook.posts().remove(0).to_string();
    let failure = verifier.verify(post).await.unwrap_err();
    assert!(
        matches!(failure, NotificationFailure::Topic { .. }),
        "{failure:?}"
    );
    assert_eq!(failure.endpoint_answer().http_status(), 400);
    assert_eq!(mall.store.requests().count(), 0);
}

#[tokio::test]
async fn while_the_certificate_cannot_be_had_the_store_is_asked_to_send_again() {
    let mall = Mall::new();
    let webhook = Webhook::answering(200);
    mall.store.set_notification_url(&webhook.url);
    mall.store.notifications_posted().await;
    let verifier = mall.notifications(mall.store.topic_arn());
    let post = webhook.posts().remove(0).to_string();
    mall.store
        .fail_at_random(100, 1, vec![iap_testkit::Fault::Html(404)]);
    let failure = verifier.verify(&post).await.unwrap_err();
    assert_eq!(failure.endpoint_answer().http_status(), 503, "{failure:?}");
    mall.store.fail_no_more();
    mall.clock.advance(core::time::Duration::from_secs(60));
    assert!(verifier.verify(&post).await.is_ok());
}
