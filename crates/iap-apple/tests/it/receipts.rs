//! Legacy receipts as a user of the crate sees them, made and signed by `iap-testkit`.

use iap_apple::{
    AccessPolicy, App, Clock, Environment, ReceiptError, ReceiptVerifier, ReceiptVerifierBuilder,
    SystemClock, transaction_id_from_app_receipt,
};
use iap_core::{DenialReason, Error, ErrorKind, ProductKind, Rejection};
use iap_testkit::{AppReceiptBuilder, InAppReceiptBuilder, SigningAuthority};

use crate::support::{APP_APPLE_ID, AUTHORITY, BUNDLE_ID, anchor};

fn builder() -> ReceiptVerifierBuilder {
    ReceiptVerifier::builder()
        .app(App::new(BUNDLE_ID, APP_APPLE_ID))
        .environment(Environment::Production)
        .trust_anchors([anchor(&AUTHORITY)])
}

fn verifier() -> ReceiptVerifier {
    builder().build().unwrap()
}

fn receipt() -> AppReceiptBuilder {
    AppReceiptBuilder::new(BUNDLE_ID, i64::try_from(APP_APPLE_ID).unwrap())
}

fn failure(receipt: &str) -> ReceiptError {
    verifier().verify(receipt).unwrap_err()
}

#[test]
fn receipts_of_others_are_refused() {
    assert_eq!(
        failure(&receipt().sign(&SigningAuthority::new())).rejection(),
        Some(Rejection::UntrustedCertificate)
    );
    let id = i64::try_from(APP_APPLE_ID).unwrap();
    let other = AppReceiptBuilder::new("com.attacker.app", id).sign(&AUTHORITY);
    assert_eq!(failure(&other).check(), "bundle_id");
    let other = AppReceiptBuilder::new(BUNDLE_ID, 7).sign(&AUTHORITY);
    assert_eq!(failure(&other).check(), "app_apple_id");
    let sandbox = receipt().environment(Environment::Sandbox).sign(&AUTHORITY);
    assert_eq!(failure(&sandbox).check(), "environment");
}

#[test]
fn a_receipt_that_names_sha1_is_refused_for_that_and_never_accepted() {
    let receipt = receipt().naming_sha1().sign(&AUTHORITY);
    assert_eq!(failure(&receipt), ReceiptError::Sha1);
    let accepts_sha1 = builder().accept_sha1().build().unwrap();
    let failure = accepts_sha1.verify(&receipt).unwrap_err();
    assert_eq!(failure.check(), "signature_algorithm");
}

#[test]
fn a_receipt_made_tomorrow_gives_no_verdict() {
    let tomorrow = SystemClock
        .now()
        .saturating_add(core::time::Duration::from_secs(86_400));
    let receipt = receipt().created_at(tomorrow).sign(&AUTHORITY);
    let error = Error::from(failure(&receipt));
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn a_receipt_recognises_the_device_that_it_was_made_for() {
    let signed = receipt().device(b"sixteen bytes id").sign(&AUTHORITY);
    let verified = verifier().verify(&signed).unwrap();
    assert!(verified.is_for_device(b"sixteen bytes id"));
    assert!(!verified.is_for_device(b"sixteen bytes ie"));
}

#[test]
fn a_receipt_proves_its_purchases() {
    let period = InAppReceiptBuilder::auto_renewable("pro.monthly").transaction_id("100");
    let product = InAppReceiptBuilder::product;
    let now = SystemClock.now();
    let signed = receipt()
        .in_app(period.clone())
        .in_app(product("pro.lifetime").cancellation_date(now))
        .in_app(product("coins"))
        .sign(&AUTHORITY);
    let purchases = verifier()
        .verify(&signed)
        .unwrap()
        .to_purchases(|product_id| match product_id.as_str() {
            "pro.lifetime" => Some(ProductKind::NonConsumable),
            _ => None,
        })
        .unwrap();
    let policy = AccessPolicy::new();
    let access: Vec<_> = purchases
        .iter()
        .map(|it| it.access_at(now, &policy))
        .collect();
    assert!(access[0].is_granted());
    let denied = |reason| format!("Denied {{ reason: {reason:?} }}");
    assert_eq!(format!("{:?}", access[1]), denied(DenialReason::Revoked));
    assert_eq!(
        format!("{:?}", access[2]),
        denied(DenialReason::UnknownProductKind)
    );
    let only_period = receipt().in_app(period).sign(&AUTHORITY);
    let id = transaction_id_from_app_receipt(&only_period)
        .unwrap()
        .unwrap();
    assert_eq!(id, "100");
}
