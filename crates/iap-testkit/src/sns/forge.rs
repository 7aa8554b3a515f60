//! How each way of being wrong is made.

use core::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_core::Timestamp;
use rcgen::PublicKeyData;
use serde_json::{Value, json};

use super::{
    SnsForgery, SnsMessageBuilder, SnsSignatureVersion, SnsSigner,
    certificate::{KEY_ENCIPHERMENT, Leaf, WeakKey},
    fresh_url, sign,
};
use crate::key::{KeyKind, KeyPair};

impl SnsSigner {
    /// The body of `message`, wrong in the way of `forgery`.
    ///
    /// # Panics
    ///
    /// When `message` has no members that a change could be made to.
    #[must_use]
    pub fn forge(&self, forgery: SnsForgery, message: &SnsMessageBuilder) -> String {
        use SnsForgery as F;
        let with_certificate =
            |change: fn(Leaf) -> Leaf| self.with_certificate(message, change, &self.inner.key);
        match forgery {
            F::SignedByAnotherKey => {
                let text = message.string_to_sign();
                let signature = sign(self.other_key(), message.version(), &text);
                message.assemble(&signature, self.certificate_url())
            }
            F::AnotherCertificate => self.with_certificate(message, |leaf| leaf, self.other_key()),
            F::CertificateOfAnotherService => {
                with_certificate(|leaf| leaf.named(&["sqs.amazonaws.com"]))
            }
            F::CertificateOfSubdomain => {
                with_certificate(|leaf| leaf.named(&["evil.sns.amazonaws.com"]))
            }
            F::CertificateWithWildcard => with_certificate(|leaf| leaf.named(&["*.amazonaws.com"])),
            F::CertificateWithoutName => with_certificate(|leaf| leaf.named(&[])),
            F::CertificateExpired => {
                let at = sent_at(message);
                let validity = (at.saturating_sub(2 * DAY), at.saturating_sub(DAY));
                self.with_certificate(message, |leaf| Leaf { validity, ..leaf }, &self.inner.key)
            }
            F::CertificateNotYetValid => {
                let at = sent_at(message);
                let validity = (at.saturating_add(DAY), at.saturating_add(2 * DAY));
                self.with_certificate(message, |leaf| Leaf { validity, ..leaf }, &self.inner.key)
            }
            F::CertificateOfWeakKey => self.with_certificate(message, |leaf| leaf, &WeakKey::new()),
            F::CertificateOfEcKey => {
                let key = KeyPair::generate(KeyKind::P256WithSha256);
                self.with_certificate(message, |leaf| leaf, &key)
            }
            F::CertificateWithoutDigitalSignature => with_certificate(|leaf| Leaf {
                key_usage: KEY_ENCIPHERMENT,
                ..leaf
            }),

            F::SignatureOfAnotherMessage => {
                let other = message.clone().message_id("another");
                self.with_signature(message, |_| {
                    self.sign(message.version(), &other.string_to_sign())
                })
            }
            F::SignatureOfOtherHash => {
                let other = match message.version() {
                    SnsSignatureVersion::V1 => SnsSignatureVersion::V2,
                    SnsSignatureVersion::V2 => SnsSignatureVersion::V1,
                };
                self.with_signature(message, |_| self.sign(other, &message.string_to_sign()))
            }
            F::SignatureFlipped => self.with_signature_bytes(message, |bytes| bytes[100] ^= 1),
            F::SignatureTruncated => {
                self.with_signature_bytes(message, |bytes| bytes.truncate(255))
            }
            F::SignatureExtended => self.with_signature_bytes(message, |bytes| bytes.push(0)),
            F::SignatureEmpty => self.with_signature_bytes(message, Vec::clear),
            F::SignatureAllZero => self.with_signature_bytes(message, |bytes| bytes.fill(0)),
            F::SignatureMissing => self.changed(message, |body| body["Signature"] = Value::Null),
            F::SignatureInBase64Url => self.with_signature(message, |signature| {
                let text = signature.replace('+', "-").replace('/', "_");
                // One signature in 50,000 has no character that differs.
                if text == signature {
                    text.replacen('A', "-", 1)
                } else {
                    text
                }
            }),
            F::SignatureUnpadded => self.with_signature(message, |signature| {
                signature.trim_end_matches('=').to_owned()
            }),
            F::SignatureWithLineBreak => self.with_signature(message, |signature| {
                let (line, rest) = signature.split_at(64);
                format!("{line}\n{rest}")
            }),
            F::SignatureVersionUnknown => message.clone().set("SignatureVersion", "3").sign(self),
            F::SignatureVersionNumber => message.clone().set("SignatureVersion", 1).sign(self),
            F::SignatureVersionMissing => {
                self.changed(message, |body| body["SignatureVersion"] = Value::Null)
            }

            F::MessageChanged => self.appended(message, "Message", " "),
            F::MessageIdChanged => self.appended(message, "MessageId", "0"),
            F::TimestampChanged => {
                let later = sent_at(message).saturating_add(Duration::from_millis(1));
                self.changed(message, |body| body["Timestamp"] = later.to_string().into())
            }
            F::TypeChanged => {
                let other = match message.text("Type") {
                    Some("UnsubscribeConfirmation") => "SubscriptionConfirmation",
                    _ => "UnsubscribeConfirmation",
                };
                self.changed(message, |body| {
                    body["Type"] = other.into();
                    body["Token"] = "token".into();
                    body["SubscribeURL"] = "https://sns.us-east-1.amazonaws.com/".into();
                })
            }
            F::SubjectAdded => {
                let message = message.clone().without("Subject");
                self.changed(&message, |body| body["Subject"] = "added".into())
            }
            F::SubjectRemoved => {
                let message = message.clone().subject("to be removed");
                self.changed(&message, |body| body["Subject"] = Value::Null)
            }
            F::SubjectMovedIntoMessageId => {
                let message = message.clone().subject("moved");
                self.changed(&message, |body| {
                    let id = body["MessageId"].as_str().expect("a text");
                    body["MessageId"] = format!("{id}\nSubject\nmoved").into();
                    body["Subject"] = Value::Null;
                })
            }
            F::TopicChanged => {
                let topic = message.text("TopicArn").expect("a topic").to_owned();
                let foreign = message.clone().set("TopicArn", format!("{topic}-foreign"));
                self.changed(&foreign, |body| body["TopicArn"] = topic.into())
            }
            F::ForeignTopic => {
                let topic = message.text("TopicArn").expect("a topic");
                let foreign = format!("{topic}-foreign");
                message.clone().set("TopicArn", foreign).sign(self)
            }
            F::Replayed => {
                let before = sent_at(message).saturating_sub(DAY);
                message.clone().timestamp(before).sign(self)
            }

            F::UrlMissing => self.changed(message, |body| {
                for spelling in ["SigningCertURL", "SigningCertUrl"] {
                    body.as_object_mut().expect("an object").remove(spelling);
                }
            }),
            F::UrlPlainHttp => self.at(message, &self.certificate_url().replace("https:", "http:")),
            F::UrlOfForeignHost => self.on_host(message, "sns.us-east-1.amazonaws.com.example.com"),
            F::UrlOfBucket => self.on_host(message, "sns.us-east-1.s3.amazonaws.com"),
            F::UrlWithUserInfo => self.on_host(message, "sns.us-east-1.amazonaws.com@example.com"),
            F::UrlWithPort => self.on_host(message, "sns.us-east-1.amazonaws.com:8443"),
            F::UrlWithBackslash => {
                self.on_host(message, "example.com\\@sns.us-east-1.amazonaws.com")
            }
            F::UrlWithQuery => self.at(message, &format!("{}?a=b.pem", self.certificate_url())),
            F::UrlNotPem => self.at(message, &self.certificate_url().replace(".pem", ".txt")),
            F::UrlOfOtherRegion => self.on_host(message, "sns.eu-west-1.amazonaws.com"),

            F::NotJson => "not JSON".to_owned(),
            F::NotAnObject => format!("[{}]", message.sign(self)),
            F::DuplicateMember => self.with_another_member(message, "Message", "another"),
            F::DuplicateSpelling => {
                let body = self.with_another_member(message, "SigningCertUrl", &fresh_url());
                if body.matches("SigningCertURL").count() == 1 {
                    return body;
                }
                self.with_another_member(message, "SigningCertURL", &fresh_url())
            }
            F::TypeUnknown => message.clone().set("Type", "Notice").sign(self),
            F::MessageMissing => message.clone().without("Message").sign(self),
            F::MessageNotText => message.clone().set("Message", json!({})).sign(self),
            F::TimestampNotATime => message.clone().set("Timestamp", "yesterday").sign(self),
        }
    }

