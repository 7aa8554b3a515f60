//! Whom a verifier trusts: by default Apple's roots, and nobody else.

use core::fmt;

use der::Decode;
use iap_core::Timestamp;
use rustls_pki_types::{CertificateDer, Der, pem::PemObject};
use webpki::anchor_from_trusted_cert;
use x509_cert::ext::pkix::BasicConstraints;

use crate::{
    config::ConfigurationError,
    jws::{EC_PUBLIC_KEY, RSA_ENCRYPTION, Validity, name_of},
};

/// A root that chains must lead to: its name, its key and its validity.
///
/// Chains are matched by name and key, not by certificate: a root may exist in several
/// certificates, and the one in the data is not looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustAnchor {
    anchor: rustls_pki_types::TrustAnchor<'static>,
    validity: Validity,
    key: AnchorKey,
}

/// What kind of key an anchor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnchorKey {
    Ec,
    Rsa,
}

impl TrustAnchor {
    /// Apple Root CA - G3, under which the App Store signs everything but legacy receipts. Valid
    /// until 2039-04-30.
    ///
    /// Built in, so that no certificate has to be downloaded or configured. The certificate is on
    /// <https://www.apple.com/certificateauthority/>; its SHA-256 fingerprint is
    /// `63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179`.
    #[must_use]
    pub fn apple_root_ca_g3() -> Self {
        Self {
            anchor: rustls_pki_types::TrustAnchor {
                subject: Der::from_slice(APPLE_ROOT_CA_G3_SUBJECT),
                subject_public_key_info: Der::from_slice(APPLE_ROOT_CA_G3_PUBLIC_KEY),
                name_constraints: None,
            },
            validity: APPLE_ROOT_CA_G3_VALIDITY,
            key: AnchorKey::Ec,
        }
    }

    /// Apple Root CA, under which the App Store signs legacy receipts. Valid until 2035-02-09.
    ///
    /// Built in for a [`ReceiptVerifier`](crate::ReceiptVerifier). The certificate is on
    /// <https://www.apple.com/certificateauthority/> as Apple Inc. Root; its SHA-256 fingerprint is
    /// `b0b1730ecbc7ff4505142c49f1295e6eda6bcaed7e2c68c5be91b5a11001f024`.
    #[must_use]
    pub fn apple_root_ca() -> Self {
        Self {
            anchor: rustls_pki_types::TrustAnchor {
                subject: Der::from_slice(APPLE_ROOT_CA_SUBJECT),
                subject_public_key_info: Der::from_slice(APPLE_ROOT_CA_PUBLIC_KEY),
                name_constraints: None,
            },
            validity: APPLE_ROOT_CA_VALIDITY,
            key: AnchorKey::Rsa,
        }
    }

    /// A root from its certificate in DER, or in PEM (recognised by itself).
    ///
    /// For test hierarchies, such as that of `iap-testkit`. Where a PEM text has several
    /// certificates, the first one counts.
    ///
    /// # Errors
    ///
    /// [`ConfigurationError::TrustAnchor`] if it is not a certificate of an authority with an EC or RSA
    /// key.
    pub fn from_certificate(certificate: impl AsRef<[u8]>) -> Result<Self, ConfigurationError> {
        let bytes = certificate.as_ref();
        if bytes.first() == Some(&DER_SEQUENCE) {
            return Self::from_der(bytes);
        }
        let certificate = CertificateDer::from_pem_slice(bytes)
            .map_err(|error| unusable(format!("neither DER nor PEM: {error}")))?;
        Self::from_der(&certificate)
    }

    fn from_der(der: &[u8]) -> Result<Self, ConfigurationError> {
        let certificate = x509_cert::Certificate::from_der(der)
            .map_err(|error| unusable(format!("not an X.509 certificate: {error}")))?;
        let certificate = certificate.tbs_certificate();
        // Version 1 certificates have no extensions; a root may be one.
        if let Ok(Some((_, constraints))) = certificate.get_extension::<BasicConstraints>()
            && !constraints.ca
        {
            return Err(unusable(
                "not the certificate of an authority (CA is false)".into(),
            ));
        }
        let key = match certificate.subject_public_key_info().algorithm.oid {
            EC_PUBLIC_KEY => AnchorKey::Ec,
            RSA_ENCRYPTION => AnchorKey::Rsa,
            oid => return Err(unusable(format!("its key is of type {oid}, not EC or RSA"))),
        };
        let anchor = anchor_from_trusted_cert(&CertificateDer::from(der))
            .map_err(|error| unusable(error.to_string()))?
            .to_owned();
        Ok(Self {
            anchor,
            validity: Validity::of(certificate.validity()),
            key,
        })
    }

    /// The content of the subject name (its DER without tag and length).
    pub(crate) fn subject(&self) -> &[u8] {
        &self.anchor.subject
    }

    pub(crate) fn validity(&self) -> Validity {
        self.validity
    }

    pub(crate) const fn key(&self) -> AnchorKey {
        self.key
    }

