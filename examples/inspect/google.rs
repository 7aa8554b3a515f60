//! Answers of the Google Play Developer API about one purchase.

use iap::core::read_answer;
use iap::google::{ProductPurchase, ProductPurchaseV2, SubscriptionPurchaseV2};
use iap::{AppId, Error, Purchase, PurchaseToken, Store};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    report::Report,
    stored::{Meaning, StoredOptions},
};

/// Judges a stored answer about a subscription or about one-time products.
pub(crate) fn inspect(
    kind: GoogleAnswer,
    options: &StoredOptions,
    answer: &[u8],
) -> Result<Report<Meaning>, String> {
    let package = options.package.as_ref();
    let package = package.ok_or("missing --package; see --help")?;
    let token = options.token.clone().or_else(|| token_in(kind, answer));
    let token = token.ok_or("missing --token, which the answer does not name; see --help")?;
    Ok(options.inspect(kind.as_str(), answer, |json| match kind {
        GoogleAnswer::Product => read_product(options, package, &token, json),
        GoogleAnswer::Subscription => read_subscription(options, package, &token, json),
    }))
}

/// What was asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum GoogleAnswer {
    Product,
    Subscription,
}

impl GoogleAnswer {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "google_product",
            Self::Subscription => "google_subscription",
        }
    }
}

/// The token of the purchase, which only `purchases.products.get` answers with, and not always.
fn token_in(kind: GoogleAnswer, answer: &[u8]) -> Option<PurchaseToken> {
    if kind != GoogleAnswer::Product {
        return None;
    }
    read::<ProductPurchase>(answer).ok()?.purchase_token
}

fn read_subscription(
    options: &StoredOptions,
    package: &AppId,
    token: &PurchaseToken,
    json: &[u8],
) -> Result<Purchase, Error> {
    let Form { kind } = read(json)?;
    if kind.as_deref() == Some(OLDER_SUBSCRIPTION) {
        let message = "the answer is of purchases.subscriptions.get, which does not tell enough: ask \
                       purchases.subscriptionsv2.get";
        return Err(Error::invalid_response(message));
    }
    let subscription: SubscriptionPurchaseV2 = read(json)?;
    Ok(subscription.to_purchase(package, token, options.received_at())?)
}

/// Reads an answer of the newer or of the older call, whichever it says that it is.
fn read_product(
    options: &StoredOptions,
    package: &AppId,
    token: &PurchaseToken,
    json: &[u8],
) -> Result<Purchase, Error> {
    let received_at = options.received_at();
    let Form { kind } = read(json)?;
    if kind.as_deref() != Some(OLDER_PRODUCT) {
        let purchase: ProductPurchaseV2 = read(json)?;
        return Ok(purchase.to_purchase(package, token, received_at)?);
    }
    let purchase: ProductPurchase = read(json)?;
    let product_id = purchase.product_id.as_ref().or(options.product.as_ref());
    let product_id = product_id.ok_or_else(|| {
        Error::invalid_response("the answer names no product: say with --product which one it is")
    })?;
    Ok(purchase.to_purchase(package, product_id, token, received_at))
}

#[derive(Deserialize)]
struct Form {
    kind: Option<String>,
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    read_answer(json).map_err(|cause| {
        Error::invalid_response("Google's answer cannot be read")
            .with_store(Store::GooglePlay)
            .with_source(cause)
    })
}

/// What `purchases.products.get` calls its answer.
const OLDER_PRODUCT: &str = "androidpublisher#productPurchase";

/// What `purchases.subscriptions.get` calls its answer.
const OLDER_SUBSCRIPTION: &str = "androidpublisher#subscriptionPurchase";
