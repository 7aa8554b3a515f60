//! An App Store on this machine: the servers that a backend asks, and the notifications it gets.

mod bearer;
mod builder;
mod life_cycle;
mod notifications;
mod problem;
mod routes;
mod world;

use core::{fmt, time::Duration};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use http::StatusCode;
use iap_core::{Clock, Environment};
use serde_json::Value;

use self::{bearer::ApiKey, world::World};
pub use self::{
    builder::FakeAppStoreBuilder,
    world::{Bought, Customer},
};
use crate::{
    SigningAuthority,
    server::{Answer, Courier, Fault, ReceivedRequest, RequestLog, Server, Service},
};

/// An App Store for one app, on loopback: App Store Server API, Retention Messaging API and Advanced
/// Commerce API, in production and in the sandbox, with notifications to your webhook.
///
/// It has a state: customers [buy](Self::buy), subscriptions [renew](Self::renew), purchases are
/// [refunded](Self::refund), and every call of the APIs answers accordingly, signed by the kit's
/// [authority](Self::authority). Bearer tokens are checked as strictly as by Apple. A purchase is
/// known only in its own environment. Calls [fail](Self::fail_next) as told.
///
/// Its clock is the machine's, or [yours](FakeAppStoreBuilder::clock). It is served by a thread of
/// its own and ends when it is dropped.
///
/// ```
/// use iap_core::Environment;
/// use iap_testkit::{FakeAppStore, TransactionBuilder};
///
/// let store = FakeAppStore::start("com.example.app", 1_234_567_890);
/// let customer = store.customer();
/// let bought = store.buy(&customer, TransactionBuilder::auto_renewable("com.example.app", "pro.monthly"));
///
/// // What the client under test is given:
/// let (base_url, key) = (store.url(Environment::Production), store.private_key());
/// let (key_id, issuer_id) = (store.key_id(), store.issuer_id());
/// # assert!(base_url.starts_with("http://127.0.0.1:") && key.contains("BEGIN PRIVATE KEY"));
/// # let _ = (key_id, issuer_id);
///
/// store.renew(&bought.original_transaction_id);
/// store.refund(&bought.transaction_id);
/// ```
#[derive(Debug)]
pub struct FakeAppStore {
    // Dropped before the shop, so that nobody asks it any more.
    server: Server,
    shop: Arc<Shop>,
}

/// What the servers and the methods of [`FakeAppStore`] share.
pub(crate) struct Shop {
    bundle_id: String,
    app_apple_id: i64,
    api_key: ApiKey,
    authority: SigningAuthority,
    clock: Arc<dyn Clock>,
    courier: Courier,
    /// For the courier, which reports back. Not a strong one: it belongs to the shop.
    itself: Weak<Self>,
    /// Production and sandbox.
    worlds: Mutex<[World; 2]>,
}

impl FakeAppStore {
    /// Opens a store that sells in the app with this bundle id and the App Store's number for it.
    #[must_use]
    pub fn start(bundle_id: &str, app_apple_id: i64) -> Self {
        Self::builder(bundle_id, app_apple_id).start()
    }

    /// A store with another clock, authority or with TLS.
    pub fn builder(bundle_id: &str, app_apple_id: i64) -> FakeAppStoreBuilder {
        FakeAppStoreBuilder::new(bundle_id, app_apple_id)
    }

    /// The base URL of the API in `environment`.
    ///
    /// # Panics
    ///
    /// When the environment is neither production nor sandbox.
    #[must_use]
    pub fn url(&self, environment: Environment) -> String {
        self.server.url(world_index(environment))
    }

    /// The certificate of the servers in DER, for a client to trust, if they speak
    /// [TLS](FakeAppStoreBuilder::tls).
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.server.certificate()
    }

    /// Who signs transactions and notifications: trust its [root](SigningAuthority::root_der).
    #[must_use]
    pub fn authority(&self) -> &SigningAuthority {
        &self.shop.authority
    }

    /// The id of the In-App Purchase key.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.shop.api_key.key_id
    }

    /// The issuer id of the developer's team.
    #[must_use]
    pub fn issuer_id(&self) -> &str {
        &self.shop.api_key.issuer_id
    }

    /// The In-App Purchase key as App Store Connect hands it out: the text of a `.p8` file.
    #[must_use]
    pub fn private_key(&self) -> &str {
        &self.shop.api_key.pem
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
    fn now(&self) -> iap_core::Timestamp {
        self.clock.now()
    }

    fn worlds(&self) -> MutexGuard<'_, [World; 2]> {
        self.worlds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `work` in one environment.
    fn with_world<T>(&self, environment: Environment, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut self.worlds()[world_index(environment)])
    }

    /// Does `work` where the transaction is known.
    fn with_world_of<T>(&self, id: &str, work: impl FnOnce(&mut World) -> T) -> T {
        let mut worlds = self.worlds();
        let world = worlds.iter_mut().find(|world| world.knows(id));
        work(world.unwrap_or_else(|| panic!("nobody bought {id} here")))
    }
}

impl Service for Shop {
    fn answer(&self, request: &ReceivedRequest) -> Answer {
        let authorization = request.header("authorization");
        if !self
            .api_key
            .accepts(authorization, &self.bundle_id, self.now())
        {
            return Answer::new(StatusCode::UNAUTHORIZED, "text/plain", "Unauthenticated\n");
        }
        let answer = routes::answer(self, &mut self.worlds(), request);
        answer.unwrap_or_else(problem::Problem::answer)
    }

    fn rate_limited(&self, _: &ReceivedRequest, retry_after: Duration) -> Answer {
        let until = self.now().saturating_add(retry_after);
        problem::RATE_LIMIT
            .answer()
            .with(http::header::RETRY_AFTER, until.as_millis())
    }

    fn server_error(&self, _: &ReceivedRequest, status: u16) -> Answer {
        match status {
            500 => problem::GENERAL_INTERNAL.answer(),
            other => Answer::new(
                StatusCode::from_u16(other).expect("a status of HTTP"),
                "text/plain",
                "upstream request failed",
            ),
        }
    }
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop")
            .field("bundle_id", &self.bundle_id)
            .field("app_apple_id", &self.app_apple_id)
            .field("authority", &self.authority)
            .finish_non_exhaustive()
    }
}

/// A result of an API call: JSON, nothing, or a refusal with a number.
type Outcome = Result<Answer, problem::Problem>;

fn json(body: &Value) -> Outcome {
    Ok(Answer::json(StatusCode::OK, body))
}

fn world_index(environment: Environment) -> usize {
    match environment {
        Environment::Production => 0,
        Environment::Sandbox => 1,
        other => panic!("the App Store has no server for {other}"),
    }
}
