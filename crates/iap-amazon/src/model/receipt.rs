//! What does the Receipt Verification Service say of one purchase?

use iap_core::{PlanId, ProductId, ReceiptId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    common::{CancelReason, FulfillmentResult, ProductType, Promotion, Term},
    wire::{self, Dates, UnlikelyDate},
};

/// A purchase as the Receipt Verification Service describes it.
///
/// It names neither the app nor the customer: a receipt of another app of the same developer account
/// looks the same. Tell apps apart by product, with [`ExpectedProduct`](crate::ExpectedProduct).
///
/// [Amazon's page](https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html)
#[doc(alias = "VerifyReceiptIdResponse")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Receipt {
    /// The key of the purchase: one for the whole life of an unbroken subscription.
    pub receipt_id: ReceiptId,

    /// The product (SKU); of a subscription the parent, not the term that was bought.
    pub product_id: ProductId,

    /// The kind of product.
    pub product_type: ProductType,

    /// When it was bought; renewals of a subscription do not move it.
    #[serde(with = "wire::date")]
    pub purchase_date: Timestamp,

    /// When it was canceled, or the subscription ended; with auto-renewal off, the end of the paid
    /// term. May lie in the future: access ends at this moment, not when the member appears.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub cancel_date: Option<Timestamp>,

    /// Why it was canceled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<CancelReason>,

    /// When the subscription must renew next; `None` with auto-renewal off. One in the past is not
    /// by itself an end: Amazon reports renewals late.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub renewal_date: Option<Timestamp>,

    /// Whether the subscription renews by itself.
    #[serde(alias = "AutoRenewing", skip_serializing_if = "Option::is_none")]
    pub auto_renewing: Option<bool>,

    /// The length of one billing term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,

    /// The term that was bought (SKU). Cloud Sandbox writes the product's name and `_term`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_sku: Option<PlanId>,

    /// When the free trial ends; only while there is one.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub free_trial_end_date: Option<Timestamp>,

    /// When the grace period after a failed payment ends. Amazon leaves old dates here: only one in
    /// the future means grace.
    #[serde(
        default,
        alias = "GracePeriodEndDate",
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub grace_period_end_date: Option<Timestamp>,

    /// When a change of tier or term takes effect; only while one is waiting.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub deferred_date: Option<Timestamp>,

    /// The product (SKU) that the subscription changes to then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred_sku: Option<ProductId>,

    /// Promotional prices and retention offers on this purchase.
    #[serde(
        default,
        deserialize_with = "wire::null_as_empty",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub promotions: Vec<Promotion>,

    /// The receipts of the subscriptions that this one is an add-on to, and ends with.
    #[serde(
        default,
        deserialize_with = "wire::null_as_empty",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub base_receipts: Vec<ReceiptId>,

    /// When the delivery was reported to Amazon.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub fulfillment_date: Option<Timestamp>,

    /// What was reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fulfillment_result: Option<FulfillmentResult>,

    /// More about the purchase; see [`is_quick_subscribe`](Self::is_quick_subscribe).
    #[serde(
        default,
        deserialize_with = "wire::null_as_empty",
        skip_serializing_if = "Map::is_empty"
    )]
    pub purchase_metadata_map: Map<String, Value>,

    /// Where the customer lives, not where they paid; ISO 3166-1 alpha-2 (`US`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,

    /// How many were bought: 1, where Amazon says it.
    #[serde(
        default,
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub quantity: Option<i64>,

    /// Reserved by Amazon and always absent. **Not** the parent of a term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_product_id: Option<ProductId>,

    /// Whether the product is under Live App Testing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beta_product: Option<bool>,

    /// Whether the purchase was made for a test: in Cloud Sandbox, or while Amazon reviews the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_transaction: Option<bool>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Receipt {
    /// Whether the customer subscribed with Quick Subscribe, outside the app. Amazon cancels and
    /// refunds such a purchase after 14 days unless its delivery was reported.
    #[must_use]
    pub fn is_quick_subscribe(&self) -> bool {
        wire::is_quick_subscribe(&self.purchase_metadata_map)
    }

    /// Dates that cannot be meant. None, one hopes.
    #[must_use]
    pub fn unlikely_dates(&self) -> Vec<UnlikelyDate> {
        Dates::unlikely_dates(self)
    }
}

impl Dates for Receipt {
    fn dates(&self) -> Vec<(&'static str, Option<Timestamp>)> {
        vec![
            ("purchaseDate", Some(self.purchase_date)),
            ("cancelDate", self.cancel_date),
            ("renewalDate", self.renewal_date),
            ("freeTrialEndDate", self.free_trial_end_date),
            ("gracePeriodEndDate", self.grace_period_end_date),
            ("deferredDate", self.deferred_date),
            ("fulfillmentDate", self.fulfillment_date),
        ]
    }
}
