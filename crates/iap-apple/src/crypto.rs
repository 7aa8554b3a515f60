//! The only file that names a cryptography library: aws-lc-rs, or ring where only that is enabled.

use rustls_pki_types::SignatureVerificationAlgorithm;

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs as backend;
#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::signature::ParsedPublicKey;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring as backend;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use ring::signature::UnparsedPublicKey;
#[cfg(feature = "aws-lc-rs")]
use webpki::aws_lc_rs as webpki_backend;
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
use webpki::ring as webpki_backend;

#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!(
    "iap-apple needs a cryptography library: enable its feature `aws-lc-rs` (the default) or `ring`"
);

use backend::{
    rand::{SecureRandom as _, SystemRandom},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING,
        EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
    },
};

/// A P-256 public key, parsed once and used for every JWS of its certificate.
pub(crate) struct P256PublicKey {
    #[cfg(feature = "aws-lc-rs")]
    key: ParsedPublicKey,
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    key: UnparsedPublicKey<Box<[u8]>>,
}

impl P256PublicKey {
    /// From an uncompressed point (0x04, x, y); `None` if it is not a point of the curve.
    #[cfg(feature = "aws-lc-rs")]
    pub(crate) fn from_point(point: &[u8]) -> Option<Self> {
        if point.len() != POINT_LENGTH {
            return None;
        }
        let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()?;
        Some(Self { key })
    }

    /// From an uncompressed point (0x04, x, y); `None` if it cannot be one. Whether it lies on the
    /// curve ring finds out when it verifies.
    #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
    pub(crate) fn from_point(point: &[u8]) -> Option<Self> {
        if point.len() != POINT_LENGTH {
            return None;
        }
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point.into());
        Some(Self { key })
    }

    /// Whether `signature` (r and s of 32 bytes each) is an ES256 signature of `message` by this key.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; SIGNATURE_LENGTH]) -> bool {
        #[cfg(feature = "aws-lc-rs")]
        return self.key.verify_sig(message, signature).is_ok();
        #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
        return self.key.verify(message, signature).is_ok();
    }
}

/// A P-256 private key. A library ties a key to one form of signature, so it is read once for each.
pub(crate) struct P256SigningKey {
    fixed: EcdsaKeyPair,
    asn1: EcdsaKeyPair,
}

impl P256SigningKey {
    /// From PKCS #8 in DER; `None` if it is not a P-256 key, or its public part (which ring needs)
    /// is missing or another key's.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let read = |algorithm: &'static EcdsaSigningAlgorithm| {
            #[cfg(feature = "aws-lc-rs")]
            return EcdsaKeyPair::from_pkcs8(algorithm, der).ok();
            #[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
            return EcdsaKeyPair::from_pkcs8(algorithm, der, &SystemRandom::new()).ok();
        };
        Some(Self {
            fixed: read(&ECDSA_P256_SHA256_FIXED_SIGNING)?,
            asn1: read(&ECDSA_P256_SHA256_ASN1_SIGNING)?,
        })
    }

    /// An ES256 signature of `message`: r and s of 32 bytes each. `None` if the system gives no
    /// random numbers.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_LENGTH]> {
        let signature = self.fixed.sign(&SystemRandom::new(), message).ok()?;
        signature.as_ref().try_into().ok()
    }

    /// A signature of `message` with SHA-256 in DER. `None` if the system gives no random numbers.
    pub(crate) fn sign_der(&self, message: &[u8]) -> Option<impl AsRef<[u8]>> {
        self.asn1.sign(&SystemRandom::new(), message).ok()
    }

    /// The public half.
    pub(crate) fn public_key(&self) -> Option<P256PublicKey> {
        P256PublicKey::from_point(self.fixed.public_key().as_ref())
    }
}

/// Random bytes fit for secrets; `None` if the system gives none.
pub(crate) fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes)
}

/// The algorithms that may sign a certificate of the chain. Apple's real chain uses P-384 with
/// SHA-384 throughout; the others appear in test hierarchies.
pub(crate) static CERTIFICATE_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki_backend::ECDSA_P384_SHA384,
    webpki_backend::ECDSA_P384_SHA256,
    webpki_backend::ECDSA_P256_SHA384,
    webpki_backend::ECDSA_P256_SHA256,
];

/// An ES256 signature: r and s of 32 bytes each (RFC 7518 §3.4).
pub(crate) const SIGNATURE_LENGTH: usize = 64;

/// An uncompressed point of P-256: a tag byte, x and y.
const POINT_LENGTH: usize = 65;
