//! What do requests of the Advanced Commerce API share with each other and with signed data?

use std::collections::HashSet;

use iap_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::model::{
    app_account_token::account_uuid,
    common::AppAccountToken,
    invalid::{InvalidReason, InvalidRequest, check_range, checked_when_read},
    text::{AdvancedCommerceDescription, AdvancedCommerceDisplayName, RequestReferenceId, Sku},
};

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

impl AdvancedCommerceDescriptors {
    /// These texts, for a request.
    #[must_use]
    pub fn new(
        description: AdvancedCommerceDescription,
        display_name: AdvancedCommerceDisplayName,
    ) -> Self {
        Self {
            description: Some(description.as_str().to_owned()),
            display_name: Some(display_name.as_str().to_owned()),
        }
    }

    /// What Apple demands of a request; what it sends is read without this.
    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        AdvancedCommerceDescription::new(required("description", self.description.as_deref())?)?;
        AdvancedCommerceDisplayName::new(required("displayName", self.display_name.as_deref())?)?;
        Ok(())
    }
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

impl AdvancedCommerceOffer {
    /// A price (in thousandths of the currency unit) for the first 1 to 12 periods, for a request.
    ///
    /// # Errors
    ///
    /// When the number of periods or the price is outside its bounds.
    pub fn new(
        period: AdvancedCommerceOfferPeriod,
        period_count: u32,
        price: u64,
        reason: AdvancedCommerceOfferReason,
    ) -> Result<Self, InvalidRequest> {
        let price = i64::try_from(price)
            .map_err(|_| InvalidRequest::rule("price", "is larger than any price"))?;
        let offer = Self {
            period: Some(period),
            period_count: Some(period_count.into()),
            price: Some(price),
            reason: Some(reason),
        };
        offer.check()?;
        Ok(offer)
    }

    /// What Apple demands of a request; what it sends is read without this.
    pub(super) fn check(&self) -> Result<(), InvalidRequest> {
        required("period", self.period.as_ref())?;
        let period_count = required("periodCount", self.period_count)?;
        check_range("periodCount", period_count, 1, MAX_PERIOD_COUNT)?;
        check_range("price", required("price", self.price)?, 0, i64::MAX)?;
        required("reason", self.reason.as_ref())?;
        Ok(())
    }
}

/// Which request this is, and for whom.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestinfo)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceRequestInfo {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    app_account_token: Option<AppAccountToken>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consistency_token: Option<String>,
    request_reference_id: RequestReferenceId,
}

impl AdvancedCommerceRequestInfo {
    /// A request with this identifier, which no other request may have.
    pub const fn new(request_reference_id: RequestReferenceId) -> Self {
        Self {
            app_account_token: None,
            consistency_token: None,
            request_reference_id,
        }
    }

    /// For this account in your system; a UUID, sent in lower case.
    ///
    /// # Errors
    ///
    /// When the token is no UUID.
    pub fn with_app_account_token(
        mut self,
        app_account_token: impl Into<AppAccountToken>,
    ) -> Result<Self, InvalidRequest> {
        self.app_account_token = Some(account_uuid(&app_account_token.into())?);
        Ok(self)
    }

    /// Only if the subscription is still in the state that had this token; from
    /// [`AdvancedCommerceRenewalInfo`](super::AdvancedCommerceRenewalInfo).
    pub fn with_consistency_token(mut self, consistency_token: impl Into<String>) -> Self {
        self.consistency_token = Some(consistency_token.into());
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        self.app_account_token
            .as_ref()
            .map_or(Ok(()), |token| account_uuid(token).map(drop))
    }
}

checked_when_read!(AdvancedCommerceRequestInfo);

open_enum! {
    /// When a change to a subscription takes effect.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/effective)
    pub enum AdvancedCommerceEffective: str {
        /// At once.
        Immediately = "IMMEDIATELY",
        /// When the next period begins.
        NextBillCycle = "NEXT_BILL_CYCLE",
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
    /// Why an item of a subscription is exchanged.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifychangeitem)
    pub enum AdvancedCommerceReason: str {
        /// To apply an offer.
        ApplyOffer = "APPLY_OFFER",
        /// For a lower one.
        Downgrade = "DOWNGRADE",
        /// For a higher one.
        Upgrade = "UPGRADE",
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

/// Sets what can be set once only.
pub(super) fn set_once<T>(
    member: &'static str,
    place: &mut Option<T>,
    value: T,
) -> Result<(), InvalidRequest> {
    if place.replace(value).is_some() {
        return Err(InvalidRequest::rule(member, "is given twice"));
    }
    Ok(())
}

/// That at least one of the two texts is there.
pub(super) fn check_some_text(
    description: Option<&AdvancedCommerceDescription>,
    display_name: Option<&AdvancedCommerceDisplayName>,
) -> Result<(), InvalidRequest> {
    if description.is_none() && display_name.is_none() {
        return Err(InvalidRequest::new("displayName", InvalidReason::Missing));
    }
    Ok(())
}

/// That no item is named twice.
pub(super) fn check_distinct<'a>(
    member: &'static str,
    skus: impl IntoIterator<Item = &'a Sku>,
) -> Result<(), InvalidRequest> {
    let mut seen = HashSet::new();
    if !skus.into_iter().all(|sku| seen.insert(sku)) {
        return Err(InvalidRequest::rule(member, "names an item twice"));
    }
    Ok(())
}

fn required<T>(member: &'static str, value: Option<T>) -> Result<T, InvalidRequest> {
    value.ok_or_else(|| InvalidRequest::new(member, InvalidReason::Missing))
}

/// Apple's limit for the discounted periods of an offer.
const MAX_PERIOD_COUNT: i64 = 12;
