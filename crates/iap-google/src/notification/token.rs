//! Did Pub/Sub make this request, for you? The token in its Authorization header, an ID token.
//!
//! [Google's page](https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions),
//! [RFC 7515](https://www.rfc-editor.org/rfc/rfc7515) (JWS),
//! [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519) (JWT)

use core::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap_core::{Timestamp, shorten};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::error::NotificationFailure;
use crate::{crypto::RsaPublicKey, json::read_object};

/// A token that has been taken apart. Nothing in it is proven.
pub(super) struct Token<'a> {
    /// Header and payload with the dot between them: the bytes that are signed.
    signed_part: &'a [u8],
    payload: &'a [u8],
    signature: Vec<u8>,
    pub(super) key_id: String,
}

/// What the claims of a token must say.
pub(super) struct Expected<'a> {
    pub(super) audiences: &'a [String],
    pub(super) service_accounts: &'a [String],
    pub(super) clock_tolerance: Duration,
    pub(super) now: Timestamp,
}

impl<'a> Token<'a> {
    /// Takes apart the value of an Authorization header.
    ///
    /// 1. It is not longer than any token of Google.
    /// 2. It is `Bearer`, in whatever case, and one token.
    /// 3. The token has three parts, header and signature in strict base64url.
    /// 4. The header is one JSON object without a member twice.
    /// 5. `alg` is RS256: the algorithm is never taken from the data.
    /// 6. There is no `crit`: no extension of JWS is supported (RFC 7515 §4.1.11).
    /// 7. `kid` names a key.
    pub(super) fn read(authorization: &'a [u8]) -> Result<Self, NotificationFailure> {
        // 1
        if authorization.len() > MAX_TOKEN_LENGTH {
            return Err(NotificationFailure::TooLong {
                part: "token",
                found: authorization.len(),
                limit: MAX_TOKEN_LENGTH,
            });
        }
        // 2
        let token =
            bearer(authorization).ok_or(NotificationFailure::Authorization { expected: SCHEME })?;
        // 3
        let mut parts = token.splitn(MAX_COUNTED_PARTS, |byte| *byte == b'.');
        let (header, payload, signature) =
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(header), Some(payload), Some(signature), None) => {
                    (header, payload, signature)
                }
                (_, None, ..) => return Err(NotificationFailure::SegmentCount { found: 1 }),
                (_, _, None, _) => return Err(NotificationFailure::SegmentCount { found: 2 }),
                (.., Some(_)) => {
                    return Err(NotificationFailure::SegmentCount {
                        found: MAX_COUNTED_PARTS,
                    });
                }
                (None, ..) => return Err(NotificationFailure::SegmentCount { found: 0 }),
            };
        let signed_length = header.len().saturating_add(1).saturating_add(payload.len());
        let signed_part = token.get(..signed_length).unwrap_or_default();
        let json = decode("header", header)?;
        let signature = decode("signature", signature)?;
        // 4
        let header: Header = read_object(&json).map_err(|problem| NotificationFailure::Header {
            reason: format!("{}: {}", problem.path, problem.reason),
        })?;
        // 5
        if header.alg.as_deref() != Some(RS256) {
            return Err(NotificationFailure::Algorithm {
                found: header.alg.as_ref().map(shorten),
            });
        }
        // 6
        if header.crit {
            return Err(NotificationFailure::CriticalHeader);
        }
        // 7
        let key_id = header
            .kid
            .ok_or(NotificationFailure::Missing { member: "kid" })?;
        Ok(Self {
            signed_part,
            payload,
            signature,
            key_id,
        })
    }

    /// Verifies the token with the key that it names.
    ///
    /// 1. The signature is the key's, over the bytes received. Only then are the claims read.
    /// 2. The claims are one JSON object without a member twice.
    /// 3. `iss` is Google.
    /// 4. `aud` is an accepted audience, to the letter.
    /// 5. `email` is an accepted service account: only this ties the token to you.
    /// 6. `email_verified` is true.
    /// 7. `exp` has not passed.
    /// 8. `iat`, and `nbf` where there is one, are not in the future.
    pub(super) fn verify(
        &self,
        key: &RsaPublicKey,
        expected: &Expected<'_>,
    ) -> Result<(), NotificationFailure> {
        // 1
        if !key.verifies(self.signed_part, &self.signature) {
            return Err(NotificationFailure::Signature);
        }
        // 2
        let json = decode("payload", self.payload)?;
        let claims: Claims = read_object(&json).map_err(|problem| NotificationFailure::Claims {
            path: problem.path,
            reason: problem.reason,
        })?;
        // 3
        let is_issuer = |found: &str| ISSUERS.contains(&found);
        if !claims.iss.as_deref().is_some_and(is_issuer) {
            return Err(NotificationFailure::Issuer {
                expected: ISSUERS,
                found: claims.iss.as_ref().map(shorten),
            });
        }
        // 4
        if !is_accepted(expected.audiences, claims.aud.as_deref()) {
            return Err(NotificationFailure::Audience {
                expected: expected.audiences.to_vec(),
                found: claims.aud.as_ref().map(shorten),
            });
        }
        // 5
        if !is_accepted(expected.service_accounts, claims.email.as_deref()) {
            return Err(NotificationFailure::ServiceAccount {
                expected: expected.service_accounts.to_vec(),
                found: claims.email.as_ref().map(shorten),
            });
        }
        // 6
        if claims.email_verified != Some(true) {
            return Err(NotificationFailure::EmailNotVerified {
                found: claims.email_verified,
            });
        }
        // 7
        let (now, tolerance) = (expected.now, expected.clock_tolerance);
        let expires_at = required("exp", claims.exp)?;
        if expires_at.saturating_add(tolerance) <= now {
            return Err(NotificationFailure::Expired { expires_at, now });
        }
        // 8
        let latest = now.saturating_add(tolerance);
        let issued_at = required("iat", claims.iat)?;
        if issued_at > latest {
            return Err(NotificationFailure::IssuedInFuture { issued_at, now });
        }
        if let Some(not_before) = claims.nbf.map(Timestamp::from_seconds)
            && not_before > latest
        {
            return Err(NotificationFailure::NotYetValid { not_before, now });
        }
        Ok(())
    }
}

