//! Advanced Commerce: purchases of products that the developer describes.
//!
//! <https://developer.apple.com/documentation/advancedcommerceapi>

use iap_core::{Error, TransactionId};

use super::{ApiRequest, AppStoreServerClient};
use crate::model::{
    AdvancedCommerceRequestRefundRequest, AdvancedCommerceRequestRefundResponse,
    AdvancedCommerceSubscriptionCancelRequest, AdvancedCommerceSubscriptionCancelResponse,
    AdvancedCommerceSubscriptionChangeMetadataRequest,
    AdvancedCommerceSubscriptionChangeMetadataResponse, AdvancedCommerceSubscriptionMigrateRequest,
    AdvancedCommerceSubscriptionMigrateResponse, AdvancedCommerceSubscriptionPriceChangeRequest,
    AdvancedCommerceSubscriptionPriceChangeResponse, AdvancedCommerceSubscriptionRevokeRequest,
    AdvancedCommerceSubscriptionRevokeResponse,
};

/// A client of the Advanced Commerce API. Shares token, connections and settings with the client it
/// is made from.
///
/// None of its requests is made twice on its own: a `requestReferenceId` is used once.
#[derive(Clone, Debug)]
pub struct AdvancedCommerceClient {
    client: AppStoreServerClient,
}

impl From<AppStoreServerClient> for AdvancedCommerceClient {
    fn from(client: AppStoreServerClient) -> Self {
        Self { client }
    }
}

impl AdvancedCommerceClient {
    /// Ends a subscription with its present period.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/cancel-a-subscription)
    ///
    /// # Errors
    ///
    /// See [`AppStoreServerClient::send`].
    pub async fn cancel_subscription(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &AdvancedCommerceSubscriptionCancelRequest,
    ) -> Result<AdvancedCommerceSubscriptionCancelResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = ["advancedCommerce", "v1", "subscription", "cancel", &id];
        self.client
            .send(ApiRequest::post("cancel_subscription", path).json(request)?)
            .await
    }

    /// Changes what the customer reads about a subscription, or its tax code.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/change-subscription-metadata)
    ///
    /// # Errors
    ///
    /// See [`AppStoreServerClient::send`].
    pub async fn change_subscription_metadata(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &AdvancedCommerceSubscriptionChangeMetadataRequest,
    ) -> Result<AdvancedCommerceSubscriptionChangeMetadataResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = [
            "advancedCommerce",
            "v1",
            "subscription",
            "changeMetadata",
            &id,
        ];
        self.client
            .send(ApiRequest::post("change_subscription_metadata", path).json(request)?)
            .await
    }

    /// Changes the price of items of a subscription.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/change-subscription-price)
    ///
    /// # Errors
    ///
    /// See [`AppStoreServerClient::send`].
    pub async fn change_subscription_price(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &AdvancedCommerceSubscriptionPriceChangeRequest,
    ) -> Result<AdvancedCommerceSubscriptionPriceChangeResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = ["advancedCommerce", "v1", "subscription", "changePrice", &id];
        self.client
            .send(ApiRequest::post("change_subscription_price", path).json(request)?)
            .await
    }

    /// Moves a classic subscription to a generic Advanced Commerce product.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/migrate-a-subscription-to-advanced-commerce-api)
    ///
    /// # Errors
    ///
    /// See [`AppStoreServerClient::send`].
    pub async fn migrate_subscription(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &AdvancedCommerceSubscriptionMigrateRequest,
    ) -> Result<AdvancedCommerceSubscriptionMigrateResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = ["advancedCommerce", "v1", "subscription", "migrate", &id];
        self.client
            .send(ApiRequest::post("migrate_subscription", path).json(request)?)
            .await
    }

    /// Asks Apple to refund items of a transaction. The decision comes as a notification.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/request-transaction-refund)
    ///
    /// # Errors
    ///
    /// See [`AppStoreServerClient::send`].
    pub async fn request_transaction_refund(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &AdvancedCommerceRequestRefundRequest,
    ) -> Result<AdvancedCommerceRequestRefundResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = [
            "advancedCommerce",
            "v1",
            "transaction",
            "requestRefund",
            &id,
        ];
        self.client
            .send(ApiRequest::post("request_transaction_refund", path).json(request)?)
            .await
    }

    /// Ends a subscription at once, with a refund.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/revoke-subscription)
    ///
    /// # Errors
    ///
    /// See [`AppStoreServerClient::send`].
    pub async fn revoke_subscription(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &AdvancedCommerceSubscriptionRevokeRequest,
    ) -> Result<AdvancedCommerceSubscriptionRevokeResponse, Error> {
        let id = transaction_id.into().into_string();
        let path = ["advancedCommerce", "v1", "subscription", "revoke", &id];
        self.client
            .send(ApiRequest::post("revoke_subscription", path).json(request)?)
            .await
    }
}
