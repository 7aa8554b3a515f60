//! Which check signed data failed, with the two values that disagreed.

use core::{fmt, time::Duration};

pub(crate) use iap_core::shorten;
use iap_core::{EnvironmentSet, Error, Rejection, Store, Timestamp};
use thiserror::Error as ThisError;

use crate::{notification::BodyProblem, signed_data::SignedDataKind};

/// The check that signed data failed.
///
/// A failure is a permanent verdict about the data, save for
/// [`SignedInFuture`](Self::SignedInFuture): Apple signs nothing in advance, so this machine's clock
/// is slow. It converts into [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum VerificationFailure {
    /// The header names another algorithm than ES256.
    #[error("the header's alg is {}, expected ES256", show(found))]
    Algorithm {
        /// What the header says; `None` if it says nothing.
        found: Option<String>,
    },
    /// The data belongs to an app with another App Store id.
    #[error("the app Apple id is {}, expected {}", show(found), list(expected))]
    AppAppleId {
        /// The ids of the accepted apps.
        expected: Vec<u64>,
        /// The id in the data; `None` if it carries none.
        found: Option<i64>,
    },
    /// The body of a notification is not what Apple posts.
    #[error("not the body of a notification: {0}")]
    Body(BodyProblem),
    /// The data belongs to another app.
    #[error("the bundle id is {}, expected {}", show(found), list(expected))]
    BundleId {
        /// The bundle ids of the accepted apps.
        expected: Vec<String>,
        /// The bundle id in the data; `None` if it carries none.
        found: Option<String>,
    },
    /// A certificate is not standard base64 of one DER certificate, or has bytes after it.
    #[error("the {role} certificate cannot be read: {reason}")]
    CertificateEncoding {
        /// Which certificate.
        role: CertificateRole,
        /// What is wrong with it.
        reason: String,
    },
    /// A certificate had expired when the data was signed.
    #[error("the {role} certificate expired on {not_after}, the data was signed on {signed_at}")]
    CertificateExpired {
        /// Which certificate.
        role: CertificateRole,
        /// The last moment at which it was valid.
        not_after: Timestamp,
        /// When the data says that it was signed.
        signed_at: Timestamp,
    },
    /// The issuer that a certificate names is not the next certificate.
    #[error("the {role} certificate was issued by {issuer}, but is followed by {next}")]
    CertificateIssuer {
        /// Which certificate.
        role: CertificateRole,
        /// The issuer it names.
        issuer: String,
        /// The subject of the certificate after it.
        next: String,
    },
    /// The leaf certificate's key is not a P-256 key.
    #[error("the leaf certificate's key is not an EC key on P-256")]
    CertificateKey,
    /// A certificate's key usage does not allow what it is used for.
    #[error("the {role} certificate's key usage does not allow {required}")]
    CertificateKeyUsage {
        /// Which certificate.
        role: CertificateRole,
        /// The usage that is missing.
        required: &'static str,
    },
    /// A certificate lacks the extension by which Apple marks certificates for this purpose.
    #[error("the {role} certificate lacks Apple's marker extension {oid}")]
    CertificateMarker {
        /// Which certificate.
        role: CertificateRole,
        /// The extension's object identifier.
        oid: &'static str,
    },
    /// A certificate was not valid yet when the data was signed.
    #[error(
        "the {role} certificate is valid from {not_before}, the data was signed on {signed_at}"
    )]
    CertificateNotYetValid {
        /// Which certificate.
        role: CertificateRole,
        /// The first moment at which it is valid.
        not_before: Timestamp,
        /// When the data says that it was signed.
        signed_at: Timestamp,
    },
    /// The chain breaks a rule of path building other than those that have a failure of their own.
    #[error("the certificate path is not valid: {reason}")]
    CertificatePath {
        /// The rule.
        reason: String,
    },
    /// A certificate was not signed by the one that it names as its issuer.
    #[error("a certificate of the chain was not signed by its issuer")]
    CertificateSignature,
    /// The header has another number of certificates than three.
    #[error("the header has {found} certificates, expected 3 (leaf, intermediate, root)")]
    ChainLength {
        /// How many there are; 0 if the header has no `x5c`.
        found: usize,
    },
    /// The header demands an extension that a verifier must understand.
    #[error("the header has a crit member, and no extension of JWS is supported")]
    CriticalHeader,
    /// A part is not strict base64url.
    #[error("the {segment} is not base64url without padding: {problem}")]
    Encoding {
        /// Which part.
        segment: Segment,
        /// What is wrong with it.
        problem: EncodingProblem,
    },
    /// The data was made in an environment that this verifier does not accept.
    #[error("the environment is {}, accepted: {expected}", show(found))]
    Environment {
        /// What the verifier accepts.
        expected: EnvironmentSet,
        /// What the data says; `None` if it says nothing.
        found: Option<String>,
    },
    /// The header is not a JSON object as a JWS needs it.
    #[error("the header is not a JWS header: {reason}")]
    Header {
        /// What is wrong with it.
        reason: String,
    },
    /// Two signed parts that must agree do not.
    #[error(
        "{member} is {} in one part and {} in another",
        show(first),
        show(second)
    )]
    Inconsistent {
        /// The member, for example `originalTransactionId`.
        member: &'static str,
        /// What the outer or first part says.
        first: Option<String>,
        /// What the nested or second part says.
        second: Option<String>,
    },
    /// The payload lacks a member without which nothing can be said about the purchase.
    #[error("the payload has no {member}")]
    MissingMember {
        /// The member, for example `productId`.
        member: &'static str,
    },
    /// A signed part nested in a notification failed.
    #[error("{member}: {failure}")]
    Nested {
        /// The member that holds the nested JWS, for example `signedTransactionInfo`.
        member: &'static str,
        /// Why it failed.
        failure: Box<Self>,
    },
    /// The payload is not the JSON that Apple documents.
    #[error("the payload cannot be read at {path}: {reason}")]
    Payload {
        /// Where in the payload, for example `data.appAppleId`; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The data does not have the three parts of a compact JWS.
    #[error("a compact JWS has 3 parts separated by dots, found {found}")]
    SegmentCount {
        /// How many parts there are; counting stops at 4.
        found: usize,
    },
    /// The signature does not match the header and payload.
    #[error("the signature does not match")]
    Signature,
    /// The signature is not the 64 bytes of ES256.
    #[error("the signature has {found} bytes, ES256 has 64 (r and s, not DER)")]
    SignatureLength {
        /// How many bytes it has.
        found: usize,
    },
    /// The data says that it was signed in the future.
    #[error(
        "signed on {signed_at}, which is in the future: it is {now}. Check this machine's clock"
    )]
    SignedInFuture {
        /// When the data says that it was signed.
        signed_at: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The data was signed longer ago than the verifier accepts.
    #[error("signed on {signed_at}, more than {} s before {now}", max_age.as_secs())]
    SignedTooLongAgo {
        /// When the data says that it was signed.
        signed_at: Timestamp,
        /// The present time.
        now: Timestamp,
        /// The accepted age.
        max_age: Duration,
    },
    /// The data is longer than anything Apple sends.
    #[error("{found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// No trust anchor has the name that the intermediate certificate gives as its issuer.
    #[error("no trusted root is named {issuer}")]
    UntrustedRoot {
        /// The issuer of the intermediate certificate.
        issuer: String,
    },
    /// The data is genuine, but of another kind than this method verifies.
    #[error("expected {expected}, found {}", .found.map_or("data of an unknown kind", SignedDataKind::describe))]
    WrongKind {
        /// What the method verifies.
        expected: SignedDataKind,
        /// What the data is; `None` if it is nothing this version knows.
        found: Option<SignedDataKind>,
    },
}

