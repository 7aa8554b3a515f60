//! Test notifications, and the notifications of the past.

use core::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{json, notifications::SentNotification},
    Call, Outcome,
    history::{PAGE, position, token},
    problem,
};
use crate::system;

/// Sends `TEST` to the webhook.
pub(super) fn request_test(call: Call<'_>) -> Outcome {
    let (shop, world) = (call.shop, call.world);
    if world.notification_url.is_none() {
        return Err(problem::NO_NOTIFICATION_URL);
    }
    let notification = shop.notification(world.environment, "TEST", None);
    let signed = notification.sign(&shop.authority);
    let number = shop.remember(world, signed, "TEST", None, None);
    let token = format!("{}_{}", system::uuid(), shop.now().as_millis());
    world.tests.insert(token.clone(), number);
    json(&json!({ "testNotificationToken": token }))
}

/// What became of a test; not found until it has been sent.
pub(super) fn test_status(call: &Call<'_>, token: &str) -> Outcome {
    let number = call.world.tests.get(token);
    let number = number.ok_or(problem::TEST_NOTIFICATION_NOT_FOUND)?;
    let notification = &call.world.notifications[*number];
    if notification.attempts.is_empty() {
        return Err(problem::TEST_NOTIFICATION_NOT_FOUND);
    }
    json(&notification.json())
}

/// The notifications of a time, or some of them.
pub(super) fn history(call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let now = call.shop.now();
    let date = |name: &str| body[name].as_i64().map(iap_core::Timestamp::from_millis);
    let from = date("startDate").ok_or(problem::INVALID_START_DATE)?;
    let until = date("endDate").ok_or(problem::INVALID_END_DATE)?;
    if from >= until {
        return Err(problem::START_AFTER_END);
    }
    if from < now.saturating_sub(OLDEST) {
        return Err(problem::START_TOO_EARLY);
    }
    let (kind, subtype) = (&body["notificationType"], &body["notificationSubtype"]);
    let transaction = &body["transactionId"];
    if !kind.is_null() && !transaction.is_null() {
        return Err(problem::MULTIPLE_FILTERS);
    }
    if kind.is_null() && !subtype.is_null() {
        return Err(problem::INVALID_NOTIFICATION_TYPE);
    }
    let is = |wanted: &Value, found: Option<&str>| wanted.is_null() || wanted.as_str() == found;
    let only_failures = body["onlyFailures"] == true;
    let fits = |it: &&SentNotification| {
        from <= it.made_at
            && it.made_at <= until
            && is(kind, Some(&it.notification_type))
            && is(subtype, it.subtype.as_deref())
            && is(transaction, it.transaction_id.as_deref())
            && !(only_failures && it.has_arrived())
    };
    let found: Vec<&SentNotification> = call.world.notifications.iter().filter(fits).collect();
    let start = match call.request.query_value("paginationToken") {
        None => 0,
        Some(text) => position(&text).ok_or(problem::INVALID_PAGINATION_TOKEN)?,
    };
    let rest = found
        .get(start..)
        .ok_or(problem::INVALID_PAGINATION_TOKEN)?;
    let page = rest.iter().take(PAGE);
    let mut answer = json!({
        "hasMore": rest.len() > PAGE,
        "notificationHistory": page.map(|it| it.json()).collect::<Vec<_>>(),
    });
    if rest.len() > PAGE {
        answer["paginationToken"] = token(start + PAGE).into();
    }
    json(&answer)
}

/// 180 days.
const OLDEST: Duration = Duration::from_secs(180 * 24 * 60 * 60);
