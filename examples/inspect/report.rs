//! What is printed about one item: the verdict, and what the item says.

use serde::Serialize;
use serde_json::value::RawValue;

/// One line of output. `content` is what only this kind of data has.
#[derive(Serialize)]
pub(crate) struct Report<C> {
    verdict: Verdict,
    kind: Option<&'static str>,
    failure: Option<Failure>,
    payload: Option<Box<RawValue>>,
    #[serde(flatten)]
    pub(crate) content: C,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Verified,
    Rejected,
    Unavailable,
}

/// Which check failed, and why.
#[derive(Serialize)]
pub(crate) struct Failure {
    pub(crate) check: &'static str,
    pub(crate) message: String,
}

impl<C: Default> Report<C> {
    /// Nothing is known against the item yet.
    pub(crate) fn new(kind: Option<&'static str>, payload: Option<Box<RawValue>>) -> Self {
        Self {
            verdict: Verdict::Verified,
            kind,
            failure: None,
            payload,
            content: C::default(),
        }
    }

    pub(crate) fn set_payload(&mut self, payload: Option<Box<RawValue>>) {
        self.payload = payload;
    }

    pub(crate) fn fail(&mut self, verdict: Verdict, failure: Failure) {
        self.verdict = verdict;
        self.failure = Some(failure);
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.verdict == Verdict::Verified
    }
}

/// JSON as it came, on one line, where a line break can only stand between values; `None` if it is
/// none.
pub(crate) fn on_one_line(json: &[u8]) -> Option<Box<RawValue>> {
    let text = str::from_utf8(json).ok()?.replace(['\n', '\r'], " ");
    RawValue::from_string(text.trim().to_owned()).ok()
}
