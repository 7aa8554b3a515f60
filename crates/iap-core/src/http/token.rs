//! A token that is fetched or minted once and shared until shortly before it expires.

use core::{fmt, time::Duration};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

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
/// A token that is about to expire is renewed by one caller while the others wait for it: a
/// hundred requests at once fetch one token. No lock is held while a valid token is at hand.
pub struct TokenCache {
    current: RwLock<Option<Arc<Token>>>,
    /// Held by the caller that renews the token.
    renewal: Mutex<()>,
    margin: Duration,
}

impl TokenCache {
    /// An empty cache that renews a token `margin` before it expires.
    #[must_use]
    pub fn new(margin: Duration) -> Self {
        Self {
            current: RwLock::new(None),
            renewal: Mutex::new(()),
            margin,
        }
    }

    /// The token at hand or, if there is none that is still good, what `renew` returns.
    ///
    /// # Errors
    ///
    /// Those of `renew`. A failure is not kept: the next caller tries anew.
    pub async fn get<F>(&self, clock: &dyn Clock, renew: F) -> Result<Arc<Token>, Error>
    where
        F: Future<Output = Result<Token, Error>> + Send,
    {
        if let Some(token) = self.valid(clock.now()) {
            return Ok(token);
        }
        let _renewal = self.renewal.lock().await;
        // While we waited, another caller may have renewed it.
        if let Some(token) = self.valid(clock.now()) {
            return Ok(token);
        }
        let token = Arc::new(renew.await?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Forgets `token`, because the store refused it; a newer one is kept.
    pub fn forget(&self, token: &Arc<Token>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, token))
        {
            *current = None;
        }
    }

    fn valid(&self, now: Timestamp) -> Option<Arc<Token>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let token = current.as_ref()?;
        (now.saturating_add(self.margin) < token.expires_at).then(|| Arc::clone(token))
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache")
            .field("margin", &self.margin)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::{FixedClock, Rejection};

    const MINUTE: Duration = Duration::from_secs(60);

    fn token(number: u32, clock: &FixedClock) -> Token {
        Token::new(
            Secret::new(number.to_string()),
            clock.now().saturating_add(MINUTE.saturating_mul(10)),
        )
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
                    .get(&clock, fetch)
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
        let get = |number| cache.get(&clock, core::future::ready(Ok(token(number, &clock))));
        assert_eq!(get(1).await.unwrap().secret.expose(), "1");
        clock.advance(9 * MINUTE - Duration::from_millis(1));
        assert_eq!(get(2).await.unwrap().secret.expose(), "1");
        clock.advance(Duration::from_millis(1));
        assert_eq!(get(3).await.unwrap().secret.expose(), "3");
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache = TokenCache::new(MINUTE);
        let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
        let failure = Error::rejected(Rejection::NotFound, "no");
        assert!(
            cache
                .get(&clock, core::future::ready(Err(failure)))
                .await
                .is_err()
        );
        assert!(
            cache
                .get(&clock, core::future::ready(Ok(token(1, &clock))))
                .await
                .is_ok()
        );
    }

    #[tokio::test]
    async fn only_the_refused_token_is_forgotten() {
        let cache = TokenCache::new(MINUTE);
        let clock = FixedClock::new(Timestamp::UNIX_EPOCH);
        let get = |number| cache.get(&clock, core::future::ready(Ok(token(number, &clock))));
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
