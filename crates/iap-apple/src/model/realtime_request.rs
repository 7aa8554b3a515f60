//! What does the App Store ask in the moment when a customer is about to cancel?

use iap_core::{OriginalTransactionId, ProductId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{common::AppStoreEnvironment, wire};

/// The App Store's question which message to show to a customer who is about to cancel.
///
/// Every member is mandatory: the answer is wanted within moments, and a question that leaves out
/// whom it is about cannot be answered.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/decodedrealtimerequestbody)
#[doc(alias = "DecodedRealtimeRequestBody")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RealtimeRequest {
    /// The first transaction of the subscription, the same over all renewals.
    pub original_transaction_id: OriginalTransactionId,

    /// The number of the app in the App Store.
    #[serde(deserialize_with = "wire::required_whole_number")]
    pub app_apple_id: i64,

    /// The subscription that the customer is about to cancel.
    pub product_id: ProductId,

    /// The language and region of the customer; a locale identifier.
    pub user_locale: String,

    /// The identifier that the App Store gave to this question; a UUID.
    pub request_identifier: String,

    /// When the App Store signed this payload.
    #[serde(with = "wire::millis")]
    pub signed_date: Timestamp,

    /// The App Store world that the subscription belongs to.
    pub environment: AppStoreEnvironment,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sample() -> Value {
        json!({
            "originalTransactionId": "730000000000001",
            "appAppleId": 1_234_509_876,
            "productId": "swim.season",
            "userLocale": "is-IS",
            "requestIdentifier": "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f",
            "signedDate": 1_790_000_006_000_i64,
            "environment": "Production",
        })
    }

    #[test]
    fn a_full_request_is_written_back_as_it_was_read() {
        let request: RealtimeRequest = serde_json::from_value(sample()).unwrap();
        assert_eq!(request.original_transaction_id, "730000000000001");
        assert_eq!(request.signed_date.as_millis(), 1_790_000_006_000);
        assert_eq!(serde_json::to_value(&request).unwrap(), sample());
    }

    #[test]
    fn every_member_is_demanded_and_named_when_it_is_missing() {
        let sample = sample();
        let members = sample.as_object().unwrap();
        assert_eq!(members.len(), 7);
        for member in members.keys() {
            let mut missing = members.clone();
            missing.remove(member);
            let error = serde_json::from_value::<RealtimeRequest>(missing.into()).unwrap_err();
            assert!(error.to_string().contains(member), "{error}");

            let mut null = members.clone();
            null.insert(member.clone(), Value::Null);
            assert!(
                serde_json::from_value::<RealtimeRequest>(null.into()).is_err(),
                "{member}"
            );
        }
    }

    #[test]
    fn an_unknown_member_or_environment_does_not_fail_the_request() {
        let mut sample = sample();
        sample["environment"] = "Moon".into();
        sample["mood"] = "undecided".into();
        let request: RealtimeRequest = serde_json::from_value(sample).unwrap();
        assert_eq!(request.environment.as_str(), "Moon");
    }
}
