//! Fetches certificates of Amazon's notification service, once for all who need one, and keeps them.

use core::{fmt, ops::Range, time::Duration};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use iap_core::{
    Bounded, Clock, Store, SystemClock, Timestamp,
    http::{
        FetchFailure, HttpClient, HttpRequest, HttpTransport, RetryPolicy, SingleFlight,
        TransportErrorKind,
    },
};
use tokio::{sync::Semaphore, time::timeout_at};

use super::{
    certificate::SigningCertificate,
    error::{CertificateProblem, NotificationFailure},
    sns_url::CertificateUrl,
};

/// Fetches the certificates that sign notifications, from hosts of Amazon's notification service.
///
/// Amazon signs with one certificate at a time and replaces it about once a year, so in the long run
/// this costs a request a day. An unsigned message can cause a request, too: so there is one for
/// however many messages name the same address at once, few at the same time for different ones, a
/// pause after a failure, and no more kept than a fixed number.
///
/// Only good certificates are kept. A failure is shared with whoever waits for the same certificate,
/// and forgotten after the pause; it is never a verdict.
///
/// Build one at start and share it: it is cheap to clone. Use it through
/// [`OnlineNotificationVerifier`](super::OnlineNotificationVerifier). To take certificates from
/// elsewhere, pass in an [`HttpTransport`] that returns them.
#[derive(Clone)]
pub struct CertificateFetcher {
    inner: Arc<Inner>,
}

struct Inner {
    client: HttpClient,
    known: RwLock<Bounded<Known>>,
    attempts: SingleFlight<Attempt>,
    /// Those on their way and those in line.
    line: Semaphore,
    /// Those on their way.
    permits: Semaphore,
    settings: Settings,
}

#[derive(Debug)]
struct Settings {
    clock: Arc<dyn Clock>,
    retry_policy: RetryPolicy,
    max_certificate_age: Duration,
    failure_pause: Duration,
    remembered_certificates: usize,
}

/// A certificate that was fetched, and when it serves: a clock that is set back brings nothing into
/// its past.
struct Known {
    url: CertificateUrl,
    certificate: Arc<SigningCertificate>,
    period: Range<Timestamp>,
}

/// What came of fetching, and when that stands.
struct Attempt {
    result: Result<Arc<SigningCertificate>, NotificationFailure>,
    period: Range<Timestamp>,
}

/// Builds a [`CertificateFetcher`]. Made by [`CertificateFetcher::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct CertificateFetcherBuilder {
    transport: Arc<dyn HttpTransport>,
    settings: Settings,
}

impl CertificateFetcherBuilder {
    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// How often a request that brings no answer is made, and how long one and all of them may take.
    /// Default: twice, 3 seconds each, 7 together: Amazon waits 15 seconds for our own answer.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry_policy = policy;
        self
    }

    /// After how long a certificate is fetched again, so that one that Amazon has withdrawn stops
    /// serving. If that brings no answer, the one at hand serves on. Default: 24 hours.
    pub fn max_certificate_age(mut self, age: Duration) -> Self {
        self.settings.max_certificate_age = age;
        self
    }

    /// How long an address is not asked again after it gave no certificate; the failure stands for
    /// that time. Default: 10 seconds, half of what Amazon waits before it delivers again.
    pub fn failure_pause(mut self, pause: Duration) -> Self {
        self.settings.failure_pause = pause;
        self
    }

    /// How many certificates are kept. Default: 16; Amazon uses one at a time in each region.
    pub fn remembered_certificates(mut self, count: usize) -> Self {
        self.settings.remembered_certificates = count;
        self
    }

    /// Builds the fetcher.
    #[must_use]
    pub fn build(self) -> CertificateFetcher {
        let Self {
            transport,
            settings,
        } = self;
        let policy = settings.retry_policy;
        CertificateFetcher {
            inner: Arc::new(Inner {
                client: HttpClient::new(Store::AmazonAppstore, transport, policy),
                known: RwLock::new(Bounded::new(settings.remembered_certificates)),
                attempts: SingleFlight::new(REMEMBERED_ATTEMPTS),
                line: Semaphore::new(MAX_FETCHES_IN_LINE),
                permits: Semaphore::new(MAX_CONCURRENT_FETCHES),
                settings,
            }),
        }
    }
}

