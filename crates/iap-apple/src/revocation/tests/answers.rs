//! What an answer says, who may say it, and how long it counts.

use core::time::Duration;

use iap_core::Timestamp;

use super::{
    AUTHORITY, at, minutes, now,
    responder::{
        BASIC_RESPONSE, Critical, Delegate, Hash, Key, NamedBy, OCSP_NO_CHECK, Party, Response,
        Statement, extension, refusal, sequence, successful, tlv,
    },
};
use crate::{
    CertificateRole, CertificateStatus, CrlReason, OcspFailure, OcspResponseStatus,
    ResponderProblem,
    jws::Certificate,
    revocation::{
        ocsp_request::{Authority, CertificateId},
        ocsp_response::{Answer, Judging, MAX_RESPONSE_LENGTH},
    },
    trust_anchor::TrustAnchor,
};

/// What `response` says about the intermediate of [`AUTHORITY`], which its root issued.
pub(super) fn verify_at(now: Timestamp, response: &[u8]) -> Result<Answer, OcspFailure> {
    let root = TrustAnchor::from_certificate(AUTHORITY.root_der()).unwrap();
    let issuer = Authority::of(root.as_webpki()).unwrap();
    let role = CertificateRole::Intermediate;
    let certificate = Certificate::parse(role, AUTHORITY.intermediate_der()).unwrap();
    let id = CertificateId {
        issuer: &issuer,
        serial_number: certificate.serial_number(),
    };
    let judging = Judging {
        now,
        clock_tolerance: TOLERANCE,
    };
    Answer::verify(response, &id, judging)
}

pub(super) fn verify(response: &[u8]) -> Result<Answer, OcspFailure> {
    verify_at(now(), response)
}

fn status_of(response: &[u8]) -> Result<CertificateStatus, OcspFailure> {
    verify(response).map(|answer| answer.status)
}

fn root() -> Party {
    Party::root(&AUTHORITY)
}

fn good() -> Statement {
    Statement::good(&root(), AUTHORITY.intermediate_der())
}

fn is_malformed(result: Result<CertificateStatus, OcspFailure>) -> bool {
    matches!(result, Err(OcspFailure::Malformed { .. }))
}

#[test]
fn good_revoked_and_unknown_are_kept_apart() {
    let say = |statement| status_of(&Response::of([statement]).sign(&root()));
    assert_eq!(say(good()), Ok(CertificateStatus::Good));
    assert_eq!(say(good().unknown()), Ok(CertificateStatus::Unknown));
    let since = at("2026-05-20T08:00:00Z");
    for (code, reason) in [
        (None, None),
        (Some(1), Some(CrlReason::KeyCompromise)),
        (Some(4), Some(CrlReason::Superseded)),
        (Some(6), Some(CrlReason::CertificateHold)),
        (Some(99), Some(CrlReason::Unknown(99))),
        // A reason that cannot be read does not hide the revocation.
        (Some(0x80), None),
    ] {
        assert_eq!(
            say(good().revoked(since, code)),
            Ok(CertificateStatus::Revoked { at: since, reason })
        );
    }
}

#[test]
fn an_answer_counts_from_this_update_to_next_update() {
    let answer = verify(&Response::of([good()]).sign(&root())).unwrap();
    assert_eq!(answer.this_update, minutes(-30));
    assert_eq!(answer.next_update, minutes(30));
}

#[test]
fn the_issuer_may_be_named_by_sha_1_or_sha_256_and_the_responder_by_name_or_key() {
    for hash in [Hash::Sha1, Hash::Sha256] {
        for named_by in [NamedBy::Name, NamedBy::Key] {
            let statement = Statement::with_hash(hash, &root(), AUTHORITY.intermediate_der());
            let mut response = Response::of([statement]);
            response.named_by = named_by;
            assert_eq!(
                status_of(&response.sign(&root())),
                Ok(CertificateStatus::Good)
            );
        }
    }
}

#[test]
fn an_answer_is_refused_outside_its_time_plus_and_minus_the_tolerance() {
    let response = Response::of([good()]).sign(&root());
    let verdict = |now| verify_at(now, &response).map(drop);
    let second = Duration::from_secs(1);
    // Made now, so it comes from the future to those whose clock is more than five minutes slow.
    assert_eq!(verdict(minutes(-5)), Ok(()));
    let early = minutes(-5).saturating_sub(second);
    assert_eq!(
        verdict(early),
        Err(OcspFailure::NotYetValid {
            since: now(),
            now: early
        })
    );
    assert_eq!(verdict(minutes(35)), Ok(()));
    let late = minutes(35).saturating_add(second);
    assert_eq!(
        verdict(late),
        Err(OcspFailure::Stale {
            next_update: minutes(30),
            now: late
        })
    );
}

