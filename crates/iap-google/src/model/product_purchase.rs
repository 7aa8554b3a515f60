//! What does Google say about one-time products that were bought?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.productsv2)

use iap_core::{OfferId, OrderId, ProductId, Timestamp, open_enum};

use super::{
    hidden::HiddenText,
    subscription_purchase::AcknowledgementState,
    wire::{int32, model, or_default},
};

model! {
    /// A purchase of one-time products, known by its token.
    pub struct ProductPurchaseV2 {
        /// `androidpublisher#productPurchaseV2`.
        pub kind: Option<String>,
        /// Whether it has been paid.
        pub purchase_state_context: Option<PurchaseStateContext>,
        /// When it was paid; missing until then.
        pub purchase_completion_time: Option<Timestamp>,
        /// The products, one entry each: several if they were bought in one go.
        #[serde(deserialize_with = "or_default")]
        pub product_line_item: Vec<ProductLineItem>,
        /// The order; missing where there is none, as with some promotions.
        pub order_id: Option<OrderId>,
        /// The account in the app's own system, obfuscated by the app; up to 64 characters.
        pub obfuscated_external_account_id: Option<String>,
        /// The profile within that account, obfuscated by the app; up to 64 characters.
        pub obfuscated_external_profile_id: Option<String>,
        /// The country of the purchase, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// Whether Google still waits for our confirmation.
        pub acknowledgement_state: Option<AcknowledgementState>,
        /// There if a licence tester bought it, without money.
        pub test_purchase_context: Option<TestPurchaseContext>,
    }

    /// Whether a purchase has been paid.
    pub struct PurchaseStateContext {
        /// The state.
        pub purchase_state: Option<PurchaseState>,
    }

    /// The mark of a purchase by a licence tester.
    pub struct TestPurchaseContext {
        /// How it was paid ("form of payment").
        pub fop_type: Option<FopType>,
    }

    /// One product of a purchase.
    pub struct ProductLineItem {
        /// The product.
        pub product_id: Option<ProductId>,
        /// How it was bought, and what became of it.
        pub product_offer_details: Option<ProductOfferDetails>,
    }

    /// How a product was bought, and what became of it.
    pub struct ProductOfferDetails {
        /// The purchase option; `legacy-base` for products from before there were any.
        pub purchase_option_id: Option<String>,
        /// The offer; missing if it was bought without one.
        pub offer_id: Option<OfferId>,
        /// The tags of the purchase option and the offer, as the developer set them.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<String>,
        /// What the app passed to buy it.
        pub offer_token: Option<HiddenText>,
        /// How many were bought.
        #[serde(with = "int32")]
        pub quantity: Option<i32>,
        /// How many of them have not been refunded.
        #[serde(with = "int32")]
        pub refundable_quantity: Option<i32>,
        /// Whether it has been used up.
        pub consumption_state: Option<ConsumptionState>,
        /// When it is released, for a pre-order.
        pub preorder_offer_details: Option<PreorderOfferDetails>,
        /// There if it is rented. For how long, the catalogue says.
        pub rent_offer_details: Option<RentOfferDetails>,
    }

    /// A product that is bought before its release.
    pub struct PreorderOfferDetails {
        /// When it is released, and charged.
        pub preorder_release_time: Option<Timestamp>,
    }

    /// The mark of a rented product. Being there is all it says.
    pub struct RentOfferDetails {}
}

open_enum! {
    /// Whether a one-time product has been paid.
    pub enum PurchaseState: str {
        /// Not said.
        Unspecified = "PURCHASE_STATE_UNSPECIFIED",
        /// Paid.
        Purchased = "PURCHASED",
        /// Given up before it was paid, or refunded, or taken back.
        Cancelled = "CANCELLED",
        /// Not paid yet: grant nothing.
        Pending = "PENDING",
    }
}

open_enum! {
    /// Whether a one-time product has been used up.
    pub enum ConsumptionState: str {
        /// Not said.
        Unspecified = "CONSUMPTION_STATE_UNSPECIFIED",
        /// Owned; it cannot be bought again yet.
        YetToBeConsumed = "CONSUMPTION_STATE_YET_TO_BE_CONSUMED",
        /// Used up; it can be bought again.
        Consumed = "CONSUMPTION_STATE_CONSUMED",
    }
}

open_enum! {
    /// How a one-time product was paid.
    pub enum FopType: str {
        /// Not said.
        Unspecified = "FOP_TYPE_UNSPECIFIED",
        /// With a licence tester's test card.
        Test = "TEST",
    }
}
