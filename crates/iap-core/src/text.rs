//! What an error may repeat: the start of a stranger's text, and the causes of another error.

use core::fmt;
use std::error::Error;

/// The start of a text that may hold whatever a stranger sent: at most 200 characters, and an
/// ellipsis where it was cut.
///
/// ```
/// assert_eq!(iap_core::shorten(&"com.example.app"), "com.example.app");
/// assert_eq!(iap_core::shorten(&"x".repeat(1_000_000)).chars().count(), 201);
/// ```
pub fn shorten(text: &(impl fmt::Display + ?Sized)) -> String {
    let text = text.to_string();
    match text.char_indices().nth(MAX_SHOWN_CHARACTERS) {
        None => text,
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// The causes of `error` in one shortened text, for failures that are compared and shared, as an
/// error is not. Empty if there are none.
///
/// ```
/// use iap_core::{Error, causes};
///
/// let error = Error::unavailable("no answer").with_source("dns failed");
/// assert_eq!(causes(&error), "dns failed");
/// ```
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let mut reasons = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        reasons.push(error.to_string());
        cause = error.source();
    }
    shorten(&reasons.join(": "))
}

/// Every identifier fits, an attacker's megabyte does not.
const MAX_SHOWN_CHARACTERS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error as IapError;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shorten(&"é".repeat(200)), "é".repeat(200));
        assert_eq!(shorten(&"é".repeat(201)), format!("{}…", "é".repeat(200)));
    }

    #[test]
    fn causes_are_told_from_the_outside_in_and_without_the_error_itself() {
        let inner = IapError::unavailable("inner").with_source("innermost");
        let outer = IapError::unavailable("outer").with_source(inner);
        assert_eq!(causes(&outer), "unavailable: inner: innermost");
        assert_eq!(causes(&IapError::unavailable("alone")), "");
    }
}
