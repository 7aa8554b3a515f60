//! How is a subscription moved to the Advanced Commerce API?

use iap_core::ProductId;
use serde::{Deserialize, Serialize};

use super::shared::AdvancedCommerceRequestInfo;
use crate::model::{
    invalid::{InvalidRequest, check_not_empty, checked_when_read},
    text::{AdvancedCommerceDescription, AdvancedCommerceDisplayName, Sku, StorefrontCountryCode},
    wire,
};

/// Moves a subscription that was made without the Advanced Commerce API there.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmigraterequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceSubscriptionMigrateRequest {
    request_info: AdvancedCommerceRequestInfo,
    descriptors: AdvancedCommerceSubscriptionMigrateDescriptors,
    items: Vec<AdvancedCommerceSubscriptionMigrateItem>,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    renewal_items: Vec<AdvancedCommerceSubscriptionMigrateRenewalItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
    target_product_id: ProductId,
    tax_code: String,
}

impl AdvancedCommerceSubscriptionMigrateRequest {
    /// Makes the subscription one of these items, under the generic product `target_product_id` and
    /// in Apple's tax category `tax_code`.
    ///
    /// # Errors
    ///
    /// When there is no item.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        target_product_id: impl Into<ProductId>,
        tax_code: impl Into<String>,
        descriptors: AdvancedCommerceSubscriptionMigrateDescriptors,
        items: impl IntoIterator<Item = AdvancedCommerceSubscriptionMigrateItem>,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            request_info,
            descriptors,
            items: items.into_iter().collect(),
            renewal_items: Vec::new(),
            storefront: None,
            target_product_id: target_product_id.into(),
            tax_code: tax_code.into(),
        };
        request.check()?;
        Ok(request)
    }

    /// These items from the next renewal on; exactly where a change of the subscription is pending.
    pub fn with_renewal_items(
        mut self,
        renewal_items: impl IntoIterator<Item = AdvancedCommerceSubscriptionMigrateRenewalItem>,
    ) -> Self {
        self.renewal_items = renewal_items.into_iter().collect();
        self
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        check_not_empty("items", &self.items)
    }
}

checked_when_read!(AdvancedCommerceSubscriptionMigrateRequest);

/// The texts of a subscription that is moved.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmigratedescriptors)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionMigrateDescriptors {
    description: AdvancedCommerceDescription,
    display_name: AdvancedCommerceDisplayName,
}

impl AdvancedCommerceSubscriptionMigrateDescriptors {
    /// These texts.
    pub const fn new(
        description: AdvancedCommerceDescription,
        display_name: AdvancedCommerceDisplayName,
    ) -> Self {
        Self {
            description,
            display_name,
        }
    }
}

/// Defines the items of a migration, which are alike.
macro_rules! migrated_items {
    ($( $(#[$doc:meta])* $name:ident; )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[must_use]
        pub struct $name {
            #[serde(rename = "SKU")]
            sku: Sku,
            description: AdvancedCommerceDescription,
            display_name: AdvancedCommerceDisplayName,
        }

        impl $name {
            /// This item, with these texts.
            pub const fn new(
                sku: Sku,
                description: AdvancedCommerceDescription,
                display_name: AdvancedCommerceDisplayName,
            ) -> Self {
                Self { sku, description, display_name }
            }
        }
    )+ };
}

migrated_items! {
    /// An item that a subscription consists of once it is moved.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmigrateitem)
    AdvancedCommerceSubscriptionMigrateItem;

    /// An item that a subscription consists of from its next renewal on.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmigraterenewalitem)
    AdvancedCommerceSubscriptionMigrateRenewalItem;
}
