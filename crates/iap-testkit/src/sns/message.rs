//! What SNS posts around a message: the envelope, and which of its members are signed in which order.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html>

use iap_core::Timestamp;
use serde_json::{Map, Value, json};

use super::SnsSigner;
use crate::system;

/// Builds the body that SNS posts: an envelope of any type around any message.
///
/// ```
/// use iap_testkit::{SnsMessageBuilder, SnsSigner};
///
/// let signer = SnsSigner::new();
/// let confirmation =
///     SnsMessageBuilder::subscription_confirmation("arn:aws:sns:us-east-1:123456789012:Example")
///         .token("2336412f37f")
///         .sign(&signer);
/// # assert!(confirmation.contains("SubscriptionConfirmation"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `sign` is called"]
pub struct SnsMessageBuilder {
    members: Map<String, Value>,
    version: SnsSignatureVersion,
    spelling: SnsSpelling,
}

/// How a message is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SnsSignatureVersion {
    /// `1`: with SHA-1, what topics use unless their owner changes it. Slower to make here than V2.
    #[default]
    V1,
    /// `2`: with SHA-256.
    V2,
}

/// How three members are spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SnsSpelling {
    /// As in what is posted: `SigningCertURL`.
    #[default]
    Http,
    /// As in the records that AWS Lambda gets: `SigningCertUrl`, and `Subject` is there as `null`.
    Lambda,
}

impl SnsMessageBuilder {
    /// A notification that carries `message`, whatever that is.
    pub fn notification(topic_arn: &str, message: &str) -> Self {
        Self::new("Notification", topic_arn, message)
    }

    /// The first message of a topic: it asks to confirm the subscription.
    pub fn subscription_confirmation(topic_arn: &str) -> Self {
        let message = format!(
            "You have chosen to subscribe to the topic {topic_arn}.\nTo confirm the subscription, \
             visit the SubscribeURL included in this message."
        );
        Self::new("SubscriptionConfirmation", topic_arn, &message).token(&fresh_token())
    }

    /// The last message of a topic: the endpoint has been unsubscribed.
    pub fn unsubscribe_confirmation(topic_arn: &str) -> Self {
        let message = format!(
            "You have chosen to deactivate subscription {topic_arn}:{}.\nTo cancel this operation \
             and restore the subscription, visit the SubscribeURL included in this message.",
            system::uuid()
        );
        Self::new("UnsubscribeConfirmation", topic_arn, &message).token(&fresh_token())
    }

    fn new(message_type: &str, topic_arn: &str, message: &str) -> Self {
        let Value::Object(members) = json!({
            "Type": message_type,
            "MessageId": system::uuid(),
            "TopicArn": topic_arn,
            "Message": message,
            "Timestamp": system::now().to_string(),
        }) else {
            unreachable!("an object was written");
        };
        Self {
            members,
            version: SnsSignatureVersion::default(),
            spelling: SnsSpelling::default(),
        }
    }

    /// When SNS got the message. Default: when the builder was made.
    pub fn timestamp(self, at: Timestamp) -> Self {
        self.set("Timestamp", at.to_string())
    }

    /// The id of the message. Default: a fresh UUID.
    pub fn message_id(self, id: &str) -> Self {
        self.set("MessageId", id)
    }

    /// A subject. Default: none.
    pub fn subject(self, subject: &str) -> Self {
        self.set("Subject", subject)
    }

    /// The token that confirms, in `Token` and in `SubscribeURL`. Default: fresh.
    pub fn token(self, token: &str) -> Self {
        let topic_arn = self.text("TopicArn").unwrap_or_default().to_owned();
        let region = topic_arn.split(':').nth(3).unwrap_or("us-east-1");
        let url = format!(
            "https://sns.{region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn={topic_arn}\
             &Token={token}"
        );
        self.set("Token", token).set("SubscribeURL", url)
    }

    /// How the message is signed. Default: [`SnsSignatureVersion::V1`].
    pub const fn signature_version(mut self, version: SnsSignatureVersion) -> Self {
        self.version = version;
        self
    }

    /// How members are spelled. Default: [`SnsSpelling::Http`].
    pub const fn spelling(mut self, spelling: SnsSpelling) -> Self {
        self.spelling = spelling;
        self
    }

    /// Sets any member, by SNS's name, before it is signed.
    pub fn set(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// Leaves a member out, by SNS's name, before it is signed.
    pub fn without(mut self, member: &str) -> Self {
        self.members.remove(member);
        self
    }

    /// The body, signed.
    #[must_use]
    pub fn sign(&self, signer: &SnsSigner) -> String {
        let signature = signer.sign(self.version, &self.string_to_sign());
        self.assemble(&signature, signer.certificate_url())
    }

    /// The body with a signature from elsewhere.
    pub(super) fn assemble(&self, signature: &str, certificate_url: &str) -> String {
        let mut members = self.members.clone();
        let version = match self.version {
            SnsSignatureVersion::V1 => "1",
            SnsSignatureVersion::V2 => "2",
        };
        let mut add = |member: &str, value: &str| {
            // What was set is right, even if it is wrong.
            members
                .entry(member)
                .or_insert_with(|| Value::from(value.to_owned()));
        };
        add("SignatureVersion", version);
        add("Signature", signature);
        add("SigningCertURL", certificate_url);
        let is_notification = self.text("Type") == Some("Notification");
        if is_notification {
            let topic_arn = self.text("TopicArn").unwrap_or_default();
            let url = format!(
                "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={topic_arn}:{}",
                system::uuid()
            );
            add("UnsubscribeURL", &url);
        }
        if self.spelling == SnsSpelling::Lambda {
            for (http, lambda) in LAMBDA_SPELLINGS {
                if let Some(value) = members.remove(http) {
                    members.insert(lambda.to_owned(), value);
                }
            }
            if is_notification {
                members.entry("Subject").or_insert(Value::Null);
            }
        }
        Value::Object(members).to_string()
    }

    /// The text that is signed: each member of the type's list that is there, by name and value on a
    /// line each.
    pub(super) fn string_to_sign(&self) -> String {
        let signed: &[&str] = match self.text("Type") {
            Some("SubscriptionConfirmation" | "UnsubscribeConfirmation") => &[
                "Message",
                "MessageId",
                "SubscribeURL",
                "Timestamp",
                "Token",
                "TopicArn",
                "Type",
            ],
            _ => &[
                "Message",
                "MessageId",
                "Subject",
                "Timestamp",
                "TopicArn",
                "Type",
            ],
        };
        signed
            .iter()
            .filter_map(|member| Some(format!("{member}\n{}\n", self.text(member)?)))
            .collect()
    }

    pub(super) fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member)?.as_str()
    }

    pub(super) const fn version(&self) -> SnsSignatureVersion {
        self.version
    }
}

/// A token as long as SNS's.
fn fresh_token() -> String {
    (0..10)
        .map(|_| format!("{:032x}", u128::from_be_bytes(system::bytes::<16>())))
        .collect()
}

const LAMBDA_SPELLINGS: [(&str, &str); 3] = [
    ("SigningCertURL", "SigningCertUrl"),
    ("SubscribeURL", "SubscribeUrl"),
    ("UnsubscribeURL", "UnsubscribeUrl"),
];
