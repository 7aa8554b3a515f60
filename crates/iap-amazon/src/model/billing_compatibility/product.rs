//! What does `purchases.products.get` answer?

use iap_core::{ProductId, PurchaseToken, Timestamp, open_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{
    common::{CancelReason, ProductType},
    wire::{self, Dates, UnlikelyDate},
};

/// A consumable or entitlement bought through the Billing Compatibility SDK.
///
/// [Amazon's page](https://developer.amazon.com/docs/in-app-purchasing/billing-compatibility-rvs.html)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductPurchase {
    /// Always `androidpublisher#productPurchase`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,

    /// The product that was bought (SKU).
    pub product_id: ProductId,

    /// The kind of product.
    pub product_type: ProductType,

    /// Whether it has been paid. [`cancel_date`](Self::cancel_date) counts first.
    pub purchase_state: BillingPurchaseState,

    /// When it was bought.
    #[serde(with = "wire::date_text")]
    pub purchase_time_millis: Timestamp,

    /// The key of the purchase; a receipt id by another name.
    pub purchase_token: PurchaseToken,

    /// When it was canceled.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub cancel_date: Option<Timestamp>,

    /// Why it was canceled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<CancelReason>,

    /// Reserved by Amazon and always absent. **Not** the parent of a term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_product_id: Option<ProductId>,

    /// Set for purchases that were not simply paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchase_type: Option<BillingPurchaseType>,

    /// How many were bought.
    #[serde(
        default,
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub quantity: Option<i64>,

    /// Whether the purchase was made for a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_transaction: Option<bool>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ProductPurchase {
    /// Dates that cannot be meant. None, one hopes.
    #[must_use]
    pub fn unlikely_dates(&self) -> Vec<UnlikelyDate> {
        Dates::unlikely_dates(self)
    }
}

impl Dates for ProductPurchase {
    fn dates(&self) -> Vec<(&'static str, Option<Timestamp>)> {
        vec![
            ("purchaseTimeMillis", Some(self.purchase_time_millis)),
            ("cancelDate", self.cancel_date),
        ]
    }
}

open_enum! {
    /// Whether a purchase has been paid. Amazon has been seen to answer 0 only; the others are what
    /// Google means by them.
    pub enum BillingPurchaseState: i64 {
        /// Paid.
        Purchased = 0,
        /// Canceled.
        Canceled = 1,
        /// Not paid yet.
        Pending = 2,
    }
}

open_enum! {
    /// How a purchase came about that was not simply paid, as Google means it.
    pub enum BillingPurchaseType: i64 {
        /// A test.
        Test = 0,
        /// A promotional code.
        Promo = 1,
        /// A reward, for example for watching an advertisement.
        Rewarded = 2,
    }
}
