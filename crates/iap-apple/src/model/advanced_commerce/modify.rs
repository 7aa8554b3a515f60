//! How does an app change a subscription of the Advanced Commerce API?

use iap_core::{Currency, TransactionId};
use serde::{Deserialize, Serialize};

use super::{
    in_app::{ModifySubscription, Version},
    shared::{
        AdvancedCommerceEffective, AdvancedCommerceOffer, AdvancedCommercePeriod,
        AdvancedCommerceReason, AdvancedCommerceRequestInfo, check_distinct, check_some_text,
        set_once,
    },
};
use crate::model::{
    invalid::{InvalidReason, InvalidRequest, checked_when_read},
    text::{AdvancedCommerceDescription, AdvancedCommerceDisplayName, Sku, StorefrontCountryCode},
    wire::{self, flag},
};

/// Changes a subscription: its items, texts or period.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifyinapprequest)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceSubscriptionModifyInAppRequest {
    #[serde(default)]
    operation: ModifySubscription,
    #[serde(default)]
    version: Version,
    request_info: AdvancedCommerceRequestInfo,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    add_items: Vec<AdvancedCommerceSubscriptionModifyAddItem>,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    change_items: Vec<AdvancedCommerceSubscriptionModifyChangeItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    descriptors: Option<AdvancedCommerceSubscriptionModifyDescriptors>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period_change: Option<AdvancedCommerceSubscriptionModifyPeriodChange>,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    remove_items: Vec<AdvancedCommerceSubscriptionModifyRemoveItem>,
    retain_billing_cycle: BillingCycle,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tax_code: Option<String>,
    transaction_id: TransactionId,
}

impl AdvancedCommerceSubscriptionModifyInAppRequest {
    /// Makes these changes to the subscription that the transaction belongs to.
    ///
    /// # Errors
    ///
    /// When there is none; when one of them changes nothing; when texts or period are given twice;
    /// when an item is touched by two changes; when an item has a prorated price and an offer; when
    /// an offer is not complete.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        transaction_id: impl Into<TransactionId>,
        billing_cycle: BillingCycle,
        changes: impl IntoIterator<Item = AdvancedCommerceSubscriptionChange>,
    ) -> Result<Self, InvalidRequest> {
        let mut request = Self {
            operation: ModifySubscription::Constant,
            version: Version::Constant,
            request_info,
            add_items: Vec::new(),
            change_items: Vec::new(),
            currency: None,
            descriptors: None,
            period_change: None,
            remove_items: Vec::new(),
            retain_billing_cycle: billing_cycle,
            storefront: None,
            tax_code: None,
            transaction_id: transaction_id.into(),
        };
        for change in changes {
            match change {
                AdvancedCommerceSubscriptionChange::Add(item) => request.add_items.push(item),
                AdvancedCommerceSubscriptionChange::Change(item) => {
                    request.change_items.push(item);
                }
                AdvancedCommerceSubscriptionChange::Descriptors(descriptors) => {
                    set_once("descriptors", &mut request.descriptors, descriptors)?;
                }
                AdvancedCommerceSubscriptionChange::Period(period) => {
                    set_once("periodChange", &mut request.period_change, period)?;
                }
                AdvancedCommerceSubscriptionChange::Remove(item) => {
                    request.remove_items.push(item);
                }
            }
        }
        request.check()?;
        Ok(request)
    }

    /// The currency of the prices.
    pub const fn with_currency(mut self, currency: Currency) -> Self {
        self.currency = Some(currency);
        self
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }

    /// In this tax category of Apple.
    pub fn with_tax_code(mut self, tax_code: impl Into<String>) -> Self {
        self.tax_code = Some(tax_code.into());
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        let touched = (self.add_items.iter().map(|item| &item.sku))
            .chain(self.change_items.iter().map(|item| &item.current_sku))
            .chain(self.remove_items.iter().map(|item| &item.sku));
        if touched.clone().next().is_none()
            && self.descriptors.is_none()
            && self.period_change.is_none()
        {
            return Err(InvalidRequest::new("changeItems", InvalidReason::Empty));
        }
        check_distinct("SKU", touched)?;
        if let Some(descriptors) = &self.descriptors {
            check_some_text(
                descriptors.description.as_ref(),
                descriptors.display_name.as_ref(),
            )?;
        }
        (self.add_items.iter())
            .try_for_each(|item| check_offer(item.offer.as_ref(), item.prorated_price))?;
        (self.change_items.iter())
            .try_for_each(|item| check_offer(item.offer.as_ref(), item.prorated_price))
    }
}

checked_when_read!(AdvancedCommerceSubscriptionModifyInAppRequest);

