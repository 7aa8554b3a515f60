//! A Google Play on this machine: the servers that a backend asks, and the notifications it gets.

mod builder;
mod catalogue;
mod credentials;
mod life_cycle;
mod notifications;
mod order;
mod problem;
mod product;
mod routes;
mod subscription;

use core::{fmt, time::Duration};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use http::{StatusCode, header};
use iap_core::{Clock, Timestamp};
use serde_json::{Value, json};

pub use self::{
    builder::FakeGooglePlayBuilder, problem::GoogleProblem, product::GoogleProductBuilder,
    subscription::GoogleSubscriptionBuilder,
};
use self::{
    catalogue::Catalogue,
    credentials::ServiceAccount,
    notifications::{Message, Push},
    order::{Order, Voided},
    product::Product,
    subscription::Subscription,
};
use crate::server::{Answer, Courier, Fault, ReceivedRequest, RequestLog, Server, Service};

/// A Google Play for one app, on loopback: the OAuth token endpoint; the purchases, orders, external
/// transactions and catalogue of the Android Publisher API v3; and notifications, pushed to your
/// webhook by a Pub/Sub whose keys are served here, too.
///
/// It has a state: customers [buy](Self::buy_product), subscriptions [renew](Self::renew), purchases
/// are [revoked](Self::revoke), and every call answers accordingly, with
/// [notifications](Self::set_notification_url). Assertions and access tokens are checked. Calls
/// [fail](Self::fail_next) and are [refused](Self::refuse_next) as told.
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
/// // Google's address for tokens stands in the key file: send assertions here instead.
/// let token_url = store.token_url();
/// # assert!(key.contains("private_key")); let _ = (base_url, token_url);
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
    courier: Courier,
    /// For the courier, which reports back. Not a strong one: it belongs to the shop.
    itself: Weak<Self>,
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
    /// What was voided, in its order.
    voided: Vec<Voided>,
    /// Reviews of refunds by their token: the first answer is kept.
    reviews: BTreeMap<String, Value>,
    /// By id.
    external_transactions: BTreeMap<String, Value>,
    external_refunds: BTreeSet<String>,
    catalogue: Catalogue,
    messages: Vec<Message>,
    push: Push,
    /// How the next calls are refused.
    refusals: VecDeque<GoogleProblem>,
}

impl FakeGooglePlay {
    /// Opens a store that sells in the app with this package name.
    #[must_use]
    pub fn start(package_name: &str) -> Self {
        Self::builder(package_name).start()
    }

    /// A store with another clock, another signer of pushes or with TLS.
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
    /// is Google's. Have the client under test ask for tokens at [`token_url`](Self::token_url).
    #[must_use]
    pub fn service_account_key(&self) -> String {
        self.shop.account.key_file()
    }

    /// Host and port of a metadata server, as machines at Google Cloud have it, which gives access
    /// tokens without a key.
    ///
    /// # Panics
    ///
    /// When the store speaks [TLS](FakeGooglePlayBuilder::tls), which no metadata server does.
    #[must_use]
    pub fn metadata_host(&self) -> String {
        let url = self.url();
        let host = url.strip_prefix("http://");
        host.expect("a store without TLS").to_owned()
    }

    /// Where access tokens are had.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}{}", self.url(), credentials::TOKEN_PATH)
    }

    /// Lets every access token handed out so far be refused from now on.
    pub fn revoke_access_tokens(&self) {
        self.shop.state().access_tokens.clear();
    }

    /// The requests that came in.
    #[must_use]
    pub const fn requests(&self) -> &RequestLog {
        self.server.log()
    }

    /// Lets the publisher API refuse the next call that has a good access token; several refusals
    /// stand in line.
    pub fn refuse_next(&self, problem: GoogleProblem) {
        self.shop.state().refusals.push_back(problem);
    }

    /// Lets the next call fail, whatever it is about; several stand in line.
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

    /// Lets no call fail any more, nor be refused.
    pub fn fail_no_more(&self) {
        self.server.faults().none();
        self.shop.state().refusals.clear();
    }
}

impl Shop {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Service for Shop {
    fn answer(&self, request: &ReceivedRequest) -> Answer {
        routes::answer(self, request).unwrap_or_else(GoogleProblem::answer)
    }

    fn rate_limited(&self, request: &ReceivedRequest, retry_after: Duration) -> Answer {
        let answer = if is_about_tokens(request) {
            let status = StatusCode::TOO_MANY_REQUESTS;
            credentials::refusal(status, "rate_limit_exceeded", "Too many requests.")
        } else {
            problem::RATE_LIMIT_EXCEEDED.answer()
        };
        answer.with(header::RETRY_AFTER, retry_after.as_secs())
    }

    fn server_error(&self, request: &ReceivedRequest, status: u16) -> Answer {
        if is_about_tokens(request) {
            let status = StatusCode::from_u16(status).expect("a status of HTTP");
            return credentials::refusal(status, "internal_failure", "Backend Error");
        }
        problem::server_error(status).answer()
    }

    fn unauthorized(&self, request: &ReceivedRequest) -> Answer {
        if is_about_tokens(request) {
            let status = StatusCode::UNAUTHORIZED;
            return credentials::refusal(
                status,
                "invalid_client",
                "The OAuth client was not found.",
            );
        }
        problem::AUTH_ERROR.answer()
    }
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop")
            .field("package_name", &self.package_name)
            .finish_non_exhaustive()
    }
}

fn is_about_tokens(request: &ReceivedRequest) -> bool {
    [credentials::TOKEN_PATH, credentials::METADATA_PATH].contains(&request.path())
}

/// An amount as Google writes it: whole units as text, and billionths.
fn money(currency: &str, micros: i64) -> Value {
    json!({
        "currencyCode": currency,
        "units": (micros / 1_000_000).to_string(),
        "nanos": (micros % 1_000_000) * 1_000,
    })
}
