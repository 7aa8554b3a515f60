//! Do the certificates have Apple's structure?

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_core::Timestamp;
use iap_testkit::{Curves, SigningAuthority};
use x509_cert::{Certificate, der::Decode as _};

use crate::judge::{
    ECDSA_WITH_SHA256, ECDSA_WITH_SHA384, P256_POINT, P384_POINT, public_point, signed_by,
};

fn read(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

/// Leaf, intermediate, root.
fn chain(authority: &SigningAuthority) -> [Certificate; 3] {
    [
        read(authority.leaf_der()),
        read(authority.intermediate_der()),
        read(authority.root_der()),
    ]
}

/// Object identifiers in order, with a `!` after the critical ones.
fn extensions(certificate: &Certificate) -> Vec<String> {
    certificate
        .tbs_certificate()
        .extensions()
        .unwrap()
        .iter()
        .map(|extension| {
            let critical = if extension.critical { "!" } else { "" };
            format!("{}{critical}", extension.extn_id)
        })
        .collect()
}

fn value<'a>(certificate: &'a Certificate, oid: &str) -> &'a [u8] {
    certificate
        .tbs_certificate()
        .extensions()
        .unwrap()
        .iter()
        .find(|extension| extension.extn_id.to_string() == oid)
        .unwrap()
        .extn_value
        .as_bytes()
}

