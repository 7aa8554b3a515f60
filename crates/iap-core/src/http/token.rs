//! A token that is fetched or minted once and shared until shortly before it expires.

use core::{fmt, time::Duration};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

use crate::{Clock, Error, Secret, Timestamp};

/// An access token and when it expires.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Token {
    /// The token, as it goes into the `Authorization` header.
    pub secret: Secret,
    /// When the store will no longer accept it.
    pub expires_at: Timestamp,
}

impl Token {
    /// A token that is accepted until `expires_at`.
    #[must_use]
    pub const fn new(secret: Secret, expires_at: Timestamp) -> Self {
        Self { secret, expires_at }
    }
}

/// Keeps one token for all callers.
///
/// A token is renewed shortly before it expires, by one caller: a hundred requests at once fetch one
/// token. While it is renewed, and while that fails, the old one is used as long as the store
/// accepts it. Without one, those who waited for a renewal that failed share the failure. No lock is
/// held while a good token is at hand.
pub struct TokenCache {
    current: RwLock<Option<Held>>,
    /// Why the last renewal that failed did.
    failure: RwLock<Option<Arc<Error>>>,
    /// Held by the caller that renews the token.
    renewal: Mutex<()>,
    margin: Duration,
}

#[derive(Clone)]
struct Held {
    token: Arc<Token>,
    /// From when on a caller tries to renew it.
    renew_from: Timestamp,
}

impl TokenCache {
    /// An empty cache that renews a token `margin` before it expires; one that lives for less than
    /// twice as long, at half its life.
    #[must_use]
    pub fn new(margin: Duration) -> Self {
        Self {
            current: RwLock::new(None),
            failure: RwLock::new(None),
            renewal: Mutex::new(()),
            margin,
        }
    }

    /// The token at hand or, if it is time for a new one, what `renew` returns before `deadline`.
    ///
    /// # Errors
    ///
    /// Those of `renew`, unless the token at hand is still accepted; and
    /// [`Unavailable`](crate::ErrorKind::Unavailable) when the time is up. A failure is told to
    /// those who waited for it and is not kept: without a token the next caller tries anew, with an
    /// old one the next caller after some seconds.
    pub async fn get<F>(
        &self,
        clock: &dyn Clock,
        deadline: Instant,
        renew: F,
    ) -> Result<Arc<Token>, Error>
    where
        F: Future<Output = Result<Token, Error>> + Send,
    {
        let now = clock.now();
        let _renewal = match self.accepted(now) {
            Some(held) if now < held.renew_from => return Ok(held.token),
            Some(held) => match self.renewal.try_lock() {
                Ok(renewal) => renewal,
                // Somebody renews it. Nobody needs to wait for that.
                Err(_) => return Ok(held.token),
            },
            None => {
                let before = self.last_failure();
                let renewal = timeout_at(deadline, self.renewal.lock()).await;
                let renewal = renewal.map_err(|_| out_of_time())?;
                // While we waited, another caller may have failed to renew it.
                if let Some(failure) = self.last_failure()
                    && !before.is_some_and(|before| Arc::ptr_eq(&before, &failure))
                    && self.accepted(clock.now()).is_none()
                {
                    return Err((*failure).clone());
                }
                renewal
            }
        };
        // While we waited, another caller may have renewed it.
        let now = clock.now();
        if let Some(held) = self.accepted(now)
            && now < held.renew_from
        {
            return Ok(held.token);
        }
        let renewed = timeout_at(deadline, renew).await;
        match renewed.unwrap_or_else(|_| Err(out_of_time())) {
            Ok(token) => {
                let token = Arc::new(token);
                let now = clock.now();
                let life = token.expires_at.saturating_duration_since(now);
                let half = life.checked_div(2).unwrap_or_default();
                self.keep(Held {
                    token: Arc::clone(&token),
                    renew_from: token.expires_at.saturating_sub(self.margin.min(half)),
                });
                Ok(token)
            }
            Err(error) => self.postpone(clock.now()).ok_or_else(|| {
                self.keep_failure(error.clone());
                error
            }),
        }
    }

    /// Forgets `token`, because the store refused it; a newer one is kept.
    pub fn forget(&self, token: &Arc<Token>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(&current.token, token))
        {
            *current = None;
        }
    }

    /// The token at hand, if the store still accepts it.
    fn accepted(&self, now: Timestamp) -> Option<Held> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current
            .as_ref()
            .filter(|held| now < held.token.expires_at)
            .cloned()
    }

    /// Goes on with the token at hand for a while, if the store still accepts it.
    fn postpone(&self, now: Timestamp) -> Option<Arc<Token>> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let held = current
            .as_mut()
            .filter(|held| now < held.token.expires_at)?;
        held.renew_from = now.saturating_add(PAUSE_AFTER_FAILURE);
        Some(Arc::clone(&held.token))
    }

    fn keep(&self, held: Held) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
    }

    fn last_failure(&self) -> Option<Arc<Error>> {
        let failure = self.failure.read().unwrap_or_else(PoisonError::into_inner);
        failure.as_ref().map(Arc::clone)
    }

    fn keep_failure(&self, error: Error) {
        let failure = Some(Arc::new(error));
        *self.failure.write().unwrap_or_else(PoisonError::into_inner) = failure;
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache")
            .field("margin", &self.margin)
            .finish_non_exhaustive()
    }
}

fn out_of_time() -> Error {
    Error::unavailable("no access token in time")
}

/// A renewal that failed is tried again by this many callers at most: one in ten seconds. Each of
/// them waits for it to fail.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
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
}
