//! What a Real-time developer notification of Google Play holds, and what Pub/Sub puts around it.
//!
//! <https://developer.android.com/google/play/billing/rtdn-reference>

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_core::Timestamp;
use serde_json::{Value, json};

use crate::{payload::Changes, system};

/// Builds a Real-time developer notification of Google Play.
///
/// Members are named as Google names them. No type of `iap-google` takes part, so that its models
/// are judged by something they did not write themselves.
///
/// ```
/// use iap_testkit::GoogleNotificationBuilder;
///
/// let renewed = GoogleNotificationBuilder::subscription("com.example.app", 2, "token");
/// let wrapped: String = renewed.push("1838996669366530");
/// let unwrapped: String = renewed.json();
/// # assert!(wrapped.contains("1838996669366530") && unwrapped.contains("subscriptionNotification"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build`, `json` or `push` is called"]
pub struct GoogleNotificationBuilder {
    defaults: Value,
    changes: Changes,
}

impl GoogleNotificationBuilder {
    /// About the subscription with this token: `notification_type` is Google's number, 2 for a
    /// renewal.
    pub fn subscription(package_name: &str, notification_type: i64, purchase_token: &str) -> Self {
        Self::new(
            package_name,
            "subscriptionNotification",
            json!({
                "version": "1.0",
                "notificationType": notification_type,
                "purchaseToken": purchase_token,
            }),
        )
    }

    /// About the one-time purchase with this token: `notification_type` is 1 where it was paid, 2
    /// where it was cancelled.
    pub fn one_time_product(
        package_name: &str,
        notification_type: i64,
        purchase_token: &str,
        sku: &str,
    ) -> Self {
        Self::new(
            package_name,
            "oneTimeProductNotification",
            json!({
                "version": "1.0",
                "notificationType": notification_type,
                "purchaseToken": purchase_token,
                "sku": sku,
            }),
        )
    }

    /// About an order that was refunded: `product_type` is 1 for a subscription and 2 for a one-time
    /// product, `refund_type` 1 for all of it and 2 for some of the items.
    pub fn voided_purchase(
        package_name: &str,
        purchase_token: &str,
        order_id: &str,
        product_type: i64,
        refund_type: i64,
    ) -> Self {
        Self::new(
            package_name,
            "voidedPurchaseNotification",
            json!({
                "purchaseToken": purchase_token,
                "orderId": order_id,
                "productType": product_type,
                "refundType": refund_type,
            }),
        )
    }

    /// About a chargeback of an order, which Google is about to decide.
    pub fn pending_refund_review(package_name: &str, order_id: &str, token: &str) -> Self {
        Self::new(
            package_name,
            "pendingRefundReviewNotification",
            json!({
                "version": "1.0",
                "pendingRefundToken": token,
                "orderId": order_id,
                "refundReason": 7,
            }),
        )
    }

    /// Of the test button in the Play Console.
    pub fn test(package_name: &str) -> Self {
        Self::new(
            package_name,
            "testNotification",
            json!({ "version": "1.0" }),
        )
    }

    /// About whatever `member` names: for kinds that are not known today.
    pub fn new(package_name: &str, member: &str, value: Value) -> Self {
        let mut defaults = json!({ "version": "1.0", "packageName": package_name });
        defaults[member] = value;
        Self {
            defaults,
            changes: Changes::default(),
        }
        .event_time(system::now())
    }

    /// When it happened.
    pub fn event_time(self, at: Timestamp) -> Self {
        self.member("eventTimeMillis", at.as_millis().to_string())
    }

    /// Sets a member of the notification.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.changes.set(name, value.into());
        self
    }

    /// Leaves a member of the notification out.
    pub fn without_member(mut self, name: &str) -> Self {
        self.changes.leave_out(name);
        self
    }

    /// The notification.
    #[must_use]
    pub fn build(&self) -> Value {
        Value::Object(self.changes.apply_to(self.defaults.clone()))
    }

    /// The notification as a text: the body of a push without a wrapper, the data of a message.
    #[must_use]
    pub fn json(&self) -> String {
        self.build().to_string()
    }

    /// The body of a push as it is by default, through [`SUBSCRIPTION`](Self::SUBSCRIPTION).
    #[must_use]
    pub fn push(&self, message_id: &str) -> String {
        Self::push_data(message_id, self.json())
    }

    /// The body of a push with any data.
    #[must_use]
    pub fn push_data(message_id: &str, data: impl AsRef<[u8]>) -> String {
        Self::push_data_at(system::now(), message_id, data)
    }

    /// The body of a push of a message that was published at `published`.
    pub(crate) fn push_data_at(
        published: Timestamp,
        message_id: &str,
        data: impl AsRef<[u8]>,
    ) -> String {
        let published = published.to_string();
        json!({
            "message": {
                "data": BASE64_STANDARD.encode(data),
                "messageId": message_id,
                "message_id": message_id,
                "publishTime": published,
                "publish_time": published,
            },
            "subscription": Self::SUBSCRIPTION,
        })
        .to_string()
    }

    /// The Pub/Sub subscription that pushes.
    pub const SUBSCRIPTION: &str = "projects/testkit/subscriptions/google-play";
}
