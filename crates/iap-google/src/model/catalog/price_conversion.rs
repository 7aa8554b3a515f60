//! What does one price become in every region?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization/convertRegionPrices)

use std::collections::BTreeMap;

use super::subscription::RegionsVersion;
use crate::model::{
    money::Money,
    wire::{model, or_default},
};

model! {
    /// Asks what a price becomes in every region, at the exchange rates of the day.
    pub struct ConvertRegionPricesRequest {
        /// The price, without tax.
        pub price: Option<Money>,
        /// The tax category of the product.
        pub product_tax_category_code: Option<String>,
    }

    /// What a price becomes in every region.
    pub struct ConvertRegionPricesResponse {
        /// The prices, by region.
        #[serde(deserialize_with = "or_default")]
        pub converted_region_prices: BTreeMap<String, ConvertedRegionPrice>,
        /// The prices for regions that Google Play comes to later.
        pub converted_other_regions_price: Option<ConvertedOtherRegionsPrice>,
        /// The list of regions that was used.
        pub region_version: Option<RegionsVersion>,
    }

    /// A price in one region.
    pub struct ConvertedRegionPrice {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// The price there, tax included.
        pub price: Option<Money>,
        /// The tax in it.
        pub tax_amount: Option<Money>,
    }

    /// Prices for regions that Google Play comes to later.
    pub struct ConvertedOtherRegionsPrice {
        /// In dollars.
        pub usd_price: Option<Money>,
        /// In euros.
        pub eur_price: Option<Money>,
    }
}

impl ConvertRegionPricesRequest {
    /// Asks about this price, without tax.
    #[must_use]
    pub fn new(price: impl Into<Money>) -> Self {
        Self {
            price: Some(price.into()),
            ..Self::default()
        }
    }
}
