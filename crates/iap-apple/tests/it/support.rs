//! One authority for all tests, and verifiers that trust it.

use std::sync::LazyLock;

use iap_apple::{App, Environment, SignedDataVerifier, SignedDataVerifierBuilder, TrustAnchor};
use iap_testkit::{NotificationBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder};

pub(crate) const BUNDLE_ID: &str = "com.example.app";
pub(crate) const APP_APPLE_ID: u64 = 1_234_567_890;
pub(crate) const PRODUCT_ID: &str = "pro.monthly";

/// Making keys and certificates costs more than all that a test does with them.
pub(crate) static AUTHORITY: LazyLock<SigningAuthority> = LazyLock::new(SigningAuthority::new);

pub(crate) fn anchor(authority: &SigningAuthority) -> TrustAnchor {
    TrustAnchor::from_certificate(authority.root_der()).unwrap()
}

/// Accepts [`BUNDLE_ID`]; the environments are still to be named.
pub(crate) fn builder() -> SignedDataVerifierBuilder {
    SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, APP_APPLE_ID))
        .trust_anchors([anchor(&AUTHORITY)])
}

/// Accepts [`BUNDLE_ID`] in production.
pub(crate) fn verifier() -> SignedDataVerifier {
    builder()
        .environment(Environment::Production)
        .build()
        .unwrap()
}

pub(crate) fn transaction() -> TransactionBuilder {
    TransactionBuilder::auto_renewable(BUNDLE_ID, PRODUCT_ID)
}

/// A notification about `transaction`, with its renewal info, for [`BUNDLE_ID`].
pub(crate) fn notification(
    notification_type: &str,
    transaction: &TransactionBuilder,
) -> NotificationBuilder {
    NotificationBuilder::new(notification_type)
        .app(BUNDLE_ID, i64::try_from(APP_APPLE_ID).unwrap())
        .renewal_info(RenewalInfoBuilder::of(transaction))
        .transaction(transaction.clone())
}
