//! Which store, and which of its worlds: production, sandbox, or a developer's own machine.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A store that sells in-app purchases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Store {
    /// Amazon Appstore (Fire OS, Fire TV, Vega OS).
    AmazonAppstore,
    /// Apple App Store.
    AppStore,
    /// Google Play.
    GooglePlay,
}

impl Store {
    /// The name used in JSON and in storage keys: `app_store`, `google_play`, `amazon_appstore`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AmazonAppstore => "amazon_appstore",
            Self::AppStore => "app_store",
            Self::GooglePlay => "google_play",
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The world a purchase was made in. Only [`Environment::Production`] involves real money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Environment {
    /// Apple's `LocalTesting`: data made by `SKTestSession` in a unit test. **Not signed by Apple**,
    /// anybody can write it.
    LocalTesting,
    /// Real purchases by customers. (A store may still mark a single purchase as a test; see
    /// [`Purchase::is_test`](crate::Purchase::is_test).)
    Production,
    /// The store's test world: Apple sandbox and TestFlight, Amazon Cloud Sandbox.
    Sandbox,
    /// Apple's `Xcode`: data made by StoreKit testing in Xcode. **Not signed by Apple**, anybody
    /// can write it.
    Xcode,
}

impl Environment {
    const ALL: [Self; 4] = [
        Self::Production,
        Self::Sandbox,
        Self::Xcode,
        Self::LocalTesting,
    ];

    /// The name used in JSON and in storage keys: `production`, `sandbox`, `xcode`, `local_testing`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LocalTesting => "local_testing",
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::Xcode => "xcode",
        }
    }

    /// Whether data of this environment is made on a developer's machine, without the store.
    ///
    /// Nothing about such data is proven; it must never reach production code.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::LocalTesting | Self::Xcode)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Production => 1,
            Self::Sandbox => 2,
            Self::Xcode => 4,
            Self::LocalTesting => 8,
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of environments, as a verifier or an [`AccessPolicy`](crate::AccessPolicy) accepts them.
///
/// ```
/// use iap_core::{Environment, EnvironmentSet};
///
/// let accepted: EnvironmentSet = [Environment::Production, Environment::Sandbox].into();
/// assert!(accepted.contains(Environment::Sandbox));
/// assert!(!accepted.contains(Environment::Xcode));
/// assert_eq!(accepted.to_string(), "production, sandbox");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct EnvironmentSet(u8);

impl EnvironmentSet {
    /// The empty set: accepts nothing.
    pub const EMPTY: Self = Self(0);

    /// The set with `environment` added.
    #[must_use]
    pub const fn with(self, environment: Environment) -> Self {
        Self(self.0 | environment.bit())
    }

    /// Whether `environment` is in the set.
    #[must_use]
    pub const fn contains(self, environment: Environment) -> bool {
        self.0 & environment.bit() != 0
    }

    /// Whether the set accepts nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The environments of the set, production first.
    pub fn iter(self) -> impl Iterator<Item = Environment> {
        Environment::ALL
            .into_iter()
            .filter(move |environment| self.contains(*environment))
    }
}

impl<const N: usize> From<[Environment; N]> for EnvironmentSet {
    fn from(environments: [Environment; N]) -> Self {
        environments.into_iter().collect()
    }
}

impl FromIterator<Environment> for EnvironmentSet {
    fn from_iter<I: IntoIterator<Item = Environment>>(environments: I) -> Self {
        environments.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Display for EnvironmentSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (index, environment) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            f.write_str(environment.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for EnvironmentSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
