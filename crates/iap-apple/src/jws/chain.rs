//! Does the certificate chain of a header lead to a trust anchor, and which key does it vouch for?

use core::time::Duration;
use std::sync::Arc;

use iap_core::Timestamp;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{
    Cert, EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, VerifiedPath,
    anchor_from_trusted_cert,
};

use super::{
    certificate::{Certificate, Validity, name_of},
    compact::CompactJws,
    memory::ChainMemory,
};
use crate::{
    crypto::{CERTIFICATE_ALGORITHMS, P256PublicKey},
    error::{CertificateRole, VerificationFailure, shorten},
    trust_anchor::TrustAnchor,
};

/// Verifies who signed a JWS, and remembers the chains that held.
pub(crate) struct ChainVerifier {
    anchors: Vec<TrustAnchor>,
    /// The same anchors in the form that path building takes.
    webpki_anchors: Vec<rustls_pki_types::TrustAnchor<'static>>,
    memory: ChainMemory,
}

/// A chain that leads to a trust anchor: the key it vouches for, and when each certificate is valid.
pub(crate) struct VerifiedChain {
    key: P256PublicKey,
    leaf: Validity,
    #[cfg(feature = "client")]
    leaf_der: Vec<u8>,
    intermediate: Arc<VerifiedIntermediate>,
}

/// An intermediate certificate that leads to a trust anchor. It stays for years and issues every
/// leaf, so a new leaf costs one signature instead of two.
pub(crate) struct VerifiedIntermediate {
    der: Vec<u8>,
    /// Its name and key: the anchor of its leaves.
    anchor: rustls_pki_types::TrustAnchor<'static>,
    validity: Validity,
    root: TrustAnchor,
}

/// A certificate of a verified chain, with the authority that issued it.
#[cfg(feature = "client")]
pub(crate) struct Issued<'a> {
    pub(crate) role: CertificateRole,
    pub(crate) der: &'a [u8],
    pub(crate) issuer: &'a rustls_pki_types::TrustAnchor<'static>,
}

/// A JWS whose signature holds, by a chain that leads to a trust anchor. Whether the chain was
/// valid when it was signed is still to be checked.
pub(crate) struct Signed<'a> {
    pub(crate) jws: CompactJws<'a>,
    pub(crate) chain: Arc<VerifiedChain>,
    is_new: bool,
}

impl ChainVerifier {
    pub(crate) fn new(anchors: Vec<TrustAnchor>, remembered_chains: usize) -> Self {
        Self {
            webpki_anchors: anchors.iter().map(|it| it.as_webpki().clone()).collect(),
            anchors,
            memory: ChainMemory::new(remembered_chains),
        }
    }

