//! How does the App Store answer the question for one transaction or one app download?

use serde::{Deserialize, Serialize};

/// One transaction, as the Get Transaction Info endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/transactioninforesponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct TransactionInfoResponse {
    /// The transaction, a compact JWS whose payload is a [`Transaction`](super::Transaction). Not
    /// verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_transaction_info: Option<String>,
}

/// The download of the app, as the Get App Transaction Info endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/apptransactioninforesponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AppTransactionInfoResponse {
    /// The download, a compact JWS whose payload is an [`AppTransaction`](super::AppTransaction).
    /// Not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_app_transaction_info: Option<String>,
}
