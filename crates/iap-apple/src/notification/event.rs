//! Every notification type and subtype in the words that all stores share.
//!
//! <https://developer.apple.com/documentation/appstoreservernotifications/notificationtype>

use iap_core::{EventKind, ExpirationReason, PurchaseKey, Store, StoreEvent};

use super::VerifiedNotification;
use crate::{
    error::VerificationFailure,
    model::{Notification, NotificationType, Subtype},
    purchase::{purchase, state_of},
    signed_data::{Claim, SignedPayload},
};

impl VerifiedNotification {
    /// What happened, in the words that all stores share, with the purchase it is about.
    ///
    /// # Errors
    ///
    /// [`VerificationFailure::MissingMember`] if the notification has no UUID, or its transaction no
    /// product or original transaction id.
    pub fn to_event(&self) -> Result<StoreEvent, VerificationFailure> {
        let notification: &Notification = self;
        let status = notification.data.as_ref().and_then(|data| data.status);
        let id =
            notification
                .notification_uuid
                .clone()
                .ok_or(VerificationFailure::MissingMember {
                    member: "notificationUUID",
                })?;
        let notification_type = notification.notification_type.as_ref();
        let mut event = StoreEvent::new(
            id,
            Store::AppStore,
            self.notification().environment(),
            self.notification().signed_at(),
            event_kind(notification_type, notification.subtype.as_ref()),
            notification_type.map_or("", NotificationType::as_str),
        );
        event.store_subtype = notification.subtype.as_ref().map(ToString::to_string);
        event.app_id = match notification.claims().bundle_id {
            Claim::Made(bundle_id) => bundle_id.cloned(),
            Claim::NotMade => None,
        };
        event.purchase = self
            .transaction()
            .map(|transaction| purchase(transaction, self.renewal_info(), status))
            .transpose()?;
        event.key = match (&event.purchase, self.renewal_info()) {
            (Some(purchase), _) => Some(purchase.key.clone()),
            (None, Some(renewal_info)) => renewal_info
                .original_transaction_id
                .clone()
                .map(PurchaseKey::apple),
            (None, None) => None,
        };
        event.transaction_id = self
            .transaction()
            .and_then(|transaction| transaction.transaction_id.clone());
        event.subscription_state = status.map(state_of);
        match event.kind {
            EventKind::Expired => {
                event.expiration_reason = Some(expiration_reason(notification.subtype.as_ref()));
            }
            EventKind::Refunded | EventKind::Revoked => {
                let purchase = event.purchase.as_ref();
                let revocation = purchase.and_then(|purchase| purchase.revocation.as_ref());
                event.refund = revocation.map(|revocation| revocation.refund);
            }
            _ => {}
        }
        Ok(event)
    }
}

