//! Every call about purchases, orders and payments elsewhere, made over HTTP to a store that has a
//! state.

use iap::{
    Clock as _, ErrorKind, Money, Rejection,
    google::{
        AcknowledgementState, AcknowledgementStateV1, ApiRequest, CancelReason,
        CancelSubscriptionPurchaseRequest, CancellationType, ConsumptionState,
        DeferSubscriptionPurchaseRequest, ExternalTransaction, ExternalTransactionAddress, Lookup,
        OrderState, OrdersReviewRefundRequest, PaymentState, PlayClient,
        ProductPurchasesAcknowledgeRequest, PurchaseState, PurchaseStateV1,
        RefundExternalTransactionRequest, RefundPreference, RevokeSubscriptionPurchaseRequest,
        SampleContent, SubscriptionDeferralInfo, SubscriptionPurchaseV2,
        SubscriptionPurchasesAcknowledgeRequest, SubscriptionPurchasesDeferRequest,
        SubscriptionState, TransactionState, VoidedPurchasesListRequest,
    },
};
use iap_testkit::GoogleProductBuilder;

use super::{DAY, Market, pro};

async fn subscription(client: &PlayClient, token: &str) -> SubscriptionPurchaseV2 {
    let found = client.subscriptionsv2().get(token).await.unwrap();
    found.found().unwrap()
}

fn usd(micros: i64) -> Money {
    Money::from_micros(micros, "USD".parse().unwrap())
}

#[tokio::test]
async fn a_product_is_read_in_both_forms_confirmed_and_used_up() {
    let market = Market::new();
    let client = market.client();
    let coins = GoogleProductBuilder::new("coins").quantity(2);
    let token = market.store.buy_product(coins.account_id("user-42"));
    let token = token.as_str();
    let acknowledge = ProductPurchasesAcknowledgeRequest::default();
    let (products, productsv2) = (client.products(), client.productsv2());
    products
        .acknowledge("coins", token, &acknowledge)
        .await
        .unwrap();
    let again = products.acknowledge("coins", token, &acknowledge).await;
    let error = again.unwrap_err();
    assert_eq!(error.api_code(), Some("invalidPurchaseState"));
    products.consume("coins", token).await.unwrap();
    let error = products.consume("coins", token).await.unwrap_err();
    assert_eq!(error.api_code(), Some("productNotOwnedByUser"));
    assert_eq!(error.kind(), ErrorKind::Refused);

    let found = productsv2.get_product_purchase_v2(token).await.unwrap();
    let found = found.found().unwrap();
    let state = found.purchase_state_context.unwrap().purchase_state;
    assert_eq!(state, Some(PurchaseState::Purchased));
    let acknowledged = Some(AcknowledgementState::Acknowledged);
    assert_eq!(found.acknowledgement_state, acknowledged);
    let details = found.product_line_item[0].product_offer_details.clone();
    let details = details.unwrap();
    assert_eq!(details.quantity, Some(2));
    assert_eq!(details.consumption_state, Some(ConsumptionState::Consumed));

    let found = products.get("coins", token).await.unwrap();
    let found = found.found().unwrap();
    assert_eq!(found.purchase_state, Some(PurchaseStateV1::Purchased));
    let acknowledged = Some(AcknowledgementStateV1::Acknowledged);
    assert_eq!(found.acknowledgement_state, acknowledged);
    let account_id = found.obfuscated_external_account_id.as_deref();
    assert_eq!(account_id, Some("user-42"));

    let error = products.get("other", token).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::WrongProduct));
    market.store.forget(token);
    let gone = productsv2.get_product_purchase_v2(token).await.unwrap();
    assert!(matches!(gone, Lookup::Gone(_)));
    let gone = products.get("coins", token).await.unwrap();
    assert!(matches!(gone, Lookup::Gone(_)));
}

