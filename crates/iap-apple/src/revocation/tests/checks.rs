//! Whom the checker asks, what it makes of the answer, and how long it waits.

use core::time::Duration;
use std::sync::Arc;

use http::header::CONTENT_TYPE;
use iap_core::{
    FixedClock,
    http::{PlainHttp, ResponseLimit, RetryPolicy, TransportErrorKind},
};
use iap_testkit::{SigningAuthority, TransactionBuilder};
use tokio::time::Instant;

use super::{
    AUTHORITY, INTERMEDIATE_URL, LEAF_URL, authority, minutes, now,
    responder::{Delegate, Hash, Key, Party, Response, Statement, sequence, serial_number},
    transport::{Edit, Network, Reply, intermediate_answer, leaf_answer},
};
use crate::{
    App, CertificateStatus, ChainStatus, Environment, OcspFailure, RevocationChecker,
    SignedDataVerifier, TrustAnchor, Verified, model::Transaction,
    revocation::ocsp_response::MAX_RESPONSE_LENGTH,
};

pub(super) const SAME: Edit = |statement| statement;

pub(super) const BOTH_GOOD: ChainStatus = ChainStatus {
    leaf: CertificateStatus::Good,
    intermediate: CertificateStatus::Good,
};

pub(super) fn verified_by(authority: &SigningAuthority) -> Verified<Transaction> {
    let verifier = SignedDataVerifier::builder()
        .app(App::new("com.example.app", 1))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
        .clock(FixedClock::new(now()))
        .build()
        .unwrap();
    let transaction = TransactionBuilder::consumable("com.example.app", "coins").signed_at(now());
    verifier
        .verify_transaction(transaction.sign(authority))
        .unwrap()
}

pub(super) fn verified() -> Verified<Transaction> {
    verified_by(&AUTHORITY)
}

pub(super) async fn check(checker: &RevocationChecker) -> ChainStatus {
    checker.check(&verified()).await.unwrap()
}

pub(super) fn undetermined(failure: OcspFailure) -> CertificateStatus {
    CertificateStatus::Undetermined(failure)
}

fn out_of_time() -> CertificateStatus {
    undetermined(OcspFailure::Transport {
        kind: TransportErrorKind::Timeout,
        reason: "no answer in time".to_owned(),
    })
}