impl VerificationFailure {
    /// A stable name of the check that failed, for logs and metrics, for example `bundle_id`.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::Algorithm { .. } => "algorithm",
            Self::AppAppleId { .. } => "app_apple_id",
            Self::Body(_) => "body",
            Self::BundleId { .. } => "bundle_id",
            Self::CertificateEncoding { .. } => "certificate_encoding",
            Self::CertificateExpired { .. } => "certificate_expired",
            Self::CertificateIssuer { .. } => "certificate_issuer",
            Self::CertificateKey => "certificate_key",
            Self::CertificateKeyUsage { .. } => "certificate_key_usage",
            Self::CertificateMarker { .. } => "certificate_marker",
            Self::CertificateNotYetValid { .. } => "certificate_not_yet_valid",
            Self::CertificatePath { .. } => "certificate_path",
            Self::CertificateSignature => "certificate_signature",
            Self::ChainLength { .. } => "chain_length",
            Self::CriticalHeader => "critical_header",
            Self::Encoding { .. } => "encoding",
            Self::Environment { .. } => "environment",
            Self::Header { .. } => "header",
            Self::Inconsistent { .. } => "inconsistent",
            Self::MissingMember { .. } => "missing_member",
            Self::Nested { failure, .. } => failure.check(),
            Self::Payload { .. } => "payload",
            Self::SegmentCount { .. } => "segment_count",
            Self::Signature => "signature",
            Self::SignatureLength { .. } => "signature_length",
            Self::SignedInFuture { .. } => "signed_in_future",
            Self::SignedTooLongAgo { .. } => "signed_too_long_ago",
            Self::TooLong { .. } => "too_long",
            Self::UntrustedRoot { .. } => "untrusted_root",
            Self::WrongKind { .. } => "wrong_kind",
        }
    }

    /// The verdict in the words that all stores share; `None` if the failure is no verdict.
    #[must_use]
    pub const fn rejection(&self) -> Option<Rejection> {
        Some(match self {
            Self::SignedInFuture { .. } => return None,
            Self::AppAppleId { .. } | Self::BundleId { .. } => Rejection::WrongApp,
            Self::CertificateExpired { .. }
            | Self::CertificateIssuer { .. }
            | Self::CertificateKey
            | Self::CertificateKeyUsage { .. }
            | Self::CertificateMarker { .. }
            | Self::CertificateNotYetValid { .. }
            | Self::CertificatePath { .. }
            | Self::CertificateSignature
            | Self::UntrustedRoot { .. } => Rejection::UntrustedCertificate,
            Self::Environment { .. } => Rejection::WrongEnvironment,
            Self::Inconsistent { .. } => Rejection::Inconsistent,
            Self::Nested { failure, .. } => return failure.rejection(),
            Self::Signature => Rejection::InvalidSignature,
            Self::SignedTooLongAgo { .. } => Rejection::SignedTooLongAgo,
            Self::WrongKind { .. } => Rejection::WrongKind,
            Self::Algorithm { .. }
            | Self::Body(_)
            | Self::CertificateEncoding { .. }
            | Self::ChainLength { .. }
            | Self::CriticalHeader
            | Self::Encoding { .. }
            | Self::Header { .. }
            | Self::MissingMember { .. }
            | Self::Payload { .. }
            | Self::SegmentCount { .. }
            | Self::SignatureLength { .. }
            | Self::TooLong { .. } => Rejection::Malformed,
        })
    }
}

