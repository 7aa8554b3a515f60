//! Every notification type in the words that all stores share.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/real-time-notifications.html>

use iap_core::{Environment, EventKind, PurchaseKey, RefundScope, Store, StoreEvent};

use super::{message::VerifiedNotification, model::NotificationType};

impl VerifiedNotification {
    /// What happened, in the words that all stores share. It carries no purchase: ask the store
    /// about its [`key`](StoreEvent::key) and [`user_id`](StoreEvent::user_id).
    ///
    /// [`id`](StoreEvent::id) is the same for every delivery of one message. Amazon may also publish
    /// one event as two messages: those agree in [`key`](StoreEvent::key),
    /// [`store_type`](StoreEvent::store_type) and [`occurred_at`](StoreEvent::occurred_at).
    ///
    /// [`environment`](StoreEvent::environment) is always production: App Tester sends no
    /// notifications, and purchases in Live App Testing, which
    /// [`beta_product_transaction`](super::Notification::beta_product_transaction) tells, live there.
    #[must_use]
    pub fn to_event(&self) -> StoreEvent {
        let notification = self.notification();
        let kind = event_kind(&notification.notification_type);
        let mut event = StoreEvent::new(
            self.envelope().message_id().clone(),
            Store::AmazonAppstore,
            Environment::Production,
            notification.timestamp,
            kind,
            notification.notification_type.as_str(),
        );
        event.app_id = Some(notification.app_package_name.clone());
        event.key = Some(PurchaseKey::amazon(notification.receipt_id.clone()));
        event.replaces = notification
            .related_receipts
            .cancelled_receipt_id
            .clone()
            .map(PurchaseKey::amazon);
        event.user_id = Some(notification.app_user_id.clone());
        if kind == EventKind::OneTimeCanceled {
            event.refund = Some(RefundScope::Unspecified);
        }
        event
    }
}

const fn event_kind(notification_type: &NotificationType) -> EventKind {
    use NotificationType as Type;

    match notification_type {
        Type::ConsumablePurchased | Type::EntitlementPurchased => EventKind::OneTimePurchased,
        Type::ConsumableCancelled | Type::EntitlementCancelled => EventKind::OneTimeCanceled,
        Type::SubscriptionPurchased => EventKind::Subscribed,
        Type::SubscriptionConvertedFreeTrialToPaid => EventKind::TrialConverted,
        Type::SubscriptionRenewed => EventKind::Renewed,
        Type::SubscriptionAutoRenewalOff => EventKind::AutoRenewDisabled,
        Type::SubscriptionAutoRenewalOn => EventKind::AutoRenewEnabled,
        Type::SubscriptionScheduledToEnd => EventKind::CancellationScheduled,
        Type::SubscriptionInGracePeriod => EventKind::InGracePeriod,
        // The name sounds like the end of it; it means that the customer has paid.
        Type::SubscriptionOutOfGracePeriod => EventKind::Recovered,
        Type::SubscriptionModifiedDeferred => EventKind::ProductChangeScheduled,
        Type::SubscriptionModifiedImmediate => EventKind::ProductChanged,
        Type::SubscriptionCancelled => EventKind::Canceled,
        Type::SubscriptionExpired => EventKind::Expired,
        Type::Unknown(_) => EventKind::Unknown,
    }
}
