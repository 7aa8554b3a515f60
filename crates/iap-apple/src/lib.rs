//! Verifies what the Apple App Store signs, asks it for more, and signs what it wants signed.
//!
//! - [`SignedDataVerifier`]: StoreKit 2 transactions, renewal infos, app transactions, App Store
//!   Server Notifications V2 and retention requests, offline.
//! - [`ReceiptVerifier`]: legacy app receipts (PKCS #7), offline;
//!   [`transaction_id_from_app_receipt`] takes an id out of one to ask about.
//! - [`AppStoreServerClient`] and [`AdvancedCommerceClient`]: every call of the App Store Server API,
//!   the Retention Messaging API and the Advanced Commerce API.
//! - [`OfferSigner`]: signatures for offers and in-app requests.
//!
//! ```
//! use iap_apple::{AccessPolicy, App, Clock, Environment, SignedDataVerifier, SystemClock};
//!
//! // Once, at start. Apple's root certificate is built in.
//! let verifier = SignedDataVerifier::builder()
//!     .app(App::new("com.example.app", 1_234_567_890))
//!     .environment(Environment::Production)
//!     .build()?;
//!
//! // For what an app sends:
//! fn grant(verifier: &SignedDataVerifier, jws: &str) -> Result<bool, iap_apple::VerificationFailure> {
//!     let purchase = verifier.verify_transaction(jws)?.to_purchase(None)?;
//!     Ok(purchase.access_at(SystemClock.now(), &AccessPolicy::new()).is_granted())
//! }
//!
//! // For what Apple posts to your server:
//! fn handle(verifier: &SignedDataVerifier, body: &[u8]) -> Result<(), iap_apple::VerificationFailure> {
//!     let event = verifier.verify_notification_body(body)?.to_event()?;
//!     println!("{} {}: {:?}", event.id, event.kind, event.purchase);
//!     Ok(())
//! }
//! # Ok::<(), iap_apple::ConfigurationError>(())
//! ```
//!
//! # What is checked
//!
//! See [`SignedDataVerifier`]: signature, certificate chain up to Apple Root CA - G3, Apple's marker
//! extensions, the dates of all certificates at the moment of signing, bundle id, app Apple id,
//! environment; in notifications the same for every signed part inside, and that the parts agree.
//! The payload is not read before the signature holds.
//!
//! # What is not checked
//!
//! - **Revocation of certificates** (OCSP): [`SignedDataVerifier`] works offline; `OnlineVerifier`,
//!   with the feature `client`, asks.
//! - **What happened since**: a signed transaction is a snapshot. It stays genuine after a refund.
//! - **Whose purchase it is**: anybody can send a transaction that they have seen. Compare
//!   [`Purchase::account_id`](iap_core::Purchase::account_id), and let one purchase serve one account.
//!
//! # Features
//!
//! - `client` (default): [`AppStoreServerClient`], [`AdvancedCommerceClient`], [`RevocationChecker`].
//!   Without it there is no I/O, no HTTP library and no async runtime.
//! - `aws-lc-rs` (default): cryptography by aws-lc-rs.
//! - `ring`: cryptography by ring instead of `aws-lc-rs`. With both, aws-lc-rs is used. With `client`, the
//!   TLS of reqwest is built with aws-lc-rs all the same.

mod api_error;
#[cfg(feature = "client")]
mod client;
mod config;
mod crypto;
mod error;
#[cfg(test)]
mod facts;
mod jws;
mod model;
mod notification;
mod purchase;
mod receipt;
#[cfg(feature = "client")]
mod revocation;
mod signed_data;
mod signing;
mod trust_anchor;
mod verifier;

pub use api_error::{ApiError, ApiFailure};
#[cfg(feature = "client")]
pub use client::{
    AdvancedCommerceClient, ApiRequest, AppStoreServerClient, AppStoreServerClientBuilder,
    NotificationHistoryPages, ProductionThenSandbox, RefundHistoryPages, TransactionHistoryPages,
};
pub use config::{App, ConfigurationError, DangerousOptions, SignedDataVerifierBuilder};
pub use error::{CertificateRole, EncodingProblem, Segment, VerificationFailure};
#[doc(no_inline)]
pub use iap_core::{Access, AccessPolicy, Clock, Environment, Error, Rejection, SystemClock};
pub use model::*;
pub use notification::{BodyProblem, MAX_NOTIFICATION_BODY_LENGTH, VerifiedNotification};
pub use receipt::{
    AppReceipt, InAppReceipt, ReceiptAttribute, ReceiptError, ReceiptType, ReceiptVerifier,
    ReceiptVerifierBuilder, StructureProblem, VerifiedReceipt, transaction_id_from_app_receipt,
    transaction_id_from_transaction_receipt,
};
#[cfg(feature = "client")]
pub use revocation::{
    CertificateDates, CertificateStatus, ChainStatus, CrlReason, OcspFailure, OcspResponseStatus,
    OnlineVerifier, ResponderProblem, RevocationChecker, RevocationCheckerBuilder,
    RevocationFailure, RevocationPolicy,
};
pub use signed_data::{SignedData, SignedDataKind, SignedDataVerifier, Verified};
pub use signing::{
    AdvancedCommerceInAppSignature, BearerToken, BearerTokenSigner, InAppPurchaseKey,
    IntroductoryOffer, IntroductoryOfferEligibilitySignature, KeyError, OfferSigner,
    PromotionalOfferSignatureV1, PromotionalOfferSignatureV2, SigningError,
};
pub use trust_anchor::TrustAnchor;
#[cfg(feature = "client")]
pub use verifier::AppStoreVerifier;
