//! How many requests may go out per second? Waiting beforehand is cheaper than being refused.

use core::{num::NonZeroU16, time::Duration};
use std::{collections::VecDeque, sync::Arc};

use async_trait::async_trait;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

use super::{HttpRequest, HttpResponse, HttpTransport, TransportError};

/// Sends through another transport, and lets at most so many requests out within any second.
///
/// A request that is too early waits for its turn, first come, first served, within the deadline of
/// its call; what is given up while it waits takes no turn away. Share one to share the limit.
///
/// ```
/// use std::{num::NonZeroU16, sync::Arc};
/// use iap_core::http::{RateLimitedTransport, ReqwestTransport};
///
/// # fn example() -> Result<(), iap_core::Error> {
/// const TEN: NonZeroU16 = NonZeroU16::new(10).unwrap();
/// let transport = RateLimitedTransport::new(Arc::new(ReqwestTransport::new()?), TEN);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct RateLimitedTransport {
    transport: Arc<dyn HttpTransport>,
    requests_per_second: NonZeroU16,
    /// When the last requests went out, the oldest first: as many as may go out within a second.
    sent: Mutex<VecDeque<Instant>>,
}

impl RateLimitedTransport {
    /// Lets at most `requests_per_second` requests out through `transport`.
    #[must_use]
    pub fn new(transport: Arc<dyn HttpTransport>, requests_per_second: NonZeroU16) -> Self {
        Self {
            transport,
            requests_per_second,
            sent: Mutex::new(VecDeque::new()),
        }
    }

    /// Waits until another request may go out.
    ///
    /// The lock is the queue: who waits for time to pass holds it, and the others wait behind. It is
    /// not held while a request is under way.
    async fn turn(&self) {
        let mut sent = self.sent.lock().await;
        if sent.len() >= usize::from(self.requests_per_second.get())
            && let Some(oldest) = sent.front()
            && let Some(free) = oldest.checked_add(WINDOW)
        {
            // Given up here, nothing has been taken.
            sleep_until(free).await;
            sent.pop_front();
        }
        sent.push_back(Instant::now());
    }
}

#[async_trait]
impl HttpTransport for RateLimitedTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.turn().await;
        self.transport.send(request).await
    }
}

const WINDOW: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::{task::JoinSet, time::timeout};

    use super::*;

    /// Answers at once, and remembers when it was asked.
    #[derive(Debug, Default)]
    struct Recorder(std::sync::Mutex<Vec<Instant>>);

    #[async_trait]
    impl HttpTransport for Recorder {
        async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, TransportError> {
            self.0.lock().unwrap().push(Instant::now());
            Ok(HttpResponse::new(Bytes::new()))
        }
    }

    impl Recorder {
        fn times(&self, start: Instant) -> Vec<u128> {
            let times = self.0.lock().unwrap();
            times
                .iter()
                .map(|time| time.duration_since(start).as_millis())
                .collect()
        }
    }

    fn limited(requests_per_second: u16) -> (Arc<Recorder>, Arc<RateLimitedTransport>) {
        let recorder = Arc::new(Recorder::default());
        let limit = NonZeroU16::new(requests_per_second).unwrap();
        let transport = RateLimitedTransport::new(recorder.clone(), limit);
        (recorder, Arc::new(transport))
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_sees_more_requests_than_allowed() {
        let (recorder, transport) = limited(3);
        let start = Instant::now();
        let mut calls = JoinSet::new();
        for _ in 0..8 {
            let transport = transport.clone();
            calls.spawn(async move { transport.send(HttpRequest::default()).await });
        }
        calls.join_all().await;
        // Timers of tokio are exact to the millisecond.
        let times = recorder.times(start);
        for (index, (time, earliest)) in times
            .iter()
            .zip([0, 0, 0, 1000, 1000, 1000, 2000, 2000])
            .enumerate()
        {
            assert!(
                (earliest..earliest + 10).contains(time),
                "{index}: {times:?}"
            );
        }
        assert_eq!(times.len(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_minute_saves_no_turns_up() {
        let (recorder, transport) = limited(2);
        tokio::time::sleep(Duration::from_secs(60)).await;
        let start = Instant::now();
        for _ in 0..4 {
            transport.send(HttpRequest::default()).await.unwrap();
        }
        let times = recorder.times(start);
        assert!(
            times[1] < 10 && times[2] >= 1000 && times[3] < 1010,
            "{times:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_no_turn_away() {
        let (recorder, transport) = limited(1);
        let start = Instant::now();
        transport.send(HttpRequest::default()).await.unwrap();
        for _ in 0..100 {
            let waiting = transport.send(HttpRequest::default());
            assert!(timeout(Duration::from_millis(1), waiting).await.is_err());
        }
        transport.send(HttpRequest::default()).await.unwrap();
        let times = recorder.times(start);
        assert_eq!(times.len(), 2);
        assert!((1000..1010).contains(&times[1]), "{times:?}");
    }
}
