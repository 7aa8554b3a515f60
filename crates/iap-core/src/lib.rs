//! Common types.

mod error;
mod id;
mod money;
mod open_enum;
mod secret;
mod store;
mod time;
mod wire;

pub use error::{Error, ErrorKind, Rejection};
pub use id::{
    AccountId, AppId, EventId, OfferId, OrderId, OriginalTransactionId, ProductId, PurchaseToken,
    ReceiptId, TransactionId, UserId,
};
pub use money::{Currency, Money, ParseCurrencyError};
pub use secret::Secret;
pub use store::{Environment, EnvironmentSet, Store};
pub use time::{Clock, FixedClock, ParseTimestampError, SystemClock, Timestamp};
pub use wire::option_millis;

#[doc(hidden)]
pub mod __private {
    pub use crate::open_enum::{deserialize_number, deserialize_text};
    pub use serde;
}
