//! How does the App Store tell the state of all subscriptions of a customer?

use iap_core::{AppId, OriginalTransactionId};
use serde::{Deserialize, Serialize};

use super::{
    common::{AppStoreEnvironment, Status},
    wire,
};

/// The state of all subscriptions of a customer in the app, as the Get All Subscription Statuses
/// endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/statusresponse)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct StatusResponse {
    /// The App Store world that the answer is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// The app that the answer is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The number of the app in the App Store; absent in the sandbox.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The subscriptions, by their group.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<SubscriptionGroupIdentifierItem>,
}

/// The subscriptions of a customer in one group.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/subscriptiongroupidentifieritem)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SubscriptionGroupIdentifierItem {
    /// The group of subscriptions of which a customer can have one at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_group_identifier: Option<String>,

    /// The subscriptions of the group that the customer has or had.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub last_transactions: Vec<LastTransactionsItem>,
}

/// One subscription: its state, its last transaction, and what will happen to it.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/lasttransactionsitem)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LastTransactionsItem {
    /// The state of the subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,

    /// The first transaction of the subscription, the same over all renewals: the key to store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_transaction_id: Option<OriginalTransactionId>,

    /// The last transaction, a compact JWS whose payload is a [`Transaction`](super::Transaction).
    /// Not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_transaction_info: Option<String>,

    /// The renewal, a compact JWS whose payload is a [`RenewalInfo`](super::RenewalInfo). Not
    /// verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_renewal_info: Option<String>,
}