    /// Verifies signature and chain.
    ///
    /// Apple's header is the same, byte for byte, for everything that one leaf certificate signs.
    /// For a header that has been verified before, only the signature is left to check:
    ///
    /// 1. The key that the known chain vouches for made the signature.
    ///
    /// For a new header, cheap checks come first, so that garbage costs little:
    ///
    /// 2. The header names ES256 and has three certificates, of which leaf and intermediate are
    ///    read (see [`CompactJws::certificates`]): each one certificate in DER, with nothing after it.
    /// 3. Each names the next as its issuer, and a trust anchor has the name of the last issuer.
    /// 4. Both carry Apple's markers and may be used for what they are used for.
    /// 5. The leaf's key is on P-256 and made the signature.
    /// 6. The path holds up to an anchor, through the intermediate: signatures, CA flag, path
    ///    length, critical extensions.
    ///
    /// The dates are checked by [`check_dates`](Self::check_dates), once the payload has told when
    /// it was signed; nothing is remembered before that.
    pub(crate) fn verify<'a>(
        &self,
        jws: CompactJws<'a>,
    ) -> Result<Signed<'a>, VerificationFailure> {
        if let Some(chain) = self.memory.chain(jws.header) {
            // 1
            check_signature(&chain.key, &jws)?;
            return Ok(Signed {
                jws,
                chain,
                is_new: false,
            });
        }
        // 2
        let [leaf_der, intermediate_der] = jws.certificates()?;
        let leaf = Certificate::parse(CertificateRole::Leaf, &leaf_der)?;
        let intermediate = Certificate::parse(CertificateRole::Intermediate, &intermediate_der)?;
        // 3
        leaf.check_issued_by(&intermediate)?;
        self.check_root_is_known(&intermediate)?;
        // 4
        for certificate in [&leaf, &intermediate] {
            certificate.check_marker()?;
            certificate.check_key_usage()?;
        }
        // 5
        let key = leaf.p256_public_key()?;
        check_signature(&key, &jws)?;
        // 6
        let chain = Arc::new(VerifiedChain {
            key,
            leaf: leaf.validity(),
            intermediate: self.verify_path(&leaf, &leaf_der, &intermediate, &intermediate_der)?,
            #[cfg(feature = "client")]
            leaf_der,
        });
        Ok(Signed {
            jws,
            chain,
            is_new: true,
        })
    }

    /// Checks that every certificate was valid at `signed_at`, and remembers a new chain.
    ///
    /// A remembered chain is judged by the date of each JWS like a new one, so that the memory
    /// changes no verdict.
    pub(crate) fn check_dates(
        &self,
        signed: &Signed<'_>,
        signed_at: Timestamp,
    ) -> Result<(), VerificationFailure> {
        signed.chain.check_dates(signed_at)?;
        if signed.is_new {
            self.memory.remember(signed.jws.header, &signed.chain);
        }
        Ok(())
    }

    /// How many chains and intermediates are remembered.
    #[cfg(test)]
    pub(crate) fn remembered(&self) -> (usize, usize) {
        self.memory.len()
    }

    fn check_root_is_known(
        &self,
        intermediate: &Certificate<'_>,
    ) -> Result<(), VerificationFailure> {
        let is_issuer = |anchor: &TrustAnchor| anchor.subject() == intermediate.issuer();
        if self.anchors.iter().any(is_issuer) {
            return Ok(());
        }
        Err(VerificationFailure::UntrustedRoot {
            issuer: shorten(&name_of(intermediate.issuer())),
        })
    }

    /// Builds the path from the leaf to an anchor and returns the intermediate it goes through.
    fn verify_path(
        &self,
        leaf: &Certificate<'_>,
        leaf_der: &[u8],
        intermediate: &Certificate<'_>,
        intermediate_der: &[u8],
    ) -> Result<Arc<VerifiedIntermediate>, VerificationFailure> {
        let leaf_der = CertificateDer::from(leaf_der);
        let end_entity = EndEntityCert::try_from(&leaf_der).map_err(path_failure)?;
        let time = time_when_both_are_valid(leaf, intermediate);
        let verify = |anchors: &[_], intermediates: &[CertificateDer<'_>]| {
            build_path(
                CERTIFICATE_ALGORITHMS,
                &end_entity,
                anchors,
                intermediates,
                time,
            )
        };

        if let Some(known) = self.memory.intermediate(intermediate_der) {
            verify(core::slice::from_ref(&known.anchor), &[])?;
            return Ok(known);
        }
        let intermediates = [CertificateDer::from(intermediate_der)];
        let root = verify(&self.webpki_anchors, &intermediates)?;
        // The path cannot end at an anchor that is none of ours; if it did, nothing is proven.
        let root = self
            .anchors
            .iter()
            .find(|anchor| *anchor.as_webpki() == root)
            .ok_or(VerificationFailure::CertificateSignature)?;
        let [intermediate_certificate] = &intermediates;
        let anchor = anchor_from_trusted_cert(intermediate_certificate)
            .map_err(path_failure)?
            .to_owned();
        Ok(Arc::new(VerifiedIntermediate {
            anchor,
            validity: intermediate.validity(),
            root: root.clone(),
            der: intermediate_der.to_vec(),
        }))
    }
}

impl VerifiedChain {
    /// Checks that every certificate was valid at `signed_at`.
    pub(crate) fn check_dates(&self, signed_at: Timestamp) -> Result<(), VerificationFailure> {
        self.leaf.check(CertificateRole::Leaf, signed_at)?;
        let intermediate = &self.intermediate;
        intermediate
            .validity
            .check(CertificateRole::Intermediate, signed_at)?;
        let root = intermediate.root.validity();
        root.check(CertificateRole::Root, signed_at)
    }

