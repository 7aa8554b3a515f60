//! An app some of whose customers got their money back, at a Google Play on this machine.

use std::error::Error;

use iap::google::{PlayClient, ServiceAccountKey, VoidedPurchasesListRequest};
use iap_testkit::{FakeGooglePlay, GoogleProductBuilder, GoogleSubscriptionBuilder};

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let store = FakeGooglePlay::start(PACKAGE);
    for number in 0..CUSTOMERS {
        let coins = store.buy_product(GoogleProductBuilder::new("coins"));
        let subscription = store.buy_subscription(GoogleSubscriptionBuilder::new("pro", "monthly"));
        if number % 2 == 0 {
            store.cancel_product(&coins);
        }
        if number % 3 == 0 {
            store.renew(&subscription);
            store.revoke(&subscription);
        }
    }

    // A real program leaves the addresses out: Google's are the default.
    let key = ServiceAccountKey::from_json(store.service_account_key())?;
    let client = PlayClient::builder(PACKAGE, key.with_token_url(&store.token_url())?)
        .base_url(store.url())
        .build()?;
    // Nor does it ask for so little at once.
    let request = VoidedPurchasesListRequest::new()
        .with_subscriptions()
        .max_results(PAGE_SIZE);
    super::list(&client, request).await
}

const PACKAGE: &str = "com.example.app";

/// Every second one got back what a product cost, and every third one a subscription: 25 orders.
const CUSTOMERS: u32 = 30;

const PAGE_SIZE: u32 = 10;
