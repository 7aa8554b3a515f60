//! What was ordered, what was paid for it, and by whom?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders)

use iap_core::{OfferId, OrderId, ProductId, PurchaseToken, Timestamp, open_enum};

use super::{
    hidden::HiddenText,
    money::Money,
    order_history::OrderHistory,
    wire::{int32, int64, model, or_default},
};

model! {
    /// Several orders.
    pub struct BatchGetOrdersResponse {
        /// The orders.
        #[serde(deserialize_with = "or_default")]
        pub orders: Vec<Order>,
    }

    /// One charge: a purchase, or a renewal of a subscription.
    pub struct Order {
        /// The order, `GPA.…`; renewals have a suffix, the first one `..0`.
        pub order_id: Option<OrderId>,
        /// The purchase that it belongs to.
        pub purchase_token: Option<PurchaseToken>,
        /// How far it is.
        pub state: Option<OrderState>,
        /// When it was made.
        pub create_time: Option<Timestamp>,
        /// When something last happened to it.
        pub last_event_time: Option<Timestamp>,
        /// Where the customer lives, as far as tax law needs it.
        pub buyer_address: Option<BuyerAddress>,
        /// What the customer paid.
        pub total: Option<Money>,
        /// The tax in it.
        pub tax: Option<Money>,
        /// What the developer gets, after fees, taxes and partial refunds, in the customer's currency.
        pub developer_revenue_in_buyer_currency: Option<Money>,
        /// The products, one entry each.
        #[serde(deserialize_with = "or_default")]
        pub line_items: Vec<LineItem>,
        /// How prices are meant.
        pub order_details: Option<OrderDetails>,
        /// What happened to it.
        pub order_history: Option<OrderHistory>,
        /// The Play Points that were spent on it.
        pub points_details: Option<PointsDetails>,
        /// Where it was bought.
        pub sales_channel: Option<SalesChannel>,
    }

    /// Where a customer lives.
    pub struct BuyerAddress {
        /// The country, by its ISO 3166-1 alpha-2 code.
        pub buyer_country: Option<String>,
        /// The state or province; hidden where Google is the seller before the law.
        pub buyer_state: Option<HiddenText>,
        /// The postcode; hidden where Google is the seller before the law.
        pub buyer_postcode: Option<HiddenText>,
    }

    /// How prices are meant.
    pub struct OrderDetails {
        /// Whether listed prices include the tax.
        #[serde(deserialize_with = "or_default")]
        pub tax_inclusive: bool,
    }

    /// Play Points that were spent on an order.
    pub struct PointsDetails {
        /// The offer that took the points.
        pub points_offer_id: Option<OfferId>,
        /// How many points.
        #[serde(with = "int64")]
        pub points_spent: Option<i64>,
        /// By how much they lowered the price, in millionths: 1000000 is all of it.
        #[serde(with = "int64")]
        pub points_discount_rate_micros: Option<i64>,
        /// What the coupon for them is worth.
        pub points_coupon_value: Option<Money>,
    }

    /// One product of an order.
    pub struct LineItem {
        /// The product.
        pub product_id: Option<ProductId>,
        /// Its name, as the developer set it.
        pub product_title: Option<String>,
        /// Its price as listed, before discounts.
        pub listing_price: Option<Money>,
        /// What was paid for it.
        pub total: Option<Money>,
        /// The tax in it.
        pub tax: Option<Money>,
        /// More, if it is a one-time product.
        pub one_time_purchase_details: Option<OneTimePurchaseDetails>,
        /// More, if it is a subscription.
        pub subscription_details: Option<SubscriptionDetails>,
        /// There if it is the app itself.
        pub paid_app_details: Option<PaidAppDetails>,
    }

    /// A one-time product of an order.
    pub struct OneTimePurchaseDetails {
        /// How many were bought.
        #[serde(with = "int32")]
        pub quantity: Option<i32>,
        /// The offer; missing if it was bought without one.
        pub offer_id: Option<OfferId>,
        /// The purchase option.
        pub purchase_option_id: Option<String>,
        /// There if it is rented.
        pub rental_details: Option<RentalDetails>,
        /// There if it was ordered before its release.
        pub preorder_details: Option<PreorderDetails>,
    }

    /// The mark of a rented product. Being there is all it says.
    pub struct RentalDetails {}

    /// The mark of a pre-order. Being there is all it says.
    pub struct PreorderDetails {}

    /// A subscription of an order. The times are a record for the books, not for access.
    pub struct SubscriptionDetails {
        /// The base plan.
        pub base_plan_id: Option<String>,
        /// The offer; missing if it was bought without one.
        pub offer_id: Option<OfferId>,
        /// Which price applied. Deprecated, until 2028-08-31; use
        /// [`offer_phase_details`](Self::offer_phase_details).
        pub offer_phase: Option<OrderOfferPhase>,
        /// Which price applied.
        pub offer_phase_details: Option<OfferPhaseDetails>,
        /// When the paid period began.
        pub service_period_start_time: Option<Timestamp>,
        /// When the paid period was to end at the time of the order.
        pub service_period_end_time: Option<Timestamp>,
    }

    /// Which price applied to an order: one of these.
    pub struct OfferPhaseDetails {
        /// The regular one.
        pub base_details: Option<BaseDetails>,
        /// None: a free trial.
        pub free_trial_details: Option<FreeTrialDetails>,
        /// The introductory one of an offer.
        pub introductory_price_details: Option<IntroductoryPriceDetails>,
        /// None, while what was left of the replaced plan is used up.
        pub proration_period_details: Option<ProrationPeriodDetails>,
    }

    /// The mark of the regular price. Being there is all it says.
    pub struct BaseDetails {}

    /// The mark of a free trial. Being there is all it says.
    pub struct FreeTrialDetails {}

    /// The mark of an introductory price. Being there is all it says.
    pub struct IntroductoryPriceDetails {}

    /// The time that a plan change left over.
    pub struct ProrationPeriodDetails {
        /// The price that applied to the replaced plan.
        pub original_offer_phase: Option<OrderOfferPhase>,
    }

    /// The mark of the app itself. Being there is all it says.
    pub struct PaidAppDetails {}
}

