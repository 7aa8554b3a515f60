//! `inspect` with stored answers of Google Play.

use serde_json::{Value, json};

use super::run;

const NOW: &str = "2026-11-27T12:00:00Z";

/// Runs `inspect` on one stored answer about a purchase of ours; the status and the report.
fn inspect(kind: &str, arguments: &[&str], answer: &str) -> (i32, Value) {
    let ours = ["--package", "com.example.app", "--token", "token"];
    let arguments = [&[kind, "--now", NOW], &ours[..], arguments].concat();
    let output = run(env!("CARGO_BIN_EXE_inspect"), &arguments, answer);
    let report = serde_json::from_slice(&output.stdout).expect("one report");
    (output.status.code().unwrap(), report)
}

fn subscription(state: &str) -> Value {
    json!({
        "kind": "androidpublisher#subscriptionPurchaseV2",
        "startTime": "2026-11-20T12:00:00Z",
        "subscriptionState": state,
        "acknowledgementState": "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
        "lineItems": [{
            "productId": "pro",
            "expiryTime": "2026-12-20T12:00:00Z",
            "autoRenewingPlan": { "autoRenewEnabled": true },
        }],
    })
}

fn product() -> Value {
    json!({
        "kind": "androidpublisher#productPurchaseV2",
        "purchaseStateContext": { "purchaseState": "PURCHASED" },
        "purchaseCompletionTime": "2026-11-20T12:00:00Z",
        "productLineItem": [{ "productId": "coins" }],
    })
}

/// As the older call answers.
fn older_product() -> Value {
    json!({
        "kind": "androidpublisher#productPurchase",
        "purchaseTimeMillis": "1795000000000",
        "purchaseState": 0,
        "consumptionState": 0,
    })
}

#[test]
fn access_is_that_of_the_product_which_was_asked_about() {
    let mut answer = subscription("SUBSCRIPTION_STATE_ACTIVE");
    // A plan change that takes place at the renewal: bought, and not paid yet.
    answer["lineItems"][0]["deferredItemReplacement"] = json!({ "productId": "max" });
    let items = answer["lineItems"].as_array_mut().unwrap();
    items.push(json!({ "productId": "max" }));
    for (arguments, decision) in [
        (&[][..], "granted"),
        (&["--product", "pro"], "granted"),
        (&["--product", "max"], "denied"),
    ] {
        let (status, report) = inspect("google-subscription", arguments, &answer.to_string());
        assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
        assert_eq!(report["access"]["decision"], decision, "{arguments:?}");
    }
}

#[test]
fn a_stored_subscription_is_judged_by_its_state_before_its_date() {
    let active = subscription("SUBSCRIPTION_STATE_ACTIVE");
    let arguments = ["--product", "pro"];
    let (status, report) = inspect("google-subscription", &arguments, &active.to_string());
    assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
    assert_eq!(report["kind"], "google_subscription");
    assert_eq!(report["failure"], Value::Null);
    assert_eq!(report["payload"], active);
    assert_eq!(report["purchase"]["app_id"], "com.example.app");
    assert_eq!(
        report["purchase"]["key"]["google_purchase_token"], "token",
        "{report}"
    );
    assert_eq!(report["access"]["decision"], "granted");
    assert!(report["next_check_at"].is_string());
    for (state, reason) in [
        ("SUBSCRIPTION_STATE_ON_HOLD", "on_hold"),
        ("SUBSCRIPTION_STATE_PENDING", "pending"),
        ("SUBSCRIPTION_STATE_EXPIRED", "expired"),
        ("SUBSCRIPTION_STATE_OF_TOMORROW", "unknown_state"),
    ] {
        let answer = subscription(state).to_string();
        let (status, report) = inspect("google-subscription", &[], &answer);
        assert_eq!(status, 0, "Google did answer so");
        assert_eq!(
            report["access"],
            json!({ "decision": "denied", "reason": reason })
        );
    }
}

#[test]
fn an_answer_is_judged_at_the_time_that_is_given() {
    let answer = subscription("SUBSCRIPTION_STATE_ACTIVE").to_string();
    let later = ["--now", "2027-02-01T12:00:00Z"];
    let received = ["--received-at", NOW];
    let arguments = [later, received].concat();
    let (_, report) = inspect("google-subscription", &arguments, &answer);
    assert_eq!(report["access"]["reason"], "expired");
    assert_eq!(report["purchase"]["as_of"], "2026-11-27T12:00:00.000Z");
}

#[test]
fn both_calls_about_one_time_products_are_read() {
    let (status, report) = inspect("google-product", &[], &product().to_string());
    assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
    assert_eq!(report["kind"], "google_product");
    assert_eq!(report["access"]["decision"], "granted");
    let mut pending = product();
    pending["purchaseStateContext"]["purchaseState"] = "PENDING".into();
    let (_, report) = inspect("google-product", &[], &pending.to_string());
    assert_eq!(report["access"]["reason"], "pending");

    let arguments = ["--product", "coins"];
    let (status, report) = inspect("google-product", &arguments, &older_product().to_string());
    assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
    assert_eq!(report["purchase"]["product_id"], "coins");
    assert_eq!(report["access"]["decision"], "granted");
}