#[test]
fn a_statement_from_the_future_does_not_count_yet() {
    let statement = good().dated(minutes(6), Some(minutes(60)));
    assert_eq!(
        status_of(&Response::of([statement]).sign(&root())),
        Err(OcspFailure::NotYetValid {
            since: minutes(6),
            now: now()
        })
    );
}

#[test]
fn without_next_update_an_answer_must_be_fresh() {
    let aged = |age: i64| {
        let statement = good().dated(minutes(-age), None);
        verify(&Response::of([statement]).sign(&root())).map(|answer| answer.next_update)
    };
    assert_eq!(aged(0), Ok(minutes(60)));
    assert_eq!(aged(65), Ok(minutes(-5)));
    assert_eq!(
        aged(66),
        Err(OcspFailure::Stale {
            next_update: minutes(-6),
            now: now()
        })
    );
}

#[test]
fn an_answer_that_ends_before_it_begins_is_malformed() {
    let statement = good().dated(minutes(1), Some(minutes(0)));
    assert!(is_malformed(status_of(
        &Response::of([statement]).sign(&root())
    )));
}

#[test]
fn an_answer_about_another_certificate_is_none_about_this() {
    let root = root();
    let other_serial = Statement::good(&root, AUTHORITY.leaf_der());
    let other_issuer = Statement::good(
        &Party::intermediate(&AUTHORITY),
        AUTHORITY.intermediate_der(),
    );
    let renamed = Party {
        name: Party::leaf(&AUTHORITY).name,
        key: Party::root(&AUTHORITY).key,
    };
    let other_name = Statement::good(&renamed, AUTHORITY.intermediate_der());
    let rekeyed = Party {
        name: root.name.clone(),
        key: Key::p384(),
    };
    let other_key = Statement::good(&rekeyed, AUTHORITY.intermediate_der());
    for statements in [
        vec![],
        vec![other_serial.clone()],
        vec![other_issuer],
        vec![other_name],
        vec![other_key],
        vec![other_serial.clone(), other_serial.clone()],
    ] {
        assert_eq!(
            status_of(&Response::of(statements).sign(&root)),
            Err(OcspFailure::OtherCertificate)
        );
    }
    // Next to others, in any order, the right one is found.
    let revoked = good().revoked(now(), None);
    for statements in [
        [other_serial.clone(), revoked.clone()],
        [revoked, other_serial],
    ] {
        assert!(matches!(
            status_of(&Response::of(statements).sign(&root)),
            Ok(CertificateStatus::Revoked { .. })
        ));
    }
}

#[test]
fn two_statements_about_one_certificate_are_no_answer() {
    let by_sha_256 = Statement::with_hash(Hash::Sha256, &root(), AUTHORITY.intermediate_der());
    let response = Response::of([good(), by_sha_256.revoked(now(), None)]);
    assert!(is_malformed(status_of(&response.sign(&root()))));
}

#[test]
fn a_hash_that_is_not_known_names_no_certificate() {
    let mut statement = good();
    // The last byte of SHA-1's object identifier.
    let position = statement
        .certificate
        .windows(5)
        .position(|window| window == [0x2B, 0x0E, 0x03, 0x02, 0x1A]);
    statement.certificate[position.unwrap() + 4] = 0x1B;
    assert_eq!(
        status_of(&Response::of([statement]).sign(&root())),
        Err(OcspFailure::OtherCertificate)
    );
}

#[test]
fn a_signature_by_another_key_is_refused() {
    let response = Response::of([good()]);
    assert_eq!(
        status_of(&response.sign_as(&root(), &Key::p384())),
        Err(OcspFailure::Signature)
    );
    // The algorithm must be one for the issuer's kind of key.
    assert_eq!(
        status_of(&response.sign_as(&root(), &Key::rsa())),
        Err(OcspFailure::SignatureAlgorithm)
    );
}