/// One change to a subscription.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AdvancedCommerceSubscriptionChange {
    /// A new item.
    Add(AdvancedCommerceSubscriptionModifyAddItem),
    /// Another item in place of a present one.
    Change(AdvancedCommerceSubscriptionModifyChangeItem),
    /// New texts.
    Descriptors(AdvancedCommerceSubscriptionModifyDescriptors),
    /// Another length of the period.
    Period(AdvancedCommerceSubscriptionModifyPeriodChange),
    /// An item less.
    Remove(AdvancedCommerceSubscriptionModifyRemoveItem),
}

flag! {
    /// Whether the present period goes on when a subscription is changed.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/retainbillingcycle)
    pub enum BillingCycle {
        /// The present period goes on.
        Retain = true,
        /// A new period begins.
        Reset = false,
    }
}

/// A new item of a subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifyadditem)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionModifyAddItem {
    #[serde(rename = "SKU")]
    sku: Sku,
    description: AdvancedCommerceDescription,
    display_name: AdvancedCommerceDisplayName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer: Option<AdvancedCommerceOffer>,
    price: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prorated_price: Option<u64>,
}

impl AdvancedCommerceSubscriptionModifyAddItem {
    /// This item, with these texts, at this price for each period in thousandths of the currency
    /// unit.
    pub const fn new(
        sku: Sku,
        description: AdvancedCommerceDescription,
        display_name: AdvancedCommerceDisplayName,
        price: u64,
    ) -> Self {
        Self {
            sku,
            description,
            display_name,
            offer: None,
            price,
            prorated_price: None,
        }
    }

    /// With this discount for the first periods.
    pub fn with_offer(mut self, offer: AdvancedCommerceOffer) -> Self {
        self.offer = Some(offer);
        self
    }

    /// At this price for the rest of the present period, in thousandths of the currency unit.
    pub const fn with_prorated_price(mut self, prorated_price: u64) -> Self {
        self.prorated_price = Some(prorated_price);
        self
    }
}

/// An item in place of another one of a subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifychangeitem)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionModifyChangeItem {
    #[serde(rename = "SKU")]
    sku: Sku,
    description: AdvancedCommerceDescription,
    display_name: AdvancedCommerceDisplayName,
    #[serde(rename = "currentSKU")]
    current_sku: Sku,
    effective: AdvancedCommerceEffective,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer: Option<AdvancedCommerceOffer>,
    price: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prorated_price: Option<u64>,
    reason: AdvancedCommerceReason,
}

impl AdvancedCommerceSubscriptionModifyChangeItem {
    /// In place of the item `current_sku`: the item `new_item`, from which it takes identifier,
    /// texts, prices and offer.
    pub fn new(
        current_sku: Sku,
        new_item: AdvancedCommerceSubscriptionModifyAddItem,
        effective: AdvancedCommerceEffective,
        reason: AdvancedCommerceReason,
    ) -> Self {
        Self {
            sku: new_item.sku,
            description: new_item.description,
            display_name: new_item.display_name,
            current_sku,
            effective,
            offer: new_item.offer,
            price: new_item.price,
            prorated_price: new_item.prorated_price,
            reason,
        }
    }
}

/// An item that leaves a subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifyremoveitem)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct AdvancedCommerceSubscriptionModifyRemoveItem {
    #[serde(rename = "SKU")]
    sku: Sku,
}

impl AdvancedCommerceSubscriptionModifyRemoveItem {
    /// This item.
    pub const fn new(sku: Sku) -> Self {
        Self { sku }
    }
}

/// New texts of a subscription; at least one must be set.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifydescriptors)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionModifyDescriptors {
    effective: AdvancedCommerceEffective,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<AdvancedCommerceDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<AdvancedCommerceDisplayName>,
}

impl AdvancedCommerceSubscriptionModifyDescriptors {
    /// No new text yet, in effect from then on.
    pub const fn new(effective: AdvancedCommerceEffective) -> Self {
        Self {
            effective,
            description: None,
            display_name: None,
        }
    }

    /// A new description.
    pub fn with_description(mut self, description: AdvancedCommerceDescription) -> Self {
        self.description = Some(description);
        self
    }

    /// A new name.
    pub fn with_display_name(mut self, display_name: AdvancedCommerceDisplayName) -> Self {
        self.display_name = Some(display_name);
        self
    }
}

/// Another length of a subscription's period.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmodifyperiodchange)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionModifyPeriodChange {
    effective: AdvancedCommerceEffective,
    period: AdvancedCommercePeriod,
}

impl AdvancedCommerceSubscriptionModifyPeriodChange {
    /// This length, from then on.
    pub const fn new(effective: AdvancedCommerceEffective, period: AdvancedCommercePeriod) -> Self {
        Self { effective, period }
    }
}

fn check_offer(
    offer: Option<&AdvancedCommerceOffer>,
    prorated_price: Option<u64>,
) -> Result<(), InvalidRequest> {
    let Some(offer) = offer else { return Ok(()) };
    if prorated_price.is_some() {
        let rule = "must be absent where an offer is given";
        return Err(InvalidRequest::rule("proratedPrice", rule));
    }
    offer.check()
}