impl CertificateFetcher {
    /// Starts building a fetcher that sends its requests through `transport`, which may be the one
    /// that other clients use.
    pub fn builder(transport: Arc<dyn HttpTransport>) -> CertificateFetcherBuilder {
        CertificateFetcherBuilder {
            transport,
            settings: Settings {
                clock: Arc::new(SystemClock),
                retry_policy: RetryPolicy::for_fetching(),
                max_certificate_age: DEFAULT_MAX_CERTIFICATE_AGE,
                failure_pause: DEFAULT_FAILURE_PAUSE,
                remembered_certificates: DEFAULT_REMEMBERED_CERTIFICATES,
            },
        }
    }

    /// The certificate at an address that has passed every rule.
    ///
    /// 1. A certificate at hand serves until it is to be fetched again.
    /// 2. Else one fetches it while the others wait, and they share what that one gets.
    /// 3. Who cannot wait any longer goes on with the certificate at hand, as in any outage.
    pub(super) async fn certificate(
        &self,
        url: &CertificateUrl,
    ) -> Result<Arc<SigningCertificate>, NotificationFailure> {
        let inner = &*self.inner;
        // 1
        if let Some((certificate, period)) = self.known(url)
            && period.contains(&self.now())
        {
            return Ok(certificate);
        }
        // 2
        let attempt = inner.attempts.get(
            url.as_str().as_bytes(),
            inner.client.deadline(),
            |attempt| attempt.period.contains(&self.now()),
            |_| {
                let (fetcher, url) = (self.clone(), url.clone());
                async move { fetcher.attempt(&url).await }
            },
        );
        match attempt.await {
            Ok(attempt) => attempt.result.clone(),
            // 3
            Err(_) => match self.known(url) {
                Some((certificate, _)) => Ok(certificate),
                None => Err(FetchFailure::out_of_time().into()),
            },
        }
    }

    /// Fetches, and decides how long the certificate or the failure stands.
    async fn attempt(&self, url: &CertificateUrl) -> Attempt {
        let settings = &self.inner.settings;
        let result = self.fetch(url).await;
        let now = self.now();
        let lasting = |duration| now..now.saturating_add(duration);
        let pause = lasting(settings.failure_pause);
        match result {
            Ok(certificate) => {
                let certificate = Arc::new(certificate);
                let period = lasting(settings.max_certificate_age);
                self.remember(url, &certificate, period);
                Attempt {
                    result: Ok(certificate),
                    // It is kept where a flood of other addresses cannot drive it out.
                    period: pause,
                }
            }
            // A verdict about what was fetched is for those who waited for it, and for nobody later.
            Err(failure) if !failure.is_retryable() => {
                self.forget(url);
                Attempt {
                    result: Err(failure),
                    period: lasting(Duration::ZERO),
                }
            }
            Err(failure) => {
                let at_hand = self.known(url).filter(|_| is_outage(&failure));
                if at_hand.is_none() {
                    self.forget(url);
                }
                Attempt {
                    result: at_hand.map(|(certificate, _)| certificate).ok_or(failure),
                    period: pause,
                }
            }
        }
    }

