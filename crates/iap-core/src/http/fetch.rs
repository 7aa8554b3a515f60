//! Fetches a small document that a decision needs. Why there is none is never a verdict.

use std::error::Error as _;

use http::StatusCode;

use super::{
    Call, HttpClient, HttpRequest, HttpResponse, Idempotency, Outcome, ResponseLimit,
    TransportError, TransportErrorKind,
};
use crate::{Error, causes};

/// Why a document is not at hand, for the failures of those who need it, which are compared and kept.
#[expect(
    clippy::exhaustive_enums,
    reason = "there is an answer, or there is none"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchFailure {
    /// The answer has another status than 200; redirects are not followed.
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// There is no whole answer.
    NoAnswer {
        /// How far the request got.
        kind: TransportErrorKind,
        /// What the transport says.
        reason: String,
    },
}

impl FetchFailure {
    /// Somebody waited, and the time is up.
    #[must_use]
    pub fn out_of_time() -> Self {
        let error = TransportError::new(TransportErrorKind::Timeout);
        Self::NoAnswer {
            kind: error.kind(),
            reason: error.to_string(),
        }
    }

    fn of(error: &Error) -> Self {
        let cause = error.source().and_then(|cause| cause.downcast_ref());
        Self::NoAnswer {
            kind: cause.map_or(TransportErrorKind::Interrupted, TransportError::kind),
            reason: causes(error),
        }
    }
}

impl HttpClient {
    /// Asks for a document of up to `limit` bytes, and repeats what fails for the moment. The
    /// request must be one that may be made twice.
    ///
    /// The transport reads no more than `limit`. One that is not ours may not know of that: look at
    /// the length of what it returns before parsing it.
    ///
    /// # Errors
    ///
    /// [`FetchFailure`], unless the status is 200.
    pub async fn fetch(
        &self,
        endpoint: &'static str,
        mut request: HttpRequest,
        limit: usize,
    ) -> Result<HttpResponse, FetchFailure> {
        request.extensions_mut().insert(ResponseLimit(limit));
        let call = Call::new(endpoint, request, Idempotency::Idempotent);
        match self.execute(call, Outcome::of_status).await {
            Ok(response) if response.status() == StatusCode::OK => Ok(response),
            Ok(response) => Err(FetchFailure::HttpStatus {
                status: response.status().as_u16(),
            }),
            Err(error) => Err(FetchFailure::of(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::*;
    use crate::{Store, http::HttpTransport, http::RetryPolicy};

    /// Answers with a status, or not at all, whoever asks for no more than 100 bytes.
    #[derive(Debug)]
    struct Host(Result<u16, TransportErrorKind>);

    #[async_trait::async_trait]
    impl HttpTransport for Host {
        async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
            assert_eq!(request.extensions().get::<ResponseLimit>().unwrap().0, 100);
            let error = |kind| TransportError::new(kind).with_source("the cause");
            let mut response = HttpResponse::new(Bytes::from("document"));
            *response.status_mut() = self.0.map_err(error)?.try_into().unwrap();
            Ok(response)
        }
    }

    async fn fetch(host: Host) -> Result<HttpResponse, FetchFailure> {
        let client = HttpClient::new(Store::AppStore, Arc::new(host), RetryPolicy::never());
        client.fetch("test", HttpRequest::default(), 100).await
    }

    #[tokio::test]
    async fn a_document_comes_with_status_200_and_no_other() {
        let document = fetch(Host(Ok(200))).await.unwrap();
        assert_eq!(document.body()[..], *b"document");
        for status in [201, 204, 206, 301, 302, 304, 400, 404, 429, 500, 503] {
            let failure = fetch(Host(Ok(status))).await.unwrap_err();
            assert_eq!(failure, FetchFailure::HttpStatus { status });
        }
    }

    #[tokio::test]
    async fn a_failure_keeps_how_far_the_request_got_and_the_causes() {
        for (kind, reason) in [
            (TransportErrorKind::Connect, "no connection: the cause"),
            (
                TransportErrorKind::TooLong,
                "the answer is too long: the cause",
            ),
            (TransportErrorKind::Timeout, "no answer in time: the cause"),
        ] {
            let reason = reason.to_owned();
            let failure = fetch(Host(Err(kind))).await.unwrap_err();
            assert_eq!(failure, FetchFailure::NoAnswer { kind, reason });
        }
    }
}
