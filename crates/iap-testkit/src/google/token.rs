//! An ID token, right or wrong in any way.

use core::time::Duration;

use aws_lc_rs::hmac;
use iap_core::Timestamp;
use serde_json::{Map, Value, json};

use super::GooglePushSigner;
use crate::{
    jws::{json as json_bytes, segment, signing_input},
    system,
};

/// Builds an ID token like those that Pub/Sub sends along; see [`GooglePushSigner::token`].
///
/// What is changed is signed as it is: a token with a wrong claim has a right signature.
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `sign` is called"]
pub struct GoogleTokenBuilder {
    signer: GooglePushSigner,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    /// JSON that takes the place of the claims.
    payload: Option<String>,
    /// JSON that takes the place of the header.
    raw_header: Option<String>,
}

impl GoogleTokenBuilder {
    pub(super) fn new(signer: GooglePushSigner, audience: &str, service_account: &str) -> Self {
        let members = |value: Value| match value {
            Value::Object(members) => members,
            _ => unreachable!("an object"),
        };
        let header = json!({ "alg": "RS256", "kid": signer.key_id(), "typ": "JWT" });
        let claims = json!({
            "aud": audience,
            "azp": "113774264463038321964",
            "email": service_account,
            "email_verified": true,
            "iss": "https://accounts.google.com",
            "sub": "113774264463038321964",
        });
        Self {
            signer,
            header: members(header),
            claims: members(claims),
            payload: None,
            raw_header: None,
        }
        .issued_at(system::now())
    }

    /// Issued at `at`, to the second, and valid for an hour.
    pub fn issued_at(self, at: Timestamp) -> Self {
        let seconds = |at: Timestamp| at.as_millis().div_euclid(1000);
        self.claim("iat", seconds(at))
            .claim("exp", seconds(at.saturating_add(HOUR)))
    }

    /// Sets a claim, by its name in JSON.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a claim out.
    pub fn without_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Takes this text as the payload, whatever it is.
    pub fn payload(mut self, json: impl Into<String>) -> Self {
        self.payload = Some(json.into());
        self
    }

    /// Sets a member of the header.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves a member of the header out.
    pub fn without_header(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    /// Takes this text as the header, whatever it is.
    pub fn raw_header(mut self, json: impl Into<String>) -> Self {
        self.raw_header = Some(json.into());
        self
    }

    /// Signs with the key of `other`, and still names the key of the signer that it was made by.
    pub fn signed_by(mut self, other: &GooglePushSigner) -> Self {
        self.signer = other.clone();
        self
    }

    /// The token, signed with RS256 whatever its header says.
    #[must_use]
    pub fn sign(&self) -> String {
        self.join(|input| self.signer.sign(input))
    }

    /// The token without a signature: `alg` is `none`.
    #[must_use]
    pub fn unsigned(&self) -> String {
        self.clone().header("alg", "none").join(|_| Vec::new())
    }

    /// The token, signed with HS256 and the public key as the secret: what a verifier accepts that
    /// believes the header's `alg`.
    #[must_use]
    pub fn signed_with_the_public_key(&self) -> String {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, self.signer.public_key_pem().as_bytes());
        self.clone()
            .header("alg", "HS256")
            .join(|input| hmac::sign(&secret, input).as_ref().to_vec())
    }

    /// The value of the Authorization header with the signed token.
    #[must_use]
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.sign())
    }

    fn join(&self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let header = match &self.raw_header {
            Some(header) => segment(header),
            None => segment(json_bytes(&self.header)),
        };
        let payload = match &self.payload {
            Some(payload) => segment(payload),
            None => segment(json_bytes(&self.claims)),
        };
        let input = signing_input(&header, &payload);
        let signature = sign(input.as_bytes());
        format!("{input}.{}", segment(signature))
    }
}

/// How long Google's tokens are valid.
const HOUR: Duration = Duration::from_secs(60 * 60);
