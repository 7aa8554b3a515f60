//! Every call: method, path, query and body against `facts/endpoints.tsv`, which was written down
//! from Google's discovery document apart from the code.

use std::collections::{BTreeMap, BTreeSet};

use core::time::Duration;

use iap_core::{Error, Money, Timestamp, http::HttpRequest};
use iap_google::*;
use serde_json::{Value, json};

use crate::support::client;

const PACKAGE: &str = "com.example.app";

/// Ids with every kind of character that could lead a URL elsewhere.
const IDS: &[(&str, &str)] = &[
    ("packageName", PACKAGE),
    ("token", "to.ken-1:consume/é"),
    ("productId", "pro.du_ct~1?x=y"),
    ("subscriptionId", "sub#scription"),
    ("orderId", "GPA.1234-5678-9012-34567..0"),
    ("externalTransactionId", "external_1"),
    ("basePlanId", "base plan"),
    ("purchaseOptionId", "-"),
    ("offerId", "offer%2F"),
    ("sku", "a/b"),
];

fn id(name: &str) -> &'static str {
    IDS.iter().find(|(known, _)| *known == name).unwrap().1
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A call as it went out, and the body that it should have had.
struct Sent {
    request: HttpRequest,
    body: Option<Value>,
}

/// Makes one call and records it.
macro_rules! sent {
    ($calls:ident, $method:literal, |$client:ident| $call:expr $(, $body:expr)?) => {{
        let ($client, recorder) = client(PACKAGE);
        let result: Result<_, Error> = $call.await;
        result.unwrap_or_else(|error| panic!("{}: {error}", $method));
        let mut requests = recorder.requests();
        assert_eq!(requests.len(), 1, "{}", $method);
        #[allow(unused_mut, unused_assignments, reason = "not every call has a body")]
        let mut body: Option<Value> = None;
        $( body = Some($body); )?
        let sent = Sent { request: requests.remove(0), body };
        assert!($calls.insert($method, sent).is_none(), "{} twice", $method);
    }};
}

async fn purchases(calls: &mut BTreeMap<&'static str, Sent>) {
    sent!(
        calls,
        "purchases.productsv2.getproductpurchasev2",
        |client| client.productsv2().get_product_purchase_v2(id("token"))
    );
    sent!(calls, "purchases.products.get", |client| client
        .products()
        .get(id("productId"), id("token")));
    let mut request = ProductPurchasesAcknowledgeRequest::default();
    request.developer_payload = Some("p".to_owned());
    sent!(
        calls,
        "purchases.products.acknowledge",
        |client| client
            .products()
            .acknowledge(id("productId"), id("token"), &request),
        json!({ "developerPayload": "p" })
    );
    sent!(calls, "purchases.products.consume", |client| client
        .products()
        .consume(id("productId"), id("token")));

    sent!(calls, "purchases.subscriptionsv2.get", |client| client
        .subscriptionsv2()
        .get(id("token")));
    let cancel =
        CancelSubscriptionPurchaseRequest::new(CancellationType::UserRequestedStopRenewals);
    sent!(
        calls,
        "purchases.subscriptionsv2.cancel",
        |client| client.subscriptionsv2().cancel(id("token"), &cancel),
        json!({ "cancellationContext": { "cancellationType": "USER_REQUESTED_STOP_RENEWALS" } })
    );
    let defer =
        DeferSubscriptionPurchaseRequest::new("e", Duration::from_secs(86_400)).validate_only();
    sent!(
        calls,
        "purchases.subscriptionsv2.defer",
        |client| client.subscriptionsv2().defer(id("token"), &defer),
        json!({ "deferralContext": { "etag": "e", "deferDuration": "86400s", "validateOnly": true } })
    );
    let revoke = RevokeSubscriptionPurchaseRequest::item_based_refund("add.on");
    sent!(
        calls,
        "purchases.subscriptionsv2.revoke",
        |client| client.subscriptionsv2().revoke(id("token"), &revoke),
        json!({ "revocationContext": { "itemBasedRefund": { "productId": "add.on" } } })
    );

    let request = VoidedPurchasesListRequest::new()
        .start_time(Timestamp::from_millis(1_000))
        .end_time(Timestamp::from_millis(2_000))
        .max_results(10)
        .start_index(5)
        .with_subscriptions()
        .with_quantity_based_partial_refunds();
    sent!(calls, "purchases.voidedpurchases.list", |client| client
        .voidedpurchases()
        .list(&request, Some("t=")));
}

