//! What a fake store sends back, whole or broken off.

use core::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body::{Body, Frame, SizeHint};

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Answer {
    pub(crate) const fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    pub(crate) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        let answer = Self {
            body: body.into(),
            ..Self::empty(status)
        };
        answer.with(header::CONTENT_TYPE, content_type)
    }

    pub(crate) fn with(mut self, name: HeaderName, value: impl ToString) -> Self {
        let value = HeaderValue::try_from(value.to_string()).expect("a header of plain text");
        self.headers.push((name, value));
        self
    }

    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// The same answer with half of its body: JSON that ends in the middle.
    pub(crate) fn halved(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    pub(super) fn into_response(self, ending: Ending) -> Response<AnswerBody> {
        let mut response = Response::new(AnswerBody::new(self.body, ending));
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        response
    }
}

/// How the body of an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// The connection breaks after half of the body, whose whole length was announced.
    BrokenOff,
}

pub(super) struct AnswerBody {
    length: u64,
    rest: Option<Bytes>,
    ending: Ending,
}

impl AnswerBody {
    pub(super) fn whole(body: Bytes) -> Self {
        Self::new(body, Ending::Whole)
    }

    fn new(body: Bytes, ending: Ending) -> Self {
        Self {
            length: u64::try_from(body.len()).expect("a body in memory"),
            rest: Some(body),
            ending,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        Poll::Ready(match (self.rest.take(), self.ending) {
            (Some(body), Ending::Whole) if body.is_empty() => None,
            (Some(body), Ending::Whole) => Some(Ok(Frame::data(body))),
            (Some(body), Ending::BrokenOff) if body.len() > 1 => {
                Some(Ok(Frame::data(body.slice(..body.len() / 2))))
            }
            (_, Ending::BrokenOff) => Some(Err(BrokenOff)),
            (None, Ending::Whole) => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.ending == Ending::Whole && self.rest.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

/// Makes the server close the connection.
#[derive(Debug)]
pub(super) struct BrokenOff;

impl core::fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("broken off on purpose")
    }
}

impl core::error::Error for BrokenOff {}
