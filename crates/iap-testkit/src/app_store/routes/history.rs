//! Pages of a customer's transactions and refunds.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    super::{
        json,
        world::{Entry, World},
    },
    Call, Outcome, Problem, problem,
};

/// Everything of a customer that fits the conditions in the query, the last changed last unless
/// asked otherwise. Version 1 leaves out consumables that are finished.
pub(super) fn transactions(call: Call<'_>, id: &str, version: &str) -> Outcome {
    let conditions = Conditions::read(&call)?;
    let customer = call.world.customer_of(id)?;
    let is_listed = |entry: &&Entry| {
        let is_used_up = entry.is_finished
            && entry.payload()["type"] == "Consumable"
            && entry.payload()["revocationDate"].is_null();
        entry.customer == *customer
            && conditions.hold_for(&entry.payload())
            && (version == "v2" || !is_used_up)
    };
    let mut entries: Vec<&Entry> = call.world.entries.iter().filter(is_listed).collect();
    entries.sort_by_key(|entry| entry.changed);
    if conditions.is_descending {
        entries.reverse();
    }
    let page = Page::of(&call, &entries)?;
    json(&json!({
        "revision": page.revision,
        "hasMore": page.has_more,
        "bundleId": call.shop.bundle_id,
        "appAppleId": call.shop.app_apple_id,
        "environment": environment(call.world),
        "signedTransactions": page.signed,
    }))
}

/// The refunds of a customer, in their order.
pub(super) fn refunds(call: Call<'_>, id: &str) -> Outcome {
    let customer = call.world.customer_of(id)?;
    let refunds = call.world.refunds.iter();
    let entries: Vec<&Entry> = refunds
        .filter_map(|id| call.world.entry(id))
        .filter(|entry| entry.customer == *customer)
        .collect();
    let page = Page::of(&call, &entries)?;
    json(&json!({
        "signedTransactions": page.signed,
        "revision": page.revision,
        "hasMore": page.has_more,
    }))
}

pub(super) fn environment(world: &World) -> Value {
    match world.environment {
        iap_core::Environment::Sandbox => "Sandbox",
        _ => "Production",
    }
    .into()
}

struct Page {
    signed: Vec<String>,
    revision: String,
    has_more: bool,
}

impl Page {
    /// The page that `revision` of the query asks for; the first one without it.
    fn of(call: &Call<'_>, entries: &[&Entry]) -> Result<Self, Problem> {
        let start = match call.request.query_value("revision") {
            None => 0,
            Some(revision) => position(&revision).ok_or(problem::INVALID_REVISION)?,
        };
        let rest = entries.get(start..).ok_or(problem::INVALID_REVISION)?;
        let page = &rest[..rest.len().min(PAGE)];
        let (authority, now) = (&call.shop.authority, call.shop.now());
        Ok(Self {
            signed: page.iter().map(|it| it.signed(authority, now)).collect(),
            revision: token(start + page.len()),
            has_more: rest.len() > PAGE,
        })
    }
}

/// A position in a list, as an opaque text.
pub(super) fn token(position: usize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("after {position}"))
}

pub(super) fn position(token: &str) -> Option<usize> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let text = String::from_utf8(text).ok()?;
    text.strip_prefix("after ")?.parse().ok()
}

/// What a query asks of the transactions to be listed.
struct Conditions {
    from: Option<i64>,
    until: Option<i64>,
    products: Vec<String>,
    types: Vec<&'static str>,
    groups: Vec<String>,
    ownership: Option<String>,
    revoked: Option<bool>,
    is_descending: bool,
}

impl Conditions {
    fn read(call: &Call<'_>) -> Result<Self, Problem> {
        let request = call.request;
        let date = |name: &str, problem: Problem| {
            let text = request.query_value(name);
            text.map(|text| text.parse().map_err(|_| problem))
                .transpose()
        };
        let from: Option<i64> = date("startDate", problem::INVALID_START_DATE)?;
        let until: Option<i64> = date("endDate", problem::INVALID_END_DATE)?;
        if from.is_some_and(|from| until.is_some_and(|until| from >= until)) {
            return Err(problem::START_AFTER_END);
        }
        let types = request.query_values("productType");
        let types = types.iter().map(|it| product_type(it));
        let ownership = request.query_value("inAppOwnershipType");
        if !matches!(
            ownership.as_deref(),
            None | Some("PURCHASED" | "FAMILY_SHARED")
        ) {
            return Err(problem::INVALID_OWNERSHIP);
        }
        Ok(Self {
            from,
            until,
            products: request.query_values("productId"),
            types: types.collect::<Result<_, _>>()?,
            groups: request.query_values("subscriptionGroupIdentifier"),
            ownership,
            revoked: match request.query_value("revoked").as_deref() {
                None => None,
                Some("true") => Some(true),
                Some("false") => Some(false),
                Some(_) => return Err(problem::INVALID_REVOKED),
            },
            is_descending: match request.query_value("sort").as_deref() {
                None | Some("ASCENDING") => false,
                Some("DESCENDING") => true,
                Some(_) => return Err(problem::INVALID_SORT),
            },
        })
    }

    fn hold_for(&self, transaction: &Value) -> bool {
        let bought = transaction["purchaseDate"].as_i64();
        let is_one_of = |list: &[String], member: &str| {
            let value = transaction[member].as_str();
            list.is_empty() || list.iter().any(|it| value == Some(it.as_str()))
        };
        let is_revoked = !transaction["revocationDate"].is_null();
        self.from.is_none_or(|from| bought >= Some(from))
            && self.until.is_none_or(|until| bought < Some(until))
            && is_one_of(&self.products, "productId")
            && is_one_of(&self.groups, "subscriptionGroupIdentifier")
            && (self.types.is_empty() || self.types.iter().any(|it| transaction["type"] == **it))
            && self
                .ownership
                .as_deref()
                .is_none_or(|ownership| transaction["inAppOwnershipType"] == ownership)
            && self.revoked.is_none_or(|revoked| revoked == is_revoked)
    }
}

/// The query's name of a kind of product, in the words of transactions.
fn product_type(name: &str) -> Result<&'static str, Problem> {
    Ok(match name {
        "AUTO_RENEWABLE" => "Auto-Renewable Subscription",
        "NON_RENEWABLE" => "Non-Renewing Subscription",
        "CONSUMABLE" => "Consumable",
        "NON_CONSUMABLE" => "Non-Consumable",
        _ => return Err(problem::INVALID_PRODUCT_TYPE),
    })
}

/// What Apple puts on a page.
pub(super) const PAGE: usize = 20;
