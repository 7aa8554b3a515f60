//! `google_webhook`, `voided_purchases`, and what `quickstart` shows of Google Play.

use std::{fs, path::PathBuf};

use super::run;

#[test]
fn quickstart_tells_what_google_says_and_refuses_what_google_did_not_sign() {
    let output = run(env!("CARGO_BIN_EXE_quickstart"), &[], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let rows: Vec<_> = text
        .lines()
        .filter(|it| it.starts_with("google_play"))
        .collect();
    assert_eq!(rows.len(), 12, "{text}");
    for (what, verdict, rest) in [
        ("token of a subscription ", "verified", "Active"),
        ("whose payment failed ", "verified", "no access"),
        ("not paid yet ", "verified", "no access"),
        ("was revoked ", "verified", "no access"),
        ("one-time product ", "verified", "for good"),
        ("nobody knows ", "rejected", "404"),
        ("signed on a device ", "verified", "coins"),
        ("signed with another key ", "rejected", "does not match"),
        ("then changed ", "rejected", "does not match"),
        ("it renewed ", "verified", "Active"),
        ("signed by nobody ", "rejected", "RS256"),
        ("stranger's account ", "rejected", "stranger@"),
    ] {
        let row = rows.iter().find(|row| row.contains(what)).expect(what);
        assert!(row.contains(verdict) && row.contains(rest), "{row}");
    }
}

#[test]
fn google_webhook_handles_what_is_genuine_once_and_nothing_else() {
    let output = run(env!("CARGO_BIN_EXE_google_webhook"), &["--demo"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    let refusals = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}\n{refusals}");
    let handled: Vec<_> = text
        .lines()
        .filter(|it| it.starts_with("handled"))
        .collect();
    let expected = [
        " subscribed pro: access until ",
        " on_hold pro: no access: OnHold",
        " recovered pro: access until ",
        " one_time_purchased coins: access for good",
        " refunded coins: no access: Revoked",
        " one_time_canceled coins: no access: Revoked",
        " renewed pro: access until ",
        " test -",
    ];
    assert_eq!(handled.len(), expected.len(), "{text}");
    for (line, event) in handled.iter().zip(expected) {
        assert!(line.contains(event), "{line}");
    }
    // All of the store's but the one that Google did not answer about, and one of the others'.
    assert_eq!(text.matches("again     ").count(), 7, "{text}");
    for answer in [
        "200       a genuine one",
        "200       the same again",
        "400       a forgery",
        "400       one with a key of their own",
        "400       one that nobody signed",
        "400       one without a token",
        "400       one for another audience",
        "400       one by a stranger's service account",
        "200       one for another app",
        "200       a web page",
        "200       nothing",
        "413       too much",
    ] {
        assert!(text.lines().any(|line| line == answer), "{answer}\n{text}");
    }
    // Each of the two purchases, which Google else takes back.
    for product in ["pro", "coins"] {
        let told = format!("told      Google that {product} is stored");
        assert_eq!(text.matches(&told).count(), 1, "{text}");
    }
    assert_eq!(refusals.matches("later     ").count(), 1, "{refusals}");
    assert_eq!(refusals.matches("refused   ").count(), 6, "{refusals}");
    assert_eq!(refusals.matches("dropped   ").count(), 3, "{refusals}");
}

#[test]
fn google_webhook_does_not_start_without_knowing_whom_to_believe() {
    let app = ["--package", "com.example.app"];
    let audience = ["--audience", "https://example.com/google"];
    let account = ["--service-account", "push@project.iam.gserviceaccount.com"];
    let key = ["--key", "/no/such/key.json"];
    let short = ["--service-account", "push"];
    let elsewhere = ["--listen", "nowhere"];
    for (arguments, expected) in [
        (vec![], "missing --package"),
        ([app].concat(), "missing --audience"),
        ([app, audience].concat(), "missing --service-account"),
        ([app, audience, short].concat(), "e-mail address"),
        ([app, audience, account, key].concat(), "/no/such/key.json"),
        ([app, audience, account, elsewhere].concat(), "nowhere"),
        (
            [app, audience, account, ["--subscription", "mine"]].concat(),
            "name of a Pub/Sub subscription",
        ),
    ] {
        let output = run(env!("CARGO_BIN_EXE_google_webhook"), &arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expected), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn webhooks_end_well_when_they_are_interrupted() {
    use std::{
        io::{BufRead as _, BufReader},
        process::{Command, Stdio},
    };

    let google = "--package com.example.app --audience https://example.com/google \
                  --service-account push@project.iam.gserviceaccount.com";
    let apple = "--bundle-id com.example.app --apple-id 1234567890";
    for (program, options, path) in [
        (env!("CARGO_BIN_EXE_google_webhook"), google, "/google"),
        (env!("CARGO_BIN_EXE_apple_webhook"), apple, "/apple"),
    ] {
        let mut child = Command::new(program)
            .args(options.split_whitespace())
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        assert!(line.trim_end().ends_with(path), "{line}");
        // The handler of the signal is installed before the server first waits, which a connection
        // that it accepts proves.
        let address = line
            .trim_end()
            .trim_start_matches("listening on http://")
            .trim_end_matches(path);
        answer_of(address);
        // The shell has it everywhere; a program of that name is not.
        let interrupt = format!("kill -INT {}", child.id());
        let interrupted = Command::new("sh").args(["-c", &interrupt]).status();
        assert!(interrupted.unwrap().success());
        assert!(child.wait().unwrap().success());
    }
}

/// Waits for an answer to a request that nobody makes.
#[cfg(unix)]
fn answer_of(address: &str) {
    use std::io::{Read as _, Write as _};

    let mut connection = std::net::TcpStream::connect(address).unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[test]
fn voided_purchases_lists_every_order_over_all_pages() {
    let output = run(env!("CARGO_BIN_EXE_voided_purchases"), &["--demo"], "");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert_eq!(text.lines().count(), 26, "{text}");
    assert_eq!(text.matches("  GPA.").count(), 25, "{text}");
    assert_eq!(text.matches("by Google: Other, bought 2").count(), 25);
    assert!(text.ends_with("25 voided orders on 3 pages\n"), "{text}");
}

#[test]
fn voided_purchases_says_what_is_missing_and_shows_no_key() {
    let not_a_key = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("not_a_key.json");
    let json =
        r#"{"type":"service_account","client_email":"a@b.c","private_key":"planted secret"}"#;
    fs::write(&not_a_key, json).unwrap();
    let app = ["--package", "com.example.app"];
    let key = ["--key", not_a_key.to_str().unwrap()];
    for (arguments, expected) in [
        (vec![], "missing --package"),
        (app.to_vec(), "missing --key"),
        ([app, ["--key", "/no/such/key"]].concat(), "/no/such/key"),
        ([app, key, ["--since", "yesterday"]].concat(), "RFC 3339"),
        ([app, key].concat(), "private key is not PEM"),
    ] {
        let output = run(env!("CARGO_BIN_EXE_voided_purchases"), &arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("planted"), "{text}");
    }
}
