//! What each certificate of the chain holds: Apple's structure, extension by extension.
//!
//! Names, key identifiers and addresses are this crate's own; the order of the fields, their
//! encodings and the sizes are those of the certificates that App Store data is signed with.

use core::time::Duration;

use iap_core::Timestamp;
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, Issuer, PublicKeyData,
    SerialNumber, date_time_ymd,
};

use crate::{
    builder::SigningAuthorityBuilder,
    der,
    key::{CertificateSigner, KeyPair, key_identifier},
    system,
};

/// A certificate with what it was made from, so that it can issue others and be made again.
pub(crate) struct Certified {
    pub(crate) params: CertificateParams,
    pub(crate) key: KeyPair,
    pub(crate) der: Vec<u8>,
}

impl Certified {
    pub(crate) fn self_signed(params: CertificateParams, key: KeyPair) -> Self {
        let der = issue(&params, &key, &params, &key);
        Self { params, key, der }
    }

    pub(crate) fn issued_by(issuer: &Self, params: CertificateParams, key: KeyPair) -> Self {
        let der = issue(&params, &key, &issuer.params, &issuer.key);
        Self { params, key, der }
    }

    /// The common name of the subject.
    pub(crate) fn common_name(&self) -> &str {
        match self.params.distinguished_name.get(&DnType::CommonName) {
            Some(DnValue::Utf8String(name)) => name,
            _ => "",
        }
    }
}

/// The certificate that `params` describes for `subject_key`, issued under the name in
/// `issuer_params` and signed with `issuer_key`.
pub(crate) fn issue(
    params: &CertificateParams,
    subject_key: &impl PublicKeyData,
    issuer_params: &CertificateParams,
    issuer_key: &KeyPair,
) -> Vec<u8> {
    let issuer = Issuer::from_params(issuer_params, CertificateSigner(issuer_key));
    params
        .signed_by(subject_key, &issuer)
        .expect("the parameters describe a certificate")
        .der()
        .to_vec()
}

/// The root: what `Apple Root CA - G3` is for real data.
pub(crate) fn root_params(settings: &SigningAuthorityBuilder, key: &KeyPair) -> CertificateParams {
    let name = distinguished_name(&settings.root_name, "Test Certification Authority");
    params::<8>(
        name,
        settings.root_validity,
        vec![
            subject_key_identifier(key),
            is_ca(),
            key_usage(KEY_CERT_SIGN | CRL_SIGN),
        ],
    )
}

/// The intermediate: what Apple's Worldwide Developer Relations authority is for real data.
pub(crate) fn intermediate_params(
    settings: &SigningAuthorityBuilder,
    key: &KeyPair,
    issuer_key: &KeyPair,
) -> CertificateParams {
    let name = distinguished_name(&settings.intermediate_name, "G6");
    params::<20>(
        name,
        settings.intermediate_validity,
        vec![
            is_ca_of_path_length_0(),
            authority_key_identifier(issuer_key),
            extension(
                AUTHORITY_INFORMATION_ACCESS,
                der::sequence(&[access(ACCESS_OCSP, &settings.intermediate_ocsp_url)]),
            ),
            crl_distribution_point("http://crl.example.com/testrootcag3.crl"),
            subject_key_identifier(key),
            key_usage(KEY_CERT_SIGN | CRL_SIGN),
            marker(INTERMEDIATE_MARKER),
        ],
    )
}

/// The leaf: what Apple's receipt signing certificate is for real data.
pub(crate) fn leaf_params(
    settings: &SigningAuthorityBuilder,
    key: &KeyPair,
    issuer_key: &KeyPair,
) -> CertificateParams {
    let name = distinguished_name(&settings.leaf_name, "Test Worldwide Developer Relations");
    params::<16>(
        name,
        settings.leaf_validity,
        vec![
            is_not_ca(),
            authority_key_identifier(issuer_key),
            extension(
                AUTHORITY_INFORMATION_ACCESS,
                der::sequence(&[
                    access(ACCESS_CA_ISSUERS, "http://certs.example.com/testg6.der"),
                    access(ACCESS_OCSP, &settings.leaf_ocsp_url),
                ]),
            ),
            certificate_policies(),
            subject_key_identifier(key),
            key_usage(DIGITAL_SIGNATURE),
            marker(LEAF_MARKER),
        ],
    )
}

