//! Is every forgery wrong in its one way, and in no other?

use std::collections::{BTreeSet, HashSet};

use iap_core::{Clock as _, SystemClock, Timestamp};
use iap_testkit::{Curves, Forgery, SigningAuthority, TransactionBuilder};
use serde_json::Value;

use crate::judge::{Fault, faults};

fn payload(signed: Timestamp) -> Value {
    TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
        .signed_at(signed)
        .build()
}

#[test]
fn every_forgery_has_its_own_faults_and_no_other() {
    for curves in [
        Curves::AppleLike,
        Curves::AllP256,
        Curves::AllP256WithSha256,
    ] {
        let authority = SigningAuthority::builder().curves(curves).build();
        let at = SystemClock.now();
        let payload = payload(at);
        let honest = authority.sign(&payload);
        assert_eq!(faults(&honest, &authority, at), BTreeSet::new());
        for forgery in Forgery::all() {
            let jws = authority.forge(*forgery, &payload);
            assert_eq!(
                faults(&jws, &authority, at),
                expected(*forgery, curves).iter().copied().collect(),
                "{curves:?}, {forgery:?}: {forgery}"
            );
        }
    }
}

/// What the judge has to find. More than one fault only where one brings the other with it.
fn expected(forgery: Forgery, curves: Curves) -> &'static [Fault] {
    use Fault as X;
    use Forgery as F;

    match forgery {
        F::ExpiredLeaf
        | F::ExpiredIntermediate
        | F::LeafNotYetValid
        | F::IntermediateNotYetValid => &[X::CertificateDates],
        F::LeafWithoutMarker
        | F::LeafWithOtherMarker
        | F::IntermediateWithoutMarker
        | F::IntermediateWithOtherMarker
        | F::MarkersSwapped => &[X::Marker],
        F::LeafIsCa | F::IntermediateIsNotCa => &[X::BasicConstraints],
        F::LeafWithoutDigitalSignature | F::IntermediateWithoutCertSign => &[X::KeyUsage],
        F::LeafWithUnknownCriticalExtension | F::IntermediateWithUnknownCriticalExtension => {
            &[X::CriticalExtension]
        }
        F::LeafKeyP384 => &[X::LeafCurve],
        F::OtherRootOfTheSameName
        | F::OtherRootBehindTheTrustedOne
        | F::IntermediateOfAnotherAuthority
        | F::SelfSignedLeaf
        | F::LeafKeyReplaced
        | F::IntermediateKeyReplaced
        | F::LeafCertificateTampered
        | F::IntermediateCertificateTampered => &[X::CertificateSignature],
        F::LeafIssuerNameDiffers | F::IntermediateIssuerNameDiffers => &[X::IssuerName],
        F::LeafOfRootBehindItsImpostor => &[X::CertificateSignature],
        F::LeafOfImpostorOfRoot => &[X::CertificateSignature],
        F::UnknownRoot | F::LeafSignedByRoot | F::IntermediateIssuedByIntermediate => {
            &[X::IssuerName, X::CertificateSignature]
        }
        F::RootInPlaceOfIntermediate => &[X::IssuerName, X::CertificateSignature, X::Marker],
        F::LeafIssuedByLeaf => &[
            X::IssuerName,
            X::CertificateSignature,
            X::Marker,
            X::BasicConstraints,
            X::KeyUsage,
        ],
        // The intermediate, in the leaf's place, has a key that did not sign, or cannot.
        F::CertificatesInWrongOrder if curves == Curves::AppleLike => &[
            X::IssuerName,
            X::CertificateSignature,
            X::Marker,
            X::BasicConstraints,
            X::KeyUsage,
            X::LeafCurve,
        ],
        F::CertificatesInWrongOrder => &[
            X::IssuerName,
            X::CertificateSignature,
            X::Marker,
            X::BasicConstraints,
            X::KeyUsage,
            X::Signature,
        ],
        F::NoCertificates
        | F::EmptyCertificates
        | F::OneCertificate
        | F::TwoCertificates
        | F::FourCertificates
        | F::CertificatesNotAList
        | F::CertificatesNotText => &[X::CertificateList],
        F::CertificateNotBase64
        | F::CertificateInBase64Url
        | F::CertificateWithLineBreaks
        | F::CertificateNotDer
        | F::TrailingBytesAfterLeaf
        | F::TrailingBytesAfterIntermediate => &[X::CertificateText],
        F::AlgorithmEs384 | F::AlgorithmLowerCase | F::AlgorithmMissing => &[X::Algorithm],
        F::AlgorithmNone | F::AlgorithmHs256 => &[X::Algorithm, X::Signature],
        F::CriticalHeader => &[X::CriticalHeader],
        F::DuplicateHeaderMember | F::HeaderNotJson => &[X::Header],
        F::PayloadNotJson | F::PayloadNotAnObject | F::EmptySegment => &[X::Payload],
        F::HeaderTampered
        | F::PayloadTampered
        | F::KeyInHeader
        | F::KeySwapped
        | F::SignatureOfAnotherPayload
        | F::SignatureFlipped
        | F::SignatureTruncated
        | F::SignatureExtended
        | F::SignatureInDer
        | F::SignatureEmpty
        | F::SignatureAllZero
        | F::SignatureOfCurveOrder => &[X::Signature],
        F::HeaderPadded
        | F::PayloadPadded
        | F::SignaturePadded
        | F::SignatureInStandardBase64
        | F::TrailingBits
        | F::LeadingWhitespace
        | F::TrailingNewline
        | F::WhitespaceInside => &[X::SegmentText],
        F::TwoSegments | F::FourSegments => &[X::SegmentCount],
        F::SignedByXcode => &[X::CertificateList, X::IssuerName, X::CertificateSignature],
        other => panic!("the table lacks {other:?}"),
    }
}

