//! What does the App Store say of one purchase or renewal?

use iap_core::{
    AppId, OfferId, OriginalTransactionId, ProductId, Timestamp, TransactionId, open_enum,
    option_millis,
};
use serde::{Deserialize, Serialize};

use super::{
    advanced_commerce::AdvancedCommerceTransactionInfo,
    common::{AppAccountToken, AppStoreEnvironment, OfferDiscountType, OfferType, ProductType},
};

/// One purchase or one renewal, as the App Store signed it.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/jwstransactiondecodedpayload)
#[doc(alias = "JWSTransactionDecodedPayload")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Transaction {
    /// The first transaction of the purchase, the same over all renewals: the key to store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_transaction_id: Option<OriginalTransactionId>,

    /// This purchase, renewal or restore; decimal digits (`0` in Xcode).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransactionId>,

    /// The purchase or renewal of a subscription, the same on all devices of the customer; decimal
    /// digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_order_line_item_id: Option<String>,

    /// The app that the product belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The product that was bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,

    /// The group of subscriptions of which a customer can have one at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_group_identifier: Option<String>,

    /// When the customer was charged for this purchase or renewal, or restored it.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub purchase_date: Option<Timestamp>,

    /// When the original transaction was made.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub original_purchase_date: Option<Timestamp>,

    /// When the subscription ends or renews; subscriptions that renew by themselves only.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub expires_date: Option<Timestamp>,

    /// How many units of a consumable were bought.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub quantity: Option<i64>,

    /// What kind of product was bought.
    #[doc(alias = "type")]
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub product_type: Option<ProductType>,

    /// The account in the app's own system that the app attached to the purchase; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_account_token: Option<AppAccountToken>,

    /// Whether the customer bought the product or has it through Family Sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_app_ownership_type: Option<InAppOwnershipType>,

    /// When the App Store signed this payload.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub signed_date: Option<Timestamp>,

    /// Why the transaction was refunded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<RevocationReason>,

    /// When the transaction was refunded or taken out of Family Sharing; `revocation_type` says
    /// which.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub revocation_date: Option<Timestamp>,

    /// Whether the customer moved to a higher subscription and this one ended for it; absent means
    /// no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_upgraded: Option<bool>,

    /// Which kind of offer set the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_type: Option<OfferType>,

    /// The offer code or the identifier of the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_identifier: Option<OfferId>,

    /// The App Store world that the transaction belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// The country or region of the App Store; ISO 3166-1 alpha-3 (`USA`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storefront: Option<String>,

    /// The number that Apple gives the storefront; decimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storefront_id: Option<String>,

    /// Whether the customer bought, or the subscription renewed by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_reason: Option<TransactionReason>,

    /// The price of the product or offer at the time of purchase, in thousandths of the currency
    /// unit (12.99 is `12990`).
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub price: Option<i64>,

    /// The currency of `price`; ISO 4217 (`EUR`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,

    /// How the customer pays during the offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_discount_type: Option<OfferDiscountType>,

    /// The customer's download of the app: one for each Apple account (and family member) and app;
    /// decimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_transaction_id: Option<String>,

    /// How long the offer lasts; an ISO 8601 duration (`P1M`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_period: Option<String>,

    /// Whether the revocation is a full refund, a partial one or the end of Family Sharing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_type: Option<RevocationType>,

    /// The refunded share, in thousandths of a percent (50 % is `50000`).
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub revocation_percentage: Option<i64>,

    /// The items of a purchase made with the Advanced Commerce API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advanced_commerce_info: Option<Box<AdvancedCommerceTransactionInfo>>,

    /// How a subscription with a commitment is billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_plan_type: Option<BillingPlanType>,

    /// The place of this billing period in a commitment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment_info: Option<Box<TransactionCommitmentInfo>>,

    /// The key that the purchase had before its migration to the Advanced Commerce API. Missing in
    /// Apple's server libraries; taken from the third-party `app-store-server-library` 6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_original_transaction_id: Option<OriginalTransactionId>,
}

/// Where a billing period stands in a subscription that is paid in parts over a fixed term.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/transactioncommitmentinfo)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TransactionCommitmentInfo {
    /// Which billing period of the commitment this is, counted from 1.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub billing_period_number: Option<i64>,

    /// When the whole commitment ends.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub commitment_expires_date: Option<Timestamp>,

    /// What the whole commitment costs, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub commitment_price: Option<i64>,

    /// How many billing periods the commitment has.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_billing_periods: Option<i64>,
}

open_enum! {
    /// How the customer came to have the product.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/inappownershiptype)
    pub enum InAppOwnershipType: str {
        /// A family member bought it and shares it.
        FamilyShared = "FAMILY_SHARED",
        /// The customer bought it.
        Purchased = "PURCHASED",
    }
}

open_enum! {
    /// Why the App Store refunded a transaction.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/revocationreason)
    pub enum RevocationReason: i64 {
        /// For another reason, such as a purchase by accident.
        RefundedForOtherReason = 0,
        /// Because of a problem in the app, real or as the customer saw it.
        RefundedDueToIssue = 1,
    }
}

open_enum! {
    /// What a revocation took back.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/revocationtype)
    pub enum RevocationType: str {
        /// Access through Family Sharing ended; no money was returned to this customer.
        FamilyRevoke = "FAMILY_REVOKE",
        /// The whole price was refunded.
        RefundFull = "REFUND_FULL",
        /// A part of the price was refunded; see [`Transaction::revocation_percentage`].
        RefundProrated = "REFUND_PRORATED",
    }
}

open_enum! {
    /// What led to a transaction.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/transactionreason)
    pub enum TransactionReason: str {
        /// The customer bought, also with an offer code or a win-back offer.
        Purchase = "PURCHASE",
        /// The App Store renewed the subscription.
        Renewal = "RENEWAL",
    }
}

open_enum! {
    /// How a subscription period is billed.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/billingplantype)
    pub enum BillingPlanType: str {
        /// The whole period at its start.
        BilledUpfront = "BILLED_UPFRONT",
        /// In monthly parts over the term that the customer committed to.
        Monthly = "MONTHLY",
    }
}
