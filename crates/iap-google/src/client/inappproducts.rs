//! The older catalogue of one-time products. Newer code reads `monetization().onetimeproducts()`.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/inappproducts>

use iap_core::{Error, ProductId};

use super::{ApiRequest, PlayClient, pages::InAppProductsPages, resource::resource};
use crate::model::{InAppProduct, InappproductsBatchGetResponse, InappproductsListResponse};

resource! {
    /// Google's `inappproducts`. Made by [`PlayClient::inappproducts`].
    InAppProductsResource
}

impl PlayClient {
    /// The older catalogue of one-time products.
    #[must_use]
    pub const fn inappproducts(&self) -> InAppProductsResource<'_> {
        InAppProductsResource { client: self }
    }
}

impl<'a> InAppProductsResource<'a> {
    /// A product.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/inappproducts/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(self, sku: impl Into<ProductId>) -> Result<InAppProduct, Error> {
        let path = ["inappproducts".to_owned(), sku.into().into_string()];
        self.client
            .send(ApiRequest::get("inappproducts.get", path))
            .await
    }

    /// Several products.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/inappproducts/batchGet)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn batch_get(
        self,
        skus: impl IntoIterator<Item = impl Into<ProductId>>,
    ) -> Result<InappproductsBatchGetResponse, Error> {
        let skus = skus.into_iter().map(|sku| sku.into().into_string());
        let call = ApiRequest::get("inappproducts.batchGet", ["inappproducts"])
            .verb("batchGet")
            .query_all("sku", skus);
        self.client.send(call).await
    }

    /// One page of all products; `token` leads to it from the page before. [`pages`](Self::pages)
    /// walks them.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/inappproducts/list)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn list(self, token: Option<&str>) -> Result<InappproductsListResponse, Error> {
        let call =
            ApiRequest::get("inappproducts.list", ["inappproducts"]).query_if("token", token);
        self.client.send(call).await
    }

    /// Walks the pages of all products.
    pub const fn pages(self) -> InAppProductsPages<'a> {
        InAppProductsPages::new(self)
    }
}
