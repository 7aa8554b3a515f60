//! Amazon's published answers, ids and addresses: each is read, loses nothing, and gives the access that
//! the access table prescribes before, at and after each of its dates.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use iap::amazon::{
    AmazonClient, Answer, ApiFailure, AppTesterReceipt, Endpoint, ProductPurchase, Receipt,
    SubscriptionPurchase,
};
use iap::core::http::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use iap::{
    Access, AccessPolicy, AppId, Environment, ErrorKind, GrantReason, ProductId, Purchase,
    PurchaseToken, ReceiptId, Rejection, Timestamp, UserId,
};
use serde_json::{Value, json};

use crate::spec::{names, text};

fn example(path: &str) -> Value {
    serde_json::from_str(&text(&format!("amazon/examples/{path}"))).unwrap()
}

/// The receipts among the examples: name and content.
fn receipts() -> Vec<(String, Value)> {
    let names = names("amazon/examples/rvs").into_iter();
    let receipts = names.filter(|name| !name.starts_with("error-"));
    receipts
        .map(|name| (name.clone(), example(&format!("rvs/{name}"))))
        .collect()
}

/// As written again: without nulls, in today's spelling.
fn normalized(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| {
                    let name = match name.as_str() {
                        "AutoRenewing" => "autoRenewing",
                        "GracePeriodEndDate" => "gracePeriodEndDate",
                        name => name,
                    };
                    (name.to_owned(), normalized(value))
                })
                .collect(),
        ),
        Value::Array(items) => items.iter().map(normalized).collect(),
        Value::String(text) if text == "Thu May 22 18:44:01 UTC 2014" => {
            json!("2014-05-22T18:44:01.000Z")
        }
        other => other.clone(),
    }
}

const HOUR: i64 = 3_600_000;

/// What rows 6 to 14 of the table prescribe for an answer given at `now`, read from its JSON.
#[derive(Debug, PartialEq)]
enum Prescribed {
    NoAccess,
    Access(GrantReason),
}

fn prescribed(answer: &Value, paid_until: Option<i64>, now: i64) -> Prescribed {
    use Prescribed::{Access, NoAccess};
    let date = |name: &str| answer.get(name)?.as_i64();
    let kind = answer["productType"].as_str().unwrap();
    let cancel_date = date("cancelDate");
    let one_time = kind == "CONSUMABLE" || kind == "ENTITLED";
    if cancel_date.is_some_and(|cancel| now >= cancel) {
        return NoAccess; // 6
    }
    if cancel_date.is_some() || one_time {
        let reason = match one_time {
            true => GrantReason::Purchased, // 8, 9
            false => GrantReason::Active,   // 7
        };
        return Access(reason);
    }
    let grace_end = date("gracePeriodEndDate").or_else(|| date("GracePeriodEndDate"));
    if grace_end.is_some_and(|end| now < end) {
        return Access(GrantReason::InGracePeriod); // 10
    }
    if date("freeTrialEndDate").is_some_and(|end| now < end) {
        return Access(GrantReason::Active); // 11
    }
    match paid_until {
        None => Access(GrantReason::ActiveUntilCanceled), // 12
        Some(end) if now < end => Access(GrantReason::Active), // 13
        Some(end) if now < end + 48 * HOUR => Access(GrantReason::RenewalOverdue), // 14
        Some(_) => NoAccess,
    }
}

/// Every whole number in the answer that is a date, and the moments around it.
fn moments(answer: &Value, dates: &mut Vec<i64>) {
    match answer {
        Value::Object(members) => members.values().for_each(|it| moments(it, dates)),
        Value::Array(items) => items.iter().for_each(|it| moments(it, dates)),
        Value::Number(number) => dates.extend(number.as_i64().filter(|it| *it > 100_000_000_000)),
        Value::String(text) => {
            dates.extend(text.parse().ok().filter(|it: &i64| *it > 100_000_000_000));
        }
        _ => {}
    }
}

