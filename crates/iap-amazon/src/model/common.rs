//! What do receipts and the answers of Billing Compatibility have in common?

use iap_core::open_enum;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

open_enum! {
    /// The kind of a product.
    ///
    /// [Amazon's page](https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html)
    pub enum ProductType: str {
        /// Used up and bought again.
        Consumable = "CONSUMABLE",
        /// Bought once, owned for good. Notifications call it an entitlement.
        Entitled = "ENTITLED",
        /// Paid again and again until it is canceled.
        Subscription = "SUBSCRIPTION",
    }
}

open_enum! {
    /// Why a purchase was canceled. Never decides about access: the date does.
    ///
    /// [Amazon's page](https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html)
    pub enum CancelReason: i64 {
        /// Amazon does not know yet; ask again later.
        NotKnownYet = 0,
        /// The customer canceled the order.
        Customer = 1,
        /// Amazon's system canceled, for example because a payment was not repaired in time;
        /// customer service acting for the customer is reported so too.
        System = 2,
        /// Internal to Amazon; it should not be seen.
        Internal = 3,
        /// A new subscription took its place: the customer changed tier or term at once. No churn.
        Replaced = 4,
    }
}

open_enum! {
    /// What the app, or its server, reported to Amazon about the delivery.
    ///
    /// All but [`Fulfilled`](Self::Fulfilled) make Amazon cancel and refund at once.
    pub enum FulfillmentResult: str {
        /// Delivered.
        Fulfilled = "FULFILLED",
        /// It could not be delivered.
        Unavailable = "UNAVAILABLE",
        /// The customer had it already.
        ExistingPurchase = "EXISTING_PURCHASE",
        /// The customer cannot use it.
        NotEligible = "NOT_ELIGIBLE",
    }
}

/// A promotional price or a retention offer on a subscription. Amazon names no amount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Promotion {
    /// The kind of promotion.
    #[serde(
        default,
        deserialize_with = "promotion_type",
        skip_serializing_if = "Option::is_none"
    )]
    pub promotion_type: Option<PromotionType>,

    /// Whether it applies now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promotion_status: Option<PromotionStatus>,

    /// Members that this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

open_enum! {
    /// The kind of a promotion. Read in upper or lower case, which Amazon's pages mix.
    pub enum PromotionType: str {
        /// A lower price for new customers.
        IntroductoryPriceAllCustomers = "Introductory Price - All Customers",
        /// A lower price for customers who had left.
        PromotionalPriceLapsedCustomers = "Promotional Price - Lapsed Customers",
        /// A lower price for a customer who was about to leave, from the next renewal on.
        RetentionOffer = "Retention Offer",
    }
}

open_enum! {
    /// How far a promotion has got.
    pub enum PromotionStatus: str {
        /// It applies later, for example after the free trial.
        Queued = "Queued",
        /// It applies now.
        InProgress = "InProgress",
        /// It is over.
        Completed = "Completed",
    }
}

fn promotion_type<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PromotionType>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.map(|text| {
        let mut known = PromotionType::known().iter();
        known
            .find(|it| it.as_str().eq_ignore_ascii_case(&text))
            .cloned()
            .unwrap_or_else(|| text.into())
    }))
}

/// The length of one billing term as Amazon writes it, such as `1 Week` or `3 Months`.
///
/// In test purchases the dates do not keep to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Term(String);

impl Term {
    /// The text as Amazon wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same length as an ISO 8601 duration, such as `P1W` or `P3M`; `None` if the text is not
    /// built like the ones above.
    ///
    /// ```
    /// let term: iap_amazon::Term = serde_json::from_str(r#""3 Months""#)?;
    /// assert_eq!(term.iso_8601().as_deref(), Some("P3M"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn iso_8601(&self) -> Option<String> {
        let (count, unit) = self.0.split_once(' ')?;
        let count: u16 = count.parse().ok().filter(|count| *count > 0)?;
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "Day" => 'D',
            "Week" => 'W',
            "Month" => 'M',
            "Year" => 'Y',
            _ => return None,
        };
        Some(format!("P{count}{unit}"))
    }
}
