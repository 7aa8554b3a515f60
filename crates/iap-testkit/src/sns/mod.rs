//! Who signs what Amazon posts: Simple Notification Service, with a certificate made at run time.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

mod certificate;
mod forge;
mod forgery;
mod message;
mod notification;

use core::{fmt, time::Duration};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_core::Timestamp;

use self::certificate::{Issuers, Leaf};
pub use self::{
    forgery::SnsForgery,
    message::{SnsMessageBuilder, SnsSignatureVersion, SnsSpelling},
    notification::AmazonNotificationBuilder,
};
use crate::{
    pem,
    rsa::{RsaHash, RsaKey},
    system,
};

/// Signs as Amazon's Simple Notification Service does, with a key and a certificate of its own.
///
/// The certificate names `sns.amazonaws.com`, its key is RSA with 2048 bits, and its address is on
/// a host of SNS: a verifier under test that fetches it must get it from here. Have the transport
/// that it sends through answer with what [`certificate_at`](Self::certificate_at) returns.
///
/// Making one takes a good part of a second. Cloning is cheap and gives the same signer.
///
/// ```
/// use iap_testkit::{AmazonNotificationBuilder, SnsSigner};
///
/// let signer = SnsSigner::new();
/// let topic = "arn:aws:sns:us-east-1:123456789012:Example";
/// let body = AmazonNotificationBuilder::new("SUBSCRIPTION_RENEWED", "com.example.app")
///     .sign(&signer, topic);
/// # assert!(body.contains("SUBSCRIPTION_RENEWED"));
///
/// // What a GET of the certificate's address answers; anything else is a 404.
/// let url = signer.certificate_url();
/// assert!(signer.certificate_at(url).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
/// assert_eq!(signer.certificate_at("https://sns.us-east-1.amazonaws.com/other.pem"), None);
/// ```
#[derive(Clone)]
pub struct SnsSigner {
    inner: Arc<Inner>,
}

struct Inner {
    key: RsaKey,
    /// Made when a forgery needs it.
    other_key: OnceLock<RsaKey>,
    issuers: Issuers,
    leaf: Leaf,
    url: String,
    pem: String,
    /// Certificates of forgeries, in PEM, by their address.
    forged: Mutex<BTreeMap<String, String>>,
}

impl SnsSigner {
    /// A signer in `us-east-1`, whose certificate is valid from a year ago to a year ahead.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn new() -> Self {
        let now = system::now();
        Self::valid(now.saturating_sub(YEAR), now.saturating_add(YEAR))
    }

    /// A signer whose certificate is valid from `from` until `until`, both included, to the second.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn valid(from: Timestamp, until: Timestamp) -> Self {
        let key = RsaKey::generate();
        let issuers = Issuers::new((
            from.saturating_sub(YEAR.saturating_mul(5)),
            until.saturating_add(YEAR.saturating_mul(5)),
        ));
        let leaf = Leaf::honest((from, until));
        let url = fresh_url();
        let pem = pem::encode("CERTIFICATE", &issuers.issue(&leaf, &key));
        Self {
            inner: Arc::new(Inner {
                key,
                other_key: OnceLock::new(),
                issuers,
                leaf,
                url,
                pem,
                forged: Mutex::default(),
            }),
        }
    }

    /// Where the certificate is: `SigningCertURL` of every message.
    #[must_use]
    pub fn certificate_url(&self) -> &str {
        &self.inner.url
    }

    /// The certificate in PEM, as a GET of its address answers: the leaf alone.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.inner.pem
    }

    /// The answer to a GET of `url`: the certificate in PEM of this signer, or of a
    /// [forgery](Self::forge) that was made; `None` stands for a 404.
    #[must_use]
    pub fn certificate_at(&self, url: &str) -> Option<String> {
        if url == self.inner.url {
            return Some(self.inner.pem.clone());
        }
        let forged = self.inner.forged.lock();
        forged
            .unwrap_or_else(PoisonError::into_inner)
            .get(url)
            .cloned()
    }

    /// The root above the certificate, in PEM.
    #[must_use]
    pub fn root_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.inner.issuers.root.der)
    }

    /// The intermediate that issued the certificate, in PEM.
    #[must_use]
    pub fn intermediate_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.inner.issuers.intermediate.der)
    }

    /// The signature of a text in standard base64, as messages carry it.
    #[must_use]
    pub fn sign(&self, version: SnsSignatureVersion, string_to_sign: &str) -> String {
        sign(&self.inner.key, version, string_to_sign)
    }

    fn other_key(&self) -> &RsaKey {
        self.inner.other_key.get_or_init(RsaKey::generate)
    }

    /// Puts a certificate at an address of its own, which is returned.
    fn publish(&self, certificate: &[u8]) -> String {
        let url = fresh_url();
        let forged = self.inner.forged.lock();
        forged
            .unwrap_or_else(PoisonError::into_inner)
            .insert(url.clone(), pem::encode("CERTIFICATE", certificate));
        url
    }
}

impl Default for SnsSigner {
    fn default() -> Self {
        Self::new()
    }
}

/// Never shows a private key.
impl fmt::Debug for SnsSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnsSigner")
            .field("certificate_url", &self.inner.url)
            .finish_non_exhaustive()
    }
}

fn sign(key: &RsaKey, version: SnsSignatureVersion, string_to_sign: &str) -> String {
    let hash = match version {
        SnsSignatureVersion::V1 => RsaHash::Sha1,
        SnsSignatureVersion::V2 => RsaHash::Sha256,
    };
    BASE64_STANDARD.encode(key.sign(hash, string_to_sign.as_bytes()))
}

/// An address as SNS gives its certificates.
fn fresh_url() -> String {
    let bits = u128::from_be_bytes(system::bytes::<16>());
    format!("https://sns.us-east-1.amazonaws.com/SimpleNotificationService-{bits:032x}.pem")
}

/// 365 days.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
