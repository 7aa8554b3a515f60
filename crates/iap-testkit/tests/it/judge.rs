//! What is wrong with a JWS? A small verifier that, unlike a real one, goes on after the first
//! fault, so that a forgery can be shown to have no other.

use std::collections::BTreeSet;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA384_ASN1,
    ECDSA_P384_SHA384_ASN1, EcdsaVerificationAlgorithm, UnparsedPublicKey,
};
use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use iap_core::Timestamp;
use iap_testkit::SigningAuthority;
use serde_json::Value;
use x509_cert::{
    Certificate,
    der::{Decode as _, Encode as _, asn1::ObjectIdentifier},
    ext::pkix::{BasicConstraints, KeyUsage},
};

/// A rule of verification that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    Algorithm,
    BasicConstraints,
    CertificateDates,
    CertificateList,
    CertificateSignature,
    CertificateText,
    CriticalExtension,
    CriticalHeader,
    Header,
    IssuerName,
    KeyUsage,
    LeafCurve,
    Marker,
    Payload,
    SegmentCount,
    SegmentText,
    Signature,
}

/// Everything that is wrong with `jws` for a verifier that trusts the root of `authority`.
pub(crate) fn faults(jws: &str, authority: &SigningAuthority, at: Timestamp) -> BTreeSet<Fault> {
    let segments: Vec<&str> = jws.split('.').collect();
    let [header, payload, signature] = segments[..] else {
        return BTreeSet::from([Fault::SegmentCount]);
    };
    let mut faults = BTreeSet::new();
    let mut require = |holds: bool, fault: Fault| {
        if !holds {
            faults.insert(fault);
        }
    };

    for segment in [header, payload, signature] {
        require(
            BASE64_URL_SAFE_NO_PAD.decode(segment).is_ok(),
            Fault::SegmentText,
        );
    }
    let header_json = tolerant(header);
    let members: Value = serde_json::from_slice(&header_json).unwrap_or_default();
    let names_alg_once = String::from_utf8_lossy(&header_json)
        .matches(r#""alg":"#)
        .count()
        <= 1;
    require(members.is_object() && names_alg_once, Fault::Header);
    if members.is_object() {
        require(members["alg"] == "ES256", Fault::Algorithm);
        require(members.get("crit").is_none(), Fault::CriticalHeader);
        let entries = members["x5c"].as_array().cloned().unwrap_or_default();
        require(
            entries.len() == 3 && entries.iter().all(Value::is_string),
            Fault::CertificateList,
        );
    }

    let certificates: Vec<&str> = members["x5c"]
        .as_array()
        .map(|entries| entries.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    // Where a certificate is unreadable the honest one is judged in its place.
    let mut read = |position: usize, honest: &[u8]| {
        let Some(text) = certificates.get(position) else {
            return Certificate::from_der(honest).unwrap();
        };
        let certificate = BASE64_STANDARD
            .decode(text)
            .ok()
            .and_then(|der| Certificate::from_der(&der).ok());
        require(certificate.is_some(), Fault::CertificateText);
        certificate.unwrap_or_else(|| Certificate::from_der(honest).unwrap())
    };
    let leaf = read(0, authority.leaf_der());
    let intermediate = read(1, authority.intermediate_der());
    let root = Certificate::from_der(authority.root_der()).unwrap();
    for fault in chain_faults([&leaf, &intermediate, &root], at) {
        require(false, fault);
    }

    let leaf_is_p256 = public_point(&leaf).len() == P256_POINT;
    require(leaf_is_p256, Fault::LeafCurve);
    if leaf_is_p256 {
        // Whitespace around the JWS is a fault of its own and was not signed.
        let input = format!("{}.{payload}", header.trim());
        let holds = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public_point(&leaf))
            .verify(input.as_bytes(), &tolerant(signature))
            .is_ok();
        require(holds, Fault::Signature);
    }
    let payload = serde_json::from_slice::<Value>(&tolerant(payload));
    require(payload.is_ok_and(|json| json.is_object()), Fault::Payload);
    faults
}

/// Everything that is wrong with a chain that has to end in the last certificate.
fn chain_faults([leaf, intermediate, root]: [&Certificate; 3], at: Timestamp) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (certificate, issuer) in [(leaf, intermediate), (intermediate, root)] {
        let tbs = certificate.tbs_certificate();
        if tbs.issuer() != issuer.tbs_certificate().subject() {
            faults.push(Fault::IssuerName);
        }
        if !signed_by(certificate, issuer) {
            faults.push(Fault::CertificateSignature);
        }
        let seconds = u64::try_from(at.as_millis() / 1000).unwrap();
        let from = tbs.validity().not_before.to_unix_duration().as_secs();
        let until = tbs.validity().not_after.to_unix_duration().as_secs();
        if !(from..=until).contains(&seconds) {
            faults.push(Fault::CertificateDates);
        }
        let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
        if extensions
            .iter()
            .any(|extension| extension.critical && !KNOWN.contains(&extension.extn_id))
        {
            faults.push(Fault::CriticalExtension);
        }
    }
    for (certificate, marker, is_ca) in [
        (leaf, LEAF_MARKER, false),
        (intermediate, INTERMEDIATE_MARKER, true),
    ] {
        let tbs = certificate.tbs_certificate();
        let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
        // Xcode's certificate has no extensions at all; that it comes alone is fault enough.
        if extensions.is_empty() {
            continue;
        }
        if !extensions.iter().any(|present| present.extn_id == marker) {
            faults.push(Fault::Marker);
        }
        let (_, constraints) = tbs.get_extension::<BasicConstraints>().unwrap().unwrap();
        if constraints.ca != is_ca {
            faults.push(Fault::BasicConstraints);
        }
        let (_, usage) = tbs.get_extension::<KeyUsage>().unwrap().unwrap();
        let fits = if is_ca {
            usage.key_cert_sign()
        } else {
            usage.digital_signature()
        };
        if !fits {
            faults.push(Fault::KeyUsage);
        }
    }
    faults
}

