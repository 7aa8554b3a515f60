//! Which requests are refused, and by which check: only Google's Pub/Sub, for us, gets through.

use iap_core::{Clock as _, EndpointAnswer, ErrorKind, FixedClock, Rejection};
use iap_google::{GoogleKeys, KeyProblem, NotificationFailure as Failure};
use iap_testkit::GooglePushSigner;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use proptest::prelude::*;
use serde_json::json;
use std::time::Duration;

use crate::push::{
    APP, AUDIENCE, OTHER, SERVICE_ACCOUNT, SIGNER, body, builder, now, token, verifier,
    verify_header, verify_token,
};

fn failure(token: &str) -> Failure {
    verify_token(token).expect_err("refused")
}

fn rejection(failure: &Failure) -> Option<Rejection> {
    match failure.kind() {
        ErrorKind::Rejected(rejection) => Some(rejection),
        _ => None,
    }
}

#[test]
fn a_token_minted_by_another_library_is_accepted() {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(SIGNER.key_id().to_owned());
    let seconds = now().as_millis() / 1000;
    let claims = json!({
        "aud": AUDIENCE, "azp": "1", "email": SERVICE_ACCOUNT, "email_verified": true,
        "exp": seconds + 3600, "iat": seconds, "iss": "https://accounts.google.com", "sub": "1",
    });
    let key = EncodingKey::from_rsa_der(&SIGNER.private_key_der());
    let minted = encode(&header, &claims, &key).unwrap();
    let notification = verify_token(&minted).unwrap();
    assert_eq!(notification.app_id(), APP);
}

#[test]
fn a_token_of_the_testkit_and_its_key_are_accepted_by_another_library() {
    let jwk = SIGNER.jwk();
    let component = |name: &str| jwk[name].as_str().unwrap();
    let key = DecodingKey::from_rsa_components(component("n"), component("e")).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&["https://accounts.google.com"]);
    validation.validate_exp = false;
    let claims = decode::<serde_json::Value>(token().sign(), &key, &validation).unwrap();
    assert_eq!(claims.header.kid.as_deref(), Some(SIGNER.key_id()));
    assert_eq!(claims.claims["email"], SERVICE_ACCOUNT);
    let forged = token().signed_by(&OTHER).sign();
    assert!(decode::<serde_json::Value>(forged, &key, &validation).is_err());
}

#[test]
fn a_token_is_accepted_however_the_header_and_its_scheme_are_spelled() {
    let token = token().sign();
    for authorization in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER  {token} "),
    ] {
        assert!(verify_header(&authorization).is_ok(), "{authorization}");
        for name in ["authorization", "Authorization", "AUTHORIZATION"] {
            let headers = [("x-other", "1"), (name, authorization.as_str())];
            assert!(verifier().verify(headers, body()).is_ok(), "{name}");
        }
    }
    let mut map = http::HeaderMap::new();
    map.insert("authorization", format!("Bearer {token}").parse().unwrap());
    assert!(verifier().verify(&map, body()).is_ok());
}

#[test]
fn both_spellings_of_the_issuer_are_googles() {
    for issuer in ["https://accounts.google.com", "accounts.google.com"] {
        assert!(verify_token(&token().claim("iss", issuer).sign()).is_ok());
    }
}

#[test]
fn a_token_signed_with_another_key_is_refused() {
    let failure = failure(&token().signed_by(&OTHER).sign());
    assert_eq!(failure, Failure::Signature);
    assert_eq!(rejection(&failure), Some(Rejection::InvalidSignature));
}

#[test]
fn a_token_of_a_key_that_was_not_supplied_is_forged_or_newer_and_gets_no_verdict() {
    let foreign = OTHER.token(AUDIENCE, SERVICE_ACCOUNT).issued_at(now());
    let failure = failure(&foreign.sign());
    let problem = KeyProblem::MayBeOutdated {
        known: vec![SIGNER.key_id().to_owned()],
        found: OTHER.key_id().to_owned(),
    };
    assert_eq!(failure, Failure::KeysUnavailable { problem });
    // Neither accepted nor lost, and nobody is woken for what a stranger makes up.
    assert_eq!(failure.kind(), ErrorKind::Unavailable);
    assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
    let shown = failure.to_string();
    for told in [SIGNER.key_id(), OTHER.key_id(), "supply the present ones"] {
        assert!(shown.contains(told), "{shown}");
    }
    let long = verify_token(&token().header("kid", "x".repeat(5_000)).sign()).unwrap_err();
    assert!(long.to_string().len() < 600, "{long}");
}

