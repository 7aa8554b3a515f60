//! One JWS of the App Store: is it genuine, and what does it say?

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap::apple::{SignedData, SignedDataKind, SignedDataVerifier, VerificationFailure};
use iap::{Access, AccessPolicy, FixedClock, Purchase, StoreEvent, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{
    apple_options::AppleOptions,
    report::{Failure, Report, Verdict, on_one_line},
};

/// What a JWS means.
#[derive(Default, Serialize)]
pub(crate) struct Meaning {
    purchase: Option<Purchase>,
    event: Option<StoreEvent>,
    access: Option<Access>,
}

/// Verifies as the command line said.
pub(crate) struct Inspector {
    verifier: SignedDataVerifier,
    policy: AccessPolicy,
    now: Timestamp,
}

impl Inspector {
    pub(crate) fn new(options: &AppleOptions) -> Result<Self, String> {
        let mut builder = SignedDataVerifier::builder();
        let environments = options.accepted_environments();
        for environment in environments.iter() {
            builder = builder.environment(environment);
        }
        builder = if options.bundle_ids.is_empty() {
            eprintln!("inspect: accepting data of any app; choose with --bundle-id");
            builder.dangerous().accept_any_app(options.app_apple_id)
        } else {
            for app in options.apps() {
                builder = builder.app(app);
            }
            builder.dangerous().skip_missing_app_apple_id()
        };
        if let Some(anchors) = options.trust_anchors()? {
            builder = builder.trust_anchors(anchors);
        }
        if let Some(now) = options.now {
            builder = builder.clock(FixedClock::new(now));
        }
        Ok(Self {
            verifier: builder.build().map_err(|error| error.to_string())?,
            policy: options.access_policy(environments),
            now: options.present_time(),
        })
    }

    pub(crate) fn inspect(&self, jws: &[u8]) -> Report<Meaning> {
        let payload = unverified_payload(jws);
        let kind = payload
            .as_ref()
            .and_then(|payload| SignedDataKind::detect(payload.get()))
            .map(SignedDataKind::as_str);
        let mut report = Report::new(kind, payload);
        match self.verify(jws) {
            Ok(meaning) => report.content = meaning,
            Err(failure) => {
                let verdict = match failure.rejection() {
                    Some(_) => Verdict::Rejected,
                    None => Verdict::Unavailable,
                };
                let (check, message) = (failure.check(), failure.to_string());
                report.fail(verdict, Failure { check, message });
            }
        }
        report
    }

    fn verify(&self, jws: &[u8]) -> Result<Meaning, VerificationFailure> {
        let mut meaning = Meaning::default();
        match self.verifier.verify_any(jws)? {
            SignedData::Transaction(transaction) => {
                meaning.purchase = Some(transaction.to_purchase(None)?);
            }
            SignedData::Notification(notification) => {
                let event = notification.to_event()?;
                meaning.purchase.clone_from(&event.purchase);
                meaning.event = Some(event);
            }
            _ => {}
        }
        let purchase = meaning.purchase.as_ref();
        meaning.access = purchase.map(|it| it.access_at(self.now, &self.policy));
        Ok(meaning)
    }
}

/// The payload as it came, on one line; `None` if there is none to show.
fn unverified_payload(jws: &[u8]) -> Option<Box<RawValue>> {
    let mut segments = jws.split(|byte| *byte == b'.');
    on_one_line(&URL_SAFE_NO_PAD.decode(segments.nth(1)?).ok()?)
}
