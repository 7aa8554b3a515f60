//! What you tell Apple about the use of a purchase before it decides on a refund.

use serde_json::Value;

use super::{
    super::{FakeAppStore, world::check_id},
    Call, Outcome, Problem, accepted, problem,
};

/// `ConsumptionRequestV1`: numbers, for consumables and subscriptions.
pub(super) fn version_1(call: Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    check_consent(&body)?;
    let number = |member: &str, largest: u64, problem: Problem| {
        let is_fine =
            body[member].is_null() || body[member].as_u64().is_some_and(|it| it <= largest);
        is_fine.then_some(()).ok_or(problem)
    };
    number(
        "accountTenure",
        7,
        Problem::new(4_000_032, "Invalid account tenure."),
    )?;
    number(
        "consumptionStatus",
        3,
        Problem::new(4_000_034, "Invalid consumption status."),
    )?;
    number("deliveryStatus", 5, problem::INVALID_DELIVERY_STATUS)?;
    number(
        "lifetimeDollarsPurchased",
        7,
        Problem::new(4_000_037, "Invalid value of lifetimeDollarsPurchased."),
    )?;
    number(
        "lifetimeDollarsRefunded",
        7,
        Problem::new(4_000_038, "Invalid value of lifetimeDollarsRefunded."),
    )?;
    number("platform", 2, Problem::new(4_000_039, "Invalid platform."))?;
    number("playTime", 7, Problem::new(4_000_040, "Invalid play time."))?;
    number(
        "userStatus",
        4,
        Problem::new(4_000_042, "Invalid user status."),
    )?;
    take_note(call, id, body)
}

/// `ConsumptionRequest`: words, for every kind of product.
pub(super) fn version_2(call: Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    check_consent(&body)?;
    if !body["sampleContentProvided"].is_boolean() {
        return Err(problem::INVALID_SAMPLE_CONTENT);
    }
    let is_delivered = match body["deliveryStatus"].as_str() {
        Some("DELIVERED") => true,
        Some(
            "UNDELIVERED_QUALITY_ISSUE"
            | "UNDELIVERED_WRONG_ITEM"
            | "UNDELIVERED_SERVER_OUTAGE"
            | "UNDELIVERED_OTHER",
        ) => false,
        _ => return Err(problem::INVALID_DELIVERY_STATUS),
    };
    let percentage = &body["consumptionPercentage"];
    let is_possible = percentage.is_null()
        || percentage
            .as_u64()
            .is_some_and(|it| it <= 100_000 && (is_delivered || it == 0));
    if !is_possible {
        return Err(problem::BAD_REQUEST);
    }
    take_note(call, id, body)
}

fn check_consent(body: &Value) -> Result<(), Problem> {
    match body["customerConsented"] {
        Value::Bool(true) => Ok(()),
        _ => Err(problem::INVALID_CONSENT),
    }
}

fn take_note(call: Call<'_>, id: &str, body: Value) -> Outcome {
    check_id(id)?;
    call.world.entry(id).ok_or(problem::TRANSACTION_NOT_FOUND)?;
    call.world.consumption.push((id.to_owned(), body));
    accepted()
}

impl FakeAppStore {
    /// What you told Apple about the use of a purchase: the bodies that were accepted, in their order.
    #[must_use]
    pub fn consumption_information(&self, transaction_id: &str) -> Vec<Value> {
        self.shop.with_world_of(transaction_id, |world| {
            let told = world.consumption.iter();
            told.filter(|(id, _)| id == transaction_id)
                .map(|(_, body)| body.clone())
                .collect()
        })
    }
}
