//! Does an error show the shared secret? Then it is told without its details.
//!
//! Amazon's secret is a part of the address, so whatever repeats an address may hold it: a message of a
//! proxy, an error of a transport that somebody else wrote, a value that cannot be read. All errors of
//! the client pass here.

use std::error::Error as StdError;

use iap_core::{Error, ErrorKind, Secret};
use percent_encoding::percent_decode_str;

/// The error as it is, or without message and causes if one of them shows a part of the secret.
pub(super) fn without_secret(error: Error, secret: &Secret) -> Error {
    if !shows(&everything(&error), secret) {
        return error;
    }
    let kind = error.kind();
    let mut told = match kind {
        ErrorKind::Rejected(rejection) => Error::rejected(rejection, LEFT_OUT),
        ErrorKind::Unavailable => Error::unavailable(LEFT_OUT),
        ErrorKind::InvalidResponse => Error::invalid_response(LEFT_OUT),
        ErrorKind::Refused => Error::refused(LEFT_OUT),
        _ => Error::misconfigured(LEFT_OUT),
    };
    if let Some(store) = error.store() {
        told = told.with_store(store);
    }
    if let Some(status) = error.http_status() {
        told = told.with_http_status(status);
    }
    if let Some(wait) = error.retry_after() {
        told = told.with_retry_after(wait);
    }
    told
}

/// All that an error can show of itself and its causes.
fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    for _ in 0..MAX_CAUSES {
        let Some(error) = cause else {
            break;
        };
        text.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    text
}

/// Whether the text holds a part of the secret that is long enough to be no accident, as it is or
/// percent-encoded, in part or as a whole.
fn shows(text: &str, secret: &Secret) -> bool {
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    let secret = secret.expose().as_bytes();
    let mut parts = secret.windows(secret.len().clamp(1, TELLING_LENGTH));
    parts.any(|part| contains(&decoded, part) || contains(text.as_bytes(), part))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Stands in the place of a message.
const LEFT_OUT: &str = "the details are left out, since they hold the shared secret";

/// A run of eight characters of a secret does not occur in a text by chance, and nobody finds the
/// other eighty with them.
const TELLING_LENGTH: usize = 8;

/// More causes than any error has; a cause may name itself as its own.
const MAX_CAUSES: usize = 16;
