//! One request to Amazon: a path of segments, of which one is the secret, and others come from outside.

use core::fmt;

use bytes::Bytes;
use http::header::ACCEPT;
use iap_core::{Error, Rejection, Secret, Store, http::HttpRequest};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::error::Endpoint;

/// A `GET` of one of Amazon's endpoints.
pub(super) struct ApiRequest<'a> {
    endpoint: Endpoint,
    path: Vec<Segment<'a>>,
}

/// A part of the path.
#[derive(Clone, Copy)]
pub(super) enum Segment<'a> {
    /// A word of Amazon's.
    Word(&'static str),
    /// The shared secret.
    SharedSecret,
    /// An id, from an app.
    Id(Identifier<'a>),
}

/// An id that is fit for a path.
#[derive(Clone, Copy)]
pub(super) struct Identifier<'a>(&'a str);

impl<'a> Identifier<'a> {
    /// Checks an id that comes from outside. What is wrong is said of `name`; the id is not repeated.
    ///
    /// # Errors
    ///
    /// [`Rejection::Malformed`] if it is empty, longer than `max_length` bytes, has control
    /// characters, or is `.` or `..`, which would lead to another address.
    pub(super) fn new(
        name: &'static str,
        id: &'a impl AsRef<str>,
        max_length: usize,
    ) -> Result<Self, Error> {
        let id = id.as_ref();
        if is_segment(id, max_length) {
            return Ok(Self(id));
        }
        Err(Error::rejected(
            Rejection::Malformed,
            format!("the {name} is empty, longer than {max_length} bytes, or has characters that no id has"),
        )
        .with_store(Store::AmazonAppstore))
    }
}

impl<'a> ApiRequest<'a> {
    pub(super) fn get(endpoint: Endpoint, path: impl IntoIterator<Item = Segment<'a>>) -> Self {
        Self {
            endpoint,
            path: path.into_iter().collect(),
        }
    }

    pub(super) const fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    /// The request as it goes out.
    pub(super) fn to_http(
        &self,
        base_url: &Url,
        shared_secret: &Secret,
    ) -> Result<HttpRequest, Error> {
        let mut path = base_url.path().trim_end_matches('/').to_owned();
        for segment in &self.path {
            let text = match segment {
                Segment::Word(word) => word,
                Segment::SharedSecret => shared_secret.expose(),
                Segment::Id(Identifier(id)) => id,
            };
            path.push('/');
            path.extend(utf8_percent_encode(text, ENCODED));
        }
        let mut url = base_url.clone();
        url.set_path(&path);
        http::Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|_| {
                Error::misconfigured("the request cannot be built")
                    .with_store(Store::AmazonAppstore)
            })
    }
}

/// Names the endpoint only: the path holds ids.
impl fmt::Debug for ApiRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// Whether a text can stand in a path as one segment and lead nowhere else.
pub(super) fn is_segment(text: &str, max_length: usize) -> bool {
    !matches!(text, "" | "." | "..")
        && text.len() <= max_length
        && !text.chars().any(char::is_control)
}

/// What is encoded in a segment. Amazon's own examples leave `:` and `=` as they are, and so does
/// RFC 3986 with everything else that is not listed here.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
