//! What the chain's certificates say about themselves: names, dates, key, key usage, Apple's markers.

use const_oid::{AssociatedOid, ObjectIdentifier};
use der::{Decode, Encode, asn1::Any};
use iap_core::Timestamp;
use x509_cert::{ext::pkix::KeyUsage, name::Name};

use crate::{
    crypto::P256PublicKey,
    error::{CertificateRole, VerificationFailure, shorten},
};

/// A certificate that has been read, and not been verified.
pub(crate) struct Certificate {
    role: CertificateRole,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    /// Reads one certificate in DER, with nothing after it.
    pub(crate) fn parse(role: CertificateRole, der: &[u8]) -> Result<Self, VerificationFailure> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|error| {
            VerificationFailure::CertificateEncoding {
                role,
                reason: error.to_string(),
            }
        })?;
        Ok(Self { role, parsed })
    }

    /// Checks that Apple marked the certificate for its role: the extension is there. Its value is
    /// not looked at.
    pub(crate) fn check_marker(&self) -> Result<(), VerificationFailure> {
        let marker = match self.role {
            CertificateRole::Leaf => &RECEIPT_SIGNING,
            CertificateRole::Intermediate | CertificateRole::Root => &WORLDWIDE_DEVELOPER_RELATIONS,
        };
        if self.extension(marker.oid).is_some() {
            return Ok(());
        }
        Err(VerificationFailure::CertificateMarker {
            role: self.role,
            oid: marker.text,
        })
    }

    /// Checks that the key may do what its role needs, if the certificate restricts it. webpki does
    /// not look at this extension.
    pub(crate) fn check_key_usage(&self) -> Result<(), VerificationFailure> {
        let Some(extension) = self.extension(KeyUsage::OID) else {
            return Ok(());
        };
        let usage = KeyUsage::from_der(extension).map_err(|error| {
            VerificationFailure::CertificateEncoding {
                role: self.role,
                reason: format!("key usage: {error}"),
            }
        })?;
        let (is_allowed, required) = match self.role {
            CertificateRole::Leaf => (usage.digital_signature(), "digitalSignature"),
            CertificateRole::Intermediate | CertificateRole::Root => {
                (usage.key_cert_sign(), "keyCertSign")
            }
        };
        if is_allowed {
            return Ok(());
        }
        Err(VerificationFailure::CertificateKeyUsage {
            role: self.role,
            required,
        })
    }

    /// Checks that this certificate names `issuer` as its issuer.
    pub(crate) fn check_issued_by(&self, issuer: &Self) -> Result<(), VerificationFailure> {
        if self.issuer() == issuer.subject() {
            return Ok(());
        }
        Err(VerificationFailure::CertificateIssuer {
            role: self.role,
            issuer: shorten(self.issuer()),
            next: shorten(issuer.subject()),
        })
    }

    pub(crate) fn issuer(&self) -> &Name {
        self.parsed.tbs_certificate().issuer()
    }

    /// The content of the issuer's name (its DER without tag and length), as anchors have theirs.
    pub(crate) fn issuer_content(&self) -> Option<Vec<u8>> {
        let name = Any::encode_from(self.issuer()).ok()?;
        Some(name.value().to_vec())
    }

    fn subject(&self) -> &Name {
        self.parsed.tbs_certificate().subject()
    }

    pub(crate) fn validity(&self) -> Validity {
        Validity::of(self.parsed.tbs_certificate().validity())
    }

    /// The public key, which must be on P-256.
    pub(crate) fn p256_public_key(&self) -> Result<P256PublicKey, VerificationFailure> {
        let key = self.parsed.tbs_certificate().subject_public_key_info();
        let curve = key.algorithm.parameters.as_ref().map(Any::decode_as);
        let is_p256 = key.algorithm.oid == EC_PUBLIC_KEY && curve == Some(Ok(SECP256R1));
        key.subject_public_key
            .as_bytes()
            .filter(|_| is_p256)
            .and_then(P256PublicKey::from_point)
            .ok_or(VerificationFailure::CertificateKey)
    }

    fn extension(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let extensions = self.parsed.tbs_certificate().extensions()?;
        let extension = extensions
            .iter()
            .find(|extension| extension.extn_id == oid)?;
        Some(extension.extn_value.as_bytes())
    }
}

/// The first and the last moment at which a certificate is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
}

impl Validity {
    /// RFC 5280 §4.1.2.5: both ends are included, and certificates count in whole seconds.
    pub(crate) fn of(validity: &x509_cert::time::Validity) -> Self {
        let seconds = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        let last_second = Timestamp::from_seconds(seconds(validity.not_after));
        Self {
            not_before: Timestamp::from_seconds(seconds(validity.not_before)),
            not_after: last_second.saturating_add(LAST_MILLISECOND_OF_A_SECOND),
        }
    }

    /// Checks that the certificate in `role` was valid when the data was signed.
    pub(crate) fn check(
        self,
        role: CertificateRole,
        signed_at: Timestamp,
    ) -> Result<(), VerificationFailure> {
        if signed_at < self.not_before {
            return Err(VerificationFailure::CertificateNotYetValid {
                role,
                not_before: self.not_before,
                signed_at,
            });
        }
        if signed_at > self.not_after {
            return Err(VerificationFailure::CertificateExpired {
                role,
                not_after: self.not_after,
                signed_at,
            });
        }
        Ok(())
    }
}

/// The readable form of a name given as the content of its DER.
pub(crate) fn name_of(content: &[u8]) -> String {
    Any::new(der::Tag::Sequence, content)
        .and_then(|name| name.to_der())
        .and_then(|name| Name::from_der(&name))
        .map_or_else(|_| "an unreadable name".to_owned(), |name| name.to_string())
}

/// An extension by which Apple marks what a certificate is for.
struct Marker {
    oid: ObjectIdentifier,
    text: &'static str,
}

impl Marker {
    const fn new(text: &'static str) -> Self {
        Self {
            oid: ObjectIdentifier::new_unwrap(text),
            text,
        }
    }
}

/// On leaf certificates that sign App Store receipts and data.
const RECEIPT_SIGNING: Marker = Marker::new("1.2.840.113635.100.6.11.1");

/// On the intermediate certificates of Apple's Worldwide Developer Relations authority.
const WORLDWIDE_DEVELOPER_RELATIONS: Marker = Marker::new("1.2.840.113635.100.6.2.1");

/// `id-ecPublicKey` (RFC 5480 §2.1.1).
pub(crate) const EC_PUBLIC_KEY: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// The curve P-256 (RFC 5480 §2.1.1.1).
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

const LAST_MILLISECOND_OF_A_SECOND: core::time::Duration = core::time::Duration::from_millis(999);
