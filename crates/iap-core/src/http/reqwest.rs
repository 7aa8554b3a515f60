//! The default transport: reqwest with rustls, bounded time and size, and no redirects.

use core::{fmt, time::Duration};
use std::error::Error as StdError;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use super::{
    HttpRequest, HttpResponse, HttpTransport, MAX_RESPONSE_LENGTH, PlainHttp, ResponseLimit,
    TransportError, TransportErrorKind,
};
use crate::Error;

/// Sends requests with [`reqwest`]: HTTP/2 and HTTP/1.1, rustls, certificates verified by the
/// platform, connections kept and shared. Cheap to clone.
///
/// HTTPS only, except to this machine itself, for tests, and for requests marked [`PlainHttp`].
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with this library's time-outs and no redirects.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](crate::ErrorKind::Misconfigured) if there are no root certificates on this
    /// machine, as in a container image without `ca-certificates`: install them, or pass in a client
    /// of your own with [`from_client`](Self::from_client).
    pub fn new() -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("iap-rust/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                Error::misconfigured(
                    "no HTTP client can be built: are there root certificates on this machine?",
                )
                .with_source(error)
            })?;
        Ok(Self { client })
    }

    /// A transport with a client of your own: for a proxy, other root certificates, a shared pool.
    ///
    /// Build it with `redirect(Policy::none())`: a redirect would carry the authorization along.
    #[must_use]
    pub const fn from_client(client: reqwest::Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl HttpTransport for ReqwestTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let limit = response_limit(&request);
        let answer = self.client.execute(to_reqwest(request)?);
        read(answer.await.map_err(failure)?, limit).await
    }
}

/// Not a part of `send`: what is borrowed there stays in its future, which is then too large for
/// the quick part of an allocator.
fn to_reqwest(request: HttpRequest) -> Result<reqwest::Request, TransportError> {
    if !is_allowed(&request) {
        return Err(TransportError::new(TransportErrorKind::Request)
            .with_source("only https is allowed, except to this machine itself"));
    }
    reqwest::Request::try_from(request).map_err(failure)
}

fn response_limit(request: &HttpRequest) -> usize {
    match request.extensions().get::<ResponseLimit>() {
        Some(ResponseLimit(limit)) => MAX_RESPONSE_LENGTH.min(*limit),
        None => MAX_RESPONSE_LENGTH,
    }
}

/// Reads the whole answer, and stops as soon as its body is longer than `limit`.
async fn read(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<HttpResponse, TransportError> {
    let too_long = || TransportError::new(TransportErrorKind::TooLong);
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).is_ok_and(|length| length > limit) {
        return Err(too_long());
    }
    let mut answer = HttpResponse::default();
    *answer.status_mut() = response.status();
    *answer.headers_mut() = core::mem::take(response.headers_mut());
    // Most answers come in one piece, which is then not copied.
    let mut first = Bytes::new();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        let length = first
            .len()
            .saturating_add(body.len())
            .saturating_add(chunk.len());
        if length > limit {
            return Err(too_long());
        }
        if first.is_empty() && body.is_empty() {
            first = chunk;
        } else {
            if body.is_empty() {
                body.extend_from_slice(&core::mem::take(&mut first));
            }
            body.extend_from_slice(&chunk);
        }
    }
    *answer.body_mut() = if body.is_empty() {
        first
    } else {
        body.freeze()
    };
    Ok(answer)
}

fn is_allowed(request: &HttpRequest) -> bool {
    let uri = request.uri();
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") if request.extensions().get::<PlainHttp>().is_some() => true,
        Some("http") => uri.host().is_some_and(|host| {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost"
                || host
                    .parse()
                    .is_ok_and(|ip: core::net::IpAddr| ip.is_loopback())
        }),
        _ => false,
    }
}

/// What kind of failure it was. The URL is taken out of reqwest's error: it may be a secret.
fn failure(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() || error.is_request() && is_request_error(&error) {
        TransportErrorKind::Request
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind).with_source(error)
}

