//! Every way of being wrong is refused, each by the check that is there for it.

use iap_apple::{Environment, Rejection, VerificationFailure};
use iap_testkit::{Forgery, SigningAuthority};

use crate::support::{AUTHORITY, anchor, builder, transaction, verifier};

/// The name of the check that must refuse a forgery.
fn check_for(forgery: Forgery) -> &'static str {
    use Forgery as F;
    match forgery {
        F::ExpiredLeaf | F::ExpiredIntermediate => "certificate_expired",
        F::LeafNotYetValid | F::IntermediateNotYetValid => "certificate_not_yet_valid",

        F::LeafWithoutMarker
        | F::LeafWithOtherMarker
        | F::IntermediateWithoutMarker
        | F::IntermediateWithOtherMarker
        | F::MarkersSwapped => "certificate_marker",
        F::LeafWithoutDigitalSignature | F::IntermediateWithoutCertSign => "certificate_key_usage",
        F::LeafKeyP384 => "certificate_key",
        F::LeafIsCa
        | F::IntermediateIsNotCa
        | F::LeafWithUnknownCriticalExtension
        | F::IntermediateWithUnknownCriticalExtension => "certificate_path",

        F::UnknownRoot
        | F::LeafIssuedByLeaf
        | F::IntermediateIssuedByIntermediate
        | F::IntermediateIssuerNameDiffers => "untrusted_root",
        F::CertificatesInWrongOrder
        | F::RootInPlaceOfIntermediate
        | F::LeafIssuerNameDiffers
        | F::LeafSignedByRoot => "certificate_issuer",
        F::LeafOfRootBehindItsImpostor
        | F::LeafOfImpostorOfRoot
        | F::OtherRootOfTheSameName
        | F::OtherRootBehindTheTrustedOne
        | F::IntermediateOfAnotherAuthority
        | F::SelfSignedLeaf
        | F::LeafKeyReplaced
        | F::IntermediateKeyReplaced
        | F::LeafCertificateTampered
        | F::IntermediateCertificateTampered => "certificate_signature",

        F::NoCertificates
        | F::EmptyCertificates
        | F::OneCertificate
        | F::TwoCertificates
        | F::FourCertificates
        | F::SignedByXcode => "chain_length",
        F::CertificateNotBase64
        | F::CertificateInBase64Url
        | F::CertificateWithLineBreaks
        | F::CertificateNotDer
        | F::TrailingBytesAfterLeaf
        | F::TrailingBytesAfterIntermediate => "certificate_encoding",

        F::AlgorithmNone
        | F::AlgorithmHs256
        | F::AlgorithmEs384
        | F::AlgorithmLowerCase
        | F::AlgorithmMissing => "algorithm",
        F::CriticalHeader => "critical_header",
        F::CertificatesNotAList
        | F::CertificatesNotText
        | F::DuplicateHeaderMember
        | F::HeaderNotJson => "header",

        F::PayloadNotJson | F::PayloadNotAnObject | F::EmptySegment => "payload",

        F::HeaderTampered
        | F::PayloadTampered
        | F::KeySwapped
        | F::KeyInHeader
        | F::SignatureOfAnotherPayload
        | F::SignatureFlipped
        | F::SignatureAllZero
        | F::SignatureOfCurveOrder => "signature",
        F::SignatureTruncated | F::SignatureExtended | F::SignatureInDer | F::SignatureEmpty => {
            "signature_length"
        }

        F::HeaderPadded
        | F::PayloadPadded
        | F::SignaturePadded
        | F::SignatureInStandardBase64
        | F::TrailingBits
        | F::LeadingWhitespace
        | F::TrailingNewline
        | F::WhitespaceInside => "encoding",
        F::TwoSegments | F::FourSegments => "segment_count",

        new => panic!("{new:?} is a new way of being wrong: say here which check refuses it"),
    }
}

#[test]
fn every_forgery_is_refused_by_its_own_check() {
    let payload = transaction().build();
    let verifier = verifier();
    for forgery in Forgery::all() {
        let jws = AUTHORITY.forge(*forgery, &payload);
        match verifier.verify_transaction(&jws) {
            Ok(_) => panic!("{forgery:?} was accepted: {forgery}"),
            Err(failure) => assert_eq!(
                failure.check(),
                check_for(*forgery),
                "{forgery:?}: {failure}"
            ),
        }
    }
}

