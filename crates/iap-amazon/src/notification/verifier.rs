//! Is this message from the Amazon Appstore, for one of our apps, and what does it say?
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/real-time-notifications.html>,
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{AppId, Clock, Timestamp};

use super::{
    certificate::SigningCertificate,
    chain::TrustedRoots,
    config::{CertificateDates, CertificateRegion, NotificationVerifierBuilder},
    envelope::{AcceptedVersions, Envelope},
    error::{CertificateProblem, NotificationFailure},
    message::{VerifiedEnvelope, VerifiedMessage},
    sns_url::CertificateUrl,
    topic::TopicArn,
};

/// Verifies what Amazon posts to your endpoint, with certificates that it is given.
///
/// It makes no request. At an endpoint, use an `OnlineNotificationVerifier`, which fetches
/// certificates, around it. By itself it verifies stored messages, and others where certificates are
/// supplied.
///
/// Build one at start and share it: it is cheap to clone, `Send` and `Sync`.
///
/// # What is checked
///
/// The cheapest and safest first; nothing is fetched before the first four have passed:
///
/// 1. The body is not longer than what Amazon sends.
/// 2. It is the JSON of a notification, a confirmation or an unsubscription, and nothing in it is
///    there twice.
/// 3. It came through an accepted topic; its signature is of an accepted version; its texts cannot
///    run into each other.
/// 4. The certificate's address is one of Amazon's notification service, in the topic's region.
/// 5. The certificate is for `sns.amazonaws.com`, and its key is RSA with 2048 to 8192 bits.
/// 6. It was valid when the message was signed, and is now if that is demanded.
/// 7. Its key signed exactly the text that the type of the message prescribes.
/// 8. It leads to a trust anchor, if any is given.
/// 9. The message is not older than accepted, and not from the future.
/// 10. Only then is the message itself read: a notification about an accepted app.
///
/// # What is not checked
///
/// - **Repetitions**: messages are delivered more than once. Handle each
///   [`StoreEvent::id`](iap_core::StoreEvent::id) once.
/// - **What the purchase is now**: a notification names a receipt and what happened to it. Ask the
///   store before you grant or take away anything.
///
/// ```
/// use iap_amazon::NotificationVerifier;
///
/// let verifier = NotificationVerifier::builder()
///     .topic("arn:aws:sns:us-east-1:123456789012:Example".parse()?)
///     .app("com.example.app")
///     .build()?;
///
/// let failure = verifier.verify(r#"{"Type":"Notification"}"#).unwrap_err();
/// assert_eq!(failure.check(), "missing_member");
/// assert_eq!(failure.endpoint_answer().http_status(), 400);
/// # Ok::<(), iap_amazon::ConfigurationError>(())
/// ```
#[derive(Clone)]
pub struct NotificationVerifier {
    settings: Arc<Settings>,
}

pub(super) struct Settings {
    pub(super) topics: Vec<TopicArn>,
    pub(super) apps: Vec<AppId>,
    pub(super) supplied: Vec<(CertificateUrl, Arc<SigningCertificate>)>,
    pub(super) roots: Option<TrustedRoots>,
    pub(super) versions: AcceptedVersions,
    pub(super) region: CertificateRegion,
    pub(super) dates: CertificateDates,
    pub(super) max_age: Option<Duration>,
    pub(super) clock_tolerance: Duration,
    pub(super) clock: Arc<dyn Clock>,
}

