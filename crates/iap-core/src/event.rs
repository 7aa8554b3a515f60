//! What a store tells us unasked, in the words that all stores share.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    AppId, Environment, EventId, ExpirationReason, Purchase, PurchaseKey, RefundScope, Store,
    SubscriptionState, Timestamp, TransactionId, UserId,
};

/// A verified notification of a store.
///
/// Deliveries repeat and arrive out of order: handle each [`id`](Self::id) once, and do not let an
/// older [`occurred_at`](Self::occurred_at) overwrite a newer state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StoreEvent {
    /// The same for every delivery of one notification: the key to handle it once.
    pub id: EventId,
    /// The store that sent it.
    pub store: Store,
    /// The world it is about.
    pub environment: Environment,
    /// The app it is about.
    pub app_id: Option<AppId>,
    /// When the store made the notification.
    pub occurred_at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The store's own name of it, for example `DID_RENEW` or `SUBSCRIPTION_RENEWED`.
    pub store_type: String,
    /// The store's own second name of it, for example `BILLING_RECOVERY`.
    pub store_subtype: Option<String>,
    /// The purchase it is about; `None` when it is about none (tests, summaries), or named only by
    /// its [`transaction_id`](Self::transaction_id).
    pub key: Option<PurchaseKey>,
    /// The charge it is about, where the notification tells: Apple's transaction id, Google's order
    /// id. A subscription has many, so a refund of an old one need not end it. Google names only
    /// this, and no [`key`](Self::key), when it asks about a refund: find the purchase by it.
    pub transaction_id: Option<TransactionId>,
    /// An earlier purchase whose place that one takes, where the notification tells (Amazon).
    pub replaces: Option<PurchaseKey>,
    /// The customer as the store names them, where it takes that to ask about the purchase (Amazon).
    pub user_id: Option<UserId>,
    /// The purchase as the notification itself proves it. `None` where the store only sends a key:
    /// ask the store. Store it only if it [`supersedes`](Purchase::supersedes) what is stored.
    pub purchase: Option<Purchase>,
    /// The state of the **whole subscription** at the time of the notification, where the store
    /// tells.
    ///
    /// It may differ from [`purchase`](Self::purchase), which is one period of it: a refund of an
    /// earlier period comes with a revoked purchase and an active subscription.
    pub subscription_state: Option<SubscriptionState>,
    /// How much was given back, for events about refunds.
    pub refund: Option<RefundScope>,
    /// Why the subscription ended, for [`EventKind::Expired`].
    pub expiration_reason: Option<ExpirationReason>,
}

impl StoreEvent {
    /// An event with what every store tells; the other fields start out absent.
    #[must_use]
    pub fn new(
        id: EventId,
        store: Store,
        environment: Environment,
        occurred_at: Timestamp,
        kind: EventKind,
        store_type: impl Into<String>,
    ) -> Self {
        Self {
            id,
            store,
            environment,
            app_id: None,
            occurred_at,
            kind,
            store_type: store_type.into(),
            store_subtype: None,
            key: None,
            transaction_id: None,
            replaces: None,
            user_id: None,
            purchase: None,
            subscription_state: None,
            refund: None,
            expiration_reason: None,
        }
    }
}

