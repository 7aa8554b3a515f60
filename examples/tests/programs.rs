//! The programs, run as a person runs them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

#[path = "programs/amazon.rs"]
mod amazon;
#[path = "programs/google.rs"]
mod google;
#[path = "programs/google_programs.rs"]
mod google_programs;
#[path = "programs/google_rtn.rs"]
mod google_rtn;
#[path = "programs/mixed.rs"]
mod mixed;
#[path = "programs/receipts.rs"]
mod receipts;

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use iap::Environment;
use iap_testkit::{
    AppTransactionBuilder, Forgery, NotificationBuilder, RenewalInfoBuilder, SigningAuthority,
    TransactionBuilder, xcode_jws,
};
use serde_json::Value;

static AUTHORITY: LazyLock<SigningAuthority> = LazyLock::new(SigningAuthority::new);

/// The authority's root certificate as a file.
static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("root.pem");
    fs::write(&path, AUTHORITY.root_pem()).expect("a file in the target folder");
    path
});

fn run(program: &str, arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.as_ref().to_owned();
    // The program may end without reading, which closes the pipe.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().unwrap();
    output
}

/// Runs `inspect apple-jws`, trusting the test authority.
fn inspect(arguments: &[&str], input: &str) -> (i32, Vec<Value>, String) {
    run_inspect("apple-jws", arguments, input)
}

/// Runs a command of `inspect`, trusting the test authority.
fn run_inspect(
    command: &str,
    arguments: &[&str],
    input: impl AsRef<[u8]>,
) -> (i32, Vec<Value>, String) {
    let root = ROOT.to_str().unwrap();
    let arguments = [&[command, "--root", root], arguments].concat();
    let output = run(env!("CARGO_BIN_EXE_inspect"), &arguments, input);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let reports = stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), reports, stderr)
}

fn transaction() -> TransactionBuilder {
    TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
}

#[test]
fn quickstart_prints_a_row_for_each_item_and_ends_well() {
    let output = run(env!("CARGO_BIN_EXE_quickstart"), &[], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("13 verified, 16 rejected"), "{text}");
    for forgery in ["PayloadTampered", "KeySwapped", "ExpiredLeaf"] {
        let row = text
            .lines()
            .find(|line| line.contains(forgery))
            .expect("a row");
        assert!(row.contains("rejected"), "{row}");
    }
}

#[test]
fn inspect_reports_a_genuine_transaction_with_its_purchase_and_access() {
    let payload = transaction().set("next", "new\nline");
    let (status, reports, stderr) = inspect(&[], &payload.sign(&AUTHORITY));
    assert_eq!(status, 0, "{stderr}");
    let [report] = reports.as_slice() else {
        panic!("{reports:?}")
    };
    assert_eq!(report["verdict"], "verified");
    assert_eq!(report["kind"], "transaction");
    assert_eq!(report["failure"], Value::Null);
    assert_eq!(report["payload"], payload.build());
    assert_eq!(report["purchase"]["product_id"], "pro.monthly");
    assert_eq!(report["access"]["decision"], "granted");
    assert_eq!(report["event"], Value::Null);
    assert!(
        stderr.contains("any app") && stderr.contains("production and sandbox"),
        "{stderr}"
    );
}

