//! Verifies what Pub/Sub pushes to an endpoint, and fetches the keys that it takes.

use super::{
    error::NotificationFailure, fetcher::GoogleKeyFetcher, token::Token,
    verified::VerifiedNotification, verifier::NotificationVerifier,
};

/// A [`NotificationVerifier`] that fetches Google's keys: what an endpoint needs.
///
/// All checks that need no key come first, so only what looks like a token of Google can cause a
/// request, and not many. Keys that were supplied to the verifier are not fetched. Needs a tokio
/// runtime with its timers.
///
/// ```
/// use std::sync::Arc;
/// use iap_core::{EndpointAnswer, Error, StoreEvent, http::ReqwestTransport};
/// use iap_google::{GoogleKeyFetcher, NotificationVerifier, OnlineNotificationVerifier};
///
/// // Once, at start.
/// let verifier = NotificationVerifier::builder()
///     .audience("https://example.com/google-play")
///     .service_account("push@project.iam.gserviceaccount.com")
///     .app("com.example.app")
///     .build()?;
/// let fetcher = GoogleKeyFetcher::builder(Arc::new(ReqwestTransport::new()?)).build();
/// let online = OnlineNotificationVerifier::new(verifier, fetcher);
///
/// /// For each request: its headers and its body as it was received; the answer's status.
/// async fn handle(online: &OnlineNotificationVerifier, headers: &http::HeaderMap, body: &[u8]) -> u16 {
///     let answer = match online.verify(headers, body).await {
///         Ok(notification) => store(notification.to_event()).await,
///         Err(failure) => failure.endpoint_answer(), // log it: what is accepted is not sent again
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
    fetcher: GoogleKeyFetcher,
}

impl OnlineNotificationVerifier {
    /// Joins a verifier and a fetcher.
    #[must_use]
    pub const fn new(verifier: NotificationVerifier, fetcher: GoogleKeyFetcher) -> Self {
        Self { verifier, fetcher }
    }

    /// The verifier that makes the checks.
    #[must_use]
    pub const fn offline(&self) -> &NotificationVerifier {
        &self.verifier
    }

    /// Verifies a request: its headers, such as an `&http::HeaderMap`, and its body as it was
    /// received; see [`NotificationVerifier`] for what is checked.
    ///
    /// # Errors
    ///
    /// The check that failed. Where Google's keys cannot be had,
    /// [`NotificationFailure::KeysUnavailable`], which is no verdict: answer
    /// [`TryAgain`](iap_core::EndpointAnswer::TryAgain), as
    /// [`NotificationFailure::endpoint_answer`] says.
    pub async fn verify<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)> + Send,
        body: impl AsRef<[u8]> + Send,
    ) -> Result<VerifiedNotification, NotificationFailure> {
        let headers = self.verifier.read_headers(headers, body.as_ref())?;
        let token = Token::read(headers.authorization()?)?;
        let key = match self.verifier.supplied(&token.key_id) {
            Some(key) => key,
            None => self.fetcher.key(&token.key_id).await?,
        };
        self.verifier.finish(&headers, &token, &key, body.as_ref())
    }
}
