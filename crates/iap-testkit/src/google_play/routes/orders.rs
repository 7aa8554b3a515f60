//! Orders, their refunds, and reviews of refunds.

use serde_json::{Value, json};

use super::{
    super::life_cycle::{BY_DEVELOPER, FULL, SUBSCRIPTION},
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
    let order = state.orders.get_mut(id).ok_or(problem::NOT_FOUND)?;
    if order.refunded_at.is_some() {
        return Err(problem::INVALID_PURCHASE_STATE);
    }
    let token = order.purchase_token.clone();
    if !revokes {
        order.refunded_at = Some(now);
        return empty();
    }
    if state.products.contains_key(&token) {
        shop.take_product_back(&mut state, &token, BY_DEVELOPER);
        return empty();
    }
    let subscription = state.subscriptions.get(&token);
    if subscription.is_some_and(|it| it.paid_order_id() == id && it.is_live()) {
        shop.revoke(&mut state, &token, BY_DEVELOPER);
    } else {
        // An order of an earlier period: the present one stays.
        state.void(id, now, BY_DEVELOPER, None);
        shop.notify_voided(&mut state, &token, id, SUBSCRIPTION, FULL);
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
