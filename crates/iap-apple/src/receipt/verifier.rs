//! Is this app receipt genuine, of an accepted app and environment?
//!
//! <https://developer.apple.com/documentation/appstorereceipts/validating-receipts-on-the-device>

use core::{fmt, ops::Deref, time::Duration};
use std::sync::Arc;

use iap_core::{Clock, Environment, EnvironmentSet, Timestamp};
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;

use super::{
    attributes::CREATION_DATE,
    chain::{Anchors, find_signer},
    cms::SignedData,
    config::ReceiptVerifierBuilder,
    error::{At, ReceiptError, StructureProblem},
    model::{AppReceipt, ReceiptType},
    signature::{Sha1Policy, check_signature},
    text::decode,
};
use crate::{config::App, error::shorten, jws::path_failure};

/// Verifies legacy app receipts: the file at `Bundle.main.appStoreReceiptURL`.
///
/// For apps that still use the original StoreKit API. What a receipt says is what Apple knew when it
/// made the receipt: **later renewals and refunds are missing.** For the present state ask the App
/// Store Server API about one of its transaction ids.
///
/// ```
/// use iap_apple::{AccessPolicy, App, Clock, Environment, ReceiptVerifier, SystemClock};
///
/// // Once, at start. Apple's root certificates are built in.
/// let verifier = ReceiptVerifier::builder()
///     .app(App::new("com.example.app", 1_234_567_890))
///     .environment(Environment::Production)
///     .build()?;
///
/// // For what an app sends:
/// fn has_access(verifier: &ReceiptVerifier, receipt: &str) -> Result<bool, iap_apple::ReceiptError> {
///     // What is no subscription, your own list must name: a receipt does not say what it is.
///     let purchases = verifier.verify(receipt)?.to_purchases(|_| None)?;
///     let (now, policy) = (SystemClock.now(), AccessPolicy::new());
///     Ok(purchases.iter().any(|purchase| purchase.access_at(now, &policy).is_granted()))
/// }
/// # Ok::<(), iap_apple::ConfigurationError>(())
/// ```
pub struct ReceiptVerifier {
    pub(crate) apps: Vec<App>,
    pub(crate) environments: EnvironmentSet,
    pub(crate) anchors: Anchors,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) future_tolerance: Duration,
    pub(crate) sha1_policy: Sha1Policy,
}

impl ReceiptVerifier {
    /// Starts to build a verifier.
    pub fn builder() -> ReceiptVerifierBuilder {
        ReceiptVerifierBuilder::new()
    }

    /// Verifies a receipt in base64 and returns what it says.
    ///
    /// 1. It is base64 of a PKCS #7 message with data that exactly one signer signed.
    /// 2. The signer's certificate comes with it, and its key signed the content: with SHA-256, or
    ///    with SHA-1 if that is accepted.
    /// 3. The certificate leads to a trust anchor through another that comes with the receipt, both
    ///    with Apple's markers.
    /// 4. Only now the content is read.
    /// 5. It has a creation date that is not in the future; then all certificates were valid.
    /// 6. It was made in an accepted environment.
    /// 7. It belongs to an accepted app.
    /// 8. It has not expired.
    ///
    /// Not checked: whether a certificate has been revoked, and for which device the receipt was
    /// made (see [`AppReceipt::is_for_device`]).
    ///
    /// # Errors
    ///
    /// [`ReceiptError`] with the check that failed.
    pub fn verify(&self, receipt: &str) -> Result<VerifiedReceipt, ReceiptError> {
        // 1
        let message = decode(receipt)?;
        let signed_data = SignedData::parse(&message)?;
        let (certificates, signer) = signed_data.certificates_and_signer()?;
        // 2
        let (leaf, leaf_der) = find_signer(&certificates, &signer)?;
        let leaf_der = CertificateDer::from(leaf_der);
        let end_entity = EndEntityCert::try_from(&leaf_der).map_err(path_failure)?;
        check_signature(&signed_data.content, &signer, &end_entity, self.sha1_policy)?;
        // 3
        let chain = self
            .anchors
            .verify(&leaf, &end_entity, &certificates, self.sha1_policy)?;
        // 4
        let receipt = AppReceipt::read(&signed_data.content)?;
        // 5
        let created_at = receipt
            .creation_date
            .ok_or(StructureProblem::Missing)
            .at_with(|| format!("attribute {CREATION_DATE}"))?;
        let now = self.clock.now();
        if created_at > now.saturating_add(self.future_tolerance) {
            return Err(ReceiptError::CreatedInFuture { created_at, now });
        }
        chain.check(created_at)?;
        // 6
        let environment = self.check_environment(&receipt)?;
        // 7
        self.check_app(&receipt)?;
        // 8
        if let Some(expired_at) = receipt.expiration_date
            && expired_at <= now
        {
            return Err(ReceiptError::Expired { expired_at, now });
        }
        Ok(VerifiedReceipt {
            receipt,
            created_at,
            environment,
        })
    }

    fn check_environment(&self, receipt: &AppReceipt) -> Result<Environment, ReceiptError> {
        let receipt_type = receipt.receipt_type.as_ref();
        receipt_type
            .and_then(ReceiptType::environment)
            .filter(|it| self.environments.contains(*it))
            .ok_or_else(|| ReceiptError::Environment {
                expected: self.environments,
                found: receipt_type.map(shorten),
            })
    }

    fn check_app(&self, receipt: &AppReceipt) -> Result<(), ReceiptError> {
        let of_bundle = |app: &&App| receipt.bundle_id.as_ref() == Some(app.bundle_id());
        let mut apps = self.apps.iter().filter(of_bundle).peekable();
        if apps.peek().is_none() {
            return Err(ReceiptError::BundleId {
                expected: self
                    .apps
                    .iter()
                    .map(|it| it.bundle_id().to_string())
                    .collect(),
                found: receipt.bundle_id.as_ref().map(shorten),
            });
        }
        // Apple writes 0 where there is no id.
        let Some(found) = receipt.app_apple_id.filter(|id| *id != 0) else {
            return Ok(());
        };
        let mut expected = Vec::new();
        for app in apps {
            match app.app_apple_id() {
                Some(id) if u64::try_from(found) != Ok(id) => expected.push(id),
                _ => return Ok(()),
            }
        }
        Err(ReceiptError::AppAppleId { expected, found })
    }
}

impl fmt::Debug for ReceiptVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiptVerifier")
            .field("apps", &self.apps)
            .field("environments", &self.environments)
            .field("sha1_policy", &self.sha1_policy)
            .finish_non_exhaustive()
    }
}

/// A receipt that Apple signed, for an accepted app, in an accepted environment.
///
/// Only a [`ReceiptVerifier`] makes one. Dereferences to the receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedReceipt {
    receipt: AppReceipt,
    created_at: Timestamp,
    environment: Environment,
}

impl VerifiedReceipt {
    /// The receipt.
    #[must_use]
    pub const fn receipt(&self) -> &AppReceipt {
        &self.receipt
    }

    /// Gives up the proof and returns the receipt.
    #[must_use]
    pub fn into_receipt(self) -> AppReceipt {
        self.receipt
    }

    /// When Apple made the receipt.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// The environment it was made in.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }
}

impl Deref for VerifiedReceipt {
    type Target = AppReceipt;

    fn deref(&self) -> &AppReceipt {
        &self.receipt
    }
}