/// A network whose responders both do the same, whatever they are asked.
pub(super) fn network_where_both(
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> Arc<Network> {
    Network::new(move |_| reply())
}

#[tokio::test]
async fn each_certificate_is_asked_about_at_its_own_address_in_the_words_of_rfc_6960() {
    let network = Network::of(&AUTHORITY, SAME, SAME);
    let checker = network.checker().build();
    assert_eq!(check(&checker).await, BOTH_GOOD);
    let requests = network.requests();
    assert_eq!(requests.len(), 2);
    for (url, issuer, certificate) in [
        (
            LEAF_URL,
            Party::intermediate(&AUTHORITY),
            AUTHORITY.leaf_der(),
        ),
        (
            INTERMEDIATE_URL,
            Party::root(&AUTHORITY),
            AUTHORITY.intermediate_der(),
        ),
    ] {
        let request = requests.iter().find(|it| *it.uri() == *url).unwrap();
        assert_eq!(request.method(), http::Method::POST);
        assert_eq!(request.headers()[CONTENT_TYPE], "application/ocsp-request");
        assert!(request.extensions().get::<PlainHttp>().is_some());
        let limit = request.extensions().get::<ResponseLimit>().unwrap();
        assert_eq!(limit.0, MAX_RESPONSE_LENGTH);
        let certificate_id = Statement::with_hash(Hash::Sha1, &issuer, certificate).certificate;
        let expected = sequence(&[&sequence(&[&sequence(&[&sequence(&[&certificate_id])])])]);
        assert_eq!(request.body()[..], expected);
        let serial = serial_number(certificate);
        assert!(expected.windows(serial.len()).any(|it| it == serial));
    }
}

#[tokio::test]
async fn what_is_said_about_one_certificate_is_not_taken_for_the_other() {
    let since = minutes(-1000);
    let revoked = CertificateStatus::Revoked {
        at: since,
        reason: None,
    };
    let revoke: Edit = |statement| statement.revoked(minutes(-1000), None);
    let network = Network::of(&AUTHORITY, revoke, SAME);
    let status = check(&network.checker().build()).await;
    assert_eq!(status.leaf, revoked);
    assert_eq!(status.intermediate, CertificateStatus::Good);
    let network = Network::of(&AUTHORITY, SAME, revoke);
    let status = check(&network.checker().build()).await;
    assert_eq!(status.leaf, CertificateStatus::Good);
    assert_eq!(status.intermediate, revoked);

    // Swapped answers are answers about other certificates.
    let leaf = leaf_answer(&AUTHORITY, SAME);
    let network = network_where_both(move || Reply::Answer(leaf.clone()));
    let status = check(&network.checker().build()).await;
    assert_eq!(status.leaf, CertificateStatus::Good);
    assert!(matches!(
        status.intermediate,
        CertificateStatus::Undetermined(OcspFailure::UntrustedResponder { .. })
    ));
}

#[tokio::test]
async fn a_delegated_responder_of_the_intermediate_answers_about_the_leaf() {
    let issuer = Party::intermediate(&AUTHORITY);
    let responder = Party::responder(Key::p256());
    let mut response = Response::of([Statement::good(&issuer, AUTHORITY.leaf_der())]);
    response.certificates = vec![Delegate::default().issue(&responder, &issuer)];
    let (good, root_s) = (
        response.sign(&responder),
        vec![Delegate::default().issue(&responder, &Party::root(&AUTHORITY))],
    );
    let intermediate = intermediate_answer(&AUTHORITY, SAME);
    let network_with = |leaf: Vec<u8>| {
        let intermediate = intermediate.clone();
        Network::new(move |url| {
            Reply::Answer(if url == LEAF_URL {
                leaf.clone()
            } else {
                intermediate.clone()
            })
        })
    };
    let status = check(&network_with(good).checker().build()).await;
    assert_eq!(status, BOTH_GOOD);
    // Whom the root entitled may answer about what the root issued, and about nothing else.
    response.certificates = root_s;
    let network = network_with(response.sign(&responder));
    let status = check(&network.checker().build()).await;
    assert!(matches!(
        status.leaf,
        CertificateStatus::Undetermined(OcspFailure::UntrustedResponder { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn leaf_and_intermediate_are_asked_about_at_once() {
    let leaf = leaf_answer(&AUTHORITY, SAME);
    let intermediate = intermediate_answer(&AUTHORITY, SAME);
    let second = Duration::from_secs(1);
    let network = Network::new(move |url| {
        Reply::Late(
            second,
            if url == LEAF_URL {
                leaf.clone()
            } else {
                intermediate.clone()
            },
        )
    });
    let started = Instant::now();
    assert_eq!(check(&network.checker().build()).await, BOTH_GOOD);
    assert_eq!(started.elapsed(), second);
}

#[tokio::test(start_paused = true)]
async fn a_responder_that_never_answers_costs_no_more_than_the_deadline() {
    let network = network_where_both(|| Reply::Never);
    let started = Instant::now();
    let status = check(&network.checker().build()).await;
    assert_eq!(status.leaf, out_of_time());
    assert_eq!(status.intermediate, out_of_time());
    // Two attempts of three seconds and the wait between them.
    let elapsed = started.elapsed();
    assert!(elapsed > Duration::from_secs(6) && elapsed < Duration::from_secs(7));
    assert_eq!(network.requests().len(), 4);

    let hasty = network
        .checker()
        .retry(RetryPolicy::new().deadline(Duration::from_secs(2)))
        .build();
    let started = Instant::now();
    assert_eq!(check(&hasty).await.leaf, out_of_time());
    assert_eq!(started.elapsed(), Duration::from_secs(2));

    // One attempt takes no longer than the policy lets it.
    let before = network.requests().len();
    let policy = RetryPolicy::never().attempt_timeout(Duration::from_secs(1));
    let hasty = network.checker().retry(policy).build();
    let started = Instant::now();
    let status = check(&hasty).await.leaf;
    assert!(matches!(
        status,
        CertificateStatus::Undetermined(OcspFailure::Transport {
            kind: TransportErrorKind::Timeout,
            ..
        })
    ));
    assert_eq!(started.elapsed(), Duration::from_secs(1));
    assert_eq!(network.requests().len(), before + 2);
}

#[tokio::test(start_paused = true)]
async fn statuses_and_broken_connections_are_told_apart_and_repeated_where_that_may_help() {
    let refused = |status| undetermined(OcspFailure::HttpStatus { status });
    for (status, attempts) in [
        (500, 2),
        (503, 2),
        (429, 2),
        (302, 1),
        (204, 1),
        (404, 1),
        (407, 1),
    ] {
        let network = network_where_both(move || Reply::Status(status));
        assert_eq!(
            check(&network.checker().build()).await.leaf,
            refused(status)
        );
        assert_eq!(network.count(LEAF_URL), attempts, "{status}");
    }
    for (kind, attempts) in [
        (TransportErrorKind::Connect, 2),
        (TransportErrorKind::Interrupted, 2),
        (TransportErrorKind::Timeout, 2),
        (TransportErrorKind::Request, 1),
        (TransportErrorKind::TooLong, 1),
    ] {
        let network = network_where_both(move || Reply::Failure(kind));
        let status = check(&network.checker().build()).await;
        let CertificateStatus::Undetermined(OcspFailure::Transport {
            kind: found,
            reason,
        }) = status.leaf
        else {
            panic!("{status:?}");
        };
        assert_eq!(found, kind);
        assert!(reason.ends_with(": the cause"), "{reason}");
        assert_eq!(network.count(LEAF_URL), attempts, "{kind:?}");
    }
}

#[tokio::test]
async fn a_page_of_html_or_an_endless_answer_is_no_answer() {
    let network = network_where_both(|| Reply::Answer(b"<html>Log in, please</html>".to_vec()));
    assert!(matches!(
        check(&network.checker().build()).await.leaf,
        CertificateStatus::Undetermined(OcspFailure::Malformed { .. })
    ));
    let network = network_where_both(|| Reply::Answer(vec![0x30; 1_000_000]));
    assert_eq!(
        check(&network.checker().build()).await.leaf,
        undetermined(OcspFailure::TooLong {
            found: 1_000_000,
            limit: MAX_RESPONSE_LENGTH
        })
    );
}

#[tokio::test]
async fn an_address_that_is_no_plain_http_address_is_not_asked() {
    let network = network_where_both(|| Reply::Status(500));
    let overlong = format!("http://ocsp.example.com/{}", "a".repeat(600));
    for url in [
        "",
        "ocsp.example.com",
        "/leaf",
        "http://",
        "http:///leaf",
        "ldap://ocsp.example.com/leaf",
        "file:///etc/passwd",
        "http://user:password@ocsp.example.com/leaf",
        "http://ocsp.example.com/a b",
        &overlong,
    ] {
        let authority = authority(url);
        let checker = network.checker().failure_pause(Duration::ZERO).build();
        let status = checker.check(&verified_by(&authority)).await.unwrap();
        assert!(
            matches!(
                status.leaf,
                CertificateStatus::Undetermined(OcspFailure::NoResponder { .. })
            ),
            "{url}: {status:?}"
        );
    }
    assert!(
        network
            .requests()
            .iter()
            .all(|it| *it.uri() == *INTERMEDIATE_URL)
    );
}
