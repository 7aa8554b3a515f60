//! Offers of the catalogue. `-` stands for every product, base plan or purchase option.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions.basePlans.offers>,
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts.purchaseOptions.offers>

use iap_core::{Error, OfferId, ProductId};

use super::{
    ApiRequest, PlayClient,
    monetization::{CatalogSubscriptionsResource, OneTimeProductsResource},
    pages::{OneTimeProductOffersPages, SubscriptionOffersPages},
};
use crate::model::{
    BatchGetOneTimeProductOffersRequest, BatchGetOneTimeProductOffersResponse,
    BatchGetSubscriptionOffersRequest, BatchGetSubscriptionOffersResponse,
    GetOneTimeProductOfferRequest, GetSubscriptionOfferRequest, ListOneTimeProductOffersResponse,
    ListSubscriptionOffersResponse, SubscriptionOffer,
};

/// Google's `monetization.subscriptions.basePlans.offers`. Made by
/// [`CatalogSubscriptionsResource::offers`].
#[derive(Clone, Debug)]
pub struct SubscriptionOffersResource<'a> {
    client: &'a PlayClient,
    product_id: ProductId,
    base_plan_id: String,
}

/// Google's `monetization.onetimeproducts.purchaseOptions.offers`. Made by
/// [`OneTimeProductsResource::offers`].
#[derive(Clone, Debug)]
pub struct OneTimeProductOffersResource<'a> {
    client: &'a PlayClient,
    product_id: ProductId,
    purchase_option_id: String,
}

impl<'a> CatalogSubscriptionsResource<'a> {
    /// Offers of a base plan of a subscription.
    #[must_use]
    pub fn offers(
        self,
        product_id: impl Into<ProductId>,
        base_plan_id: impl Into<String>,
    ) -> SubscriptionOffersResource<'a> {
        SubscriptionOffersResource {
            client: self.client,
            product_id: product_id.into(),
            base_plan_id: base_plan_id.into(),
        }
    }
}

impl<'a> OneTimeProductsResource<'a> {
    /// Offers of a purchase option of a one-time product.
    #[must_use]
    pub fn offers(
        self,
        product_id: impl Into<ProductId>,
        purchase_option_id: impl Into<String>,
    ) -> OneTimeProductOffersResource<'a> {
        OneTimeProductOffersResource {
            client: self.client,
            product_id: product_id.into(),
            purchase_option_id: purchase_option_id.into(),
        }
    }
}

impl<'a> SubscriptionOffersResource<'a> {
    /// An offer.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions.basePlans.offers/get)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get(&self, offer_id: impl Into<OfferId>) -> Result<SubscriptionOffer, Error> {
        let offer_id = offer_id.into();
        let path = self.path().into_iter().chain([offer_id.as_str()]);
        let call = ApiRequest::get("monetization.subscriptions.basePlans.offers.get", path);
        self.client.send(call).await
    }

    /// Several offers: up to 100, each once.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions.basePlans.offers/batchGet)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn batch_get(
        &self,
        requests: impl IntoIterator<Item = GetSubscriptionOfferRequest>,
    ) -> Result<BatchGetSubscriptionOffersResponse, Error> {
        let requests = requests.into_iter().map(|mut request| {
            request.package_name = Some(self.client.package_name().clone());
            request
        });
        let request = BatchGetSubscriptionOffersRequest {
            requests: requests.collect(),
            ..BatchGetSubscriptionOffersRequest::default()
        };
        // A question, although it is a POST.
        let endpoint = "monetization.subscriptions.basePlans.offers.batchGet";
        let call = ApiRequest::post(endpoint, self.path())
            .verb("batchGet")
            .repeatable()
            .json(&request)?;
        self.client.send(call).await
    }

    /// One page of all offers, of up to `page_size`: 50 by default, 1000 at most.
    /// [`pages`](Self::pages) walks them.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions.basePlans.offers/list)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn list(
        &self,
        page_size: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<ListSubscriptionOffersResponse, Error> {
        let endpoint = "monetization.subscriptions.basePlans.offers.list";
        let call = ApiRequest::get(endpoint, self.path())
            .query_if("pageSize", page_size.map(|size| size.to_string()))
            .query_if("pageToken", page_token);
        self.client.send(call).await
    }

    /// Walks the pages of all offers.
    pub const fn pages(self) -> SubscriptionOffersPages<'a> {
        SubscriptionOffersPages::new(self)
    }

    fn path(&self) -> [&str; 5] {
        let (product_id, base_plan_id) = (self.product_id.as_str(), self.base_plan_id.as_str());
        [
            "subscriptions",
            product_id,
            "basePlans",
            base_plan_id,
            "offers",
        ]
    }
}

impl<'a> OneTimeProductOffersResource<'a> {
    /// Several offers: up to 100, each once. There is no call for one.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts.purchaseOptions.offers/batchGet)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn batch_get(
        &self,
        requests: impl IntoIterator<Item = GetOneTimeProductOfferRequest>,
    ) -> Result<BatchGetOneTimeProductOffersResponse, Error> {
        let requests = requests.into_iter().map(|mut request| {
            request.package_name = Some(self.client.package_name().clone());
            request
        });
        let request = BatchGetOneTimeProductOffersRequest {
            requests: requests.collect(),
            ..BatchGetOneTimeProductOffersRequest::default()
        };
        // A question, although it is a POST.
        let endpoint = "monetization.onetimeproducts.purchaseOptions.offers.batchGet";
        let call = ApiRequest::post(endpoint, self.path())
            .verb("batchGet")
            .repeatable()
            .json(&request)?;
        self.client.send(call).await
    }

    /// One page of all offers, of up to `page_size`: 50 by default, 1000 at most.
    /// [`pages`](Self::pages) walks them.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.onetimeproducts.purchaseOptions.offers/list)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn list(
        &self,
        page_size: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<ListOneTimeProductOffersResponse, Error> {
        let endpoint = "monetization.onetimeproducts.purchaseOptions.offers.list";
        let call = ApiRequest::get(endpoint, self.path())
            .query_if("pageSize", page_size.map(|size| size.to_string()))
            .query_if("pageToken", page_token);
        self.client.send(call).await
    }

    /// Walks the pages of all offers.
    pub const fn pages(self) -> OneTimeProductOffersPages<'a> {
        OneTimeProductOffersPages::new(self)
    }

    fn path(&self) -> [&str; 5] {
        let (product_id, option_id) = (self.product_id.as_str(), self.purchase_option_id.as_str());
        [
            "oneTimeProducts",
            product_id,
            "purchaseOptions",
            option_id,
            "offers",
        ]
    }
}
