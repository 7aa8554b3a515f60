//! What do transactions and renewals made with the Advanced Commerce API add?
//!
//! With that API the developer keeps the catalogue: Apple knows one generic product, and the items
//! really bought are listed here. Apple calls some members mandatory; here all may be missing, so
//! that an incomplete detail never makes a whole transaction unreadable.

use iap_core::{Timestamp, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::wire;

/// The items of a purchase made with the Advanced Commerce API, and their taxes.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/advancedcommercetransactioninfo)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceTransactionInfo {
    /// How the subscription is shown to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub descriptors: Option<AdvancedCommerceDescriptors>,

    /// The tax that Apple expects, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub estimated_tax: Option<i64>,

    /// What was bought.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<AdvancedCommerceTransactionItem>,

    /// How long a subscription period lasts; an ISO 8601 duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<AdvancedCommercePeriod>,

    /// The identifier that the developer gave to the request behind this purchase; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_reference_id: Option<String>,

    /// Apple's tax category of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,

    /// The price without tax, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub tax_exclusive_price: Option<i64>,

    /// The tax rate that Apple applied; a decimal number as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<String>,
}

/// One item of a purchase made with the Advanced Commerce API.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/advancedcommercetransactionitem)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceTransactionItem {
    /// The developer's own identifier of the item.
    #[doc(alias = "SKU")]
    #[serde(rename = "SKU", skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,

    /// The description that the customer sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,

    /// The name that the customer sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,

    /// The discount on the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<AdvancedCommerceOffer>,

    /// The price of the item, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub price: Option<i64>,

    /// What was refunded of the item so far.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<AdvancedCommerceRefund>,

    /// When the item was refunded or revoked.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub revocation_date: Option<Timestamp>,
}

/// What will renew of a subscription made with the Advanced Commerce API.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/advancedcommercerenewalinfo)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceRenewalInfo {
    /// A token of the subscription's present state, to be sent back with the next change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consistency_token: Option<String>,

    /// How the subscription is shown to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub descriptors: Option<AdvancedCommerceDescriptors>,

    /// What will renew.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<AdvancedCommerceRenewalItem>,

    /// How long a subscription period lasts; an ISO 8601 duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<AdvancedCommercePeriod>,

    /// The identifier that the developer gave to the request behind this state; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_reference_id: Option<String>,

    /// Apple's tax category of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
}

/// One item that will renew in a subscription made with the Advanced Commerce API.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/advancedcommercerenewalitem)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceRenewalItem {
    /// The developer's own identifier of the item.
    #[doc(alias = "SKU")]
    #[serde(rename = "SKU", skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,

    /// The description that the customer sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,

    /// The name that the customer sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,

    /// The discount on the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<AdvancedCommerceOffer>,

    /// The price of the item, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub price: Option<i64>,

    /// The announced higher price of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_increase_info: Option<AdvancedCommercePriceIncreaseInfo>,
}

/// A higher price of an item, and whether the customer has agreed to it.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/advancedcommercepriceincreaseinfo)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommercePriceIncreaseInfo {
    /// The items that are cancelled together with this one if the customer refuses the new price.
    #[doc(alias = "dependentSKUs")]
    #[serde(
        rename = "dependentSKUs",
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub dependent_skus: Vec<String>,

    /// The new price, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub price: Option<i64>,

    /// How far the increase has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AdvancedCommercePriceIncreaseInfoStatus>,
}

/// The texts that a customer sees for a subscription made with the Advanced Commerce API.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/descriptors)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceDescriptors {
    /// The description; Apple takes up to 45 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,

    /// The name; Apple takes up to 30 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// A discount on an item for its first periods.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/offer)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceOffer {
    /// How long one discounted period lasts; an ISO 8601 duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<AdvancedCommerceOfferPeriod>,

    /// How many periods are discounted, 1 to 12.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub period_count: Option<i64>,

    /// The price of a discounted period, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub price: Option<i64>,

    /// What the discount is meant to achieve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<AdvancedCommerceOfferReason>,
}

/// A refund of an item.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/advancedcommercerefund)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdvancedCommerceRefund {
    /// The refunded amount, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub refund_amount: Option<i64>,

    /// When the refund was made.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub refund_date: Option<Timestamp>,

    /// Why it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_reason: Option<AdvancedCommerceRefundReason>,

    /// How the amount was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_type: Option<AdvancedCommerceRefundType>,
}

open_enum! {
    /// The length of a subscription period; an ISO 8601 duration.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/period)
    pub enum AdvancedCommercePeriod: str {
        /// One week.
        P1W = "P1W",
        /// One month.
        P1M = "P1M",
        /// Two months.
        P2M = "P2M",
        /// Three months.
        P3M = "P3M",
        /// Six months.
        P6M = "P6M",
        /// One year.
        P1Y = "P1Y",
    }
}

open_enum! {
    /// The length of a discounted period; an ISO 8601 duration.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/offer)
    pub enum AdvancedCommerceOfferPeriod: str {
        /// Three days.
        P3D = "P3D",
        /// One week.
        P1W = "P1W",
        /// Two weeks.
        P2W = "P2W",
        /// One month.
        P1M = "P1M",
        /// Two months.
        P2M = "P2M",
        /// Three months.
        P3M = "P3M",
        /// Six months.
        P6M = "P6M",
        /// Nine months.
        P9M = "P9M",
        /// One year.
        P1Y = "P1Y",
    }
}

open_enum! {
    /// What a discount is meant to achieve.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/offer)
    pub enum AdvancedCommerceOfferReason: str {
        /// To gain a new customer.
        Acquisition = "ACQUISITION",
        /// To keep a customer.
        Retention = "RETENTION",
        /// To win a former customer back.
        WinBack = "WIN_BACK",
    }
}

open_enum! {
    /// How far an announced price increase has come.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/advancedcommercepriceincreaseinfostatus)
    pub enum AdvancedCommercePriceIncreaseInfoStatus: str {
        /// The customer agreed.
        Accepted = "ACCEPTED",
        /// Waiting for the customer.
        Pending = "PENDING",
        /// Planned for a coming renewal.
        Scheduled = "SCHEDULED",
    }
}

open_enum! {
    /// Why an item was refunded.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/refundreason)
    pub enum AdvancedCommerceRefundReason: str {
        /// The customer did not get the item, or it did not work.
        FulfillmentIssue = "FULFILLMENT_ISSUE",
        /// For a legal reason.
        Legal = "LEGAL",
        /// A change of the subscription's items made the refund due.
        ModifyItemsRefund = "MODIFY_ITEMS_REFUND",
        /// For another reason.
        Other = "OTHER",
        /// For tests: the refund is to be declined.
        SimulateRefundDecline = "SIMULATE_REFUND_DECLINE",
        /// The customer did not mean to buy.
        UnintendedPurchase = "UNINTENDED_PURCHASE",
        /// The customer was not content with the item.
        UnsatisfiedWithPurchase = "UNSATISFIED_WITH_PURCHASE",
    }
}

open_enum! {
    /// How the amount of a refund was found.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestrefunditem)
    pub enum AdvancedCommerceRefundType: str {
        /// The developer named it.
        Custom = "CUSTOM",
        /// The whole price.
        Full = "FULL",
        /// The share of the price for the time that is left.
        Prorated = "PRORATED",
    }
}
