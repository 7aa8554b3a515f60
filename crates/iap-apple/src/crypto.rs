//! The only file that names a cryptography library: aws-lc-rs, or ring where only that is enabled.

use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

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
    "iap-apple needs a cryptography library: enable its feature `aws-lc-rs` (the default) or `ring`"
);

use backend::{
    digest,
    rand::{SecureRandom as _, SystemRandom},
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING,
        EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
        RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey,
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

/// The algorithms that may sign a certificate of a receipt's chain: Apple's are RSA keys.
pub(crate) static RECEIPT_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki_backend::RSA_PKCS1_2048_8192_SHA256,
    webpki_backend::ECDSA_P384_SHA384,
    webpki_backend::ECDSA_P384_SHA256,
    webpki_backend::ECDSA_P256_SHA384,
    webpki_backend::ECDSA_P256_SHA256,
];

/// The same with SHA-1, for chains that Apple made before 2023.
pub(crate) static RECEIPT_ALGORITHMS_WITH_SHA1: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki_backend::RSA_PKCS1_2048_8192_SHA256,
    &RsaWithSha1,
    webpki_backend::ECDSA_P384_SHA384,
    webpki_backend::ECDSA_P384_SHA256,
    webpki_backend::ECDSA_P256_SHA384,
    webpki_backend::ECDSA_P256_SHA256,
];

/// The algorithms that may sign an OCSP answer: those of certificates, and RSA, since a delegated
/// responder chooses its own kind of key.
#[cfg(feature = "client")]
pub(crate) static RESPONSE_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = RECEIPT_ALGORITHMS;

/// How a receipt may be signed with RSA and SHA-256.
pub(crate) static RECEIPT_RSA_SHA256: &[&dyn SignatureVerificationAlgorithm] =
    &[webpki_backend::RSA_PKCS1_2048_8192_SHA256];

/// How a receipt may be signed with RSA and SHA-1.
pub(crate) static RECEIPT_RSA_SHA1: &[&dyn SignatureVerificationAlgorithm] = &[&RsaWithSha1];

/// How a receipt may be signed with ECDSA and SHA-256, for each curve.
pub(crate) static RECEIPT_ECDSA_SHA256: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki_backend::ECDSA_P256_SHA256,
    webpki_backend::ECDSA_P384_SHA256,
];

/// RSA PKCS #1 v1.5 with SHA-1, which webpki does not offer.
#[derive(Debug)]
struct RsaWithSha1;

impl SignatureVerificationAlgorithm for RsaWithSha1 {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(SHA1_WITH_RSA_ENCRYPTION)
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, public_key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }
}

/// The SHA-1 digest, which receipts use, and by which OCSP names an issuer. It does not
/// resist collisions.
pub(crate) fn sha1(message: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, message)
}

/// The SHA-256 digest.
pub(crate) fn sha256(message: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, message)
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
pub(crate) fn equal_in_constant_time(first: &[u8], second: &[u8]) -> bool {
    // ring has deprecated its own. The barrier keeps the compiler from stopping early.
    let difference = first.iter().zip(second).fold(0, |difference, (a, b)| {
        core::hint::black_box(difference | (a ^ b))
    });
    first.len() == second.len() && difference == 0
}

/// An ES256 signature: r and s of 32 bytes each (RFC 7518 §3.4).
pub(crate) const SIGNATURE_LENGTH: usize = 64;

/// `sha1WithRSAEncryption` and NULL, as an `AlgorithmIdentifier` without its header.
const SHA1_WITH_RSA_ENCRYPTION: &[u8] = &[
    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05, 0x05, 0x00,
];

/// An uncompressed point of P-256: a tag byte, x and y.
const POINT_LENGTH: usize = 65;
