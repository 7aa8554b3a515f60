//! What must be in a body, what is signed of it, and what is not.

use iap_core::Rejection;
use iap_testkit::{SnsMessageBuilder, SnsSignatureVersion, SnsSpelling};
use serde_json::{Value, json};

use super::{SIGNER, TOPIC, changed, failure, message, of_now, verifier, with_certificate};
use crate::notification::{MessageType, NotificationFailure, envelope::MAX_BODY_LENGTH};

/// One message of each type, and what is signed of it.
fn messages() -> [(SnsMessageBuilder, MessageType, &'static [&'static str]); 3] {
    const CONFIRMATION: &[&str] = &[
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ];
    [
        (
            message().subject("a subject"),
            MessageType::Notification,
            &[
                "Message",
                "MessageId",
                "Subject",
                "Timestamp",
                "TopicArn",
                "Type",
            ],
        ),
        (
            of_now(SnsMessageBuilder::subscription_confirmation(TOPIC)),
            MessageType::SubscriptionConfirmation,
            CONFIRMATION,
        ),
        (
            of_now(SnsMessageBuilder::unsubscribe_confirmation(TOPIC)),
            MessageType::UnsubscribeConfirmation,
            CONFIRMATION,
        ),
    ]
}

#[test]
fn every_type_verifies_in_both_versions_and_both_spellings() {
    for (message, message_type, _) in messages() {
        for version in [SnsSignatureVersion::V1, SnsSignatureVersion::V2] {
            for spelling in [SnsSpelling::Http, SnsSpelling::Lambda] {
                let message = message.clone().signature_version(version);
                let body = message.spelling(spelling).sign(&SIGNER);
                let verified = verifier().verify(&body).unwrap();
                let envelope = verified.envelope();
                assert_eq!(envelope.message_type(), message_type);
                assert_eq!(envelope.topic().as_str(), TOPIC);
                assert_eq!(envelope.signed_at(), super::now());
                assert_eq!(verified.endpoint_answer().http_status(), 200);
            }
        }
    }
}

#[test]
fn no_signed_member_can_be_changed_by_a_character() {
    for (message, message_type, members) in messages() {
        let body = message.sign(&SIGNER);
        for member in members {
            let value = serde_json::from_str::<Value>(&body).unwrap()[member]
                .as_str()
                .unwrap()
                .to_owned();
            for altered in [format!("{value}0"), format!("0{value}"), String::new()] {
                let forged = changed(&body, |body| body[member] = altered.into());
                let failure = failure(forged);
                assert!(
                    failure.kind() != iap_core::ErrorKind::Unavailable,
                    "{message_type:?} {member}: {failure}"
                );
            }
        }
        // In a way that passes every other check.
        for (member, altered) in [
            ("Message", "another"),
            ("MessageId", "another"),
            ("Timestamp", "2026-06-01T12:00:00.001Z"),
        ] {
            let forged = changed(&body, |body| body[member] = altered.into());
            assert_eq!(failure(forged), NotificationFailure::Signature, "{member}");
        }
    }
}

#[test]
fn a_message_of_one_type_is_none_of_another() {
    for (message, message_type, _) in messages() {
        let body = message.sign(&SIGNER);
        for other in [
            "Notification",
            "SubscriptionConfirmation",
            "UnsubscribeConfirmation",
        ] {
            let forged = changed(&body, |body| {
                body["Type"] = other.into();
                for (member, value) in [("Token", "t"), ("SubscribeURL", "u")] {
                    body.as_object_mut()
                        .unwrap()
                        .entry(member)
                        .or_insert_with(|| value.into());
                }
            });
            let is_same = format!("{message_type:?}") == other;
            let verdict = verifier().verify_envelope(&forged).map(drop);
            let expected = match is_same {
                true => Ok(()),
                false => Err(NotificationFailure::Signature),
            };
            assert_eq!(verdict, expected, "{message_type:?} as {other}");
        }
    }
}