#[tokio::test]
async fn a_subscription_is_confirmed_deferred_cancelled_and_revoked() {
    let market = Market::new();
    let client = market.client();
    let resource = client.subscriptionsv2();
    let token = market.store.buy_subscription(pro());
    let token = token.as_str();
    let acknowledge = SubscriptionPurchasesAcknowledgeRequest::default();
    let subscriptions = client.subscriptions();
    subscriptions
        .acknowledge("pro", token, &acknowledge)
        .await
        .unwrap();
    let error = subscriptions
        .acknowledge("other", token, &acknowledge)
        .await
        .unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::WrongProduct));

    let before = subscription(&client, token).await;
    let end = before.line_items[0].expiry_time.unwrap();
    let later = end.saturating_add(DAY * 7);
    let defer = DeferSubscriptionPurchaseRequest::new(before.etag.unwrap(), DAY * 7);
    let dry_run = defer.clone().validate_only();
    for request in [&dry_run, &defer] {
        let deferred = resource.defer(token, request).await.unwrap();
        assert_eq!(
            deferred.item_expiry_time_details[0].expiry_time,
            Some(later)
        );
        let present = subscription(&client, token).await;
        let is_dry_run = core::ptr::eq(request, &raw const dry_run);
        let expected = if is_dry_run { end } else { later };
        assert_eq!(present.line_items[0].expiry_time, Some(expected));
    }
    // The etag is that of an older answer now.
    let error = resource.defer(token, &defer).await.unwrap_err();
    assert_eq!(error.http_status(), Some(409));
    assert_eq!(error.kind(), ErrorKind::Unavailable);

    let by_developer = CancellationType::DeveloperRequestedStopPayments;
    let cancel = CancelSubscriptionPurchaseRequest::new(by_developer);
    resource.cancel(token, &cancel).await.unwrap();
    let present = subscription(&client, token).await;
    assert_eq!(
        present.subscription_state,
        Some(SubscriptionState::Canceled)
    );
    let context = present.canceled_state_context.unwrap();
    assert!(context.developer_initiated_cancellation.is_some());

    let revoke = RevokeSubscriptionPurchaseRequest::prorated_refund();
    resource.revoke(token, &revoke).await.unwrap();
    let present = subscription(&client, token).await;
    assert_eq!(present.subscription_state, Some(SubscriptionState::Expired));
    for full in [RevokeSubscriptionPurchaseRequest::full_refund(), revoke] {
        let error = resource.revoke(token, &full).await.unwrap_err();
        assert_eq!(error.api_code(), Some("subscriptionExpired"));
    }
    let prepaid = market.store.buy_subscription(pro().prepaid());
    let refused = resource.cancel(prepaid, &cancel).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
}

#[tokio::test]
#[expect(deprecated, reason = "until Google switches them off")]
async fn the_older_calls_about_subscriptions_still_work() {
    let market = Market::new();
    let client = market.client();
    let resource = client.subscriptions();
    let token = market.store.buy_subscription(pro().account_id("user-42"));
    let token = token.as_str();
    let found = resource.get("pro", token).await.unwrap().found().unwrap();
    assert_eq!(found.payment_state, Some(PaymentState::Received));
    assert!(found.auto_renewing);
    let end = found.expiry_time_millis.unwrap();

    let mut info = SubscriptionDeferralInfo::default();
    info.expected_expiry_time_millis = Some(end);
    info.desired_expiry_time_millis = Some(end.saturating_add(DAY));
    let mut defer = SubscriptionPurchasesDeferRequest::default();
    defer.deferral_info = Some(info);
    let deferred = resource.defer("pro", token, &defer).await.unwrap();
    let later = Some(end.saturating_add(DAY));
    assert_eq!(deferred.new_expiry_time_millis, later);

    resource.refund("pro", token).await.unwrap();
    let order = client.orders().get(market.store.order_id(token)).await;
    assert_eq!(order.unwrap().state, Some(OrderState::Refunded));
    resource.cancel("pro", token).await.unwrap();
    let found = resource.get("pro", token).await.unwrap().found().unwrap();
    assert_eq!(found.cancel_reason, Some(CancelReason::Developer));
    assert!(!found.auto_renewing);
    assert_eq!(found.payment_state, None);
    assert!(found.expiry_time_millis > Some(market.clock.now()));
    resource.revoke("pro", token).await.unwrap();
    let found = resource.get("pro", token).await.unwrap().found().unwrap();
    assert_eq!(found.expiry_time_millis, Some(market.clock.now()));
    market.store.forget(token);
    let gone = resource.get("pro", token).await.unwrap();
    assert!(matches!(gone, Lookup::Gone(_)));
}

#[tokio::test]
async fn orders_are_read_one_by_one_and_together() {
    let market = Market::new();
    let client = market.client();
    let orders = client.orders();
    let token = market
        .store
        .buy_subscription(pro().price_micros(4_990_000, "USD"));
    let first = market.store.order_id(&token);
    market.store.renew(&token);
    let second = market.store.order_id(&token);
    let order = orders.get(first.as_str()).await.unwrap();
    assert_eq!(order.total.unwrap().to_money(), Some(usd(4_990_000)));
    assert_eq!(order.state, Some(OrderState::Processed));
    let both = orders.batch_get([first.as_str(), &second]).await.unwrap();
    let ids: Vec<_> = both.orders.iter().map(|it| it.order_id.as_ref()).collect();
    assert_eq!(
        ids,
        [Some(&first.as_str().into()), Some(&second.as_str().into())]
    );
    // One that is not known fails them all.
    let error = orders.batch_get([first.as_str(), "GPA.0"]).await;
    assert_eq!(error.unwrap_err().rejection(), Some(Rejection::NotFound));
    let pending = GoogleProductBuilder::new("coins").pending();
    let pending = market.store.buy_product(pending);
    let order = orders.get(market.store.order_id(&pending)).await.unwrap();
    assert_eq!(order.state, Some(OrderState::Pending));
}

