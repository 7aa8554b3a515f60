//! A customer of three stores on this machine.

use std::error::Error;

use iap::amazon::{AmazonClient, AmazonVerifier};
use iap::apple::{App, SignedDataVerifier, TrustAnchor};
use iap::core::http::RetryPolicy;
use iap::google::{GooglePlayVerifier, PlayClient, ServiceAccountKey};
use iap::{Catalog, Environment, Proof, Stores};
use iap_testkit::{
    AmazonReceiptBuilder, FakeAmazonAppstore, FakeGooglePlay, Fault, Forgery,
    GoogleSubscriptionBuilder, SigningAuthority, TransactionBuilder,
};

use crate::{Outcome, restore};

pub(crate) async fn run() -> Result<Outcome, Box<dyn Error>> {
    let apple = SigningAuthority::new();
    let google = FakeGooglePlay::start(APP);
    let amazon = FakeAmazonAppstore::start(APP);
    let stores = stores(&apple, &google, &amazon)?;
    let catalog = Catalog::new()
        .with("premium", ["pro.monthly", "pro"])
        .with("no_ads", ["remove_ads"]);
    let proofs = buy(&apple, &google, &amazon);

    println!("all stores answer:");
    restore(&stores, &proofs, &catalog).await;
    println!("\nGoogle Play is out of order:");
    google.fail_at_random(100, 1, vec![Fault::ServerError(503)]);
    restore(&stores, &proofs, &catalog).await;
    Ok(Outcome::AllVerified)
}

/// A real backend leaves addresses and trust anchors out: those of the stores are the default.
fn stores(
    apple: &SigningAuthority,
    google: &FakeGooglePlay,
    amazon: &FakeAmazonAppstore,
) -> Result<Stores, Box<dyn Error>> {
    let app_store = SignedDataVerifier::builder()
        .app(App::new(APP, 1_234_567_890))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(apple.root_der())?]);
    let key = ServiceAccountKey::from_json(google.service_account_key())?;
    let google_play = PlayClient::builder(APP, key.with_token_url(&google.token_url())?)
        .base_url(google.url())
        // Nobody waits here until a store is back.
        .retry(RetryPolicy::never());
    let appstore = AmazonClient::production(amazon.shared_secret()).base_url(amazon.url());
    Ok(Stores::builder()
        .with(app_store.build()?)
        .with(GooglePlayVerifier::new(google_play.build()?))
        .with(AmazonVerifier::new(appstore.build()?))
        .build()?)
}

/// What the customer bought, and one thing that they did not.
fn buy(
    apple: &SigningAuthority,
    google: &FakeGooglePlay,
    amazon: &FakeAmazonAppstore,
) -> Vec<Proof> {
    let remove_ads = TransactionBuilder::non_consumable(APP, "remove_ads");
    let forged = TransactionBuilder::auto_renewable(APP, "pro.monthly").build();
    let subscription = google.buy_subscription(GoogleSubscriptionBuilder::new("pro", "monthly"));
    let user = amazon.user();
    let ended = amazon.buy(
        &user,
        AmazonReceiptBuilder::subscription("pro", "pro.monthly"),
    );
    amazon.expire(&ended, 1);
    vec![
        Proof::apple_signed_transaction(remove_ads.sign(apple)),
        Proof::apple_signed_transaction(apple.forge(Forgery::KeySwapped, &forged)),
        Proof::google_subscription(APP, subscription),
        Proof::amazon_receipt(ended, user),
    ]
}

const APP: &str = "com.example.app";
