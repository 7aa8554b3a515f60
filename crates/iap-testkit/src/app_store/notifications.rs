//! Tells your webhook what happened, and remembers whether it listened.
//!
//! <https://developer.apple.com/documentation/appstoreservernotifications/responding-to-app-store-server-notifications>

use bytes::Bytes;
use core::time::Duration;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use iap_core::{Environment, Timestamp};
use serde_json::{Value, json};

use super::{FakeAppStore, Shop, world::World};
use crate::{
    NotificationBuilder,
    server::{Delivery, Parcel},
};

/// A notification, and every attempt to send it.
pub(super) struct SentNotification {
    pub(super) signed_payload: String,
    pub(super) notification_type: String,
    pub(super) subtype: Option<String>,
    /// The transaction it is about.
    pub(super) transaction_id: Option<String>,
    pub(super) made_at: Timestamp,
    pub(super) attempts: Vec<Attempt>,
}

pub(super) struct Attempt {
    at: Timestamp,
    result: &'static str,
}

impl SentNotification {
    pub(super) fn has_arrived(&self) -> bool {
        self.attempts
            .iter()
            .any(|attempt| attempt.result == SUCCESS)
    }

    /// As `NotificationHistoryResponseItem` and `CheckTestNotificationResponse` have it.
    pub(super) fn json(&self) -> Value {
        let attempts: Vec<_> = self.attempts.iter().map(Attempt::json).collect();
        json!({ "signedPayload": self.signed_payload, "sendAttempts": attempts })
    }

    /// Whether another attempt is due at `now`: in production five follow a first one that failed,
    /// each some hours after the one before; in the sandbox none does.
    fn is_due(&self, environment: Environment, now: Timestamp) -> bool {
        let Some(last) = self.attempts.last() else {
            return false;
        };
        let wait = match environment {
            Environment::Production => RETRY_HOURS.get(self.attempts.len() - 1),
            _ => None,
        };
        !self.has_arrived()
            && wait.is_some_and(|hours| now >= last.at.saturating_add(HOUR * *hours))
    }
}

impl Attempt {
    fn json(&self) -> Value {
        json!({ "attemptDate": self.at.as_millis(), "sendAttemptResult": self.result })
    }
}

impl FakeAppStore {
    /// Where notifications of `environment` are posted: your webhook on this machine, plain `http`.
    ///
    /// Without it they are made and kept for the notification history, and posted nowhere.
    pub fn set_notification_url(&self, environment: Environment, url: impl Into<String>) {
        let url = url.into();
        self.shop
            .with_world(environment, |world| world.notification_url = Some(url));
    }

    /// Waits until every notification made so far has been posted once.
    pub async fn notifications_posted(&self) {
        self.shop.courier.idle().await;
    }

    /// Posts again what your webhook did not take and is due by the store's clock: in production 1,
    /// 12, 24, 48 and 72 hours after the attempt before.
    pub fn post_due_notifications(&self) {
        let now = self.shop.now();
        for environment in [Environment::Production, Environment::Sandbox] {
            self.shop.with_world(environment, |world| {
                let numbered = world.notifications.iter().enumerate();
                let due: Vec<usize> = numbered
                    .filter(|(_, it)| it.is_due(environment, now))
                    .map(|(number, _)| number)
                    .collect();
                for number in due {
                    self.shop.post(world, number);
                }
            });
        }
    }

    /// The notifications made so far in `environment`, as they are signed.
    #[must_use]
    pub fn notifications(&self, environment: Environment) -> Vec<String> {
        self.shop.with_world(environment, |world| {
            let notifications = world.notifications.iter();
            notifications.map(|it| it.signed_payload.clone()).collect()
        })
    }
}

impl Shop {
    /// A notification about a transaction, with its subscription where it has one.
    pub(super) fn notify(
        &self,
        world: &mut World,
        transaction_id: &str,
        notification_type: &str,
        subtype: Option<&str>,
    ) {
        self.notify_with(world, transaction_id, notification_type, subtype, |it| it);
    }

    /// As [`notify`](Self::notify), changed by `change`.
    pub(super) fn notify_with(
        &self,
        world: &mut World,
        transaction_id: &str,
        notification_type: &str,
        subtype: Option<&str>,
        change: impl FnOnce(NotificationBuilder) -> NotificationBuilder,
    ) {
        let now = self.now();
        let entry = world.entry(transaction_id).expect("a transaction of ours");
        let signed = entry.signed(&self.authority, now);
        let original_id = entry.original_id();
        let mut notification = self
            .notification(world.environment, notification_type, subtype)
            .signed_transaction_info(&signed);
        if let Some(subscription) = world.subscriptions.get(&original_id) {
            let renewal_info = subscription.renewal_info.clone().signed_at(now);
            notification = notification
                .renewal_info(renewal_info)
                .status(subscription.status);
        }
        let signed_payload = change(notification).sign(&self.authority);
        self.remember(
            world,
            signed_payload,
            notification_type,
            subtype,
            Some(transaction_id),
        );
    }

    /// The beginnings of a notification about our app.
    pub(super) fn notification(
        &self,
        environment: Environment,
        notification_type: &str,
        subtype: Option<&str>,
    ) -> NotificationBuilder {
        let notification = NotificationBuilder::new(notification_type)
            .app(&self.bundle_id, self.app_apple_id)
            .environment(environment)
            .signed_at(self.now());
        match subtype {
            Some(subtype) => notification.subtype(subtype),
            None => notification,
        }
    }

    /// Keeps a notification, and posts it where there is a webhook. Returns its number.
    pub(super) fn remember(
        &self,
        world: &mut World,
        signed_payload: String,
        notification_type: &str,
        subtype: Option<&str>,
        transaction_id: Option<&str>,
    ) -> usize {
        let number = world.notifications.len();
        world.notifications.push(SentNotification {
            signed_payload,
            notification_type: notification_type.to_owned(),
            subtype: subtype.map(str::to_owned),
            transaction_id: transaction_id.map(str::to_owned),
            made_at: self.now(),
            attempts: Vec::new(),
        });
        self.post(world, number);
        number
    }

    fn post(&self, world: &World, number: usize) {
        let Some(url) = world.notification_url.clone() else {
            return;
        };
        let body = json!({ "signedPayload": world.notifications[number].signed_payload });
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, json);
        let environment = world.environment;
        let shop = self.itself.clone();
        self.courier.post(Parcel {
            url,
            headers,
            body: Bytes::from(body.to_string()),
            done: Box::new(move |delivery| {
                let Some(shop) = shop.upgrade() else { return };
                let attempt = Attempt {
                    at: shop.now(),
                    result: attempt_result(delivery),
                };
                shop.with_world(environment, |world| {
                    world.notifications[number].attempts.push(attempt);
                });
            }),
        });
    }
}

/// What became of an attempt, in Apple's words.
pub(super) fn attempt_result(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Answered(status)
            if (StatusCode::OK..=StatusCode::PARTIAL_CONTENT).contains(&status) =>
        {
            SUCCESS
        }
        Delivery::Answered(_) => "UNSUCCESSFUL_HTTP_RESPONSE_CODE",
        Delivery::NoConnection => "SOCKET_ISSUE",
        Delivery::Broken => "PREMATURE_CLOSE",
        Delivery::TimedOut => "TIMED_OUT",
    }
}

const SUCCESS: &str = "SUCCESS";

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How many hours after the attempt before each of the five further attempts is made.
const RETRY_HOURS: [u32; 5] = [1, 12, 24, 48, 72];
