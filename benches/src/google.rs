//! What Google signs, and by which verifiers is it verified?
//!
//! Made at run time, with RSA keys of 2048 bits like Google's; tokens, requests and purchases have
//! the members and the sizes of production data.

use core::time::Duration;
use std::sync::Arc;

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use iap_core::{Clock as _, SystemClock, Timestamp};
use iap_google::{GoogleKeys, LicenseKey, NotificationVerifier, PurchaseSignatureVerifier};
use iap_testkit::{GoogleLicenseSigner, GoogleNotificationBuilder, GooglePushSigner};
use serde_json::{Value, json};

use crate::bare::{Signature, rs256_key, rsa_sha1_key};

/// What Google signs, and those who verify it.
pub struct GoogleFixtures {
    push_signer: GooglePushSigner,
    license_signer: GoogleLicenseSigner,
    pushes: Vec<Push>,
    purchases: Vec<DevicePurchase>,
}

/// A request of Pub/Sub: a renewal, with the token of Google in its headers.
#[derive(Clone)]
pub(crate) struct Push {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A purchase as an Android device gets it.
#[derive(Clone)]
pub(crate) struct DevicePurchase {
    pub(crate) json: String,
    pub(crate) signature: String,
}

impl GoogleFixtures {
    /// The app.
    pub(crate) const PACKAGE_NAME: &str = "com.example.app";

    /// Makes keys and signed data.
    #[must_use]
    pub fn new() -> Self {
        let (push_signer, license_signer) = (GooglePushSigner::new(), GoogleLicenseSigner::new());
        let now = SystemClock.now();
        let pushes = (0..SUBSCRIPTIONS).map(|index| {
            // Another second for each, else all would be the same.
            let issued_at = now.saturating_sub(Duration::from_secs(index));
            push(&push_signer, issued_at, index)
        });
        let purchases = (0..SUBSCRIPTIONS).map(|index| purchase(&license_signer, now, index));
        Self {
            pushes: pushes.collect(),
            purchases: purchases.collect(),
            push_signer,
            license_signer,
        }
    }

    /// The objects that are read of one push: header and claims of the token, the body, and the
    /// notification in it.
    ///
    /// # Panics
    ///
    /// Never: they were made here.
    #[must_use]
    pub fn push_payloads(&self) -> [Value; 4] {
        let push = &self.pushes[0];
        let segments: Vec<_> = push.token().split('.').collect();
        let body: Value = serde_json::from_str(&push.body).expect("JSON");
        let data = body["message"]["data"].as_str().expect("data");
        let notification = BASE64_STANDARD.decode(data).expect("base64");
        let [header, claims] = [segments[0], segments[1]].map(|segment| {
            let json = BASE64_URL_SAFE_NO_PAD.decode(segment).expect("base64url");
            serde_json::from_slice(&json).expect("JSON")
        });
        let notification = serde_json::from_slice(&notification).expect("JSON");
        [header, claims, body, notification]
    }

    /// The text of one purchase.
    ///
    /// # Panics
    ///
    /// Never: it was made here.
    #[must_use]
    pub fn purchase_payload(&self) -> Value {
        serde_json::from_str(&self.purchases[0].json).expect("JSON")
    }

    pub(crate) fn pushes(&self) -> impl Iterator<Item = Push> {
        self.pushes.iter().cloned()
    }

    pub(crate) fn purchases(&self) -> impl Iterator<Item = DevicePurchase> {
        self.purchases.iter().cloned()
    }

    /// The signatures of the tokens. The key is parsed once, as by the verifier.
    pub(crate) fn push_signatures(&self) -> impl Iterator<Item = Signature> {
        let key = rs256_key(&public_key(&self.push_signer.public_key_pem()));
        let pushes = self.pushes.iter();
        pushes.map(move |push| Signature::of_token(push.token(), Arc::clone(&key)))
    }

    /// The signatures of the purchases. The key is parsed once, as by the verifier.
    pub(crate) fn purchase_signatures(&self) -> impl Iterator<Item = Signature> {
        let key = rsa_sha1_key(&public_key(&self.license_signer.license_key_pem()));
        let purchases = self.purchases.iter();
        purchases.map(move |purchase| {
            Signature::of_purchase(&purchase.json, &purchase.signature, Arc::clone(&key))
        })
    }

