//! Keys that sign test receipts and their certificates: RSA with SHA-256 and SHA-1, and P-256.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};

use super::der::{NULL, algorithm, bits, octets, oid, sequence};
use crate::{
    crypto::sha1,
    receipt::ber::{Element, INTEGER, OCTET_STRING, SEQUENCE},
};

/// What a signature is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

pub(super) enum Key {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

/// Making an RSA key takes a good part of a second, so all tests share four.
pub(super) static RSA_KEYS: LazyLock<[Key; 4]> =
    LazyLock::new(|| [(); 4].map(|()| Key::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())));

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
                bits(key.public_key().as_ref()),
            ]),
            Self::P256(key) => sequence(&[
                sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]),
                bits(key.public_key().as_ref()),
            ]),
        }
    }

    pub(super) fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        match (self, hash) {
            (Self::Rsa(key), Hash::Sha256) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    message,
                    &mut signature,
                )
                .unwrap();
                signature
            }
            (Self::Rsa(key), Hash::Sha1) => sign_with_sha1(key, message),
            (Self::P256(key), _) => {
                let signature = key.sign(&SystemRandom::new(), message).unwrap();
                signature.as_ref().to_vec()
            }
        }
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-1 (RFC 8017 §8.2.1), which no library signs with any more.
fn sign_with_sha1(key: &RsaKeyPair, message: &[u8]) -> Vec<u8> {
    let pkcs8: Pkcs8V1Der<'_> = key.as_der().unwrap();
    let mut fields = Element::only(pkcs8.as_ref(), SEQUENCE).unwrap().elements();
    fields.expect(INTEGER).unwrap();
    fields.expect(SEQUENCE).unwrap();
    let private_key = fields.expect(OCTET_STRING).unwrap();
    let mut numbers = Element::only(private_key.content, SEQUENCE)
        .unwrap()
        .elements();
    let mut number = || numbers.expect(INTEGER).unwrap().content;
    let (_version, modulus, _public, exponent) = (number(), number(), number(), number());

    let digest = sequence(&[
        sequence(&[oid("1.3.14.3.2.26"), NULL.to_vec()]),
        octets(sha1(message).as_ref()),
    ]);
    let padding = vec![0xFF; key.public_modulus_len() - 3 - digest.len()];
    let padded = [&[0, 1][..], &padding, &[0], &digest].concat();
    power(&padded, exponent, modulus)
}

/// `base` to the power of `exponent`, modulo `modulus`: big-endian numbers, by Montgomery's method.
fn power(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
    let modulus = limbs(modulus);
    let width = modulus.len();
    // -1/modulus modulo 2^64, by Newton's iteration.
    let inverse = (0..6).fold(1_u64, |inverse, _| {
        inverse.wrapping_mul(2_u64.wrapping_sub(modulus[0].wrapping_mul(inverse)))
    });
    let multiply = |a: &[u64], b: &[u64]| {
        let mut sum = vec![0_u64; width + 2];
        for limb in a {
            add_product(&mut sum, b, *limb);
            let factor = sum[0].wrapping_mul(inverse.wrapping_neg());
            add_product(&mut sum, &modulus, factor);
            sum.remove(0);
            sum.push(0);
        }
        reduce(sum, &modulus)
    };
    // 2^(64 * width) and its square modulo the modulus, by doubling 1.
    let double = |number: Vec<u64>| {
        let mut sum = number;
        sum.extend([0, 0]);
        let copy = sum[..width].to_vec();
        add_product(&mut sum, &copy, 1);
        reduce(sum, &modulus)
    };
    let mut one = limbs(&[1]);
    one.resize(width, 0);
    let mont_one = (0..64 * width).fold(one.clone(), |number, _| double(number));
    let square = (0..64 * width).fold(mont_one.clone(), |number, _| double(number));

    let mut base = limbs(base);
    base.resize(width, 0);
    let base = multiply(&base, &square);
    let bits = exponent
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
    let result = bits.fold(mont_one, |result, bit| {
        let result = multiply(&result, &result);
        if bit {
            multiply(&result, &base)
        } else {
            result
        }
    });
    let result = multiply(&result, &one);
    result
        .iter()
        .rev()
        .flat_map(|limb| limb.to_be_bytes())
        .collect()
}

/// Limbs of 64 bits, the lowest first.
fn limbs(number: &[u8]) -> Vec<u64> {
    let significant = number.iter().position(|byte| *byte != 0).unwrap_or(0);
    number[significant..]
        .rchunks(8)
        .map(|chunk| {
            chunk
                .iter()
                .fold(0, |limb, byte| limb << 8 | u64::from(*byte))
        })
        .collect()
}

/// Adds `number` times `factor`.
fn add_product(sum: &mut [u64], number: &[u64], factor: u64) {
    let mut carry = 0_u128;
    for (index, limb) in sum.iter_mut().enumerate() {
        let number = number.get(index).copied().unwrap_or(0);
        carry += u128::from(*limb) + u128::from(number) * u128::from(factor);
        *limb = u64::try_from(carry & u128::from(u64::MAX)).unwrap();
        carry >>= 64;
    }
}

/// Subtracts the modulus once if the number is not below it, and drops the two upper limbs.
fn reduce(mut number: Vec<u64>, modulus: &[u64]) -> Vec<u64> {
    let mut wide = modulus.to_vec();
    wide.resize(number.len(), 0);
    if !number.iter().rev().lt(wide.iter().rev()) {
        let mut borrow = false;
        for (limb, other) in number.iter_mut().zip(&wide) {
            let (difference, first) = limb.overflowing_sub(*other);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (difference, first || second);
        }
    }
    number.truncate(modulus.len());
    number
}
