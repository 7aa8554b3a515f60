//! Whatever comes in gives a typed answer, and no change of a genuine message makes another one.

use proptest::prelude::*;

use super::{SIGNER, message, verifier};
use crate::{NotificationFailure, VerifiedEnvelope};

/// All that a verified envelope says.
fn content(envelope: &VerifiedEnvelope) -> impl PartialEq + core::fmt::Debug + use<> {
    (
        envelope.message_type(),
        envelope.message_id().clone(),
        envelope.topic().clone(),
        envelope.signed_at(),
        envelope.subject().map(str::to_owned),
        envelope.message().to_owned(),
    )
}

#[test]
fn no_bit_can_be_flipped_that_changes_what_a_message_says() {
    let verifier = verifier();
    let mut body = message().subject("s").sign(&SIGNER).into_bytes();
    let honest = content(&verifier.verify_envelope(&body).unwrap());
    let mut refused = 0;
    for position in 0..body.len() {
        for bit in 0..8 {
            body[position] ^= 1 << bit;
            match verifier.verify_envelope(&body) {
                Ok(envelope) => assert_eq!(content(&envelope), honest, "{position}"),
                Err(_) => refused += 1,
            }
            body[position] ^= 1 << bit;
        }
    }
    // What passes is in members that are not signed, such as UnsubscribeURL.
    assert!(refused > body.len() * 8 / 2, "{refused}");
}

#[test]
fn no_byte_can_be_left_out_or_doubled_that_changes_what_a_message_says() {
    let verifier = verifier();
    let body = message().sign(&SIGNER).into_bytes();
    let honest = content(&verifier.verify_envelope(&body).unwrap());
    for position in 0..body.len() {
        let (before, after) = body.split_at(position);
        let (byte, after) = after.split_first().unwrap();
        for altered in [
            [before, after].concat(),
            [before, &[*byte, *byte], after].concat(),
        ] {
            if let Ok(envelope) = verifier.verify_envelope(&altered) {
                assert_eq!(content(&envelope), honest, "{position}");
            }
        }
        assert!(verifier.verify_envelope(before).is_err(), "cut");
    }
}

proptest! {
    #[test]
    fn any_bytes_give_a_typed_answer(body in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(verifier().verify(body).is_err());
    }

    #[test]
    fn any_text_in_any_member_gives_a_typed_answer(
        member in prop::sample::select(vec![
            "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion",
            "Signature", "SigningCertURL", "SigningCertUrl", "Token", "SubscribeURL",
        ]),
        text in any::<String>(),
    ) {
        let body = super::changed(&message().sign(&SIGNER), |body| {
            body[member] = text.clone().into();
        });
        match verifier().verify_envelope(&body) {
            // These two belong to other types of messages.
            Ok(_) => prop_assert!(matches!(member, "Token" | "SubscribeURL")),
            Err(NotificationFailure::CertificateUnavailable { .. }) => prop_assert!(false),
            Err(failure) => prop_assert!(failure.to_string().len() < 2000),
        }
    }
}
