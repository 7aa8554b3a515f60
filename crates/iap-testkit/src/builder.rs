//! How a signing authority differs from the usual one: curves, names, validity, addresses.

use core::time::Duration;

use iap_core::Timestamp;

use crate::{SigningAuthority, key::KeyKind, system};

/// The keys and hashes of a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curves {
    /// P-384 root and intermediate, P-256 leaf, certificates signed with SHA-384: what App Store
    /// data really comes with.
    #[default]
    AppleLike,
    /// P-256 throughout, certificates signed with SHA-384.
    AllP256,
    /// P-256 throughout, certificates signed with SHA-256: the fastest to make and to verify.
    AllP256WithSha256,
}

impl Curves {
    pub(crate) const fn authority(self) -> KeyKind {
        match self {
            Self::AppleLike => KeyKind::P384WithSha384,
            Self::AllP256 => KeyKind::P256WithSha384,
            Self::AllP256WithSha256 => KeyKind::P256WithSha256,
        }
    }

    pub(crate) const fn leaf(self) -> KeyKind {
        match self {
            Self::AppleLike | Self::AllP256 => KeyKind::P256WithSha384,
            Self::AllP256WithSha256 => KeyKind::P256WithSha256,
        }
    }
}

/// Makes a [`SigningAuthority`] that differs from [`SigningAuthority::new`].
///
/// ```
/// use iap_core::Timestamp;
/// use iap_testkit::{Curves, SigningAuthority};
///
/// let authority = SigningAuthority::builder()
///     .curves(Curves::AllP256)
///     .leaf_validity("2025-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?)
///     .ocsp_url("http://127.0.0.1:8080/leaf", "http://127.0.0.1:8080/intermediate")
///     .build();
/// # let _: &[u8] = authority.root_der();
/// # Ok::<(), iap_core::ParseTimestampError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` is called"]
pub struct SigningAuthorityBuilder {
    pub(crate) curves: Curves,
    pub(crate) root_name: String,
    pub(crate) root_validity: (Timestamp, Timestamp),
    pub(crate) intermediate_name: String,
    pub(crate) intermediate_validity: (Timestamp, Timestamp),
    pub(crate) intermediate_ocsp_url: String,
    pub(crate) leaf_name: String,
    pub(crate) leaf_validity: (Timestamp, Timestamp),
    pub(crate) leaf_ocsp_url: String,
}

impl SigningAuthorityBuilder {
    pub(crate) fn new() -> Self {
        let now = system::now();
        let years_around_now = |before: u32, after: u32| {
            (
                now.saturating_sub(YEAR.saturating_mul(before)),
                now.saturating_add(YEAR.saturating_mul(after)),
            )
        };
        Self {
            curves: Curves::AppleLike,
            root_name: "Test Root CA - G3".to_owned(),
            root_validity: years_around_now(10, 15),
            intermediate_name: "Test Worldwide Developer Relations Certification Authority"
                .to_owned(),
            intermediate_validity: years_around_now(5, 10),
            intermediate_ocsp_url: "http://ocsp.example.com/intermediate-responder".to_owned(),
            leaf_name: "Test ECC Mac App Store and iTunes Store Receipt Signing".to_owned(),
            leaf_validity: years_around_now(1, 1),
            leaf_ocsp_url: "http://ocsp.example.com/leaf-responder".to_owned(),
        }
    }

    /// The keys and hashes of the chain. Default: [`Curves::AppleLike`].
    pub const fn curves(mut self, curves: Curves) -> Self {
        self.curves = curves;
        self
    }

    /// The common name of the root. Default: `Test Root CA - G3`.
    pub fn root_name(mut self, common_name: impl Into<String>) -> Self {
        self.root_name = common_name.into();
        self
    }

    /// The common name of the intermediate. Default:
    /// `Test Worldwide Developer Relations Certification Authority`.
    pub fn intermediate_name(mut self, common_name: impl Into<String>) -> Self {
        self.intermediate_name = common_name.into();
        self
    }

    /// The common name of the leaf. Default:
    /// `Test ECC Mac App Store and iTunes Store Receipt Signing`.
    pub fn leaf_name(mut self, common_name: impl Into<String>) -> Self {
        self.leaf_name = common_name.into();
        self
    }

    /// When the root is valid, both ends included, to the second. Default: from 10 years ago to
    /// 15 years ahead.
    pub const fn root_validity(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.root_validity = (from, until);
        self
    }

    /// When the intermediate is valid, both ends included, to the second. Default: from 5 years
    /// ago to 10 years ahead.
    pub const fn intermediate_validity(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.intermediate_validity = (from, until);
        self
    }

    /// When the leaf is valid, both ends included, to the second. Default: from 1 year ago to
    /// 1 year ahead.
    pub const fn leaf_validity(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.leaf_validity = (from, until);
        self
    }

    /// Where the leaf and the intermediate say that their revocation can be asked for, in this
    /// order. Default: addresses below `http://ocsp.example.com/`, where nobody answers.
    pub fn ocsp_url(mut self, leaf: impl Into<String>, intermediate: impl Into<String>) -> Self {
        self.leaf_ocsp_url = leaf.into();
        self.intermediate_ocsp_url = intermediate.into();
        self
    }

    /// Makes three keys and the three certificates.
    ///
    /// # Panics
    ///
    /// When a validity lies outside the years that a certificate can write.
    #[must_use]
    pub fn build(self) -> SigningAuthority {
        SigningAuthority::from_settings(self)
    }
}

/// 365 days.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
