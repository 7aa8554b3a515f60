//! Which receipts verify, and which check does every other fail?

use std::sync::Arc;

use iap_core::{Error, ErrorKind, FixedClock, Rejection};
use rustls_pki_types::SignatureVerificationAlgorithm;

use super::{
    der::{PARTS, algorithm, ia5, indefinite, integer, octets, sequence, utf8},
    key::{Hash, RSA_KEYS},
    maker::{
        APP_APPLE_ID, BUNDLE_ID, CREATED, Certificate, EC_AUTHORITY, LEAF_MARKER, NOW, RSA_ROOT,
        Receipt, SignedAttributes, VERIFIER, attribute, builder, check, with,
    },
};
use crate::{
    App, CertificateRole, ConfigurationError, Environment, ReceiptError, ReceiptVerifier,
    SignedDataVerifier, StructureProblem, TrustAnchor, VerificationFailure,
    crypto::RECEIPT_RSA_SHA1,
};

#[test]
fn receipts_verify_with_every_kind_of_key_and_of_signature() {
    let accepts_sha1 = builder().accept_sha1().build().unwrap();
    for (receipt, verifier) in [
        (Receipt::rsa(), &*VERIFIER),
        (Receipt::ec(), &VERIFIER),
        (Receipt::rsa(), &accepts_sha1),
        (Receipt::sha1(), &accepts_sha1),
    ] {
        for signed_attributes in [SignedAttributes::None, SignedAttributes::Honest] {
            let receipt = Receipt {
                signed_attributes,
                ..receipt.clone()
            };
            let verified = verifier.verify(&receipt.base64()).unwrap();
            assert_eq!(verified.environment(), Environment::Production);
            assert_eq!(verified.created_at(), CREATED.parse().unwrap());
            assert_eq!(verified.in_app.len(), 2);
            assert_eq!(verified.clone().into_receipt(), *verified.receipt());
        }
    }
}

#[test]
fn the_signature_algorithm_may_name_the_digest_too() {
    let named = algorithm("1.2.840.113549.1.1.11");
    let receipt = Receipt {
        signature_algorithm: named,
        ..Receipt::rsa()
    };
    assert_eq!(check(&receipt), "none");
    let named = algorithm("1.2.840.113549.1.1.5");
    let receipt = Receipt {
        signature_algorithm: named,
        ..Receipt::sha1()
    };
    builder()
        .accept_sha1()
        .build()
        .unwrap()
        .verify(&receipt.base64())
        .unwrap();
}

#[test]
fn a_receipt_verifies_in_ber_as_in_der() {
    let content = Receipt::rsa().content;
    let (first, second) = content.split_at(200);
    let in_parts = indefinite(PARTS, &[octets(first), octets(second)].concat());
    for signed_attributes in [SignedAttributes::None, SignedAttributes::Honest] {
        let receipt = Receipt {
            wrapped_content: Some(in_parts.clone()),
            signed_attributes,
            write: indefinite,
            ..Receipt::rsa()
        };
        let verified = VERIFIER.verify(&receipt.base64()).unwrap();
        assert_eq!(verified, VERIFIER.verify(&Receipt::rsa().base64()).unwrap());
    }
}

#[test]
fn certificates_that_nobody_needs_are_not_looked_at() {
    let chain = Receipt::rsa().certificates;
    let other_leaf = Certificate {
        serial_number: 77,
        ..Certificate::leaf()
    }
    .der();
    let expired = ["200101000000Z", "210101000000Z"];
    let other_issuer = Certificate {
        validity: expired,
        key: 3,
        ..Certificate::intermediate()
    };
    for certificates in [
        vec![chain[1].clone(), chain[0].clone()],
        vec![chain[0].clone(), chain[1].clone(), RSA_ROOT.clone()],
        vec![
            sequence(&[]),
            integer(5),
            chain[0].clone(),
            chain[1].clone(),
        ],
        vec![
            other_leaf,
            chain[0].clone(),
            other_issuer.der(),
            chain[1].clone(),
        ],
    ] {
        assert_eq!(
            check(&Receipt {
                certificates,
                ..Receipt::rsa()
            }),
            "none"
        );
    }
}

#[test]
fn sha1_is_refused_unless_it_is_accepted() {
    assert_eq!(
        VERIFIER.verify(&Receipt::sha1().base64()),
        Err(ReceiptError::Sha1)
    );
    let sha1 = Hash::Sha1;
    for receipt in [
        Receipt::with_leaf(Certificate {
            hash: sha1,
            ..Certificate::leaf()
        }),
        Receipt::with_intermediate(Certificate {
            hash: sha1,
            ..Certificate::intermediate()
        }),
        Receipt {
            hash: sha1,
            ..Receipt::rsa()
        },
    ] {
        assert_eq!(VERIFIER.verify(&receipt.base64()), Err(ReceiptError::Sha1));
        builder()
            .accept_sha1()
            .build()
            .unwrap()
            .verify(&receipt.base64())
            .unwrap();
    }
    let forged = Receipt {
        key: &RSA_KEYS[3],
        ..Receipt::sha1()
    }
    .base64();
    let error = builder()
        .accept_sha1()
        .build()
        .unwrap()
        .verify(&forged)
        .unwrap_err();
    assert_eq!(error, ReceiptError::Signature);
}

