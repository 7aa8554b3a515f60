//! One request to Apple: path by segments, query by pairs, body by kind.

use core::fmt;

use bytes::Bytes;
use http::{
    HeaderValue, Method, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use iap_core::{
    Error, Rejection, Secret, Store,
    http::{HttpRequest, Idempotency},
};
use serde::Serialize;
use url::{Url, form_urlencoded};

/// A request to one of Apple's APIs. See
/// [`AppStoreServerClient::send`](crate::AppStoreServerClient::send).
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ApiRequest {
    endpoint: &'static str,
    method: Method,
    /// In percent-encoding, with a slash before each segment.
    path: String,
    /// A segment that would lead to another endpoint.
    refused: Option<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Body>,
    idempotency: Idempotency,
}

#[derive(Clone)]
enum Body {
    Json(Bytes),
    Png(Bytes),
}

impl ApiRequest {
    /// A `GET` of the path with these segments, which are percent-encoded. `endpoint` is the name in
    /// traces.
    pub fn get<S: AsRef<str>>(endpoint: &'static str, path: impl IntoIterator<Item = S>) -> Self {
        Self::new(endpoint, Method::GET, path, Idempotency::Idempotent)
    }

    /// A `PUT`, which may be repeated.
    pub fn put<S: AsRef<str>>(endpoint: &'static str, path: impl IntoIterator<Item = S>) -> Self {
        Self::new(endpoint, Method::PUT, path, Idempotency::Idempotent)
    }

    /// A `DELETE`, which may be repeated.
    pub fn delete<S: AsRef<str>>(
        endpoint: &'static str,
        path: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(endpoint, Method::DELETE, path, Idempotency::Idempotent)
    }

    /// A `POST`, which is not repeated unless [`repeatable`](Self::repeatable) says so.
    pub fn post<S: AsRef<str>>(endpoint: &'static str, path: impl IntoIterator<Item = S>) -> Self {
        Self::new(endpoint, Method::POST, path, Idempotency::NotIdempotent)
    }

    fn new<S: AsRef<str>>(
        endpoint: &'static str,
        method: Method,
        path: impl IntoIterator<Item = S>,
        idempotency: Idempotency,
    ) -> Self {
        let mut encoded = String::with_capacity(PATH_CAPACITY);
        let mut refused = None;
        for segment in path {
            let segment = segment.as_ref();
            // An id comes from outside. URLs drop these segments.
            if matches!(segment, "" | "." | "..") {
                refused = Some(segment.to_owned());
            }
            encoded.push('/');
            // As forms are encoded, which leaves nothing that means something in a URL, apart from
            // the space: it is the only `+` there.
            let parts = form_urlencoded::byte_serialize(segment.as_bytes());
            encoded.extend(parts.map(|part| if part == "+" { "%20" } else { part }));
        }
        Self {
            endpoint,
            method,
            path: encoded,
            refused,
            query: Vec::new(),
            body: None,
            idempotency,
        }
    }

    /// Says that making the request twice does nothing twice.
    pub const fn repeatable(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// Says that the request must not be made twice.
    pub const fn once(mut self) -> Self {
        self.idempotency = Idempotency::NotIdempotent;
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

    /// Sets a JSON body.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if `body` cannot be written as JSON.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Result<Self, Error> {
        let json = serde_json::to_vec(body).map_err(|error| {
            Error::misconfigured("the body cannot be written as JSON").with_source(error)
        })?;
        self.body = Some(Body::Json(json.into()));
        Ok(self)
    }

    /// Sets a PNG image as body.
    pub fn png(mut self, image: impl Into<Bytes>) -> Self {
        self.body = Some(Body::Png(image.into()));
        self
    }

    pub(super) const fn endpoint(&self) -> &'static str {
        self.endpoint
    }

    pub(super) const fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// The request as it goes out.
    pub(super) fn to_http(&self, base_url: &Url, token: &Secret) -> Result<HttpRequest, Error> {
        if let Some(segment) = &self.refused {
            let message = format!("{segment:?} is no identifier");
            return Err(Error::rejected(Rejection::Malformed, message).with_store(Store::AppStore));
        }
        let base_url = base_url.as_str();
        let base_url = base_url.strip_suffix('/').unwrap_or(base_url);
        let mut url = [base_url, &self.path].concat();
        if !self.query.is_empty() {
            url.push('?');
            let start = url.len();
            let mut query = form_urlencoded::Serializer::for_suffix(url, start);
            url = query.extend_pairs(&self.query).finish();
        }
        let (content_type, body) = match &self.body {
            None => (None, Bytes::new()),
            Some(Body::Json(json)) => (Some("application/json"), json.clone()),
            Some(Body::Png(image)) => (Some("image/png"), image.clone()),
        };
        let mut request = HttpRequest::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::try_from(url).map_err(|error| {
            Error::misconfigured("the request cannot be built")
                .with_store(Store::AppStore)
                .with_source(error)
        })?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(AUTHORIZATION, authorization(token)?);
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Ok(request)
    }
}

fn authorization(token: &Secret) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(["Bearer ", token.expose()].concat())
        .map_err(|_| Error::misconfigured("the bearer token is no header value"))?;
    value.set_sensitive(true);
    Ok(value)
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

/// Longer than most paths: they need not grow.
const PATH_CAPACITY: usize = 96;
