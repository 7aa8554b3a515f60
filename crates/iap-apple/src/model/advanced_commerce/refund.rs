//! How is a subscription of the Advanced Commerce API ended, and an item refunded?

use iap_core::Currency;
use serde::{Deserialize, Serialize};

use super::shared::{
    AdvancedCommerceRefundReason, AdvancedCommerceRefundType, AdvancedCommerceRequestInfo,
};
use crate::model::{
    invalid::{InvalidReason, InvalidRequest, check_not_empty, checked_when_read},
    text::{Sku, StorefrontCountryCode},
    wire::flag,
};

/// Stops the renewal of a subscription; it goes on until its period ends.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptioncancelrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionCancelRequest {
    request_info: AdvancedCommerceRequestInfo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
}

impl AdvancedCommerceSubscriptionCancelRequest {
    /// Stops the renewal.
    pub const fn new(request_info: AdvancedCommerceRequestInfo) -> Self {
        Self {
            request_info,
            storefront: None,
        }
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }
}

/// Ends an active subscription and all its items at once, and asks to refund it.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionrevokerequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceSubscriptionRevokeRequest {
    request_info: AdvancedCommerceRequestInfo,
    refund_reason: AdvancedCommerceRefundReason,
    refund_risking_preference: RefundRiskingPreference,
    refund_type: AdvancedCommerceRefundType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
}

impl AdvancedCommerceSubscriptionRevokeRequest {
    /// Ends the subscription.
    ///
    /// # Errors
    ///
    /// When an amount of your own is asked for: a subscription is refunded in full or prorated.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        refund_reason: AdvancedCommerceRefundReason,
        refund_type: AdvancedCommerceRefundType,
        refund_risking_preference: RefundRiskingPreference,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            request_info,
            refund_reason,
            refund_risking_preference,
            refund_type,
            storefront: None,
        };
        request.check()?;
        Ok(request)
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        if self.refund_type == AdvancedCommerceRefundType::Custom {
            let rule = "must be FULL or PRORATED for a subscription";
            return Err(InvalidRequest::rule("refundType", rule));
        }
        Ok(())
    }
}

/// Asks to refund items of a transaction; the decision follows in a notification.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestrefundrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceRequestRefundRequest {
    request_info: AdvancedCommerceRequestInfo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    items: Vec<AdvancedCommerceRequestRefundItem>,
    refund_risking_preference: RefundRiskingPreference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
}

impl AdvancedCommerceRequestRefundRequest {
    /// Asks to refund these items.
    ///
    /// # Errors
    ///
    /// When there is none, or when some but not all of them simulate a refusal.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        items: impl IntoIterator<Item = AdvancedCommerceRequestRefundItem>,
        refund_risking_preference: RefundRiskingPreference,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            request_info,
            currency: None,
            items: items.into_iter().collect(),
            refund_risking_preference,
            storefront: None,
        };
        request.check()?;
        Ok(request)
    }

    /// The currency of the amounts.
    pub const fn with_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        check_not_empty("items", &self.items)?;
        self.items
            .iter()
            .try_for_each(AdvancedCommerceRequestRefundItem::check)?;
        let simulate = AdvancedCommerceRefundReason::SimulateRefundDecline;
        let simulated = self
            .items
            .iter()
            .filter(|item| item.refund_reason == simulate);
        if !matches!(simulated.count(), count if count == 0 || count == self.items.len()) {
            let rule = "must be SIMULATE_REFUND_DECLINE for all items or for none";
            return Err(InvalidRequest::rule("refundReason", rule));
        }
        Ok(())
    }
}

checked_when_read!(
    AdvancedCommerceRequestRefundRequest,
    AdvancedCommerceSubscriptionRevokeRequest
);

/// An item to refund.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestrefunditem)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceRequestRefundItem {
    #[serde(rename = "SKU")]
    sku: Sku,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refund_amount: Option<u64>,
    refund_reason: AdvancedCommerceRefundReason,
    refund_type: AdvancedCommerceRefundType,
    revoke: AfterRefund,
}

impl AdvancedCommerceRequestRefundItem {
    /// This item, for this reason.
    pub fn new(
        sku: Sku,
        amount: RefundAmount,
        reason: AdvancedCommerceRefundReason,
        after_refund: AfterRefund,
    ) -> Self {
        let (refund_type, refund_amount) = match amount {
            RefundAmount::Custom(amount) => (AdvancedCommerceRefundType::Custom, Some(amount)),
            RefundAmount::Full => (AdvancedCommerceRefundType::Full, None),
            RefundAmount::Prorated => (AdvancedCommerceRefundType::Prorated, None),
        };
        Self {
            sku,
            refund_amount,
            refund_reason: reason,
            refund_type,
            revoke: after_refund,
        }
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        let is_custom = self.refund_type == AdvancedCommerceRefundType::Custom;
        if is_custom && self.refund_amount.is_none() {
            return Err(InvalidRequest::new("refundAmount", InvalidReason::Missing));
        }
        if !is_custom && self.refund_amount.is_some() {
            let rule = "must be absent where refundType is not CUSTOM";
            return Err(InvalidRequest::rule("refundAmount", rule));
        }
        Ok(())
    }
}

/// How much of an item's price to refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefundAmount {
    /// This amount, in thousandths of the currency unit.
    Custom(u64),
    /// The whole price.
    Full,
    /// The share of the price for the time that is left.
    Prorated,
}

flag! {
    /// Whether the customer keeps an item that is refunded.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestrefunditem)
    pub enum AfterRefund {
        /// The item is taken away.
        Revoke = true,
        /// The customer keeps it.
        Keep = false,
    }
}

flag! {
    /// Whether the App Store asks you for consumption information before it decides on a refund.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/refundriskingpreference)
    pub enum RefundRiskingPreference {
        /// It asks, with the notification `CONSUMPTION_REQUEST`.
        AskForConsumption = true,
        /// It does not.
        DoNotAsk = false,
    }
}