#[test]
fn what_an_older_answer_does_not_name_must_be_said() {
    let (status, report) = inspect("google-product", &[], &older_product().to_string());
    assert_eq!((status, &report["verdict"]), (1, &json!("unavailable")));
    let message = report["failure"]["message"].as_str().unwrap();
    assert!(message.contains("--product"), "{message}");

    let mut answer = older_product();
    answer["purchaseToken"] = "token-of-the-answer".into();
    answer["productId"] = "coins".into();
    let arguments = ["google-product", "--package", "com.example.app"];
    let program = env!("CARGO_BIN_EXE_inspect");
    let output = run(program, &arguments, answer.to_string());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["purchase"]["key"]["google_purchase_token"],
        "token-of-the-answer"
    );

    let output = run(program, &arguments, older_product().to_string());
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("missing --token"), "{text}");
}

#[test]
fn the_older_answer_about_a_subscription_is_named_for_what_it_is() {
    let answer = json!({
        "kind": "androidpublisher#subscriptionPurchase",
        "expiryTimeMillis": "1797768000000",
        "autoRenewing": true,
        "paymentState": 1,
    });
    let (status, report) = inspect("google-subscription", &[], &answer.to_string());
    assert_eq!((status, &report["verdict"]), (1, &json!("unavailable")));
    let message = report["failure"]["message"].as_str().unwrap();
    assert!(message.contains("subscriptionsv2"), "{message}");
}

#[test]
fn a_test_purchase_counts_only_where_the_sandbox_is_allowed() {
    let mut answer = subscription("SUBSCRIPTION_STATE_ACTIVE");
    answer["testPurchase"] = json!({});
    let decision = |arguments: &[&str]| {
        let (status, report) = inspect("google-subscription", arguments, &answer.to_string());
        assert_eq!(status, 0, "Google did answer so");
        report["access"]["decision"].clone()
    };
    assert_eq!(decision(&[]), "denied");
    assert_eq!(decision(&["--allow-sandbox"]), "granted");
}

#[test]
fn another_product_is_a_verdict_and_what_cannot_be_read_is_none() {
    for (kind, answer) in [
        (
            "google-subscription",
            subscription("SUBSCRIPTION_STATE_ACTIVE"),
        ),
        ("google-product", product()),
    ] {
        let (status, report) = inspect(kind, &["--product", "other"], &answer.to_string());
        assert_eq!((status, &report["verdict"]), (1, &json!("rejected")));
        assert_eq!(report["failure"]["check"], "wrong_product");
        assert_eq!(report["purchase"], Value::Null);
        assert_eq!(report["access"], Value::Null);
        let error = json!({ "error": { "code": 404, "message": "Not found" } }).to_string();
        for answer in ["<html>", "{}", "", "[]", "null", &error] {
            let (status, report) = inspect(kind, &[], answer);
            assert_eq!((status, &report["verdict"]), (1, &json!("unavailable")));
            assert_eq!(report["purchase"], Value::Null, "{answer}");
        }
    }
    // Each is no answer of the other's kind.
    for (kind, answer) in [
        ("google-subscription", product()),
        ("google-product", subscription("SUBSCRIPTION_STATE_ACTIVE")),
    ] {
        let (status, report) = inspect(kind, &[], &answer.to_string());
        assert_eq!((status, &report["verdict"]), (1, &json!("unavailable")));
    }
}

#[test]
fn wrong_usage_ends_with_status_2_and_a_message() {
    let package = ["--package", "com.example.app"];
    let with = |command: &'static str, options: &[&'static str]| {
        [&[command], &package[..], options].concat()
    };
    for (arguments, expected) in [
        (vec!["google-subscription"], "missing --package"),
        (vec!["google-product", "--token", "t"], "missing --package"),
        (with("google-subscription", &[]), "missing --token"),
        (with("google-product", &["--sandbox"]), "--sandbox"),
        (vec!["amazon-product", "--package", "a.b"], "--package"),
        (vec!["google-rtn"], "missing --package"),
        (
            with("google-rtn", &["--authorization", "x"]),
            "missing --audience",
        ),
        (
            with("google-rtn", &["--authorization", "x", "--audience", "y"]),
            "missing --service-account",
        ),
        (
            with("google-rtn", &["--authorization", "x", "--stored"]),
            "--stored",
        ),
        (with("google-rtn", &["--keys", "x"]), "--authorization"),
        (
            with("google-rtn", &["--stored", "--audience", "x"]),
            "--authorization",
        ),
    ] {
        let output = run(env!("CARGO_BIN_EXE_inspect"), &arguments, "{}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
    }
}
