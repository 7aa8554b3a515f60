//! `inspect google-rtn`.

use std::{fs, path::PathBuf, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_testkit::{GoogleNotificationBuilder, GooglePushSigner, GoogleTokenBuilder};
use serde_json::{Value, json};

use super::run;

const PACKAGE: &str = "com.example.app";
const AUDIENCE: &str = "https://example.com/google";
const SERVICE_ACCOUNT: &str = "push@project.iam.gserviceaccount.com";

static SIGNER: LazyLock<GooglePushSigner> = LazyLock::new(GooglePushSigner::new);

/// The signer's public key as a file.
static KEYS: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("google_keys.json");
    fs::write(&path, SIGNER.jwks()).expect("a file in the target folder");
    path
});

/// Runs `inspect google-rtn`; the status and the reports.
fn inspect(arguments: &[&str], input: impl AsRef<[u8]>) -> (i32, Vec<Value>) {
    let arguments = [&["google-rtn", "--package", PACKAGE], arguments].concat();
    let output = run(env!("CARGO_BIN_EXE_inspect"), &arguments, input);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let reports = stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    (output.status.code().unwrap(), reports.collect())
}

/// Judges a push with this token; the status and the only report.
fn judge(token: &str, arguments: &[&str], body: &str) -> (i32, Value) {
    let keys = KEYS.to_str().unwrap();
    let expected = ["--audience", AUDIENCE, "--service-account", SERVICE_ACCOUNT];
    let proof = ["--authorization", token, "--keys", keys];
    let (status, mut reports) = inspect(&[&expected[..], &proof, arguments].concat(), body);
    assert_eq!(reports.len(), 1);
    (status, reports.remove(0))
}

fn token() -> GoogleTokenBuilder {
    SIGNER.token(AUDIENCE, SERVICE_ACCOUNT)
}

fn renewed() -> GoogleNotificationBuilder {
    GoogleNotificationBuilder::subscription(PACKAGE, 2, "purchase-token")
}

#[test]
fn a_push_is_verified_by_its_token_wrapped_or_not() {
    let wrapped = renewed().push("message-1");
    for authorization in [token().sign(), token().authorization()] {
        let (status, report) = judge(&authorization, &[], &wrapped);
        assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
        assert_eq!(report["kind"], "google_rtn");
        assert_eq!(report["failure"], Value::Null);
        assert_eq!(report["payload"]["packageName"], PACKAGE);
        assert_eq!(report["event"]["kind"], "renewed");
        assert_eq!(report["event"]["id"], "message-1");
    }
    let (status, report) = judge(&token().sign(), &[], &renewed().json());
    assert_eq!((status, &report["verdict"]), (0, &json!("verified")));
    assert_eq!(report["event"]["kind"], "renewed");
}

#[test]
fn each_wrong_token_or_message_is_rejected_by_its_own_check() {
    let push = renewed().push("message-1");
    let other_app = GoogleNotificationBuilder::test("com.example.other").push("message-1");
    let stranger = "stranger@project.iam.gserviceaccount.com";
    let other_signer = GooglePushSigner::new();
    for (token, body, check) in [
        (token().signed_by(&other_signer).sign(), &push, "signature"),
        (
            other_signer.token(AUDIENCE, SERVICE_ACCOUNT).sign(),
            &push,
            "unknown_key",
        ),
        (token().unsigned(), &push, "algorithm"),
        (token().signed_with_the_public_key(), &push, "algorithm"),
        (
            SIGNER.token("https://example.com/", SERVICE_ACCOUNT).sign(),
            &push,
            "audience",
        ),
        (
            SIGNER.token(AUDIENCE, stranger).sign(),
            &push,
            "service_account",
        ),
        (format!("Basic {}", token().sign()), &push, "authorization"),
        ("x".to_owned(), &push, "segment_count"),
        (token().sign(), &other_app, "app"),
        (token().sign(), &"<html>".to_owned(), "body"),
        (token().sign(), &String::new(), "body"),
    ] {
        let (status, report) = judge(&token, &[], body);
        assert_eq!(
            (status, &report["verdict"]),
            (1, &json!("rejected")),
            "{check}"
        );
        assert_eq!(report["failure"]["check"], check);
        assert_eq!(report["event"], Value::Null);
        assert_eq!(report["payload"], Value::Null);
    }
}

