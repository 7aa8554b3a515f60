//! Orders, their refunds, and reviews of refunds.

use serde_json::{Value, json};

use super::{
    super::life_cycle::{BY_DEVELOPER, ONE_TIME, OTHER},
    super::product::PaymentState,
    Call, Outcome, empty, ok, problem,
};

pub(super) fn get(call: &Call<'_>, id: &str) -> Outcome {
    let state = call.shop.state();
    let order = state.orders.get(id).ok_or(problem::NOT_FOUND)?;
    ok(&order.json(id))
}

/// One id that is not known fails the whole call.
pub(super) fn batch_get(call: &Call<'_>) -> Outcome {
    let ids = call.request.query_values("orderIds");
    if ids.is_empty() || ids.len() > MOST_ORDERS {
        return Err(problem::INVALID_VALUE);
    }
    let state = call.shop.state();
    let orders = ids.iter().map(|id| {
        let order = state.orders.get(id).ok_or(problem::NOT_FOUND)?;
        Ok(order.json(id))
    });
    let orders: Vec<Value> = orders.collect::<Result<_, _>>()?;
    ok(&json!({ "orders": orders }))
}

/// With `revoke`, access ends too; without it, only the money goes back.
pub(super) fn refund(call: &Call<'_>, id: &str) -> Outcome {
    let (shop, now) = (call.shop, call.shop.now());
    let revokes = call.request.query_value("revoke").as_deref() == Some("true");
    let mut state = shop.state();
    let order = state.orders.get(id).ok_or(problem::NOT_FOUND)?;
    if order.refunded_at.is_some() {
        return Err(problem::INVALID_PURCHASE_STATE);
    }
    let (token, is_subscription) = (order.purchase_token.clone(), order.is_subscription);
    if !revokes {
        state.refund(id, now, None);
        return empty();
    }
    let is_latest = state
        .subscriptions
        .get(&token)
        .is_some_and(|it| it.latest_order_id() == id);
    if is_subscription && is_latest {
        shop.revoke(&mut state, &token, BY_DEVELOPER);
    } else {
        state.refund(id, now, Some((OTHER, BY_DEVELOPER)));
        if let Some(product) = state.products.get_mut(&token) {
            product.state = PaymentState::Canceled;
            shop.notify_voided(&mut state, &token, id, ONE_TIME);
        }
    }
    empty()
}

/// The first answer is kept; later ones are taken and ignored.
pub(super) fn review_refund(call: &Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    let token = body["pendingRefundToken"].as_str();
    let token = token.ok_or(problem::REQUIRED)?.to_owned();
    let mut state = call.shop.state();
    state.orders.get(id).ok_or(problem::NOT_FOUND)?;
    state.reviews.entry(token).or_insert(body);
    empty()
}

const MOST_ORDERS: usize = 1_000;
