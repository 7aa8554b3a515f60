//! Which check a notification failed, with the two values that disagreed.

use core::fmt;

use iap_core::{EndpointAnswer, Error, ErrorKind, Rejection, Store, Timestamp};
use thiserror::Error as ThisError;

/// The check that a notification failed.
///
/// A failure is a permanent verdict about the request, save for those that say that it could not be
/// judged: [`KeysUnavailable`](Self::KeysUnavailable), and [`IssuedInFuture`](Self::IssuedInFuture)
/// and [`NotYetValid`](Self::NotYetValid), since Google issues nothing in advance and so this
/// machine's clock is slow. It converts into [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum NotificationFailure {
    /// The token's header names another algorithm than RS256.
    #[error("the token's alg is {}, expected RS256", show(found))]
    Algorithm {
        /// What the header says; `None` if it says nothing.
        found: Option<String>,
    },
    /// The notification is about another app.
    #[error("the app is {}, expected {}", show(found), list(expected))]
    App {
        /// The accepted apps.
        expected: Vec<String>,
        /// The app of the notification; `None` if it names none.
        found: Option<String>,
    },
    /// The token was issued for another audience.
    #[error("the token's aud is {}, expected {}", show(found), list(expected))]
    Audience {
        /// The accepted audiences.
        expected: Vec<String>,
        /// The audience of the token; `None` if it names none.
        found: Option<String>,
    },
    /// The Authorization header does not hold a token.
    #[error("the Authorization header is not {expected:?} and one token")]
    Authorization {
        /// How it should begin.
        expected: &'static str,
    },
    /// The body is not the JSON that Pub/Sub pushes.
    #[error("the body cannot be read at {path}: {reason}")]
    Body {
        /// Where in the body, for example `message.attributes`; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The token's signature holds, but its claims are not those of a token of Google.
    #[error("the token's claims cannot be read at {path}: {reason}")]
    Claims {
        /// Where, for example `exp`; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The token's header demands an extension that a verifier must understand.
    #[error("the token's header has a crit member, and no extension of JWS is supported")]
    CriticalHeader,
    /// The data of the message is not standard base64.
    #[error("the data of the message is not standard base64: {reason}")]
    DataEncoding {
        /// What is wrong with it.
        reason: String,
    },
    /// Google has not verified the e-mail address in the token.
    #[error("the token's email_verified is {}, expected true", show(found))]
    EmailNotVerified {
        /// What the token says; `None` if it says nothing.
        found: Option<bool>,
    },
    /// A part of the token is not strict base64url.
    #[error("the token's {segment} is not base64url without padding: {reason}")]
    Encoding {
        /// Which part: `header`, `payload` or `signature`.
        segment: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The token has expired. Pub/Sub sends the message again with a fresh one.
    #[error("the token expired on {expires_at}, it is {now}")]
    Expired {
        /// Its `exp`.
        expires_at: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The token's header is not a JSON object as a JWS needs it.
    #[error("the token's header is not a JWS header: {reason}")]
    Header {
        /// What is wrong with it.
        reason: String,
    },
    /// The token says that it was issued in the future: **no verdict**.
    #[error(
        "the token was issued on {issued_at}, which is in the future: it is {now}. Check this \
         machine's clock"
    )]
    IssuedInFuture {
        /// Its `iat`.
        issued_at: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The token was issued by somebody else than Google.
    #[error("the token's iss is {}, expected {}", show(found), list(expected))]
    Issuer {
        /// What Google writes.
        expected: &'static [&'static str],
        /// The issuer of the token; `None` if it names none.
        found: Option<String>,
    },
    /// Google's keys are not at hand: **no verdict**.
    #[error("the keys of Google cannot be had: {problem}")]
    KeysUnavailable {
        /// Why.
        problem: KeyProblem,
    },
    /// The headers tell of another message than the wrapper in the body. Pub/Sub wrote the headers; the
    /// wrapper is data that somebody published to pass for another message.
    #[error(
        "the {member} is {} in the headers and {} in the body",
        show(header),
        show(body)
    )]
    Metadata {
        /// What they disagree about: `messageId` or `subscription`.
        member: &'static str,
        /// What the headers say; `None` if they say nothing about it.
        header: Option<String>,
        /// What the body says; `None` if it says nothing about it.
        body: Option<String>,
    },
    /// A member or header is missing that must be there.
    #[error("{member} is missing")]
    Missing {
        /// Which one, for example `Authorization` or `purchaseToken`.
        member: &'static str,
    },
    /// The message has no data, only attributes.
    #[error("the message has no data")]
    NoData,
    /// The data of the message is not the JSON of a notification of Google Play.
    #[error("the notification cannot be read at {path}: {reason}")]
    Notification {
        /// Where, for example `subscriptionNotification.notificationType`; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The token is not valid yet: **no verdict**.
    #[error("the token is valid from {not_before}, it is {now}. Check this machine's clock")]
    NotYetValid {
        /// Its `nbf`.
        not_before: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// A header is there more than once: of two values neither can be relied on.
    #[error("the header {name} is there more than once")]
    RepeatedHeader {
        /// Its name.
        name: &'static str,
    },
    /// The token does not have the three parts of a compact JWS.
    #[error("a token has 3 parts separated by dots, found {found}")]
    SegmentCount {
        /// How many parts there are; counting stops at 4.
        found: usize,
    },
    /// The token was issued for another service account. Any service account of any Google
    /// customer gets a token for any audience it likes: only this ties the token to you.
    #[error("the token's email is {}, expected {}", show(found), list(expected))]
    ServiceAccount {
        /// The accepted service accounts.
        expected: Vec<String>,
        /// The e-mail address in the token; `None` if it names none.
        found: Option<String>,
    },
    /// The notification is about two things at once, and no notification of Google is.
    #[error("the notification has both {first} and {second}")]
    SeveralKinds {
        /// The one member.
        first: &'static str,
        /// The other member.
        second: &'static str,
    },
    /// The token's signature does not match.
    #[error("the token's signature does not match")]
    Signature,
    /// The message came through another Pub/Sub subscription.
    #[error("the subscription is {}, expected {}", show(found), list(expected))]
    Subscription {
        /// The accepted subscriptions.
        expected: Vec<String>,
        /// The subscription of the message; `None` if it names none.
        found: Option<String>,
    },
    /// Longer than anything that Google sends.
    #[error("the {part} is {found} bytes long, at most {limit} are read")]
    TooLong {
        /// What is too long: `body`, `token` or a header.
        part: &'static str,
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The token is signed with a key that is not one of Google's, as Google has just told. With keys
    /// that were supplied once, that is [`KeyProblem::MayBeOutdated`] instead.
    #[error("the token's kid is {found:?}, Google's keys are {}", list(known))]
    UnknownKey {
        /// The ids of Google's keys.
        known: Vec<String>,
        /// The key id of the token.
        found: String,
    },
}

/// Why Google's keys are not at hand.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum KeyProblem {
    /// Those at hand have expired, and there are no newer ones.
    #[error("those at hand have expired")]
    Expired,
    /// The address answered with another status than 200; redirects are not followed.
    #[error("their address answered with status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// The token's key is not among those that were supplied once: the token is forged, or Google has
    /// changed its keys since, and which of the two cannot be told.
    ///
    /// Somebody who makes tokens up can cause this at will, so it is no reason to wake anybody; that
    /// it lasts, and nothing gets through, is one.
    #[error(
        "the token's kid is {found:?}, those supplied are {}; if Google has changed its keys, supply \
         the present ones, or use an OnlineNotificationVerifier, which fetches them",
        list(known)
    )]
    MayBeOutdated {
        /// The ids of the keys that were supplied.
        known: Vec<String>,
        /// The key id of the token.
        found: String,
    },
    /// There was no answer in time.
    #[error("no answer: {reason}")]
    NoAnswer {
        /// Why not.
        reason: String,
    },
    /// The verifier works offline, and was given no keys: our own set-up is wrong, and no wait cures
    /// it.
    #[error(
        "none were supplied, and this verifier fetches none: supply them, or use an \
         OnlineNotificationVerifier"
    )]
    NotSupplied,
    /// The answer is longer than any set of keys.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The answer is not a JSON Web Key set with a key to verify RS256.
    #[error("the answer is no set of keys: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
}

