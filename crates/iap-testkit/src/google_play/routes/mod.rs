//! Which call is it? One file for each group of calls.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest>

mod external_transactions;
mod orders;
mod products;
mod subscriptions;
mod voided;

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Shop, credentials, notifications,
    problem::{self, GoogleProblem},
};
use crate::server::{Answer, ReceivedRequest};

type Outcome = Result<Answer, GoogleProblem>;

/// A call to answer.
struct Call<'a> {
    shop: &'a Shop,
    request: &'a ReceivedRequest,
}

/// Answers a call for an access token, for the keys that sign pushes or, with a good access token, of
/// the publisher API.
pub(super) fn answer(shop: &Shop, request: &ReceivedRequest) -> Outcome {
    if (request.method(), request.path()) == ("POST", credentials::TOKEN_PATH) {
        return Ok(credentials::token(shop, request));
    }
    if (request.method(), request.path()) == ("GET", credentials::METADATA_PATH) {
        return Ok(credentials::metadata_token(shop, request));
    }
    if (request.method(), request.path()) == ("GET", notifications::KEYS_PATH) {
        return Ok(notifications::keys(shop));
    }
    if !credentials::is_authorized(shop, request.header("authorization")) {
        return Err(problem::AUTH_ERROR);
    }
    if let Some(problem) = shop.state().refusals.pop_front() {
        return Err(problem);
    }
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["androidpublisher", "v3", "applications", package, rest @ ..] = segments.as_slice() else {
        return not_found();
    };
    if *package != shop.package_name {
        return Err(problem::APPLICATION_NOT_FOUND);
    }
    let call = Call { shop, request };
    // The verb stands behind the last colon of the last segment.
    let (last, before) = rest.split_last().ok_or(problem::NOT_FOUND)?;
    let (last, verb) = last.rsplit_once(':').unwrap_or((*last, ""));
    match (request.method(), before, last, verb) {
        ("GET", ["purchases", "productsv2", "tokens"], token, "") => products::get_v2(&call, token),
        ("GET", ["purchases", "products", product, "tokens"], token, "") => {
            products::get(&call, product, token)
        }
        ("POST", ["purchases", "products", product, "tokens"], token, "acknowledge") => {
            products::acknowledge(&call, product, token)
        }
        ("POST", ["purchases", "products", product, "tokens"], token, "consume") => {
            products::consume(&call, product, token)
        }
        ("GET", ["purchases", "subscriptionsv2", "tokens"], token, "") => {
            subscriptions::get(&call, token)
        }
        ("POST", ["purchases", "subscriptionsv2", "tokens"], token, "cancel") => {
            subscriptions::cancel(&call, token)
        }
        ("POST", ["purchases", "subscriptionsv2", "tokens"], token, "defer") => {
            subscriptions::defer(&call, token)
        }
        ("POST", ["purchases", "subscriptionsv2", "tokens"], token, "revoke") => {
            subscriptions::revoke(&call, token)
        }
        ("POST", ["purchases", "subscriptions", product, "tokens"], token, "acknowledge") => {
            subscriptions::acknowledge(&call, product, token)
        }
        ("POST", ["purchases", "subscriptions", product, "tokens"], token, "cancel") => {
            subscriptions::cancel_v1(&call, product, token)
        }
        ("POST", ["purchases", "subscriptions", product, "tokens"], token, "defer") => {
            subscriptions::defer_v1(&call, product, token)
        }
        ("GET", ["purchases", "subscriptions", product, "tokens"], token, "") => {
            subscriptions::get_v1(&call, product, token)
        }
        ("POST", ["purchases", "subscriptions", product, "tokens"], token, "refund") => {
            subscriptions::refund_v1(&call, product, token)
        }
        ("POST", ["purchases", "subscriptions", product, "tokens"], token, "revoke") => {
            subscriptions::revoke_v1(&call, product, token)
        }
        ("GET", ["purchases"], "voidedpurchases", "") => voided::list(&call),
        ("GET", [], "orders", "batchGet") => orders::batch_get(&call),
        ("GET", ["orders"], id, "") => orders::get(&call, id),
        ("POST", ["orders"], id, "refund") => orders::refund(&call, id),
        ("POST", ["orders"], id, "reviewrefund") => orders::review_refund(&call, id),
        ("POST", [], "externalTransactions", "") => external_transactions::create(&call),
        ("GET", ["externalTransactions"], id, "") => external_transactions::get(&call, id),
        ("POST", ["externalTransactions"], id, "refund") => {
            external_transactions::refund(&call, id)
        }
        (method, before, last, verb) => {
            let state = shop.state();
            let answer = state.catalogue.answer(request, method, before, last, verb);
            answer.map_or_else(not_found, |answer| answer.and_then(|body| ok(&body)))
        }
    }
}

impl Call<'_> {
    /// The body, which has to be a JSON object; without one, an empty object.
    fn body(&self) -> Result<Value, GoogleProblem> {
        if self.request.body().is_empty() {
            return Ok(json!({}));
        }
        let body = self.request.json().filter(Value::is_object);
        body.ok_or(problem::INVALID_VALUE)
    }
}

fn ok(body: &Value) -> Outcome {
    Ok(Answer::json(StatusCode::OK, body))
}

/// 204 without a body: as Google answers where there is nothing to say.
fn empty() -> Outcome {
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

fn not_found() -> Outcome {
    Ok(Answer::new(
        StatusCode::NOT_FOUND,
        "text/html",
        "<html>Not Found</html>",
    ))
}
