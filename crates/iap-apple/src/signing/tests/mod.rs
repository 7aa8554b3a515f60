//! Judged by others: `jsonwebtoken`, and aws-lc also where the library is built with ring. Keys are
//! made anew by each test. What openssl says is in the package `iap-tests`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "a test fails loudly"
)]

mod bearer_token;
mod key;
mod offer;
mod p8;

use std::collections::BTreeSet;

use aws_lc_rs::{
    encoding::{
        AsBigEndian as _, AsDer as _, EcPrivateKeyBin, EcPrivateKeyRfc5915Der, PublicKeyX509Der,
    },
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING,
        EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _, UnparsedPublicKey,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::*;
use crate::{AdvancedCommerceSubscriptionReactivateInAppRequest, facts};

const KEY_ID: &str = "ABC1234DEF";
const ISSUER_ID: &str = "0fedcba9-8765-4321-8fed-cba987654321";
const BUNDLE_ID: &str = "com.example.app";

/// A key of the test, in all its forms.
struct TestKey {
    pkcs8: Vec<u8>,
    sec1: Vec<u8>,
    scalar: Vec<u8>,
    point: Vec<u8>,
    public: Vec<u8>,
}

impl TestKey {
    fn new() -> Self {
        Self::on(&ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    fn on(curve: &'static EcdsaSigningAlgorithm) -> Self {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(curve, &SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(curve, pkcs8.as_ref()).unwrap();
        let sec1: EcPrivateKeyRfc5915Der<'_> = pair.private_key().as_der().unwrap();
        let scalar: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        Self {
            pkcs8: pkcs8.as_ref().to_vec(),
            sec1: sec1.as_ref().to_vec(),
            scalar: scalar.as_ref().to_vec(),
            point: pair.public_key().as_ref().to_vec(),
            public: public.as_ref().to_vec(),
        }
    }

    fn pem(&self) -> String {
        pem("PRIVATE KEY", &self.pkcs8)
    }

    fn load(&self) -> InAppPurchaseKey {
        read(self.pem()).unwrap()
    }

    /// Whether aws-lc accepts an ES256 signature by this key.
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.point)
            .verify(message, signature)
            .is_ok()
    }

    /// The same for a signature in DER.
    fn verifies_der(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.point)
            .verify(message, signature)
            .is_ok()
    }

    /// Header and claims of a JWS that `jsonwebtoken` and aws-lc accept. Its dates are not judged.
    fn judge(&self, jws: &str, audience: &str) -> (Value, Value) {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[ISSUER_ID]);
        validation.set_required_spec_claims(&["iss", "aud"]);
        validation.validate_exp = false;
        let claims = self.judge_by(jws, &validation).unwrap();

        let (signed_part, signature) = jws.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(self.verifies(signed_part.as_bytes(), &signature));

        let (header, _) = signed_part.split_once('.').unwrap();
        let header = URL_SAFE_NO_PAD.decode(header).unwrap();
        (serde_json::from_slice(&header).unwrap(), claims)
    }

    fn judge_by(
        &self,
        jws: &str,
        validation: &Validation,
    ) -> Result<Value, jsonwebtoken::errors::Error> {
        let key = DecodingKey::from_ec_der(&self.point);
        jsonwebtoken::decode(jws, &key, validation).map(|token| token.claims)
    }
}

fn read(p8: impl AsRef<[u8]>) -> Result<InAppPurchaseKey, KeyError> {
    InAppPurchaseKey::new(KEY_ID, ISSUER_ID, p8)
}

/// A request that an app makes.
fn in_app_request() -> AdvancedCommerceSubscriptionReactivateInAppRequest {
    let sample = facts::sample("AdvancedCommerceSubscriptionReactivateInAppRequest");
    serde_json::from_value(sample).unwrap()
}

/// PEM as Apple writes it: lines of 64 characters, no line break at the end.
fn pem(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<_> = body
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let body = lines.join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----")
}

/// A DER value of fewer than 128 bytes, or of up to 65,535 with a long length.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut der = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length @ ..0x80) => der.push(length),
        _ => {
            der.push(0x82);
            der.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    der.extend(content);
    der
}

/// The JSON of the claims, which nobody has judged.
fn claims_of(jws: &str) -> Value {
    let claims = jws.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

/// That header and claims of a JWS have exactly the members that the tables list.
fn assert_members(jws: &str, header: &str, claims: &str) {
    for (part, name) in jws.split('.').zip([header, claims]) {
        let json = URL_SAFE_NO_PAD.decode(part).unwrap();
        let json: serde_json::Map<String, Value> = serde_json::from_slice(&json).unwrap();
        let members: BTreeSet<_> = json.keys().map(String::as_str).collect();
        let listed = facts::members(name).into_iter();
        assert_eq!(
            members,
            listed.map(|(member, _)| member).collect(),
            "{name}"
        );
    }
}

/// That no text of the error repeats any 8 characters of the key, in whatever form.
fn assert_nothing_of(key: &TestKey, error: &KeyError, name: &str) {
    let common = iap_core::Error::from(error.clone());
    let shown = format!("{error} {error:?} {error:#?} {common} {common:?} {common:#?}");
    assert_no_window(&key.pkcs8, &shown, name);
    assert_no_window(&key.sec1, &shown, name);
    assert_no_window(&key.scalar, &shown, name);
}

fn assert_no_window(secret: &[u8], shown: &str, name: &str) {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal = format!("{secret:?}").replace(['[', ']'], "");
    let text = String::from_utf8_lossy(secret).into_owned();
    for form in [STANDARD.encode(secret), hex, decimal, text] {
        let characters: Vec<_> = form.chars().collect();
        for window in characters.windows(8) {
            let window: String = window.iter().collect();
            assert!(!shown.contains(&window), "{name}: {window:?} in {shown}");
        }
    }
}