fn check_access(
    name: &str,
    answer: &Value,
    paid_until: Option<i64>,
    to_purchase: impl Fn(Timestamp) -> Purchase,
) {
    let mut dates = Vec::new();
    moments(answer, &mut dates);
    assert!(!dates.is_empty(), "{name}");
    let lenient = AccessPolicy::new().environments([Environment::Production, Environment::Sandbox]);
    for date in dates {
        for now in [-HOUR, -1, 0, 1, HOUR, 47 * HOUR, 48 * HOUR, 49 * HOUR].map(|it| date + it) {
            let at = Timestamp::from_millis(now);
            let purchase = to_purchase(at);
            let found = match purchase.access_at(at, &lenient) {
                Access::Granted { until, reason, .. } => {
                    assert!(until.is_none_or(|until| until > at), "{name}");
                    Prescribed::Access(reason)
                }
                Access::Denied { .. } => Prescribed::NoAccess,
            };
            assert_eq!(found, prescribed(answer, paid_until, now), "{name} at {at}");
            // Row 4.
            let strict = purchase.access_at(at, &AccessPolicy::new()).is_granted();
            let is_test = purchase.is_test || purchase.environment != Environment::Production;
            assert_eq!(strict, found != Prescribed::NoAccess && !is_test, "{name}");
        }
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no answers of Amazon at hand"
)]
fn every_receipt_is_read_loses_nothing_and_gives_the_access_of_the_table() {
    let receipts = receipts();
    assert_eq!(receipts.len(), 11);
    for (name, json) in receipts {
        let environment = match name.starts_with("sandbox-") {
            true => Environment::Sandbox,
            false => Environment::Production,
        };
        let bytes = json.to_string().into_bytes();
        let answer = |at| Answer::<Receipt>::from_stored_json(&bytes, environment, at).unwrap();
        let receipt = answer(Timestamp::UNIX_EPOCH);
        let written = serde_json::to_value(receipt.content()).unwrap();
        assert_eq!(written, normalized(&json), "{name}");
        assert!(receipt.other.is_empty(), "{name}: {:?}", receipt.other);
        assert_eq!(receipt.unlikely_dates(), [], "{name}");
        let term = receipt.term.as_ref();
        assert!(term.is_none_or(|term| term.iso_8601().is_some()), "{name}");

        let is_test = json["testTransaction"] == true || json["betaProduct"] == true;
        let purchase = receipt.to_purchase();
        assert_eq!(
            purchase.is_test,
            is_test || environment == Environment::Sandbox,
            "{name}"
        );
        assert_eq!(
            purchase.product_id.as_str(),
            json["productId"].as_str().unwrap()
        );
        let renewal = json["renewalDate"].as_i64();
        check_access(&name, &json, renewal, |at| answer(at).to_purchase());
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no answers of Amazon at hand"
)]
fn every_billing_answer_is_read_loses_nothing_and_gives_the_access_of_the_table() {
    let names = names("amazon/examples/billing-compat");
    assert_eq!(names.len(), 3);
    for name in names {
        let json = example(&format!("billing-compat/{name}"));
        let bytes = json.to_string().into_bytes();
        if name.starts_with("products") {
            let answer = |at| {
                Answer::<ProductPurchase>::from_stored_json(&bytes, Environment::Production, at)
                    .unwrap()
            };
            let product = answer(Timestamp::UNIX_EPOCH);
            let written = serde_json::to_value(product.content()).unwrap();
            assert_eq!(written, normalized(&json), "{name}");
            assert!(product.other.is_empty());
            check_access(&name, &json, None, |at| answer(at).to_purchase());
        } else {
            let answer = |at| {
                Answer::<SubscriptionPurchase>::from_stored_json(
                    &bytes,
                    Environment::Production,
                    at,
                )
                .unwrap()
            };
            let subscription = answer(Timestamp::UNIX_EPOCH);
            let written = serde_json::to_value(subscription.content()).unwrap();
            assert_eq!(written, normalized(&json), "{name}");
            assert!(subscription.other.is_empty());
            // Three notations, one moment.
            assert_eq!(
                subscription.start_time,
                Some(subscription.purchase_time_millis)
            );
            let part = subscription.to_purchase().subscription.unwrap();
            assert_eq!(part.plan_id.unwrap().as_str(), "sub1-weekly");
            let end = subscription.line_items.first().expiry_time;
            let end = end.map(Timestamp::as_millis);
            check_access(&name, &json, end, |at| answer(at).to_purchase());
        }
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no answers of Amazon at hand"
)]
fn every_error_is_no_receipt_and_has_the_meaning_of_its_status() {
    let table = [
        (
            "error-400.json",
            400,
            ErrorKind::Rejected(Rejection::NotFound),
        ),
        (
            "error-497.json",
            497,
            ErrorKind::Rejected(Rejection::WrongAccount),
        ),
        ("error-504-no-status-key.json", 504, ErrorKind::Unavailable),
    ];
    let mut errors = names("amazon/examples/rvs");
    errors.retain(|name| name.starts_with("error-"));
    assert_eq!(errors, table.map(|(name, ..)| name));
    for (name, status, kind) in table {
        let body = text(&format!("amazon/examples/rvs/{name}"));
        let at = Timestamp::UNIX_EPOCH;
        let answer =
            Answer::<Receipt>::from_stored_json(body.as_bytes(), Environment::Production, at);
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::InvalidResponse);
        let failure =
            ApiFailure::from_response(Endpoint::VerifyReceiptId, status, None, body.as_bytes());
        assert_eq!(failure.kind(), kind, "{name}");
        assert_eq!(
            failure.message(),
            example(&format!("rvs/{name}"))["message"].as_str()
        );
    }
}

