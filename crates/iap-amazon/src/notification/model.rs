//! What a Real-Time Notification says.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/real-time-notifications.html>

use core::fmt;

use iap_core::{AppId, ReceiptId, Timestamp, UserId, open_enum, shorten};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess},
};
use serde_json::{Map, Value};

use super::error::NotificationFailure;

/// A Real-Time Notification: something happened to a purchase.
///
/// It names neither product nor price, does not tell a refund from a cancellation, and may be
/// outdated when it arrives: ask the store about [`receipt_id`](Self::receipt_id) and
/// [`app_user_id`](Self::app_user_id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notification {
    /// What happened.
    pub notification_type: NotificationType,
    /// The receipt that it is about.
    #[serde(deserialize_with = "not_empty")]
    pub receipt_id: ReceiptId,
    /// The customer; needed, with the receipt id, to ask the store.
    #[serde(deserialize_with = "not_empty")]
    pub app_user_id: UserId,
    /// The app, by its package name.
    #[serde(deserialize_with = "not_empty")]
    pub app_package_name: AppId,
    /// When it happened, in milliseconds since 1970. Notifications arrive in any order: this is what
    /// orders them.
    #[serde(with = "millis")]
    pub timestamp: Timestamp,
    /// Other receipts that are concerned.
    #[serde(default)]
    pub related_receipts: RelatedReceipts,
    /// Whether it is about a product in Live App Testing, which costs no money.
    pub beta_product_transaction: Option<bool>,
}

/// Other receipts that a notification concerns. Usually none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelatedReceipts {
    /// The receipt that was cancelled for this one, by a change of the plan that takes effect at
    /// once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_receipt_id: Option<ReceiptId>,
    /// What this version does not know, by Amazon's names.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

open_enum! {
    /// What happened.
    pub enum NotificationType: str {
        /// A one-time purchase of a consumable was canceled or refunded.
        ConsumableCancelled = "CONSUMABLE_CANCELLED",
        /// A consumable was bought.
        ConsumablePurchased = "CONSUMABLE_PURCHASED",
        /// A purchase of an entitlement was canceled or refunded.
        EntitlementCancelled = "ENTITLEMENT_CANCELLED",
        /// An entitlement was bought.
        EntitlementPurchased = "ENTITLEMENT_PURCHASED",
        /// Auto-renewal was switched off; access stays until the end of the term.
        SubscriptionAutoRenewalOff = "SUBSCRIPTION_AUTO_RENEWAL_OFF",
        /// Auto-renewal was switched on again.
        SubscriptionAutoRenewalOn = "SUBSCRIPTION_AUTO_RENEWAL_ON",
        /// The subscription was canceled, by whomever.
        SubscriptionCancelled = "SUBSCRIPTION_CANCELLED",
        /// A free trial became a paid term.
        SubscriptionConvertedFreeTrialToPaid = "SUBSCRIPTION_CONVERTED_FREE_TRIAL_TO_PAID",
        /// The subscription ended.
        SubscriptionExpired = "SUBSCRIPTION_EXPIRED",
        /// A renewal could not be paid, and the grace period runs.
        SubscriptionInGracePeriod = "SUBSCRIPTION_IN_GRACE_PERIOD",
        /// Tier or term will change at the next renewal.
        SubscriptionModifiedDeferred = "SUBSCRIPTION_MODIFIED_DEFERRED",
        /// Tier or term changed at once: a new receipt takes the place of
        /// [`RelatedReceipts::cancelled_receipt_id`].
        SubscriptionModifiedImmediate = "SUBSCRIPTION_MODIFIED_IMMEDIATE",
        /// The customer **repaired** the payment during the grace period: the subscription is active
        /// again. It has not expired.
        SubscriptionOutOfGracePeriod = "SUBSCRIPTION_OUT_OF_GRACE_PERIOD",
        /// A subscription was bought.
        SubscriptionPurchased = "SUBSCRIPTION_PURCHASED",
        /// The subscription renewed.
        SubscriptionRenewed = "SUBSCRIPTION_RENEWED",
        /// A reminder: with auto-renewal off, the term ends in 10 days (monthly) or 30 days (longer).
        SubscriptionScheduledToEnd = "SUBSCRIPTION_SCHEDULED_TO_END",
    }
}

impl Notification {
    /// Reads the message of a verified envelope; names the member that could not be read.
    pub(super) fn read(json: &str) -> Result<Self, NotificationFailure> {
        // serde would read a list as the members of a notification in their order.
        if !json.trim_start().starts_with('{') {
            return Err(NotificationFailure::Message {
                path: ".".to_owned(),
                reason: "not a JSON object".to_owned(),
            });
        }
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let failure = |path: String, error: &serde_json::Error| NotificationFailure::Message {
            path,
            reason: shorten(error),
        };
        let notification = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| failure(shorten(error.path()), error.inner()))?;
        deserializer
            .end()
            .map_err(|error| failure(".".to_owned(), &error))?;
        Ok(notification)
    }
}

/// Reads an object; Amazon writes "no receipts" as `{}` and, by one page, as `[]`.
impl<'de> Deserialize<'de> for RelatedReceipts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RelatedReceipts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of receipts, or an empty list")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(RelatedReceipts::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                match list.next_element::<de::IgnoredAny>()? {
                    None => Ok(RelatedReceipts::default()),
                    Some(_) => Err(de::Error::invalid_type(de::Unexpected::Seq, &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut receipts = RelatedReceipts::default();
                while let Some(name) = map.next_key::<String>()? {
                    if name == CANCELLED_RECEIPT_ID {
                        if receipts.cancelled_receipt_id.is_some() {
                            return Err(de::Error::duplicate_field(CANCELLED_RECEIPT_ID));
                        }
                        let id = map.next_value::<Option<ReceiptId>>()?;
                        receipts.cancelled_receipt_id = id.filter(|id| !id.as_str().is_empty());
                    } else {
                        receipts.other.insert(name, map.next_value()?);
                    }
                }
                Ok(receipts)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// Reads an id, of which an empty one is none.
fn not_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + AsRef<str>,
{
    let id = T::deserialize(deserializer)?;
    if id.as_ref().is_empty() {
        return Err(de::Error::invalid_value(
            de::Unexpected::Str(""),
            &"a text that is not empty",
        ));
    }
    Ok(id)
}

/// Milliseconds since 1970, as a number; read from a text of digits, too.
mod millis {
    use super::*;

    pub(super) fn serialize<S: Serializer>(
        timestamp: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(timestamp.as_millis())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of milliseconds since 1970")
            }

            fn visit_i64<E>(self, millis: i64) -> Result<Timestamp, E> {
                Ok(Timestamp::from_millis(millis))
            }

            fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Timestamp, E> {
                i64::try_from(millis)
                    .map(Timestamp::from_millis)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(millis), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse()
                    .map(Timestamp::from_millis)
                    .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

const CANCELLED_RECEIPT_ID: &str = "cancelledReceiptId";
