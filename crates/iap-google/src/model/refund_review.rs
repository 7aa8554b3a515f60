//! What does a server tell Google about a refund that Google is about to decide?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders/reviewrefund)

use iap_core::{Timestamp, open_enum};
use serde::{Deserialize, Serialize};

use super::{
    hidden::HiddenText,
    wire::{int32, model, or_default},
};

model! {
    /// Answers a pending refund, within 24 hours of its notification. The first answer counts.
    pub struct OrdersReviewRefundRequest {
        /// The token of the notification.
        pub pending_refund_token: Option<HiddenText>,
        /// Whether the customer could try the product before buying; Google demands an answer.
        pub sample_content_provided: Option<SampleContent>,
        /// What the developer would like.
        pub refund_preference: Option<RefundPreference>,
        /// How much of the product was used, in thousandths of a per cent: 45200 is 45.2 %.
        #[serde(with = "int32")]
        pub consumption_percentage_milliunits: Option<i32>,
        /// When and where it was used; up to 1000 entries.
        #[serde(deserialize_with = "or_default")]
        pub consumption_usage_events: Vec<ConsumptionUsageEvent>,
    }

    /// One use of a product.
    pub struct ConsumptionUsageEvent {
        /// What was used; up to 5000 characters.
        pub consumption_item_description: Option<String>,
        /// When.
        pub consumption_time: Option<Timestamp>,
        /// From which address.
        pub ip_address: Option<HiddenText>,
        /// From where.
        pub location: Option<CoarseLocation>,
        /// By which account of the app's own system, obfuscated as when buying.
        pub obfuscated_account_id: Option<String>,
        /// By which profile within that account, obfuscated as when buying.
        pub obfuscated_profile_id: Option<String>,
    }

    /// Roughly where somebody was.
    pub struct CoarseLocation {
        /// The country, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// The state or province.
        pub administrative_area: Option<HiddenText>,
        /// The town.
        pub locality: Option<HiddenText>,
        /// The part of the town.
        pub sublocality: Option<HiddenText>,
    }
}

impl OrdersReviewRefundRequest {
    /// Answers the notification with this token.
    #[must_use]
    pub fn new(
        pending_refund_token: impl Into<HiddenText>,
        refund_preference: RefundPreference,
        sample_content_provided: SampleContent,
    ) -> Self {
        Self {
            pending_refund_token: Some(pending_refund_token.into()),
            refund_preference: Some(refund_preference),
            sample_content_provided: Some(sample_content_provided),
            ..Self::default()
        }
    }
}

/// Whether the customer could try the product before buying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
#[expect(clippy::exhaustive_enums, reason = "a truth value has two sides")]
pub enum SampleContent {
    /// There was no sample, trial or demonstration.
    NotProvided,
    /// There was a sample, trial or demonstration.
    Provided,
}

impl From<bool> for SampleContent {
    fn from(provided: bool) -> Self {
        if provided {
            Self::Provided
        } else {
            Self::NotProvided
        }
    }
}

impl From<SampleContent> for bool {
    fn from(sample_content: SampleContent) -> Self {
        sample_content == SampleContent::Provided
    }
}

open_enum! {
    /// What a developer would like to come of a refund.
    pub enum RefundPreference: str {
        /// Not said.
        Unspecified = "REFUND_PREFERENCE_UNSPECIFIED",
        /// No refund.
        Decline = "DECLINE",
        /// A full refund.
        Approve = "APPROVE",
        /// Whatever Google decides.
        Neutral = "NEUTRAL",
    }
}