#[test]
fn rsa_with_sha1_is_offered_to_path_building_under_its_own_name() {
    let [algorithm] = RECEIPT_RSA_SHA1 else {
        panic!("one algorithm")
    };
    let algorithm: &dyn SignatureVerificationAlgorithm = *algorithm;
    let expected = super::der::algorithm("1.2.840.113549.1.1.5");
    assert_eq!(algorithm.signature_alg_id().as_ref(), &expected[2..]);
}

#[test]
fn a_chain_under_another_root_is_refused() {
    let apple = ReceiptVerifier::builder()
        .app(App::new(BUNDLE_ID, APP_APPLE_ID))
        .environment(Environment::Production)
        .build()
        .unwrap();
    for receipt in [Receipt::rsa(), Receipt::ec()] {
        let error = apple.verify(&receipt.base64()).unwrap_err();
        assert_eq!(error.check(), "untrusted_root");
    }
    let ec_only = TrustAnchor::from_certificate(EC_AUTHORITY.root_der()).unwrap();
    let ec_only = builder().trust_anchors([ec_only]).build().unwrap();
    assert_eq!(
        ec_only
            .verify(&Receipt::rsa().base64())
            .unwrap_err()
            .check(),
        "untrusted_root"
    );
    ec_only.verify(&Receipt::ec().base64()).unwrap();
}

#[test]
fn certificates_are_judged_at_the_creation_date() {
    let created = |text: &str| Receipt::of(with(12, Some(attribute(12, &ia5(text)))));
    for (text, expected) in [
        ("2025-12-31T23:59:59Z", "certificate_not_yet_valid"),
        ("2026-01-01T00:00:00Z", "none"),
    ] {
        assert_eq!(check(&created(text)), expected, "{text}");
    }
    // Long after all of them have expired, what was signed before still verifies.
    let later = FixedClock::new("2050-01-01T00:00:00Z".parse().unwrap());
    let later = builder().clock(Arc::new(later)).build().unwrap();
    for (text, expected) in [
        ("2027-01-01T00:00:00Z", "none"),
        ("2027-01-01T00:00:01Z", "certificate_expired"),
    ] {
        let found = later.verify(&created(text).base64());
        assert_eq!(
            found.map_or_else(|it| it.check(), |_| "none"),
            expected,
            "{text}"
        );
    }
    let role = |receipt: &Receipt| match later.verify(&receipt.base64()) {
        Err(ReceiptError::Certificate(VerificationFailure::CertificateExpired {
            role, ..
        })) => role,
        other => panic!("{other:?}"),
    };
    let validity = ["250101000000Z", "260201000000Z"];
    let leaf = Receipt::with_leaf(Certificate {
        validity,
        ..Certificate::leaf()
    });
    assert_eq!(role(&leaf), CertificateRole::Leaf);
    let intermediate = Certificate {
        validity,
        ..Certificate::intermediate()
    };
    assert_eq!(
        role(&Receipt::with_intermediate(intermediate)),
        CertificateRole::Intermediate
    );
}

#[test]
fn a_root_that_had_expired_is_refused() {
    let validity = ["060101000000Z", "260101000000Z"];
    let root = Certificate {
        validity,
        ..Certificate::root()
    }
    .der();
    let anchor = TrustAnchor::from_certificate(root).unwrap();
    let verifier = builder().trust_anchors([anchor]).build().unwrap();
    let error = verifier.verify(&Receipt::rsa().base64()).unwrap_err();
    assert_eq!(error.check(), "certificate_expired");
}

#[test]
fn a_receipt_must_have_a_creation_date_that_is_not_in_the_future() {
    for without in [with(12, None), with(12, Some(attribute(12, &ia5(""))))] {
        assert_eq!(
            VERIFIER.verify(&Receipt::of(without).base64()),
            Err(ReceiptError::Structure {
                place: "attribute 12".to_owned(),
                problem: StructureProblem::Missing,
            })
        );
    }
    let created = |text: &str| Receipt::of(with(12, Some(attribute(12, &ia5(text)))));
    assert_eq!(check(&created("2026-06-01T00:05:00Z")), "none");
    let error = VERIFIER
        .verify(&created("2026-06-01T00:05:01Z").base64())
        .unwrap_err();
    assert_eq!(error.check(), "created_in_future");
    assert_eq!(error.rejection(), None);
    assert_eq!(Error::from(error).kind(), ErrorKind::Unavailable);
    let strict = builder()
        .future_tolerance(core::time::Duration::ZERO)
        .build()
        .unwrap();
    assert!(
        strict
            .verify(&created("2026-06-01T00:05:00Z").base64())
            .is_err()
    );
}