impl NotificationVerifier {
    /// Starts building a verifier.
    pub fn builder() -> NotificationVerifierBuilder {
        NotificationVerifierBuilder::new()
    }

    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
        }
    }

    /// Verifies the body of a request, as it was received, with the certificates that were supplied.
    ///
    /// # Errors
    ///
    /// The check that failed. Where the certificate was not supplied,
    /// [`NotificationFailure::CertificateUnavailable`], which is no verdict.
    pub fn verify(&self, body: impl AsRef<[u8]>) -> Result<VerifiedMessage, NotificationFailure> {
        self.read_message(self.verify_envelope(body)?)
    }

    /// Verifies the body of a request all but for what the message itself says, which is not read:
    /// not even whether it is about one of your apps.
    ///
    /// For tools, and for what else comes through a topic of yours. At an endpoint of the Appstore,
    /// [`verify`](Self::verify).
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_envelope(
        &self,
        body: impl AsRef<[u8]>,
    ) -> Result<VerifiedEnvelope, NotificationFailure> {
        let (envelope, url) = self.read_envelope(body.as_ref())?;
        let certificate =
            self.supplied(&url)
                .ok_or(NotificationFailure::CertificateUnavailable {
                    problem: CertificateProblem::NotSupplied,
                })?;
        self.certify(envelope, certificate)
    }

    /// Makes the checks that need no certificate, 1 to 4 of [`NotificationVerifier`].
    pub(super) fn read_envelope(
        &self,
        body: &[u8],
    ) -> Result<(Envelope, CertificateUrl), NotificationFailure> {
        let settings = &*self.settings;
        // 1, 2, 3
        let envelope = Envelope::read(body, &settings.topics, settings.versions)?;
        // 4
        let url =
            CertificateUrl::check(&envelope.signing_cert_url, &envelope.topic, settings.region)?;
        Ok((envelope, url))
    }

    /// The certificate at `url`, if it was supplied.
    pub(super) fn supplied(&self, url: &CertificateUrl) -> Option<&SigningCertificate> {
        let mut supplied = self.settings.supplied.iter();
        let (_, certificate) = supplied.find(|(supplied, _)| supplied == url)?;
        Some(certificate)
    }

    /// Makes the checks that need the certificate, 6 to 9 of [`NotificationVerifier`]; check 5 was
    /// made when the certificate was read.
    pub(super) fn certify(
        &self,
        envelope: Envelope,
        certificate: &SigningCertificate,
    ) -> Result<VerifiedEnvelope, NotificationFailure> {
        let settings = &*self.settings;
        let now = settings.clock.now();
        let signed_at = envelope.timestamp;
        let dates = match settings.dates {
            CertificateDates::WhenSigned => &[signed_at][..],
            CertificateDates::WhenSignedAndNow => &[signed_at, now],
        };
        // 6
        for at in dates {
            certificate.check_dates(*at)?;
        }
        // 7
        let text = envelope.string_to_sign();
        certificate.check_signature(envelope.hash, &text, &envelope.signature)?;
        // 8
        if let Some(roots) = &settings.roots {
            for at in dates {
                roots.check_path(certificate, *at)?;
            }
        }
        // 9
        self.check_age(signed_at, now)?;
        Ok(VerifiedEnvelope::new(envelope))
    }

    fn check_age(&self, signed_at: Timestamp, now: Timestamp) -> Result<(), NotificationFailure> {
        let tolerance = self.settings.clock_tolerance;
        if signed_at > now.saturating_add(tolerance) {
            return Err(NotificationFailure::SignedInFuture { signed_at, now });
        }
        if let Some(max_age) = self.settings.max_age {
            let max_age = max_age.saturating_add(tolerance);
            if signed_at < now.saturating_sub(max_age) {
                return Err(NotificationFailure::SignedTooLongAgo {
                    signed_at,
                    now,
                    max_age,
                });
            }
        }
        Ok(())
    }

    /// Reads the message of a verified envelope: check 10 of [`NotificationVerifier`].
    pub(super) fn read_message(
        &self,
        envelope: VerifiedEnvelope,
    ) -> Result<VerifiedMessage, NotificationFailure> {
        // 10
        VerifiedMessage::read(envelope, &self.settings.apps)
    }
}

impl fmt::Debug for NotificationVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &*self.settings;
        f.debug_struct("NotificationVerifier")
            .field("topics", &settings.topics)
            .field("apps", &settings.apps)
            .field("region", &settings.region)
            .field("dates", &settings.dates)
            .field("max_age", &settings.max_age)
            .field("clock_tolerance", &settings.clock_tolerance)
            .finish_non_exhaustive()
    }
}
