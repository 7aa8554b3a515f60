//! Fetches Google's public keys, once for all who need one, and keeps them as long as Google says.

use core::{fmt, ops::Range, time::Duration};
use std::sync::Arc;

use http::{
    HeaderMap, Uri,
    header::{AGE, CACHE_CONTROL},
};
use iap_core::{
    Clock, Store, SystemClock, Timestamp,
    http::{
        FetchFailure, HttpClient, HttpRequest, HttpTransport, RetryPolicy, SingleFlight,
        TransportErrorKind,
    },
};

use super::{
    error::{KeyProblem, NotificationFailure},
    keys::{GoogleKeys, MAX_KEYS_LENGTH},
};
use crate::crypto::RsaPublicKey;

/// Fetches the keys that sign Google's tokens, from `https://www.googleapis.com/oauth2/v3/certs`.
///
/// Keys serve as long as Google's `Cache-Control` says, so in the long run this costs a request in
/// some hours. Anybody can send a token that names a key that nobody has: so for however many unknown
/// keys there is one request at a time, and a pause after it. After an outage there is a pause, too;
/// meanwhile the keys at hand serve on until they expire, and nothing about a key that is not among
/// them is a verdict.
///
/// Build one at start and share it: it is cheap to clone. Use it through
/// [`OnlineNotificationVerifier`](super::OnlineNotificationVerifier). To take keys from elsewhere,
/// pass in an [`HttpTransport`] that returns them.
#[derive(Clone)]
pub struct GoogleKeyFetcher {
    inner: Arc<Inner>,
}

struct Inner {
    client: HttpClient,
    learnt: SingleFlight<Learnt>,
    settings: Settings,
}

#[derive(Debug)]
struct Settings {
    clock: Arc<dyn Clock>,
    retry_policy: RetryPolicy,
    unknown_key_pause: Duration,
    failure_pause: Duration,
    url: Uri,
}

/// What came of asking, and what is still at hand from before.
struct Learnt {
    /// When they serve, too: a clock that is set back brings nothing into its past.
    keys: Option<(GoogleKeys, Range<Timestamp>)>,
    /// Why asking brought no keys.
    problem: Option<KeyProblem>,
    /// When nobody asks again, whatever key is wanted.
    pause: Range<Timestamp>,
}

/// Builds a [`GoogleKeyFetcher`]. Made by [`GoogleKeyFetcher::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct GoogleKeyFetcherBuilder {
    transport: Arc<dyn HttpTransport>,
    settings: Settings,
}

impl GoogleKeyFetcherBuilder {
    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// How often a request that brings no answer is made, and how long one and all of them may take.
    /// Default: twice, 3 seconds each, 7 together: Pub/Sub waits 10 seconds for our own answer.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry_policy = policy;
        self
    }

    /// How long Google is not asked again for a key that was not among its keys. Default: 1 minute.
    /// Google publishes a key long before it signs with it.
    pub fn unknown_key_pause(mut self, pause: Duration) -> Self {
        self.settings.unknown_key_pause = pause;
        self
    }

    /// How long Google is not asked again after it gave no keys. Default: 10 seconds.
    pub fn failure_pause(mut self, pause: Duration) -> Self {
        self.settings.failure_pause = pause;
        self
    }

    /// Fetches the keys from `url`: for tests, with a server of your own. Default: Google's address.
    pub fn url(mut self, url: Uri) -> Self {
        self.settings.url = url;
        self
    }

    /// Builds the fetcher.
    #[must_use]
    pub fn build(self) -> GoogleKeyFetcher {
        let Self {
            transport,
            settings,
        } = self;
        GoogleKeyFetcher {
            inner: Arc::new(Inner {
                client: HttpClient::new(Store::GooglePlay, transport, settings.retry_policy),
                learnt: SingleFlight::new(1),
                settings,
            }),
        }
    }
}

impl GoogleKeyFetcher {
    /// Starts building a fetcher that sends its requests through `transport`, which may be the one
    /// that other clients use.
    pub fn builder(transport: Arc<dyn HttpTransport>) -> GoogleKeyFetcherBuilder {
        GoogleKeyFetcherBuilder {
            transport,
            settings: Settings {
                clock: Arc::new(SystemClock),
                retry_policy: RetryPolicy::for_fetching(),
                unknown_key_pause: DEFAULT_UNKNOWN_KEY_PAUSE,
                failure_pause: DEFAULT_FAILURE_PAUSE,
                url: Uri::from_static(KEYS_URL),
            },
        }
    }

