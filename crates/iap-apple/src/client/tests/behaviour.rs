//! Token, retries and environments.

use core::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap_core::{Error, ErrorKind, Rejection, Store, http::TransportErrorKind};
use serde_json::{Value, json};

use super::*;
use crate::{ApiRequest, ProductionThenSandbox};

#[tokio::test]
async fn one_token_serves_many_calls_until_shortly_before_it_expires() {
    let setup = setup(Environment::Production);
    for _ in 0..3 {
        call(&setup).await.unwrap();
    }
    setup.clock.advance(Duration::from_secs(60 * 60));
    call(&setup).await.unwrap();
    let requests = setup.transport.requests();
    let tokens: Vec<_> = requests.iter().map(bearer).collect();
    assert!(tokens[0].starts_with("Bearer ey"));
    assert_eq!(tokens[0], tokens[2]);
    assert_ne!(tokens[2], tokens[3]);
    assert!(
        requests
            .iter()
            .all(|request| request.headers()["authorization"].is_sensitive())
    );
}

#[tokio::test]
async fn the_token_names_the_key_the_account_and_the_app() {
    let setup = setup(Environment::Sandbox);
    call(&setup).await.unwrap();
    let authorization = bearer(&setup.transport.requests()[0]);
    let token = authorization.strip_prefix("Bearer ").unwrap();
    let parts: Vec<Value> = token
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect();
    let seconds = now().as_millis() / 1000;
    assert_eq!(
        parts,
        [
            json!({"alg": "ES256", "kid": "ABCDE12345", "typ": "JWT"}),
            json!({
                "iss": "57246542-96fe-1a63-e053-0824d011072a",
                "iat": seconds - 60,
                "exp": seconds + 300,
                "aud": "appstoreconnect-v1",
                "bid": "com.example.app",
            }),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_401_with_an_older_token_is_tried_once_more_with_a_new_one() {
    let setup = setup(Environment::Production);
    call(&setup).await.unwrap();
    setup.clock.advance(Duration::from_secs(60));
    setup.transport.answer(401, "Unauthenticated");
    call(&setup).await.unwrap();
    let tokens: Vec<_> = setup.transport.requests().iter().map(bearer).collect();
    assert_eq!(tokens.len(), 3);
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
}

#[tokio::test(start_paused = true)]
async fn a_401_with_a_fresh_token_is_our_mistake_and_is_not_repeated() {
    let setup = setup(Environment::Production);
    setup.transport.answer(401, "");
    let error = call(&setup).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.http_status(), Some(401));
    assert_eq!(error.store(), Some(Store::AppStore));
    assert_eq!(setup.transport.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_may_be_repeated_is_and_what_may_not_is_not() {
    let answers = |status| {
        let setup = setup(Environment::Sandbox);
        for _ in 0..3 {
            setup.transport.answer(status, "");
        }
        setup
    };
    for (status, reads, test_notifications) in [
        (503, 3, 1),
        // Refused before it had an effect.
        (429, 3, 3),
        (400, 1, 1),
    ] {
        let setup = answers(status);
        assert!(call(&setup).await.is_err());
        assert_eq!(setup.transport.requests().len(), reads, "{status}");

        let setup = answers(status);
        assert!(setup.client.request_test_notification().await.is_err());
        let sent = setup.transport.requests().len();
        assert_eq!(
            sent, test_notifications,
            "each call sends a notification, {status}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_says_when_to_come_back_in_apple_s_way() {
    let setup = setup(Environment::Production);
    let until = now()
        .saturating_add(Duration::from_secs(90))
        .as_millis()
        .to_string();
    let limited = http::Response::builder()
        .status(429)
        .header("retry-after", until)
        .body(Bytes::from_static(
            br#"{"errorCode":4290000,"errorMessage":"Rate limit exceeded."}"#,
        ))
        .unwrap();
    setup.transport.push(Ok(limited));
    let error = call(&setup).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
    assert_eq!(
        setup.transport.requests().len(),
        1,
        "90 s are beyond the deadline"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_never_a_verdict() {
    for kind in [
        TransportErrorKind::Connect,
        TransportErrorKind::Interrupted,
        TransportErrorKind::Timeout,
    ] {
        let setup = setup(Environment::Production);
        for _ in 0..3 {
            setup.transport.push(Err(TransportError::new(kind)));
        }
        let error = call(&setup).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{kind:?}");
        assert_eq!(setup.transport.requests().len(), 3);
    }
}

#[tokio::test]
async fn an_id_cannot_lead_to_another_endpoint() {
    let setup = setup(Environment::Production);
    for id in ["", ".", ".."] {
        let error = setup.client.get_transaction_info(id).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Rejected(Rejection::Malformed),
            "{id:?}"
        );
    }
    assert!(setup.transport.requests().is_empty());
    for (id, path) in [
        ("../history/1", "/inApps/v1/transactions/..%2Fhistory%2F1"),
        ("1?a=b#c", "/inApps/v1/transactions/1%3Fa%3Db%23c"),
        ("é 1", "/inApps/v1/transactions/%C3%A9%201"),
        ("%2e%2e", "/inApps/v1/transactions/%252e%252e"),
        ("1+2;\t\\", "/inApps/v1/transactions/1%2B2%3B%09%5C"),
    ] {
        setup.client.get_transaction_info(id).await.unwrap();
        assert_eq!(
            setup.transport.requests().last().unwrap().uri().path(),
            path
        );
    }
}

#[tokio::test]
async fn no_error_debug_or_message_shows_the_key_the_token_or_the_path() {
    let setup = setup(Environment::Production);
    setup
        .transport
        .answer(400, r#"{"errorCode":4000006}"#)
        .answer(200, "<html>");
    let request = ApiRequest::get("test", ["inApps", "planted-id"]).query("a", "planted-value");
    let mut shown = format!("{:?} {:?} {request:?}", setup.client, key());
    for _ in 0..2 {
        let error = setup
            .client
            .send::<Value>(request.clone())
            .await
            .unwrap_err();
        shown.push_str(&format!("{error} {error:?}"));
    }
    let token = bearer(&setup.transport.requests()[0]);
    for secret in ["planted", token.trim_start_matches("Bearer "), "PRIVATE"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_client_that_cannot_work_is_refused_at_once() {
    let build = |environment, url: Option<&str>| {
        let mut builder = AppStoreServerClient::builder(key(), "com.example.app", environment)
            .transport(Arc::new(Transport::default()));
        if let Some(url) = url {
            builder = builder.base_url(url);
        }
        builder
            .build()
            .map(drop)
            .map_err(|error| (error.kind(), error.to_string()))
    };
    for environment in [Environment::Xcode, Environment::LocalTesting] {
        let (kind, message) = build(environment, None).unwrap_err();
        assert_eq!(kind, ErrorKind::Misconfigured);
        assert!(message.contains(environment.as_str()), "{message}");
    }
    for url in [
        "api.example.com",
        "http://api.example.com",
        "ftp://localhost",
        "https://a/?b=c",
        "data:x",
    ] {
        let (kind, message) = build(Environment::Sandbox, Some(url)).unwrap_err();
        assert_eq!(kind, ErrorKind::Misconfigured);
        assert!(message.contains(url), "{message}");
    }
    for url in [
        "https://api.example.com",
        "http://localhost:8080/base/",
        "http://127.0.0.1:1",
        "http://[::1]",
    ] {
        assert_eq!(build(Environment::Sandbox, Some(url)), Ok(()));
    }
}

fn both() -> (ProductionThenSandbox, Arc<Transport>, Arc<Transport>) {
    let (production, sandbox) = (setup(Environment::Production), setup(Environment::Sandbox));
    let clients = ProductionThenSandbox::new(production.client, sandbox.client).unwrap();
    (clients, production.transport, sandbox.transport)
}

const NOT_FOUND: &str = r#"{"errorCode":4040010}"#;

async fn look_up(clients: &ProductionThenSandbox) -> Result<Environment, Error> {
    let call = |client: AppStoreServerClient| async move { client.get_transaction_info("1").await };
    clients
        .look_up(call)
        .await
        .map(|(environment, _)| environment)
}

#[tokio::test(start_paused = true)]
async fn production_s_answer_counts_before_the_sandbox_is_asked() {
    let (clients, _, sandbox) = both();
    assert_eq!(look_up(&clients).await.unwrap(), Environment::Production);
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_id_that_production_does_not_know_is_looked_up_in_the_sandbox() {
    for body in [
        NOT_FOUND,
        r#"{"errorCode":4040005}"#,
        r#"{"errorCode":4000006}"#,
    ] {
        let (clients, production, sandbox) = both();
        let status = if body.contains("4000006") { 400 } else { 404 };
        production.answer(status, body);
        assert_eq!(
            look_up(&clients).await.unwrap(),
            Environment::Sandbox,
            "{body}"
        );
        assert_eq!(sandbox.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_production_is_not_looked_up_elsewhere() {
    let (clients, production, sandbox) = both();
    production.answer(503, "").answer(503, "").answer(503, "");
    assert_eq!(
        look_up(&clients).await.unwrap_err().kind(),
        ErrorKind::Unavailable
    );
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_key_that_production_refuses_is_reported_before_not_found() {
    let (clients, production, sandbox) = both();
    production.answer(401, "");
    sandbox.answer(404, NOT_FOUND);
    let error = look_up(&clients).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);

    // An app that was never released: production refuses, the sandbox knows.
    let (clients, production, _) = both();
    production.answer(401, "");
    assert_eq!(look_up(&clients).await.unwrap(), Environment::Sandbox);

    let (clients, production, sandbox) = both();
    production.answer(404, NOT_FOUND);
    sandbox.answer(404, NOT_FOUND);
    let error = look_up(&clients).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::NotFound));
}

#[test]
fn the_two_clients_must_be_for_the_two_environments() {
    let (a, b) = (
        setup(Environment::Production).client,
        setup(Environment::Sandbox).client,
    );
    assert!(ProductionThenSandbox::new(b, a.clone()).is_err());
    assert!(ProductionThenSandbox::new(a.clone(), a).is_err());
}
