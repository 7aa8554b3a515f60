//! The older calls about subscriptions: to acknowledge, and those that Google switches off.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptions>

use iap_core::{Error, ProductId, PurchaseToken};

use super::{ApiRequest, Lookup, PlayClient, resource::resource};
use crate::{
    api_error::Subject,
    model::{
        SubscriptionPurchase, SubscriptionPurchasesAcknowledgeRequest,
        SubscriptionPurchasesDeferRequest, SubscriptionPurchasesDeferResponse,
    },
};

resource! {
    /// Google's `purchases.subscriptions`. Made by [`PlayClient::subscriptions`].
    SubscriptionsResource
}

impl PlayClient {
    /// The older calls about subscriptions. All but
    /// [`acknowledge`](SubscriptionsResource::acknowledge) have newer forms in
    /// [`subscriptionsv2`](Self::subscriptionsv2).
    #[must_use]
    pub const fn subscriptions(&self) -> SubscriptionsResource<'_> {
        SubscriptionsResource { client: self }
    }
}

impl SubscriptionsResource<'_> {
    /// Confirms a purchase. `subscription_id` is a product of it, as Google names them. A second
    /// time Google refuses it: [`PlayClient::acknowledge_if_needed`] copes with that.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptions/acknowledge)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn acknowledge(
        self,
        subscription_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
        request: &SubscriptionPurchasesAcknowledgeRequest,
    ) -> Result<(), Error> {
        let call = post(
            "purchases.subscriptions.acknowledge",
            subscription_id,
            token,
        )
        .verb("acknowledge")
        .json(request)?;
        self.client.send_without_answer(call).await
    }

    /// Stops the payments, so that the customer cannot restore it.
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    #[deprecated(note = "off on 2028-08-31, on request 2028-11-01; use subscriptionsv2().cancel")]
    pub async fn cancel(
        self,
        subscription_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
    ) -> Result<(), Error> {
        let call = post("purchases.subscriptions.cancel", subscription_id, token).verb("cancel");
        self.client.send_without_answer(call).await
    }

    /// Moves the end without charge. It cannot happen twice: the request names the present end.
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    #[deprecated(note = "off on 2028-08-31, on request 2028-11-01; use subscriptionsv2().defer")]
    pub async fn defer(
        self,
        subscription_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
        request: &SubscriptionPurchasesDeferRequest,
    ) -> Result<SubscriptionPurchasesDeferResponse, Error> {
        let call = post("purchases.subscriptions.defer", subscription_id, token)
            .verb("defer")
            .repeatable()
            .json(request)?;
        self.client.send(call).await
    }

    /// A subscription, in the older form.
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    #[deprecated(note = "off on 2027-08-31, on request 2027-11-01; use subscriptionsv2().get")]
    pub async fn get(
        self,
        subscription_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
    ) -> Result<Lookup<SubscriptionPurchase>, Error> {
        let path = path(subscription_id, token);
        let call =
            ApiRequest::get("purchases.subscriptions.get", path).about(Subject::SubscriptionV1);
        Lookup::from_result(self.client.send(call).await)
    }

    /// Gives the latest order back and leaves access as it is.
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    #[deprecated(note = "off on 2027-08-31, on request 2027-11-01; use orders().refund")]
    pub async fn refund(
        self,
        subscription_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
    ) -> Result<(), Error> {
        let call = post("purchases.subscriptions.refund", subscription_id, token).verb("refund");
        self.client.send_without_answer(call).await
    }

    /// Gives the latest order back and ends the subscription at once.
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    #[deprecated(note = "off on 2027-08-31, on request 2027-11-01; use subscriptionsv2().revoke")]
    pub async fn revoke(
        self,
        subscription_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
    ) -> Result<(), Error> {
        let call = post("purchases.subscriptions.revoke", subscription_id, token).verb("revoke");
        self.client.send_without_answer(call).await
    }
}

fn post(
    endpoint: &'static str,
    subscription_id: impl Into<ProductId>,
    token: impl Into<PurchaseToken>,
) -> ApiRequest {
    ApiRequest::post(endpoint, path(subscription_id, token)).about(Subject::Purchase)
}

fn path(subscription_id: impl Into<ProductId>, token: impl Into<PurchaseToken>) -> [String; 5] {
    [
        "purchases".to_owned(),
        "subscriptions".to_owned(),
        subscription_id.into().into_string(),
        "tokens".to_owned(),
        token.into().into_string(),
    ]
}
