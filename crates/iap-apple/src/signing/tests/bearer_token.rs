//! Tokens for API calls: exactly Apple's claims, and dates that Apple accepts.

use core::time::Duration;

use iap_core::{Clock, ErrorKind, SystemClock, Timestamp};
use serde_json::json;

use super::*;

const AUDIENCE: &str = "appstoreconnect-v1";
const NOW: Timestamp = Timestamp::from_millis(1_795_253_400_999);

fn signer(key: &TestKey) -> BearerTokenSigner {
    BearerTokenSigner::new(key.load(), BUNDLE_ID).unwrap()
}

#[test]
fn a_token_has_exactly_the_header_and_claims_that_apple_lists() {
    let key = TestKey::new();
    let token = signer(&key).sign(NOW).unwrap();
    let (header, claims) = key.judge(token.text().expose(), AUDIENCE);
    assert_eq!(header, json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}));
    assert_eq!(
        claims,
        json!({
            "iss": ISSUER_ID,
            "iat": 1_795_253_340,
            "exp": 1_795_253_700,
            "aud": AUDIENCE,
            "bid": BUNDLE_ID,
        })
    );
    assert_members(
        token.text().expose(),
        "BearerTokenHeader",
        "BearerTokenClaims",
    );
    assert_eq!(token.expires_at(), Timestamp::from_seconds(1_795_253_700));
}

#[test]
fn a_token_of_now_is_valid_now_to_a_judge_with_no_tolerance() {
    let key = TestKey::new();
    let token = signer(&key).sign(SystemClock.now()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER_ID]);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    validation.leeway = 0;
    key.judge_by(token.text().expose(), &validation).unwrap();

    let expired = SystemClock.now().saturating_sub(Duration::from_secs(301));
    let expired = signer(&key).sign(expired).unwrap();
    assert!(key.judge_by(expired.text().expose(), &validation).is_err());
    assert!(
        TestKey::new()
            .judge_by(token.text().expose(), &validation)
            .is_err()
    );
}

#[test]
fn a_jws_for_the_app_is_no_bearer_token() {
    let key = TestKey::new();
    let offers = OfferSigner::new(key.load(), BUNDLE_ID).unwrap();
    let in_app = offers.advanced_commerce_request(&in_app_request()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud"]);
    validation.validate_exp = false;
    assert!(key.judge_by(in_app.as_str(), &validation).is_err());
}

#[test]
fn lifetime_and_backdating_move_exp_and_iat() {
    let key = TestKey::new();
    let minutes = |count: u64| Duration::from_secs(60 * count);
    for (lifetime, backdating) in [
        (minutes(60), Duration::ZERO),
        (minutes(50), minutes(10)),
        (Duration::from_secs(1), Duration::ZERO),
        (minutes(20), minutes(2)),
    ] {
        let signer = signer(&key).backdating(backdating).unwrap();
        let token = signer.lifetime(lifetime).unwrap().sign(NOW).unwrap();
        let claims = claims_of(token.text().expose());
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap();
        assert_eq!(claims["iat"], 1_795_253_400 - seconds(backdating));
        assert_eq!(claims["exp"], 1_795_253_400 + seconds(lifetime));
    }
}

#[test]
fn a_token_never_lives_longer_than_apple_accepts() {
    let key = TestKey::new();
    // Fractions of a second must not be rounded up past the limit.
    let signer = signer(&key)
        .backdating(Duration::from_millis(500))
        .and_then(|signer| signer.lifetime(Duration::from_millis(3_599_500)))
        .unwrap();
    for millis in (0..1000).step_by(37) {
        let now = Timestamp::from_millis(1_795_253_400_000 + millis);
        let token = signer.sign(now).unwrap();
        let claims = claims_of(token.text().expose());
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert!((1..=3600).contains(&life), "{life}");
    }
}

#[test]
fn a_lifetime_that_apple_would_refuse_is_refused_here() {
    let key = TestKey::new();
    let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3600));
    for lifetime in [
        Duration::ZERO,
        second - Duration::from_nanos(1),
        hour - 60 * second + Duration::from_nanos(1),
        hour,
        Duration::MAX,
    ] {
        let error = signer(&key).lifetime(lifetime).unwrap_err();
        assert!(
            matches!(error, SigningError::Lifetime { .. }),
            "{lifetime:?}"
        );
    }
    for backdating in [hour, Duration::MAX] {
        assert!(
            signer(&key).backdating(backdating).is_err(),
            "{backdating:?}"
        );
    }
    let error = signer(&key).lifetime(hour).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a bearer token is valid for 1 to 3600 s from its iat, but 60 s before and 3600 s after now \
         were asked for"
    );
    assert_eq!(
        iap_core::Error::from(error).kind(),
        ErrorKind::Misconfigured
    );
}

#[test]
fn dates_at_the_ends_of_time_neither_wrap_nor_panic() {
    let key = TestKey::new();
    let signer = signer(&key);
    for now in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX] {
        let now = Timestamp::from_millis(now);
        let token = signer.sign(now).unwrap();
        let (_, claims) = key.judge(token.text().expose(), AUDIENCE);
        let (iat, exp) = (
            claims["iat"].as_i64().unwrap(),
            claims["exp"].as_i64().unwrap(),
        );
        assert!(iat < exp && exp - iat <= 3600, "{now}: {iat} {exp}");
    }
    // Seconds are rounded down before 1970, too.
    let token = signer.sign(Timestamp::from_millis(-1)).unwrap();
    let claims = claims_of(token.text().expose());
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(-61), &json!(299)));
}

#[test]
fn what_is_no_bundle_id_is_refused() {
    let key = TestKey::new();
    for (bundle_id, message) in [
        ("", "the bundle id is empty"),
        (
            "com.example.app\n",
            "the bundle id contains the character \\u{a}, which cannot be part of it",
        ),
        (
            "com.example.app\u{2063}other",
            "the bundle id contains the character \\u{2063}, which cannot be part of it",
        ),
    ] {
        let error = BearerTokenSigner::new(key.load(), bundle_id).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(OfferSigner::new(key.load(), bundle_id).unwrap_err(), error);
    }
}

#[test]
fn debug_output_hides_the_token() {
    let key = TestKey::new();
    let token = signer(&key).sign(NOW).unwrap();
    let shown = format!("{token:?} {token:#?}");
    assert!(shown.contains("[redacted]"), "{shown}");
    for part in token.text().expose().split('.') {
        assert!(!shown.contains(&part[..12]), "{shown}");
    }
}