#[test]
fn a_verifier_that_knows_the_honest_chain_refuses_every_forgery_too() {
    let payload = transaction().build();
    let verifier = verifier();
    verifier
        .verify_transaction(AUTHORITY.sign(&payload))
        .expect("honest");
    for forgery in Forgery::all() {
        let jws = AUTHORITY.forge(*forgery, &payload);
        assert!(
            verifier.verify_transaction(&jws).is_err(),
            "{forgery:?}: {forgery}"
        );
        assert!(verifier.verify_any(&jws).is_err(), "{forgery:?}: {forgery}");
    }
    verifier
        .verify_transaction(AUTHORITY.sign(&payload))
        .expect("still honest");
}

#[test]
fn every_forgery_is_refused_with_p_256_certificates_throughout() {
    let authority = SigningAuthority::all_p256();
    let verifier = builder()
        .trust_anchors([anchor(&authority)])
        .environment(Environment::Production)
        .build()
        .unwrap();
    let payload = transaction().build();
    verifier
        .verify_transaction(authority.sign(&payload))
        .expect("honest");
    for forgery in Forgery::all() {
        let jws = authority.forge(*forgery, &payload);
        assert!(
            verifier.verify_transaction(&jws).is_err(),
            "{forgery:?}: {forgery}"
        );
    }
}

#[test]
fn a_forgery_is_a_verdict_and_never_an_outage() {
    let payload = transaction().build();
    let verifier = verifier();
    for forgery in Forgery::all() {
        let failure = verifier
            .verify_transaction(AUTHORITY.forge(*forgery, &payload))
            .unwrap_err();
        let error = iap_core::Error::from(failure.clone());
        assert_eq!(error.rejection(), failure.rejection());
        assert!(error.rejection().is_some());
        assert!(!error.is_retryable(), "{forgery:?}");
    }
}

#[test]
fn the_verdict_tells_forged_from_malformed_from_untrusted() {
    let payload = transaction().build();
    let verifier = verifier();
    let rejection = |forgery| {
        let jws = AUTHORITY.forge(forgery, &payload);
        verifier
            .verify_transaction(jws)
            .unwrap_err()
            .rejection()
            .unwrap()
    };
    assert_eq!(
        rejection(Forgery::PayloadTampered),
        Rejection::InvalidSignature
    );
    assert_eq!(rejection(Forgery::TwoSegments), Rejection::Malformed);
    assert_eq!(
        rejection(Forgery::UnknownRoot),
        Rejection::UntrustedCertificate
    );
    assert_eq!(
        rejection(Forgery::ExpiredLeaf),
        Rejection::UntrustedCertificate
    );
}

#[test]
fn data_of_another_authority_is_refused_by_apples_built_in_root() {
    let verifier = iap_apple::SignedDataVerifier::builder()
        .app(iap_apple::App::new("com.example.app", 1))
        .environment(Environment::Production)
        .build()
        .unwrap();
    let failure = verifier
        .verify_transaction(transaction().sign(&AUTHORITY))
        .unwrap_err();
    assert!(
        matches!(failure, VerificationFailure::UntrustedRoot { .. }),
        "{failure}"
    );
}

#[test]
fn a_root_of_the_same_name_does_not_stand_in_for_the_trusted_one() {
    let impostor = SigningAuthority::new();
    let failure = verifier()
        .verify_transaction(transaction().sign(&impostor))
        .unwrap_err();
    assert_eq!(failure, VerificationFailure::CertificateSignature);
}

#[test]
fn each_of_several_anchors_is_trusted_even_if_they_share_a_name() {
    let second = SigningAuthority::new();
    let verifier = builder()
        .trust_anchors([anchor(&AUTHORITY), anchor(&second)])
        .environment(Environment::Production)
        .build()
        .unwrap();
    for authority in [&*AUTHORITY, &second] {
        verifier
            .verify_transaction(transaction().sign(authority))
            .expect("trusted");
    }
}
