//! Verifies what Amazon posts to an endpoint, and fetches the certificates that it takes.

use super::{
    error::NotificationFailure,
    fetcher::CertificateFetcher,
    message::{VerifiedEnvelope, VerifiedMessage},
    verifier::NotificationVerifier,
};

/// A [`NotificationVerifier`] that fetches certificates: what an endpoint needs.
///
/// All checks that need no certificate come first, so nothing of a foreign topic, and no address but
/// one of Amazon's notification service, causes a request. Certificates that were supplied to the
/// verifier are not fetched. Needs a tokio runtime with its timers.
///
/// ```
/// use std::sync::Arc;
/// use iap_amazon::{
///     CertificateFetcher, EndpointAnswer, Error, NotificationVerifier, OnlineNotificationVerifier,
///     StoreEvent, VerifiedMessage,
/// };
/// use iap_core::http::ReqwestTransport;
///
/// // Once, at start.
/// let verifier = NotificationVerifier::builder()
///     .topic("arn:aws:sns:us-east-1:123456789012:Example".parse()?)
///     .app("com.example.app")
///     .build()?;
/// let fetcher = CertificateFetcher::builder(Arc::new(ReqwestTransport::new()?)).build();
/// let online = OnlineNotificationVerifier::new(verifier, fetcher);
///
/// /// For each request: the body as it was received, whatever its content type says; the answer's
/// /// status.
/// async fn handle(online: &OnlineNotificationVerifier, body: &[u8]) -> u16 {
///     let answer = match online.verify(body).await {
///         Ok(VerifiedMessage::Notification(notification)) => store(notification.to_event()).await,
///         Ok(message) => message.endpoint_answer(), // tell the operator
///         Err(failure) => failure.endpoint_answer(),
///     };
///     answer.http_status()
/// }
/// # async fn store(_: StoreEvent) -> EndpointAnswer { EndpointAnswer::Accept }
/// # let _ = handle;
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct OnlineNotificationVerifier {
    verifier: NotificationVerifier,
    fetcher: CertificateFetcher,
}

impl OnlineNotificationVerifier {
    /// Joins a verifier and a fetcher.
    #[must_use]
    pub const fn new(verifier: NotificationVerifier, fetcher: CertificateFetcher) -> Self {
        Self { verifier, fetcher }
    }

    /// The verifier that makes the checks.
    #[must_use]
    pub const fn offline(&self) -> &NotificationVerifier {
        &self.verifier
    }

    /// Verifies the body of a request, as it was received; see [`NotificationVerifier`] for what is
    /// checked.
    ///
    /// # Errors
    ///
    /// The check that failed. Where the certificate cannot be had,
    /// [`NotificationFailure::CertificateUnavailable`], which is no verdict: answer
    /// [`TryAgain`](iap_core::EndpointAnswer::TryAgain), as
    /// [`NotificationFailure::endpoint_answer`] says.
    pub async fn verify(
        &self,
        body: impl AsRef<[u8]> + Send,
    ) -> Result<VerifiedMessage, NotificationFailure> {
        let envelope = self.verify_envelope(body).await?;
        self.verifier.read_message(envelope)
    }

    /// Verifies the body of a request all but for what the message itself says; see
    /// [`NotificationVerifier::verify_envelope`].
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub async fn verify_envelope(
        &self,
        body: impl AsRef<[u8]> + Send,
    ) -> Result<VerifiedEnvelope, NotificationFailure> {
        let (envelope, url) = self.verifier.read_envelope(body.as_ref())?;
        if let Some(certificate) = self.verifier.supplied(&url) {
            return self.verifier.certify(envelope, certificate);
        }
        let certificate = self.fetcher.certificate(&url).await?;
        self.verifier.certify(envelope, &certificate)
    }
}
