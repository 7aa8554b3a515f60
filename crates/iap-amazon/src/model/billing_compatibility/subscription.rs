//! What does `purchases.subscriptionsv2.get` answer?

use iap_core::{PlanId, ProductId, ReceiptId, Timestamp, open_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{
    common::{FulfillmentResult, ProductType, Promotion, Term},
    wire::{self, Dates, UnlikelyDate},
};

/// A subscription bought through the Billing Compatibility SDK.
///
/// [Amazon's page](https://developer.amazon.com/docs/in-app-purchasing/billing-compatibility-rvs-subs.html)
#[doc(alias = "SubscriptionPurchaseV2")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubscriptionPurchase {
    /// Always `androidpublisher#subscriptionPurchaseV2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,

    /// The key of the purchase: the token that was asked for.
    pub receipt_id: ReceiptId,

    /// The kind of product.
    pub product_type: ProductType,

    /// A label; the dates decide. Amazon has been seen to answer an expired subscription of which
    /// it says that it renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_state: Option<BillingSubscriptionState>,

    /// When the subscription began, to the second; [`purchase_time_millis`](Self::purchase_time_millis)
    /// is finer. Written as RFC 3339.
    #[serde(
        default,
        deserialize_with = "wire::option_date::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub start_time: Option<Timestamp>,

    /// When it was bought; renewals do not move it.
    #[serde(with = "wire::date_text")]
    pub purchase_time_millis: Timestamp,

    /// When the subscription ended, or will.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub cancel_date: Option<Timestamp>,

    /// When it must renew next.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub renewal_date: Option<Timestamp>,

    /// When the free trial ends; only while there is one.
    #[serde(
        default,
        with = "wire::option_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub free_trial_end_date: Option<Timestamp>,

    /// When the grace period ends; only one in the future means grace.
    #[serde(
        default,
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

    /// Promotional prices and retention offers on this purchase.
    #[serde(
        default,
        deserialize_with = "wire::null_as_empty",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub promotions: Vec<Promotion>,

    /// More about the purchase; see [`is_quick_subscribe`](Self::is_quick_subscribe).
    #[serde(
        default,
        deserialize_with = "wire::null_as_empty",
        skip_serializing_if = "Map::is_empty"
    )]
    pub purchase_metadata_map: Map<String, Value>,

    /// The length of one billing term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,

    /// Present, and usually empty, for a test purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_purchase: Option<Map<String, Value>>,

    /// Whether the purchase was made for a test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_transaction: Option<bool>,

    /// Who canceled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canceled_state_context: Option<CanceledStateContext>,

    /// The products of the subscription; Amazon has been seen to answer one.
    pub line_items: LineItems,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl SubscriptionPurchase {
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

impl Dates for SubscriptionPurchase {
    fn dates(&self) -> Vec<(&'static str, Option<Timestamp>)> {
        let mut dates = vec![
            ("startTime", self.start_time),
            ("purchaseTimeMillis", Some(self.purchase_time_millis)),
            ("cancelDate", self.cancel_date),
            ("renewalDate", self.renewal_date),
            ("freeTrialEndDate", self.free_trial_end_date),
            ("gracePeriodEndDate", self.grace_period_end_date),
            ("deferredDate", self.deferred_date),
            ("fulfillmentDate", self.fulfillment_date),
        ];
        let ends = self.line_items.iter().map(|item| item.expiry_time);
        dates.extend(ends.map(|end| ("lineItems[].expiryTime", end)));
        dates
    }
}

open_enum! {
    /// A label of a subscription. Amazon has been seen to answer
    /// [`Expired`](Self::Expired) only; the others are Google's, of which Amazon has neither the pause
    /// nor the hold.
    pub enum BillingSubscriptionState: str {
        /// Says nothing.
        Unspecified = "SUBSCRIPTION_STATE_UNSPECIFIED",
        /// Not paid yet.
        Pending = "SUBSCRIPTION_STATE_PENDING",
        /// Paid.
        Active = "SUBSCRIPTION_STATE_ACTIVE",
        /// Paused by the customer.
        Paused = "SUBSCRIPTION_STATE_PAUSED",
        /// A renewal failed; the customer keeps access meanwhile.
        InGracePeriod = "SUBSCRIPTION_STATE_IN_GRACE_PERIOD",
        /// A renewal failed; the customer has no access meanwhile.
        OnHold = "SUBSCRIPTION_STATE_ON_HOLD",
        /// Canceled; paid until its end.
        Canceled = "SUBSCRIPTION_STATE_CANCELED",
        /// Over.
        Expired = "SUBSCRIPTION_STATE_EXPIRED",
        /// Given up before it was paid.
        PendingPurchaseCanceled = "SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED",
    }
}

/// Who canceled a subscription: the one member that is present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CanceledStateContext {
    /// The customer did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_initiated_cancellation: Option<Map<String, Value>>,

    /// Amazon did, for example after a failed payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_initiated_cancellation: Option<Map<String, Value>>,

    /// The developer did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub developer_initiated_cancellation: Option<Map<String, Value>>,

    /// Another subscription took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement_cancellation: Option<Map<String, Value>>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The products of a subscription: at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<LineItem>", into = "Vec<LineItem>")]
pub struct LineItems {
    first: LineItem,
    further: Vec<LineItem>,
}

impl LineItems {
    /// The product that the subscription is about.
    #[must_use]
    pub const fn first(&self) -> &LineItem {
        &self.first
    }

    /// All but the first.
    #[must_use]
    pub fn further(&self) -> &[LineItem] {
        &self.further
    }

    /// All.
    pub fn iter(&self) -> impl Iterator<Item = &LineItem> {
        core::iter::once(&self.first).chain(&self.further)
    }
}

impl TryFrom<Vec<LineItem>> for LineItems {
    type Error = &'static str;

    fn try_from(items: Vec<LineItem>) -> Result<Self, Self::Error> {
        let mut items = items.into_iter();
        Ok(Self {
            first: items.next().ok_or("a subscription without a line item")?,
            further: items.collect(),
        })
    }
}

impl From<LineItems> for Vec<LineItem> {
    fn from(items: LineItems) -> Self {
        core::iter::once(items.first).chain(items.further).collect()
    }
}

/// A product of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LineItem {
    /// The product (SKU): the parent, not the term that was bought.
    pub product_id: ProductId,

    /// When the paid period ends.
    #[serde(
        default,
        with = "wire::option_date_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiry_time: Option<Timestamp>,

    /// Whether it renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_renewing_plan: Option<AutoRenewingPlan>,

    /// What it changes to, where a change is waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred_item_replacement: Option<DeferredItemReplacement>,

    /// Names the term that was bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_details: Option<OfferDetails>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Whether a product of a subscription renews. Never use it alone: Amazon says yes of expired ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AutoRenewingPlan {
    /// Whether it renews.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_renew_enabled: Option<bool>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What a product of a subscription changes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeferredItemReplacement {
    /// The product (SKU).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Ids in Google's places, which Amazon makes up from the term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OfferDetails {
    /// `amzn1.appstore.iap.compatibility.baseplan.termsku.` and the term (SKU).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_plan_id: Option<String>,

    /// `amzn1.appstore.iap.compatibility.offer.termsku.` and the term (SKU).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_id: Option<String>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl OfferDetails {
    /// The term that was bought (SKU): the only place where the answer names it.
    #[must_use]
    pub fn term_sku(&self) -> Option<PlanId> {
        let (_, term_sku) = self.base_plan_id.as_deref()?.split_once(TERM_SKU_MARK)?;
        (!term_sku.is_empty()).then(|| term_sku.into())
    }
}

/// Stands before the term in the ids that Amazon makes up.
const TERM_SKU_MARK: &str = ".termsku.";