#[test]
fn what_is_not_signed_is_not_believed_and_does_not_disturb() {
    let body = message().sign(&SIGNER);
    let changed = changed(&body, |body| {
        body["UnsubscribeURL"] = "https://example.com/".into();
        body["Token"] = "a token".into();
        body["Added"] = json!({ "tomorrow": [1, 2, 3] });
    });
    let verified = verifier().verify_envelope(&changed).unwrap();
    let honest = verifier().verify_envelope(&body).unwrap();
    assert_eq!(verified.message(), honest.message());
    assert!(!format!("{verified:?}").contains("a token"));
}

#[test]
fn a_subject_that_is_null_is_no_subject() {
    let body = message().sign(&SIGNER);
    let with_null = changed(&body, |body| body["Subject"] = Value::Null);
    let verified = verifier().verify_envelope(with_null).unwrap();
    assert_eq!(verified.subject(), None);
    let body = message().subject("of this").sign(&SIGNER);
    let verified = verifier().verify_envelope(body).unwrap();
    assert_eq!(verified.subject(), Some("of this"));
}

#[test]
fn every_member_of_a_type_must_be_there_as_a_text() {
    const ALL: [&str; 8] = [
        "Type",
        "MessageId",
        "TopicArn",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL",
    ];
    for (message, message_type, _) in messages() {
        let body = message.sign(&SIGNER);
        let members: &[&str] = match message_type {
            MessageType::Notification => &ALL,
            _ => &[&ALL[..], &["Token", "SubscribeURL"]].concat(),
        };
        for member in members {
            for nothing in [None, Some(Value::Null), Some("".into())] {
                let without = changed(&body, |body| {
                    let members = body.as_object_mut().unwrap();
                    members.remove(*member);
                    if let Some(nothing) = &nothing {
                        members.insert((*member).to_owned(), nothing.clone());
                    }
                });
                assert_eq!(
                    failure(without),
                    NotificationFailure::MissingMember { member },
                    "{message_type:?}"
                );
            }
            for wrong in [json!(1), json!({}), json!(["text"]), json!(true)] {
                let wrong = changed(&body, |body| body[member] = wrong);
                assert_eq!(failure(wrong).check(), "envelope", "{member}");
            }
        }
    }
}

#[test]
fn a_member_that_is_there_twice_is_refused_in_any_spelling_and_order() {
    let body = message().subject("s").sign(&SIGNER);
    let members = body.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
    for (member, twice) in [
        ("Type", "Type"),
        ("MessageId", "MessageId"),
        ("TopicArn", "TopicArn"),
        ("Message", "Message"),
        ("Subject", "Subject"),
        ("Timestamp", "Timestamp"),
        ("SignatureVersion", "SignatureVersion"),
        ("Signature", "Signature"),
        ("SigningCertURL", "SigningCertURL"),
        ("SigningCertURL", "SigningCertUrl"),
    ] {
        let value = serde_json::from_str::<Value>(&body).unwrap()[member].to_string();
        // Whatever the second one is: the same, nothing, or written with an escape in its name.
        let escaped = twice.replacen('S', "\\u0053", 1);
        for (name, value) in [(twice, value.as_str()), (twice, "null"), (&escaped, &value)] {
            for body in [
                format!("{{\"{name}\":{value},{members}}}"),
                format!("{{{members},\"{name}\":{value}}}"),
            ] {
                let failure = failure(&body);
                let NotificationFailure::Envelope { reason } = &failure else {
                    panic!("{name}: {failure}");
                };
                assert!(reason.contains("duplicate field"), "{name}: {reason}");
            }
        }
    }
}

#[test]
fn a_body_of_any_size_above_the_limit_is_refused_before_it_is_read() {
    let mut body = message().sign(&SIGNER).into_bytes();
    body.resize(MAX_BODY_LENGTH, b' ');
    assert!(verifier().verify(&body).is_ok(), "up to the limit");
    body.push(b' ');
    let too_long = NotificationFailure::TooLong {
        found: MAX_BODY_LENGTH + 1,
        limit: MAX_BODY_LENGTH,
    };
    assert_eq!(failure(&body), too_long);
    assert_eq!(
        failure(vec![b'['; 50 * 1024 * 1024]).check(),
        "too_long",
        "not even looked at"
    );
}

