//! What a caller of the online verifier gets: a verdict, or none, never one for the other.

use std::error::Error as _;
use std::sync::Arc;

use iap_core::{ErrorKind, FixedClock, Rejection, Timestamp, http::TransportErrorKind};
use iap_testkit::{
    AppTransactionBuilder, Forgery, NotificationBuilder, RealtimeRequestBuilder,
    RenewalInfoBuilder, SigningAuthority, TransactionBuilder, xcode_jws,
};

use super::{
    AUTHORITY, INTERMEDIATE_URL, LEAF_URL, at, minutes, now,
    responder::{Statement, refusal},
    transport::{Edit, Network, Reply, intermediate_answer, leaf_answer},
};
use crate::{
    App, CertificateDates, CertificateRole, CertificateStatus, ChainStatus, CrlReason, Environment,
    OcspFailure, OcspResponseStatus, OnlineVerifier, ResponderProblem, RevocationFailure,
    RevocationPolicy, SignedDataVerifier, TrustAnchor,
};

const BUNDLE_ID: &str = "com.example.app";
const SAME: Edit = |statement| statement;
const REVOKE: Edit = |statement| statement.revoked(at("2026-05-20T08:00:00Z"), Some(1));

fn offline(authority: &SigningAuthority) -> SignedDataVerifier {
    SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, 7))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
        .clock(FixedClock::new(now()))
        .build()
        .unwrap()
}

fn online(network: &Arc<Network>) -> OnlineVerifier {
    OnlineVerifier::new(offline(&AUTHORITY), network.checker().build())
}

fn transaction() -> TransactionBuilder {
    TransactionBuilder::auto_renewable(BUNDLE_ID, "pro").signed_at(now())
}

/// The kind of error, or `None` if the transaction is accepted.
async fn verdict(network: &Arc<Network>, policy: RevocationPolicy) -> Option<ErrorKind> {
    let jws = transaction().sign(&AUTHORITY);
    let result = online(network).verify_transaction(jws, policy).await;
    result.err().map(|error| error.kind())
}

#[tokio::test(start_paused = true)]
async fn the_policy_decides_about_everything_but_good_and_revoked() {
    let both = [RevocationPolicy::Hard, RevocationPolicy::Soft];
    for policy in both {
        assert_eq!(
            verdict(&Network::of(&AUTHORITY, SAME, SAME), policy).await,
            None
        );
        for network in [
            Network::of(&AUTHORITY, REVOKE, SAME),
            Network::of(&AUTHORITY, SAME, REVOKE),
            Network::of(&AUTHORITY, REVOKE, Statement::unknown),
            Network::of(&AUTHORITY, Statement::unknown, REVOKE),
        ] {
            assert_eq!(
                verdict(&network, policy).await,
                Some(ErrorKind::Rejected(Rejection::CertificateRevoked))
            );
        }
    }
    let stale: Edit = |statement| statement.dated(minutes(-90), Some(minutes(-30)));
    for network in [
        Network::of(&AUTHORITY, Statement::unknown, SAME),
        Network::of(&AUTHORITY, SAME, Statement::unknown),
        Network::of(&AUTHORITY, stale, SAME),
        Network::of(&AUTHORITY, SAME, stale),
        Network::new(|_| Reply::Failure(TransportErrorKind::Connect)),
        Network::new(|_| Reply::Status(503)),
        Network::new(|_| Reply::Never),
        Network::new(|_| Reply::Answer(refusal(3))),
    ] {
        let hard = verdict(&network, RevocationPolicy::Hard).await;
        assert_eq!(hard, Some(ErrorKind::Unavailable));
        assert_eq!(verdict(&network, RevocationPolicy::Soft).await, None);
    }
}

