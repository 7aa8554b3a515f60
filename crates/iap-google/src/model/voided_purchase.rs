//! Which orders were refunded, charged back or taken back, and by whom?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.voidedpurchases)

use iap_core::{OrderId, PurchaseToken, Timestamp, open_enum};

use super::{
    paging::{PageInfo, TokenPagination},
    wire::{int32, millis, model, or_default},
};

model! {
    /// A page of voided purchases, the oldest first. Refunds that left access as it was are not here.
    pub struct VoidedPurchasesListResponse {
        /// How much there is in all.
        pub page_info: Option<PageInfo>,
        /// The way to the other pages.
        pub token_pagination: Option<TokenPagination>,
        /// The purchases.
        #[serde(deserialize_with = "or_default")]
        pub voided_purchases: Vec<VoidedPurchase>,
    }

    /// An order that was voided. The [`order_id`](Self::order_id) identifies it: a subscription has
    /// many orders under one token, and the refund of an old one need not end it.
    pub struct VoidedPurchase {
        /// `androidpublisher#voidedPurchase`.
        pub kind: Option<String>,
        /// The token of the purchase, which all renewals of a subscription share.
        pub purchase_token: Option<PurchaseToken>,
        /// When the purchase was made.
        #[serde(with = "millis")]
        pub purchase_time_millis: Option<Timestamp>,
        /// When it was voided. The conditions of the list look at when Google noticed, which is later.
        #[serde(with = "millis")]
        pub voided_time_millis: Option<Timestamp>,
        /// The order.
        pub order_id: Option<OrderId>,
        /// Who began it.
        pub voided_source: Option<VoidedSource>,
        /// Why.
        pub voided_reason: Option<VoidedReason>,
        /// How many of the items were refunded, where only some were.
        #[serde(with = "int32")]
        pub voided_quantity: Option<i32>,
    }
}

open_enum! {
    /// Who began to void a purchase.
    pub enum VoidedSource: i64 {
        /// The customer.
        User = 0,
        /// The developer.
        Developer = 1,
        /// Google.
        Google = 2,
    }
}

open_enum! {
    /// Why a purchase was voided.
    pub enum VoidedReason: i64 {
        /// Another reason.
        Other = 0,
        /// The customer changed their mind.
        Remorse = 1,
        /// It was not delivered.
        NotReceived = 2,
        /// It does not work.
        Defective = 3,
        /// It was bought by accident.
        AccidentalPurchase = 4,
        /// It was bought by a stranger.
        Fraud = 5,
        /// It was bought by somebody whom the customer knows.
        FriendlyFraud = 6,
        /// The bank took the money back.
        Chargeback = 7,
        /// It was not acknowledged in time.
        UnacknowledgedPurchase = 8,
    }
}
