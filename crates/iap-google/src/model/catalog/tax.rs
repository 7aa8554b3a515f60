//! How is a product taxed, and what does the law want to know about it?

use std::collections::BTreeMap;

use iap_core::open_enum;

use crate::model::wire::{model, or_default};

model! {
    /// How a subscription is taxed.
    pub struct SubscriptionTaxAndComplianceSettings {
        /// What it is under the consumer law of the European Economic Area.
        pub eea_withdrawal_right_type: Option<WithdrawalRightType>,
        /// Its tax rates, by region.
        #[serde(deserialize_with = "or_default")]
        pub tax_rate_info_by_region_code: BTreeMap<String, RegionalTaxRateInfo>,
        /// Whether it gives a token of a blockchain.
        #[serde(deserialize_with = "or_default")]
        pub is_tokenized_digital_asset: bool,
        /// Its tax category.
        pub product_tax_category_code: Option<String>,
        /// From which age on it may be bought, by region.
        #[serde(deserialize_with = "or_default")]
        pub regional_product_age_rating_infos: Vec<RegionalProductAgeRatingInfo>,
    }

    /// How a one-time product of the older catalogue is taxed.
    pub struct ManagedProductTaxAndComplianceSettings {
        /// What it is under the consumer law of the European Economic Area.
        pub eea_withdrawal_right_type: Option<WithdrawalRightType>,
        /// Its tax rates, by region.
        #[serde(deserialize_with = "or_default")]
        pub tax_rate_info_by_region_code: BTreeMap<String, RegionalTaxRateInfo>,
        /// Whether it gives a token of a blockchain.
        #[serde(deserialize_with = "or_default")]
        pub is_tokenized_digital_asset: bool,
        /// Its tax category.
        pub product_tax_category_code: Option<String>,
        /// From which age on it may be bought, by region.
        #[serde(deserialize_with = "or_default")]
        pub regional_product_age_rating_infos: Vec<RegionalProductAgeRatingInfo>,
    }

    /// How a one-time product is taxed.
    pub struct OneTimeProductTaxAndComplianceSettings {
        /// Its tax rates, one entry for each region.
        #[serde(deserialize_with = "or_default")]
        pub regional_tax_configs: Vec<RegionalTaxConfig>,
        /// Whether it gives a token of a blockchain.
        #[serde(deserialize_with = "or_default")]
        pub is_tokenized_digital_asset: bool,
        /// Its tax category.
        pub product_tax_category_code: Option<String>,
        /// From which age on it may be bought, by region.
        #[serde(deserialize_with = "or_default")]
        pub regional_product_age_rating_infos: Vec<RegionalProductAgeRatingInfo>,
    }

    /// How a way to buy a one-time product is taxed.
    pub struct PurchaseOptionTaxAndComplianceSettings {
        /// What it is under the consumer law of the European Economic Area.
        pub withdrawal_right_type: Option<WithdrawalRightType>,
    }

    /// Tax rates in one region.
    pub struct RegionalTaxRateInfo {
        /// Whether a lower rate for streaming applies.
        #[serde(deserialize_with = "or_default")]
        pub eligible_for_streaming_service_tax_rate: bool,
        /// What it is under the telecommunication taxes of the United States.
        pub streaming_tax_type: Option<StreamingTaxType>,
        /// Which lower rate applies.
        pub tax_tier: Option<TaxTier>,
    }

    /// Tax rates in one region.
    pub struct RegionalTaxConfig {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// Whether a lower rate for streaming applies.
        #[serde(deserialize_with = "or_default")]
        pub eligible_for_streaming_service_tax_rate: bool,
        /// What it is under the telecommunication taxes of the United States.
        pub streaming_tax_type: Option<StreamingTaxType>,
        /// Which lower rate applies.
        pub tax_tier: Option<TaxTier>,
    }

    /// From which age on a product may be bought in one region.
    pub struct RegionalProductAgeRatingInfo {
        /// The region, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// The age.
        pub product_age_rating_tier: Option<ProductAgeRatingTier>,
    }
}

open_enum! {
    /// What a product is under the consumer law of the European Economic Area.
    pub enum WithdrawalRightType: str {
        /// Not said.
        Unspecified = "WITHDRAWAL_RIGHT_TYPE_UNSPECIFIED",
        /// Digital content.
        DigitalContent = "WITHDRAWAL_RIGHT_DIGITAL_CONTENT",
        /// A service.
        Service = "WITHDRAWAL_RIGHT_SERVICE",
    }
}

open_enum! {
    /// What a product is under the telecommunication taxes of the United States.
    pub enum StreamingTaxType: str {
        /// None of these.
        Unspecified = "STREAMING_TAX_TYPE_UNSPECIFIED",
        /// Video on demand, rented or subscribed to.
        TelcoVideoRental = "STREAMING_TAX_TYPE_TELCO_VIDEO_RENTAL",
        /// Video to keep.
        TelcoVideoSales = "STREAMING_TAX_TYPE_TELCO_VIDEO_SALES",
        /// Video of several channels.
        TelcoVideoMultiChannel = "STREAMING_TAX_TYPE_TELCO_VIDEO_MULTI_CHANNEL",
        /// Audio, rented or subscribed to.
        TelcoAudioRental = "STREAMING_TAX_TYPE_TELCO_AUDIO_RENTAL",
        /// Audio to keep.
        TelcoAudioSales = "STREAMING_TAX_TYPE_TELCO_AUDIO_SALES",
        /// Audio of several channels.
        TelcoAudioMultiChannel = "STREAMING_TAX_TYPE_TELCO_AUDIO_MULTI_CHANNEL",
    }
}

open_enum! {
    /// Which lower tax rate applies to a product.
    pub enum TaxTier: str {
        /// None.
        Unspecified = "TAX_TIER_UNSPECIFIED",
        /// That of books.
        Books1 = "TAX_TIER_BOOKS_1",
        /// The first one of news.
        News1 = "TAX_TIER_NEWS_1",
        /// The second one of news.
        News2 = "TAX_TIER_NEWS_2",
        /// That of music and audio.
        MusicOrAudio1 = "TAX_TIER_MUSIC_OR_AUDIO_1",
        /// That of live events and broadcasts.
        LiveOrBroadcast1 = "TAX_TIER_LIVE_OR_BROADCAST_1",
    }
}

open_enum! {
    /// From which age on a product may be bought.
    pub enum ProductAgeRatingTier: str {
        /// Not known.
        TierUnknown = "PRODUCT_AGE_RATING_TIER_UNKNOWN",
        /// Any age.
        Everyone = "PRODUCT_AGE_RATING_TIER_EVERYONE",
        /// 13 years.
        ThirteenAndAbove = "PRODUCT_AGE_RATING_TIER_THIRTEEN_AND_ABOVE",
        /// 16 years.
        SixteenAndAbove = "PRODUCT_AGE_RATING_TIER_SIXTEEN_AND_ABOVE",
        /// 18 years.
        EighteenAndAbove = "PRODUCT_AGE_RATING_TIER_EIGHTEEN_AND_ABOVE",
    }
}
