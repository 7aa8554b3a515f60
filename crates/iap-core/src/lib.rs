//! The vocabulary that all stores share: what was bought, whether it gives access, what happened to
//! it, and why something could not be verified.
//!
//! Store crates (`iap-apple`, …) turn bytes into a verified type of their own and then into these:
//!
//! ```text
//! Proof ──verify──► Purchase ──access_at──► Access
//! notification ───► StoreEvent (with its Purchase)
//! ```
//!
//! # What a verifier promises
//!
//! A [`Purchase`] exists only after the store's signature or the store itself has vouched for it.
//! Everything after that is a pure function: [`Purchase::access_at`] decides from the purchase, a
//! time and an [`AccessPolicy`], and [`Catalog::entitlements`] does so for all purchases of a
//! customer.
//!
//! There are three answers, never two: verified, rejected, and could-not-tell. An outage or a wrong
//! key is never reported as "not a valid purchase"; see [`ErrorKind`].
//!
//! # Features
//!
//! - `client`: what clients of stores need: the module `http` with its replaceable transport,
//!   retries within a deadline and the token cache, and `Blocking` for programs without async.
//!   Without it the crate does no I/O and brings in no HTTP library.
//!
//! # Use
//!
//! Applications depend on the facade crate `iap`, which re-exports all this. Depend on `iap-core`
//! alone to write a [`Verifier`] of your own.

mod access;
mod access_policy;
mod answer;
#[cfg(feature = "client")]
mod blocking;
mod bounded;
mod endpoint_answer;
mod entitlement;
mod error;
mod event;
#[cfg(feature = "client")]
pub mod http;
mod id;
mod money;
mod next_check;
mod open_enum;
mod proof;
mod purchase;
mod secret;
mod snapshot;
mod store;
mod subscription;
mod text;
mod time;
mod verifier;
mod wire;

pub use access::{Access, DenialReason, GrantReason};
pub use access_policy::{AccessPolicy, FamilySharing};
pub use answer::{UnreadableAnswer, read_answer, read_empty_answer};
#[cfg(feature = "client")]
pub use blocking::Blocking;
pub use bounded::Bounded;
pub use endpoint_answer::EndpointAnswer;
pub use entitlement::{Catalog, Entitlement, Entitlements};
pub use error::{Error, ErrorKind, Rejection};
pub use event::{EventKind, StoreEvent};
pub use id::{
    AccountId, AppId, EventId, OfferId, OrderId, OriginalTransactionId, PlanId, ProductId,
    ProfileId, PurchaseToken, ReceiptId, TransactionId, UserId,
};
pub use money::{Currency, Money, ParseCurrencyError};
pub use proof::{Proof, SignedTransaction};
pub use purchase::{
    Acknowledgement, Consumption, Ownership, ProductKind, Purchase, PurchaseItem, PurchaseKey,
    PurchaseState, RefundScope, Revocation, RevocationReason,
};
pub use secret::Secret;
pub use store::{Environment, EnvironmentSet, Store};
pub use subscription::{
    AutoRenew, ExpirationReason, Offer, OfferKind, OfferPayment, PriceIncrease, Subscription,
    SubscriptionState,
};
pub use text::{causes, printable, shorten};
pub use time::{Clock, FixedClock, ParseTimestampError, SystemClock, Timestamp};
pub use verifier::{Verifier, VerifierExt};
pub use wire::{option_millis, option_whole_number};

/// What the expansion of [`open_enum!`] needs. Not part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::open_enum::{deserialize_number, deserialize_text};
    pub use serde;
}
