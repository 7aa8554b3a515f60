//! Identifiers as types of their own, so that one cannot be stored where another belongs.
//!
//! Saving a transaction id where the original transaction id was meant is the most common mistake
//! of integrations: both look alike, and in the sandbox the first purchase has both equal.

use core::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, shown) => {
        id!(@type $(#[$doc])* $name);
        id!(@shown $name);
    };
    (@shown $name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, shortened) => {
        id!(@type $(#[$doc])* $name);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let start: String = self.0.chars().take(SHOWN_CHARACTERS).collect();
                write!(f, "{}(\"{start}…\", {} bytes)", stringify!($name), self.0.len())
            }
        }
    };
    (@type $(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the identifier, unchanged and unchecked.
            #[must_use]
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        id!(@common $name);
    };
    (@common $name:ident) => {
        impl $name {
            /// The identifier as a text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The identifier as an owned text.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::from(id.to_owned())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

/// The account that the app attached to a purchase: Apple's `appAccountToken`, Google's
/// `obfuscatedExternalAccountId`.
///
/// A UUID is kept in lower case, since systems write them in either; so an account is recognised
/// however it was spelled. Anything else is kept as it is.
///
/// ```
/// use iap_core::AccountId;
///
/// let from_the_app = AccountId::new("7E3FB20B-4CDB-47CC-936D-99D65F608138");
/// let from_the_store = AccountId::new("7e3fb20b-4cdb-47cc-936d-99d65f608138");
/// assert_eq!(from_the_app, from_the_store);
/// assert_ne!(AccountId::new("Alice"), AccountId::new("alice"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct AccountId(String);

impl AccountId {
    /// Wraps the identifier; a UUID is put in lower case.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self::from(id.into())
    }
}

impl From<String> for AccountId {
    fn from(mut id: String) -> Self {
        if is_uuid(&id) {
            id.make_ascii_lowercase();
        }
        Self(id)
    }
}

id!(@common AccountId);
id!(@shown AccountId);

/// Whether the text has the form 8-4-4-4-12 of hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(|group| {
        let is_hexadecimal = group.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hexadecimal.then_some(group.len())
    });
    groups.eq([8, 4, 4, 4, 12].map(Some))
}

/// How much of a long token `Debug` shows: enough to find it again in a database, too little to use.
const SHOWN_CHARACTERS: usize = 6;

id! {
    /// An app: the bundle id (App Store) or package name (Google Play, Amazon Appstore).
    AppId, shown
}

id! {
    /// A notification, as the store numbers it: Apple's `notificationUUID`, Google's Pub/Sub
    /// message id, Amazon's SNS `MessageId`. The same for every delivery of one notification.
    EventId, shown
}

id! {
    /// An offer, as named in the store's console.
    OfferId, shown
}

id! {
    /// An order on the customer's receipt: Apple's order id, Google's `GPA.…`.
    OrderId, shown
}

id! {
    /// The first transaction of a purchase; stays the same over all renewals of a subscription
    /// (Apple's `originalTransactionId`). **The** key of an App Store purchase.
    OriginalTransactionId, shown
}

id! {
    /// A way of paying for a subscription, as named in the store's console: Google's base plan id,
    /// Amazon's term SKU.
    PlanId, shown
}

id! {
    /// A product, as named in the store's console.
    ProductId, shown
}

id! {
    /// The profile within an account that the app attached to a purchase: Google's
    /// `obfuscatedExternalProfileId`.
    ProfileId, shown
}

id! {
    /// Google Play's key of a purchase. `Debug` shows its start only.
    PurchaseToken, shortened
}

id! {
    /// Amazon's key of a purchase. `Debug` shows its start only.
    ReceiptId, shortened
}

id! {
    /// One charge or renewal: Apple's `transactionId`, Google's order id. For the key of a
    /// purchase see [`PurchaseKey`](crate::PurchaseKey).
    TransactionId, shown
}

id! {
    /// The customer as Amazon names them to one app; needed with every receipt id.
    UserId, shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_its_start_only() {
        let token = PurchaseToken::new("abcdefghijklmnop.AO-J1Oz");
        assert_eq!(
            format!("{token:?}"),
            r#"PurchaseToken("abcdef…", 24 bytes)"#
        );
        assert!(!format!("{token:?}").contains("ghij"));
    }

    #[test]
    fn only_a_uuid_changes_its_case() {
        for id in [
            "7E3FB20B-4CDB-47CC-936D-99D65F60813",
            "USER-42",
            "GGGGGGGG-4CDB-47CC-936D-99D65F608138",
        ] {
            assert_eq!(AccountId::new(id).as_str(), id);
        }
        let id: AccountId =
            serde_json::from_str(r#""7E3FB20B-4CDB-47CC-936D-99D65F608138""#).unwrap();
        assert_eq!(id, "7e3fb20b-4cdb-47cc-936d-99d65f608138");
    }

    #[test]
    fn an_id_is_plain_text_in_json() {
        let id: TransactionId = serde_json::from_str(r#""2000001""#).unwrap();
        assert_eq!(id, "2000001");
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""2000001""#);
    }
}
