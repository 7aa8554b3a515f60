//! What is for sale: products, plans and offers, as the developer put them in.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/monetization.subscriptions>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    FakeGooglePlay,
    problem::{self, GoogleProblem},
};
use crate::server::ReceivedRequest;

#[derive(Default)]
pub(super) struct Catalogue {
    subscriptions: BTreeMap<String, Value>,
    one_time_products: BTreeMap<String, Value>,
    in_app_products: BTreeMap<String, Value>,
    /// By product, plan and offer.
    subscription_offers: BTreeMap<(String, String, String), Value>,
    /// By product, purchase option and offer.
    product_offers: BTreeMap<(String, String, String), Value>,
}

impl FakeGooglePlay {
    /// Puts a `Subscription` of the API into the catalogue.
    ///
    /// # Panics
    ///
    /// When it has no `productId`.
    pub fn list_subscription(&self, subscription: Value) {
        let id = text(&subscription, "productId");
        let mut state = self.shop.state();
        state.catalogue.subscriptions.insert(id, subscription);
    }

    /// Puts a `OneTimeProduct` of the API into the catalogue.
    ///
    /// # Panics
    ///
    /// When it has no `productId`.
    pub fn list_one_time_product(&self, product: Value) {
        let id = text(&product, "productId");
        let mut state = self.shop.state();
        state.catalogue.one_time_products.insert(id, product);
    }

    /// Puts an `InAppProduct` of the older API into the catalogue.
    ///
    /// # Panics
    ///
    /// When it has no `sku`.
    pub fn list_in_app_product(&self, product: Value) {
        let id = text(&product, "sku");
        let mut state = self.shop.state();
        state.catalogue.in_app_products.insert(id, product);
    }

    /// Puts a `SubscriptionOffer` of the API into the catalogue.
    ///
    /// # Panics
    ///
    /// When it has no `productId`, `basePlanId` or `offerId`.
    pub fn list_subscription_offer(&self, offer: Value) {
        let key = key(&offer, "basePlanId");
        let mut state = self.shop.state();
        state.catalogue.subscription_offers.insert(key, offer);
    }

    /// Puts a `OneTimeProductOffer` of the API into the catalogue.
    ///
    /// # Panics
    ///
    /// When it has no `productId`, `purchaseOptionId` or `offerId`.
    pub fn list_product_offer(&self, offer: Value) {
        let key = key(&offer, "purchaseOptionId");
        let mut state = self.shop.state();
        state.catalogue.product_offers.insert(key, offer);
    }
}

impl Catalogue {
    /// The answer of a call that reads the catalogue; `None` if it is no such call.
    pub(super) fn answer(
        &self,
        request: &ReceivedRequest,
        method: &str,
        before: &[&str],
        last: &str,
        verb: &str,
    ) -> Option<Result<Value, GoogleProblem>> {
        Some(match (method, before, last, verb) {
            ("GET", [], "subscriptions", "") => {
                page(request, "subscriptions", self.subscriptions.values())
            }
            ("GET", [], "subscriptions", "batchGet") => {
                batch(request, "productIds", "subscriptions", &self.subscriptions)
            }
            ("GET", ["subscriptions"], id, "") => one(&self.subscriptions, id),
            ("GET", [], "oneTimeProducts", "") => {
                page(request, "oneTimeProducts", self.one_time_products.values())
            }
            ("GET", [], "oneTimeProducts", "batchGet") => batch(
                request,
                "productIds",
                "oneTimeProducts",
                &self.one_time_products,
            ),
            ("GET", ["oneTimeProducts"], id, "") => one(&self.one_time_products, id),
            ("GET", [], "inappproducts", "") => {
                older_page(request, "inappproduct", self.in_app_products.values())
            }
            ("GET", [], "inappproducts", "batchGet") => {
                batch(request, "sku", "inappproduct", &self.in_app_products)
            }
            ("GET", ["inappproducts"], sku, "") => one(&self.in_app_products, sku),
            ("GET", ["subscriptions", product, "basePlans", plan], "offers", "") => {
                let offers = offers(&self.subscription_offers, product, plan);
                page(request, "subscriptionOffers", offers)
            }
            ("GET", ["subscriptions", product, "basePlans", plan, "offers"], offer, "") => {
                let key = [product, plan, &offer].map(|it| (*it).to_owned());
                let [product, plan, offer] = key;
                one(&self.subscription_offers, &(product, plan, offer))
            }
            ("POST", ["subscriptions", _, "basePlans", _], "offers", "batchGet") => {
                let found = asked_for(request, &self.subscription_offers, "basePlanId");
                found.map(|offers| json!({ "subscriptionOffers": offers }))
            }
            ("GET", ["oneTimeProducts", product, "purchaseOptions", option], "offers", "") => {
                let offers = offers(&self.product_offers, product, option);
                page(request, "oneTimeProductOffers", offers)
            }
            ("POST", ["oneTimeProducts", _, "purchaseOptions", _], "offers", "batchGet") => {
                let found = asked_for(request, &self.product_offers, "purchaseOptionId");
                found.map(|offers| json!({ "oneTimeProductOffers": offers }))
            }
            ("POST", [], "pricing", "convertRegionPrices") => convert(request),
            _ => return None,
        })
    }
}

