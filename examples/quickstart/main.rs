//! What does verification look like? Makes purchases, notifications and forgeries, verifies each
//! through `iap`, and prints what came of it. No account and no network.
//!
//! ```text
//! cargo run -p iap-examples --bin quickstart
//! ```

mod amazon;
mod google;
mod table;

use std::error::Error;

use iap::apple::{App, SignedData, SignedDataVerifier, TrustAnchor, VerificationFailure};
use iap::{Clock, Environment, Purchase, Store, SystemClock, Timestamp};
use iap_testkit::{
    Forgery, NotificationBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder,
};

use crate::table::{Row, access};

const BUNDLE_ID: &str = "com.example.app";
const APP_APPLE_ID: u64 = 1_234_567_890;

fn main() -> Result<(), Box<dyn Error>> {
    // The part of Apple is played by an authority with keys made just now. A real backend leaves
    // the trust anchors out: Apple's is built in.
    let authority = SigningAuthority::new();
    let verifier = SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, APP_APPLE_ID))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der())?])
        .build()?;
    let now = SystemClock.now();

    let mut rows = Vec::new();
    for (what, jws) in mint(&authority) {
        rows.push(judge(&verifier, what, &jws, now));
    }
    rows.extend(google::rows(now)?);
    rows.extend(amazon::rows(now)?);
    table::print(&rows);

    let verified = rows.iter().filter(|row| row.verdict == "verified").count();
    println!(
        "\n{verified} verified, {} rejected. What is verified was really bought in {BUNDLE_ID}; whether \
         it gives access is a second question.",
        rows.len().saturating_sub(verified)
    );
    Ok(())
}

/// What an app or Apple might send: purchases, notifications, and attempts to cheat.
fn mint(authority: &SigningAuthority) -> Vec<(String, String)> {
    let subscription = TransactionBuilder::auto_renewable(BUNDLE_ID, "pro.monthly");
    let renewal = subscription.clone().set("transactionReason", "RENEWAL");
    let refunded = subscription
        .clone()
        .revoked(SystemClock.now(), 1)
        .set("revocationType", "REFUND_FULL");
    let notification = |notification_type, transaction: &TransactionBuilder| {
        NotificationBuilder::new(notification_type)
            .app(BUNDLE_ID, i64::try_from(APP_APPLE_ID).unwrap_or_default())
            .renewal_info(RenewalInfoBuilder::of(transaction))
            .transaction(transaction.clone())
    };

    let mut minted = vec![
        (
            "purchase of a subscription".to_owned(),
            subscription.sign(authority),
        ),
        (
            "purchase of a lifetime unlock".to_owned(),
            TransactionBuilder::non_consumable(BUNDLE_ID, "pro.lifetime").sign(authority),
        ),
        (
            "notification: it renewed".to_owned(),
            notification("DID_RENEW", &renewal)
                .status(1)
                .sign(authority),
        ),
        (
            "notification: it was refunded".to_owned(),
            notification("REFUND", &refunded).status(5).sign(authority),
        ),
        (
            "purchase in another app".to_owned(),
            TransactionBuilder::auto_renewable("com.attacker.app", "pro.monthly").sign(authority),
        ),
        (
            "purchase in the sandbox".to_owned(),
            subscription
                .clone()
                .environment(Environment::Sandbox)
                .sign(authority),
        ),
    ];
    let forgeries = [
        Forgery::PayloadTampered,
        Forgery::KeySwapped,
        Forgery::OtherRootOfTheSameName,
        Forgery::LeafWithoutMarker,
        Forgery::ExpiredLeaf,
        Forgery::AlgorithmNone,
    ];
    minted.extend(forgeries.map(|forgery| {
        (
            format!("forgery: {forgery:?}"),
            authority.forge(forgery, &subscription.build()),
        )
    }));
    minted
}

/// Verifies one JWS of whatever kind and tells what it means.
fn judge(verifier: &SignedDataVerifier, what: String, jws: &str, now: Timestamp) -> Row {
    match verifier.verify_any(jws).and_then(|data| purchase_of(&data)) {
        Err(failure) => Row::rejected(Store::AppStore, what, failure.to_string()),
        Ok((purchase, event)) => {
            let (access_until, why) = access(&purchase, now);
            let why = event.map_or_else(|| why.clone(), |event| format!("{why} (event: {event})"));
            Row {
                store: Store::AppStore,
                what,
                verdict: "verified",
                product: purchase.product_id.to_string(),
                access_until,
                why,
            }
        }
    }
}

/// The purchase that the data proves and, for a notification, what happened to it.
fn purchase_of(data: &SignedData) -> Result<(Purchase, Option<String>), VerificationFailure> {
    match data {
        SignedData::Transaction(transaction) => Ok((transaction.to_purchase(None)?, None)),
        SignedData::Notification(notification) => {
            let event = notification.to_event()?;
            let purchase = event.purchase.ok_or(VerificationFailure::MissingMember {
                member: "signedTransactionInfo",
            })?;
            Ok((purchase, Some(event.kind.to_string())))
        }
        _ => Err(VerificationFailure::MissingMember {
            member: "transaction",
        }),
    }
}
