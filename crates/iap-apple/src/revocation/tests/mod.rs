//! Answers of responders made here, byte by byte, with an encoder that shares nothing with the parser.

mod answers;
mod checks;
mod delegates;
mod memory;
mod online;
mod responder;
mod transport;

use std::sync::LazyLock;

use iap_core::Timestamp;
use iap_testkit::SigningAuthority;

/// When everything here happens.
fn now() -> Timestamp {
    at("2026-06-01T12:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn minutes(minutes: i64) -> Timestamp {
    let offset = minutes.saturating_mul(60_000);
    Timestamp::from_millis(now().as_millis().saturating_add(offset))
}

const LEAF_URL: &str = "http://ocsp.example.com/leaf";
const INTERMEDIATE_URL: &str = "http://ocsp.example.com/intermediate";

/// P-384 above P-256, as Apple's, with certificates that name the addresses above.
static AUTHORITY: LazyLock<SigningAuthority> = LazyLock::new(|| authority(LEAF_URL));

fn authority(leaf_url: &str) -> SigningAuthority {
    let validity = (at("2020-01-01T00:00:00Z"), at("2035-01-01T00:00:00Z"));
    SigningAuthority::builder()
        .root_validity(validity.0, validity.1)
        .intermediate_validity(validity.0, validity.1)
        .leaf_validity(validity.0, validity.1)
        .ocsp_url(leaf_url, INTERMEDIATE_URL)
        .build()
}
