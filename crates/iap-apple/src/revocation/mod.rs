//! Has a certificate that signed App Store data been revoked? Asks its issuer, by OCSP.
//!
//! RFC 6960 (OCSP), RFC 5280 (certificates).

mod checker;
mod ocsp_request;
mod ocsp_response;
mod online;
mod responder;
mod status;

pub use self::{
    checker::{RevocationChecker, RevocationCheckerBuilder},
    online::{CertificateDates, OnlineVerifier},
    status::{
        CertificateStatus, ChainStatus, CrlReason, OcspFailure, OcspResponseStatus,
        ResponderProblem, RevocationFailure, RevocationPolicy,
    },
};

#[cfg(test)]
mod tests;
