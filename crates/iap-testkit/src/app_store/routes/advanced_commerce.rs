//! Subscriptions and refunds whose products and prices the developer's own server names.
//!
//! <https://developer.apple.com/documentation/advancedcommerceapi>

use serde_json::{Value, json};

use super::{
    super::{json, world::check_id},
    Answer, Call, Outcome, Problem, is_uuid, problem,
};

pub(super) fn answer(call: Call<'_>, group: &str, action: &str, id: &str) -> Outcome {
    let act = match (group, action) {
        ("subscription", "cancel") => cancel,
        ("subscription", "changeMetadata") => change_metadata,
        ("subscription", "changePrice") => change_price,
        ("subscription", "migrate") => migrate,
        ("subscription", "revoke") => revoke,
        ("transaction", "requestRefund") => request_refund,
        _ => {
            return Ok(Answer::new(
                http::StatusCode::NOT_FOUND,
                "text/plain",
                "Not Found",
            ));
        }
    };
    let body = call.body()?;
    check_id(id)?;
    call.world.entry(id).ok_or(problem::TRANSACTION_NOT_FOUND)?;
    let reference = reference(&body)?;
    if !call.world.references.insert(reference) {
        return Err(problem::ALREADY_USED_REFERENCE);
    }
    act(call, id, &body)
}

/// What makes a request have its effect once: a UUID of the caller's.
fn reference(body: &Value) -> Result<String, Problem> {
    let info = body.get("requestInfo").ok_or(NO_REQUEST_INFO)?;
    let reference = info.get("requestReferenceId").ok_or(NO_REFERENCE)?;
    let reference = reference.as_str().filter(|it| is_uuid(it));
    reference.map(str::to_owned).ok_or(INVALID_REFERENCE)
}

fn cancel(mut call: Call<'_>, id: &str, _: &Value) -> Outcome {
    let original_id = subscription_of(&call, id)?;
    change_renewal(&mut call, &original_id, "autoRenewStatus", json!(0));
    notify(
        call,
        id,
        "DID_CHANGE_RENEWAL_STATUS",
        Some("AUTO_RENEW_DISABLED"),
    )
}

fn change_metadata(call: Call<'_>, id: &str, body: &Value) -> Outcome {
    subscription_of(&call, id)?;
    if ["descriptors", "items", "taxCode"]
        .iter()
        .all(|it| body[*it].is_null())
    {
        return Err(NOTHING_TO_CHANGE);
    }
    notify(call, id, "METADATA_UPDATE", None)
}

fn change_price(mut call: Call<'_>, id: &str, body: &Value) -> Outcome {
    let original_id = subscription_of(&call, id)?;
    let items = body["items"].as_array().filter(|it| !it.is_empty());
    let prices = items.ok_or(NO_ITEMS)?.iter().map(|it| it["price"].as_i64());
    let total: Option<i64> = prices.sum();
    let total = total.filter(|total| *total >= 0).ok_or(NO_PRICE)?;
    change_renewal(&mut call, &original_id, "renewalPrice", json!(total));
    notify(call, id, "PRICE_CHANGE", None)
}

fn migrate(mut call: Call<'_>, id: &str, body: &Value) -> Outcome {
    let original_id = subscription_of(&call, id)?;
    let product = &body["targetProductId"];
    if !product.is_string() {
        return Err(NO_TARGET);
    }
    change_renewal(
        &mut call,
        &original_id,
        "autoRenewProductId",
        product.clone(),
    );
    notify(call, id, "MIGRATION", None)
}

fn revoke(call: Call<'_>, id: &str, _: &Value) -> Outcome {
    let original_id = subscription_of(&call, id)?;
    let now = call.shop.now();
    let subscription = call.world.subscription(&original_id);
    if !matches!(subscription.status, 1 | 4) {
        return Err(NOT_ACTIVE);
    }
    subscription.status = 5;
    let latest = subscription.latest.clone();
    call.world.change(&latest, |it| {
        it.revoked(now, 0).revocation_type("REFUND_PRORATED")
    });
    call.world.refunds.push(latest.clone());
    notify(call, &latest, "REFUND", None)
}

/// The decision comes later, as a notification.
fn request_refund(call: Call<'_>, id: &str, body: &Value) -> Outcome {
    if body["items"].as_array().is_none_or(Vec::is_empty) {
        return Err(NO_ITEMS);
    }
    if !body["refundRiskingPreference"].is_boolean() {
        return Err(NO_PREFERENCE);
    }
    let entry = call.world.entry(id).expect("a transaction of ours");
    if !entry.payload()["revocationDate"].is_null() {
        return Err(ALREADY_REFUNDED);
    }
    let signed = entry.signed(&call.shop.authority, call.shop.now());
    json(&json!({ "signedTransactionInfo": signed }))
}

/// The original transaction id of the subscription that a transaction belongs to.
fn subscription_of(call: &Call<'_>, id: &str) -> Result<String, Problem> {
    let entry = call.world.entry(id).expect("a transaction of ours");
    let original_id = entry.original_id();
    let is_one = call.world.subscriptions.contains_key(&original_id);
    is_one.then_some(original_id).ok_or(NO_SUBSCRIPTION)
}

fn change_renewal(call: &mut Call<'_>, original_id: &str, member: &str, value: Value) {
    call.world
        .change_renewal(original_id, |it| it.set(member, value));
}

/// Tells the webhook, and answers with the subscription as it is now.
fn notify(call: Call<'_>, id: &str, kind: &str, subtype: Option<&str>) -> Outcome {
    let (shop, world, now) = (call.shop, call.world, call.shop.now());
    shop.notify(world, id, kind, subtype);
    let entry = world.entry(id).expect("a transaction of ours");
    let subscription = world.subscriptions.get(&entry.original_id());
    let renewal_info = subscription.map(|it| {
        let renewal_info = it.renewal_info.clone().signed_at(now);
        renewal_info.sign(&shop.authority)
    });
    json(&json!({
        "signedTransactionInfo": entry.signed(&shop.authority, now),
        "signedRenewalInfo": renewal_info,
    }))
}

const ALREADY_REFUNDED: Problem = Problem::new(4_030_021, "Refunded before.");
const INVALID_REFERENCE: Problem = Problem::new(4_000_081, "The request reference id is no UUID.");
const NOTHING_TO_CHANGE: Problem = Problem::new(4_000_160, "Nothing to change.");
const NOT_ACTIVE: Problem = Problem::new(4_000_186, "The subscription is not active.");
const NO_ITEMS: Problem = Problem::new(4_000_101, "No items.");
const NO_PREFERENCE: Problem = Problem::new(4_000_159, "No refund risking preference.");
const NO_PRICE: Problem = Problem::new(4_000_109, "No price, or a negative one.");
const NO_REFERENCE: Problem = Problem::new(4_000_080, "No request reference id.");
const NO_REQUEST_INFO: Problem = Problem::new(4_000_079, "No request info.");
const NO_SUBSCRIPTION: Problem = Problem::new(4_030_008, "No such subscription.");
const NO_TARGET: Problem = Problem::new(4_000_166, "No target product id.");