/// A value of the type that `models.json` names.
fn sample(kind: &str, model: &str) -> Value {
    match kind {
        "string" => json!("a text"),
        "bool" => json!(true),
        "int" => json!(1),
        "epoch_ms_number" => json!(1_700_000_000_000_i64),
        "epoch_ms_string" => json!("1700000000000"),
        "java_date_string" => json!("Tue Nov 14 22:13:20 UTC 2023"),
        "marker_object" | "object" => json!({}),
        "map<string,string>" => json!({"QuickSubscribe": "true"}),
        "array<string>" => json!(["a text"]),
        "array<Promotion>" => json!([full("Promotion")]),
        "array<LineItem>" => json!([full("LineItem")]),
        "object CanceledStateContext" => full("CanceledStateContext"),
        "object{autoRenewEnabled: bool}" => json!({"autoRenewEnabled": true}),
        "object{productId: string}" => json!({"productId": "a text"}),
        "object{basePlanId: string, offerId: string}" => {
            json!({"basePlanId": "a text", "offerId": "a text"})
        }
        other => panic!("{other} in {model}"),
    }
}

/// An answer with every member that `models.json` lists.
fn full(model: &str) -> Value {
    let models: Value = serde_json::from_str(&text("amazon/models.json")).unwrap();
    let fields = models["models"][model]["fields"].as_array().unwrap();
    fields
        .iter()
        .map(|field| {
            let name = field["wire"].as_str().unwrap().to_owned();
            let value = sample(field["type"].as_str().unwrap(), model);
            (name, value)
        })
        .collect()
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no table of models at hand"
)]
fn every_member_of_the_table_of_models_is_known() {
    macro_rules! check {
        ($answer:ty, $model:literal) => {
            let full = full($model);
            let answer: $answer = serde_json::from_value(full.clone()).unwrap();
            // What is not known would be kept in `other`.
            let shown = format!("{answer:?}");
            let empty = shown.matches("other: {}").count();
            assert_eq!(empty, shown.matches("other: {").count(), "{shown}");
            let written = serde_json::to_value(&answer).unwrap();
            let members = |value: &Value| -> Vec<String> {
                value.as_object().unwrap().keys().cloned().collect()
            };
            assert_eq!(members(&written), members(&full), $model);
        };
    }
    check!(Receipt, "VerifyReceiptIdResponse");
    check!(ProductPurchase, "ProductPurchase");
    check!(SubscriptionPurchase, "SubscriptionPurchaseV2");
}

/// Remembers what it was asked, and answers nothing useful.
#[derive(Debug, Default)]
struct Recorder(Mutex<Vec<String>>);

#[async_trait]
impl HttpTransport for Recorder {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.0.lock().unwrap().push(request.uri().to_string());
        let mut answer = HttpResponse::new(Bytes::new());
        *answer.status_mut() = http::StatusCode::NOT_FOUND;
        Ok(answer)
    }
}

