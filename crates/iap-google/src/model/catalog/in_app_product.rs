//! What did the older catalogue of one-time products look like? Newer code reads `OneTimeProduct`.
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/inappproducts)

use std::collections::BTreeMap;

use iap_core::{AppId, ProductId, open_enum};

use super::tax::{ManagedProductTaxAndComplianceSettings, SubscriptionTaxAndComplianceSettings};
use crate::model::{
    money::Price,
    paging::{PageInfo, TokenPagination},
    wire::{model, or_default},
};

model! {
    /// A product of the older catalogue.
    pub struct InAppProduct {
        /// The app.
        pub package_name: Option<AppId>,
        /// The product.
        pub sku: Option<ProductId>,
        /// Whether it is for sale.
        pub status: Option<InAppProductStatus>,
        /// What kind of product it is.
        pub purchase_type: Option<InAppProductType>,
        /// Its price in the developer's own region.
        pub default_price: Option<Price>,
        /// Its prices, by region.
        #[serde(deserialize_with = "or_default")]
        pub prices: BTreeMap<String, Price>,
        /// Its texts, by language.
        #[serde(deserialize_with = "or_default")]
        pub listings: BTreeMap<String, InAppProductListing>,
        /// The language that is shown where there is no other, by its BCP 47 code.
        pub default_language: Option<String>,
        /// Deprecated by Google: how long a period of a subscription is.
        pub subscription_period: Option<String>,
        /// Deprecated by Google: how long a free trial is.
        pub trial_period: Option<String>,
        /// Deprecated by Google: how long access goes on after a failed renewal.
        pub grace_period: Option<String>,
        /// Deprecated by Google: how a subscription is taxed.
        pub subscription_taxes_and_compliance_settings: Option<SubscriptionTaxAndComplianceSettings>,
        /// How it is taxed.
        pub managed_product_taxes_and_compliance_settings:
            Option<ManagedProductTaxAndComplianceSettings>,
    }

    /// The texts of a product in one language.
    pub struct InAppProductListing {
        /// The name.
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
        /// Deprecated by Google: what a subscriber gets.
        #[serde(deserialize_with = "or_default")]
        pub benefits: Vec<String>,
    }

    /// A page of products.
    pub struct InappproductsListResponse {
        /// `androidpublisher#inappproductsListResponse`.
        pub kind: Option<String>,
        /// Deprecated by Google: how much there is in all.
        pub page_info: Option<PageInfo>,
        /// The way to the other pages.
        pub token_pagination: Option<TokenPagination>,
        /// The products.
        #[serde(deserialize_with = "or_default")]
        pub inappproduct: Vec<InAppProduct>,
    }

    /// Several products.
    pub struct InappproductsBatchGetResponse {
        /// The products.
        #[serde(deserialize_with = "or_default")]
        pub inappproduct: Vec<InAppProduct>,
    }
}

open_enum! {
    /// Whether a product of the older catalogue is for sale.
    pub enum InAppProductStatus: str {
        /// Not said.
        Unspecified = "statusUnspecified",
        /// It is.
        Active = "active",
        /// It is not.
        Inactive = "inactive",
    }
}

open_enum! {
    /// What kind of product one of the older catalogue is.
    pub enum InAppProductType: str {
        /// Not said.
        Unspecified = "purchaseTypeUnspecified",
        /// A one-time product.
        ManagedUser = "managedUser",
        /// A subscription. Obsolete: subscriptions have a catalogue of their own.
        Subscription = "subscription",
    }
}
