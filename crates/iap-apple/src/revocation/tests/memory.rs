//! What the checker remembers and for how long, and how many ask at once.

use core::time::Duration;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use iap_core::FixedClock;
use tokio::{task::JoinSet, time::Instant};

use super::{
    AUTHORITY, INTERMEDIATE_URL, LEAF_URL,
    checks::{BOTH_GOOD, SAME, check, network_where_both, undetermined, verified, verified_by},
    minutes, now,
    responder::{Statement, refusal},
    transport::{Network, Reply, intermediate_answer, leaf_answer},
};
use crate::{CertificateStatus, OcspFailure, OcspResponseStatus};

#[tokio::test]
async fn an_answer_serves_until_next_update_and_no_longer() {
    let network = Network::of(&AUTHORITY, SAME, |statement| {
        statement.revoked(minutes(-1000), None)
    });
    let clock = Arc::new(FixedClock::new(now()));
    let checker = network.checker().clock(Arc::clone(&clock)).build();
    let first = check(&checker).await;
    clock.set(minutes(30).saturating_sub(Duration::from_millis(1)));
    assert_eq!(check(&checker).await, first);
    assert_eq!(network.requests().len(), 2);
    clock.set(minutes(30));
    check(&checker).await;
    assert_eq!(network.requests().len(), 4);
}

