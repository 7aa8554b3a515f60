//! Is this a certificate of Amazon's notification service, and which key does it vouch for?
//!
//! RFC 5280 (certificates), RFC 7468 (PEM).

use core::time::Duration;

use der::{Decode, Sequence, asn1::UintRef};
use iap_core::{Timestamp, shorten};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use x509_cert::{
    Certificate,
    certificate::TbsCertificate,
    ext::pkix::{KeyUsage, SubjectAltName, name::GeneralName},
    time::Time,
};

use super::error::{CertificateProblem, NotificationFailure};
use crate::crypto::{Hash, RsaPublicKey};

/// A certificate with the right name and kind of key. When it is valid, and who issued it, is still
/// to be judged.
pub(super) struct SigningCertificate {
    key: RsaPublicKey,
    not_before: Timestamp,
    not_after: Timestamp,
    pub(super) der: CertificateDer<'static>,
    /// What came after it in the same file.
    pub(super) intermediates: Vec<CertificateDer<'static>>,
}

impl SigningCertificate {
    /// Reads a certificate in PEM, which further ones may follow.
    ///
    /// 1. It is one certificate in DER, with nothing after it.
    /// 2. It is for `sns.amazonaws.com`, by its subject alternative name. No wildcard will do.
    /// 3. Its key is an RSA key of 2048 to 8192 bits.
    /// 4. The key may sign, if the certificate restricts what it may do.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, NotificationFailure> {
        // 1
        let mut certificates = CertificateDer::pem_slice_iter(pem)
            .take(MAX_CERTIFICATES)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unreadable(&error))?
            .into_iter();
        let der = certificates
            .next()
            .ok_or_else(|| unreadable("there is none"))?;
        let certificate = Certificate::from_der(&der).map_err(|error| unreadable(&error))?;
        let certificate = certificate.tbs_certificate();
        // 2
        check_name(certificate)?;
        // 3
        let key = rsa_key(certificate)?;
        // 4
        check_key_usage(certificate)?;
        let validity = certificate.validity();
        Ok(Self {
            key,
            not_before: seconds(validity.not_before),
            not_after: seconds(validity.not_after).saturating_add(LAST_MILLISECOND_OF_A_SECOND),
            intermediates: certificates.collect(),
            der,
        })
    }

    /// Checks that the certificate is valid at `at`. Both ends are included (RFC 5280 §4.1.2.5).
    pub(super) fn check_dates(&self, at: Timestamp) -> Result<(), NotificationFailure> {
        if at < self.not_before {
            return Err(NotificationFailure::CertificateNotYetValid {
                not_before: self.not_before,
                at,
            });
        }
        if at > self.not_after {
            return Err(NotificationFailure::CertificateExpired {
                not_after: self.not_after,
                at,
            });
        }
        Ok(())
    }

    /// Checks that the certificate's key made the signature of `text`.
    pub(super) fn check_signature(
        &self,
        hash: Hash,
        text: &str,
        signature: &[u8],
    ) -> Result<(), NotificationFailure> {
        if self.key.verifies(hash, text.as_bytes(), signature) {
            Ok(())
        } else {
            Err(NotificationFailure::Signature)
        }
    }
}

fn check_name(certificate: &TbsCertificate) -> Result<(), NotificationFailure> {
    let names = certificate
        .get_extension::<SubjectAltName>()
        .map_err(|error| unreadable(&error))?;
    let names = names.map(|(_, names)| names.0).unwrap_or_default();
    let mut names = names.iter().filter_map(|name| match name {
        GeneralName::DnsName(name) => Some(name.as_str()),
        _ => None,
    });
    if names
        .clone()
        .any(|name| name.eq_ignore_ascii_case(SNS_NAME))
    {
        return Ok(());
    }
    Err(NotificationFailure::CertificateName {
        expected: SNS_NAME,
        found: names.by_ref().take(MAX_SHOWN_NAMES).map(shorten).collect(),
    })
}

fn rsa_key(certificate: &TbsCertificate) -> Result<RsaPublicKey, NotificationFailure> {
    let refused = |found_bits| NotificationFailure::CertificateKey { found_bits };
    let info = certificate.subject_public_key_info();
    if info.algorithm.oid != const_oid::db::rfc5912::RSA_ENCRYPTION {
        return Err(refused(None));
    }
    let der = info
        .subject_public_key
        .as_bytes()
        .ok_or_else(|| refused(None))?;
    let key = RsaPublicKeyDer::from_der(der).map_err(|error| unreadable(&error))?;
    let bits = bit_length(key.modulus.as_bytes());
    if !(MIN_KEY_BITS..=MAX_KEY_BITS).contains(&bits) {
        return Err(refused(Some(bits)));
    }
    RsaPublicKey::from_der(der).ok_or_else(|| refused(Some(bits)))
}

fn check_key_usage(certificate: &TbsCertificate) -> Result<(), NotificationFailure> {
    let usage = certificate
        .get_extension::<KeyUsage>()
        .map_err(|error| unreadable(&error))?;
    match usage {
        Some((_, usage)) if !usage.digital_signature() => {
            Err(NotificationFailure::CertificateKeyUsage)
        }
        _ => Ok(()),
    }
}

/// RFC 8017 appendix A.1.1.
#[derive(Sequence)]
struct RsaPublicKeyDer<'a> {
    modulus: UintRef<'a>,
    public_exponent: UintRef<'a>,
}

/// The number of bits of a big-endian number.
fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().position(|byte| *byte != 0);
    let number = significant.and_then(|start| number.get(start..));
    let unused = number
        .and_then(<[u8]>::first)
        .map_or(0, |byte| byte.leading_zeros());
    number
        .map_or(0, <[u8]>::len)
        .saturating_mul(8)
        .saturating_sub(usize::try_from(unused).unwrap_or_default())
}

fn seconds(time: Time) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// What cannot be read is no certificate at all, and so nothing to judge a message by.
fn unreadable(reason: &(impl core::fmt::Display + ?Sized)) -> NotificationFailure {
    NotificationFailure::CertificateUnavailable {
        problem: CertificateProblem::Unreadable {
            reason: shorten(reason),
        },
    }
}

/// The name in every certificate of SNS, whatever its region.
const SNS_NAME: &str = "sns.amazonaws.com";

/// Smaller keys can be broken.
const MIN_KEY_BITS: usize = 2048;

/// Larger ones cost more than they are worth, and no library verifies with them.
const MAX_KEY_BITS: usize = 8192;

/// A leaf and the longest path above it.
const MAX_CERTIFICATES: usize = 8;

/// As many names as certificates usually have.
const MAX_SHOWN_NAMES: usize = 8;

/// Certificates count in whole seconds.
const LAST_MILLISECOND_OF_A_SECOND: Duration = Duration::from_millis(999);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_number_is_that_of_its_significant_bits() {
        for (number, bits) in [
            (&[][..], 0),
            (&[0, 0], 0),
            (&[1], 1),
            (&[0x80], 8),
            (&[0, 0x7F, 0xFF], 15),
        ] {
            assert_eq!(bit_length(number), bits, "{number:?}");
        }
    }
}