impl NotificationFailure {
    /// A stable name of the check that failed, for logs and metrics, for example `audience`.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::Algorithm { .. } => "algorithm",
            Self::App { .. } => "app",
            Self::Audience { .. } => "audience",
            Self::Authorization { .. } => "authorization",
            Self::Body { .. } => "body",
            Self::Claims { .. } => "claims",
            Self::CriticalHeader => "critical_header",
            Self::DataEncoding { .. } => "data_encoding",
            Self::EmailNotVerified { .. } => "email_not_verified",
            Self::Encoding { .. } => "encoding",
            Self::Expired { .. } => "expired",
            Self::Header { .. } => "header",
            Self::IssuedInFuture { .. } => "issued_in_future",
            Self::Issuer { .. } => "issuer",
            Self::KeysUnavailable { .. } => "keys_unavailable",
            Self::Metadata { .. } => "metadata",
            Self::Missing { .. } => "missing",
            Self::NoData => "no_data",
            Self::Notification { .. } => "notification",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::RepeatedHeader { .. } => "repeated_header",
            Self::SegmentCount { .. } => "segment_count",
            Self::ServiceAccount { .. } => "service_account",
            Self::SeveralKinds { .. } => "several_kinds",
            Self::Signature => "signature",
            Self::Subscription { .. } => "subscription",
            Self::TooLong { .. } => "too_long",
            Self::UnknownKey { .. } => "unknown_key",
        }
    }

    /// What kind of failure this is, in the words that all stores share.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Rejected(match self {
            Self::KeysUnavailable { problem } => {
                return match problem {
                    KeyProblem::TooLong { .. } | KeyProblem::Unreadable { .. } => {
                        ErrorKind::InvalidResponse
                    }
                    KeyProblem::NotSupplied => ErrorKind::Misconfigured,
                    KeyProblem::Expired
                    | KeyProblem::HttpStatus { .. }
                    | KeyProblem::MayBeOutdated { .. }
                    | KeyProblem::NoAnswer { .. } => ErrorKind::Unavailable,
                };
            }
            Self::IssuedInFuture { .. } | Self::NotYetValid { .. } => {
                return ErrorKind::Unavailable;
            }
            // It was meant for somebody else.
            Self::App { .. } | Self::Audience { .. } | Self::Subscription { .. } => {
                Rejection::WrongApp
            }
            // It was not Google, or not your service account, who signed it.
            Self::EmailNotVerified { .. }
            | Self::Issuer { .. }
            | Self::ServiceAccount { .. }
            | Self::Signature
            | Self::UnknownKey { .. } => Rejection::InvalidSignature,
            Self::Expired { .. } => Rejection::SignedTooLongAgo,
            Self::Metadata { .. } | Self::SeveralKinds { .. } => Rejection::Inconsistent,
            Self::Algorithm { .. }
            | Self::Authorization { .. }
            | Self::Body { .. }
            | Self::Claims { .. }
            | Self::CriticalHeader
            | Self::DataEncoding { .. }
            | Self::Encoding { .. }
            | Self::Header { .. }
            | Self::Missing { .. }
            | Self::NoData
            | Self::Notification { .. }
            | Self::RepeatedHeader { .. }
            | Self::SegmentCount { .. }
            | Self::TooLong { .. } => Rejection::Malformed,
        })
    }

    /// What to answer Pub/Sub, which sends again whatever is not accepted, until the message expires
    /// (after 7 days unless you chose another time), and sends everything else more slowly meanwhile.
    ///
    /// - [`Accept`](EndpointAnswer::Accept) where Pub/Sub did make the request, for you, and what it
    ///   brought can never be handled: it is about another app, or cannot be read. It will not come
    ///   again, so **log it**: if it should have been handled, the set-up here is wrong. Nothing that
    ///   has not been authenticated is answered so.
    /// - [`Reject`](EndpointAnswer::Reject) where somebody else made the request, or it came through
    ///   another Pub/Sub subscription than those that were named: only that one is slowed, and nothing
    ///   is lost if the name is wrong.
    /// - [`TryAgain`](EndpointAnswer::TryAgain) without a verdict.
    ///
    /// [`Error::endpoint_answer`] says the same of the [`Error`] that this converts into. For a dead
    /// letter topic answer everything that is not `TryAgain` with `Reject`.
    #[must_use]
    pub const fn endpoint_answer(&self) -> EndpointAnswer {
        if self.is_about_the_content() {
            return EndpointAnswer::Accept;
        }
        self.kind().endpoint_answer()
    }

    /// Whether it is about what Pub/Sub brought. That is not looked at before the request has been
    /// authenticated, or where you asked Pub/Sub yourself.
    const fn is_about_the_content(&self) -> bool {
        match self {
            Self::App { .. }
            | Self::Body { .. }
            | Self::DataEncoding { .. }
            | Self::Metadata { .. }
            | Self::NoData
            | Self::Notification { .. }
            | Self::SeveralKinds { .. } => true,
            // Others are missing in the request and its token.
            Self::Missing { member } => {
                matches!(
                    member.as_bytes(),
                    b"eventTimeMillis" | b"messageId" | b"purchaseToken"
                )
            }
            // All that comes before, and the limit of the body, which is checked first.
            Self::Algorithm { .. }
            | Self::Audience { .. }
            | Self::Authorization { .. }
            | Self::Claims { .. }
            | Self::CriticalHeader
            | Self::EmailNotVerified { .. }
            | Self::Encoding { .. }
            | Self::Expired { .. }
            | Self::Header { .. }
            | Self::IssuedInFuture { .. }
            | Self::Issuer { .. }
            | Self::KeysUnavailable { .. }
            | Self::NotYetValid { .. }
            | Self::RepeatedHeader { .. }
            | Self::SegmentCount { .. }
            | Self::ServiceAccount { .. }
            | Self::Signature
            | Self::Subscription { .. }
            | Self::TooLong { .. }
            | Self::UnknownKey { .. } => false,
        }
    }
}

impl From<NotificationFailure> for Error {
    fn from(failure: NotificationFailure) -> Self {
        let error = match failure.kind() {
            ErrorKind::Rejected(rejection) => Self::rejected(
                rejection,
                format!("the notification failed check {}", failure.check()),
            ),
            ErrorKind::InvalidResponse => {
                Self::invalid_response("the notification cannot be judged without Google's keys")
            }
            ErrorKind::Misconfigured => {
                Self::misconfigured("the notification cannot be judged as this is set up")
            }
            _ => Self::unavailable("the notification cannot be judged now"),
        };
        let error = match &failure {
            NotificationFailure::KeysUnavailable {
                problem: KeyProblem::HttpStatus { status },
            } => error.with_http_status(*status),
            _ => error,
        };
        error
            .with_store(Store::GooglePlay)
            .with_endpoint_answer(failure.endpoint_answer())
            .with_source(failure)
    }
}

fn show<T: fmt::Display>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(
        || "missing".to_owned(),
        |value| format!("{:?}", value.to_string()),
    )
}

fn list<T: fmt::Display>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(T::to_string).collect();
    values.join(" or ")
}
