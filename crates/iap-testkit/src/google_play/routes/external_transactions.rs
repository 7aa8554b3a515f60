//! Payments outside Google Play that are reported to it.

use serde_json::json;

use super::{Call, Outcome, ok, problem};

pub(super) fn create(call: &Call<'_>) -> Outcome {
    let id = call.request.query_value("externalTransactionId");
    let id = id.ok_or(problem::REQUIRED)?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !(1..=63).contains(&id.len()) || !id.bytes().all(is_allowed) {
        return Err(problem::INVALID_VALUE);
    }
    let mut transaction = call.body()?;
    let kinds = ["oneTimeTransaction", "recurringTransaction"];
    if kinds
        .iter()
        .filter(|it| !transaction[**it].is_null())
        .count()
        != 1
    {
        return Err(problem::INVALID_VALUE);
    }
    let package = &call.shop.package_name;
    transaction["externalTransactionId"] = id.clone().into();
    transaction["packageName"] = package.clone().into();
    transaction["transactionState"] = "TRANSACTION_REPORTED".into();
    transaction["createTime"] = call.shop.now().to_string().into();
    transaction["currentPreTaxAmount"] = transaction["originalPreTaxAmount"].clone();
    transaction["currentTaxAmount"] = transaction["originalTaxAmount"].clone();
    let mut state = call.shop.state();
    if state.external_transactions.contains_key(&id) {
        return Err(problem::CONCURRENT_UPDATE);
    }
    state.external_transactions.insert(id, transaction.clone());
    ok(&transaction)
}

pub(super) fn get(call: &Call<'_>, id: &str) -> Outcome {
    let state = call.shop.state();
    let transaction = state.external_transactions.get(id);
    ok(transaction.ok_or(problem::NOT_FOUND)?)
}

/// In full, or a part under an id that counts once.
pub(super) fn refund(call: &Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    if body["refundTime"].is_null() {
        return Err(problem::REQUIRED);
    }
    let mut state = call.shop.state();
    if !state.external_transactions.contains_key(id) {
        return Err(problem::NOT_FOUND);
    }
    let (full, partial) = (&body["fullRefund"], &body["partialRefund"]);
    match (full.is_null(), partial["refundId"].as_str()) {
        (false, None) => {}
        (true, Some(refund_id)) => {
            if !state.external_refunds.insert(format!("{id}/{refund_id}")) {
                return Err(problem::INVALID_VALUE);
            }
        }
        _ => return Err(problem::INVALID_VALUE),
    }
    let is_full = !full.is_null();
    let transaction = state.external_transactions.get_mut(id);
    let transaction = transaction.ok_or(problem::NOT_FOUND)?;
    if is_full {
        transaction["transactionState"] = "TRANSACTION_CANCELED".into();
        transaction["currentPreTaxAmount"] = json!({ "priceMicros": "0" });
    }
    ok(transaction)
}