open_enum! {
    /// How far an order is.
    pub enum OrderState: str {
        /// Not said.
        Unspecified = "STATE_UNSPECIFIED",
        /// It waits to be processed.
        Pending = "PENDING",
        /// Paid.
        Processed = "PROCESSED",
        /// Stopped before it was paid.
        Canceled = "CANCELED",
        /// A refund was asked for.
        PendingRefund = "PENDING_REFUND",
        /// Some of the money was given back.
        PartiallyRefunded = "PARTIALLY_REFUNDED",
        /// All of the money was given back.
        Refunded = "REFUNDED",
    }
}

open_enum! {
    /// Where an order was made.
    pub enum SalesChannel: str {
        /// Not said.
        Unspecified = "SALES_CHANNEL_UNSPECIFIED",
        /// In the app.
        InApp = "IN_APP",
        /// In the app, in an emulator on a PC.
        PcEmulator = "PC_EMULATOR",
        /// In a version of the app for PCs.
        NativePc = "NATIVE_PC",
        /// In the Play Store.
        PlayStore = "PLAY_STORE",
        /// Outside the Play Store.
        OutsidePlayStore = "OUTSIDE_PLAY_STORE",
    }
}

open_enum! {
    /// Which price applied to an order of a subscription.
    pub enum OrderOfferPhase: str {
        /// Not said.
        Unspecified = "OFFER_PHASE_UNSPECIFIED",
        /// The regular one.
        Base = "BASE",
        /// An introductory one.
        Introductory = "INTRODUCTORY",
        /// None: a free trial.
        FreeTrial = "FREE_TRIAL",
    }
}
