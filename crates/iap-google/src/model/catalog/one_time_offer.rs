//! When does a one-time product cost less, or can be ordered before its release?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts.purchaseOptions.offers)

use iap_core::{AppId, OfferId, ProductId, Timestamp, open_enum};

use super::{
    one_time_product::Availability,
    subscription::{OfferTag, RegionsVersion},
};
use crate::model::{
    money::Money,
    wire::{int64, model, or_default},
};

model! {
    /// An offer for a way to buy a one-time product. Of the three types it has one.
    pub struct OneTimeProductOffer {
        /// The app.
        pub package_name: Option<AppId>,
        /// The product.
        pub product_id: Option<ProductId>,
        /// The purchase option.
        pub purchase_option_id: Option<String>,
        /// Its identifier within the purchase option.
        pub offer_id: Option<OfferId>,
        /// Whether it can be used.
        pub state: Option<OneTimeProductOfferState>,
        /// That it lowers the price.
        pub discounted_offer: Option<OneTimeProductDiscountedOffer>,
        /// That it can be ordered before its release.
        pub pre_order_offer: Option<OneTimeProductPreOrderOffer>,
        /// That it is a reward in a game. Since 2026.
        pub game_reward_offer: Option<OneTimeProductGameRewardOffer>,
        /// Its prices, one entry for each region.
        #[serde(deserialize_with = "or_default")]
        pub regional_pricing_and_availability_configs:
            Vec<OneTimeProductOfferRegionalPricingAndAvailabilityConfig>,
        /// The list of regions that its prices were set for.
        pub regions_version: Option<RegionsVersion>,
        /// Tags that the developer set.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<OfferTag>,
    }

    /// A lower price for some time.
    pub struct OneTimeProductDiscountedOffer {
        /// When it begins.
        pub start_time: Option<Timestamp>,
        /// When it ends.
        pub end_time: Option<Timestamp>,
        /// How often a customer can have it; always, if missing.
        #[serde(with = "int64")]
        pub redemption_limit: Option<i64>,
    }

    /// An order before the release.
    pub struct OneTimeProductPreOrderOffer {
        /// From when on it can be ordered.
        pub start_time: Option<Timestamp>,
        /// Until when it can be ordered.
        pub end_time: Option<Timestamp>,
        /// When it is released.
        pub release_time: Option<Timestamp>,
        /// What a change of the price before the release means.
        pub price_change_behavior: Option<PreOrderPriceChangeBehavior>,
    }

    /// A reward in a game.
    pub struct OneTimeProductGameRewardOffer {
        /// How often a customer can have it; always, if missing.
        #[serde(with = "int64")]
        pub redemption_limit: Option<i64>,
    }

    /// An offer in one region. Of the three prices it has one.
    pub struct OneTimeProductOfferRegionalPricingAndAvailabilityConfig {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// Whether it can be used there.
        pub availability: Option<Availability>,
        /// By how much the price is lower.
        pub absolute_discount: Option<Money>,
        /// By which share the price is lower: 0.25 is a quarter.
        pub relative_discount: Option<f64>,
        /// That the price is that of the purchase option.
        pub no_override: Option<OneTimeProductOfferNoPriceOverrideOptions>,
    }

    /// The mark of a price that stays. Being there is all it says.
    pub struct OneTimeProductOfferNoPriceOverrideOptions {}

    /// A page of offers.
    pub struct ListOneTimeProductOffersResponse {
        /// The offers.
        #[serde(deserialize_with = "or_default")]
        pub one_time_product_offers: Vec<OneTimeProductOffer>,
        /// What to ask for the next page with; missing on the last one.
        pub next_page_token: Option<String>,
    }

    /// Asks for several offers.
    pub struct BatchGetOneTimeProductOffersRequest {
        /// Which ones: up to 100.
        #[serde(deserialize_with = "or_default")]
        pub requests: Vec<GetOneTimeProductOfferRequest>,
    }

    /// Names an offer.
    pub struct GetOneTimeProductOfferRequest {
        /// The app; the client sets it.
        pub package_name: Option<AppId>,
        /// The product.
        pub product_id: Option<ProductId>,
        /// The purchase option.
        pub purchase_option_id: Option<String>,
        /// The offer.
        pub offer_id: Option<OfferId>,
    }

    /// Several offers.
    pub struct BatchGetOneTimeProductOffersResponse {
        /// The offers.
        #[serde(deserialize_with = "or_default")]
        pub one_time_product_offers: Vec<OneTimeProductOffer>,
    }
}

impl GetOneTimeProductOfferRequest {
    /// The offer `offer_id` of a purchase option of a product.
    #[must_use]
    pub fn new(
        product_id: impl Into<ProductId>,
        purchase_option_id: impl Into<String>,
        offer_id: impl Into<OfferId>,
    ) -> Self {
        Self {
            product_id: Some(product_id.into()),
            purchase_option_id: Some(purchase_option_id.into()),
            offer_id: Some(offer_id.into()),
            ..Self::default()
        }
    }
}

open_enum! {
    /// Whether an offer of a one-time product can be used.
    pub enum OneTimeProductOfferState: str {
        /// Not said.
        Unspecified = "STATE_UNSPECIFIED",
        /// It never could.
        Draft = "DRAFT",
        /// It can, while its conditions hold.
        Active = "ACTIVE",
        /// A pre-order that was called off, with all orders.
        Cancelled = "CANCELLED",
        /// A discount or reward that is over.
        Inactive = "INACTIVE",
    }
}

open_enum! {
    /// What a change of the price before the release means for those who ordered.
    pub enum PreOrderPriceChangeBehavior: str {
        /// Not said.
        Unspecified = "PRE_ORDER_PRICE_CHANGE_BEHAVIOR_UNSPECIFIED",
        /// They pay the lower one of the prices on the days of order and release.
        TwoPointLowest = "PRE_ORDER_PRICE_CHANGE_BEHAVIOR_TWO_POINT_LOWEST",
        /// They pay the price of the day of order.
        NewOrdersOnly = "PRE_ORDER_PRICE_CHANGE_BEHAVIOR_NEW_ORDERS_ONLY",
    }
}