/// The header. `typ` says nothing that is checked.
#[derive(Deserialize)]
struct Header {
    alg: Option<String>,
    kid: Option<String>,
    /// Whether the member is there, with whatever value.
    #[serde(default, deserialize_with = "is_present")]
    crit: bool,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    exp: Option<i64>,
    iat: Option<i64>,
    nbf: Option<i64>,
}

fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// What is after the scheme, if that is one token.
fn bearer(authorization: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = authorization.trim_ascii().split_at_checked(SCHEME.len())?;
    let token = rest.trim_ascii_start();
    // Looks at all, since a loop without an exit takes many bytes at a time.
    let is_token = token.iter().fold(true, |is_token, byte| {
        is_token & byte.is_ascii_graphic() & (*byte != b',')
    });
    (scheme.eq_ignore_ascii_case(SCHEME.as_bytes())
        && token.len() < rest.len()
        && !token.is_empty()
        && is_token)
        .then_some(token)
}

fn decode(segment: &'static str, text: &[u8]) -> Result<Vec<u8>, NotificationFailure> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|error| NotificationFailure::Encoding {
            segment,
            reason: error.to_string(),
        })
}

fn is_accepted(accepted: &[String], found: Option<&str>) -> bool {
    accepted.iter().any(|value| Some(value.as_str()) == found)
}

fn required(member: &'static str, seconds: Option<i64>) -> Result<Timestamp, NotificationFailure> {
    seconds
        .map(Timestamp::from_seconds)
        .ok_or(NotificationFailure::Missing { member })
}

const SCHEME: &str = "Bearer";

const RS256: &str = "RS256";

/// Google writes either (the discovery document, and older tokens).
const ISSUERS: &[&str] = &["https://accounts.google.com", "accounts.google.com"];

/// Google's tokens have about 900 bytes.
const MAX_TOKEN_LENGTH: usize = 8 * 1024;

/// One more than there may be.
const MAX_COUNTED_PARTS: usize = 4;