#[test]
fn the_list_of_forgeries_has_no_duplicates_and_every_one_has_a_sentence_of_its_own() {
    let names: HashSet<String> = Forgery::all().iter().map(|f| format!("{f:?}")).collect();
    let sentences: HashSet<String> = Forgery::all().iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), Forgery::all().len());
    assert_eq!(sentences.len(), Forgery::all().len());
    assert!(sentences.iter().all(|sentence| sentence.len() < 90));
}

#[test]
fn dates_are_wrong_at_the_signed_date_however_long_ago_it_was() {
    let day = |text: &str| text.parse::<Timestamp>().unwrap();
    let authority = SigningAuthority::builder()
        .intermediate_validity(day("2015-01-01T00:00:00Z"), day("2040-01-01T00:00:00Z"))
        .leaf_validity(day("2017-01-01T00:00:00Z"), day("2019-01-01T00:00:00Z"))
        .build();
    let at = day("2018-06-01T00:00:00Z");
    let payload = payload(at);
    assert_eq!(
        faults(&authority.sign(&payload), &authority, at),
        BTreeSet::new()
    );
    for forgery in [
        Forgery::ExpiredLeaf,
        Forgery::ExpiredIntermediate,
        Forgery::LeafNotYetValid,
        Forgery::IntermediateNotYetValid,
    ] {
        let jws = authority.forge(forgery, &payload);
        assert_eq!(
            faults(&jws, &authority, at),
            BTreeSet::from([Fault::CertificateDates]),
            "{forgery}"
        );
    }
}

#[test]
fn any_payload_can_be_forged_even_one_that_is_no_object() {
    let authority = SigningAuthority::all_p256();
    for payload in [Value::Null, 7.into(), "text".into(), Value::Array(vec![])] {
        let honest = authority.sign(&payload);
        for forgery in Forgery::all() {
            assert_ne!(authority.forge(*forgery, &payload), honest, "{forgery}");
        }
    }
}