#[test]
fn a_token_of_another_issuer_is_refused() {
    for issuer in [
        "https://accounts.google.com.evil.example",
        "http://accounts.google.com",
        "https://accounts.google.com/",
        "https://securetoken.google.com/project",
        "",
    ] {
        match failure(&token().claim("iss", issuer).sign()) {
            Failure::Issuer { found, .. } => assert_eq!(found.as_deref(), Some(issuer)),
            other => panic!("{other:?}"),
        }
    }
    let missing = failure(&token().without_claim("iss").sign());
    assert!(matches!(missing, Failure::Issuer { found: None, .. }));
}

#[test]
fn a_token_for_another_audience_is_refused() {
    for audience in [
        "https://example.com/google-play/",
        "https://example.com/Google-Play",
        "https://example.com",
        "",
    ] {
        assert_eq!(
            failure(&token().claim("aud", audience).sign()),
            Failure::Audience {
                expected: vec![AUDIENCE.to_owned()],
                found: Some(audience.to_owned()),
            }
        );
    }
    let missing = failure(&token().without_claim("aud").sign());
    assert!(matches!(missing, Failure::Audience { found: None, .. }));
}

#[test]
fn a_token_for_our_audience_of_another_service_account_is_refused() {
    for email in [
        "push@evil.iam.gserviceaccount.com",
        "PUSH@project.iam.gserviceaccount.com",
        "push@project.iam.gserviceaccount.com ",
        "",
    ] {
        let failure = failure(&token().claim("email", email).sign());
        assert_eq!(
            failure,
            Failure::ServiceAccount {
                expected: vec![SERVICE_ACCOUNT.to_owned()],
                found: Some(email.to_owned()),
            }
        );
        assert_eq!(failure.check(), "service_account");
    }
    let missing = failure(&token().without_claim("email").sign());
    assert!(matches!(
        missing,
        Failure::ServiceAccount { found: None, .. }
    ));
}

#[test]
fn a_token_whose_address_google_has_not_verified_is_refused() {
    let refused = failure(&token().claim("email_verified", false).sign());
    assert_eq!(refused, Failure::EmailNotVerified { found: Some(false) });
    let missing = failure(&token().without_claim("email_verified").sign());
    assert_eq!(missing, Failure::EmailNotVerified { found: None });
    for value in [json!("true"), json!(1)] {
        let refused = failure(&token().claim("email_verified", value).sign());
        assert_eq!(refused.check(), "claims");
    }
}

#[test]
fn a_token_serves_from_its_issue_to_its_end_and_a_minute_around() {
    let minute = Duration::from_secs(60);
    let hour = minute * 60;
    let second = Duration::from_secs(1);
    let authorization = token().authorization();
    let at = |moment| {
        let keys = GoogleKeys::from_json(SIGNER.jwks()).unwrap();
        let verifier = builder().keys(keys).clock(FixedClock::new(moment));
        let headers = [("authorization", authorization.as_str())];
        verifier.build().unwrap().verify(headers, body())
    };
    assert!(at(now().saturating_add(hour + minute - second)).is_ok());
    let end = now().saturating_add(hour + minute);
    let expired = at(end).unwrap_err();
    assert_eq!(
        expired,
        Failure::Expired {
            expires_at: now().saturating_add(hour),
            now: end,
        }
    );
    assert_eq!(rejection(&expired), Some(Rejection::SignedTooLongAgo));

    assert!(at(now().saturating_sub(minute)).is_ok());
    let early = now().saturating_sub(minute + second);
    let future = at(early).unwrap_err();
    assert_eq!(
        future,
        Failure::IssuedInFuture {
            issued_at: now(),
            now: early,
        }
    );
    // Google issues nothing in advance: our clock is slow.
    assert_eq!(future.kind(), ErrorKind::Unavailable);
    assert_eq!(future.endpoint_answer(), EndpointAnswer::TryAgain);
}