fn holds(certificate: &Certificate, oid: &str, text: &str) -> bool {
    value(certificate, oid)
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[test]
fn every_certificate_has_about_the_size_of_apples() {
    let authority = SigningAuthority::new();
    for (der, size) in [
        (authority.leaf_der(), 1_076),
        (authority.intermediate_der(), 795),
        (authority.root_der(), 583),
    ] {
        let tenth = size / 10;
        assert!(
            (size - tenth..=size + tenth).contains(&der.len()),
            "{} bytes, Apple's has {size}",
            der.len()
        );
    }
}

#[test]
fn extensions_come_in_apples_order_and_the_same_ones_are_critical() {
    let [leaf, intermediate, root] = chain(&SigningAuthority::new());
    assert_eq!(
        extensions(&leaf),
        [
            "2.5.29.19!",
            "2.5.29.35",
            "1.3.6.1.5.5.7.1.1",
            "2.5.29.32",
            "2.5.29.14",
            "2.5.29.15!",
            "1.2.840.113635.100.6.11.1",
        ]
    );
    assert_eq!(
        extensions(&intermediate),
        [
            "2.5.29.19!",
            "2.5.29.35",
            "1.3.6.1.5.5.7.1.1",
            "2.5.29.31",
            "2.5.29.14",
            "2.5.29.15!",
            "1.2.840.113635.100.6.2.1",
        ]
    );
    assert_eq!(extensions(&root), ["2.5.29.14", "2.5.29.19!", "2.5.29.15!"]);
}

#[test]
fn constraints_usages_and_markers_have_apples_values() {
    let [leaf, intermediate, root] = chain(&SigningAuthority::new());
    let null = [0x05, 0x00];
    assert_eq!(value(&leaf, "1.2.840.113635.100.6.11.1"), null);
    assert_eq!(value(&intermediate, "1.2.840.113635.100.6.2.1"), null);
    // CA:FALSE, CA:TRUE with path length 0, CA:TRUE.
    assert_eq!(value(&leaf, "2.5.29.19"), [0x30, 0x00]);
    assert_eq!(
        value(&intermediate, "2.5.29.19"),
        [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0x00]
    );
    assert_eq!(value(&root, "2.5.29.19"), [0x30, 0x03, 0x01, 0x01, 0xFF]);
    // digitalSignature; keyCertSign and cRLSign.
    assert_eq!(value(&leaf, "2.5.29.15"), [0x03, 0x02, 0x07, 0x80]);
    assert_eq!(value(&intermediate, "2.5.29.15"), [0x03, 0x02, 0x01, 0x06]);
    assert_eq!(value(&root, "2.5.29.15"), [0x03, 0x02, 0x01, 0x06]);
}

#[test]
fn every_authority_key_identifier_is_the_subject_key_identifier_of_the_issuer() {
    let [leaf, intermediate, root] = chain(&SigningAuthority::new());
    for (certificate, issuer) in [(&leaf, &intermediate), (&intermediate, &root)] {
        let of_authority = value(certificate, "2.5.29.35");
        let of_subject = value(issuer, "2.5.29.14");
        assert_eq!(of_subject.len(), 22);
        assert!(of_authority.ends_with(&of_subject[2..]));
    }
}

#[test]
fn names_have_common_name_unit_organization_and_country_in_this_order() {
    let [leaf, intermediate, root] = chain(&SigningAuthority::new());
    for (certificate, expected) in [
        (
            &leaf,
            "CN=Test ECC Mac App Store and iTunes Store Receipt Signing,\
             OU=Test Worldwide Developer Relations,O=Test Inc.,C=US",
        ),
        (
            &intermediate,
            "CN=Test Worldwide Developer Relations Certification Authority,\
             OU=G6,O=Test Inc.,C=US",
        ),
        (
            &root,
            "CN=Test Root CA - G3,OU=Test Certification Authority,O=Test Inc.,C=US",
        ),
    ] {
        // RFC 4514 writes a name from its end.
        let text = certificate.tbs_certificate().subject().to_string();
        let mut parts: Vec<&str> = text.split(',').collect();
        parts.reverse();
        assert_eq!(parts.join(","), expected);
    }
}

#[test]
fn serial_numbers_are_as_long_as_apples_and_never_the_same() {
    let serials = |authority: &SigningAuthority| {
        chain(authority).map(|certificate| {
            certificate
                .tbs_certificate()
                .serial_number()
                .as_bytes()
                .to_vec()
        })
    };
    let authority = SigningAuthority::all_p256();
    assert_eq!(serials(&authority).map(|serial| serial.len()), [16, 20, 8]);
    assert_ne!(
        serials(&authority)[0],
        serials(&authority.another_leaf())[0]
    );
}

#[test]
fn every_choice_of_curves_gives_its_keys_and_hashes() {
    for (curves, points, hash) in [
        (
            Curves::AppleLike,
            [P256_POINT, P384_POINT, P384_POINT],
            ECDSA_WITH_SHA384,
        ),
        (
            Curves::AllP256,
            [P256_POINT, P256_POINT, P256_POINT],
            ECDSA_WITH_SHA384,
        ),
        (
            Curves::AllP256WithSha256,
            [P256_POINT, P256_POINT, P256_POINT],
            ECDSA_WITH_SHA256,
        ),
    ] {
        let authority = SigningAuthority::builder().curves(curves).build();
        let certificates = chain(&authority);
        let [leaf, intermediate, root] = &certificates;
        assert_eq!(
            certificates.each_ref().map(|c| public_point(c).len()),
            points
        );
        for (certificate, issuer) in [(leaf, intermediate), (intermediate, root), (root, root)] {
            assert_eq!(certificate.signature_algorithm().oid, hash);
            assert!(signed_by(certificate, issuer), "{curves:?}");
        }
    }
}

#[test]
fn another_leaf_is_issued_by_the_same_intermediate() {
    let authority = SigningAuthority::new();
    let another = authority.another_leaf();
    assert_eq!(another.root_der(), authority.root_der());
    assert_eq!(another.intermediate_der(), authority.intermediate_der());
    assert_ne!(another.leaf_der(), authority.leaf_der());
    assert!(signed_by(
        &read(another.leaf_der()),
        &read(authority.intermediate_der())
    ));
}

#[test]
fn another_intermediate_is_issued_by_the_same_root_under_the_same_name() {
    let authority = SigningAuthority::new();
    let another = authority.another_intermediate();
    assert_eq!(another.root_der(), authority.root_der());
    assert_ne!(another.intermediate_der(), authority.intermediate_der());
    let [leaf, intermediate, root] = chain(&another);
    assert!(signed_by(&leaf, &intermediate));
    assert!(signed_by(&intermediate, &root));
    assert_eq!(
        intermediate.tbs_certificate().subject(),
        chain(&authority)[1].tbs_certificate().subject()
    );
}

#[test]
fn the_private_keys_fit_the_certificates() {
    let authority = SigningAuthority::new();
    let [leaf, intermediate, root] = chain(&authority);
    for (certificate, pkcs8, algorithm) in [
        (
            leaf,
            authority.leaf_key_pkcs8_der(),
            &ECDSA_P256_SHA256_ASN1_SIGNING,
        ),
        (
            intermediate,
            authority.intermediate_key_pkcs8_der(),
            &ECDSA_P384_SHA384_ASN1_SIGNING,
        ),
        (
            root,
            authority.root_key_pkcs8_der(),
            &ECDSA_P384_SHA384_ASN1_SIGNING,
        ),
    ] {
        let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).unwrap();
        assert_eq!(key.public_key().as_ref(), public_point(&certificate));
    }
}

