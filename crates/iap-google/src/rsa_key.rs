//! What is in an RSA public key, as Google writes it: in a JSON Web Key, or in DER.
//!
//! [RFC 8017 appendix A.1.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1),
//! [RFC 5280 §4.1.2.7](https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7)

use core::fmt;

use der::{
    Decode as _, Encode as _, Sequence,
    asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef},
};

use crate::crypto::{MAX_KEY_BITS, RsaPublicKey, RsaScheme};

/// What is wrong with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RsaKeyProblem {
    /// Not an RSA key.
    Algorithm,
    /// Not the bytes of a key.
    Encoding(String),
    /// Too small, or too large.
    Bits {
        /// The size.
        found: usize,
        /// The smallest size that is accepted.
        min: usize,
    },
    /// An exponent with which anybody could sign, or which takes too long.
    Exponent,
}

/// From modulus and exponent, big-endian.
pub(crate) fn from_parts(
    scheme: RsaScheme,
    modulus: &[u8],
    exponent: &[u8],
) -> Result<RsaPublicKey, RsaKeyProblem> {
    let parts = Parts {
        modulus: UintRef::new(modulus).map_err(unreadable)?,
        exponent: UintRef::new(exponent).map_err(unreadable)?,
    };
    let der = parts.to_der().map_err(unreadable)?;
    parts.check(scheme)?;
    parse(scheme, &der)
}

/// From `SubjectPublicKeyInfo` in DER, with nothing after it.
pub(crate) fn from_spki(scheme: RsaScheme, der: &[u8]) -> Result<RsaPublicKey, RsaKeyProblem> {
    let info = SubjectPublicKeyInfo::from_der(der).map_err(unreadable)?;
    if info.algorithm.id != RSA_ENCRYPTION {
        return Err(RsaKeyProblem::Algorithm);
    }
    let key = info
        .key
        .as_bytes()
        .ok_or_else(|| RsaKeyProblem::Encoding("the bits are no whole bytes".to_owned()))?;
    Parts::from_der(key).map_err(unreadable)?.check(scheme)?;
    parse(scheme, key)
}

fn parse(scheme: RsaScheme, der: &[u8]) -> Result<RsaPublicKey, RsaKeyProblem> {
    RsaPublicKey::from_der(scheme, der)
        .ok_or_else(|| RsaKeyProblem::Encoding("no modulus and exponent of RSA".to_owned()))
}

fn unreadable(error: der::Error) -> RsaKeyProblem {
    RsaKeyProblem::Encoding(error.to_string())
}

#[derive(Sequence)]
struct SubjectPublicKeyInfo<'a> {
    algorithm: AlgorithmIdentifier<'a>,
    key: BitStringRef<'a>,
}

#[derive(Sequence)]
struct AlgorithmIdentifier<'a> {
    id: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct Parts<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

impl Parts<'_> {
    /// 1. The modulus has a size that is accepted.
    /// 2. The exponent is odd and neither 1 nor longer than that of any real key.
    fn check(&self, scheme: RsaScheme) -> Result<(), RsaKeyProblem> {
        // 1
        let modulus = self.modulus.as_bytes();
        let spare = modulus.first().map_or(0, |byte| byte.leading_zeros());
        let found = modulus
            .len()
            .saturating_mul(8)
            .saturating_sub(usize::try_from(spare).unwrap_or_default());
        let min = scheme.min_bits();
        if !(min..=MAX_KEY_BITS).contains(&found) {
            return Err(RsaKeyProblem::Bits { found, min });
        }
        // 2
        let exponent = self.exponent.as_bytes();
        let is_odd = exponent.last().is_some_and(|byte| byte & 1 == 1);
        if !is_odd || exponent == [1] || exponent.len() > MAX_EXPONENT_LENGTH {
            return Err(RsaKeyProblem::Exponent);
        }
        Ok(())
    }
}

impl fmt::Display for RsaKeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm => f.write_str("it is no RSA key"),
            Self::Encoding(reason) => write!(f, "it is not a key in DER: {reason}"),
            Self::Bits { found, min } => {
                write!(f, "it has {found} bits, expected {min} to {MAX_KEY_BITS}")
            }
            Self::Exponent => f.write_str("its exponent is none that real keys have"),
        }
    }
}

/// `rsaEncryption` (RFC 8017 appendix A.1).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// In bytes. 65537 is what is in use; the libraries take up to 33 bits.
const MAX_EXPONENT_LENGTH: usize = 4;