impl From<VerificationFailure> for Error {
    fn from(failure: VerificationFailure) -> Self {
        let error = match failure.rejection() {
            Some(rejection) => Self::rejected(
                rejection,
                format!("signed data failed check {}", failure.check()),
            ),
            None => Self::unavailable("signed data cannot be judged by this machine's clock"),
        };
        error.with_store(Store::AppStore).with_source(failure)
    }
}

impl From<BodyProblem> for VerificationFailure {
    fn from(problem: BodyProblem) -> Self {
        Self::Body(problem)
    }
}

/// A certificate of the chain, by what it is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateRole {
    /// Apple's Worldwide Developer Relations authority, which issues the leaf.
    Intermediate,
    /// The certificate whose key signs the data.
    Leaf,
    /// The trust anchor.
    Root,
}

impl fmt::Display for CertificateRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Intermediate => "intermediate",
            Self::Leaf => "leaf",
            Self::Root => "root",
        })
    }
}

/// A part of a compact JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Segment {
    /// The first part: algorithm and certificates.
    Header,
    /// The second part: the data.
    Payload,
    /// The third part.
    Signature,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

/// What is wrong with base64url text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodingProblem {
    /// A character outside the alphabet.
    Character {
        /// Where, counted in bytes from the start of the part.
        offset: usize,
    },
    /// A length that no bytes encode to, for example because the end is cut off.
    Length,
    /// `=` at the end; base64url in a JWS has none.
    Padding,
    /// Bits that are set in the last character although they encode nothing.
    TrailingBits,
    /// A space, tab or line break. Trim what you received, if that is where it comes from.
    Whitespace {
        /// Where, counted in bytes from the start of the part.
        offset: usize,
    },
}

impl fmt::Display for EncodingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { offset } => write!(f, "foreign character at {offset}"),
            Self::Length => f.write_str("impossible length"),
            Self::Padding => f.write_str("padding"),
            Self::TrailingBits => f.write_str("spare bits set in the last character"),
            Self::Whitespace { offset } => write!(f, "white space at {offset}"),
        }
    }
}

/// A value of the data in a message: quoted and shortened, or "missing".
pub(crate) fn show<T: fmt::Display>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(
        || "missing".to_owned(),
        |value| format!("{:?}", shorten(value)),
    )
}

pub(crate) fn list<T: fmt::Display>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(T::to_string).collect();
    values.join(" or ")
}
