//! Who may push: whoever holds a key that Google publishes, as the account that was set up.

use core::time::Duration;

use iap::{
    Clock as _, EndpointAnswer, EventKind, FixedClock,
    google::{GoogleKeys, KeyProblem, NotificationFailure, NotificationVerifier},
};
use iap_testkit::{Fault, GoogleNotificationBuilder, GooglePushSigner};

use super::{
    Market, PACKAGE,
    notifications::{AUDIENCE, HOUR, events, verify},
    pro,
};
use crate::webhook::{Post, Webhook};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn while_the_keys_cannot_be_had_nothing_is_judged_and_everything_comes_again() {
    let market = Market::new();
    let store = &market.store;
    let (_webhook, judged) = market.endpoint();
    // It is asked twice.
    store.fail_next(Fault::ServerError(503));
    store.fail_next(Fault::ServerError(503));
    store.buy_subscription(pro());
    store.notifications_posted().await;
    let failure = judged.try_recv().unwrap().unwrap_err();
    assert!(
        matches!(failure, NotificationFailure::KeysUnavailable { .. }),
        "{failure:?}"
    );
    assert_eq!(store.unacknowledged_notifications(), 1);
    market.clock.advance(MINUTE);
    store.post_due_notifications();
    store.notifications_posted().await;
    assert_eq!(events(&judged)[0].kind, EventKind::Subscribed);
    assert_eq!(store.unacknowledged_notifications(), 0);
}

