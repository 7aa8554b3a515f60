//! Purchases of one-time products: read, acknowledge, consume.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.productsv2>,
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.products>

use iap_core::{Error, ProductId, PurchaseToken};

use super::{ApiRequest, Lookup, PlayClient, resource::resource};
use crate::{
    api_error::Subject,
    model::{ProductPurchase, ProductPurchaseV2, ProductPurchasesAcknowledgeRequest},
};

resource! {
    /// Google's `purchases.productsv2`. Made by [`PlayClient::productsv2`].
    Productsv2Resource
}

resource! {
    /// Google's `purchases.products`. Made by [`PlayClient::products`].
    ProductsResource
}

impl PlayClient {
    /// Purchases of one-time products, by their token alone.
    #[must_use]
    pub const fn productsv2(&self) -> Productsv2Resource<'_> {
        Productsv2Resource { client: self }
    }

    /// Purchases of one-time products, by product and token.
    #[must_use]
    pub const fn products(&self) -> ProductsResource<'_> {
        ProductsResource { client: self }
    }
}

impl Productsv2Resource<'_> {
    /// A purchase, with all its products.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.productsv2/getproductpurchasev2)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get_product_purchase_v2(
        self,
        token: impl Into<PurchaseToken>,
    ) -> Result<Lookup<ProductPurchaseV2>, Error> {
        let token = token.into().into_string();
        let path = ["purchases", "productsv2", "tokens", &token];
        let call = ApiRequest::get("purchases.productsv2.getproductpurchasev2", path)
            .about(Subject::Token);
        Lookup::from_result(self.client.send(call).await)
    }
}

impl ProductsResource<'_> {
    /// One product of a purchase, in the older form, which alone tells promotions and rewards.
    /// Otherwise use [`productsv2`](PlayClient::productsv2).
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.products/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(
        self,
        product_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
    ) -> Result<Lookup<ProductPurchase>, Error> {
        let (product_id, token) = (product_id.into().into_string(), token.into().into_string());
        let path = ["purchases", "products", &product_id, "tokens", &token];
        let call = ApiRequest::get("purchases.products.get", path).about(Subject::Purchase);
        Lookup::from_result(self.client.send(call).await)
    }

    /// Confirms a purchase. `product_id` is one of its products, as Google names them. A second
    /// time Google refuses it: [`PlayClient::acknowledge_if_needed`] copes with that.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.products/acknowledge)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn acknowledge(
        self,
        product_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
        request: &ProductPurchasesAcknowledgeRequest,
    ) -> Result<(), Error> {
        let (product_id, token) = (product_id.into().into_string(), token.into().into_string());
        let path = ["purchases", "products", &product_id, "tokens", &token];
        let call = ApiRequest::post("purchases.products.acknowledge", path)
            .verb("acknowledge")
            .about(Subject::Purchase)
            .json(request)?;
        self.client.send_without_answer(call).await
    }

    /// Uses a product up, so that it can be bought again. It counts as confirmed, too. A second time
    /// Google refuses it: [`PlayClient::consume_if_needed`] copes with that.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.products/consume)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn consume(
        self,
        product_id: impl Into<ProductId>,
        token: impl Into<PurchaseToken>,
    ) -> Result<(), Error> {
        let (product_id, token) = (product_id.into().into_string(), token.into().into_string());
        let path = ["purchases", "products", &product_id, "tokens", &token];
        let call = ApiRequest::post("purchases.products.consume", path)
            .verb("consume")
            .about(Subject::Purchase);
        self.client.send_without_answer(call).await
    }
}
