//! Who signs purchases on a device: Google Play, with the licence key of an app.
//!
//! <https://developer.android.com/google/play/billing/security#verify>

use core::fmt;
use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::public_key_info;
use crate::{
    pem,
    rsa::{RsaHash, RsaKey},
};

/// Signs purchases as Google Play does on a device, with a licence key of its own.
///
/// Making one takes a good part of a second. Cloning is cheap and gives the same signer.
///
/// ```
/// use iap_testkit::GoogleLicenseSigner;
///
/// let signer = GoogleLicenseSigner::new();
/// let original_json = r#"{"packageName":"com.example.app","productId":"coins"}"#;
/// let signature = signer.sign(original_json);
/// # assert_eq!(signature.len(), 344);
/// # assert!(signer.license_key().starts_with("MIIB"));
/// ```
#[derive(Clone)]
pub struct GoogleLicenseSigner(Arc<RsaKey>);

impl GoogleLicenseSigner {
    /// A signer with a key of its own.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(RsaKey::generate()))
    }

    /// The licence key as the Play Console shows it: standard base64, no PEM.
    #[must_use]
    pub fn license_key(&self) -> String {
        BASE64_STANDARD.encode(public_key_info(&self.0))
    }

    /// The licence key in PEM.
    #[must_use]
    pub fn license_key_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &public_key_info(&self.0))
    }

    /// The signature of a purchase in standard base64.
    #[must_use]
    pub fn sign(&self, original_json: impl AsRef<[u8]>) -> String {
        BASE64_STANDARD.encode(self.0.sign(RsaHash::Sha1, original_json.as_ref()))
    }

    /// A signature with SHA-256 in standard base64, which Google Play does not make.
    #[must_use]
    pub fn sign_with_sha256(&self, original_json: impl AsRef<[u8]>) -> String {
        BASE64_STANDARD.encode(self.0.sign(RsaHash::Sha256, original_json.as_ref()))
    }
}

impl Default for GoogleLicenseSigner {
    fn default() -> Self {
        Self::new()
    }
}

/// Never shows a private key.
impl fmt::Debug for GoogleLicenseSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoogleLicenseSigner")
            .finish_non_exhaustive()
    }
}