#[tokio::test]
async fn a_set_of_keys_that_cannot_be_read_is_no_verdict() {
    let market = Market::new();
    for fault in [Fault::Empty, Fault::Html(200), Fault::Truncated] {
        let webhook = Webhook::answering(200);
        market.store.set_notification_url(&webhook.url);
        market.store.send_test_notification();
        market.store.notifications_posted().await;
        let post = webhook.requests().remove(0);
        market.store.fail_next(fault.clone());
        let verifier = market.notifications(&webhook.url);
        let failure = verify(&verifier, &post).await.unwrap_err();
        assert!(
            matches!(
                failure,
                NotificationFailure::KeysUnavailable {
                    problem: KeyProblem::Unreadable { .. }
                }
            ),
            "{fault:?}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn a_new_key_is_found_and_the_old_one_serves_until_it_is_withdrawn() {
    let market = Market::new();
    let store = &market.store;
    let (_webhook, judged) = market.endpoint();
    store.send_test_notification();
    store.notifications_posted().await;
    assert_eq!(events(&judged).len(), 1);
    let old = store.push_signer();

    store.rotate_push_key();
    assert_ne!(store.push_signer().key_id(), old.key_id());
    // The fetcher has just asked: it does not ask again for a minute, and Pub/Sub tries again.
    store.send_test_notification();
    store.notifications_posted().await;
    let failure = judged.try_recv().unwrap().unwrap_err();
    assert_eq!(failure.check(), "unknown_key");
    assert_eq!(market.key_requests(), 1);
    market.clock.advance(MINUTE);
    store.post_due_notifications();
    store.notifications_posted().await;
    assert_eq!(events(&judged).len(), 1);
    assert_eq!(market.key_requests(), 2);

    // A message that was on its way with the old key.
    let verifier = market.notifications(AUDIENCE);
    let late = || forged_by(&market, &old);
    assert!(verify(&verifier, &late()).await.is_ok());
    store.withdraw_old_push_keys();
    market.clock.advance(HOUR * 6 - Duration::from_secs(1));
    assert!(verify(&verifier, &late()).await.is_ok());
    market.clock.advance(Duration::from_secs(1));
    let failure = verify(&verifier, &late()).await.unwrap_err();
    assert_eq!(failure.check(), "unknown_key");
}

/// A push like one of the store's, signed by somebody else.
fn forged_by(market: &Market, signer: &GooglePushSigner) -> Post {
    let account = market.store.push_service_account();
    let token = signer
        .token(AUDIENCE, account)
        .issued_at(market.clock.now());
    let body = GoogleNotificationBuilder::subscription(PACKAGE, 2, "token").push("1");
    Post {
        headers: vec![("authorization".to_owned(), token.authorization())],
        body: body.into_bytes(),
    }
}

#[tokio::test]
async fn nobody_else_can_push() {
    let market = Market::new();
    let verifier = market.notifications(AUDIENCE);
    let (real, forger) = (market.store.push_signer(), GooglePushSigner::new());
    assert!(verify(&verifier, &forged_by(&market, &real)).await.is_ok());
    let check = async |post: &Post| verify(&verifier, post).await.unwrap_err().check();
    // With a key of one's own, under its own name and under Google's.
    let post = forged_by(&market, &forger);
    assert_eq!(check(&post).await, "unknown_key");
    let account = market.store.push_service_account();
    let now = market.clock.now();
    let with = |authorization: String| Post {
        headers: vec![("authorization".to_owned(), authorization)],
        ..post.clone()
    };
    let genuine = || real.token(AUDIENCE, account).issued_at(now);
    let token = genuine().signed_by(&forger);
    assert_eq!(check(&with(token.authorization())).await, "signature");
    // By Google, and for somebody else.
    let token = real.token(AUDIENCE, "evil@evil.iam.gserviceaccount.com");
    let token = token.issued_at(now);
    assert_eq!(check(&with(token.authorization())).await, "service_account");
    let token = real.token("https://example.org/", account).issued_at(now);
    assert_eq!(check(&with(token.authorization())).await, "audience");
    let unsigned = format!("Bearer {}", genuine().unsigned());
    assert_eq!(check(&with(unsigned)).await, "algorithm");
    let hmac = format!("Bearer {}", genuine().signed_with_the_public_key());
    assert_eq!(check(&with(hmac)).await, "algorithm");
    let old = genuine().issued_at(now.saturating_sub(HOUR * 2));
    assert_eq!(check(&with(old.authorization())).await, "expired");
    let bare = Post {
        headers: Vec::new(),
        ..post.clone()
    };
    assert_eq!(check(&bare).await, "missing");
    // With a good token, about another app and through another subscription.
    let body = GoogleNotificationBuilder::test("com.example.other").push("1");
    let other_app = Post {
        body: body.into_bytes(),
        ..with(genuine().authorization())
    };
    assert_eq!(check(&other_app).await, "app");
    let body = GoogleNotificationBuilder::test(PACKAGE).push("1");
    let body = body.replace("subscriptions/google-play", "subscriptions/other");
    let elsewhere = Post {
        body: body.into_bytes(),
        ..with(genuine().authorization())
    };
    assert_eq!(check(&elsewhere).await, "subscription");
    assert_eq!(market.key_requests(), 1, "forgeries cost no request");
}

#[tokio::test]
async fn the_keys_are_open_to_everybody_and_may_be_kept_for_hours() {
    let market = Market::new();
    let signer = market.store.push_signer();
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy();
    let answer = client.build().unwrap().get(market.store.keys_url());
    let answer = answer.send().await.unwrap();
    let cache_control = answer.headers()["cache-control"].to_str().unwrap();
    assert!(cache_control.contains("max-age=21600"), "{cache_control}");
    assert_eq!(answer.text().await.unwrap(), signer.jwks());
    // A clock of the backend that is slow is no verdict.
    let slow = FixedClock::new(market.clock.now().saturating_sub(HOUR));
    let verifier = NotificationVerifier::builder()
        .audience(AUDIENCE)
        .service_account(market.store.push_service_account())
        .app(PACKAGE)
        .keys(GoogleKeys::from_json(signer.jwks()).unwrap())
        .clock(slow)
        .build()
        .unwrap();
    let post = forged_by(&market, &signer);
    let failure = verifier.verify(post.headers, post.body).unwrap_err();
    assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
}
