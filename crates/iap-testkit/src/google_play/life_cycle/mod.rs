//! What customers, and Google on their behalf, do: buy, renew, stop, change, pay late, get money back.

mod products;
mod subscriptions;
mod turns;

use serde_json::json;

use super::{FakeGooglePlay, order};
use crate::system;

impl FakeGooglePlay {
    /// The latest order of a purchase, of whatever kind.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token.
    #[must_use]
    pub fn order_id(&self, purchase_token: &str) -> String {
        let state = self.shop.state();
        if let Some(product) = state.products.get(purchase_token) {
            return product.order_id.clone();
        }
        let subscription = state.subscriptions.get(purchase_token);
        subscription
            .unwrap_or_else(|| panic!("nobody bought {purchase_token}"))
            .paid_order_id()
    }

    /// Gives the money of an order back and leaves the purchase as it is. Notifies nothing, and the
    /// order is not voided.
    ///
    /// # Panics
    ///
    /// When there is no such order.
    pub fn refund_order(&self, order_id: &str) {
        let now = self.shop.now();
        let mut state = self.shop.state();
        let order = state.orders.get_mut(order_id);
        let order = order.unwrap_or_else(|| panic!("there is no order {order_id}"));
        order.refunded_at.get_or_insert(now);
    }

    /// The customer's bank takes the money of an order back, and Google asks what you say to that
    /// before it decides; returns the token to answer with. Notifies
    /// `pendingRefundReviewNotification`.
    ///
    /// # Panics
    ///
    /// When there is no such order.
    pub fn ask_about_refund(&self, order_id: &str) -> String {
        let mut state = self.shop.state();
        assert!(state.orders.contains_key(order_id), "no order {order_id}");
        let token = system::base64url::<24>();
        let members = json!({
            "version": "1.0",
            "pendingRefundToken": token,
            "orderId": order_id,
            "refundReason": CHARGEBACK_REASON,
        });
        self.shop
            .notify(&mut state, "pendingRefundReviewNotification", members);
        token
    }

    /// What was answered to [`ask_about_refund`](Self::ask_about_refund) first, if anything was.
    #[must_use]
    pub fn refund_review(&self, pending_refund_token: &str) -> Option<serde_json::Value> {
        self.shop.state().reviews.get(pending_refund_token).cloned()
    }

    /// Google forgets a purchase, of whatever kind, and answers 410 from now on.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token.
    pub fn forget(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        if let Some(product) = state.products.get_mut(purchase_token) {
            product.is_gone = true;
            return;
        }
        self.shop
            .change(&mut state, purchase_token, |it| it.is_gone = true);
    }
}

pub(super) fn new_token() -> String {
    format!(
        "{}{TOKEN_MARK}{}",
        system::base64url::<18>().to_lowercase(),
        system::base64url::<72>()
    )
}

/// Whether a text has the form of a purchase token; Google calls anything else an invalid value.
pub(super) fn is_token(text: &str) -> bool {
    text.contains(TOKEN_MARK)
}

const TOKEN_MARK: &str = ".AO-J1O";

/// `refundReason` of a pending refund: a chargeback.
const CHARGEBACK_REASON: i64 = 7;

/// `productType` of a voided purchase.
pub(super) const SUBSCRIPTION: i64 = 1;
pub(super) const ONE_TIME: i64 = 2;

/// `refundType` of a voided purchase.
pub(super) const FULL: i64 = 1;
pub(super) const SOME_ITEMS: i64 = 2;

/// `voidedReason` and `voidedSource`.
pub(super) const BY_DEVELOPER: order::Why = order::Why {
    reason: 0,
    source: 1,
};
pub(super) const BY_GOOGLE: order::Why = order::Why {
    reason: 0,
    source: 2,
};
pub(super) const UNACKNOWLEDGED: order::Why = order::Why {
    reason: 8,
    source: 2,
};
