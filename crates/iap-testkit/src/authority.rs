//! Who signs: a root, an intermediate and a leaf as Apple's, made at run time.

use core::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::{
    Curves,
    builder::SigningAuthorityBuilder,
    certificate::{Certified, intermediate_params, leaf_params, root_params},
    jws::{self, Parts},
    key::KeyPair,
    pem,
};

/// A signing authority with Apple's chain of certificates, and keys of its own.
///
/// Whatever it [signs](Self::sign) has the form of App Store data: a compact JWS, algorithm ES256,
/// with leaf, intermediate and root in the `x5c` header. A verifier that is told to trust
/// [`root_der`](Self::root_der) *instead of* Apple's root accepts it; no other verifier does.
///
/// Cloning is cheap and gives the same authority; one can be shared by many threads.
///
/// ```
/// use iap_testkit::SigningAuthority;
/// use serde_json::json;
///
/// let authority = SigningAuthority::new();
/// let jws = authority.sign(&json!({ "bundleId": "com.example.app" }));
/// assert_eq!(jws.split('.').count(), 3);
/// ```
#[derive(Clone)]
pub struct SigningAuthority {
    pub(crate) settings: Arc<SigningAuthorityBuilder>,
    pub(crate) root: Arc<Certified>,
    pub(crate) intermediate: Arc<Certified>,
    pub(crate) leaf: Arc<Certified>,
    /// Leaf, intermediate and root as `x5c` holds them.
    pub(crate) x5c: Arc<[String; 3]>,
    /// Made once, so that every JWS of one authority starts with the same bytes, as Apple's do.
    header: Arc<str>,
}

impl SigningAuthority {
    /// An authority with Apple's curves: P-384 root and intermediate, P-256 leaf.
    ///
    /// The leaf is valid from a year ago to a year ahead. For payloads signed at other times, or
    /// judged by a clock that stands still, set the validity with [`builder`](Self::builder).
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// An authority with P-256 keys throughout: faster to verify.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn all_p256() -> Self {
        Self::builder().curves(Curves::AllP256).build()
    }

    /// An authority with other curves, names, validity or addresses.
    pub fn builder() -> SigningAuthorityBuilder {
        SigningAuthorityBuilder::new()
    }

    /// Signs `payload` as the App Store does and returns the compact JWS.
    ///
    /// The header is byte for byte the same for every JWS of one authority.
    ///
    /// # Panics
    ///
    /// When `payload` cannot be written as JSON.
    #[must_use]
    pub fn sign(&self, payload: &(impl Serialize + ?Sized)) -> String {
        self.sign_bytes(&jws::json(payload))
    }

    /// Signs any bytes, JSON or not, and returns the compact JWS.
    ///
    /// ```
    /// # let authority = iap_testkit::SigningAuthority::all_p256();
    /// let deep = authority.sign_bytes("[".repeat(100_000).as_bytes());
    /// # assert_eq!(deep.split('.').count(), 3);
    /// ```
    #[must_use]
    pub fn sign_bytes(&self, payload: &[u8]) -> String {
        Parts::signed(
            self.header.to_string(),
            jws::segment(payload),
            &self.leaf.key,
        )
        .join()
    }

    /// The same root and intermediate with a fresh leaf: what Apple does every two years.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn another_leaf(&self) -> Self {
        Self::with_leaf_of(
            Arc::clone(&self.settings),
            Arc::clone(&self.root),
            Arc::clone(&self.intermediate),
        )
    }

    /// The same root with a fresh intermediate, of the same name, and a fresh leaf.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    #[must_use]
    pub fn another_intermediate(&self) -> Self {
        Self::with_intermediate_of(Arc::clone(&self.settings), Arc::clone(&self.root))
    }

    /// The root certificate in DER: what a verifier under test has to trust.
    #[must_use]
    pub fn root_der(&self) -> &[u8] {
        &self.root.der
    }

    /// The root certificate in PEM.
    #[must_use]
    pub fn root_pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.root.der)
    }

    /// The intermediate certificate in DER.
    #[must_use]
    pub fn intermediate_der(&self) -> &[u8] {
        &self.intermediate.der
    }

    /// The leaf certificate in DER.
    #[must_use]
    pub fn leaf_der(&self) -> &[u8] {
        &self.leaf.der
    }

    /// The root's private key, PKCS #8 in DER: to issue certificates with another tool.
    #[must_use]
    pub fn root_key_pkcs8_der(&self) -> &[u8] {
        self.root.key.pkcs8_der()
    }

    /// The intermediate's private key, PKCS #8 in DER: to issue certificates or to answer OCSP
    /// requests with another tool.
    #[must_use]
    pub fn intermediate_key_pkcs8_der(&self) -> &[u8] {
        self.intermediate.key.pkcs8_der()
    }

    /// The leaf's private key, PKCS #8 in DER: to sign payloads with another tool.
    #[must_use]
    pub fn leaf_key_pkcs8_der(&self) -> &[u8] {
        self.leaf.key.pkcs8_der()
    }

    pub(crate) fn from_settings(settings: SigningAuthorityBuilder) -> Self {
        let key = KeyPair::generate(settings.curves.authority());
        let root = Certified::self_signed(root_params(&settings, &key), key);
        Self::with_intermediate_of(Arc::new(settings), Arc::new(root))
    }

    fn with_intermediate_of(settings: Arc<SigningAuthorityBuilder>, root: Arc<Certified>) -> Self {
        let key = KeyPair::generate(settings.curves.authority());
        let params = intermediate_params(&settings, &key, &root.key);
        let intermediate = Certified::issued_by(&root, params, key);
        Self::with_leaf_of(settings, root, Arc::new(intermediate))
    }

    fn with_leaf_of(
        settings: Arc<SigningAuthorityBuilder>,
        root: Arc<Certified>,
        intermediate: Arc<Certified>,
    ) -> Self {
        let key = KeyPair::generate(settings.curves.leaf());
        let params = leaf_params(&settings, &key, &intermediate.key);
        let leaf = Certified::issued_by(&intermediate, params, key);
        let x5c = [&leaf.der, &intermediate.der, &root.der].map(jws::x5c_entry);
        let header = jws::header(jws::ES256, x5c.iter().map(String::as_str));
        Self {
            settings,
            root,
            intermediate,
            leaf: Arc::new(leaf),
            header: jws::segment(header).into(),
            x5c: Arc::new(x5c),
        }
    }

    /// The header segment of every honest JWS of this authority.
    pub(crate) fn header_segment(&self) -> &str {
        &self.header
    }
}

impl Default for SigningAuthority {
    fn default() -> Self {
        Self::new()
    }
}

/// Names the certificates; never shows a private key.
impl fmt::Debug for SigningAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningAuthority")
            .field("curves", &self.settings.curves)
            .field("root", &self.root.common_name())
            .field("intermediate", &self.intermediate.common_name())
            .field("leaf", &self.leaf.common_name())
            .finish_non_exhaustive()
    }
}
