//! Answers of Amazon's Receipt Verification Service and Billing Compatibility.

use iap::Error;
use iap::amazon::{Answer, ProductPurchase, Receipt, SubscriptionPurchase};

use crate::{
    report::Report,
    stored::{Meaning, StoredOptions},
};

/// Judges a stored answer of `verifyReceiptId`, or of one of the two Billing Compatibility calls.
pub(crate) fn inspect(
    kind: AmazonAnswer,
    options: &StoredOptions,
    answer: &[u8],
) -> Report<Meaning> {
    let (environment, received_at) = (options.environment(), options.received_at());
    options.inspect(kind.as_str(), answer, |json| -> Result<_, Error> {
        Ok(match kind {
            AmazonAnswer::Product => {
                Answer::<ProductPurchase>::from_stored_json(json, environment, received_at)?
                    .to_purchase()
            }
            AmazonAnswer::Receipt => {
                Answer::<Receipt>::from_stored_json(json, environment, received_at)?.to_purchase()
            }
            AmazonAnswer::Subscription => {
                Answer::<SubscriptionPurchase>::from_stored_json(json, environment, received_at)?
                    .to_purchase()
            }
        })
    })
}

/// Which call was answered.
#[derive(Clone, Copy)]
pub(crate) enum AmazonAnswer {
    Product,
    Receipt,
    Subscription,
}

impl AmazonAnswer {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "amazon_product",
            Self::Receipt => "amazon_receipt",
            Self::Subscription => "amazon_subscription",
        }
    }
}