    /// The body with one change after it was signed.
    fn changed(&self, message: &SnsMessageBuilder, change: impl FnOnce(&mut Value)) -> String {
        let mut body = serde_json::from_str(&message.sign(self)).expect("a body is JSON");
        change(&mut body);
        body.to_string()
    }

    fn appended(&self, message: &SnsMessageBuilder, member: &str, text: &str) -> String {
        self.changed(message, |body| {
            let value = body[member].as_str().expect("a text");
            body[member] = format!("{value}{text}").into();
        })
    }

    /// The body with a member before all others, which JSON texts may have and objects here not.
    fn with_another_member(&self, message: &SnsMessageBuilder, member: &str, text: &str) -> String {
        let body = message.sign(self);
        let members = body.strip_prefix('{').expect("an object");
        format!("{{\"{member}\":{},{members}", json!(text))
    }

    fn with_signature(
        &self,
        message: &SnsMessageBuilder,
        change: impl FnOnce(&str) -> String,
    ) -> String {
        let signature = self.sign(message.version(), &message.string_to_sign());
        message.assemble(&change(&signature), self.certificate_url())
    }

    fn with_signature_bytes(
        &self,
        message: &SnsMessageBuilder,
        change: impl FnOnce(&mut Vec<u8>),
    ) -> String {
        self.with_signature(message, |signature| {
            let mut bytes = BASE64_STANDARD.decode(signature).expect("standard base64");
            change(&mut bytes);
            BASE64_STANDARD.encode(bytes)
        })
    }

    /// The body that names another certificate, which is published.
    fn with_certificate(
        &self,
        message: &SnsMessageBuilder,
        change: impl FnOnce(Leaf) -> Leaf,
        key: &impl PublicKeyData,
    ) -> String {
        let leaf = change(self.inner.leaf.clone());
        let url = self.publish(&self.inner.issuers.issue(&leaf, key));
        self.at(message, &url)
    }

    /// The body that names another address of the certificate.
    fn at(&self, message: &SnsMessageBuilder, url: &str) -> String {
        let signature = self.sign(message.version(), &message.string_to_sign());
        message.assemble(&signature, url)
    }

    fn on_host(&self, message: &SnsMessageBuilder, host: &str) -> String {
        let url = self.certificate_url();
        self.at(message, &url.replace("sns.us-east-1.amazonaws.com", host))
    }
}

impl Leaf {
    fn named(self, names: &[&'static str]) -> Self {
        Self {
            names: names.to_vec(),
            ..self
        }
    }
}

fn sent_at(message: &SnsMessageBuilder) -> Timestamp {
    let text = message.text("Timestamp").expect("a time");
    text.parse().expect("a time in RFC 3339")
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
