//! A backend and a Google Play of the testkit: every call over real HTTP, what the life of a purchase
//! means for access, and notifications that are pushed.

mod calls;
mod catalogue;
mod keys;
mod life;
mod notifications;
mod one_time;
mod refusals;

use core::time::Duration;
use std::sync::Arc;

use iap::{
    Access, AccessPolicy, Clock as _, DenialReason, Error, FixedClock, GrantReason, Proof,
    Purchase, Timestamp, Verifier as _,
    core::http::RetryPolicy,
    google::{GooglePlayVerifier, PlayClient, PlayClientBuilder, ServiceAccountKey},
};
use iap_testkit::{FakeGooglePlay, GoogleSubscriptionBuilder};

use crate::apple_store::transport;

pub(crate) const PACKAGE: &str = "com.example.app";
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A store and a backend that reads the same clock.
pub(crate) struct Market {
    pub(crate) store: FakeGooglePlay,
    pub(crate) clock: Arc<FixedClock>,
}

impl Market {
    pub(crate) fn new() -> Self {
        Self::selling(PACKAGE)
    }

    fn selling(package_name: &str) -> Self {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(now));
        let store = FakeGooglePlay::builder(package_name)
            .clock(clock.clone())
            .start();
        Self { store, clock }
    }

    pub(crate) fn key(&self) -> ServiceAccountKey {
        ServiceAccountKey::from_json(self.store.service_account_key())
            .unwrap()
            .with_token_url(&self.store.token_url())
            .unwrap()
    }

    pub(crate) fn builder(&self) -> PlayClientBuilder {
        self.builder_for(PACKAGE)
    }

    fn builder_for(&self, package_name: &str) -> PlayClientBuilder {
        PlayClient::builder(package_name, self.key())
            .base_url(self.store.url())
            .clock(self.clock.clone())
            .retry(RetryPolicy::never())
            .transport(Arc::new(transport()))
    }

    fn client(&self) -> PlayClient {
        self.builder().build().unwrap()
    }

    fn verifier(&self) -> GooglePlayVerifier {
        GooglePlayVerifier::new(self.client())
    }

    async fn verify_subscription(&self, token: &str) -> Result<Purchase, Error> {
        let proof = Proof::google_subscription(PACKAGE, token);
        self.verifier().verify(&proof).await
    }

    async fn subscription(&self, token: &str) -> Purchase {
        self.verify_subscription(token).await.unwrap()
    }

    async fn product(&self, token: &str) -> Purchase {
        let proof = Proof::google_product(PACKAGE, token);
        self.verifier().verify(&proof).await.unwrap()
    }

    /// Whether the purchase gives access now.
    fn decide(&self, purchase: &Purchase) -> Access {
        purchase.access_at(self.clock.now(), &AccessPolicy::new())
    }

    async fn access(&self, token: &str) -> Access {
        self.decide(&self.subscription(token).await)
    }

    async fn product_access(&self, token: &str) -> Access {
        self.decide(&self.product(token).await)
    }
}

fn is_granted(access: Access, why: GrantReason) -> bool {
    matches!(access, Access::Granted { reason, .. } if reason == why)
}

fn is_denied(access: Access, why: DenialReason) -> bool {
    matches!(access, Access::Denied { reason, .. } if reason == why)
}

fn pro() -> GoogleSubscriptionBuilder {
    GoogleSubscriptionBuilder::new("pro", "monthly")
}
