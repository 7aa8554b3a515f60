//! Purchases of subscriptions: read, cancel, defer, revoke.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2>

use iap_core::{Error, PurchaseToken};

use super::{ApiRequest, Lookup, PlayClient, resource::resource};
use crate::{
    api_error::Subject,
    model::{
        CancelSubscriptionPurchaseRequest, CancelSubscriptionPurchaseResponse,
        DeferSubscriptionPurchaseRequest, DeferSubscriptionPurchaseResponse,
        RevokeSubscriptionPurchaseRequest, RevokeSubscriptionPurchaseResponse,
        SubscriptionPurchaseV2,
    },
};

resource! {
    /// Google's `purchases.subscriptionsv2`. Made by [`PlayClient::subscriptionsv2`].
    Subscriptionsv2Resource
}

impl PlayClient {
    /// Purchases of subscriptions.
    #[must_use]
    pub const fn subscriptionsv2(&self) -> Subscriptionsv2Resource<'_> {
        Subscriptionsv2Resource { client: self }
    }
}

impl Subscriptionsv2Resource<'_> {
    /// A subscription, until 60 days after its end. Ask for each new token and after each
    /// notification, and do not poll.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(
        self,
        token: impl Into<PurchaseToken>,
    ) -> Result<Lookup<SubscriptionPurchaseV2>, Error> {
        let token = token.into().into_string();
        let path = ["purchases", "subscriptionsv2", "tokens", &token];
        let call = ApiRequest::get("purchases.subscriptionsv2.get", path).about(Subject::Token);
        Lookup::from_result(self.client.send(call).await)
    }

    /// Stops the renewals. Access stays until the end of what is paid. Prepaid plans cannot be
    /// cancelled.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2/cancel)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn cancel(
        self,
        token: impl Into<PurchaseToken>,
        request: &CancelSubscriptionPurchaseRequest,
    ) -> Result<CancelSubscriptionPurchaseResponse, Error> {
        let token = token.into().into_string();
        let path = ["purchases", "subscriptionsv2", "tokens", &token];
        let call = ApiRequest::post("purchases.subscriptionsv2.cancel", path)
            .verb("cancel")
            .about(Subject::Purchase)
            .json(request)?;
        self.client.send_without_answer(call).await?;
        Ok(CancelSubscriptionPurchaseResponse::default())
    }

    /// Moves the end without charge. It cannot happen twice: the request names the version of the
    /// subscription that it changes. If an answer was lost, the repetition may be refused for that
    /// version: read the subscription before deferring again.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2/defer)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn defer(
        self,
        token: impl Into<PurchaseToken>,
        request: &DeferSubscriptionPurchaseRequest,
    ) -> Result<DeferSubscriptionPurchaseResponse, Error> {
        let token = token.into().into_string();
        let path = ["purchases", "subscriptionsv2", "tokens", &token];
        let call = ApiRequest::post("purchases.subscriptionsv2.defer", path)
            .verb("defer")
            .repeatable()
            .about(Subject::Purchase)
            .json(request)?;
        self.client.send(call).await
    }

    /// Ends a subscription, or one add-on of it, at once and gives money back.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2/revoke)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`]. After an [`Unavailable`](iap_core::ErrorKind::Unavailable) read the
    /// subscription: the call may have worked.
    pub async fn revoke(
        self,
        token: impl Into<PurchaseToken>,
        request: &RevokeSubscriptionPurchaseRequest,
    ) -> Result<RevokeSubscriptionPurchaseResponse, Error> {
        let token = token.into().into_string();
        let path = ["purchases", "subscriptionsv2", "tokens", &token];
        let call = ApiRequest::post("purchases.subscriptionsv2.revoke", path)
            .verb("revoke")
            .about(Subject::Purchase)
            .json(request)?;
        self.client.send_without_answer(call).await?;
        Ok(RevokeSubscriptionPurchaseResponse::default())
    }
}
