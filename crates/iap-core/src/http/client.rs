//! The loop around every call to a store: attempts, waits, one deadline, and a trace of each.

use core::{fmt, time::Duration};
use std::{
    hash::{BuildHasher as _, RandomState},
    sync::Arc,
};

use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Decision, HttpRequest, HttpResponse, HttpTransport, Idempotency, Outcome, RetryPolicy,
    TransportError, TransportErrorKind,
};
use crate::{Error, Store};

/// Sends the calls of a store's client: repeats what may be repeated, within one deadline.
///
/// Cheap to clone. Knows nothing of any store; each call brings the rules of its own.
#[derive(Clone)]
pub struct HttpClient {
    transport: Arc<dyn HttpTransport>,
    policy: RetryPolicy,
    store: Store,
    /// When all calls must have ended; `None` if each has its own time.
    until: Option<Instant>,
}

/// One call to a store. `Debug` shows neither URL nor headers.
#[non_exhaustive]
pub struct Call {
    /// The name of the endpoint in traces: fixed text, without ids.
    pub endpoint: &'static str,
    /// The request. Its URL and headers are never traced.
    pub request: HttpRequest,
    /// Whether it may be made twice.
    pub idempotency: Idempotency,
}

impl Call {
    /// A call of `endpoint`.
    #[must_use]
    pub const fn new(
        endpoint: &'static str,
        request: HttpRequest,
        idempotency: Idempotency,
    ) -> Self {
        Self {
            endpoint,
            request,
            idempotency,
        }
    }
}

/// Names the endpoint only: the URL may hold ids and, for Amazon, the shared secret.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("endpoint", &self.endpoint)
            .field("idempotency", &self.idempotency)
            .finish_non_exhaustive()
    }
}

impl HttpClient {
    /// A client of `store` that sends through `transport`.
    #[must_use]
    pub fn new(store: Store, transport: Arc<dyn HttpTransport>, policy: RetryPolicy) -> Self {
        Self {
            transport,
            policy,
            store,
            until: None,
        }
    }

    /// A client whose calls, however many there are, have all ended at `deadline`: for a call that
    /// takes several, of which each alone could take all of its time.
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self {
            until: Some(self.until.map_or(deadline, |until| until.min(deadline))),
            ..self.clone()
        }
    }

    /// When a call that begins now has ended, whatever comes of it.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        let now = Instant::now();
        let end = now.checked_add(self.policy.total_time().min(LONGEST));
        let end = end.unwrap_or(now);
        self.until.map_or(end, |until| until.min(end))
    }

    /// Makes a call and returns the store's answer, whatever its status.
    ///
    /// `outcome` judges an answer: `None` accepts it, anything else may lead to another attempt.
    /// When there is none, the last answer is returned for the store's client to explain.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](crate::ErrorKind::Unavailable) if no attempt brought an answer before the
    /// deadline, [`Misconfigured`](crate::ErrorKind::Misconfigured) if the request cannot be sent.
    pub async fn execute(
        &self,
        call: Call,
        outcome: impl Fn(&HttpResponse) -> Option<Outcome> + Send + Sync,
    ) -> Result<HttpResponse, Error> {
        let started = Instant::now();
        let deadline = self.deadline();
        if deadline <= started {
            return Err(Error::unavailable("no time is left to ask")
                .with_store(self.store)
                .with_source(TransportError::new(TransportErrorKind::Timeout)));
        }
        let policy = self
            .policy
            .deadline(deadline.saturating_duration_since(started));
        let mut attempt = 1_u32;
        loop {
            let sent = Instant::now();
            let until = policy
                .time_of_attempt()
                .and_then(|time| sent.checked_add(time))
                .map_or(deadline, |end| end.min(deadline));
            let result = match timeout_at(until, self.transport.send(call.request.clone())).await {
                Ok(result) => result,
                Err(_) => Err(TransportError::new(TransportErrorKind::Timeout)),
            };
            self.trace(&call, attempt, sent.elapsed(), &result);
            let judged = match &result {
                Ok(response) => match outcome(response) {
                    None => return result.map_err(|error| self.no_answer(error, attempt)),
                    Some(outcome) => outcome,
                },
                Err(error) => Outcome::Transport(error.kind()),
            };
            let elapsed = started.elapsed();
            match policy.decide(attempt, judged, call.idempotency, elapsed, jitter()) {
                Decision::RetryAfter(delay) => sleep(delay).await,
                Decision::Stop => return result.map_err(|error| self.no_answer(error, attempt)),
            }
            attempt = attempt.saturating_add(1);
        }
    }

    fn no_answer(&self, error: TransportError, attempts: u32) -> Error {
        let result = match error.kind() {
            TransportErrorKind::Request => Error::misconfigured("the request cannot be sent"),
            TransportErrorKind::TooLong => Error::invalid_response("the answer is too long"),
            TransportErrorKind::Connect
            | TransportErrorKind::Interrupted
            | TransportErrorKind::Timeout => Error::unavailable(match attempts {
                1 => "no answer after 1 attempt".to_owned(),
                _ => format!("no answer after {attempts} attempts"),
            }),
        };
        result.with_store(self.store).with_source(error)
    }

    fn trace(
        &self,
        call: &Call,
        attempt: u32,
        latency: Duration,
        result: &Result<HttpResponse, TransportError>,
    ) {
        let store = self.store.as_str();
        let endpoint = call.endpoint;
        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        match result {
            Ok(response) => tracing::debug!(
                store,
                endpoint,
                attempt,
                status = response.status().as_u16(),
                milliseconds,
                "answered"
            ),
            Err(error) => {
                tracing::warn!(store, endpoint, attempt, milliseconds, %error, "not answered");
            }
        }
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("store", &self.store)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// Clocks cannot add any time to any moment; nobody waits this long for an answer.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A random number from 0 to 1: the standard library seeds its hashers at random, which is random
/// enough to spread waits.
fn jitter() -> f64 {
    let [high, low, ..] = RandomState::new().hash_one(()).to_ne_bytes();
    f64::from(u16::from_ne_bytes([high, low])) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests;
