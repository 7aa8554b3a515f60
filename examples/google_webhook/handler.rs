//! What is done with a notification, and what Pub/Sub is answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use iap::core::causes;
use iap::google::{
    GooglePlayVerifier, NotificationKind, OnlineNotificationVerifier, VerifiedNotification,
    VoidedProductType,
};
use iap::{
    Access, AccessPolicy, Clock, EndpointAnswer, Error, ErrorKind, Proof, Purchase, StoreEvent,
    SystemClock, Verifier,
};

use crate::seen::Seen;

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Webhook {
    verifier: OnlineNotificationVerifier,
    /// `None` if nobody gave a key to ask Google with.
    play: Option<GooglePlayVerifier>,
    seen: Arc<Mutex<Seen>>,
}

impl Webhook {
    pub(crate) fn new(
        verifier: OnlineNotificationVerifier,
        play: Option<GooglePlayVerifier>,
    ) -> Self {
        Self {
            verifier,
            play,
            seen: Arc::default(),
        }
    }

    /// Authenticates a push, asks Google about the purchase, and handles the notification once.
    async fn handle(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Error> {
        let notification = self.verifier.verify(headers, body).await?;
        let event = notification.to_event();
        if self.seen().contains(&event.id) {
            println!("again     {} {}", event.id, event.kind);
            return Ok(());
        }
        let outcome = self.ask(&notification, &event).await?;
        let mut seen = self.seen();
        // Another delivery of it may have waited for Google at the same time.
        if !seen.contains(&event.id) {
            handle_event(&event, &outcome);
            // Only now: what could not be handled is to be sent again.
            seen.insert(event.id);
        }
        Ok(())
    }

    /// What the purchase is now. A notification tells only that something changed.
    ///
    /// An error means that Google could not tell. That it does not know the purchase, or no longer,
    /// is an answer: sent again, the notification would find the same.
    async fn ask(
        &self,
        notification: &VerifiedNotification,
        event: &StoreEvent,
    ) -> Result<Outcome, Error> {
        let Some(proof) = proof(notification) else {
            return Ok(Outcome::NoPurchase);
        };
        let Some(play) = &self.play else {
            return Ok(Outcome::NotAsked);
        };
        // Google may push before it knows the purchase itself: then this is an error.
        let proof = proof.with_purchase_time(event.occurred_at);
        match play.verify(&proof).await {
            Ok(purchase) => Ok(Outcome::Purchase(Box::new(purchase))),
            Err(error) if matches!(error.kind(), ErrorKind::Rejected(_)) => {
                Ok(Outcome::Rejected(error))
            }
            Err(error) => Err(error),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came of asking Google.
enum Outcome {
    /// The notification is about no purchase.
    NoPurchase,
    NotAsked,
    Purchase(Box<Purchase>),
    /// Google does not know the purchase, or no longer: end what is left of it.
    Rejected(Error),
}

/// Takes notifications at `/google`; longer bodies than any of Pub/Sub's are not read.
pub(crate) fn router(webhook: Webhook) -> Router {
    Router::new()
        .route("/google", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY_LENGTH))
        .with_state(webhook)
}

async fn receive(State(webhook): State<Webhook>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let answer = match webhook.handle(&headers, &body).await {
        Ok(()) => EndpointAnswer::Accept,
        Err(error) => {
            let answer = error.endpoint_answer();
            let word = match answer {
                EndpointAnswer::TryAgain => "later",
                _ => "refused",
            };
            eprintln!("{word:8}  {error}: {}", causes(&error));
            answer
        }
    };
    StatusCode::from_u16(answer.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What to ask Google about; `None` if the notification is about no purchase.
fn proof(notification: &VerifiedNotification) -> Option<Proof> {
    let app = notification.app_id().clone();
    let about = notification.kind();
    let token = about.purchase_token()?.clone();
    Some(match about {
        NotificationKind::OneTimeProduct(_) => Proof::google_product(app, token),
        NotificationKind::VoidedPurchase(voided)
            if voided.product_type == Some(VoidedProductType::OneTime) =>
        {
            Proof::google_product(app, token)
        }
        _ => Proof::google_subscription(app, token),
    })
}

/// Here a real server writes to its database: the event's id and the purchase, in one transaction.
/// The purchase replaces a stored one that it supersedes.
fn handle_event(event: &StoreEvent, outcome: &Outcome) {
    let what = match outcome {
        Outcome::NoPurchase => "-".to_owned(),
        Outcome::NotAsked => "about a purchase: ask Google, with --key".to_owned(),
        Outcome::Purchase(purchase) => {
            let access = match purchase.access_at(SystemClock.now(), &AccessPolicy::new()) {
                Access::Granted { until: None, .. } => "access for good".to_owned(),
                Access::Granted {
                    until: Some(until), ..
                } => format!("access until {until}"),
                Access::Denied { reason, .. } => format!("no access: {reason:?}"),
            };
            format!("{}: {access}", purchase.product_id)
        }
        Outcome::Rejected(error) => format!("no access: {error}"),
    };
    println!("handled   {} {} {what}", event.id, event.kind);
}

/// As much as the verifier reads; a notification has about 1 kB.
const MAX_BODY_LENGTH: usize = 64 * 1024;
