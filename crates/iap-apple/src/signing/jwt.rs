//! How is a JWS for Apple written? In compact form, with ES256
//! ([RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap_core::Timestamp;
use serde::Serialize;

use super::{error::SigningError, key::InAppPurchaseKey};
use crate::crypto::SIGNATURE_LENGTH;

/// A compact JWS of `claims`, and of nothing else: Apple refuses tokens with a claim too many.
pub(super) fn sign(
    key: &InAppPurchaseKey,
    claims: &impl Serialize,
) -> Result<String, SigningError> {
    let claims = serde_json::to_vec(claims).map_err(|error| SigningError::request(&error))?;
    let mut jws = String::with_capacity(
        key.jws_header()
            .len()
            .saturating_add(encoded_length(claims.len()))
            .saturating_add(encoded_length(SIGNATURE_LENGTH))
            .saturating_add("..".len()),
    );
    jws.push_str(key.jws_header());
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(&claims, &mut jws);
    let signature = key.sign(jws.as_bytes())?;
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
    Ok(jws)
}

/// The whole seconds since 1970 that `iat` and `exp` count (`NumericDate` of RFC 7519 §2).
pub(super) fn numeric_date(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

fn encoded_length(bytes: usize) -> usize {
    base64::encoded_len(bytes, false).unwrap_or_default()
}