#[test]
fn what_is_no_object_is_refused() {
    for body in [
        "",
        " ",
        "null",
        "1",
        "[]",
        "\"{}\"",
        "{",
        "{} {}",
        "Type=Notification",
        "<html>",
        "\u{feff}{}",
    ] {
        assert_eq!(failure(body).check(), "envelope", "{body}");
    }
    assert_eq!(failure("{}").check(), "missing_member");
    assert_eq!(failure(b"{\"Type\":\"\xff\"}").check(), "envelope");
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    assert_eq!(failure(deep).check(), "envelope");
    // The values of the members in the order of our own type, which serde takes for an object.
    let body: Value = serde_json::from_str(&message().sign(&SIGNER)).unwrap();
    let values = [
        "Type",
        "MessageId",
        "TopicArn",
        "Subject",
        "Message",
        "Timestamp",
        "SignatureVersion",
        "Signature",
        "SigningCertURL",
        "SubscribeURL",
        "Token",
    ]
    .map(|member| body[member].clone());
    assert_eq!(failure(json!(values).to_string()).check(), "envelope");
}

#[test]
fn version_1_can_be_refused() {
    let verifier = with_certificate()
        .refuse_signature_version_1()
        .build()
        .unwrap();
    let body = message()
        .signature_version(SnsSignatureVersion::V1)
        .sign(&SIGNER);
    assert_eq!(
        verifier.verify(body).unwrap_err(),
        NotificationFailure::SignatureVersionForbidden
    );
    assert!(verifier.verify(message().sign(&SIGNER)).is_ok());
}

#[test]
fn versions_and_types_of_tomorrow_are_named_in_the_refusal() {
    let body = message().sign(&SIGNER);
    for version in ["3", "0", "01", "1.0", " 1", "2\n"] {
        let body = changed(&body, |body| body["SignatureVersion"] = version.into());
        assert_eq!(
            failure(body),
            NotificationFailure::SignatureVersion {
                found: version.to_owned()
            }
        );
    }
    for message_type in ["notification", "Notification ", "PublishConfirmation"] {
        let body = changed(&body, |body| body["Type"] = message_type.into());
        assert_eq!(
            failure(body),
            NotificationFailure::Type {
                found: message_type.to_owned()
            }
        );
    }
}

#[test]
fn only_the_very_topic_is_accepted() {
    for foreign in [
        "arn:aws:sns:us-east-1:123456789012:example",
        "arn:aws:sns:us-east-1:123456789012:Example2",
        "arn:aws:sns:us-east-1:123456789012:Exampl",
        "arn:aws:sns:us-east-1:210987654321:Example",
        "arn:aws:sns:us-east-2:123456789012:Example",
        "arn:aws:sns:us-east-1:123456789012:Example ",
        "arn:aws:sns:us-east-1:123456789012:Example\nType",
        "*",
    ] {
        // Signed as Amazon signs for whoever owns that topic.
        let body = of_now(SnsMessageBuilder::notification(foreign, "{}")).sign(&SIGNER);
        let failure = failure(body);
        assert_eq!(
            failure,
            NotificationFailure::Topic {
                expected: vec![TOPIC.to_owned()],
                found: foreign.to_owned(),
            }
        );
        let error = iap_core::Error::from(failure);
        assert_eq!(error.rejection(), Some(Rejection::WrongApp));
        assert_eq!(error.endpoint_answer().http_status(), 400);
    }
}

#[test]
fn each_of_several_topics_is_accepted() {
    let other = "arn:aws:sns:us-east-1:123456789012:Other";
    let verifier = with_certificate()
        .topic(other.parse().unwrap())
        .build()
        .unwrap();
    for topic in [TOPIC, other] {
        let body = of_now(SnsMessageBuilder::subscription_confirmation(topic)).sign(&SIGNER);
        let verified = verifier.verify(body).unwrap();
        assert_eq!(verified.envelope().topic().as_str(), topic);
    }
}