/// What happened. What it means for access is decided by the purchase, not by the name of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// Renewal was switched off; access stays until the end of the period.
    AutoRenewDisabled,
    /// Renewal was switched on again.
    AutoRenewEnabled,
    /// Renewal was switched on or off; the event does not say which, the purchase does.
    AutoRenewStatusChanged,
    /// The subscription was cancelled; access may last until the end of the period.
    Canceled,
    /// The subscription will end at a known later date (end of a commitment, reminder).
    CancellationScheduled,
    /// The customer took back their consent, for example a parent for a child.
    ConsentRescinded,
    /// The subscription ended; see [`StoreEvent::expiration_reason`].
    Expired,
    /// Apple reminds of, or confirms, a token for purchases outside the App Store.
    ExternalPurchaseToken,
    /// The grace period ended without payment; access ends, the store may still retry.
    GracePeriodExpired,
    /// A renewal failed; access stays during the grace period.
    InGracePeriod,
    /// Products were added to, removed from or changed within one subscription.
    ItemsChanged,
    /// The texts of a product (name, description) were changed for a subscriber.
    MetadataUpdated,
    /// The subscription was moved to another product or billing system by the developer.
    Migrated,
    /// An offer was redeemed for a running subscription.
    OfferRedeemed,
    /// A renewal failed and access ends while the store retries.
    OnHold,
    /// A one-time purchase was cancelled or refunded.
    OneTimeCanceled,
    /// A one-time product was bought.
    OneTimePurchased,
    /// The subscription is paused now.
    Paused,
    /// The customer planned, changed or dropped a pause.
    PauseScheduleChanged,
    /// A purchase was given up before it was paid.
    PendingPurchaseCanceled,
    /// The price of the subscription changed, or a change of it moved on.
    PriceChanged,
    /// The customer agreed to a higher price, or need not.
    PriceIncreaseAccepted,
    /// The customer was told of a higher price and has not answered.
    PriceIncreasePending,
    /// The customer changed to another product, at once.
    ProductChanged,
    /// The customer dropped a change of product that was to come.
    ProductChangeCanceled,
    /// The customer changed to another product, from the next period on.
    ProductChangeScheduled,
    /// A failed renewal was repaired, or a pause ended; access is back.
    Recovered,
    /// The store refused a refund.
    RefundDeclined,
    /// Money was given back, perhaps for an earlier period of a subscription that runs on: see
    /// [`StoreEvent::subscription_state`].
    Refunded,
    /// The customer asks for a refund, and the store asks us for information first.
    RefundRequested,
    /// The store took a refund back; give access again.
    RefundReversed,
    /// The period was made longer without charge.
    RenewalExtended,
    /// Making the period longer failed for this subscription.
    RenewalExtensionFailed,
    /// Making the periods of many subscriptions longer has finished.
    RenewalExtensionFinished,
    /// The subscription renewed.
    Renewed,
    /// The customer came back to a subscription that had ended.
    Resubscribed,
    /// Access was taken away: family sharing ended, or the store revoked the purchase.
    Revoked,
    /// The customer subscribed for the first time.
    Subscribed,
    /// A test that the developer asked for.
    Test,
    /// A free trial became a paid period.
    TrialConverted,
    /// Something this version does not know; see [`StoreEvent::store_type`] and
    /// [`StoreEvent::store_subtype`].
    Unknown,
}

impl EventKind {
    /// The name used in JSON, for example `auto_renew_disabled`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AutoRenewDisabled => "auto_renew_disabled",
            Self::AutoRenewEnabled => "auto_renew_enabled",
            Self::AutoRenewStatusChanged => "auto_renew_status_changed",
            Self::Canceled => "canceled",
            Self::CancellationScheduled => "cancellation_scheduled",
            Self::ConsentRescinded => "consent_rescinded",
            Self::Expired => "expired",
            Self::ExternalPurchaseToken => "external_purchase_token",
            Self::GracePeriodExpired => "grace_period_expired",
            Self::InGracePeriod => "in_grace_period",
            Self::ItemsChanged => "items_changed",
            Self::MetadataUpdated => "metadata_updated",
            Self::Migrated => "migrated",
            Self::OfferRedeemed => "offer_redeemed",
            Self::OnHold => "on_hold",
            Self::OneTimeCanceled => "one_time_canceled",
            Self::OneTimePurchased => "one_time_purchased",
            Self::Paused => "paused",
            Self::PauseScheduleChanged => "pause_schedule_changed",
            Self::PendingPurchaseCanceled => "pending_purchase_canceled",
            Self::PriceChanged => "price_changed",
            Self::PriceIncreaseAccepted => "price_increase_accepted",
            Self::PriceIncreasePending => "price_increase_pending",
            Self::ProductChanged => "product_changed",
            Self::ProductChangeCanceled => "product_change_canceled",
            Self::ProductChangeScheduled => "product_change_scheduled",
            Self::Recovered => "recovered",
            Self::RefundDeclined => "refund_declined",
            Self::Refunded => "refunded",
            Self::RefundRequested => "refund_requested",
            Self::RefundReversed => "refund_reversed",
            Self::RenewalExtended => "renewal_extended",
            Self::RenewalExtensionFailed => "renewal_extension_failed",
            Self::RenewalExtensionFinished => "renewal_extension_finished",
            Self::Renewed => "renewed",
            Self::Resubscribed => "resubscribed",
            Self::Revoked => "revoked",
            Self::Subscribed => "subscribed",
            Self::Test => "test",
            Self::TrialConverted => "trial_converted",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
