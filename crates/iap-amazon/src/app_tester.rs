//! Is a receipt id one that App Tester made? Anybody can make those, for any product.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html>

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use iap_core::{ProductId, ReceiptId, Timestamp, UserId, open_enum};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::Deserialize;

use crate::model::date;

/// What stands in a receipt id of App Tester, the app that plays the Appstore on a developer's device.
///
/// Such an id is the purchase itself, compressed and **not signed**: whoever can write JSON can make
/// one. Only Cloud Sandbox accepts it.
///
/// ```
/// use iap_amazon::AppTesterReceipt;
///
/// let made_by_app_tester = "q1YqVrJSSs7P1UvMTazKz9PLTCwoTswtyEktM9JLrShIzCvOzM-LL04tiTdW0lFKASo2NDE\
///     wMjCwMDM2MTC0AIqVAsUsLd1c4l18jIxdfTOK_N1d8kqLLHVLc8oK83OLgtPNCit9AoJdjJ3dXG2BGkqUrAxrAQ";
/// let receipt = AppTesterReceipt::decode(&made_by_app_tester.into()).unwrap();
/// assert_eq!(receipt.product_id, "com.amazon.iapsamplev2.expansion_set_3");
///
/// let made_by_amazon = "wE1EG1gsEZI9q9UnI5YoZ2OxeoVKPdR5bvPMqyKQq5Y=:1:11";
/// assert_eq!(AppTesterReceipt::decode(&made_by_amazon.into()), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AppTesterReceipt {
    /// The customer, as App Tester names them.
    #[serde(rename = "u")]
    pub user_id: UserId,
    /// The product (SKU).
    #[serde(rename = "s")]
    pub product_id: ProductId,
    /// The kind of product.
    #[serde(rename = "t")]
    pub product_type: AppTesterProductType,
    /// When it was bought.
    #[serde(rename = "d", deserialize_with = "date::deserialize")]
    pub purchase_date: Timestamp,
    /// Whether the subscription shall seem to renew.
    #[serde(rename = "a")]
    pub auto_renewing: Option<bool>,
    /// Whether the subscription shall seem to be in its grace period.
    #[serde(rename = "g")]
    pub in_grace_period: Option<bool>,
    /// Whether the subscription shall seem to be in its free trial.
    #[serde(rename = "f")]
    pub in_free_trial: Option<bool>,
}

open_enum! {
    /// The kind of a product in App Tester.
    pub enum AppTesterProductType: i64 {
        /// Used up and bought again.
        Consumable = 0,
        /// Bought once.
        Entitlement = 1,
        /// Paid again and again.
        Subscription = 2,
    }
}

impl AppTesterReceipt {
    /// Reads the receipt out of its id; `None` if App Tester did not make the id.
    ///
    /// The id is decoded, not only looked at: such ids have begun with `q1Y` so far, but so may an id
    /// of Amazon's own.
    #[must_use]
    pub fn decode(receipt_id: &ReceiptId) -> Option<Self> {
        let text = receipt_id.as_str();
        if text.len() > MAX_ID_LENGTH {
            return None;
        }
        let compressed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let json = decompress_to_vec_with_limit(&compressed, MAX_JSON_LENGTH).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// App Tester's ids have some 200 characters.
const MAX_ID_LENGTH: usize = 1024;

/// The JSON in them has some 150; DEFLATE can pack a gigabyte into a megabyte.
const MAX_JSON_LENGTH: usize = 4 * 1024;

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;
    use serde_json::json;

    use super::*;

    fn pack(json: &[u8]) -> ReceiptId {
        URL_SAFE_NO_PAD.encode(compress_to_vec(json, 6)).into()
    }

    fn subscription() -> serde_json::Value {
        json!({"u": "user", "s": "gold", "t": 2, "d": "1604613233106", "a": false, "g": true, "f": true})
    }

    #[test]
    fn what_is_packed_as_app_tester_packs_is_recognised() {
        let id = pack(subscription().to_string().as_bytes());
        let receipt = AppTesterReceipt::decode(&id).unwrap();
        assert_eq!(receipt.user_id, "user");
        assert_eq!(receipt.product_id, "gold");
        assert_eq!(receipt.product_type, AppTesterProductType::Subscription);
        assert_eq!(receipt.purchase_date.as_millis(), 1_604_613_233_106);
        assert_eq!(receipt.auto_renewing, Some(false));
        assert_eq!(receipt.in_grace_period, Some(true));
        assert_eq!(receipt.in_free_trial, Some(true));

        let least = json!({"s": "gold", "d": "1", "u": "user", "t": 7}).to_string();
        let receipt = AppTesterReceipt::decode(&pack(least.as_bytes())).unwrap();
        assert_eq!(receipt.product_type, AppTesterProductType::Unknown(7));
        assert_eq!(receipt.auto_renewing, None);
    }

    #[test]
    fn an_id_that_only_looks_like_it_is_amazon_s() {
        let good = pack(subscription().to_string().as_bytes());
        let good = good.as_str();
        let mut bad = vec![
            String::new(),
            "q1Y".to_owned(),
            // Letters, and the form, of Amazon's own.
            "q1YEG1gsEZI9q9UnI5YoZ2OxeoVKPdR5bvPMqyKQq5Y=:1:11".to_owned(),
            "q1YEG1gsEZI9q9UnI5YoZ2OxeoVKPdR5bvPMqyKQq5Y".to_owned(),
            format!("{good}="),
            format!(" {good}"),
            good.to_lowercase(),
            good.strip_suffix(|_: char| true).unwrap().to_owned(),
            format!("{good}{}", "A".repeat(MAX_ID_LENGTH)),
        ];
        for member in ["u", "s", "t", "d"] {
            let mut json = subscription();
            json.as_object_mut().unwrap().remove(member);
            bad.push(pack(json.to_string().as_bytes()).into_string());
        }
        for id in bad {
            assert_eq!(AppTesterReceipt::decode(&id.as_str().into()), None, "{id}");
        }
    }

    #[test]
    fn a_small_id_that_unpacks_to_much_is_given_up() {
        let bomb = json!({"u": "x".repeat(500_000), "s": "", "t": 0, "d": 0}).to_string();
        let id = pack(bomb.as_bytes());
        assert!(id.as_str().len() < MAX_ID_LENGTH, "{}", id.as_str().len());
        assert_eq!(AppTesterReceipt::decode(&id), None);
    }

    proptest::proptest! {
        #[test]
        fn no_id_panics(id in "(q1Y)?[A-Za-z0-9_-]{0,300}") {
            let _ = AppTesterReceipt::decode(&id.into());
        }
    }
}
