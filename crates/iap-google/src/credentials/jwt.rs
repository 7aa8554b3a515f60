//! How is the assertion of a service account written? As a compact JWS with RS256
//! ([RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1),
//! [RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)).

use core::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap_core::{Error, Secret, Store, Timestamp};
use serde::Serialize;

use crate::crypto::RsaSigningKey;

/// What a service account asks for.
#[derive(Clone, Copy)]
pub(super) struct Assertion<'a> {
    pub(super) key_id: &'a str,
    pub(super) client_email: &'a str,
    pub(super) scopes: &'a str,
    pub(super) audience: &'a str,
}

impl Assertion<'_> {
    /// Signs the assertion. It is valid at `now`.
    pub(super) fn sign(self, key: &RsaSigningKey, now: Timestamp) -> Result<Secret, Error> {
        let issued = now.saturating_sub(BACKDATING);
        let header = Header {
            alg: "RS256",
            typ: "JWT",
            kid: self.key_id,
        };
        let claims = Claims {
            iss: self.client_email,
            scope: self.scopes,
            aud: self.audience,
            iat: numeric_date(issued),
            exp: numeric_date(issued.saturating_add(LIFETIME)),
        };
        let mut jws = encode(&header)?;
        jws.push('.');
        jws.push_str(&encode(&claims)?);
        let signature = key.sign(jws.as_bytes()).ok_or_else(|| {
            Error::unavailable("the system gave no random numbers to sign with")
                .with_store(Store::GooglePlay)
        })?;
        jws.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
        Ok(Secret::new(jws))
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

fn encode(part: &impl Serialize) -> Result<String, Error> {
    let json = serde_json::to_vec(part).map_err(|error| {
        Error::misconfigured("the assertion cannot be written as JSON")
            .with_store(Store::GooglePlay)
            .with_source(error)
    })?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// The whole seconds since 1970 that `iat` and `exp` count (`NumericDate` of RFC 7519 §2).
fn numeric_date(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

/// Google refuses an assertion from the future. Servers whose clocks are set by the network differ
/// by less.
const BACKDATING: Duration = Duration::from_secs(60);

/// The longest that Google accepts between `iat` and `exp`.
const LIFETIME: Duration = Duration::from_secs(60 * 60);
