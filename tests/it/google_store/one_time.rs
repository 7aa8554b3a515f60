//! What happens to one-time products at the store, and what the backend then answers.

use iap::{
    Acknowledgement, Clock as _, Consumption, DenialReason, EnvironmentSet, ErrorKind, GrantReason,
    Proof, Rejection, RevocationReason, Stores, Verifier as _,
    google::{Confirmation, Revoke, VoidedPurchasesListRequest, VoidedReason, VoidedSource},
};
use iap_testkit::GoogleProductBuilder;

use super::{DAY, Market, PACKAGE, is_denied, is_granted, pro};

fn coins() -> GoogleProductBuilder {
    GoogleProductBuilder::new("coins")
}

#[tokio::test]
async fn a_pending_purchase_gives_access_once_it_is_paid_and_can_be_confirmed_only_then() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let token = store.buy_product(coins().pending().account_id("user-42"));
    let pending = market.product(&token).await;
    assert!(is_denied(market.decide(&pending), DenialReason::Pending));
    let not_yet = client.acknowledge_if_needed(&pending).await.unwrap();
    assert_eq!(not_yet, Confirmation::NotNeeded);
    market.clock.advance(DAY);
    store.pay(&token);
    let paid = market.product(&token).await;
    assert!(is_granted(market.decide(&paid), GrantReason::Purchased));
    assert_eq!(paid.account_id.as_ref().unwrap().as_str(), "user-42");
    // The time of waiting does not count.
    let deadline = market.clock.now().saturating_add(DAY * 3);
    assert_eq!(paid.acknowledge_by, Some(deadline));

    let given_up = store.buy_product(coins().pending());
    store.cancel_product(&given_up);
    let access = market.product_access(&given_up).await;
    assert!(is_denied(access, DenialReason::Canceled));
}

#[tokio::test]
async fn a_consumable_is_used_up_once_and_counts_as_confirmed() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let token = store.buy_product(coins().quantity(3));
    let purchase = market.product(&token).await;
    assert_eq!(purchase.quantity, 3);
    assert_eq!(purchase.consumption, Consumption::NotConsumed);
    let product_id = purchase.product_id.clone();
    let consume = || client.consume_if_needed(&purchase, &product_id);
    assert_eq!(consume().await.unwrap(), Confirmation::Done);
    assert_eq!(consume().await.unwrap(), Confirmation::NotNeeded);
    let consumed = market.product(&token).await;
    assert_eq!(consumed.acknowledgement, Acknowledgement::Done);
    assert!(is_denied(market.decide(&consumed), DenialReason::Consumed));
    // Bought again, under another token.
    let again = store.buy_product(coins());
    let access = market.product_access(&again).await;
    assert!(is_granted(access, GrantReason::Purchased));
    let error = client
        .consume_if_needed(&purchase, &"other".into())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_confirmation_whose_answer_is_lost_is_found_to_have_been_made() {
    use iap_testkit::Fault;

    let market = Market::new();
    let client = market.client();
    for fault in [Fault::BrokenOff, Fault::ServerError(503)] {
        let acted = fault.store_acts();
        let token = market.store.buy_product(coins());
        // With a client that has an access token.
        let lookup = client.product_purchase(token.as_str()).await.unwrap();
        let purchase = lookup.found().unwrap();
        market.store.fail_next(fault);
        let result = client.acknowledge_if_needed(&purchase).await;
        assert_eq!(result.is_ok(), acted, "{result:?}");
        let present = market.product(&token).await.acknowledgement;
        assert_eq!(present == Acknowledgement::Done, acted);
    }
}

