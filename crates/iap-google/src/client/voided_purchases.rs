//! Purchases that were refunded, charged back or taken back.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.voidedpurchases>

use iap_core::Error;

use super::{ApiRequest, PlayClient, pages::VoidedPurchasesPages, resource::resource};
use crate::model::{VoidedPurchasesListRequest, VoidedPurchasesListResponse};

resource! {
    /// Google's `purchases.voidedpurchases`. Made by [`PlayClient::voidedpurchases`].
    VoidedPurchasesResource
}

impl PlayClient {
    /// Purchases that were refunded, charged back or taken back.
    #[must_use]
    pub const fn voidedpurchases(&self) -> VoidedPurchasesResource<'_> {
        VoidedPurchasesResource { client: self }
    }
}

impl<'a> VoidedPurchasesResource<'a> {
    /// One page; `token` leads to it from the page before. [`pages`](Self::pages) walks them.
    ///
    /// Google allows 6000 calls a day and 30 in any 30 seconds for each app.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.voidedpurchases/list)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn list(
        self,
        request: &VoidedPurchasesListRequest,
        token: Option<&str>,
    ) -> Result<VoidedPurchasesListResponse, Error> {
        let mut call = ApiRequest::get(
            "purchases.voidedpurchases.list",
            ["purchases", "voidedpurchases"],
        )
        .query_if("token", token);
        for (name, value) in request.query_pairs() {
            call = call.query(name, value);
        }
        self.client.send(call).await
    }

    /// Walks all pages, the oldest purchase first.
    pub const fn pages(self, request: VoidedPurchasesListRequest) -> VoidedPurchasesPages<'a> {
        VoidedPurchasesPages::new(self, request)
    }
}
