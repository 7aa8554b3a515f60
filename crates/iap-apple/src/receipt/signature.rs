//! Did the key of the signer's certificate sign the content?
//!
//! RFC 5652 §5.4, §5.6.

use const_oid::ObjectIdentifier;
use rustls_pki_types::SignatureVerificationAlgorithm;
use webpki::EndEntityCert;

use super::{
    ber::SET,
    cms::{Signer, object_identifier},
    error::ReceiptError,
};
use crate::crypto::{
    RECEIPT_ALGORITHMS, RECEIPT_ALGORITHMS_WITH_SHA1, RECEIPT_ECDSA_SHA256, RECEIPT_RSA_SHA1,
    RECEIPT_RSA_SHA256, sha1, sha256,
};

/// Whether signatures with SHA-1 count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sha1Policy {
    Accept,
    Refuse,
}

impl Sha1Policy {
    /// The algorithms that may sign a certificate.
    pub(crate) fn certificate_algorithms(
        self,
    ) -> &'static [&'static dyn SignatureVerificationAlgorithm] {
        match self {
            Self::Accept => RECEIPT_ALGORITHMS_WITH_SHA1,
            Self::Refuse => RECEIPT_ALGORITHMS,
        }
    }
}

/// Checks that the key of `certificate` signed `content`.
///
/// 1. Digest and signature algorithm are known and belong together; SHA-1 only where accepted.
/// 2. Where there are signed attributes, they name the digest of the content, and the signature is
///    over them.
/// 3. The signature is by the certificate's key, which is of the algorithm's kind.
pub(crate) fn check_signature(
    content: &[u8],
    signer: &Signer<'_>,
    certificate: &EndEntityCert<'_>,
    sha1_policy: Sha1Policy,
) -> Result<(), ReceiptError> {
    // 1
    let unsupported = || ReceiptError::SignatureAlgorithm {
        digest: object_identifier(signer.digest_algorithm),
        signature: object_identifier(signer.signature_algorithm),
    };
    let digest = Digest::of(signer.digest_algorithm).ok_or_else(unsupported)?;
    if digest == Digest::Sha1 && sha1_policy == Sha1Policy::Refuse {
        return Err(ReceiptError::Sha1);
    }
    let algorithms = algorithms(digest, signer.signature_algorithm).ok_or_else(unsupported)?;
    // 2
    let signed_attributes;
    let message = match signer.signed_attributes {
        None => content,
        Some(attributes) => {
            let signed = Signer::signed_digest(attributes)?;
            let computed = digest.compute(content);
            if signed != computed {
                return Err(ReceiptError::MessageDigest {
                    signed: hexadecimal(signed),
                    computed: hexadecimal(&computed),
                });
            }
            signed_attributes = as_set(attributes);
            &signed_attributes
        }
    };
    // 3
    for algorithm in algorithms {
        match certificate.verify_signature(*algorithm, message, &signer.signature) {
            Ok(()) => return Ok(()),
            Err(webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => {}
            Err(_) => return Err(ReceiptError::Signature),
        }
    }
    Err(unsupported())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Digest {
    Sha1,
    Sha256,
}

impl Digest {
    fn of(algorithm: &[u8]) -> Option<Self> {
        match algorithm {
            id if id == SHA1.as_bytes() => Some(Self::Sha1),
            id if id == SHA256.as_bytes() => Some(Self::Sha256),
            _ => None,
        }
    }

    fn compute(self, content: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1(content).as_ref().to_vec(),
            Self::Sha256 => sha256(content).as_ref().to_vec(),
        }
    }
}

/// The algorithms that `digest` and the identifier of the signature's may stand for, one for each
/// kind of key.
fn algorithms(
    digest: Digest,
    signature: &[u8],
) -> Option<&'static [&'static dyn SignatureVerificationAlgorithm]> {
    let is = |id: ObjectIdentifier| signature == id.as_bytes();
    match digest {
        Digest::Sha1 if is(RSA) || is(RSA_WITH_SHA1) => Some(RECEIPT_RSA_SHA1),
        Digest::Sha256 if is(RSA) || is(RSA_WITH_SHA256) => Some(RECEIPT_RSA_SHA256),
        Digest::Sha256 if is(ECDSA_WITH_SHA256) => Some(RECEIPT_ECDSA_SHA256),
        Digest::Sha1 | Digest::Sha256 => None,
    }
}

/// Attributes as they are signed: as the SET that they are, although the message tags them `[0]`.
///
/// RFC 5652 §5.4. Their own encoding is taken as it is: it must be DER, and if it is not, the
/// signature is not over it.
fn as_set(attributes: &[u8]) -> Vec<u8> {
    let length = attributes.len().to_be_bytes();
    let significant = length.iter().position(|byte| *byte != 0);
    let length = length
        .get(significant.unwrap_or(length.len())..)
        .unwrap_or_default();
    let mut set = vec![SET];
    match length {
        [] => set.push(0),
        [short] if *short < 0x80 => set.push(*short),
        long => {
            set.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            set.extend_from_slice(long);
        }
    }
    set.extend_from_slice(attributes);
    set
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    // As much as any digest or serial number has, and not what an attacker sent instead.
    let shown = bytes.iter().take(MAX_SHOWN_BYTES);
    shown.map(|byte| format!("{byte:02x}")).collect()
}

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// `rsaEncryption`: the digest algorithm says the rest (RFC 3370 §3.2).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const RSA_WITH_SHA1: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const RSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

const MAX_SHOWN_BYTES: usize = 64;
