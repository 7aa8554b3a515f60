//! What was paid, and given back.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/orders>

use iap_core::Timestamp;
use serde_json::{Value, json};

use super::{State, money};
use crate::system;

pub(super) struct Order {
    pub(super) purchase_token: String,
    pub(super) product_id: String,
    pub(super) is_subscription: bool,
    pub(super) created_at: Timestamp,
    pub(super) price_micros: i64,
    pub(super) currency: String,
    pub(super) refunded_at: Option<Timestamp>,
    /// Why it was voided (`voidedReason`) and by whom (`voidedSource`).
    pub(super) voided: Option<(Timestamp, i64, i64)>,
}

impl Order {
    /// As `Order` of the API.
    pub(super) fn json(&self, id: &str) -> Value {
        let total = money(&self.currency, self.price_micros);
        let state = match self.refunded_at {
            Some(_) => "REFUNDED",
            None => "PROCESSED",
        };
        let mut history = json!({ "processedEvent": { "eventTime": self.created_at.to_string() } });
        if let Some(at) = self.refunded_at {
            history["refundEvent"] = json!({
                "eventTime": at.to_string(),
                "refundReason": "OTHER",
                "refundDetails": { "total": total },
            });
        }
        json!({
            "orderId": id,
            "purchaseToken": self.purchase_token,
            "state": state,
            "salesChannel": "IN_APP",
            "createTime": self.created_at.to_string(),
            "lastEventTime": self.refunded_at.unwrap_or(self.created_at).to_string(),
            "buyerAddress": { "buyerCountry": "US" },
            "total": total,
            "orderDetails": { "taxInclusive": true },
            "orderHistory": history,
            "lineItems": [{ "productId": self.product_id, "total": total }],
        })
    }

    /// As `VoidedPurchase` of the API, if it was voided.
    pub(super) fn voided_json(&self, id: &str) -> Option<Value> {
        let (at, reason, source) = self.voided?;
        Some(json!({
            "kind": "androidpublisher#voidedPurchase",
            "purchaseToken": self.purchase_token,
            "purchaseTimeMillis": self.created_at.as_millis().to_string(),
            "voidedTimeMillis": at.as_millis().to_string(),
            "orderId": id,
            "voidedSource": source,
            "voidedReason": reason,
        }))
    }
}

/// An order number such as `GPA.1234-5678-9012-34567`.
pub(super) fn new_id() -> String {
    let digits: Vec<char> = system::bytes::<17>()
        .map(|byte| char::from(b'0' + byte % 10))
        .to_vec();
    let text: String = digits.iter().collect();
    let (first, rest) = text.split_at(4);
    let (second, rest) = rest.split_at(4);
    let (third, last) = rest.split_at(4);
    format!("GPA.{first}-{second}-{third}-{last}")
}

impl State {
    /// Gives the money of an order back; with `void`, the order is also listed as voided.
    pub(super) fn refund(&mut self, order_id: &str, now: Timestamp, void: Option<(i64, i64)>) {
        let Some(order) = self.orders.get_mut(order_id) else {
            return;
        };
        order.refunded_at.get_or_insert(now);
        if let (Some((reason, source)), None) = (void, order.voided) {
            order.voided = Some((now, reason, source));
            self.voided.push(order_id.to_owned());
        }
    }
}
