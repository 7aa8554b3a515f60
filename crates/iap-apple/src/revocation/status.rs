//! What came of asking about certificates, and what follows from it.
//!
//! RFC 6960 §2.2 and §2.3.

use iap_core::{Error, Rejection, Store, Timestamp, http::TransportErrorKind, open_enum};
use thiserror::Error as ThisError;

use crate::error::{CertificateRole, shorten};

/// What is known about the certificates that signed something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChainStatus {
    /// The leaf, whose key signed the data.
    pub leaf: CertificateStatus,
    /// The intermediate, which issued the leaf.
    pub intermediate: CertificateStatus,
}

/// What the issuer of a certificate says about it, or why it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateStatus {
    /// It has not been revoked.
    Good,
    /// It has been revoked, for good: nothing that it signed counts any more, whenever it says that
    /// it was signed, since the holder of a stolen key writes any date.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why, if the issuer says so.
        reason: Option<CrlReason>,
    },
    /// The issuer's responder does not know it.
    Unknown,
    /// Nothing could be learnt.
    Undetermined(OcspFailure),
}

impl CertificateStatus {
    pub(crate) const fn is_revoked(&self) -> bool {
        matches!(self, Self::Revoked { .. })
    }

    /// Whether the issuer said which it is.
    pub(crate) const fn is_answer(&self) -> bool {
        matches!(self, Self::Good | Self::Revoked { .. })
    }
}

/// Which answers are good enough.
///
/// | the responder says | [`Hard`](Self::Hard) | [`Soft`](Self::Soft) |
/// |---|---|---|
/// | good | accepted | accepted |
/// | revoked | rejected | rejected |
/// | unknown | refused, without a verdict | accepted |
/// | nothing that could be used | refused, without a verdict | accepted |
///
/// Unknown is no verdict: it is also what a responder says that has not heard yet of a certificate
/// issued today, and a verdict may be stored for ever. Access is granted by neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationPolicy {
    /// Nothing but "good" is accepted: an outage of Apple's responder stops verification.
    Hard,
    /// Only "revoked" is refused: an outage of Apple's responder does not matter, but whoever can
    /// cut the connection to it can hide a revocation.
    Soft,
}

impl ChainStatus {
    /// Whether `policy` accepts the chain.
    ///
    /// # Errors
    ///
    /// The certificate that is not accepted; a revoked one first.
    pub fn require(&self, policy: RevocationPolicy) -> Result<(), RevocationFailure> {
        let statuses = [
            (CertificateRole::Leaf, &self.leaf),
            (CertificateRole::Intermediate, &self.intermediate),
        ];
        let mut failure = None;
        for (role, status) in statuses {
            match status {
                CertificateStatus::Good => {}
                CertificateStatus::Revoked { at, reason } => {
                    let (at, reason) = (*at, *reason);
                    return Err(RevocationFailure::Revoked { role, at, reason });
                }
                CertificateStatus::Unknown => {
                    failure = failure.or(Some(RevocationFailure::Unknown { role }));
                }
                CertificateStatus::Undetermined(cause) => {
                    failure = failure.or_else(|| {
                        let cause = cause.clone();
                        Some(RevocationFailure::Undetermined { role, cause })
                    });
                }
            }
        }
        match (policy, failure) {
            (RevocationPolicy::Hard, Some(failure)) => Err(failure),
            (RevocationPolicy::Hard, None) | (RevocationPolicy::Soft, _) => Ok(()),
        }
    }
}

/// Why data that verified is not accepted after its certificates have been asked about.
///
/// Only [`Revoked`](Self::Revoked) is a verdict. It converts into [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum RevocationFailure {
    /// A certificate has been revoked.
    #[error("the {role} certificate was revoked on {at}{}", because(*reason))]
    Revoked {
        /// Which certificate.
        role: CertificateRole,
        /// Since when.
        at: Timestamp,
        /// Why, if the issuer says so.
        reason: Option<CrlReason>,
    },
    /// Nothing could be learnt about a certificate.
    #[error("whether the {role} certificate has been revoked could not be learnt")]
    Undetermined {
        /// Which certificate.
        role: CertificateRole,
        /// Why.
        #[source]
        cause: OcspFailure,
    },
    /// The issuer's responder does not know a certificate.
    #[error("the issuer's OCSP responder does not know the {role} certificate")]
    Unknown {
        /// Which certificate.
        role: CertificateRole,
    },
}

impl From<RevocationFailure> for Error {
    fn from(failure: RevocationFailure) -> Self {
        let error = match &failure {
            RevocationFailure::Revoked { .. } => {
                Self::rejected(Rejection::CertificateRevoked, "a certificate was revoked")
            }
            RevocationFailure::Unknown { .. } => {
                Self::unavailable("the OCSP responder does not know a certificate")
            }
            RevocationFailure::Undetermined { cause, .. } => match cause {
                OcspFailure::NoResponder { .. }
                | OcspFailure::Transport {
                    kind: TransportErrorKind::Request,
                    ..
                } => Self::misconfigured("no OCSP responder can be asked"),
                OcspFailure::HttpStatus { status } => {
                    Self::unavailable("the OCSP responder did not answer").with_http_status(*status)
                }
                OcspFailure::Transport {
                    kind: TransportErrorKind::TooLong,
                    ..
                }
                | OcspFailure::Malformed { .. }
                | OcspFailure::OtherCertificate
                | OcspFailure::Signature
                | OcspFailure::SignatureAlgorithm
                | OcspFailure::TooLong { .. }
                | OcspFailure::UntrustedResponder { .. } => {
                    Self::invalid_response("the OCSP answer cannot be used")
                }
                OcspFailure::NotYetValid { .. }
                | OcspFailure::Refused { .. }
                | OcspFailure::Stale { .. }
                | OcspFailure::Transport { .. } => {
                    Self::unavailable("the OCSP responder did not answer")
                }
            },
        };
        error.with_store(Store::AppStore).with_source(failure)
    }
}

