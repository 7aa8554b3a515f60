//! Purchases of Google Play: the store is asked about each token, what it signed on a device is checked
//! before that, and so is what it pushes. Its part is played by a server on this machine.

use std::error::Error;

use iap::core::{Blocking, http::RetryPolicy};
use iap::google::{
    GoogleKeys, GooglePlayVerifier, LicenseKey, NotificationVerifier, PlayClient,
    PurchaseSignatureVerifier, ServiceAccountKey,
};
use iap::{Error as IapError, Proof, Purchase, Store, Timestamp, Verifier};
use iap_testkit::{
    FakeGooglePlay, GoogleLicenseSigner, GoogleNotificationBuilder, GoogleProductBuilder,
    GooglePushSigner, GoogleSubscriptionBuilder,
};
use serde_json::json;

use crate::table::Row;

/// Judges what an app, a device or Pub/Sub might send.
pub(crate) fn rows(now: Timestamp) -> Result<Vec<Row>, Box<dyn Error>> {
    let store = FakeGooglePlay::start(PACKAGE);
    // A real backend leaves the addresses out: Google's are the default. And it tries again, for
    // Google may not know a purchase in its first moments.
    let key = ServiceAccountKey::from_json(store.service_account_key())?;
    let client = PlayClient::builder(PACKAGE, key.with_token_url(&store.token_url())?)
        .base_url(store.url())
        .retry(RetryPolicy::never());
    let verifier = GooglePlayVerifier::new(client.build()?);
    let blocking = Blocking::new()?;
    let ask = |proof: &Proof| blocking.run(verifier.verify(proof));

    let mut items = tokens(&store, ask);
    items.extend(signed_on_a_device(&store, ask)?);
    items.extend(pushed(&store, ask)?);
    let row = |(what, result): Item| Row::new(Store::GooglePlay, what, result, now);
    Ok(items.into_iter().map(row).collect())
}

/// What was sent, and what came of it.
type Item = (&'static str, Result<Purchase, IapError>);

/// Tokens that an app sends: Google is asked.
fn tokens(store: &FakeGooglePlay, ask: impl Fn(&Proof) -> Result<Purchase, IapError>) -> Vec<Item> {
    let subscription = || GoogleSubscriptionBuilder::new("pro", "monthly");
    let active = store.buy_subscription(subscription());
    let on_hold = store.buy_subscription(subscription());
    store.hold(&on_hold);
    let pending = store.buy_subscription(subscription().prepaid().pending());
    let revoked = store.buy_subscription(subscription());
    store.revoke(&revoked);
    let unknown = format!("{active}x");
    let product = store.buy_product(GoogleProductBuilder::new("pro.lifetime"));
    let items = [
        ("token of a subscription", active),
        ("token of one whose payment failed", on_hold),
        ("token of one not paid yet", pending),
        ("token of one that was revoked", revoked),
        ("token that nobody knows", unknown),
    ]
    .map(|(what, token)| (what, ask(&Proof::google_subscription(PACKAGE, token))));
    let product = ask(&Proof::google_product(PACKAGE, product));
    let product = ("token of a one-time product", product);
    items.into_iter().chain([product]).collect()
}

/// Purchases that an app sends with the signature that the device got: a wrong one is a verdict, and
/// Google need not be asked.
fn signed_on_a_device(
    store: &FakeGooglePlay,
    ask: impl Fn(&Proof) -> Result<Purchase, IapError>,
) -> Result<Vec<Item>, Box<dyn Error>> {
    let (signer, other_signer) = (GoogleLicenseSigner::new(), GoogleLicenseSigner::new());
    let license_key: LicenseKey = signer.license_key().parse()?;
    let verifier = PurchaseSignatureVerifier::new([(PACKAGE, license_key)]);
    let text = json!({
        "packageName": PACKAGE,
        "productId": "coins",
        "purchaseState": 0,
        "purchaseToken": store.buy_product(GoogleProductBuilder::new("coins")),
    })
    .to_string();
    let changed = text.replace("coins", "gems!");
    let items = [
        ("signed on a device", &text, signer.sign(&text)),
        ("signed with another key", &text, other_signer.sign(&text)),
        ("signed, and then changed", &changed, signer.sign(&text)),
    ]
    .map(|(what, text, signature)| {
        let signed = verifier.verify(&PACKAGE.into(), text, &signature);
        let signed = signed.map_err(IapError::from);
        (what, signed.and_then(|signed| ask(&signed.to_proof())))
    });
    Ok(items.into())
}

/// What comes in where Pub/Sub pushes, from Pub/Sub or from anybody: what is authenticated is a reason
/// to ask Google.
fn pushed(
    store: &FakeGooglePlay,
    ask: impl Fn(&Proof) -> Result<Purchase, IapError>,
) -> Result<Vec<Item>, Box<dyn Error>> {
    let signer = GooglePushSigner::new();
    let verifier = NotificationVerifier::builder()
        .audience(AUDIENCE)
        .service_account(SERVICE_ACCOUNT)
        .app(PACKAGE)
        // A real backend has them fetched, by an `OnlineNotificationVerifier`.
        .keys(GoogleKeys::from_json(signer.jwks())?)
        .build()?;
    let token = store.buy_subscription(GoogleSubscriptionBuilder::new("pro", "monthly"));
    store.renew(&token);
    let body = GoogleNotificationBuilder::subscription(PACKAGE, RENEWED, &token).push("message-1");
    let genuine = signer.token(AUDIENCE, SERVICE_ACCOUNT);
    let stranger = signer.token(AUDIENCE, "stranger@project.iam.gserviceaccount.com");
    let items = [
        ("push: it renewed", genuine.sign()),
        ("push: signed by nobody", genuine.unsigned()),
        ("push: a stranger's account", stranger.sign()),
    ]
    .map(|(what, token)| {
        let headers = [("authorization", format!("Bearer {token}"))];
        let verified = verifier.verify(headers, &body).map_err(IapError::from);
        let purchase = verified.and_then(|notification| {
            let token = notification.kind().purchase_token().cloned();
            let token = token.ok_or_else(|| IapError::refused("it is about no purchase"))?;
            ask(&Proof::google_subscription(PACKAGE, token))
        });
        (what, purchase)
    });
    Ok(items.into())
}

const PACKAGE: &str = "com.example.app";
const AUDIENCE: &str = "https://example.com/google";
const SERVICE_ACCOUNT: &str = "push@project.iam.gserviceaccount.com";

/// Google's number for it.
const RENEWED: i64 = 2;
