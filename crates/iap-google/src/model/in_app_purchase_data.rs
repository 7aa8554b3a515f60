//! What does an Android device get, signed, when something is bought?
//!
//! [Google's page](https://developer.android.com/reference/com/android/billingclient/api/Purchase#getOriginalJson())

use iap_core::{AppId, OrderId, ProductId, Proof, PurchaseToken, Timestamp, open_enum};
use serde::Deserialize;

use super::{hidden::HiddenText, unknown::UnknownMembers};

/// The purchase that a device got, `INAPP_PURCHASE_DATA`: as it was when it was signed.
///
/// Only read, never written: what is signed are the bytes that were received.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct InAppPurchaseData {
    /// The order; missing for promotional codes, and while the purchase is pending.
    pub order_id: Option<OrderId>,
    /// The app.
    pub package_name: Option<AppId>,
    /// The product; may be missing where several were bought at once.
    pub product_id: Option<ProductId>,
    /// The products, where several were bought at once.
    pub product_ids: Option<Vec<ProductId>>,
    /// When it was bought.
    #[serde(with = "iap_core::option_millis")]
    pub purchase_time: Option<Timestamp>,
    /// Whether it has been paid.
    pub purchase_state: Option<InAppPurchaseState>,
    /// The token of the purchase, to ask Google about it.
    pub purchase_token: Option<PurchaseToken>,
    /// The token of the purchase, as very old texts spell it.
    pub token: Option<PurchaseToken>,
    /// What the app attached when buying. Deprecated.
    pub developer_payload: Option<HiddenText>,
    /// Whether the subscription renews. Only subscriptions have it.
    pub auto_renewing: Option<bool>,
    /// Whether the purchase has been acknowledged; missing means that it has.
    pub acknowledged: Option<bool>,
    /// How many were bought; missing means one.
    #[serde(with = "iap_core::option_whole_number")]
    pub quantity: Option<i64>,
    /// The account that the app attached when buying.
    pub obfuscated_account_id: Option<String>,
    /// The profile within that account that the app attached when buying.
    pub obfuscated_profile_id: Option<String>,
    /// Members that this version does not know, as Google sent them.
    #[serde(flatten)]
    pub unknown: UnknownMembers,
}

impl InAppPurchaseData {
    /// Every product of the purchase.
    pub fn products(&self) -> impl Iterator<Item = &ProductId> {
        let several = self.product_ids.iter().flatten();
        let one = self.product_id.iter();
        one.filter(|id| !self.product_ids.iter().flatten().any(|other| other == *id))
            .chain(several)
    }

    /// The token of the purchase, however it is spelled.
    pub(crate) fn any_token(&self) -> Option<&PurchaseToken> {
        let mut tokens = [&self.purchase_token, &self.token].into_iter().flatten();
        tokens.find(|token| !token.as_str().is_empty())
    }

    /// What to ask Google about, if there is a token: with the time of the purchase, since Google may
    /// not know one yet that was made moments ago.
    pub(crate) fn proof_for(&self, app: AppId) -> Option<Proof> {
        let token = self.any_token()?.clone();
        // Only subscriptions have it, renewing or not.
        let proof = match self.auto_renewing {
            Some(_) => Proof::google_subscription(app, token),
            None => Proof::google_product(app, token),
        };
        Some(match self.purchase_time {
            Some(time) => proof.with_purchase_time(time),
            None => proof,
        })
    }
}

open_enum! {
    /// Whether a purchase on a device has been paid. The library on the device takes everything but
    /// 4 for paid.
    pub enum InAppPurchaseState: i64 {
        /// Paid.
        Purchased = 0,
        /// Cancelled, by old documentation.
        Canceled = 1,
        /// Refunded, by old documentation.
        Refunded = 2,
        /// Not paid yet: gives nothing.
        Pending = 4,
    }
}
