//! How may a text from outside stand in an error or a log?

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
    Some(match text.char_indices().nth(MAX_SHOWN_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    })
}

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

/// Enough to recognise a message, not enough to flood a log.
const MAX_SHOWN_CHARACTERS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let cut = printable(&"é".repeat(10_000)).unwrap();
        assert_eq!(cut, format!("{}…", "é".repeat(200)));
        assert_eq!(printable(&"é".repeat(200)).unwrap(), "é".repeat(200));
    }
}
