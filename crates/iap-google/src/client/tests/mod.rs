//! The client against a transport that records what goes out and answers from a script.

mod behaviour;
mod faults;

use core::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use std::sync::Arc;

use iap_core::{FixedClock, Secret, http::Token};

use super::*;
use crate::{
    credentials::TokenFn,
    testing::{Transport, now},
};

pub(crate) struct Setup {
    pub(crate) client: PlayClient,
    pub(crate) transport: Arc<Transport>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) tokens: Arc<AtomicU32>,
}

/// A client whose access tokens are numbered and last for an hour.
pub(crate) fn setup() -> Setup {
    let transport = Arc::new(Transport::default());
    let clock = Arc::new(FixedClock::new(now()));
    let tokens = Arc::new(AtomicU32::new(0));
    let source = {
        let (clock, tokens) = (clock.clone(), tokens.clone());
        TokenFn::new(move || {
            let number = tokens.fetch_add(1, Ordering::SeqCst);
            let expires_at = clock.now().saturating_add(Duration::from_secs(60 * 60));
            async move {
                Ok(Token::new(
                    Secret::new(format!("token-{number}")),
                    expires_at,
                ))
            }
        })
    };
    let client = PlayClient::builder("com.example.app", source)
        .transport(transport.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    Setup {
        client,
        transport,
        clock,
        tokens,
    }
}

/// Google's error object.
pub(crate) fn error_object(status: u16, reason: &str) -> String {
    serde_json::json!({ "error": { "code": status, "errors": [{ "reason": reason }] } }).to_string()
}