    /// Leaf and intermediate, each with the authority that issued it.
    #[cfg(feature = "client")]
    pub(crate) fn issued(&self) -> [Issued<'_>; 2] {
        let intermediate = &self.intermediate;
        [
            Issued {
                role: CertificateRole::Leaf,
                der: &self.leaf_der,
                issuer: &intermediate.anchor,
            },
            Issued {
                role: CertificateRole::Intermediate,
                der: &intermediate.der,
                issuer: intermediate.root.as_webpki(),
            },
        ]
    }

    pub(crate) const fn intermediate(&self) -> &Arc<VerifiedIntermediate> {
        &self.intermediate
    }
}

impl VerifiedIntermediate {
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }
}

fn check_signature(key: &P256PublicKey, jws: &CompactJws<'_>) -> Result<(), VerificationFailure> {
    if key.verifies(jws.signed_part, &jws.signature()?) {
        Ok(())
    } else {
        Err(VerificationFailure::Signature)
    }
}

/// Builds the path from `end_entity` through all of `intermediates` to one of `anchors`, which it
/// returns.
pub(crate) fn build_path(
    algorithms: &[&dyn SignatureVerificationAlgorithm],
    end_entity: &EndEntityCert<'_>,
    anchors: &[rustls_pki_types::TrustAnchor<'_>],
    intermediates: &[CertificateDer<'_>],
    time: UnixTime,
) -> Result<rustls_pki_types::TrustAnchor<'static>, VerificationFailure> {
    // A path may not leave out a certificate: what it leaves out it does not vouch for.
    let uses_all = |path: &VerifiedPath<'_>| {
        let used = path.intermediate_certificates().map(Cert::der);
        if used.eq(intermediates.iter().cloned()) {
            Ok(())
        } else {
            Err(webpki::Error::UnknownIssuer)
        }
    };
    end_entity
        .verify_for_usage(
            algorithms,
            anchors,
            intermediates,
            time,
            AnyExtendedKeyUsage,
            None,
            Some(&uses_all),
        )
        .map(|path| path.anchor().clone().to_owned())
        .map_err(path_failure)
}

/// Path building wants one time for all certificates. The dates are judged separately, once the
/// payload has told when it was signed, so any time at which both are valid will do.
pub(crate) fn time_when_both_are_valid(
    leaf: &Certificate<'_>,
    intermediate: &Certificate<'_>,
) -> UnixTime {
    let both_valid_from = leaf
        .validity()
        .not_before
        .max(intermediate.validity().not_before);
    UnixTime::since_unix_epoch(Duration::from_millis(
        u64::try_from(both_valid_from.as_millis()).unwrap_or_default(),
    ))
}

pub(crate) fn path_failure(error: webpki::Error) -> VerificationFailure {
    let reason = match error {
        webpki::Error::InvalidSignatureForPublicKey => {
            return VerificationFailure::CertificateSignature;
        }
        webpki::Error::UnknownIssuer => "leaf, intermediate and a trusted root form no path",
        webpki::Error::CaUsedAsEndEntity => "the leaf is the certificate of an authority",
        webpki::Error::EndEntityUsedAsCa => {
            "the intermediate is not the certificate of an authority"
        }
        webpki::Error::PathLenConstraintViolated => "an authority may not issue this many levels",
        webpki::Error::UnsupportedCriticalExtension => {
            "a certificate has a critical extension that is not supported"
        }
        webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. } => {
            "leaf and intermediate are never valid at the same time"
        }
        error => {
            return VerificationFailure::CertificatePath {
                reason: error.to_string(),
            };
        }
    };
    VerificationFailure::CertificatePath {
        reason: reason.to_owned(),
    }
}

/// Accepts a leaf whatever its extended key usage: Apple's have none, and say what they are for by
/// a marker extension, which is checked.
struct AnyExtendedKeyUsage;

impl ExtendedKeyUsageValidator for AnyExtendedKeyUsage {
    fn validate(&self, mut usages: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        // Reading to the end refuses a malformed extension.
        usages.try_for_each(|usage| usage.map(drop))
    }
}
