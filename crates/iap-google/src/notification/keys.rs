//! Which keys may sign a token of Google? A JSON Web Key set
//! ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).

use core::fmt;
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap_core::shorten;
use serde::Deserialize;

use super::error::{KeyProblem, NotificationFailure};
use crate::{
    crypto::{RsaPublicKey, RsaScheme},
    json::read_object,
    rsa_key,
};

/// Google's public keys, by which its tokens verify. Cheap to clone.
///
/// An endpoint lets a `GoogleKeyFetcher` fetch them. Supply them yourself for tests, and where there
/// is no way to Google: they are at <https://www.googleapis.com/oauth2/v3/certs>, and change every
/// few days. With outdated ones nothing is verified, and nothing rejected for its key:
/// [`KeyProblem::MayBeOutdated`].
///
/// ```
/// use iap_google::{GoogleKeys, KeyProblem};
///
/// let problem = GoogleKeys::from_json(r#"{"keys":[]}"#).unwrap_err();
/// assert!(matches!(problem, KeyProblem::Unreadable { .. }));
/// ```
#[derive(Clone)]
pub struct GoogleKeys {
    keys: Arc<[Key]>,
}

struct Key {
    id: String,
    key: Arc<RsaPublicKey>,
}

impl GoogleKeys {
    /// Reads a JSON Web Key set.
    ///
    /// 1. It is no longer than any set of keys, and one JSON object without a member twice.
    /// 2. Keys that cannot verify RS256 are left out: another type, use or algorithm, no id.
    /// 3. What is left are RSA keys of 2048 to 8192 bits, at least one, not too many, and no two
    ///    with the same id.
    ///
    /// # Errors
    ///
    /// [`KeyProblem::TooLong`] or [`KeyProblem::Unreadable`].
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, KeyProblem> {
        let json = json.as_ref();
        let unreadable = |reason: String| KeyProblem::Unreadable { reason };
        // 1
        if json.len() > MAX_KEYS_LENGTH {
            return Err(KeyProblem::TooLong {
                limit: MAX_KEYS_LENGTH,
            });
        }
        let set: JsonWebKeySet = read_object(json)
            .map_err(|problem| unreadable(format!("{}: {}", problem.path, problem.reason)))?;
        if set.keys.len() > MAX_KEYS {
            return Err(unreadable(format!(
                "{} keys, at most {MAX_KEYS} are read",
                set.keys.len()
            )));
        }
        // 2
        let usable = set.keys.into_iter().filter_map(JsonWebKey::usable);
        // 3
        let mut keys: Vec<Key> = Vec::new();
        for (id, modulus, exponent) in usable {
            if keys.iter().any(|key| key.id == id) {
                return Err(unreadable(format!(
                    "two keys with the id {:?}",
                    shorten(&id)
                )));
            }
            let key = read_key(&modulus, &exponent)
                .map_err(|reason| unreadable(format!("key {:?}: {reason}", shorten(&id))))?;
            keys.push(Key {
                id,
                key: Arc::new(key),
            });
        }
        if keys.is_empty() {
            return Err(unreadable("no key that verifies RS256".to_owned()));
        }
        Ok(Self { keys: keys.into() })
    }

    /// The ids of the keys, the `kid` of tokens.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.id.as_str())
    }

    pub(super) fn find(&self, id: &str) -> Option<Arc<RsaPublicKey>> {
        let key = self.keys.iter().find(|key| key.id == id)?;
        Some(Arc::clone(&key.key))
    }

    /// A token names another key than these, which were fetched just now.
    #[cfg(feature = "client")]
    pub(super) fn unknown(&self, id: &str) -> NotificationFailure {
        NotificationFailure::UnknownKey {
            known: self.ids().map(shorten).collect(),
            found: shorten(id),
        }
    }

    /// A token names another key than these, which were supplied at some time.
    pub(super) fn may_be_outdated(&self, id: &str) -> NotificationFailure {
        NotificationFailure::KeysUnavailable {
            problem: KeyProblem::MayBeOutdated {
                known: self.ids().map(shorten).collect(),
                found: shorten(id),
            },
        }
    }
}

fn read_key(modulus: &str, exponent: &str) -> Result<RsaPublicKey, String> {
    let decode = |text: &str| {
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|error| error.to_string())
    };
    rsa_key::from_parts(RsaScheme::Sha256, &decode(modulus)?, &decode(exponent)?)
        .map_err(|problem| problem.to_string())
}

impl fmt::Debug for GoogleKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.ids()).finish()
    }
}

#[derive(Deserialize)]
struct JsonWebKeySet {
    keys: Vec<JsonWebKey>,
}

#[derive(Deserialize)]
struct JsonWebKey {
    kid: Option<String>,
    kty: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    public_key_use: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl JsonWebKey {
    /// Id, modulus and exponent of a key that may verify RS256.
    fn usable(self) -> Option<(String, String, String)> {
        let is = |found: &Option<String>, wanted: &str| found.as_deref() == Some(wanted);
        let is_or_absent = |found: &Option<String>, wanted| found.is_none() || is(found, wanted);
        if !is(&self.kty, "RSA")
            || !is_or_absent(&self.alg, "RS256")
            || !is_or_absent(&self.public_key_use, "sig")
        {
            return None;
        }
        Some((self.kid?, self.n?, self.e?))
    }
}

/// Google publishes two to four keys, 400 bytes each.
pub(super) const MAX_KEYS_LENGTH: usize = 64 * 1024;

/// A search looks at each, and each is parsed.
const MAX_KEYS: usize = 32;
