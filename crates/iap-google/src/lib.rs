//! Verifies purchases of Google Play, and the notifications that Google pushes.

#[cfg(feature = "client")]
mod api_error;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod credentials;
#[cfg(feature = "client")]
mod crypto;
mod model;
mod purchase;
#[cfg(feature = "client")]
#[cfg(test)]
mod testing;
#[cfg(feature = "client")]
mod text;
#[cfg(feature = "client")]
mod verifier;

#[cfg(feature = "client")]
pub use api_error::{ApiErrorReason, ApiFailure, FailureClass, Subject};
#[cfg(feature = "client")]
pub use client::{
    ApiRequest, CatalogSubscriptionsResource, Confirmation, ExternalTransactionsResource,
    InAppProductsPages, InAppProductsResource, Lookup, MonetizationResource,
    OneTimeProductOffersPages, OneTimeProductOffersResource, OneTimeProductsPages,
    OneTimeProductsResource, OrdersResource, PlayClient, PlayClientBuilder, ProductsResource,
    Productsv2Resource, Revoke, SubscriptionOffersPages, SubscriptionOffersResource,
    SubscriptionsPages, SubscriptionsResource, Subscriptionsv2Resource, VoidedPurchasesPages,
    VoidedPurchasesResource,
};
#[cfg(feature = "client")]
pub use credentials::{
    ANDROID_PUBLISHER_SCOPE, MetadataServer, OAuthError, ServiceAccountKey, ServiceAccountKeyError,
    TokenFailure, TokenFn, TokenSource,
};
#[doc(no_inline)]
pub use iap_core::{Access, AccessPolicy, Clock, Environment, Error, Rejection, SystemClock};
pub use model::*;
pub use purchase::MissingMember;
#[cfg(feature = "client")]
pub use verifier::GooglePlayVerifier;
