//! Which bytes does the text stand for that an app sent as its receipt?

use std::borrow::Cow;

use base64::{DecodeError, Engine as _, engine::general_purpose::STANDARD};

use super::error::ReceiptError;
use crate::error::EncodingProblem;

/// Decodes a receipt: standard base64 with padding.
///
/// Line breaks are skipped, and white space around the text: both are what `Data` writes on request
/// and what travels through files. Spaces within are refused, since they are what form encoding
/// makes of a `+`: to skip them would turn a mistake of transport into a forgery.
pub(crate) fn decode(receipt: &str) -> Result<Vec<u8>, ReceiptError> {
    if receipt.len() > MAX_RECEIPT_LENGTH {
        return Err(ReceiptError::TooLong {
            found: receipt.len(),
            limit: MAX_RECEIPT_LENGTH,
        });
    }
    let text = receipt.trim_ascii();
    let line = match text.contains(LINE_BREAK) {
        true => Cow::Owned(text.replace(LINE_BREAK, "")),
        false => Cow::Borrowed(text),
    };
    STANDARD
        .decode(line.as_bytes())
        .map_err(|error| ReceiptError::Encoding(problem(receipt, error)))
}

/// Names the problem by the first foreign character, which says more than where a decoder stopped.
fn problem(receipt: &str, error: DecodeError) -> EncodingProblem {
    let start = receipt
        .len()
        .saturating_sub(receipt.trim_ascii_start().len());
    let end = receipt.trim_ascii_end().len();
    let foreign = receipt
        .bytes()
        .enumerate()
        .take(end)
        .skip(start)
        .find(|(_, byte)| {
            !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n'))
        });
    match (foreign, error) {
        (Some((offset, byte)), _) if byte.is_ascii_whitespace() => {
            EncodingProblem::Whitespace { offset }
        }
        (Some((offset, _)), _) => EncodingProblem::Character { offset },
        (None, DecodeError::InvalidLastSymbol { .. }) => EncodingProblem::TrailingBits,
        (None, DecodeError::InvalidPadding) => EncodingProblem::Padding,
        (None, _) => EncodingProblem::Length,
    }
}

const LINE_BREAK: [char; 2] = ['\r', '\n'];

/// A receipt has 5 kB of certificates and half a kilobyte for each purchase, so this is room for
/// more than 4,000 of them. What is longer is refused before any work.
pub(crate) const MAX_RECEIPT_LENGTH: usize = 2 * 1024 * 1024;
