//! How a fake Amazon Appstore differs from the usual one: clock, rate limit, TLS.

use std::sync::{Arc, Mutex, OnceLock};

use iap_core::{Clock, SystemClock};

use super::{FakeAmazonAppstore, Shop, State};
use crate::{
    SnsSigner,
    server::{Courier, Encryption, Server},
    system,
};

/// Builds a [`FakeAmazonAppstore`]. Made by [`FakeAmazonAppstore::builder`].
#[derive(Debug)]
#[must_use = "a builder opens nothing until `start` is called"]
pub struct FakeAmazonAppstoreBuilder {
    package_name: String,
    clock: Arc<dyn Clock>,
    encryption: Encryption,
    requests_per_second: Option<usize>,
    signer: OnceLock<SnsSigner>,
}

impl FakeAmazonAppstoreBuilder {
    pub(super) fn new(package_name: &str) -> Self {
        Self {
            package_name: package_name.to_owned(),
            clock: Arc::new(SystemClock),
            encryption: Encryption::None,
            requests_per_second: None,
            signer: OnceLock::new(),
        }
    }

    /// Takes the present time from `clock`: share a [`FixedClock`](iap_core::FixedClock) in an
    /// [`Arc`] with it to move time. Default: the machine's.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Answers 429 to more requests than this in one second by the store's clock. Default: no limit.
    pub const fn requests_per_second(mut self, limit: usize) -> Self {
        self.requests_per_second = Some(limit);
        self
    }

    /// Signs notifications with this signer. Default: a new one.
    pub fn sns_signer(mut self, signer: SnsSigner) -> Self {
        self.signer = signer.into();
        self
    }

    /// Answers over TLS only, as `localhost`; see [`FakeAmazonAppstore::certificate`].
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
    pub fn start(self) -> FakeAmazonAppstore {
        let random = system::base64url::<32>();
        let shop = Arc::new(Shop {
            package_name: self.package_name,
            // Of the form that was seen, plus what a path has to encode.
            shared_secret: format!("2:{random}:a/b?c#d%e=="),
            requests_per_second: self.requests_per_second,
            clock: self.clock,
            topic_arn: format!(
                "arn:aws:sns:us-east-1:000000000000:{}",
                system::digits_and_letters(5)
            ),
            signer: self.signer,
            courier: Courier::start(),
            state: Mutex::new(State::default()),
        });
        FakeAmazonAppstore {
            server: Server::start(1, self.encryption, shop.clone()),
            shop,
        }
    }
}
