//! What is done with a notification, and what Apple is answered.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::post,
};
use iap::apple::{MAX_NOTIFICATION_BODY_LENGTH, SignedDataVerifier};
use iap::{EndpointAnswer, Error, StoreEvent};

use crate::seen::Seen;

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Webhook {
    verifier: SignedDataVerifier,
    seen: Arc<Mutex<Seen>>,
}

impl Webhook {
    pub(crate) fn new(verifier: SignedDataVerifier) -> Self {
        Self {
            verifier,
            seen: Arc::default(),
        }
    }

    /// Verifies a body, and handles the notification in it once.
    fn handle(&self, body: &[u8]) -> Result<(), Error> {
        let event = self.verifier.verify_notification_body(body)?.to_event()?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.contains(&event.id) {
            println!("again     {} {}", event.id, event.kind);
            return Ok(());
        }
        handle_event(&event);
        // Only now: what could not be handled is to be sent again.
        seen.insert(event.id);
        Ok(())
    }
}

/// Takes notifications at `/apple`; longer bodies than any of Apple's are not read.
pub(crate) fn router(webhook: Webhook) -> Router {
    Router::new()
        .route("/apple", post(receive))
        .layer(DefaultBodyLimit::max(MAX_NOTIFICATION_BODY_LENGTH))
        .with_state(webhook)
}

async fn receive(State(webhook): State<Webhook>, body: Bytes) -> StatusCode {
    let answer = match webhook.handle(&body) {
        Ok(()) => EndpointAnswer::Accept,
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            eprintln!("refused   {error}: {}", cause.unwrap_or_default());
            error.endpoint_answer()
        }
    };
    StatusCode::from_u16(answer.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Here a real server writes to its database: the event's id and the purchase, in one transaction.
/// The purchase replaces a stored one that it supersedes.
fn handle_event(event: &StoreEvent) {
    let purchase = event.purchase.as_ref();
    let product = purchase.map_or("-", |purchase| purchase.product_id.as_str());
    let key = event.key.as_ref().map_or("-", |key| key.as_str());
    println!("handled   {} {} {product} of {key}", event.id, event.kind);
}
