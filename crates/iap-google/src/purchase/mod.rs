//! What Google's answers say in the words that all stores share.

mod one_time;
mod price;
mod subscription;
#[cfg(test)]
mod tests;
mod voided;

use core::time::Duration;

use iap_core::{
    AppId, Environment, Error, ProductId, ProductKind, Purchase, PurchaseKey, PurchaseToken, Store,
    Timestamp,
};

/// An answer of Google lacks what a purchase cannot be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer has no {member}")]
#[non_exhaustive]
pub struct MissingMember {
    /// The member, as Google spells it.
    pub member: &'static str,
}

impl From<MissingMember> for Error {
    fn from(error: MissingMember) -> Self {
        Self::invalid_response("Google's answer is no purchase")
            .with_store(Store::GooglePlay)
            .with_source(error)
    }
}

/// A purchase with what every answer of Google has. Google has one world: test purchases are in
/// production, and marked.
fn new_purchase(
    package_name: &AppId,
    token: &PurchaseToken,
    product_id: ProductId,
    kind: ProductKind,
    as_of: Timestamp,
) -> Purchase {
    let mut purchase = Purchase::new(
        Store::GooglePlay,
        Environment::Production,
        PurchaseKey::google(token.clone()),
        product_id,
        kind,
        as_of,
    );
    purchase.app_id = Some(package_name.clone());
    purchase
}

/// How long Google waits for a confirmation.
const ACKNOWLEDGEMENT_PERIOD: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// How long Google waits for it after a purchase by a licence tester. Its pages say 3 and 5 minutes,
/// and 5 were measured; who confirms within 3 is safe.
const ACKNOWLEDGEMENT_PERIOD_OF_TESTS: Duration = Duration::from_secs(3 * 60);

/// The value where Google left out one that decides about access, so that it is denied.
const MISSING: &str = "missing";
