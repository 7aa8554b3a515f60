//! Does a certificate lead to a root that the caller trusts?
//!
//! Amazon publishes the certificate of its notification service alone, without the one that issued
//! it, so whoever asks for this check brings the intermediates along.

use core::{fmt, time::Duration};

use der::Decode as _;
use iap_core::Timestamp;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime, pem::PemObject as _};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::ext::pkix::BasicConstraints;

use super::{
    certificate::SigningCertificate, config::ConfigurationError, error::NotificationFailure,
};
use crate::crypto::CERTIFICATE_ALGORITHMS;

/// The roots that a certificate must lead to, and what may stand between.
#[derive(Default)]
pub(super) struct TrustedRoots {
    anchors: Vec<TrustAnchor<'static>>,
    intermediates: Vec<CertificateDer<'static>>,
}

impl TrustedRoots {
    /// Adds every certificate of a text in PEM, or one in DER, as a root.
    pub(super) fn add_roots(&mut self, certificates: &[u8]) -> Result<(), ConfigurationError> {
        for certificate in read_authorities(certificates)? {
            let anchor =
                anchor_from_trusted_cert(&certificate).map_err(|error| unusable(&error))?;
            self.anchors.push(anchor.to_owned());
        }
        Ok(())
    }

    /// Adds every certificate of a text in PEM, or one in DER, as an intermediate.
    pub(super) fn add_intermediates(
        &mut self,
        certificates: &[u8],
    ) -> Result<(), ConfigurationError> {
        self.intermediates.extend(read_authorities(certificates)?);
        Ok(())
    }

    pub(super) const fn has_roots(&self) -> bool {
        !self.anchors.is_empty()
    }

    pub(super) const fn has_intermediates(&self) -> bool {
        !self.intermediates.is_empty()
    }

    /// Checks that the path from `certificate` to a root holds at `at`: signatures, dates of every
    /// intermediate, CA flags, path length, name constraints, and that it is for TLS servers, as
    /// Amazon's are.
    pub(super) fn check_path(
        &self,
        certificate: &SigningCertificate,
        at: Timestamp,
    ) -> Result<(), NotificationFailure> {
        let since_1970 = Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or_default());
        let intermediates: Vec<_> = self
            .intermediates
            .iter()
            .chain(&certificate.intermediates)
            .cloned()
            .collect();
        EndEntityCert::try_from(&certificate.der)
            .and_then(|end_entity| {
                end_entity
                    .verify_for_usage(
                        CERTIFICATE_ALGORITHMS,
                        &self.anchors,
                        &intermediates,
                        UnixTime::since_unix_epoch(since_1970),
                        KeyUsage::server_auth(),
                        None,
                        None,
                    )
                    .map(drop)
            })
            .map_err(|error| NotificationFailure::CertificatePath {
                reason: match error {
                    webpki::Error::UnknownIssuer => {
                        "certificate, intermediates and roots form no path".to_owned()
                    }
                    error => error.to_string(),
                },
            })
    }
}

/// The certificates of authorities in a text in PEM, or the one in DER.
fn read_authorities(
    certificates: &[u8],
) -> Result<Vec<CertificateDer<'static>>, ConfigurationError> {
    let certificates = if certificates.first() == Some(&DER_SEQUENCE) {
        vec![CertificateDer::from(certificates.to_vec())]
    } else {
        CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unusable(&error))?
    };
    if certificates.is_empty() {
        return Err(unusable("neither DER nor PEM"));
    }
    for certificate in &certificates {
        let certificate =
            x509_cert::Certificate::from_der(certificate).map_err(|error| unusable(&error))?;
        let constraints = certificate
            .tbs_certificate()
            .get_extension::<BasicConstraints>();
        if !matches!(
            constraints,
            Ok(Some((_, BasicConstraints { ca: true, .. })))
        ) {
            return Err(unusable("not the certificate of an authority"));
        }
    }
    Ok(certificates)
}

fn unusable(reason: &(impl fmt::Display + ?Sized)) -> ConfigurationError {
    ConfigurationError::TrustAnchor {
        reason: reason.to_string(),
    }
}

/// The tag that every certificate in DER begins with.
const DER_SEQUENCE: u8 = 0x30;
