//! What do you tell the App Store when a customer asks for a refund?

use iap_core::open_enum;
use serde::{Deserialize, Serialize};

use super::{
    common::ProductType,
    invalid::{InvalidRequest, check_range, checked_when_read},
    wire::flag,
};

/// How a purchase was used, for the App Store to decide on a refund. Send it within 12 hours of the
/// notification `CONSUMPTION_REQUEST`.
///
/// ```
/// use iap_apple::{
///     ConsumptionPercentage, ConsumptionRequest, Delivery, ProductType, RefundPreference,
///     SampleContent,
/// };
///
/// let half_used = Delivery::Consumed(ConsumptionPercentage::from_percent(50)?);
/// let request = ConsumptionRequest::with_customer_consent(half_used, SampleContent::NotProvided)
///     .with_refund_preference(RefundPreference::GrantProrated, &ProductType::Consumable)?;
/// # let _ = request;
/// # Ok::<(), iap_apple::InvalidRequest>(())
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/consumptionrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct ConsumptionRequest {
    customer_consented: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consumption_percentage: Option<ConsumptionPercentage>,
    delivery_status: DeliveryStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refund_preference: Option<RefundPreference>,
    sample_content_provided: SampleContent,
}

impl ConsumptionRequest {
    /// For a customer who consented to tell the App Store about the purchase. Without consent there
    /// is nothing to send: Apple refuses the request.
    pub fn with_customer_consent(delivery: Delivery, sample_content: SampleContent) -> Self {
        let (delivery_status, consumption_percentage) = match delivery {
            Delivery::Delivered => (DeliveryStatus::Delivered, None),
            Delivery::Consumed(share) => (DeliveryStatus::Delivered, Some(share)),
            Delivery::QualityIssue => (DeliveryStatus::UndeliveredQualityIssue, NOTHING),
            Delivery::WrongItem => (DeliveryStatus::UndeliveredWrongItem, NOTHING),
            Delivery::ServerOutage => (DeliveryStatus::UndeliveredServerOutage, NOTHING),
            Delivery::OtherProblem => (DeliveryStatus::UndeliveredOther, NOTHING),
        };
        Self {
            customer_consented: true,
            consumption_percentage,
            delivery_status,
            refund_preference: None,
            sample_content_provided: sample_content,
        }
    }

    /// What you would like the App Store to decide, for a product of this type (that of the
    /// [`Transaction`](super::Transaction)).
    ///
    /// # Errors
    ///
    /// When a partial refund is wanted for a subscription that renews by itself, and it is said how
    /// much of it was used: Apple counts the time itself there. Use [`Delivery::Delivered`], or
    /// wish for a full refund of what was not delivered.
    pub fn with_refund_preference(
        mut self,
        refund_preference: RefundPreference,
        product_type: &ProductType,
    ) -> Result<Self, InvalidRequest> {
        if refund_preference == RefundPreference::GrantProrated
            && *product_type == ProductType::AutoRenewableSubscription
            && self.consumption_percentage.is_some()
        {
            let rule = "must be absent for GRANT_PRORATED on an auto-renewable subscription";
            return Err(InvalidRequest::rule(PERCENTAGE, rule));
        }
        self.refund_preference = Some(refund_preference);
        Ok(self)
    }

    /// The product type is not part of the request, so its rule cannot be checked here.
    fn check(&self) -> Result<(), InvalidRequest> {
        if !self.customer_consented {
            return Err(InvalidRequest::rule("customerConsented", "must be true"));
        }
        if self.delivery_status != DeliveryStatus::Delivered
            && self.consumption_percentage != NOTHING
        {
            let rule = "must be 0 where deliveryStatus is not DELIVERED";
            return Err(InvalidRequest::rule(PERCENTAGE, rule));
        }
        Ok(())
    }
}

checked_when_read!(ConsumptionRequest);

/// Whether the customer got what was bought, and how much of it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// Delivered and works; how much of it was used is not said.
    Delivered,
    /// Delivered and works; the customer used this share of it.
    Consumed(ConsumptionPercentage),
    /// Not delivered, or it does not work.
    QualityIssue,
    /// Something else was delivered.
    WrongItem,
    /// Not delivered, since a server was down.
    ServerOutage,
    /// Not delivered for another reason.
    OtherProblem,
}

/// How much of a purchase the customer has used.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/consumptionpercentage)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ConsumptionPercentage(u32);

