//! The only file that names a cryptography library: aws-lc-rs, or ring where only that is enabled.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs as backend;
#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::signature::ParsedPublicKey;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring as backend;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring::signature::UnparsedPublicKey;

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!(
    "iap-google needs a cryptography library: enable its feature `aws-lc-rs` (the default) or `ring`"
);

use backend::{
    digest,
    signature::{
        RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        RSA_PKCS1_2048_8192_SHA256, RsaParameters,
    },
};
#[cfg(feature = "client")]
use backend::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};

/// How RSA signs: always RSASSA-PKCS1-v1_5, with a hash and a smallest size of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaScheme {
    /// SHA-1, with keys of 1024 bits and more.
    Sha1WithShortKeys,
    /// SHA-1, with keys of 2048 bits and more.
    Sha1,
    /// SHA-256, with keys of 2048 bits and more: RS256 of RFC 7518 §3.3.
    Sha256,
}

/// An RSA public key, parsed once and used for everything that it signs.
pub(crate) struct RsaPublicKey {
    #[cfg(feature = "aws-lc-rs")]
    key: ParsedPublicKey,
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    key: UnparsedPublicKey<Box<[u8]>>,
}

impl RsaPublicKey {
    /// From `RSAPublicKey` in DER (RFC 8017 appendix A.1.1), whose size has been checked; `None` if
    /// it cannot be one.
    #[cfg(feature = "aws-lc-rs")]
    pub(crate) fn from_der(scheme: RsaScheme, der: &[u8]) -> Option<Self> {
        let key = ParsedPublicKey::new(scheme.parameters(), der).ok()?;
        Some(Self { key })
    }

    /// From `RSAPublicKey` in DER (RFC 8017 appendix A.1.1), whose size has been checked. ring reads
    /// a key only when it verifies.
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    pub(crate) fn from_der(scheme: RsaScheme, der: &[u8]) -> Option<Self> {
        let key = UnparsedPublicKey::new(scheme.parameters(), der.into());
        Some(Self { key })
    }

    /// Whether `signature` is one of `message` by this key.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        #[cfg(feature = "aws-lc-rs")]
        return self.key.verify_sig(message, signature).is_ok();
        #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
        return self.key.verify(message, signature).is_ok();
    }
}

impl RsaScheme {
    fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Sha1WithShortKeys => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha1 => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        }
    }

    /// The size of the smallest key, in bits.
    pub(crate) const fn min_bits(self) -> usize {
        match self {
            Self::Sha1WithShortKeys => 1024,
            Self::Sha1 | Self::Sha256 => 2048,
        }
    }
}

/// An RSA private key, which signs with PKCS #1 v1.5 and SHA-256: RS256 of RFC 7518 §3.3.
#[cfg(feature = "client")]
pub(crate) struct RsaSigningKey(RsaKeyPair);

#[cfg(feature = "client")]
impl RsaSigningKey {
    /// From PKCS #8 in DER; `None` if it is not an RSA key of at least 2048 bits.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        RsaKeyPair::from_pkcs8(der).ok().map(Self)
    }

    /// An RS256 signature of `message`. `None` if the system gives no random numbers.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.signature_length()];
        let random = SystemRandom::new();
        self.0
            .sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
            .ok()?;
        Some(signature)
    }

    #[cfg(feature = "aws-lc-rs")]
    fn signature_length(&self) -> usize {
        self.0.public_modulus_len()
    }

    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    fn signature_length(&self) -> usize {
        self.0.public().modulus_len()
    }
}

/// The SHA-256 digest.
pub(crate) fn sha256(message: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, message)
}

/// The size of the largest key, in bits, which bounds the work of one verification.
pub(crate) const MAX_KEY_BITS: usize = 8192;