#[allow(deprecated, reason = "Google has not switched them off")]
async fn older_subscription_calls(calls: &mut BTreeMap<&'static str, Sent>) {
    let (subscription, token) = (id("subscriptionId"), id("token"));
    let mut ids = ExternalAccountIds::default();
    ids.obfuscated_account_id = Some("a".to_owned());
    let mut acknowledge = SubscriptionPurchasesAcknowledgeRequest::default();
    acknowledge.external_account_ids = Some(ids);
    sent!(
        calls,
        "purchases.subscriptions.acknowledge",
        |client| client
            .subscriptions()
            .acknowledge(subscription, token, &acknowledge),
        json!({ "externalAccountIds": { "obfuscatedAccountId": "a" } })
    );
    sent!(calls, "purchases.subscriptions.cancel", |client| client
        .subscriptions()
        .cancel(subscription, token));
    let mut info = SubscriptionDeferralInfo::default();
    info.expected_expiry_time_millis = Some(Timestamp::from_millis(1));
    info.desired_expiry_time_millis = Some(Timestamp::from_millis(2));
    let mut defer = SubscriptionPurchasesDeferRequest::default();
    defer.deferral_info = Some(info);
    sent!(
        calls,
        "purchases.subscriptions.defer",
        |client| client.subscriptions().defer(subscription, token, &defer),
        json!({ "deferralInfo": { "expectedExpiryTimeMillis": "1", "desiredExpiryTimeMillis": "2" } })
    );
    sent!(calls, "purchases.subscriptions.get", |client| client
        .subscriptions()
        .get(subscription, token));
    sent!(calls, "purchases.subscriptions.refund", |client| client
        .subscriptions()
        .refund(subscription, token));
    sent!(calls, "purchases.subscriptions.revoke", |client| client
        .subscriptions()
        .revoke(subscription, token));
}

async fn orders_and_external_transactions(calls: &mut BTreeMap<&'static str, Sent>) {
    sent!(calls, "orders.get", |client| client
        .orders()
        .get(id("orderId")));
    sent!(calls, "orders.batchget", |client| client
        .orders()
        .batch_get(["GPA.1", "GPA.2..0"]));
    sent!(calls, "orders.refund", |client| client
        .orders()
        .refund(id("orderId"), Revoke::AtOnce));
    let review =
        OrdersReviewRefundRequest::new("t", RefundPreference::Neutral, SampleContent::NotProvided);
    sent!(
        calls,
        "orders.reviewrefund",
        |client| client.orders().review_refund(id("orderId"), &review),
        json!({ "pendingRefundToken": "t", "refundPreference": "NEUTRAL", "sampleContentProvided": false })
    );

    let money = |micros| Money::from_micros(micros, "EUR".parse().unwrap());
    let transaction = ExternalTransaction::new(
        money(990_000),
        money(90_000),
        at("2025-11-22T12:45:00Z"),
        ExternalTransactionAddress::new("DE"),
    )
    .one_time("my_token");
    sent!(
        calls,
        "externaltransactions.createexternaltransaction",
        |client| client
            .externaltransactions()
            .create_external_transaction("external_1", &transaction),
        json!({
            "originalPreTaxAmount": { "priceMicros": "990000", "currency": "EUR" },
            "originalTaxAmount": { "priceMicros": "90000", "currency": "EUR" },
            "transactionTime": "2025-11-22T12:45:00.000Z",
            "oneTimeTransaction": { "externalTransactionToken": "my_token" },
            "userTaxAddress": { "regionCode": "DE" },
        })
    );
    sent!(
        calls,
        "externaltransactions.getexternaltransaction",
        |client| client
            .externaltransactions()
            .get_external_transaction("external_1")
    );
    let refund = RefundExternalTransactionRequest::full(at("2026-02-01T00:00:00Z"));
    sent!(
        calls,
        "externaltransactions.refundexternaltransaction",
        |client| client
            .externaltransactions()
            .refund_external_transaction("external_1", &refund),
        json!({ "refundTime": "2026-02-01T00:00:00.000Z", "fullRefund": {} })
    );
}

