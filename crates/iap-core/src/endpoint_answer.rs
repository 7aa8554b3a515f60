//! What does our endpoint answer to a store that posted a notification?

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind};

/// The answer to a store that posted a notification to our endpoint.
///
/// Answer [`Accept`](Self::Accept) once the notification has been handled or stored, so that a crash
/// in between makes the store deliver it again.
///
/// ```
/// use iap_core::{EndpointAnswer, Error, Rejection, StoreEvent};
///
/// /// The status of the HTTP response.
/// fn respond(verified: Result<StoreEvent, Error>) -> u16 {
///     let answer = match verified {
///         Ok(event) => match store(event) {
///             Ok(()) => EndpointAnswer::Accept,
///             Err(_) => EndpointAnswer::TryAgain,
///         },
///         Err(error) => error.endpoint_answer(), // and log it: accepted ones do not come again
///     };
///     answer.http_status()
/// }
/// # fn store(_: StoreEvent) -> std::io::Result<()> { Ok(()) }
///
/// assert_eq!(respond(Err(Error::rejected(Rejection::InvalidSignature, "forged"))), 400);
/// assert_eq!(respond(Err(Error::unavailable("no answer"))), 503);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "taken, not taken, not now: HTTP has no fourth answer"
)]
pub enum EndpointAnswer {
    /// The notification has been taken: status 200. The store will not send it again.
    ///
    /// A failure is answered so, too, where the store did send it, can never send anything better, and
    /// would try for days: log it.
    Accept,
    /// Not a notification for us, and it never will be one: status 400.
    ///
    /// Amazon then gives up. Apple and Google's Pub/Sub send again whatever is not accepted, Apple a
    /// few times, Pub/Sub until the message expires.
    Reject,
    /// Could not tell, or could not take it now: status 503. The store sends it again.
    TryAgain,
}

impl EndpointAnswer {
    /// The status of the HTTP response: 200, 400 or 503. A body is not needed.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Accept => 200,
            Self::Reject => 400,
            Self::TryAgain => 503,
        }
    }

    /// The name used in JSON, for example `try_again`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::TryAgain => "try_again",
        }
    }
}

impl fmt::Display for EndpointAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ErrorKind {
    /// What to answer a store whose notification failed like this.
    ///
    /// Only a verdict is answered with a rejection. Whatever is wrong on our side, or cannot be told,
    /// must not cost us the notification: the store is to send it again. Where there is an [`Error`],
    /// ask that instead: it may know better.
    #[must_use]
    pub const fn endpoint_answer(self) -> EndpointAnswer {
        match self {
            Self::Rejected(_) => EndpointAnswer::Reject,
            Self::InvalidResponse | Self::Misconfigured | Self::Refused | Self::Unavailable => {
                EndpointAnswer::TryAgain
            }
        }
    }
}

impl Error {
    /// What to answer a store whose notification failed like this: what the crate of the store says,
    /// or else [`ErrorKind::endpoint_answer`].
    ///
    /// That may be [`Accept`](EndpointAnswer::Accept), where the store did send it and sending it again
    /// would help nobody: so log every failure.
    #[must_use]
    pub fn endpoint_answer(&self) -> EndpointAnswer {
        self.own_endpoint_answer()
            .unwrap_or_else(|| self.kind().endpoint_answer())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rejection;

    #[test]
    fn only_a_verdict_makes_the_store_give_up() {
        for error in [
            Error::unavailable("x"),
            Error::misconfigured("x"),
            Error::refused("x"),
            Error::invalid_response("x"),
        ] {
            assert_eq!(
                error.endpoint_answer(),
                EndpointAnswer::TryAgain,
                "{error:?}"
            );
        }
        let verdict = Error::rejected(Rejection::WrongApp, "x");
        assert_eq!(verdict.endpoint_answer(), EndpointAnswer::Reject);
    }

    #[test]
    fn what_the_crate_of_the_store_says_counts_before_the_kind() {
        let error = Error::rejected(Rejection::WrongApp, "x")
            .with_endpoint_answer(EndpointAnswer::Accept)
            .with_store(crate::Store::GooglePlay);
        assert_eq!(error.endpoint_answer(), EndpointAnswer::Accept);
        assert_eq!(error.rejection(), Some(Rejection::WrongApp));
    }

    #[test]
    fn an_answer_that_asks_for_another_try_is_a_server_error() {
        let statuses = [
            EndpointAnswer::Accept,
            EndpointAnswer::Reject,
            EndpointAnswer::TryAgain,
        ]
        .map(EndpointAnswer::http_status);
        assert_eq!(statuses, [200, 400, 503]);
    }
}
