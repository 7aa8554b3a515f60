//! Purchases of one-time products.

use super::{
    super::{
        State,
        life_cycle::is_token,
        product::{PaymentState, Product},
    },
    Call, GoogleProblem, Outcome, empty, ok, problem,
};

pub(super) fn get_v2(call: &Call<'_>, token: &str) -> Outcome {
    let state = call.shop.state();
    match find(&state, token) {
        // The older calls say something else.
        Err(problem::INVALID_VALUE) if is_token(token) => Err(problem::NOT_FOUND),
        found => ok(&found?.json()),
    }
}

pub(super) fn get(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    let state = call.shop.state();
    let product = find(&state, token)?;
    if !product.has(product_id) {
        return Err(problem::WRONG_PRODUCT);
    }
    ok(&product.json_v1(product_id))
}

pub(super) fn acknowledge(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    call.body()?;
    with(call, product_id, token, |product| {
        if product.is_acknowledged {
            return Err(problem::INVALID_PURCHASE_STATE);
        }
        product.is_acknowledged = true;
        empty()
    })
}

pub(super) fn consume(call: &Call<'_>, product_id: &str, token: &str) -> Outcome {
    with(call, product_id, token, |product| {
        if product.is_consumed {
            return Err(problem::PRODUCT_NOT_OWNED);
        }
        product.is_consumed = true;
        product.is_acknowledged = true;
        empty()
    })
}

fn with(
    call: &Call<'_>,
    product_id: &str,
    token: &str,
    change: impl FnOnce(&mut Product) -> Outcome,
) -> Outcome {
    let mut state = call.shop.state();
    find(&state, token)?;
    let product = state.products.get_mut(token);
    let product = product.ok_or(problem::TOKEN_NOT_FOUND)?;
    if !product.has(product_id) {
        return Err(problem::WRONG_PRODUCT);
    }
    if product.state != PaymentState::Purchased {
        return Err(problem::INVALID_PURCHASE_STATE);
    }
    change(product)
}

fn find<'a>(state: &'a State, token: &str) -> Result<&'a Product, GoogleProblem> {
    match state.products.get(token) {
        // Rubbish, or the token of something else.
        None if !is_token(token) || state.subscriptions.contains_key(token) => {
            Err(problem::INVALID_VALUE)
        }
        None => Err(problem::TOKEN_NOT_FOUND),
        Some(product) if product.is_gone => Err(problem::GONE),
        Some(product) => Ok(product),
    }
}
