//! Keys as people pass them, assertions judged by another library, and what endpoints for tokens answer.

use core::time::Duration;
use std::sync::Arc;

use aws_lc_rs::{encoding::AsDer as _, rsa::KeySize, signature::KeyPair as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use iap_core::{
    ErrorKind, FixedClock, Timestamp,
    http::{HttpRequest, RetryPolicy},
};
use serde_json::{Value, json};

use super::*;
use crate::testing::{KEY, Transport, key_file, now};

const KEY_ID: &str = "0123456789abcdef0123456789abcdef01234567";
const EMAIL: &str = "play@project.iam.gserviceaccount.com";

fn refusal(json: impl AsRef<[u8]>) -> ServiceAccountKeyError {
    ServiceAccountKey::from_json(json).unwrap_err()
}

fn with(member: &str, value: impl Into<Value>) -> String {
    let mut file = key_file();
    file[member] = value.into();
    file.to_string()
}

async fn fetch(source: &dyn TokenSource, transport: &Arc<Transport>) -> Result<Token, Error> {
    let clock = FixedClock::new(now());
    let http = HttpClient::new(
        iap_core::Store::GooglePlay,
        transport.clone(),
        RetryPolicy::new(),
    );
    source.fetch(&http, &clock).await
}

fn form(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.body())
        .into_owned()
        .collect()
}

#[test]
fn a_key_is_read_with_real_line_breaks_with_escaped_ones_and_with_none() {
    let pem = key_file()["private_key"].as_str().unwrap().to_owned();
    for pem in [
        pem.clone(),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', " "),
        pem.trim_end().to_owned(),
    ] {
        let key = ServiceAccountKey::from_json(with("private_key", pem)).unwrap();
        assert_eq!(key.client_email(), EMAIL);
    }
    // Older files lack these.
    let mut file = key_file();
    for member in ["type", "token_uri", "universe_domain"] {
        file.as_object_mut().unwrap().remove(member);
    }
    assert!(ServiceAccountKey::from_json(file.to_string()).is_ok());
}

#[test]
fn every_mistake_with_a_key_has_its_own_name_and_no_message_shows_the_key() {
    use ServiceAccountKeyError as Refusal;

    let pem = key_file()["private_key"].as_str().unwrap().to_owned();
    let secret = pem.get(100..140).unwrap();
    let small = aws_lc_rs::signature::EcdsaKeyPair::generate(
        &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
    )
    .unwrap();
    let small = small.to_pkcs8v1().unwrap();
    let other_key = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(small.as_ref())
    );
    let table = [
        (String::new(), Refusal::Empty),
        (" \n".to_owned(), Refusal::Empty),
        ("/run/secrets/play.json".to_owned(), Refusal::FilePath),
        ("play.json".to_owned(), Refusal::FilePath),
        (
            STANDARD.encode(key_file().to_string()),
            Refusal::EncodedTwice,
        ),
        (pem.clone(), Refusal::NotJson),
        ("[]".to_owned(), Refusal::NotJson),
        (
            key_file().to_string().replace("\\n", "\n"),
            Refusal::NotJson,
        ),
        (
            "x".repeat(100_000),
            Refusal::TooLong {
                found: 100_000,
                limit: 32 * 1024,
            },
        ),
        (
            with("type", "authorized_user"),
            Refusal::OtherKind {
                found: "authorized_user",
            },
        ),
        (
            with("type", secret),
            Refusal::OtherKind {
                found: "another kind",
            },
        ),
        (
            with("client_email", ""),
            Refusal::Missing {
                member: "client_email",
            },
        ),
        (
            with("private_key", Value::Null),
            Refusal::Missing {
                member: "private_key",
            },
        ),
        (
            with("private_key_id", Value::Null),
            Refusal::Missing {
                member: "private_key_id",
            },
        ),
        (with("private_key", secret), Refusal::NotPem),
        (
            with("private_key", pem.get(..200).unwrap()),
            Refusal::CutOff,
        ),
        (
            with("private_key", pem.replace("PRIVATE KEY", "RSA PRIVATE KEY")),
            Refusal::OtherPem,
        ),
        (
            with("private_key", pem.replace(secret, "#")),
            Refusal::Base64,
        ),
        (
            with("private_key", pem.replace(secret, "AAAA")),
            Refusal::Unreadable,
        ),
        (with("private_key", other_key), Refusal::Unreadable),
    ];
    for (file, expected) in table {
        let found = refusal(&file);
        assert_eq!(found, expected);
        let error = Error::from(found);
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        assert!(!format!("{error:?}").contains(secret), "{error:?}");
    }
    let key = ServiceAccountKey::from_json(key_file().to_string()).unwrap();
    assert!(!format!("{key:?}").contains(secret));
}

