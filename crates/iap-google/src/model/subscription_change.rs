//! How does a server cancel, defer or revoke a subscription, and what does Google answer?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2)

use core::time::Duration;

use iap_core::{ProductId, Timestamp, open_enum};

use super::wire::{model, or_default, seconds};

model! {
    /// Stops the renewals of a subscription.
    pub struct CancelSubscriptionPurchaseRequest {
        /// On whose behalf.
        pub cancellation_context: Option<CancellationContext>,
    }

    /// On whose behalf a subscription is cancelled.
    pub struct CancellationContext {
        /// The kind of cancellation.
        pub cancellation_type: Option<CancellationType>,
    }

    /// That the renewals have been stopped. Being there is all it says.
    pub struct CancelSubscriptionPurchaseResponse {}

    /// Moves the end of a subscription, all items together, without charge.
    pub struct DeferSubscriptionPurchaseRequest {
        /// By how much.
        pub deferral_context: Option<DeferralContext>,
    }

    /// By how much the end of a subscription is moved.
    pub struct DeferralContext {
        /// The `etag` of the subscription as it was read; Google refuses an older one.
        pub etag: Option<String>,
        /// By how much: one day to one year.
        #[serde(with = "seconds")]
        pub defer_duration: Option<Duration>,
        /// Whether nothing is changed, only tried.
        #[serde(deserialize_with = "or_default")]
        pub validate_only: bool,
    }

    /// The ends of a subscription after a deferral.
    pub struct DeferSubscriptionPurchaseResponse {
        /// One entry for each item.
        #[serde(deserialize_with = "or_default")]
        pub item_expiry_time_details: Vec<ItemExpiryTimeDetails>,
    }

    /// When an item ends after a deferral.
    pub struct ItemExpiryTimeDetails {
        /// The item.
        pub product_id: Option<ProductId>,
        /// Its new end.
        pub expiry_time: Option<Timestamp>,
    }

    /// Ends a subscription, or one add-on of it, at once and gives money back.
    pub struct RevokeSubscriptionPurchaseRequest {
        /// How much money.
        pub revocation_context: Option<RevocationContext>,
    }

    /// How much money a revocation gives back: one of these.
    pub struct RevocationContext {
        /// All of the latest order.
        pub full_refund: Option<RevocationContextFullRefund>,
        /// A share of the latest order, by the time that is left.
        pub prorated_refund: Option<RevocationContextProratedRefund>,
        /// All of the latest order of one item; the other items stay.
        pub item_based_refund: Option<RevocationContextItemBasedRefund>,
    }

    /// The mark of a full refund. Being there is all it says.
    pub struct RevocationContextFullRefund {}

    /// The mark of a refund by the time that is left. Being there is all it says.
    pub struct RevocationContextProratedRefund {}

    /// The refund of one item.
    pub struct RevocationContextItemBasedRefund {
        /// The item: an add-on that renews.
        pub product_id: Option<ProductId>,
    }

    /// That the subscription has been revoked. Being there is all it says.
    pub struct RevokeSubscriptionPurchaseResponse {}
}

open_enum! {
    /// On whose behalf, and how finally, a subscription is cancelled.
    pub enum CancellationType: str {
        /// Not said.
        Unspecified = "CANCELLATION_TYPE_UNSPECIFIED",
        /// The customer's: it does not renew, and the customer may restore it. A commitment is still
        /// paid off.
        UserRequestedStopRenewals = "USER_REQUESTED_STOP_RENEWALS",
        /// The developer's: no payment any more, a commitment included, and nobody can restore it.
        DeveloperRequestedStopPayments = "DEVELOPER_REQUESTED_STOP_PAYMENTS",
    }
}

impl CancelSubscriptionPurchaseRequest {
    /// Cancels in this way.
    #[must_use]
    pub fn new(cancellation_type: CancellationType) -> Self {
        Self {
            cancellation_context: Some(CancellationContext {
                cancellation_type: Some(cancellation_type),
                ..CancellationContext::default()
            }),
            ..Self::default()
        }
    }
}

impl DeferSubscriptionPurchaseRequest {
    /// Moves the end by `defer_duration`, one day to one year, if the subscription is still as it
    /// was when `etag` was read.
    #[must_use]
    pub fn new(etag: impl Into<String>, defer_duration: Duration) -> Self {
        Self {
            deferral_context: Some(DeferralContext {
                etag: Some(etag.into()),
                defer_duration: Some(defer_duration),
                ..DeferralContext::default()
            }),
            ..Self::default()
        }
    }

    /// Changes nothing: Google only answers what would come of it.
    #[must_use]
    pub fn validate_only(mut self) -> Self {
        self.deferral_context.get_or_insert_default().validate_only = true;
        self
    }
}

impl RevokeSubscriptionPurchaseRequest {
    /// Gives back all of the latest order.
    #[must_use]
    pub fn full_refund() -> Self {
        Self::new(RevocationContext {
            full_refund: Some(RevocationContextFullRefund::default()),
            ..RevocationContext::default()
        })
    }

    /// Gives back a share of the latest order, by the time that is left.
    #[must_use]
    pub fn prorated_refund() -> Self {
        Self::new(RevocationContext {
            prorated_refund: Some(RevocationContextProratedRefund::default()),
            ..RevocationContext::default()
        })
    }

    /// Ends one add-on only, and gives back all of its latest order. Google refuses it while a
    /// payment is declined.
    #[must_use]
    pub fn item_based_refund(product_id: impl Into<ProductId>) -> Self {
        Self::new(RevocationContext {
            item_based_refund: Some(RevocationContextItemBasedRefund {
                product_id: Some(product_id.into()),
                ..RevocationContextItemBasedRefund::default()
            }),
            ..RevocationContext::default()
        })
    }

    fn new(revocation_context: RevocationContext) -> Self {
        Self {
            revocation_context: Some(revocation_context),
            ..Self::default()
        }
    }
}