    /// This project's verifier of pushes, with the key supplied.
    pub(crate) fn notification_verifier(&self) -> NotificationVerifier {
        NotificationVerifier::builder()
            .audience(AUDIENCE)
            .service_account(SERVICE_ACCOUNT)
            .subscription(GoogleNotificationBuilder::SUBSCRIPTION)
            .app(Self::PACKAGE_NAME)
            .keys(GoogleKeys::from_json(self.push_signer.jwks()).expect("a key"))
            .build()
            .expect("the verifier builds")
    }

    /// This project's verifier of purchases on a device.
    pub(crate) fn purchase_verifier(&self) -> PurchaseSignatureVerifier {
        let key: LicenseKey = self.license_signer.license_key().parse().expect("a key");
        PurchaseSignatureVerifier::new([(Self::PACKAGE_NAME, key)])
    }
}

impl Default for GoogleFixtures {
    fn default() -> Self {
        Self::new()
    }
}

impl Push {
    fn token(&self) -> &str {
        let authorization = self.headers[header::AUTHORIZATION].to_str();
        let token = authorization.ok().and_then(|it| it.strip_prefix("Bearer "));
        token.expect("a bearer token")
    }
}

fn push(signer: &GooglePushSigner, issued_at: Timestamp, index: u64) -> Push {
    let token = signer.token(AUDIENCE, SERVICE_ACCOUNT).issued_at(issued_at);
    let renewed =
        GoogleNotificationBuilder::subscription(GoogleFixtures::PACKAGE_NAME, 2, &purchase_token());
    let body = renewed.push(&(FIRST_MESSAGE + index).to_string());
    let headers = [
        (header::HOST, "example.com"),
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_LENGTH, &body.len().to_string()),
        (header::ACCEPT, "application/json"),
        (header::ACCEPT_ENCODING, "gzip, deflate, br"),
        (header::FROM, "noreply@google.com"),
        (header::USER_AGENT, USER_AGENT),
        (header::AUTHORIZATION, &token.authorization()),
    ];
    let headers = headers.map(|(name, value)| -> (HeaderName, HeaderValue) {
        (name, HeaderValue::from_str(value).expect("a header value"))
    });
    Push {
        headers: HeaderMap::from_iter(headers),
        body,
    }
}

fn purchase(signer: &GoogleLicenseSigner, now: Timestamp, index: u64) -> DevicePurchase {
    let json = json!({
        "orderId": format!("GPA.3372-4150-8203-{:05}", index),
        "packageName": GoogleFixtures::PACKAGE_NAME,
        "productId": "com.example.pro.monthly",
        "purchaseTime": now.as_millis(),
        "purchaseState": 0,
        "purchaseToken": purchase_token(),
        "quantity": 1,
        "autoRenewing": true,
        "acknowledged": false,
        "obfuscatedAccountId": "4f1e2d3c-7b6a-4958-8f70-a1b2c3d4e5f6",
    });
    let json = json.to_string();
    DevicePurchase {
        signature: signer.sign(&json),
        json,
    }
}

/// As long as those of Google, which look so.
fn purchase_token() -> String {
    let lower = core::iter::repeat_with(fastrand::lowercase).take(24);
    let mixed = core::iter::repeat_with(fastrand::alphanumeric).take(119);
    lower.chain(".AO-J1O".chars()).chain(mixed).collect()
}

/// What is in PEM.
fn public_key(pem: &str) -> Vec<u8> {
    let lines = pem.lines().filter(|line| !line.starts_with('-'));
    let text: String = lines.collect();
    BASE64_STANDARD.decode(text).expect("PEM")
}

/// As many as of Apple's, and for the same reason.
const SUBSCRIPTIONS: u64 = 128;

const AUDIENCE: &str = "https://backend.example.com/notifications/google-play";

const SERVICE_ACCOUNT: &str = "pubsub-push@example-project.iam.gserviceaccount.com";

const FIRST_MESSAGE: u64 = 1_838_996_669_366_530;

const USER_AGENT: &str =
    "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixtures_have_the_sizes_of_production_data() {
        let fixtures = GoogleFixtures::new();
        for push in fixtures.pushes() {
            assert!((800..1_000).contains(&push.token().len()));
            assert!((600..1_000).contains(&push.body.len()));
        }
        for purchase in fixtures.purchases() {
            assert!((400..600).contains(&purchase.json.len()));
            assert_eq!(purchase.signature.len(), 344);
        }
    }

    #[test]
    fn no_two_signatures_are_the_same() {
        let fixtures = GoogleFixtures::new();
        let mut tokens: Vec<_> = fixtures.pushes.iter().map(Push::token).collect();
        tokens.sort_unstable();
        tokens.dedup();
        assert_eq!(tokens.len(), fixtures.pushes.len());
    }
}
