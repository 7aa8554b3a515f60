//! A backend and an Amazon Appstore of the testkit: every call over real HTTP, and what the life of a
//! purchase means for access.

mod notifications;

use core::time::Duration;
use std::sync::Arc;

use iap_amazon::{AmazonClient, AmazonClientBuilder};
use iap_core::{
    Access, AccessPolicy, AutoRenew, Clock as _, DenialReason, Environment, ErrorKind, FixedClock,
    GrantReason, Purchase, Rejection, Timestamp, http::RetryPolicy,
};
use iap_testkit::{
    AmazonReceiptBuilder, AppTesterProduct, FakeAmazonAppstore, Fault, app_tester_receipt_id,
};

use crate::apple_store::transport;

const PACKAGE: &str = "com.example.app";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A store and a backend that reads the same clock.
pub(crate) struct Mall {
    pub(crate) store: FakeAmazonAppstore,
    pub(crate) clock: Arc<FixedClock>,
}

impl Mall {
    pub(crate) fn new() -> Self {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(now));
        let store = FakeAmazonAppstore::builder(PACKAGE)
            .clock(clock.clone())
            .start();
        Self { store, clock }
    }

    pub(crate) fn builder(&self) -> AmazonClientBuilder {
        AmazonClient::production(self.store.shared_secret())
            .base_url(self.store.url())
            .clock(self.clock.clone())
            .retry(RetryPolicy::never())
            .transport(Arc::new(transport()))
    }

    fn client(&self) -> AmazonClient {
        self.builder().build().unwrap()
    }

    async fn purchase(&self, receipt_id: &str, user: &str) -> Purchase {
        let answer = self
            .client()
            .verify_receipt(&receipt_id.into(), &user.into())
            .await;
        answer.unwrap().to_purchase()
    }

    async fn access(&self, receipt_id: &str, user: &str) -> Access {
        let purchase = self.purchase(receipt_id, user).await;
        purchase.access_at(self.clock.now(), &AccessPolicy::new())
    }
}

fn is_granted(access: Access, why: GrantReason) -> bool {
    matches!(access, Access::Granted { reason, .. } if reason == why)
}

fn is_denied(access: Access, why: DenialReason) -> bool {
    matches!(access, Access::Denied { reason, .. } if reason == why)
}

fn pro() -> AmazonReceiptBuilder {
    AmazonReceiptBuilder::subscription("pro", "pro.monthly")
}

#[tokio::test]
async fn a_subscription_from_its_trial_to_its_end() {
    let mall = Mall::new();
    let user = mall.store.user();
    let trial_end = mall.clock.now().saturating_add(DAY * 7);
    let id = mall.store.buy(&user, pro().free_trial_until(trial_end));
    let purchase = mall.purchase(&id, &user).await;
    assert!(
        purchase
            .subscription
            .unwrap()
            .offer
            .unwrap()
            .is_free_trial()
    );
    assert!(is_granted(
        mall.access(&id, &user).await,
        GrantReason::Active
    ));
    mall.clock.advance(DAY * 7);
    mall.store.renew(&id);
    assert!(is_granted(
        mall.access(&id, &user).await,
        GrantReason::Active
    ));
    mall.clock.advance(DAY * 30);
    // Amazon reports renewals late.
    assert!(is_granted(
        mall.access(&id, &user).await,
        GrantReason::RenewalOverdue
    ));
    mall.store.enter_grace_period(&id, DAY * 3);
    assert!(is_granted(
        mall.access(&id, &user).await,
        GrantReason::InGracePeriod
    ));
    mall.store.renew(&id);
    assert!(is_granted(
        mall.access(&id, &user).await,
        GrantReason::Active
    ));
    mall.store.set_auto_renew(&id, AutoRenew::Off);
    assert!(is_granted(
        mall.access(&id, &user).await,
        GrantReason::ActiveUntilCanceled
    ));
    mall.store.expire(&id, 1);
    assert!(is_denied(
        mall.access(&id, &user).await,
        DenialReason::Expired
    ));
}

#[tokio::test]
async fn a_cancellation_ahead_keeps_access_until_then() {
    let mall = Mall::new();
    let user = mall.store.user();
    let id = mall.store.buy(&user, pro());
    let end = mall.clock.now().saturating_add(DAY * 60);
    mall.store.cancel_at(&id, end, 1);
    let purchase = mall.purchase(&id, &user).await;
    let at = |at: Timestamp| purchase.access_at(at, &AccessPolicy::new()).is_granted();
    assert!(at(end.saturating_sub(Duration::from_millis(1))));
    assert!(!at(end));
}

#[tokio::test]
async fn a_change_of_term_moves_access_to_the_new_receipt() {
    let mall = Mall::new();
    let user = mall.store.user();
    let old = mall.store.buy(&user, pro());
    let yearly = AmazonReceiptBuilder::subscription("pro", "pro.yearly");
    let new = mall.store.replace(&old, yearly);
    assert!(is_denied(
        mall.access(&old, &user).await,
        DenialReason::Replaced
    ));
    assert!(is_granted(
        mall.access(&new, &user).await,
        GrantReason::Active
    ));
}

#[tokio::test]
async fn one_time_products_give_access_until_they_are_canceled() {
    let mall = Mall::new();
    let user = mall.store.user();
    for receipt in [
        AmazonReceiptBuilder::consumable("coins"),
        AmazonReceiptBuilder::entitlement("ads"),
    ] {
        let id = mall.store.buy(&user, receipt);
        assert!(is_granted(
            mall.access(&id, &user).await,
            GrantReason::Purchased
        ));
        mall.store.cancel(&id, 2);
        assert!(is_denied(
            mall.access(&id, &user).await,
            DenialReason::Revoked
        ));
    }
}

