//! What happens to a subscription at the store, and what the backend then answers.

use iap::{
    AutoRenew, Clock as _, DenialReason, ErrorKind, ExpirationReason, GrantReason, Money,
    PriceIncrease, PurchaseKey, Rejection,
    google::{
        CancelSubscriptionPurchaseRequest, CancellationType, Confirmation, ExternalAccountIds,
        SubscriptionPurchasesAcknowledgeRequest,
    },
};

use super::{DAY, Market, is_denied, is_granted, pro};

#[tokio::test]
async fn a_subscription_from_its_trial_to_its_end() {
    let market = Market::new();
    let store = &market.store;
    let token = store.buy_subscription(pro().free_trial("welcome").account_id("user-42"));
    let purchase = market.subscription(&token).await;
    assert_eq!(purchase.account_id.as_ref().unwrap().as_str(), "user-42");
    let subscription = purchase.subscription.as_ref().unwrap();
    assert!(subscription.offer.as_ref().unwrap().is_free_trial());
    assert_eq!(subscription.renews_at, purchase.expires_at);
    assert!(is_granted(market.decide(&purchase), GrantReason::Active));

    market.clock.advance(DAY * 30);
    store.renew(&token);
    let renewed = market.subscription(&token).await;
    assert!(renewed.supersedes(&purchase));
    assert_eq!(renewed.key, purchase.key);
    let order_id = renewed.transaction_id.as_ref().unwrap().as_str();
    assert!(order_id.ends_with("..0"), "{order_id}");
    assert!(is_granted(market.decide(&renewed), GrantReason::Active));

    store.cancel(&token);
    let canceled = market.subscription(&token).await;
    let subscription = canceled.subscription.as_ref().unwrap();
    assert_eq!(subscription.auto_renew, AutoRenew::Off);
    let reason = Some(ExpirationReason::CustomerCanceled);
    assert_eq!(subscription.expiration_reason, reason);
    assert!(is_granted(market.decide(&canceled), GrantReason::Active));
    store.restart(&token);
    assert!(is_granted(market.access(&token).await, GrantReason::Active));

    store.cancel(&token);
    market.clock.advance(DAY * 30);
    // Google has not said that it ended.
    assert!(is_denied(
        market.access(&token).await,
        DenialReason::Expired
    ));
    store.expire(&token);
    assert!(is_denied(
        market.access(&token).await,
        DenialReason::Expired
    ));
    store.forget(&token);
    let error = market.verify_subscription(&token).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::NoLongerValid));
    assert_eq!(error.http_status(), Some(410));
}

#[tokio::test]
async fn a_failed_payment_from_grace_to_hold_to_recovery() {
    let market = Market::new();
    let store = &market.store;
    let token = store.buy_subscription(pro());
    let paid = market.subscription(&token).await.transaction_id;
    market.clock.advance(DAY * 30);
    store.enter_grace_period(&token, DAY * 7);
    let in_grace = market.subscription(&token).await;
    assert_eq!(in_grace.transaction_id, paid, "the unpaid order is none");
    assert!(is_granted(
        market.decide(&in_grace),
        GrantReason::InGracePeriod
    ));
    market.clock.advance(DAY * 7);
    store.hold(&token);
    assert!(is_denied(market.access(&token).await, DenialReason::OnHold));
    market.clock.advance(DAY * 10);
    store.recover(&token);
    let recovered = market.subscription(&token).await;
    assert!(is_granted(market.decide(&recovered), GrantReason::Active));
    let end = market.clock.now().saturating_add(DAY * 30);
    assert_eq!(recovered.expires_at, Some(end), "the days on hold are lost");
    assert_ne!(recovered.transaction_id, paid);
}

#[tokio::test]
async fn who_cancels_in_the_grace_period_has_paid_for_nothing() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro());
    market.clock.advance(DAY * 30);
    market.store.enter_grace_period(&token, DAY * 7);
    market.store.cancel(&token);
    assert!(is_denied(
        market.access(&token).await,
        DenialReason::Expired
    ));
}

#[tokio::test]
async fn a_pause_takes_effect_when_it_begins_and_ends_with_a_payment() {
    let market = Market::new();
    let store = &market.store;
    let token = store.buy_subscription(pro());
    store.plan_pause(&token);
    assert!(is_granted(market.access(&token).await, GrantReason::Active));
    market.clock.advance(DAY * 30);
    let resumes_at = market.clock.now().saturating_add(DAY * 14);
    store.pause(&token, resumes_at);
    let paused = market.subscription(&token).await;
    assert!(is_denied(market.decide(&paused), DenialReason::Paused));
    assert_eq!(paused.subscription.unwrap().resumes_at, Some(resumes_at));
    market.clock.advance(DAY * 14);
    store.recover(&token);
    assert!(is_granted(market.access(&token).await, GrantReason::Active));
}

