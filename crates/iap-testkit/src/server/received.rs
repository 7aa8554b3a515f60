//! What came in, kept for tests to look at.

use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use super::Fault;

/// A request as it came in, and how it was answered.
#[derive(Clone)]
pub struct ReceivedRequest {
    pub(super) listener: usize,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) fault: Option<Fault>,
    pub(super) status: Option<u16>,
}

impl ReceivedRequest {
    /// The method, such as `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path as it was written, still percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The segments of the path, percent-decoded.
    #[must_use]
    pub fn segments(&self) -> Vec<String> {
        let path = self.path().trim_start_matches('/');
        path.split('/')
            .map(|it| percent_decode(it, b'\0'))
            .collect()
    }

    /// The pairs of the query in their order, percent-decoded.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        form_pairs(self.uri.query().unwrap_or_default())
    }

    /// The first value of `name` in the query.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = self.query().into_iter();
        pairs.find(|(it, _)| it == name).map(|(_, value)| value)
    }

    /// All values of `name` in the query.
    #[must_use]
    pub fn query_values(&self, name: &str) -> Vec<String> {
        let pairs = self.query().into_iter();
        pairs
            .filter(|(it, _)| it == name)
            .map(|(_, value)| value)
            .collect()
    }

    /// A header, if there is exactly one of that name and it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).into_iter();
        let value = values.next()?;
        values
            .next()
            .is_none()
            .then(|| value.to_str().ok())
            .flatten()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; `None` if it is none.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// How the call was made to fail.
    #[must_use]
    pub const fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// The status that was answered; `None` where the connection was closed instead.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The number of the listener that it came to.
    pub(crate) const fn listener(&self) -> usize {
        self.listener
    }
}

/// Shows no header and no path: they carry tokens, and for Amazon the shared secret.
impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("body_length", &self.body.len())
            .field("fault", &self.fault)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The requests that came in, in their order.
#[derive(Clone, Debug, Default)]
pub struct RequestLog(Arc<Mutex<Vec<ReceivedRequest>>>);

impl RequestLog {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<ReceivedRequest> {
        self.entries().clone()
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<ReceivedRequest> {
        self.entries().last().cloned()
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries().len()
    }

    /// Forgets them.
    pub fn clear(&self) {
        self.entries().clear();
    }

    pub(super) fn add(&self, request: ReceivedRequest) {
        self.entries().push(request);
    }

    fn entries(&self) -> MutexGuard<'_, Vec<ReceivedRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pairs of a query or of a form, decoded.
pub(crate) fn form_pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name, b'+'), percent_decode(value, b'+'))
        })
        .collect()
}

/// Undoes percent-encoding; `space` is a byte that stands for a blank.
fn percent_decode(text: &str, space: u8) -> String {
    let hex = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, after) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (byte, _) if *byte == space => b' ',
            (byte, _) => *byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &'static str) -> ReceivedRequest {
        ReceivedRequest {
            listener: 0,
            method: Method::GET,
            uri: Uri::from_static(uri),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            fault: None,
            status: None,
        }
    }

    #[test]
    fn path_and_query_are_taken_apart_before_they_are_decoded() {
        let request = request("/a%2Fb/c+d/%zz?x=1%262&x=a+b&y");
        assert_eq!(request.segments(), ["a/b", "c+d", "%zz"]);
        assert_eq!(request.query_values("x"), ["1&2", "a b"]);
        assert_eq!(request.query_value("y").as_deref(), Some(""));
        assert_eq!(request.query_value("z"), None);
    }

    #[test]
    fn debug_shows_neither_path_nor_headers() {
        let mut request = request("/developer/s3cr3t");
        request
            .headers
            .insert("authorization", "Bearer s3cr3t".parse().unwrap());
        assert!(!format!("{request:?}").contains("s3cr3t"));
    }

    #[test]
    fn a_header_that_comes_twice_is_none() {
        let mut request = request("/");
        request.headers.append("a", "1".parse().unwrap());
        assert_eq!(request.header("a"), Some("1"));
        request.headers.append("a", "2".parse().unwrap());
        assert_eq!(request.header("a"), None);
    }
}
