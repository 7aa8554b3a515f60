//! Asks Amazon: the Receipt Verification Service and Billing Compatibility, one method per endpoint.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html>

#[cfg(feature = "billing-compatibility")]
mod billing_compatibility;
mod builder;
mod receipts;
mod redaction;
mod request;

use core::fmt;
use std::sync::Arc;

use iap_core::{
    Clock, Environment, Error, Secret, Timestamp,
    http::{Call, HttpClient, HttpResponse, Idempotency, Outcome, RetryAfter, retry_after},
};
use serde::de::DeserializeOwned;
use url::Url;

pub use self::builder::AmazonClientBuilder;
use self::{redaction::without_secret, request::ApiRequest};
use crate::{
    answer::{Answer, read},
    error::{ApiFailure, Endpoint},
};

/// A client of the Receipt Verification Service and of Billing Compatibility, for one developer
/// account in one environment.
///
/// Cheap to clone, `Send` and `Sync`: build one at start and share it. What may be repeated is
/// repeated after failures, within one deadline.
///
/// The shared secret is a part of every address, so no error, log or `Debug` of this crate shows one.
/// Amazon's two environments are two clients: an answer of Cloud Sandbox proves nothing, since anybody
/// can make what it accepts, and no client falls back to it.
///
/// ```no_run
/// use iap_amazon::{AmazonClient, Error, ReceiptId, UserId};
/// use iap_core::{AccessPolicy, Clock, SystemClock};
///
/// # async fn example(user_id: UserId, receipt_id: ReceiptId) -> Result<(), Error> {
/// let shared_secret = std::env::var("AMAZON_SHARED_SECRET").unwrap_or_default();
/// let client = AmazonClient::production(shared_secret).build()?;
/// let receipt = client.verify_receipt(&receipt_id, &user_id).await?;
/// println!("{} of {}", receipt.product_id, receipt.purchase_date);
/// let access = receipt.to_purchase().access_at(SystemClock.now(), &AccessPolicy::new());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AmazonClient {
    inner: Arc<Inner>,
}

struct Inner {
    http: HttpClient,
    base_url: Url,
    environment: Environment,
    shared_secret: Secret,
    clock: Arc<dyn Clock>,
}

impl AmazonClient {
    /// Starts building a client of production, with the developer account's shared secret: it stands
    /// in the Developer Console under Settings, Identity.
    ///
    /// Purchases of Live App Testing are verified here too.
    pub fn production(shared_secret: impl Into<Secret>) -> AmazonClientBuilder {
        AmazonClientBuilder::new(Environment::Production, shared_secret.into())
    }

    /// Starts building a client of Cloud Sandbox, for purchases made with App Tester. It takes no
    /// secret: Cloud Sandbox does not look at it, and a real one has no business there.
    pub fn sandbox() -> AmazonClientBuilder {
        AmazonClientBuilder::new(Environment::Sandbox, Secret::new(SANDBOX_SECRET))
    }

    /// The environment that is asked.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.inner.environment
    }

    /// The present time, by the clock that the client was built with.
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Makes a request and reads the answer. What it says about itself is not compared yet.
    async fn ask<T: DeserializeOwned>(&self, request: ApiRequest<'_>) -> Result<Answer<T>, Error> {
        let answer = self.execute(request).await;
        match self.inner.environment {
            // What stands there for a secret is none.
            Environment::Sandbox => answer,
            _ => answer.map_err(|error| without_secret(error, &self.inner.shared_secret)),
        }
    }

    async fn execute<T: DeserializeOwned>(
        &self,
        request: ApiRequest<'_>,
    ) -> Result<Answer<T>, Error> {
        let inner = &*self.inner;
        let endpoint = request.endpoint();
        let call = Call::new(
            endpoint.as_str(),
            request.to_http(&inner.base_url, &inner.shared_secret)?,
            Idempotency::Idempotent,
        );
        let outcome = |response: &HttpResponse| self.outcome::<T>(endpoint, response);
        let response = inner.http.execute(call, outcome).await?;
        let received_at = inner.clock.now();
        if response.status() != http::StatusCode::OK {
            return Err(self.failure(endpoint, &response).into());
        }
        let content = read(response.body())
            .map_err(|error| error.with_http_status(http::StatusCode::OK.as_u16()))?;
        Ok(Answer::new(content, inner.environment, received_at))
    }

    /// Whether another attempt may change the answer. One that cannot be read may be half of one.
    fn outcome<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        response: &HttpResponse,
    ) -> Option<Outcome> {
        if response.status() == http::StatusCode::OK {
            let is_readable = read::<T>(response.body()).is_ok();
            return (!is_readable).then(|| Outcome::server_error(None));
        }
        let failure = self.failure(endpoint, response);
        let wait = failure.retry_after();
        Some(if failure.is_rate_limit() {
            Outcome::rate_limited(wait)
        } else if failure.is_worth_repeating() {
            Outcome::server_error(wait)
        } else {
            Outcome::Final
        })
    }

    fn failure(&self, endpoint: Endpoint, response: &HttpResponse) -> ApiFailure {
        ApiFailure::from_response(
            endpoint,
            response.status().as_u16(),
            retry_after(response.headers(), RetryAfter::Seconds, self.now()),
            response.body(),
        )
    }
}

impl fmt::Debug for AmazonClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmazonClient")
            .field("environment", &self.inner.environment)
            .finish_non_exhaustive()
    }
}

/// What stands in the place of the secret in requests to Cloud Sandbox.
const SANDBOX_SECRET: &str = "sandbox";

#[cfg(test)]
pub(crate) mod tests;
