//! Texts from outside, as they may stand in an error or a log.

/// The text on one line, shortened, without what controls a terminal, reorders the text around it
/// or is invisible; `None` if nothing is left of it.
pub(crate) fn printable(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .take(MAX_SHOWN_CHARACTERS)
        .map(|character| if is_hidden(character) { ' ' } else { character })
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
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

/// Google's sentences fit; a page of a gateway does not.
const MAX_SHOWN_CHARACTERS: usize = 200;
