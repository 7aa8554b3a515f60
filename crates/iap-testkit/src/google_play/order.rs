//! What was paid, and given back.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/orders>

use iap_core::Timestamp;
use serde_json::{Value, json};

use super::{State, money};
use crate::system;

pub(super) struct Order {
    pub(super) purchase_token: String,
    product_id: String,
    pub(super) is_subscription: bool,
    created_at: Timestamp,
    price_micros: i64,
    currency: String,
    /// Before any refund.
    state: &'static str,
    pub(super) refunded_at: Option<Timestamp>,
    is_refunded_in_part: bool,
}

/// Why an order was voided (`voidedReason`) and by whom (`voidedSource`).
#[derive(Clone, Copy)]
pub(super) struct Why {
    pub(super) reason: i64,
    pub(super) source: i64,
}

/// An entry of the list of voided purchases.
pub(super) struct Voided {
    order_id: String,
    pub(super) at: Timestamp,
    why: Why,
    /// How many items, if not all.
    pub(super) quantity: Option<i64>,
}

impl Order {
    /// An order of a one-time product that was paid: `price` in millionths, and its currency.
    pub(super) fn new(
        purchase_token: &str,
        product_id: &str,
        (price_micros, currency): (i64, &str),
        created_at: Timestamp,
    ) -> Self {
        Self {
            purchase_token: purchase_token.to_owned(),
            product_id: product_id.to_owned(),
            is_subscription: false,
            created_at,
            price_micros,
            currency: currency.to_owned(),
            state: PROCESSED,
            refunded_at: None,
            is_refunded_in_part: false,
        }
    }

    pub(super) const fn of_subscription(mut self) -> Self {
        self.is_subscription = true;
        self
    }

    pub(super) const fn pending(mut self) -> Self {
        self.state = "PENDING";
        self
    }

    /// As `Order` of the API.
    pub(super) fn json(&self, id: &str) -> Value {
        let total = money(&self.currency, self.price_micros);
        let state = match (self.refunded_at, self.is_refunded_in_part) {
            (Some(_), _) => "REFUNDED",
            (None, true) => "PARTIALLY_REFUNDED",
            (None, false) => self.state,
        };
        let mut history = json!({});
        if self.state == PROCESSED {
            history["processedEvent"] = json!({ "eventTime": self.created_at.to_string() });
        }
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
}

impl Voided {
    /// As `VoidedPurchase` of the API.
    pub(super) fn json(&self, order: &Order) -> Value {
        let mut voided = json!({
            "kind": "androidpublisher#voidedPurchase",
            "purchaseToken": order.purchase_token,
            "purchaseTimeMillis": order.created_at.as_millis().to_string(),
            "voidedTimeMillis": self.at.as_millis().to_string(),
            "orderId": self.order_id,
            "voidedSource": self.why.source,
            "voidedReason": self.why.reason,
        });
        if let Some(quantity) = self.quantity {
            voided["voidedQuantity"] = quantity.into();
        }
        voided
    }

    pub(super) fn order<'a>(&self, state: &'a State) -> Option<&'a Order> {
        state.orders.get(&self.order_id)
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
    /// A pending order is paid.
    pub(super) fn settle(&mut self, order_id: &str) {
        if let Some(order) = self.orders.get_mut(order_id) {
            order.state = PROCESSED;
        }
    }

    /// A pending order is not paid any more.
    pub(super) fn give_up(&mut self, order_id: &str) {
        if let Some(order) = self.orders.get_mut(order_id) {
            order.state = "CANCELED";
        }
    }

    /// Gives the money of an order back, of `quantity` items or all, and lists it as voided.
    pub(super) fn void(&mut self, order_id: &str, now: Timestamp, why: Why, quantity: Option<i64>) {
        let Some(order) = self.orders.get_mut(order_id) else {
            return;
        };
        match quantity {
            Some(_) => order.is_refunded_in_part = true,
            None => {
                order.refunded_at.get_or_insert(now);
            }
        }
        let is_listed = self
            .voided
            .iter()
            .any(|it| it.order_id == order_id && it.quantity.is_none());
        if !is_listed {
            self.voided.push(Voided {
                order_id: order_id.to_owned(),
                at: now,
                why,
                quantity,
            });
        }
    }
}

const PROCESSED: &str = "PROCESSED";
