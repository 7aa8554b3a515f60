//! What a Real-Time Notification of the Amazon Appstore holds.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/real-time-notifications.html>

use iap_core::Timestamp;
use serde_json::{Value, json};

use super::{SnsMessageBuilder, SnsSigner};
use crate::{
    payload::{Changes, Wire as _, setters},
    system,
};

/// Builds a Real-Time Notification of the Amazon Appstore.
///
/// Members are named as Amazon names them. No type of `iap-amazon` takes part, so that its models
/// are judged by something they did not write themselves.
///
/// ```
/// use iap_testkit::{AmazonNotificationBuilder, SnsSignatureVersion, SnsSigner};
///
/// let signer = SnsSigner::new();
/// let topic = "arn:aws:sns:us-east-1:123456789012:Example";
/// let change = AmazonNotificationBuilder::new("SUBSCRIPTION_MODIFIED_IMMEDIATE", "com.example.app")
///     .receipt_id("new:3:11")
///     .cancelled_receipt_id("old:3:11");
/// let body = change.sign(&signer, topic);
/// // Another version, a subject, another time: by its envelope.
/// let body = change.message(topic).signature_version(SnsSignatureVersion::V2).sign(&signer);
/// # assert!(body.contains("old:3:11"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` or `sign` is called"]
pub struct AmazonNotificationBuilder {
    defaults: Value,
    changes: Changes,
}

impl AmazonNotificationBuilder {
    /// A notification of the type `notification_type`, for example `SUBSCRIPTION_RENEWED`, about
    /// the app `app_package_name`.
    pub fn new(notification_type: &str, app_package_name: &str) -> Self {
        let kind = match notification_type.split('_').next() {
            Some("CONSUMABLE") => "1",
            Some("ENTITLEMENT") => "2",
            _ => "3",
        };
        Self {
            defaults: json!({
                "appPackageName": app_package_name,
                "notificationType": notification_type,
                "appUserId": system::amazon_id(),
                "receiptId": format!("{}:{kind}:11", system::amazon_id()),
                "relatedReceipts": {},
                "timestamp": system::now().as_millis(),
                "betaProductTransaction": false,
            }),
            changes: Changes::default(),
        }
    }

    /// When it happened (`timestamp`). Default: when the builder was made.
    pub fn timestamp(self, at: Timestamp) -> Self {
        self.set("timestamp", at.wire())
    }

    /// The receipt that was cancelled for this one (`relatedReceipts`). Default: none.
    pub fn cancelled_receipt_id(self, receipt_id: &str) -> Self {
        self.set(
            "relatedReceipts",
            json!({ "cancelledReceiptId": receipt_id }),
        )
    }

    setters! {
        /// What happened.
        notification_type: &str => "notificationType";
        /// The receipt it is about. Default: fresh.
        receipt_id: &str => "receiptId";
        /// The customer. Default: fresh.
        app_user_id: &str => "appUserId";
        /// The app.
        app_package_name: &str => "appPackageName";
        /// Whether it is about a product in Live App Testing. Default: it is not.
        beta_product_transaction: bool => "betaProductTransaction";
    }

    /// The notification, as JSON.
    #[must_use]
    pub fn build(&self) -> Value {
        Value::Object(self.changes.apply_to(self.defaults.clone()))
    }

    /// The envelope around the notification, to be changed and signed.
    pub fn message(&self, topic_arn: &str) -> SnsMessageBuilder {
        SnsMessageBuilder::notification(topic_arn, &self.build().to_string())
    }

    /// The body that is posted, signed.
    #[must_use]
    pub fn sign(&self, signer: &SnsSigner, topic_arn: &str) -> String {
        self.message(topic_arn).sign(signer)
    }
}