#[test]
fn inspect_reports_one_line_per_jws_and_tells_if_one_failed() {
    let transaction = transaction();
    let notification = NotificationBuilder::new("DID_RENEW")
        .renewal_info(RenewalInfoBuilder::of(&transaction))
        .transaction(transaction.clone());
    let input = format!(
        "{}\n\n  {}\r\n{}\n{}\n",
        transaction.sign(&AUTHORITY),
        notification.sign(&AUTHORITY),
        AUTHORITY.forge(Forgery::PayloadTampered, &transaction.build()),
        AppTransactionBuilder::new("com.example.app", 1).sign(&AUTHORITY),
    );
    let (status, reports, _) = inspect(&["-"], &input);
    assert_eq!(status, 1);
    let verdicts: Vec<_> = reports
        .iter()
        .map(|report| report["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["verified", "verified", "rejected", "verified"]);
    let kinds: Vec<_> = reports
        .iter()
        .map(|report| report["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "transaction",
            "notification",
            "transaction",
            "app_transaction"
        ]
    );
    assert_eq!(reports[1]["event"]["kind"], "renewed");
    assert_eq!(reports[2]["failure"]["check"], "signature");
    assert_eq!(reports[2]["purchase"], Value::Null);
    assert_eq!(reports[2]["access"], Value::Null);
}

#[test]
fn inspect_checks_app_and_environment_when_it_is_told_them() {
    let jws = transaction().sign(&AUTHORITY);
    let check = |arguments: &[&str]| {
        let (status, reports, stderr) = inspect(arguments, &jws);
        assert!(!stderr.contains("any app"), "{stderr}");
        (
            status,
            reports[0]["failure"]["check"].as_str().map(str::to_owned),
        )
    };
    assert_eq!(check(&["--bundle-id", "com.example.app"]), (0, None));
    assert_eq!(
        check(&[
            "--bundle-id",
            "com.example.next",
            "--bundle-id=com.example.app",
            "--app-apple-id",
            "5"
        ]),
        (0, None)
    );
    assert_eq!(
        check(&["--bundle-id", "com.other"]),
        (1, Some("bundle_id".to_owned()))
    );
    assert_eq!(
        check(&["--bundle-id", "com.example.app", "--environment", "sandbox"]),
        (1, Some("environment".to_owned()))
    );
}

#[test]
fn inspect_judges_by_the_time_it_is_given() {
    let jws = transaction().sign(&AUTHORITY);
    let (status, reports, _) = inspect(&["--now", "2125-01-01T00:00:00Z"], &jws);
    assert_eq!(status, 0, "signed data stays genuine");
    assert_eq!(reports[0]["access"]["reason"], "expired");
    let (status, reports, _) = inspect(&["--now", "2020-01-01T00:00:00Z"], &jws);
    assert_eq!(status, 1);
    assert_eq!(
        reports[0]["verdict"], "unavailable",
        "the clock is wrong, not the data"
    );
    assert_eq!(reports[0]["failure"]["check"], "signed_in_future");
}

#[test]
fn inspect_lets_the_sandbox_give_access_only_when_it_is_told_to() {
    let jws = transaction()
        .environment(Environment::Sandbox)
        .sign(&AUTHORITY);
    let access = |arguments: &[&str]| {
        let (status, reports, _) = inspect(arguments, &jws);
        assert_eq!(status, 0, "it is genuine");
        reports[0]["access"]["decision"].clone()
    };
    assert_eq!(access(&[]), "denied");
    assert_eq!(access(&["--environment", "sandbox"]), "denied");
    assert_eq!(access(&["--allow-sandbox"]), "granted");
}

#[test]
fn inspect_reads_xcode_data_only_when_it_is_told_to() {
    let jws = xcode_jws(&transaction().environment(Environment::Xcode).build());
    assert_eq!(inspect(&[], &jws).0, 1);
    let (status, reports, _) = inspect(&["--environment", "xcode"], &jws);
    assert_eq!(status, 0);
    assert_eq!(reports[0]["purchase"]["environment"], "xcode");
    assert_eq!(reports[0]["access"]["decision"], "granted");
    let (status, _, stderr) = inspect(
        &["--environment", "xcode", "--environment", "production"],
        &jws,
    );
    assert_eq!(status, 2);
    assert!(stderr.contains("separate verifier"), "{stderr}");
}

#[test]
fn inspect_survives_any_input() {
    let binary: String = (0..=255_u8).map(char::from).collect();
    let long = "x".repeat(10 * 1024 * 1024);
    for input in [
        binary.as_str(),
        long.as_str(),
        "a.b.c.d",
        "....",
        "null",
        "{}",
    ] {
        let (status, reports, _) = inspect(&[], input);
        assert_eq!(status, 1);
        assert!(reports.iter().all(|report| report["verdict"] == "rejected"));
    }
}

#[test]
fn wrong_usage_and_unreadable_input_end_with_status_2_and_a_message() {
    let missing = ["apple-jws", "/no/such/file"];
    let receipt = ["apple-receipt", "--bundle-id", "com.example.app"];
    let with = |options: &[&'static str]| [&receipt, options].concat();
    let table: [(&[&str], &str); 18] = [
        (&[], "missing command"),
        (&["apple-invoice"], "unknown command"),
        (&["apple-receipt"], "--bundle-id"),
        (&with(&["--environment", "xcode"]), "not signed by Apple"),
        (&with(&["--device-id", "00"]), "UUID"),
        (&with(&["--device-id", "0123456789xy"]), "UUID"),
        (&with(&["--product-kind", "pro"]), "ID=KIND"),
        (&with(&["--product-kind", "pro=lifetime"]), "ID=KIND"),
        (&with(&["/no/such/file"]), "/no/such/file"),
        (&receipt, "no receipt"),
        (&["apple-jws", "--accept-sha1"], "--accept-sha1"),
        (&["apple-jws", "--device-id", "00"], "--device-id"),
        (
            &["apple-jws", "--environment", "staging"],
            "expected production",
        ),
        (&["apple-jws", "--now", "yesterday"], "RFC 3339"),
        (&["apple-jws", "--app-apple-id", "many"], "many"),
        (&["apple-jws", "--root", "/no/such/root"], "/no/such/root"),
        (&missing, "/no/such/file"),
        (&["apple-jws"], "no JWS"),
    ];
    for (arguments, expected) in table {
        let output = run(env!("CARGO_BIN_EXE_inspect"), arguments, "\n");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(expected), "{arguments:?}: {stderr}");
    }
    let help = run(env!("CARGO_BIN_EXE_inspect"), &["--help"], "");
    assert!(help.status.success());
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("usage: inspect apple-jws")
    );
}

#[test]
fn apple_history_lists_every_transaction_of_a_customer_over_all_pages() {
    let output = run(env!("CARGO_BIN_EXE_apple_history"), &["--demo"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert_eq!(text.lines().count(), 51, "{text}");
    assert_eq!(text.matches("verified, access").count(), 2, "{text}");
    let coins = text.lines().find(|line| line.contains("coins")).unwrap();
    assert!(coins.ends_with("verified, no access: Revoked"), "{coins}");
    assert!(text.ends_with("50 transactions on 3 pages, 0 not verified\n"));
}

#[test]
fn apple_history_says_what_is_missing_and_shows_no_key() {
    let output = run(env!("CARGO_BIN_EXE_apple_history"), &["5"], "");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("missing --key"), "{text}");
    let not_a_key = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("not_a_key.p8");
    fs::write(&not_a_key, "planted secret").unwrap();
    let arguments = [
        "--bundle-id",
        "com.example.app",
        "--apple-id",
        "1",
        "--key-id",
        "ABCDE12345",
        "--issuer-id",
        "57246542-96fe-1a63-e053-0824d011072a",
        "--key",
        not_a_key.to_str().unwrap(),
        "5",
    ];
    let output = run(env!("CARGO_BIN_EXE_apple_history"), &arguments, "");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.is_empty() && !text.contains("planted"), "{text}");
}

#[test]
fn apple_webhook_takes_what_is_genuine_once_and_refuses_the_rest() {
    let output = run(env!("CARGO_BIN_EXE_apple_webhook"), &["--demo"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    let refusals = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}\n{refusals}");
    let handled: Vec<_> = text
        .lines()
        .filter(|it| it.starts_with("handled"))
        .collect();
    for (line, event) in handled.iter().zip([
        " subscribed pro.monthly ",
        " renewed pro.monthly ",
        " auto_renew_disabled pro.monthly ",
        " refunded pro.monthly ",
        " test - ",
    ]) {
        assert!(line.contains(event), "{line}");
    }
    assert_eq!(handled.len(), 5, "{text}");
    assert_eq!(text.matches("again     ").count(), 1, "{text}");
    for answer in [
        "200       a genuine one",
        "200       the same again",
        "400       a forgery",
        "400       one for another app",
        "400       a web page",
        "400       nothing",
        "413       too much",
    ] {
        assert!(text.lines().any(|line| line == answer), "{answer}\n{text}");
    }
    assert_eq!(refusals.lines().count(), 4, "{refusals}");
}

#[test]
fn apple_webhook_does_not_start_without_an_app() {
    let output = run(env!("CARGO_BIN_EXE_apple_webhook"), &[], "");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("missing --bundle-id"), "{text}");
}