/// The kind of event of a type and subtype.
///
/// A known type with a subtype that this version does not know is unknown as a whole: the subtype
/// may turn its meaning around, as `FAILURE` does with `RENEWAL_EXTENSION`.
fn event_kind(
    notification_type: Option<&NotificationType>,
    subtype: Option<&Subtype>,
) -> EventKind {
    use NotificationType as Type;

    let Some(notification_type) = notification_type else {
        return EventKind::Unknown;
    };
    match (notification_type, subtype) {
        (Type::Subscribed, Some(Subtype::InitialBuy) | None) => EventKind::Subscribed,
        (Type::Subscribed, Some(Subtype::Resubscribe)) => EventKind::Resubscribed,

        (Type::DidRenew, None) => EventKind::Renewed,
        (Type::DidRenew, Some(Subtype::BillingRecovery)) => EventKind::Recovered,
        (Type::DidFailToRenew, None) => EventKind::OnHold,
        (Type::DidFailToRenew, Some(Subtype::GracePeriod)) => EventKind::InGracePeriod,
        (Type::GracePeriodExpired, None) => EventKind::GracePeriodExpired,
        (Type::RenewalExtended, None) => EventKind::RenewalExtended,
        (Type::RenewalExtension, Some(Subtype::Summary)) => EventKind::RenewalExtensionFinished,
        (Type::RenewalExtension, Some(Subtype::Failure)) => EventKind::RenewalExtensionFailed,

        (Type::DidChangeRenewalStatus, Some(Subtype::AutoRenewEnabled)) => {
            EventKind::AutoRenewEnabled
        }
        (Type::DidChangeRenewalStatus, Some(Subtype::AutoRenewDisabled)) => {
            EventKind::AutoRenewDisabled
        }
        (Type::DidChangeRenewalStatus, None) => EventKind::AutoRenewStatusChanged,

        // An upgrade takes effect at once, a downgrade at the next renewal.
        (Type::DidChangeRenewalPref, Some(Subtype::Upgrade)) => EventKind::ProductChanged,
        (Type::DidChangeRenewalPref, Some(Subtype::Downgrade)) => EventKind::ProductChangeScheduled,
        (Type::DidChangeRenewalPref, None) => EventKind::ProductChangeCanceled,

        // With a subtype, redeeming the offer is how the customer bought or changed something.
        (Type::OfferRedeemed, None) => EventKind::OfferRedeemed,
        (Type::OfferRedeemed, Some(Subtype::InitialBuy)) => EventKind::Subscribed,
        (Type::OfferRedeemed, Some(Subtype::Resubscribe)) => EventKind::Resubscribed,
        (Type::OfferRedeemed, Some(Subtype::Upgrade)) => EventKind::ProductChanged,
        (Type::OfferRedeemed, Some(Subtype::Downgrade)) => EventKind::ProductChangeScheduled,

        (
            Type::Expired,
            Some(
                Subtype::Voluntary
                | Subtype::BillingRetry
                | Subtype::PriceIncrease
                | Subtype::ProductNotForSale,
            )
            | None,
        ) => EventKind::Expired,

        (Type::PriceIncrease, Some(Subtype::Pending)) => EventKind::PriceIncreasePending,
        (Type::PriceIncrease, Some(Subtype::Accepted)) => EventKind::PriceIncreaseAccepted,
        (Type::PriceChange, None) => EventKind::PriceChanged,

        (Type::OneTimeCharge, None) => EventKind::OneTimePurchased,
        (Type::ConsumptionRequest, None) => EventKind::RefundRequested,
        (Type::Refund, None) => EventKind::Refunded,
        (Type::RefundDeclined, None) => EventKind::RefundDeclined,
        (Type::RefundReversed, None) => EventKind::RefundReversed,
        (Type::Revoke, None) => EventKind::Revoked,

        (Type::MetadataUpdate, None) => EventKind::MetadataUpdated,
        (Type::Migration, None) => EventKind::Migrated,
        (Type::RescindConsent, None) => EventKind::ConsentRescinded,
        (
            Type::ExternalPurchaseToken,
            Some(Subtype::Created | Subtype::ActiveTokenReminder | Subtype::Unreported) | None,
        ) => EventKind::ExternalPurchaseToken,
        (Type::Test, None) => EventKind::Test,

        _ => EventKind::Unknown,
    }
}

/// Why a subscription ended, by the subtype of `EXPIRED`.
fn expiration_reason(subtype: Option<&Subtype>) -> ExpirationReason {
    match subtype {
        Some(Subtype::Voluntary) => ExpirationReason::CustomerCanceled,
        Some(Subtype::BillingRetry) => ExpirationReason::BillingError,
        Some(Subtype::PriceIncrease) => ExpirationReason::PriceIncreaseNotConsented,
        Some(Subtype::ProductNotForSale) => ExpirationReason::ProductNotAvailable,
        Some(unknown) => ExpirationReason::Unknown(unknown.to_string()),
        None => ExpirationReason::Other,
    }
}

#[cfg(test)]
mod tests;