#[test]
fn a_key_file_cannot_send_what_we_sign_to_a_stranger() {
    for uri in [
        "https://oauth2.googleapis.com/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "https://accounts.google.com/o/oauth2/token",
    ] {
        assert!(
            ServiceAccountKey::from_json(with("token_uri", uri)).is_ok(),
            "{uri}"
        );
    }
    for uri in [
        "http://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com.evil.example/token",
        "https://evil.example/oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com@evil.example/token",
        "https://user:secret@oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com:8443/token",
        "https://storage.googleapis.com/token",
        "http://127.0.0.1/token",
        "file:///etc/passwd",
        "token",
        "",
    ] {
        let refused = refusal(with("token_uri", uri));
        assert_eq!(refused, ServiceAccountKeyError::TokenHost, "{uri}");
    }
    let key = ServiceAccountKey::from_json(key_file().to_string()).unwrap();
    assert!(
        key.clone()
            .with_token_url("http://127.0.0.1:8080/token")
            .is_ok()
    );
    for url in [
        "token",
        "http://proxy.example/token",
        "http://127.0.0.1.evil.example/",
        "ftp://127.0.0.1/",
    ] {
        let error = key.clone().with_token_url(url).unwrap_err();
        assert_eq!(error, ServiceAccountKeyError::TokenUrl, "{url}");
    }
}

#[tokio::test]
async fn the_assertion_is_what_google_wants_in_the_eyes_of_another_library() {
    let transport = Arc::new(Transport::default());
    let answer = json!({ "access_token": "planted", "expires_in": 3599, "token_type": "Bearer" });
    transport.answer_json(200, &answer);
    let key = ServiceAccountKey::from_json(key_file().to_string())
        .unwrap()
        .with_scope("https://www.googleapis.com/auth/pubsub");
    let token = fetch(&key, &transport).await.unwrap();
    assert_eq!(token.secret.expose(), "planted");
    let life = token.expires_at.saturating_duration_since(now());
    assert_eq!(life, Duration::from_secs(3599));

    let request = transport.requests().remove(0);
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://oauth2.googleapis.com/token");
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    let form = form(&request);
    assert_eq!(form[0].0, "grant_type");
    assert_eq!(form[0].1, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!((form[1].0.as_str(), form.len()), ("assertion", 2));

    let header = jsonwebtoken::decode_header(&form[1].1).unwrap();
    assert_eq!(header.kid.as_deref(), Some(KEY_ID));
    assert_eq!(header.typ.as_deref(), Some("JWT"));
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["https://oauth2.googleapis.com/token"]);
    validation.set_issuer(&[EMAIL]);
    validation.validate_exp = false;
    let public_key = jsonwebtoken::DecodingKey::from_rsa_der(KEY.public_key().as_ref());
    let claims = jsonwebtoken::decode::<Value>(&form[1].1, &public_key, &validation)
        .unwrap()
        .claims;
    let issued = now().as_millis() / 1000 - 60;
    assert_eq!(
        claims,
        json!({
            "iss": EMAIL,
            "scope": "https://www.googleapis.com/auth/androidpublisher https://www.googleapis.com/auth/pubsub",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": issued,
            "exp": issued + 3600,
        })
    );
}

#[tokio::test]
async fn an_assertion_sent_through_a_proxy_stays_good_for_google_only() {
    let transport = Arc::new(Transport::default());
    let answer = json!({ "access_token": "t", "expires_in": 3599 });
    transport.answer_json(200, &answer);
    let key = ServiceAccountKey::from_json(key_file().to_string()).unwrap();
    let key = key.with_token_url("https://proxy.example/token").unwrap();
    fetch(&key, &transport).await.unwrap();
    let request = transport.requests().remove(0);
    assert_eq!(request.uri(), "https://proxy.example/token");
    let claims = form(&request)[1].1.split('.').nth(1).unwrap().to_owned();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], "https://oauth2.googleapis.com/token");
}

