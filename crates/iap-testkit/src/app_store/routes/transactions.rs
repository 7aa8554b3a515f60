//! One transaction, one order, one download.

use serde_json::json;

use super::{
    super::{json, world::check_id},
    Call, Outcome, accepted, is_uuid, problem,
};

pub(super) fn info(call: Call<'_>, id: &str) -> Outcome {
    check_id(id)?;
    let world = &call.world;
    // Any transaction of a purchase is found by the id of the first one, too.
    let entry = world.entry(id);
    let Some(entry) = entry else {
        return Err(match world.customer_of(id) {
            Ok(customer) if customer.app_transaction_id() == id => problem::APP_TRANSACTION_ID,
            _ => problem::TRANSACTION_NOT_FOUND,
        });
    };
    let signed = entry.signed(&call.shop.authority, call.shop.now());
    json(&json!({ "signedTransactionInfo": signed }))
}

pub(super) fn app_transaction_info(call: Call<'_>, id: &str) -> Outcome {
    let customer = call.world.customer_of(id)?;
    let download = call.world.downloads.get(customer.app_transaction_id());
    let download = download.ok_or(problem::APP_TRANSACTION_NOT_FOUND)?;
    let signed = download.sign(&call.shop.authority);
    json(&json!({ "signedAppTransactionInfo": signed }))
}

pub(super) fn look_up_order(call: Call<'_>, order_id: &str) -> Outcome {
    // Apple answers 200 for orders that it does not know.
    let entries = call.world.entries.iter();
    let signed: Vec<String> = entries
        .filter(|entry| entry.order_id == order_id)
        .map(|entry| entry.signed(&call.shop.authority, call.shop.now()))
        .collect();
    if signed.is_empty() {
        return json(&json!({ "status": 1 }));
    }
    json(&json!({ "status": 0, "signedTransactions": signed }))
}

pub(super) fn set_app_account_token(call: Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    let token = body["appAccountToken"]
        .as_str()
        .filter(|token| is_uuid(token))
        .ok_or(problem::INVALID_ACCOUNT_TOKEN)?;
    check_id(id).map_err(|_| problem::INVALID_ORIGINAL_ID)?;
    let entries = call.world.entries.iter();
    let of_purchase: Vec<_> = entries.filter(|entry| entry.original_id() == id).collect();
    if of_purchase.is_empty() {
        return Err(match call.world.entry(id) {
            Some(_) => problem::NOT_ORIGINAL_ID,
            None => problem::ORIGINAL_ID_NOT_FOUND,
        });
    }
    if of_purchase.iter().any(|entry| entry.is_family_shared()) {
        return Err(problem::FAMILY_SHARED);
    }
    let ids: Vec<String> = of_purchase.iter().map(|entry| entry.id()).collect();
    for id in ids {
        call.world.change(&id, |it| it.app_account_token(token));
    }
    if call.world.subscriptions.contains_key(id) {
        call.world
            .change_renewal(id, |it| it.app_account_token(token));
    }
    super::empty()
}

pub(super) fn finish(call: Call<'_>, id: &str) -> Outcome {
    check_id(id)?;
    let mut entries = call.world.entries.iter_mut();
    let entry = entries.find(|entry| entry.id() == id);
    entry.ok_or(problem::TRANSACTION_NOT_FOUND)?.is_finished = true;
    accepted()
}
