//! How a fake App Store differs from the usual one: clock, authority, TLS.

use std::sync::{Arc, Mutex};

use iap_core::{Clock, Environment, SystemClock};

use super::{FakeAppStore, Shop, bearer::ApiKey, world::World};
use crate::{
    SigningAuthority,
    server::{Courier, Encryption, Server},
};

/// Builds a [`FakeAppStore`]. Made by [`FakeAppStore::builder`].
///
/// ```
/// use std::sync::Arc;
/// use iap_core::{Environment, FixedClock};
/// use iap_testkit::FakeAppStore;
///
/// let clock = Arc::new(FixedClock::new("2026-11-27T12:00:00Z".parse()?));
/// let store = FakeAppStore::builder("com.example.app", 1_234_567_890)
///     .clock(clock.clone())
///     .tls()
///     .start();
/// assert!(store.url(Environment::Sandbox).starts_with("https://localhost:"));
/// # Ok::<(), iap_core::ParseTimestampError>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder opens nothing until `start` is called"]
pub struct FakeAppStoreBuilder {
    bundle_id: String,
    app_apple_id: i64,
    authority: Option<SigningAuthority>,
    clock: Arc<dyn Clock>,
    encryption: Encryption,
}

impl FakeAppStoreBuilder {
    pub(super) fn new(bundle_id: &str, app_apple_id: i64) -> Self {
        Self {
            bundle_id: bundle_id.to_owned(),
            app_apple_id,
            authority: None,
            clock: Arc::new(SystemClock),
            encryption: Encryption::None,
        }
    }

    /// Signs with this authority. Default: a new one.
    pub fn authority(mut self, authority: SigningAuthority) -> Self {
        self.authority = Some(authority);
        self
    }

    /// Takes the present time from `clock`: share a [`FixedClock`](iap_core::FixedClock) in an
    /// [`Arc`] with it to move time, and move it between any two steps: of two answers of one
    /// millisecond a backend keeps the first. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Answers over TLS only, as `localhost`; see [`FakeAppStore::certificate`].
    pub fn tls(mut self) -> Self {
        self.encryption = Encryption::Tls;
        self
    }

    /// Opens the store.
    ///
    /// # Panics
    ///
    /// When this machine gives no port, no thread or no random bytes.
    #[must_use]
    pub fn start(self) -> FakeAppStore {
        let worlds = [Environment::Production, Environment::Sandbox].map(World::new);
        let shop = Arc::new_cyclic(|itself| Shop {
            bundle_id: self.bundle_id,
            app_apple_id: self.app_apple_id,
            api_key: ApiKey::new(),
            authority: self.authority.unwrap_or_default(),
            clock: self.clock,
            courier: Courier::start(),
            itself: itself.clone(),
            worlds: Mutex::new(worlds),
        });
        FakeAppStore {
            server: Server::start(2, self.encryption, shop.clone()),
            shop,
        }
    }
}
