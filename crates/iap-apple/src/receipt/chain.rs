//! Does the certificate of a receipt's signer lead to a trust anchor, by certificates made for this?

use iap_core::Timestamp;
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;

use super::{
    cms::Signer,
    error::ReceiptError,
    signature::{RSA_WITH_SHA1, Sha1Policy, hexadecimal},
};
use crate::{
    error::{CertificateRole, VerificationFailure, shorten},
    jws::{Certificate, Validity, build_path, name_of, time_when_both_are_valid},
    trust_anchor::TrustAnchor,
};

/// The anchors of a verifier.
pub(crate) struct Anchors {
    anchors: Vec<TrustAnchor>,
    /// The same in the form that path building takes.
    webpki_anchors: Vec<rustls_pki_types::TrustAnchor<'static>>,
}

/// When each certificate of a chain is valid.
pub(crate) struct ChainValidity {
    leaf: Validity,
    intermediate: Validity,
    root: Validity,
}

/// Finds the certificate that the signer names among those of the receipt.
///
/// What cannot be read is passed over: a receipt's root, which nobody looks at, may be anything.
pub(crate) fn find_signer<'a>(
    certificates: &[&'a [u8]],
    signer: &Signer<'_>,
) -> Result<(Certificate<'a>, &'a [u8]), ReceiptError> {
    certificates
        .iter()
        .filter_map(|der| Some((Certificate::parse(CertificateRole::Leaf, der).ok()?, *der)))
        .find(|(certificate, _)| {
            certificate.issuer() == signer.issuer
                && certificate.serial_number().as_bytes() == signer.serial_number
        })
        .ok_or_else(|| ReceiptError::SignerCertificate {
            issuer: shorten(&name_of(signer.issuer)),
            serial_number: hexadecimal(signer.serial_number),
        })
}

impl Anchors {
    pub(crate) fn new(anchors: Vec<TrustAnchor>) -> Self {
        Self {
            webpki_anchors: anchors.iter().map(|it| it.as_webpki().clone()).collect(),
            anchors,
        }
    }

    /// Verifies the chain of `leaf` through one of `certificates`, but for its dates.
    ///
    /// 1. The leaf carries Apple's marker and may sign.
    /// 2. One of the certificates has the name of its issuer.
    /// 3. That one carries Apple's marker, may sign certificates, and names an anchor as its issuer.
    /// 4. Neither is signed with SHA-1, unless that is accepted.
    /// 5. The path from leaf to anchor holds: signatures, CA flag, path length, critical extensions.
    pub(crate) fn verify(
        &self,
        leaf: &Certificate<'_>,
        end_entity: &EndEntityCert<'_>,
        certificates: &[&[u8]],
        sha1_policy: Sha1Policy,
    ) -> Result<ChainValidity, ReceiptError> {
        // 1
        leaf.check_marker()?;
        leaf.check_key_usage()?;
        // 2
        let issuers = certificates.iter().filter_map(|der| {
            let issuer = Certificate::parse(CertificateRole::Intermediate, der).ok()?;
            (issuer.subject().value() == leaf.issuer()).then_some((issuer, *der))
        });
        let mut failure = None;
        for (issuer, der) in issuers {
            match self.verify_through(leaf, end_entity, &issuer, der, sha1_policy) {
                Ok(validity) => return Ok(validity),
                Err(error) => failure.get_or_insert(error),
            };
        }
        Err(failure.unwrap_or_else(|| ReceiptError::IssuerCertificate {
            issuer: shorten(&name_of(leaf.issuer())),
        }))
    }

    fn verify_through(
        &self,
        leaf: &Certificate<'_>,
        end_entity: &EndEntityCert<'_>,
        intermediate: &Certificate<'_>,
        intermediate_der: &[u8],
        sha1_policy: Sha1Policy,
    ) -> Result<ChainValidity, ReceiptError> {
        // 3
        intermediate.check_marker()?;
        intermediate.check_key_usage()?;
        let is_issuer = |anchor: &TrustAnchor| anchor.subject() == intermediate.issuer();
        if !self.anchors.iter().any(is_issuer) {
            return Err(ReceiptError::Certificate(
                VerificationFailure::UntrustedRoot {
                    issuer: shorten(&name_of(intermediate.issuer())),
                },
            ));
        }
        // 4
        let has_sha1 = |it: &Certificate<'_>| it.signature_algorithm() == Some(RSA_WITH_SHA1);
        if sha1_policy == Sha1Policy::Refuse && (has_sha1(leaf) || has_sha1(intermediate)) {
            return Err(ReceiptError::Sha1);
        }
        // 5
        let root = build_path(
            sha1_policy.certificate_algorithms(),
            end_entity,
            &self.webpki_anchors,
            &[CertificateDer::from(intermediate_der)],
            time_when_both_are_valid(leaf, intermediate),
        )?;
        // The path cannot end at an anchor that is none of ours; if it did, nothing is proven.
        let root = self
            .anchors
            .iter()
            .find(|anchor| *anchor.as_webpki() == root)
            .ok_or(VerificationFailure::CertificateSignature)?;
        Ok(ChainValidity {
            leaf: leaf.validity(),
            intermediate: intermediate.validity(),
            root: root.validity(),
        })
    }
}

impl ChainValidity {
    /// Checks that every certificate was valid at `created_at`.
    pub(crate) fn check(&self, created_at: Timestamp) -> Result<(), VerificationFailure> {
        self.leaf.check(CertificateRole::Leaf, created_at)?;
        self.intermediate
            .check(CertificateRole::Intermediate, created_at)?;
        self.root.check(CertificateRole::Root, created_at)
    }
}
