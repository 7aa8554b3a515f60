//! Every way of being wrong is refused, each by the check that is there for it, and as early as it is.

use iap_core::{EndpointAnswer, Rejection};
use iap_testkit::{SnsForgery, SnsMessageBuilder, SnsSignatureVersion};

use super::{SIGNER, TOPIC, message, network::Network, of_now};

/// The name of the check that must refuse a forgery, and how many requests it may cause.
fn check_for(forgery: SnsForgery) -> (&'static str, usize) {
    use SnsForgery as F;
    match forgery {
        F::SignedByAnotherKey
        | F::AnotherCertificate
        | F::SignatureOfAnotherMessage
        | F::SignatureOfOtherHash
        | F::SignatureFlipped
        | F::SignatureAllZero
        | F::SignatureExtended
        | F::MessageChanged
        | F::MessageIdChanged
        | F::TimestampChanged
        | F::TypeChanged
        | F::SubjectAdded
        | F::SubjectRemoved
        | F::TopicChanged => ("signature", 1),
        F::CertificateOfAnotherService
        | F::CertificateOfSubdomain
        | F::CertificateWithWildcard
        | F::CertificateWithoutName => ("certificate_name", 1),
        F::CertificateExpired => ("certificate_expired", 1),
        F::CertificateNotYetValid => ("certificate_not_yet_valid", 1),
        F::CertificateOfWeakKey | F::CertificateOfEcKey => ("certificate_key", 1),
        F::CertificateWithoutDigitalSignature => ("certificate_key_usage", 1),
        F::Replayed => ("signed_too_long_ago", 1),

        F::SignatureTruncated
        | F::SignatureInBase64Url
        | F::SignatureUnpadded
        | F::SignatureWithLineBreak => ("signature_encoding", 0),
        F::SignatureVersionUnknown => ("signature_version", 0),
        F::SignatureEmpty
        | F::SignatureMissing
        | F::SignatureVersionMissing
        | F::UrlMissing
        | F::MessageMissing => ("missing_member", 0),
        F::SubjectMovedIntoMessageId => ("text", 0),
        F::ForeignTopic => ("topic", 0),
        F::UrlPlainHttp
        | F::UrlOfForeignHost
        | F::UrlOfBucket
        | F::UrlWithUserInfo
        | F::UrlWithPort
        | F::UrlWithBackslash
        | F::UrlWithQuery
        | F::UrlNotPem
        | F::UrlOfOtherRegion => ("certificate_url", 0),
        F::NotJson
        | F::NotAnObject
        | F::DuplicateMember
        | F::DuplicateSpelling
        | F::MessageNotText
        | F::SignatureVersionNumber => ("envelope", 0),
        F::TypeUnknown => ("type", 0),
        F::TimestampNotATime => ("timestamp", 0),
        other => panic!("{other:?} is new: which check refuses it?"),
    }
}

#[tokio::test]
async fn every_forgery_is_refused_for_good_by_its_check_and_causes_no_request_before_it() {
    for forgery in SnsForgery::all() {
        let network = Network::of_sns();
        let body = SIGNER.forge(*forgery, &message());
        let failure = network.verifier().verify(&body).await.unwrap_err();
        let (check, requests) = check_for(*forgery);
        assert_eq!(failure.check(), check, "{forgery:?}: {failure}");
        assert_eq!(network.count(), requests, "{forgery:?}");
        assert_eq!(failure.endpoint_answer(), EndpointAnswer::Reject);
        assert!(!failure.is_retryable());
        let error = iap_core::Error::from(failure);
        assert!(error.rejection().is_some(), "{forgery:?}");
        assert!(error.to_string().starts_with("amazon_appstore: rejected"));
    }
}

#[tokio::test]
async fn a_forgery_is_refused_when_the_honest_certificate_is_known_and_in_version_1() {
    let network = Network::of_sns();
    let verifier = network.verifier();
    assert!(verifier.verify(message().sign(&SIGNER)).await.is_ok());
    for forgery in [
        SnsForgery::MessageChanged,
        SnsForgery::SignedByAnotherKey,
        SnsForgery::SignatureOfOtherHash,
        SnsForgery::TopicChanged,
        SnsForgery::SubjectAdded,
    ] {
        let message = message().signature_version(SnsSignatureVersion::V1);
        let body = SIGNER.forge(forgery, &message);
        let failure = verifier.verify(&body).await.unwrap_err();
        assert_eq!(failure.check(), "signature", "{forgery:?}");
    }
    assert_eq!(network.count(), 1);
}

#[tokio::test]
async fn no_confirmation_of_a_foreign_topic_is_ever_offered() {
    let foreign = "arn:aws:sns:us-east-1:999999999999:Attack";
    let network = Network::of_sns();
    let body = of_now(SnsMessageBuilder::subscription_confirmation(foreign)).sign(&SIGNER);
    let failure = network.verifier().verify(body).await.unwrap_err();
    assert_eq!(failure.check(), "topic");
    assert_eq!(
        iap_core::Error::from(failure).rejection(),
        Some(Rejection::WrongApp)
    );
    let body = of_now(SnsMessageBuilder::subscription_confirmation(TOPIC)).sign(&SIGNER);
    for forgery in [SnsForgery::TopicChanged, SnsForgery::MessageChanged] {
        let message = of_now(SnsMessageBuilder::subscription_confirmation(TOPIC));
        let forged = SIGNER.forge(forgery, &message);
        assert!(network.verifier().verify(forged).await.is_err());
    }
    assert!(network.verifier().verify(body).await.is_ok());
    let hosts = network.requests();
    let only_certificates = hosts.iter().all(|it| it.uri().path().ends_with(".pem"));
    assert!(only_certificates, "nothing is confirmed by itself");
}
