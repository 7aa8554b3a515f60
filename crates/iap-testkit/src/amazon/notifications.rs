//! Tells your webhook what happened, the way Amazon does: through its Simple Notification Service.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/real-time-notifications.html>

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;

use super::{FakeAmazonAppstore, Shop, State};
use crate::{AmazonNotificationBuilder, SnsMessageBuilder, SnsSigner, server::Parcel, system};

/// Where notifications go.
pub(super) struct Endpoint {
    url: String,
    /// What the confirmation that was posted there asks to be handed back.
    token: String,
    is_confirmed: bool,
}

impl FakeAmazonAppstore {
    /// The topic that notifications are published to: what your verifier has to accept, and nothing
    /// else.
    #[must_use]
    pub fn topic_arn(&self) -> &str {
        &self.shop.topic_arn
    }

    /// Who signs notifications. Its certificate is also served here, at the path of
    /// [`certificate_url`](SnsSigner::certificate_url).
    #[must_use]
    pub fn sns_signer(&self) -> &SnsSigner {
        self.shop.signer()
    }

    /// Registers your webhook on this machine, plain `http`. A `SubscriptionConfirmation` is posted
    /// there; notifications follow only after [`confirm_subscription`](Self::confirm_subscription).
    pub fn set_notification_url(&self, url: impl Into<String>) {
        let endpoint = Endpoint {
            url: url.into(),
            token: system::digits_and_letters(32),
            is_confirmed: false,
        };
        let confirmation = SnsMessageBuilder::subscription_confirmation(&self.shop.topic_arn)
            .timestamp(self.shop.clock.now())
            .token(&endpoint.token);
        self.shop.post(&endpoint, &confirmation);
        self.shop.state().endpoint = Some(endpoint);
    }

    /// Hands back the token of the confirmation, as its `SubscribeURL` or the Developer Console does;
    /// whether it was the right one.
    pub fn confirm_subscription(&self, token: &str) -> bool {
        let mut state = self.shop.state();
        let endpoint = state.endpoint.as_mut().filter(|it| it.token == token);
        endpoint.is_some_and(|endpoint| {
            endpoint.is_confirmed = true;
            true
        })
    }

    /// Waits until everything notified so far has been posted.
    pub async fn notifications_posted(&self) {
        self.shop.courier.idle().await;
    }

    /// What was notified so far: the messages inside the envelopes, in their order.
    #[must_use]
    pub fn notifications(&self) -> Vec<Value> {
        self.shop.state().notifications.clone()
    }
}

impl Shop {
    /// Made when it is first needed: an RSA key takes a good part of a second.
    fn signer(&self) -> &SnsSigner {
        self.signer.get_or_init(SnsSigner::new)
    }

    /// The certificate whose file is named, as its address answers.
    pub(super) fn certificate(&self, file: &str) -> Option<String> {
        let host = self.signer().certificate_url();
        let (host, _) = host.rsplit_once('/')?;
        self.signer().certificate_at(&format!("{host}/{file}"))
    }

    /// Notes what happened to a receipt, and posts it where somebody listens.
    pub(super) fn notify(
        &self,
        state: &mut State,
        receipt_id: &str,
        event: &str,
        canceled: Option<&str>,
    ) {
        let Some(receipt) = state.receipts.get(receipt_id) else {
            return;
        };
        let kind = match receipt.members.get("productType").and_then(Value::as_str) {
            Some("CONSUMABLE") => "CONSUMABLE",
            Some("ENTITLED") => "ENTITLEMENT",
            _ => "SUBSCRIPTION",
        };
        let is_beta = receipt.members.get("betaProduct") == Some(&Value::Bool(true));
        let mut notification =
            AmazonNotificationBuilder::new(&format!("{kind}_{event}"), &self.package_name)
                .receipt_id(receipt_id)
                .app_user_id(&receipt.user_id)
                .beta_product_transaction(is_beta)
                .timestamp(self.clock.now());
        if let Some(canceled) = canceled {
            notification = notification.cancelled_receipt_id(canceled);
        }
        state.notifications.push(notification.build());
        if let Some(endpoint) = state.endpoint.as_ref().filter(|it| it.is_confirmed) {
            let message = notification.message(&self.topic_arn);
            self.post(endpoint, &message.timestamp(self.clock.now()));
        }
    }

    fn post(&self, endpoint: &Endpoint, message: &SnsMessageBuilder) {
        let mut headers = HeaderMap::new();
        // JSON, although it does not say so.
        let text = HeaderValue::from_static("text/plain; charset=UTF-8");
        headers.insert(header::CONTENT_TYPE, text);
        self.courier.post(Parcel {
            url: endpoint.url.clone(),
            headers,
            body: Bytes::from(message.sign(self.signer())),
            done: Box::new(|_| {}),
        });
    }
}
