//! Verifies what Pub/Sub pushes to an endpoint, with keys that are given.

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{AppId, Clock};

use super::{
    config::NotificationVerifierBuilder,
    error::{KeyProblem, NotificationFailure},
    headers::Headers,
    keys::GoogleKeys,
    message::{MAX_BODY_LENGTH, PubsubMessage, check_length, read_push},
    token::{Expected, Token},
    verified::VerifiedNotification,
};
use crate::crypto::RsaPublicKey;

/// Verifies what Pub/Sub pushes to your endpoint, with keys that it is given.
///
/// It makes no request. At an endpoint, use an `OnlineNotificationVerifier`, which fetches Google's
/// keys, around it. Set authentication up on the Pub/Sub subscription, with a service account that
/// does nothing else: [Google's page](https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions).
///
/// Build one at start and share it: it is cheap to clone, `Send` and `Sync`.
///
/// # What is checked
///
/// The cheapest and safest first; no key is fetched before the first three have passed:
///
/// 1. The body is not longer than what Pub/Sub pushes.
/// 2. There is one Authorization header, with one bearer token.
/// 3. The token's header names RS256 and a key; `none` and HS256 are refused.
/// 4. The key is one of Google's, and signed exactly the bytes of the token.
/// 5. Google issued the token, for an accepted audience **and** an accepted service account, whose
///    e-mail address Google has verified.
/// 6. The token has not expired, and is not from the future.
/// 7. Only then is the body read, wrapped or unwrapped: one message, of which headers and body tell the
///    same, that came through an accepted Pub/Sub subscription, if any are named.
/// 8. Its data is a notification about an accepted app.
///
/// # What to answer
///
/// Log each failure, and answer what its [`endpoint_answer`](NotificationFailure::endpoint_answer)
/// says: 400 for what fails checks 1 to 6, 200 for a message of Pub/Sub that can never be handled,
/// which it would otherwise send again for days, and 503 where there is no verdict.
///
/// # What is not checked
///
/// - **The body itself**: the token proves who made the request, and that it came to you unchanged
///   TLS proves. Who gets hold of a token can use it until it expires, at most an hour: end TLS
///   where you trust the network behind, and do not log the header.
/// - **Repetitions**: messages are delivered more than once. Handle each
///   [`StoreEvent::id`](iap_core::StoreEvent::id) once.
/// - **Who published the message**: whoever may publish to your topic is believed, so let only Google
///   Play. Where Pub/Sub pushes unwrapped, let it write metadata: without, a message can be made to
///   look like one with another id.
/// - **What the purchase is now**: ask Google before you grant or take away anything.
///
/// ```
/// use iap_google::NotificationVerifier;
///
/// let verifier = NotificationVerifier::builder()
///     .audience("https://example.com/google-play")
///     .service_account("push@project.iam.gserviceaccount.com")
///     .app("com.example.app")
///     .build()?;
///
/// let failure = verifier.verify([("content-type", "application/json")], "{}").unwrap_err();
/// assert_eq!(failure.to_string(), "Authorization is missing");
/// assert_eq!(failure.endpoint_answer().http_status(), 400);
/// # Ok::<(), iap_google::ConfigurationError>(())
/// ```
#[derive(Clone)]
pub struct NotificationVerifier {
    settings: Arc<Settings>,
}

pub(super) struct Settings {
    pub(super) audiences: Vec<String>,
    pub(super) service_accounts: Vec<String>,
    pub(super) apps: Vec<AppId>,
    pub(super) subscriptions: Vec<String>,
    pub(super) keys: Option<GoogleKeys>,
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

    /// Verifies a request: its headers, such as an `&http::HeaderMap`, and its body as it was
    /// received, with the keys that were supplied.
    ///
    /// # Errors
    ///
    /// The check that failed. Where no keys were supplied, or not the one that the token names,
    /// [`NotificationFailure::KeysUnavailable`], which is no verdict: Pub/Sub is to send it again.
    pub fn verify<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl AsRef<[u8]>,
    ) -> Result<VerifiedNotification, NotificationFailure> {
        let body = body.as_ref();
        let headers = self.read_headers(headers, body)?;
        let token = Token::read(headers.authorization()?)?;
        let keys = self
            .settings
            .keys
            .as_ref()
            .ok_or(NotificationFailure::KeysUnavailable {
                problem: KeyProblem::NotSupplied,
            })?;
        let key = keys
            .find(&token.key_id)
            .ok_or_else(|| keys.may_be_outdated(&token.key_id))?;
        self.finish(&headers, &token, &key, body)
    }

    /// Makes check 1 of [`NotificationVerifier`], and finds the headers of check 2.
    pub(super) fn read_headers<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)>,
        body: &[u8],
    ) -> Result<Headers, NotificationFailure> {
        // 1
        check_length(body, MAX_BODY_LENGTH)?;
        // 2
        Headers::read(headers)
    }

    /// The key with this id, if it was supplied.
    #[cfg(feature = "client")]
    pub(super) fn supplied(&self, key_id: &str) -> Option<Arc<RsaPublicKey>> {
        self.settings.keys.as_ref()?.find(key_id)
    }

    /// Makes the checks that need the key, 4 to 8 of [`NotificationVerifier`]; check 3 was made when
    /// the token was read.
    pub(super) fn finish(
        &self,
        headers: &Headers,
        token: &Token<'_>,
        key: &RsaPublicKey,
        body: &[u8],
    ) -> Result<VerifiedNotification, NotificationFailure> {
        let settings = &*self.settings;
        // 4, 5, 6
        let expected = Expected {
            audiences: &settings.audiences,
            service_accounts: &settings.service_accounts,
            clock_tolerance: settings.clock_tolerance,
            now: settings.clock.now(),
        };
        token.verify(key, &expected)?;
        // 7
        let (message, data) = read_push(headers, body)?;
        self.check_subscription(&message)?;
        // 8
        VerifiedNotification::read(message, data, &settings.apps)
    }

    fn check_subscription(&self, message: &PubsubMessage) -> Result<(), NotificationFailure> {
        let accepted = &self.settings.subscriptions;
        let found = message.subscription.as_ref();
        if accepted.is_empty() || found.is_some_and(|found| accepted.contains(found)) {
            return Ok(());
        }
        Err(NotificationFailure::Subscription {
            expected: accepted.clone(),
            found: found.map(iap_core::shorten),
        })
    }
}

impl fmt::Debug for NotificationVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &*self.settings;
        f.debug_struct("NotificationVerifier")
            .field("audiences", &settings.audiences)
            .field("service_accounts", &settings.service_accounts)
            .field("apps", &settings.apps)
            .field("subscriptions", &settings.subscriptions)
            .field("keys", &settings.keys)
            .field("clock_tolerance", &settings.clock_tolerance)
            .finish_non_exhaustive()
    }
}