impl ConsumptionPercentage {
    /// From whole percent, 0 to 100.
    ///
    /// # Errors
    ///
    /// When the number is larger.
    pub fn from_percent(percent: u32) -> Result<Self, InvalidRequest> {
        Self::from_milliunits(percent.saturating_mul(MILLIUNITS_PER_PERCENT))
    }

    /// From thousandths of a percent, 0 to 100,000: 50,000 is 50 %.
    ///
    /// # Errors
    ///
    /// When the number is larger.
    pub fn from_milliunits(milliunits: u32) -> Result<Self, InvalidRequest> {
        check_range(PERCENTAGE, milliunits, 0, MAX_MILLIUNITS)?;
        Ok(Self(milliunits))
    }

    /// The share in thousandths of a percent.
    #[must_use]
    pub const fn milliunits(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for ConsumptionPercentage {
    type Error = InvalidRequest;

    fn try_from(milliunits: u32) -> Result<Self, InvalidRequest> {
        Self::from_milliunits(milliunits)
    }
}

impl From<ConsumptionPercentage> for u32 {
    fn from(share: ConsumptionPercentage) -> Self {
        share.0
    }
}

flag! {
    /// Whether the customer could try the content, or was told what it does, before the purchase.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/samplecontentprovided)
    pub enum SampleContent {
        /// There was a free sample, a trial, or information.
        Provided = true,
        /// There was none.
        NotProvided = false,
    }
}

open_enum! {
    /// Whether the customer got what was bought.
    ///
    /// The older [`ConsumptionRequestV1`](super::ConsumptionRequestV1) has numbers of its own:
    /// [`DeliveryStatusV1`](super::DeliveryStatusV1).
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/deliverystatus)
    pub enum DeliveryStatus: str {
        /// Delivered, and it works.
        Delivered = "DELIVERED",
        /// Not delivered for another reason.
        UndeliveredOther = "UNDELIVERED_OTHER",
        /// Not delivered, or it does not work.
        UndeliveredQualityIssue = "UNDELIVERED_QUALITY_ISSUE",
        /// Not delivered, since a server was down.
        UndeliveredServerOutage = "UNDELIVERED_SERVER_OUTAGE",
        /// Something else was delivered.
        UndeliveredWrongItem = "UNDELIVERED_WRONG_ITEM",
    }
}

open_enum! {
    /// What you would like the App Store to decide on a refund.
    ///
    /// The older [`ConsumptionRequestV1`](super::ConsumptionRequestV1) has numbers of its own:
    /// [`RefundPreferenceV1`](super::RefundPreferenceV1).
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/refundpreference)
    pub enum RefundPreference: str {
        /// No refund.
        Decline = "DECLINE",
        /// The whole price.
        GrantFull = "GRANT_FULL",
        /// The share of the price for what was not used.
        GrantProrated = "GRANT_PRORATED",
    }
}

const PERCENTAGE: &str = "consumptionPercentage";

/// What Apple demands for something that was not delivered.
const NOTHING: Option<ConsumptionPercentage> = Some(ConsumptionPercentage(0));

/// Apple counts in thousandths.
const MILLIUNITS_PER_PERCENT: u32 = 1_000;

