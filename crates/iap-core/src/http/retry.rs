//! May a failed request be repeated, and after how long? A pure decision, and its limits.

use core::time::Duration;

use http::StatusCode;

use super::{HttpResponse, TransportErrorKind};

/// How often, how fast and how long a call is repeated. The default suits a server that answers a
/// waiting app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_delay: Duration,
    max_delay: Duration,
    attempt_timeout: Option<Duration>,
    deadline: Duration,
}

impl RetryPolicy {
    /// Up to 3 attempts within 8 seconds, the first repeated after about 200 ms.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_attempts: 3,
            first_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(5),
            attempt_timeout: None,
            deadline: DEFAULT_DEADLINE,
        }
    }

    /// Up to 2 attempts of 3 seconds within 7 seconds: for [`HttpClient::fetch`](super::HttpClient::fetch).
    ///
    /// Whoever asks for a document keeps somebody waiting who gives up after 10 seconds. Its host
    /// answers in a tenth of a second; a connection that hangs up is worth a second try, a host that
    /// is down is not worth a third.
    #[must_use]
    pub const fn for_fetching() -> Self {
        Self::new()
            .max_attempts(2)
            .attempt_timeout(Duration::from_secs(3))
            .deadline(Duration::from_secs(7))
    }

    /// One attempt, no repetition.
    #[must_use]
    pub const fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// How many attempts there are at most, the first included.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// How long to wait before the second attempt; doubled before each further one. The wait is
    /// spread at random between half of it and all of it.
    #[must_use]
    pub const fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// How long to wait at most between two attempts, unless the store asks for more.
    #[must_use]
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// How long one attempt may take, whatever the transport's own bounds are. Default: as long as
    /// the call.
    #[must_use]
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How long a call may take with all its attempts and waits. No attempt starts, and none is
    /// waited for, beyond it.
    #[must_use]
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How long a call may take with all its attempts and waits.
    #[must_use]
    pub const fn total_time(&self) -> Duration {
        self.deadline
    }

    /// How long one attempt may take; `None` if only the call is bounded.
    pub(super) const fn time_of_attempt(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// Decides what follows an attempt that did not succeed.
    ///
    /// - `attempt`: how many attempts have been made, 1 after the first.
    /// - `elapsed`: the time since the call began.
    /// - `jitter`: a random number from 0 to 1, which spreads the waits of many callers.
    #[must_use]
    pub fn decide(
        &self,
        attempt: u32,
        outcome: Outcome,
        idempotency: Idempotency,
        elapsed: Duration,
        jitter: f64,
    ) -> Decision {
        let may_repeat = match outcome {
            // Never sent, so it cannot have had an effect.
            Outcome::Transport(TransportErrorKind::Connect) => true,
            Outcome::Transport(TransportErrorKind::Interrupted | TransportErrorKind::Timeout) => {
                idempotency == Idempotency::Idempotent
            }
            Outcome::Transport(TransportErrorKind::Request | TransportErrorKind::TooLong) => false,
            // Refused before it had an effect.
            Outcome::RateLimited { .. } => true,
            Outcome::ServerError { .. } => idempotency == Idempotency::Idempotent,
            Outcome::Final => false,
        };
        if !may_repeat || attempt >= self.max_attempts {
            return Decision::Stop;
        }
        let asked = match outcome {
            Outcome::RateLimited { retry_after } | Outcome::ServerError { retry_after } => {
                retry_after
            }
            Outcome::Transport(_) | Outcome::Final => None,
        };
        let doublings = attempt.saturating_sub(1).min(MAX_DOUBLINGS);
        let delay = self
            .first_delay
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(self.max_delay);
        let jitter = if jitter.is_finite() {
            jitter.clamp(0.0, 1.0)
        } else {
            1.0
        };
        let delay = delay.mul_f64(0.5 + 0.5 * jitter);
        // A store that says when to come back is never asked earlier.
        let delay = asked.map_or(delay, |asked| asked.max(delay));
        if elapsed.saturating_add(delay) >= self.deadline {
            return Decision::Stop;
        }
        Decision::RetryAfter(delay)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Whether a request may be made twice without doing something twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// It may.
    Idempotent,
    /// It may not, unless it surely had no effect.
    NotIdempotent,
}

/// How an attempt ended, as far as it matters for a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// An answer that another attempt will not change.
    Final,
    /// 429, or the store's own code for it: the request was refused before it had an effect.
    #[non_exhaustive]
    RateLimited {
        /// How long the store asked to wait.
        retry_after: Option<Duration>,
    },
    /// 5xx, or a code by which the store asks for another attempt.
    #[non_exhaustive]
    ServerError {
        /// How long the store asked to wait.
        retry_after: Option<Duration>,
    },
    /// No answer.
    Transport(TransportErrorKind),
}