#[tokio::test]
async fn an_answer_serves_no_longer_than_accepted_and_not_before_it_was_made() {
    let network = Network::of(&AUTHORITY, SAME, SAME);
    let clock = Arc::new(FixedClock::new(now()));
    let checker = network
        .checker()
        .clock(Arc::clone(&clock))
        .max_answer_age(Duration::from_secs(10 * 60))
        .build();
    check(&checker).await;
    clock.set(minutes(10));
    check(&checker).await;
    assert_eq!(network.requests().len(), 4);
    // A clock that is set back does not bring an answer into its past.
    clock.set(minutes(-36));
    let status = check(&checker).await;
    assert_eq!(network.requests().len(), 6);
    assert!(matches!(
        status.leaf,
        CertificateStatus::Undetermined(OcspFailure::NotYetValid { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn however_many_ask_at_once_one_request_is_made_for_each_certificate() {
    let leaf = leaf_answer(&AUTHORITY, SAME);
    let intermediate = intermediate_answer(&AUTHORITY, SAME);
    let network = Network::new(move |url| {
        let answer = if url == LEAF_URL {
            &leaf
        } else {
            &intermediate
        };
        Reply::Late(Duration::from_secs(1), answer.clone())
    });
    let checker = network.checker().build();
    let data = verified();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (checker, data) = (checker.clone(), data.clone());
        tasks.spawn(async move { checker.check(&data).await });
    }
    for status in tasks.join_all().await {
        assert_eq!(status, Some(BOTH_GOOD));
    }
    assert_eq!(
        (network.count(LEAF_URL), network.count(INTERMEDIATE_URL)),
        (1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn those_who_waited_share_a_failure_instead_of_failing_one_after_the_other() {
    let network = network_where_both(|| Reply::Late(Duration::from_secs(2), refusal(3)));
    let checker = network.checker().failure_pause(Duration::ZERO).build();
    let started = Instant::now();
    let data = verified();
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (checker, data) = (checker.clone(), data.clone());
        tasks.spawn(async move { checker.check(&data).await.unwrap() });
    }
    for status in tasks.join_all().await {
        assert_eq!(
            status.leaf,
            undetermined(OcspFailure::Refused {
                status: OcspResponseStatus::TryLater
            })
        );
    }
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    assert_eq!(network.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_who_gives_up_does_not_stop_the_asking_for_the_next() {
    let leaf = leaf_answer(&AUTHORITY, SAME);
    let intermediate = intermediate_answer(&AUTHORITY, SAME);
    let network = Network::new(move |url| {
        let answer = if url == LEAF_URL {
            &leaf
        } else {
            &intermediate
        };
        Reply::Late(Duration::from_secs(2), answer.clone())
    });
    let checker = network.checker().build();
    let data = verified();
    let first = {
        let (checker, data) = (checker.clone(), data.clone());
        tokio::spawn(async move { checker.check(&data).await })
    };
    tokio::task::yield_now().await;
    let second = tokio::spawn(async move { checker.check(&data).await });
    tokio::task::yield_now().await;
    assert_eq!(network.requests().len(), 2);
    first.abort();
    assert_eq!(second.await.unwrap(), Some(BOTH_GOOD));
    assert_eq!(network.requests().len(), 2);
}

#[tokio::test]
async fn a_failure_stands_for_a_short_while_and_is_then_forgotten() {
    let network = network_where_both(|| Reply::Answer(refusal(2)));
    let clock = Arc::new(FixedClock::new(now()));
    let checker = network.checker().clock(Arc::clone(&clock)).build();
    let first = check(&checker).await;
    clock.advance(Duration::from_millis(9_999));
    assert_eq!(check(&checker).await, first);
    assert_eq!(network.requests().len(), 2);
    clock.advance(Duration::from_millis(1));
    check(&checker).await;
    assert_eq!(network.requests().len(), 4);
}

#[tokio::test]
async fn a_revocation_is_not_forgotten_because_an_old_answer_is_repeated() {
    let network = Network::of(
        &AUTHORITY,
        |statement| statement.revoked(minutes(-1000), None),
        SAME,
    );
    let clock = Arc::new(FixedClock::new(now()));
    let checker = network.checker().clock(Arc::clone(&clock)).build();
    let revoked = check(&checker).await.leaf;
    clock.set(minutes(1000));
    let status = check(&checker).await;
    assert_eq!(network.requests().len(), 4);
    assert_eq!(status.leaf, revoked);
    assert!(matches!(
        status.intermediate,
        CertificateStatus::Undetermined(OcspFailure::Stale { .. })
    ));
}

/// One who has little time left, because another chain took it, waits for one who has more.
#[tokio::test(start_paused = true)]
async fn a_revocation_is_not_forgotten_by_one_who_waits_in_vain_while_another_asks() {
    let leaf = leaf_answer(&AUTHORITY, |statement| {
        statement.revoked(minutes(-1000), None)
    });
    let is_cut = Arc::new(AtomicBool::new(false));
    let network = {
        let is_cut = is_cut.clone();
        network_where_both(move || match is_cut.load(Ordering::SeqCst) {
            true => Reply::Never,
            false => Reply::Answer(leaf.clone()),
        })
    };
    let clock = Arc::new(FixedClock::new(now()));
    let checker = network.checker().clock(Arc::clone(&clock)).build();
    let data = verified();
    let revoked = check(&checker).await.leaf;
    assert!(matches!(revoked, CertificateStatus::Revoked { .. }));
    is_cut.store(true, Ordering::SeqCst);
    clock.set(minutes(1000));
    let asking = {
        let (checker, data) = (checker.clone(), data.clone());
        tokio::spawn(async move { checker.check(&data).await.unwrap() })
    };
    tokio::task::yield_now().await;
    let soon = Instant::now().checked_add(Duration::from_secs(1)).unwrap();
    let waiting = checker.check_chain(data.chain().unwrap(), soon).await;
    assert_eq!(waiting.leaf, revoked);
    assert!(matches!(
        waiting.intermediate,
        CertificateStatus::Undetermined(OcspFailure::Transport { .. })
    ));
    assert_eq!(asking.await.unwrap().leaf, revoked);
}

#[tokio::test]
async fn unknown_is_not_remembered_longer_than_a_failure() {
    let network = Network::of(&AUTHORITY, Statement::unknown, SAME);
    let clock = Arc::new(FixedClock::new(now()));
    let checker = network.checker().clock(Arc::clone(&clock)).build();
    assert_eq!(check(&checker).await.leaf, CertificateStatus::Unknown);
    clock.advance(Duration::from_secs(10));
    check(&checker).await;
    assert_eq!(network.count(LEAF_URL), 2);
    assert_eq!(network.count(INTERMEDIATE_URL), 1);
}

#[tokio::test]
async fn the_number_of_remembered_certificates_is_bounded() {
    let network = Network::of(&AUTHORITY, SAME, SAME);
    for (count, expected) in [(0, 4), (1, 4), (2, 2)] {
        let before = network.requests().len();
        let checker = network.checker().remembered_certificates(count).build();
        assert_eq!(check(&checker).await, BOTH_GOOD);
        assert_eq!(check(&checker).await, BOTH_GOOD);
        assert_eq!(network.requests().len() - before, expected, "{count}");
    }
}

#[tokio::test]
async fn nothing_is_remembered_of_another_certificate_of_the_same_name() {
    let network = Network::of(&AUTHORITY, SAME, SAME);
    let checker = network.checker().build();
    assert_eq!(check(&checker).await, BOTH_GOOD);
    let status = checker
        .check(&verified_by(&AUTHORITY.another_leaf()))
        .await
        .unwrap();
    assert_eq!(status.leaf, undetermined(OcspFailure::OtherCertificate));
    assert_eq!(status.intermediate, CertificateStatus::Good);
    assert_eq!(
        (network.count(LEAF_URL), network.count(INTERMEDIATE_URL)),
        (2, 1)
    );
}
