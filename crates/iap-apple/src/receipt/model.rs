//! What does an app receipt say?
//!
//! <https://developer.apple.com/library/archive/releasenotes/General/ValidateAppStoreReceipt/Chapters/ReceiptFields.html>

use iap_core::{
    AppId, Environment, OriginalTransactionId, ProductId, Timestamp, TransactionId, open_enum,
};

use super::{
    attributes::{
        APP_APPLE_ID, APP_PURCHASE_DATE, APPLICATION_VERSION, Attribute, Attributes, BUNDLE_ID,
        CANCELLATION_DATE, CREATION_DATE, EXPIRATION_DATE, EXPIRES_DATE, IN_APP,
        IS_IN_INTRO_OFFER_PERIOD, IS_TRIAL_PERIOD, OPAQUE_VALUE, ORIGINAL_APPLICATION_VERSION,
        ORIGINAL_PURCHASE_DATE, ORIGINAL_TRANSACTION_ID, PRODUCT_ID, PURCHASE_DATE, QUANTITY,
        RECEIPT_TYPE, SHA1_HASH, TRANSACTION_ID, WEB_ORDER_LINE_ITEM_ID,
    },
    error::{At, ReceiptError, StructureProblem},
};
use crate::crypto::{equal_in_constant_time, sha1};

open_enum! {
    /// Where an app receipt comes from, and how the app was bought.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstorereceipts/responsebody/receipt)
    pub enum ReceiptType: str {
        /// The App Store.
        Production = "Production",
        /// The sandbox or TestFlight.
        ProductionSandbox = "ProductionSandbox",
        /// The App Store, in volume for an organisation.
        ProductionVpp = "ProductionVPP",
        /// The sandbox, in volume for an organisation.
        ProductionVppSandbox = "ProductionVPPSandbox",
        /// StoreKit testing in Xcode. **Not signed by Apple.**
        Xcode = "Xcode",
    }
}

impl ReceiptType {
    /// The environment of such receipts; `None` for a type that this version does not name.
    #[must_use]
    pub const fn environment(&self) -> Option<Environment> {
        match self {
            Self::Production | Self::ProductionVpp => Some(Environment::Production),
            Self::ProductionSandbox | Self::ProductionVppSandbox => Some(Environment::Sandbox),
            Self::Xcode => Some(Environment::Xcode),
            Self::Unknown(_) => None,
        }
    }
}

/// A receipt of an app and of the purchases made in it.
///
/// What Apple writes as an empty text is `None`.
/// [Apple's page](https://developer.apple.com/library/archive/releasenotes/General/ValidateAppStoreReceipt/Chapters/ReceiptFields.html)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppReceipt {
    /// Where the receipt comes from (attribute 0).
    pub receipt_type: Option<ReceiptType>,

    /// The app's Apple id (attribute 1, not documented by Apple); 0 outside production.
    pub app_apple_id: Option<i64>,

    /// The app (attribute 2).
    pub bundle_id: Option<AppId>,

    /// The installed version: `CFBundleVersion`, on macOS `CFBundleShortVersionString`
    /// (attribute 3).
    pub application_version: Option<String>,

    /// Bytes that go into the hash (attribute 4).
    pub opaque_value: Option<Vec<u8>>,

    /// The hash by which a device recognises its receipt (attribute 5); see
    /// [`is_for_device`](Self::is_for_device).
    pub sha1_hash: Option<Vec<u8>>,

    /// When Apple made this receipt (attribute 12).
    pub creation_date: Option<Timestamp>,

    /// Purchases in the app, in stored order (attribute 17): all but consumables that have been
    /// finished. **Renewals and refunds made since [`creation_date`](Self::creation_date) are
    /// missing.**
    pub in_app: Vec<InAppReceipt>,

    /// When the app itself was first bought (attribute 18, not documented by Apple).
    pub original_purchase_date: Option<Timestamp>,

    /// The version that was first bought (attribute 19); always `1.0` in the sandbox.
    pub original_application_version: Option<String>,

    /// When the receipt expires (attribute 21); only for apps bought in volume.
    pub expiration_date: Option<Timestamp>,

    /// All other attributes, in stored order.
    pub other: Vec<ReceiptAttribute>,

    /// The value of attribute 2 as it is stored, which is what goes into the hash.
    bundle_id_value: Vec<u8>,
}

