//! Verifies purchases of Google Play, and asks Google for everything a backend needs about them.
//!
//! - [`GooglePlayVerifier`]: from the token that an app sends to a
//!   [`Purchase`](iap_core::Purchase).
//! - [`PlayClient`]: every call of the Google Play Developer API about purchases, orders, voided
//!   purchases, external transactions, and reading of the catalogue.
//! - [`NotificationVerifier`]: Real-time developer notifications, pushed through Pub/Sub and
//!   authenticated; `OnlineNotificationVerifier`, with the feature `client`, fetches Google's keys.
//!   [`NotificationReader`] reads those that you pull.
//! - [`PurchaseSignatureVerifier`]: purchases that Google Play signed on a device, offline.
//! - [`UnityReceipt`]: receipts of Unity's purchasing package, of any store.
//! - [`ServiceAccountKey`], [`MetadataServer`], [`TokenFn`]: who calls.
//!
//! With the feature `client`, which is on by default:
//!
#![cfg_attr(feature = "client", doc = "```no_run")]
#![cfg_attr(not(feature = "client"), doc = "```ignore")]
//! use iap_core::{Proof, VerifierExt};
//! use iap_google::{AccessPolicy, Clock, Error, GooglePlayVerifier, PlayClient, ServiceAccountKey, SystemClock};
//!
//! # async fn example(key_file: &str, token: &str) -> Result<(), Error> {
//! // Once, at start. Nothing is sent before the first call.
//! let key = ServiceAccountKey::from_json(key_file)?;
//! let client = PlayClient::builder("com.example.app", key).build()?;
//! let verifier = GooglePlayVerifier::new(client.clone());
//!
//! // For what an app sends:
//! let (proof, pro) = (Proof::google_subscription("com.example.app", token), "pro".into());
//! let purchase = verifier.verify_product(&proof, &pro).await?;
//! if purchase.access_to(&pro, SystemClock.now(), &AccessPolicy::new()).is_granted() {
//!     // … deliver it.
//! }
//! // Store it, and then tell Google, which otherwise gives the money back:
//! client.acknowledge_if_needed(&purchase).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What counts
//!
//! Google vouches for a purchase by answering about its token: products, quantity, account and dates
//! come from there, and never from the app. A token that Google does not know is a verdict; an
//! outage, a quota or a right that our service account lacks is none. See [`FailureClass`].
//!
//! The state of a subscription counts before its dates: on hold or paused there is no access, even
//! if the end is in the future. Each product of a purchase has an end of its own.
//!
//! # What is not checked
//!
//! - **Whose purchase it is**: anybody can send a token that they have seen. Compare
//!   [`Purchase::account_id`](iap_core::Purchase::account_id), and let one purchase serve one account.
//! - **Whether it was real money**: licence testers buy in production. Their purchases are marked,
//!   and give no access unless the [`AccessPolicy`] allows the sandbox.
//! - **Whether a signed purchase has been paid**: a pending one is signed, too. Call
//!   [`SignedPurchase::require_purchased`], and ask Google what it is now.
//!
//! # Features
//!
//! - `client` (default): all that sends. Without it there are the models and what they mean, what is
//!   verified with keys that you supply, no I/O and no async runtime.
//! - `aws-lc-rs` (default): cryptography by aws-lc-rs.
//! - `ring`: cryptography by ring instead of `aws-lc-rs`. With both, aws-lc-rs is used. With `client`, the
//!   TLS of reqwest is built with aws-lc-rs all the same.

#[cfg(feature = "client")]
mod api_error;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod credentials;
mod crypto;
mod json;
mod license_key;
mod model;
mod notification;
mod purchase;
mod rsa_key;
mod signature;
#[cfg(feature = "client")]
#[cfg(test)]
mod testing;
mod unity;
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
pub use license_key::{LicenseKey, LicenseKeyError};
pub use model::*;
pub use notification::*;
pub use purchase::MissingMember;
pub use signature::{PurchaseSignatureVerifier, SignatureFailure, SignatureRepair, SignedPurchase};
pub use unity::{UnityGooglePayload, UnityReceipt, UnityReceiptError, UnityStore};
#[cfg(feature = "client")]
pub use verifier::{CurrentPurchase, GooglePlayVerifier};
