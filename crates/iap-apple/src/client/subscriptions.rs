//! Subscriptions: their states, and renewal dates moved by the developer.

use iap_core::{Error, OriginalTransactionId, ProductId, TransactionId};

use super::{ApiRequest, AppStoreServerClient};
use crate::model::{
    ExtendRenewalDateRequest, ExtendRenewalDateResponse, MassExtendRenewalDateRequest,
    MassExtendRenewalDateResponse, MassExtendRenewalDateStatusResponse, RequestIdentifier, Status,
    StatusResponse,
};

impl AppStoreServerClient {
    /// The state of every subscription of a customer; with `status`, of those in these states only.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-all-subscription-statuses)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_all_subscription_statuses(
        &self,
        any_transaction_id: impl Into<TransactionId>,
        status: &[Status],
    ) -> Result<StatusResponse, Error> {
        let id = any_transaction_id.into().into_string();
        let path = ["inApps", "v1", "subscriptions", &id];
        let mut call = ApiRequest::get("get_all_subscription_statuses", path);
        for status in status {
            call = call.query("status", status.to_string());
        }
        self.send(call).await
    }

    /// Makes the present period of one subscription longer, without charge.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/extend-a-subscription-renewal-date)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn extend_subscription_renewal_date(
        &self,
        original_transaction_id: impl Into<OriginalTransactionId>,
        request: &ExtendRenewalDateRequest,
    ) -> Result<ExtendRenewalDateResponse, Error> {
        let id = original_transaction_id.into().into_string();
        let path = ["inApps", "v1", "subscriptions", "extend", &id];
        let call = ApiRequest::put("extend_subscription_renewal_date", path).json(request)?;
        self.send(call).await
    }

    /// Makes the present period longer for every active subscriber of a product. Apple works on it
    /// afterwards: see
    /// [`get_status_of_subscription_renewal_date_extensions`](Self::get_status_of_subscription_renewal_date_extensions).
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/extend-subscription-renewal-dates-for-all-active-subscribers)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn extend_renewal_date_for_all_active_subscribers(
        &self,
        request: &MassExtendRenewalDateRequest,
    ) -> Result<MassExtendRenewalDateResponse, Error> {
        let path = ["inApps", "v1", "subscriptions", "extend", "mass"];
        // The request identifier makes Apple recognise a repetition.
        let call = ApiRequest::post("extend_renewal_date_for_all_active_subscribers", path)
            .repeatable()
            .json(request)?;
        self.send(call).await
    }

    /// How far Apple is with making the periods of all subscribers longer.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-status-of-subscription-renewal-date-extensions)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_status_of_subscription_renewal_date_extensions(
        &self,
        request_identifier: &RequestIdentifier,
        product_id: impl Into<ProductId>,
    ) -> Result<MassExtendRenewalDateStatusResponse, Error> {
        let request_identifier = request_identifier.as_str();
        let product_id = product_id.into().into_string();
        let path = [
            "inApps",
            "v1",
            "subscriptions",
            "extend",
            "mass",
            &product_id,
            request_identifier,
        ];
        let call = ApiRequest::get("get_status_of_subscription_renewal_date_extensions", path);
        self.send(call).await
    }
}
