//! Is this a bearer token that the App Store would take? Every claim is checked.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi/generating-json-web-tokens-for-api-requests>

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use iap_core::Timestamp;
use serde_json::Value;

use crate::{
    key::{KeyKind, KeyPair},
    system,
};

/// An In-App Purchase key of App Store Connect, made at run time.
pub(super) struct ApiKey {
    pub(super) key_id: String,
    pub(super) issuer_id: String,
    pub(super) pem: String,
    key: KeyPair,
}

impl ApiKey {
    pub(super) fn new() -> Self {
        let key = KeyPair::generate(KeyKind::P256WithSha256);
        Self {
            key_id: system::digits_and_letters(10),
            issuer_id: system::uuid(),
            pem: crate::pem::encode("PRIVATE KEY", key.pkcs8_der()),
            key,
        }
    }

    /// Whether `authorization` carries a token of this key for the app, good at `now`.
    ///
    /// 1. One header `Authorization`, of the form `Bearer <token>`.
    /// 2. Three segments of base64url without padding.
    /// 3. The header names ES256, JWT and this key.
    /// 4. The signature is that of this key.
    /// 5. Issuer, audience and bundle id are as they must be; the audience is a text, not a list.
    /// 6. Issued not in the future, not expired, and good for at most an hour.
    pub(super) fn accepts(
        &self,
        authorization: Option<&str>,
        bundle_id: &str,
        now: Timestamp,
    ) -> bool {
        self.check(authorization, bundle_id, now).is_some()
    }

    fn check(&self, authorization: Option<&str>, bundle_id: &str, now: Timestamp) -> Option<()> {
        let holds = |it: bool| it.then_some(());
        // 1
        let token = authorization?.strip_prefix("Bearer ")?;
        // 2
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |segment: &str| BASE64_URL_SAFE_NO_PAD.decode(segment).ok();
        let json = |segment: &str| serde_json::from_slice::<Value>(&decode(segment)?).ok();
        let (header, claims, signature) = (json(header)?, json(claims)?, decode(signature)?);
        // 3
        holds(header["alg"] == "ES256" && header["typ"] == "JWT" && header["kid"] == *self.key_id)?;
        // 4
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_point())
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        // 5
        holds(
            claims["iss"] == *self.issuer_id
                && claims["aud"] == "appstoreconnect-v1"
                && claims["bid"] == bundle_id,
        )?;
        // 6
        let now = now.as_millis() / 1_000;
        let expires = claims["exp"].as_i64()?;
        let issued = match &claims["iat"] {
            // Apple takes tokens without it.
            Value::Null => now,
            issued => issued.as_i64()?,
        };
        holds(issued <= now && now < expires && expires - issued <= LONGEST_LIFE)
    }
}

/// One hour, in seconds.
const LONGEST_LIFE: i64 = 60 * 60;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jws;

    const BUNDLE_ID: &str = "com.example.app";

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_800_000_000)
    }

    fn header(key: &ApiKey) -> Value {
        json!({ "alg": "ES256", "kid": key.key_id, "typ": "JWT" })
    }

    fn claims(key: &ApiKey) -> Value {
        json!({
            "iss": key.issuer_id,
            "aud": "appstoreconnect-v1",
            "bid": BUNDLE_ID,
            "iat": 1_800_000_000,
            "exp": 1_800_000_300,
        })
    }

    fn sign(key: &ApiKey, header: &Value, claims: &Value) -> String {
        let header = jws::segment(header.to_string());
        let parts = jws::Parts::signed(header, jws::segment(claims.to_string()), &key.key);
        format!("Bearer {}", parts.join())
    }

    #[test]
    fn a_token_as_apple_wants_it_is_accepted_with_and_without_a_date_of_issue() {
        let key = ApiKey::new();
        let mut claims = claims(&key);
        for _ in 0..2 {
            let token = sign(&key, &header(&key), &claims);
            assert!(key.accepts(Some(&token), BUNDLE_ID, now()));
            claims.as_object_mut().unwrap().remove("iat");
        }
    }

    #[test]
    fn every_wrong_claim_and_header_is_refused() {
        let key = ApiKey::new();
        for (member, value) in [
            ("iss", json!("57246542-96fe-1a63-e053-0824d011072a")),
            ("aud", json!(["appstoreconnect-v1"])),
            ("aud", json!("advanced-commerce-api")),
            ("bid", json!("com.example.other")),
            ("bid", Value::Null),
            ("iat", json!(1_800_000_001)),
            ("iat", json!("1800000000")),
            ("exp", json!(1_800_000_000)),
            ("exp", json!(1_800_003_601)),
            ("exp", Value::Null),
        ] {
            let mut claims = claims(&key);
            claims[member] = value;
            let token = sign(&key, &header(&key), &claims);
            assert!(!key.accepts(Some(&token), BUNDLE_ID, now()), "{claims}");
        }
        for (member, value) in [("alg", "none"), ("kid", "OTHER"), ("typ", "JWS")] {
            let mut header = header(&key);
            header[member] = value.into();
            let token = sign(&key, &header, &claims(&key));
            assert!(!key.accepts(Some(&token), BUNDLE_ID, now()), "{header}");
        }
    }

    #[test]
    fn a_token_of_another_key_and_what_is_no_token_are_refused() {
        let (key, other) = (ApiKey::new(), ApiKey::new());
        let by_another = sign(&other, &header(&key), &claims(&key));
        let good = sign(&key, &header(&key), &claims(&key));
        let without_scheme = good.trim_start_matches("Bearer ");
        let (signed, _) = good.rsplit_once('.').unwrap();
        for token in [
            by_another.as_str(),
            without_scheme,
            signed,
            &format!("{signed}."),
            &format!("{good}="),
            "Bearer ",
            "",
        ] {
            assert!(!key.accepts(Some(token), BUNDLE_ID, now()), "{token}");
        }
        assert!(!key.accepts(None, BUNDLE_ID, now()));
    }
}
