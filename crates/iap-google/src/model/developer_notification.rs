//! What does Google push when something happens to a purchase?
//!
//! [Google's page](https://developer.android.com/google/play/billing/rtdn-reference)

use iap_core::{AppId, OrderId, ProductId, PurchaseToken, Timestamp, open_enum};

use super::{
    hidden::HiddenText,
    wire::{millis, model},
};

model! {
    /// A Real-time developer notification. It says *that* something changed: ask Google what is now.
    ///
    /// Exactly one of the members that end in `notification` is there; see [`kind`](Self::kind).
    pub struct DeveloperNotification {
        /// The version of this object, `1.0`.
        pub version: Option<String>,
        /// The app.
        pub package_name: Option<AppId>,
        /// When it happened; the order of the notifications about one purchase.
        #[serde(with = "millis")]
        pub event_time_millis: Option<Timestamp>,
        /// Something happened to a subscription.
        pub subscription_notification: Option<SubscriptionNotification>,
        /// Something happened to a one-time purchase. Sent only if switched on in the Play Console.
        pub one_time_product_notification: Option<OneTimeProductNotification>,
        /// An order was refunded or charged back.
        pub voided_purchase_notification: Option<VoidedPurchaseNotification>,
        /// Google is about to decide about a refund, and asks for information within 24 hours.
        pub pending_refund_review_notification: Option<PendingRefundReviewNotification>,
        /// The test button of the Play Console.
        pub test_notification: Option<TestNotification>,
    }

    /// Something happened to a subscription.
    pub struct SubscriptionNotification {
        /// The version of this object, `1.0`.
        pub version: Option<String>,
        /// What happened.
        pub notification_type: Option<SubscriptionNotificationType>,
        /// The token of the purchase.
        pub purchase_token: Option<PurchaseToken>,
        /// The subscription. Deprecated, and missing for purchases with add-ons: take the products
        /// from the line items of the purchase.
        pub subscription_id: Option<ProductId>,
    }

    /// Something happened to a one-time purchase.
    pub struct OneTimeProductNotification {
        /// The version of this object, `1.0`.
        pub version: Option<String>,
        /// What happened.
        pub notification_type: Option<OneTimeProductNotificationType>,
        /// The token of the purchase.
        pub purchase_token: Option<PurchaseToken>,
        /// The product; missing where several were bought at once.
        pub sku: Option<ProductId>,
    }

    /// An order was refunded or charged back.
    ///
    /// There is one for each order, and a subscription has many under one token: the refund of an
    /// old renewal does not end it.
    pub struct VoidedPurchaseNotification {
        /// The token of the purchase.
        pub purchase_token: Option<PurchaseToken>,
        /// The order.
        pub order_id: Option<OrderId>,
        /// Of what the order was.
        pub product_type: Option<VoidedProductType>,
        /// How much of it was refunded.
        pub refund_type: Option<RefundType>,
    }

    /// Google is about to decide about a refund. The first answer to it counts, and only within 24
    /// hours; without one Google decides alone.
    pub struct PendingRefundReviewNotification {
        /// The version of this object, `1.0`.
        pub version: Option<String>,
        /// What the answer must name.
        pub pending_refund_token: Option<HiddenText>,
        /// The order. There is no token of a purchase.
        pub order_id: Option<OrderId>,
        /// Why the money may go back.
        pub refund_reason: Option<PendingRefundReason>,
        /// The account that the app attached when buying.
        pub obfuscated_account_id: Option<String>,
        /// The profile within that account that the app attached when buying.
        pub obfuscated_profile_id: Option<String>,
    }

    /// The test button of the Play Console.
    pub struct TestNotification {
        /// The version of this object, `1.0`.
        pub version: Option<String>,
    }
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum NotificationKind<'a> {
    /// A one-time purchase.
    OneTimeProduct(&'a OneTimeProductNotification),
    /// A refund that Google is about to decide.
    PendingRefundReview(&'a PendingRefundReviewNotification),
    /// A subscription.
    Subscription(&'a SubscriptionNotification),
    /// Nothing: a test.
    Test(&'a TestNotification),
    /// Something that this version does not know; see [`DeveloperNotification::unknown`].
    Unknown,
    /// An order that was refunded or charged back.
    VoidedPurchase(&'a VoidedPurchaseNotification),
}

impl DeveloperNotification {
    /// What it is about. Of several members, which a verifier refuses, the first.
    #[must_use]
    pub fn kind(&self) -> NotificationKind<'_> {
        self.kinds().next().unwrap_or(NotificationKind::Unknown)
    }

    /// Everything that it is about: one thing, unless something is wrong.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = NotificationKind<'_>> {
        let kinds = [
            self.subscription_notification
                .as_ref()
                .map(NotificationKind::Subscription),
            self.one_time_product_notification
                .as_ref()
                .map(NotificationKind::OneTimeProduct),
            self.voided_purchase_notification
                .as_ref()
                .map(NotificationKind::VoidedPurchase),
            self.pending_refund_review_notification
                .as_ref()
                .map(NotificationKind::PendingRefundReview),
            self.test_notification.as_ref().map(NotificationKind::Test),
        ];
        kinds.into_iter().flatten()
    }
}

impl<'a> NotificationKind<'a> {
    /// The member that says so, for example `subscriptionNotification`; empty if it is unknown.
    #[must_use]
    pub const fn member(&self) -> &'static str {
        match self {
            Self::OneTimeProduct(_) => "oneTimeProductNotification",
            Self::PendingRefundReview(_) => "pendingRefundReviewNotification",
            Self::Subscription(_) => "subscriptionNotification",
            Self::Test(_) => "testNotification",
            Self::Unknown => "",
            Self::VoidedPurchase(_) => "voidedPurchaseNotification",
        }
    }

    /// The token of the purchase that it is about, if it is about one and names it.
    #[must_use]
    pub const fn purchase_token(&self) -> Option<&'a PurchaseToken> {
        match self {
            Self::OneTimeProduct(about) => about.purchase_token.as_ref(),
            Self::Subscription(about) => about.purchase_token.as_ref(),
            Self::VoidedPurchase(about) => about.purchase_token.as_ref(),
            Self::PendingRefundReview(_) | Self::Test(_) | Self::Unknown => None,
        }
    }
}

open_enum! {
    /// What happened to a subscription. Google's names begin with `SUBSCRIPTION_`.
    pub enum SubscriptionNotificationType: i64 {
        /// Paid after account hold, or resumed from a pause.
        Recovered = 1,
        /// Renewed; also each payment of an instalment plan, and the switch of a deferred plan change.
        Renewed = 2,
        /// Will not renew any more. It may have ended already.
        Canceled = 3,
        /// Bought: new, by a plan change, again, or as the top-up of a prepaid plan.
        Purchased = 4,
        /// Not paid: access ends while Google retries.
        OnHold = 5,
        /// Not paid: access stays while Google retries.
        InGracePeriod = 6,
        /// The customer took back their cancellation.
        Restarted = 7,
        /// The customer agreed to a new price. Deprecated: [`PriceChangeUpdated`](Self::PriceChangeUpdated)
        /// comes, too.
        PriceChangeConfirmed = 8,
        /// The developer moved the next renewal.
        Deferred = 9,
        /// Paused now.
        Paused = 10,
        /// A pause was planned, changed or dropped.
        PauseScheduleChanged = 11,
        /// Taken back before its time.
        Revoked = 12,
        /// Ended.
        Expired = 13,
        /// Items of a subscription with add-ons changed.
        ItemsChanged = 17,
        /// An instalment plan will end with its commitment.
        CancellationScheduled = 18,
        /// A change of the price of an item moved on.
        PriceChangeUpdated = 19,
        /// A purchase was given up before it was paid.
        PendingPurchaseCanceled = 20,
        /// South Korea: consent to a higher price is asked for, or was given.
        PriceStepUpConsentUpdated = 22,
    }
}

open_enum! {
    /// What happened to a one-time purchase. Google's names begin with `ONE_TIME_PRODUCT_`.
    pub enum OneTimeProductNotificationType: i64 {
        /// Bought and paid, also after it was pending or ordered in advance.
        Purchased = 1,
        /// Given up before it was paid, or taken back.
        Canceled = 2,
    }
}

open_enum! {
    /// Of what a voided order was.
    pub enum VoidedProductType: i64 {
        /// A subscription.
        Subscription = 1,
        /// A one-time product.
        OneTime = 2,
    }
}

open_enum! {
    /// How much of an order was refunded.
    pub enum RefundType: i64 {
        /// All of it.
        FullRefund = 1,
        /// Some of several items; `refundable_quantity` of the purchase is what is left.
        QuantityBasedPartialRefund = 2,
    }
}

open_enum! {
    /// Why money may go back.
    pub enum PendingRefundReason: i64 {
        /// The bank demands it.
        Chargeback = 7,
    }
}

impl SubscriptionNotificationType {
    /// Google's name, for example `SUBSCRIPTION_RENEWED`; `None` for a number that this version does
    /// not know.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Recovered => "SUBSCRIPTION_RECOVERED",
            Self::Renewed => "SUBSCRIPTION_RENEWED",
            Self::Canceled => "SUBSCRIPTION_CANCELED",
            Self::Purchased => "SUBSCRIPTION_PURCHASED",
            Self::OnHold => "SUBSCRIPTION_ON_HOLD",
            Self::InGracePeriod => "SUBSCRIPTION_IN_GRACE_PERIOD",
            Self::Restarted => "SUBSCRIPTION_RESTARTED",
            Self::PriceChangeConfirmed => "SUBSCRIPTION_PRICE_CHANGE_CONFIRMED",
            Self::Deferred => "SUBSCRIPTION_DEFERRED",
            Self::Paused => "SUBSCRIPTION_PAUSED",
            Self::PauseScheduleChanged => "SUBSCRIPTION_PAUSE_SCHEDULE_CHANGED",
            Self::Revoked => "SUBSCRIPTION_REVOKED",
            Self::Expired => "SUBSCRIPTION_EXPIRED",
            Self::ItemsChanged => "SUBSCRIPTION_ITEMS_CHANGED",
            Self::CancellationScheduled => "SUBSCRIPTION_CANCELLATION_SCHEDULED",
            Self::PriceChangeUpdated => "SUBSCRIPTION_PRICE_CHANGE_UPDATED",
            Self::PendingPurchaseCanceled => "SUBSCRIPTION_PENDING_PURCHASE_CANCELED",
            Self::PriceStepUpConsentUpdated => "SUBSCRIPTION_PRICE_STEP_UP_CONSENT_UPDATED",
            Self::Unknown(_) => return None,
        })
    }
}

impl OneTimeProductNotificationType {
    /// Google's name, for example `ONE_TIME_PRODUCT_PURCHASED`; `None` for a number that this version
    /// does not know.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Purchased => "ONE_TIME_PRODUCT_PURCHASED",
            Self::Canceled => "ONE_TIME_PRODUCT_CANCELED",
            Self::Unknown(_) => return None,
        })
    }
}
