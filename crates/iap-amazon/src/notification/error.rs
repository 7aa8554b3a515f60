//! Which check a notification failed, with the two values that disagreed.

use core::{fmt, time::Duration};

use iap_core::{EndpointAnswer, Error, ErrorKind, Rejection, Store, Timestamp};
use thiserror::Error as ThisError;

use super::sns_url::UrlProblem;

/// The check that a notification failed.
///
/// A failure is a permanent verdict about the message, save for two that say that it could not be
/// judged: [`CertificateUnavailable`](Self::CertificateUnavailable), and
/// [`SignedInFuture`](Self::SignedInFuture), since Amazon signs nothing in advance and so this
/// machine's clock is slow. It converts into [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum NotificationFailure {
    /// The notification is about another app.
    #[error("the app is {found:?}, expected {}", list(expected))]
    App {
        /// The accepted apps.
        expected: Vec<String>,
        /// The app of the notification.
        found: String,
    },
    /// The certificate had expired at a time that counts.
    #[error("the certificate expired on {not_after}, and is judged at {at}")]
    CertificateExpired {
        /// The last moment at which it was valid.
        not_after: Timestamp,
        /// When the message was sent, or now.
        at: Timestamp,
    },
    /// The certificate's key is not an RSA key of a size that is accepted.
    #[error(
        "the certificate's key is {}, expected RSA with 2048 to 8192 bits",
        found_key(*found_bits)
    )]
    CertificateKey {
        /// The length of the RSA key in bits; `None` if it is another kind of key.
        found_bits: Option<usize>,
    },
    /// The certificate's key usage does not allow signatures.
    #[error("the certificate's key usage does not allow digitalSignature")]
    CertificateKeyUsage,
    /// The certificate is not one of Amazon's notification service.
    #[error("the certificate is for {}, expected {expected:?}", quoted(found))]
    CertificateName {
        /// The name that it must carry.
        expected: &'static str,
        /// The names that it carries.
        found: Vec<String>,
    },
    /// The certificate was not valid yet at a time that counts.
    #[error("the certificate is valid from {not_before}, and is judged at {at}")]
    CertificateNotYetValid {
        /// The first moment at which it is valid.
        not_before: Timestamp,
        /// When the message was sent, or now.
        at: Timestamp,
    },
    /// The certificate does not lead to a trust anchor of the verifier.
    #[error("the certificate does not lead to a trusted root: {reason}")]
    CertificatePath {
        /// The rule that it breaks.
        reason: String,
    },
    /// There is no certificate to judge the message by: **no verdict**.
    #[error("the certificate cannot be had: {problem}")]
    CertificateUnavailable {
        /// Why.
        problem: CertificateProblem,
    },
    /// The certificate's address is not one of Amazon's notification service.
    #[error("the certificate's address {found:?} is refused: {problem}")]
    CertificateUrl {
        /// The rule that it breaks.
        problem: UrlProblem,
        /// The address.
        found: String,
    },
    /// The body is not the JSON that Amazon's notification service sends.
    #[error("the body cannot be read: {reason}")]
    Envelope {
        /// What is wrong with it.
        reason: String,
    },
    /// The message is genuine, but not the JSON of a notification of the Appstore.
    #[error("the message cannot be read at {path}: {reason}")]
    Message {
        /// Where in the message, for example `relatedReceipts`; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// A member is missing that its type of message has.
    #[error("{member} is missing")]
    MissingMember {
        /// The member.
        member: &'static str,
    },
    /// The message says that it was signed in the future: **no verdict**.
    #[error(
        "signed on {signed_at}, which is in the future: it is {now}. Check this machine's clock"
    )]
    SignedInFuture {
        /// When the message says that it was signed.
        signed_at: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The message was signed longer ago than the verifier accepts.
    #[error("signed on {signed_at}, more than {} s before {now}", max_age.as_secs())]
    SignedTooLongAgo {
        /// When the message says that it was signed.
        signed_at: Timestamp,
        /// The present time.
        now: Timestamp,
        /// The accepted age, tolerance included.
        max_age: Duration,
    },
    /// The signature does not match the message.
    #[error("the signature does not match")]
    Signature,
    /// The signature is not standard base64 of an RSA signature.
    #[error("the signature is not standard base64 of 256 to 1024 bytes: {reason}")]
    SignatureEncoding {
        /// What is wrong with it.
        reason: String,
    },
    /// The signature's version is none that this version knows.
    #[error("the signature version is {found:?}, expected 1 or 2")]
    SignatureVersion {
        /// The version.
        found: String,
    },
    /// The message is signed with SHA-1, which this verifier does not accept.
    #[error(
        "the signature version is 1, which is SHA-1, and this verifier accepts 2 only: the owner \
         of the topic sets it"
    )]
    SignatureVersionForbidden,
    /// A value could be read together with its neighbours as other values.
    #[error("{member} has control characters or is too long")]
    Text {
        /// The member.
        member: &'static str,
    },
    /// The time is not one in RFC 3339.
    #[error("the time of the message is {found:?}, expected RFC 3339")]
    Timestamp {
        /// What the message says.
        found: String,
    },
    /// The body is longer than anything that Amazon sends.
    #[error("{found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The message came through a topic that this verifier does not accept.
    #[error("the topic is {found:?}, expected {}", list(expected))]
    Topic {
        /// The accepted topics.
        expected: Vec<String>,
        /// The topic of the message.
        found: String,
    },
    /// The message is of a type that this version does not know.
    #[error(
        "the type is {found:?}, expected Notification, SubscriptionConfirmation or \
         UnsubscribeConfirmation"
    )]
    Type {
        /// The type.
        found: String,
    },
}

