//! Every notification of Google Play in the words that all stores share.
//!
//! [Google's page](https://developer.android.com/google/play/billing/rtdn-reference)

use iap_core::{
    Environment, EventKind, PurchaseKey, RefundScope, Store, StoreEvent, TransactionId,
};

use super::verified::VerifiedNotification;
use crate::model::{
    NotificationKind, OneTimeProductNotificationType, RefundType, SubscriptionNotificationType,
    VoidedProductType,
};

impl VerifiedNotification {
    /// What happened, in the words that all stores share. It carries no purchase: ask Google about
    /// its [`key`](StoreEvent::key), and act on what it answers; the name of an event alone decides
    /// nothing.
    ///
    /// - [`id`](StoreEvent::id) is that of the message, the same for every delivery. Where Pub/Sub
    ///   pushes unwrapped and without metadata, it is the [`content_id`](Self::content_id).
    /// - [`environment`](StoreEvent::environment) is always production: Google Play has no other,
    ///   and marks test purchases, which notifications do not tell.
    /// - A pending refund names an order and no purchase. Find it by the
    ///   [`transaction_id`](StoreEvent::transaction_id); what the answer to Google must name is in
    ///   [`kind`](crate::DeveloperNotification::kind).
    #[must_use]
    pub fn to_event(&self) -> StoreEvent {
        let about = self.notification().kind();
        let message_id = self.message().message_id.clone();
        let (kind, store_type) = event_kind(about);
        let mut event = StoreEvent::new(
            message_id.unwrap_or_else(|| self.content_id()),
            Store::GooglePlay,
            Environment::Production,
            self.event_time(),
            kind,
            store_type,
        );
        event.app_id = Some(self.app_id().clone());
        event.key = about.purchase_token().cloned().map(PurchaseKey::google);
        event.transaction_id = order_id(about);
        if let NotificationKind::VoidedPurchase(voided) = about {
            event.store_subtype = voided.product_type.map(|kind| match kind {
                VoidedProductType::Subscription => "PRODUCT_TYPE_SUBSCRIPTION".to_owned(),
                VoidedProductType::OneTime => "PRODUCT_TYPE_ONE_TIME".to_owned(),
                VoidedProductType::Unknown(number) => format!("productType {number}"),
            });
            event.refund = Some(match voided.refund_type {
                Some(RefundType::FullRefund) => RefundScope::Full,
                // How many items, the purchase tells.
                Some(RefundType::QuantityBasedPartialRefund | RefundType::Unknown(_)) | None => {
                    RefundScope::Unspecified
                }
            });
        }
        event
    }
}

/// The order that a notification names.
fn order_id(about: NotificationKind<'_>) -> Option<TransactionId> {
    let order_id = match about {
        NotificationKind::VoidedPurchase(voided) => voided.order_id.as_ref(),
        NotificationKind::PendingRefundReview(review) => review.order_id.as_ref(),
        NotificationKind::OneTimeProduct(_)
        | NotificationKind::Subscription(_)
        | NotificationKind::Test(_)
        | NotificationKind::Unknown => None,
    };
    order_id.map(|order_id| TransactionId::new(order_id.as_str()))
}

/// The kind of event, and Google's name for it.
fn event_kind(about: NotificationKind<'_>) -> (EventKind, String) {
    let unnamed = |number: Option<i64>| match number {
        Some(number) => format!("{} {number}", about.member()),
        None => about.member().to_owned(),
    };
    match about {
        NotificationKind::Subscription(subscription) => {
            let found = subscription.notification_type;
            let name = found.and_then(SubscriptionNotificationType::name);
            (
                found.map_or(EventKind::Unknown, subscription_event),
                name.map_or_else(
                    || unnamed(found.map(SubscriptionNotificationType::as_i64)),
                    str::to_owned,
                ),
            )
        }
        NotificationKind::OneTimeProduct(product) => {
            let found = product.notification_type;
            let name = found.and_then(OneTimeProductNotificationType::name);
            (
                found.map_or(EventKind::Unknown, one_time_event),
                name.map_or_else(
                    || unnamed(found.map(OneTimeProductNotificationType::as_i64)),
                    str::to_owned,
                ),
            )
        }
        NotificationKind::VoidedPurchase(_) => (EventKind::Refunded, unnamed(None)),
        NotificationKind::PendingRefundReview(_) => (EventKind::RefundRequested, unnamed(None)),
        NotificationKind::Test(_) => (EventKind::Test, unnamed(None)),
        NotificationKind::Unknown => (EventKind::Unknown, unnamed(None)),
    }
}

const fn subscription_event(notification_type: SubscriptionNotificationType) -> EventKind {
    use SubscriptionNotificationType as Type;

    match notification_type {
        Type::Recovered => EventKind::Recovered,
        Type::Renewed => EventKind::Renewed,
        Type::Canceled => EventKind::Canceled,
        // Also a plan change, coming back, a top-up: the purchase tells.
        Type::Purchased => EventKind::Subscribed,
        Type::OnHold => EventKind::OnHold,
        Type::InGracePeriod => EventKind::InGracePeriod,
        Type::Restarted => EventKind::AutoRenewEnabled,
        Type::Deferred => EventKind::RenewalExtended,
        Type::Paused => EventKind::Paused,
        Type::PauseScheduleChanged => EventKind::PauseScheduleChanged,
        Type::Revoked => EventKind::Revoked,
        Type::Expired => EventKind::Expired,
        Type::ItemsChanged => EventKind::ItemsChanged,
        Type::CancellationScheduled => EventKind::CancellationScheduled,
        // Lower or higher, consent asked for or given, called off: which, the purchase tells. The
        // first is the older form of the second and sent beside it.
        Type::PriceChangeConfirmed | Type::PriceChangeUpdated | Type::PriceStepUpConsentUpdated => {
            EventKind::PriceChanged
        }
        Type::PendingPurchaseCanceled => EventKind::PendingPurchaseCanceled,
        Type::Unknown(_) => EventKind::Unknown,
    }
}

const fn one_time_event(notification_type: OneTimeProductNotificationType) -> EventKind {
    match notification_type {
        OneTimeProductNotificationType::Purchased => EventKind::OneTimePurchased,
        OneTimeProductNotificationType::Canceled => EventKind::OneTimeCanceled,
        OneTimeProductNotificationType::Unknown(_) => EventKind::Unknown,
    }
}