#[tokio::test]
async fn the_first_answer_to_a_refund_that_google_asks_about_counts() {
    let market = Market::new();
    let client = market.client();
    let bought = market.store.buy_product(GoogleProductBuilder::new("coins"));
    let order_id = market.store.order_id(&bought);
    let asked = market.store.ask_about_refund(&order_id);
    for preference in [RefundPreference::Decline, RefundPreference::Approve] {
        let token = asked.as_str();
        let review = OrdersReviewRefundRequest::new(token, preference, SampleContent::NotProvided);
        let answer = client.orders().review_refund(order_id.as_str(), &review);
        answer.await.unwrap();
    }
    let kept = market.store.refund_review(&asked).unwrap();
    assert_eq!(kept["refundPreference"], "DECLINE");
}

#[tokio::test]
async fn payments_elsewhere_are_reported_and_given_back() {
    let market = Market::new();
    let client = market.client();
    let resource = client.externaltransactions();
    let now = market.clock.now();
    let address = ExternalTransactionAddress::new("US");
    let paid = ExternalTransaction::new(usd(9_990_000), usd(800_000), now, address);
    let paid = paid.one_time("token-of-the-app");
    let reported = resource
        .create_external_transaction("order-1", &paid)
        .await
        .unwrap();
    let state = Some(TransactionState::Reported);
    assert_eq!(reported.transaction_state, state);
    let read = resource.get_external_transaction("order-1").await.unwrap();
    assert_eq!(read, reported);
    let part = RefundExternalTransactionRequest::partial(now, "part-1", usd(1_000_000));
    for is_first in [true, false] {
        let refund = resource.refund_external_transaction("order-1", &part).await;
        assert_eq!(refund.is_ok(), is_first, "an id counts once");
    }
    let full = RefundExternalTransactionRequest::full(now);
    let canceled = resource.refund_external_transaction("order-1", &full).await;
    let state = Some(TransactionState::Canceled);
    assert_eq!(canceled.unwrap().transaction_state, state);
    let error = resource
        .create_external_transaction("no such id!", &paid)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let error = resource.get_external_transaction("order-2").await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Refused);
}

/// What the store says is what Google's documents know: no member is left over.
#[tokio::test]
async fn the_store_speaks_the_language_of_the_api() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let subscriptions = [
        store.buy_subscription(pro().free_trial("welcome").account_id("user-42").test()),
        store.buy_subscription(pro().and("maps", "monthly").installments(3)),
        store.buy_subscription(pro().prepaid().pending()),
        store.buy_subscription(pro()),
        store.buy_subscription(pro()),
    ];
    store.change_price(&subscriptions[0], 1);
    store.cancel(&subscriptions[1]);
    store.enter_grace_period(&subscriptions[3], DAY);
    let again = store.resubscribe(&subscriptions[0]);
    let changed = store.change_plan_later(&subscriptions[4], "basic", "monthly");
    for token in subscriptions.iter().chain([&again, &changed]) {
        let found = subscription(&client, token).await;
        assert!(found.unknown.is_empty(), "{found:?}");
        for item in &found.line_items {
            assert!(item.unknown.is_empty(), "{item:?}");
            if let Some(plan) = &item.auto_renewing_plan {
                assert!(plan.unknown.is_empty(), "{plan:?}");
            }
        }
        let order = client.orders().get(store.order_id(token)).await.unwrap();
        assert!(order.unknown.is_empty(), "{order:?}");
    }
    let token = store.buy_product(GoogleProductBuilder::new("coins").account_id("a").test());
    let resource = client.productsv2();
    let found = resource.get_product_purchase_v2(token.as_str()).await;
    let found = found.unwrap().found().unwrap();
    assert!(found.unknown.is_empty(), "{found:?}");
    let details = found.product_line_item[0].product_offer_details.as_ref();
    assert!(details.unwrap().unknown.is_empty(), "{details:?}");
    let found = client.products().get("coins", token.as_str()).await;
    let found = found.unwrap().found().unwrap();
    assert!(found.unknown.is_empty(), "{found:?}");
    store.refund_items(&token, 1);
    let all = VoidedPurchasesListRequest::new();
    let listed = client.voidedpurchases().list(&all, None).await.unwrap();
    let voided = &listed.voided_purchases[0];
    assert!(listed.unknown.is_empty() && voided.unknown.is_empty());
}

#[tokio::test]
async fn a_call_that_this_version_does_not_know_is_made_like_any_other() {
    let market = Market::new();
    let client = market.client();
    let token = market.store.buy_subscription(pro());
    let path = ["purchases", "subscriptionsv2", "tokens", token.as_str()];
    let request = ApiRequest::get("purchases.subscriptionsv2.get", path);
    let answer: serde_json::Value = client.send(request).await.unwrap();
    assert_eq!(answer["lineItems"][0]["productId"], "pro");
    let path = [
        "purchases",
        "subscriptions",
        "pro",
        "tokens",
        token.as_str(),
    ];
    let request = ApiRequest::post("purchases.subscriptions.acknowledge", path);
    let request = request.verb("acknowledge");
    client.send_without_answer(request).await.unwrap();
    let present = subscription(&client, &token).await;
    let acknowledged = Some(AcknowledgementState::Acknowledged);
    assert_eq!(present.acknowledgement_state, acknowledged);
}
