//! What does the cryptography alone cost: the same signatures, with nothing around them?
//!
//! Keys are parsed beforehand where the library can do that, so this is the least that a verifier
//! can spend with that library: aws-lc-rs can, ring reads a key anew for each verification. The hash
//! of the message is part of it.

use std::sync::Arc;

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::signature as backend;
use backend::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
#[cfg(not(feature = "aws-lc-rs"))]
use ring::signature as backend;
use x509_cert::{
    Certificate,
    der::{Decode as _, Encode as _},
    spki::SubjectPublicKeyInfoRef,
};

/// One signature with the message it covers and the key that made it.
pub(crate) struct Signature {
    key: Arc<PublicKey>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// A key, parsed if the library can do that.
#[cfg(feature = "aws-lc-rs")]
pub(crate) type PublicKey = backend::ParsedPublicKey;
#[cfg(not(feature = "aws-lc-rs"))]
pub(crate) type PublicKey = backend::UnparsedPublicKey<Vec<u8>>;

impl Signature {
    /// The signature of `jws`: P-256 over its first two segments.
    ///
    /// # Panics
    ///
    /// When it is not a JWS, or `leaf` not a certificate.
    pub(crate) fn of_jws(jws: &str, leaf: &[u8]) -> Self {
        Self::of_token(jws, certified_key(&ECDSA_P256_SHA256_FIXED, leaf))
    }

    /// The signature of `issuer` on `certificate`: P-384.
    ///
    /// # Panics
    ///
    /// When one of them is not a certificate.
    pub(crate) fn of_certificate(certificate: &[u8], issuer: &[u8]) -> Self {
        let certificate = Certificate::from_der(certificate).expect("a certificate");
        Self {
            key: certified_key(&ECDSA_P384_SHA384_ASN1, issuer),
            message: certificate
                .tbs_certificate()
                .to_der()
                .expect("what was read can be written"),
            signature: certificate.signature().raw_bytes().to_vec(),
        }
    }

    /// The signature of a token in the form of JWS: of `key` over its first two segments.
    ///
    /// # Panics
    ///
    /// When it is not a JWS.
    pub(crate) fn of_token(token: &str, key: Arc<PublicKey>) -> Self {
        let (message, signature) = token.rsplit_once('.').expect("a JWS has three segments");
        Self {
            key,
            message: message.as_bytes().to_vec(),
            signature: BASE64_URL_SAFE_NO_PAD
                .decode(signature)
                .expect("a signature is base64url"),
        }
    }

    /// The signature of Google Play on a purchase, which is in base64.
    ///
    /// # Panics
    ///
    /// When it is not.
    pub(crate) fn of_purchase(json: &str, signature: &str, key: Arc<PublicKey>) -> Self {
        Self {
            key,
            message: json.as_bytes().to_vec(),
            signature: BASE64_STANDARD
                .decode(signature)
                .expect("a signature is base64"),
        }
    }

    /// Verifies it.
    ///
    /// # Panics
    ///
    /// When it does not hold: nothing else may be measured.
    pub(crate) fn verify(&self) {
        #[cfg(feature = "aws-lc-rs")]
        let result = self.key.verify_sig(&self.message, &self.signature);
        #[cfg(not(feature = "aws-lc-rs"))]
        let result = self.key.verify(&self.message, &self.signature);
        result.expect("the signature holds");
    }
}

/// The key that signs Google's tokens: RSA with SHA-256, from `SubjectPublicKeyInfo`.
///
/// # Panics
///
/// When it is no key.
pub(crate) fn rs256_key(info: &[u8]) -> Arc<PublicKey> {
    let info = SubjectPublicKeyInfoRef::from_der(info).expect("a public key");
    let key = info.subject_public_key.raw_bytes();
    public_key(&RSA_PKCS1_2048_8192_SHA256, key)
}

/// The key that signs purchases on a device: RSA with SHA-1, from `SubjectPublicKeyInfo`.
///
/// # Panics
///
/// When it is no key.
pub(crate) fn rsa_sha1_key(info: &[u8]) -> Arc<PublicKey> {
    let info = SubjectPublicKeyInfoRef::from_der(info).expect("a public key");
    let key = info.subject_public_key.raw_bytes();
    public_key(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, key)
}

fn certified_key(
    algorithm: &'static dyn VerificationAlgorithm,
    certificate: &[u8],
) -> Arc<PublicKey> {
    let certificate = Certificate::from_der(certificate).expect("a certificate");
    let info = certificate.tbs_certificate().subject_public_key_info();
    public_key(algorithm, info.subject_public_key.raw_bytes())
}

fn public_key(algorithm: &'static dyn VerificationAlgorithm, key: &[u8]) -> Arc<PublicKey> {
    #[cfg(feature = "aws-lc-rs")]
    let key = PublicKey::new(algorithm, key).expect("a key");
    #[cfg(not(feature = "aws-lc-rs"))]
    let key = PublicKey::new(algorithm, key.to_vec());
    Arc::new(key)
}
