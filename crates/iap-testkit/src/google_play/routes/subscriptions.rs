//! Subscriptions, in both versions of the API.

use core::time::Duration;

use iap_core::Timestamp;
use serde_json::{Value, json};

use super::{
    super::{
        State,
        life_cycle::{BY_DEVELOPER, is_token},
        subscription::{EXPIRED, Subscription},
    },
    Call, GoogleProblem, Outcome, empty, ok, problem,
};

pub(super) fn get(call: &Call<'_>, token: &str) -> Outcome {
    let state = call.shop.state();
    match find(&state, token) {
        // The older calls say something else.
        Err(problem::INVALID_VALUE) if is_token(token) => Err(problem::NOT_FOUND),
        found => ok(&found?.json()),
    }
}

pub(super) fn get_v1(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    let state = call.shop.state();
    check_product(&state, product_id, token)?;
    ok(&find(&state, token)?.json_v1())
}

/// Stops the renewal; which of the two types of cancellation decides whether the customer may undo it.
pub(super) fn cancel(call: &Call<'_>, token: &str) -> Outcome {
    let body = call.body()?;
    let by = match body["cancellationContext"]["cancellationType"].as_str() {
        Some("USER_REQUESTED_STOP_RENEWALS") => "userInitiatedCancellation",
        Some("DEVELOPER_REQUESTED_STOP_PAYMENTS") => "developerInitiatedCancellation",
        _ => return Err(problem::REQUIRED),
    };
    stop(call, token, by)?;
    ok(&json!({}))
}

pub(super) fn cancel_v1(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    check_product(&call.shop.state(), product_id, token)?;
    stop(call, token, "developerInitiatedCancellation")?;
    empty()
}

fn stop(call: &Call<'_>, token: &str, by: &str) -> Result<(), GoogleProblem> {
    let mut state = call.shop.state();
    let subscription = find(&state, token)?;
    if subscription.bought.is_prepaid {
        return Err(problem::INVALID_VALUE);
    }
    if subscription.state == EXPIRED {
        return Err(problem::SUBSCRIPTION_EXPIRED);
    }
    call.shop.cancel(&mut state, token, by);
    Ok(())
}

/// Puts the next charge off; the `etag` must be that of the latest answer.
pub(super) fn defer(call: &Call<'_>, token: &str) -> Outcome {
    let body = call.body()?;
    let context = &body["deferralContext"];
    let duration = context["deferDuration"].as_str();
    let seconds = duration
        .and_then(|it| it.strip_suffix('s')?.parse().ok())
        .filter(|seconds| (DAY..=365 * DAY).contains(seconds))
        .ok_or(problem::INVALID_VALUE)?;
    let mut state = call.shop.state();
    let subscription = find(&state, token)?;
    if context["etag"] != subscription.etag() {
        return Err(problem::CONCURRENT_UPDATE);
    }
    let expires = subscription.expires_at.ok_or(problem::INVALID_VALUE)?;
    let later = expires.saturating_add(Duration::from_secs(seconds));
    let is_dry_run = context["validateOnly"] == true;
    let details = item_expiry_times(subscription, later);
    if !is_dry_run {
        put_off(call, &mut state, token, later);
    }
    ok(&json!({ "itemExpiryTimeDetails": details }))
}

pub(super) fn defer_v1(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    let body = call.body()?;
    let mut state = call.shop.state();
    check_product(&state, product_id, token)?;
    let info = &body["deferralInfo"];
    let millis = |member: &str| {
        let text = info[member].as_str();
        text.and_then(|text| text.parse().ok())
            .map(Timestamp::from_millis)
    };
    let expected = millis("expectedExpiryTimeMillis").ok_or(problem::REQUIRED)?;
    let desired = millis("desiredExpiryTimeMillis").ok_or(problem::REQUIRED)?;
    if find(&state, token)?.expires_at != Some(expected) || desired <= expected {
        return Err(problem::INVALID_VALUE);
    }
    put_off(call, &mut state, token, desired);
    ok(&json!({ "newExpiryTimeMillis": desired.as_millis().to_string() }))
}

