//! Why can a key not be used, or a token not be had?
//!
//! No message repeats anything of a key or a token.

use core::{fmt, time::Duration};

use iap_core::{Error, ErrorKind, Store, open_enum, printable};
use serde::Deserialize;
use serde_json::Value;

/// What is wrong with the key of a service account. Names the mistake and never the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServiceAccountKeyError {
    /// The text between the lines of PEM is not Base64.
    #[error("the private key is not Base64: use the key file unchanged")]
    Base64,
    /// The PEM text has no end.
    #[error("the private key is cut off: the line -----END PRIVATE KEY----- is missing")]
    CutOff,
    /// There is nothing.
    #[error("the key is empty: is the variable or file that it comes from set?")]
    Empty,
    /// The whole file was put in Base64.
    #[error("this is the key file in Base64: decode it once, and pass on what comes out")]
    EncodedTwice,
    /// It is the name of a file.
    #[error("this is the path of a file, expected its content: read the file first")]
    FilePath,
    /// A member is missing or empty.
    #[error("the key file has no {member}: use it unchanged, as Google Cloud gave it out")]
    Missing {
        /// The member.
        member: &'static str,
    },
    /// It is not JSON.
    #[error(
        "the key file is not JSON: use it unchanged; line breaks in private_key must stay \\n in \
         two characters"
    )]
    NotJson,
    /// The private key is not PEM.
    #[error("the private key is not PEM: expected -----BEGIN PRIVATE KEY-----")]
    NotPem,
    /// It is a file of other credentials.
    #[error(
        "this is a file of {found}, expected service_account; for other credentials implement \
         TokenSource"
    )]
    OtherKind {
        /// The kind of credentials.
        found: &'static str,
    },
    /// The private key is PEM of something else.
    #[error("this is PEM of something else, expected -----BEGIN PRIVATE KEY-----")]
    OtherPem,
    /// Tokens would be asked for at a host that is not Google's.
    #[error(
        "token_uri of the key file does not lead to Google over https: the file is not genuine, or \
         use with_token_url"
    )]
    TokenHost,
    /// It is not `https`, nor plain `http` to this machine itself; or it has a query or fragment.
    #[error(
        "the address for tokens must begin with https:// and have no query or fragment; http:// is \
         for this machine itself"
    )]
    TokenUrl,
    /// It is longer than any key file.
    #[error("the key file is {found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The bytes of the private key are damaged, or a key of another kind.
    #[error("the private key is not an RSA key of at least 2048 bits in PKCS #8")]
    Unreadable,
}

impl From<ServiceAccountKeyError> for Error {
    fn from(error: ServiceAccountKeyError) -> Self {
        Self::misconfigured("the key of the service account cannot be used")
            .with_store(Store::GooglePlay)
            .with_source(error)
    }
}

open_enum! {
    /// Why an endpoint for tokens gives none.
    pub enum OAuthError: str {
        /// The client is not known.
        InvalidClient = "invalid_client",
        /// The account or key is gone, the clock is wrong, or the signature is.
        InvalidGrant = "invalid_grant",
        /// A parameter is missing or wrong.
        InvalidRequest = "invalid_request",
        /// The scope does not exist.
        InvalidScope = "invalid_scope",
        /// Google failed.
        ServerError = "server_error",
        /// Google is busy.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// The account may not ask in this way.
        UnauthorizedClient = "unauthorized_client",
    }
}

/// An endpoint gave no token. The source of the [`Error`] that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFailure {
    status: u16,
    error: Option<OAuthError>,
    description: Option<String>,
    retry_after: Option<Duration>,
}

impl TokenFailure {
    /// Reads an answer whose status is not 2xx, whatever its body.
    pub(super) fn from_response(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let object: ErrorObject = serde_json::from_slice(body).unwrap_or_default();
        Self {
            status,
            error: object
                .error
                .as_str()
                .and_then(printable)
                .map(OAuthError::from),
            description: object.error_description.as_str().and_then(printable),
            retry_after,
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.status
    }

    /// The error code; `None` if the answer holds none.
    #[must_use]
    pub const fn oauth_error(&self) -> Option<&OAuthError> {
        self.error.as_ref()
    }

    /// What Google says about it, for people.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// What kind of failure this is. Never a verdict about a purchase.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match (self.status, &self.error) {
            (408 | 429 | 500..=599, _)
            | (_, Some(OAuthError::ServerError | OAuthError::TemporarilyUnavailable)) => {
                ErrorKind::Unavailable
            }
            (400..=499, _) => ErrorKind::Misconfigured,
            _ => ErrorKind::InvalidResponse,
        }
    }

    const fn advice(&self) -> &'static str {
        match (self.kind(), &self.error) {
            (ErrorKind::Unavailable, _) => "no token can be had now; try again later",
            (ErrorKind::InvalidResponse, _) => {
                "an endpoint for tokens never answers with this status; check its address and the \
                 proxy"
            }
            (_, Some(OAuthError::InvalidGrant)) => {
                "no token is given; check that the service account exists, that its key is not \
                 deleted or disabled, and that this machine's clock is right"
            }
            (_, Some(OAuthError::InvalidScope)) => "no token is given: the scope does not exist",
            (_, Some(_)) => "no token is given; check the service account in Google Cloud",
            (_, None) => {
                "no token is given, and no reason; check the address for tokens and the proxy, or \
                 whether the machine has a service account"
            }
        }
    }
}

impl fmt::Display for TokenFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the endpoint for tokens answered status {}", self.status)?;
        if let Some(error) = &self.error {
            write!(f, ", {error}")?;
        }
        match &self.description {
            Some(description) => write!(f, ": {description}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for TokenFailure {}

impl From<TokenFailure> for Error {
    fn from(failure: TokenFailure) -> Self {
        let advice = failure.advice();
        let mut error = match failure.kind() {
            ErrorKind::Unavailable => Self::unavailable(advice),
            ErrorKind::InvalidResponse => Self::invalid_response(advice),
            _ => Self::misconfigured(advice),
        }
        .with_store(Store::GooglePlay)
        .with_http_status(failure.status);
        if let Some(code) = &failure.error {
            error = error.with_api_code(code.to_string());
        }
        if let Some(wait) = failure.retry_after {
            error = error.with_retry_after(wait);
        }
        error.with_source(failure)
    }
}

/// The error object, with whatever types the members have.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorObject {
    error: Value,
    error_description: Value,
}
