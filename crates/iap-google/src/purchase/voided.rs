//! What the list of voided purchases says of one, in the words that all stores share.
//!
//! [Google's page](https://developers.google.com/android-publisher/voided-purchases)

use iap_core::{RefundScope, Revocation, RevocationReason};

use crate::model::{VoidedPurchase, VoidedReason};

impl VoidedPurchase {
    /// Why and when Google voided the order, and how much of it went back. Only this list tells:
    /// neither the purchase nor a notification does.
    ///
    /// It is about one order. A refund of [some of several items](RefundScope::Quantity) takes back no
    /// purchase, and that of an old renewal ends no subscription: ask Google about the purchase, and
    /// let its answer decide about access.
    ///
    /// ```
    /// use iap_core::{RefundScope, RevocationReason};
    /// use iap_google::VoidedPurchase;
    ///
    /// let voided: VoidedPurchase = serde_json::from_str(
    ///     r#"{ "orderId": "GPA.1", "voidedTimeMillis": "1000", "voidedReason": 8 }"#,
    /// )?;
    /// assert_eq!(voided.to_revocation().reason, RevocationReason::NotAcknowledged);
    /// assert_eq!(voided.to_revocation().refund, RefundScope::Unspecified);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_revocation(&self) -> Revocation {
        let reason = match self.voided_reason {
            Some(VoidedReason::UnacknowledgedPurchase) => RevocationReason::NotAcknowledged,
            Some(VoidedReason::Defective | VoidedReason::NotReceived) => RevocationReason::AppIssue,
            Some(
                VoidedReason::AccidentalPurchase
                | VoidedReason::Chargeback
                | VoidedReason::Fraud
                | VoidedReason::FriendlyFraud
                | VoidedReason::Other
                | VoidedReason::Remorse,
            )
            | None => RevocationReason::Refunded,
            Some(VoidedReason::Unknown(number)) => {
                RevocationReason::Unknown(format!("voidedReason {number}"))
            }
        };
        // Google names a number for a part only. Without one, a share of the money may be left.
        let quantity = self.voided_quantity.and_then(|it| u32::try_from(it).ok());
        let refund = match quantity.filter(|quantity| *quantity > 0) {
            Some(quantity) => RefundScope::Quantity(quantity),
            None => RefundScope::Unspecified,
        };
        Revocation::new(self.voided_time_millis, reason, refund)
    }
}