/// A certificate with no extension at all, as Xcode signs with.
pub(crate) fn bare_params(
    common_name: &str,
    validity: (Timestamp, Timestamp),
) -> CertificateParams {
    params::<8>(
        distinguished_name(common_name, "Test Tools"),
        validity,
        vec![],
    )
}

/// Sets the first and the last moment that a certificate is valid at.
pub(crate) fn set_validity(params: &mut CertificateParams, (from, until): (Timestamp, Timestamp)) {
    // rcgen takes another crate's date type; sums from a date it makes itself avoid naming it.
    let epoch = date_time_ymd(1970, 1, 1);
    let date = |at: Timestamp| {
        let distance = Duration::from_millis(at.as_millis().unsigned_abs());
        if at < Timestamp::UNIX_EPOCH {
            epoch - distance
        } else {
            epoch + distance
        }
    };
    params.not_before = date(from);
    params.not_after = date(until);
}

/// Puts `extension` in the place of the one with the same object identifier.
pub(crate) fn replace_extension(params: &mut CertificateParams, extension: CustomExtension) {
    let place = params
        .custom_extensions
        .iter_mut()
        .find(|present| present.oid_components().eq(extension.oid_components()))
        .expect("the certificate has such an extension");
    *place = extension;
}

/// Takes the extension with the object identifier `oid` out.
pub(crate) fn remove_extension(params: &mut CertificateParams, oid: &[u64]) {
    params
        .custom_extensions
        .retain(|present| !present.oid_components().eq(oid.iter().copied()));
}

/// An extension that carries nothing but its object identifier: the value is `NULL`.
pub(crate) fn marker(oid: &[u64]) -> CustomExtension {
    extension(oid, der::NULL.to_vec())
}

/// A critical extension.
pub(crate) fn critical(oid: &[u64], content: Vec<u8>) -> CustomExtension {
    let mut extension = extension(oid, content);
    extension.set_criticality(true);
    extension
}

/// Basic constraints of a certificate that may issue others.
pub(crate) fn is_ca() -> CustomExtension {
    critical(BASIC_CONSTRAINTS, der::sequence(&[der::TRUE.to_vec()]))
}

/// Basic constraints of a certificate that may issue others, which may not.
pub(crate) fn is_ca_of_path_length_0() -> CustomExtension {
    critical(
        BASIC_CONSTRAINTS,
        der::sequence(&[der::TRUE.to_vec(), der::ZERO.to_vec()]),
    )
}

/// Basic constraints of a certificate that may not issue others.
pub(crate) fn is_not_ca() -> CustomExtension {
    critical(BASIC_CONSTRAINTS, der::sequence(&[]))
}

/// A critical extension that no verifier can know, and so none may accept.
pub(crate) fn unknown_critical_extension() -> CustomExtension {
    critical(UNKNOWN_EXTENSION, der::NULL.to_vec())
}

/// What the key may be used for: a sum of the bits below.
pub(crate) fn key_usage(bits: u8) -> CustomExtension {
    critical(KEY_USAGE, der::named_bits(bits))
}

/// Which key signed the certificate.
pub(crate) fn authority_key_identifier(issuer_key: &KeyPair) -> CustomExtension {
    let key_identifier = der::value(0x80, &key_identifier(issuer_key.public_point()));
    extension(AUTHORITY_KEY_IDENTIFIER, der::sequence(&[key_identifier]))
}

pub(crate) fn extension(oid: &[u64], content: Vec<u8>) -> CustomExtension {
    CustomExtension::from_oid_content(oid, content)
}

/// Which key the certificate is for.
pub(crate) fn subject_key_identifier(key: &impl PublicKeyData) -> CustomExtension {
    let identifier = key_identifier(key.der_bytes());
    extension(SUBJECT_KEY_IDENTIFIER, der::octet_string(&identifier))
}

pub(crate) fn access(method: &[u64], url: &str) -> Vec<u8> {
    der::sequence(&[der::object_identifier(method), der::uri(url)])
}

