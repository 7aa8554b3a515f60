//! An Amazon Appstore on this machine: the Receipt Verification Service, and the notifications you get.

mod app_tester;
mod builder;
mod life_cycle;
mod notifications;
mod receipt;
mod routes;

use core::{fmt, time::Duration};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use http::{StatusCode, header};
use iap_core::{Clock, Timestamp};
use serde_json::{Map, Value, json};

use self::notifications::Endpoint;
pub use self::{
    app_tester::{AppTesterProduct, app_tester_receipt_id},
    builder::FakeAmazonAppstoreBuilder,
    receipt::AmazonReceiptBuilder,
};
use crate::{
    SnsSigner,
    server::{Answer, Courier, Fault, ReceivedRequest, RequestLog, Server, Service},
};

/// An Amazon Appstore for one developer account and one app, on loopback: `verifyReceiptId` in
/// production and in the Cloud Sandbox, and both endpoints of the Billing Compatibility API.
///
/// It has a state: customers [buy](Self::buy), subscriptions [renew](Self::renew), purchases are
/// [canceled](Self::cancel), and every call answers accordingly, with notifications to your webhook.
/// The shared secret is checked; the sandbox takes any, and every receipt id that
/// [App Tester](app_tester_receipt_id) could have made. Calls [fail](Self::fail_next) as told.
///
/// Its clock is the machine's, or [yours](FakeAmazonAppstoreBuilder::clock). It is served by a thread
/// of its own and ends when it is dropped.
///
/// ```
/// use iap_testkit::{AmazonReceiptBuilder, FakeAmazonAppstore};
///
/// let store = FakeAmazonAppstore::start("com.example.app");
/// let user = store.user();
/// let receipt_id = store.buy(&user, AmazonReceiptBuilder::subscription("pro", "pro.monthly"));
///
/// // What the client under test is given:
/// let (base_url, secret) = (store.url(), store.shared_secret());
/// # let _ = (base_url, secret);
///
/// store.renew(&receipt_id);
/// store.cancel(&receipt_id, 1);
/// ```
#[derive(Debug)]
pub struct FakeAmazonAppstore {
    // Dropped before the shop, so that nobody asks it any more.
    server: Server,
    shop: Arc<Shop>,
}

/// What the server and the methods of [`FakeAmazonAppstore`] share.
struct Shop {
    package_name: String,
    shared_secret: String,
    requests_per_second: Option<usize>,
    clock: Arc<dyn Clock>,
    topic_arn: String,
    signer: OnceLock<SnsSigner>,
    courier: Courier,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By receipt id.
    receipts: BTreeMap<String, Receipt>,
    /// When the requests of the last second came.
    recent: VecDeque<Timestamp>,
    endpoint: Option<Endpoint>,
    notifications: Vec<Value>,
}

struct Receipt {
    user_id: String,
    members: Map<String, Value>,
    /// Answered with 410 instead of the receipt.
    is_gone: bool,
}

impl FakeAmazonAppstore {
    /// Opens a store that sells in the app with this package name.
    #[must_use]
    pub fn start(package_name: &str) -> Self {
        Self::builder(package_name).start()
    }

    /// A store with another clock, a rate limit or with TLS.
    pub fn builder(package_name: &str) -> FakeAmazonAppstoreBuilder {
        FakeAmazonAppstoreBuilder::new(package_name)
    }

    /// The base URL of production.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url(0)
    }

    /// The base URL of the Cloud Sandbox, which is at another path of the same host.
    #[must_use]
    pub fn sandbox_url(&self) -> String {
        format!("{}/sandbox", self.url())
    }

    /// The certificate of the server in DER, for a client to trust, if it speaks
    /// [TLS](FakeAmazonAppstoreBuilder::tls).
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.server.certificate()
    }

    /// The shared secret of the developer account. It has characters that a URL has to encode.
    #[must_use]
    pub fn shared_secret(&self) -> &str {
        &self.shop.shared_secret
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

    /// Whether the request at hand is one too many for the second.
    fn is_too_fast(&self) -> bool {
        let Some(limit) = self.requests_per_second else {
            return false;
        };
        let now = self.clock.now();
        let mut state = self.state();
        let second_ago = now.saturating_sub(SECOND);
        while state.recent.front().is_some_and(|at| *at <= second_ago) {
            state.recent.pop_front();
        }
        if state.recent.len() >= limit {
            return true;
        }
        state.recent.push_back(now);
        false
    }
}

impl Service for Shop {
    fn answer(&self, request: &ReceivedRequest) -> Answer {
        if self.is_too_fast() {
            return refusal(429, "Too many requests");
        }
        routes::answer(self, request)
    }

    fn rate_limited(&self, _: &ReceivedRequest, retry_after: Duration) -> Answer {
        refusal(429, "Too many requests").with(header::RETRY_AFTER, retry_after.as_secs())
    }

    fn server_error(&self, _: &ReceivedRequest, status: u16) -> Answer {
        // Seen without the member `status`.
        let status = StatusCode::from_u16(status).expect("a status of HTTP");
        Answer::json(status, &json!({ "message": "internal error" }))
    }
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop")
            .field("package_name", &self.package_name)
            .finish_non_exhaustive()
    }
}

fn refusal(status: u16, message: &str) -> Answer {
    let status = StatusCode::from_u16(status).expect("a status of HTTP");
    Answer::json(status, &json!({ "message": message, "status": false }))
}

const SECOND: Duration = Duration::from_secs(1);
