//! What a signed app transaction holds: the download of the app itself.
//!
//! <https://developer.apple.com/documentation/storekit/apptransaction>

use core::time::Duration;

use iap_core::{Environment, Timestamp};
use serde_json::{Value, json};

use super::{Changes, Wire as _, setters, transaction::APP_TRANSACTION_ID};
use crate::{SigningAuthority, system};

/// Builds the payload of a signed app transaction (`AppTransaction`).
///
/// ```
/// use iap_testkit::AppTransactionBuilder;
///
/// let app_transaction = AppTransactionBuilder::new("com.example.app", 1_234_567_890).build();
/// assert_eq!(app_transaction["receiptType"], "Production");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` or `sign` is called"]
pub struct AppTransactionBuilder {
    bundle_id: String,
    app_apple_id: i64,
    nonce: String,
    made_at: Timestamp,
    changes: Changes,
}

impl AppTransactionBuilder {
    /// The download of the app with `bundle_id` and the App Store's number `app_apple_id`, a year
    /// before it was signed.
    pub fn new(bundle_id: &str, app_apple_id: i64) -> Self {
        Self {
            bundle_id: bundle_id.to_owned(),
            app_apple_id,
            nonce: system::uuid(),
            made_at: system::now(),
            changes: Changes::default(),
        }
    }

    /// When the App Store signed (`receiptCreationDate`, which is what this payload has for a
    /// signed date). Default: when the builder was made.
    pub fn signed_at(self, at: Timestamp) -> Self {
        self.set("receiptCreationDate", at.wire())
    }

    /// The world the app was downloaded in (`receiptType`). Default: production.
    pub fn environment(self, environment: Environment) -> Self {
        self.set("receiptType", environment.wire())
    }

    setters! {
        /// The App Store's number for the app.
        app_apple_id: i64 => "appAppleId";
        /// The app.
        bundle_id: &str => "bundleId";
        /// The version of the app, as its `CFBundleVersion`.
        application_version: &str => "applicationVersion";
        /// The App Store's number for that version.
        version_external_identifier: i64 => "versionExternalIdentifier";
        /// When the customer first downloaded the app. Default: a year before the signed date.
        original_purchase_date: Timestamp => "originalPurchaseDate";
        /// The version that the customer first downloaded.
        original_application_version: &str => "originalApplicationVersion";
        /// Ties the payload to one device, base64.
        device_verification: &str => "deviceVerification";
        /// The UUID that went into the device verification.
        device_verification_nonce: &str => "deviceVerificationNonce";
        /// When the customer ordered the app before its release.
        preorder_date: Timestamp => "preorderDate";
        /// Identifies the customer's download of the app. Decimal digits.
        app_transaction_id: &str => "appTransactionId";
        /// `iOS`, `macOS`, `tvOS` or `visionOS`.
        original_platform: &str => "originalPlatform";
    }

    /// The payload.
    #[must_use]
    pub fn build(&self) -> Value {
        let signed = self.signed_date();
        let defaults = json!({
            "receiptType": "Production",
            "appAppleId": self.app_apple_id,
            "bundleId": self.bundle_id,
            "applicationVersion": "42",
            "versionExternalIdentifier": 870_000_001,
            "receiptCreationDate": signed.as_millis(),
            "originalPurchaseDate": signed.saturating_sub(AGE_OF_DOWNLOAD).as_millis(),
            "originalApplicationVersion": "40",
            "deviceVerification": DEVICE_VERIFICATION,
            "deviceVerificationNonce": self.nonce,
            "appTransactionId": APP_TRANSACTION_ID,
            "originalPlatform": "iOS",
        });
        Value::Object(self.changes.apply_to(defaults))
    }

    /// The payload, signed.
    #[must_use]
    pub fn sign(&self, authority: &SigningAuthority) -> String {
        authority.sign(&self.build())
    }

    pub(super) fn signed_date(&self) -> Timestamp {
        self.changes
            .date("receiptCreationDate")
            .unwrap_or(self.made_at)
    }
}

/// How long ago the app was first downloaded.
const AGE_OF_DOWNLOAD: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// 48 bytes in base64, as a SHA-384 hash is; of no device.
const DEVICE_VERIFICATION: &str =
    "dGVzdCBkZXZpY2UgdmVyaWZpY2F0aW9uLCA0OCBieXRlcyBvZiBpdCwgbm8gbW9y";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_date_is_the_receipt_creation_date() {
        let at = Timestamp::from_seconds(1_700_000_000);
        let payload = AppTransactionBuilder::new("com.example.app", 1)
            .signed_at(at)
            .build();
        assert_eq!(payload["receiptCreationDate"], 1_700_000_000_000_i64);
        assert_eq!(payload.get("signedDate"), None);
    }
}
