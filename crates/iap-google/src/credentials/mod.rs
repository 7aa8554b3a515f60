//! How does a server prove to Google who it is? With an access token, from one of several sources.
//!
//! - [`ServiceAccountKey`]: the key file of a service account.
//! - [`MetadataServer`]: the service account of a machine at Google Cloud.
//! - [`TokenFn`]: a closure, for whatever else gives tokens.

mod error;
mod jwt;
mod metadata_server;
mod pem;
mod service_account;
#[cfg(test)]
mod tests;
mod token_answer;
mod token_fn;

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use iap_core::{
    Clock, Error,
    http::{HttpClient, Token},
};

pub use error::{OAuthError, ServiceAccountKeyError, TokenFailure};
pub use metadata_server::MetadataServer;
pub use service_account::ServiceAccountKey;
pub use token_fn::TokenFn;

/// Gives access tokens for Google's API.
///
/// [`PlayClient`](crate::PlayClient) keeps a token until shortly before it expires and asks for one
/// at a time, so an implementation fetches a new one whenever it is asked.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// Fetches a token. `http` sends through the client's transport and repeats what failed; use it
    /// or do without.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if the credentials are refused,
    /// [`Unavailable`](iap_core::ErrorKind::Unavailable) if nobody answers.
    async fn fetch(&self, http: &HttpClient, clock: &dyn Clock) -> Result<Token, Error>;
}

#[async_trait]
impl<S: TokenSource + ?Sized> TokenSource for Arc<S> {
    async fn fetch(&self, http: &HttpClient, clock: &dyn Clock) -> Result<Token, Error> {
        (**self).fetch(http, clock).await
    }
}

/// What a token must be good for to call the Google Play Developer API.
pub const ANDROID_PUBLISHER_SCOPE: &str = "https://www.googleapis.com/auth/androidpublisher";
