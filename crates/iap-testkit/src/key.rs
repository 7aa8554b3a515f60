//! Which keys sign certificates and payloads, and with which hash.

use core::fmt;

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING,
        ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        KeyPair as _,
    },
};
use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PublicKeyData, SignatureAlgorithm};

/// The curve of a key, and the hash it signs certificates with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    P256WithSha256,
    P256WithSha384,
    P384WithSha384,
}

/// A private key with its public half.
pub(crate) struct KeyPair {
    kind: KeyKind,
    /// Makes signatures in ASN.1, as certificates carry them.
    asn1: EcdsaKeyPair,
    /// The same key; makes signatures as `r || s`, as JWS carries them.
    fixed: EcdsaKeyPair,
    pkcs8: Vec<u8>,
}

impl KeyPair {
    pub(crate) fn generate(kind: KeyKind) -> Self {
        let (asn1, fixed) = match kind {
            KeyKind::P256WithSha256 | KeyKind::P256WithSha384 => (
                &ECDSA_P256_SHA256_ASN1_SIGNING,
                &ECDSA_P256_SHA256_FIXED_SIGNING,
            ),
            KeyKind::P384WithSha384 => (
                &ECDSA_P384_SHA384_ASN1_SIGNING,
                &ECDSA_P384_SHA384_FIXED_SIGNING,
            ),
        };
        let document = EcdsaKeyPair::generate_pkcs8(asn1, &SystemRandom::new())
            .expect("the system makes a key");
        let pkcs8 = document.as_ref().to_vec();
        let read = |algorithm| {
            EcdsaKeyPair::from_pkcs8(algorithm, &pkcs8).expect("a key just made is readable")
        };
        Self {
            kind,
            asn1: read(asn1),
            fixed: read(fixed),
            pkcs8,
        }
    }

    /// The private key as PKCS #8 in DER.
    pub(crate) fn pkcs8_der(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public key as an uncompressed point.
    pub(crate) fn public_point(&self) -> &[u8] {
        self.asn1.public_key().as_ref()
    }

    /// A JWS signature, `r || s`: ES256 for a P-256 key, ES384 for a P-384 key.
    pub(crate) fn sign_fixed(&self, message: &[u8]) -> Vec<u8> {
        self.fixed
            .sign(&SystemRandom::new(), message)
            .expect("signing does not fail")
            .as_ref()
            .to_vec()
    }

    /// A signature in ASN.1, as certificates carry it and no JWS may.
    pub(crate) fn sign_asn1(&self, message: &[u8]) -> Vec<u8> {
        self.asn1
            .sign(&SystemRandom::new(), message)
            .expect("signing does not fail")
            .as_ref()
            .to_vec()
    }

    fn sign_certificate(&self, to_be_signed: &[u8]) -> Vec<u8> {
        if self.kind != KeyKind::P256WithSha384 {
            return self.sign_asn1(to_be_signed);
        }
        // ECDSA takes the leftmost bits of a hash longer than the curve's order (FIPS 186-5,
        // section 6.4.1), so P-256 with SHA-384 is P-256 over the first 32 bytes of the hash.
        let hash = digest::digest(&digest::SHA384, to_be_signed);
        let leftmost = hash.as_ref().first_chunk::<32>().expect("48 bytes");
        let digest = digest::Digest::import_less_safe(leftmost, &digest::SHA256)
            .expect("32 bytes are a SHA-256 digest");
        self.asn1
            .sign_digest(&digest)
            .expect("signing does not fail")
            .as_ref()
            .to_vec()
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The key identifier of RFC 5280 section 4.2.1.2 method 1, as real authorities compute it.
pub(crate) fn key_identifier(public_key: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, public_key)
        .as_ref()
        .to_vec()
}

/// As a certificate's subject: says the curve.
impl PublicKeyData for KeyPair {
    fn der_bytes(&self) -> &[u8] {
        self.public_point()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self.kind {
            KeyKind::P256WithSha256 | KeyKind::P256WithSha384 => &PKCS_ECDSA_P256_SHA256,
            KeyKind::P384WithSha384 => &PKCS_ECDSA_P384_SHA384,
        }
    }
}

/// As a certificate's issuer: says the hash.
pub(crate) struct CertificateSigner<'a>(pub(crate) &'a KeyPair);

impl PublicKeyData for CertificateSigner<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_point()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        // Written into the certificate as ecdsa-with-SHA256 or ecdsa-with-SHA384, which name the
        // hash alone: the curve is the issuer's affair.
        match self.0.kind {
            KeyKind::P256WithSha256 => &PKCS_ECDSA_P256_SHA256,
            KeyKind::P256WithSha384 | KeyKind::P384WithSha384 => &PKCS_ECDSA_P384_SHA384,
        }
    }
}

impl rcgen::SigningKey for CertificateSigner<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.0.sign_certificate(message))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA384_ASN1,
        ECDSA_P384_SHA384_ASN1, UnparsedPublicKey,
    };

    use super::*;

    #[test]
    fn every_kind_of_key_signs_certificates_with_its_curve_and_hash() {
        for (kind, algorithm) in [
            (KeyKind::P256WithSha256, &ECDSA_P256_SHA256_ASN1),
            (KeyKind::P256WithSha384, &ECDSA_P256_SHA384_ASN1),
            (KeyKind::P384WithSha384, &ECDSA_P384_SHA384_ASN1),
        ] {
            let key = KeyPair::generate(kind);
            let signature = key.sign_certificate(b"to be signed");
            UnparsedPublicKey::new(algorithm, key.public_point())
                .verify(b"to be signed", &signature)
                .unwrap_or_else(|_| panic!("{kind:?}"));
        }
    }

    #[test]
    fn a_jws_signature_is_64_bytes_of_r_and_s() {
        let key = KeyPair::generate(KeyKind::P256WithSha384);
        let signature = key.sign_fixed(b"message");
        assert_eq!(signature.len(), 64);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_point())
            .verify(b"message", &signature)
            .unwrap();
    }

    #[test]
    fn debug_output_shows_the_kind_of_key_and_nothing_else() {
        let key = KeyPair::generate(KeyKind::P384WithSha384);
        assert_eq!(format!("{key:?}"), "KeyPair { kind: P384WithSha384, .. }");
    }
}
