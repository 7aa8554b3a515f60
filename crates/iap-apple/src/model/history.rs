//! Which transactions of a customer are asked for, and how does the App Store list them?

use iap_core::{AppId, ProductId, Timestamp, open_enum};
use serde::{Deserialize, Serialize};

use super::{common::AppStoreEnvironment, transaction::InAppOwnershipType, wire};

/// Which transactions the Get Transaction History endpoint lists; by default all of them, the least
/// recently changed first.
///
/// Every page must be asked for with the same conditions as the first.
///
/// ```
/// use iap_apple::{HistoryProductType, HistorySort, TransactionHistoryRequest};
///
/// let subscriptions = TransactionHistoryRequest::new()
///     .with_product_type(HistoryProductType::AutoRenewable)
///     .without_revoked()
///     .with_sort(HistorySort::Descending);
/// assert_eq!(
///     subscriptions.query_pairs(),
///     [
///         ("productType", "AUTO_RENEWABLE".to_owned()),
///         ("sort", "DESCENDING".to_owned()),
///         ("revoked", "false".to_owned()),
///     ]
/// );
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-transaction-history)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct TransactionHistoryRequest {
    start_date: Option<Timestamp>,
    end_date: Option<Timestamp>,
    product_ids: Vec<ProductId>,
    product_types: Vec<HistoryProductType>,
    sort: Option<HistorySort>,
    subscription_group_identifiers: Vec<String>,
    in_app_ownership_type: Option<InAppOwnershipType>,
    revoked: Option<bool>,
}

impl TransactionHistoryRequest {
    /// All transactions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those bought at this moment or later.
    pub const fn with_start_date(mut self, start_date: Timestamp) -> Self {
        self.start_date = Some(start_date);
        self
    }

    /// Only those bought before this moment, which must be later than the start date.
    pub const fn with_end_date(mut self, end_date: Timestamp) -> Self {
        self.end_date = Some(end_date);
        self
    }

    /// Only those of this product, and of others named by further calls.
    pub fn with_product_id(mut self, product_id: impl Into<ProductId>) -> Self {
        self.product_ids.push(product_id.into());
        self
    }

    /// Only those of this type, and of others named by further calls.
    pub fn with_product_type(mut self, product_type: HistoryProductType) -> Self {
        self.product_types.push(product_type);
        self
    }

    /// In which order they are listed, by the time of their last change.
    pub fn with_sort(mut self, sort: HistorySort) -> Self {
        self.sort = Some(sort);
        self
    }

    /// Only those of this group of subscriptions, and of others named by further calls.
    pub fn with_subscription_group_identifier(mut self, group: impl Into<String>) -> Self {
        self.subscription_group_identifiers.push(group.into());
        self
    }

    /// Only those that the customer bought, or only those shared with the customer.
    pub fn with_in_app_ownership_type(mut self, ownership: InAppOwnershipType) -> Self {
        self.in_app_ownership_type = Some(ownership);
        self
    }

    /// Only those that were refunded or revoked.
    pub const fn only_revoked(mut self) -> Self {
        self.revoked = Some(true);
        self
    }

    /// Only those that were neither refunded nor revoked.
    pub const fn without_revoked(mut self) -> Self {
        self.revoked = Some(false);
        self
    }

    /// The conditions as names and values of a URL's query, not encoded. A name stands once for
    /// each of its values.
    #[must_use]
    pub fn query_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: &dyn ToString| pairs.push((name, value.to_string()));
        if let Some(date) = self.start_date {
            add("startDate", &date.as_millis());
        }
        if let Some(date) = self.end_date {
            add("endDate", &date.as_millis());
        }
        for product_id in &self.product_ids {
            add("productId", product_id);
        }
        for product_type in &self.product_types {
            add("productType", product_type);
        }
        if let Some(sort) = &self.sort {
            add("sort", sort);
        }
        for group in &self.subscription_group_identifiers {
            add("subscriptionGroupIdentifier", group);
        }
        if let Some(ownership) = &self.in_app_ownership_type {
            add("inAppOwnershipType", ownership);
        }
        if let Some(revoked) = self.revoked {
            add("revoked", &revoked);
        }
        pairs
    }
}

