//! What Amazon's notification service posts around a message, and which text of it is signed.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html>

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_core::{EventId, Secret, Timestamp, shorten};
use serde::Deserialize;

use super::{error::NotificationFailure, topic::TopicArn};
use crate::crypto::Hash;

/// An envelope that has been read. Nothing in it is proven.
pub(super) struct Envelope {
    pub(super) message_id: EventId,
    pub(super) topic: TopicArn,
    pub(super) message: String,
    pub(super) content: Content,
    pub(super) timestamp: Timestamp,
    /// The time as it was signed.
    timestamp_text: String,
    pub(super) hash: Hash,
    pub(super) signature: Vec<u8>,
    pub(super) signing_cert_url: String,
}

/// What only some types of messages have.
#[derive(Clone)]
pub(super) enum Content {
    Notification { subject: Option<String> },
    SubscriptionConfirmation(Subscription),
    UnsubscribeConfirmation(Subscription),
}

/// How to confirm a subscription.
#[derive(Clone)]
pub(super) struct Subscription {
    pub(super) token: Secret,
    pub(super) subscribe_url: Secret,
}

/// The signature versions that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AcceptedVersions {
    OneAndTwo,
    TwoOnly,
}

impl Envelope {
    /// Reads the body of a request.
    ///
    /// 1. It is not longer than what Amazon sends.
    /// 2. It is one JSON object. Each member that counts is there at most once, in the spelling of
    ///    HTTP or of Lambda, and is a text. Other members are not looked at: they are not signed.
    /// 3. The type is one of the three, and has its members.
    /// 4. The topic is one of `topics`.
    /// 5. No value but message and subject has control characters. The signed text separates values
    ///    by line breaks, so a value with a line break could take in its neighbour.
    /// 6. The version of the signature is an accepted one, the signature is strict standard base64
    ///    of the size of an RSA signature, and the time is one.
    pub(super) fn read(
        body: &[u8],
        topics: &[TopicArn],
        versions: AcceptedVersions,
    ) -> Result<Self, NotificationFailure> {
        // 1
        if body.len() > MAX_BODY_LENGTH {
            return Err(NotificationFailure::TooLong {
                found: body.len(),
                limit: MAX_BODY_LENGTH,
            });
        }
        // 2
        let members = Members::read(body)?;
        // 3
        let message_type = required("Type", members.message_type)?;
        let content = match message_type.as_str() {
            NOTIFICATION => Content::Notification {
                subject: members.subject,
            },
            SUBSCRIPTION_CONFIRMATION | UNSUBSCRIBE_CONFIRMATION => {
                let token = required("Token", members.token)?;
                let url = required("SubscribeURL", members.subscribe_url)?;
                check_text("Token", &token)?;
                check_text("SubscribeURL", &url)?;
                let subscription = Subscription {
                    token: Secret::new(token),
                    subscribe_url: Secret::new(url),
                };
                match message_type.as_str() {
                    SUBSCRIPTION_CONFIRMATION => Content::SubscriptionConfirmation(subscription),
                    _ => Content::UnsubscribeConfirmation(subscription),
                }
            }
            _ => {
                return Err(NotificationFailure::Type {
                    found: shorten(&message_type),
                });
            }
        };
        let topic_arn = required("TopicArn", members.topic_arn)?;
        let message_id = required("MessageId", members.message_id)?;
        let message = required("Message", members.message)?;
        let timestamp_text = required("Timestamp", members.timestamp)?;
        let version = required("SignatureVersion", members.signature_version)?;
        let signature = required("Signature", members.signature)?;
        let signing_cert_url = required("SigningCertURL", members.signing_cert_url)?;
        // 4
        let Some(topic) = topics.iter().find(|topic| topic.as_str() == topic_arn) else {
            return Err(NotificationFailure::Topic {
                expected: topics.iter().map(ToString::to_string).collect(),
                found: shorten(&topic_arn),
            });
        };
        // 5
        check_text("MessageId", &message_id)?;
        check_text("Timestamp", &timestamp_text)?;
        // 6
        let hash = match (version.as_str(), versions) {
            ("1", AcceptedVersions::OneAndTwo) => Hash::Sha1,
            ("1", AcceptedVersions::TwoOnly) => {
                return Err(NotificationFailure::SignatureVersionForbidden);
            }
            ("2", _) => Hash::Sha256,
            _ => {
                return Err(NotificationFailure::SignatureVersion {
                    found: shorten(&version),
                });
            }
        };
        let signature = decode_signature(&signature)?;
        let timestamp = timestamp_text
            .parse()
            .map_err(|_| NotificationFailure::Timestamp {
                found: shorten(&timestamp_text),
            })?;
        Ok(Self {
            message_id: EventId::new(message_id),
            topic: topic.clone(),
            message,
            content,
            timestamp,
            timestamp_text,
            hash,
            signature,
            signing_cert_url,
        })
    }

