//! A Real-Time Notification of the Amazon Appstore: is it genuine, and what does it say?

use std::fs;

use iap::amazon::{NotificationVerifier, VerifiedMessage};
use iap::{Error, FixedClock, StoreEvent};
use serde::Serialize;
use serde_json::Value;

use crate::{
    amazon_rtn_options::AmazonRtnOptions,
    report::{Failure, Report, Verdict, on_one_line},
};

/// What a notification means.
#[derive(Default, Serialize)]
pub(crate) struct Meaning {
    event: Option<StoreEvent>,
}

/// Verifies one message with the certificate that is at hand.
pub(crate) fn inspect(options: &AmazonRtnOptions, body: &[u8]) -> Result<Report<Meaning>, String> {
    let verifier = verifier(options, body)?;
    let mut report = Report::<Meaning>::new(Some("amazon_rtn"), None);
    match verifier.verify(body) {
        Ok(VerifiedMessage::Notification(notification)) => {
            report.set_payload(on_one_line(notification.json().as_bytes()));
            report.content.event = Some(notification.to_event());
        }
        // Genuine, and about the subscription to the topic only.
        Ok(_) => {}
        Err(failure) => {
            let (check, message) = (failure.check(), failure.to_string());
            let verdict = match Error::from(failure).rejection() {
                Some(_) => Verdict::Rejected,
                None => Verdict::Unavailable,
            };
            report.fail(verdict, Failure { check, message });
        }
    }
    Ok(report)
}

fn verifier(options: &AmazonRtnOptions, body: &[u8]) -> Result<NotificationVerifier, String> {
    // Stored messages are old; a server refuses what is.
    let mut builder = NotificationVerifier::builder().any_age();
    for topic in &options.topics {
        let topic = topic.parse().map_err(|error| format!("{topic}: {error}"))?;
        builder = builder.topic(topic);
    }
    for package in &options.packages {
        builder = builder.app(package.as_str());
    }
    if let Some(now) = options.now {
        builder = builder.clock(FixedClock::new(now));
    }
    if let (Some(file), Some(url)) = (&options.certificate, certificate_url(body)) {
        let pem = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        builder = builder.certificate(url, pem);
    }
    builder.build().map_err(|error| error.to_string())
}

/// Where the message says its certificate is; it is not fetched, the file stands for it.
fn certificate_url(body: &[u8]) -> Option<String> {
    let message: Value = serde_json::from_slice(body).ok()?;
    let url = message.get("SigningCertURL");
    let url = url.or_else(|| message.get("SigningCertUrl"))?;
    Some(url.as_str()?.to_owned())
}
