//! RSA keys, which also sign with SHA-1: Amazon still does, and no library signs so any more.

use core::fmt;

use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use rcgen::{PKCS_RSA_SHA256, PublicKeyData, SignatureAlgorithm};

use crate::der;

/// An RSA key of 2048 bits.
///
/// Making one takes a good part of a second: let tests share it.
pub struct RsaKey(RsaKeyPair);

/// What is hashed before RSA signs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RsaHash {
    /// SHA-1, which does not resist collisions.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl RsaKey {
    /// A fresh key.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn generate() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).expect("the system makes a key"))
    }

    /// The private key as PKCS #8 in DER.
    ///
    /// # Panics
    ///
    /// When the system has no memory left.
    #[must_use]
    pub fn pkcs8_der(&self) -> Vec<u8> {
        let pkcs8: Pkcs8V1Der<'_> = self.0.as_der().expect("a key can be written");
        pkcs8.as_ref().to_vec()
    }

    /// The public key as `RSAPublicKey` in DER (RFC 8017, appendix A.1.1).
    #[must_use]
    pub fn public_key_der(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// Signs `message`: RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2), 256 bytes.
    ///
    /// # Panics
    ///
    /// When the system fails to sign.
    #[must_use]
    pub fn sign(&self, hash: RsaHash, message: &[u8]) -> Vec<u8> {
        match hash {
            RsaHash::Sha1 => self.sign_with_sha1(message),
            RsaHash::Sha256 => {
                let mut signature = vec![0; self.0.public_modulus_len()];
                self.0
                    .sign(
                        &RSA_PKCS1_SHA256,
                        &SystemRandom::new(),
                        message,
                        &mut signature,
                    )
                    .expect("signing does not fail");
                signature
            }
        }
    }

    fn sign_with_sha1(&self, message: &[u8]) -> Vec<u8> {
        let pkcs8 = self.pkcs8_der();
        let [_, _, (_, private_key)] = der::read_sequence(&pkcs8)[..] else {
            panic!("PKCS #8 has a version, an algorithm and a key");
        };
        let [_, (_, modulus), _, (_, exponent), ..] = der::read_sequence(private_key)[..] else {
            panic!("an RSA key begins with a version, n, e and d");
        };
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, message);
        let digest = der::sequence(&[
            der::sequence(&[der::object_identifier(SHA1), der::NULL.to_vec()]),
            der::octet_string(digest.as_ref()),
        ]);
        let padding = vec![0xFF; self.0.public_modulus_len() - 3 - digest.len()];
        let padded = [&[0, 1][..], &padding, &[0], &digest].concat();
        power(&padded, exponent, modulus)
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey").finish_non_exhaustive()
    }
}

/// As a certificate's subject.
impl PublicKeyData for RsaKey {
    fn der_bytes(&self) -> &[u8] {
        self.public_key_der()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
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
        *limb = u64::try_from(carry & u128::from(u64::MAX)).expect("64 bits");
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

/// `id-sha1` (RFC 8017, appendix A.2.4).
const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
        UnparsedPublicKey,
    };

    use super::*;

    #[test]
    fn both_hashes_sign_what_aws_lc_verifies() {
        let key = RsaKey::generate();
        let algorithms: [(RsaHash, &RsaParameters); 2] = [
            (RsaHash::Sha1, &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
            (RsaHash::Sha256, &RSA_PKCS1_2048_8192_SHA256),
        ];
        for (hash, algorithm) in algorithms {
            let public_key = UnparsedPublicKey::new(algorithm, key.public_key_der());
            for message in [&b""[..], b"message", &[0xFF; 1000]] {
                let signature = key.sign(hash, message);
                public_key.verify(message, &signature).expect("it verifies");
                public_key
                    .verify(b"another", &signature)
                    .expect_err("nothing else does");
            }
        }
    }
}
