//! Messages signed by `iap-testkit`, verified, and refused for every reason there is.

mod age;
mod certificates;
#[cfg(feature = "client")]
mod confirmation;
mod envelope;
#[cfg(feature = "client")]
mod fetching;
#[cfg(feature = "client")]
mod forgeries;
mod inputs;
#[cfg(feature = "client")]
mod network;
mod payload;
mod secrets;

mod urls;

use std::sync::LazyLock;

use iap_core::{FixedClock, Timestamp};
use iap_testkit::{AmazonNotificationBuilder, SnsMessageBuilder, SnsSignatureVersion, SnsSigner};
use serde_json::Value;

use super::{NotificationFailure, NotificationVerifier, NotificationVerifierBuilder};

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:Example";
const APP: &str = "com.example.app";

/// Making a key takes a good part of a second.
static SIGNER: LazyLock<SnsSigner> =
    LazyLock::new(|| SnsSigner::valid(at("2026-01-01T00:00:00Z"), at("2026-12-31T23:59:59Z")));

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// When everything here happens.
fn now() -> Timestamp {
    at("2026-06-01T12:00:00Z")
}

/// Accepts [`TOPIC`] and [`APP`], and has no certificate.
fn builder() -> NotificationVerifierBuilder {
    NotificationVerifier::builder()
        .topic(TOPIC.parse().unwrap())
        .app(APP)
        .clock(FixedClock::new(now()))
}

/// Accepts [`TOPIC`] and [`APP`], and has the certificate of [`SIGNER`].
fn with_certificate() -> NotificationVerifierBuilder {
    builder().certificate(SIGNER.certificate_url(), SIGNER.certificate_pem())
}

fn verifier() -> NotificationVerifier {
    with_certificate().build().unwrap()
}

fn notification(notification_type: &str) -> AmazonNotificationBuilder {
    AmazonNotificationBuilder::new(notification_type, APP).timestamp(now())
}

/// A notification, of now, to be signed; by version 2, which is quicker to make.
fn message() -> SnsMessageBuilder {
    of_now(notification("SUBSCRIPTION_RENEWED").message(TOPIC))
}

fn of_now(message: SnsMessageBuilder) -> SnsMessageBuilder {
    message
        .timestamp(now())
        .signature_version(SnsSignatureVersion::V2)
}

fn failure(body: impl AsRef<[u8]>) -> NotificationFailure {
    verifier().verify(body).unwrap_err()
}

/// `body` after a change.
fn changed(body: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut body = serde_json::from_str(body).unwrap();
    change(&mut body);
    body.to_string()
}
