//! Orders: read, refund, and answer Google's question about a refund.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/orders>

use iap_core::{Error, OrderId};

use super::{ApiRequest, PlayClient, resource::resource};
use crate::{
    api_error::Subject,
    model::{BatchGetOrdersResponse, Order, OrdersReviewRefundRequest},
};

resource! {
    /// Google's `orders`. Made by [`PlayClient::orders`].
    OrdersResource
}

impl PlayClient {
    /// Orders: what was paid and refunded.
    #[must_use]
    pub const fn orders(&self) -> OrdersResource<'_> {
        OrdersResource { client: self }
    }
}

/// Whether a refund also ends access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Revoke {
    /// It does, at once; of a subscription, only if the order is its latest.
    AtOnce,
    /// It does not.
    No,
}

impl OrdersResource<'_> {
    /// An order.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(self, order_id: impl Into<OrderId>) -> Result<Order, Error> {
        let order_id = order_id.into().into_string();
        let call = ApiRequest::get("orders.get", ["orders", &order_id]).about(Subject::Purchase);
        self.client.send(call).await
    }

    /// Several orders: up to 1000, each once. One that Google does not know fails the whole call.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders/batchget)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn batch_get(
        self,
        order_ids: impl IntoIterator<Item = impl Into<OrderId>>,
    ) -> Result<BatchGetOrdersResponse, Error> {
        let order_ids = order_ids.into_iter().map(|id| id.into().into_string());
        let call = ApiRequest::get("orders.batchget", ["orders"])
            .verb("batchGet")
            .query_all("orderIds", order_ids)
            .about(Subject::Purchase);
        self.client.send(call).await
    }

    /// Gives the money of an order back; of one up to 3 years old.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders/refund)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`]. After an [`Unavailable`](iap_core::ErrorKind::Unavailable) read the
    /// order: the call may have worked.
    pub async fn refund(self, order_id: impl Into<OrderId>, revoke: Revoke) -> Result<(), Error> {
        let order_id = order_id.into().into_string();
        let revoke = match revoke {
            Revoke::AtOnce => "true",
            Revoke::No => "false",
        };
        let call = ApiRequest::post("orders.refund", ["orders", &order_id])
            .verb("refund")
            .query("revoke", revoke)
            .about(Subject::Purchase);
        self.client.send_without_answer(call).await
    }

    /// Answers a notification of a pending refund, within 24 hours. Google ignores all answers but
    /// the first.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/orders/reviewrefund)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn review_refund(
        self,
        order_id: impl Into<OrderId>,
        request: &OrdersReviewRefundRequest,
    ) -> Result<(), Error> {
        let order_id = order_id.into().into_string();
        let call = ApiRequest::post("orders.reviewrefund", ["orders", &order_id])
            .verb("reviewrefund")
            .repeatable()
            .about(Subject::Purchase)
            .json(request)?;
        self.client.send_without_answer(call).await
    }
}