#[test]
fn a_receipt_of_another_app_is_refused() {
    for found in [
        Some("com.example.app2"),
        Some("com.example.ap"),
        Some("COM.EXAMPLE.APP"),
        None,
    ] {
        let content = with(2, found.map(|id| attribute(2, &utf8(id))));
        assert_eq!(
            VERIFIER.verify(&Receipt::of(content).base64()),
            Err(ReceiptError::BundleId {
                expected: vec![BUNDLE_ID.to_owned()],
                found: found.map(str::to_owned),
            })
        );
    }
    let two = builder()
        .app(App::unreleased("com.example.app2"))
        .build()
        .unwrap();
    let content = with(2, Some(attribute(2, &utf8("com.example.app2"))));
    two.verify(&Receipt::of(content).base64()).unwrap();
}

#[test]
fn the_apple_id_is_compared_where_both_sides_have_one() {
    let receipt = |id: Option<i64>| Receipt::of(with(1, id.map(|id| attribute(1, &integer(id)))));
    assert_eq!(check(&receipt(None)), "none");
    assert_eq!(check(&receipt(Some(0))), "none");
    for found in [1, -1, i64::MIN] {
        assert_eq!(
            VERIFIER.verify(&receipt(Some(found)).base64()),
            Err(ReceiptError::AppAppleId {
                expected: vec![APP_APPLE_ID],
                found
            })
        );
    }
    let unreleased = builder().app(App::unreleased(BUNDLE_ID)).build().unwrap();
    unreleased.verify(&receipt(Some(1)).base64()).unwrap();
}

#[test]
fn a_receipt_of_another_environment_is_refused() {
    let receipt = |text: Option<&str>| Receipt::of(with(0, text.map(|it| attribute(0, &utf8(it)))));
    for text in [
        Some("ProductionSandbox"),
        Some("Xcode"),
        Some("Productions"),
        Some(""),
        None,
    ] {
        assert_eq!(check(&receipt(text)), "environment", "{text:?}");
    }
    let sandbox = builder().environment(Environment::Sandbox).build().unwrap();
    let verified = sandbox
        .verify(&receipt(Some("ProductionSandbox")).base64())
        .unwrap();
    assert_eq!(verified.environment(), Environment::Sandbox);
    assert_eq!(
        sandbox
            .verify(&receipt(Some("Xcode")).base64())
            .unwrap_err()
            .check(),
        "environment"
    );
}

#[test]
fn a_receipt_that_has_expired_is_refused() {
    let expires = |text: &str| Receipt::of(with(21, Some(attribute(21, &ia5(text)))));
    assert_eq!(check(&expires("2026-06-01T00:00:01Z")), "none");
    assert_eq!(check(&expires("")), "none");
    let error = VERIFIER.verify(&expires(NOW).base64()).unwrap_err();
    assert_eq!(error.check(), "expired");
    assert_eq!(error.rejection(), Some(Rejection::NoLongerValid));
}

#[test]
fn a_verifier_needs_an_app_and_environments_that_apple_signs_for() {
    use ConfigurationError as E;
    let new = ReceiptVerifier::builder;
    let app = || App::new(BUNDLE_ID, APP_APPLE_ID);
    assert_eq!(
        new().environment(Environment::Sandbox).build().unwrap_err(),
        E::NoApps
    );
    assert_eq!(new().app(app()).build().unwrap_err(), E::NoEnvironments);
    for local in [Environment::Xcode, Environment::LocalTesting] {
        let mixed = new()
            .app(app())
            .environment(Environment::Production)
            .environment(local);
        assert_eq!(mixed.build().unwrap_err(), E::UnsignedReceipts);
    }
    assert_eq!(
        builder().trust_anchors([]).build().unwrap_err(),
        E::NoTrustAnchors
    );
}

#[test]
fn an_rsa_root_serves_receipts_and_no_jws() {
    let anchor = TrustAnchor::from_certificate(RSA_ROOT.as_slice()).unwrap();
    let error = SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, APP_APPLE_ID))
        .environment(Environment::Production)
        .trust_anchors([anchor])
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("EC keys only"), "{error}");
}

#[test]
fn a_failure_says_what_disagreed_and_converts_into_a_verdict() {
    let receipt = Receipt {
        serial_number: integer(0xABCD),
        ..Receipt::rsa()
    };
    let error = VERIFIER.verify(&receipt.base64()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the receipt has no readable certificate 00abcd of \
         CN=Test Worldwide Developer Relations, its signer's"
    );
    let receipt = Receipt::with_leaf(Certificate {
        marker: None,
        ..Certificate::leaf()
    });
    let error = VERIFIER.verify(&receipt.base64()).unwrap_err();
    let source = core::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains(LEAF_MARKER), "{source}");
    let error = Error::from(error);
    assert_eq!(error.rejection(), Some(Rejection::UntrustedCertificate));
    assert_eq!(error.store(), Some(iap_core::Store::AppStore));
    assert_eq!(
        error.to_string(),
        "app_store: rejected: the receipt failed check certificate_marker"
    );
}
