//! How does the App Store answer the question for the order number on a customer's receipt?

use iap_core::open_enum;
use serde::{Deserialize, Serialize};

use super::wire;

/// The transactions of an order, as the Look Up Order ID endpoint answers.
///
/// An order that does not exist is no HTTP error: its `status` is
/// [`Invalid`](OrderLookupStatus::Invalid), and there are no transactions.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/orderlookupresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct OrderLookupResponse {
    /// Whether the order exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderLookupStatus>,

    /// The transactions of this app in the order, each a compact JWS whose payload is a
    /// [`Transaction`](super::Transaction). Not verified.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub signed_transactions: Vec<String>,
}

open_enum! {
    /// Whether an order exists.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/orderlookupstatus)
    pub enum OrderLookupStatus: i64 {
        /// It does.
        Valid = 0,
        /// It does not, or has nothing of this app in it.
        Invalid = 1,
    }
}
