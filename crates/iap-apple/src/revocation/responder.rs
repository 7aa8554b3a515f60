//! Who signed an OCSP answer, and did the issuer of the certificate in question entitle them?
//!
//! RFC 6960 §4.2.2.2.

use core::time::Duration;

use der::{Decode as _, Encode as _, Tag, Tagged as _, asn1::AnyRef};
use iap_core::Timestamp;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use super::{
    ocsp_request::Authority,
    ocsp_response::{BasicOcspResponse, ResponderId},
    status::{OcspFailure, ResponderProblem},
};
use crate::{
    crypto::{CERTIFICATE_ALGORITHMS, RESPONSE_ALGORITHMS, sha1},
    error::CertificateRole,
    jws::Certificate,
};

impl BasicOcspResponse<'_> {
    /// Checks that `responder` signed, and is the issuer itself or has a certificate in the answer by
    /// which the issuer entitled it.
    pub(crate) fn check_signer(
        &self,
        responder: &ResponderId<'_>,
        issuer: &Authority<'_>,
        now: Timestamp,
    ) -> Result<(), OcspFailure> {
        // The first one is reported: the issuer may send its own certificate along.
        let mut failure = None;
        if responder.is(&issuer.name, &issuer.key) {
            match self.check_signature(&issuer.key) {
                Ok(()) => return Ok(()),
                Err(error) => failure = Some(error),
            }
        }
        for der in &self.certificates {
            // What cannot be read, such as an old root, is not the responder's.
            let Ok(delegate) = Certificate::parse(CertificateRole::Leaf, der) else {
                continue;
            };
            let key = delegate.public_key();
            if !responder.is(&delegate.subject(), key) {
                continue;
            }
            let checked = check_delegate(der, &delegate, issuer, now);
            match checked.and_then(|()| self.check_signature(key)) {
                Ok(()) => return Ok(()),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or(OcspFailure::UntrustedResponder {
            problem: ResponderProblem::CertificateMissing,
        }))
    }

    fn check_signature(&self, key: &SubjectPublicKeyInfoRef<'_>) -> Result<(), OcspFailure> {
        let (Some(key_bits), Some(signature)) =
            (key.subject_public_key.as_bytes(), self.signature.as_bytes())
        else {
            return Err(OcspFailure::Signature);
        };
        let key_algorithm = key.algorithm.to_der()?;
        let key_algorithm = AnyRef::from_der(&key_algorithm)?;
        let mut fitting = RESPONSE_ALGORITHMS
            .iter()
            .filter(|known| *known.signature_alg_id() == *self.algorithm.value())
            .filter(|known| *known.public_key_alg_id() == *key_algorithm.value())
            .peekable();
        if self.algorithm.tag() != Tag::Sequence || fitting.peek().is_none() {
            return Err(OcspFailure::SignatureAlgorithm);
        }
        let verifies = fitting.any(|known| {
            known
                .verify_signature(key_bits, self.signed_part, signature)
                .is_ok()
        });
        if verifies {
            Ok(())
        } else {
            Err(OcspFailure::Signature)
        }
    }
}

/// Checks that the issuer itself entitled a responder, and that it still is.
///
/// Whether the responder's certificate has itself been revoked is not asked: it lives shortly, and
/// its issuer says so by `id-pkix-ocsp-nocheck`.
fn check_delegate(
    der: &[u8],
    delegate: &Certificate<'_>,
    issuer: &Authority<'_>,
    now: Timestamp,
) -> Result<(), OcspFailure> {
    let untrusted = |problem| OcspFailure::UntrustedResponder { problem };
    let invalid = |reason: String| untrusted(ResponderProblem::CertificateInvalid { reason });
    delegate
        .check_key_usage()
        .map_err(|failure| invalid(failure.to_string()))?;
    let since_1970 = Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or_default());
    let der = CertificateDer::from(der);
    EndEntityCert::try_from(&der)
        .and_then(|delegate| {
            // No intermediates: the issuer itself, not somebody below or above it.
            delegate
                .verify_for_usage(
                    CERTIFICATE_ALGORITHMS,
                    core::slice::from_ref(issuer.anchor),
                    &[],
                    UnixTime::since_unix_epoch(since_1970),
                    KeyUsage::required(OCSP_SIGNING),
                    None,
                    None,
                )
                .map(drop)
        })
        .map_err(|error| match error {
            webpki::Error::UnknownIssuer | webpki::Error::InvalidSignatureForPublicKey => {
                untrusted(ResponderProblem::NotIssuedByIssuer)
            }
            webpki::Error::RequiredEkuNotFoundContext(_) => {
                untrusted(ResponderProblem::NotEntitled)
            }
            webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. } => {
                untrusted(ResponderProblem::NotValidNow)
            }
            error => invalid(error.to_string()),
        })
}

impl ResponderId<'_> {
    /// Whether it names the authority or responder with this name and key.
    fn is(&self, name: &AnyRef<'_>, key: &SubjectPublicKeyInfoRef<'_>) -> bool {
        match self {
            Self::ByName(responder) => responder == name,
            Self::ByKey(hash) => {
                hash.as_bytes() == sha1(key.subject_public_key.raw_bytes()).as_ref()
            }
        }
    }
}

/// `id-kp-OCSPSigning`, 1.3.6.1.5.5.7.3.9, as the content of its DER.
const OCSP_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];
