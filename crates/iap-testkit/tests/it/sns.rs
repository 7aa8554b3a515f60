//! Does a signer of SNS sign as Amazon does? Judged with aws-lc and x509-cert, member by member.

use std::sync::LazyLock;

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_testkit::{
    AmazonNotificationBuilder, SnsForgery, SnsMessageBuilder, SnsSignatureVersion, SnsSigner,
    SnsSpelling,
};
use serde_json::Value;
use x509_cert::{
    Certificate,
    der::Decode as _,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

static SIGNER: LazyLock<SnsSigner> = LazyLock::new(SnsSigner::new);

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:Example";

fn read(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

fn certificate() -> Certificate {
    let base64: String = SIGNER
        .certificate_pem()
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    Certificate::from_der(&BASE64_STANDARD.decode(base64).unwrap()).unwrap()
}

/// Whether the signature of `body` is over exactly these members in this order.
fn is_signed(body: &Value, members: &[&str]) -> bool {
    let text: String = members
        .iter()
        .map(|member| format!("{member}\n{}\n", body[member].as_str().unwrap()))
        .collect();
    let algorithm = match body["SignatureVersion"].as_str().unwrap() {
        "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        _ => &RSA_PKCS1_2048_8192_SHA256,
    };
    let certificate = certificate();
    let key = certificate.tbs_certificate().subject_public_key_info();
    let signature = body["Signature"].as_str().unwrap();
    UnparsedPublicKey::new(algorithm, key.subject_public_key.raw_bytes())
        .verify(text.as_bytes(), &BASE64_STANDARD.decode(signature).unwrap())
        .is_ok()
}

fn notification() -> SnsMessageBuilder {
    AmazonNotificationBuilder::new("SUBSCRIPTION_RENEWED", "com.example.app").message(TOPIC)
}

#[test]
fn every_type_of_message_is_signed_over_its_own_members_by_both_versions() {
    let confirmed = [
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ];
    for version in [SnsSignatureVersion::V1, SnsSignatureVersion::V2] {
        let sign =
            |message: SnsMessageBuilder| read(&message.signature_version(version).sign(&SIGNER));
        let plain = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"];
        assert!(is_signed(&sign(notification()), &plain));
        let with_subject = [
            "Message",
            "MessageId",
            "Subject",
            "Timestamp",
            "TopicArn",
            "Type",
        ];
        assert!(is_signed(&sign(notification().subject("s")), &with_subject));
        for message in [
            SnsMessageBuilder::subscription_confirmation(TOPIC),
            SnsMessageBuilder::unsubscribe_confirmation(TOPIC),
        ] {
            assert!(is_signed(&sign(message), &confirmed));
        }
    }
}

#[test]
fn the_certificate_has_the_name_key_and_place_of_one_of_sns() {
    let certificate = certificate();
    let certificate = certificate.tbs_certificate();
    let (_, names) = certificate
        .get_extension::<SubjectAltName>()
        .unwrap()
        .unwrap();
    let [GeneralName::DnsName(name)] = &names.0[..] else {
        panic!("{names:?}");
    };
    assert_eq!(name.as_str(), "sns.amazonaws.com");
    assert_eq!(certificate.subject().to_string(), "CN=sns.amazonaws.com");
    let url = SIGNER.certificate_url();
    assert!(url.starts_with("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-"));
    assert_eq!(
        SIGNER.certificate_at(url).as_deref(),
        Some(SIGNER.certificate_pem())
    );
    assert_eq!(read(&notification().sign(&SIGNER))["SigningCertURL"], url);
}

#[test]
fn lambda_spells_three_members_otherwise_and_has_a_subject_that_is_null() {
    let message = notification().spelling(SnsSpelling::Lambda);
    let body = read(&message.sign(&SIGNER));
    assert_eq!(body["Subject"], Value::Null);
    for (there, missing) in [
        ("SigningCertUrl", "SigningCertURL"),
        ("UnsubscribeUrl", "UnsubscribeURL"),
    ] {
        assert!(body[there].is_string() && body.get(missing).is_none());
    }
    let confirmation =
        SnsMessageBuilder::subscription_confirmation(TOPIC).spelling(SnsSpelling::Lambda);
    let body = read(&confirmation.sign(&SIGNER));
    assert!(body["SubscribeUrl"].is_string() && body.get("SubscribeURL").is_none());
}

#[test]
fn no_forgery_is_the_honest_body_and_each_certificate_it_needs_can_be_fetched() {
    let message = notification().signature_version(SnsSignatureVersion::V2);
    let honest = message.sign(&SIGNER);
    for forgery in SnsForgery::all() {
        let body = SIGNER.forge(*forgery, &message);
        assert_ne!(body, honest, "{forgery}");
        if format!("{forgery:?}").starts_with("Certificate") {
            let url = read(&body)["SigningCertURL"].as_str().unwrap().to_owned();
            let pem = SIGNER.certificate_at(&url).unwrap();
            assert_ne!(pem, SIGNER.certificate_pem(), "{forgery}");
        }
    }
}

#[test]
fn a_message_that_is_forged_by_moving_text_is_still_signed_as_it_was() {
    let body = SIGNER.forge(SnsForgery::SubjectMovedIntoMessageId, &notification());
    let plain = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"];
    assert!(is_signed(&read(&body), &plain));
}
