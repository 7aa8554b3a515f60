//! What was taken back.

use serde_json::{Value, json};

use super::{Call, Outcome, ok, problem};

/// One-time products or, with `type=1`, subscriptions as well; oldest first, page by page.
pub(super) fn list(call: &Call<'_>) -> Outcome {
    let request = call.request;
    let number = |name: &str| match request.query_value(name) {
        None => Ok(None),
        Some(text) => match text.parse::<i64>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(problem::INVALID_VALUE),
        },
    };
    let with_subscriptions = number("type")? == Some(1);
    let now = call.shop.now().as_millis();
    let first = number("startTime")?.unwrap_or(now - LONGEST);
    let last = number("endTime")?.unwrap_or(now);
    if first < now - LONGEST || first > last {
        return Err(problem::INVALID_VALUE);
    }
    let most = number("maxResults")?.unwrap_or(MOST);
    let most = usize::try_from(most.clamp(1, MOST)).expect("a small number");
    let parts = request.query_value("includeQuantityBasedPartialRefund");
    let with_parts = parts.as_deref() == Some("true");
    let state = call.shop.state();
    let voided: Vec<Value> = state
        .voided
        .iter()
        .filter_map(|voided| {
            let order = voided.order(&state)?;
            let is_listed = (with_subscriptions || !order.is_subscription)
                && (with_parts || voided.quantity.is_none());
            let is_in_time = (first..=last).contains(&voided.at.as_millis());
            (is_listed && is_in_time).then(|| voided.json(order))
        })
        .collect();
    let start = match request.query_value("token") {
        None => 0,
        Some(token) => {
            let start = token.strip_prefix("after-").and_then(|it| it.parse().ok());
            start.ok_or(problem::INVALID_VALUE)?
        }
    };
    let rest = voided.get(start..).ok_or(problem::INVALID_VALUE)?;
    let page = &rest[..rest.len().min(most)];
    let mut answer = json!({});
    // Google leaves out an empty list.
    if !page.is_empty() {
        answer["voidedPurchases"] = page.into();
    }
    if rest.len() > most {
        answer["tokenPagination"] = json!({ "nextPageToken": format!("after-{}", start + most) });
    }
    ok(&answer)
}

/// 30 days, in milliseconds.
const LONGEST: i64 = 30 * 24 * 60 * 60 * 1_000;

/// Entries on a page.
const MOST: i64 = 1_000;
