//! `inspect apple-receipt`.

use iap::{Clock as _, Environment, SystemClock};
use iap_testkit::{AppReceiptBuilder, InAppReceiptBuilder, SigningAuthority};
use serde_json::{Value, json};

use super::{AUTHORITY, run_inspect};

const BUNDLE_ID: &str = "com.example.app";

fn receipt() -> AppReceiptBuilder {
    AppReceiptBuilder::new(BUNDLE_ID, 1_234_567_890)
}

/// Runs `inspect apple-receipt` for [`BUNDLE_ID`]; the status and the only report.
fn inspect(arguments: &[&str], input: impl AsRef<[u8]>) -> (i32, Value) {
    let arguments = [&["--bundle-id", BUNDLE_ID], arguments].concat();
    let (status, mut reports, stderr) = run_inspect("apple-receipt", &arguments, input);
    assert_eq!(reports.len(), 1, "{stderr}");
    (status, reports.remove(0))
}

/// The check that a receipt fails, after which nothing is said about purchases.
fn failed_check(arguments: &[&str], input: impl AsRef<[u8]>) -> String {
    let (status, report) = inspect(arguments, input);
    assert_eq!((status, &report["verdict"]), (1, &json!("rejected")));
    assert_eq!(report["purchases"], json!([]));
    report["failure"]["check"].as_str().unwrap().to_owned()
}

#[test]
fn a_receipt_that_nobody_vouches_for_is_rejected_and_its_transaction_id_is_told() {
    let purchase = InAppReceiptBuilder::auto_renewable("pro.monthly").transaction_id("1234");
    let forged = receipt()
        .in_app(purchase)
        .sign(&SigningAuthority::all_p256());
    let (status, report) = inspect(&[], &forged);
    assert_eq!(status, 1);
    assert_eq!(report["verdict"], "rejected");
    assert_eq!(report["failure"]["check"], "certificate_signature");
    assert!(
        report["failure"]["message"]
            .as_str()
            .unwrap()
            .contains("signed by its issuer")
    );
    assert_eq!(report["payload"], Value::Null);
    assert_eq!(report["purchases"], json!([]));
    assert_eq!(report["transaction_id"], "1234");
}

#[test]
fn each_option_that_accepts_less_rejects_by_its_own_check() {
    let genuine = receipt().sign(&AUTHORITY);
    assert_eq!(
        failed_check(&["--app-apple-id", "5"], &genuine),
        "app_apple_id"
    );
    assert_eq!(
        failed_check(&["--environment", "sandbox"], &genuine),
        "environment"
    );
    let other = AppReceiptBuilder::new("com.other", 1).sign(&AUTHORITY);
    assert_eq!(failed_check(&[], other), "bundle_id");
}

#[test]
fn what_is_no_receipt_is_rejected() {
    let binary: Vec<u8> = (0..=255).collect();
    let long = vec![b'M'; 10 * 1024 * 1024];
    for input in [b"no receipt", b"0\x82".as_slice(), b"MII=", &binary, &long] {
        let (status, report) = inspect(&[], input);
        assert_eq!((status, &report["verdict"]), (1, &json!("rejected")));
        assert_eq!(report["transaction_id"], Value::Null);
    }
}

#[test]
fn sha1_is_refused_for_what_it_is_unless_it_is_accepted() {
    let old = receipt().naming_sha1().sign(&AUTHORITY);
    assert_eq!(failed_check(&[], &old), "sha1");
    // It is only named: what the test kit signs so is no good receipt.
    assert_eq!(
        failed_check(&["--accept-sha1"], &old),
        "signature_algorithm"
    );
}

#[test]
fn a_receipt_of_another_device_is_rejected() {
    let vendor_id = [
        0x0F, 0x1E, 0x2D, 0x3C, 0x4B, 0x5A, 0x69, 0x78, 0x87, 0x96, 0xA5, 0xB4, 0xC3, 0xD2, 0xE1,
        0xF0,
    ];
    for (device, same, other) in [
        (
            vendor_id.as_slice(),
            "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0",
            "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F1",
        ),
        (&vendor_id[..6], "0f:1e:2d:3c:4b:5a", "0f:1e:2d:3c:4b:5b"),
    ] {
        let receipt = receipt()
            .device(device)
            .in_app(InAppReceiptBuilder::auto_renewable("pro.monthly"))
            .sign(&AUTHORITY);
        assert_eq!(failed_check(&["--device-id", other], &receipt), "device");
        let (status, report) = inspect(&["--device-id", same], &receipt);
        assert_eq!((status, &report["failure"]), (0, &Value::Null));
    }
}

