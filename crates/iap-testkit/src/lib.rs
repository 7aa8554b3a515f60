//! What a backend needs to test its handling of purchases without an account at a store: signed
//! transactions, renewals and notifications like Apple's, notifications like Amazon's, every wrong one
//! too, and stores that answer.
//!
//! **This crate belongs in `[dev-dependencies]`.** It makes keys that it hands out freely, it panics
//! where production code would return an error, and what it signs proves nothing to anybody who has
//! not chosen to trust it.
//!
//! # What it makes
//!
//! | to test | take |
//! |---|---|
//! | a purchase that an app sends in | [`TransactionBuilder`], [`AppTransactionBuilder`] |
//! | a server notification | [`NotificationBuilder`], [`RenewalInfoBuilder`] |
//! | calls of Apple's APIs, and what you do when they fail | [`FakeAppStore`] with every [`Fault`] |
//! | a Real-Time Notification of Amazon | [`AmazonNotificationBuilder`], [`SnsMessageBuilder`] with an [`SnsSigner`] |
//! | calls of Google's API, its refusals, and pushes to your webhook | [`FakeGooglePlay`] with every [`Fault`] and [`GoogleProblem`] |
//! | a push of Google's Pub/Sub, and tokens wrong in any way | [`GoogleNotificationBuilder`] with a [`GooglePushSigner`] |
//! | a purchase signed on an Android device | [`GoogleLicenseSigner`] |
//! | a Retention Messaging request | [`RealtimeRequestBuilder`] |
//! | a legacy app receipt | [`AppReceiptBuilder`], [`InAppReceiptBuilder`] |
//! | that your backend refuses forgeries | [`SigningAuthority::forge`] with every [`Forgery`], [`SnsSigner::forge`] with every [`SnsForgery`] |
//! | that a change of Apple's certificates goes unnoticed | [`SigningAuthority::another_leaf`], [`another_intermediate`](SigningAuthority::another_intermediate) |
//! | that Xcode data stays out of production | [`xcode_jws`] |
//! | behaviour under attack | [`SigningAuthority::garbage_signature`], [`with_trailing_bytes_after_leaf`](SigningAuthority::with_trailing_bytes_after_leaf), [`with_third_certificate`](SigningAuthority::with_third_certificate) |
//!
//! # A whole test
//!
//! Make an authority, have the verifier under test trust its root, and send in what it signs:
//!
//! ```
//! use iap_core::Environment;
//! use iap_testkit::{
//!     Forgery, NotificationBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder,
//! };
//!
//! let authority = SigningAuthority::new();
//!
//! // 1. The verifier under test trusts this root instead of Apple's.
//! let trusted_root: &[u8] = authority.root_der();
//!
//! // 2. A purchase as the app sends it in.
//! let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
//!     .app_account_token("1b671a64-40d5-491e-99b0-da01ff1f3341")
//!     .environment(Environment::Sandbox);
//! let purchase: String = transaction.sign(&authority);
//!
//! // 3. The notification of its renewal, with transaction and renewal information nested.
//! let notification: String = NotificationBuilder::new("DID_RENEW")
//!     .app("com.example.app", 1_234_567_890)
//!     .renewal_info(RenewalInfoBuilder::of(&transaction))
//!     .transaction(transaction.clone().transaction_reason("RENEWAL"))
//!     .sign(&authority);
//! let request_body = serde_json::json!({ "signedPayload": notification });
//!
//! // 4. The same purchase, wrong in every way known.
//! for forgery in Forgery::all() {
//!     let forged = authority.forge(*forgery, &transaction.build());
//!     assert_ne!(forged, purchase, "{forgery}");
//! }
//! # let _ = (trusted_root, request_body);
//! ```
//!
//! With `iap-apple` the verifier of step 1 is a `SignedDataVerifier` whose trust anchor is built from
//! `root_der()`; its `verify_transaction` accepts `purchase`, its `verify_notification` accepts
//! `notification`, and both refuse whatever `forge` returns. Nothing here depends on `iap-apple`: any
//! verifier that can be given a root can be tested, and the models of `iap-apple` are judged by
//! payloads that they had no part in.
//!
//! # A store that answers
//!
//! [`FakeAppStore`] serves the App Store Server API, the Retention Messaging API and the Advanced
//! Commerce API on this machine, in production and in the sandbox, and posts notifications to your
//! webhook. Give your client its [`url`](FakeAppStore::url) and [key](FakeAppStore::private_key),
//! let a customer buy, and watch what your backend makes of renewals, refunds and outages. It needs
//! the feature `servers` (default). [`FakeAmazonAppstore`] and [`FakeGooglePlay`] do the same for
//! their stores.
//!
//! # How alike it is
//!
//! The chain has the structure of the one that signs App Store data today: P-384 root and
//! intermediate, P-256 leaf, SHA-384; names of the same form, the same extensions in the same order,
//! Apple's two marker extensions, sizes within a few bytes. The header is `{"alg":"ES256","x5c":[…]}`
//! and byte-identical for every JWS of one leaf. What a verifier measures against this kit it will
//! meet again in production, except for the keys.
//!
//! # The ways of being wrong
//!
//! Each [`Forgery`] is wrong in one way and right in every other: what was changed before signing is
//! signed correctly. They are about
//!
//! - the **dates** of leaf and intermediate, at the signed date of the payload;
//! - what the **certificates say**: markers, basic constraints, key usage, unknown critical
//!   extensions, the curve of the leaf;
//! - **who issued** them: another root of the same name, an impostor intermediate, the root itself,
//!   another leaf, a key exchanged after issuing;
//! - **which are presented** and how: none, one, two, four, the wrong order, other encodings,
//!   trailing bytes;
//! - the **header**: `none`, HMAC keyed with the public key, other algorithms, `crit`, `jwk`,
//!   duplicates;
//! - the **payload** and the **signature**: changed, swapped, truncated, all zero, in ASN.1;
//! - the **text**: padding, whitespace, spare bits, missing and extra segments;
//! - **another signer**: Xcode.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test kit reads no input of strangers, and fails the test loudly when it cannot work"
)]

