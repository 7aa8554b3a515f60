//! What a signed request of the Retention Messaging API holds.
//!
//! <https://developer.apple.com/documentation/retentionmessaging/decodedrealtimerequestbody>

use iap_core::{Environment, Timestamp};
use serde_json::{Value, json};

use super::{Changes, Wire as _, setters};
use crate::{SigningAuthority, system};

/// Builds the payload of a realtime request (`DecodedRealtimeRequestBody`), by which the App Store
/// asks which retention message a customer should see.
///
/// ```
/// use iap_testkit::RealtimeRequestBuilder;
///
/// let request = RealtimeRequestBuilder::new(1_234_567_890, "pro.monthly")
///     .user_locale("fr-CA")
///     .build();
/// assert_eq!(request["userLocale"], "fr-CA");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` or `sign` is called"]
pub struct RealtimeRequestBuilder {
    defaults: Value,
    changes: Changes,
}

impl RealtimeRequestBuilder {
    /// A request about the subscription to `product_id` in the app with the App Store's number
    /// `app_apple_id`.
    pub fn new(app_apple_id: i64, product_id: &str) -> Self {
        Self {
            defaults: json!({
                "originalTransactionId": system::transaction_id(),
                "appAppleId": app_apple_id,
                "productId": product_id,
                "userLocale": "en-US",
                "requestIdentifier": system::uuid(),
                "environment": "Production",
                "signedDate": system::now().as_millis(),
            }),
            changes: Changes::default(),
        }
    }

    /// When the App Store signed (`signedDate`). Default: when the builder was made.
    pub fn signed_at(self, at: Timestamp) -> Self {
        self.set("signedDate", at.wire())
    }

    setters! {
        /// Identifies the purchase across its renewals. Decimal digits. Default: fresh.
        original_transaction_id: &str => "originalTransactionId";
        /// The App Store's number for the app.
        app_apple_id: i64 => "appAppleId";
        /// The product the customer is about to cancel.
        product_id: &str => "productId";
        /// The customer's language and region.
        user_locale: &str => "userLocale";
        /// Identifies this request: a UUID. Default: fresh.
        request_identifier: &str => "requestIdentifier";
        /// The world the purchase was made in. Default: production.
        environment: Environment => "environment";
    }

    /// The payload.
    #[must_use]
    pub fn build(&self) -> Value {
        Value::Object(self.changes.apply_to(self.defaults.clone()))
    }

    /// The payload, signed.
    #[must_use]
    pub fn sign(&self, authority: &SigningAuthority) -> String {
        authority.sign(&self.build())
    }
}
