//! Every call that reads what is for sale.

use iap::{
    ErrorKind, Money,
    google::{
        ConvertRegionPricesRequest, GetOneTimeProductOfferRequest, GetSubscriptionOfferRequest,
    },
};
use serde_json::json;

use super::Market;

/// More than a page of Google's.
const COUNT: usize = 52;

/// Calls `next` until there is no more, and counts what each page holds.
macro_rules! lengths {
    ($pages:expr, $member:ident) => {{
        let mut pages = $pages;
        let mut lengths = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            lengths.push(page.$member.len());
        }
        lengths
    }};
}

#[tokio::test]
async fn subscriptions_and_their_offers() {
    let market = Market::new();
    for number in 0..COUNT {
        let product_id = format!("sub{number:02}");
        let plans = json!([{ "basePlanId": "monthly", "state": "ACTIVE" }]);
        market
            .store
            .list_subscription(json!({ "productId": product_id, "basePlans": plans }));
        market.store.list_subscription_offer(json!({
            "productId": product_id, "basePlanId": "monthly", "offerId": "trial", "state": "ACTIVE",
        }));
    }
    let client = market.client();
    let resource = client.monetization().subscriptions();
    let found = resource.get("sub07").await.unwrap();
    assert_eq!(found.base_plans[0].base_plan_id.as_deref(), Some("monthly"));
    let several = resource.batch_get(["sub01", "sub02"]).await.unwrap();
    assert_eq!(several.subscriptions.len(), 2);
    let page = resource.list(Some(3), None).await.unwrap();
    assert_eq!(page.subscriptions.len(), 3);
    let next = page.next_page_token.unwrap();
    let page = resource.list(Some(3), Some(&next)).await.unwrap();
    assert_eq!(page.subscriptions[0].product_id, Some("sub03".into()));
    assert_eq!(lengths!(resource.pages(), subscriptions), [50, 2]);
    let error = resource.get("other").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "of no purchase");

    let offers = resource.offers("sub07", "monthly");
    let offer = offers.get("trial").await.unwrap();
    assert_eq!(offer.product_id, Some("sub07".into()));
    let requests = ["sub01", "sub02"]
        .map(|product_id| GetSubscriptionOfferRequest::new(product_id, "monthly", "trial"));
    let several = resource.offers("-", "-").batch_get(requests).await.unwrap();
    assert_eq!(several.subscription_offers.len(), 2);
    let page = offers.list(None, None).await.unwrap();
    assert_eq!(page.subscription_offers.len(), 1);
    let every = resource.offers("-", "-").pages();
    assert_eq!(lengths!(every, subscription_offers), [50, 2]);
}

#[tokio::test]
async fn one_time_products_and_their_offers() {
    let market = Market::new();
    for number in 0..COUNT {
        let product_id = format!("coins{number:02}");
        market
            .store
            .list_one_time_product(json!({ "productId": product_id }));
        market.store.list_product_offer(json!({
            "productId": product_id, "purchaseOptionId": "buy", "offerId": "sale", "state": "ACTIVE",
        }));
    }
    let client = market.client();
    let resource = client.monetization().onetimeproducts();
    let found = resource.get("coins07").await.unwrap();
    assert_eq!(found.product_id, Some("coins07".into()));
    let several = resource.batch_get(["coins01", "coins02"]).await.unwrap();
    assert_eq!(several.one_time_products.len(), 2);
    let page = resource.list(Some(3), None).await.unwrap();
    assert_eq!(page.one_time_products.len(), 3);
    assert_eq!(lengths!(resource.pages(), one_time_products), [50, 2]);
    let error = resource.batch_get(["coins01", "other"]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);

    let requests = ["coins01", "coins02"]
        .map(|product_id| GetOneTimeProductOfferRequest::new(product_id, "buy", "sale"));
    let every = resource.offers("-", "-");
    let several = every.batch_get(requests).await.unwrap();
    assert_eq!(several.one_time_product_offers.len(), 2);
    let page = resource.offers("coins07", "buy").list(Some(3), None).await;
    assert_eq!(page.unwrap().one_time_product_offers.len(), 1);
    assert_eq!(lengths!(every.pages(), one_time_product_offers), [50, 2]);
}

#[tokio::test]
async fn the_older_catalogue() {
    let market = Market::new();
    for number in 0..COUNT {
        let sku = format!("sku{number:02}");
        market
            .store
            .list_in_app_product(json!({ "sku": sku, "status": "active" }));
    }
    let client = market.client();
    let resource = client.inappproducts();
    let found = resource.get("sku07").await.unwrap();
    assert_eq!(found.sku, Some("sku07".into()));
    let several = resource.batch_get(["sku01", "sku02"]).await.unwrap();
    assert_eq!(several.inappproduct.len(), 2);
    let page = resource.list(None).await.unwrap();
    assert_eq!(page.inappproduct.len(), 50);
    assert_eq!(lengths!(resource.pages(), inappproduct), [50, 2]);
}

#[tokio::test]
async fn a_price_becomes_one_in_every_region() {
    let market = Market::new();
    let price = Money::from_micros(1_990_000, "USD".parse().unwrap());
    let request = ConvertRegionPricesRequest::new(price);
    let client = market.client();
    let monetization = client.monetization();
    let converted = monetization.convert_region_prices(&request).await.unwrap();
    let region = &converted.converted_region_prices["US"];
    assert_eq!(region.price.as_ref().unwrap().to_money(), Some(price));
}
