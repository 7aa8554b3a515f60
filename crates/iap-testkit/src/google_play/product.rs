//! One-time products: what is bought, and what Google Play answers about it.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.productsv2>

use iap_core::Timestamp;
use serde_json::{Value, json};

/// Builds the purchase of one or more one-time products.
///
/// ```
/// use iap_testkit::GoogleProductBuilder;
///
/// let purchase = GoogleProductBuilder::new("coins").quantity(3).account_id("user-42");
/// # let _ = purchase;
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until it is bought"]
pub struct GoogleProductBuilder {
    pub(super) items: Vec<(String, i64)>,
    pub(super) account_id: Option<String>,
    pub(super) is_test: bool,
    pub(super) is_pending: bool,
    pub(super) price_micros: i64,
    pub(super) currency: String,
}

impl GoogleProductBuilder {
    /// One of this product.
    pub fn new(product_id: &str) -> Self {
        Self {
            items: vec![(product_id.to_owned(), 1)],
            account_id: None,
            is_test: false,
            is_pending: false,
            price_micros: 1_990_000,
            currency: "USD".to_owned(),
        }
    }

    /// So many of the product that was named last.
    pub fn quantity(mut self, quantity: i64) -> Self {
        if let Some((_, last)) = self.items.last_mut() {
            *last = quantity;
        }
        self
    }

    /// Together with one of another product.
    pub fn and(mut self, product_id: &str) -> Self {
        self.items.push((product_id.to_owned(), 1));
        self
    }

    /// For this account (`obfuscatedExternalAccountId`).
    pub fn account_id(mut self, account_id: &str) -> Self {
        self.account_id = Some(account_id.to_owned());
        self
    }

    /// By a licence tester, for no money.
    pub const fn test(mut self) -> Self {
        self.is_test = true;
        self
    }

    /// Not paid yet: cash, or a parent's approval.
    pub const fn pending(mut self) -> Self {
        self.is_pending = true;
        self
    }

    /// At this price, in millionths of the currency unit, and in this currency (ISO 4217).
    pub fn price_micros(mut self, price: i64, currency: &str) -> Self {
        self.price_micros = price;
        currency.clone_into(&mut self.currency);
        self
    }
}

/// A purchase of one-time products.
pub(super) struct Product {
    pub(super) bought: GoogleProductBuilder,
    pub(super) order_id: String,
    pub(super) state: PaymentState,
    pub(super) completed_at: Option<Timestamp>,
    pub(super) is_acknowledged: bool,
    pub(super) is_consumed: bool,
    /// Of the first product.
    pub(super) refunded_items: i64,
    pub(super) is_gone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaymentState {
    Canceled,
    Pending,
    Purchased,
}

impl Product {
    pub(super) fn has(&self, product_id: &str) -> bool {
        self.bought.items.iter().any(|(id, _)| id == product_id)
    }

    /// As `ProductPurchaseV2`.
    pub(super) fn json(&self) -> Value {
        let state = match self.state {
            PaymentState::Canceled => "CANCELLED",
            PaymentState::Pending => "PENDING",
            PaymentState::Purchased => "PURCHASED",
        };
        let consumption = match self.is_consumed {
            true => "CONSUMPTION_STATE_CONSUMED",
            false => "CONSUMPTION_STATE_YET_TO_BE_CONSUMED",
        };
        let left = |number: usize, quantity: i64| match (self.state, number) {
            (PaymentState::Canceled, _) => 0,
            (_, 0) => quantity - self.refunded_items,
            _ => quantity,
        };
        let items: Vec<Value> = self
            .bought
            .items
            .iter()
            .enumerate()
            .map(|(number, (product_id, quantity))| {
                json!({
                    "productId": product_id,
                    "productOfferDetails": {
                        "purchaseOptionId": "legacy-base",
                        "quantity": quantity,
                        "refundableQuantity": left(number, *quantity),
                        "consumptionState": consumption,
                    },
                })
            })
            .collect();
        let mut answer = json!({
            "kind": "androidpublisher#productPurchaseV2",
            "purchaseStateContext": { "purchaseState": state },
            "orderId": self.order_id,
            "regionCode": "US",
            "productLineItem": items,
            "acknowledgementState": acknowledgement(self.is_acknowledged),
        });
        if let Some(at) = self.completed_at {
            answer["purchaseCompletionTime"] = at.to_string().into();
        }
        if let Some(account_id) = &self.bought.account_id {
            answer["obfuscatedExternalAccountId"] = account_id.clone().into();
        }
        if self.bought.is_test {
            answer["testPurchaseContext"] = json!({ "fopType": "TEST" });
        }
        answer
    }

    /// As `ProductPurchase`: numbers, and zero left out by nobody.
    pub(super) fn json_v1(&self, product_id: &str) -> Value {
        let quantity = self.bought.items.iter().find(|(id, _)| id == product_id);
        let mut answer = json!({
            "kind": "androidpublisher#productPurchase",
            "purchaseTimeMillis": self.completed_at.unwrap_or(Timestamp::UNIX_EPOCH).as_millis().to_string(),
            "purchaseState": match self.state {
                PaymentState::Purchased => 0,
                PaymentState::Canceled => 1,
                PaymentState::Pending => 2,
            },
            "consumptionState": i32::from(self.is_consumed),
            "acknowledgementState": i32::from(self.is_acknowledged),
            "orderId": self.order_id,
            "regionCode": "US",
            "quantity": quantity.map_or(1, |(_, quantity)| *quantity),
        });
        if let Some(account_id) = &self.bought.account_id {
            answer["obfuscatedExternalAccountId"] = account_id.clone().into();
        }
        if self.bought.is_test {
            answer["purchaseType"] = 0.into();
        }
        answer
    }
}

pub(super) const fn acknowledgement(is_acknowledged: bool) -> &'static str {
    match is_acknowledged {
        true => "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
        false => "ACKNOWLEDGEMENT_STATE_PENDING",
    }
}
