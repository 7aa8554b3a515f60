//! What the chain's certificates say about themselves: names, dates, key, key usage, Apple's markers.

use core::time::Duration;

use const_oid::{AssociatedOid, ObjectIdentifier};
use der::{
    Decode, Encode, Reader as _, Sequence,
    asn1::{AnyRef, BitStringRef, IntRef, OctetStringRef},
};
use iap_core::Timestamp;
use x509_cert::{ext::pkix::KeyUsage, name::Name, spki::SubjectPublicKeyInfoRef};

use crate::{
    crypto::P256PublicKey,
    error::{CertificateRole, VerificationFailure, shorten},
};

/// A certificate that has been read, and not been verified. Borrows from its DER.
pub(crate) struct Certificate<'a> {
    role: CertificateRole,
    fields: TbsCertificate<'a>,
}

/// RFC 5280 §4.1. Only version 3 has extensions, without which no certificate is accepted.
#[derive(Sequence)]
struct SignedCertificate<'a> {
    tbs_certificate: TbsCertificate<'a>,
    signature_algorithm: AnyRef<'a>,
    signature: BitStringRef<'a>,
}

#[derive(Sequence)]
struct TbsCertificate<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial_number: IntRef<'a>,
    signature: AnyRef<'a>,
    issuer: AnyRef<'a>,
    validity: x509_cert::time::Validity,
    subject: AnyRef<'a>,
    public_key: SubjectPublicKeyInfoRef<'a>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: AnyRef<'a>,
}

/// RFC 5280 §4.2.
#[derive(Sequence)]
struct Extension<'a> {
    id: ObjectIdentifier,
    #[asn1(default = "Default::default")]
    critical: bool,
    value: &'a OctetStringRef,
}

impl<'a> Certificate<'a> {
    /// Reads one certificate in DER, with nothing after it.
    pub(crate) fn parse(role: CertificateRole, der: &'a [u8]) -> Result<Self, VerificationFailure> {
        let unreadable = |error: der::Error| VerificationFailure::CertificateEncoding {
            role,
            reason: error.to_string(),
        };
        let certificate = SignedCertificate::from_der(der).map_err(unreadable)?;
        let certificate = Self {
            role,
            fields: certificate.tbs_certificate,
        };
        // Reads to the end once, so that a malformed extension cannot hide another one.
        certificate.find_extension(|_| false).map_err(unreadable)?;
        Ok(certificate)
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
    pub(crate) fn check_issued_by(
        &self,
        issuer: &Certificate<'_>,
    ) -> Result<(), VerificationFailure> {
        if self.fields.issuer == issuer.fields.subject {
            return Ok(());
        }
        Err(VerificationFailure::CertificateIssuer {
            role: self.role,
            issuer: shorten(&name_of(self.issuer())),
            next: shorten(&name_of(issuer.subject().value())),
        })
    }

    /// The content of the issuer's name (its DER without tag and length), as anchors have theirs.
    pub(crate) fn issuer(&self) -> &'a [u8] {
        self.fields.issuer.value()
    }

    /// The algorithm that the certificate is signed with; `None` if it cannot be read.
    pub(crate) fn signature_algorithm(&self) -> Option<ObjectIdentifier> {
        let algorithm: der::Result<_> = self.fields.signature.sequence(|reader| {
            let id = ObjectIdentifier::decode(reader)?;
            reader.read_slice(reader.remaining_len())?;
            Ok(id)
        });
        algorithm.ok()
    }

    pub(crate) fn validity(&self) -> Validity {
        Validity::of(&self.fields.validity)
    }

    /// The public key, which must be on P-256.
    pub(crate) fn p256_public_key(&self) -> Result<P256PublicKey, VerificationFailure> {
        let key = &self.fields.public_key;
        let curve = key.algorithm.parameters.map(AnyRef::decode_as);
        let is_p256 = key.algorithm.oid == EC_PUBLIC_KEY && curve == Some(Ok(SECP256R1));
        key.subject_public_key
            .as_bytes()
            .filter(|_| is_p256)
            .and_then(P256PublicKey::from_point)
            .ok_or(VerificationFailure::CertificateKey)
    }

    /// The number that its issuer gave it.
    pub(crate) const fn serial_number(&self) -> IntRef<'a> {
        self.fields.serial_number
    }

    /// The subject's name.
    pub(crate) const fn subject(&self) -> AnyRef<'a> {
        self.fields.subject
    }

    #[cfg(feature = "client")]
    pub(crate) const fn public_key(&self) -> &SubjectPublicKeyInfoRef<'a> {
        &self.fields.public_key
    }

    /// The value of an extension, if the certificate has it.
    pub(crate) fn extension(&self, id: ObjectIdentifier) -> Option<&'a [u8]> {
        let extension = self.find_extension(|extension| extension.id == id).ok()??;
        Some(extension.value.as_bytes())
    }

    fn find_extension(
        &self,
        is_wanted: impl Fn(&Extension<'a>) -> bool,
    ) -> der::Result<Option<Extension<'a>>> {
        self.fields.extensions.sequence(|reader| {
            while !reader.is_finished() {
                let extension = Extension::decode(reader)?;
                if is_wanted(&extension) {
                    // The rest is not wanted, and has been read when the certificate was.
                    reader.read_slice(reader.remaining_len())?;
                    return Ok(Some(extension));
                }
            }
            Ok(None)
        })
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
    AnyRef::new(der::Tag::Sequence, content)
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

/// `rsaEncryption` (RFC 3279 §2.3.1).
pub(crate) const RSA_ENCRYPTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The curve P-256 (RFC 5480 §2.1.1.1).
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

const LAST_MILLISECOND_OF_A_SECOND: Duration = Duration::from_millis(999);
