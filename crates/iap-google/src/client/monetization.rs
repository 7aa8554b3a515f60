//! The catalogue: subscriptions, one-time products, prices in all regions. Reading only.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/monetization>

use iap_core::{Error, ProductId};

use super::{
    ApiRequest, PlayClient,
    pages::{OneTimeProductsPages, SubscriptionsPages},
    resource::resource,
};
use crate::model::{
    BatchGetOneTimeProductsResponse, BatchGetSubscriptionsResponse, ConvertRegionPricesRequest,
    ConvertRegionPricesResponse, ListOneTimeProductsResponse, ListSubscriptionsResponse,
    OneTimeProduct, Subscription,
};

resource! {
    /// Google's `monetization`. Made by [`PlayClient::monetization`].
    MonetizationResource
}

resource! {
    /// Google's `monetization.subscriptions`. Made by [`MonetizationResource::subscriptions`].
    CatalogSubscriptionsResource
}

resource! {
    /// Google's `monetization.onetimeproducts`. Made by [`MonetizationResource::onetimeproducts`].
    OneTimeProductsResource
}

impl PlayClient {
    /// The catalogue.
    #[must_use]
    pub const fn monetization(&self) -> MonetizationResource<'_> {
        MonetizationResource { client: self }
    }
}

impl<'a> MonetizationResource<'a> {
    /// Subscriptions for sale.
    #[must_use]
    pub const fn subscriptions(self) -> CatalogSubscriptionsResource<'a> {
        CatalogSubscriptionsResource {
            client: self.client,
        }
    }

    /// One-time products for sale.
    #[must_use]
    pub const fn onetimeproducts(self) -> OneTimeProductsResource<'a> {
        OneTimeProductsResource {
            client: self.client,
        }
    }

    /// What a price becomes in every region, at the exchange rates of the day. Changes nothing.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization/convertRegionPrices)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn convert_region_prices(
        self,
        request: &ConvertRegionPricesRequest,
    ) -> Result<ConvertRegionPricesResponse, Error> {
        // A question, although it is a POST.
        let call = ApiRequest::post("monetization.convertRegionPrices", ["pricing"])
            .verb("convertRegionPrices")
            .repeatable()
            .json(request)?;
        self.client.send(call).await
    }
}

impl<'a> CatalogSubscriptionsResource<'a> {
    /// A subscription, with its base plans.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(self, product_id: impl Into<ProductId>) -> Result<Subscription, Error> {
        let path = ["subscriptions".to_owned(), product_id.into().into_string()];
        let call = ApiRequest::get("monetization.subscriptions.get", path);
        self.client.send(call).await
    }

    /// Several subscriptions: up to 100, each once.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions/batchGet)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn batch_get(
        self,
        product_ids: impl IntoIterator<Item = impl Into<ProductId>>,
    ) -> Result<BatchGetSubscriptionsResponse, Error> {
        let product_ids = product_ids.into_iter().map(|id| id.into().into_string());
        let call = ApiRequest::get("monetization.subscriptions.batchGet", ["subscriptions"])
            .verb("batchGet")
            .query_all("productIds", product_ids);
        self.client.send(call).await
    }

    /// One page of all subscriptions, of up to `page_size`: 50 by default, 1000 at most.
    /// [`pages`](Self::pages) walks them.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions/list)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn list(
        self,
        page_size: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<ListSubscriptionsResponse, Error> {
        let call = ApiRequest::get("monetization.subscriptions.list", ["subscriptions"])
            .query_if("pageSize", page_size.map(|size| size.to_string()))
            .query_if("pageToken", page_token);
        self.client.send(call).await
    }

    /// Walks the pages of all subscriptions.
    pub const fn pages(self) -> SubscriptionsPages<'a> {
        SubscriptionsPages::new(self)
    }
}

impl<'a> OneTimeProductsResource<'a> {
    /// A one-time product, with the ways to buy it.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(self, product_id: impl Into<ProductId>) -> Result<OneTimeProduct, Error> {
        let path = [
            "oneTimeProducts".to_owned(),
            product_id.into().into_string(),
        ];
        let call = ApiRequest::get("monetization.onetimeproducts.get", path);
        self.client.send(call).await
    }

    /// Several one-time products: up to 100, each once.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts/batchGet)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn batch_get(
        self,
        product_ids: impl IntoIterator<Item = impl Into<ProductId>>,
    ) -> Result<BatchGetOneTimeProductsResponse, Error> {
        let product_ids = product_ids.into_iter().map(|id| id.into().into_string());
        let call = ApiRequest::get("monetization.onetimeproducts.batchGet", ["oneTimeProducts"])
            .verb("batchGet")
            .query_all("productIds", product_ids);
        self.client.send(call).await
    }

    /// One page of all one-time products, of up to `page_size`: 50 by default, 1000 at most.
    /// [`pages`](Self::pages) walks them.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts/list)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn list(
        self,
        page_size: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<ListOneTimeProductsResponse, Error> {
        let call = ApiRequest::get("monetization.onetimeproducts.list", ["oneTimeProducts"])
            .query_if("pageSize", page_size.map(|size| size.to_string()))
            .query_if("pageToken", page_token);
        self.client.send(call).await
    }

    /// Walks the pages of all one-time products.
    pub const fn pages(self) -> OneTimeProductsPages<'a> {
        OneTimeProductsPages::new(self)
    }
}
