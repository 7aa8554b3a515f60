//! Real-time developer notifications: what Google pushes through Pub/Sub when something happens to a
//! purchase.
//!
//! [Google's page](https://developer.android.com/google/play/billing/getting-ready#configure-rtdn)

mod config;
mod error;
mod event;
#[cfg(feature = "client")]
mod fetcher;
mod follow_up;
mod headers;
mod keys;
mod message;
#[cfg(feature = "client")]
mod online;
mod reader;
mod token;
mod verified;
mod verifier;

pub use self::{
    config::{ConfigurationError, NotificationVerifierBuilder},
    error::{KeyProblem, NotificationFailure},
    follow_up::FollowUp,
    keys::GoogleKeys,
    message::{PubsubMessage, PulledMessage},
    reader::NotificationReader,
    verified::VerifiedNotification,
    verifier::NotificationVerifier,
};
#[cfg(feature = "client")]
pub use self::{
    fetcher::{GoogleKeyFetcher, GoogleKeyFetcherBuilder},
    online::OnlineNotificationVerifier,
};
