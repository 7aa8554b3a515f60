//! A notification that was authenticated, about an app of yours.

use core::ops::Deref;
use std::sync::Arc;

use iap_core::{AppId, EventId, Timestamp, shorten};

use super::{error::NotificationFailure, message::PubsubMessage};
use crate::{
    crypto::sha256,
    json::read_object,
    model::{
        DeveloperNotification, HiddenText, NotificationKind, OneTimeProductNotificationType,
        PendingRefundReason, RefundType, SubscriptionNotificationType,
    },
};

/// A notification that Pub/Sub pushed, or that you pulled. Dereferences to the notification.
///
/// It says that something changed, and nothing about what is now: ask Google about the purchase.
#[derive(Clone, Debug)]
pub struct VerifiedNotification {
    message: PubsubMessage,
    notification: DeveloperNotification,
    app_id: AppId,
    event_time: Timestamp,
    json: Arc<Json>,
}

/// Not shown in `Debug`: it holds the token of a purchase.
struct Json(Vec<u8>);

impl VerifiedNotification {
    /// Reads the data of a message that was authenticated.
    ///
    /// 1. It is one JSON object without a member twice: a notification of Google Play.
    /// 2. It is about an accepted app.
    /// 3. It says when it happened.
    /// 4. It is about one thing, or about something that this version does not know.
    /// 5. If that is a purchase, it names it.
    pub(super) fn read(
        message: PubsubMessage,
        json: Vec<u8>,
        apps: &[AppId],
    ) -> Result<Self, NotificationFailure> {
        // 1
        let notification: DeveloperNotification =
            read_object(&json).map_err(|problem| NotificationFailure::Notification {
                path: problem.path,
                reason: problem.reason,
            })?;
        // 2
        let app_id = match &notification.package_name {
            Some(app) if apps.contains(app) => app.clone(),
            found => {
                return Err(NotificationFailure::App {
                    expected: apps.iter().map(ToString::to_string).collect(),
                    found: found.as_ref().map(shorten),
                });
            }
        };
        // 3
        let event_time = notification
            .event_time_millis
            .ok_or(NotificationFailure::Missing {
                member: "eventTimeMillis",
            })?;
        // 4
        let mut kinds = notification.kinds();
        let kind = kinds.next();
        if let (Some(first), Some(second)) = (kind, kinds.next()) {
            return Err(NotificationFailure::SeveralKinds {
                first: first.member(),
                second: second.member(),
            });
        }
        drop(kinds);
        // 5
        if let Some(
            NotificationKind::Subscription(_)
            | NotificationKind::OneTimeProduct(_)
            | NotificationKind::VoidedPurchase(_),
        ) = kind
            && kind
                .and_then(|kind| kind.purchase_token())
                .is_none_or(|token| token.as_str().is_empty())
        {
            return Err(NotificationFailure::Missing {
                member: "purchaseToken",
            });
        }
        Ok(Self {
            message,
            app_id,
            event_time,
            notification,
            json: Arc::new(Json(json)),
        })
    }

    /// The notification itself.
    #[must_use]
    pub const fn notification(&self) -> &DeveloperNotification {
        &self.notification
    }

    /// The message of Pub/Sub that brought it.
    #[must_use]
    pub const fn message(&self) -> &PubsubMessage {
        &self.message
    }

    /// The app that it is about.
    #[must_use]
    pub const fn app_id(&self) -> &AppId {
        &self.app_id
    }

    /// When it happened. Deliveries arrive in any order; of two notifications about one purchase the
    /// later one is newer.
    #[must_use]
    pub const fn event_time(&self) -> Timestamp {
        self.event_time
    }

    /// The JSON as it was received.
    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.json.0
    }

    /// The same for every message about one event: 64 hexadecimal digits.
    ///
    /// Should Google Play publish an event twice, the ids of the messages differ, and this does not:
    /// it is made of the app, the kind and type, the time, the purchase and the order.
    #[must_use]
    pub fn content_id(&self) -> EventId {
        let kind = self.notification.kind();
        let (number, order_id, other) = match kind {
            NotificationKind::Subscription(about) => (
                about
                    .notification_type
                    .map(SubscriptionNotificationType::as_i64),
                None,
                None,
            ),
            NotificationKind::OneTimeProduct(about) => (
                about
                    .notification_type
                    .map(OneTimeProductNotificationType::as_i64),
                None,
                None,
            ),
            NotificationKind::VoidedPurchase(about) => (
                about.refund_type.map(RefundType::as_i64),
                about.order_id.as_ref(),
                None,
            ),
            NotificationKind::PendingRefundReview(about) => (
                about.refund_reason.map(PendingRefundReason::as_i64),
                about.order_id.as_ref(),
                about.pending_refund_token.as_ref(),
            ),
            NotificationKind::Test(_) => (None, None, None),
            // Nothing is known of it but its bytes.
            NotificationKind::Unknown => return EventId::new(hexadecimal(self.json())),
        };
        let parts = [
            self.app_id.as_str(),
            kind.member(),
            &number.map(|number| number.to_string()).unwrap_or_default(),
            &self.event_time.as_millis().to_string(),
            kind.purchase_token().map(AsRef::as_ref).unwrap_or_default(),
            order_id.map(AsRef::as_ref).unwrap_or_default(),
            other.map(HiddenText::as_str).unwrap_or_default(),
        ];
        // With the length before each, no part can run into the next.
        let text: String = parts
            .iter()
            .map(|part| format!("{}:{part};", part.len()))
            .collect();
        EventId::new(hexadecimal(text.as_bytes()))
    }
}

impl Deref for VerifiedNotification {
    type Target = DeveloperNotification;

    fn deref(&self) -> &DeveloperNotification {
        &self.notification
    }
}

impl core::fmt::Debug for Json {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digest = sha256(bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
