//! Transactions of a customer: one, all, refunded, by order, and what a server may say about them.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi>

use iap_core::{Error, OriginalTransactionId, TransactionId};

use super::{
    ApiRequest, AppStoreServerClient,
    pages::{RefundHistoryPages, TransactionHistoryPages},
};
use crate::model::{
    AppTransactionInfoResponse, HistoryResponse, OrderLookupResponse, RefundHistoryResponse,
    TransactionHistoryRequest, TransactionHistoryVersion, TransactionInfoResponse,
    UpdateAppAccountTokenRequest,
};

impl AppStoreServerClient {
    /// One transaction.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-transaction-info)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_transaction_info(
        &self,
        transaction_id: impl Into<TransactionId>,
    ) -> Result<TransactionInfoResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = ["inApps", "v1", "transactions", &id];
        self.send(ApiRequest::get("get_transaction_info", path))
            .await
    }

    /// One page of a customer's transactions, of up to 20. `any_transaction_id` is any transaction
    /// id of the customer; `revision` is that of the page before, with the same `request`.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-transaction-history).
    /// [`transaction_history`](Self::transaction_history) walks the pages.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_transaction_history(
        &self,
        any_transaction_id: impl Into<TransactionId>,
        revision: Option<&str>,
        request: &TransactionHistoryRequest,
        version: TransactionHistoryVersion,
    ) -> Result<HistoryResponse, Error> {
        let id = any_transaction_id.into().into_string();
        let path = ["inApps", version.as_str(), "history", &id];
        let mut call =
            ApiRequest::get("get_transaction_history", path).query_if("revision", revision);
        for (name, value) in request.query_pairs() {
            call = call.query(name, value);
        }
        self.send(call).await
    }

    /// Walks all pages of a customer's transactions.
    pub fn transaction_history(
        &self,
        any_transaction_id: impl Into<TransactionId>,
        request: TransactionHistoryRequest,
    ) -> TransactionHistoryPages<'_> {
        TransactionHistoryPages::new(self, any_transaction_id.into(), request)
    }

    /// One page of a customer's refunded transactions, of up to 20.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-refund-history).
    /// [`refund_history`](Self::refund_history) walks the pages.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_refund_history(
        &self,
        any_transaction_id: impl Into<TransactionId>,
        revision: Option<&str>,
    ) -> Result<RefundHistoryResponse, Error> {
        let id = any_transaction_id.into().into_string();
        let path = ["inApps", "v2", "refund", "lookup", &id];
        let call = ApiRequest::get("get_refund_history", path).query_if("revision", revision);
        self.send(call).await
    }

    /// Walks all pages of a customer's refunded transactions.
    pub fn refund_history(
        &self,
        any_transaction_id: impl Into<TransactionId>,
    ) -> RefundHistoryPages<'_> {
        RefundHistoryPages::new(self, any_transaction_id.into())
    }

    /// The transactions of an order number, which customers have on their receipts by mail. An
    /// unknown order is not an error: the answer's status says so. Production only.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/look-up-order-id)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn look_up_order_id(
        &self,
        order_id: impl Into<String>,
    ) -> Result<OrderLookupResponse, Error> {
        let id = order_id.into();
        let path = ["inApps", "v1", "lookup", &id];
        self.send(ApiRequest::get("look_up_order_id", path)).await
    }

    /// The customer's app transaction.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-app-transaction-info)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_app_transaction_info(
        &self,
        any_transaction_id: impl Into<TransactionId>,
    ) -> Result<AppTransactionInfoResponse, Error> {
        let id = any_transaction_id.into().into_string();
        let path = ["inApps", "v1", "transactions", "appTransactions", &id];
        self.send(ApiRequest::get("get_app_transaction_info", path))
            .await
    }

    /// Attaches an account to a purchase that was made without one, for example by offer code.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/set-app-account-token)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn set_app_account_token(
        &self,
        original_transaction_id: impl Into<OriginalTransactionId>,
        request: &UpdateAppAccountTokenRequest,
    ) -> Result<(), Error> {
        let id = original_transaction_id.into().into_string();
        let path = ["inApps", "v1", "transactions", &id, "appAccountToken"];
        let call = ApiRequest::put("set_app_account_token", path).json(request)?;
        self.send_without_answer(call).await
    }

    /// Tells Apple that a purchase has been delivered, instead of the app doing so.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/finish-transaction)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn finish_transaction(
        &self,
        transaction_id: impl Into<TransactionId>,
    ) -> Result<(), Error> {
        let id = transaction_id.into().into_string();
        let path = ["inApps", "v1", "transactions", &id, "finish"];
        let call = ApiRequest::post("finish_transaction", path).repeatable();
        self.send_without_answer(call).await
    }
}
