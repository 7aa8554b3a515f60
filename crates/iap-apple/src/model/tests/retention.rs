//! What holds for the requests of the Retention Messaging API, and for the answer to its question.

use crate::signing::PromotionalOfferSignatureV1;

use super::{
    requests::{UPPER_CASE_UUID, UUID, check_request, invalid, refused},
    *,
};

fn message_identifier() -> MessageIdentifier {
    MessageIdentifier::new(UPPER_CASE_UUID).unwrap()
}

fn image_identifier() -> ImageIdentifier {
    ImageIdentifier::new(UPPER_CASE_UUID).unwrap()
}

fn alt_text() -> AltText {
    AltText::new("A swimmer at dawn").unwrap()
}

#[test]
fn a_message_is_sent_with_exactly_what_it_has() {
    let message = UploadMessageRequestBody::new(
        MessageHeader::new("The water is warm").unwrap(),
        MessageBody::new("Your lane is waiting.").unwrap(),
    );
    let text_only = json!({"header": "The water is warm", "body": "Your lane is waiting."});
    check_request(&message, &text_only, &["header", "body"], &[]);

    let bullet_point = BulletPoint::new(
        BulletPointText::new("Open all night").unwrap(),
        image_identifier(),
        alt_text(),
    );
    let bullet_sample = json!({
        "text": "Open all night",
        "imageIdentifier": UUID,
        "altText": "A swimmer at dawn",
    });
    let all = ["text", "imageIdentifier", "altText"];
    check_request(&bullet_point, &bullet_sample, &all, &[]);

    let image = UploadMessageImage::new(image_identifier(), alt_text());
    let image_sample = json!({"imageIdentifier": UUID, "altText": "A swimmer at dawn"});
    check_request(&image, &image_sample, &["imageIdentifier", "altText"], &[]);

    let sample = json!({
        "header": "The water is warm",
        "body": "Your lane is waiting.",
        "image": image_sample,
        "headerPosition": "ABOVE_IMAGE",
        "bulletPoints": [bullet_sample],
    });
    let message = message
        .with_image(image)
        .with_header_position(HeaderPosition::AboveImage)
        .unwrap()
        .with_bullet_points([bullet_point])
        .unwrap();
    check_request(&message, &sample, &["header", "body", "image"], &[]);
    let long = "x".repeat(67);
    refused::<UploadMessageRequestBody>(&sample, "header", json!(long), "header");
}

#[test]
fn a_header_stands_above_an_image_only_where_there_is_one() {
    let message = || {
        UploadMessageRequestBody::new(
            MessageHeader::new("Stay").unwrap(),
            MessageBody::new("Please").unwrap(),
        )
    };
    let above_image = message().with_header_position(HeaderPosition::AboveImage);
    assert_eq!(invalid(above_image).0, "headerPosition");
    for position in [HeaderPosition::AboveBody, HeaderPosition::from("BELOW_ALL")] {
        assert!(message().with_header_position(position).is_ok());
    }
}

#[test]
fn a_message_has_at_most_five_bullet_points() {
    let bullet_points = |count| {
        let text = BulletPointText::new("Open all night").unwrap();
        vec![BulletPoint::new(text, image_identifier(), alt_text()); count]
    };
    let message = UploadMessageRequestBody::new(
        MessageHeader::new("Stay").unwrap(),
        MessageBody::new("Please").unwrap(),
    );
    let none = message.clone().with_bullet_points([]).unwrap();
    assert_eq!(none, message);
    assert!(message.clone().with_bullet_points(bullet_points(5)).is_ok());
    let expected = ("bulletPoints", InvalidReason::TooMany { found: 6, max: 5 });
    assert_eq!(
        invalid(message.with_bullet_points(bullet_points(6))),
        expected
    );
}

#[test]
fn the_small_retention_requests_have_one_member() {
    let sample = json!({"messageIdentifier": UUID});
    let all = ["messageIdentifier"];
    let request = DefaultConfigurationRequest::new(message_identifier());
    check_request(&request, &sample, &all, &[]);

    let url = RealtimeUrl::new("https://swim.example/retention").unwrap();
    let sample = json!({"realtimeURL": "https://swim.example/retention"});
    check_request(
        &RealtimeUrlRequest::new(url),
        &sample,
        &["realtimeURL"],
        &[],
    );
    let insecure = json!("http://swim.example");
    refused::<RealtimeUrlRequest>(&sample, "realtimeURL", insecure, "https");

    let sample = json!({"originalTransactionId": "730000000000001"});
    check_request(
        &PerformanceTestRequest::new("730000000000001"),
        &sample,
        &["originalTransactionId"],
        &[],
    );
}

fn signature_v1() -> PromotionalOfferSignatureV1 {
    serde_json::from_value(signature_v1_sample()).unwrap()
}

