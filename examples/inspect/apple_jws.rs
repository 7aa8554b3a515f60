//! One JWS of the App Store: is it genuine, and what does it say?

use std::fs;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap::apple::{
    App, SignedData, SignedDataKind, SignedDataVerifier, TrustAnchor, VerificationFailure,
};
use iap::{
    Access, AccessPolicy, Clock, Environment, EnvironmentSet, FixedClock, Purchase, StoreEvent,
    SystemClock, Timestamp,
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::options::Options;

/// What is printed for one JWS.
#[derive(Serialize)]
pub(crate) struct Report {
    verdict: &'static str,
    kind: Option<&'static str>,
    failure: Option<Failure>,
    payload: Option<Box<RawValue>>,
    purchase: Option<Purchase>,
    event: Option<StoreEvent>,
    access: Option<Access>,
}

#[derive(Serialize)]
struct Failure {
    check: &'static str,
    message: String,
}

impl Report {
    pub(crate) fn is_verified(&self) -> bool {
        self.verdict == VERIFIED
    }
}

/// Verifies as the command line said.
pub(crate) struct Inspector {
    verifier: SignedDataVerifier,
    policy: AccessPolicy,
    now: Timestamp,
}

impl Inspector {
    pub(crate) fn new(options: &Options) -> Result<Self, String> {
        let mut builder = SignedDataVerifier::builder();
        let mut environments = options.environments;
        if environments.is_empty() {
            environments = EnvironmentSet::from([Environment::Production, Environment::Sandbox]);
            eprintln!("inspect: accepting production and sandbox; choose with --environment");
        }
        for environment in environments.iter() {
            builder = builder.environment(environment);
        }
        builder = if options.bundle_ids.is_empty() {
            eprintln!("inspect: accepting data of any app; choose with --bundle-id");
            builder.dangerous().accept_any_app(options.app_apple_id)
        } else {
            for bundle_id in &options.bundle_ids {
                builder = builder.app(match options.app_apple_id {
                    Some(id) => App::new(bundle_id.as_str(), id),
                    None => App::unreleased(bundle_id.as_str()),
                });
            }
            builder.dangerous().skip_missing_app_apple_id()
        };
        if !options.roots.is_empty() {
            let anchors: Result<Vec<_>, String> = options
                .roots
                .iter()
                .map(|root| {
                    let named =
                        |error: &dyn std::fmt::Display| format!("{}: {error}", root.display());
                    let certificate = fs::read(root).map_err(|error| named(&error))?;
                    TrustAnchor::from_certificate(certificate).map_err(|error| named(&error))
                })
                .collect();
            builder = builder.trust_anchors(anchors?);
        }
        let now = match options.now {
            Some(now) => {
                builder = builder.clock(FixedClock::new(now));
                now
            }
            None => SystemClock.now(),
        };
        Ok(Self {
            verifier: builder.build().map_err(|error| error.to_string())?,
            policy: AccessPolicy::new().environments(environments),
            now,
        })
    }

    pub(crate) fn inspect(&self, jws: &[u8]) -> Report {
        let payload = unverified_payload(jws);
        let kind = payload
            .as_ref()
            .and_then(|payload| SignedDataKind::detect(payload.get()))
            .map(SignedDataKind::as_str);
        let mut report = Report {
            verdict: VERIFIED,
            kind,
            failure: None,
            payload,
            purchase: None,
            event: None,
            access: None,
        };
        if let Err(failure) = self.verify(jws, &mut report) {
            report.verdict = match failure.rejection() {
                Some(_) => REJECTED,
                None => UNAVAILABLE,
            };
            report.failure = Some(Failure {
                check: failure.check(),
                message: failure.to_string(),
            });
        }
        report
    }

    fn verify(&self, jws: &[u8], report: &mut Report) -> Result<(), VerificationFailure> {
        let data = self.verifier.verify_any(jws)?;
        report.purchase = match &data {
            SignedData::Transaction(transaction) => Some(transaction.to_purchase(None)?),
            SignedData::Notification(notification) => {
                let event = notification.to_event()?;
                let purchase = event.purchase.clone();
                report.event = Some(event);
                purchase
            }
            _ => None,
        };
        report.access = report
            .purchase
            .as_ref()
            .map(|purchase| purchase.access_at(self.now, &self.policy));
        Ok(())
    }
}

/// The payload as it came, on one line; `None` if there is none to show.
fn unverified_payload(jws: &[u8]) -> Option<Box<RawValue>> {
    let mut segments = jws.split(|byte| *byte == b'.');
    let payload = URL_SAFE_NO_PAD.decode(segments.nth(1)?).ok()?;
    // In JSON a line break can only stand between values.
    let on_one_line = String::from_utf8(payload).ok()?.replace(['\n', '\r'], " ");
    RawValue::from_string(on_one_line).ok()
}

const VERIFIED: &str = "verified";
const REJECTED: &str = "rejected";
const UNAVAILABLE: &str = "unavailable";
