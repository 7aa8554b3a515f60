//! What an error or a log may repeat: the start of a stranger's text, and the causes of another error.

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

/// The start of a text that somebody else wrote, fit for an error or a log: at most 200 characters,
/// with spaces for the characters that end a line, control a terminal, reorder the text around them
/// or are invisible. `None` if nothing is left.
///
/// ```
/// assert_eq!(iap_core::printable(" no\n\u{202e}such id ").as_deref(), Some("no  such id"));
/// assert_eq!(iap_core::printable("\u{200b}"), None);
/// ```
#[must_use]
pub fn printable(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .map(|character| if is_hidden(character) { ' ' } else { character })
        .collect();
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    Some(shorten(text))
}

/// The causes of `error` in one shortened text: what a log should tell beside the error itself, which
/// names its own layer only. Empty if there are none.
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

/// Whether a character ends a line, controls a terminal, reorders the text around it or is invisible.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
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
