//! Which one-time products are for sale, to keep or to rent?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts)

use iap_core::{AppId, ProductId, open_enum};

use super::{
    subscription::{OfferTag, RegionsVersion, RestrictedPaymentCountries},
    tax::{OneTimeProductTaxAndComplianceSettings, PurchaseOptionTaxAndComplianceSettings},
};
use crate::model::{
    money::Money,
    wire::{model, or_default},
};

model! {
    /// A one-time product for sale, with the ways to buy it.
    pub struct OneTimeProduct {
        /// The app.
        pub package_name: Option<AppId>,
        /// The product.
        pub product_id: Option<ProductId>,
        /// Its texts, one entry for each language.
        #[serde(deserialize_with = "or_default")]
        pub listings: Vec<OneTimeProductListing>,
        /// The ways to buy it.
        #[serde(deserialize_with = "or_default")]
        pub purchase_options: Vec<OneTimeProductPurchaseOption>,
        /// How it is taxed.
        pub tax_and_compliance_settings: Option<OneTimeProductTaxAndComplianceSettings>,
        /// The countries in which only payment methods of the country are accepted.
        pub restricted_payment_countries: Option<RestrictedPaymentCountries>,
        /// The list of regions that its prices were set for.
        pub regions_version: Option<RegionsVersion>,
        /// Tags that the developer set.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<OfferTag>,
    }

    /// The texts of a one-time product in one language.
    pub struct OneTimeProductListing {
        /// The language, by its BCP 47 code such as `en-US`.
        pub language_code: Option<String>,
        /// The name.
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
    }

    /// A way to buy a product: to keep, or to rent.
    pub struct OneTimeProductPurchaseOption {
        /// Its identifier within the product.
        pub purchase_option_id: Option<String>,
        /// Whether it can be used.
        pub state: Option<OneTimeProductPurchaseOptionState>,
        /// More, if it is to keep.
        pub buy_option: Option<OneTimeProductBuyPurchaseOption>,
        /// More, if it is to rent.
        pub rent_option: Option<OneTimeProductRentPurchaseOption>,
        /// Its prices, one entry for each region.
        #[serde(deserialize_with = "or_default")]
        pub regional_pricing_and_availability_configs:
            Vec<OneTimeProductPurchaseOptionRegionalPricingAndAvailabilityConfig>,
        /// Its prices in regions that Google Play comes to later.
        pub new_regions_config: Option<OneTimeProductPurchaseOptionNewRegionsConfig>,
        /// How it is taxed.
        pub tax_and_compliance_settings: Option<PurchaseOptionTaxAndComplianceSettings>,
        /// Tags that the developer set.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<OfferTag>,
    }

    /// A product to keep.
    pub struct OneTimeProductBuyPurchaseOption {
        /// Whether old versions of the billing library sell it.
        #[serde(deserialize_with = "or_default")]
        pub legacy_compatible: bool,
        /// Whether several can be bought at once.
        #[serde(deserialize_with = "or_default")]
        pub multi_quantity_enabled: bool,
    }

    /// A product to rent. Durations are ISO 8601, such as `P30D`.
    pub struct OneTimeProductRentPurchaseOption {
        /// How long it is rented from the purchase on.
        pub rental_period: Option<String>,
        /// How long it is rented from the first use on.
        pub expiration_period: Option<String>,
    }

    /// A way to buy a product in one region.
    pub struct OneTimeProductPurchaseOptionRegionalPricingAndAvailabilityConfig {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// Whether it can be used there.
        pub availability: Option<Availability>,
        /// The price there.
        pub price: Option<Money>,
    }

    /// A way to buy a product in regions that Google Play comes to later.
    pub struct OneTimeProductPurchaseOptionNewRegionsConfig {
        /// Whether it can be used there.
        pub availability: Option<Availability>,
        /// The price in dollars.
        pub usd_price: Option<Money>,
        /// The price in euros.
        pub eur_price: Option<Money>,
    }

    /// A page of one-time products.
    pub struct ListOneTimeProductsResponse {
        /// The products.
        #[serde(deserialize_with = "or_default")]
        pub one_time_products: Vec<OneTimeProduct>,
        /// What to ask for the next page with; missing on the last one.
        pub next_page_token: Option<String>,
    }

    /// Several one-time products.
    pub struct BatchGetOneTimeProductsResponse {
        /// The products.
        #[serde(deserialize_with = "or_default")]
        pub one_time_products: Vec<OneTimeProduct>,
    }
}

open_enum! {
    /// Whether a way to buy a product can be used.
    pub enum OneTimeProductPurchaseOptionState: str {
        /// Not said.
        Unspecified = "STATE_UNSPECIFIED",
        /// It never could.
        Draft = "DRAFT",
        /// It can.
        Active = "ACTIVE",
        /// It no longer can.
        Inactive = "INACTIVE",
        /// It no longer can, and old versions of the billing library still see it.
        InactivePublished = "INACTIVE_PUBLISHED",
    }
}

open_enum! {
    /// Whether something can be bought in a region.
    pub enum Availability: str {
        /// Not said.
        Unspecified = "AVAILABILITY_UNSPECIFIED",
        /// It can.
        Available = "AVAILABLE",
        /// It no longer can.
        NoLongerAvailable = "NO_LONGER_AVAILABLE",
        /// It can once a pre-order is released.
        AvailableIfReleased = "AVAILABLE_IF_RELEASED",
        /// Only through an offer.
        AvailableForOffersOnly = "AVAILABLE_FOR_OFFERS_ONLY",
    }
}