    pub(crate) fn as_webpki(&self) -> &rustls_pki_types::TrustAnchor<'static> {
        &self.anchor
    }
}

impl fmt::Debug for TrustAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustAnchor")
            .field("subject", &name_of(self.subject()))
            .field("not_before", &self.validity.not_before)
            .field("not_after", &self.validity.not_after)
            .finish_non_exhaustive()
    }
}

fn unusable(reason: String) -> ConfigurationError {
    ConfigurationError::TrustAnchor { reason }
}

/// The tag that every certificate in DER begins with.
const DER_SEQUENCE: u8 = 0x30;

/// `CN=Apple Root CA - G3, OU=Apple Certification Authority, O=Apple Inc., C=US`: four relative
/// names (a SET of a SEQUENCE of type and text each), as the certificate has them.
const APPLE_ROOT_CA_G3_SUBJECT: &[u8] = b"\
    \x31\x1b\x30\x19\x06\x03\x55\x04\x03\x0c\x12Apple Root CA - G3\
    \x31\x26\x30\x24\x06\x03\x55\x04\x0b\x0c\x1dApple Certification Authority\
    \x31\x13\x30\x11\x06\x03\x55\x04\x0a\x0c\x0aApple Inc.\
    \x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02US";

/// The public key on P-384: its algorithm and its point.
const APPLE_ROOT_CA_G3_PUBLIC_KEY: &[u8] = &[
    0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04,
    0x00, 0x22, 0x03, 0x62, 0x00, 0x04, 0x98, 0xe9, 0x2f, 0x3d, 0x40, 0x72, 0xa4, 0xed, 0x93, 0x22,
    0x72, 0x81, 0x13, 0x1c, 0xdd, 0x10, 0x95, 0xf1, 0xc5, 0xa3, 0x4e, 0x71, 0xdc, 0x14, 0x16, 0xd9,
    0x0e, 0xe5, 0xa6, 0x05, 0x2a, 0x77, 0x64, 0x7b, 0x5f, 0x4e, 0x38, 0xd3, 0xbb, 0x1c, 0x44, 0xb5,
    0x7f, 0xf5, 0x1f, 0xb6, 0x32, 0x62, 0x5d, 0xc9, 0xe9, 0x84, 0x5b, 0x4f, 0x30, 0x4f, 0x11, 0x5a,
    0x00, 0xfd, 0x58, 0x58, 0x0c, 0xa5, 0xf5, 0x0f, 0x2c, 0x4d, 0x07, 0x47, 0x13, 0x75, 0xda, 0x97,
    0x97, 0x97, 0x6f, 0x31, 0x5c, 0xed, 0x2b, 0x9d, 0x7b, 0x20, 0x3b, 0xd8, 0xb9, 0x54, 0xd9, 0x5e,
    0x99, 0xa4, 0x3a, 0x51, 0x0a, 0x31,
];

/// 2014-04-30T18:19:06Z to 2039-04-30T18:19:06Z.
const APPLE_ROOT_CA_G3_VALIDITY: Validity = Validity {
    not_before: Timestamp::from_seconds(1_398_881_946),
    not_after: Timestamp::from_millis(2_187_800_346_999),
};

/// `CN=Apple Root CA, OU=Apple Certification Authority, O=Apple Inc., C=US`, in the order and
/// encoding of the certificate.
const APPLE_ROOT_CA_SUBJECT: &[u8] = b"\
    \x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02US\
    \x31\x13\x30\x11\x06\x03\x55\x04\x0a\x13\x0aApple Inc.\
    \x31\x26\x30\x24\x06\x03\x55\x04\x0b\x13\x1dApple Certification Authority\
    \x31\x16\x30\x14\x06\x03\x55\x04\x03\x13\x0dApple Root CA";

