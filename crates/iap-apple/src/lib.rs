//! Verifies what the Apple App Store signs: StoreKit 2 transactions, renewal infos, app transactions,
//! App Store Server Notifications V2 and retention requests.
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
//! fn handle(verifier: &SignedDataVerifier, signed_payload: &str) -> Result<(), iap_apple::VerificationFailure> {
//!     let event = verifier.verify_notification(signed_payload)?.to_event()?;
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
//! - **Revocation of certificates** (OCSP): verification is offline.
//! - **What happened since**: a signed transaction is a snapshot. It stays genuine after a refund.
//! - **Whose purchase it is**: anybody can send a transaction that they have seen. Compare
//!   [`Purchase::account_id`](iap_core::Purchase::account_id), and let one purchase serve one account.
//!
//! # Features
//!
//! - `aws-lc-rs` (default): cryptography by aws-lc-rs.
//! - `ring`: cryptography by ring, for builds without `aws-lc-rs`. With both, aws-lc-rs is used.
//!
//! No feature brings in an HTTP client or an async runtime.

mod api_error;
mod config;
mod crypto;
mod error;
mod jws;
mod model;
mod notification;
mod purchase;
mod signed_data;
mod trust_anchor;
mod verifier;

pub use api_error::{ApiError, ApiFailure};
pub use config::{App, ConfigurationError, DangerousOptions, SignedDataVerifierBuilder};
pub use error::{CertificateRole, EncodingProblem, Segment, VerificationFailure};
#[doc(no_inline)]
pub use iap_core::{Access, AccessPolicy, Clock, Environment, Rejection, SystemClock};
pub use model::*;
pub use notification::VerifiedNotification;
pub use signed_data::{SignedData, SignedDataKind, SignedDataVerifier, Verified};
pub use trust_anchor::TrustAnchor;
