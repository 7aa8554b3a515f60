//! Which call is it? One file for each group of calls.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi>

mod advanced_commerce;
mod consumption;
mod history;
mod notifications;
mod performance_test;
mod retention;
mod subscriptions;
mod transactions;

use http::StatusCode;
use serde_json::Value;

pub(super) use self::retention::Retention;
use super::{
    Outcome, Shop,
    problem::{self, Problem},
    world::World,
};
use crate::server::{Answer, ReceivedRequest};

/// A call to answer, and where.
struct Call<'a> {
    shop: &'a Shop,
    world: &'a mut World,
    request: &'a ReceivedRequest,
    /// In the sandbox, for the Retention Messaging API.
    has_passed_performance_test: bool,
}

/// Answers a call whose bearer token was good.
pub(super) fn answer(shop: &Shop, worlds: &mut [World; 2], request: &ReceivedRequest) -> Outcome {
    let has_passed_performance_test = worlds.iter().any(|it| it.retention.has_passed_test());
    let world = &mut worlds[request.listener()];
    let segments = request.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let call = Call {
        shop,
        world,
        request,
        has_passed_performance_test,
    };
    match (request.method(), segments.as_slice()) {
        ("GET", ["inApps", "v1", "transactions", "appTransactions", id]) => {
            transactions::app_transaction_info(call, id)
        }
        ("GET", ["inApps", "v1", "transactions", id]) => transactions::info(call, id),
        ("PUT", ["inApps", "v1", "transactions", id, "appAccountToken"]) => {
            transactions::set_app_account_token(call, id)
        }
        ("POST", ["inApps", "v1", "transactions", id, "finish"]) => transactions::finish(call, id),
        ("GET", ["inApps", "v1", "lookup", order_id]) => {
            transactions::look_up_order(call, order_id)
        }
        ("GET", ["inApps", version @ ("v1" | "v2"), "history", id]) => {
            history::transactions(call, id, version)
        }
        ("GET", ["inApps", "v2", "refund", "lookup", id]) => history::refunds(call, id),
        ("PUT", ["inApps", "v1", "transactions", "consumption", id]) => {
            consumption::version_1(call, id)
        }
        ("PUT", ["inApps", "v2", "transactions", "consumption", id]) => {
            consumption::version_2(call, id)
        }
        ("POST", ["inApps", "v1", "subscriptions", "extend", "mass"]) => {
            subscriptions::extend_many(call)
        }
        (
            "GET",
            [
                "inApps",
                "v1",
                "subscriptions",
                "extend",
                "mass",
                product,
                identifier,
            ],
        ) => subscriptions::status_of_extension(&call, product, identifier),
        ("PUT", ["inApps", "v1", "subscriptions", "extend", id]) => subscriptions::extend(call, id),
        ("GET", ["inApps", "v1", "subscriptions", id]) => subscriptions::statuses(&call, id),
        ("POST", ["inApps", "v1", "notifications", "test"]) => notifications::request_test(call),
        ("GET", ["inApps", "v1", "notifications", "test", token]) => {
            notifications::test_status(&call, token)
        }
        ("POST", ["inApps", "v1", "notifications", "history"]) => notifications::history(&call),
        (method, ["inApps", "v1", "messaging", rest @ ..]) => retention::answer(call, method, rest),
        ("POST", ["advancedCommerce", "v1", group, action, id]) => {
            advanced_commerce::answer(call, group, action, id)
        }
        _ => Ok(Answer::new(
            StatusCode::NOT_FOUND,
            "text/plain",
            "Not Found",
        )),
    }
}

impl Call<'_> {
    /// The body, which has to be a JSON object.
    fn body(&self) -> Result<Value, Problem> {
        let is_json = self
            .request
            .header("content-type")
            .is_some_and(|it| it.split(';').next() == Some("application/json"));
        let body = self.request.json().filter(|it| is_json && it.is_object());
        body.ok_or(problem::BAD_REQUEST)
    }
}

/// 202 without a body: Apple's answer to what it only takes note of.
fn accepted() -> Outcome {
    Ok(Answer::empty(StatusCode::ACCEPTED))
}

fn empty() -> Outcome {
    Ok(Answer::empty(StatusCode::OK))
}

/// Whether a text has the form of a UUID.
fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_hex = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(is_hex)
}
