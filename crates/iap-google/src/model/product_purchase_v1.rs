//! What do the older calls about one-time products say and take? They alone tell promotions.
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.products)

use iap_core::{OrderId, ProductId, PurchaseToken, Timestamp, open_enum};

use super::wire::{int32, millis, model};

model! {
    /// One product of a purchase, in codes. Codes are sent even when they are 0, except for
    /// [`purchase_type`](Self::purchase_type), which is missing on an ordinary purchase.
    pub struct ProductPurchase {
        /// `androidpublisher#productPurchase`.
        pub kind: Option<String>,
        /// When it was bought.
        #[serde(with = "millis")]
        pub purchase_time_millis: Option<Timestamp>,
        /// Whether it has been paid.
        pub purchase_state: Option<PurchaseStateV1>,
        /// Whether it has been used up.
        pub consumption_state: Option<ConsumptionStateV1>,
        /// A text that was attached when it was confirmed.
        pub developer_payload: Option<String>,
        /// The order; missing if it was bought with a code.
        pub order_id: Option<OrderId>,
        /// What is special about the purchase; missing for an ordinary one.
        pub purchase_type: Option<PurchaseType>,
        /// Whether it has been confirmed.
        pub acknowledgement_state: Option<AcknowledgementStateV1>,
        /// The token of the purchase; often missing.
        pub purchase_token: Option<PurchaseToken>,
        /// The product; often missing.
        pub product_id: Option<ProductId>,
        /// How many were bought; one, if missing.
        #[serde(with = "int32")]
        pub quantity: Option<i32>,
        /// How many of them have not been refunded.
        #[serde(with = "int32")]
        pub refundable_quantity: Option<i32>,
        /// The account in the app's own system, obfuscated by the app; up to 64 characters.
        pub obfuscated_external_account_id: Option<String>,
        /// The profile within that account, obfuscated by the app; up to 64 characters.
        pub obfuscated_external_profile_id: Option<String>,
        /// The country of the purchase, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
    }

    /// Confirms a purchase of a one-time product.
    pub struct ProductPurchasesAcknowledgeRequest {
        /// A text to attach to the purchase.
        pub developer_payload: Option<String>,
    }
}

open_enum! {
    /// Whether a one-time product has been paid.
    pub enum PurchaseStateV1: i64 {
        /// Paid.
        Purchased = 0,
        /// Given up before it was paid, or refunded, or taken back.
        Canceled = 1,
        /// Not paid yet: grant nothing.
        Pending = 2,
    }
}

open_enum! {
    /// Whether a one-time product has been used up.
    pub enum ConsumptionStateV1: i64 {
        /// Owned; it cannot be bought again yet.
        YetToBeConsumed = 0,
        /// Used up; it can be bought again.
        Consumed = 1,
    }
}

open_enum! {
    /// Whether a purchase has been confirmed.
    pub enum AcknowledgementStateV1: i64 {
        /// Not yet.
        YetToBeAcknowledged = 0,
        /// Confirmed.
        Acknowledged = 1,
    }
}

open_enum! {
    /// What is special about the purchase of a one-time product.
    pub enum PurchaseType: i64 {
        /// Bought by a licence tester, without money.
        Test = 0,
        /// Bought with a code; not for Play Points.
        Promo = 1,
        /// Given for watching an advertisement.
        Rewarded = 2,
    }
}