#[tokio::test]
async fn what_is_taken_back_gives_no_access_and_is_found_in_the_list_page_by_page() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let mut tokens = Vec::new();
    for _ in 0..5 {
        let token = store.buy_product(coins());
        store.cancel_product(&token);
        tokens.push(token);
    }
    let refunded = market.product(&tokens[0]).await;
    assert!(is_denied(market.decide(&refunded), DenialReason::Revoked));
    let revocation = refunded.revocation.unwrap();
    assert_eq!(revocation.reason, RevocationReason::Refunded);
    let subscription = store.buy_subscription(pro());
    store.miss_acknowledgement(&subscription);

    let walk = async |request: VoidedPurchasesListRequest| {
        let mut pages = client.voidedpurchases().pages(request);
        let mut found = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            found.push(page.voided_purchases);
        }
        found
    };
    let all = VoidedPurchasesListRequest::new;
    let pages = walk(all().max_results(2)).await;
    let lengths: Vec<_> = pages.iter().map(Vec::len).collect();
    assert_eq!(lengths, [2, 2, 1]);
    let found = pages.iter().flatten();
    let found: Vec<_> = found
        .map(|it| it.purchase_token.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(found, tokens, "the oldest first");

    let pages = walk(all().with_subscriptions()).await;
    let last = pages.iter().flatten().last().unwrap();
    let token = last.purchase_token.as_ref().unwrap().as_str();
    assert_eq!(token, subscription);
    assert_eq!(last.voided_source, Some(VoidedSource::Google));
    let reason = VoidedReason::UnacknowledgedPurchase;
    assert_eq!(last.voided_reason, Some(reason));

    market.clock.advance(DAY);
    let now = market.clock.now();
    assert_eq!(walk(all().start_time(now)).await, [vec![]]);
    let too_early = all().start_time(now.saturating_sub(DAY * 31));
    let list = client.voidedpurchases();
    let error = list.list(&too_early, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn some_items_of_a_purchase_are_refunded_and_the_rest_stays() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let token = store.buy_product(coins().quantity(5));
    store.refund_items(&token, 2);
    let purchase = market.product(&token).await;
    assert_eq!(purchase.quantity, 3);
    assert!(is_granted(market.decide(&purchase), GrantReason::Purchased));
    let all = VoidedPurchasesListRequest::new;
    let resource = client.voidedpurchases();
    let listed = resource.list(&all(), None).await.unwrap();
    assert!(listed.voided_purchases.is_empty());
    let with_parts = all().with_quantity_based_partial_refunds();
    let listed = resource.list(&with_parts, None).await.unwrap();
    assert_eq!(listed.voided_purchases[0].voided_quantity, Some(2));
    store.refund_items(&token, 3);
    let access = market.product_access(&token).await;
    assert!(is_denied(access, DenialReason::Revoked));
}

#[tokio::test]
async fn a_refund_takes_access_only_where_it_is_meant_to() {
    let market = Market::new();
    let (store, client) = (&market.store, market.client());
    let token = store.buy_product(coins());
    let order_id = store.order_id(&token);
    let orders = client.orders();
    let refund = orders.refund(order_id.as_str(), Revoke::No);
    refund.await.unwrap();
    let access = market.product_access(&token).await;
    assert!(is_granted(access, GrantReason::Purchased));
    let error = orders
        .refund(order_id.as_str(), Revoke::No)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);

    let token = store.buy_product(coins());
    let order_id = store.order_id(&token);
    let refund = orders.refund(order_id.as_str(), Revoke::AtOnce);
    refund.await.unwrap();
    let access = market.product_access(&token).await;
    assert!(is_denied(access, DenialReason::Revoked));

    // An earlier period of a subscription: the present one stays.
    let token = store.buy_subscription(pro());
    let first = store.order_id(&token);
    store.renew(&token);
    orders.refund(first, Revoke::AtOnce).await.unwrap();
    assert!(is_granted(market.access(&token).await, GrantReason::Active));
    let latest = store.order_id(&token);
    orders.refund(latest, Revoke::AtOnce).await.unwrap();
    assert!(is_denied(
        market.access(&token).await,
        DenialReason::Expired
    ));
}

#[tokio::test]
async fn several_products_of_one_purchase_are_all_there() {
    let market = Market::new();
    let token = market.store.buy_product(coins().quantity(2).and("skin"));
    let purchase = market.product(&token).await;
    assert_eq!(purchase.product_id.as_str(), "coins");
    assert_eq!(purchase.quantity, 2);
    let item = &purchase.additional_items[0];
    assert_eq!((item.product_id.as_str(), item.quantity), ("skin", 1));
}

#[tokio::test]
async fn a_purchase_of_a_tester_gives_access_only_to_those_who_allow_it() {
    let market = Market::new();
    let token = market.store.buy_product(coins().test());
    let purchase = market.product(&token).await;
    assert!(purchase.is_test);
    let denied = market.decide(&purchase);
    assert!(is_denied(denied, DenialReason::EnvironmentNotAllowed));
    let both: EnvironmentSet = [iap::Environment::Production, iap::Environment::Sandbox].into();
    let staging = iap::AccessPolicy::new().environments(both);
    assert!(
        purchase
            .access_at(market.clock.now(), &staging)
            .is_granted()
    );
}

#[tokio::test]
async fn whatever_an_app_calls_a_token_google_says_what_it_is() {
    let market = Market::new();
    let product = market.store.buy_product(coins());
    let subscription = market.store.buy_subscription(pro());
    let verifier = market.verifier();
    let proof = Proof::google_subscription(PACKAGE, product.as_str());
    let purchase = verifier.verify(&proof).await.unwrap();
    assert_eq!(purchase.product_id.as_str(), "coins");
    let proof = Proof::google_product(PACKAGE, subscription.as_str());
    let purchase = verifier.verify(&proof).await.unwrap();
    assert_eq!(purchase.product_id.as_str(), "pro");
    // One verifier for all stores asks the same one.
    let stores = Stores::builder().with(verifier.clone()).build().unwrap();
    let proof = Proof::google_product(PACKAGE, product);
    let purchase = stores.verify(&proof).await.unwrap();
    assert_eq!(purchase.product_id.as_str(), "coins");
    for (token, rejection) in [
        ("rubbish", Rejection::Malformed),
        ("abc.AO-J1Onobody", Rejection::NotFound),
    ] {
        let proof = Proof::google_product(PACKAGE, token);
        let error = verifier.verify(&proof).await.unwrap_err();
        assert_eq!(error.rejection(), Some(rejection), "{token}");
    }
}
