//! Identifiers as types of their own, so that one cannot be stored where another belongs.
//!
//! Saving a transaction id where the original transaction id was meant is the most common mistake
//! of integrations: both look alike, and in the sandbox the first purchase has both equal.

use core::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, shown) => {
        id!(@type $(#[$doc])* $name);

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

            /// The identifier as the store writes it.
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

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
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

/// How much of a long token `Debug` shows: enough to find it again in a database, too little to use.
const SHOWN_CHARACTERS: usize = 6;

id! {
    /// The account that the app attached to a purchase: Apple's `appAccountToken`, Google's
    /// `obfuscatedExternalAccountId`. Apple's is a UUID; it is kept in lower case, so that equal
    /// accounts compare equal.
    AccountId, shown
}

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
    /// A product, as named in the store's console.
    ProductId, shown
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
    fn an_id_is_plain_text_in_json() {
        let id: TransactionId = serde_json::from_str(r#""2000001""#).unwrap();
        assert_eq!(id, "2000001");
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""2000001""#);
    }
}
