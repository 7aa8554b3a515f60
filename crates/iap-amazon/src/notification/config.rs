//! What a verifier of notifications accepts: which topics, which apps, how signed, how old.

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{AppId, Clock, Error, Store, SystemClock, shorten};

use super::{
    certificate::SigningCertificate,
    chain::TrustedRoots,
    envelope::AcceptedVersions,
    sns_url::CertificateUrl,
    topic::TopicArn,
    verifier::{NotificationVerifier, Settings},
};

/// Builds a [`NotificationVerifier`]. Made by [`NotificationVerifier::builder`].
#[must_use = "a builder does nothing until `build` is called"]
pub struct NotificationVerifierBuilder {
    topics: Vec<TopicArn>,
    apps: Vec<AppId>,
    supplied: Vec<(String, Vec<u8>)>,
    roots: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    versions: AcceptedVersions,
    region: CertificateRegion,
    dates: CertificateDates,
    max_age: Option<Duration>,
    clock_tolerance: Duration,
    clock: Arc<dyn Clock>,
}

/// When the certificate must be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateDates {
    /// When the message was signed: a stored message stays valid after its certificate has expired.
    WhenSigned,
    /// Also now.
    WhenSignedAndNow,
}

/// In which region the host of the certificate must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateRegion {
    /// In any; the host must still be one of Amazon's notification service.
    Any,
    /// In that of the topic, as it always has been. Stricter than AWS's own validators.
    SameAsTopic,
}

impl NotificationVerifierBuilder {
    pub(super) fn new() -> Self {
        Self {
            topics: Vec::new(),
            apps: Vec::new(),
            supplied: Vec::new(),
            roots: Vec::new(),
            intermediates: Vec::new(),
            versions: AcceptedVersions::OneAndTwo,
            region: CertificateRegion::SameAsTopic,
            dates: CertificateDates::WhenSigned,
            max_age: Some(DEFAULT_MAX_AGE),
            clock_tolerance: DEFAULT_CLOCK_TOLERANCE,
            clock: Arc::new(SystemClock),
        }
    }

    /// Accepts messages of `topic`. May be called for several; there is no default, because what
    /// comes through any other topic may be from anybody.
    pub fn topic(mut self, topic: TopicArn) -> Self {
        self.topics.push(topic);
        self
    }

    /// Accepts notifications about the app with the package name `app`. May be called for several.
    pub fn app(mut self, app: impl Into<AppId>) -> Self {
        self.apps.push(app.into());
        self
    }

    /// Supplies the certificate, in PEM, that is at `url`, the `SigningCertURL` of messages: so that
    /// they verify offline. It is judged like one that has been fetched.
    pub fn certificate(mut self, url: impl Into<String>, pem: impl Into<Vec<u8>>) -> Self {
        self.supplied.push((url.into(), pem.into()));
        self
    }

    /// Demands that certificates lead to this root, in PEM (where several may follow each other) or
    /// DER. May be called for several roots.
    ///
    /// Default: no path is demanded. That a certificate comes from a host of Amazon's notification
    /// service, over verified TLS, and carries its name, is what makes it Amazon's. The file there
    /// holds no intermediate certificate, so supply those with [`intermediate`](Self::intermediate),
    /// and be ready for Amazon to issue from another one.
    pub fn trust_anchor(mut self, certificate: impl Into<Vec<u8>>) -> Self {
        self.roots.push(certificate.into());
        self
    }

    /// Supplies a certificate that may stand between that of a message and a
    /// [`trust_anchor`](Self::trust_anchor), in PEM or DER. May be called for several.
    pub fn intermediate(mut self, certificate: impl Into<Vec<u8>>) -> Self {
        self.intermediates.push(certificate.into());
        self
    }

    /// Refuses signature version 1, which is SHA-1. Default: it is accepted, because topics use it
    /// unless their owner, Amazon, changes that.
    pub fn refuse_signature_version_1(mut self) -> Self {
        self.versions = AcceptedVersions::TwoOnly;
        self
    }

    /// Where the host of certificates may be. Default: [`CertificateRegion::SameAsTopic`].
    pub fn certificate_region(mut self, region: CertificateRegion) -> Self {
        self.region = region;
        self
    }

