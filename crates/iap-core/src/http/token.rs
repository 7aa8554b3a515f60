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
    /// old one the next caller after some seconds. That the caller's own time was up is told to
    /// nobody else.
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
        let (_renewal, deadline) = match self.accepted(now) {
            Some(held) if now < held.renew_from => return Ok(held.token),
            Some(held) => match self.renewal.try_lock() {
                // The other half is for the call, which can be made with the old token.
                Ok(renewal) => (renewal, halfway_to(deadline)),
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
                (renewal, deadline)
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
                // That our own time is up says nothing to those who have more.
                if Instant::now() < deadline {
                    self.keep_failure(error.clone());
                }
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

fn halfway_to(deadline: Instant) -> Instant {
    let now = Instant::now();
    let half = deadline.saturating_duration_since(now).checked_div(2);
    now.checked_add(half.unwrap_or_default())
        .unwrap_or(deadline)
}

fn out_of_time() -> Error {
    Error::unavailable("no access token in time")
}

/// A renewal that failed is tried again by this many callers at most: one in ten seconds. Each of
/// them waits for it to fail.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
