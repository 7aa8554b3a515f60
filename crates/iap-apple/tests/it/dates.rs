//! Certificates are judged by the moment of signing; data from the future or too long ago is refused.

use std::time::Duration;

use iap_apple::{CertificateRole, Environment, SignedDataVerifier, VerificationFailure};
use iap_core::{FixedClock, Timestamp};
use iap_testkit::{AppTransactionBuilder, SigningAuthority};

use crate::support::{APP_APPLE_ID, AUTHORITY, BUNDLE_ID, anchor, builder, transaction};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn leaf_from() -> Timestamp {
    at("2025-01-01T00:00:00Z")
}

fn leaf_until() -> Timestamp {
    at("2026-01-01T00:00:00Z")
}

/// An authority whose leaf is valid in 2025, and a verifier in 2027 that trusts it.
fn expired_authority() -> (SigningAuthority, SignedDataVerifier) {
    let authority = SigningAuthority::builder()
        .root_validity(at("2015-01-01T00:00:00Z"), at("2035-01-01T00:00:00Z"))
        .intermediate_validity(at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"))
        .leaf_validity(leaf_from(), leaf_until())
        .build();
    let verifier = builder()
        .trust_anchors([anchor(&authority)])
        .environment(Environment::Production)
        .clock(FixedClock::new(at("2027-01-01T00:00:00Z")))
        .build()
        .unwrap();
    (authority, verifier)
}

#[test]
fn data_signed_while_the_leaf_was_valid_verifies_years_after_it_expired() {
    let (authority, verifier) = expired_authority();
    let jws = transaction()
        .signed_at(at("2025-06-01T00:00:00Z"))
        .sign(&authority);
    let transaction = verifier.verify_transaction(jws).unwrap();
    assert_eq!(transaction.signed_at(), at("2025-06-01T00:00:00Z"));
}

#[test]
fn the_first_and_the_last_second_of_validity_are_included_with_and_without_a_known_chain() {
    let (authority, verifier) = expired_authority();
    let last_millisecond = leaf_until().saturating_add(Duration::from_millis(999));
    let signed_at = |signed_at| {
        verifier
            .verify_transaction(transaction().signed_at(signed_at).sign(&authority))
            .map(drop)
    };
    // The first round meets an unknown chain where it fails first, the second a known one.
    for _ in 0..2 {
        let too_early = leaf_from().saturating_sub(Duration::from_millis(1));
        assert_eq!(
            signed_at(too_early),
            Err(VerificationFailure::CertificateNotYetValid {
                role: CertificateRole::Leaf,
                not_before: leaf_from(),
                signed_at: too_early,
            })
        );
        let too_late = leaf_until().saturating_add(Duration::from_secs(1));
        assert_eq!(
            signed_at(too_late),
            Err(VerificationFailure::CertificateExpired {
                role: CertificateRole::Leaf,
                not_after: last_millisecond,
                signed_at: too_late,
            })
        );
        assert_eq!(signed_at(leaf_from()), Ok(()));
        assert_eq!(signed_at(last_millisecond), Ok(()));
    }
}

#[test]
fn the_root_must_have_been_valid_too() {
    let authority = SigningAuthority::builder()
        .root_validity(at("2015-01-01T00:00:00Z"), at("2020-01-01T00:00:00Z"))
        .build();
    let verifier = builder()
        .trust_anchors([anchor(&authority)])
        .environment(Environment::Production)
        .build()
        .unwrap();
    let failure = verifier
        .verify_transaction(transaction().sign(&authority))
        .unwrap_err();
    assert!(
        matches!(
            failure,
            VerificationFailure::CertificateExpired {
                role: CertificateRole::Root,
                ..
            }
        ),
        "{failure}"
    );
}

#[test]
fn certificates_that_are_never_valid_together_prove_nothing() {
    let authority = SigningAuthority::builder()
        .intermediate_validity(at("2020-01-01T00:00:00Z"), at("2021-01-01T00:00:00Z"))
        .leaf_validity(at("2025-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"))
        .build();
    let verifier = builder()
        .trust_anchors([anchor(&authority)])
        .environment(Environment::Production)
        .build()
        .unwrap();
    for signed_at in ["2020-06-01T00:00:00Z", "2025-06-01T00:00:00Z"] {
        let jws = transaction().signed_at(at(signed_at)).sign(&authority);
        assert_eq!(
            verifier.verify_transaction(jws).unwrap_err().check(),
            "certificate_path"
        );
    }
}

#[test]
fn data_from_the_future_is_refused_beyond_five_minutes() {
    let now = at("2026-11-21T12:00:00Z");
    let verifier = builder()
        .environment(Environment::Production)
        .clock(FixedClock::new(now))
        .build()
        .unwrap();
    let signed_at = |signed_at| {
        verifier
            .verify_transaction(transaction().signed_at(signed_at).sign(&AUTHORITY))
            .map(drop)
    };
    let limit = now.saturating_add(Duration::from_secs(5 * 60));
    assert_eq!(signed_at(limit), Ok(()));
    let beyond = limit.saturating_add(Duration::from_millis(1));
    let failure = signed_at(beyond).unwrap_err();
    assert_eq!(
        failure,
        VerificationFailure::SignedInFuture {
            signed_at: beyond,
            now
        }
    );
    // Apple signs nothing in advance: this machine's clock is slow, and the customer has paid.
    assert_eq!(failure.rejection(), None);
    let error = iap_core::Error::from(failure);
    assert_eq!(error.kind(), iap_core::ErrorKind::Unavailable);
    assert!(error.is_retryable());
}

#[test]
fn by_default_data_of_any_age_is_accepted_and_with_a_limit_only_fresh_data() {
    let now = at("2026-11-21T12:00:00Z");
    let unlimited = builder()
        .environment(Environment::Production)
        .clock(FixedClock::new(now));
    let limited = builder()
        .environment(Environment::Production)
        .clock(FixedClock::new(now))
        .max_age(3 * DAY)
        .build()
        .unwrap();
    let old = now.saturating_sub(200 * DAY);
    let jws = |signed_at| transaction().signed_at(signed_at).sign(&AUTHORITY);
    assert!(
        unlimited
            .build()
            .unwrap()
            .verify_transaction(jws(old))
            .is_ok()
    );
    assert_eq!(
        limited.verify_transaction(jws(old)).unwrap_err(),
        VerificationFailure::SignedTooLongAgo {
            signed_at: old,
            now,
            max_age: 3 * DAY
        }
    );
    assert!(
        limited
            .verify_transaction(jws(now.saturating_sub(3 * DAY)))
            .is_ok()
    );
}

#[test]
fn data_without_a_date_is_judged_by_now_and_never_counts_as_fresh() {
    let jws = transaction().without("signedDate").sign(&AUTHORITY);
    let now = at("2026-11-21T12:00:00Z");
    let builder = || {
        builder()
            .environment(Environment::Production)
            .clock(FixedClock::new(now))
    };
    let verified = builder().build().unwrap().verify_transaction(&jws).unwrap();
    assert_eq!(verified.signed_at(), now);
    assert_eq!(
        builder()
            .max_age(DAY)
            .build()
            .unwrap()
            .verify_transaction(&jws)
            .unwrap_err(),
        VerificationFailure::MissingMember {
            member: "signedDate"
        }
    );

    let (authority, verifier) = expired_authority();
    let jws = transaction().without("signedDate").sign(&authority);
    assert_eq!(
        verifier.verify_transaction(jws).unwrap_err().check(),
        "certificate_expired"
    );
}

#[test]
fn an_app_transaction_is_dated_by_its_receipt_creation_date() {
    let (authority, verifier) = expired_authority();
    let app_transaction =
        AppTransactionBuilder::new(BUNDLE_ID, i64::try_from(APP_APPLE_ID).unwrap());
    let jws = app_transaction
        .clone()
        .signed_at(at("2025-06-01T00:00:00Z"))
        .sign(&authority);
    assert!(verifier.verify_app_transaction(jws).is_ok());
    let jws = app_transaction
        .signed_at(at("2026-06-01T00:00:00Z"))
        .sign(&authority);
    assert_eq!(
        verifier.verify_app_transaction(jws).unwrap_err().check(),
        "certificate_expired"
    );
}

#[test]
fn fractional_and_negative_dates_are_read() {
    let now = at("2026-11-21T12:00:00Z");
    let verifier = builder()
        .environment(Environment::Production)
        .clock(FixedClock::new(now))
        .build()
        .unwrap();
    let jws = transaction()
        .signed_at(now)
        .set("purchaseDate", 1_697_679_936_049.729_7)
        .set("originalPurchaseDate", -62_135_769_600_000_i64)
        .sign(&AUTHORITY);
    let verified = verifier.verify_transaction(jws).unwrap();
    assert_eq!(
        verified.purchase_date,
        Some(Timestamp::from_millis(1_697_679_936_049))
    );
    assert_eq!(
        verified.original_purchase_date,
        Some(Timestamp::from_millis(-62_135_769_600_000))
    );
}
