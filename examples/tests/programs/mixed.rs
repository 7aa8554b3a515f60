//! `mixed`: purchases of all stores at once.

use iap_testkit::TransactionBuilder;

use super::{AUTHORITY, run};

const MIXED: &str = env!("CARGO_BIN_EXE_mixed");

#[test]
fn mixed_tells_what_all_stores_entitle_to_and_leaves_open_what_one_cannot_tell() {
    let output = run(MIXED, &["--demo"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let (all, outage) = text.split_once("\n\n").unwrap();
    for (part, told) in [
        (
            all,
            "verified  Apple signed transaction: remove_ads, access for good",
        ),
        (all, "rejected  Apple signed transaction: "),
        (
            all,
            "verified  Google subscription token: pro, access until ",
        ),
        (all, "verified  Amazon receipt: pro, no access: Expired"),
        (
            all,
            "entitled to no_ads for good, by remove_ads of app_store",
        ),
        (all, "entitled to premium until "),
        (all, "that is all"),
        (outage, "verified  Apple signed transaction: remove_ads"),
        (
            outage,
            "open      Google subscription token: google_play: unavailable",
        ),
        (outage, "there may be more: 1 could not be judged now"),
    ] {
        assert!(
            part.lines().any(|line| line.starts_with(told)),
            "{told}\n{part}"
        );
    }
    assert!(!outage.contains("premium"), "{outage}");
}

#[test]
fn a_forgery_is_rejected_and_a_store_that_is_not_set_up_is_left_open() {
    let jws = TransactionBuilder::auto_renewable("com.example.app", "pro").sign(&AUTHORITY);
    let proofs = format!("apple-jws {jws}\n\namazon-receipt user receipt\n");
    let options = ["--bundle-id", "com.example.app", "--apple-id", "1234567890"];
    let output = run(MIXED, &options, &proofs);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    let lines: Vec<_> = text.lines().collect();
    let [forged, other, end] = lines[..] else {
        panic!("{text}");
    };
    assert!(forged.starts_with("rejected  Apple signed transaction: app_store: rejected: "));
    assert!(
        other.starts_with("open      Amazon receipt: amazon_appstore: misconfigured: no verifier")
    );
    assert_eq!(end, "there may be more: 1 could not be judged now");
}

#[test]
fn wrong_usage_of_mixed_ends_with_status_2_and_a_message() {
    let apple = ["--bundle-id", "com.example.app", "--apple-id", "1"];
    for (options, input, message) in [
        (&[][..], "", "no store is set up"),
        (&apple[..2], "", "--bundle-id goes with --apple-id"),
        (
            &["--package", "com.example.app"],
            "",
            "--package goes with --key",
        ),
        (&["--entitlement", "premium"], "", "KEY=PRODUCT"),
        (&["--unknown"], "", "--unknown"),
        (&apple, "apple-jws\n", "line 1: not a proof"),
        (
            &apple,
            "\ngoogle-product token",
            "line 2: a proof of Google Play needs --package",
        ),
    ] {
        let output = run(MIXED, options, input);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(message), "{message}: {text}");
    }
    let help = run(MIXED, &["--help"], "");
    assert!(help.status.success());
}
