//! Tells your webhook what happened, the way Google Play does: through Pub/Sub, which pushes with a
//! token that Google signed.
//!
//! <https://cloud.google.com/pubsub/docs/push>

use core::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use iap_core::Timestamp;
use serde_json::{Value, json};

use super::{FakeGooglePlay, Shop, State};
use crate::{
    GoogleNotificationBuilder, GooglePushSigner,
    server::{Answer, Delivery, Parcel},
};

/// A message of the topic, and what became of it.
pub(super) struct Message {
    id: String,
    published_at: Timestamp,
    /// A `DeveloperNotification`.
    notification: Value,
    attempts: u32,
    last_attempt: Option<Timestamp>,
    is_acknowledged: bool,
}

/// The Pub/Sub subscription that pushes.
#[derive(Default)]
pub(super) struct Push {
    url: Option<String>,
    audience: Option<String>,
    /// The last one signs, all are published. Made when the first is needed: an RSA key takes a good
    /// part of a second.
    pub(super) signers: Vec<GooglePushSigner>,
}

impl FakeGooglePlay {
    /// Where notifications are pushed, wrapped, as messages of the Pub/Sub subscription
    /// [`SUBSCRIPTION`](GoogleNotificationBuilder::SUBSCRIPTION): your webhook on this machine, plain
    /// `http`. Its URL is the audience of the tokens, as with Google where none is
    /// [set](Self::set_push_audience).
    ///
    /// Without it they are made and kept for [`notifications`](Self::notifications), and pushed
    /// nowhere.
    pub fn set_notification_url(&self, url: impl Into<String>) {
        self.shop.state().push.url = Some(url.into());
    }

    /// Issues the tokens that go along with pushes for `audience`, whatever the URL is.
    pub fn set_push_audience(&self, audience: impl Into<String>) {
        self.shop.state().push.audience = Some(audience.into());
    }

    /// The service account that Pub/Sub pushes as: the e-mail address in the tokens.
    #[must_use]
    pub fn push_service_account(&self) -> &str {
        &self.shop.account.push_email
    }

    /// Where the keys that sign those tokens are had, as a JSON Web Key set.
    #[must_use]
    pub fn keys_url(&self) -> String {
        format!("{}{KEYS_PATH}", self.url())
    }

    /// Who signs those tokens at present.
    #[must_use]
    pub fn push_signer(&self) -> GooglePushSigner {
        self.shop.state().push.signer()
    }

    /// Signs with a new key from now on. Those before stay published, as with Google, until they are
    /// [withdrawn](Self::withdraw_old_push_keys).
    pub fn rotate_push_key(&self) {
        let mut state = self.shop.state();
        state.push.signer();
        state.push.signers.push(GooglePushSigner::new());
    }

    /// Publishes no key any more but the one that signs.
    pub fn withdraw_old_push_keys(&self) {
        let mut state = self.shop.state();
        let present = state.push.signer();
        state.push.signers = vec![present];
    }

    /// Waits until everything pushed so far has been answered, or not.
    pub async fn notifications_posted(&self) {
        self.shop.courier.idle().await;
    }

    /// Pushes again what your webhook did not acknowledge and is due by the store's clock: 10 seconds
    /// after the first attempt, then after pauses that double up to 10 minutes, for 7 days.
    pub fn post_due_notifications(&self) {
        let now = self.shop.now();
        self.shop.post_all(|message| message.is_due(now));
    }

    /// Pushes everything once more, whatever became of it: Pub/Sub delivers at least once.
    pub fn post_notifications_again(&self) {
        self.shop.post_all(|_| true);
    }

    /// Somebody presses the test button of the Play Console.
    pub fn send_test_notification(&self) {
        let mut state = self.shop.state();
        let members = json!({ "version": "1.0" });
        self.shop.notify(&mut state, "testNotification", members);
    }

    /// What Google Play notified so far: the `DeveloperNotification`s in their order.
    #[must_use]
    pub fn notifications(&self) -> Vec<Value> {
        let state = self.shop.state();
        let messages = state.messages.iter();
        messages.map(|it| it.notification.clone()).collect()
    }

    /// How many of them your webhook has not acknowledged yet, of those that were pushed.
    #[must_use]
    pub fn unacknowledged_notifications(&self) -> usize {
        let state = self.shop.state();
        let messages = state.messages.iter();
        messages
            .filter(|it| it.attempts > 0 && !it.is_acknowledged)
            .count()
    }
}

impl Message {
    fn is_due(&self, now: Timestamp) -> bool {
        let Some(last) = self.last_attempt.filter(|_| !self.is_acknowledged) else {
            return false;
        };
        let doubled = 2_u32.saturating_pow(self.attempts.saturating_sub(1));
        let wait = SHORTEST_PAUSE.saturating_mul(doubled).min(LONGEST_PAUSE);
        now >= last.saturating_add(wait) && now < self.published_at.saturating_add(RETENTION)
    }
}

impl Push {
    fn signer(&mut self) -> GooglePushSigner {
        if self.signers.is_empty() {
            self.signers.push(GooglePushSigner::new());
        }
        self.signers.last().expect("there is one").clone()
    }
}