#[tokio::test]
async fn tests_of_amazon_give_access_to_nobody_in_production() {
    let mall = Mall::new();
    let user = mall.store.user();
    for receipt in [pro().beta(), pro().set("testTransaction", true)] {
        let id = mall.store.buy(&user, receipt);
        assert!(is_denied(
            mall.access(&id, &user).await,
            DenialReason::EnvironmentNotAllowed
        ));
    }
}

#[tokio::test]
async fn verdicts_are_told_apart_from_faults_of_ours_and_of_amazon() {
    let mall = Mall::new();
    let user = mall.store.user();
    let id = mall.store.buy(&user, pro());
    let gone = mall.store.buy(&user, pro());
    mall.store.withdraw(&gone);
    let kind = async |client: &AmazonClient, id: &str, user: &str| {
        let result = client.verify_receipt(&id.into(), &user.into()).await;
        result.unwrap_err().kind()
    };
    let client = mall.client();
    let other_user = mall.store.user();
    let unknown = kind(&client, "unknown=:3:11", &user).await;
    assert_eq!(unknown, ErrorKind::Rejected(Rejection::NotFound));
    let wrong_user = kind(&client, &id, &other_user).await;
    assert_eq!(wrong_user, ErrorKind::Rejected(Rejection::WrongAccount));
    let withdrawn = kind(&client, &gone, &user).await;
    assert_eq!(withdrawn, ErrorKind::Rejected(Rejection::NoLongerValid));
    let stranger = AmazonClient::production("2:wrong:secret==").base_url(mall.store.url());
    let stranger = stranger.build().unwrap();
    assert_eq!(kind(&stranger, &id, &user).await, ErrorKind::Misconfigured);
    for (fault, expected) in [
        (
            Fault::RateLimited { retry_after: DAY },
            ErrorKind::Unavailable,
        ),
        (Fault::ServerError(500), ErrorKind::Unavailable),
        (Fault::Html(503), ErrorKind::Unavailable),
        (Fault::Html(200), ErrorKind::InvalidResponse),
        (Fault::Empty, ErrorKind::InvalidResponse),
        (Fault::Truncated, ErrorKind::InvalidResponse),
        (Fault::Disconnect, ErrorKind::Unavailable),
    ] {
        mall.store.fail_next(fault.clone());
        assert_eq!(kind(&client, &id, &user).await, expected, "{fault:?}");
    }
}

#[tokio::test]
async fn receipts_of_app_tester_are_refused_in_production_before_a_request_and_taken_in_the_sandbox()
 {
    let mall = Mall::new();
    let user = mall.store.user();
    let now = mall.clock.now();
    let id = app_tester_receipt_id(&user, "pro", AppTesterProduct::Subscription, now);
    let error = mall
        .client()
        .verify_receipt(&id.as_str().into(), &user.as_str().into())
        .await;
    assert!(matches!(error.unwrap_err().kind(), ErrorKind::Rejected(_)));
    assert_eq!(mall.store.requests().count(), 0);
    let sandbox = AmazonClient::sandbox()
        .base_url(mall.store.sandbox_url())
        .clock(mall.clock.clone())
        .build()
        .unwrap();
    let answer = sandbox
        .verify_receipt(&id.as_str().into(), &user.as_str().into())
        .await;
    let purchase = answer.unwrap().to_purchase();
    assert_eq!(purchase.environment, Environment::Sandbox);
    assert!(!purchase.access_at(now, &AccessPolicy::new()).is_granted());
    let path = mall.store.requests().last().unwrap().path().to_owned();
    assert!(!path.contains(mall.store.shared_secret()));
}

#[tokio::test]
async fn billing_compatibility_tells_of_the_same_purchases() {
    let mall = Mall::new();
    let user = mall.store.user();
    let coins = mall
        .store
        .buy(&user, AmazonReceiptBuilder::consumable("coins"));
    let subscription = mall.store.buy(&user, pro());
    let client = mall.client();
    let now = mall.clock.now();
    let token = coins.as_str().into();
    let answer = client
        .get_product_purchase(&PACKAGE.into(), &"coins".into(), &token)
        .await;
    let purchase = answer.unwrap().to_purchase();
    assert!(purchase.access_at(now, &AccessPolicy::new()).is_granted());
    let token = subscription.as_str().into();
    let answer = client
        .get_subscription_purchase(&PACKAGE.into(), &token)
        .await;
    let purchase = answer.unwrap().to_purchase();
    assert_eq!(purchase.product_id.as_str(), "pro");
    assert!(purchase.access_at(now, &AccessPolicy::new()).is_granted());
    mall.store.cancel(&subscription, 1);
    let answer = client
        .get_subscription_purchase(&PACKAGE.into(), &token)
        .await;
    let purchase = answer.unwrap().to_purchase();
    assert!(!purchase.access_at(now, &AccessPolicy::new()).is_granted());
}

#[tokio::test]
async fn a_store_that_limits_the_rate_is_a_store_that_could_not_tell() {
    let clock = Arc::new(FixedClock::new("2026-11-27T12:00:00Z".parse().unwrap()));
    let store = FakeAmazonAppstore::builder(PACKAGE)
        .clock(clock.clone())
        .requests_per_second(2)
        .start();
    let mall = Mall { store, clock };
    let user = mall.store.user();
    let id = mall.store.buy(&user, pro());
    assert!(mall.access(&id, &user).await.is_granted());
    assert!(mall.access(&id, &user).await.is_granted());
    let result = mall
        .client()
        .verify_receipt(&id.as_str().into(), &user.as_str().into())
        .await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Unavailable);
    mall.clock.advance(Duration::from_secs(1));
    assert!(mall.access(&id, &user).await.is_granted());
}
