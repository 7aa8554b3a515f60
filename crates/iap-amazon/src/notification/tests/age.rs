//! How old a message may be.

use core::time::Duration;

use iap_core::{EndpointAnswer, ErrorKind, Rejection, Timestamp};

use super::{SIGNER, at, message, now, with_certificate};
use crate::notification::NotificationFailure;

const MINUTE: Duration = Duration::from_secs(60);
const MILLISECOND: Duration = Duration::from_millis(1);

fn body(signed_at: Timestamp) -> String {
    message().timestamp(signed_at).sign(&SIGNER)
}

#[test]
fn by_default_a_message_is_accepted_for_an_hour_and_five_minutes_and_no_longer() {
    let verifier = with_certificate().build().unwrap();
    let oldest = now().saturating_sub(65 * MINUTE);
    assert!(verifier.verify(body(oldest)).is_ok());
    let older = oldest.saturating_sub(MILLISECOND);
    let failure = verifier.verify(body(older)).unwrap_err();
    assert_eq!(
        failure,
        NotificationFailure::SignedTooLongAgo {
            signed_at: older,
            now: now(),
            max_age: 65 * MINUTE,
        }
    );
    let error = iap_core::Error::from(failure);
    assert_eq!(error.rejection(), Some(Rejection::SignedTooLongAgo));
    assert_eq!(error.endpoint_answer(), EndpointAnswer::Reject);
}

#[test]
fn a_message_from_the_future_says_that_our_clock_is_wrong_and_is_no_verdict() {
    let verifier = with_certificate().build().unwrap();
    let latest = now().saturating_add(5 * MINUTE);
    assert!(verifier.verify(body(latest)).is_ok());
    let later = latest.saturating_add(MILLISECOND);
    let failure = verifier.verify(body(later)).unwrap_err();
    assert_eq!(
        failure,
        NotificationFailure::SignedInFuture {
            signed_at: later,
            now: now(),
        }
    );
    assert_eq!(failure.endpoint_answer(), EndpointAnswer::TryAgain);
    let error = iap_core::Error::from(failure);
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    // A forgery is one, whatever time it claims.
    let mut forged = body(latest);
    forged = forged.replace(&latest.to_string(), &later.to_string());
    assert_eq!(
        verifier.verify(forged).unwrap_err(),
        NotificationFailure::Signature
    );
}

#[test]
fn window_and_tolerance_can_be_set_and_stored_messages_may_have_any_age() {
    let verifier = with_certificate()
        .max_age(24 * 60 * MINUTE)
        .clock_tolerance(Duration::ZERO)
        .build()
        .unwrap();
    let day = 24 * 60 * MINUTE;
    assert!(verifier.verify(body(now().saturating_sub(day))).is_ok());
    let older = now().saturating_sub(day + MILLISECOND);
    assert!(verifier.verify(body(older)).is_err());
    let later = now().saturating_add(MILLISECOND);
    assert!(verifier.verify(body(later)).is_err());

    let verifier = with_certificate().any_age().build().unwrap();
    assert!(verifier.verify(body(at("2026-01-01T00:00:00Z"))).is_ok());
    assert!(verifier.verify(body(at("2026-06-01T13:00:00Z"))).is_err());
    let verifier = with_certificate().max_age(Duration::MAX).build().unwrap();
    assert!(verifier.verify(body(at("2026-01-01T00:00:00Z"))).is_ok());
}