pub(crate) fn crl_distribution_point(url: &str) -> CustomExtension {
    let full_name = der::value(0xA0, &der::value(0xA0, &der::uri(url)));
    extension(
        CRL_DISTRIBUTION_POINTS,
        der::sequence(&[der::sequence(&[full_name])]),
    )
}

fn certificate_policies() -> CustomExtension {
    let notice = der::sequence(&[
        der::object_identifier(QUALIFIER_USER_NOTICE),
        der::sequence(&[der::utf8_string(USER_NOTICE)]),
    ]);
    let practice_statement = der::sequence(&[
        der::object_identifier(QUALIFIER_PRACTICE_STATEMENT),
        der::ia5_string("http://www.example.com/certificateauthority"),
    ]);
    let policy = der::sequence(&[
        der::object_identifier(TEST_POLICY),
        der::sequence(&[notice, practice_statement]),
    ]);
    extension(CERTIFICATE_POLICIES, der::sequence(&[policy]))
}

pub(crate) fn params<const SERIAL_BYTES: usize>(
    name: DistinguishedName,
    validity: (Timestamp, Timestamp),
    extensions: Vec<CustomExtension>,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.serial_number = Some(serial_number::<SERIAL_BYTES>());
    params.distinguished_name = name;
    params.custom_extensions = extensions;
    set_validity(&mut params, validity);
    params
}

/// A positive number of exactly `BYTES` bytes.
fn serial_number<const BYTES: usize>() -> SerialNumber {
    let mut serial = system::bytes::<BYTES>();
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7F) | 0x40;
    }
    SerialNumber::from_slice(&serial)
}

fn distinguished_name(common_name: &str, unit: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name.push(DnType::OrganizationalUnitName, unit);
    name.push(DnType::OrganizationName, "Test Inc.");
    let country = "US".try_into().expect("two printable letters");
    name.push(DnType::CountryName, DnValue::PrintableString(country));
    name
}

/// The extension by which Apple marks a receipt signing certificate.
pub(crate) const LEAF_MARKER: &[u64] = &[1, 2, 840, 113_635, 100, 6, 11, 1];
/// The extension by which Apple marks its Worldwide Developer Relations intermediate.
pub(crate) const INTERMEDIATE_MARKER: &[u64] = &[1, 2, 840, 113_635, 100, 6, 2, 1];
/// A neighbour of [`LEAF_MARKER`].
pub(crate) const OTHER_LEAF_MARKER: &[u64] = &[1, 2, 840, 113_635, 100, 6, 11, 2];
/// A neighbour of [`INTERMEDIATE_MARKER`].
pub(crate) const OTHER_INTERMEDIATE_MARKER: &[u64] = &[1, 2, 840, 113_635, 100, 6, 2, 2];

pub(crate) const DIGITAL_SIGNATURE: u8 = 0b1000_0000;
pub(crate) const KEY_AGREEMENT: u8 = 0b0000_1000;
pub(crate) const KEY_CERT_SIGN: u8 = 0b0000_0100;
pub(crate) const CRL_SIGN: u8 = 0b0000_0010;

const SUBJECT_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 14];
pub(crate) const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
const CRL_DISTRIBUTION_POINTS: &[u64] = &[2, 5, 29, 31];
pub(crate) const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
pub(crate) const AUTHORITY_INFORMATION_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
pub(crate) const ACCESS_OCSP: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1];
pub(crate) const ACCESS_CA_ISSUERS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 2];
const QUALIFIER_PRACTICE_STATEMENT: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 2, 1];
const QUALIFIER_USER_NOTICE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 2, 2];

/// Below 1.3.6.1.4.1.32473, the arc that RFC 5612 reserves for examples.
const TEST_POLICY: &[u64] = &[1, 3, 6, 1, 4, 1, 32_473, 1];
const UNKNOWN_EXTENSION: &[u64] = &[1, 3, 6, 1, 4, 1, 32_473, 2];

/// As long as the notice in Apple's certificate, so that the sizes agree.
const USER_NOTICE: &str = "This certificate was made by a program for the tests of another \
    program. It vouches for nothing and for nobody, it is worth nothing, and its private key may \
    be known to everyone.";