#[test]
fn a_token_that_is_not_valid_yet_is_no_verdict() {
    let seconds = now().as_millis() / 1000;
    assert!(verify_token(&token().claim("nbf", seconds + 60).sign()).is_ok());
    let early = failure(&token().claim("nbf", seconds + 61).sign());
    assert_eq!(early.check(), "not_yet_valid");
    assert_eq!(early.endpoint_answer(), EndpointAnswer::TryAgain);
}

#[test]
fn a_token_without_times_is_refused_and_absurd_times_overflow_nothing() {
    for member in ["exp", "iat"] {
        let missing = failure(&token().without_claim(member).sign());
        assert_eq!(missing, Failure::Missing { member });
        for value in [json!("1"), json!(1.5), json!(u64::MAX)] {
            let refused = failure(&token().claim(member, value).sign());
            assert_eq!(refused.check(), "claims");
        }
    }
    assert!(verify_token(&token().claim("exp", i64::MAX).sign()).is_ok());
    assert_eq!(
        failure(&token().claim("exp", i64::MIN).sign()).check(),
        "expired"
    );
    assert_eq!(
        failure(&token().claim("iat", i64::MAX).sign()).check(),
        "issued_in_future"
    );
}

#[test]
fn no_other_algorithm_than_rs256_is_accepted() {
    let found = |failure: Failure| match failure {
        Failure::Algorithm { found } => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(failure(&token().unsigned())).as_deref(), Some("none"));
    let confused = token().signed_with_the_public_key();
    assert_eq!(found(failure(&confused)).as_deref(), Some("HS256"));
    for alg in ["NONE", "None", "rs256", "RS384", "PS256", "ES256", ""] {
        assert_eq!(
            found(failure(&token().header("alg", alg).sign())).as_deref(),
            Some(alg)
        );
    }
    assert_eq!(found(failure(&token().without_header("alg").sign())), None);
    // Naming RS256 does not help: a signature of HMAC has another length.
    let mut parts: Vec<_> = confused.split('.').map(str::to_owned).collect();
    parts[0] = token().sign().split('.').next().unwrap().to_owned();
    assert_eq!(failure(&parts.join(".")), Failure::Signature);
}