/// One page of a customer's transactions, as the Get Transaction History endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/historyresponse)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct HistoryResponse {
    /// Where this page ends; to be sent back for the next one. The last page has it too: keep it to
    /// ask later for what is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,

    /// Whether there is another page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,

    /// The app that the transactions belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The number of the app in the App Store; absent in the sandbox.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The App Store world that the transactions belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// The transactions, each a compact JWS whose payload is a [`Transaction`](super::Transaction).
    /// Not verified.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub signed_transactions: Vec<String>,
}

/// One page of a customer's refunds, as the Get Refund History endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/refundhistoryresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RefundHistoryResponse {
    /// The refunded transactions, each a compact JWS whose payload is a
    /// [`Transaction`](super::Transaction). Not verified.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub signed_transactions: Vec<String>,

    /// Where this page ends; to be sent back for the next one. The last page has it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,

    /// Whether there is another page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,
}

open_enum! {
    /// What kind of product a transaction is of, as the history is asked for it.
    ///
    /// Transactions spell the same kinds differently: [`ProductType`](super::ProductType).
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-transaction-history)
    #[doc(alias = "ProductType")]
    pub enum HistoryProductType: str {
        /// Subscriptions that renew until somebody stops them.
        AutoRenewable = "AUTO_RENEWABLE",
        /// Things that are used up and can be bought again.
        Consumable = "CONSUMABLE",
        /// Things that are bought once and kept.
        NonConsumable = "NON_CONSUMABLE",
        /// Subscriptions that end by themselves.
        NonRenewable = "NON_RENEWABLE",
    }
}

open_enum! {
    /// In which order the history is listed, by the time of the last change.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-transaction-history)
    #[doc(alias = "Order")]
    pub enum HistorySort: str {
        /// The least recently changed first; what Apple does when nothing is said.
        Ascending = "ASCENDING",
        /// The most recently changed first.
        Descending = "DESCENDING",
    }
}

/// Which version of the Get Transaction History endpoint is asked; also the part of its path.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-transaction-history)
#[doc(alias = "GetTransactionHistoryVersion")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransactionHistoryVersion {
    /// Leaves out consumables that the app has finished. Deprecated by Apple.
    V1,
    /// Lists all transactions.
    #[default]
    V2,
}

impl TransactionHistoryVersion {
    /// The version as the path of the endpoint spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_condition_is_an_empty_query() {
        assert_eq!(TransactionHistoryRequest::new().query_pairs(), []);
    }

    #[test]
    fn every_condition_is_written_in_apples_words_and_repeated_for_each_value() {
        let pairs = TransactionHistoryRequest::new()
            .with_start_date(Timestamp::from_millis(-1))
            .with_end_date(Timestamp::from_millis(1_790_000_000_123))
            .with_product_id("swim.season")
            .with_product_id("swim&day=1")
            .with_product_type(HistoryProductType::Consumable)
            .with_product_type(HistoryProductType::from("OF_TOMORROW"))
            .with_sort(HistorySort::Ascending)
            .with_subscription_group_identifier("31415926")
            .with_subscription_group_identifier("27182818")
            .with_in_app_ownership_type(InAppOwnershipType::FamilyShared)
            .only_revoked()
            .query_pairs();
        let expected = [
            ("startDate", "-1"),
            ("endDate", "1790000000123"),
            ("productId", "swim.season"),
            ("productId", "swim&day=1"),
            ("productType", "CONSUMABLE"),
            ("productType", "OF_TOMORROW"),
            ("sort", "ASCENDING"),
            ("subscriptionGroupIdentifier", "31415926"),
            ("subscriptionGroupIdentifier", "27182818"),
            ("inAppOwnershipType", "FAMILY_SHARED"),
            ("revoked", "true"),
        ];
        assert_eq!(
            pairs,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
    }

    #[test]
    fn leaving_out_the_revoked_differs_from_saying_nothing_of_them() {
        let pairs = TransactionHistoryRequest::new()
            .without_revoked()
            .query_pairs();
        assert_eq!(pairs, [("revoked", "false".to_owned())]);
        let pairs = TransactionHistoryRequest::new()
            .without_revoked()
            .only_revoked()
            .query_pairs();
        assert_eq!(pairs, [("revoked", "true".to_owned())]);
    }

    #[test]
    fn the_version_is_spelled_as_in_the_path_and_the_present_one_is_the_default() {
        assert_eq!(TransactionHistoryVersion::V1.as_str(), "v1");
        assert_eq!(TransactionHistoryVersion::default().as_str(), "v2");
    }
}
