//! How certificates are fetched, shared and kept, and that no failure of it is a verdict.

use core::time::Duration;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use iap_core::{
    EndpointAnswer, Error, ErrorKind, FixedClock,
    http::{ResponseLimit, RetryPolicy, TransportErrorKind},
};
use iap_testkit::{SnsForgery, SnsSigner};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    SIGNER, builder, changed, message,
    network::{Network, Reply},
    now,
};
use crate::notification::{
    CertificateProblem, NotificationFailure, OnlineNotificationVerifier,
    fetcher::MAX_CERTIFICATE_LENGTH,
};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn honest() -> String {
    message().sign(&SIGNER)
}

/// A message that names the address with `number`, where there is nothing.
fn elsewhere(number: usize) -> String {
    let url = format!("https://sns.us-east-1.amazonaws.com/{number}.pem");
    changed(&honest(), |body| body["SigningCertURL"] = url.into())
}

fn problem_of(failure: NotificationFailure) -> CertificateProblem {
    match failure {
        NotificationFailure::CertificateUnavailable { problem } => problem,
        other => panic!("{other} instead of an outage"),
    }
}

#[tokio::test]
async fn a_certificate_is_fetched_once_and_then_kept() {
    let network = Network::of_sns();
    let verifier = network.verifier();
    for _ in 0..10 {
        verifier.verify(honest()).await.unwrap();
    }
    let requests = network.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method(), "GET");
    assert_eq!(requests[0].uri(), SIGNER.certificate_url());
    assert!(requests[0].headers().is_empty() && requests[0].body().is_empty());
    let limit = requests[0].extensions().get::<ResponseLimit>().unwrap();
    assert_eq!(limit.0, MAX_CERTIFICATE_LENGTH);
}