#[test]
fn no_failure_to_learn_something_is_a_verdict() {
    let at = now();
    let transport = |kind| OcspFailure::Transport {
        kind,
        reason: String::new(),
    };
    let text = || "reason".to_owned();
    for (cause, kind) in [
        (
            OcspFailure::HttpStatus { status: 502 },
            ErrorKind::Unavailable,
        ),
        (
            OcspFailure::NotYetValid { since: at, now: at },
            ErrorKind::Unavailable,
        ),
        (
            OcspFailure::Stale {
                next_update: at,
                now: at,
            },
            ErrorKind::Unavailable,
        ),
        (
            OcspFailure::Refused {
                status: OcspResponseStatus::Unauthorized,
            },
            ErrorKind::Unavailable,
        ),
        (
            transport(TransportErrorKind::Connect),
            ErrorKind::Unavailable,
        ),
        (
            transport(TransportErrorKind::Interrupted),
            ErrorKind::Unavailable,
        ),
        (
            transport(TransportErrorKind::Timeout),
            ErrorKind::Unavailable,
        ),
        (
            transport(TransportErrorKind::TooLong),
            ErrorKind::InvalidResponse,
        ),
        (
            transport(TransportErrorKind::Request),
            ErrorKind::Misconfigured,
        ),
        (
            OcspFailure::NoResponder { reason: text() },
            ErrorKind::Misconfigured,
        ),
        (
            OcspFailure::Malformed { reason: text() },
            ErrorKind::InvalidResponse,
        ),
        (OcspFailure::OtherCertificate, ErrorKind::InvalidResponse),
        (OcspFailure::Signature, ErrorKind::InvalidResponse),
        (OcspFailure::SignatureAlgorithm, ErrorKind::InvalidResponse),
        (
            OcspFailure::TooLong { found: 2, limit: 1 },
            ErrorKind::InvalidResponse,
        ),
        (
            OcspFailure::UntrustedResponder {
                problem: ResponderProblem::NotEntitled,
            },
            ErrorKind::InvalidResponse,
        ),
    ] {
        let status = ChainStatus {
            leaf: CertificateStatus::Good,
            intermediate: CertificateStatus::Undetermined(cause.clone()),
        };
        assert_eq!(status.require(RevocationPolicy::Soft), Ok(()));
        let failure = status.require(RevocationPolicy::Hard).unwrap_err();
        let role = CertificateRole::Intermediate;
        assert_eq!(failure, RevocationFailure::Undetermined { role, cause });
        let error = iap_core::Error::from(failure.clone());
        assert_eq!(error.kind(), kind, "{failure:?}");
        let source = error.source().unwrap().downcast_ref();
        assert_eq!(source, Some(&failure));
    }
}

#[tokio::test]
async fn a_revocation_is_reported_with_its_date_and_reason() {
    let network = Network::of(&AUTHORITY, REVOKE, SAME);
    let error = online(&network)
        .verify_transaction(transaction().sign(&AUTHORITY), RevocationPolicy::Soft)
        .await
        .unwrap_err();
    let failure = error.source().unwrap();
    assert_eq!(
        failure.downcast_ref(),
        Some(&RevocationFailure::Revoked {
            role: CertificateRole::Leaf,
            at: at("2026-05-20T08:00:00Z"),
            reason: Some(CrlReason::KeyCompromise),
        })
    );
    assert_eq!(
        failure.to_string(),
        "the leaf certificate was revoked on 2026-05-20T08:00:00.000Z (KeyCompromise)"
    );
}

#[tokio::test]
async fn what_apple_did_not_sign_causes_no_request() {
    let network = Network::of(&AUTHORITY, SAME, SAME);
    let online = online(&network);
    let payload = transaction().build();
    for forgery in Forgery::all() {
        let jws = AUTHORITY.forge(*forgery, &payload);
        let error = online
            .verify_transaction(jws, RevocationPolicy::Hard)
            .await
            .unwrap_err();
        assert!(error.rejection().is_some(), "{forgery:?}: {error}");
    }
    // Nor what it signed for somebody else.
    let other_app = TransactionBuilder::consumable("com.example.other", "coins").signed_at(now());
    let jws = other_app.sign(&AUTHORITY);
    assert!(
        online
            .verify_transaction(jws, RevocationPolicy::Soft)
            .await
            .is_err()
    );
    assert!(network.requests().is_empty());
}

#[tokio::test]
async fn a_known_chain_is_still_asked_about() {
    let network = Network::of(&AUTHORITY, REVOKE, SAME);
    let online = online(&network);
    let jws = transaction().sign(&AUTHORITY);
    assert!(online.offline().verify_transaction(&jws).is_ok());
    for _ in 0..2 {
        let error = online
            .verify_transaction(&jws, RevocationPolicy::Soft)
            .await
            .unwrap_err();
        assert_eq!(error.rejection(), Some(Rejection::CertificateRevoked));
    }
    assert_eq!(network.requests().len(), 2);
}