#[test]
fn a_token_is_judged_at_the_time_that_is_given() {
    let issued = "2026-11-21T09:00:00Z".parse().unwrap();
    let token = token().issued_at(issued).sign();
    let push = renewed().push("message-1");
    let verdict = |now: &str| {
        let (_, report) = judge(&token, &["--now", now], &push);
        (
            report["verdict"].clone(),
            report["failure"]["check"].clone(),
        )
    };
    let verified = (json!("verified"), Value::Null);
    assert_eq!(verdict("2026-11-21T09:30:00Z"), verified);
    assert_eq!(
        verdict("2026-11-21T11:00:00Z"),
        (json!("rejected"), json!("expired"))
    );
    assert_eq!(
        verdict("2026-11-21T08:00:00Z"),
        (json!("unavailable"), json!("issued_in_future")),
        "the clock is wrong, not the token"
    );
}

#[test]
fn without_googles_keys_there_is_no_verdict() {
    let token = token().sign();
    let arguments = [
        "--audience",
        AUDIENCE,
        "--service-account",
        SERVICE_ACCOUNT,
        "--authorization",
        &token,
    ];
    let (status, reports) = inspect(&arguments, renewed().push("message-1"));
    assert_eq!(status, 1);
    assert_eq!(reports[0]["verdict"], "unavailable");
    assert_eq!(reports[0]["failure"]["check"], "keys_unavailable");
    assert_eq!(reports[0]["event"], Value::Null);
}

#[test]
fn what_nothing_proves_is_shown_and_never_called_verified() {
    for input in [renewed().push("message-1"), renewed().json()] {
        let (status, reports) = inspect(&[], input);
        assert_eq!(status, 1);
        assert_eq!(reports[0]["verdict"], "unavailable");
        assert_eq!(reports[0]["failure"]["check"], "authorization");
        assert_eq!(reports[0]["event"], Value::Null);
        assert_eq!(
            reports[0]["payload"]["subscriptionNotification"]["notificationType"],
            2
        );
    }
    // What it cannot be in any case is a verdict without proof, too.
    let other_app = GoogleNotificationBuilder::test("com.example.other").push("message-1");
    let (status, reports) = inspect(&[], other_app);
    assert_eq!((status, &reports[0]["verdict"]), (1, &json!("rejected")));
    assert_eq!(reports[0]["failure"]["check"], "app");
}

#[test]
fn a_stored_message_is_read_in_each_form() {
    for (input, id) in [
        (renewed().push("message-1"), Some("message-1")),
        (renewed().json(), None),
    ] {
        let (status, reports) = inspect(&["--stored"], &input);
        assert_eq!((status, reports.len()), (0, 1), "{input}");
        assert_eq!(reports[0]["verdict"], "verified");
        assert_eq!(reports[0]["event"]["kind"], "renewed");
        let found = reports[0]["event"]["id"].as_str().unwrap();
        match id {
            Some(id) => assert_eq!(found, id),
            None => assert_eq!(found.len(), 64, "made of the content"),
        }
    }
}

#[test]
fn an_answer_of_pull_is_one_report_for_each_message() {
    let message = |id: &str, data: String| json!({ "ackId": "a", "message": { "messageId": id, "data": STANDARD.encode(data) } });
    let other_app = GoogleNotificationBuilder::test("com.example.other");
    let answer = json!({ "receivedMessages": [
        message("1", renewed().json()),
        message("2", other_app.json()),
        message("3", "{}".to_owned()),
        message("4", GoogleNotificationBuilder::test(PACKAGE).json()),
    ] });
    let (status, reports) = inspect(&["--stored"], answer.to_string());
    assert_eq!(status, 1);
    let verdicts: Vec<_> = reports.iter().map(|it| it["verdict"].clone()).collect();
    assert_eq!(verdicts, ["verified", "rejected", "rejected", "verified"]);
    assert_eq!(reports[3]["event"]["id"], "4");
    let (status, reports) = inspect(&["--stored"], "{\"receivedMessages\":[]}");
    assert_eq!((status, reports.len()), (2, 0), "nothing to judge");
}

#[test]
fn any_input_is_survived() {
    let binary: Vec<u8> = (0..=255).collect();
    let long = vec![b'x'; 10 * 1024 * 1024];
    let deep = format!(
        "{{\"message\":{}{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let nothing = "{\"message\":{}}";
    let twice = "{\"message\":{\"data\":\"e30=\",\"data\":\"e30=\"}}";
    for input in [
        b"".as_slice(),
        b"null",
        b"[]",
        b"{}",
        &binary,
        &long,
        deep.as_bytes(),
        nothing.as_bytes(),
        twice.as_bytes(),
    ] {
        for arguments in [&[][..], &["--stored"]] {
            let (status, reports) = inspect(arguments, input);
            assert_eq!((status, &reports[0]["verdict"]), (1, &json!("rejected")));
            assert_eq!(reports[0]["event"], Value::Null);
        }
    }
}
