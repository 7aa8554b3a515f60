//! When is a token fetched, by whom, and who is told what came of it?

use core::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::{FixedClock, Rejection};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn token(number: u32, clock: &FixedClock) -> Token {
    Token::new(
        Secret::new(number.to_string()),
        clock.now().saturating_add(MINUTE.saturating_mul(10)),
    )
}

/// Later than anything here takes.
fn later() -> Instant {
    Instant::now()
        .checked_add(MINUTE.saturating_mul(60))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_at_once_fetch_one_token() {
    let cache = Arc::new(TokenCache::new(MINUTE));
    let clock = Arc::new(FixedClock::new(Timestamp::UNIX_EPOCH));
    let fetched = Arc::new(AtomicU32::new(0));
    let callers = (0..100).map(|_| {
        let (cache, clock, fetched) = (cache.clone(), clock.clone(), fetched.clone());
        tokio::spawn(async move {
            let fetch = async {
                tokio::time::sleep(MINUTE).await;
                Ok(token(fetched.fetch_add(1, Ordering::SeqCst), &clock))
            };
            cache
                .get(&clock, later(), fetch)
                .await
                .unwrap()
                .secret
                .expose()
                .to_owned()
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        assert_eq!(caller.await.unwrap(), "0");
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_is_renewed_shortly_before_it_expires() {
    let cache = TokenCache::new(MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let get = |number| {
        cache.get(
            &clock,
            later(),
            core::future::ready(Ok(token(number, &clock))),
        )
    };
    assert_eq!(get(1).await.unwrap().secret.expose(), "1");
    clock.advance(9 * MINUTE - Duration::from_millis(1));
    assert_eq!(get(2).await.unwrap().secret.expose(), "1");
    clock.advance(Duration::from_millis(1));
    assert_eq!(get(3).await.unwrap().secret.expose(), "3");
}

#[tokio::test]
async fn a_token_that_lives_shorter_than_the_margin_is_used_for_half_its_life() {
    let cache = TokenCache::new(60 * MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let get = |number| {
        cache.get(
            &clock,
            later(),
            core::future::ready(Ok(token(number, &clock))),
        )
    };
    assert_eq!(get(1).await.unwrap().secret.expose(), "1");
    clock.advance(5 * MINUTE - Duration::from_millis(1));
    assert_eq!(get(2).await.unwrap().secret.expose(), "1");
    clock.advance(Duration::from_millis(1));
    assert_eq!(get(3).await.unwrap().secret.expose(), "3");
}

#[tokio::test(start_paused = true)]
async fn while_one_caller_renews_a_token_the_others_use_the_old_one() {
    let cache = Arc::new(TokenCache::new(MINUTE));
    let clock = Arc::new(FixedClock::new(Timestamp::UNIX_EPOCH));
    let first = core::future::ready(Ok(token(1, &clock)));
    cache.get(&clock, later(), first).await.unwrap();
    clock.advance(9 * MINUTE);
    let renewing = {
        let (cache, clock) = (cache.clone(), clock.clone());
        tokio::spawn(async move {
            let slow = async {
                tokio::time::sleep(MINUTE).await;
                Ok(token(2, &clock))
            };
            cache.get(&clock, later(), slow).await.unwrap()
        })
    };
    tokio::task::yield_now().await;
    let other = core::future::ready(Err(Error::unavailable("not asked")));
    let other = cache.get(&clock, later(), other).await.unwrap();
    assert_eq!(other.secret.expose(), "1");
    assert_eq!(renewing.await.unwrap().secret.expose(), "2");
    let late = core::future::ready(Err(Error::unavailable("not asked")));
    let later = cache.get(&clock, later(), late).await.unwrap();
    assert_eq!(later.secret.expose(), "2");
}

#[tokio::test]
async fn the_old_token_is_used_while_its_renewal_fails_and_no_longer_than_it_is_accepted() {
    let cache = TokenCache::new(MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let tried = AtomicU32::new(0);
    let fail = || {
        cache.get(&clock, later(), async {
            tried.fetch_add(1, Ordering::SeqCst);
            Err(Error::unavailable("down"))
        })
    };
    let first = core::future::ready(Ok(token(1, &clock)));
    cache.get(&clock, later(), first).await.unwrap();
    clock.advance(9 * MINUTE);
    for _ in 0..5 {
        assert_eq!(fail().await.unwrap().secret.expose(), "1");
    }
    assert_eq!(tried.load(Ordering::SeqCst), 1, "not by every caller");
    clock.advance(PAUSE_AFTER_FAILURE);
    assert_eq!(fail().await.unwrap().secret.expose(), "1");
    assert_eq!(tried.load(Ordering::SeqCst), 2);
    clock.advance(MINUTE - PAUSE_AFTER_FAILURE);
    for tries in 3..5 {
        assert!(fail().await.is_err(), "it has expired");
        assert_eq!(tried.load(Ordering::SeqCst), tries);
    }
    let renewed = core::future::ready(Ok(token(2, &clock)));
    let renewed = cache.get(&clock, later(), renewed).await.unwrap();
    assert_eq!(renewed.secret.expose(), "2");
}

#[tokio::test]
async fn a_refused_token_is_not_used_although_its_renewal_fails() {
    let cache = TokenCache::new(MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let first = core::future::ready(Ok(token(1, &clock)));
    let first = cache.get(&clock, later(), first).await.unwrap();
    cache.forget(&first);
    let failing = core::future::ready(Err(Error::unavailable("down")));
    assert!(cache.get(&clock, later(), failing).await.is_err());
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let cache = TokenCache::new(MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let failure = Error::rejected(Rejection::NotFound, "no");
    assert!(
        cache
            .get(&clock, later(), core::future::ready(Err(failure)))
            .await
            .is_err()
    );
    assert!(
        cache
            .get(&clock, later(), core::future::ready(Ok(token(1, &clock))))
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_at_once_share_one_failure_and_the_next_one_tries_anew() {
    let cache = Arc::new(TokenCache::new(MINUTE));
    let clock = Arc::new(FixedClock::new(Timestamp::UNIX_EPOCH));
    let tried = Arc::new(AtomicU32::new(0));
    let fail = || {
        let (cache, clock, tried) = (cache.clone(), clock.clone(), tried.clone());
        tokio::spawn(async move {
            let fetch = async {
                tokio::time::sleep(8 * SECOND).await;
                let number = tried.fetch_add(1, Ordering::SeqCst);
                Err(Error::misconfigured(format!("failure {number}"))
                    .with_http_status(401)
                    .with_source("the cause"))
            };
            cache.get(&clock, later(), fetch).await.unwrap_err()
        })
    };
    for round in 0..2 {
        let started = Instant::now();
        let callers: Vec<_> = (0..100).map(|_| fail()).collect();
        for caller in callers {
            let error = caller.await.unwrap();
            assert_eq!(error.kind(), crate::ErrorKind::Misconfigured);
            assert!(error.to_string().contains(&format!("failure {round}")));
            assert_eq!(crate::causes(&error), "the cause");
        }
        assert_eq!(started.elapsed(), 8 * SECOND);
    }
    assert_eq!(tried.load(Ordering::SeqCst), 2);
    let renewed = core::future::ready(Ok(token(1, &clock)));
    let renewed = cache.get(&clock, later(), renewed).await.unwrap();
    assert_eq!(renewed.secret.expose(), "1");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_beyond_the_deadline() {
    let cache = TokenCache::new(MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let started = Instant::now();
    let after = |seconds| started.checked_add(Duration::from_secs(seconds)).unwrap();
    let hang = |deadline| cache.get(&clock, deadline, core::future::pending());
    let (asking, waiting) =
        tokio::join!(async { (hang(after(5)).await, started.elapsed()) }, async {
            (hang(after(3)).await, started.elapsed())
        },);
    for ((result, elapsed), seconds) in [(asking, 5), (waiting, 3)] {
        assert_eq!(result.unwrap_err().kind(), crate::ErrorKind::Unavailable);
        assert_eq!(elapsed, Duration::from_secs(seconds));
    }
}

#[tokio::test]
async fn only_the_refused_token_is_forgotten() {
    let cache = TokenCache::new(MINUTE);
    let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
    let get = |number| {
        cache.get(
            &clock,
            later(),
            core::future::ready(Ok(token(number, &clock))),
        )
    };
    let first = get(1).await.unwrap();
    cache.forget(&first);
    let second = get(2).await.unwrap();
    assert_eq!(second.secret.expose(), "2");
    cache.forget(&first);
    assert!(Arc::ptr_eq(&get(3).await.unwrap(), &second));
    assert!(
        !format!("{cache:?} {second:?}").contains('2'),
        "no token in Debug"
    );
}
#[tokio::test(start_paused = true)]
async fn a_renewal_that_hangs_leaves_half_of_the_time_to_a_call_with_the_old_token() {
    let clock = FixedClock::new(Timestamp::from_seconds(0));
    let cache = TokenCache::new(MINUTE);
    let first = async { Ok(token(1, &clock)) };
    cache.get(&clock, later(), first).await.unwrap();
    // A minute before its end.
    let due = token(1, &clock).expires_at.saturating_sub(MINUTE);
    clock.set(due);
    let started = Instant::now();
    let deadline = started.checked_add(Duration::from_secs(8)).unwrap();
    let old = cache.get(&clock, deadline, core::future::pending()).await;
    assert_eq!(old.unwrap().secret.expose(), "1");
    assert_eq!(started.elapsed(), Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn who_has_more_time_is_not_told_that_the_time_of_another_was_up() {
    let clock = FixedClock::new(Timestamp::from_seconds(0));
    let cache = TokenCache::new(MINUTE);
    let fetch = || async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(token(1, &clock))
    };
    let after = |millis| Instant::now().checked_add(Duration::from_millis(millis));
    let (short, long) = tokio::join!(
        cache.get(&clock, after(100).unwrap(), fetch()),
        cache.get(&clock, after(8_000).unwrap(), fetch()),
    );
    assert_eq!(short.unwrap_err().kind(), crate::ErrorKind::Unavailable);
    assert!(long.is_ok(), "{long:?}");
}