    /// The key with this id.
    ///
    /// 1. One at hand serves until it expires.
    /// 2. Within a pause nobody asks.
    /// 3. Else one asks while the others wait, and they share what that one learns.
    pub(super) async fn key(&self, id: &str) -> Result<Arc<RsaPublicKey>, NotificationFailure> {
        let inner = &*self.inner;
        let learnt = inner.learnt.get(
            b"",
            inner.client.deadline(),
            |learnt| {
                let now = self.now();
                // 1
                let is_at_hand = || learnt.keys_at(now)?.find(id);
                // 2
                learnt.pause.contains(&now) || is_at_hand().is_some()
            },
            // 3
            |last| {
                let fetcher = self.clone();
                async move { fetcher.learn(last).await }
            },
        );
        let Ok(learnt) = learnt.await else {
            return Err(unavailable(FetchFailure::out_of_time().into()));
        };
        let keys = learnt.keys_at(self.now());
        if let Some(key) = keys.and_then(|keys| keys.find(id)) {
            return Ok(key);
        }
        match (keys, &learnt.problem) {
            // The key may be one that could not be fetched.
            (_, Some(problem)) => Err(unavailable(problem.clone())),
            (Some(keys), None) => Err(keys.unknown(id)),
            (None, None) => Err(unavailable(KeyProblem::Expired)),
        }
    }

    /// Asks, and decides how long the keys serve.
    async fn learn(&self, last: Option<Arc<Learnt>>) -> Learnt {
        let settings = &self.inner.settings;
        let result = self.fetch().await;
        let now = self.now();
        let lasting = |duration| now..now.saturating_add(duration);
        match result {
            Ok((keys, lifetime)) => Learnt {
                keys: Some((keys, lasting(lifetime))),
                problem: None,
                pause: lasting(settings.unknown_key_pause.min(lifetime)),
            },
            Err(problem) => Learnt {
                keys: last.and_then(|last| last.keys.clone()),
                problem: Some(problem),
                pause: lasting(settings.failure_pause),
            },
        }
    }

    /// 1. The answer has status 200 and is as short as sets of keys are.
    /// 2. It is a set of keys.
    async fn fetch(&self) -> Result<(GoogleKeys, Duration), KeyProblem> {
        let inner = &*self.inner;
        // 1
        let mut request = HttpRequest::default();
        *request.uri_mut() = inner.settings.url.clone();
        let response = inner
            .client
            .fetch("google_keys", request, MAX_KEYS_LENGTH)
            .await?;
        // 2
        let keys = GoogleKeys::from_json(response.body())?;
        Ok((keys, lifetime(response.headers())))
    }

    fn now(&self) -> Timestamp {
        self.inner.settings.clock.now()
    }
}

impl Learnt {
    fn keys_at(&self, now: Timestamp) -> Option<&GoogleKeys> {
        let (keys, period) = self.keys.as_ref()?;
        period.contains(&now).then_some(keys)
    }
}

impl fmt::Debug for GoogleKeyFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoogleKeyFetcher")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

/// How long keys serve: `max-age` less `Age` (RFC 9111 §4.2), within bounds of our own.
fn lifetime(headers: &HeaderMap) -> Duration {
    let directives = headers.get_all(CACHE_CONTROL).iter();
    let directives = directives.filter_map(|value| value.to_str().ok());
    let max_age = directives
        .flat_map(|value| value.split(','))
        .filter_map(|directive| directive.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("max-age"))
        .and_then(|(_, seconds)| seconds.trim_matches('"').parse().ok())
        .unwrap_or(0);
    let age = headers
        .get(AGE)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .unwrap_or(0);
    Duration::from_secs(u64::saturating_sub(max_age, age)).clamp(MIN_LIFETIME, MAX_LIFETIME)
}

impl From<FetchFailure> for KeyProblem {
    fn from(failure: FetchFailure) -> Self {
        match failure {
            FetchFailure::HttpStatus { status } => Self::HttpStatus { status },
            FetchFailure::NoAnswer {
                kind: TransportErrorKind::TooLong,
                ..
            } => Self::TooLong {
                limit: MAX_KEYS_LENGTH,
            },
            FetchFailure::NoAnswer { reason, .. } => Self::NoAnswer { reason },
        }
    }
}

fn unavailable(problem: KeyProblem) -> NotificationFailure {
    NotificationFailure::KeysUnavailable { problem }
}

/// The `jwks_uri` of <https://accounts.google.com/.well-known/openid-configuration>.
const KEYS_URL: &str = "https://www.googleapis.com/oauth2/v3/certs";

/// An answer that may not be kept, or is old, does not make each push a request.
const MIN_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// A key that Google withdraws stops serving within a day.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Short enough to let a key in that Google signs with at once, long enough to be no burden.
const DEFAULT_UNKNOWN_KEY_PAUSE: Duration = Duration::from_secs(60);

/// Long enough to spare an address that is down, short enough to notice when it is back.
const DEFAULT_FAILURE_PAUSE: Duration = Duration::from_secs(10);