/// Whether the signature on `certificate` is by the key of `issuer`.
pub(crate) fn signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    let key = public_point(issuer);
    let algorithm: &EcdsaVerificationAlgorithm =
        match (key.len(), certificate.signature_algorithm().oid) {
            (P256_POINT, ECDSA_WITH_SHA256) => &ECDSA_P256_SHA256_ASN1,
            (P256_POINT, ECDSA_WITH_SHA384) => &ECDSA_P256_SHA384_ASN1,
            (P384_POINT, ECDSA_WITH_SHA384) => &ECDSA_P384_SHA384_ASN1,
            _ => return false,
        };
    UnparsedPublicKey::new(algorithm, key)
        .verify(
            &certificate.tbs_certificate().to_der().unwrap(),
            certificate.signature().raw_bytes(),
        )
        .is_ok()
}

/// The subject's key as an uncompressed point.
pub(crate) fn public_point(certificate: &Certificate) -> &[u8] {
    certificate
        .tbs_certificate()
        .subject_public_key_info()
        .subject_public_key
        .raw_bytes()
}

/// Decodes what a lenient reader would make of a segment.
fn tolerant(segment: &str) -> Vec<u8> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let text: String = segment
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '+' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    GeneralPurpose::new(&URL_SAFE, config)
        .decode(text)
        .unwrap_or_default()
}

pub(crate) const LEAF_MARKER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113635.100.6.11.1");
pub(crate) const INTERMEDIATE_MARKER: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113635.100.6.2.1");
pub(crate) const ECDSA_WITH_SHA256: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
pub(crate) const ECDSA_WITH_SHA384: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// Basic constraints and key usage.
const KNOWN: [ObjectIdentifier; 2] = [
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.15"),
];

/// Bytes of an uncompressed point.
pub(crate) const P256_POINT: usize = 65;
pub(crate) const P384_POINT: usize = 97;
