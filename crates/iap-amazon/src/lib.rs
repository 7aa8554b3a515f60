//! Verifies purchases of the Amazon Appstore by asking Amazon, which signs nothing that an app holds,
//! and the notifications that Amazon posts.
//!
//! - [`AmazonClient`]: the Receipt Verification Service (RVS), in production and Cloud Sandbox, and
//!   the Appstore Billing Compatibility API.
//! - [`AmazonVerifier`]: the same as a [`Verifier`](iap_core::Verifier), which also asks again about
//!   what is stored.
//! - [`Answer`]: what Amazon answered, and what it means.
//! - [`OnlineNotificationVerifier`]: Real-Time Notifications, verified at your endpoint;
//!   [`NotificationVerifier`] offline.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # mod example {
//! use iap_amazon::{AmazonClient, AmazonVerifier, Error};
//! use iap_core::{AccessPolicy, Clock, Proof, SystemClock, VerifierExt};
//!
//! // Once, at start.
//! fn verifier(shared_secret: String) -> Result<AmazonVerifier, Error> {
//!     Ok(AmazonVerifier::new(AmazonClient::production(shared_secret).build()?))
//! }
//!
//! // For what an app sends:
//! async fn grant(verifier: &AmazonVerifier, receipt_id: &str, user_id: &str) -> Result<bool, Error> {
//!     let (proof, gold) = (Proof::amazon_receipt(receipt_id, user_id), "gold".into());
//!     let purchase = verifier.verify_product(&proof, &gold).await?;
//!     // Store `purchase`, and when to ask again: `purchase.next_check_at(…)`.
//!     Ok(purchase.access_to(&gold, SystemClock.now(), &AccessPolicy::new()).is_granted())
//! }
//! # }
//! # fn main() {}
//! ```
//!
//! # What is checked
//!
//! - The ids can be ids. A receipt of App Tester, which anybody can make, is rejected in production.
//! - Amazon knows the receipt, and that it is this customer's; and its answer is about this receipt.
//! - Status 200 is no access: Amazon answers so for ended purchases. The dates decide, see
//!   [`Purchase::access_at`](iap_core::Purchase::access_at); test purchases give none in production.
//! - An outage, a gateway's page or a wrong secret is no verdict: see [`ApiFailure`].
//!
//! # What is not checked
//!
//! - **Which app**: a receipt names none, and the shared secret is one for all apps of an account.
//!   Compare the product: [`ExpectedProduct`].
//! - **Whose purchase it is** in your own terms: anybody can send ids that they have seen. Let one
//!   purchase serve one account, and deliver a consumable once for each
//!   [`PurchaseKey`](iap_core::PurchaseKey).
//! - **What happened since**: ask again, when
//!   [`Purchase::next_check_at`](iap_core::Purchase::next_check_at) says so.
//!
//! # Features
//!
//! - `client` (default): [`AmazonClient`], [`AmazonVerifier`], [`OnlineNotificationVerifier`]. Without
//!   it there is no I/O, no HTTP library and no async runtime.
//! - `billing-compatibility` (default): purchases made through the Appstore Billing Compatibility SDK,
//!   which Amazon has not supported since 2026-09-15.
//! - `aws-lc-rs` (default): cryptography by aws-lc-rs, for notifications.
//! - `ring`: cryptography by ring instead of `aws-lc-rs`. With both, aws-lc-rs is used. With `client`, the
//!   TLS of reqwest is built with aws-lc-rs all the same.

mod answer;
mod app_tester;
#[cfg(feature = "client")]
mod client;
mod crypto;
mod error;
mod expected_product;
mod model;
mod notification;
mod purchase;
#[cfg(feature = "client")]
mod verifier;

pub use answer::Answer;
pub use app_tester::{AppTesterProductType, AppTesterReceipt};
#[cfg(feature = "client")]
pub use client::{AmazonClient, AmazonClientBuilder};
pub use error::{ApiFailure, Endpoint};
pub use expected_product::ExpectedProduct;
#[doc(no_inline)]
pub use iap_core::{
    Access, AccessPolicy, EndpointAnswer, Environment, Error, ReceiptId, Rejection, StoreEvent,
    UserId,
};
pub use model::*;
pub use notification::{
    CertificateDates, CertificateProblem, CertificateRegion, ConfigurationError, Confirmation,
    MessageType, Notification, NotificationFailure, NotificationType, NotificationVerifier,
    NotificationVerifierBuilder, RelatedReceipts, TopicArn, Unsubscribed, UrlProblem,
    VerifiedEnvelope, VerifiedMessage, VerifiedNotification,
};
#[cfg(feature = "client")]
pub use notification::{CertificateFetcher, CertificateFetcherBuilder, OnlineNotificationVerifier};
#[cfg(feature = "client")]
pub use verifier::AmazonVerifier;
