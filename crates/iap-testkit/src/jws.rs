//! How a compact JWS is put together (RFC 7515).

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde::Serialize;

use crate::key::KeyPair;

/// The three parts of a JWS; header and payload are already base64url text.
pub(crate) struct Parts {
    pub(crate) header: String,
    pub(crate) payload: String,
    pub(crate) signature: Vec<u8>,
}

impl Parts {
    /// Both segments with the signature that `key` makes over them.
    pub(crate) fn signed(header: String, payload: String, key: &KeyPair) -> Self {
        let signature = key.sign_fixed(signing_input(&header, &payload).as_bytes());
        Self {
            header,
            payload,
            signature,
        }
    }

    /// The compact form.
    pub(crate) fn join(&self) -> String {
        let Self {
            header, payload, ..
        } = self;
        format!("{header}.{payload}.{}", segment(&self.signature))
    }
}

/// What an ES256 signature covers.
pub(crate) fn signing_input(header: &str, payload: &str) -> String {
    format!("{header}.{payload}")
}

/// Bytes as a segment of a JWS: base64url without padding.
pub(crate) fn segment(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A certificate as an entry of `x5c`: standard base64 with padding.
pub(crate) fn x5c_entry(der: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(der)
}

/// The header: `members` (JSON text, such as `"alg":"ES256"`), then `x5c`, as Apple orders them.
///
/// Text rather than a map, because forgeries repeat members and order is part of the likeness.
pub(crate) fn header<'a>(members: &str, certificates: impl IntoIterator<Item = &'a str>) -> String {
    let entries: Vec<String> = certificates
        .into_iter()
        .map(|entry| format!("\"{entry}\""))
        .collect();
    format!(r#"{{{members},"x5c":[{}]}}"#, entries.join(","))
}

/// The payload's JSON.
pub(crate) fn json(payload: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(payload).expect("the payload is representable in JSON")
}

/// What Apple's header says before the certificates.
pub(crate) const ES256: &str = r#""alg":"ES256""#;
