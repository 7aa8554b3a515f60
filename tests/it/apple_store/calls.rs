//! Every call of the three APIs, made over HTTP to a store that has a state.

use std::collections::HashSet;

use bytes::Bytes;
use iap_apple::*;
use iap_core::{Environment, ErrorKind};
use iap_testkit::{Bought, Fault, TransactionBuilder};
use serde_json::json;

use super::{BUNDLE_ID, Town};
use crate::webhook::Webhook;

const UUIDS: [&str; 8] = [
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e71",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e72",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e73",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e74",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e75",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e76",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e77",
    "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e78",
];

struct Bench {
    town: Town,
    client: AppStoreServerClient,
    customer: iap_testkit::Customer,
    subscription: Bought,
    coins: Bought,
}

fn bench() -> Bench {
    let town = Town::new();
    let customer = town.store.customer();
    let subscription = town.store.buy(&customer, town.subscription());
    let coins = TransactionBuilder::consumable(BUNDLE_ID, "coins");
    let coins = town.store.buy(&customer, coins);
    Bench {
        client: town.client(Environment::Production),
        customer,
        subscription,
        coins,
        town,
    }
}

impl Bench {
    fn transaction(&self, signed: Option<String>) -> Transaction {
        let verified = self.town.offline().verify_transaction(signed.unwrap());
        (*verified.unwrap()).clone()
    }

