//! How a fake Google Play differs from the usual one: clock, who signs pushes, TLS.

use std::sync::{Arc, Mutex};

use iap_core::{Clock, SystemClock};

use super::{FakeGooglePlay, Shop, State, credentials::ServiceAccount};
use crate::{
    GooglePushSigner,
    server::{Courier, Encryption, Server},
};

/// Builds a [`FakeGooglePlay`]. Made by [`FakeGooglePlay::builder`].
#[derive(Debug)]
#[must_use = "a builder opens nothing until `start` is called"]
pub struct FakeGooglePlayBuilder {
    package_name: String,
    clock: Arc<dyn Clock>,
    encryption: Encryption,
    push_signer: Option<GooglePushSigner>,
}

impl FakeGooglePlayBuilder {
    pub(super) fn new(package_name: &str) -> Self {
        Self {
            package_name: package_name.to_owned(),
            clock: Arc::new(SystemClock),
            encryption: Encryption::None,
            push_signer: None,
        }
    }

    /// Takes the present time from `clock`: share a [`FixedClock`](iap_core::FixedClock) in an
    /// [`Arc`] with it to move time, and move it between any two steps: of two answers of one
    /// millisecond a backend keeps the first. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Signs the tokens that go along with pushes with this signer. Default: a new one.
    pub fn push_signer(mut self, signer: GooglePushSigner) -> Self {
        self.push_signer = Some(signer);
        self
    }

    /// Answers over TLS only, as `localhost`; see [`FakeGooglePlay::certificate`].
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
    pub fn start(self) -> FakeGooglePlay {
        let mut state = State::default();
        state.push.signers.extend(self.push_signer);
        let shop = Arc::new_cyclic(|itself| Shop {
            package_name: self.package_name,
            account: ServiceAccount::new(),
            clock: self.clock,
            courier: Courier::start(),
            itself: itself.clone(),
            state: Mutex::new(state),
        });
        FakeGooglePlay {
            server: Server::start(1, self.encryption, shop.clone()),
            shop,
        }
    }
}