/// The public key, RSA of 2048 bits: its algorithm, and modulus and exponent 65537.
///
/// From public copies of the certificate, which agree byte by byte with each other and with the one
/// in receipts that Apple signed, and have the fingerprint that Apple's certificate is known by;
/// such receipts verify under it. With its header `30820122` it has the SHA-256
/// `eb4993efa9b089e593418aa893f8e93a7374d810e52fcbe01e7f1d7e92a6d024`.
const APPLE_ROOT_CA_PUBLIC_KEY: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03,
    0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00, 0xe4, 0x91, 0xa9,
    0x09, 0x1f, 0x91, 0xdb, 0x1e, 0x47, 0x50, 0xeb, 0x05, 0xed, 0x5e, 0x79, 0x84, 0x2d, 0xeb, 0x36,
    0xa2, 0x57, 0x4c, 0x55, 0xec, 0x8b, 0x19, 0x89, 0xde, 0xf9, 0x4b, 0x6c, 0xf5, 0x07, 0xab, 0x22,
    0x30, 0x02, 0xe8, 0x18, 0x3e, 0xf8, 0x50, 0x09, 0xd3, 0x7f, 0x41, 0xa8, 0x98, 0xf9, 0xd1, 0xca,
    0x66, 0x9c, 0x24, 0x6b, 0x11, 0xd0, 0xa3, 0xbb, 0xe4, 0x1b, 0x2a, 0xc3, 0x1f, 0x95, 0x9e, 0x7a,
    0x0c, 0xa4, 0x47, 0x8b, 0x5b, 0xd4, 0x16, 0x37, 0x33, 0xcb, 0xc4, 0x0f, 0x4d, 0xce, 0x14, 0x69,
    0xd1, 0xc9, 0x19, 0x72, 0xf5, 0x5d, 0x0e, 0xd5, 0x7f, 0x5f, 0x9b, 0xf2, 0x25, 0x03, 0xba, 0x55,
    0x8f, 0x4d, 0x5d, 0x0d, 0xf1, 0x64, 0x35, 0x23, 0x15, 0x4b, 0x15, 0x59, 0x1d, 0xb3, 0x94, 0xf7,
    0xf6, 0x9c, 0x9e, 0xcf, 0x50, 0xba, 0xc1, 0x58, 0x50, 0x67, 0x8f, 0x08, 0xb4, 0x20, 0xf7, 0xcb,
    0xac, 0x2c, 0x20, 0x6f, 0x70, 0xb6, 0x3f, 0x01, 0x30, 0x8c, 0xb7, 0x43, 0xcf, 0x0f, 0x9d, 0x3d,
    0xf3, 0x2b, 0x49, 0x28, 0x1a, 0xc8, 0xfe, 0xce, 0xb5, 0xb9, 0x0e, 0xd9, 0x5e, 0x1c, 0xd6, 0xcb,
    0x3d, 0xb5, 0x3a, 0xad, 0xf4, 0x0f, 0x0e, 0x00, 0x92, 0x0b, 0xb1, 0x21, 0x16, 0x2e, 0x74, 0xd5,
    0x3c, 0x0d, 0xdb, 0x62, 0x16, 0xab, 0xa3, 0x71, 0x92, 0x47, 0x53, 0x55, 0xc1, 0xaf, 0x2f, 0x41,
    0xb3, 0xf8, 0xfb, 0xe3, 0x70, 0xcd, 0xe6, 0xa3, 0x4c, 0x45, 0x7e, 0x1f, 0x4c, 0x6b, 0x50, 0x96,
    0x41, 0x89, 0xc4, 0x74, 0x62, 0x0b, 0x10, 0x83, 0x41, 0x87, 0x33, 0x8a, 0x81, 0xb1, 0x30, 0x58,
    0xec, 0x5a, 0x04, 0x32, 0x8c, 0x68, 0xb3, 0x8f, 0x1d, 0xde, 0x65, 0x73, 0xff, 0x67, 0x5e, 0x65,
    0xbc, 0x49, 0xd8, 0x76, 0x9f, 0x33, 0x14, 0x65, 0xa1, 0x77, 0x94, 0xc9, 0x2d, 0x02, 0x03, 0x01,
    0x00, 0x01,
];

/// 2006-04-25T21:40:36Z to 2035-02-09T21:40:36Z.
const APPLE_ROOT_CA_VALIDITY: Validity = Validity {
    not_before: Timestamp::from_seconds(1_146_001_236),
    not_after: Timestamp::from_millis(2_054_670_036_999),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_root_has_the_name_and_dates_that_apple_publishes() {
        let root = TrustAnchor::apple_root_ca_g3();
        let debug = format!("{root:?}");
        for expected in [
            "C=US,O=Apple Inc.,OU=Apple Certification Authority,CN=Apple Root CA - G3",
            "2014-04-30T18:19:06.000Z",
            "2039-04-30T18:19:06.999Z",
        ] {
            assert!(debug.contains(expected), "{expected} in {debug}");
        }
    }

    #[test]
    fn the_built_in_root_of_receipts_has_the_name_dates_and_key_that_apple_publishes() {
        let root = TrustAnchor::apple_root_ca();
        let debug = format!("{root:?}");
        for expected in [
            "CN=Apple Root CA,OU=Apple Certification Authority,O=Apple Inc.,C=US",
            "2006-04-25T21:40:36.000Z",
            "2035-02-09T21:40:36.999Z",
        ] {
            assert!(debug.contains(expected), "{expected} in {debug}");
        }
        let info = [b"\x30\x82\x01\x22", APPLE_ROOT_CA_PUBLIC_KEY].concat();
        let digest: String = crate::crypto::sha256(&info)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            digest,
            "eb4993efa9b089e593418aa893f8e93a7374d810e52fcbe01e7f1d7e92a6d024"
        );
    }

    #[test]
    fn what_is_no_certificate_is_refused_with_a_reason() {
        for bytes in [
            &b""[..],
            b"abc123",
            b"\x30\x03abc",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n",
        ] {
            let error = TrustAnchor::from_certificate(bytes).unwrap_err();
            assert!(
                matches!(error, ConfigurationError::TrustAnchor { .. }),
                "{error}"
            );
        }
    }
}
