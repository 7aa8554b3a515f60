//! Reads notifications that were pulled from Pub/Sub instead of pushed.

use std::sync::Arc;

use iap_core::AppId;

use super::{
    config::{ConfigurationError, check_apps},
    error::NotificationFailure,
    message::PulledMessage,
    verified::VerifiedNotification,
};

/// Reads notifications that you pulled. There is no token to check: you asked Pub/Sub itself.
///
/// ```
/// use iap_google::{NotificationReader, PulledMessage};
///
/// let reader = NotificationReader::new(["com.example.app"])?;
///
/// let answer = r#"{"receivedMessages":[{"ackId":"a","message":{"messageId":"1","data":"e30="}}]}"#;
/// for message in PulledMessage::from_pull_response(answer).unwrap() {
///     match reader.read(&message) {
///         Ok(notification) => println!("{:?}", notification.to_event()),
///         Err(failure) => println!("{failure}"), // acknowledge, and tell the operator
///     }
/// }
/// # Ok::<(), iap_google::ConfigurationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NotificationReader {
    apps: Arc<[AppId]>,
}

impl NotificationReader {
    /// Reads notifications about the apps with these package names.
    ///
    /// # Errors
    ///
    /// [`ConfigurationError::NoApps`].
    pub fn new(
        apps: impl IntoIterator<Item = impl Into<AppId>>,
    ) -> Result<Self, ConfigurationError> {
        let apps: Arc<[AppId]> = apps.into_iter().map(Into::into).collect();
        check_apps(&apps)?;
        Ok(Self { apps })
    }

    /// Reads a message that was pulled from Pub/Sub, over TLS, and from nowhere else.
    ///
    /// # Errors
    ///
    /// The check that failed; see [`NotificationVerifier`](super::NotificationVerifier), number 8. The
    /// next delivery would fail as well: acknowledge the message, and log it.
    pub fn read(
        &self,
        message: &PulledMessage,
    ) -> Result<VerifiedNotification, NotificationFailure> {
        let data = message.data()?;
        if data.is_empty() {
            return Err(NotificationFailure::NoData);
        }
        VerifiedNotification::read(message.message().clone(), data, &self.apps)
    }
}
