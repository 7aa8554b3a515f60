//! What became of an item whose refund a customer asks for.

use iap_core::{Error, TransactionId};

use super::{ApiRequest, AppStoreServerClient};
use crate::model::{ConsumptionRequest, ConsumptionRequestV1};

impl AppStoreServerClient {
    /// Answers a `CONSUMPTION_REQUEST` notification, within 12 hours.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/send-consumption-information)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn send_consumption_information(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &ConsumptionRequest,
    ) -> Result<(), Error> {
        let id = transaction_id.into().into_string();
        let path = ["inApps", "v2", "transactions", "consumption", &id];
        let call = ApiRequest::put("send_consumption_information", path).json(request)?;
        self.send_without_answer(call).await
    }

    /// Answers a `CONSUMPTION_REQUEST` notification in the older way, which Apple has deprecated:
    /// use [`send_consumption_information`](Self::send_consumption_information).
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/send-consumption-information-v1)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn send_consumption_data(
        &self,
        transaction_id: impl Into<TransactionId>,
        request: &ConsumptionRequestV1,
    ) -> Result<(), Error> {
        let id = transaction_id.into().into_string();
        let path = ["inApps", "v1", "transactions", "consumption", &id];
        let call = ApiRequest::put("send_consumption_data", path).json(request)?;
        self.send_without_answer(call).await
    }
}
