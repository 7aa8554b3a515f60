//! What will happen to a subscription when its period ends?

use iap_core::{OfferId, OriginalTransactionId, ProductId, Timestamp, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::{
    advanced_commerce::AdvancedCommerceRenewalInfo,
    common::{AppAccountToken, AppStoreEnvironment, OfferDiscountType, OfferType},
    wire,
};

/// What will happen to a subscription when its period ends, as the App Store signed it.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/jwsrenewalinfodecodedpayload)
#[doc(alias = "JWSRenewalInfoDecodedPayload")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RenewalInfo {
    /// Why the subscription expired; expired subscriptions only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_intent: Option<ExpirationIntent>,

    /// The first transaction of the subscription, the same over all renewals: the key to store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_transaction_id: Option<OriginalTransactionId>,

    /// The product that the next period will be for; differs from `product_id` before a downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_renew_product_id: Option<ProductId>,

    /// The product of the present period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,

    /// Whether the subscription renews when its period ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_renew_status: Option<AutoRenewStatus>,

    /// Whether the App Store is still trying to charge for a subscription that has expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_in_billing_retry_period: Option<bool>,

    /// Whether the customer knows of, or agreed to, a higher price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_increase_status: Option<PriceIncreaseStatus>,

    /// Until when the customer keeps access although the renewal could not be charged.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub grace_period_expires_date: Option<Timestamp>,

    /// Which kind of offer the next renewal uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_type: Option<OfferType>,

    /// The offer code or the identifier of the offer that the next renewal uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_identifier: Option<OfferId>,

    /// When the App Store signed this payload.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub signed_date: Option<Timestamp>,

    /// The App Store world that the subscription belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// When the latest run of renewals began; gaps shorter than 60 days do not end a run.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub recent_subscription_start_date: Option<Timestamp>,

    /// When the most recent subscription period ends and the next is due.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub renewal_date: Option<Timestamp>,

    /// What the next renewal costs, in thousandths of the currency unit (9.99 is `9990`).
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub renewal_price: Option<i64>,

    /// The currency of `renewal_price`; ISO 4217 (`EUR`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,

    /// How the customer pays during the offer that the next renewal uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_discount_type: Option<OfferDiscountType>,

    /// The win-back offers that this customer may take, the best one first.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub eligible_win_back_offer_ids: Vec<OfferId>,

    /// The customer's download of the app: one for each Apple account (and family member) and app;
    /// decimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_transaction_id: Option<String>,

    /// How long the offer lasts; an ISO 8601 duration (`P1M`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_period: Option<String>,

    /// The account in the app's own system that the app attached to the purchase; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_account_token: Option<AppAccountToken>,

    /// The items that renew, for a subscription made with the Advanced Commerce API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advanced_commerce_info: Option<Box<AdvancedCommerceRenewalInfo>>,

    /// What happens when the present commitment ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment_info: Option<Box<RenewalCommitmentInfo>>,

    /// How the next period will be billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewal_billing_plan_type: Option<RenewalBillingPlanType>,
}

/// What will happen to a subscription, paid in parts over a fixed term, when the term ends.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/renewalcommitmentinfo)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RenewalCommitmentInfo {
    /// The product that the next commitment will be for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment_auto_renew_product_id: Option<ProductId>,

    /// Whether a new commitment begins when the present one ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment_auto_renew_status: Option<AutoRenewStatus>,

    /// How the next commitment will be billed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment_renewal_billing_plan_type: Option<RenewalBillingPlanType>,

    /// When the next commitment begins.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub commitment_renewal_date: Option<Timestamp>,

    /// What the next commitment costs, in thousandths of the currency unit.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub commitment_renewal_price: Option<i64>,
}

open_enum! {
    /// Why a subscription expired.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/expirationintent)
    pub enum ExpirationIntent: i64 {
        /// The customer turned renewal off.
        CustomerCancelled = 1,
        /// The renewal could not be charged.
        BillingError = 2,
        /// The customer did not agree to a higher price.
        CustomerDidNotConsentToPriceIncrease = 3,
        /// The product was not for sale when the renewal was due.
        ProductNotAvailable = 4,
        /// For another reason.
        Other = 5,
    }
}

open_enum! {
    /// Whether a subscription renews when its period ends.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/autorenewstatus)
    pub enum AutoRenewStatus: i64 {
        /// It ends with its period.
        Off = 0,
        /// It renews.
        On = 1,
    }
}

open_enum! {
    /// Where a subscription stands on the way to a higher price.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/priceincreasestatus)
    pub enum PriceIncreaseStatus: i64 {
        /// The customer was asked to agree and has not answered.
        CustomerHasNotResponded = 0,
        /// The customer agreed, or was told of an increase that needs no agreement.
        CustomerConsentedOrWasNotifiedWithoutNeedingConsent = 1,
    }
}

open_enum! {
    /// How the period after the next renewal will be billed.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/renewalbillingplantype)
    pub enum RenewalBillingPlanType: str {
        /// The whole period at its start.
        BilledUpfront = "BILLED_UPFRONT",
        /// In monthly parts over the term that the customer committed to.
        Monthly = "MONTHLY",
    }
}
