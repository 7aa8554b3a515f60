//! What must not be seen is not shown.

use iap_core::Error;
use iap_testkit::SnsMessageBuilder;

use super::{SIGNER, TOPIC, changed, failure, notification, of_now, verifier, with_certificate};

const PLANTED: &str = "PLANTEDplantedPLANTED";

#[test]
fn neither_token_nor_receipt_nor_customer_nor_key_is_shown() {
    let confirmation =
        of_now(SnsMessageBuilder::subscription_confirmation(TOPIC).token(PLANTED)).sign(&SIGNER);
    let verified = verifier().verify(&confirmation).unwrap();
    assert!(!format!("{verified:?}").contains(PLANTED), "{verified:?}");

    let receipt = format!("abcdef{PLANTED}");
    let renewal = notification("SUBSCRIPTION_RENEWED").receipt_id(&receipt);
    let verified = verifier()
        .verify(of_now(renewal.message(TOPIC)).sign(&SIGNER))
        .unwrap();
    assert!(!format!("{verified:?}").contains(PLANTED), "{verified:?}");

    let shown = format!("{:?} {:?}", with_certificate(), verifier());
    assert!(!shown.contains("BEGIN"), "{shown}");
}

#[test]
fn no_failure_of_a_confirmation_shows_its_token() {
    let body =
        of_now(SnsMessageBuilder::subscription_confirmation(TOPIC).token(PLANTED)).sign(&SIGNER);
    for (member, value) in [
        ("Type", "Other"),
        ("MessageId", "a\nb"),
        ("TopicArn", "other"),
        ("Message", "other"),
        ("Timestamp", "2020-01-01T00:00:00Z"),
        ("Signature", "AAAA"),
        ("SigningCertURL", "https://example.com/a.pem"),
        ("Token", "a\nPLANTEDplantedPLANTED"),
        ("SubscribeURL", "https://example.com/?PLANTEDplantedPLANTED"),
    ] {
        let failure = failure(changed(&body, |body| body[member] = value.into()));
        let error = Error::from(failure.clone());
        let shown = format!("{failure} {failure:?} {error} {error:?}");
        assert!(!shown.contains(PLANTED), "{member}: {shown}");
    }
}