#[test]
fn a_receipt_made_after_now_is_no_forgery() {
    let (status, report) = inspect(
        &["--now", "2020-01-01T00:00:00Z"],
        receipt().sign(&AUTHORITY),
    );
    assert_eq!((status, &report["verdict"]), (1, &json!("unavailable")));
    assert_eq!(report["failure"]["check"], "created_in_future");
}

#[test]
fn a_genuine_receipt_is_reported_with_its_purchases_and_their_access() {
    let now = SystemClock.now();
    let days = |days: u64| core::time::Duration::from_secs(days * 86_400);
    let period = |id: &str, age: u64| {
        InAppReceiptBuilder::auto_renewable("pro.monthly")
            .original_transaction_id("100")
            .transaction_id(id)
            .purchase_date(now.saturating_sub(days(age)))
    };
    let refunded = InAppReceiptBuilder::product("pro.lifetime").cancellation_date(now);
    let builder = receipt()
        .in_app(period("101", 35))
        .in_app(period("102", 5))
        .in_app(refunded)
        .in_app(InAppReceiptBuilder::product("no_ads"))
        .in_app(InAppReceiptBuilder::product("mystery"));
    let kinds = [
        "--product-kind",
        "pro.lifetime=non-consumable",
        "--product-kind",
        "no_ads=non-consumable",
    ];

    let (status, report) = inspect(&kinds, builder.sign(&AUTHORITY));
    assert_eq!(
        (status, &report["verdict"]),
        (0, &json!("verified")),
        "{report}"
    );
    assert_eq!(report["kind"], "app_receipt");
    assert_eq!(report["failure"], Value::Null);
    assert_eq!(report["payload"]["bundle_id"], BUNDLE_ID);
    assert_eq!(report["payload"]["in_app"].as_array().unwrap().len(), 5);
    assert_eq!(report["payload"]["in_app"][0]["transaction_id"], "101");
    let purchases = report["purchases"].as_array().unwrap();
    let summary: Vec<_> = purchases
        .iter()
        .map(|it| {
            let [product, decision, reason] = [
                &it["purchase"]["product_id"],
                &it["access"]["decision"],
                &it["access"]["reason"],
            ];
            [product, decision, reason].map(|it| it.as_str().unwrap())
        })
        .collect();
    assert_eq!(
        summary,
        [
            ["pro.monthly", "granted", "active"],
            ["pro.lifetime", "denied", "revoked"],
            ["no_ads", "granted", "purchased"],
            ["mystery", "denied", "unknown_product_kind"],
        ]
    );
    assert_eq!(purchases[0]["purchase"]["transaction_id"], "102");

    let next_year = now.saturating_add(days(365)).to_string();
    let (_, report) = inspect(&["--now", &next_year], builder.sign(&AUTHORITY));
    assert_eq!(report["purchases"][0]["access"]["reason"], "expired");
}

#[test]
fn a_receipt_is_read_in_base64_with_line_breaks_and_as_it_is() {
    let builder = receipt();
    let base64 = builder.sign(&AUTHORITY);
    let lines: Vec<_> = base64.as_bytes().chunks(76).collect();
    for input in [
        base64.as_bytes().to_vec(),
        [&lines.join(&b"\r\n"[..]), &b"\n"[..]].concat(),
        builder.sign_der(&AUTHORITY),
    ] {
        let (status, report) = inspect(&[], input);
        assert_eq!(status, 0, "{report}");
        assert_eq!(report["payload"]["app_apple_id"], 1_234_567_890);
    }
}

#[test]
fn a_sandbox_purchase_gives_access_only_when_it_is_told_to() {
    let sandbox = receipt()
        .environment(Environment::Sandbox)
        .in_app(InAppReceiptBuilder::auto_renewable("pro.monthly"))
        .sign(&AUTHORITY);
    let decision = |arguments: &[&str]| {
        let (status, report) = inspect(arguments, &sandbox);
        assert_eq!(status, 0, "it is genuine");
        report["purchases"][0]["access"]["decision"].clone()
    };
    assert_eq!(decision(&[]), "denied");
    assert_eq!(decision(&["--allow-sandbox"]), "granted");
}
