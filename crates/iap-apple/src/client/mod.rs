//! Asks Apple: the App Store Server API and the Retention Messaging API, one method per endpoint.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi>,
//! <https://developer.apple.com/documentation/retentionmessaging>

mod advanced_commerce;
mod builder;
mod consumption;
mod environments;
mod notifications;
mod pages;
mod request;
mod retention;
mod subscriptions;
mod transactions;

use core::fmt;
use std::sync::Arc;

use iap_core::{
    AppId, Clock, Environment, Error, Store, UnreadableAnswer,
    http::{Call, HttpClient, HttpResponse, Outcome, RetryAfter, Token, TokenCache, retry_after},
    read_answer, read_empty_answer,
};
use serde::de::DeserializeOwned;
use url::Url;

pub use self::{
    advanced_commerce::AdvancedCommerceClient,
    builder::AppStoreServerClientBuilder,
    environments::ProductionThenSandbox,
    pages::{NotificationHistoryPages, RefundHistoryPages, TransactionHistoryPages},
    request::ApiRequest,
};
use crate::{
    api_error::ApiFailure,
    signing::{BearerTokenSigner, InAppPurchaseKey},
};

/// A client of the App Store Server API and the Retention Messaging API for one app in one
/// environment.
///
/// Cheap to clone, `Send` and `Sync`: build one at start and share it. Requests carry a bearer token
/// that is signed once and used until shortly before it expires. What may be repeated is repeated
/// after failures, within one deadline.
///
/// Methods have the names of Apple's own libraries. Answers hold signed data as text: verify it with
/// a [`SignedDataVerifier`](crate::SignedDataVerifier) before believing it.
///
/// ```no_run
/// use iap_apple::{AppStoreServerClient, Environment, InAppPurchaseKey};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let key = InAppPurchaseKey::new(
///     "ABCDE12345",
///     "57246542-96fe-1a63-e053-0824d011072a",
///     std::fs::read_to_string("SubscriptionKey_ABCDE12345.p8")?,
/// )?;
/// let client = AppStoreServerClient::builder(key, "com.example.app", Environment::Production).build()?;
/// let response = client.get_transaction_info("2000000000000001").await?;
/// println!("{:?}", response.signed_transaction_info);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AppStoreServerClient {
    inner: Arc<Inner>,
}

struct Inner {
    http: HttpClient,
    base_url: Url,
    environment: Environment,
    signer: BearerTokenSigner,
    tokens: TokenCache,
    clock: Arc<dyn Clock>,
}

impl AppStoreServerClient {
    /// Starts building a client for the app `bundle_id` in `environment`, which must be production
    /// or sandbox.
    pub fn builder(
        key: InAppPurchaseKey,
        bundle_id: impl Into<AppId>,
        environment: Environment,
    ) -> AppStoreServerClientBuilder {
        AppStoreServerClientBuilder::new(key, bundle_id.into(), environment)
    }

    /// The environment that is asked.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.inner.environment
    }

    /// Makes a request of your own: for endpoints that Apple adds tomorrow. Same token, same
    /// retries, same errors as every other method.
    ///
    /// ```no_run
    /// # use iap_apple::{ApiRequest, AppStoreServerClient, Error};
    /// # async fn example(client: &AppStoreServerClient) -> Result<(), Error> {
    /// let request = ApiRequest::get("get_news", ["inApps", "v1", "news", "2000000000000001"])
    ///     .query("since", "1700000000000");
    /// let answer: serde_json::Value = client.send(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ApiFailure`] for what each answer of Apple means;
    /// [`InvalidResponse`](iap_core::ErrorKind::InvalidResponse) if a good answer is not one JSON
    /// object, or no `T`.
    pub async fn send<T: DeserializeOwned>(&self, request: ApiRequest) -> Result<T, Error> {
        let endpoint = request.endpoint();
        let response = self.execute(request).await?;
        read_answer(response.body()).map_err(|cause| unreadable(endpoint, &response, cause))
    }

    /// Makes a request whose good answer says nothing: empty, or an object.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_without_answer(&self, request: ApiRequest) -> Result<(), Error> {
        let endpoint = request.endpoint();
        let response = self.execute(request).await?;
        read_empty_answer(response.body()).map_err(|cause| unreadable(endpoint, &response, cause))
    }

    /// Makes a request and returns the answer if it is a good one.
    ///
    /// A 401 may mean that our token has just expired by Apple's clock: with a token that is not
    /// fresh, the request is made once more with a new one.
    async fn execute(&self, request: ApiRequest) -> Result<HttpResponse, Error> {
        let inner = &*self.inner;
        let http = inner.http.until(inner.http.deadline());
        let (token, is_fresh) = self.token(&http).await?;
        let response = self.attempt(&http, &request, &token).await?;
        let response = if response.status() == http::StatusCode::UNAUTHORIZED && !is_fresh {
            inner.tokens.forget(&token);
            let (token, _) = self.token(&http).await?;
            self.attempt(&http, &request, &token).await?
        } else {
            response
        };
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.failure(&response).into())
    }

    async fn attempt(
        &self,
        http: &HttpClient,
        request: &ApiRequest,
        token: &Arc<Token>,
    ) -> Result<HttpResponse, Error> {
        let inner = &*self.inner;
        let call = Call::new(
            request.endpoint(),
            request.to_http(&inner.base_url, &token.secret)?,
            request.idempotency(),
        );
        http.execute(call, |response| self.outcome(response)).await
    }

    /// The token at hand, and whether it was signed for this very call.
    async fn token(&self, http: &HttpClient) -> Result<(Arc<Token>, bool), Error> {
        let inner = &*self.inner;
        let mut is_fresh = false;
        let renew = async {
            is_fresh = true;
            let token = inner.signer.sign(inner.clock.now())?;
            Ok(Token::new(token.text().clone(), token.expires_at()))
        };
        let token = inner
            .tokens
            .get(&*inner.clock, http.deadline(), renew)
            .await?;
        Ok((token, is_fresh))
    }

    /// Whether another attempt may change the answer.
    fn outcome(&self, response: &HttpResponse) -> Option<Outcome> {
        if response.status().is_success() {
            return None;
        }
        let failure = self.failure(response);
        let wait = failure.retry_after();
        Some(match failure.api_error() {
            Some(error) if error.is_rate_limit() => Outcome::rate_limited(wait),
            Some(error) if error.is_retryable() => Outcome::server_error(wait),
            _ if response.status() == http::StatusCode::TOO_MANY_REQUESTS => {
                Outcome::rate_limited(wait)
            }
            _ if response.status().is_server_error() => Outcome::server_error(wait),
            _ => Outcome::Final,
        })
    }

    fn failure(&self, response: &HttpResponse) -> ApiFailure {
        let now = self.inner.clock.now();
        ApiFailure::from_response(
            response.status().as_u16(),
            retry_after(response.headers(), RetryAfter::UnixMillis, now),
            response.body(),
        )
    }
}

impl fmt::Debug for AppStoreServerClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppStoreServerClient")
            .field("environment", &self.inner.environment)
            .field("signer", &self.inner.signer)
            .finish_non_exhaustive()
    }
}

fn unreadable(endpoint: &str, response: &HttpResponse, cause: UnreadableAnswer) -> Error {
    Error::invalid_response(format!("the answer of {endpoint} cannot be read"))
        .with_store(Store::AppStore)
        .with_http_status(response.status().as_u16())
        .with_source(cause)
}

#[cfg(test)]
pub(crate) mod tests;