    fn ids(&self, signed: &[String]) -> Vec<String> {
        let verifier = self.town.offline();
        let transactions = signed
            .iter()
            .map(|it| verifier.verify_transaction(it).unwrap());
        transactions
            .map(|it| it.transaction_id.as_ref().unwrap().as_str().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn one_transaction_one_order_and_one_download() {
    let bench = bench();
    let (client, subscription) = (&bench.client, &bench.subscription);
    let id = subscription.transaction_id.as_str();
    let response = client.get_transaction_info(id).await.unwrap();
    let transaction = bench.transaction(response.signed_transaction_info);
    assert_eq!(transaction.transaction_id.unwrap().as_str(), id);

    let order = client
        .look_up_order_id(&subscription.order_id)
        .await
        .unwrap();
    assert_eq!(order.status, Some(OrderLookupStatus::Valid));
    assert_eq!(bench.ids(&order.signed_transactions), [id]);
    let order = client.look_up_order_id("MUNKNOWN").await.unwrap();
    assert_eq!(order.status, Some(OrderLookupStatus::Invalid));

    for any_id in [id, bench.customer.app_transaction_id()] {
        let response = client.get_app_transaction_info(any_id).await.unwrap();
        let signed = response.signed_app_transaction_info.unwrap();
        let download = bench
            .town
            .offline()
            .verify_app_transaction(&signed)
            .unwrap();
        let download = download.app_transaction_id.as_ref().unwrap().as_str();
        assert_eq!(download, bench.customer.app_transaction_id());
    }
    for (id, code) in [
        ("1", "4040010"),
        ("abc", "4000006"),
        (bench.customer.app_transaction_id(), "4000048"),
    ] {
        let error = client.get_transaction_info(id).await.unwrap_err();
        assert_eq!(error.api_code(), Some(code), "{id}");
    }
}

#[tokio::test]
async fn the_account_of_a_purchase_is_set_by_its_original_id_only() {
    let bench = bench();
    let (client, store) = (&bench.client, &bench.town.store);
    let original_id = bench.subscription.original_transaction_id.as_str();
    let renewed = store.renew(original_id).transaction_id;
    let request = UpdateAppAccountTokenRequest::new(UUIDS[0]).unwrap();
    client
        .set_app_account_token(original_id, &request)
        .await
        .unwrap();
    for id in [original_id, &renewed] {
        let response = client.get_transaction_info(id).await.unwrap();
        let transaction = bench.transaction(response.signed_transaction_info);
        assert_eq!(transaction.app_account_token.unwrap().to_string(), UUIDS[0]);
    }
    for (id, code) in [(renewed.as_str(), "4000187"), ("77", "4040005")] {
        let error = client
            .set_app_account_token(id, &request)
            .await
            .unwrap_err();
        assert_eq!(error.api_code(), Some(code));
    }
}

#[tokio::test]
async fn the_history_is_walked_to_its_end_and_every_condition_narrows_it() {
    let bench = bench();
    let (client, store) = (&bench.client, &bench.town.store);
    let original_id = bench.subscription.original_transaction_id.as_str();
    for _ in 0..43 {
        store.renew(original_id);
    }
    store.refund(&bench.coins.transaction_id);
    // Another customer's purchases are nowhere in it.
    store.buy(&store.customer(), bench.town.subscription());
    let count = async |request: TransactionHistoryRequest| {
        let mut pages = client.transaction_history(original_id, request);
        let mut ids = HashSet::new();
        let mut lengths = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            lengths.push(page.signed_transactions.len());
            ids.extend(bench.ids(&page.signed_transactions));
        }
        assert_eq!(ids.len(), lengths.iter().sum::<usize>(), "none comes twice");
        lengths
    };
    let all = TransactionHistoryRequest::new;
    assert_eq!(count(all()).await, [20, 20, 5]);
    assert_eq!(count(all().with_product_id("coins")).await, [1]);
    assert_eq!(count(all().with_product_id("other")).await, [0]);
    let subscriptions = all().with_product_type(HistoryProductType::AutoRenewable);
    assert_eq!(count(subscriptions).await, [20, 20, 4]);
    assert_eq!(count(all().only_revoked()).await, [1]);
    assert_eq!(count(all().without_revoked()).await, [20, 20, 4]);
    let shared = all().with_in_app_ownership_type(InAppOwnershipType::FamilyShared);
    assert_eq!(count(shared).await, [0]);
    let group = all().with_subscription_group_identifier("1");
    assert_eq!(count(group).await, [0]);
    let now = bench.town.clock.now();
    assert_eq!(count(all().with_end_date(now)).await, [2]);
    let page = client
        .get_transaction_history(
            original_id,
            None,
            &all().with_sort(HistorySort::Descending),
            TransactionHistoryVersion::V2,
        )
        .await
        .unwrap();
    let last_changed = &bench.ids(&page.signed_transactions)[0];
    assert_eq!(*last_changed, bench.coins.transaction_id);
    assert_eq!(page.has_more, Some(true));
    let error = client
        .get_transaction_history(
            original_id,
            Some("x"),
            &all(),
            TransactionHistoryVersion::V2,
        )
        .await
        .unwrap_err();
    assert_eq!(error.api_code(), Some("4000005"));
}

#[tokio::test]
async fn version_1_of_the_history_leaves_out_what_was_used_up() {
    let bench = bench();
    let client = &bench.client;
    let id = bench.coins.transaction_id.as_str();
    let count = async |version| {
        let all = TransactionHistoryRequest::new();
        let page = client
            .get_transaction_history(id, None, &all, version)
            .await;
        page.unwrap().signed_transactions.len()
    };
    assert_eq!(count(TransactionHistoryVersion::V1).await, 2);
    client.finish_transaction(id).await.unwrap();
    assert_eq!(count(TransactionHistoryVersion::V1).await, 1);
    assert_eq!(count(TransactionHistoryVersion::V2).await, 2);
}

#[tokio::test]
async fn refunds_are_listed_in_their_order() {
    let bench = bench();
    let store = &bench.town.store;
    store.refund(&bench.coins.transaction_id);
    store.refund(&bench.subscription.transaction_id);
    let id = bench.subscription.transaction_id.as_str();
    let mut pages = bench.client.refund_history(id);
    let page = pages.next().await.unwrap().unwrap();
    let expected = [
        &bench.coins.transaction_id,
        &bench.subscription.transaction_id,
    ];
    assert_eq!(
        bench.ids(&page.signed_transactions),
        expected.map(String::as_str)
    );
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn all_subscriptions_of_a_customer_and_those_in_one_state() {
    let bench = bench();
    let (client, store) = (&bench.client, &bench.town.store);
    let other = TransactionBuilder::auto_renewable(BUNDLE_ID, "news")
        .subscription_group_identifier("29000002");
    let other = store.buy(&bench.customer, other);
    store.expire(&other.original_transaction_id, 1);
    let id = bench.coins.transaction_id.as_str();
    let all = client.get_all_subscription_statuses(id, &[]).await.unwrap();
    assert_eq!(all.data.len(), 2);
    let expired = client
        .get_all_subscription_statuses(id, &[Status::Expired])
        .await;
    let expired = &expired.unwrap().data[0].last_transactions[0];
    let found = expired.original_transaction_id.as_ref().unwrap().as_str();
    assert_eq!(found, other.original_transaction_id);
    let signed = expired.signed_renewal_info.as_deref().unwrap();
    let renewal_info = bench.town.offline().verify_renewal_info(signed).unwrap();
    assert_eq!(renewal_info.auto_renew_status, Some(AutoRenewStatus::Off));
}

#[tokio::test]
async fn renewal_dates_are_put_off_once_for_each_request_identifier_and_twice_a_year() {
    let bench = bench();
    let client = &bench.client;
    let id = bench.subscription.original_transaction_id.as_str();
    let extend = async |identifier: &str| {
        let identifier = RequestIdentifier::new(identifier).unwrap();
        let reason = ExtendReasonCode::ServiceIssueOrOutage;
        let request = ExtendRenewalDateRequest::new(10, reason, identifier).unwrap();
        client.extend_subscription_renewal_date(id, &request).await
    };
    let first = extend(UUIDS[0]).await.unwrap();
    assert_eq!(first.success, Some(true));
    assert_eq!(
        extend(UUIDS[0]).await.unwrap().effective_date,
        first.effective_date
    );
    let second = extend(UUIDS[1]).await.unwrap();
    assert!(second.effective_date > first.effective_date);
    let error = extend(UUIDS[2]).await.unwrap_err();
    assert_eq!(error.api_code(), Some("4030005"));

    let identifier = RequestIdentifier::new(UUIDS[3]).unwrap();
    let reason = ExtendReasonCode::CustomerSatisfaction;
    let mass = MassExtendRenewalDateRequest::new("pro.monthly", 5, reason, identifier.clone());
    let mass = mass.unwrap();
    client
        .extend_renewal_date_for_all_active_subscribers(&mass)
        .await
        .unwrap();
    let status = client
        .get_status_of_subscription_renewal_date_extensions(&identifier, "pro.monthly")
        .await
        .unwrap();
    assert_eq!(
        (status.complete, status.succeeded_count),
        (Some(true), Some(1))
    );
    let error = client
        .get_status_of_subscription_renewal_date_extensions(&identifier, "other")
        .await
        .unwrap_err();
    assert_eq!(error.api_code(), Some("4040009"));
}

#[tokio::test]
async fn consumption_information_arrives_in_both_versions() {
    let bench = bench();
    let id = bench.coins.transaction_id.as_str();
    let half = ConsumptionPercentage::from_percent(50).unwrap();
    let request = ConsumptionRequest::with_customer_consent(
        Delivery::Consumed(half),
        SampleContent::NotProvided,
    );
    bench
        .client
        .send_consumption_information(id, &request)
        .await
        .unwrap();
    let request = ConsumptionRequestV1::with_customer_consent(
        DeliveryStatusV1::DeliveredAndWorkingProperly,
        SampleContent::Provided,
    );
    bench
        .client
        .send_consumption_data(id, &request)
        .await
        .unwrap();
    let told = bench.town.store.consumption_information(id);
    assert_eq!(told[0]["consumptionPercentage"], 50_000);
    assert_eq!(told[1]["appAccountToken"], "");
    let error = bench
        .client
        .send_consumption_data("5", &request)
        .await
        .unwrap_err();
    assert_eq!(error.api_code(), Some("4040010"));
}

#[tokio::test]
async fn retention_messages_from_upload_to_default() {
    let bench = bench();
    let (client, store) = (&bench.client, &bench.town.store);
    let image = ImageIdentifier::new(UUIDS[0]).unwrap();
    let png = Bytes::from_static(b"\x89PNG\r\n\x1a\nrest");
    client
        .upload_image(&image, Some(ImageSize::FullSize), png.clone())
        .await
        .unwrap();
    let error = client.upload_image(&image, None, png).await.unwrap_err();
    assert_eq!(error.api_code(), Some("4090000"));
    let error = client
        .upload_image(&ImageIdentifier::new(UUIDS[7]).unwrap(), None, "GIF89a")
        .await
        .unwrap_err();
    assert_eq!(error.api_code(), Some("4000161"));

    let message = MessageIdentifier::new(UUIDS[1]).unwrap();
    let shown = UploadMessageImage::new(image.clone(), AltText::new("a boat").unwrap());
    let body = UploadMessageRequestBody::new(
        MessageHeader::new("Stay with us").unwrap(),
        MessageBody::new("There is more to come").unwrap(),
    )
    .with_image(shown);
    client.upload_message(&message, &body).await.unwrap();
    let error = client.delete_image(&image).await.unwrap_err();
    assert_eq!(error.api_code(), Some("4030019"));

    let default = DefaultConfigurationRequest::new(message.clone());
    let configure = || client.configure_default_message("pro.monthly", "en-US", &default);
    assert_eq!(configure().await.unwrap_err().api_code(), Some("4030017"));
    store.approve(Environment::Production, UUIDS[1]);
    assert_eq!(configure().await.unwrap_err().api_code(), Some("4030018"));
    store.approve(Environment::Production, UUIDS[0]);
    configure().await.unwrap();
    let found = client
        .get_default_message("pro.monthly", "en-US")
        .await
        .unwrap();
    assert_eq!(found.message_identifier.as_deref(), Some(UUIDS[1]));
    let images = client.get_image_list().await.unwrap().image_identifiers;
    assert_eq!(images[0].image_state, Some(ImageState::Approved));
    let messages = client.get_message_list().await.unwrap().message_identifiers;
    assert_eq!(messages[0].message_state, Some(MessageState::Approved));
    client
        .delete_default_message("pro.monthly", "en-US")
        .await
        .unwrap();
    let error = client
        .get_default_message("pro.monthly", "en-US")
        .await
        .unwrap_err();
    assert_eq!(error.api_code(), Some("4040020"));
    client.delete_message(&message).await.unwrap();
    client.delete_image(&image).await.unwrap();
}

#[tokio::test]
async fn a_realtime_url_goes_to_production_after_a_test_in_the_sandbox_was_passed() {
    let bench = bench();
    let store = &bench.town.store;
    let sandbox = bench.town.client(Environment::Sandbox);
    let url = RealtimeUrl::new("https://example.com/retention").unwrap();
    let url = RealtimeUrlRequest::new(url);
    let error = bench.client.configure_realtime_url(&url).await.unwrap_err();
    assert_eq!(error.api_code(), Some("4030026"));

    let tester = bench.town.subscription().environment(Environment::Sandbox);
    let tester = store.buy(&bench.customer, tester);
    let test = PerformanceTestRequest::new(tester.original_transaction_id.as_str());
    let error = sandbox.initiate_performance_test(&test).await.unwrap_err();
    assert_eq!(error.api_code(), Some("4040021"));
    sandbox.configure_realtime_url(&url).await.unwrap();
    let result = async |webhook: &Webhook| {
        store.set_realtime_server(Environment::Sandbox, &webhook.url);
        let started = sandbox.initiate_performance_test(&test).await.unwrap();
        store.notifications_posted().await;
        let id = started.request_id.unwrap();
        sandbox.get_performance_test_results(id).await.unwrap()
    };
    let failed = result(&Webhook::answering(500)).await;
    assert_eq!(failed.result, Some(PerformanceTestStatus::Fail));
    let reason = SendAttemptResult::UnsuccessfulHttpResponseCode;
    assert_eq!(failed.failures.get(&reason), Some(&3));
    let webhook = Webhook::answering(200);
    let passed = result(&webhook).await;
    assert_eq!(passed.result, Some(PerformanceTestStatus::Pass));
    for post in webhook.posts() {
        let signed = post["signedPayload"].as_str().unwrap();
        let request = bench
            .town
            .offline()
            .verify_realtime_request(signed)
            .unwrap();
        assert_eq!(request.product_id.as_str(), "pro.monthly");
    }
    bench.client.configure_realtime_url(&url).await.unwrap();
    let found = bench.client.get_realtime_url().await.unwrap();
    assert_eq!(
        found.realtime_url.as_deref(),
        Some("https://example.com/retention")
    );
    bench.client.delete_realtime_url().await.unwrap();
    let error = bench.client.get_realtime_url().await.unwrap_err();
    assert_eq!(error.api_code(), Some("4040021"));
}

#[tokio::test]
async fn advanced_commerce_has_its_effect_once_for_each_reference() {
    let bench = bench();
    let client = AdvancedCommerceClient::from(bench.client.clone());
    let id = bench.subscription.transaction_id.as_str();
    let info = |number: usize| json!({ "requestReferenceId": UUIDS[number] });
    macro_rules! call {
        ($method:ident, $body:expr) => {{
            let request = serde_json::from_value($body).expect("a request");
            client.$method(id, &request).await
        }};
    }
    let cancel = || json!({ "requestInfo": info(0) });
    let response = call!(cancel_subscription, cancel()).unwrap();
    let signed = response.signed_renewal_info.unwrap();
    let renewal_info = bench.town.offline().verify_renewal_info(&signed).unwrap();
    assert_eq!(renewal_info.auto_renew_status, Some(AutoRenewStatus::Off));
    let error = call!(cancel_subscription, cancel()).unwrap_err();
    assert_eq!(error.api_code(), Some("4000097"));

    let texts = json!({ "description": "d", "displayName": "n" });
    call!(
        change_subscription_metadata,
        json!({ "requestInfo": info(1), "taxCode": "S042-07-1" })
    )
    .unwrap();
    call!(
        change_subscription_price,
        json!({ "requestInfo": info(2), "items": [{ "SKU": "s", "price": 4990 }] })
    )
    .unwrap();
    call!(
        migrate_subscription,
        json!({
            "requestInfo": info(3), "descriptors": texts, "targetProductId": "p",
            "taxCode": "S042-07-1",
            "items": [{ "SKU": "s", "description": "d", "displayName": "n" }],
        })
    )
    .unwrap();
    let refund = call!(
        request_transaction_refund,
        json!({
            "requestInfo": info(4), "refundRiskingPreference": true,
            "items": [{ "SKU": "s", "refundReason": "OTHER", "refundType": "FULL", "revoke": true }],
        })
    );
    assert!(refund.unwrap().signed_renewal_info.is_none());
    let revoke = |number| {
        json!({
            "requestInfo": info(number), "refundReason": "LEGAL", "refundType": "FULL",
            "refundRiskingPreference": false,
        })
    };
    let revoked = call!(revoke_subscription, revoke(5)).unwrap();
    let transaction = bench.transaction(revoked.signed_transaction_info);
    assert!(transaction.revocation_date.is_some());
    let error = call!(revoke_subscription, revoke(6)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.api_code(), Some("4000186"));
}

#[tokio::test]
async fn one_token_serves_many_calls_and_a_new_one_follows_shortly_before_it_expires() {
    let bench = bench();
    let id = bench.coins.transaction_id.as_str();
    let tokens = || {
        let requests = bench.town.store.requests().all();
        let tokens = requests
            .iter()
            .map(|it| it.header("authorization").unwrap().to_owned());
        tokens.collect::<HashSet<_>>().len()
    };
    for _ in 0..50 {
        bench.client.get_transaction_info(id).await.unwrap();
    }
    assert_eq!(tokens(), 1);
    bench
        .town
        .clock
        .advance(core::time::Duration::from_secs(5 * 60));
    bench.client.get_transaction_info(id).await.unwrap();
    assert_eq!(tokens(), 2);
}

#[tokio::test]
async fn a_429_says_in_unix_milliseconds_when_to_come_back() {
    let bench = bench();
    let wait = core::time::Duration::from_secs(90);
    bench
        .town
        .store
        .fail_next(Fault::RateLimited { retry_after: wait });
    let id = bench.coins.transaction_id.as_str();
    let error = bench.client.get_transaction_info(id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.http_status(), Some(429));
    assert_eq!(error.retry_after(), Some(wait));
}

#[tokio::test]
async fn over_tls_with_a_certificate_that_the_client_is_told_to_trust() {
    let store = iap_testkit::FakeAppStore::builder(BUNDLE_ID, super::APP_APPLE_ID)
        .tls()
        .start();
    let bought = store.buy(
        &store.customer(),
        TransactionBuilder::consumable(BUNDLE_ID, "coins"),
    );
    let key = InAppPurchaseKey::new(store.key_id(), store.issuer_id(), store.private_key());
    let key = key.unwrap();
    let client = |roots: Vec<reqwest::Certificate>| {
        let http = reqwest::Client::builder()
            .tls_certs_only(roots)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        AppStoreServerClient::builder(key.clone(), BUNDLE_ID, Environment::Production)
            .base_url(store.url(Environment::Production))
            .transport(std::sync::Arc::new(
                iap_core::http::ReqwestTransport::from_client(http),
            ))
            .retry(iap_core::http::RetryPolicy::never())
            .build()
            .unwrap()
    };
    let root = reqwest::Certificate::from_der(store.certificate().unwrap()).unwrap();
    let id = bought.transaction_id.as_str();
    client(vec![root]).get_transaction_info(id).await.unwrap();
    let other = iap_testkit::FakeAppStore::builder(BUNDLE_ID, super::APP_APPLE_ID)
        .tls()
        .start();
    let other = reqwest::Certificate::from_der(other.certificate().unwrap()).unwrap();
    let error = client(vec![other])
        .get_transaction_info(id)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}
