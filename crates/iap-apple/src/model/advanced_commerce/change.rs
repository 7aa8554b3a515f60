//! How are texts and prices of a subscription of the Advanced Commerce API changed?

use std::collections::HashSet;

use iap_core::Currency;
use serde::{Deserialize, Serialize};

use super::shared::{
    AdvancedCommerceEffective, AdvancedCommerceRequestInfo, check_distinct, check_some_text,
    set_once,
};
use crate::model::{
    invalid::{InvalidRequest, check_not_empty, checked_when_read},
    text::{AdvancedCommerceDescription, AdvancedCommerceDisplayName, Sku, StorefrontCountryCode},
    wire,
};

/// Changes the texts, the identifiers of items or the tax code of a subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionchangemetadatarequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceSubscriptionChangeMetadataRequest {
    request_info: AdvancedCommerceRequestInfo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    descriptors: Option<AdvancedCommerceSubscriptionChangeMetadataDescriptors>,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    items: Vec<AdvancedCommerceSubscriptionChangeMetadataItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tax_code: Option<String>,
}

impl AdvancedCommerceSubscriptionChangeMetadataRequest {
    /// Makes these changes.
    ///
    /// # Errors
    ///
    /// When there is none, when one of them changes nothing, or when texts or tax code are given
    /// twice.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        changes: impl IntoIterator<Item = AdvancedCommerceMetadataChange>,
    ) -> Result<Self, InvalidRequest> {
        let mut request = Self {
            request_info,
            descriptors: None,
            items: Vec::new(),
            storefront: None,
            tax_code: None,
        };
        for change in changes {
            match change {
                AdvancedCommerceMetadataChange::Descriptors(descriptors) => {
                    set_once("descriptors", &mut request.descriptors, descriptors)?;
                }
                AdvancedCommerceMetadataChange::Item(item) => request.items.push(item),
                AdvancedCommerceMetadataChange::TaxCode(tax_code) => {
                    set_once("taxCode", &mut request.tax_code, tax_code)?;
                }
            }
        }
        request.check()?;
        Ok(request)
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        if self.descriptors.is_none() && self.tax_code.is_none() {
            check_not_empty("items", &self.items)?;
        }
        if let Some(descriptors) = &self.descriptors {
            check_some_text(
                descriptors.description.as_ref(),
                descriptors.display_name.as_ref(),
            )?;
        }
        for item in &self.items {
            if item.sku.is_none() {
                check_some_text(item.description.as_ref(), item.display_name.as_ref())?;
            }
        }
        Ok(())
    }
}

/// One change to what a subscription is called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdvancedCommerceMetadataChange {
    /// Of the subscription's texts.
    Descriptors(AdvancedCommerceSubscriptionChangeMetadataDescriptors),
    /// Of an item.
    Item(AdvancedCommerceSubscriptionChangeMetadataItem),
    /// Of Apple's tax category of the subscription.
    TaxCode(String),
}

/// New texts of a subscription; at least one must be set.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionchangemetadatadescriptors)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionChangeMetadataDescriptors {
    effective: AdvancedCommerceEffective,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<AdvancedCommerceDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<AdvancedCommerceDisplayName>,
}

impl AdvancedCommerceSubscriptionChangeMetadataDescriptors {
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

/// A new identifier or new texts of an item; at least one must be set.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionchangemetadataitem)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionChangeMetadataItem {
    #[serde(rename = "currentSKU")]
    current_sku: Sku,
    effective: AdvancedCommerceEffective,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<AdvancedCommerceDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_name: Option<AdvancedCommerceDisplayName>,
    #[serde(rename = "SKU", default, skip_serializing_if = "Option::is_none")]
    sku: Option<Sku>,
}

impl AdvancedCommerceSubscriptionChangeMetadataItem {
    /// No change to this item yet, in effect from then on.
    pub const fn new(current_sku: Sku, effective: AdvancedCommerceEffective) -> Self {
        Self {
            current_sku,
            effective,
            description: None,
            display_name: None,
            sku: None,
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

    /// A new identifier.
    pub fn with_sku(mut self, sku: Sku) -> Self {
        self.sku = Some(sku);
        self
    }
}

/// Changes the prices of items of a subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionpricechangerequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceSubscriptionPriceChangeRequest {
    request_info: AdvancedCommerceRequestInfo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    items: Vec<AdvancedCommerceSubscriptionPriceChangeItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
}

impl AdvancedCommerceSubscriptionPriceChangeRequest {
    /// Changes the prices of these items.
    ///
    /// # Errors
    ///
    /// When there is none; when an item is named twice; when an item depends on two others, or on
    /// one that itself depends on another.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        items: impl IntoIterator<Item = AdvancedCommerceSubscriptionPriceChangeItem>,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            request_info,
            currency: None,
            items: items.into_iter().collect(),
            storefront: None,
        };
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

    fn check(&self) -> Result<(), InvalidRequest> {
        check_not_empty("items", &self.items)?;
        check_distinct("SKU", self.items.iter().map(|item| &item.sku))?;
        let dependents = || self.items.iter().flat_map(|item| &item.dependent_skus);
        check_distinct("dependentSKUs", dependents())?;
        let leading: HashSet<&Sku> = self
            .items
            .iter()
            .filter(|item| !item.dependent_skus.is_empty())
            .map(|item| &item.sku)
            .collect();
        if dependents().any(|sku| leading.contains(sku)) {
            let rule = "must not contain an item that has dependentSKUs itself";
            return Err(InvalidRequest::rule("dependentSKUs", rule));
        }
        Ok(())
    }
}

/// A new price of an item.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionpricechangeitem)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionPriceChangeItem {
    #[serde(rename = "SKU")]
    sku: Sku,
    price: u64,
    #[serde(
        rename = "dependentSKUs",
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    dependent_skus: Vec<Sku>,
}

impl AdvancedCommerceSubscriptionPriceChangeItem {
    /// This price for this item, in thousandths of the currency unit.
    pub const fn new(sku: Sku, price: u64) -> Self {
        Self {
            sku,
            price,
            dependent_skus: Vec::new(),
        }
    }

    /// These items are cancelled together with this one if the customer refuses the new price.
    pub fn with_dependent_skus(mut self, dependent_skus: impl IntoIterator<Item = Sku>) -> Self {
        self.dependent_skus = dependent_skus.into_iter().collect();
        self
    }
}

checked_when_read!(
    AdvancedCommerceSubscriptionChangeMetadataRequest,
    AdvancedCommerceSubscriptionPriceChangeRequest,
);