#[tokio::test]
async fn what_google_takes_back_ends_at_once_whatever_was_paid() {
    let market = Market::new();
    for take_back in [
        |market: &Market, token: &str| market.store.revoke(token),
        |market: &Market, token: &str| market.store.miss_acknowledgement(token),
    ] {
        let token = market.store.buy_subscription(pro());
        take_back(&market, &token);
        assert!(is_denied(
            market.access(&token).await,
            DenialReason::Expired
        ));
    }
}

#[tokio::test]
async fn an_upgrade_ends_the_replaced_purchase_and_links_to_it() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let first = store.buy_subscription(pro());
    let second = store.change_plan(&first, pro().period(DAY * 365));
    let third = store.change_plan(&second, pro().period(DAY * 7));
    for old in [&first, &second] {
        let old = market.subscription(old).await;
        assert!(is_denied(market.decide(&old), DenialReason::Replaced));
    }
    let purchase = market.subscription(&third).await;
    assert!(is_granted(market.decide(&purchase), GrantReason::Active));
    assert_eq!(
        purchase.replaces,
        Some(PurchaseKey::google(second.as_str()))
    );
    let replaced = client.replaced_tokens(&purchase).await.unwrap();
    assert_eq!(replaced, [second.as_str(), first.as_str()]);
    // A link that Google forgot ends the walk.
    store.forget(&second);
    let replaced = client.replaced_tokens(&purchase).await.unwrap();
    assert_eq!(replaced, [second.as_str()]);
}

#[tokio::test]
async fn a_plan_that_changes_later_gives_the_old_product_until_then() {
    let market = Market::new();
    let first = market.store.buy_subscription(pro());
    market.clock.advance(DAY * 10);
    let second = market.store.change_plan_later(&first, "basic", "monthly");
    assert!(is_denied(
        market.access(&first).await,
        DenialReason::Replaced
    ));
    let before = market.subscription(&second).await;
    assert_eq!(before.product_id.as_str(), "pro");
    let next = before
        .subscription
        .as_ref()
        .unwrap()
        .next_product_id
        .as_ref();
    assert_eq!(next.unwrap().as_str(), "basic");
    // Not owned yet.
    let item = &before.additional_items[0];
    let policy = iap::AccessPolicy::new();
    let access = before.item_access_at(item, market.clock.now(), &policy);
    assert!(is_denied(access, DenialReason::NoExpiry));
    market.clock.advance(DAY * 20);
    market.store.renew(&second);
    let after = market.subscription(&second).await;
    assert_eq!(after.product_id.as_str(), "basic");
    assert!(is_granted(market.decide(&after), GrantReason::Active));
    let access = after.item_access_at(&after.additional_items[0], market.clock.now(), &policy);
    assert!(is_denied(access, DenialReason::Expired));
}

#[tokio::test]
async fn a_top_up_adds_its_time_to_what_was_left_and_is_confirmed_again() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let first = store.buy_subscription(pro().prepaid());
    let before = market.subscription(&first).await;
    assert_eq!(
        before.subscription.as_ref().unwrap().auto_renew,
        AutoRenew::Off
    );
    client.acknowledge_if_needed(&before).await.unwrap();
    market.clock.advance(DAY * 10);
    let second = store.top_up(&first);
    assert!(is_denied(
        market.access(&first).await,
        DenialReason::Replaced
    ));
    let topped_up = market.subscription(&second).await;
    let end = before.expires_at.unwrap().saturating_add(DAY * 30);
    assert_eq!(topped_up.expires_at, Some(end));
    let done = client.acknowledge_if_needed(&topped_up).await.unwrap();
    assert_eq!(done, Confirmation::Done);
    // No leeway for what never renews.
    market.clock.advance(DAY * 50);
    assert!(is_denied(
        market.access(&second).await,
        DenialReason::Expired
    ));
}

#[tokio::test]
async fn a_pending_subscription_gives_access_once_it_is_paid() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let token = store.buy_subscription(pro().prepaid().pending());
    let pending = market.subscription(&token).await;
    assert!(is_denied(market.decide(&pending), DenialReason::Pending));
    assert_eq!(pending.transaction_id, None);
    let not_yet = client.acknowledge_if_needed(&pending).await.unwrap();
    assert_eq!(not_yet, Confirmation::NotNeeded);
    store.pay(&token);
    assert!(is_granted(market.access(&token).await, GrantReason::Active));

    let given_up = store.buy_subscription(pro().prepaid().pending());
    store.cancel_pending(&given_up);
    let access = market.access(&given_up).await;
    assert!(is_denied(access, DenialReason::Canceled));
}

