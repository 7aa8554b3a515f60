//! `inspect` with stored answers of Amazon, and `amazon_verify`.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use iap_testkit::{AmazonNotificationBuilder, AmazonReceiptBuilder, FakeAmazonAppstore, SnsSigner};
use serde_json::{Value, json};

use super::run;

const NOW: &str = "2026-11-27T12:00:00Z";

/// Runs `inspect` on one stored answer; the status and the report.
fn inspect(kind: &str, arguments: &[&str], answer: &str) -> (i32, Value) {
    let arguments = [&[kind, "--now", NOW], arguments].concat();
    let output = run(env!("CARGO_BIN_EXE_inspect"), &arguments, answer);
    let report = serde_json::from_slice(&output.stdout).expect("one report");
    (output.status.code().unwrap(), report)
}

fn subscription() -> AmazonReceiptBuilder {
    AmazonReceiptBuilder::subscription("pro", "pro.monthly")
        .purchased_at("2026-11-20T12:00:00Z".parse().unwrap())
        .set("receiptId", "receipt=:3:11")
}

#[test]
fn a_stored_receipt_is_judged_at_the_time_that_is_given() {
    let answer = subscription().build().to_string();
    let (status, report) = inspect("amazon-receipt", &["--product", "pro"], &answer);
    assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
    assert_eq!(report["kind"], "amazon_receipt");
    assert_eq!(report["access"]["decision"], "granted");
    assert_eq!(report["purchase"]["product_id"], "pro");
    assert_eq!(report["payload"]["termSku"], "pro.monthly");
    assert!(report["next_check_at"].is_string());
    let canceled = subscription()
        .set("cancelDate", 1_795_780_800_000_i64)
        .set("cancelReason", 1);
    let (_, report) = inspect("amazon-receipt", &[], &canceled.build().to_string());
    assert_eq!(
        report["access"],
        json!({ "decision": "denied", "reason": "expired" })
    );
}

#[test]
fn an_answer_from_before_the_end_does_not_profit_from_a_late_renewal() {
    let answer = subscription()
        .set("renewalDate", 1_795_780_800_000_i64)
        .build()
        .to_string();
    let (_, report) = inspect("amazon-receipt", &[], &answer);
    assert_eq!(report["access"]["reason"], "renewal_overdue");
    let arguments = ["--received-at", "2026-11-21T00:00:00Z"];
    let (_, report) = inspect("amazon-receipt", &arguments, &answer);
    assert_eq!(
        report["access"],
        json!({ "decision": "denied", "reason": "expired" })
    );
}

#[test]
fn the_sandbox_counts_only_where_it_is_allowed() {
    let answer = subscription().build().to_string();
    let (_, report) = inspect("amazon-receipt", &["--sandbox"], &answer);
    assert_eq!(report["access"]["reason"], "environment_not_allowed");
    let arguments = ["--sandbox", "--allow-sandbox"];
    let (_, report) = inspect("amazon-receipt", &arguments, &answer);
    assert_eq!(report["access"]["decision"], "granted");
}

#[test]
fn another_product_is_a_verdict_and_what_cannot_be_read_is_none() {
    let answer = subscription().build().to_string();
    let (status, report) = inspect("amazon-receipt", &["--product", "other"], &answer);
    assert_eq!((status, &report["verdict"]), (1, &json!("rejected")));
    assert_eq!(report["failure"]["check"], "wrong_product");
    assert_eq!(report["purchase"], Value::Null);
    for kind in ["amazon-receipt", "amazon-product", "amazon-subscription"] {
        for answer in ["<html>", "{}", "", "[]"] {
            let (status, report) = inspect(kind, &[], answer);
            assert_eq!((status, &report["verdict"]), (1, &json!("unavailable")));
        }
    }
}

#[test]
fn billing_compatibility_answers_are_judged_alike() {
    let product = json!({
        "kind": "androidpublisher#productPurchase", "productId": "coins",
        "productType": "CONSUMABLE", "purchaseState": 0, "purchaseTimeMillis": "1795000000000",
        "purchaseToken": "token=:1:11", "quantity": 1, "testTransaction": false,
    });
    let (status, report) = inspect("amazon-product", &[], &product.to_string());
    assert_eq!(
        (status, &report["access"]["decision"]),
        (0, &json!("granted"))
    );
    let subscription = json!({
        "kind": "androidpublisher#subscriptionPurchaseV2", "receiptId": "token=:3:11",
        "productType": "SUBSCRIPTION", "subscriptionState": "SUBSCRIPTION_STATE_EXPIRED",
        "purchaseTimeMillis": "1790000000000", "cancelDate": 1_795_000_000_000_i64,
        "lineItems": [{ "productId": "pro", "expiryTime": "1795000000000",
            "autoRenewingPlan": { "autoRenewEnabled": true } }],
    });
    let (status, report) = inspect("amazon-subscription", &[], &subscription.to_string());
    assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
    assert_eq!(
        report["access"],
        json!({ "decision": "denied", "reason": "expired" })
    );
}

