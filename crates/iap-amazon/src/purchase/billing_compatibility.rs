//! What do the answers of Billing Compatibility say in the words that all stores share?

use iap_core::{
    ExpirationReason, ProductKind, Purchase, PurchaseItem, PurchaseKey, PurchaseState, ReceiptId,
    SubscriptionState,
};

use super::{Due, Terms, acknowledgement, auto_renew, cancel, purchase, quantity};
use crate::{
    answer::Answer,
    model::{
        BillingPurchaseState, BillingPurchaseType, BillingSubscriptionState, CanceledStateContext,
        LineItem, OfferDetails, ProductPurchase, SubscriptionPurchase,
    },
};

impl Answer<ProductPurchase> {
    /// The purchase that the answer vouches for, as of when it came.
    ///
    /// A subscription is denied access: this endpoint tells none of its dates. Ask for it with
    /// `get_subscription_purchase`.
    #[must_use]
    pub fn to_purchase(&self) -> Purchase {
        let mut purchase = purchase(
            self.environment(),
            // A token is a receipt id by another name.
            PurchaseKey::amazon(ReceiptId::new(self.purchase_token.as_str())),
            self.product_id.clone(),
            &self.product_type,
            self.received_at(),
        );
        purchase.originally_purchased_at = Some(self.purchase_time_millis);
        if purchase.kind != ProductKind::AutoRenewableSubscription {
            purchase.purchased_at = Some(self.purchase_time_millis);
        }
        purchase.quantity = quantity(self.quantity);
        purchase.is_test |= self.test_transaction == Some(true)
            || self.purchase_type == Some(BillingPurchaseType::Test);
        cancel(&mut purchase, self.cancel_date, self.cancel_reason);
        if purchase.revocation.is_none() {
            purchase.state = match self.purchase_state {
                BillingPurchaseState::Purchased => PurchaseState::Purchased,
                BillingPurchaseState::Canceled => PurchaseState::Canceled,
                BillingPurchaseState::Pending => PurchaseState::Pending,
                unknown => PurchaseState::Unknown(unknown.to_string()),
            };
        }
        purchase
    }
}

impl Answer<SubscriptionPurchase> {
    /// The purchase that the answer vouches for, as of when it came. The dates decide about its
    /// state; the label that Amazon puts on it can only take access away.
    #[must_use]
    pub fn to_purchase(&self) -> Purchase {
        let item = self.line_items.first();
        let mut purchase = purchase(
            self.environment(),
            PurchaseKey::amazon(self.receipt_id.clone()),
            item.product_id.clone(),
            &self.product_type,
            self.received_at(),
        );
        purchase.originally_purchased_at = Some(self.purchase_time_millis);
        purchase.is_test |= self.test_transaction == Some(true) || self.test_purchase.is_some();
        purchase.acknowledgement =
            acknowledgement(self.is_quick_subscribe(), self.fulfillment_result.as_ref());
        purchase.state = match self.subscription_state {
            Some(BillingSubscriptionState::Pending) => PurchaseState::Pending,
            Some(BillingSubscriptionState::PendingPurchaseCanceled) => PurchaseState::Canceled,
            _ => PurchaseState::Purchased,
        };
        if purchase.kind != ProductKind::AutoRenewableSubscription {
            // Not what this endpoint is about: without a subscription part there is no access to one.
            purchase.kind = ProductKind::Unknown(self.product_type.to_string());
            return purchase;
        }

        let due = match (item.expiry_time, self.renewal_date) {
            (Some(end), _) => Due::End(end),
            (None, Some(date)) => Due::Renewal(date),
            (None, None) => Due::NotTold,
        };
        let mut subscription = Terms {
            cancel_date: self.cancel_date,
            grace_period_end_date: self.grace_period_end_date,
            free_trial_end_date: self.free_trial_end_date,
            due,
            renewal_date: self.renewal_date,
            auto_renewing: renews(item),
            promotions: &self.promotions,
        }
        .apply_to(&mut purchase);
        if let Some(state) = self.state_by_label(&subscription.state) {
            subscription.state = state;
        }

        let context = self.canceled_state_context.as_ref();
        subscription.expiration_reason = context.and_then(expiration_reason);
        purchase.is_replaced = subscription.expiration_reason == Some(ExpirationReason::Replaced)
            && subscription.state == SubscriptionState::Expired;
        subscription.plan_id = item.offer_details.as_ref().and_then(OfferDetails::term_sku);
        subscription.started_at = Some(self.purchase_time_millis);
        let replacement = item.deferred_item_replacement.as_ref();
        subscription.next_product_id = replacement.and_then(|it| it.product_id.clone());
        subscription.next_product_at = self.deferred_date;
        purchase.subscription = Some(subscription);
        let further = self.line_items.further().iter();
        purchase.additional_items = further.map(|item| self.additional_item(item)).collect();
        purchase
    }

    /// What the label says where the dates leave it open: whether a late renewal may still come. And
    /// what Amazon does not have, a pause and a hold, in case it comes to have them.
    fn state_by_label(&self, by_dates: &SubscriptionState) -> Option<SubscriptionState> {
        match (self.subscription_state.as_ref()?, by_dates) {
            (
                BillingSubscriptionState::Expired,
                SubscriptionState::RenewalOverdue | SubscriptionState::ActiveUntilCanceled,
            ) => Some(SubscriptionState::Expired),
            (_, SubscriptionState::Expired) => None,
            (BillingSubscriptionState::OnHold, _) => Some(SubscriptionState::OnHold),
            (BillingSubscriptionState::Paused, _) => Some(SubscriptionState::Paused),
            _ => None,
        }
    }

    fn additional_item(&self, item: &LineItem) -> PurchaseItem {
        let mut additional = PurchaseItem::new(item.product_id.clone());
        additional.expires_at = self.cancel_date.or(item.expiry_time);
        additional.auto_renew = auto_renew(renews(item), self.cancel_date);
        additional
    }
}

fn renews(item: &LineItem) -> Option<bool> {
    item.auto_renewing_plan.as_ref()?.auto_renew_enabled
}

fn expiration_reason(context: &CanceledStateContext) -> Option<ExpirationReason> {
    [
        (
            &context.replacement_cancellation,
            ExpirationReason::Replaced,
        ),
        (
            &context.user_initiated_cancellation,
            ExpirationReason::CustomerCanceled,
        ),
        (
            &context.system_initiated_cancellation,
            ExpirationReason::DeveloperCanceled,
        ),
        (
            &context.developer_initiated_cancellation,
            ExpirationReason::DeveloperCanceled,
        ),
    ]
    .into_iter()
    .find_map(|(member, reason)| member.as_ref().map(|_| reason))
}