#[cfg(feature = "servers")]
mod amazon;
#[cfg(feature = "servers")]
mod app_store;
mod authority;
mod builder;
mod certificate;
mod der;
mod forge;
mod forgery;
mod google;
#[cfg(feature = "servers")]
mod google_play;
mod jws;
mod key;
mod load;
mod payload;
mod pem;
mod receipt;
mod rsa;
#[cfg(feature = "servers")]
mod server;
mod sns;
mod system;
mod xcode;

#[cfg(feature = "servers")]
pub use amazon::{
    AmazonReceiptBuilder, AppTesterProduct, FakeAmazonAppstore, FakeAmazonAppstoreBuilder,
    app_tester_receipt_id,
};
#[cfg(feature = "servers")]
pub use app_store::{Bought, Customer, FakeAppStore, FakeAppStoreBuilder};
pub use authority::SigningAuthority;
pub use builder::{Curves, SigningAuthorityBuilder};
pub use forgery::Forgery;
pub use google::{
    GoogleLicenseSigner, GoogleNotificationBuilder, GooglePushSigner, GoogleTokenBuilder,
};
#[cfg(feature = "servers")]
pub use google_play::{
    FakeGooglePlay, FakeGooglePlayBuilder, GoogleProblem, GoogleProductBuilder,
    GoogleSubscriptionBuilder,
};
pub use load::SignedWith;
pub use payload::{
    AppTransactionBuilder, NotificationBuilder, RealtimeRequestBuilder, RenewalInfoBuilder,
    TransactionBuilder,
};
pub use receipt::{AppReceiptBuilder, InAppReceiptBuilder};
pub use rsa::{RsaHash, RsaKey};
#[cfg(feature = "servers")]
pub use server::{Fault, ReceivedRequest, RequestLog};
pub use sns::{
    AmazonNotificationBuilder, SnsForgery, SnsMessageBuilder, SnsSignatureVersion, SnsSigner,
    SnsSpelling,
};
pub use xcode::xcode_jws;
