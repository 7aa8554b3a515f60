//! Which subscriptions are for sale?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions)

use iap_core::{AppId, ProductId};

use super::{base_plan::BasePlan, tax::SubscriptionTaxAndComplianceSettings};
use crate::model::wire::{model, or_default};

model! {
    /// A subscription for sale, with its base plans.
    pub struct Subscription {
        /// The app.
        pub package_name: Option<AppId>,
        /// The product.
        pub product_id: Option<ProductId>,
        /// The ways to pay for it.
        #[serde(deserialize_with = "or_default")]
        pub base_plans: Vec<BasePlan>,
        /// Its texts, one entry for each language.
        #[serde(deserialize_with = "or_default")]
        pub listings: Vec<SubscriptionListing>,
        /// Deprecated by Google; always false.
        #[serde(deserialize_with = "or_default")]
        pub archived: bool,
        /// How it is taxed.
        pub tax_and_compliance_settings: Option<SubscriptionTaxAndComplianceSettings>,
        /// The countries in which only payment methods of the country are accepted.
        pub restricted_payment_countries: Option<RestrictedPaymentCountries>,
    }

    /// The texts of a subscription in one language.
    pub struct SubscriptionListing {
        /// The language, by its BCP 47 code such as `en-US`.
        pub language_code: Option<String>,
        /// The name.
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
        /// What the customer gets.
        #[serde(deserialize_with = "or_default")]
        pub benefits: Vec<String>,
    }

    /// A page of subscriptions.
    pub struct ListSubscriptionsResponse {
        /// The subscriptions.
        #[serde(deserialize_with = "or_default")]
        pub subscriptions: Vec<Subscription>,
        /// What to ask for the next page with; missing on the last one.
        pub next_page_token: Option<String>,
    }

    /// Several subscriptions.
    pub struct BatchGetSubscriptionsResponse {
        /// The subscriptions.
        #[serde(deserialize_with = "or_default")]
        pub subscriptions: Vec<Subscription>,
    }

    /// A tag that the developer set.
    pub struct OfferTag {
        /// The tag.
        pub tag: Option<String>,
    }

    /// Countries in which only payment methods of the country are accepted.
    pub struct RestrictedPaymentCountries {
        /// The countries, by their ISO 3166-1 alpha-2 codes.
        #[serde(deserialize_with = "or_default")]
        pub region_codes: Vec<String>,
    }

    /// The version of the list of regions that prices were set for.
    pub struct RegionsVersion {
        /// The version, such as `2022/02`.
        pub version: Option<String>,
    }
}
