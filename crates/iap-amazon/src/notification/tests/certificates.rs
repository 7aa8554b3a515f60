//! Which certificates are accepted, and when.

use core::time::Duration;

use iap_core::{EndpointAnswer, Error, ErrorKind, FixedClock};
use iap_testkit::{SigningAuthority, SnsSigner};

use super::{APP, SIGNER, TOPIC, at, builder, message, with_certificate};
use crate::notification::{
    CertificateDates, CertificateProblem, ConfigurationError, NotificationFailure,
    NotificationVerifier, certificate::SigningCertificate,
};

#[test]
fn a_certificate_is_valid_from_its_first_to_its_last_second() {
    let verifier = with_certificate().any_age();
    let verifier = verifier
        .clock(FixedClock::new(at("2030-01-01T00:00:00Z")))
        .build()
        .unwrap();
    let verify = |time: &str| {
        verifier
            .verify(message().timestamp(at(time)).sign(&SIGNER))
            .map(drop)
    };
    assert_eq!(verify("2026-01-01T00:00:00Z"), Ok(()));
    assert_eq!(verify("2026-12-31T23:59:59.999Z"), Ok(()));
    assert_eq!(
        verify("2025-12-31T23:59:59.999Z"),
        Err(NotificationFailure::CertificateNotYetValid {
            not_before: at("2026-01-01T00:00:00Z"),
            at: at("2025-12-31T23:59:59.999Z"),
        })
    );
    assert_eq!(
        verify("2027-01-01T00:00:00Z"),
        Err(NotificationFailure::CertificateExpired {
            not_after: at("2026-12-31T23:59:59.999Z"),
            at: at("2027-01-01T00:00:00Z"),
        })
    );
}

#[test]
fn dates_can_be_judged_by_now_too() {
    let body = message().sign(&SIGNER);
    let verify = |dates, now: &str| {
        with_certificate()
            .any_age()
            .certificate_dates(dates)
            .clock(FixedClock::new(at(now)))
            .build()
            .unwrap()
            .verify(&body)
            .map_err(|failure| failure.check())
            .map(drop)
    };
    let (before, after) = ("2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(verify(CertificateDates::WhenSigned, before), Ok(()));
    assert_eq!(verify(CertificateDates::WhenSigned, after), Ok(()));
    assert_eq!(verify(CertificateDates::WhenSignedAndNow, before), Ok(()));
    assert_eq!(
        verify(CertificateDates::WhenSignedAndNow, after),
        Err("certificate_expired")
    );
}

#[test]
fn a_certificate_that_was_not_supplied_is_no_verdict() {
    let verifier = builder().build().unwrap();
    let failure = verifier.verify(message().sign(&SIGNER)).unwrap_err();
    assert_eq!(
        failure,
        NotificationFailure::CertificateUnavailable {
            problem: CertificateProblem::NotSupplied
        }
    );
    assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
    assert_eq!(Error::from(failure).kind(), ErrorKind::Unavailable);
}

#[test]
fn the_path_to_a_root_is_checked_where_a_root_is_given() {
    let body = message().sign(&SIGNER);
    let verify = |root: String, intermediate: Option<String>| {
        let mut builder = with_certificate().trust_anchor(root);
        if let Some(intermediate) = intermediate {
            builder = builder.intermediate(intermediate);
        }
        builder.build().unwrap().verify(&body).map(drop)
    };
    let intermediate = Some(SIGNER.intermediate_pem());
    assert_eq!(verify(SIGNER.root_pem(), intermediate.clone()), Ok(()));

    let other = SnsSigner::new();
    for (root, intermediate) in [
        (other.root_pem(), intermediate),
        (SIGNER.root_pem(), Some(other.intermediate_pem())),
        (SIGNER.root_pem(), None),
        (other.root_pem(), Some(other.intermediate_pem())),
    ] {
        let failure = verify(root, intermediate).unwrap_err();
        assert_eq!(failure.check(), "certificate_path");
        assert_eq!(failure.endpoint_answer(), EndpointAnswer::Reject);
    }
}

#[test]
fn the_file_of_a_certificate_may_bring_its_path_along() {
    let file = format!("{}{}", SIGNER.certificate_pem(), SIGNER.intermediate_pem());
    let verifier = builder()
        .certificate(SIGNER.certificate_url(), file)
        .trust_anchor(SIGNER.root_pem())
        .build()
        .unwrap();
    assert!(verifier.verify(message().sign(&SIGNER)).is_ok());
    // The first one counts.
    let reversed = format!("{}{}", SIGNER.intermediate_pem(), SIGNER.certificate_pem());
    let refused = builder().certificate(SIGNER.certificate_url(), reversed);
    assert!(matches!(
        refused.build(),
        Err(ConfigurationError::Certificate { .. })
    ));
}

#[test]
fn what_is_no_certificate_is_no_verdict() {
    for pem in [
        "",
        "not PEM",
        "<html>404</html>",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ] {
        let Err(failure) = SigningCertificate::from_pem(pem.as_bytes()) else {
            panic!("{pem:?} was read");
        };
        assert!(
            matches!(
                &failure,
                NotificationFailure::CertificateUnavailable {
                    problem: CertificateProblem::Unreadable { .. }
                }
            ),
            "{pem:?}: {failure}"
        );
        assert_eq!(failure.kind(), ErrorKind::InvalidResponse);
        assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
    }
}

#[test]
fn no_cut_of_a_certificate_and_no_byte_after_it_is_accepted() {
    let pem = SIGNER.certificate_pem();
    for length in 0..pem.len() - 26 {
        let cut = &pem.as_bytes()[..length];
        assert!(SigningCertificate::from_pem(cut).is_err(), "{length}");
    }
    assert!(SigningCertificate::from_pem(pem.as_bytes()).is_ok());
}

#[test]
fn a_set_up_that_checks_too_little_cannot_be_built() {
    let build = |builder: crate::NotificationVerifierBuilder| builder.build().map(drop);
    assert_eq!(
        build(NotificationVerifier::builder().app(APP)),
        Err(ConfigurationError::NoTopics)
    );
    assert_eq!(
        build(NotificationVerifier::builder().topic(TOPIC.parse().unwrap())),
        Err(ConfigurationError::NoApps)
    );
    assert_eq!(
        build(builder().intermediate(SIGNER.intermediate_pem())),
        Err(ConfigurationError::IntermediatesWithoutRoot)
    );
    for root in ["", "abc", SIGNER.certificate_pem()] {
        let unusable = build(builder().trust_anchor(root));
        assert!(matches!(
            unusable,
            Err(ConfigurationError::TrustAnchor { .. })
        ));
        let unusable = build(builder().trust_anchor(SIGNER.root_pem()).intermediate(root));
        assert!(matches!(
            unusable,
            Err(ConfigurationError::TrustAnchor { .. })
        ));
    }
    let error = Error::from(ConfigurationError::NoTopics);
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
}

#[test]
fn a_root_may_be_der_too() {
    let authority = SigningAuthority::all_p256();
    let verifier = with_certificate()
        .trust_anchor(authority.root_der())
        .trust_anchor(SIGNER.root_pem())
        .intermediate(SIGNER.intermediate_pem())
        .max_age(Duration::from_secs(60))
        .build()
        .unwrap();
    assert!(verifier.verify(message().sign(&SIGNER)).is_ok());
}