#[tokio::test]
async fn a_confirmation_is_made_once_however_often_it_is_asked_for() {
    let market = Market::new();
    let client = market.client();
    let token = market.store.buy_subscription(pro());
    let purchase = market.subscription(&token).await;
    let first = client.acknowledge_if_needed(&purchase).await.unwrap();
    assert_eq!(first, Confirmation::Done);
    // From the same answer, as by another server that does not know of it.
    let second = client.acknowledge_if_needed(&purchase).await.unwrap();
    assert_eq!(second, Confirmation::NotNeeded);
    let purchase = market.subscription(&token).await;
    market.store.requests().clear();
    let third = client.acknowledge_if_needed(&purchase).await.unwrap();
    assert_eq!(third, Confirmation::NotNeeded);
    assert_eq!(market.store.requests().count(), 0, "that costs no call");
    // What was taken back cannot be confirmed.
    let token = market.store.buy_subscription(pro());
    let purchase = market.subscription(&token).await;
    market.store.revoke(&token);
    let error = client.acknowledge_if_needed(&purchase).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.api_code(), Some("subscriptionNotOwnedByUser"));
}

#[tokio::test]
async fn who_comes_back_in_google_play_is_known_by_the_account_of_before() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let ended = store.buy_subscription(pro().account_id("user-42"));
    store.expire(&ended);
    let token = store.resubscribe(&ended);
    let purchase = market.subscription(&token).await;
    assert_eq!(purchase.account_id.as_ref().unwrap().as_str(), "user-42");
    assert_eq!(purchase.replaces, None);
    let mut ids = ExternalAccountIds::default();
    ids.obfuscated_account_id = Some("user-42".to_owned());
    let mut request = SubscriptionPurchasesAcknowledgeRequest::default();
    request.external_account_ids = Some(ids);
    let subscriptions = client.subscriptions();
    let confirmed = subscriptions.acknowledge("pro", token.as_str(), &request);
    confirmed.await.unwrap();
    let found = client.subscriptionsv2().get(token.as_str()).await.unwrap();
    let found = found.found().unwrap();
    assert_eq!(found.out_of_app_purchase_context, None);
    let purchase = market.subscription(&token).await;
    assert_eq!(purchase.account_id.unwrap().as_str(), "user-42");
}

#[tokio::test]
async fn a_higher_price_is_charged_after_consent() {
    let market = Market::new();
    let token = market
        .store
        .buy_subscription(pro().price_micros(5_000_000, "USD"));
    let usd = |micros| Some(Money::from_micros(micros, "USD".parse().unwrap()));
    market.store.change_price(&token, 7_000_000);
    let asked = market.subscription(&token).await.subscription.unwrap();
    assert_eq!(asked.price_increase, Some(PriceIncrease::Pending));
    assert_eq!(asked.renewal_price, usd(5_000_000));
    market.store.accept_price(&token);
    let agreed = market.subscription(&token).await.subscription.unwrap();
    assert_eq!(agreed.price_increase, Some(PriceIncrease::Accepted));
    assert_eq!(agreed.renewal_price, usd(7_000_000));
    market.store.renew(&token);
    let charged = market.subscription(&token).await.subscription.unwrap();
    assert_eq!(charged.price_increase, None);
    assert_eq!(charged.renewal_price, usd(7_000_000));
}

#[tokio::test]
async fn installments_that_are_cancelled_run_to_the_end_of_the_commitment() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let token = store.buy_subscription(pro().installments(12));
    let by_customer = CancellationType::UserRequestedStopRenewals;
    let request = CancelSubscriptionPurchaseRequest::new(by_customer);
    let cancel = client.subscriptionsv2().cancel(token.as_str(), &request);
    cancel.await.unwrap();
    let purchase = market.subscription(&token).await;
    assert!(is_granted(market.decide(&purchase), GrantReason::Active));
    let reason = purchase.subscription.unwrap().expiration_reason;
    assert_eq!(reason, Some(ExpirationReason::CustomerCanceled));
    store.cancel(&token);
    store.expire(&token);
    assert!(is_denied(
        market.access(&token).await,
        DenialReason::Expired
    ));
}

#[tokio::test]
async fn an_add_on_ends_alone() {
    let market = Market::new();
    let token = market.store.buy_subscription(pro().and("maps", "monthly"));
    let purchase = market.subscription(&token).await;
    assert_eq!(purchase.product_id.as_str(), "pro");
    assert_eq!(purchase.additional_items[0].product_id.as_str(), "maps");
    let request = iap::google::RevokeSubscriptionPurchaseRequest::item_based_refund("maps");
    let client = market.client();
    let revoke = client.subscriptionsv2().revoke(token.as_str(), &request);
    revoke.await.unwrap();
    let purchase = market.subscription(&token).await;
    assert!(purchase.additional_items.is_empty());
    assert!(is_granted(market.decide(&purchase), GrantReason::Active));
}