    /// 1. Few requests go out at once, and not many wait for that, whatever is asked for.
    /// 2. The answer has status 200 and is as short as certificates are.
    /// 3. It is a certificate with the name and key of one of SNS.
    async fn fetch(&self, url: &CertificateUrl) -> Result<SigningCertificate, NotificationFailure> {
        let inner = &*self.inner;
        // 1
        let Ok(_place) = inner.line.try_acquire() else {
            return Err(no_answer("too many other certificates are being fetched"));
        };
        let permit = timeout_at(inner.client.deadline(), inner.permits.acquire()).await;
        let Ok(Ok(_permit)) = permit else {
            return Err(FetchFailure::out_of_time().into());
        };
        // 2
        let mut request = HttpRequest::default();
        *request.uri_mut() = url.as_str().parse().map_err(no_answer)?;
        let response = inner
            .client
            .fetch("sns_certificate", request, MAX_CERTIFICATE_LENGTH)
            .await?;
        if response.body().len() > MAX_CERTIFICATE_LENGTH {
            return Err(unavailable(TOO_LONG));
        }
        // 3
        SigningCertificate::from_pem(response.body())
    }

    fn known(&self, url: &CertificateUrl) -> Option<(Arc<SigningCertificate>, Range<Timestamp>)> {
        let known = read(&self.inner.known);
        let known = known.find(|known| known.url == *url)?;
        Some((Arc::clone(&known.certificate), known.period.clone()))
    }

    fn remember(
        &self,
        url: &CertificateUrl,
        certificate: &Arc<SigningCertificate>,
        period: Range<Timestamp>,
    ) {
        let mut known = write(&self.inner.known);
        known.retain(|known| known.url != *url);
        known.insert(Known {
            url: url.clone(),
            certificate: Arc::clone(certificate),
            period,
        });
    }

    fn forget(&self, url: &CertificateUrl) {
        write(&self.inner.known).retain(|known| known.url != *url);
    }

    fn now(&self) -> Timestamp {
        self.inner.settings.clock.now()
    }

    /// How many certificates are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        read(&self.inner.known).iter().count()
    }
}

impl fmt::Debug for CertificateFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateFetcher")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

/// A panic elsewhere cannot leave an entry half written, so a poisoned lock is as good as any.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the address said nothing about its certificate, not even that there is none.
fn is_outage(failure: &NotificationFailure) -> bool {
    matches!(
        failure,
        NotificationFailure::CertificateUnavailable {
            problem: CertificateProblem::NoAnswer { .. }
                | CertificateProblem::HttpStatus {
                    status: 429 | 500..=599
                },
        }
    )
}

impl From<FetchFailure> for NotificationFailure {
    fn from(failure: FetchFailure) -> Self {
        match failure {
            FetchFailure::HttpStatus { status } => {
                unavailable(CertificateProblem::HttpStatus { status })
            }
            FetchFailure::NoAnswer {
                kind: TransportErrorKind::TooLong,
                ..
            } => unavailable(TOO_LONG),
            FetchFailure::NoAnswer { reason, .. } => no_answer(reason),
        }
    }
}

fn no_answer(reason: impl ToString) -> NotificationFailure {
    unavailable(CertificateProblem::NoAnswer {
        reason: reason.to_string(),
    })
}

fn unavailable(problem: CertificateProblem) -> NotificationFailure {
    NotificationFailure::CertificateUnavailable { problem }
}

/// The real file has 2 kB; with the path above it, it would have 8.
pub(super) const MAX_CERTIFICATE_LENGTH: usize = 16 * 1024;

const TOO_LONG: CertificateProblem = CertificateProblem::TooLong {
    limit: MAX_CERTIFICATE_LENGTH,
};

/// A flood of addresses waits in line here instead of at Amazon's door.
const MAX_CONCURRENT_FETCHES: usize = 4;

/// The line stays there when those who sent the addresses hang up, so it may not grow with them.
/// Each place takes some kilobytes.
const MAX_FETCHES_IN_LINE: usize = 256;

/// Failures and attempts on their way, of about 100 bytes each.
const REMEMBERED_ATTEMPTS: usize = 256;

/// A withdrawn certificate stops serving within a day.
const DEFAULT_MAX_CERTIFICATE_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// SNS delivers again after 20 seconds.
const DEFAULT_FAILURE_PAUSE: Duration = Duration::from_secs(10);

const DEFAULT_REMEMBERED_CERTIFICATES: usize = 16;
