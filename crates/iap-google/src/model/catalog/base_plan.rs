//! In which ways is a subscription paid, and for how much in each region?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions#baseplan)

use iap_core::open_enum;

use super::subscription::OfferTag;
use crate::model::{
    money::Money,
    wire::{int32, model, or_default},
};

model! {
    /// A way to pay for a subscription. Of the three types it has one.
    pub struct BasePlan {
        /// Its identifier within the subscription.
        pub base_plan_id: Option<String>,
        /// Whether it can be bought.
        pub state: Option<BasePlanState>,
        /// That it renews.
        pub auto_renewing_base_plan_type: Option<AutoRenewingBasePlanType>,
        /// That it is prepaid.
        pub prepaid_base_plan_type: Option<PrepaidBasePlanType>,
        /// That it is paid in instalments.
        pub installments_base_plan_type: Option<InstallmentsBasePlanType>,
        /// Its prices, one entry for each region; about 170 in real life.
        #[serde(deserialize_with = "or_default")]
        pub regional_configs: Vec<RegionalBasePlanConfig>,
        /// Its prices in regions that Google Play comes to later.
        pub other_regions_config: Option<OtherRegionsBasePlanConfig>,
        /// Tags that the developer set.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<OfferTag>,
    }

    /// A plan that renews until it is cancelled. Durations are ISO 8601, such as `P1M` or `P3D`.
    pub struct AutoRenewingBasePlanType {
        /// How long a period is.
        pub billing_period_duration: Option<String>,
        /// How long access goes on after a failed renewal.
        pub grace_period_duration: Option<String>,
        /// How long a subscription is on hold after that.
        pub account_hold_duration: Option<String>,
        /// Whether a customer may buy it again in Google Play after its end.
        pub resubscribe_state: Option<ResubscribeState>,
        /// What a change to this plan within Google Play costs.
        pub proration_mode: Option<SubscriptionProrationMode>,
        /// Whether old versions of the billing library sell this plan.
        #[serde(deserialize_with = "or_default")]
        pub legacy_compatible: bool,
        /// The offer that old versions of the billing library sell.
        pub legacy_compatible_subscription_offer_id: Option<String>,
    }

    /// A plan that is paid in advance and topped up.
    pub struct PrepaidBasePlanType {
        /// How long a payment lasts, as an ISO 8601 duration such as `P7D`.
        pub billing_period_duration: Option<String>,
        /// Whether a customer may top it up in Google Play.
        pub time_extension: Option<TimeExtension>,
    }

    /// A plan with a commitment to a number of payments. Durations are ISO 8601.
    pub struct InstallmentsBasePlanType {
        /// How long a period is.
        pub billing_period_duration: Option<String>,
        /// How many payments a customer commits to.
        #[serde(with = "int32")]
        pub committed_payments_count: Option<i32>,
        /// What comes after the commitment.
        pub renewal_type: Option<RenewalType>,
        /// How long access goes on after a failed payment.
        pub grace_period_duration: Option<String>,
        /// How long a subscription is on hold after that.
        pub account_hold_duration: Option<String>,
        /// Whether a customer may buy it again in Google Play after its end.
        pub resubscribe_state: Option<ResubscribeState>,
        /// What a change to this plan within Google Play costs.
        pub proration_mode: Option<SubscriptionProrationMode>,
    }

    /// A plan in one region.
    pub struct RegionalBasePlanConfig {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// Whether it can be bought there.
        #[serde(deserialize_with = "or_default")]
        pub new_subscriber_availability: bool,
        /// The price there.
        pub price: Option<Money>,
    }

    /// A plan in regions that Google Play comes to later.
    pub struct OtherRegionsBasePlanConfig {
        /// The price in dollars.
        pub usd_price: Option<Money>,
        /// The price in euros.
        pub eur_price: Option<Money>,
        /// Whether it can be bought there.
        #[serde(deserialize_with = "or_default")]
        pub new_subscriber_availability: bool,
    }
}

open_enum! {
    /// Whether a base plan can be bought.
    pub enum BasePlanState: str {
        /// Not said.
        Unspecified = "STATE_UNSPECIFIED",
        /// It has never been for sale.
        Draft = "DRAFT",
        /// For sale.
        Active = "ACTIVE",
        /// Only for those who have it.
        Inactive = "INACTIVE",
    }
}

open_enum! {
    /// Whether a customer may buy a subscription again in Google Play after its end.
    pub enum ResubscribeState: str {
        /// Not said.
        Unspecified = "RESUBSCRIBE_STATE_UNSPECIFIED",
        /// They may; the default.
        Active = "RESUBSCRIBE_STATE_ACTIVE",
        /// They may not.
        Inactive = "RESUBSCRIBE_STATE_INACTIVE",
    }
}

open_enum! {
    /// What a change to a plan costs when it is made within Google Play.
    pub enum SubscriptionProrationMode: str {
        /// Not said.
        Unspecified = "SUBSCRIPTION_PRORATION_MODE_UNSPECIFIED",
        /// The new price is charged when the present period ends; the default.
        ChargeOnNextBillingDate = "SUBSCRIPTION_PRORATION_MODE_CHARGE_ON_NEXT_BILLING_DATE",
        /// The new price is charged in full at once; what is left of the old plan becomes time.
        ChargeFullPriceImmediately = "SUBSCRIPTION_PRORATION_MODE_CHARGE_FULL_PRICE_IMMEDIATELY",
    }
}

open_enum! {
    /// Whether a customer may top up a prepaid plan in Google Play.
    pub enum TimeExtension: str {
        /// Not said.
        Unspecified = "TIME_EXTENSION_UNSPECIFIED",
        /// They may; the default.
        Active = "TIME_EXTENSION_ACTIVE",
        /// They may not.
        Inactive = "TIME_EXTENSION_INACTIVE",
    }
}

open_enum! {
    /// What comes after a commitment.
    pub enum RenewalType: str {
        /// Not said.
        Unspecified = "RENEWAL_TYPE_UNSPECIFIED",
        /// It renews without a commitment.
        RenewsWithoutCommitment = "RENEWAL_TYPE_RENEWS_WITHOUT_COMMITMENT",
        /// Another commitment of the same length.
        RenewsWithCommitment = "RENEWAL_TYPE_RENEWS_WITH_COMMITMENT",
    }
}
