//! Verifies in-app purchases on a backend: one answer shape for every store.
//!
//! Turn on the stores you sell in; each is a module, and what all share is at the top level.
//!
//! | feature | module | store |
//! |---|---|---|
//! | `amazon` (default) | [`amazon`] | Amazon Appstore: Receipt Verification Service, Billing Compatibility |
//! | `apple` (default) | [`apple`] | App Store: StoreKit 2 transactions, App Store Server Notifications V2 |
//! | `google` (default) | [`google`] | Google Play: Android Publisher API, Real-time developer notifications |
//!
//! ```
//! use iap::{Access, AccessPolicy, Clock, Environment, SystemClock};
//! use iap::apple::{App, SignedDataVerifier, VerificationFailure};
//!
//! let verifier = SignedDataVerifier::builder()
//!     .app(App::new("com.example.app", 1_234_567_890))
//!     .environment(Environment::Production)
//!     .build()?;
//!
//! fn handle(verifier: &SignedDataVerifier, jws: &str) -> Result<Access, VerificationFailure> {
//!     let purchase = verifier.verify_transaction(jws)?.to_purchase(None)?;
//!     Ok(purchase.access_at(SystemClock.now(), &AccessPolicy::new()))
//! }
//!
//! assert_eq!(handle(&verifier, "forged").unwrap_err().check(), "segment_count");
//! # Ok::<(), iap::apple::ConfigurationError>(())
//! ```
//!
//! # From proof to access
//!
//! 1. Bytes from an app or a store become a *verified* type of that store, or an error that says
//!    which check failed.
//! 2. That becomes a [`Purchase`] or a [`StoreEvent`], the same for all stores.
//! 3. [`Purchase::access_at`] and [`Catalog::entitlements`] decide, as pure functions.
//!
//! "Not a valid purchase", "could not tell" and "you misconfigured me" are different answers; see
//! [`ErrorKind`].
//!
//! # Testing your backend
//!
//! `iap-testkit`, as a dev-dependency, plays the part of Apple with keys of its own:
//!
//! ```
//! use iap::apple::{App, SignedDataVerifier, TrustAnchor};
//! use iap::Environment;
//! use iap_testkit::{Forgery, SigningAuthority, TransactionBuilder};
//!
//! let authority = SigningAuthority::new();
//! let verifier = SignedDataVerifier::builder()
//!     .app(App::new("com.example.app", 1_234_567_890))
//!     .environment(Environment::Production)
//!     .trust_anchors([TrustAnchor::from_certificate(authority.root_der())?])
//!     .build()?;
//!
//! let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly");
//! assert!(verifier.verify_transaction(transaction.sign(&authority)).is_ok());
//! for forgery in Forgery::all() {
//!     let forged = authority.forge(*forgery, &transaction.build());
//!     assert!(verifier.verify_transaction(forged).is_err(), "{forgery}");
//! }
//! # Ok::<(), iap::apple::ConfigurationError>(())
//! ```
//!
//! # Features
//!
//! - `amazon` (default): the Amazon Appstore.
//! - `amazon-billing-compatibility` (default): with `amazon`, purchases made through the Appstore
//!   Billing Compatibility SDK.
//! - `apple` (default): the App Store.
//! - `client` (default): clients of the stores' APIs. Without it there is no I/O.
//! - `google` (default): Google Play.
//! - `aws-lc-rs` (default): cryptography by aws-lc-rs. A store needs this or `ring`.
//! - `ring`: cryptography by ring instead of `aws-lc-rs`. With both, aws-lc-rs is used. With `client`, the
//!   TLS of reqwest is built with aws-lc-rs all the same.

mod stores;

#[cfg(feature = "amazon")]
#[doc(inline)]
pub use iap_amazon as amazon;
#[cfg(feature = "apple")]
#[doc(inline)]
pub use iap_apple as apple;
#[doc(inline)]
pub use iap_core as core;
#[doc(inline)]
pub use iap_core::{
    Access, AccessPolicy, AccountId, Acknowledgement, AppId, AutoRenew, Catalog, Clock,
    Consumption, Currency, DenialReason, EndpointAnswer, Entitlement, Entitlements, Environment,
    EnvironmentSet, Error, ErrorKind, EventId, EventKind, ExpirationReason, FamilySharing,
    FixedClock, GrantReason, Money, Offer, OfferId, OfferKind, OfferPayment, OrderId,
    OriginalTransactionId, Ownership, PlanId, PriceIncrease, ProductId, ProductKind, ProfileId,
    Proof, Purchase, PurchaseItem, PurchaseKey, PurchaseState, PurchaseToken, ReceiptId,
    RefundScope, Rejection, Revocation, RevocationReason, Secret, SignedTransaction, Store,
    StoreEvent, Subscription, SubscriptionState, SystemClock, Timestamp, TransactionId, UserId,
    Verifier, VerifierExt, causes,
};
#[cfg(feature = "google")]
#[doc(inline)]
pub use iap_google as google;

pub use self::stores::{Stores, StoresBuilder};

/// Compiles the examples of the README.
#[cfg(all(
    doctest,
    feature = "amazon",
    feature = "apple",
    feature = "client",
    feature = "google"
))]
#[doc = include_str!("../../../README.md")]
struct Readme;
