//! Keys that sign test receipts and their certificates: RSA with SHA-256 and SHA-1, and P-256.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use iap_testkit::{RsaHash, RsaKey};

use super::der::{algorithm, bits, oid, sequence};

/// What a signature is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

pub(super) enum Key {
    Rsa(RsaKey),
    P256(EcdsaKeyPair),
}

/// Making an RSA key takes a good part of a second, so all tests share four.
pub(super) static RSA_KEYS: LazyLock<[Key; 4]> =
    LazyLock::new(|| [(); 4].map(|()| Key::Rsa(RsaKey::generate())));

impl Key {
    pub(super) fn from_p256_pkcs8(pkcs8: &[u8]) -> Self {
        Self::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8).unwrap())
    }

    /// The `AlgorithmIdentifier` of a certificate that this key signs.
    pub(super) fn signature_algorithm(&self, hash: Hash) -> Vec<u8> {
        match (self, hash) {
            (Self::Rsa(_), Hash::Sha1) => algorithm("1.2.840.113549.1.1.5"),
            (Self::Rsa(_), Hash::Sha256) => algorithm("1.2.840.113549.1.1.11"),
            (Self::P256(_), _) => sequence(&[oid("1.2.840.10045.4.3.2")]),
        }
    }

    pub(super) fn subject_public_key_info(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => sequence(&[
                algorithm("1.2.840.113549.1.1.1"),
                bits(key.public_key_der()),
            ]),
            Self::P256(key) => sequence(&[
                sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]),
                bits(key.public_key().as_ref()),
            ]),
        }
    }

    pub(super) fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        match (self, hash) {
            (Self::Rsa(key), Hash::Sha1) => key.sign(RsaHash::Sha1, message),
            (Self::Rsa(key), Hash::Sha256) => key.sign(RsaHash::Sha256, message),
            (Self::P256(key), _) => {
                let signature = key.sign(&SystemRandom::new(), message).unwrap();
                signature.as_ref().to_vec()
            }
        }
    }
}