fn put_off(call: &Call<'_>, state: &mut State, token: &str, until: Timestamp) {
    call.shop
        .change(state, token, |it| it.expires_at = Some(until));
    call.shop.notify_subscription(state, 9, token);
}

fn item_expiry_times(subscription: &Subscription, at: Timestamp) -> Vec<Value> {
    let items = subscription.bought.items.iter();
    items
        .map(|(product_id, _)| json!({ "productId": product_id, "expiryTime": at.to_string() }))
        .collect()
}

/// Ends a subscription at once, with its money or with that of one item.
pub(super) fn revoke(call: &Call<'_>, token: &str) -> Outcome {
    let body = call.body()?;
    let context = body["revocationContext"].as_object();
    let context = context
        .filter(|it| it.len() == 1)
        .ok_or(problem::REQUIRED)?;
    let mut state = call.shop.state();
    let subscription = find(&state, token)?;
    if !subscription.is_live() {
        return Err(problem::SUBSCRIPTION_EXPIRED);
    }
    if let Some(item) = context.get("itemBasedRefund") {
        let product_id = item["productId"].as_str().unwrap_or_default();
        if !subscription.has(product_id) {
            return Err(problem::INVALID_VALUE);
        }
        if subscription.bought.items.len() > 1 {
            call.shop.change(&mut state, token, |it| {
                it.bought.items.retain(|(id, _)| id != product_id);
            });
            call.shop.notify_subscription(&mut state, 17, token);
            return ok(&json!({}));
        }
    } else if !context.contains_key("fullRefund") && !context.contains_key("proratedRefund") {
        return Err(problem::REQUIRED);
    }
    call.shop.revoke(&mut state, token, BY_DEVELOPER);
    ok(&json!({}))
}

/// Ends a subscription at once, with the money of its latest order.
pub(super) fn revoke_v1(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    let mut state = call.shop.state();
    check_product(&state, product_id, token)?;
    if !find(&state, token)?.is_live() {
        return Err(problem::SUBSCRIPTION_EXPIRED);
    }
    call.shop.revoke(&mut state, token, BY_DEVELOPER);
    empty()
}

/// Gives the money of the latest order back, and no more.
pub(super) fn refund_v1(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    let mut state = call.shop.state();
    check_product(&state, product_id, token)?;
    let order_id = find(&state, token)?.paid_order_id();
    if let Some(order) = state.orders.get_mut(&order_id) {
        order.refunded_at.get_or_insert_with(|| call.shop.now());
    }
    empty()
}

/// The account of a subscription that was bought outside the app may be named along with it.
pub(super) fn acknowledge(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    let body = call.body()?;
    let account_id = body["externalAccountIds"]["obfuscatedAccountId"].as_str();
    let mut state = call.shop.state();
    check_product(&state, product_id, token)?;
    let subscription = find(&state, token)?;
    if subscription.state == EXPIRED {
        return Err(problem::SUBSCRIPTION_NOT_OWNED);
    }
    if subscription.started_at.is_none() || subscription.is_acknowledged {
        return Err(problem::INVALID_PURCHASE_STATE);
    }
    call.shop.change(&mut state, token, |it| {
        it.is_acknowledged = true;
        if let (Some(_), Some(account_id)) = (&it.out_of_app, account_id) {
            it.bought.account_id = Some(account_id.to_owned());
        }
    });
    empty()
}

/// `-` stands for any product.
fn check_product(state: &State, product_id: &str, token: &str) -> Result<(), GoogleProblem> {
    let subscription = find(state, token)?;
    let fits = product_id == "-" || subscription.has(product_id);
    fits.then_some(()).ok_or(problem::WRONG_PRODUCT)
}

fn find<'a>(state: &'a State, token: &str) -> Result<&'a Subscription, GoogleProblem> {
    match state.subscriptions.get(token) {
        // Rubbish, or the token of something else.
        None if !is_token(token) || state.products.contains_key(token) => {
            Err(problem::INVALID_VALUE)
        }
        None => Err(problem::TOKEN_NOT_FOUND),
        Some(subscription) if subscription.is_gone => Err(problem::GONE),
        Some(subscription) => Ok(subscription),
    }
}

/// In seconds.
const DAY: u64 = 24 * 60 * 60;