#[test]
fn a_header_that_demands_more_or_says_things_twice_is_refused() {
    assert_eq!(
        failure(&token().header("crit", json!([])).sign()),
        Failure::CriticalHeader
    );
    let kid = SIGNER.key_id();
    let header = |json: String| failure(&token().raw_header(json).sign()).check();
    assert_eq!(
        header(format!(r#"{{"alg":"none","alg":"RS256","kid":"{kid}"}}"#)),
        "header"
    );
    assert_eq!(
        header(format!(r#"{{"alg":"RS256","kid":"{kid}","kid":"{kid}"}}"#)),
        "header"
    );
    assert_eq!(header(format!(r#"["RS256","{kid}"]"#)), "header");
    assert_eq!(header(String::new()), "header");
    assert_eq!(header(r#"{"alg":"RS256"}"#.to_owned()), "missing");
    assert_eq!(header(r#"{"alg":"RS256","kid":7}"#.to_owned()), "header");
    // Keys that a token brings along are not looked at.
    let own = OTHER.token(AUDIENCE, SERVICE_ACCOUNT).issued_at(now());
    let own = own.header("jwk", OTHER.jwk()).header("kid", kid);
    assert_eq!(failure(&own.sign()), Failure::Signature);
}

#[test]
fn claims_that_are_there_twice_or_of_another_shape_are_refused() {
    let claims = |json: &str| failure(&token().payload(json).sign()).check();
    assert_eq!(
        claims(r#"{"aud":"https://evil.example","aud":"https://example.com/google-play"}"#),
        "claims"
    );
    assert_eq!(
        claims(r#"{"iss":"accounts.google.com","\u0069ss":"x"}"#),
        "claims"
    );
    assert_eq!(claims("[]"), "claims");
    assert_eq!(claims("<html></html>"), "claims");
    assert_eq!(claims(""), "claims");
    let list = token().claim("aud", json!([AUDIENCE]));
    assert_eq!(failure(&list.sign()).check(), "claims");
}

#[test]
fn a_request_without_one_token_is_refused_by_the_check_that_it_fails() {
    let token = token().sign();
    let check = |headers: &[(&str, &str)]| {
        let result = verifier().verify(headers.iter().copied(), body());
        result.expect_err("refused").check()
    };
    let bearer = format!("Bearer {token}");
    assert_eq!(check(&[]), "missing");
    assert_eq!(check(&[("proxy-authorization", &bearer)]), "missing");
    let twice = [
        ("authorization", bearer.as_str()),
        ("Authorization", bearer.as_str()),
    ];
    assert_eq!(check(&twice), "repeated_header");
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        &token,
        &format!("Basic {token}"),
        &format!("Bearer{token}"),
        &format!("Bearer {token},{token}"),
        &format!("Bearer {token} {token}"),
        &format!("Bearer {token}\0"),
        "Bearer é",
    ] {
        assert_eq!(
            check(&[("authorization", authorization)]),
            "authorization",
            "{authorization}"
        );
    }
    for (text, found) in [("abc", 1), ("a.b", 2), ("a.b.c.d", 4), ("a.b.c.d.e.f", 4)] {
        assert_eq!(failure(text), Failure::SegmentCount { found });
    }
    let padded = format!("{token}=");
    assert_eq!(failure(&padded).check(), "encoding");
    let huge = format!("{token}.{}", "A".repeat(20_000));
    assert_eq!(failure(&huge).check(), "too_long");
    assert_eq!(failure(&"A".repeat(9_000)).check(), "too_long");
}

#[test]
fn no_token_is_shown_by_a_failure() {
    let token = token().claim("aud", "x").sign();
    let failure = failure(&token);
    let error = iap_core::Error::from(failure.clone());
    let shown = format!("{failure} {failure:?} {error} {error:?}");
    for part in token.split('.') {
        assert!(!shown.contains(part));
    }
    assert_eq!(error.rejection(), Some(Rejection::WrongApp));
}

#[test]
fn a_flipped_bit_anywhere_in_a_token_is_refused() {
    let token = token().sign();
    for index in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[index] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(verify_token(&changed).is_err(), "{index}");
        }
    }
    for length in 0..token.len() {
        assert!(verify_token(&token[..length]).is_err(), "{length}");
    }
}

#[test]
fn several_audiences_accounts_and_subscriptions_are_each_accepted() {
    let verifier = builder()
        .audience("second")
        .service_account("other@project.iam.gserviceaccount.com")
        .subscription("projects/p/subscriptions/s")
        .subscription(iap_testkit::GoogleNotificationBuilder::SUBSCRIPTION)
        .keys(GoogleKeys::from_json(SIGNER.jwks()).unwrap())
        .build()
        .unwrap();
    for (audience, account) in [
        (AUDIENCE, SERVICE_ACCOUNT),
        ("second", "other@project.iam.gserviceaccount.com"),
    ] {
        let token = SIGNER.token(audience, account).issued_at(now());
        let headers = [("authorization", token.authorization())];
        assert!(verifier.verify(headers, body()).is_ok(), "{audience}");
    }
}

#[test]
fn a_verifier_without_an_audience_account_or_app_cannot_be_built() {
    use iap_google::{ConfigurationError as Error, NotificationVerifier};

    let start = NotificationVerifier::builder;
    let audience = || start().audience(AUDIENCE);
    let account = || audience().service_account(SERVICE_ACCOUNT);
    assert_eq!(start().app(APP).build().unwrap_err(), Error::NoAudience);
    assert_eq!(start().audience("").build().unwrap_err(), Error::NoAudience);
    assert_eq!(
        audience().app(APP).build().unwrap_err(),
        Error::NoServiceAccount
    );
    assert_eq!(
        account().app(APP).audience("").build().unwrap_err(),
        Error::NoAudience
    );
    assert_eq!(
        account().app(APP).app("").build().unwrap_err(),
        Error::NoApps
    );
    assert_eq!(account().build().unwrap_err(), Error::NoApps);
    assert_eq!(account().app("").build().unwrap_err(), Error::NoApps);
    for text in [
        "",
        "push",
        "@project.iam.gserviceaccount.com",
        "push@localhost",
        "a b@c.d",
    ] {
        let built = audience().service_account(text).app(APP).build();
        assert_eq!(
            built.unwrap_err(),
            Error::ServiceAccount {
                found: text.to_owned()
            }
        );
    }
    for text in [
        "",
        "s",
        "projects/p/topics/t",
        "projects//subscriptions/s",
        "projects/p/subscriptions/s/x",
    ] {
        let built = account().app(APP).subscription(text).build();
        assert_eq!(
            built.unwrap_err(),
            Error::Subscription {
                found: text.to_owned()
            }
        );
    }
    let error = iap_core::Error::from(Error::NoAudience);
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
}

#[test]
fn an_offline_verifier_without_keys_has_no_verdict() {
    let verifier = builder().build().unwrap();
    let headers = [("authorization", token().authorization())];
    let failure = verifier.verify(headers, body()).unwrap_err();
    let problem = KeyProblem::NotSupplied;
    assert_eq!(failure, Failure::KeysUnavailable { problem });
    // No wait cures it, and until it is cured Pub/Sub is to keep the notification.
    assert_eq!(failure.kind(), ErrorKind::Misconfigured);
    assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
    let error = iap_core::Error::from(failure);
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(!error.is_retryable());
}

#[test]
fn a_set_of_keys_that_cannot_be_relied_on_is_refused() {
    let jwk = SIGNER.jwk();
    let with = |name: &str, value: serde_json::Value| {
        let mut key = jwk.clone();
        key[name] = value;
        key
    };
    let read = |set: serde_json::Value| GoogleKeys::from_json(set.to_string());
    let ids = |set| {
        let keys = read(set).unwrap();
        keys.ids().map(str::to_owned).collect::<Vec<_>>()
    };
    let kid = SIGNER.key_id().to_owned();
    // Keys for other purposes are left out.
    let others = json!({ "keys": [
        with("kty", json!("EC")), with("alg", json!("RS512")), with("use", json!("enc")),
        json!({ "kty": "oct", "k": "AAAA" }), jwk, OTHER.jwk(),
    ] });
    assert_eq!(ids(others), [kid, OTHER.key_id().to_owned()]);
    for set in [
        json!({}),
        json!({ "keys": [] }),
        json!({ "keys": {} }),
        json!([jwk]),
        json!({ "keys": [jwk, jwk] }),
        json!({ "keys": [with("n", json!("AQAB"))] }),
        json!({ "keys": [with("n", json!("+/=="))] }),
        json!({ "keys": [with("e", json!("AQ"))] }),
        json!({ "keys": [with("e", json!("AQAA"))] }),
        json!({ "keys": [with("e", json!("____________________"))] }),
        json!({ "keys": [with("kid", json!(null))] }),
        json!({ "keys": vec![jwk.clone(); 33] }),
    ] {
        assert!(
            matches!(read(set.clone()), Err(KeyProblem::Unreadable { .. })),
            "{set}"
        );
    }
    assert!(matches!(
        GoogleKeys::from_json("<html>"),
        Err(KeyProblem::Unreadable { .. })
    ));
    let long = format!("{{\"keys\":[]{}}}", " ".repeat(70_000));
    assert_eq!(
        GoogleKeys::from_json(long).unwrap_err(),
        KeyProblem::TooLong { limit: 65_536 }
    );
}

#[test]
fn clocks_are_read_once_the_signature_holds() {
    // A verifier shares its clock: moved, it judges anew.
    let clock = std::sync::Arc::new(FixedClock::new(now()));
    let keys = GoogleKeys::from_json(SIGNER.jwks()).unwrap();
    let verifier = builder().keys(keys).clock(clock.clone()).build().unwrap();
    let headers = || [("authorization", token().authorization())];
    assert!(verifier.verify(headers(), body()).is_ok());
    clock.advance(Duration::from_secs(2 * 60 * 60));
    let failure = verifier.verify(headers(), body()).unwrap_err();
    assert!(matches!(failure, Failure::Expired { now, .. } if now == clock.now()));
}

proptest! {
    #[test]
    fn no_header_and_no_body_panics(authorization: Vec<u8>, body: Vec<u8>) {
        let headers = [("authorization", authorization)];
        prop_assert!(verifier().verify(headers, &body).is_err());
        prop_assert!(verifier().verify([("authorization", token_of(&body))], &body).is_err());
    }
}

fn token_of(payload: &[u8]) -> String {
    let signer: &GooglePushSigner = &SIGNER;
    let payload = String::from_utf8_lossy(payload);
    signer.token("", "").payload(payload).authorization()
}