/// Why there is no certificate to judge a message by.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum CertificateProblem {
    /// The address answered with another status than 200; redirects are not followed.
    #[error("its address answered with status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// There was no answer in time.
    #[error("no answer: {reason}")]
    NoAnswer {
        /// Why not.
        reason: String,
    },
    /// The verifier works offline, and was not given the certificate at this address.
    #[error("it was not supplied, and this verifier fetches none")]
    NotSupplied,
    /// The answer is longer than any certificate.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The answer is not a certificate in PEM.
    #[error("the answer is no certificate in PEM: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
}

impl NotificationFailure {
    /// A stable name of the check that failed, for logs and metrics, for example `topic`.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::App { .. } => "app",
            Self::CertificateExpired { .. } => "certificate_expired",
            Self::CertificateKey { .. } => "certificate_key",
            Self::CertificateKeyUsage => "certificate_key_usage",
            Self::CertificateName { .. } => "certificate_name",
            Self::CertificateNotYetValid { .. } => "certificate_not_yet_valid",
            Self::CertificatePath { .. } => "certificate_path",
            Self::CertificateUnavailable { .. } => "certificate_unavailable",
            Self::CertificateUrl { .. } => "certificate_url",
            Self::Envelope { .. } => "envelope",
            Self::Message { .. } => "message",
            Self::MissingMember { .. } => "missing_member",
            Self::SignedInFuture { .. } => "signed_in_future",
            Self::SignedTooLongAgo { .. } => "signed_too_long_ago",
            Self::Signature => "signature",
            Self::SignatureEncoding { .. } => "signature_encoding",
            Self::SignatureVersion { .. } => "signature_version",
            Self::SignatureVersionForbidden => "signature_version_forbidden",
            Self::Text { .. } => "text",
            Self::Timestamp { .. } => "timestamp",
            Self::TooLong { .. } => "too_long",
            Self::Topic { .. } => "topic",
            Self::Type { .. } => "type",
        }
    }

    /// What kind of failure this is, in the words that all stores share.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Rejected(match self {
            Self::CertificateUnavailable { problem } => {
                return match problem {
                    CertificateProblem::TooLong { .. } | CertificateProblem::Unreadable { .. } => {
                        ErrorKind::InvalidResponse
                    }
                    CertificateProblem::HttpStatus { .. }
                    | CertificateProblem::NoAnswer { .. }
                    | CertificateProblem::NotSupplied => ErrorKind::Unavailable,
                };
            }
            Self::SignedInFuture { .. } => return ErrorKind::Unavailable,
            // There is one topic for each app.
            Self::App { .. } | Self::Topic { .. } => Rejection::WrongApp,
            Self::CertificateExpired { .. }
            | Self::CertificateKey { .. }
            | Self::CertificateKeyUsage
            | Self::CertificateName { .. }
            | Self::CertificateNotYetValid { .. }
            | Self::CertificatePath { .. }
            | Self::CertificateUrl { .. } => Rejection::UntrustedCertificate,
            Self::SignedTooLongAgo { .. } => Rejection::SignedTooLongAgo,
            Self::Signature | Self::SignatureVersionForbidden => Rejection::InvalidSignature,
            Self::Type { .. } => Rejection::WrongKind,
            Self::Envelope { .. }
            | Self::Message { .. }
            | Self::MissingMember { .. }
            | Self::SignatureEncoding { .. }
            | Self::SignatureVersion { .. }
            | Self::Text { .. }
            | Self::Timestamp { .. }
            | Self::TooLong { .. } => Rejection::Malformed,
        })
    }

    /// Whether the message could not be judged, and the same message may pass later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Unavailable | ErrorKind::InvalidResponse
        )
    }

    /// What to answer Amazon: to give up, or to send the message again.
    #[must_use]
    pub const fn endpoint_answer(&self) -> EndpointAnswer {
        self.kind().endpoint_answer()
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
                Self::invalid_response("the notification cannot be judged without its certificate")
            }
            _ => Self::unavailable("the notification cannot be judged now"),
        };
        let error = match &failure {
            NotificationFailure::CertificateUnavailable {
                problem: CertificateProblem::HttpStatus { status },
            } => error.with_http_status(*status),
            _ => error,
        };
        error.with_store(Store::AmazonAppstore).with_source(failure)
    }
}

fn list<T: fmt::Display>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(T::to_string).collect();
    values.join(" or ")
}

fn quoted(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    match &names[..] {
        [] => "no name".to_owned(),
        names => names.join(" and "),
    }
}

fn found_key(bits: Option<usize>) -> String {
    match bits {
        Some(bits) => format!("RSA with {bits} bits"),
        None => "no RSA key".to_owned(),
    }
}