/// A purchase in an app: of a product, a subscription, or one of its renewals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InAppReceipt {
    /// How many were bought (attribute 1701).
    pub quantity: Option<i64>,

    /// The product (attribute 1702).
    pub product_id: Option<ProductId>,

    /// This purchase, renewal or restore (attribute 1703).
    pub transaction_id: Option<TransactionId>,

    /// The first transaction of the purchase, the same over all renewals: the key to store
    /// (attribute 1705).
    pub original_transaction_id: Option<OriginalTransactionId>,

    /// When the customer was charged for this purchase or renewal, or restored it (attribute 1704).
    pub purchase_date: Option<Timestamp>,

    /// When the original transaction was made (attribute 1706).
    pub original_purchase_date: Option<Timestamp>,

    /// When the subscription ends or renews (attribute 1708); subscriptions that renew by
    /// themselves only.
    pub expires_date: Option<Timestamp>,

    /// The purchase or renewal of a subscription, the same on all devices of the customer
    /// (attribute 1711); 0 where there is none.
    pub web_order_line_item_id: Option<i64>,

    /// When Apple refunded or revoked the purchase (attribute 1712). **Such a purchase counts as
    /// never made.**
    pub cancellation_date: Option<Timestamp>,

    /// Whether the period is a free trial (attribute 1713); subscriptions only.
    pub is_trial_period: Option<bool>,

    /// Whether the period is at an introductory price (attribute 1719); subscriptions only.
    pub is_in_intro_offer_period: Option<bool>,

    /// All other attributes, in stored order.
    pub other: Vec<ReceiptAttribute>,
}

/// An attribute without a field of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiptAttribute {
    /// The number that says what it is.
    pub attribute_type: i64,
    /// Reserved by Apple.
    pub version: i64,
    /// The value: most often an encoded ASN.1 element.
    pub value: Vec<u8>,
}

impl AppReceipt {
    /// Whether the receipt was made for the device with this identifier.
    ///
    /// On iOS that is the 16 bytes of `UIDevice.identifierForVendor`, on macOS the 6 bytes of the
    /// primary network address. The hash of identifier, opaque value and bundle id is compared in
    /// constant time. `false` if the receipt lacks one of them.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstorereceipts/validating-receipts-on-the-device#Compute-the-GUID-hash)
    #[must_use]
    pub fn is_for_device(&self, device_identifier: &[u8]) -> bool {
        match (&self.opaque_value, &self.sha1_hash) {
            (Some(opaque_value), Some(hash)) if self.bundle_id.is_some() => {
                let parts = [device_identifier, opaque_value, &self.bundle_id_value];
                equal_in_constant_time(sha1(&parts.concat()).as_ref(), hash)
            }
            _ => false,
        }
    }

    /// Reads the content of a receipt.
    pub(crate) fn read(content: &[u8]) -> Result<Self, ReceiptError> {
        let mut receipt = Self::default();
        let mut attributes = Attributes::of(content).at("content")?;
        while let Some(attribute) = attributes.next().at("content")? {
            let attribute_type = attribute.attribute_type;
            if attribute_type == IN_APP {
                let place = || format!("attribute {IN_APP}[{}]", receipt.in_app.len());
                let purchase = InAppReceipt::read(&attribute.value, place)?;
                receipt.in_app.push(purchase);
            } else {
                let place = || format!("attribute {attribute_type}");
                receipt.set(attribute).at_with(place)?;
            }
        }
        Ok(receipt)
    }

