//! What happened to an order after it was made?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders#orderhistory)

use iap_core::{Timestamp, open_enum};

use super::{
    money::Money,
    wire::{model, or_default},
};

model! {
    /// What happened to an order.
    pub struct OrderHistory {
        /// That it was paid.
        pub processed_event: Option<ProcessedEvent>,
        /// That it was stopped before it was paid.
        pub cancellation_event: Option<CancellationEvent>,
        /// That some of the money was given back.
        #[serde(deserialize_with = "or_default")]
        pub partial_refund_events: Vec<PartialRefundEvent>,
        /// That all of the money was given back.
        pub refund_event: Option<RefundEvent>,
    }

    /// An order was paid.
    pub struct ProcessedEvent {
        /// When.
        pub event_time: Option<Timestamp>,
    }

    /// An order was stopped before it was paid.
    pub struct CancellationEvent {
        /// When.
        pub event_time: Option<Timestamp>,
    }

    /// Some of the money of an order was given back.
    pub struct PartialRefundEvent {
        /// When the refund was made.
        pub create_time: Option<Timestamp>,
        /// When it was processed.
        pub process_time: Option<Timestamp>,
        /// Whether it has been processed.
        pub state: Option<PartialRefundState>,
        /// How much.
        pub refund_details: Option<RefundDetails>,
    }

    /// All of the money of an order was given back.
    pub struct RefundEvent {
        /// When.
        pub event_time: Option<Timestamp>,
        /// How much.
        pub refund_details: Option<RefundDetails>,
        /// Why.
        pub refund_reason: Option<RefundReason>,
    }

    /// How much was given back.
    pub struct RefundDetails {
        /// The amount, tax included.
        pub total: Option<Money>,
        /// The tax in it.
        pub tax: Option<Money>,
    }
}

open_enum! {
    /// How far a partial refund is.
    pub enum PartialRefundState: str {
        /// Not said.
        Unspecified = "STATE_UNSPECIFIED",
        /// Made, not processed.
        Pending = "PENDING",
        /// Done.
        ProcessedSuccessfully = "PROCESSED_SUCCESSFULLY",
    }
}

open_enum! {
    /// Why all of the money of an order was given back.
    pub enum RefundReason: str {
        /// Not said.
        Unspecified = "REFUND_REASON_UNSPECIFIED",
        /// Anything but a chargeback.
        Other = "OTHER",
        /// The bank took the money back.
        Chargeback = "CHARGEBACK",
    }
}
