//! A Real-time developer notification of Google Play: who sent it, and what does it say?

use std::{fmt::Display, fs};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap::google::{
    GoogleKeys, NotificationFailure, NotificationReader, NotificationVerifier, PulledMessage,
    VerifiedNotification,
};
use iap::{ErrorKind, FixedClock, StoreEvent};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{json, value::RawValue};

use crate::{
    google_rtn_options::{Evidence, GoogleRtnOptions},
    report::{Failure, Report, Verdict, on_one_line},
};

/// What a notification means.
#[derive(Default, Serialize)]
pub(crate) struct Meaning {
    event: Option<StoreEvent>,
}

/// Judges the notification in `input`, or each one of those that were pulled together.
pub(crate) fn inspect(
    options: &GoogleRtnOptions,
    input: &[u8],
) -> Result<Vec<Report<Meaning>>, String> {
    if let Evidence::Authorization(authorization) = &options.evidence {
        let headers = [("authorization", authorization)];
        return Ok(vec![report(verifier(options)?.verify(headers, input))]);
    }
    let reader = NotificationReader::new(options.packages.iter().map(String::as_str))
        .map_err(|error| error.to_string())?;
    let messages = match messages(input) {
        Ok(messages) => messages,
        Err(failure) => return Ok(vec![report(Err(failure))]),
    };
    let reports = messages.iter().map(|message| {
        let mut report = report(reader.read(message));
        if matches!(options.evidence, Evidence::None) && report.is_verified() {
            report.content.event = None;
            let message = "nothing proves who sent it: pass on the push's --authorization, or say \
                           that it is --stored";
            let failure = Failure {
                check: "authorization",
                message: message.to_owned(),
            };
            report.fail(Verdict::Unavailable, failure);
        }
        report
    });
    Ok(reports.collect())
}

fn report(result: Result<VerifiedNotification, NotificationFailure>) -> Report<Meaning> {
    let mut report = Report::<Meaning>::new(Some("google_rtn"), None);
    match result {
        Ok(notification) => {
            report.set_payload(on_one_line(notification.json()));
            report.content.event = Some(notification.to_event());
        }
        Err(failure) => {
            let verdict = match failure.kind() {
                ErrorKind::Rejected(_) => Verdict::Rejected,
                _ => Verdict::Unavailable,
            };
            let (check, message) = (failure.check(), failure.to_string());
            report.fail(verdict, Failure { check, message });
        }
    }
    report
}

fn verifier(options: &GoogleRtnOptions) -> Result<NotificationVerifier, String> {
    let mut builder = NotificationVerifier::builder();
    for package in &options.packages {
        builder = builder.app(package.as_str());
    }
    for audience in &options.audiences {
        builder = builder.audience(audience);
    }
    for email in &options.service_accounts {
        builder = builder.service_account(email);
    }
    if let Some(file) = &options.keys {
        let named = |error: &dyn Display| format!("{}: {error}", file.display());
        let json = fs::read(file).map_err(|error| named(&error))?;
        builder = builder.keys(GoogleKeys::from_json(json).map_err(|error| named(&error))?);
    }
    if let Some(now) = options.now {
        builder = builder.clock(FixedClock::new(now));
    }
    builder.build().map_err(|error| error.to_string())
}

/// The messages in a text of whatever form: an answer of `subscriptions.pull`, which all are turned
/// into, the body of a push with a message in it, or the data itself, which has no id: its event gets
/// that of its content.
fn messages(input: &[u8]) -> Result<Vec<PulledMessage>, NotificationFailure> {
    let form: Form = serde_json::from_slice(input).unwrap_or_default();
    if form.received_messages.is_some() {
        return PulledMessage::from_pull_response(input);
    }
    let message = match form.message {
        Some(message) => message.get().to_owned(),
        None => json!({ "data": STANDARD.encode(input) }).to_string(),
    };
    let pulled = format!("{{\"receivedMessages\":[{{\"message\":{message}}}]}}");
    PulledMessage::from_pull_response(pulled)
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Form {
    received_messages: Option<IgnoredAny>,
    message: Option<Box<RawValue>>,
}
