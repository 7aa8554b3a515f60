//! How are renewal dates put off, and what came of it?

use iap_core::{OriginalTransactionId, ProductId, Timestamp, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::{
    invalid::{InvalidRequest, check_not_empty, check_range, checked_when_read},
    text::{RequestIdentifier, StorefrontCountryCode},
};

/// Puts off the renewal date of one subscription; a subscription allows two such requests a year.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/extendrenewaldaterequest)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct ExtendRenewalDateRequest {
    extend_by_days: u32,
    extend_reason_code: ExtendReasonCode,
    request_identifier: RequestIdentifier,
}

impl ExtendRenewalDateRequest {
    /// Puts the renewal off by 1 to 90 days. The same identifier a second time extends nothing.
    ///
    /// # Errors
    ///
    /// When the number of days is outside its bounds.
    pub fn new(
        extend_by_days: u32,
        reason: ExtendReasonCode,
        request_identifier: RequestIdentifier,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            extend_by_days,
            extend_reason_code: reason,
            request_identifier,
        };
        request.check()?;
        Ok(request)
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        check_days(self.extend_by_days)
    }
}

/// Puts off the renewal dates of all active subscribers of a product.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/massextendrenewaldaterequest)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct MassExtendRenewalDateRequest {
    extend_by_days: u32,
    extend_reason_code: ExtendReasonCode,
    request_identifier: RequestIdentifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront_country_codes: Option<Vec<StorefrontCountryCode>>,
    product_id: ProductId,
}

impl MassExtendRenewalDateRequest {
    /// Puts the renewals off by 1 to 90 days, in all storefronts. The identifier is what to ask for
    /// the result with, and comes back in the notification.
    ///
    /// # Errors
    ///
    /// When the number of days is outside its bounds.
    pub fn new(
        product_id: impl Into<ProductId>,
        extend_by_days: u32,
        reason: ExtendReasonCode,
        request_identifier: RequestIdentifier,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            extend_by_days,
            extend_reason_code: reason,
            request_identifier,
            storefront_country_codes: None,
            product_id: product_id.into(),
        };
        request.check()?;
        Ok(request)
    }

    /// Only in these storefronts.
    ///
    /// # Errors
    ///
    /// When there is none: Apple refuses an empty list. For all storefronts leave this call out.
    pub fn with_storefronts(
        mut self,
        storefronts: impl IntoIterator<Item = StorefrontCountryCode>,
    ) -> Result<Self, InvalidRequest> {
        self.storefront_country_codes = Some(storefronts.into_iter().collect());
        self.check()?;
        Ok(self)
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        check_days(self.extend_by_days)?;
        self.storefront_country_codes
            .as_deref()
            .map_or(Ok(()), |codes| {
                check_not_empty("storefrontCountryCodes", codes)
            })
    }
}

checked_when_read!(ExtendRenewalDateRequest, MassExtendRenewalDateRequest);

/// What came of extending one subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/extendrenewaldateresponse)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ExtendRenewalDateResponse {
    /// The first transaction of the subscription, the same over all renewals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_transaction_id: Option<OriginalTransactionId>,

    /// The purchase or renewal that was extended, the same on all devices of the customer; decimal
    /// digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_order_line_item_id: Option<String>,

    /// Whether it was extended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,

    /// When the subscription renews now.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<Timestamp>,
}

/// That the extension of all active subscribers has begun.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/massextendrenewaldateresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MassExtendRenewalDateResponse {
    /// The identifier of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_identifier: Option<String>,
}

/// How far the extension of all active subscribers has come.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/massextendrenewaldatestatusresponse)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MassExtendRenewalDateStatusResponse {
    /// The identifier of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_identifier: Option<String>,

    /// Whether it is done for all subscribers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete: Option<bool>,

    /// When it was done.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub complete_date: Option<Timestamp>,

    /// How many subscriptions were extended; once it is done.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub succeeded_count: Option<i64>,

    /// How many subscriptions could not be extended; once it is done.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub failed_count: Option<i64>,
}

open_enum! {
    /// Why a renewal date is put off.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/extendreasoncode)
    pub enum ExtendReasonCode: i64 {
        /// Not said.
        Undeclared = 0,
        /// To content the customer.
        CustomerSatisfaction = 1,
        /// For another reason.
        Other = 2,
        /// The service was disturbed.
        ServiceIssueOrOutage = 3,
    }
}

fn check_days(days: u32) -> Result<(), InvalidRequest> {
    check_range("extendByDays", days, 1, MAX_DAYS)
}

/// Apple's limit for one extension.
const MAX_DAYS: i64 = 90;
