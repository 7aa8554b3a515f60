//! What does an endpoint for tokens answer?
//!
//! [RFC 6749 §5](https://www.rfc-editor.org/rfc/rfc6749#section-5)

use core::time::Duration;

use iap_core::{
    Error, Secret, Store, Timestamp,
    http::{HttpResponse, Outcome, RetryAfter, Token, retry_after},
    read_answer,
};
use serde::Deserialize;

use super::error::TokenFailure;

/// Whether another attempt may change an answer.
pub(super) fn outcome(response: &HttpResponse, now: Timestamp) -> Option<Outcome> {
    let wait = retry_after(response.headers(), RetryAfter::Seconds, now);
    match response.status().as_u16() {
        200..300 => None,
        429 => Some(Outcome::rate_limited(wait)),
        408 | 500..600 => Some(Outcome::server_error(wait)),
        _ => Some(Outcome::Final),
    }
}

/// The token of an answer to a question from the time `asked`.
pub(super) fn read_token(response: &HttpResponse, asked: Timestamp) -> Result<Token, Error> {
    if !response.status().is_success() {
        let wait = retry_after(response.headers(), RetryAfter::Seconds, asked);
        let status = response.status().as_u16();
        return Err(TokenFailure::from_response(status, wait, response.body()).into());
    }
    // A cause would repeat parts of the answer, and so perhaps the token.
    let unreadable = || {
        Error::invalid_response("the answer to the request for a token cannot be read")
            .with_store(Store::GooglePlay)
            .with_http_status(response.status().as_u16())
    };
    let answer: Answer = read_answer(response.body()).map_err(|_| unreadable())?;
    let is_bearer = answer
        .token_type
        .is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !is_bearer || answer.access_token.is_empty() {
        return Err(unreadable());
    }
    let life = Duration::from_secs(answer.expires_in);
    Ok(Token::new(
        Secret::new(answer.access_token),
        asked.saturating_add(life),
    ))
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    /// In seconds.
    expires_in: u64,
    token_type: Option<String>,
}
