//! Responders other than the issuer: whom it entitled, and everybody else.

use super::{
    AUTHORITY,
    answers::verify,
    at, authority,
    responder::{
        BASIC_CONSTRAINTS, Critical, Delegate, EXTENDED_KEY_USAGE, KEY_USAGE, Key, NULL, NamedBy,
        Party, Response, Statement, extension, ocsp_signing, sequence, tlv,
    },
};
use crate::{CertificateStatus, OcspFailure, ResponderProblem};

fn root() -> Party {
    Party::root(&AUTHORITY)
}

fn good() -> Response {
    Response::of([Statement::good(&root(), AUTHORITY.intermediate_der())])
}

/// What comes of an answer by a responder with a certificate that says `delegate`, issued by
/// `issuer`.
fn answer_of(delegate: &Delegate, issuer: &Party) -> Result<CertificateStatus, OcspFailure> {
    let responder = Party::responder(Key::p256());
    let mut response = good();
    response.certificates = vec![delegate.issue(&responder, issuer)];
    verify(&response.sign(&responder)).map(|answer| answer.status)
}

fn untrusted(problem: ResponderProblem) -> Result<CertificateStatus, OcspFailure> {
    Err(OcspFailure::UntrustedResponder { problem })
}

fn is_invalid(result: Result<CertificateStatus, OcspFailure>) -> bool {
    matches!(
        result,
        Err(OcspFailure::UntrustedResponder {
            problem: ResponderProblem::CertificateInvalid { .. }
        })
    )
}

#[test]
fn whom_the_issuer_entitled_may_answer_with_any_kind_of_key() {
    for key in [Key::p256(), Key::p384(), Key::rsa()] {
        let responder = Party::responder(key);
        let certificate = Delegate::default().issue(&responder, &root());
        for named_by in [NamedBy::Name, NamedBy::Key] {
            let mut response = good();
            response.named_by = named_by;
            response.certificates = vec![certificate.clone()];
            let answer = verify(&response.sign(&responder)).unwrap();
            assert_eq!(answer.status, CertificateStatus::Good);
        }
    }
}

#[test]
fn other_certificates_beside_the_responders_do_not_matter() {
    let responder = Party::responder(Key::p256());
    let certificate = Delegate::default().issue(&responder, &root());
    // An older one of the same name, an authority's, and something that is no version 3 certificate.
    let older = Delegate::default().issue(&Party::responder(Key::p256()), &root());
    let mut response = good();
    response.certificates = vec![
        sequence(&[]),
        AUTHORITY.root_der().to_vec(),
        older,
        certificate,
    ];
    assert!(verify(&response.sign(&responder)).is_ok());
}

#[test]
fn who_was_not_entitled_may_not_answer() {
    let for_time_stamps = sequence(&[&tlv(0x06, &[0x2B, 6, 1, 5, 5, 7, 3, 8])]);
    let for_anything = sequence(&[&tlv(0x06, &[0x55, 0x1D, 0x25, 0x00])]);
    for extensions in [
        vec![extension(
            KEY_USAGE,
            Critical::Yes,
            &[0x03, 0x02, 0x07, 0x80],
        )],
        vec![extension(
            EXTENDED_KEY_USAGE,
            Critical::No,
            &for_time_stamps,
        )],
        vec![extension(EXTENDED_KEY_USAGE, Critical::No, &for_anything)],
    ] {
        let delegate = Delegate {
            extensions,
            ..Delegate::default()
        };
        assert_eq!(
            answer_of(&delegate, &root()),
            untrusted(ResponderProblem::NotEntitled)
        );
    }
}

#[test]
fn whom_somebody_else_entitled_may_not_answer() {
    let delegate = Delegate::default();
    let impostor = authority("http://ocsp.example.com/");
    let itself = Party::responder(Key::p384());
    for issuer in [
        // Below the issuer, and of the same name as the issuer, and nobody.
        Party::intermediate(&AUTHORITY),
        Party::leaf(&AUTHORITY),
        Party::root(&impostor),
        itself,
    ] {
        assert_eq!(
            answer_of(&delegate, &issuer),
            untrusted(ResponderProblem::NotIssuedByIssuer)
        );
    }
}

#[test]
fn nobody_may_answer_with_a_certificate_that_is_not_valid_now() {
    for (not_before, not_after) in [
        ("2026-05-01T00:00:00Z", "2026-06-01T11:59:59Z"),
        ("2026-06-01T12:00:01Z", "2026-07-01T00:00:00Z"),
    ] {
        let delegate = Delegate {
            not_before: at(not_before),
            not_after: at(not_after),
            ..Delegate::default()
        };
        assert_eq!(
            answer_of(&delegate, &root()),
            untrusted(ResponderProblem::NotValidNow)
        );
    }
    let delegate = Delegate {
        not_before: at("2026-06-01T12:00:00Z"),
        not_after: at("2026-06-01T12:00:00Z"),
        ..Delegate::default()
    };
    assert_eq!(answer_of(&delegate, &root()), Ok(CertificateStatus::Good));
}

#[test]
fn an_authority_or_a_key_for_other_uses_may_not_answer() {
    let is_ca = sequence(&[&[0x01, 0x01, 0xFF]]);
    for other in [
        extension(BASIC_CONSTRAINTS, Critical::Yes, &is_ca),
        // keyAgreement only.
        extension(KEY_USAGE, Critical::Yes, &[0x03, 0x02, 0x03, 0x08]),
        // 1.3.6.1.4.1.32473.2, which nobody knows.
        extension(
            &[0x2B, 6, 1, 4, 1, 0x81, 0xFD, 0x59, 2],
            Critical::Yes,
            NULL,
        ),
    ] {
        let delegate = Delegate {
            extensions: vec![ocsp_signing(), other],
            ..Delegate::default()
        };
        assert!(is_invalid(answer_of(&delegate, &root())));
    }
}

#[test]
fn the_certificate_must_be_that_of_the_key_that_signed() {
    let responder = Party::responder(Key::p256());
    let mut response = good();
    response.certificates = vec![Delegate::default().issue(&responder, &root())];
    // Named after the entitled responder, signed by somebody else.
    assert_eq!(
        verify(&response.sign_as(&responder, &Key::p256())),
        Err(OcspFailure::Signature)
    );
    // Signed by the entitled responder, named after somebody else.
    let leaf = Party::leaf(&AUTHORITY);
    assert_eq!(
        verify(&response.sign_as(&leaf, &responder.key)),
        Err(OcspFailure::UntrustedResponder {
            problem: ResponderProblem::CertificateMissing
        })
    );
}

#[test]
fn a_leaf_that_signs_data_may_not_answer_about_its_issuer() {
    let leaf = Party::leaf(&AUTHORITY);
    let mut response = good();
    response.certificates = vec![
        AUTHORITY.leaf_der().to_vec(),
        AUTHORITY.intermediate_der().to_vec(),
    ];
    assert!(matches!(
        verify(&response.sign(&leaf)),
        Err(OcspFailure::UntrustedResponder { .. })
    ));
}

#[test]
fn an_answer_with_more_certificates_than_any_real_one_is_malformed() {
    let responder = Party::responder(Key::p256());
    let certificate = Delegate::default().issue(&responder, &root());
    let mut response = good();
    for (count, is_accepted) in [(8, true), (9, false)] {
        response.certificates = vec![certificate.clone(); count];
        assert_eq!(verify(&response.sign(&responder)).is_ok(), is_accepted);
    }
}
