//! Every state of a purchase at Google Play, and the access that it gives.

mod items;
mod one_time;
mod price;
mod replacement;
mod subscription;
mod voided;

use iap_core::{
    Access, AccessPolicy, Acknowledgement, AutoRenew, Catalog, Consumption, DenialReason,
    ExpirationReason, GrantReason, OfferKind, PriceIncrease, PurchaseState, RefundScope,
    Revocation, RevocationReason,
};
use serde_json::{Value, json};

use super::*;
use crate::model::{ProductPurchase, ProductPurchaseV2, SubscriptionPurchaseV2, SubscriptionState};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn start() -> Timestamp {
    at("2026-11-01T00:00:00Z")
}

fn end() -> Timestamp {
    at("2026-12-01T00:00:00Z")
}

/// A renewing subscription from [`start`] to [`end`].
fn renewing(state: &str) -> Value {
    json!({
        "subscriptionState": state,
        "startTime": start(),
        "acknowledgementState": "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
        "lineItems": [{
            "productId": "pro",
            "expiryTime": end(),
            "latestSuccessfulOrderId": "GPA.1..4",
            "autoRenewingPlan": {
                "autoRenewEnabled": true,
                "recurringPrice": { "currencyCode": "EUR", "units": "6", "nanos": 990_000_000 },
            },
        }],
    })
}

fn subscription_at(answer: &Value, as_of: Timestamp) -> Purchase {
    let answer: SubscriptionPurchaseV2 = serde_json::from_value(answer.clone()).unwrap();
    answer
        .to_purchase(&"com.example.app".into(), &"token".into(), as_of)
        .unwrap()
}

fn subscription(answer: &Value) -> Purchase {
    subscription_at(answer, start())
}

fn product(answer: &Value) -> Purchase {
    let answer: ProductPurchaseV2 = serde_json::from_value(answer.clone()).unwrap();
    answer
        .to_purchase(&"com.example.app".into(), &"token".into(), start())
        .unwrap()
}

fn access(purchase: &Purchase, now: Timestamp) -> Access {
    purchase.access_at(now, &AccessPolicy::new())
}

fn denial(access: Access) -> Option<DenialReason> {
    match access {
        Access::Denied { reason, .. } => Some(reason),
        Access::Granted { .. } => None,
    }
}

/// A purchase of one product.
fn bought(state: &str) -> Value {
    json!({
        "purchaseStateContext": { "purchaseState": state },
        "purchaseCompletionTime": start(),
        "orderId": "GPA.1",
        "obfuscatedExternalAccountId": "account",
        "obfuscatedExternalProfileId": "child",
        "acknowledgementState": "ACKNOWLEDGEMENT_STATE_PENDING",
        "productLineItem": [{
            "productId": "coins",
            "productOfferDetails": {
                "quantity": 3, "refundableQuantity": 3,
                "consumptionState": "CONSUMPTION_STATE_YET_TO_BE_CONSUMED",
            },
        }],
    })
}