#[test]
fn the_subject_of_a_question_cannot_answer_it() {
    let itself = Party::intermediate(&AUTHORITY);
    let mut response = Response::of([good()]);
    response.certificates = vec![AUTHORITY.intermediate_der().to_vec()];
    assert!(matches!(
        status_of(&response.sign(&itself)),
        Err(OcspFailure::UntrustedResponder { .. })
    ));
    response.certificates.clear();
    assert_eq!(
        status_of(&response.sign(&itself)),
        Err(OcspFailure::UntrustedResponder {
            problem: ResponderProblem::CertificateMissing
        })
    );
}

#[test]
fn a_refusal_says_which() {
    for (code, status) in [
        (1, OcspResponseStatus::MalformedRequest),
        (2, OcspResponseStatus::InternalError),
        (3, OcspResponseStatus::TryLater),
        (5, OcspResponseStatus::SigRequired),
        (6, OcspResponseStatus::Unauthorized),
        (42, OcspResponseStatus::Unknown(42)),
    ] {
        assert_eq!(
            status_of(&refusal(code)),
            Err(OcspFailure::Refused { status })
        );
    }
    assert!(is_malformed(status_of(&refusal(0))));
}

#[test]
fn critical_extensions_are_refused_and_others_passed_over() {
    let marked = |critical| extension(OCSP_NO_CHECK, critical, &[5, 0]);
    for (critical, is_accepted) in [(Critical::No, true), (Critical::Yes, false)] {
        let mut response = Response::of([good()]);
        response.extensions = vec![marked(critical)];
        let mut statement = good();
        statement.extensions = vec![marked(critical)];
        for response in [response, Response::of([statement])] {
            let result = status_of(&response.sign(&root()));
            assert_eq!(result == Ok(CertificateStatus::Good), is_accepted);
            assert_eq!(is_malformed(result), !is_accepted);
        }
    }
}

#[test]
fn another_version_or_type_of_answer_is_malformed() {
    let mut response = Response::of([good()]);
    response.version = tlv(0xA0, &[0x02, 0x01, 0x01]);
    assert!(is_malformed(status_of(&response.sign(&root()))));
    assert!(is_malformed(status_of(&successful(
        &[0x2B, 6, 1, 5, 5, 7, 0x30, 1, 2],
        &sequence(&[]),
    ))));
    assert!(is_malformed(status_of(&successful(
        BASIC_RESPONSE,
        &sequence(&[])
    ))));
}

#[test]
fn what_is_no_ocsp_response_is_malformed() {
    for bytes in [
        &b""[..],
        b"<!DOCTYPE html><html><body>Please log in</body></html>",
        b"{}",
        &[0x30],
        &[0x30, 0x80, 0x00, 0x00],
        &[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0x30, 0x03, 0x0A, 0x01, 0x80],
        &[0xFF; 1000],
    ] {
        assert!(is_malformed(status_of(bytes)), "{bytes:02x?}");
    }
}

#[test]
fn an_answer_longer_than_any_real_one_is_not_read() {
    let mut response = Response::of([good()]).sign(&root());
    response.resize(MAX_RESPONSE_LENGTH, 0);
    assert!(is_malformed(status_of(&response)));
    response.push(0);
    assert_eq!(
        status_of(&response),
        Err(OcspFailure::TooLong {
            found: MAX_RESPONSE_LENGTH + 1,
            limit: MAX_RESPONSE_LENGTH
        })
    );
}

#[test]
fn an_answer_cut_off_anywhere_or_followed_by_anything_is_refused() {
    let response = Response::of([good()]).sign(&root());
    for length in 0..response.len() {
        assert!(status_of(&response[..length]).is_err(), "{length} bytes");
    }
    for tail in [&[0][..], &[0x05, 0x00], &response] {
        let followed = [&response, tail].concat();
        assert!(is_malformed(status_of(&followed)));
    }
}

#[test]
fn no_changed_byte_of_an_answer_is_accepted() {
    let revoked = good().revoked(at("2026-05-20T08:00:00Z"), Some(1));
    let responder = Party::responder(Key::p256());
    let mut delegated = Response::of([good()]);
    delegated.certificates = vec![Delegate::default().issue(&responder, &root())];
    for response in [
        Response::of([good()]).sign(&root()),
        Response::of([revoked]).sign(&root()),
        delegated.sign(&responder),
    ] {
        for position in 0..response.len() {
            for mask in [0x01, 0x04, 0x20, 0x80, 0xFF] {
                let mut changed = response.clone();
                changed[position] ^= mask;
                assert!(status_of(&changed).is_err(), "byte {position}, {mask:02x}");
            }
        }
    }
}

const TOLERANCE: Duration = Duration::from_secs(5 * 60);