    /// The text that is signed: each signed member of the type by name and value, on a line each.
    ///
    /// Which members those are follows from the type, never from what is there.
    ///
    /// <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html>
    pub(super) fn string_to_sign(&self) -> String {
        let topic = self.topic.as_str();
        let timestamp = self.timestamp_text.as_str();
        let mut text = String::with_capacity(self.message.len().saturating_add(STRING_OVERHEAD));
        let mut add = |member: &str, value: &str| {
            for part in [member, "\n", value, "\n"] {
                text.push_str(part);
            }
        };
        add("Message", &self.message);
        add("MessageId", self.message_id.as_str());
        let message_type = match &self.content {
            Content::Notification { subject } => {
                if let Some(subject) = subject {
                    add("Subject", subject);
                }
                add("Timestamp", timestamp);
                NOTIFICATION
            }
            Content::SubscriptionConfirmation(subscription)
            | Content::UnsubscribeConfirmation(subscription) => {
                add("SubscribeURL", subscription.subscribe_url.expose());
                add("Timestamp", timestamp);
                add("Token", subscription.token.expose());
                match &self.content {
                    Content::SubscriptionConfirmation(_) => SUBSCRIPTION_CONFIRMATION,
                    _ => UNSUBSCRIBE_CONFIRMATION,
                }
            }
        };
        add("TopicArn", topic);
        add("Type", message_type);
        text
    }
}

/// The members that count, in either spelling. A `null` is as good as nothing.
#[derive(Deserialize)]
struct Members {
    #[serde(rename = "Type")]
    message_type: Option<String>,
    #[serde(rename = "MessageId")]
    message_id: Option<String>,
    #[serde(rename = "TopicArn")]
    topic_arn: Option<String>,
    #[serde(rename = "Subject")]
    subject: Option<String>,
    #[serde(rename = "Message")]
    message: Option<String>,
    #[serde(rename = "Timestamp")]
    timestamp: Option<String>,
    #[serde(rename = "SignatureVersion")]
    signature_version: Option<String>,
    #[serde(rename = "Signature")]
    signature: Option<String>,
    #[serde(rename = "SigningCertURL", alias = "SigningCertUrl")]
    signing_cert_url: Option<String>,
    #[serde(rename = "SubscribeURL", alias = "SubscribeUrl")]
    subscribe_url: Option<String>,
    #[serde(rename = "Token")]
    token: Option<String>,
}

impl Members {
    fn read(body: &[u8]) -> Result<Self, NotificationFailure> {
        let unreadable = |reason: String| NotificationFailure::Envelope { reason };
        // serde would read a list as the members of an envelope in their order.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(unreadable("not a JSON object".to_owned()));
        }
        // Duplicates are refused by serde: parsers differ in which one they take.
        serde_json::from_slice(body).map_err(|error| unreadable(shorten(&error)))
    }
}

fn required(member: &'static str, value: Option<String>) -> Result<String, NotificationFailure> {
    value
        .filter(|value| !value.is_empty())
        .ok_or(NotificationFailure::MissingMember { member })
}

fn check_text(member: &'static str, text: &str) -> Result<(), NotificationFailure> {
    if text.len() > MAX_TEXT_LENGTH || text.chars().any(char::is_control) {
        return Err(NotificationFailure::Text { member });
    }
    Ok(())
}

fn decode_signature(text: &str) -> Result<Vec<u8>, NotificationFailure> {
    let wrong = |reason: String| NotificationFailure::SignatureEncoding { reason };
    if text.len() > MAX_SIGNATURE_TEXT {
        return Err(wrong(format!("{} characters", text.len())));
    }
    let signature = STANDARD
        .decode(text)
        .map_err(|error| wrong(error.to_string()))?;
    if !(MIN_SIGNATURE..=MAX_SIGNATURE).contains(&signature.len()) {
        return Err(wrong(format!("{} bytes", signature.len())));
    }
    Ok(signature)
}

const NOTIFICATION: &str = "Notification";
const SUBSCRIPTION_CONFIRMATION: &str = "SubscriptionConfirmation";
const UNSUBSCRIBE_CONFIRMATION: &str = "UnsubscribeConfirmation";

/// The longest message that SNS takes has 256 KiB; a notification of the Appstore with its envelope
/// has 2 kB. Anything above is refused before any work.
pub(super) const MAX_BODY_LENGTH: usize = 256 * 1024;

/// Ids have 36 characters, tokens 300, addresses with a token 500.
const MAX_TEXT_LENGTH: usize = 2048;

/// RSA keys have 2048 to 8192 bits, and signatures are as long as their key.
const MIN_SIGNATURE: usize = 2048 / 8;
const MAX_SIGNATURE: usize = 8192 / 8;

/// `MAX_SIGNATURE` bytes in base64.
const MAX_SIGNATURE_TEXT: usize = MAX_SIGNATURE.div_ceil(3) * 4;

/// What a notification adds to its message in the signed text.
const STRING_OVERHEAD: usize = 256;
