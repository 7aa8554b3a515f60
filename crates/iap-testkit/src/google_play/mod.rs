//! A Google Play on this machine: the token endpoint, the publisher API, and the life of purchases.

mod builder;
mod catalogue;
mod credentials;
mod life_cycle;
mod order;
mod problem;
mod product;
mod routes;
mod subscription;

use core::{fmt, time::Duration};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{StatusCode, header};
use iap_core::{Clock, Timestamp};
use serde_json::{Value, json};

pub use self::{
    builder::FakeGooglePlayBuilder, product::GoogleProductBuilder,
    subscription::GoogleSubscriptionBuilder,
};
use self::{
    catalogue::Catalogue, credentials::ServiceAccount, order::Order, product::Product,
    subscription::Subscription,
};
use crate::server::{Answer, Fault, ReceivedRequest, RequestLog, Server, Service};

/// A Google Play for one app, on loopback: the OAuth token endpoint and the purchases, orders,
/// external transactions and catalogue of the Android Publisher API v3.
///
/// It has a state: customers [buy](Self::buy_product), subscriptions [renew](Self::renew), purchases
/// are [revoked](Self::revoke), and every call answers accordingly. Assertions and access tokens are
/// checked. Calls [fail](Self::fail_next) as told.
///
/// Its clock is the machine's, or [yours](FakeGooglePlayBuilder::clock). It is served by a thread of
/// its own and ends when it is dropped.
///
/// ```
/// use iap_testkit::{FakeGooglePlay, GoogleSubscriptionBuilder};
///
/// let store = FakeGooglePlay::start("com.example.app");
/// let token = store.buy_subscription(GoogleSubscriptionBuilder::new("pro", "monthly"));
///
/// // What the client under test is given:
/// let (base_url, key) = (store.url(), store.service_account_key());
/// # assert!(key.contains("private_key")); let _ = base_url;
///
/// store.renew(&token);
/// store.revoke(&token);
/// ```
#[derive(Debug)]
pub struct FakeGooglePlay {
    // Dropped before the shop, so that nobody asks it any more.
    server: Server,
    shop: Arc<Shop>,
}

/// What the server and the methods of [`FakeGooglePlay`] share.
struct Shop {
    package_name: String,
    account: ServiceAccount,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When each access token expires.
    access_tokens: BTreeMap<String, Timestamp>,
    /// By purchase token.
    products: BTreeMap<String, Product>,
    /// By purchase token.
    subscriptions: BTreeMap<String, Subscription>,
    /// By order id.
    orders: BTreeMap<String, Order>,
    /// Order ids in the order in which they were voided.
    voided: Vec<String>,
    /// Reviews of refunds by their token: the first answer is kept.
    reviews: BTreeMap<String, Value>,
    /// By id.
    external_transactions: BTreeMap<String, Value>,
    external_refunds: BTreeSet<String>,
    catalogue: Catalogue,
    /// What was notified: `DeveloperNotification`s.
    notifications: Vec<Value>,
}

impl FakeGooglePlay {
    /// Opens a store that sells in the app with this package name.
    #[must_use]
    pub fn start(package_name: &str) -> Self {
        Self::builder(package_name).start()
    }

    /// A store with another clock or with TLS.
    pub fn builder(package_name: &str) -> FakeGooglePlayBuilder {
        FakeGooglePlayBuilder::new(package_name)
    }

    /// The base URL of the publisher API.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url(0)
    }

    /// The certificate of the server in DER, for a client to trust, if it speaks
    /// [TLS](FakeGooglePlayBuilder::tls).
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.server.certificate()
    }

    /// The file of a service account's key, as the Cloud Console hands it out: JSON, whose `token_uri`
    /// is an address of this store.
    #[must_use]
    pub fn service_account_key(&self) -> String {
        self.shop.account.key_file(&self.token_url())
    }

    /// Where access tokens are had.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/token", self.url())
    }

    /// Lets every access token handed out so far be refused from now on.
    pub fn revoke_access_tokens(&self) {
        self.shop.state().access_tokens.clear();
    }

    /// What Google Play notified so far: the `DeveloperNotification`s in their order.
    #[must_use]
    pub fn notifications(&self) -> Vec<Value> {
        self.shop.state().notifications.clone()
    }

    /// The requests that came in.
    #[must_use]
    pub const fn requests(&self) -> &RequestLog {
        self.server.log()
    }

    /// Lets the next call fail; several stand in line.
    pub fn fail_next(&self, fault: Fault) {
        self.server.faults().next(fault);
    }

    /// Lets so many of a hundred calls fail, in one of these ways each; the same ones for one `seed`.
    ///
    /// # Panics
    ///
    /// When it is more than a hundred, or there is no way to fail.
    pub fn fail_at_random(&self, per_cent: u8, seed: u64, faults: Vec<Fault>) {
        self.server.faults().at_random(per_cent, seed, faults);
    }

    /// Lets no call fail any more.
    pub fn fail_no_more(&self) {
        self.server.faults().none();
    }
}

impl Shop {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Notes what Google Play tells; `members` are those of the kind of notification named.
    fn notify(&self, state: &mut State, kind: &str, members: Value) {
        state.notifications.push(json!({
            "version": "1.0",
            "packageName": self.package_name,
            "eventTimeMillis": self.now().as_millis().to_string(),
            kind: members,
        }));
    }
}

impl Service for Shop {
    fn answer(&self, request: &ReceivedRequest) -> Answer {
        routes::answer(self, request).unwrap_or_else(problem::Problem::answer)
    }

    fn rate_limited(&self, retry_after: Duration) -> Answer {
        let answer = problem::RATE_LIMIT_EXCEEDED.answer();
        answer.with(header::RETRY_AFTER, retry_after.as_secs())
    }

    fn server_error(&self, status: u16) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status of HTTP");
        Answer::json(
            status,
            &json!({ "error": {
                "code": status.as_u16(),
                "message": "Backend Error",
                "errors": [{ "domain": "global", "reason": "backendError", "message": "Backend Error" }],
            } }),
        )
    }
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop")
            .field("package_name", &self.package_name)
            .finish_non_exhaustive()
    }
}

/// An amount as Google writes it: whole units as text, and billionths.
fn money(currency: &str, micros: i64) -> Value {
    json!({
        "currencyCode": currency,
        "units": (micros / 1_000_000).to_string(),
        "nanos": (micros % 1_000_000) * 1_000,
    })
}