#[test]
fn the_root_in_pem_is_the_root_in_der() {
    let authority = SigningAuthority::new();
    let pem = authority.root_pem();
    assert!(pem.lines().all(|line| line.len() <= 64));
    let text: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    assert_eq!(BASE64_STANDARD.decode(text).unwrap(), authority.root_der());
}

#[test]
fn the_builder_decides_names_validity_and_responders() {
    let day = |text: &str| text.parse::<Timestamp>().unwrap();
    let (from, until) = (day("1970-01-02T03:04:05Z"), day("2051-02-03T04:05:06Z"));
    let authority = SigningAuthority::builder()
        .root_name("My Root")
        .intermediate_name("My Intermediate")
        .leaf_name("My Leaf")
        .root_validity(from, until)
        .intermediate_validity(day("2020-01-01T00:00:00Z"), until)
        .leaf_validity(day("2021-01-01T00:00:00Z"), day("2022-01-01T00:00:00Z"))
        .ocsp_url("http://127.0.0.1:1/leaf", "http://127.0.0.1:1/intermediate")
        .build();
    let [leaf, intermediate, _] = chain(&authority);
    let access = "1.3.6.1.5.5.7.1.1";
    assert!(holds(&leaf, access, "http://127.0.0.1:1/leaf"));
    assert!(holds(
        &intermediate,
        access,
        "http://127.0.0.1:1/intermediate"
    ));
    let validity = leaf.tbs_certificate().validity();
    assert_eq!(validity.not_before.to_string(), "2021-01-01T00:00:00Z");
    assert_eq!(validity.not_after.to_string(), "2022-01-01T00:00:00Z");
    let debug = format!("{authority:?}");
    for name in ["My Root", "My Intermediate", "My Leaf"] {
        assert!(debug.contains(name));
    }
}

#[test]
fn the_default_validity_is_a_wide_window_around_now() {
    let [leaf, intermediate, root] = chain(&SigningAuthority::all_p256());
    let now = std::time::SystemTime::now();
    let year = std::time::Duration::from_secs(365 * 24 * 60 * 60);
    for (certificate, before, after) in [(leaf, 1, 1), (intermediate, 5, 10), (root, 10, 15)] {
        let validity = certificate.tbs_certificate().validity();
        let from = now - year * before;
        let until = now + year * after;
        let minute = std::time::Duration::from_secs(60);
        assert!(validity.not_before.to_system_time() <= from);
        assert!(validity.not_before.to_system_time() >= from - minute);
        assert!(validity.not_after.to_system_time() <= until);
        assert!(validity.not_after.to_system_time() >= until - minute);
    }
}