#[test]
fn a_value_cannot_take_in_its_neighbour() {
    // The signed text stays as it is; only where one value ends and the next begins is moved.
    let honest = message().subject("moved").sign(&SIGNER);
    let body = changed(&honest, |body| {
        let id = body["MessageId"].as_str().unwrap();
        body["MessageId"] = format!("{id}\nSubject\nmoved").into();
        body["Subject"] = Value::Null;
    });
    assert_eq!(
        failure(body),
        NotificationFailure::Text {
            member: "MessageId"
        }
    );
    let body = changed(&honest, |body| {
        let subject = body["Subject"].as_str().unwrap();
        let time = body["Timestamp"].as_str().unwrap();
        body["Subject"] = format!("{subject}\nTimestamp\n{time}").into();
        body["Timestamp"] = "".into();
    });
    assert_eq!(failure(body).check(), "missing_member");
    for member in ["MessageId", "Timestamp"] {
        for altered in ["a\nb", "a\rb", "a\u{0}b", "a\u{85}b"] {
            let body = changed(&honest, |body| body[member] = altered.into());
            assert_eq!(failure(body), NotificationFailure::Text { member });
        }
    }
    let confirmation = of_now(SnsMessageBuilder::subscription_confirmation(TOPIC));
    let confirmation = confirmation.sign(&SIGNER);
    for member in ["Token", "SubscribeURL"] {
        let body = changed(&confirmation, |body| body[member] = "a\nb".into());
        assert_eq!(failure(body), NotificationFailure::Text { member });
    }
    let body = changed(&honest, |body| body["MessageId"] = "x".repeat(2049).into());
    assert_eq!(failure(body).check(), "text");
}

#[test]
fn messages_and_subjects_may_have_any_text() {
    let text = "line\nbreaks\r\n\ttabs, \"quotes\" \\ /, é, 名, 😀, \u{0}, \u{2028}";
    let signed = of_now(SnsMessageBuilder::notification(TOPIC, text).subject(text));
    for version in [SnsSignatureVersion::V1, SnsSignatureVersion::V2] {
        let body = signed.clone().signature_version(version).sign(&SIGNER);
        let verified = verifier().verify_envelope(&body).unwrap();
        assert_eq!(verified.message(), text);
        assert_eq!(verified.subject(), Some(text));
        // However the same text is escaped.
        let escaped: String = body
            .chars()
            .map(|character| match u32::from(character) {
                code @ 0x80..0x1_0000 => format!("\\u{code:04x}"),
                _ => character.to_string(),
            })
            .collect();
        assert_ne!(escaped, body);
        let verified = verifier().verify_envelope(&escaped).unwrap();
        assert_eq!(verified.message(), text);
    }
}

#[test]
fn signatures_are_strict_base64_of_an_rsa_signature() {
    let body = message().sign(&SIGNER);
    let signature = serde_json::from_str::<Value>(&body).unwrap()["Signature"]
        .as_str()
        .unwrap()
        .to_owned();
    for altered in [
        format!(" {signature}"),
        format!("{signature}\n"),
        signature.replace('=', ""),
        format!("{signature}===="),
        signature.replacen(|c| c != '-', "-", 1),
        "AAAA".to_owned(),
        "A".repeat(4 * 1024),
        "A".repeat(100 * 1024),
        "not base64".to_owned(),
    ] {
        let body = changed(&body, |body| body["Signature"] = altered.as_str().into());
        assert_eq!(failure(body).check(), "signature_encoding", "{altered:.80}");
    }
    // Twice as long as the key.
    let body = changed(&body, |body| body["Signature"] = "A".repeat(684).into());
    assert_eq!(failure(body), NotificationFailure::Signature);
}

#[test]
fn times_are_rfc_3339() {
    for time in [
        "yesterday",
        "1780315200000",
        "2026-06-01",
        "2026-06-01T12:00:00",
    ] {
        let body = message().set("Timestamp", time).sign(&SIGNER);
        assert_eq!(
            failure(body),
            NotificationFailure::Timestamp {
                found: time.to_owned()
            }
        );
    }
}
