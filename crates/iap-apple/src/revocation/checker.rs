//! Asks the issuers of certificates whether they have revoked them, and remembers the answers.

use core::{fmt, ops::Range, time::Duration};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use iap_core::{
    Clock, Store, SystemClock, Timestamp,
    http::{
        FetchFailure, HttpClient, HttpRequest, HttpTransport, PlainHttp, RetryPolicy, SingleFlight,
    },
};
use tokio::time::Instant;

use super::{
    ocsp_request::{Authority, CertificateId, responder},
    ocsp_response::{Answer, Judging, MAX_RESPONSE_LENGTH},
    status::{CertificateStatus, ChainStatus, OcspFailure},
};
use crate::{
    jws::{Certificate, Issued, VerifiedChain},
    signed_data::Verified,
};

/// Asks by OCSP whether the certificates that signed verified data have been revoked.
///
/// Leaf and intermediate are asked about at once, each at the address that the certificate itself
/// names, by plain HTTP (`http://ocsp.apple.com`: port 80 must be open). An answer serves until its
/// issuer has newer information, so in the long run this costs a request or two in hours. However
/// many ask about one certificate at once, one request is made.
///
/// Build one at start and share it: it is cheap to clone. Use it through
/// [`OnlineVerifier`](super::OnlineVerifier), or ask about data that has been verified already. To use answers
/// that were fetched elsewhere, pass in an [`HttpTransport`] that returns them.
///
/// ```
/// use std::sync::Arc;
/// use iap_apple::RevocationChecker;
/// use iap_core::http::ReqwestTransport;
///
/// let transport = Arc::new(ReqwestTransport::new()?);
/// let checker = RevocationChecker::builder(transport).build();
/// # Ok::<(), iap_core::Error>(())
/// ```
#[derive(Clone)]
pub struct RevocationChecker {
    inner: Arc<Inner>,
}

struct Inner {
    client: HttpClient,
    settings: Settings,
    learnt: SingleFlight<Learnt>,
}

#[derive(Debug)]
struct Settings {
    clock: Arc<dyn Clock>,
    retry_policy: RetryPolicy,
    clock_tolerance: Duration,
    max_answer_age: Duration,
    failure_pause: Duration,
    remembered_certificates: usize,
}

/// Builds a [`RevocationChecker`]. Made by [`RevocationChecker::builder`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RevocationCheckerBuilder {
    transport: Arc<dyn HttpTransport>,
    settings: Settings,
}

impl RevocationCheckerBuilder {
    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// How often a request that brings no answer is made, and how long one and all of them may take.
    /// Default: twice, 3 seconds each, 7 together: apps give up after 10 seconds.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry_policy = policy;
        self
    }

    /// How far the clocks of responders may be from ours. Default: 5 minutes.
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.settings.clock_tolerance = tolerance;
        self
    }

    /// How long an answer serves at most, however long its issuer lets it. Default: 24 hours.
    pub fn max_answer_age(mut self, age: Duration) -> Self {
        self.settings.max_answer_age = age;
        self
    }

    /// How long nobody is asked again after nothing could be learnt; the failure stands for that
    /// time. Default: 10 seconds, so that a responder that is down does not make every check slow.
    pub fn failure_pause(mut self, pause: Duration) -> Self {
        self.settings.failure_pause = pause;
        self
    }

    /// About how many certificates answers are remembered. Default: 64; Apple uses two at a time.
    pub fn remembered_certificates(mut self, count: usize) -> Self {
        self.settings.remembered_certificates = count;
        self
    }

    /// Builds the checker.
    #[must_use]
    pub fn build(self) -> RevocationChecker {
        let Self {
            transport,
            settings,
        } = self;
        RevocationChecker {
            inner: Arc::new(Inner {
                client: HttpClient::new(Store::AppStore, transport, settings.retry_policy),
                learnt: SingleFlight::new(settings.remembered_certificates),
                settings,
            }),
        }
    }
}

impl RevocationChecker {
    /// Starts building a checker that sends its requests through `transport`.
    ///
    /// The transport may be the one that other clients use: its requests are marked [`PlainHttp`].
    pub fn builder(transport: Arc<dyn HttpTransport>) -> RevocationCheckerBuilder {
        RevocationCheckerBuilder {
            transport,
            settings: Settings {
                clock: Arc::new(SystemClock),
                retry_policy: RetryPolicy::for_fetching(),
                clock_tolerance: DEFAULT_CLOCK_TOLERANCE,
                max_answer_age: DEFAULT_MAX_ANSWER_AGE,
                failure_pause: DEFAULT_FAILURE_PAUSE,
                remembered_certificates: DEFAULT_REMEMBERED_CERTIFICATES,
            },
        }
    }

    /// Asks about the certificates that signed `data`. What follows from the answer,
    /// [`ChainStatus::require`] says.
    ///
    /// `None` for data of local environments, which nobody signs. Never fails otherwise: why
    /// nothing could be learnt is part of the answer. Needs a tokio runtime with its timers.
    pub async fn check<T: Sync>(&self, data: &Verified<T>) -> Option<ChainStatus> {
        Some(self.check_chain(data.chain()?, self.deadline()).await)
    }

