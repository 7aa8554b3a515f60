//! Messages really signed by Amazon's notification service verify, and nothing near them does; and
//! Amazon's published samples of notifications decode, or fail for what is wrong with them.

use core::{fmt, time::Duration};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use iap::core::{
    EventKind, FixedClock, PurchaseKey, Timestamp,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};
use iap_amazon::{
    CertificateDates, CertificateFetcher, MessageType, NotificationFailure, NotificationVerifier,
    NotificationVerifierBuilder, OnlineNotificationVerifier, VerifiedMessage, VerifiedNotification,
};
use iap_testkit::{SnsMessageBuilder, SnsSignatureVersion, SnsSigner};
use serde_json::Value;

use crate::spec;

/// The messages that Amazon signed. Their text is "Hello world": what they prove is the envelope.
const SIGNED: [&str; 4] = [
    "v1-no-subject.json",
    "v1-with-subject.json",
    "v2-no-subject.json",
    "v2-with-subject.json",
];

/// The signed members of a notification.
const SIGNED_MEMBERS: [&str; 6] = [
    "Message",
    "MessageId",
    "Subject",
    "Timestamp",
    "TopicArn",
    "Type",
];

fn signed(name: &str) -> String {
    spec::text(&format!("amazon/examples/sns-signed/{name}"))
}

fn certificate() -> String {
    signed("signing-cert.pem")
}

fn sample(name: &str) -> String {
    spec::text(&format!("amazon/examples/rtn/{name}"))
}

fn member(body: &str, name: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    body[name].as_str().unwrap().to_owned()
}

fn changed(body: &str, name: &str, value: impl Into<Value>) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap();
    body[name] = value.into();
    body.to_string()
}

/// Accepts the topic of `body`, however old it is.
fn builder(body: &str) -> NotificationVerifierBuilder {
    NotificationVerifier::builder()
        .topic(member(body, "TopicArn").parse().unwrap())
        .app("com.example.app")
        .any_age()
}

fn verifier(body: &str) -> NotificationVerifier {
    builder(body)
        .certificate(member(body, "SigningCertURL"), certificate())
        .build()
        .unwrap()
}

/// Answers every address with the certificate, and records who asked.
struct Recording {
    certificate: String,
    requests: Mutex<Vec<String>>,
}

impl Recording {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            certificate: certificate(),
            requests: Mutex::default(),
        })
    }

    fn verifier(self: &Arc<Self>, body: &str) -> OnlineNotificationVerifier {
        let transport: Arc<Self> = Arc::clone(self);
        OnlineNotificationVerifier::new(
            builder(body).build().unwrap(),
            CertificateFetcher::builder(transport).build(),
        )
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

#[async_trait]
impl HttpTransport for Recording {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        self.requests
            .lock()
            .unwrap()
            .push(request.uri().to_string());
        Ok(HttpResponse::new(Bytes::from(self.certificate.clone())))
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recording")
    }
}