#[tokio::test]
async fn every_kind_of_data_is_asked_about() {
    let transaction = transaction();
    let notification = NotificationBuilder::new("DID_RENEW")
        .app(BUNDLE_ID, 7)
        .signed_at(now())
        .renewal_info(RenewalInfoBuilder::of(&transaction).signed_at(now()))
        .transaction(transaction.clone())
        .sign(&AUTHORITY);
    let body = format!("{{\"signedPayload\":\"{notification}\"}}");
    let renewal_info = RenewalInfoBuilder::of(&transaction)
        .signed_at(now())
        .sign(&AUTHORITY);
    let app_transaction = AppTransactionBuilder::new(BUNDLE_ID, 7)
        .signed_at(now())
        .sign(&AUTHORITY);
    let request = RealtimeRequestBuilder::new(7, "pro")
        .signed_at(now())
        .sign(&AUTHORITY);
    let transaction = transaction.sign(&AUTHORITY);
    let policy = RevocationPolicy::Hard;
    for (edit, is_accepted) in [(SAME, true), (REVOKE, false)] {
        let network = Network::of(&AUTHORITY, edit, SAME);
        let online = online(&network);
        let results = [
            online
                .verify_notification(&notification, policy)
                .await
                .map(drop),
            online
                .verify_notification_body(&body, policy)
                .await
                .map(drop),
            online
                .verify_renewal_info(&renewal_info, policy)
                .await
                .map(drop),
            online
                .verify_app_transaction(&app_transaction, policy)
                .await
                .map(drop),
            online
                .verify_realtime_request(&request, policy)
                .await
                .map(drop),
            online
                .verify_transaction(&transaction, policy)
                .await
                .map(drop),
        ];
        for (position, result) in results.into_iter().enumerate() {
            assert_eq!(result.is_ok(), is_accepted, "{position}: {result:?}");
        }
        assert_eq!(network.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_part_signed_by_a_revoked_leaf_spoils_the_notification() {
    let other = AUTHORITY.another_leaf();
    let transaction = transaction();
    let notification = NotificationBuilder::new("DID_RENEW")
        .app(BUNDLE_ID, 7)
        .signed_at(now())
        .signed_transaction_info(transaction.sign(&other))
        .signed_renewal_info(
            RenewalInfoBuilder::of(&transaction)
                .signed_at(now())
                .sign(&AUTHORITY),
        )
        .sign(&AUTHORITY);
    let good = leaf_answer(&AUTHORITY, SAME);
    let revoked = leaf_answer(&other, REVOKE);
    let intermediate = intermediate_answer(&AUTHORITY, SAME);
    let about_other = super::responder::serial_number(other.leaf_der());
    let network = Network::by_request(move |request| {
        let asks_about_other = || {
            request
                .body()
                .windows(about_other.len())
                .any(|it| it == about_other)
        };
        Reply::Answer(if *request.uri() == *INTERMEDIATE_URL {
            intermediate.clone()
        } else if asks_about_other() {
            revoked.clone()
        } else {
            good.clone()
        })
    });
    let error = online(&network)
        .verify_notification(notification, RevocationPolicy::Soft)
        .await
        .unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::CertificateRevoked));
    assert_eq!(
        (network.count(LEAF_URL), network.count(INTERMEDIATE_URL)),
        (2, 1)
    );
}

#[tokio::test]
async fn data_of_local_environments_has_nobody_to_ask() {
    let verifier = SignedDataVerifier::builder()
        .app(App::unreleased(BUNDLE_ID))
        .environment(Environment::Xcode)
        .clock(FixedClock::new(now()))
        .build()
        .unwrap();
    let network = Network::of(&AUTHORITY, REVOKE, REVOKE);
    let checker = network.checker().build();
    let online = OnlineVerifier::new(verifier, checker.clone());
    let jws = xcode_jws(&transaction().environment(Environment::Xcode).build());
    let data = online
        .verify_transaction(jws, RevocationPolicy::Hard)
        .await
        .unwrap();
    assert_eq!(checker.check(&data).await, None);
    assert!(network.requests().is_empty());
}

#[tokio::test]
async fn certificates_are_judged_by_the_present_only_if_asked_for() {
    let expired = |until: Timestamp| {
        SigningAuthority::builder()
            .leaf_validity(at("2025-01-01T00:00:00Z"), until)
            .ocsp_url(LEAF_URL, INTERMEDIATE_URL)
            .build()
    };
    let authority = expired(at("2026-05-30T00:00:00Z"));
    let network = Network::of(&authority, SAME, SAME);
    let online = OnlineVerifier::new(offline(&authority), network.checker().build());
    let jws = transaction()
        .signed_at(at("2026-05-29T00:00:00Z"))
        .sign(&authority);
    let policy = RevocationPolicy::Hard;
    assert!(online.verify_transaction(&jws, policy).await.is_ok());
    let strict = online.certificate_dates(CertificateDates::WhenSignedAndNow);
    let before = network.requests().len();
    let error = strict.verify_transaction(&jws, policy).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::UntrustedCertificate));
    assert!(
        error.to_string().contains("expired on 2026-05-30"),
        "{error}"
    );
    assert_eq!(network.requests().len(), before);

    let valid = expired(at("2027-01-01T00:00:00Z"));
    let network = Network::of(&valid, SAME, SAME);
    let online = OnlineVerifier::new(offline(&valid), network.checker().build())
        .certificate_dates(CertificateDates::WhenSignedAndNow);
    let jws = transaction().sign(&valid);
    assert!(online.verify_transaction(jws, policy).await.is_ok());
}

