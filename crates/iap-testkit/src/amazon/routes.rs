//! Which question is it? Four paths that carry the shared secret.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Receipt, Shop, app_tester, refusal};
use crate::server::{Answer, ReceivedRequest};

pub(super) fn answer(shop: &Shop, request: &ReceivedRequest) -> Answer {
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if request.method() != "GET" || !request.query().is_empty() {
        return not_found();
    }
    match segments.as_slice() {
        [
            "version",
            "1.0",
            "verifyReceiptId",
            "developer",
            secret,
            "user",
            user,
            "receiptId",
            id,
        ] => answer_for(shop, secret, id, Some(user), |receipt| {
            Some(Value::Object(receipt.members.clone()))
        }),
        [
            "sandbox",
            "version",
            "1.0",
            "verifyReceiptId",
            "developer",
            secret,
            "user",
            user,
            "receiptId",
            id,
        ] if !secret.is_empty() => match app_tester::answer(id, user) {
            Some(answer) => Answer::json(StatusCode::OK, &answer),
            None => unknown(),
        },
        [
            "version",
            "1.0",
            "get",
            "developer",
            secret,
            "applications",
            package,
            "purchases",
            "products",
            product,
            "tokens",
            token,
        ] if *package == shop.package_name => answer_for(shop, secret, token, None, |receipt| {
            (receipt.members.get("productId")? == *product).then(|| product_purchase(receipt))
        }),
        [
            "version",
            "1.0",
            "developer",
            secret,
            "applications",
            package,
            "purchases",
            "subscriptionsv2",
            "tokens",
            token,
        ] if *package == shop.package_name => answer_for(shop, secret, token, None, |receipt| {
            let is_one = receipt.members.get("productType")? == "SUBSCRIPTION";
            is_one.then(|| subscription_purchase(receipt))
        }),
        // The certificate of the notification service, which has a host of its own at Amazon.
        [file] => match shop.certificate(file) {
            Some(pem) => Answer::new(StatusCode::OK, "application/x-pem-file", pem),
            None => not_found(),
        },
        _ => not_found(),
    }
}

/// 1. The secret is right. 2. The receipt is known. 3. It belongs to the user, where the question
///    names one. 4. Amazon still vouches for it.
fn answer_for(
    shop: &Shop,
    secret: &str,
    id: &str,
    user: Option<&str>,
    body: impl FnOnce(&Receipt) -> Option<Value>,
) -> Answer {
    // 1
    if secret != shop.shared_secret {
        return refusal(496, "Invalid developerSecret");
    }
    let state = shop.state();
    // 2
    let Some(receipt) = state.receipts.get(id) else {
        return unknown();
    };
    // 3
    if user.is_some_and(|user| user != receipt.user_id) {
        return refusal(497, "Purchase token/app user mismatch");
    }
    // 4
    if receipt.is_gone {
        return Answer::empty(StatusCode::GONE);
    }
    body(receipt).map_or_else(unknown, |body| Answer::json(StatusCode::OK, &body))
}

/// The answer of `purchases.products.get`.
fn product_purchase(receipt: &Receipt) -> Value {
    let of = |member: &str| receipt.members.get(member).cloned();
    json!({
        "cancelDate": of("cancelDate"),
        "cancelReason": of("cancelReason"),
        "kind": "androidpublisher#productPurchase",
        "parentProductId": null,
        "productId": of("productId"),
        "productType": of("productType"),
        "purchaseState": i32::from(of("cancelDate").is_some_and(|it| !it.is_null())),
        "purchaseTimeMillis": digits(&receipt.members, "purchaseDate"),
        "purchaseToken": of("receiptId"),
        "purchaseType": null,
        "quantity": of("quantity"),
        "testTransaction": of("testTransaction"),
    })
}