async fn catalogue(calls: &mut BTreeMap<&'static str, Sent>) {
    let (product, plan, option) = (id("productId"), id("basePlanId"), id("purchaseOptionId"));
    let prices =
        ConvertRegionPricesRequest::new(Money::from_micros(6_990_000, "EUR".parse().unwrap()));
    sent!(
        calls,
        "monetization.convertRegionPrices",
        |client| client.monetization().convert_region_prices(&prices),
        json!({ "price": { "currencyCode": "EUR", "units": "6", "nanos": 990_000_000 } })
    );
    sent!(calls, "monetization.onetimeproducts.batchGet", |client| {
        client
            .monetization()
            .onetimeproducts()
            .batch_get(["a", "b"])
    });
    sent!(calls, "monetization.onetimeproducts.get", |client| client
        .monetization()
        .onetimeproducts()
        .get(product));
    sent!(calls, "monetization.onetimeproducts.list", |client| client
        .monetization()
        .onetimeproducts()
        .list(Some(7), Some("t")));
    sent!(
        calls,
        "monetization.onetimeproducts.purchaseOptions.offers.batchGet",
        |client| client
            .monetization()
            .onetimeproducts()
            .offers(product, option)
            .batch_get([GetOneTimeProductOfferRequest::new("a", "b", "c")]),
        json!({ "requests": [
            { "packageName": PACKAGE, "productId": "a", "purchaseOptionId": "b", "offerId": "c" },
        ] })
    );
    sent!(
        calls,
        "monetization.onetimeproducts.purchaseOptions.offers.list",
        |client| client
            .monetization()
            .onetimeproducts()
            .offers(product, option)
            .list(Some(7), Some("t"))
    );
    sent!(
        calls,
        "monetization.subscriptions.basePlans.offers.batchGet",
        |client| client
            .monetization()
            .subscriptions()
            .offers(product, plan)
            .batch_get([GetSubscriptionOfferRequest::new("a", "b", "c")]),
        json!({ "requests": [
            { "packageName": PACKAGE, "productId": "a", "basePlanId": "b", "offerId": "c" },
        ] })
    );
    sent!(
        calls,
        "monetization.subscriptions.basePlans.offers.get",
        |client| client
            .monetization()
            .subscriptions()
            .offers(product, plan)
            .get(id("offerId"))
    );
    sent!(
        calls,
        "monetization.subscriptions.basePlans.offers.list",
        |client| client
            .monetization()
            .subscriptions()
            .offers(product, plan)
            .list(Some(7), Some("t"))
    );
    sent!(calls, "monetization.subscriptions.batchGet", |client| {
        client.monetization().subscriptions().batch_get(["a", "b"])
    });
    sent!(calls, "monetization.subscriptions.get", |client| client
        .monetization()
        .subscriptions()
        .get(product));
    sent!(calls, "monetization.subscriptions.list", |client| client
        .monetization()
        .subscriptions()
        .list(Some(7), Some("t")));
    sent!(calls, "inappproducts.batchGet", |client| client
        .inappproducts()
        .batch_get(["a", "b"]));
    sent!(calls, "inappproducts.get", |client| client
        .inappproducts()
        .get(id("sku")));
    sent!(calls, "inappproducts.list", |client| client
        .inappproducts()
        .list(Some("t")));
}