#[tokio::test]
async fn a_certificate_that_is_not_valid_yet_tells_of_a_slow_clock_not_of_a_forgery() {
    let authority = SigningAuthority::builder()
        .leaf_validity(minutes(2), at("2027-01-01T00:00:00Z"))
        .ocsp_url(LEAF_URL, INTERMEDIATE_URL)
        .build();
    let network = Network::of(&authority, SAME, SAME);
    let online = OnlineVerifier::new(offline(&authority), network.checker().build())
        .certificate_dates(CertificateDates::WhenSignedAndNow);
    let jws = transaction().signed_at(minutes(3)).sign(&authority);
    let error = online
        .verify_transaction(jws, RevocationPolicy::Hard)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn calls_can_be_made_from_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    fn is_shared<T: Send + Sync + Clone>(_: &T) {}
    let network = Network::of(&AUTHORITY, SAME, SAME);
    let online = online(&network);
    is_shared(&online);
    is_shared(&network.checker().build());
    is_send(&online.verify_transaction("", RevocationPolicy::Hard));
    is_send(&online.verify_notification("", RevocationPolicy::Hard));
    is_send(&online.verify_notification_body("", RevocationPolicy::Hard));
}

#[tokio::test(start_paused = true)]
async fn as_a_verifier_it_gives_no_purchase_while_the_responder_is_silent() {
    use iap_core::{Proof, Verifier as _};
    let proof = Proof::apple_signed_transaction(transaction().sign(&AUTHORITY));
    let good = online(&Network::of(&AUTHORITY, SAME, SAME));
    assert!(good.verify(&proof).await.is_ok());
    let revoked = online(&Network::of(&AUTHORITY, REVOKE, SAME));
    let error = revoked.verify(&proof).await.unwrap_err();
    assert_eq!(error.rejection(), Some(Rejection::CertificateRevoked));
    let silent = online(&Network::new(|_| Reply::Never));
    let error = silent.verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let other = Proof::apple_transaction_id("1");
    let error = good.verify(&other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
}

#[tokio::test(start_paused = true)]
async fn the_verifier_that_asks_apple_checks_what_the_app_sent_and_what_apple_answered() {
    use crate::{
        AppStoreServerClient, AppStoreVerifier,
        client::tests::{Transport, key},
    };
    use iap_core::{Proof, Verifier as _};
    let coins = TransactionBuilder::consumable(BUNDLE_ID, "coins").signed_at(now());
    let jws = coins.sign(&AUTHORITY);
    let by_jws = Proof::apple_signed_transaction(jws.as_str());
    let id = coins.build()["transactionId"].as_str().unwrap().to_owned();
    let by_id = Proof::apple_transaction_id(id);
    for (network, policy, answer_of_apple, forged) in [
        (
            Network::of(&AUTHORITY, SAME, SAME),
            RevocationPolicy::Hard,
            None,
            None,
        ),
        (
            Network::of(&AUTHORITY, REVOKE, SAME),
            RevocationPolicy::Soft,
            Some(ErrorKind::InvalidResponse),
            Some(ErrorKind::Rejected(Rejection::CertificateRevoked)),
        ),
        (
            Network::new(|_| Reply::Status(503)),
            RevocationPolicy::Hard,
            Some(ErrorKind::Unavailable),
            Some(ErrorKind::Unavailable),
        ),
        (
            Network::new(|_| Reply::Status(503)),
            RevocationPolicy::Soft,
            None,
            None,
        ),
    ] {
        let transport = Arc::new(Transport::default());
        let client = AppStoreServerClient::builder(key(), BUNDLE_ID, Environment::Production)
            .transport(transport.clone())
            .clock(FixedClock::new(now()))
            .build()
            .unwrap();
        let verifier = AppStoreVerifier::new(client, offline(&AUTHORITY))
            .check_revocation(online(&network), policy);
        for (proof, expected) in [(&by_id, answer_of_apple), (&by_jws, forged)] {
            transport.answer_json(200, &serde_json::json!({ "signedTransactionInfo": jws }));
            let found = verifier.verify(proof).await.err().map(|error| error.kind());
            assert_eq!(found, expected, "{policy:?}");
        }
    }
}