    /// When certificates must be valid. Default: [`CertificateDates::WhenSigned`].
    pub fn certificate_dates(mut self, dates: CertificateDates) -> Self {
        self.dates = dates;
        self
    }

    /// Refuses messages that were signed longer than `max_age` ago, beyond the
    /// [tolerance](Self::clock_tolerance). Default: one hour, in which Amazon makes all its attempts
    /// to deliver one.
    ///
    /// A limit to how long a captured message can be sent to you again. Within it, the id of the
    /// event tells repetitions.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Accepts messages however old they are: for stored ones, never at an endpoint.
    pub fn any_age(mut self) -> Self {
        self.max_age = None;
        self
    }

    /// How far Amazon's clock may be from ours. Default: 5 minutes.
    pub fn clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.clock_tolerance = tolerance;
        self
    }

    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Builds the verifier.
    ///
    /// # Errors
    ///
    /// [`ConfigurationError`] if there is no topic or app, or if a certificate cannot be used.
    pub fn build(self) -> Result<NotificationVerifier, ConfigurationError> {
        if self.topics.is_empty() {
            return Err(ConfigurationError::NoTopics);
        }
        if self.apps.is_empty() {
            return Err(ConfigurationError::NoApps);
        }
        let mut supplied = Vec::new();
        for (url, pem) in &self.supplied {
            let unusable = |reason: String| ConfigurationError::Certificate {
                url: shorten(url),
                reason,
            };
            let url =
                CertificateUrl::in_any_region(url).map_err(|error| unusable(error.to_string()))?;
            let certificate =
                SigningCertificate::from_pem(pem).map_err(|error| unusable(error.to_string()))?;
            supplied.push((url, Arc::new(certificate)));
        }
        let mut roots = TrustedRoots::default();
        for certificate in &self.roots {
            roots.add_roots(certificate)?;
        }
        for certificate in &self.intermediates {
            roots.add_intermediates(certificate)?;
        }
        if roots.has_intermediates() && !roots.has_roots() {
            return Err(ConfigurationError::IntermediatesWithoutRoot);
        }
        Ok(NotificationVerifier::new(Settings {
            topics: self.topics,
            apps: self.apps,
            supplied,
            roots: roots.has_roots().then_some(roots),
            versions: self.versions,
            region: self.region,
            dates: self.dates,
            max_age: self.max_age,
            clock_tolerance: self.clock_tolerance,
            clock: self.clock,
        }))
    }
}

impl fmt::Debug for NotificationVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotificationVerifierBuilder")
            .field("topics", &self.topics)
            .field("apps", &self.apps)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

/// What is wrong with the set-up of a verifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// A supplied certificate cannot be used.
    #[error("the certificate supplied for {url:?} cannot be used: {reason}")]
    Certificate {
        /// The address that it was supplied for.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There are intermediate certificates, and no root above them.
    #[error(
        "intermediate certificates prove nothing without a root: add one with .trust_anchor(…)"
    )]
    IntermediatesWithoutRoot,
    /// No app is accepted.
    #[error("no app is accepted: add one with .app(package_name)")]
    NoApps,
    /// No topic is accepted.
    #[error(
        "no topic is accepted: add the one of your app, which the Developer Console shows, with \
         .topic(arn.parse()?)"
    )]
    NoTopics,
    /// A text is not the name of a topic.
    #[error(
        "not the name of an SNS topic such as arn:aws:sns:us-east-1:123456789012:Name: {text:?}"
    )]
    Topic {
        /// The text.
        text: String,
    },
    /// A root or intermediate certificate cannot be used.
    #[error("the root or intermediate certificate cannot be used: {reason}")]
    TrustAnchor {
        /// What is wrong with it.
        reason: String,
    },
}

impl From<ConfigurationError> for Error {
    fn from(error: ConfigurationError) -> Self {
        Self::misconfigured("the verifier cannot be built")
            .with_store(Store::AmazonAppstore)
            .with_source(error)
    }
}

/// SNS gives up an hour after the first attempt to deliver, whatever the owner of the topic sets.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// Clocks that follow the time at all differ by seconds; five minutes forgive a bad one.
const DEFAULT_CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);