impl Outcome {
    /// Judges an answer by its status alone: 200 is accepted (`None`), 429 and 5xx may pass, anything
    /// else is final. For servers that have no words of their own for failures.
    #[must_use]
    pub fn of_status(response: &HttpResponse) -> Option<Self> {
        match response.status() {
            StatusCode::OK => None,
            StatusCode::TOO_MANY_REQUESTS => Some(Self::rate_limited(None)),
            status if status.is_server_error() => Some(Self::server_error(None)),
            _ => Some(Self::Final),
        }
    }

    /// 429.
    #[must_use]
    pub const fn rate_limited(retry_after: Option<Duration>) -> Self {
        Self::RateLimited { retry_after }
    }

    /// 5xx.
    #[must_use]
    pub const fn server_error(retry_after: Option<Duration>) -> Self {
        Self::ServerError { retry_after }
    }
}

/// What follows an attempt that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Another attempt, after a wait.
    RetryAfter(Duration),
    /// No other attempt.
    Stop,
}

/// Apps give up after 10 seconds; an answer that comes later is work for nothing.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(8);

/// Beyond, any first delay has reached the longest.
const MAX_DOUBLINGS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn delay(policy: RetryPolicy, attempt: u32, outcome: Outcome, jitter: f64) -> Option<Duration> {
        match policy.decide(
            attempt,
            outcome,
            Idempotency::Idempotent,
            Duration::ZERO,
            jitter,
        ) {
            Decision::RetryAfter(delay) => Some(delay),
            Decision::Stop => None,
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_are_spread_over_their_second_half() {
        let policy = RetryPolicy::new()
            .first_delay(SECOND)
            .max_delay(3 * SECOND)
            .max_attempts(u32::MAX)
            .deadline(Duration::MAX);
        let error = Outcome::server_error(None);
        assert_eq!(delay(policy, 1, error, 1.0), Some(SECOND));
        assert_eq!(delay(policy, 1, error, 0.0), Some(SECOND / 2));
        assert_eq!(delay(policy, 2, error, 1.0), Some(2 * SECOND));
        assert_eq!(delay(policy, 3, error, 1.0), Some(3 * SECOND));
        assert_eq!(delay(policy, u32::MAX - 1, error, 1.0), Some(3 * SECOND));
        for odd in [f64::NAN, f64::INFINITY, -5.0, 7.0] {
            let delay = delay(policy, 1, error, odd).unwrap();
            assert!((SECOND / 2..=SECOND).contains(&delay), "{odd}");
        }
    }

    #[test]
    fn the_store_s_wish_counts_unless_our_own_wait_is_longer() {
        let policy = RetryPolicy::new().first_delay(SECOND);
        assert_eq!(
            delay(policy, 1, Outcome::rate_limited(Some(4 * SECOND)), 1.0),
            Some(4 * SECOND)
        );
        assert_eq!(
            delay(policy, 1, Outcome::rate_limited(Some(Duration::ZERO)), 1.0),
            Some(SECOND)
        );
        assert_eq!(
            delay(policy, 1, Outcome::rate_limited(Some(Duration::MAX)), 1.0),
            None
        );
    }

    #[test]
    fn the_last_attempt_is_the_last() {
        let policy = RetryPolicy::new().max_attempts(2);
        assert!(delay(policy, 1, Outcome::server_error(None), 1.0).is_some());
        assert_eq!(delay(policy, 2, Outcome::server_error(None), 1.0), None);
        assert_eq!(
            delay(RetryPolicy::never(), 1, Outcome::server_error(None), 1.0),
            None
        );
        assert_eq!(delay(RetryPolicy::new(), 1, Outcome::Final, 1.0), None);
    }
}
