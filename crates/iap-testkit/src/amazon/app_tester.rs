//! Receipt ids of App Tester, which anybody can write.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/rvs-cloud-sandbox.html>

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use iap_core::Timestamp;
use miniz_oxide::{
    deflate::core::{
        CompressionStrategy, CompressorOxide, TDEFLFlush, TDEFLStatus, compress,
        create_comp_flags_from_zip_params,
    },
    inflate::decompress_to_vec_with_limit,
};
use serde_json::{Value, json};

use super::receipt::TERM;

/// What App Tester sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AppTesterProduct {
    /// Used up and bought again.
    Consumable,
    /// Bought once, owned for good.
    Entitlement,
    /// A subscription that renews.
    Subscription,
}

/// The receipt id that App Tester makes on the customer's own device: JSON, compressed, signed by
/// nobody. The Cloud Sandbox believes it, production does not know it.
///
/// ```
/// use iap_testkit::{AppTesterProduct, app_tester_receipt_id};
///
/// let id = app_tester_receipt_id("somebody", "pro", AppTesterProduct::Entitlement, "2026-11-27T00:00:00Z".parse()?);
/// assert!(id.starts_with("q1Y"));
/// # Ok::<(), iap_core::ParseTimestampError>(())
/// ```
#[must_use]
pub fn app_tester_receipt_id(
    user_id: &str,
    sku: &str,
    product: AppTesterProduct,
    purchased_at: Timestamp,
) -> String {
    let number = match product {
        AppTesterProduct::Consumable => 0,
        AppTesterProduct::Entitlement => 1,
        AppTesterProduct::Subscription => 2,
    };
    // Written by hand: the order of the members gives the id its well-known beginning.
    let json = format!(
        r#"{{"u":{},"s":{},"t":{number},"d":"{}"{}}}"#,
        json!(user_id),
        json!(sku),
        purchased_at.as_millis(),
        match product {
            AppTesterProduct::Subscription => r#","a":true,"g":false,"f":false"#,
            _ => "",
        }
    );
    BASE64_URL_SAFE_NO_PAD.encode(deflate(json.as_bytes()))
}

/// Compresses with the codes of RFC 1951 section 3.2.6, as App Tester does: that is what every id of
/// it begins with.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let flags = create_comp_flags_from_zip_params(6, -15, CompressionStrategy::Fixed.into());
    let mut compressed = vec![0; bytes.len() * 2 + 16];
    let mut compressor = CompressorOxide::new(flags);
    let (status, _, length) = compress(&mut compressor, bytes, &mut compressed, TDEFLFlush::Finish);
    assert!(matches!(status, TDEFLStatus::Done), "room for all");
    compressed.truncate(length);
    compressed
}

/// What the Cloud Sandbox answers for an id: it reads the answer out of the id itself.
pub(super) fn answer(receipt_id: &str, user_id: &str) -> Option<Value> {
    let compressed = BASE64_URL_SAFE_NO_PAD.decode(receipt_id).ok()?;
    let json = decompress_to_vec_with_limit(&compressed, LONGEST).ok()?;
    let id: Value = serde_json::from_slice(&json).ok()?;
    if id["u"] != user_id {
        return None;
    }
    let date: i64 = id["d"].as_str()?.parse().ok()?;
    let sku = id["s"].as_str()?;
    let renewal = Timestamp::from_millis(date).saturating_add(TERM);
    let is_on = |member: &str| id[member] == true;
    let when = |condition: bool| condition.then(|| renewal.as_millis());
    let is_subscription = id["t"] == 2;
    Some(json!({
        "autoRenewing": is_on("a"),
        "betaProduct": false,
        "cancelDate": null,
        "cancelReason": null,
        "countryCode": "US",
        "deferredDate": null,
        "deferredSku": null,
        "freeTrialEndDate": when(is_on("f")),
        "gracePeriodEndDate": when(is_on("g")),
        "parentProductId": null,
        "productId": sku,
        "productType": match id["t"].as_i64()? {
            0 => "CONSUMABLE",
            1 => "ENTITLED",
            _ => "SUBSCRIPTION",
        },
        "promotions": null,
        "purchaseDate": date,
        "quantity": 1,
        "receiptId": receipt_id,
        "renewalDate": when(is_subscription),
        "term": is_subscription.then_some("1 Month"),
        "termSku": is_subscription.then(|| format!("{sku}_term")),
        "testTransaction": true,
    }))
}

/// No id stands for more.
const LONGEST: usize = 4 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_for_its_own_user_only() {
        let at = Timestamp::from_seconds(1_800_000_000);
        let id = app_tester_receipt_id("user=", "pro", AppTesterProduct::Subscription, at);
        let answer = answer(&id, "user=").unwrap();
        assert_eq!(answer["termSku"], "pro_term");
        assert_eq!(answer["purchaseDate"], 1_800_000_000_000_i64);
        assert_eq!(super::answer(&id, "other"), None);
        assert_eq!(super::answer("q1Yx", "user="), None);
    }
}
