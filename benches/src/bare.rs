//! What does the cryptography alone cost: the same signatures, with nothing around them?
//!
//! Keys are parsed beforehand where the library can do that, so this is the least that a verifier
//! can spend with that library. The hash of the message is part of it.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_ASN1, ParsedPublicKey, VerificationAlgorithm,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
#[cfg(not(feature = "aws-lc-rs"))]
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_ASN1, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_cert::{
    Certificate,
    der::{Decode as _, Encode as _},
};

/// One signature with the message it covers and the key that made it.
pub(crate) struct Signature {
    #[cfg(feature = "aws-lc-rs")]
    key: ParsedPublicKey,
    #[cfg(not(feature = "aws-lc-rs"))]
    key: UnparsedPublicKey<Vec<u8>>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signature {
    /// The signature of `jws`: P-256 over its first two segments.
    ///
    /// # Panics
    ///
    /// When it is not a JWS, or `leaf` not a certificate.
    pub(crate) fn of_jws(jws: &str, leaf: &[u8]) -> Self {
        let (message, signature) = jws.rsplit_once('.').expect("a JWS has three segments");
        Self::new(
            &ECDSA_P256_SHA256_FIXED,
            leaf,
            message.as_bytes().to_vec(),
            BASE64_URL_SAFE_NO_PAD
                .decode(signature)
                .expect("a signature is base64url"),
        )
    }

    /// The signature of `issuer` on `certificate`: P-384.
    ///
    /// # Panics
    ///
    /// When one of them is not a certificate.
    pub(crate) fn of_certificate(certificate: &[u8], issuer: &[u8]) -> Self {
        let certificate = Certificate::from_der(certificate).expect("a certificate");
        Self::new(
            &ECDSA_P384_SHA384_ASN1,
            issuer,
            certificate
                .tbs_certificate()
                .to_der()
                .expect("what was read can be written"),
            certificate.signature().raw_bytes().to_vec(),
        )
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

    fn new(
        algorithm: &'static dyn VerificationAlgorithm,
        signer: &[u8],
        message: Vec<u8>,
        signature: Vec<u8>,
    ) -> Self {
        let signer = Certificate::from_der(signer).expect("a certificate");
        let key = signer.tbs_certificate().subject_public_key_info();
        let point = key.subject_public_key.raw_bytes();
        Self {
            #[cfg(feature = "aws-lc-rs")]
            key: ParsedPublicKey::new(algorithm, point).expect("a key"),
            #[cfg(not(feature = "aws-lc-rs"))]
            key: UnparsedPublicKey::new(algorithm, point.to_vec()),
            message,
            signature,
        }
    }
}
