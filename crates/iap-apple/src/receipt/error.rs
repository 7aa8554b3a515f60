//! Which check a receipt failed, where in it, and with which values.

use iap_core::{EnvironmentSet, Error, Rejection, Store, Timestamp};
use thiserror::Error as ThisError;

use crate::error::{EncodingProblem, VerificationFailure, list, show};

/// The check that a receipt failed.
///
/// A failure is a permanent verdict about the receipt, save for
/// [`CreatedInFuture`](Self::CreatedInFuture): Apple signs nothing in advance, so this machine's
/// clock is slow. It converts into [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The receipt belongs to an app with another App Store id.
    #[error("the app Apple id is {found}, expected {}", list(expected))]
    AppAppleId {
        /// The ids of the accepted apps with the receipt's bundle id.
        expected: Vec<u64>,
        /// The id in the receipt.
        found: i64,
    },
    /// The receipt belongs to another app.
    #[error("the bundle id is {}, expected {}", show(found), list(expected))]
    BundleId {
        /// The bundle ids of the accepted apps.
        expected: Vec<String>,
        /// The bundle id in the receipt; `None` if it carries none.
        found: Option<String>,
    },
    /// The signer's certificate, or the one that issued it, cannot be trusted.
    #[error("the receipt's certificates are not accepted")]
    Certificate(#[source] VerificationFailure),
    /// A part of the receipt is of another type than it has to be.
    #[error("{place} is of type {found}, expected {expected}")]
    ContentType {
        /// Which part, for example `contentInfo`.
        place: &'static str,
        /// The object identifier it must have.
        expected: String,
        /// The object identifier it has.
        found: String,
    },
    /// The receipt says that it was made in the future.
    #[error(
        "created on {created_at}, which is in the future: it is {now}. Check this machine's clock"
    )]
    CreatedInFuture {
        /// When the receipt says that it was made.
        created_at: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The receipt is not standard base64.
    ///
    /// Line breaks are accepted. A space is not: it is what form encoding makes of a `+`.
    #[error("not standard base64 with padding: {0}")]
    Encoding(EncodingProblem),
    /// The receipt was made in an environment that this verifier does not accept.
    #[error(
        "the receipt type is {}, accepted: receipts of {expected}",
        show(found)
    )]
    Environment {
        /// What the verifier accepts.
        expected: EnvironmentSet,
        /// The receipt type; `None` if there is none.
        found: Option<String>,
    },
    /// The receipt has an end, as those of apps bought in volume have, and it has passed.
    #[error("the receipt expired on {expired_at}, it is {now}")]
    Expired {
        /// The receipt's expiration date.
        expired_at: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The receipt lacks the certificate that issued the signer's.
    #[error("the receipt has no certificate of {issuer}, which issued the signer's certificate")]
    IssuerCertificate {
        /// The issuer of the signer's certificate.
        issuer: String,
    },
    /// The text is no transaction receipt.
    #[error("not a transaction receipt: it has no \"{member}\" = \"…\";")]
    MissingMember {
        /// The member, for example `purchase-info`.
        member: &'static str,
    },
    /// The content is not the one that was signed.
    #[error("the content's digest is {computed}, but {signed} was signed")]
    MessageDigest {
        /// The digest among the signed attributes, in hexadecimal.
        signed: String,
        /// The digest of the content, in hexadecimal.
        computed: String,
    },
    /// The receipt is signed with SHA-1, and the verifier does not accept that.
    #[error(
        "signed with SHA-1, as Apple did until January 2025: receipts of that age need a verifier \
         with .accept_sha1()"
    )]
    Sha1,
    /// The signature does not match the content.
    #[error("the signature does not match")]
    Signature,
    /// The signature's algorithms are none that Apple signs with, do not belong together, or do not
    /// suit the key.
    #[error("no receipt is signed with digest {digest} and signature {signature} by such a key")]
    SignatureAlgorithm {
        /// The object identifier of the digest algorithm.
        digest: String,
        /// The object identifier of the signature algorithm.
        signature: String,
    },
    /// The receipt lacks the certificate of its signer.
    #[error("the receipt has no readable certificate {serial_number} of {issuer}, its signer's")]
    SignerCertificate {
        /// The issuer that the signer names.
        issuer: String,
        /// The serial number that the signer names, in hexadecimal.
        serial_number: String,
    },
    /// The receipt is signed by another number of signers than one.
    #[error("signed by {found} signers, expected 1")]
    SignerCount {
        /// How many there are; counting stops at 2.
        found: usize,
    },
    /// The receipt is not built as Apple documents it.
    #[error("{place}: {problem}")]
    Structure {
        /// Where, for example `signedData.encapContentInfo` or `attribute 17[3].1704`: the fourth
        /// in-app purchase and its purchase date.
        place: String,
        /// What is wrong there.
        problem: StructureProblem,
    },
    /// The receipt is longer than any that is read.
    #[error("{found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
}

