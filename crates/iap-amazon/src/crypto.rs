//! The only file that names a cryptography library: aws-lc-rs, or ring where only that is enabled.

use rustls_pki_types::SignatureVerificationAlgorithm;

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs as backend;
#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::signature::ParsedPublicKey;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring as backend;
#[cfg(feature = "aws-lc-rs")]
use webpki::aws_lc_rs as webpki_backend;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use webpki::ring as webpki_backend;

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!(
    "iap-amazon needs a cryptography library: enable its feature `aws-lc-rs` (the default) or `ring`"
);

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use backend::signature::UnparsedPublicKey;
use backend::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
};

/// What is hashed before RSA signs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    /// Does not resist collisions. Nobody has yet made a second message for a given digest.
    Sha1,
    Sha256,
}

/// An RSA public key, parsed once and used for every message of its certificate.
pub(crate) struct RsaPublicKey {
    sha1: Key,
    sha256: Key,
}

/// A library ties a key to one hash.
#[cfg(feature = "aws-lc-rs")]
type Key = ParsedPublicKey;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
type Key = UnparsedPublicKey<Box<[u8]>>;

impl RsaPublicKey {
    /// From `RSAPublicKey` in DER (RFC 8017 appendix A.1.1), whose size has been checked; `None` if
    /// it cannot be one.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        Some(Self {
            sha1: parse(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, der)?,
            sha256: parse(&RSA_PKCS1_2048_8192_SHA256, der)?,
        })
    }

    /// Whether `signature` is one of `message` by this key: RSASSA-PKCS1-v1_5.
    pub(crate) fn verifies(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let key = match hash {
            Hash::Sha1 => &self.sha1,
            Hash::Sha256 => &self.sha256,
        };
        #[cfg(feature = "aws-lc-rs")]
        return key.verify_sig(message, signature).is_ok();
        #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
        return key.verify(message, signature).is_ok();
    }
}

#[cfg(feature = "aws-lc-rs")]
fn parse(algorithm: &'static RsaParameters, der: &[u8]) -> Option<Key> {
    ParsedPublicKey::new(algorithm, der).ok()
}

/// ring reads a key only when it verifies.
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
fn parse(algorithm: &'static RsaParameters, der: &[u8]) -> Option<Key> {
    Some(UnparsedPublicKey::new(algorithm, der.into()))
}

/// The algorithms that may sign a certificate: those of Amazon's authorities, RSA and ECDSA.
pub(crate) static CERTIFICATE_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki_backend::RSA_PKCS1_2048_8192_SHA256,
    webpki_backend::RSA_PKCS1_2048_8192_SHA384,
    webpki_backend::RSA_PKCS1_2048_8192_SHA512,
    webpki_backend::ECDSA_P384_SHA384,
    webpki_backend::ECDSA_P384_SHA256,
    webpki_backend::ECDSA_P256_SHA384,
    webpki_backend::ECDSA_P256_SHA256,
];