#[tokio::test(start_paused = true)]
async fn no_answer_about_a_token_is_a_verdict_and_none_shows_the_assertion() {
    let table = [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Invalid JWT\u0000 Signature."}"#,
            ErrorKind::Misconfigured,
            Some("invalid_grant"),
            1,
        ),
        (
            401,
            r#"{"error":"unauthorized_client"}"#,
            ErrorKind::Misconfigured,
            Some("unauthorized_client"),
            1,
        ),
        (
            400,
            r#"{"error":"of_tomorrow"}"#,
            ErrorKind::Misconfigured,
            Some("of_tomorrow"),
            1,
        ),
        (404, "<html>", ErrorKind::Misconfigured, None, 1),
        (
            403,
            r#"{"error":{"code":403}}"#,
            ErrorKind::Misconfigured,
            None,
            1,
        ),
        (
            400,
            r#"{"error":"temporarily_unavailable"}"#,
            ErrorKind::Unavailable,
            Some("temporarily_unavailable"),
            1,
        ),
        (503, "<html>", ErrorKind::Unavailable, None, 3),
        (500, "", ErrorKind::Unavailable, None, 3),
        (429, "", ErrorKind::Unavailable, None, 3),
        (302, "", ErrorKind::InvalidResponse, None, 1),
        (200, "", ErrorKind::InvalidResponse, None, 1),
        (200, "<html>", ErrorKind::InvalidResponse, None, 1),
        (
            200,
            r#"{"access_token":"planted"}"#,
            ErrorKind::InvalidResponse,
            None,
            1,
        ),
        (
            200,
            r#"{"access_token":"planted","expires_in":-1}"#,
            ErrorKind::InvalidResponse,
            None,
            1,
        ),
        (
            200,
            r#"{"access_token":"planted","expires_in":9,"token_type":"MAC"}"#,
            ErrorKind::InvalidResponse,
            None,
            1,
        ),
        (
            200,
            r#"{"access_token":"","expires_in":9}"#,
            ErrorKind::InvalidResponse,
            None,
            1,
        ),
    ];
    let key = ServiceAccountKey::from_json(key_file().to_string()).unwrap();
    for (status, body, kind, code, attempts) in table {
        let transport = Arc::new(Transport::default());
        for _ in 0..3 {
            transport.answer(status, body);
        }
        let error = fetch(&key, &transport).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}");
        assert_eq!(error.api_code(), code, "{status} {body}");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(transport.requests().len(), attempts, "{status} {body}");
        let assertion = &form(&transport.requests()[0])[1].1;
        let shown = format!("{error} {error:?}");
        for secret in [assertion.as_str(), "planted", "\u{0}"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn the_metadata_server_is_asked_as_google_says_and_must_say_that_it_is_google_s() {
    let answer = || {
        http::Response::builder()
            .status(200)
            .header("metadata-flavor", "Google")
            .body(Bytes::from_static(
                br#"{"access_token":"t","expires_in":300,"token_type":"Bearer"}"#,
            ))
            .unwrap()
    };
    let transport = Arc::new(Transport::default());
    transport.push(Ok(answer()));
    let token = fetch(&MetadataServer::new(), &transport).await.unwrap();
    assert_eq!(
        token.expires_at,
        now().saturating_add(Duration::from_secs(300))
    );
    let request = transport.requests().remove(0);
    assert_eq!(request.headers()["metadata-flavor"], "Google");
    assert!(
        request
            .extensions()
            .get::<iap_core::http::PlainHttp>()
            .is_some()
    );
    assert_eq!(
        request.uri(),
        "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fandroidpublisher"
    );

    let mut stranger = answer();
    stranger.headers_mut().clear();
    transport.push(Ok(stranger));
    let error = fetch(&MetadataServer::at("127.0.0.1:8080"), &transport)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(
        transport.requests()[1].uri().authority().unwrap(),
        "127.0.0.1:8080"
    );

    let error = fetch(&MetadataServer::at("no host"), &transport)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn a_closure_gives_tokens_and_its_debug_shows_none() {
    let source = TokenFn::new(|| async { Ok(Token::new("planted".into(), Timestamp::UNIX_EPOCH)) });
    let transport = Arc::new(Transport::default());
    let token = fetch(&Arc::new(source), &transport).await.unwrap();
    assert_eq!(token.secret.expose(), "planted");
    assert!(transport.requests().is_empty());
    let source = TokenFn::new(|| async { Err(Error::unavailable("down")) });
    assert_eq!(format!("{source:?}"), "TokenFn { .. }");
}

#[test]
fn a_key_of_another_size_signs_too() {
    let larger = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa3072).unwrap();
    let der = larger.as_der().unwrap();
    let key = crate::crypto::RsaSigningKey::from_pkcs8(der.as_ref()).unwrap();
    assert_eq!(key.sign(b"message").unwrap().len(), 384);
}
