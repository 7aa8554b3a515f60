//! Which purchases can an app make with the Advanced Commerce API? Your server signs the request,
//! and the app hands it to StoreKit.

use iap_core::{Currency, TransactionId};
use serde::{Deserialize, Serialize};

use super::{
    modify::AdvancedCommerceSubscriptionModifyInAppRequest,
    shared::{
        AdvancedCommerceDescriptors, AdvancedCommerceOffer, AdvancedCommercePeriod,
        AdvancedCommerceRequestInfo,
    },
};
use crate::model::{
    invalid::{InvalidRequest, check_not_empty, checked_when_read},
    text::{AdvancedCommerceDescription, AdvancedCommerceDisplayName, Sku, StorefrontCountryCode},
    wire,
};

/// A request that your server signs
/// ([`OfferSigner::advanced_commerce_request`](crate::OfferSigner::advanced_commerce_request)) and an
/// app hands to StoreKit.
///
/// Apple takes these four and no other, so the trait cannot be implemented elsewhere.
pub trait AdvancedCommerceInAppRequest: Serialize + private::Sealed {}

mod private {
    #[expect(unnameable_types, reason = "so that nobody else implements it")]
    pub trait Sealed {}
}

macro_rules! in_app_requests {
    ($($name:ident),+ $(,)?) => { $(
        impl private::Sealed for $name {}
        impl AdvancedCommerceInAppRequest for $name {}
    )+ };
}

in_app_requests!(
    AdvancedCommerceOneTimeChargeCreateRequest,
    AdvancedCommerceSubscriptionCreateRequest,
    AdvancedCommerceSubscriptionModifyInAppRequest,
    AdvancedCommerceSubscriptionReactivateInAppRequest,
);

/// Sells an item once.
///
/// ```
/// use iap_apple::{
///     AdvancedCommerceDescription, AdvancedCommerceDisplayName,
///     AdvancedCommerceOneTimeChargeCreateRequest, AdvancedCommerceOneTimeChargeItem,
///     AdvancedCommerceRequestInfo, RequestReferenceId, Sku,
/// };
///
/// let towel = AdvancedCommerceOneTimeChargeItem::new(
///     Sku::new("pool.towel")?,
///     AdvancedCommerceDescription::new("A towel to keep")?,
///     AdvancedCommerceDisplayName::new("Towel")?,
///     12_990,
/// );
/// let info = AdvancedCommerceRequestInfo::new(RequestReferenceId::new(
///     "d3d94468-2a5f-4f6e-8b7a-1f1d2c3b4a59",
/// )?);
/// let request =
///     AdvancedCommerceOneTimeChargeCreateRequest::new(info, towel, "EUR".parse()?, "S021-07-1");
/// # let _ = request;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/onetimechargecreaterequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceOneTimeChargeCreateRequest {
    #[serde(default)]
    operation: CreateOneTimeCharge,
    #[serde(default)]
    version: Version,
    request_info: AdvancedCommerceRequestInfo,
    currency: Currency,
    item: AdvancedCommerceOneTimeChargeItem,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
    tax_code: String,
}

impl AdvancedCommerceOneTimeChargeCreateRequest {
    /// Sells this item, at a price in `currency` and in Apple's tax category `tax_code`.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        item: AdvancedCommerceOneTimeChargeItem,
        currency: Currency,
        tax_code: impl Into<String>,
    ) -> Self {
        Self {
            operation: CreateOneTimeCharge::Constant,
            version: Version::Constant,
            request_info,
            currency,
            item,
            storefront: None,
            tax_code: tax_code.into(),
        }
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }
}

/// An item that is sold once.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/onetimechargeitem)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceOneTimeChargeItem {
    #[serde(rename = "SKU")]
    sku: Sku,
    description: AdvancedCommerceDescription,
    display_name: AdvancedCommerceDisplayName,
    price: u64,
}

impl AdvancedCommerceOneTimeChargeItem {
    /// This item, with these texts, at this price in thousandths of the currency unit.
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
            price,
        }
    }
}

/// Sells a subscription.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptioncreaterequest)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct AdvancedCommerceSubscriptionCreateRequest {
    #[serde(default)]
    operation: CreateSubscription,
    #[serde(default)]
    version: Version,
    request_info: AdvancedCommerceRequestInfo,
    currency: Currency,
    descriptors: AdvancedCommerceDescriptors,
    items: Vec<AdvancedCommerceSubscriptionCreateItem>,
    period: AdvancedCommercePeriod,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_transaction_id: Option<TransactionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
    tax_code: String,
}