    /// Asks about the certificates of one verified chain: nobody else's certificate may name an
    /// address that is then asked.
    pub(crate) async fn check_chain(
        &self,
        chain: &VerifiedChain,
        deadline: Instant,
    ) -> ChainStatus {
        let [leaf, intermediate] = chain.issued();
        let (leaf, intermediate) = tokio::join!(
            self.check_certificate(&leaf, deadline),
            self.check_certificate(&intermediate, deadline),
        );
        ChainStatus { leaf, intermediate }
    }

    /// When a check that begins now must have ended.
    pub(crate) fn deadline(&self) -> Instant {
        self.inner.client.deadline()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.settings.clock
    }

    /// Asks unless it is known already; however many want to know at once, one asks.
    async fn check_certificate(
        &self,
        certificate: &Issued<'_>,
        deadline: Instant,
    ) -> CertificateStatus {
        // Only certificates of verified chains come here, so their bytes stand for their issuer, too.
        let learnt = self.inner.learnt.get(
            certificate.der,
            deadline,
            |learnt| learnt.period.contains(&self.clock().now()),
            |last| {
                let checker = self.clone();
                let (role, der) = (certificate.role, certificate.der.to_vec());
                let issuer = certificate.issuer.clone();
                async move {
                    let (der, issuer) = (&*der, &issuer);
                    let mut learnt = checker.learn(&Issued { role, der, issuer }).await;
                    if !learnt.status.is_answer() {
                        learnt.status = unless_revoked(last, learnt.status);
                    }
                    learnt
                }
            },
        );
        match learnt.await {
            Ok(learnt) => learnt.status.clone(),
            Err(last) => {
                let failure = FetchFailure::out_of_time().into();
                unless_revoked(last, CertificateStatus::Undetermined(failure))
            }
        }
    }

    /// Asks, and decides how long the answer or the failure serves.
    async fn learn(&self, certificate: &Issued<'_>) -> Learnt {
        let settings = &self.inner.settings;
        let result = self.ask(certificate).await;
        let now = self.clock().now();
        let failed = |status| Learnt {
            status,
            period: now..now.saturating_add(settings.failure_pause),
        };
        match result {
            Ok(answer) if answer.status == CertificateStatus::Unknown => failed(answer.status),
            Ok(answer) => {
                let from = answer.this_update.saturating_sub(settings.clock_tolerance);
                let longest = now.saturating_add(settings.max_answer_age);
                Learnt {
                    status: answer.status,
                    period: from..answer.next_update.min(longest),
                }
            }
            Err(failure) => failed(CertificateStatus::Undetermined(failure)),
        }
    }

    async fn ask(&self, certificate: &Issued<'_>) -> Result<Answer, OcspFailure> {
        let parsed =
            Certificate::parse(certificate.role, certificate.der).map_err(OcspFailure::nobody)?;
        let responder = responder(&parsed)?;
        let issuer = Authority::of(certificate.issuer).map_err(OcspFailure::nobody)?;
        let id = CertificateId {
            issuer: &issuer,
            serial_number: parsed.serial_number(),
        };
        let mut request = HttpRequest::new(Bytes::from(id.request().map_err(OcspFailure::nobody)?));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = responder;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, REQUEST_TYPE);
        headers.insert(ACCEPT, RESPONSE_TYPE);
        request.extensions_mut().insert(PlainHttp);

        let client = &self.inner.client;
        let response = client.fetch("ocsp", request, MAX_RESPONSE_LENGTH).await?;
        // The content type is not looked at: it proves nothing, and the signature does.
        let judging = Judging {
            now: self.clock().now(),
            clock_tolerance: self.inner.settings.clock_tolerance,
        };
        Answer::verify(response.body(), &id, judging)
    }
}

impl fmt::Debug for RevocationChecker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationChecker")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

/// What was learnt about a certificate, and when it counts: a clock that is set back brings nothing
/// into its past.
struct Learnt {
    status: CertificateStatus,
    period: Range<Timestamp>,
}

/// A revocation, once learnt, stays known until the issuer says otherwise: whoever can cut the
/// connection or repeat an old answer cannot undo it.
fn unless_revoked(last: Option<Arc<Learnt>>, status: CertificateStatus) -> CertificateStatus {
    match last {
        Some(last) if last.status.is_revoked() => last.status.clone(),
        _ => status,
    }
}

impl From<FetchFailure> for OcspFailure {
    fn from(failure: FetchFailure) -> Self {
        match failure {
            FetchFailure::HttpStatus { status } => Self::HttpStatus { status },
            FetchFailure::NoAnswer { kind, reason } => Self::Transport { kind, reason },
        }
    }
}

const REQUEST_TYPE: http::HeaderValue = http::HeaderValue::from_static("application/ocsp-request");
const RESPONSE_TYPE: http::HeaderValue =
    http::HeaderValue::from_static("application/ocsp-response");

/// As for signed data: clocks that follow the time at all differ by seconds.
const DEFAULT_CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// A revocation is noticed within a day, whatever the responder promises.
const DEFAULT_MAX_ANSWER_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Long enough to spare a responder that is down, short enough to notice when it is back.
const DEFAULT_FAILURE_PAUSE: Duration = Duration::from_secs(10);

const DEFAULT_REMEMBERED_CERTIFICATES: usize = 64;
