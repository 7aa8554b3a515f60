//! Who signs the tokens that Pub/Sub sends along: Google, with keys made at run time.
//!
//! <https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions>

use core::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{GoogleTokenBuilder, public_key_info};
use crate::{
    der,
    jws::segment,
    pem,
    rsa::{RsaHash, RsaKey},
    system,
};

/// Signs ID tokens as Google does for Pub/Sub, with an RSA key of its own.
///
/// Give the verifier under test the [`jwks`](Self::jwks), or have the transport that it sends
/// through answer with it. Making one takes a good part of a second. Cloning is cheap and gives the
/// same signer.
///
/// ```
/// use iap_testkit::{GoogleNotificationBuilder, GooglePushSigner};
///
/// let signer = GooglePushSigner::new();
/// let keys: String = signer.jwks();
///
/// let authorization = signer
///     .token("https://example.com/google-play", "push@project.iam.gserviceaccount.com")
///     .authorization();
/// let body = GoogleNotificationBuilder::subscription("com.example.app", 2, "token").push("1");
/// # assert!(authorization.starts_with("Bearer ey") && body.contains("messageId") && keys.contains("RS256"));
/// ```
#[derive(Clone)]
pub struct GooglePushSigner {
    inner: Arc<Inner>,
}

struct Inner {
    key: RsaKey,
    key_id: String,
}

impl GooglePushSigner {
    /// A signer with a key of its own.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn new() -> Self {
        let bits = u128::from_be_bytes(system::bytes::<16>());
        Self {
            inner: Arc::new(Inner {
                key: RsaKey::generate(),
                // Google's ids have 40 digits.
                key_id: format!("{bits:040x}"),
            }),
        }
    }

    /// The id of the key, the `kid` of its tokens.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.inner.key_id
    }

    /// The public key as a JSON Web Key set, as Google publishes its own.
    #[must_use]
    pub fn jwks(&self) -> String {
        json!({ "keys": [self.jwk()] }).to_string()
    }

    /// The public key as a JSON Web Key: a member of a set, to change or to put beside others.
    ///
    /// # Panics
    ///
    /// Never: the key is one of RSA.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let [(_, modulus), (_, exponent)] = der::read_sequence(self.inner.key.public_key_der())[..]
        else {
            panic!("an RSA public key has n and e");
        };
        let unsigned = |number: &[u8]| {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            segment(&number[zeros..])
        };
        json!({
            "kid": self.key_id(),
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "n": unsigned(modulus),
            "e": unsigned(exponent),
        })
    }

    /// The public key in PEM: what an attacker who tries HS256 has.
    #[must_use]
    pub fn public_key_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &public_key_info(&self.inner.key))
    }

    /// The private key as `RSAPrivateKey` in DER (RFC 8017, appendix A.1.2), for another library that
    /// mints tokens.
    ///
    /// # Panics
    ///
    /// When the system has no memory left.
    #[must_use]
    pub fn private_key_der(&self) -> Vec<u8> {
        let pkcs8 = self.inner.key.pkcs8_der();
        let [_, _, (_, private_key)] = der::read_sequence(&pkcs8)[..] else {
            panic!("PKCS #8 has a version, an algorithm and a key");
        };
        private_key.to_vec()
    }

    /// A token for `audience` of the service account with this e-mail address, issued now.
    pub fn token(&self, audience: &str, service_account: &str) -> GoogleTokenBuilder {
        GoogleTokenBuilder::new(self.clone(), audience, service_account)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.inner.key.sign(RsaHash::Sha256, message)
    }
}

impl Default for GooglePushSigner {
    fn default() -> Self {
        Self::new()
    }
}

/// Never shows a private key.
impl fmt::Debug for GooglePushSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GooglePushSigner")
            .field("key_id", &self.inner.key_id)
            .finish_non_exhaustive()
    }
}