/// A row of the table, by the names of its columns.
fn rows() -> Vec<BTreeMap<&'static str, &'static str>> {
    let table = include_str!("../facts/endpoints.tsv");
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<_> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| names.iter().copied().zip(line.split('\t')).collect())
        .collect()
}

/// The query parameters of a row that are not deprecated.
fn parameters(row: &BTreeMap<&str, &'static str>) -> BTreeSet<&'static str> {
    let all = row["query_params"].split(';').filter(|it| *it != "-");
    all.filter(|parameter| !parameter.contains("deprecated"))
        .map(|parameter| parameter.split('=').next().unwrap())
        .collect()
}

/// The path of a row with ids in it, as RFC 3986 writes them.
fn path(row: &BTreeMap<&str, &'static str>) -> String {
    let mut path = row["path_template"].to_owned();
    for (name, id) in IDS {
        let encoded: String = id
            .bytes()
            .map(|byte| match byte {
                b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect();
        path = path.replace(&format!("{{{name}}}"), &encoded);
    }
    assert!(!path.contains('{'), "{path}");
    path
}

#[tokio::test]
async fn every_call_goes_out_as_the_table_says_and_no_row_is_left_over() {
    let mut calls = BTreeMap::new();
    purchases(&mut calls).await;
    older_subscription_calls(&mut calls).await;
    orders_and_external_transactions(&mut calls).await;
    catalogue(&mut calls).await;

    let rows = rows();
    assert_eq!(rows.len(), 37);
    for row in &rows {
        let method = row["method_id"];
        let Sent { request, body } = calls
            .remove(method)
            .unwrap_or_else(|| panic!("{method} has no call"));
        assert_eq!(request.method().as_str(), row["http"], "{method}");
        assert_eq!(request.uri().scheme_str(), Some("https"));
        assert_eq!(
            request.uri().host(),
            Some("androidpublisher.googleapis.com")
        );
        assert_eq!(request.uri().path(), path(row), "{method}");

        let query = request.uri().query().unwrap_or_default();
        let query: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        let names: BTreeSet<_> = query.iter().map(|(name, _)| name.as_ref()).collect();
        assert_eq!(names, parameters(row), "{method}");
        for (name, value) in &query {
            let declared = format!(";{}", row["query_params"]);
            let declared = declared.split(&format!(";{name}=")).nth(1).unwrap();
            if declared.starts_with("boolean") {
                assert_eq!(value, "true", "{method} {name}");
            } else if declared.starts_with("integer") || declared.starts_with("string:int64") {
                assert!(value.parse::<i64>().is_ok(), "{method} {name}");
            } else if declared.starts_with("repeated") {
                let count = query.iter().filter(|(other, _)| other == name).count();
                assert_eq!(count, 2, "{method} {name}");
            }
        }

        assert_eq!(body.is_some(), row["request_body"] != "-", "{method}");
        let content_type = request.headers().get("content-type");
        match body {
            None => assert!(
                request.body().is_empty() && content_type.is_none(),
                "{method}"
            ),
            Some(body) => {
                assert_eq!(content_type.unwrap(), "application/json");
                let sent: Value = serde_json::from_slice(request.body()).unwrap();
                assert_eq!(sent, body, "{method}");
            }
        }
        assert_eq!(request.headers()["authorization"], "Bearer token");
        assert!(request.headers()["authorization"].is_sensitive());
        assert_eq!(request.headers()["accept"], "application/json");
    }
    assert!(calls.is_empty(), "not in the table: {:?}", calls.keys());
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_sent() {
    let (client, recorder) = client(PACKAGE);
    client
        .voidedpurchases()
        .list(&VoidedPurchasesListRequest::new(), None)
        .await
        .unwrap();
    client
        .monetization()
        .subscriptions()
        .list(None, None)
        .await
        .unwrap();
    client.orders().refund("GPA.1", Revoke::No).await.unwrap();
    let queries: Vec<_> = recorder
        .requests()
        .iter()
        .map(|it| it.uri().query().map(str::to_owned))
        .collect();
    assert_eq!(queries, [None, None, Some("revoke=false".to_owned())]);
}