#[test]
fn a_notification_is_judged_by_the_certificate_at_hand_its_topic_and_its_app() {
    let signer = SnsSigner::new();
    let topic = "arn:aws:sns:us-east-1:123456789012:Example";
    let body = AmazonNotificationBuilder::new("SUBSCRIPTION_RENEWED", "com.example.app")
        .sign(&signer, topic);
    let certificate = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sns.pem");
    fs::write(&certificate, signer.certificate_pem()).unwrap();
    let certificate = certificate.to_str().unwrap();
    let judge = |arguments: &[&str], body: &str| {
        let arguments = [&["amazon-rtn", "--certificate", certificate], arguments].concat();
        let output = run(env!("CARGO_BIN_EXE_inspect"), &arguments, body);
        let report: Value = serde_json::from_slice(&output.stdout).expect("one report");
        (output.status.code().unwrap(), report)
    };
    let ours = ["--topic", topic, "--package", "com.example.app"];
    let (status, report) = judge(&ours, &body);
    assert_eq!(
        (status, &report["verdict"]),
        (0, &json!("verified")),
        "{report}"
    );
    assert_eq!(report["event"]["kind"], "renewed");
    assert_eq!(
        report["payload"]["notificationType"],
        "SUBSCRIPTION_RENEWED"
    );
    let tampered = body.replace("SUBSCRIPTION_RENEWED", "SUBSCRIPTION_EXPIRED");
    let other_topic = [
        "--topic",
        &format!("{topic}2"),
        "--package",
        "com.example.app",
    ];
    let other_app = ["--topic", topic, "--package", "com.example.other"];
    for (arguments, body, check) in [
        (ours, &tampered, "signature"),
        (other_topic, &body, "topic"),
        (other_app, &body, "app"),
    ] {
        let (status, report) = judge(&arguments, body);
        assert_eq!(
            (status, &report["verdict"]),
            (1, &json!("rejected")),
            "{check}"
        );
        assert_eq!(report["failure"]["check"], check);
        assert_eq!(report["event"], Value::Null);
    }
    let without = [&["amazon-rtn"], &ours[..]].concat();
    let output = run(env!("CARGO_BIN_EXE_inspect"), &without, &body);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"], "unavailable");
}

fn amazon_verify(store: &FakeAmazonAppstore, secret: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_amazon_verify"))
        .args(["--base-url", &store.url()])
        .args(arguments)
        .env("AMAZON_SHARED_SECRET", secret)
        .output()
        .expect("the program ends")
}

#[test]
fn amazon_verify_answers_yes_no_and_could_not_tell_by_its_status() {
    let store = FakeAmazonAppstore::start("com.example.app");
    let user = store.user();
    let id = store.buy(
        &user,
        AmazonReceiptBuilder::subscription("pro", "pro.monthly"),
    );
    let secret = store.shared_secret();
    let status = |secret: &str, arguments: &[&str]| {
        let output = amazon_verify(&store, secret, arguments);
        let shown = [&output.stdout[..], &output.stderr].concat();
        let shown = String::from_utf8(shown).unwrap();
        assert!(!shown.contains(store.shared_secret()), "{shown}");
        output.status.code()
    };
    assert_eq!(
        status(
            secret,
            &[
                "--product",
                "pro",
                "--term",
                "pro.monthly",
                "--",
                &user,
                &id
            ]
        ),
        Some(0)
    );
    assert_eq!(
        status(secret, &["--product", "other", "--", &user, &id]),
        Some(1)
    );
    assert_eq!(status(secret, &["--", "somebody-else", &id]), Some(1));
    assert_eq!(status("2:wrong:secret==", &["--", &user, &id]), Some(2));
    assert_eq!(status(secret, &["--", &user]), Some(2));
    store.expire(&id, 1);
    assert_eq!(status(secret, &["--", &user, &id]), Some(1));
    store.fail_at_random(100, 1, vec![iap_testkit::Fault::ServerError(500)]);
    assert_eq!(status(secret, &["--", &user, &id]), Some(2));
}

#[test]
fn amazon_verify_wants_the_secret_in_its_environment() {
    let output = Command::new(env!("CARGO_BIN_EXE_amazon_verify"))
        .args(["user", "receipt"])
        .env_remove("AMAZON_SHARED_SECRET")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("AMAZON_SHARED_SECRET is not set"), "{text}");
}
