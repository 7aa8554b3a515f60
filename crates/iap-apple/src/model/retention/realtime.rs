//! What does your server answer when the App Store asks which message to show, and where is it
//! asked?
//!
//! Answer fast: a performance test tells how long the App Store waits (about 700 ms). Without an
//! answer in time it shows the default message.

use iap_core::ProductId;
use serde::{Deserialize, Serialize};

use crate::{
    model::{
        invalid::{InvalidRequest, checked_when_read},
        text::{MessageIdentifier, RealtimeUrl},
        transaction::BillingPlanType,
    },
    signing::PromotionalOfferSignatureV1,
};

/// What to show to the customer who is about to cancel: the answer to a
/// [`RealtimeRequest`](crate::RealtimeRequest), sent as JSON with status 200.
///
/// ```
/// use iap_apple::{Message, MessageIdentifier, RealtimeResponseBody};
///
/// let message = MessageIdentifier::new("0b5e2f9a-7c11-4e58-8f0e-5d0c54a3be7d")?;
/// let answer = RealtimeResponseBody::Message(Message::new(message));
/// assert_eq!(
///     serde_json::to_string(&answer)?,
///     r#"{"message":{"messageIdentifier":"0b5e2f9a-7c11-4e58-8f0e-5d0c54a3be7d"}}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/realtimeresponsebody)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum RealtimeResponseBody {
    /// A change to a subscription made with the Advanced Commerce API; ignored for others.
    AdvancedCommerceInfo(AdvancedCommerceInfo),
    /// A message that proposes another subscription.
    AlternateProduct(AlternateProduct),
    /// A message, with its image and bullet points.
    Message(Message),
    /// A message that proposes a promotional offer.
    PromotionalOffer(PromotionalOffer),
}

/// A message to show; it and its image must have been approved.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/message)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Message {
    message_identifier: MessageIdentifier,
}

impl Message {
    /// This message.
    pub const fn new(message_identifier: MessageIdentifier) -> Self {
        Self { message_identifier }
    }
}

/// Another subscription to propose, with a message that has neither image nor bullet points.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/alternateproduct)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AlternateProduct {
    message_identifier: MessageIdentifier,
    product_id: ProductId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    billing_plan_type: Option<BillingPlanType>,
}

impl AlternateProduct {
    /// This product, with this message.
    pub fn new(message_identifier: MessageIdentifier, product_id: impl Into<ProductId>) -> Self {
        Self {
            message_identifier,
            product_id: product_id.into(),
            billing_plan_type: None,
        }
    }

    /// Billed in this way.
    pub fn with_billing_plan_type(mut self, billing_plan_type: BillingPlanType) -> Self {
        self.billing_plan_type = Some(billing_plan_type);
        self
    }
}

/// A promotional offer to propose, with a message that has no image.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/promotionaloffer)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct PromotionalOffer {
    message_identifier: MessageIdentifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promotional_offer_signature_v2: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promotional_offer_signature_v1: Option<PromotionalOfferSignatureV1>,
}

impl PromotionalOffer {
    /// The offer that this signature is for, with this message.
    pub fn new(
        message_identifier: MessageIdentifier,
        signature: PromotionalOfferSignature,
    ) -> Self {
        let (v2, v1) = match signature {
            PromotionalOfferSignature::V2(jws) => (Some(jws), None),
            PromotionalOfferSignature::V1(signature) => (None, Some(signature)),
        };
        Self {
            message_identifier,
            promotional_offer_signature_v2: v2,
            promotional_offer_signature_v1: v1,
        }
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        if self.promotional_offer_signature_v1.is_some()
            == self.promotional_offer_signature_v2.is_some()
        {
            let rule = "needs exactly one of promotionalOfferSignatureV1 and V2";
            return Err(InvalidRequest::rule("promotionalOffer", rule));
        }
        Ok(())
    }
}

checked_when_read!(PromotionalOffer);

/// The signature that allows the customer to take a promotional offer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PromotionalOfferSignature {
    /// The first kind.
    V1(PromotionalOfferSignatureV1),
    /// The second kind, a compact JWS; its `transactionId` is that of the question.
    V2(String),
}

/// A change to a subscription made with the Advanced Commerce API, with a message.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/advancedcommerceinfo)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceInfo {
    message_identifier: MessageIdentifier,
    advanced_commerce_data: String,
}

impl AdvancedCommerceInfo {
    /// This message, and the signed request to change the subscription; a compact JWS.
    pub fn new(
        message_identifier: MessageIdentifier,
        advanced_commerce_data: impl Into<String>,
    ) -> Self {
        Self {
            message_identifier,
            advanced_commerce_data: advanced_commerce_data.into(),
        }
    }
}

/// Sets the address at which the App Store asks your server.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/realtimeurlrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct RealtimeUrlRequest {
    #[serde(rename = "realtimeURL")]
    realtime_url: RealtimeUrl,
}

impl RealtimeUrlRequest {
    /// This address. In production your server must have passed a performance test before.
    pub const fn new(realtime_url: RealtimeUrl) -> Self {
        Self { realtime_url }
    }
}

/// The address at which the App Store asks your server.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/realtimeurlresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RealtimeUrlResponse {
    /// The address.
    #[doc(alias = "realtimeURL")]
    #[serde(rename = "realtimeURL", skip_serializing_if = "Option::is_none")]
    pub realtime_url: Option<String>,
}