    fn set(&mut self, attribute: Attribute<'_>) -> Result<(), StructureProblem> {
        let text = |it: &Attribute<'_>| Ok(it.text_if_any()?.map(str::to_owned));
        match attribute.attribute_type {
            RECEIPT_TYPE => {
                let receipt_type = attribute.text_if_any()?.map(ReceiptType::from);
                fill(&mut self.receipt_type, receipt_type)
            }
            APP_APPLE_ID => fill(&mut self.app_apple_id, Some(attribute.integer()?)),
            BUNDLE_ID => {
                let bundle_id = attribute.text_if_any()?.map(AppId::from);
                fill(&mut self.bundle_id, bundle_id)?;
                self.bundle_id_value = attribute.value.into_owned();
                Ok(())
            }
            APPLICATION_VERSION => fill(&mut self.application_version, text(&attribute)?),
            OPAQUE_VALUE => fill(&mut self.opaque_value, Some(attribute.value.into_owned())),
            SHA1_HASH => fill(&mut self.sha1_hash, Some(attribute.value.into_owned())),
            CREATION_DATE => fill(&mut self.creation_date, attribute.date()?),
            APP_PURCHASE_DATE => fill(&mut self.original_purchase_date, attribute.date()?),
            ORIGINAL_APPLICATION_VERSION => {
                fill(&mut self.original_application_version, text(&attribute)?)
            }
            EXPIRATION_DATE => fill(&mut self.expiration_date, attribute.date()?),
            _ => {
                self.other.push(attribute.into());
                Ok(())
            }
        }
    }
}

impl InAppReceipt {
    fn read(content: &[u8], place: impl Fn() -> String) -> Result<Self, ReceiptError> {
        let mut purchase = Self::default();
        let mut attributes = Attributes::of(content).at_with(&place)?;
        while let Some(attribute) = attributes.next().at_with(&place)? {
            let attribute_type = attribute.attribute_type;
            let place = || format!("{}.{attribute_type}", place());
            purchase.set(attribute).at_with(place)?;
        }
        Ok(purchase)
    }

    fn set(&mut self, attribute: Attribute<'_>) -> Result<(), StructureProblem> {
        let flag = |it: &Attribute<'_>| Ok(Some(it.integer()? != 0));
        match attribute.attribute_type {
            QUANTITY => fill(&mut self.quantity, Some(attribute.integer()?)),
            PRODUCT_ID => {
                let id = attribute.text_if_any()?.map(ProductId::from);
                fill(&mut self.product_id, id)
            }
            TRANSACTION_ID => {
                let id = attribute.text_if_any()?.map(TransactionId::from);
                fill(&mut self.transaction_id, id)
            }
            ORIGINAL_TRANSACTION_ID => {
                let id = attribute.text_if_any()?.map(OriginalTransactionId::from);
                fill(&mut self.original_transaction_id, id)
            }
            PURCHASE_DATE => fill(&mut self.purchase_date, attribute.date()?),
            ORIGINAL_PURCHASE_DATE => fill(&mut self.original_purchase_date, attribute.date()?),
            EXPIRES_DATE => fill(&mut self.expires_date, attribute.date()?),
            WEB_ORDER_LINE_ITEM_ID => {
                fill(&mut self.web_order_line_item_id, Some(attribute.integer()?))
            }
            CANCELLATION_DATE => fill(&mut self.cancellation_date, attribute.date()?),
            IS_TRIAL_PERIOD => fill(&mut self.is_trial_period, flag(&attribute)?),
            IS_IN_INTRO_OFFER_PERIOD => fill(&mut self.is_in_intro_offer_period, flag(&attribute)?),
            _ => {
                self.other.push(attribute.into());
                Ok(())
            }
        }
    }
}

impl From<Attribute<'_>> for ReceiptAttribute {
    fn from(attribute: Attribute<'_>) -> Self {
        Self {
            attribute_type: attribute.attribute_type,
            version: attribute.version,
            value: attribute.value.into_owned(),
        }
    }
}

/// Sets a field, which no attribute may have set before: of two values neither can be relied on.
fn fill<T>(field: &mut Option<T>, value: Option<T>) -> Result<(), StructureProblem> {
    if field.is_some() {
        return Err(StructureProblem::Repeated);
    }
    *field = value;
    Ok(())
}
