//! For which customers does a subscription cost less, and for how long?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions.basePlans.offers)

use iap_core::{AppId, OfferId, ProductId, open_enum};

use super::subscription::OfferTag;
use crate::model::{
    money::Money,
    wire::{int32, model, or_default},
};

model! {
    /// An offer for a base plan of a subscription.
    pub struct SubscriptionOffer {
        /// The app.
        pub package_name: Option<AppId>,
        /// The subscription.
        pub product_id: Option<ProductId>,
        /// The base plan.
        pub base_plan_id: Option<String>,
        /// Its identifier within the base plan.
        pub offer_id: Option<OfferId>,
        /// Whether it can be bought.
        pub state: Option<SubscriptionOfferState>,
        /// Its steps, one after the other: up to two.
        #[serde(deserialize_with = "or_default")]
        pub phases: Vec<SubscriptionOfferPhase>,
        /// Who may have it; whoever the app decides, if missing.
        pub targeting: Option<SubscriptionOfferTargeting>,
        /// Where it can be bought, one entry for each region.
        #[serde(deserialize_with = "or_default")]
        pub regional_configs: Vec<RegionalSubscriptionOfferConfig>,
        /// Whether it can be bought in regions that Google Play comes to later.
        pub other_regions_config: Option<OtherRegionsSubscriptionOfferConfig>,
        /// Tags that the developer set.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<OfferTag>,
    }

    /// A step of an offer.
    pub struct SubscriptionOfferPhase {
        /// For how many periods it applies.
        #[serde(with = "int32")]
        pub recurrence_count: Option<i32>,
        /// How long a period is, as an ISO 8601 duration such as `P1M`.
        pub duration: Option<String>,
        /// Its prices, one entry for each region.
        #[serde(deserialize_with = "or_default")]
        pub regional_configs: Vec<RegionalSubscriptionOfferPhaseConfig>,
        /// Its prices in regions that Google Play comes to later.
        pub other_regions_config: Option<OtherRegionsSubscriptionOfferPhaseConfig>,
    }

    /// The price of a step in one region: one of the four.
    pub struct RegionalSubscriptionOfferPhaseConfig {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// The price.
        pub price: Option<Money>,
        /// By which share the price is lower: 0.25 is a quarter.
        pub relative_discount: Option<f64>,
        /// By how much the price is lower.
        pub absolute_discount: Option<Money>,
        /// That it is free.
        pub free: Option<RegionalSubscriptionOfferPhaseFreePriceOverride>,
    }

    /// The mark of a step that is free. Being there is all it says.
    pub struct RegionalSubscriptionOfferPhaseFreePriceOverride {}

    /// The price of a step in regions that Google Play comes to later: one of the four.
    pub struct OtherRegionsSubscriptionOfferPhaseConfig {
        /// The prices.
        pub other_regions_prices: Option<OtherRegionsSubscriptionOfferPhasePrices>,
        /// By which share the price is lower: 0.25 is a quarter.
        pub relative_discount: Option<f64>,
        /// By how much the price is lower.
        pub absolute_discounts: Option<OtherRegionsSubscriptionOfferPhasePrices>,
        /// That it is free.
        pub free: Option<OtherRegionsSubscriptionOfferPhaseFreePriceOverride>,
    }

    /// The mark of a step that is free. Being there is all it says.
    pub struct OtherRegionsSubscriptionOfferPhaseFreePriceOverride {}

    /// Amounts for regions that Google Play comes to later.
    pub struct OtherRegionsSubscriptionOfferPhasePrices {
        /// In dollars.
        pub usd_price: Option<Money>,
        /// In euros.
        pub eur_price: Option<Money>,
    }

    /// Who may have an offer: one of these.
    pub struct SubscriptionOfferTargeting {
        /// New customers.
        pub acquisition_rule: Option<AcquisitionTargetingRule>,
        /// Customers who change their plan.
        pub upgrade_rule: Option<UpgradeTargetingRule>,
    }

    /// Who is a new customer.
    pub struct AcquisitionTargetingRule {
        /// Who never had a subscription of this scope.
        pub scope: Option<TargetingRuleScope>,
    }

    /// Who changes their plan.
    pub struct UpgradeTargetingRule {
        /// Who has a subscription of this scope.
        pub scope: Option<TargetingRuleScope>,
        /// And whose periods are this long, as an ISO 8601 duration such as `P1M`.
        pub billing_period_duration: Option<String>,
        /// Whether a customer can have it once only.
        #[serde(deserialize_with = "or_default")]
        pub once_per_user: bool,
    }

    /// Which subscriptions a rule looks at: one of these.
    pub struct TargetingRuleScope {
        /// This one.
        pub this_subscription: Option<TargetingRuleScopeThisSubscription>,
        /// Any one of the app.
        pub any_subscription_in_app: Option<TargetingRuleScopeAnySubscriptionInApp>,
        /// The one with this product id.
        pub specific_subscription_in_app: Option<ProductId>,
    }

    /// The mark of the subscription of the offer. Being there is all it says.
    pub struct TargetingRuleScopeThisSubscription {}

    /// The mark of any subscription. Being there is all it says.
    pub struct TargetingRuleScopeAnySubscriptionInApp {}

    /// An offer in one region.
    pub struct RegionalSubscriptionOfferConfig {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// Whether it can be bought there.
        #[serde(deserialize_with = "or_default")]
        pub new_subscriber_availability: bool,
    }

    /// An offer in regions that Google Play comes to later.
    pub struct OtherRegionsSubscriptionOfferConfig {
        /// Whether it can be bought there.
        #[serde(deserialize_with = "or_default")]
        pub other_regions_new_subscriber_availability: bool,
    }

    /// A page of offers.
    pub struct ListSubscriptionOffersResponse {
        /// The offers.
        #[serde(deserialize_with = "or_default")]
        pub subscription_offers: Vec<SubscriptionOffer>,
        /// What to ask for the next page with; missing on the last one.
        pub next_page_token: Option<String>,
    }

    /// Asks for several offers.
    pub struct BatchGetSubscriptionOffersRequest {
        /// Which ones: up to 100.
        #[serde(deserialize_with = "or_default")]
        pub requests: Vec<GetSubscriptionOfferRequest>,
    }

    /// Names an offer.
    pub struct GetSubscriptionOfferRequest {
        /// The app; the client sets it.
        pub package_name: Option<AppId>,
        /// The subscription.
        pub product_id: Option<ProductId>,
        /// The base plan.
        pub base_plan_id: Option<String>,
        /// The offer.
        pub offer_id: Option<OfferId>,
    }

    /// Several offers.
    pub struct BatchGetSubscriptionOffersResponse {
        /// The offers.
        #[serde(deserialize_with = "or_default")]
        pub subscription_offers: Vec<SubscriptionOffer>,
    }
}

impl GetSubscriptionOfferRequest {
    /// The offer `offer_id` of a base plan of a subscription.
    #[must_use]
    pub fn new(
        product_id: impl Into<ProductId>,
        base_plan_id: impl Into<String>,
        offer_id: impl Into<OfferId>,
    ) -> Self {
        Self {
            product_id: Some(product_id.into()),
            base_plan_id: Some(base_plan_id.into()),
            offer_id: Some(offer_id.into()),
            ..Self::default()
        }
    }
}

open_enum! {
    /// Whether an offer of a subscription can be bought.
    pub enum SubscriptionOfferState: str {
        /// Not said.
        Unspecified = "STATE_UNSPECIFIED",
        /// It has never been for sale.
        Draft = "DRAFT",
        /// For sale, if its base plan is.
        Active = "ACTIVE",
        /// Only for those who have it.
        Inactive = "INACTIVE",
    }
}