/// reqwest calls almost everything a request error; only what has no cause never left the machine.
fn is_request_error(error: &reqwest::Error) -> bool {
    error.source().is_none()
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

/// A store that cannot be reached in this time is down, or a firewall drops packets.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longer than any answer takes; the deadline of a whole call is usually shorter.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use httpmock::prelude::*;

    use super::*;

    fn get(url: &str) -> HttpRequest {
        http::Request::get(url).body(Bytes::new()).unwrap()
    }

    async fn send(request: HttpRequest) -> Result<HttpResponse, TransportError> {
        ReqwestTransport::new().unwrap().send(request).await
    }

    #[tokio::test]
    async fn method_headers_and_body_go_out_and_status_headers_and_body_come_back() {
        let server = MockServer::start_async().await;
        let mock = server
            .mock_async(|when, then| {
                when.method(PUT)
                    .path("/a")
                    .header("authorization", "Bearer t")
                    .header_prefix("user-agent", "iap-rust/")
                    .body("{}");
                then.status(418)
                    .header("retry-after", "5")
                    .body("short and stout");
            })
            .await;
        let request = http::Request::put(server.url("/a"))
            .header("authorization", "Bearer t")
            .body(Bytes::from_static(b"{}"))
            .unwrap();
        let response = send(request).await.unwrap();
        mock.assert_async().await;
        assert_eq!(response.status(), 418);
        assert_eq!(response.headers()["retry-after"], "5");
        assert_eq!(response.body(), "short and stout");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let server = MockServer::start_async().await;
        let elsewhere = server.mock_async(|when, then| {
            when.path("/elsewhere");
            then.status(200);
        });
        let elsewhere = elsewhere.await;
        server
            .mock_async(|when, then| {
                when.path("/a");
                then.status(302).header("location", "/elsewhere");
            })
            .await;
        assert_eq!(send(get(&server.url("/a"))).await.unwrap().status(), 302);
        assert_eq!(elsewhere.calls_async().await, 0);
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_not_read() {
        let server = MockServer::start_async().await;
        server
            .mock_async(|when, then| {
                when.path("/a");
                then.status(200).body("x".repeat(MAX_RESPONSE_LENGTH + 1));
            })
            .await;
        let error = send(get(&server.url("/a"))).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::TooLong);
    }

    #[tokio::test]
    async fn a_request_may_allow_less_than_the_longest_answer_and_never_more() {
        let server = MockServer::start_async().await;
        server
            .mock_async(|when, then| {
                when.path("/a");
                then.status(200).body("x".repeat(1000));
            })
            .await;
        for (limit, is_read) in [(999, false), (1000, true), (usize::MAX, true)] {
            let mut request = get(&server.url("/a"));
            request.extensions_mut().insert(ResponseLimit(limit));
            match send(request).await {
                Ok(response) => assert!(is_read && response.body().len() == 1000, "{limit}"),
                Err(error) => {
                    assert!(!is_read, "{limit}");
                    assert_eq!(error.kind(), TransportErrorKind::TooLong);
                }
            }
        }
    }

    #[tokio::test]
    async fn nothing_goes_out_in_plain_text_except_to_this_machine() {
        for url in [
            "http://example.com/secret",
            "http://10.0.0.1/secret",
            "ftp://localhost/secret",
        ] {
            let error = send(get(url)).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Request, "{url}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_and_for_requests_that_are_marked() {
        let allowed = |uri: &str, mark: Option<PlainHttp>| {
            let mut request = HttpRequest::default();
            *request.uri_mut() = uri.parse().unwrap();
            if let Some(mark) = mark {
                request.extensions_mut().insert(mark);
            }
            is_allowed(&request)
        };
        for (uri, unmarked, marked) in [
            ("https://example.com/", true, true),
            ("http://localhost:8080/", true, true),
            ("http://127.0.0.1/", true, true),
            ("http://[::1]:8080/", true, true),
            ("http://example.com/", false, true),
            ("http://localhost.example.com/", false, true),
            ("http://128.0.0.1/", false, true),
            ("ftp://example.com/", false, false),
            ("/path", false, false),
        ] {
            assert_eq!(allowed(uri, None), unmarked, "{uri}");
            assert_eq!(allowed(uri, Some(PlainHttp)), marked, "{uri}");
        }
    }

    #[tokio::test]
    async fn a_closed_port_is_no_connection_and_the_error_does_not_show_the_url() {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let error = send(get(&format!("http://127.0.0.1:{port}/secret")))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect);
        let mut shown = format!("{error} {error:?}");
        let mut cause = error.source();
        while let Some(error) = cause {
            shown.push_str(&error.to_string());
            cause = error.source();
        }
        assert!(!shown.contains("secret"), "{shown}");
    }
}
