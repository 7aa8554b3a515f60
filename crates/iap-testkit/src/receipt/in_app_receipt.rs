//! What a receipt holds about one purchase in the app.

use core::time::Duration;

use iap_core::Timestamp;

use super::{Attributes, date};
use crate::{der, system};

/// Builds an entry of an app receipt: the purchase of a product, or one period of a subscription.
///
/// Dates that are not set follow from the purchase date, itself three seconds before the builder
/// was made: a subscription expires 30 days later. What a purchase has none of is written as Apple
/// writes it, as an empty date or 0.
///
/// ```
/// use iap_testkit::{AppReceiptBuilder, InAppReceiptBuilder, SigningAuthority};
///
/// let period = InAppReceiptBuilder::auto_renewable("pro.monthly").is_trial_period(true);
/// let receipt = AppReceiptBuilder::new("com.example.app", 1_234_567_890)
///     .in_app(period)
///     .sign(&SigningAuthority::all_p256());
/// # assert!(receipt.starts_with("MI"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until it is put into a receipt"]
pub struct InAppReceiptBuilder {
    product_id: String,
    id: String,
    is_auto_renewable: bool,
    purchase_date: Timestamp,
    attributes: Attributes,
}

impl InAppReceiptBuilder {
    /// A product that does not renew by itself: a receipt does not say which kind it is.
    pub fn product(product_id: &str) -> Self {
        Self {
            product_id: product_id.to_owned(),
            id: system::transaction_id(),
            is_auto_renewable: false,
            purchase_date: system::now().saturating_sub(SINCE_PURCHASE),
            attributes: Attributes::default(),
        }
    }

    /// One period of an auto-renewable subscription.
    pub fn auto_renewable(product_id: &str) -> Self {
        Self {
            is_auto_renewable: true,
            ..Self::product(product_id)
        }
    }

    /// How many were bought (attribute 1701). Default: 1.
    pub fn quantity(self, quantity: i64) -> Self {
        self.set(1701, der::integer(quantity))
    }

    /// Identifies this purchase, renewal or restore (attribute 1703). Decimal digits. Default: fresh.
    pub fn transaction_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// When this period was bought (attribute 1704).
    pub fn purchase_date(mut self, at: Timestamp) -> Self {
        self.purchase_date = at;
        self
    }

    /// Identifies the purchase across its renewals (attribute 1705). Decimal digits. Default: the
    /// transaction id, as for a first purchase.
    pub fn original_transaction_id(self, id: &str) -> Self {
        self.set(1705, der::utf8_string(id))
    }

    /// When the original transaction was made (attribute 1706). Default: the purchase date.
    pub fn original_purchase_date(self, at: Timestamp) -> Self {
        self.set(1706, date(at))
    }

    /// When the subscription expires or renews (attribute 1708).
    pub fn expires_date(self, at: Timestamp) -> Self {
        self.set(1708, date(at))
    }

    /// When the App Store took the purchase back (attribute 1712).
    pub fn cancellation_date(self, at: Timestamp) -> Self {
        self.set(1712, date(at))
    }

    /// Whether the period is a free trial (attribute 1713).
    pub fn is_trial_period(self, is_trial: bool) -> Self {
        self.set(1713, der::integer(i64::from(is_trial)))
    }

    /// Whether the period is at an introductory price (attribute 1719).
    pub fn is_in_intro_offer_period(self, is_in_intro_offer: bool) -> Self {
        self.set(1719, der::integer(i64::from(is_in_intro_offer)))
    }

    /// Sets any attribute, by Apple's number, to a value that is already encoded.
    pub fn set(mut self, attribute_type: i64, value: Vec<u8>) -> Self {
        self.attributes.set(attribute_type, value);
        self
    }

    /// Leaves an attribute out, by Apple's number.
    pub fn without(mut self, attribute_type: i64) -> Self {
        self.attributes.leave_out(attribute_type);
        self
    }

    /// The value of attribute 17.
    pub(super) fn encode(&self) -> Vec<u8> {
        let purchase_date = date(self.purchase_date);
        let expires_date = self.purchase_date.saturating_add(PERIOD);
        let none = || der::ia5_string("");
        let (expires_date, line_item) = match self.is_auto_renewable {
            true => (date(expires_date), WEB_ORDER_LINE_ITEM_ID),
            false => (none(), 0),
        };
        der::set(&self.attributes.apply_to([
            (1701, der::integer(1)),
            (1702, der::utf8_string(&self.product_id)),
            (1703, der::utf8_string(&self.id)),
            (1704, purchase_date.clone()),
            (1705, der::utf8_string(&self.id)),
            (1706, purchase_date),
            (1708, expires_date),
            (1711, der::integer(line_item)),
            (1712, none()),
            (1713, der::integer(0)),
            (1719, der::integer(0)),
        ]))
    }
}

/// How long before the receipt a purchase was made.
const SINCE_PURCHASE: Duration = Duration::from_secs(3);

const PERIOD: Duration = Duration::from_secs(30 * 24 * 60 * 60);

const WEB_ORDER_LINE_ITEM_ID: i64 = 300_000_000_000_101;