fn signature_v1_sample() -> Value {
    json!({
        "encodedSignature": "c2lnbmF0dXJl",
        "productId": "swim.season",
        "nonce": UUID,
        "timestamp": 1_790_000_009_000_i64,
        "keyId": "KEY1234567",
        "offerIdentifier": "loyal-swimmer",
    })
}

#[test]
fn a_realtime_answer_is_an_object_with_exactly_one_member() {
    let answers = [
        (
            RealtimeResponseBody::Message(Message::new(message_identifier())),
            json!({"message": {"messageIdentifier": UUID}}),
        ),
        (
            RealtimeResponseBody::AlternateProduct(
                AlternateProduct::new(message_identifier(), "swim.day")
                    .with_billing_plan_type(BillingPlanType::Monthly),
            ),
            json!({"alternateProduct": {
                "messageIdentifier": UUID,
                "productId": "swim.day",
                "billingPlanType": "MONTHLY",
            }}),
        ),
        (
            RealtimeResponseBody::PromotionalOffer(PromotionalOffer::new(
                message_identifier(),
                PromotionalOfferSignature::V2("signed.by.us".to_owned()),
            )),
            json!({"promotionalOffer": {
                "messageIdentifier": UUID,
                "promotionalOfferSignatureV2": "signed.by.us",
            }}),
        ),
        (
            RealtimeResponseBody::PromotionalOffer(PromotionalOffer::new(
                message_identifier(),
                PromotionalOfferSignature::V1(signature_v1()),
            )),
            json!({"promotionalOffer": {
                "messageIdentifier": UUID,
                "promotionalOfferSignatureV1": signature_v1_sample(),
            }}),
        ),
        (
            RealtimeResponseBody::AdvancedCommerceInfo(AdvancedCommerceInfo::new(
                message_identifier(),
                "signed.by.us",
            )),
            json!({"advancedCommerceInfo": {
                "messageIdentifier": UUID,
                "advancedCommerceData": "signed.by.us",
            }}),
        ),
    ];
    for (answer, sample) in &answers {
        assert_eq!(&serde_json::to_value(answer).unwrap(), sample);
        assert_eq!(&read::<RealtimeResponseBody>(sample).unwrap(), answer);
    }

    let two = json!({
        "message": {"messageIdentifier": UUID},
        "alternateProduct": {"messageIdentifier": UUID, "productId": "swim.day"},
    });
    for wrong in [
        two,
        json!({}),
        json!({"song": {}}),
        json!({"message": null}),
    ] {
        assert!(read::<RealtimeResponseBody>(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_parts_of_a_realtime_answer_leave_out_what_was_not_set() {
    let plain = AlternateProduct::new(message_identifier(), "swim.day");
    let mut sample = json!({"messageIdentifier": UUID, "productId": "swim.day"});
    let required = ["messageIdentifier", "productId"];
    check_request(&plain, &sample, &required, &[]);
    sample["billingPlanType"] = json!("BILLED_UPFRONT");
    let billed = plain.with_billing_plan_type(BillingPlanType::BilledUpfront);
    check_request(&billed, &sample, &required, &[]);

    let sample = json!({"messageIdentifier": UUID});
    let all = ["messageIdentifier"];
    check_request(&Message::new(message_identifier()), &sample, &all, &[]);

    let sample = json!({"messageIdentifier": UUID, "advancedCommerceData": "signed.by.us"});
    let info = AdvancedCommerceInfo::new(message_identifier(), "signed.by.us");
    check_request(
        &info,
        &sample,
        &["messageIdentifier", "advancedCommerceData"],
        &[],
    );
}

#[test]
fn a_promotional_offer_has_one_signature() {
    let signature = PromotionalOfferSignature::V2("signed.by.us".to_owned());
    let offer = PromotionalOffer::new(message_identifier(), signature);
    let sample = json!({
        "messageIdentifier": UUID,
        "promotionalOfferSignatureV2": "signed.by.us",
    });
    let all = ["messageIdentifier", "promotionalOfferSignatureV2"];
    check_request(&offer, &sample, &all, &[]);
    refused::<PromotionalOffer>(
        &sample,
        "promotionalOfferSignatureV1",
        signature_v1_sample(),
        "exactly one",
    );
}

#[test]
fn the_first_kind_of_signature_carries_all_that_it_signs_in_lower_case() {
    let required = [
        "encodedSignature",
        "productId",
        "nonce",
        "timestamp",
        "keyId",
        "offerIdentifier",
    ];
    let mut sample = signature_v1_sample();
    check_request(&signature_v1(), &sample, &required, &[]);
    sample["appAccountToken"] = json!(UUID);
    let with_account: PromotionalOfferSignatureV1 = serde_json::from_value(sample.clone()).unwrap();
    check_request(&with_account, &sample, &required, &[]);
}
