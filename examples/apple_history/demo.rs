//! A customer with a history, at an App Store on this machine.

use core::time::Duration;
use std::error::Error;

use iap::apple::{App, AppStoreServerClient, InAppPurchaseKey, SignedDataVerifier, TrustAnchor};
use iap::{Clock, Environment, SystemClock};
use iap_testkit::{FakeAppStore, TransactionBuilder};

pub(crate) async fn run() -> Result<usize, Box<dyn Error>> {
    let store = FakeAppStore::start(BUNDLE_ID, 1_234_567_890);
    let customer = store.customer();
    let coins = store.buy(
        &customer,
        TransactionBuilder::consumable(BUNDLE_ID, "coins"),
    );
    let lifetime = TransactionBuilder::non_consumable(BUNDLE_ID, "pro.lifetime");
    store.buy(&customer, lifetime);
    // Bought so long ago that its last renewal is the present period.
    let bought = SystemClock
        .now()
        .saturating_sub(MONTH.saturating_mul(RENEWALS));
    let subscription =
        TransactionBuilder::auto_renewable(BUNDLE_ID, "pro.monthly").purchase_date(bought);
    let subscription = store.buy(&customer, subscription);
    for _ in 0..RENEWALS {
        store.renew(&subscription.original_transaction_id);
    }
    store.refund(&coins.transaction_id);

    let environment = Environment::Production;
    let key = InAppPurchaseKey::new(store.key_id(), store.issuer_id(), store.private_key())?;
    let client = AppStoreServerClient::builder(key, BUNDLE_ID, environment)
        .base_url(store.url(environment))
        .build()?;
    // A real backend leaves the trust anchors out: Apple's is built in.
    let root = TrustAnchor::from_certificate(store.authority().root_der())?;
    let verifier = SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, 1_234_567_890))
        .environment(environment)
        .trust_anchors([root])
        .build()?;
    super::walk(&client, &verifier, &coins.transaction_id).await
}

const BUNDLE_ID: &str = "com.example.app";

/// With three purchases, fifty transactions: three pages.
const RENEWALS: u32 = 47;

/// The length of the testkit's subscriptions.
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
