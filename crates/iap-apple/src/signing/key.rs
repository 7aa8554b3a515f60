//! With which key does a server sign for Apple?
//!
//! [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/creating-api-keys-to-authorize-api-requests)

use core::fmt;
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{
    error::{KEY_ID_LENGTH, KeyError, SigningError},
    p8,
};
use crate::crypto::{P256SigningKey, SIGNATURE_LENGTH};

/// An in-app purchase key of App Store Connect, with which a server signs its API calls and offers.
///
/// It is found under *Users and Access, Integrations, In-App Purchase*. The keys for the App Store
/// Connect API on the same page look alike, and Apple answers 401 to a token signed with one.
///
/// Cheap to clone. `Debug` shows the key id only.
///
/// ```
/// use iap_apple::{InAppPurchaseKey, KeyError};
///
/// fn key_from_environment() -> Result<InAppPurchaseKey, KeyError> {
///     let variable = |name| std::env::var(name).unwrap_or_default();
///     InAppPurchaseKey::new(
///         &variable("APPLE_KEY_ID"),
///         &variable("APPLE_ISSUER_ID"),
///         variable("APPLE_PRIVATE_KEY"),
///     )
/// }
///
/// let error = InAppPurchaseKey::new(
///     "ABC1234DEF",
///     "0fedcba9-8765-4321-8fed-cba987654321",
///     "/run/secrets/SubscriptionKey_ABC1234DEF.p8",
/// )
/// .unwrap_err();
/// assert_eq!(error, KeyError::FilePath);
/// # let _ = key_from_environment;
/// ```
#[derive(Clone)]
pub struct InAppPurchaseKey(Arc<Inner>);

struct Inner {
    key_id: Box<str>,
    issuer_id: Box<str>,
    key: P256SigningKey,
    /// In base64url; the same for every JWS of this key.
    jws_header: Box<str>,
}

impl InAppPurchaseKey {
    /// Reads a key, and signs once with it to prove that it works (and because the first signature
    /// of a process takes tens of milliseconds, which no request should pay).
    ///
    /// - `key_id`: the 10 letters and digits shown beside the key.
    /// - `issuer_id`: the UUID shown above the keys.
    /// - `p8`: the content of the `.p8` file: PEM with a private key in PKCS #8. Line breaks of any
    ///   system are accepted, as are `\n` in two characters, missing line breaks, a byte order mark,
    ///   quotes and white space around the text, and the Base64 or DER inside without the rest.
    ///
    /// White space around the ids is left out. Every copy of the key made here is wiped from memory;
    /// what is passed in is the caller's to wipe.
    ///
    /// # Errors
    ///
    /// A [`KeyError`] that names the mistake. It never repeats anything of what was given.
    pub fn new(key_id: &str, issuer_id: &str, p8: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let (key_id, issuer_id) = (key_id.trim(), issuer_id.trim());
        if key_id.len() != KEY_ID_LENGTH || !key_id.bytes().all(|it| it.is_ascii_alphanumeric()) {
            return Err(KeyError::KeyId {
                length: key_id.chars().count(),
            });
        }
        if !is_uuid(issuer_id) {
            return Err(KeyError::IssuerId {
                length: issuer_id.chars().count(),
            });
        }
        let der = p8::pkcs8_der(p8.as_ref())?;
        let key = P256SigningKey::from_pkcs8(&der).ok_or(KeyError::Unreadable)?;
        check_signature(&key).ok_or(KeyError::SelfCheck)?;
        let header = Header {
            alg: "ES256",
            kid: key_id,
            typ: "JWT",
        };
        let header = serde_json::to_vec(&header).map_err(|_| KeyError::SelfCheck)?;
        Ok(Self(Arc::new(Inner {
            key_id: key_id.into(),
            issuer_id: issuer_id.into(),
            key,
            jws_header: URL_SAFE_NO_PAD.encode(header).into(),
        })))
    }

    /// The id of the key in App Store Connect.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.0.key_id
    }

    /// The id of the account in App Store Connect.
    #[must_use]
    pub fn issuer_id(&self) -> &str {
        &self.0.issuer_id
    }

    /// The header of a JWS by this key, in base64url.
    pub(super) fn jws_header(&self) -> &str {
        &self.0.jws_header
    }

    /// r and s, as in a JWS.
    pub(super) fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_LENGTH], SigningError> {
        self.0.key.sign(message).ok_or(SigningError::Random)
    }

    /// In DER, as the original promotional offers have it.
    pub(super) fn sign_der(&self, message: &[u8]) -> Result<impl AsRef<[u8]>, SigningError> {
        self.0.key.sign_der(message).ok_or(SigningError::Random)
    }
}

impl fmt::Debug for InAppPurchaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InAppPurchaseKey")
            .field("key_id", &self.key_id())
            .finish_non_exhaustive()
    }
}

/// RFC 7515 §4.1. Apple wants these three members.
#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    kid: &'a str,
    typ: &'static str,
}

/// Signs and verifies; `None` if that fails.
fn check_signature(key: &P256SigningKey) -> Option<()> {
    let message = b"the first signature of this key";
    let signature = key.sign(message)?;
    key.public_key()?
        .verifies(message, &signature)
        .then_some(())
}

/// Whether the text has the form 8-4-4-4-12 of hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(|group| {
        let is_hexadecimal = group.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hexadecimal.then_some(group.len())
    });
    groups.eq([8, 4, 4, 4, 12].map(Some))
}
