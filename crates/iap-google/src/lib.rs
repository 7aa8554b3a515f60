//! Verifies purchases of Google Play, and the notifications that Google pushes.

#[cfg(feature = "client")]
mod api_error;
#[cfg(feature = "client")]
mod credentials;
#[cfg(feature = "client")]
mod crypto;
mod model;
#[cfg(feature = "client")]
#[cfg(test)]
mod testing;
#[cfg(feature = "client")]
mod text;

#[cfg(feature = "client")]
pub use api_error::{ApiErrorReason, ApiFailure, FailureClass, Subject};
#[cfg(feature = "client")]
pub use credentials::{
    ANDROID_PUBLISHER_SCOPE, MetadataServer, OAuthError, ServiceAccountKey, ServiceAccountKeyError,
    TokenFailure, TokenFn, TokenSource,
};
pub use model::*;