impl Shop {
    /// Publishes what Google Play tells; `members` are those of the kind of notification named.
    pub(super) fn notify(&self, state: &mut State, kind: &str, members: Value) {
        let now = self.now();
        state.messages.push(Message {
            id: format!("{:016}", FIRST_MESSAGE_ID + state.messages.len()),
            published_at: now,
            notification: json!({
                "version": "1.0",
                "packageName": self.package_name,
                "eventTimeMillis": now.as_millis().to_string(),
                kind: members,
            }),
            attempts: 0,
            last_attempt: None,
            is_acknowledged: false,
        });
        self.post(state, state.messages.len() - 1);
    }

    pub(super) fn notify_subscription(&self, state: &mut State, kind: i64, purchase_token: &str) {
        let mut members = json!({
            "version": "1.0",
            "notificationType": kind,
            "purchaseToken": purchase_token,
        });
        let subscription = state.subscriptions.get(purchase_token);
        // With add-ons there is none.
        if let Some([(product_id, _)]) = subscription.map(|it| it.bought.items.as_slice()) {
            members["subscriptionId"] = product_id.clone().into();
        }
        self.notify(state, "subscriptionNotification", members);
    }

    pub(super) fn notify_product(&self, state: &mut State, kind: i64, purchase_token: &str) {
        let mut members = json!({
            "version": "1.0",
            "notificationType": kind,
            "purchaseToken": purchase_token,
        });
        let product = state.products.get(purchase_token);
        // With several products there is none.
        if let Some([(product_id, _)]) = product.map(|it| it.bought.items.as_slice()) {
            members["sku"] = product_id.clone().into();
        }
        self.notify(state, "oneTimeProductNotification", members);
    }

    /// `product_type` is 1 for subscriptions and 2 for one-time products, `refund_type` 1 for all of
    /// an order and 2 for some of its items.
    pub(super) fn notify_voided(
        &self,
        state: &mut State,
        purchase_token: &str,
        order_id: &str,
        product_type: i64,
        refund_type: i64,
    ) {
        let members = json!({
            "purchaseToken": purchase_token,
            "orderId": order_id,
            "productType": product_type,
            "refundType": refund_type,
        });
        self.notify(state, "voidedPurchaseNotification", members);
    }

    fn post_all(&self, is_wanted: impl Fn(&Message) -> bool) {
        let mut state = self.state();
        for number in 0..state.messages.len() {
            if is_wanted(&state.messages[number]) {
                self.post(&mut state, number);
            }
        }
    }

    /// Pushes a message where there is a webhook, with a token of its own.
    fn post(&self, state: &mut State, number: usize) {
        let Some(url) = state.push.url.clone() else {
            return;
        };
        let now = self.now();
        let audience = state.push.audience.clone();
        let token = state
            .push
            .signer()
            .token(
                &audience.unwrap_or_else(|| url.clone()),
                &self.account.push_email,
            )
            .issued_at(now);
        let message = &mut state.messages[number];
        message.attempts += 1;
        message.last_attempt = Some(now);
        let body = GoogleNotificationBuilder::push_data_at(
            message.published_at,
            &message.id,
            message.notification.to_string(),
        );
        let authorization = HeaderValue::try_from(token.authorization());
        let headers = HeaderMap::from_iter([
            (header::AUTHORIZATION, authorization.expect("plain text")),
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            ),
            (header::USER_AGENT, HeaderValue::from_static(USER_AGENT)),
        ]);
        let shop = self.itself.clone();
        self.courier.post(Parcel {
            url,
            headers,
            body: Bytes::from(body),
            done: Box::new(move |delivery| {
                if let Some(shop) = shop.upgrade()
                    && is_acknowledgement(delivery)
                {
                    shop.state().messages[number].is_acknowledged = true;
                }
            }),
        });
    }
}

/// Answers with the keys that sign, as Google does.
pub(super) fn keys(shop: &Shop) -> Answer {
    let mut state = shop.state();
    state.push.signer();
    let keys: Vec<Value> = state
        .push
        .signers
        .iter()
        .map(GooglePushSigner::jwk)
        .collect();
    Answer::json(StatusCode::OK, &json!({ "keys": keys }))
        .with(
            header::CACHE_CONTROL,
            "public, max-age=21600, must-revalidate, no-transform",
        )
        .with(header::AGE, 0)
}

/// The statuses that Pub/Sub takes for an acknowledgement, of those that end an answer.
fn is_acknowledgement(delivery: Delivery) -> bool {
    matches!(delivery, Delivery::Answered(status) if [200, 201, 202, 204].contains(&status.as_u16()))
}

/// The path of Google's own.
pub(super) const KEYS_PATH: &str = "/oauth2/v3/certs";

const USER_AGENT: &str = "CloudPubSub-Google";

/// Sixteen digits, as real ones have; counted up so that a failing test names small differences.
const FIRST_MESSAGE_ID: usize = 1_838_996_669_366_530;

const SHORTEST_PAUSE: Duration = Duration::from_secs(10);

const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

const RETENTION: Duration = Duration::from_secs(7 * 24 * 60 * 60);
