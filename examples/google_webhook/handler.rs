//! What is done with a notification, and what Pub/Sub is answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use iap::google::{Confirmation, CurrentPurchase, GooglePlayVerifier, OnlineNotificationVerifier};
use iap::{
    Access, AccessPolicy, Clock, EndpointAnswer, Error, Purchase, StoreEvent, SystemClock, causes,
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
        // A notification tells only that something changed.
        let current = match &self.play {
            Some(play) => Some(play.current_purchase(&notification).await?),
            None => None,
        };
        {
            let mut seen = self.seen();
            // Another delivery of it may have waited for Google at the same time.
            if !seen.contains(&event.id) {
                handle_event(&event, current.as_ref());
                // Only now: what could not be handled is to be sent again.
                seen.insert(event.id);
            }
        }
        if let Some(CurrentPurchase::Found(purchase)) = current {
            self.acknowledge(&purchase).await;
        }
        Ok(())
    }

    /// Tells Google that the purchase has been stored; it otherwise gives the money back, usually after
    /// three days. Should it fail, the purchase stays
    /// [`Pending`](iap::Acknowledgement::Pending): a real server tries again.
    async fn acknowledge(&self, purchase: &Purchase) {
        let client = self.play.as_ref().zip(purchase.app_id.as_ref());
        let Some(client) = client.and_then(|(play, app_id)| play.client(app_id)) else {
            return;
        };
        match client.acknowledge_if_needed(purchase).await {
            Ok(Confirmation::Done) => {
                println!("told      Google that {} is stored", purchase.product_id);
            }
            Ok(Confirmation::NotNeeded) => {}
            Err(error) => eprintln!("not told  {error}: {}", causes(&error)),
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
                // Pub/Sub brought it, and would for days: nobody can ever handle it.
                EndpointAnswer::Accept => "dropped",
                EndpointAnswer::TryAgain => "later",
                _ => "refused",
            };
            eprintln!("{word:8}  {error}: {}", causes(&error));
            answer
        }
    };
    StatusCode::from_u16(answer.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Here a real server writes to its database: the event's id and the purchase, in one transaction.
/// The purchase takes the place of a stored one that it supersedes, and keeps what that one knew
/// (`Purchase::keep_from`); one that it replaces ends (`Purchase::replaced`) once it is paid.
fn handle_event(event: &StoreEvent, current: Option<&CurrentPurchase>) {
    let what = match current {
        None => "ask Google, with --key".to_owned(),
        Some(CurrentPurchase::Found(purchase)) => {
            let access = match purchase.access_at(SystemClock.now(), &AccessPolicy::new()) {
                Access::Granted { until: None, .. } => "access for good".to_owned(),
                Access::Granted {
                    until: Some(until), ..
                } => format!("access until {until}"),
                Access::Denied { reason, .. } => format!("no access: {reason:?}"),
            };
            format!("{}: {access}", purchase.product_id)
        }
        Some(CurrentPurchase::Gone(_)) => "Google no longer keeps it: no access".to_owned(),
        Some(CurrentPurchase::NotFound(_)) => "Google does not know it".to_owned(),
        Some(_) => "-".to_owned(),
    };
    println!("handled   {} {} {what}", event.id, event.kind);
}

/// As much as the verifier reads; a notification has about 1 kB.
const MAX_BODY_LENGTH: usize = 64 * 1024;
