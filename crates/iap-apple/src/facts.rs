//! What do Apple's pages and libraries say? The tables in `tests/facts`, against which the tests hold
//! the code.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Map, Value, json};

/// A row of a table: its cells by the names of their columns.
pub(crate) type Row = HashMap<&'static str, &'static str>;

/// The rows of a table in which tabs separate the cells. Lines that begin with `#` are remarks.
pub(crate) fn rows(table: &'static str) -> Vec<Row> {
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<_> = lines.next().unwrap().split('\t').collect();
    let row = |line: &'static str| {
        let cells = line.split('\t').chain(std::iter::repeat(""));
        columns.iter().copied().zip(cells).collect()
    };
    lines.map(row).collect()
}

/// The names of the types.
pub(crate) fn types() -> Vec<&'static str> {
    let types = MODELS["types"].as_object().unwrap();
    types.keys().map(String::as_str).collect()
}

/// The names of the enums.
pub(crate) fn enums() -> Vec<&'static str> {
    let enums = MODELS["enums"].as_object().unwrap();
    enums.keys().map(String::as_str).collect()
}

/// The values of an enum: name, and value on the wire. With those that only a third-party library
/// names.
pub(crate) fn values(name: &str) -> Vec<(&'static str, &'static Value)> {
    let definition = &MODELS["enums"][name];
    let values = definition["values"].as_object();
    let more = definition["values_only_in_namecare"].as_object();
    let values = values.unwrap_or_else(|| panic!("no enum {name}"));
    let values = values.iter().chain(more.into_iter().flatten());
    values.map(|(name, value)| (name.as_str(), value)).collect()
}

/// A value that an enum will have tomorrow.
pub(crate) fn value_of_tomorrow(name: &str) -> Value {
    match MODELS["enums"][name]["wire"].as_str() {
        Some("int") => json!(4711),
        _ => json!("OF_TOMORROW"),
    }
}

/// The members of a type: name, and type in the words of the table.
pub(crate) fn members(name: &str) -> Vec<(&'static str, &'static str)> {
    fields(name)
        .iter()
        .map(|field| (text(field, "name"), text(field, "type")))
        .collect()
}

/// A sample of a type with every member that can be there at once.
pub(crate) fn sample(name: &str) -> Value {
    samples(name).swap_remove(0)
}

/// Samples of a type which together have every member. One is enough, except where members exclude
/// each other.
pub(crate) fn samples(name: &str) -> Vec<Value> {
    let all: Map<String, Value> = fields(name)
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let member = text(field, "name");
            let value = match field.get("const") {
                Some(constant) => constant.clone(),
                None => value(name, member, text(field, "type"), index),
            };
            (member.to_owned(), value)
        })
        .collect();
    let exclusive = EXCLUSIVE.iter().find(|(owner, _)| *owner == name);
    let Some((_, alternatives)) = exclusive else {
        return vec![all.into()];
    };
    let others = |chosen: usize| {
        let others = alternatives.iter().enumerate();
        others.filter(move |(index, _)| *index != chosen)
    };
    (0..alternatives.len())
        .map(|chosen| {
            let mut sample = all.clone();
            for member in others(chosen).flat_map(|(_, members)| *members) {
                assert!(sample.remove(*member).is_some(), "{name} has no {member}");
            }
            sample.into()
        })
        .collect()
}

fn fields(name: &str) -> &'static [Value] {
    let fields = MODELS["types"][name]["fields"].as_array();
    fields.unwrap_or_else(|| panic!("no type {name}"))
}

fn text(field: &'static Value, key: &str) -> &'static str {
    field[key].as_str().unwrap()
}

/// A value of a member that Apple's rules allow.
fn value(owner: &str, member: &str, kind: &str, index: usize) -> Value {
    match (owner, member) {
        (_, "currency") => return json!("ISK"),
        (_, "storefront") => return json!("ISL"),
        (_, "storefrontCountryCodes") => return json!(["ISL"]),
        (_, "realtimeURL") => return json!("https://swim.example/retention"),
        // The only value that goes with every `deliveryStatus`.
        (_, "consumptionPercentage") => return json!(0),
        // The only value that goes with a `refundAmount`.
        ("AdvancedCommerceRequestRefundItem", "refundType") => return json!("CUSTOM"),
        ("AdvancedCommerceSubscriptionRevokeRequest", "refundType") => return json!("FULL"),
        // No request may name an item twice.
        (_, "SKU") => return json!(format!("{owner}.{member}")),
        _ => {}
    }
    if let Some(name) = kind.strip_prefix("enum:") {
        return values(name)[0].1.clone();
    }
    if let Some(element) = inside(kind, "list<") {
        return json!([value(owner, member, element, index)]);
    }
    if let Some((key, element)) = inside(kind, "map<").and_then(|kinds| kinds.split_once(',')) {
        let key = value(owner, member, key, index);
        return json!({ key.as_str().unwrap(): value(owner, member, element, index) });
    }
    match kind {
        "string" => json!(member),
        raw if raw.starts_with("raw:") => json!(member),
        "uuid" => json!(UUID),
        "bool" => json!(true),
        "int32" => json!(2),
        // No f64 holds it.
        "int64" => json!(9_007_199_254_740_993_i64),
        // Each later than the one before: a start before its end.
        "timestamp_ms" => json!(1_790_000_000_123_usize.saturating_add(index)),
        nested => sample(nested),
    }
}

/// What stands between `prefix` and the closing bracket of a kind.
pub(crate) fn inside<'a>(kind: &'a str, prefix: &str) -> Option<&'a str> {
    kind.strip_prefix(prefix)?.strip_suffix('>')
}

pub(crate) const UUID: &str = "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f";

/// The members of a type of which only one group may be there.
const EXCLUSIVE: &[(&str, &[&[&str]])] = &[
    (
        "AdvancedCommerceSubscriptionModifyAddItem",
        &[&["offer"], &["proratedPrice"]],
    ),
    (
        "AdvancedCommerceSubscriptionModifyChangeItem",
        &[&["offer"], &["proratedPrice"]],
    ),
    (
        "NotificationHistoryRequest",
        &[
            &["notificationType", "notificationSubtype"],
            &["transactionId"],
        ],
    ),
    (
        "PromotionalOffer",
        &[
            &["promotionalOfferSignatureV2"],
            &["promotionalOfferSignatureV1"],
        ],
    ),
    (
        "RealtimeResponseBody",
        &[
            &["message"],
            &["alternateProduct"],
            &["promotionalOffer"],
            &["advancedCommerceInfo"],
        ],
    ),
];

static MODELS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../tests/facts/models.json")).unwrap());