/// The answer of `purchases.subscriptionsv2.get`, which writes dates in three ways.
fn subscription_purchase(receipt: &Receipt) -> Value {
    let members = &receipt.members;
    let of = |member: &str| members.get(member).cloned();
    let is_set = |member: &str| of(member).is_some_and(|it| !it.is_null());
    let marker = |condition: bool| condition.then(|| json!({}));
    let reason = of("cancelReason").and_then(|it| it.as_i64());
    let state = if is_set("cancelDate") {
        "SUBSCRIPTION_STATE_EXPIRED"
    } else if is_set("gracePeriodEndDate") {
        "SUBSCRIPTION_STATE_IN_GRACE_PERIOD"
    } else {
        "SUBSCRIPTION_STATE_ACTIVE"
    };
    let end = ["cancelDate", "renewalDate"]
        .into_iter()
        .find_map(|member| digits(members, member));
    let term = of("termSku");
    let term = term.as_ref().and_then(Value::as_str).unwrap_or_default();
    let bought = of("purchaseDate").and_then(|it| it.as_i64());
    json!({
        "cancelDate": of("cancelDate"),
        "canceledStateContext": {
            "developerInitiatedCancellation": null,
            "replacementCancellation": marker(reason == Some(4)),
            "systemInitiatedCancellation": marker(reason == Some(2)),
            "userInitiatedCancellation": marker(reason == Some(1)),
        },
        "deferredDate": of("deferredDate"),
        "freeTrialEndDate": of("freeTrialEndDate"),
        "fulfillmentDate": null,
        "fulfillmentResult": null,
        "gracePeriodEndDate": of("gracePeriodEndDate"),
        "kind": "androidpublisher#subscriptionPurchaseV2",
        "lineItems": [{
            "autoRenewingPlan": { "autoRenewEnabled": of("autoRenewing") },
            "deferredItemReplacement": null,
            "expiryTime": end,
            "offerDetails": {
                "basePlanId": format!("amzn1.appstore.iap.compatibility.baseplan.termsku.{term}"),
                "offerId": format!("amzn1.appstore.iap.compatibility.offer.termsku.{term}"),
            },
            "productId": of("productId"),
        }],
        "productType": of("productType"),
        "promotions": of("promotions"),
        "purchaseTimeMillis": digits(members, "purchaseDate"),
        "purchaseMetadataMap": of("purchaseMetadataMap"),
        "receiptId": of("receiptId"),
        "renewalDate": of("renewalDate"),
        "startTime": bought.map(java_date),
        "subscriptionState": state,
        "term": of("term"),
        "testPurchase": marker(of("testTransaction") == Some(Value::Bool(true))),
        "testTransaction": of("testTransaction"),
    })
}

/// A date as digits in a text.
fn digits(members: &Map<String, Value>, member: &str) -> Option<String> {
    members
        .get(member)?
        .as_i64()
        .map(|millis| millis.to_string())
}

/// A date as Java's `Date.toString` writes it in UTC: `Thu May 22 18:44:01 UTC 2014`.
fn java_date(millis: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let seconds = millis.div_euclid(1_000);
    let days = usize::try_from(seconds.div_euclid(24 * 60 * 60)).expect("a date after 1970");
    let text = iap_core::Timestamp::from_seconds(seconds).to_string();
    let (date, time) = text.split_once('T').expect("RFC 3339");
    let mut date = date.split('-');
    let mut next = || date.next().expect("year, month and day");
    let (year, month, day) = (next(), next(), next());
    let month: usize = month.parse().expect("a number");
    let time: String = time.chars().take("18:44:01".len()).collect();
    format!(
        "{} {} {day} {time} UTC {year}",
        DAYS[days % 7],
        MONTHS[month - 1]
    )
}

fn unknown() -> Answer {
    refusal(400, "Failed to parse receipt Id")
}

fn not_found() -> Answer {
    Answer::new(StatusCode::NOT_FOUND, "text/html", "<html>Not Found</html>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_java_does() {
        assert_eq!(java_date(1_400_784_241_000), "Thu May 22 18:44:01 UTC 2014");
        assert_eq!(java_date(0), "Thu Jan 01 00:00:00 UTC 1970");
        assert_eq!(java_date(1_795_910_399_999), "Sat Nov 28 23:59:59 UTC 2026");
    }
}
