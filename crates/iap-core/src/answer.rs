//! How is a store's good answer read, so that nothing else passes for one?

use core::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};

/// Reads the body of a good answer: one JSON object, and nothing after it.
///
/// An empty body, a list (which serde would read as the members in their order), a page of a proxy or
/// half an answer is none: a store that says nothing has not said "no purchases".
///
/// ```
/// use std::collections::BTreeMap;
///
/// let read = |body: &[u8]| iap_core::read_answer::<BTreeMap<String, u32>>(body);
/// assert_eq!(read(b"{\"a\":1}").unwrap()["a"], 1);
/// assert_eq!(read(b"{\"a\":true}").unwrap_err().path(), "a");
/// assert!(read(b"").is_err());
/// ```
///
/// # Errors
///
/// [`UnreadableAnswer`] names the member that is wrong.
pub fn read_answer<T: DeserializeOwned>(body: &[u8]) -> Result<T, UnreadableAnswer> {
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(UnreadableAnswer {
            path: WHOLE.to_owned(),
            reason: "not a JSON object".to_owned(),
        });
    }
    serde_json::from_slice(body).map_err(|error| {
        // Read once more to name the member: keeping track of it costs good answers too much.
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => UnreadableAnswer {
                path: error.path().to_string(),
                reason: error.inner().to_string(),
            },
            // Nothing is wrong but what follows the answer.
            Ok(_) => UnreadableAnswer {
                path: WHOLE.to_owned(),
                reason: error.to_string(),
            },
        }
    })
}

/// Checks the body of a good answer that says nothing: empty, or one JSON object. A page of a proxy is
/// neither, and whether the call had its effect is then unknown.
///
/// # Errors
///
/// [`UnreadableAnswer`] if it is anything else.
pub fn read_empty_answer(body: &[u8]) -> Result<(), UnreadableAnswer> {
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    read_answer::<IgnoredAny>(body).map(drop)
}

/// A body is not the answer that was expected. `Display` may repeat a value of it; [`path`](Self::path)
/// does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableAnswer {
    path: String,
    reason: String,
}

impl UnreadableAnswer {
    /// Where: members and indices such as `lineItems[0].expiryTime`; `.` for the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for UnreadableAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            WHOLE => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for UnreadableAnswer {}

/// As `serde_path_to_error` has it.
const WHOLE: &str = ".";

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Sample {
        number: Option<u32>,
    }

    #[test]
    fn a_member_is_read_and_a_null_is_none() {
        let read = |json: &str| read_answer::<Sample>(json.as_bytes()).unwrap().number;
        assert_eq!(read(r#"{"number":1}"#), Some(1));
        assert_eq!(read(r#"{"number":null}"#), None);
    }

    #[test]
    fn one_object_is_an_answer_and_nothing_else_is() {
        for good in ["{}", " {\"number\":1}\n", "{\"tomorrow\":[]}"] {
            assert!(read_answer::<Sample>(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in [
            "",
            " ",
            "null",
            "[]",
            "[1]",
            "\"{}\"",
            "<html></html>",
            "{",
            "{\"number\":1",
            "{} {}",
            "{}<html>",
            "{\"number\":1,\"number\":2}",
        ] {
            let error = read_answer::<Sample>(bad.as_bytes()).unwrap_err();
            assert!(!error.to_string().is_empty(), "{bad}");
        }
    }

    #[test]
    fn an_answer_that_says_nothing_is_empty_or_an_object() {
        for good in ["", "\r\n", "{}", "{\"tomorrow\":1}"] {
            assert!(read_empty_answer(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in ["<html></html>", "OK", "[]", "null", "{", "{}{}"] {
            assert!(read_empty_answer(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_path_names_the_member_and_repeats_no_value() {
        let error = read_answer::<Sample>(br#"{"number":"planted"}"#).unwrap_err();
        assert_eq!(error.path(), "number");
        assert!(error.to_string().starts_with("number: "));
        assert_eq!(read_answer::<Sample>(b"[]").unwrap_err().path(), ".");
    }
}
