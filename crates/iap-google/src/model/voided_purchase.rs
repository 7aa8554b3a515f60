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

/// Which voided purchases to list: by default those of one-time products of the last 30 days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct VoidedPurchasesListRequest {
    start_time: Option<Timestamp>,
    end_time: Option<Timestamp>,
    max_results: Option<u32>,
    start_index: Option<u32>,
    kind: Option<&'static str>,
    partial_refunds: Option<&'static str>,
}

impl VoidedPurchasesListRequest {
    /// Without conditions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only what Google noticed from `start` on, at most 30 days ago.
    pub const fn start_time(mut self, start: Timestamp) -> Self {
        self.start_time = Some(start);
        self
    }

    /// Only what Google noticed until `end`.
    pub const fn end_time(mut self, end: Timestamp) -> Self {
        self.end_time = Some(end);
        self
    }

    /// How many a page has: up to 1000, the default.
    pub const fn max_results(mut self, count: u32) -> Self {
        self.max_results = Some(count);
        self
    }

    /// The number of the first purchase of the first page.
    pub const fn start_index(mut self, index: u32) -> Self {
        self.start_index = Some(index);
        self
    }

    /// Subscriptions, too. Keep them apart by their order: renewals share a token.
    pub const fn with_subscriptions(mut self) -> Self {
        self.kind = Some("1");
        self
    }

    /// Refunds of some of several items, too; see [`VoidedPurchase::voided_quantity`].
    pub const fn with_quantity_based_partial_refunds(mut self) -> Self {
        self.partial_refunds = Some("true");
        self
    }

    /// The parameters in Google's spelling.
    #[cfg(feature = "client")]
    pub(crate) fn query_pairs(&self) -> impl Iterator<Item = (&'static str, String)> {
        let millis = |time: Option<Timestamp>| time.map(|time| time.as_millis().to_string());
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        [
            ("startTime", millis(self.start_time)),
            ("endTime", millis(self.end_time)),
            ("maxResults", number(self.max_results)),
            ("startIndex", number(self.start_index)),
            ("type", self.kind.map(str::to_owned)),
            (
                "includeQuantityBasedPartialRefund",
                self.partial_refunds.map(str::to_owned),
            ),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
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