#[tokio::test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
async fn every_message_signed_by_amazon_verifies_offline_and_with_the_certificate_fetched() {
    for name in SIGNED {
        let body = signed(name);
        let envelope = verifier(&body).verify_envelope(&body).unwrap();
        assert_eq!(envelope.message_type(), MessageType::Notification);
        assert_eq!(envelope.message(), "Hello world");
        assert_eq!(
            envelope.message_id().as_str(),
            member(&body, "MessageId"),
            "{name}"
        );
        assert_eq!(envelope.topic().as_str(), member(&body, "TopicArn"));
        assert_eq!(
            envelope.signed_at().to_string(),
            member(&body, "Timestamp"),
            "{name}"
        );
        let subject = name.contains("with-subject").then_some("Hello world");
        assert_eq!(envelope.subject(), subject, "{name}");

        let network = Recording::new();
        let online = network.verifier(&body);
        for _ in 0..3 {
            online.verify_envelope(&body).await.unwrap();
        }
        assert_eq!(network.requests(), [member(&body, "SigningCertURL")]);
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
fn a_genuine_message_that_is_no_notification_of_the_appstore_is_none() {
    for name in SIGNED {
        let body = signed(name);
        let failure = verifier(&body).verify(&body).unwrap_err();
        assert_eq!(failure.check(), "message", "{name}");
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
fn no_signed_member_of_a_message_can_be_changed_added_or_left_out() {
    for name in SIGNED {
        let body = signed(name);
        let verifier = verifier(&body);
        for member_name in SIGNED_MEMBERS {
            let is_there = serde_json::from_str::<Value>(&body).unwrap()[member_name].is_string();
            let mut changes: Vec<Value> = vec!["".into(), "another".into(), "Hello world ".into()];
            if is_there {
                let value = member(&body, member_name);
                changes.extend([
                    Value::Null,
                    format!("{value} ").into(),
                    format!("{value}\n").into(),
                    value.to_uppercase().into(),
                    value.replacen(|c: char| c.is_ascii_digit(), "x", 1).into(),
                ]);
                changes.retain(|change| *change != value);
            }
            for change in changes {
                let forged = changed(&body, member_name, change.clone());
                let verdict = verifier.verify_envelope(&forged).map(drop);
                let failure = verdict.expect_err(&format!("{name}: {member_name} = {change}"));
                // Where nothing else is wrong, it is the signature that tells.
                if matches!(member_name, "Message" | "Subject") && change != "" {
                    let expected = match (member_name, &change) {
                        ("Message", Value::Null) => "missing_member",
                        _ => "signature",
                    };
                    assert_eq!(failure.check(), expected, "{name}: {member_name} {change}");
                }
                assert!(!failure.is_retryable(), "{failure}");
            }
        }
        let later = member(&body, "Timestamp").replace("2022", "2023");
        for (member_name, value) in [
            ("Timestamp", later.as_str()),
            ("MessageId", "00000000-0000-0000-0000-000000000000"),
        ] {
            let forged = changed(&body, member_name, value);
            let failure = verifier.verify_envelope(forged).unwrap_err();
            let expected = match member_name {
                // The certificate did not live that long.
                "Timestamp" => "certificate_expired",
                _ => "signature",
            };
            assert_eq!(failure.check(), expected, "{name}");
        }
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
fn no_message_signed_by_amazon_says_something_else_with_one_bit_flipped() {
    for name in SIGNED {
        let body = signed(name);
        let verifier = verifier(&body);
        let mut bytes = body.clone().into_bytes();
        for position in 0..bytes.len() {
            let bit = 1 << (position % 8);
            bytes[position] ^= bit;
            if let Ok(envelope) = verifier.verify_envelope(&bytes) {
                let what_is_said = [
                    envelope.message().to_owned(),
                    envelope.message_id().to_string(),
                    envelope.topic().to_string(),
                    envelope.signed_at().to_string(),
                    envelope.subject().unwrap_or_default().to_owned(),
                ];
                let subject = match name.contains("with-subject") {
                    true => "Hello world".to_owned(),
                    false => String::new(),
                };
                let honest = ["Message", "MessageId", "TopicArn", "Timestamp"]
                    .map(|name| member(&body, name));
                assert_eq!(what_is_said[..4], honest, "{name}: {position}");
                assert_eq!(what_is_said[4], subject, "{name}: {position}");
            }
            bytes[position] ^= bit;
        }
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
fn the_rules_about_age_dates_versions_and_paths_hold_for_real_messages() {
    let strangers_root = SnsSigner::new().root_pem();
    for name in SIGNED {
        let body = signed(name);
        let check = |change: fn(NotificationVerifierBuilder) -> NotificationVerifierBuilder| {
            let builder =
                change(builder(&body)).certificate(member(&body, "SigningCertURL"), certificate());
            let verdict = builder.build().unwrap().verify_envelope(&body);
            verdict
                .map(drop)
                .map_err(|failure| failure.check().to_owned())
        };
        let too_old = check(|builder| builder.max_age(Duration::from_secs(60 * 60)));
        assert_eq!(too_old, Err("signed_too_long_ago".to_owned()), "{name}");
        let when_fresh = check(|builder| {
            let then: Timestamp = "2022-07-28T22:55:00Z".parse().unwrap();
            builder
                .max_age(Duration::from_secs(2 * 60 * 60))
                .clock(FixedClock::new(then))
        });
        assert_eq!(when_fresh, Ok(()), "{name}");
        let expired =
            check(|builder| builder.certificate_dates(CertificateDates::WhenSignedAndNow));
        assert_eq!(expired, Err("certificate_expired".to_owned()), "{name}");
        let version_2 = check(NotificationVerifierBuilder::refuse_signature_version_1);
        let expected = match name.starts_with("v1") {
            true => Err("signature_version_forbidden".to_owned()),
            false => Ok(()),
        };
        assert_eq!(version_2, expected, "{name}");

        let verifier = builder(&body)
            .certificate(member(&body, "SigningCertURL"), certificate())
            .trust_anchor(strangers_root.clone())
            .build()
            .unwrap();
        let failure = verifier.verify_envelope(&body).unwrap_err();
        assert_eq!(failure.check(), "certificate_path", "{name}");
    }
}

#[tokio::test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
async fn no_request_leaves_for_a_foreign_topic_or_another_address() {
    for name in SIGNED {
        let body = signed(name);
        let network = Recording::new();
        let foreign = NotificationVerifier::builder()
            .topic("arn:aws:sns:us-east-2:123456789012:Mine".parse().unwrap())
            .app("com.example.app")
            .any_age()
            .build()
            .unwrap();
        let transport: Arc<Recording> = Arc::clone(&network);
        let foreign = OnlineNotificationVerifier::new(
            foreign,
            CertificateFetcher::builder(transport).build(),
        );
        let failure = foreign.verify_envelope(&body).await.unwrap_err();
        assert_eq!(failure.check(), "topic", "{name}");

        let online = network.verifier(&body);
        let url = member(&body, "SigningCertURL");
        for (from, to) in [
            ("https://", "http://"),
            (
                "sns.us-east-2.amazonaws.com",
                "sns.us-east-2.amazonaws.com.example.com",
            ),
            ("sns.us-east-2.amazonaws.com", "sns.us-east-1.amazonaws.com"),
            (
                "sns.us-east-2.amazonaws.com",
                "sns.us-east-2.s3.amazonaws.com",
            ),
            ("sns.us-east-2.amazonaws.com", "s3.us-east-2.amazonaws.com"),
            ("https://", "https://sns.us-east-2.amazonaws.com@"),
            (".pem", ".pem?x=.pem"),
            (".pem", ".txt"),
        ] {
            let trick = url.replace(from, to);
            assert_ne!(trick, url);
            let forged = changed(&body, "SigningCertURL", trick);
            let failure = online.verify_envelope(forged).await.unwrap_err();
            assert_eq!(failure.check(), "certificate_url", "{name}: {to}");
        }
        assert!(network.requests().is_empty(), "{name}");
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no message signed by Amazon at hand"
)]
fn another_key_does_not_verify_what_amazon_signed() {
    let other = SnsSigner::valid(
        "2020-01-01T00:00:00Z".parse().unwrap(),
        "2030-01-01T00:00:00Z".parse().unwrap(),
    );
    for name in SIGNED {
        let body = signed(name);
        let verifier = builder(&body)
            .certificate(member(&body, "SigningCertURL"), other.certificate_pem())
            .build()
            .unwrap();
        let failure = verifier.verify_envelope(&body).unwrap_err();
        assert_eq!(failure, NotificationFailure::Signature, "{name}");
    }
}

/// What the verifier makes of a published message, once it is signed (by us, since Amazon published
/// no signature of any).
fn signed_by_us(message: &str) -> Result<VerifiedNotification, NotificationFailure> {
    let signer = SnsSigner::new();
    let topic = "arn:aws:sns:us-east-1:033616359524:LT0XA";
    let verifier = NotificationVerifier::builder()
        .topic(topic.parse().unwrap())
        .app("com.example.amazonsdkapivalidator3")
        .app("com.playrix.gardenscapes.amazon")
        .certificate(signer.certificate_url(), signer.certificate_pem())
        .build()
        .unwrap();
    let body = SnsMessageBuilder::notification(topic, message)
        .signature_version(SnsSignatureVersion::V2)
        .sign(&signer);
    match verifier.verify(body)? {
        VerifiedMessage::Notification(notification) => Ok(notification),
        other => panic!("{other:?}"),
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no samples of Amazon at hand"
)]
fn every_published_notification_decodes_and_means_what_amazon_says() {
    let bought = [
        sample("message-subscription-purchased.json"),
        member(&sample("envelope-subscription-purchased.json"), "Message"),
    ];
    for message in bought {
        let event = signed_by_us(&message).unwrap().to_event();
        assert_eq!(event.kind, EventKind::Subscribed);
        assert_eq!(
            event.key,
            Some(PurchaseKey::amazon(
                "koxIn_LO2u7rc-_MF40hKz1vqSSJSlitfTNDeH_JAs8=:3:11"
            ))
        );
        assert_eq!(
            event.user_id.unwrap(),
            "io9oFdzmCSMuKk_pp9pYccoIHRfc6kSAAYaNo51xZrg="
        );
        assert_eq!(event.app_id.unwrap(), "com.example.amazonsdkapivalidator3");
        assert_eq!(event.occurred_at.as_millis(), 1_600_701_569_824);
        assert_eq!(event.replaces, None);
    }
    let modified = [
        sample("message-subscription-modified-immediate.repaired.json"),
        member(
            &sample("envelope-subscription-modified-immediate.repaired.json"),
            "Message",
        ),
    ];
    for message in modified {
        let notification = signed_by_us(&message).unwrap();
        assert_eq!(notification.beta_product_transaction, Some(false));
        let event = notification.to_event();
        assert_eq!(event.kind, EventKind::ProductChanged);
        assert_eq!(
            event.key,
            Some(PurchaseKey::amazon(
                "R4TWNm8Uspo4Ujio51B5_7xBnRFzr4B2k9Bv48_7mRY=:3:11"
            ))
        );
        assert_eq!(
            event.replaces,
            Some(PurchaseKey::amazon(
                "IgThFebRSngPTn9JntrLMby52NqMjyMMQnrUFlczwV0=:3:11"
            ))
        );
    }
    let consumable = signed_by_us(&sample("message-consumable-purchased.repaired.json"));
    let event = consumable.unwrap().to_event();
    assert_eq!(event.kind, EventKind::OneTimePurchased);
    assert_eq!(event.app_id.unwrap(), "com.playrix.gardenscapes.amazon");
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no samples of Amazon at hand"
)]
fn a_published_message_with_debris_in_it_is_refused_however_it_is_wrapped() {
    let debris = [
        sample("message-consumable-purchased.malformed.txt"),
        member(
            &sample("envelope-consumable-purchased-malformed-message.json"),
            "Message",
        ),
    ];
    for message in debris {
        let failure = signed_by_us(&message).unwrap_err();
        assert_eq!(failure.check(), "message", "{failure}");
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no samples of Amazon at hand"
)]
fn every_published_envelope_is_refused_for_what_it_lacks() {
    let verifier = NotificationVerifier::builder()
        .topic("arn:aws:sns:us-east-1:033616359524:LT0XA".parse().unwrap())
        .topic(
            "arn:aws:sns:us-east-1:033616359524:MyTopic"
                .parse()
                .unwrap(),
        )
        .topic(
            "arn:aws:sns:us-west-2:123456789012:MyTopic"
                .parse()
                .unwrap(),
        )
        .app("com.example.amazonsdkapivalidator3")
        .any_age()
        .build()
        .unwrap();
    for (name, check) in [
        // A placeholder stands for the signature.
        ("envelope-subscription-purchased.json", "signature_encoding"),
        (
            "envelope-subscription-confirmation.json",
            "signature_encoding",
        ),
        // Cut off after some members.
        (
            "envelope-consumable-purchased-malformed-message.json",
            "missing_member",
        ),
        (
            "envelope-subscription-modified-immediate.repaired.json",
            "missing_member",
        ),
        // Its inner quotes are not escaped.
        (
            "envelope-subscription-modified-immediate.malformed.txt",
            "envelope",
        ),
    ] {
        let failure = verifier.verify(sample(name)).unwrap_err();
        assert_eq!(failure.check(), check, "{name}: {failure}");
    }
}
