//! Real-Time Notifications: what the Amazon Appstore posts when something happens to a purchase.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/real-time-notifications.html>

mod certificate;
mod chain;
mod config;
mod confirmation;
mod envelope;
mod error;
mod event;
#[cfg(feature = "client")]
mod fetcher;
mod message;
mod model;
#[cfg(feature = "client")]
mod online;
mod sns_url;
mod topic;
mod verifier;

pub use self::{
    config::{
        CertificateDates, CertificateRegion, ConfigurationError, NotificationVerifierBuilder,
    },
    confirmation::Confirmation,
    error::{CertificateProblem, NotificationFailure},
    message::{MessageType, Unsubscribed, VerifiedEnvelope, VerifiedMessage, VerifiedNotification},
    model::{Notification, NotificationType, RelatedReceipts},
    sns_url::UrlProblem,
    topic::TopicArn,
    verifier::NotificationVerifier,
};
#[cfg(feature = "client")]
pub use self::{
    fetcher::{CertificateFetcher, CertificateFetcherBuilder},
    online::OnlineNotificationVerifier,
};

#[cfg(test)]
mod tests;