impl AdvancedCommerceSubscriptionCreateRequest {
    /// Sells these items together for each period, at prices in `currency` and in Apple's tax
    /// category `tax_code`.
    ///
    /// # Errors
    ///
    /// When there is no item, when a text is missing or too long, or when an offer is not complete.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        descriptors: AdvancedCommerceDescriptors,
        items: impl IntoIterator<Item = AdvancedCommerceSubscriptionCreateItem>,
        period: AdvancedCommercePeriod,
        currency: Currency,
        tax_code: impl Into<String>,
    ) -> Result<Self, InvalidRequest> {
        let request = Self {
            operation: CreateSubscription::Constant,
            version: Version::Constant,
            request_info,
            currency,
            descriptors,
            items: items.into_iter().collect(),
            period,
            previous_transaction_id: None,
            storefront: None,
            tax_code: tax_code.into(),
        };
        request.check()?;
        Ok(request)
    }

    /// In place of the subscription that this transaction belongs to.
    pub fn with_previous_transaction_id(mut self, id: impl Into<TransactionId>) -> Self {
        self.previous_transaction_id = Some(id.into());
        self
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        self.descriptors.check()?;
        check_not_empty("items", &self.items)?;
        self.items
            .iter()
            .filter_map(|item| item.offer.as_ref())
            .try_for_each(AdvancedCommerceOffer::check)
    }
}

checked_when_read!(AdvancedCommerceSubscriptionCreateRequest);

/// An item of a subscription that is sold.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptioncreateitem)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionCreateItem {
    #[serde(rename = "SKU")]
    sku: Sku,
    description: AdvancedCommerceDescription,
    display_name: AdvancedCommerceDisplayName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer: Option<AdvancedCommerceOffer>,
    price: u64,
}

impl AdvancedCommerceSubscriptionCreateItem {
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
        }
    }

    /// With this discount for the first periods.
    pub fn with_offer(mut self, offer: AdvancedCommerceOffer) -> Self {
        self.offer = Some(offer);
        self
    }
}

/// Lets a subscription that was cancelled renew again.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionreactivateinapprequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct AdvancedCommerceSubscriptionReactivateInAppRequest {
    #[serde(default)]
    operation: ReactivateSubscription,
    #[serde(default)]
    version: Version,
    request_info: AdvancedCommerceRequestInfo,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    items: Vec<AdvancedCommerceSubscriptionReactivateItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    storefront: Option<StorefrontCountryCode>,
    transaction_id: TransactionId,
}

impl AdvancedCommerceSubscriptionReactivateInAppRequest {
    /// The subscription that this transaction belongs to, with all its items.
    pub fn new(
        request_info: AdvancedCommerceRequestInfo,
        transaction_id: impl Into<TransactionId>,
    ) -> Self {
        Self {
            operation: ReactivateSubscription::Constant,
            version: Version::Constant,
            request_info,
            items: Vec::new(),
            storefront: None,
            transaction_id: transaction_id.into(),
        }
    }

    /// With these items only.
    pub fn with_items(
        mut self,
        items: impl IntoIterator<Item = AdvancedCommerceSubscriptionReactivateItem>,
    ) -> Self {
        self.items = items.into_iter().collect();
        self
    }

    /// Only if the customer uses this storefront.
    pub fn with_storefront(mut self, storefront: StorefrontCountryCode) -> Self {
        self.storefront = Some(storefront);
        self
    }
}

/// An item of a subscription that renews again.
///
/// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionreactivateitem)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct AdvancedCommerceSubscriptionReactivateItem {
    #[serde(rename = "SKU")]
    sku: Sku,
}

impl AdvancedCommerceSubscriptionReactivateItem {
    /// This item.
    pub const fn new(sku: Sku) -> Self {
        Self { sku }
    }
}

/// Defines a member that always has the same text; where it is missing it is taken as there.
macro_rules! constants {
    ($( $name:ident = $text:literal; )+) => { $(
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub(super) enum $name {
            #[default]
            #[serde(rename = $text)]
            Constant,
        }
    )+ };
}

constants! {
    CreateOneTimeCharge = "CREATE_ONE_TIME_CHARGE";
    CreateSubscription = "CREATE_SUBSCRIPTION";
    ModifySubscription = "MODIFY_SUBSCRIPTION";
    ReactivateSubscription = "REACTIVATE_SUBSCRIPTION";
    Version = "1";
}
