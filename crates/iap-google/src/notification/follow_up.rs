//! What to do about a notification.
//!
//! [Google's page](https://developer.android.com/google/play/billing/rtdn-reference)

use core::time::Duration;

use iap_core::{PurchaseToken, Timestamp};

use super::verified::VerifiedNotification;
use crate::model::{NotificationKind, PendingRefundReviewNotification, VoidedProductType};

/// What to do about a notification: whatever changed, the answer of Google says what is now.
///
/// `GooglePlayVerifier::current_purchase` does the asking.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum FollowUp<'a> {
    /// Ask about this purchase of one-time products.
    AskAboutProduct(&'a PurchaseToken),
    /// Ask about this subscription.
    AskAboutSubscription(&'a PurchaseToken),
    /// Ask about this purchase, of which the notification does not say whether it is a subscription.
    AskAboutEither(&'a PurchaseToken),
    /// Tell Google what is known about the order, with `PlayClient::orders` and `review_refund`: the
    /// first answer counts, and without one Google decides alone.
    #[non_exhaustive]
    ReviewRefund {
        /// What is under review.
        review: &'a PendingRefundReviewNotification,
        /// Until when Google takes an answer.
        answer_by: Timestamp,
    },
    /// Nothing: a test, or something that this version does not know. Take it, and log it.
    Nothing,
}

impl VerifiedNotification {
    /// What to do about it.
    #[must_use]
    pub fn follow_up(&self) -> FollowUp<'_> {
        let kind = self.notification().kind();
        let Some(token) = kind.purchase_token() else {
            return match kind {
                NotificationKind::PendingRefundReview(review) => FollowUp::ReviewRefund {
                    review,
                    answer_by: self.event_time().saturating_add(TIME_TO_ANSWER),
                },
                _ => FollowUp::Nothing,
            };
        };
        match kind {
            NotificationKind::Subscription(_) => FollowUp::AskAboutSubscription(token),
            NotificationKind::OneTimeProduct(_) => FollowUp::AskAboutProduct(token),
            NotificationKind::VoidedPurchase(voided) => match voided.product_type {
                Some(VoidedProductType::Subscription) => FollowUp::AskAboutSubscription(token),
                Some(VoidedProductType::OneTime) => FollowUp::AskAboutProduct(token),
                Some(VoidedProductType::Unknown(_)) | None => FollowUp::AskAboutEither(token),
            },
            _ => FollowUp::Nothing,
        }
    }
}

/// Google decides after a day.
const TIME_TO_ANSWER: Duration = Duration::from_secs(24 * 60 * 60);
