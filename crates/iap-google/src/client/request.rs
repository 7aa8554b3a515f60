//! One request to Google: path by segments, verb, query by pairs, JSON body.

use core::fmt;
use std::borrow::Cow;

use bytes::Bytes;
use http::{
    HeaderValue, Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use iap_core::{
    AppId, Error, Rejection, Secret, Store,
    http::{HttpRequest, Idempotency},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use url::Url;

use crate::api_error::Subject;

/// A request to the Google Play Developer API, below `applications/{packageName}`. See
/// [`PlayClient::send`](crate::PlayClient::send).
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ApiRequest {
    endpoint: &'static str,
    method: Method,
    path: Vec<String>,
    verb: Option<&'static str>,
    query: Vec<(&'static str, String)>,
    body: Option<Bytes>,
    idempotency: Idempotency,
    subject: Subject,
}

impl ApiRequest {
    /// A `GET` of the path with these segments, which are percent-encoded. `endpoint` is the name in
    /// traces: Google's name of the method.
    pub fn get<S: Into<String>>(endpoint: &'static str, path: impl IntoIterator<Item = S>) -> Self {
        Self::new(endpoint, Method::GET, path, Idempotency::Idempotent)
    }

    /// A `POST`, which is not repeated unless [`repeatable`](Self::repeatable) says so.
    pub fn post<S: Into<String>>(
        endpoint: &'static str,
        path: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(endpoint, Method::POST, path, Idempotency::NotIdempotent)
    }

    /// A `PATCH`, which is not repeated unless [`repeatable`](Self::repeatable) says so.
    pub fn patch<S: Into<String>>(
        endpoint: &'static str,
        path: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(endpoint, Method::PATCH, path, Idempotency::NotIdempotent)
    }

    /// A `DELETE`, which may be repeated.
    pub fn delete<S: Into<String>>(
        endpoint: &'static str,
        path: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(endpoint, Method::DELETE, path, Idempotency::Idempotent)
    }

    fn new<S: Into<String>>(
        endpoint: &'static str,
        method: Method,
        path: impl IntoIterator<Item = S>,
        idempotency: Idempotency,
    ) -> Self {
        Self {
            endpoint,
            method,
            path: path.into_iter().map(Into::into).collect(),
            verb: None,
            query: Vec::new(),
            body: None,
            idempotency,
            subject: Subject::Other,
        }
    }

    /// Adds a verb after the path: `:acknowledge`.
    pub const fn verb(mut self, verb: &'static str) -> Self {
        self.verb = Some(verb);
        self
    }

    /// Says that making the request twice does nothing twice.
    pub const fn repeatable(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// Says what the request is about, which decides what a failure means. Default: no purchase.
    pub const fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Adds a query parameter; the same name may come several times.
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a query parameter if there is a value.
    pub fn query_if(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds a query parameter once for each value.
    pub fn query_all<S: Into<String>>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        let values = values.into_iter().map(|value| (name, value.into()));
        self.query.extend(values);
        self
    }

    /// Sets a JSON body.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if `body` cannot be written as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Result<Self, Error> {
        let json = serde_json::to_vec(body).map_err(|error| {
            Error::misconfigured("the body cannot be written as JSON")
                .with_store(Store::GooglePlay)
                .with_source(error)
        })?;
        self.body = Some(json.into());
        Ok(self)
    }

    pub(super) const fn endpoint(&self) -> &'static str {
        self.endpoint
    }

    pub(super) const fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    pub(super) const fn subject(&self) -> Subject {
        self.subject
    }

    /// The request as it goes out.
    pub(super) fn to_http(
        &self,
        base_url: &Url,
        package_name: &AppId,
        token: &Secret,
    ) -> Result<HttpRequest, Error> {
        let mut path = base_url.path().trim_end_matches('/').to_owned();
        path.push_str(API_PATH);
        self.push_segment(&mut path, package_name.as_str())?;
        for segment in &self.path {
            path.push('/');
            self.push_segment(&mut path, segment)?;
        }
        if let Some(verb) = self.verb {
            path.push(':');
            path.push_str(verb);
        }
        let mut url = base_url.clone();
        url.set_path(&path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| {
                Error::misconfigured("the access token is no header value")
                    .with_store(Store::GooglePlay)
            })?;
        authorization.set_sensitive(true);
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(url.as_str())
            .header(ACCEPT, JSON)
            .header(AUTHORIZATION, authorization);
        if self.body.is_some() {
            request = request.header(CONTENT_TYPE, JSON);
        }
        let body = self.body.clone().unwrap_or_default();
        request.body(body).map_err(|error| {
            Error::misconfigured("the request cannot be built")
                .with_store(Store::GooglePlay)
                .with_source(error)
        })
    }

    /// Adds an id to the path. Ids come from outside: none may lead to another call, and one that no
    /// request can carry is the sender's mistake and not ours.
    fn push_segment(&self, path: &mut String, segment: &str) -> Result<(), Error> {
        if let Some(problem) = problem_of(segment) {
            return Err(match self.subject {
                Subject::Other => Error::refused(problem),
                Subject::Purchase | Subject::SubscriptionV1 | Subject::Token => {
                    Error::rejected(Rejection::Malformed, problem)
                }
            }
            .with_store(Store::GooglePlay));
        }
        path.extend(utf8_percent_encode(segment, NOT_IN_A_SEGMENT));
        Ok(())
    }
}

/// Why a text is no identifier of Google; the text itself is not repeated.
fn problem_of(segment: &str) -> Option<Cow<'static, str>> {
    Some(match segment {
        // URLs drop these, however they are encoded.
        "" | "." | ".." => format!("{segment:?} is no identifier").into(),
        _ if segment.len() > MAX_SEGMENT_LENGTH => format!(
            "an identifier is {} bytes long, at most {MAX_SEGMENT_LENGTH} are sent",
            segment.len()
        )
        .into(),
        _ if segment.contains(char::is_control) => "an identifier has a control character".into(),
        _ => return None,
    })
}

/// Names the endpoint only: paths hold ids, bodies hold purchases.
impl fmt::Debug for ApiRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("idempotency", &self.idempotency)
            .finish_non_exhaustive()
    }
}

const API_PATH: &str = "/androidpublisher/v3/applications/";

const JSON: &str = "application/json";

/// The longest purchase tokens seen have 208 characters. Also when each byte is percent-encoded, a
/// path of two stays far below what a URL may have.
const MAX_SEGMENT_LENGTH: usize = 2 * 1024;

/// All but the unreserved characters of RFC 3986 §2.3. The colon is among them: what follows it is
/// the verb.
const NOT_IN_A_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
