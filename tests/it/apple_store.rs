//! A backend and a store of the testkit: every call of Apple's APIs over real HTTP, and what the
//! store's life means for access.

mod calls;
mod life;
mod notifications;

use std::sync::Arc;

use iap_apple::{
    App, AppStoreServerClient, AppStoreVerifier, InAppPurchaseKey, ProductionThenSandbox,
    SignedDataVerifier, TrustAnchor,
};
use iap_core::{
    Environment, FixedClock, Timestamp,
    http::{ReqwestTransport, RetryPolicy},
};
use iap_testkit::{FakeAppStore, SigningAuthority, TransactionBuilder};

pub(crate) const BUNDLE_ID: &str = "com.example.app";
pub(crate) const APP_APPLE_ID: i64 = 1_234_567_890;

/// A store and a backend that reads the same clock.
pub(crate) struct Town {
    pub(crate) store: FakeAppStore,
    pub(crate) clock: Arc<FixedClock>,
}

impl Town {
    pub(crate) fn new() -> Self {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(now));
        let day = core::time::Duration::from_secs(24 * 60 * 60);
        let authority = SigningAuthority::builder()
            .curves(iap_testkit::Curves::AllP256)
            .root_validity(now.saturating_sub(day * 900), now.saturating_add(day * 900))
            .intermediate_validity(now.saturating_sub(day * 900), now.saturating_add(day * 900))
            .leaf_validity(now.saturating_sub(day * 800), now.saturating_add(day * 800))
            .build();
        let store = FakeAppStore::builder(BUNDLE_ID, APP_APPLE_ID)
            .clock(clock.clone())
            .authority(authority)
            .start();
        Self { store, clock }
    }

    pub(crate) fn key(&self) -> InAppPurchaseKey {
        let store = &self.store;
        InAppPurchaseKey::new(store.key_id(), store.issuer_id(), store.private_key()).unwrap()
    }

    pub(crate) fn client(&self, environment: Environment) -> AppStoreServerClient {
        self.client_with(environment, RetryPolicy::never())
    }

    pub(crate) fn client_with(
        &self,
        environment: Environment,
        retry: RetryPolicy,
    ) -> AppStoreServerClient {
        AppStoreServerClient::builder(self.key(), BUNDLE_ID, environment)
            .base_url(self.store.url(environment))
            .clock(self.clock.clone())
            .retry(retry)
            .transport(Arc::new(transport()))
            .build()
            .unwrap()
    }

    pub(crate) fn offline(&self) -> SignedDataVerifier {
        let root = self.store.authority().root_der();
        SignedDataVerifier::builder()
            .app(App::new(BUNDLE_ID, APP_APPLE_ID.try_into().unwrap()))
            .environment(Environment::Production)
            .environment(Environment::Sandbox)
            .clock(self.clock.clone())
            .trust_anchors([TrustAnchor::from_certificate(root).unwrap()])
            .build()
            .unwrap()
    }

    pub(crate) fn verifier(&self) -> AppStoreVerifier {
        let clients = ProductionThenSandbox::new(
            self.client(Environment::Production),
            self.client(Environment::Sandbox),
        );
        AppStoreVerifier::production_then_sandbox(clients.unwrap(), self.offline())
    }

    pub(crate) fn subscription(&self) -> TransactionBuilder {
        TransactionBuilder::auto_renewable(BUNDLE_ID, "pro.monthly")
    }
}

/// Plain HTTP on this machine needs no root certificates.
pub(crate) fn transport() -> ReqwestTransport {
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build();
    ReqwestTransport::from_client(client.unwrap())
}