#[tokio::test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no addresses of Amazon at hand"
)]
async fn every_published_address_is_made_byte_for_byte() {
    let table = example("request-urls.json");
    let rows = table.as_array().unwrap();
    assert_eq!(rows.len(), 5);
    for row in rows {
        let url = row["url"].as_str().unwrap();
        let segments: Vec<_> = url.split('/').collect();
        let after = |word: &str| {
            let index = segments.iter().position(|it| *it == word).unwrap();
            segments[index + 1]
        };
        let recorder = Arc::new(Recorder::default());
        let builder = match row["env"].as_str().unwrap() {
            "sandbox" => AmazonClient::sandbox(),
            _ => AmazonClient::production(after("developer")),
        };
        let client = builder.transport(recorder.clone()).build().unwrap();
        let is_err = match row["api"].as_str().unwrap() {
            "rvs.verifyReceiptId" => {
                let receipt_id = ReceiptId::new(after("receiptId"));
                let user_id = UserId::new(after("user"));
                client.verify_receipt(&receipt_id, &user_id).await.is_err()
            }
            "purchases.products.get" => {
                let product = ProductId::new(after("products"));
                let app = AppId::new(after("applications"));
                let token = PurchaseToken::new(after("tokens"));
                let answer = client.get_product_purchase(&app, &product, &token).await;
                answer.is_err()
            }
            "purchases.subscriptionsv2.get" => {
                let app = AppId::new(after("applications"));
                let token = PurchaseToken::new(after("tokens"));
                let answer = client.get_subscription_purchase(&app, &token).await;
                answer.is_err()
            }
            other => panic!("{other}"),
        };
        assert!(is_err);
        let asked = recorder.0.lock().unwrap().clone();
        // Cloud Sandbox takes anything for a secret, and gets our own word.
        let expected = url.replace("/developer/developerSecret/", "/developer/sandbox/");
        assert_eq!(asked, [expected]);
    }
}

#[tokio::test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no ids of App Tester at hand"
)]
async fn every_id_of_app_tester_is_recognised_and_refused_in_production() {
    let examples = example("client/app-tester-receipt-ids-decoded.json");
    for row in examples.as_array().unwrap() {
        let receipt_id = ReceiptId::new(row["receiptId"].as_str().unwrap());
        let decoded = &row["decoded"];
        let receipt = AppTesterReceipt::decode(&receipt_id).unwrap();
        assert_eq!(receipt.user_id.as_str(), decoded["u"].as_str().unwrap());
        assert_eq!(receipt.product_id.as_str(), decoded["s"].as_str().unwrap());
        assert_eq!(Some(receipt.product_type.as_i64()), decoded["t"].as_i64());
        assert_eq!(
            receipt.purchase_date.as_millis().to_string(),
            decoded["d"].as_str().unwrap()
        );
        assert_eq!(receipt.auto_renewing, decoded["a"].as_bool());
        assert_eq!(receipt.in_grace_period, decoded["g"].as_bool());
        assert_eq!(receipt.in_free_trial, decoded["f"].as_bool());

        let recorder = Arc::new(Recorder::default());
        let client = AmazonClient::production("2:secret:secret==")
            .transport(recorder.clone())
            .build()
            .unwrap();
        let answer = client.verify_receipt(&receipt_id, &receipt.user_id).await;
        let kind = ErrorKind::Rejected(Rejection::WrongEnvironment);
        assert_eq!(answer.unwrap_err().kind(), kind);
        assert!(recorder.0.lock().unwrap().is_empty());
    }
    // Of all receipts those are App Tester's whose ids begin so, and no other.
    for (name, json) in receipts() {
        let id = json["receiptId"].as_str().unwrap();
        let is_app_tester = AppTesterReceipt::decode(&id.into()).is_some();
        assert_eq!(is_app_tester, id.starts_with("q1Y"), "{name}");
    }
}

#[tokio::test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set: no ids of apps at hand")]
async fn a_long_id_of_old_goes_out_as_it_is() {
    let pair = example("client/receipt-pair.json");
    let unity = example("client/unity-receipt.json");
    let unity: Value = serde_json::from_str(unity["Payload"].as_str().unwrap()).unwrap();
    for pair in [pair, unity] {
        let receipt_id = ReceiptId::new(pair["receiptId"].as_str().unwrap());
        let user_id = UserId::new(pair["userId"].as_str().unwrap());
        assert!(receipt_id.as_str().len() > 300);
        let recorder = Arc::new(Recorder::default());
        let client = AmazonClient::production("2:secret:secret==")
            .transport(recorder.clone())
            .build()
            .unwrap();
        assert!(client.verify_receipt(&receipt_id, &user_id).await.is_err());
        let asked = recorder.0.lock().unwrap().clone();
        let end = format!(
            "/user/{}/receiptId/{}",
            user_id.as_str(),
            receipt_id.as_str()
        );
        assert!(asked[0].ends_with(&end), "{asked:?}");
    }
}