#[tokio::test]
async fn a_supplied_certificate_is_not_fetched() {
    let network = Network::of_sns();
    let verifier = OnlineNotificationVerifier::new(super::verifier(), network.fetcher().build());
    verifier.verify(honest()).await.unwrap();
    verifier.verify(elsewhere(1)).await.unwrap_err();
    assert_eq!(network.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_notifications_at_once_cause_one_request() {
    let network = Network::new(|url| Reply::Late(SECOND, SIGNER.certificate_at(url).unwrap()));
    let verifier = network.verifier();
    let body = honest();
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        let (verifier, body) = (verifier.clone(), body.clone());
        tasks.spawn(async move { verifier.verify(body).await.map(drop) });
    }
    for verdict in tasks.join_all().await {
        assert_eq!(verdict, Ok(()));
    }
    assert_eq!(network.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_addresses_is_fetched_few_at_a_time_and_keeps_the_good_certificate() {
    let network = Network::new(|url| match SIGNER.certificate_at(url) {
        Some(pem) => Reply::Answer(pem),
        None => Reply::Late(SECOND / 100, "nothing".to_owned()),
    });
    let fetcher = network.fetcher().build();
    let verifier = OnlineNotificationVerifier::new(builder().build().unwrap(), fetcher.clone());
    verifier.verify(honest()).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..1000 {
        let verifier = verifier.clone();
        tasks.spawn(async move { verifier.verify(elsewhere(number)).await.unwrap_err() });
    }
    for failure in tasks.join_all().await {
        assert!(failure.is_retryable(), "{failure}");
    }
    assert!(network.most_at_once() <= 4, "{}", network.most_at_once());
    assert_eq!(fetcher.kept(), 1);
    let before = network.count();
    verifier.verify(honest()).await.unwrap();
    assert_eq!(network.count(), before, "still at hand");
}

#[tokio::test]
async fn no_more_certificates_are_kept_than_a_fixed_number() {
    let network = Network::new(|_| Reply::Answer(SIGNER.certificate_pem().to_owned()));
    let fetcher = network.fetcher().build();
    let verifier = OnlineNotificationVerifier::new(builder().build().unwrap(), fetcher.clone());
    for number in 0..100 {
        verifier.verify(elsewhere(number)).await.unwrap();
    }
    assert_eq!(fetcher.kept(), 16);
    let none = network.fetcher().remembered_certificates(0).build();
    let verifier = OnlineNotificationVerifier::new(builder().build().unwrap(), none.clone());
    verifier.verify(honest()).await.unwrap();
    assert_eq!(none.kept(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_comes_instead_of_a_certificate_is_a_verdict() {
    use TransportErrorKind as T;
    let too_long = || "-----BEGIN CERTIFICATE-----\n".repeat(1000);
    type Make = fn() -> Reply;
    let cases: [(&str, Make, ErrorKind); 14] = [
        ("redirect", || Reply::Status(302), ErrorKind::Unavailable),
        ("moved", || Reply::Status(301), ErrorKind::Unavailable),
        ("not found", || Reply::Status(404), ErrorKind::Unavailable),
        ("forbidden", || Reply::Status(403), ErrorKind::Unavailable),
        ("throttled", || Reply::Status(429), ErrorKind::Unavailable),
        ("broken", || Reply::Status(500), ErrorKind::Unavailable),
        (
            "empty",
            || Reply::Answer(String::new()),
            ErrorKind::InvalidResponse,
        ),
        (
            "page",
            || Reply::Answer("<html>captive portal</html>".to_owned()),
            ErrorKind::InvalidResponse,
        ),
        (
            "too long",
            || Reply::Answer("x".repeat(MAX_CERTIFICATE_LENGTH + 1)),
            ErrorKind::InvalidResponse,
        ),
        (
            "far too long",
            || Reply::Failure(T::TooLong),
            ErrorKind::InvalidResponse,
        ),
        (
            "no way",
            || Reply::Failure(T::Connect),
            ErrorKind::Unavailable,
        ),
        (
            "broken off",
            || Reply::Failure(T::Interrupted),
            ErrorKind::Unavailable,
        ),
        (
            "not sent",
            || Reply::Failure(T::Request),
            ErrorKind::Unavailable,
        ),
        ("silence", || Reply::Never, ErrorKind::Unavailable),
    ];
    for (name, make, kind) in cases {
        let network = Network::new(move |_| make());
        let failure = network.verifier().verify(honest()).await.unwrap_err();
        assert_eq!(failure.check(), "certificate_unavailable", "{name}");
        assert_eq!(
            failure.endpoint_answer(),
            EndpointAnswer::TryAgain,
            "{name}"
        );
        let error = Error::from(failure.clone());
        assert_eq!(error.kind(), kind, "{name}");
        assert!(error.is_retryable(), "{name}");
        match problem_of(failure) {
            CertificateProblem::HttpStatus { status } => {
                assert_eq!(error.http_status(), Some(status), "{name}");
            }
            problem => assert!(!problem.to_string().is_empty(), "{name}"),
        }
    }
    // Even if it begins like one.
    let network = Network::new(move |_| Reply::Answer(too_long()));
    let failure = network.verifier().verify(honest()).await.unwrap_err();
    assert_eq!(
        problem_of(failure),
        CertificateProblem::TooLong {
            limit: MAX_CERTIFICATE_LENGTH
        }
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_ours_is_never_late_for_amazon() {
    let network = Network::new(|_| Reply::Never);
    let verifier = network.verifier();
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..100 {
        let verifier = verifier.clone();
        tasks.spawn(async move { verifier.verify(elsewhere(number % 50)).await.unwrap_err() });
    }
    for failure in tasks.join_all().await {
        assert!(failure.is_retryable());
    }
    assert!(started.elapsed() < 15 * SECOND, "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_hangs_is_made_once_more() {
    let asked = Arc::new(AtomicUsize::new(0));
    let network = {
        let asked = asked.clone();
        Network::new(move |url| match asked.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Never,
            _ => Reply::Answer(SIGNER.certificate_at(url).unwrap()),
        })
    };
    network.verifier().verify(honest()).await.unwrap();
    assert_eq!(network.count(), 2);
    let network = Network::new(|_| Reply::Status(503));
    let fetcher = network.fetcher().retry(RetryPolicy::never()).build();
    let verifier = OnlineNotificationVerifier::new(builder().build().unwrap(), fetcher);
    verifier.verify(honest()).await.unwrap_err();
    assert_eq!(network.count(), 1);
}

#[tokio::test]
async fn a_failure_pauses_requests_to_its_address_and_is_then_forgotten() {
    let is_down = Arc::new(AtomicBool::new(true));
    let network = {
        let is_down = is_down.clone();
        Network::new(move |url| match is_down.load(Ordering::SeqCst) {
            true => Reply::Status(404),
            false => Reply::Answer(SIGNER.certificate_at(url).unwrap()),
        })
    };
    let clock = Arc::new(FixedClock::new(now()));
    let fetcher = network.fetcher().clock(clock.clone()).build();
    let verifier = OnlineNotificationVerifier::new(builder().build().unwrap(), fetcher);
    let status = CertificateProblem::HttpStatus { status: 404 };
    for _ in 0..10 {
        let failure = verifier.verify(honest()).await.unwrap_err();
        assert_eq!(problem_of(failure), status);
    }
    assert_eq!(network.count(), 1);
    is_down.store(false, Ordering::SeqCst);
    clock.advance(10 * SECOND - Duration::from_millis(1));
    verifier.verify(honest()).await.unwrap_err();
    assert_eq!(network.count(), 1);
    clock.advance(Duration::from_millis(1));
    verifier.verify(honest()).await.unwrap();
    assert_eq!(network.count(), 2);
}

#[tokio::test]
async fn a_verdict_about_a_certificate_is_not_kept() {
    let body = SIGNER.forge(SnsForgery::CertificateOfAnotherService, &message());
    let mends = Arc::new(AtomicUsize::new(0));
    let network = {
        let mends = mends.clone();
        Network::new(move |url| match mends.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Answer(SIGNER.certificate_at(url).unwrap()),
            _ => Reply::Answer(SIGNER.certificate_pem().to_owned()),
        })
    };
    let verifier = network.verifier();
    let failure = verifier.verify(&body).await.unwrap_err();
    assert_eq!(failure.check(), "certificate_name");
    verifier.verify(&body).await.unwrap();
    assert_eq!(network.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_certificate_is_fetched_again_after_a_day_and_serves_on_through_an_outage() {
    let state = Arc::new(AtomicUsize::new(0));
    let network = {
        let state = state.clone();
        Network::new(move |url| match state.load(Ordering::SeqCst) {
            0 => Reply::Answer(SIGNER.certificate_at(url).unwrap()),
            1 => Reply::Status(503),
            2 => Reply::Failure(TransportErrorKind::Connect),
            _ => Reply::Status(404),
        })
    };
    let clock = Arc::new(FixedClock::new(now()));
    let fetcher = network.fetcher().clock(clock.clone()).build();
    let verifier =
        OnlineNotificationVerifier::new(builder().any_age().build().unwrap(), fetcher.clone());
    verifier.verify(honest()).await.unwrap();
    clock.advance(24 * HOUR - Duration::from_millis(1));
    verifier.verify(honest()).await.unwrap();
    assert_eq!(network.count(), 1);
    for outage in [1, 2] {
        state.store(outage, Ordering::SeqCst);
        clock.advance(HOUR);
        let before = network.count();
        verifier.verify(honest()).await.unwrap();
        assert!(network.count() > before);
        // And asks no more often than the pause allows.
        let before = network.count();
        verifier.verify(honest()).await.unwrap();
        assert_eq!(network.count(), before);
    }
    // Amazon has withdrawn it.
    state.store(3, Ordering::SeqCst);
    clock.advance(HOUR);
    for _ in 0..2 {
        let failure = verifier.verify(honest()).await.unwrap_err();
        assert_eq!(
            problem_of(failure),
            CertificateProblem::HttpStatus { status: 404 }
        );
    }
    assert_eq!(fetcher.kept(), 0);
}

#[tokio::test]
async fn a_certificate_that_is_fetched_again_takes_no_second_place() {
    let network = Network::of_sns();
    let clock = Arc::new(FixedClock::new(now()));
    let fetcher = network.fetcher().clock(clock.clone()).build();
    let verifier =
        OnlineNotificationVerifier::new(builder().any_age().build().unwrap(), fetcher.clone());
    for _ in 0..3 {
        verifier.verify(honest()).await.unwrap();
        clock.advance(24 * HOUR);
    }
    assert_eq!((network.count(), fetcher.kept()), (3, 1));
}

#[tokio::test]
async fn a_clock_that_is_set_back_brings_nothing_into_its_past() {
    let network = Network::of_sns();
    let clock = Arc::new(FixedClock::new(now()));
    let fetcher = network.fetcher().clock(clock.clone()).build();
    let verifier = OnlineNotificationVerifier::new(builder().build().unwrap(), fetcher);
    verifier.verify(honest()).await.unwrap();
    clock.set(now().saturating_sub(HOUR));
    verifier.verify(honest()).await.unwrap();
    assert_eq!(network.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_who_gives_up_does_not_stop_the_fetching_for_the_next() {
    let network = Network::new(|url| Reply::Late(2 * SECOND, SIGNER.certificate_at(url).unwrap()));
    let verifier = network.verifier();
    let spawn = || {
        let verifier = verifier.clone();
        tokio::spawn(async move { verifier.verify(honest()).await.map(drop) })
    };
    let first = spawn();
    tokio::task::yield_now().await;
    let second = spawn();
    tokio::task::yield_now().await;
    assert_eq!(network.count(), 1);
    first.abort();
    assert_eq!(second.await.unwrap(), Ok(()));
    assert_eq!(network.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_senders_who_hang_up_makes_one_request_to_an_address_and_no_more_than_the_line()
{
    let network = Network::new(|url| match SIGNER.certificate_at(url) {
        Some(pem) => Reply::Late(SECOND, pem),
        None => Reply::Never,
    });
    let verifier = network.verifier();
    let hang_up = async |body: String| {
        let verifier = verifier.clone();
        let sender = tokio::spawn(async move { verifier.verify(body).await.map(drop) });
        sleep(SECOND / 2000).await;
        sender.abort();
    };
    for _ in 0..1000 {
        hang_up(honest()).await;
    }
    assert_eq!(network.count(), 1);
    verifier.verify(honest()).await.unwrap();
    assert_eq!(network.count(), 1);
    for number in 0..1000 {
        hang_up(elsewhere(number)).await;
    }
    let failure = verifier.verify(elsewhere(1000)).await.unwrap_err();
    let reason = "too many other certificates are being fetched".to_owned();
    assert_eq!(problem_of(failure), CertificateProblem::NoAnswer { reason });
    // All of them come to an end; each of the few that were asked was asked twice.
    sleep(60 * SECOND).await;
    assert!(network.count() <= 1 + 2 * 8, "{}", network.count());
    assert!(network.most_at_once() <= 4);
    verifier.verify(honest()).await.unwrap();
}

/// All give up at the same moment, the one who asks and those who wait for that one.
#[tokio::test(start_paused = true)]
async fn a_certificate_at_hand_also_serves_those_who_wait_in_vain_for_a_new_one() {
    let is_down = Arc::new(AtomicBool::new(false));
    let network = {
        let is_down = is_down.clone();
        Network::new(move |url| match is_down.load(Ordering::SeqCst) {
            true => Reply::Never,
            false => Reply::Answer(SIGNER.certificate_at(url).unwrap()),
        })
    };
    let clock = Arc::new(FixedClock::new(now()));
    let fetcher = network
        .fetcher()
        .clock(clock.clone())
        .retry(RetryPolicy::never().deadline(2 * SECOND))
        .build();
    let verifier = OnlineNotificationVerifier::new(builder().any_age().build().unwrap(), fetcher);
    verifier.verify(honest()).await.unwrap();
    is_down.store(true, Ordering::SeqCst);
    clock.advance(24 * HOUR);
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let verifier = verifier.clone();
        tasks.spawn(async move { verifier.verify(honest()).await.map(drop) });
    }
    for verdict in tasks.join_all().await {
        assert_eq!(verdict, Ok(()));
    }
    assert_eq!(network.count(), 2);
}

#[tokio::test]
async fn a_new_certificate_of_amazon_is_noticed_by_its_address() {
    let next = SnsSigner::valid(
        super::at("2026-05-01T00:00:00Z"),
        super::at("2027-05-01T00:00:00Z"),
    );
    let network = {
        let next = next.clone();
        Network::new(move |url| {
            let pem = SIGNER
                .certificate_at(url)
                .or_else(|| next.certificate_at(url));
            Reply::Answer(pem.unwrap())
        })
    };
    let verifier = network.verifier();
    for _ in 0..3 {
        verifier.verify(honest()).await.unwrap();
        verifier.verify(message().sign(&next)).await.unwrap();
    }
    assert_eq!(network.count(), 2);
    // One's address with the other's signature.
    let mixed = changed(&honest(), |body| {
        body["SigningCertURL"] = next.certificate_url().into();
    });
    let failure = verifier.verify(mixed).await.unwrap_err();
    assert_eq!(failure, NotificationFailure::Signature);
}