/// One hundred percent.
const MAX_MILLIUNITS: i64 = 100_000;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::InvalidReason;

    fn share(milliunits: u32) -> ConsumptionPercentage {
        ConsumptionPercentage::from_milliunits(milliunits).unwrap()
    }

    fn json_of(request: &ConsumptionRequest) -> Value {
        serde_json::to_value(request).unwrap()
    }

    #[test]
    fn only_what_was_said_is_sent() {
        let request =
            ConsumptionRequest::with_customer_consent(Delivery::Delivered, SampleContent::Provided);
        assert_eq!(
            json_of(&request),
            json!({
                "customerConsented": true,
                "deliveryStatus": "DELIVERED",
                "sampleContentProvided": true,
            })
        );
    }

    #[test]
    fn everything_that_was_said_is_sent() {
        let request = ConsumptionRequest::with_customer_consent(
            Delivery::Consumed(share(12_345)),
            SampleContent::NotProvided,
        )
        .with_refund_preference(RefundPreference::GrantFull, &ProductType::NonConsumable)
        .unwrap();
        let sample = json!({
            "customerConsented": true,
            "consumptionPercentage": 12_345,
            "deliveryStatus": "DELIVERED",
            "refundPreference": "GRANT_FULL",
            "sampleContentProvided": false,
        });
        assert_eq!(json_of(&request), sample);
        let read: ConsumptionRequest = serde_json::from_value(sample).unwrap();
        assert_eq!(read, request);
    }

    #[test]
    fn of_what_was_not_delivered_nothing_was_consumed() {
        for (delivery, status) in [
            (Delivery::QualityIssue, "UNDELIVERED_QUALITY_ISSUE"),
            (Delivery::WrongItem, "UNDELIVERED_WRONG_ITEM"),
            (Delivery::ServerOutage, "UNDELIVERED_SERVER_OUTAGE"),
            (Delivery::OtherProblem, "UNDELIVERED_OTHER"),
        ] {
            let request =
                ConsumptionRequest::with_customer_consent(delivery, SampleContent::Provided);
            assert_eq!(
                json_of(&request),
                json!({
                    "customerConsented": true,
                    "consumptionPercentage": 0,
                    "deliveryStatus": status,
                    "sampleContentProvided": true,
                })
            );
        }
    }

    #[test]
    fn apple_prorates_a_subscription_that_renews_by_itself_and_wants_no_percentage() {
        let ask = |delivery, preference, product: &ProductType| {
            ConsumptionRequest::with_customer_consent(delivery, SampleContent::Provided)
                .with_refund_preference(preference, product)
        };
        let renewable = &ProductType::AutoRenewableSubscription;
        let prorated = RefundPreference::GrantProrated;

        for delivery in [
            Delivery::Consumed(share(0)),
            Delivery::Consumed(share(50_000)),
            Delivery::ServerOutage,
        ] {
            let error = ask(delivery, prorated.clone(), renewable).unwrap_err();
            assert_eq!(error.member, "consumptionPercentage");
            assert!(matches!(error.reason, InvalidReason::Rule(_)));

            assert!(ask(delivery, RefundPreference::GrantFull, renewable).is_ok());
            assert!(ask(delivery, RefundPreference::Decline, renewable).is_ok());
            for product in [
                ProductType::Consumable,
                ProductType::NonConsumable,
                ProductType::NonRenewingSubscription,
            ] {
                assert!(ask(delivery, prorated.clone(), &product).is_ok());
            }
        }
        let request = ask(Delivery::Delivered, prorated, renewable).unwrap();
        assert_eq!(json_of(&request)["refundPreference"], "GRANT_PRORATED");
        assert_eq!(json_of(&request).get("consumptionPercentage"), None);
    }

    #[test]
    fn a_percentage_reaches_from_nothing_to_all() {
        assert_eq!(share(0).milliunits(), 0);
        assert_eq!(share(100_000).milliunits(), 100_000);
        assert_eq!(
            ConsumptionPercentage::from_percent(100).unwrap(),
            share(100_000)
        );
        for found in [100_001, u32::MAX] {
            assert_eq!(
                ConsumptionPercentage::from_milliunits(found)
                    .unwrap_err()
                    .reason,
                InvalidReason::OutOfRange {
                    found: found.into(),
                    min: 0,
                    max: 100_000
                }
            );
        }
        for percent in [101, u32::MAX] {
            assert!(ConsumptionPercentage::from_percent(percent).is_err());
        }
    }

    #[test]
    fn a_request_that_apple_would_refuse_cannot_be_read_either() {
        let valid = json!({
            "customerConsented": true,
            "consumptionPercentage": 0,
            "deliveryStatus": "UNDELIVERED_OTHER",
            "sampleContentProvided": true,
        });
        assert!(serde_json::from_value::<ConsumptionRequest>(valid.clone()).is_ok());
        for (member, value) in [
            ("customerConsented", json!(false)),
            ("customerConsented", Value::Null),
            ("consumptionPercentage", json!(1)),
            ("consumptionPercentage", Value::Null),
            ("consumptionPercentage", json!(-1)),
            ("consumptionPercentage", json!(100_001)),
            ("deliveryStatus", Value::Null),
            ("deliveryStatus", json!(0)),
            ("sampleContentProvided", json!("true")),
        ] {
            let mut wrong = valid.clone();
            wrong[member] = value;
            assert!(
                serde_json::from_value::<ConsumptionRequest>(wrong).is_err(),
                "{member}"
            );
        }
    }
}
