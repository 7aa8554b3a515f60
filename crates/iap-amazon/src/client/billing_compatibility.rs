//! Purchases made through the Appstore Billing Compatibility SDK, which Amazon no longer supports.
//!
//! Amazon documents production only: a client of Cloud Sandbox asks these endpoints only under a base
//! URL of the caller's.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/billing-compatibility-rvs.html>

use iap_core::{AppId, Error, ProductId, PurchaseToken, Store};
use serde::de::DeserializeOwned;

use super::{
    AmazonClient,
    builder::SANDBOX_URL,
    receipts::MAX_RECEIPT_ID_LENGTH,
    request::{ApiRequest, Identifier, Segment},
};
use crate::{
    answer::{Answer, unreadable},
    error::Endpoint,
    expected_product::wrong_product,
    model::{ProductPurchase, ProductType, SubscriptionPurchase},
};

impl AmazonClient {
    /// Asks about a consumable or entitlement of the app `package_name`
    /// (`purchases.products.get`).
    ///
    /// 1. The ids can be ids.
    /// 2. Amazon knows the purchase.
    /// 3. The answer can be read.
    /// 4. It is about the token that was asked for.
    /// 5. That product was bought. A subscription may be asked for by its term, which the answer does
    ///    not repeat; its purchase gives no access in any case.
    ///
    /// # Errors
    ///
    /// As [`verify_receipt`](Self::verify_receipt), with
    /// [`Rejection::WrongProduct`](iap_core::Rejection::WrongProduct); Amazon is not told a customer
    /// here. [`Misconfigured`](iap_core::ErrorKind::Misconfigured) for a client of Cloud Sandbox.
    pub async fn get_product_purchase(
        &self,
        package_name: &AppId,
        product_id: &ProductId,
        purchase_token: &PurchaseToken,
    ) -> Result<Answer<ProductPurchase>, Error> {
        // 1
        let path = [
            Segment::Word("version"),
            Segment::Word("1.0"),
            // Here, and not in the path of subscriptions.
            Segment::Word("get"),
            Segment::Word("developer"),
            Segment::SharedSecret,
            Segment::Word("applications"),
            package(package_name)?,
            Segment::Word("purchases"),
            Segment::Word("products"),
            Segment::Id(Identifier::new(
                "product id",
                product_id,
                MAX_PRODUCT_ID_LENGTH,
            )?),
            Segment::Word("tokens"),
            token(purchase_token)?,
        ];
        // 2, 3
        let request = ApiRequest::get(Endpoint::ProductPurchase, path);
        let answer = self
            .ask_where_documented::<ProductPurchase>(request)
            .await?;
        // 4
        if answer.purchase_token != *purchase_token {
            return Err(unreadable("Amazon answered with another purchase"));
        }
        // 5
        if answer.product_id != *product_id && answer.product_type != ProductType::Subscription {
            return Err(wrong_product(product_id, &answer.product_id));
        }
        Ok(answer)
    }

    /// Asks about a subscription of the app `package_name` (`purchases.subscriptionsv2.get`).
    ///
    /// 1. The ids can be ids.
    /// 2. Amazon knows the purchase.
    /// 3. The answer can be read.
    /// 4. It is about the token that was asked for.
    ///
    /// The product is for the caller to compare, with [`ExpectedProduct`](crate::ExpectedProduct).
    ///
    /// # Errors
    ///
    /// As [`get_product_purchase`](Self::get_product_purchase).
    pub async fn get_subscription_purchase(
        &self,
        package_name: &AppId,
        purchase_token: &PurchaseToken,
    ) -> Result<Answer<SubscriptionPurchase>, Error> {
        // 1
        let path = [
            Segment::Word("version"),
            Segment::Word("1.0"),
            Segment::Word("developer"),
            Segment::SharedSecret,
            Segment::Word("applications"),
            package(package_name)?,
            Segment::Word("purchases"),
            Segment::Word("subscriptionsv2"),
            Segment::Word("tokens"),
            token(purchase_token)?,
        ];
        // 2, 3
        let request = ApiRequest::get(Endpoint::SubscriptionPurchase, path);
        let answer = self
            .ask_where_documented::<SubscriptionPurchase>(request)
            .await?;
        // 4
        if answer.receipt_id.as_str() != purchase_token.as_str() {
            return Err(unreadable("Amazon answered with another purchase"));
        }
        Ok(answer)
    }

    async fn ask_where_documented<T: DeserializeOwned>(
        &self,
        request: ApiRequest<'_>,
    ) -> Result<Answer<T>, Error> {
        if self.inner.base_url.as_str() == SANDBOX_URL {
            return Err(Error::misconfigured(
                "Cloud Sandbox has no Billing Compatibility; ask production, or a base URL of your own",
            )
            .with_store(Store::AmazonAppstore));
        }
        self.ask(request).await
    }
}

fn package(package_name: &AppId) -> Result<Segment<'_>, Error> {
    Identifier::new("package name", package_name, MAX_PACKAGE_NAME_LENGTH).map(Segment::Id)
}

fn token(purchase_token: &PurchaseToken) -> Result<Segment<'_>, Error> {
    // A receipt id by another name.
    Identifier::new("purchase token", purchase_token, MAX_RECEIPT_ID_LENGTH).map(Segment::Id)
}

/// Android allows 223 characters where it stores packages by name.
const MAX_PACKAGE_NAME_LENGTH: usize = 256;

/// Amazon's console allows 150 characters.
const MAX_PRODUCT_ID_LENGTH: usize = 256;
