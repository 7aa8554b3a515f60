//! What do transactions and renewals made with the Advanced Commerce API add?
//!
//! With that API the developer keeps the catalogue: Apple knows one generic product, and the items
//! really bought are listed here. Apple calls some members mandatory; here all may be missing, so
//! that an incomplete detail never makes a whole transaction unreadable.

use iap_core::{Timestamp, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::shared::{
    AdvancedCommerceDescriptors, AdvancedCommerceOffer, AdvancedCommercePeriod,
    AdvancedCommerceRefundReason, AdvancedCommerceRefundType,
};
use crate::model::wire;

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