impl ReceiptError {
    /// A stable name of the check that failed, for logs and metrics, for example `bundle_id`.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::AppAppleId { .. } => "app_apple_id",
            Self::BundleId { .. } => "bundle_id",
            Self::Certificate(failure) => failure.check(),
            Self::ContentType { .. } => "content_type",
            Self::CreatedInFuture { .. } => "created_in_future",
            Self::Encoding(_) => "encoding",
            Self::Environment { .. } => "environment",
            Self::Expired { .. } => "expired",
            Self::IssuerCertificate { .. } => "issuer_certificate",
            Self::MessageDigest { .. } => "message_digest",
            Self::MissingMember { .. } => "missing_member",
            Self::Sha1 => "sha1",
            Self::Signature => "signature",
            Self::SignatureAlgorithm { .. } => "signature_algorithm",
            Self::SignerCertificate { .. } => "signer_certificate",
            Self::SignerCount { .. } => "signer_count",
            Self::Structure { .. } => "structure",
            Self::TooLong { .. } => "too_long",
        }
    }

    /// The verdict in the words that all stores share; `None` if the failure is no verdict.
    #[must_use]
    pub const fn rejection(&self) -> Option<Rejection> {
        Some(match self {
            Self::CreatedInFuture { .. } => return None,
            Self::AppAppleId { .. } | Self::BundleId { .. } => Rejection::WrongApp,
            Self::Certificate(failure) => return failure.rejection(),
            Self::Environment { .. } => Rejection::WrongEnvironment,
            Self::Expired { .. } => Rejection::NoLongerValid,
            Self::MessageDigest { .. } | Self::Signature => Rejection::InvalidSignature,
            Self::IssuerCertificate { .. } | Self::Sha1 | Self::SignerCertificate { .. } => {
                Rejection::UntrustedCertificate
            }
            Self::ContentType { .. }
            | Self::Encoding(_)
            | Self::MissingMember { .. }
            | Self::SignatureAlgorithm { .. }
            | Self::SignerCount { .. }
            | Self::Structure { .. }
            | Self::TooLong { .. } => Rejection::Malformed,
        })
    }
}

impl From<ReceiptError> for Error {
    fn from(failure: ReceiptError) -> Self {
        let error = match failure.rejection() {
            Some(rejection) => Self::rejected(
                rejection,
                format!("the receipt failed check {}", failure.check()),
            ),
            None => Self::unavailable("the receipt cannot be judged by this machine's clock"),
        };
        error.with_store(Store::AppStore).with_source(failure)
    }
}

/// What is wrong with the structure of a receipt at some place.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum StructureProblem {
    /// A text that should be base64 is not.
    #[error("not standard base64 with padding")]
    Base64,
    /// A text that should be a date is none.
    #[error("not an RFC 3339 date: {text:?}")]
    Date {
        /// The text, shortened.
        text: String,
    },
    /// Parts within parts, deeper than anything Apple or Xcode writes.
    #[error("nested too deeply")]
    Depth,
    /// A number that no `i64` can hold, or one without digits.
    #[error("not an integer of 1 to 8 bytes")]
    IntegerRange,
    /// A length that cannot be: of any number of bytes where that is not allowed, or beyond all
    /// memory.
    #[error("impossible length")]
    Length,
    /// Something that must be there is not.
    #[error("missing")]
    Missing,
    /// An indefinite length without an end.
    #[error("no end mark")]
    NoEnd,
    /// Something that may be there once is there again.
    #[error("there more than once")]
    Repeated,
    /// Another kind of element than expected.
    #[error("expected tag {expected:#04x}, found {}", .found.map_or_else(|| "nothing".to_owned(), |tag| format!("{tag:#04x}")))]
    Tag {
        /// The tag that belongs here.
        expected: u8,
        /// The tag that is here; `None` if there is nothing.
        found: Option<u8>,
    },
    /// Bytes after the end.
    #[error("{bytes} bytes too many")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// The bytes end before the element does.
    #[error("ends too early")]
    Truncated,
    /// A tag that no receipt has: one of several bytes, or an end mark without a beginning.
    #[error("unknown tag {found:#04x}")]
    UnknownTag {
        /// Its first byte.
        found: u8,
    },
    /// A text that is not UTF-8.
    #[error("not UTF-8")]
    Utf8,
}

/// Says where a problem is.
pub(crate) trait At<T> {
    fn at(self, place: impl Into<String>) -> Result<T, ReceiptError>;

    fn at_with(self, place: impl FnOnce() -> String) -> Result<T, ReceiptError>;
}

impl<T> At<T> for Result<T, StructureProblem> {
    fn at(self, place: impl Into<String>) -> Result<T, ReceiptError> {
        self.at_with(|| place.into())
    }

    fn at_with(self, place: impl FnOnce() -> String) -> Result<T, ReceiptError> {
        self.map_err(|problem| ReceiptError::Structure {
            place: place(),
            problem,
        })
    }
}

impl From<VerificationFailure> for ReceiptError {
    fn from(failure: VerificationFailure) -> Self {
        Self::Certificate(failure)
    }
}
