//! The public key of an app, as the Play Console gives it out.

use core::{fmt, str::FromStr};
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_core::{Error, Store};
use thiserror::Error as ThisError;

use crate::{
    crypto::{RsaPublicKey, RsaScheme},
    rsa_key::{self, RsaKeyProblem},
};

/// The licence key of an app: the base64 text that the Play Console shows under Monetization setup,
/// Licensing. One key signs the purchases of one app, test purchases too. Cheap to clone.
///
/// White space is ignored, and the key may be in PEM.
///
/// ```
/// use iap_google::{LicenseKey, LicenseKeyError};
///
/// let error = "MIIB…".parse::<LicenseKey>().unwrap_err();
/// assert!(matches!(error, LicenseKeyError::Base64 { .. }));
/// ```
#[derive(Clone)]
pub struct LicenseKey {
    key: Arc<RsaPublicKey>,
    min_bits: usize,
}

impl LicenseKey {
    /// Reads a key that may be as short as 1024 bits, which Google Play's are not: whoever has the
    /// means can find the private key to a short one.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn dangerous_short_key(text: &str) -> Result<Self, LicenseKeyError> {
        Self::read(RsaScheme::Sha1WithShortKeys, text)
    }

    /// 1. The text is as short as keys are.
    /// 2. Without PEM and white space it is strict standard base64.
    /// 3. It is one `SubjectPublicKeyInfo` in DER, with an RSA key of an accepted size.
    fn read(scheme: RsaScheme, text: &str) -> Result<Self, LicenseKeyError> {
        // 1
        if text.len() > MAX_TEXT_LENGTH {
            return Err(LicenseKeyError::TooLong {
                found: text.len(),
                limit: MAX_TEXT_LENGTH,
            });
        }
        // 2
        let text = text.trim();
        let text = match text.strip_prefix(PEM_BEGIN) {
            Some(rest) => rest.strip_suffix(PEM_END).ok_or(LicenseKeyError::CutOff)?,
            None if text.starts_with("-----") => return Err(LicenseKeyError::OtherPem),
            None => text,
        };
        let symbols: Vec<u8> = text
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        if symbols.is_empty() {
            return Err(LicenseKeyError::Empty);
        }
        let der = STANDARD
            .decode(symbols)
            .map_err(|error| LicenseKeyError::Base64 {
                reason: error.to_string(),
            })?;
        // 3
        let key = rsa_key::from_spki(scheme, &der).map_err(|problem| match problem {
            RsaKeyProblem::Bits { found, min } => LicenseKeyError::Bits { found, min },
            problem => LicenseKeyError::Key {
                reason: problem.to_string(),
            },
        })?;
        Ok(Self {
            key: Arc::new(key),
            min_bits: scheme.min_bits(),
        })
    }

    /// Whether `signature` is one of `message` by this key: RSASSA-PKCS1-v1_5 with SHA-1.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies(message, signature)
    }
}

impl FromStr for LicenseKey {
    type Err = LicenseKeyError;

    fn from_str(text: &str) -> Result<Self, LicenseKeyError> {
        Self::read(RsaScheme::Sha1, text)
    }
}

impl fmt::Debug for LicenseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LicenseKey")
            .field("min_bits", &self.min_bits)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a licence key. The key is no secret, and is not repeated all the same: a
/// secret may stand in its place.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum LicenseKeyError {
    /// It is not base64.
    #[error("the licence key is not standard base64: {reason}")]
    Base64 {
        /// What is wrong with it.
        reason: String,
    },
    /// The key is too small, or too large.
    #[error("the licence key has {found} bits, expected at least {min}")]
    Bits {
        /// The size.
        found: usize,
        /// The smallest size that is accepted.
        min: usize,
    },
    /// The PEM text has no end.
    #[error("the licence key is cut off: the line -----END PUBLIC KEY----- is missing")]
    CutOff,
    /// There is nothing.
    #[error("the licence key is empty: is the variable or file that it comes from set?")]
    Empty,
    /// It is no RSA key as the Play Console gives it out.
    #[error("the licence key cannot be used: {reason}")]
    Key {
        /// What is wrong with it.
        reason: String,
    },
    /// It is PEM of something else.
    #[error("this is PEM of something else, expected -----BEGIN PUBLIC KEY-----")]
    OtherPem,
    /// It is longer than any key.
    #[error("the licence key is {found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
}

impl From<LicenseKeyError> for Error {
    fn from(error: LicenseKeyError) -> Self {
        Self::misconfigured("the licence key cannot be used")
            .with_store(Store::GooglePlay)
            .with_source(error)
    }
}

const PEM_BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const PEM_END: &str = "-----END PUBLIC KEY-----";

/// A key of 2048 bits has 392 characters, one of 8192 bits 1,440.
const MAX_TEXT_LENGTH: usize = 4 * 1024;
