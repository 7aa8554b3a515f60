//! The states of a customer's subscriptions, and putting off their renewal.

use core::time::Duration;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{json, world::check_id},
    Call, Outcome, Problem,
    history::environment,
    problem,
};

/// All subscriptions of a customer by group, or those in the states that the query names.
pub(super) fn statuses(call: &Call<'_>, id: &str) -> Outcome {
    let wanted = call.request.query_values("status");
    let wanted = wanted.iter().map(|it| match it.parse() {
        Ok(status @ 1..=5) => Ok(status),
        _ => Err(problem::INVALID_STATUS),
    });
    let wanted: Vec<i64> = wanted.collect::<Result<_, _>>()?;
    let (world, now) = (&call.world, call.shop.now());
    let customer = world.customer_of(id)?;
    let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (original_id, subscription) in &world.subscriptions {
        let is_wanted = wanted.is_empty() || wanted.contains(&subscription.status);
        if subscription.customer != *customer || !is_wanted {
            continue;
        }
        let entry = world.entry(&subscription.latest);
        let entry = entry.expect("a transaction of ours");
        let renewal_info = subscription.renewal_info.clone().signed_at(now);
        let group = entry.text("subscriptionGroupIdentifier");
        groups
            .entry(group.unwrap_or_default())
            .or_default()
            .push(json!({
                "originalTransactionId": original_id,
                "status": subscription.status,
                "signedTransactionInfo": entry.signed(&call.shop.authority, now),
                "signedRenewalInfo": renewal_info.sign(&call.shop.authority),
            }));
    }
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|(group, items)| {
            json!({ "subscriptionGroupIdentifier": group, "lastTransactions": items })
        })
        .collect();
    json(&json!({
        "environment": environment(world),
        "bundleId": call.shop.bundle_id,
        "appAppleId": call.shop.app_apple_id,
        "data": groups,
    }))
}

/// Puts the renewal of one subscription off. The same request identifier has its effect once.
pub(super) fn extend(call: Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    let extension = Extension::read(&body)?;
    check_id(id).map_err(|_| problem::INVALID_ORIGINAL_ID)?;
    let (world, now) = (call.world, call.shop.now());
    let subscription = world.subscriptions.get(id);
    let subscription = subscription.ok_or(problem::ORIGINAL_ID_NOT_FOUND)?;
    let (latest, status) = (subscription.latest.clone(), subscription.status);
    let entry = world.entry(&latest).expect("a transaction of ours");
    if entry.is_family_shared() {
        return Err(problem::FAMILY_SHARED_EXTENSION);
    }
    let expires = entry.date("expiresDate").ok_or(problem::BAD_REQUEST)?;
    let of_this = |it: &&(String, String, _)| it.0 == id;
    let is_repeated = world
        .extensions
        .iter()
        .filter(of_this)
        .any(|it| it.1 == extension.identifier);
    let effective = if is_repeated {
        expires
    } else {
        let this_year = |at: iap_core::Timestamp| now < at.saturating_add(YEAR);
        let extensions = world.extensions.iter().filter(of_this);
        if extensions.filter(|it| this_year(it.2)).count() >= 2 {
            return Err(problem::TOO_MANY_EXTENSIONS);
        }
        if status != 1 {
            return Err(problem::NOT_ELIGIBLE_FOR_EXTENSION);
        }
        let later = expires.saturating_add(extension.length);
        world.change(&latest, |it| it.expires_date(later));
        world.change_renewal(id, |it| it.renewal_date(later));
        let identifier = extension.identifier;
        world.extensions.push((id.to_owned(), identifier, now));
        call.shop.notify(world, &latest, "RENEWAL_EXTENDED", None);
        later
    };
    let entry = world.entry(&latest).expect("a transaction of ours");
    json(&json!({
        "originalTransactionId": id,
        "webOrderLineItemId": entry.text("webOrderLineItemId"),
        "success": true,
        "effectiveDate": effective.as_millis(),
    }))
}

/// Puts the renewal of everybody off who is subscribed to a product, which is done at once here.
pub(super) fn extend_many(call: Call<'_>) -> Outcome {
    let body = call.body()?;
    let extension = Extension::read(&body)?;
    let product = body["productId"].as_str().ok_or(problem::BAD_REQUEST)?;
    let storefronts = match &body["storefrontCountryCodes"] {
        Value::Null => None,
        Value::Array(codes) if codes.is_empty() => return Err(problem::INVALID_STOREFRONTS),
        Value::Array(codes) => Some(codes),
        _ => return Err(problem::BAD_REQUEST),
    };
    let (world, shop) = (call.world, call.shop);
    let key = (product.to_owned(), extension.identifier.clone());
    if !world.mass_extensions.contains_key(&key) {
        let active = world.subscriptions.iter().filter(|(_, it)| it.status == 1);
        let chosen: Vec<(String, String)> = active
            .filter_map(|(id, it)| {
                let payload = world.entry(&it.latest)?.payload();
                let is_there = storefronts.is_none_or(|them| them.contains(&payload["storefront"]));
                (payload["productId"] == product && is_there)
                    .then(|| (id.clone(), it.latest.clone()))
            })
            .collect();
        for (id, latest) in &chosen {
            let entry = world.entry(latest).expect("a transaction of ours");
            if let Some(expires) = entry.date("expiresDate") {
                let later = expires.saturating_add(extension.length);
                world.change(latest, |it| it.expires_date(later));
                world.change_renewal(id, |it| it.renewal_date(later));
            }
        }
        let status = json!({
            "requestIdentifier": extension.identifier,
            "complete": true,
            "completeDate": shop.now().as_millis(),
            "succeededCount": chosen.len(),
            "failedCount": 0,
        });
        world.mass_extensions.insert(key, status.clone());
        let summary = json!({
            "requestIdentifier": extension.identifier,
            "productId": product,
            "succeededCount": status["succeededCount"],
            "failedCount": 0,
        });
        let (kind, subtype) = ("RENEWAL_EXTENSION", Some("SUMMARY"));
        let notification = shop.notification(world.environment, kind, subtype);
        let signed = notification.summary(summary).sign(&shop.authority);
        shop.remember(world, signed, kind, subtype, None);
    }
    json(&json!({ "requestIdentifier": extension.identifier }))
}

pub(super) fn status_of_extension(call: &Call<'_>, product: &str, identifier: &str) -> Outcome {
    let key = (product.to_owned(), identifier.to_owned());
    let status = call.world.mass_extensions.get(&key);
    json(status.ok_or(problem::STATUS_REQUEST_NOT_FOUND)?)
}

struct Extension {
    length: Duration,
    identifier: String,
}

impl Extension {
    fn read(body: &Value) -> Result<Self, Problem> {
        let days = body["extendByDays"].as_u64();
        let days = days
            .filter(|days| (1..=90).contains(days))
            .ok_or(problem::INVALID_DAYS)?;
        if !matches!(body["extendReasonCode"].as_u64(), Some(0..=3)) {
            return Err(problem::INVALID_REASON);
        }
        let identifier = body["requestIdentifier"].as_str();
        let identifier = identifier
            .filter(|it| (1..=128).contains(&it.len()))
            .ok_or(problem::INVALID_REQUEST_IDENTIFIER)?;
        Ok(Self {
            length: Duration::from_secs(days * DAY),
            identifier: identifier.to_owned(),
        })
    }
}

/// In seconds.
const DAY: u64 = 24 * 60 * 60;

const YEAR: Duration = Duration::from_secs(365 * DAY);
