//! Receipts of the Amazon Appstore: nothing signs them, so Amazon is asked about each. Its part is
//! played by a server on this machine.

use std::error::Error;

use iap::amazon::{AmazonClient, AmazonVerifier};
use iap::core::Blocking;
use iap::{Clock, Proof, Store, SystemClock, Timestamp, Verifier};
use iap_testkit::{
    AmazonReceiptBuilder, AppTesterProduct, FakeAmazonAppstore, app_tester_receipt_id,
};

use crate::table::Row;

/// Asks about receipts that an app might send.
pub(crate) fn rows(now: Timestamp) -> Result<Vec<Row>, Box<dyn Error>> {
    let store = FakeAmazonAppstore::start("com.example.app");
    let (user, other_user) = (store.user(), store.user());
    let subscription = || AmazonReceiptBuilder::subscription("pro", "pro.monthly");
    let active = store.buy(&user, subscription());
    let ended = store.buy(&user, subscription());
    store.expire(&ended, 1);
    let withdrawn = store.buy(&user, AmazonReceiptBuilder::entitlement("pro.lifetime"));
    store.withdraw(&withdrawn);
    let product = AppTesterProduct::Subscription;
    let home_made = app_tester_receipt_id(&user, "pro", product, SystemClock.now());

    // A real backend leaves the base URL out: Amazon's is the default.
    let client = AmazonClient::production(store.shared_secret()).base_url(store.url());
    let verifier = AmazonVerifier::new(client.build()?);
    let blocking = Blocking::new()?;
    let cases = [
        ("receipt of a subscription", &active, &user),
        ("receipt of one that ended", &ended, &user),
        ("receipt of what was taken back", &withdrawn, &user),
        ("receipt of somebody else", &active, &other_user),
        ("receipt made with App Tester", &home_made, &user),
    ];
    let row = |(what, receipt_id, user_id): (&str, &String, &String)| {
        let proof = Proof::amazon_receipt(receipt_id.as_str(), user_id.as_str());
        let result = blocking.run(verifier.verify(&proof));
        Row::new(Store::AmazonAppstore, what, result, now)
    };
    Ok(cases.into_iter().map(row).collect())
}
