//! The only file that names a cryptography library: aws-lc-rs, or ring where only that is enabled.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs as backend;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring as backend;

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!(
    "the client of iap-google needs a cryptography library: enable its feature `aws-lc-rs` (the \
     default) or `ring`"
);

use backend::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};

/// An RSA private key, which signs with PKCS #1 v1.5 and SHA-256: RS256 of RFC 7518 §3.3.
pub(crate) struct RsaSigningKey(RsaKeyPair);

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