/// Why nothing could be learnt about a certificate. Says nothing about the data it signed: the
/// answer travels over plain HTTP, where anything may happen to it.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum OcspFailure {
    /// The responder, or something on the way to it, answered with an HTTP status other than 200.
    #[error("HTTP status {status}")]
    HttpStatus {
        /// The status.
        status: u16,
    },
    /// The answer is not what RFC 6960 describes: for example the page of a captive portal.
    #[error("the answer is not an OCSP response: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// The certificate names no responder that can be asked.
    #[error("there is nobody to ask: {reason}")]
    NoResponder {
        /// What is wrong with the certificate.
        reason: String,
    },
    /// The answer counts from a moment in the future only.
    #[error("the answer counts from {since} on, it is {now}. Check this machine's clock")]
    NotYetValid {
        /// From when it counts, or when it was made.
        since: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The answer is about other certificates.
    #[error("the answer is not about this certificate")]
    OtherCertificate,
    /// The responder answered that it will not answer.
    #[error("the responder refused: {status:?}")]
    Refused {
        /// Why.
        status: OcspResponseStatus,
    },
    /// The signature does not match the answer.
    #[error("the answer's signature does not match")]
    Signature,
    /// The answer is signed with an algorithm that is not supported, or that does not fit the key.
    #[error("the answer's signature algorithm is not supported")]
    SignatureAlgorithm,
    /// The answer has been superseded: the responder, or somebody on the way, repeats an old one.
    #[error("the answer counted until {next_update}, it is {now}")]
    Stale {
        /// Until when it counted.
        next_update: Timestamp,
        /// The present time.
        now: Timestamp,
    },
    /// The answer is longer than any real one.
    #[error("{found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// There is no answer.
    #[error("no answer: {reason}")]
    Transport {
        /// How far the request got.
        kind: TransportErrorKind,
        /// What the transport says.
        reason: String,
    },
    /// The answer is signed by somebody who is not entitled to.
    #[error("the responder is not entitled: {problem}")]
    UntrustedResponder {
        /// What entitles it not.
        problem: ResponderProblem,
    },
}

impl OcspFailure {
    pub(crate) fn nobody(reason: impl ToString) -> Self {
        Self::NoResponder {
            reason: shorten(&reason.to_string()),
        }
    }
}

/// Why a responder is not entitled to answer about a certificate (RFC 6960 §4.2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum ResponderProblem {
    /// Its certificate breaks another rule.
    #[error("its certificate cannot be used: {reason}")]
    CertificateInvalid {
        /// The rule.
        reason: String,
    },
    /// It is not the issuer, and no certificate in the answer is its own.
    #[error("it is not the issuer, and shows no certificate")]
    CertificateMissing,
    /// Its certificate is not for signing OCSP answers.
    #[error("its certificate is not for signing OCSP answers")]
    NotEntitled,
    /// Its certificate was not issued by the issuer of the certificate in question.
    #[error("its certificate comes from another issuer")]
    NotIssuedByIssuer,
    /// Its certificate has expired, or is not valid yet.
    #[error("its certificate is not valid now")]
    NotValidNow,
}

open_enum! {
    /// How a responder took a request (RFC 6960 §4.2.1).
    pub enum OcspResponseStatus: i64 {
        /// It answered.
        Successful = 0,
        /// It could not read the request.
        MalformedRequest = 1,
        /// It is out of order.
        InternalError = 2,
        /// It is busy.
        TryLater = 3,
        /// It answers signed requests only.
        SigRequired = 5,
        /// It does not answer about this certificate, or not to us.
        Unauthorized = 6,
    }
}

open_enum! {
    /// Why a certificate was revoked (RFC 5280 §5.3.1).
    pub enum CrlReason: i64 {
        /// No reason in particular.
        Unspecified = 0,
        /// Somebody else has the private key.
        KeyCompromise = 1,
        /// Somebody else has the issuer's private key.
        CaCompromise = 2,
        /// The holder's name or organisation has changed.
        AffiliationChanged = 3,
        /// Another certificate took its place.
        Superseded = 4,
        /// It is no longer needed.
        CessationOfOperation = 5,
        /// Suspended; also what a responder says of a certificate that its issuer never issued
        /// (RFC 6960 §2.2).
        CertificateHold = 6,
        /// No longer suspended.
        RemoveFromCrl = 8,
        /// The holder lost a privilege that the certificate states.
        PrivilegeWithdrawn = 9,
        /// Somebody else has the private key of an attribute authority.
        AaCompromise = 10,
    }
}

fn because(reason: Option<CrlReason>) -> String {
    reason.map_or_else(String::new, |reason| format!(" ({reason:?})"))
}
