//! Where in the text of a key file is the key?
//!
//! PEM is [RFC 7468](https://www.rfc-editor.org/rfc/rfc7468), read as leniently as is safe: what
//! counts is that the bytes inside are an RSA key in PKCS #8
//! ([RFC 5208](https://www.rfc-editor.org/rfc/rfc5208)).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::error::ServiceAccountKeyError;

/// The PKCS #8 in a text in PEM. `\n` in two characters, as environment variables often have it, is
/// a line break.
pub(super) fn pkcs8_der(text: &str) -> Result<Zeroizing<Vec<u8>>, ServiceAccountKeyError> {
    let lines = with_real_line_breaks(text);
    let (_, rest) = lines
        .split_once(PEM_BEGIN)
        .ok_or(ServiceAccountKeyError::NotPem)?;
    let (label, rest) = rest
        .split_once("-----")
        .ok_or(ServiceAccountKeyError::CutOff)?;
    if label != "PRIVATE KEY" {
        return Err(ServiceAccountKeyError::OtherPem);
    }
    let (body, _) = rest
        .split_once(PEM_END)
        .ok_or(ServiceAccountKeyError::CutOff)?;
    decode(body).ok_or(ServiceAccountKeyError::Base64)
}

fn with_real_line_breaks(text: &str) -> Zeroizing<String> {
    // Never grows, so that no part of the key is left behind in a buffer given back.
    let mut lines = Zeroizing::new(String::with_capacity(text.len()));
    let mut backslash = false;
    for character in text.chars() {
        match character {
            '\\' => backslash = true,
            'n' | 'r' if backslash => {
                backslash = false;
                lines.push('\n');
            }
            _ => {
                if core::mem::take(&mut backslash) {
                    lines.push('\\');
                }
                lines.push(character);
            }
        }
    }
    lines
}

/// The bytes of a text in Base64 with white space anywhere.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    symbols.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut bytes = Zeroizing::new(Vec::with_capacity(base64::decoded_len_estimate(
        symbols.len(),
    )));
    STANDARD.decode_vec(&symbols, &mut bytes).ok()?;
    Some(bytes)
}

const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END PRIVATE KEY-----";