fn one<K: Ord + ?Sized, Q>(entries: &BTreeMap<Q, Value>, key: &K) -> Result<Value, GoogleProblem>
where
    Q: core::borrow::Borrow<K> + Ord,
{
    entries.get(key).cloned().ok_or(problem::NOT_FOUND)
}

/// A page of a list, as many entries as asked for, or 50.
fn page<'a>(
    request: &ReceivedRequest,
    member: &str,
    entries: impl IntoIterator<Item = &'a Value>,
) -> Result<Value, GoogleProblem> {
    let size = match request.query_value("pageSize") {
        None => 50,
        Some(size) => size.parse().map_err(|_| problem::INVALID_VALUE)?,
    };
    let (mut answer, next) = first_of(request, "pageToken", member, size, entries)?;
    if let Some(next) = next {
        answer["nextPageToken"] = next.into();
    }
    Ok(answer)
}

/// A page of an older list, whose size is Google's choice.
fn older_page<'a>(
    request: &ReceivedRequest,
    member: &str,
    entries: impl IntoIterator<Item = &'a Value>,
) -> Result<Value, GoogleProblem> {
    let (mut answer, next) = first_of(request, "token", member, 50, entries)?;
    if let Some(next) = next {
        answer["tokenPagination"] = json!({ "nextPageToken": next });
    }
    Ok(answer)
}

/// The page that the token leads to, and the token of the next one.
fn first_of<'a>(
    request: &ReceivedRequest,
    token: &str,
    member: &str,
    size: usize,
    entries: impl IntoIterator<Item = &'a Value>,
) -> Result<(Value, Option<String>), GoogleProblem> {
    let start = match request.query_value(token) {
        None => 0,
        Some(token) => {
            let start = token.strip_prefix("after-").and_then(|it| it.parse().ok());
            start.ok_or(problem::INVALID_VALUE)?
        }
    };
    let mut rest = entries.into_iter().skip(start);
    let shown: Vec<&Value> = rest.by_ref().take(size).collect();
    let next = rest.next().map(|_| format!("after-{}", start + size));
    let mut answer = json!({});
    // Google leaves out an empty list.
    if !shown.is_empty() {
        answer[member] = json!(shown);
    }
    Ok((answer, next))
}

fn batch(
    request: &ReceivedRequest,
    parameter: &str,
    member: &str,
    entries: &BTreeMap<String, Value>,
) -> Result<Value, GoogleProblem> {
    let ids = request.query_values(parameter);
    let found = ids.iter().map(|id| one(entries, id.as_str()));
    let found: Vec<Value> = found.collect::<Result<_, _>>()?;
    Ok(json!({ member: found }))
}

type Offers = BTreeMap<(String, String, String), Value>;

/// The offers of a product and a plan; `-` stands for any.
fn offers<'a>(
    entries: &'a Offers,
    product: &'a str,
    plan: &'a str,
) -> impl Iterator<Item = &'a Value> {
    let is = |wanted: &str, found: &str| wanted == "-" || wanted == found;
    entries
        .iter()
        .filter(move |((of, at, _), _)| is(product, of) && is(plan, at))
        .map(|(_, offer)| offer)
}

/// The offers that the requests in the body name.
fn asked_for(
    request: &ReceivedRequest,
    entries: &Offers,
    plan: &str,
) -> Result<Vec<Value>, GoogleProblem> {
    let body = request.json().unwrap_or_default();
    let requests = body["requests"].as_array().ok_or(problem::REQUIRED)?;
    let found = requests.iter().map(|request| {
        let text = |member: &str| request[member].as_str().map(str::to_owned);
        let key = text("productId").zip(text(plan)).zip(text("offerId"));
        let ((product, plan), offer) = key.ok_or(problem::REQUIRED)?;
        one(entries, &(product, plan, offer))
    });
    found.collect()
}

/// Every region's price is the one given.
fn convert(request: &ReceivedRequest) -> Result<Value, GoogleProblem> {
    let body = request.json().unwrap_or_default();
    let price = &body["price"];
    if price["currencyCode"].as_str().is_none() {
        return Err(problem::REQUIRED);
    }
    Ok(json!({
        "convertedRegionPrices": {
            "US": { "regionCode": "US", "price": price, "taxAmount": { "currencyCode": price["currencyCode"] } },
        },
        "convertedOtherRegionsPrice": { "usdPrice": price, "eurPrice": price },
        "regionVersion": { "version": "2025/03" },
    }))
}

fn key(offer: &Value, plan: &str) -> (String, String, String) {
    (
        text(offer, "productId"),
        text(offer, plan),
        text(offer, "offerId"),
    )
}

fn text(value: &Value, member: &str) -> String {
    let text = value[member].as_str();
    text.unwrap_or_else(|| panic!("an entry of the catalogue has a {member}"))
        .to_owned()
}
