//! Asks Google: the Google Play Developer API, one method per call, grouped by resource.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest>

mod builder;
mod external_transactions;
mod inappproducts;
mod lookup;
mod monetization;
mod offers;
mod orders;
mod pages;
mod products;
mod purchases;
mod request;
mod resource;
mod subscriptions;
mod subscriptionsv2;
#[cfg(test)]
pub(crate) mod tests;
mod voided_purchases;

use core::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};
use std::sync::Arc;

use http::StatusCode;
use iap_core::{
    AppId, Clock, Error, Store, Timestamp, UnreadableAnswer,
    http::{Call, HttpClient, HttpResponse, Outcome, RetryAfter, Token, TokenCache, retry_after},
    read_answer, read_empty_answer,
};
use serde::de::DeserializeOwned;
use url::Url;

pub use self::{
    builder::PlayClientBuilder,
    external_transactions::ExternalTransactionsResource,
    inappproducts::InAppProductsResource,
    lookup::Lookup,
    monetization::{CatalogSubscriptionsResource, MonetizationResource, OneTimeProductsResource},
    offers::{OneTimeProductOffersResource, SubscriptionOffersResource},
    orders::{OrdersResource, Revoke},
    pages::{
        InAppProductsPages, OneTimeProductOffersPages, OneTimeProductsPages,
        SubscriptionOffersPages, SubscriptionsPages, VoidedPurchasesPages,
    },
    products::{ProductsResource, Productsv2Resource},
    purchases::Confirmation,
    request::ApiRequest,
    subscriptions::SubscriptionsResource,
    subscriptionsv2::Subscriptionsv2Resource,
    voided_purchases::VoidedPurchasesResource,
};
use crate::{
    api_error::{ApiErrorReason, ApiFailure, FailureClass, Subject},
    credentials::TokenSource,
};

/// A client of the Google Play Developer API for one app.
///
/// Cheap to clone, `Send` and `Sync`: build one at start and share it; see
/// [`with_package_name`](Self::with_package_name) for another app. Nothing is sent before the first
/// call. What may be repeated is repeated after failures, within one deadline.
///
/// Methods have Google's names, by resource: `purchases.subscriptionsv2.get` is
/// `client.subscriptionsv2().get(token)`.
///
/// ```no_run
/// use iap_google::{Lookup, PlayClient, ServiceAccountKey};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let key = ServiceAccountKey::from_json(std::fs::read("play.json")?)?;
/// let client = PlayClient::builder("com.example.app", key).build()?;
/// match client.subscriptionsv2().get("the token that an app sent").await? {
///     Lookup::Found(subscription) => println!("{:?}", subscription.subscription_state),
///     Lookup::Gone(_) => println!("end what is left of it"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PlayClient {
    package_name: AppId,
    shared: Arc<Shared>,
}

struct Shared {
    http: HttpClient,
    base_url: Url,
    source: Arc<dyn TokenSource>,
    tokens: TokenCache,
    clock: Arc<dyn Clock>,
}

impl PlayClient {
    /// Starts building a client for the app `package_name`.
    pub fn builder(
        package_name: impl Into<AppId>,
        credentials: impl TokenSource + 'static,
    ) -> PlayClientBuilder {
        PlayClientBuilder::new(package_name.into(), Arc::new(credentials))
    }

    /// A client for another app of the same developer account, with the same connections and access
    /// token.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if it is no package name.
    pub fn with_package_name(&self, package_name: impl Into<AppId>) -> Result<Self, Error> {
        Ok(Self {
            package_name: builder::check_package_name(package_name.into())?,
            shared: Arc::clone(&self.shared),
        })
    }

    /// The app.
    #[must_use]
    pub const fn package_name(&self) -> &AppId {
        &self.package_name
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Makes a request of your own: for methods that Google adds tomorrow. Same token, same retries,
    /// same errors as every other method.
    ///
    /// ```no_run
    /// # use iap_google::{ApiRequest, Error, PlayClient};
    /// # async fn example(client: &PlayClient) -> Result<(), Error> {
    /// // GET …/applications/{packageName}/reviews/{reviewId}?translationLanguage=en
    /// let request = ApiRequest::get("reviews.get", ["reviews", "gp:AOqpTOF"])
    ///     .query("translationLanguage", "en");
    /// let answer: serde_json::Value = client.send(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ApiFailure`] for what each answer of Google means;
    /// [`InvalidResponse`](iap_core::ErrorKind::InvalidResponse) if a good answer is not one JSON
    /// object, or no `T`.
    pub async fn send<T: DeserializeOwned>(&self, request: ApiRequest) -> Result<T, Error> {
        let endpoint = request.endpoint();
        let response = self.execute(request).await?;
        read_answer(response.body()).map_err(|cause| unreadable(endpoint, &response, &cause))
    }

    /// Makes a request whose good answer says nothing: Google sends nothing or an empty object, now
    /// and then either.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_without_answer(&self, request: ApiRequest) -> Result<(), Error> {
        let endpoint = request.endpoint();
        let response = self.execute(request).await?;
        read_empty_answer(response.body()).map_err(|cause| unreadable(endpoint, &response, &cause))
    }

    /// Makes a request and returns the answer if it is a good one.
    ///
    /// A 401 may mean that our token has just expired or been revoked: with a token that is not
    /// fresh, the request is made once more with a new one.
    async fn execute(&self, request: ApiRequest) -> Result<HttpResponse, Error> {
        let http = self.shared.http.until(self.shared.http.deadline());
        let (token, is_fresh) = self.token(&http).await?;
        let response = self.attempt(&http, &request, &token).await?;
        let response = if response.status() == StatusCode::UNAUTHORIZED
            && self.failure(&request, &response).class() == FailureClass::Auth
            && !is_fresh
        {
            self.shared.tokens.forget(&token);
            let (token, _) = self.token(&http).await?;
            self.attempt(&http, &request, &token).await?
        } else {
            response
        };
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.failure(&request, &response).into())
    }

    async fn attempt(
        &self,
        http: &HttpClient,
        request: &ApiRequest,
        token: &Arc<Token>,
    ) -> Result<HttpResponse, Error> {
        let call = Call::new(
            request.endpoint(),
            request.to_http(&self.shared.base_url, &self.package_name, &token.secret)?,
            request.idempotency(),
        );
        let not_found = AtomicU32::new(0);
        http.execute(call, |response| self.outcome(request, &not_found, response))
            .await
    }

    /// The token at hand, and whether it was fetched for this very call.
    async fn token(&self, http: &HttpClient) -> Result<(Arc<Token>, bool), Error> {
        let shared = &*self.shared;
        let mut is_fresh = false;
        let renew = async {
            let token = shared.source.fetch(http, &*shared.clock).await?;
            is_fresh = true;
            Ok(token)
        };
        let token = shared
            .tokens
            .get(&*shared.clock, http.deadline(), renew)
            .await;
        let token = token.map_err(|error| error.with_store(Store::GooglePlay))?;
        Ok((token, is_fresh))
    }

    /// Whether another attempt may change the answer.
    fn outcome(
        &self,
        request: &ApiRequest,
        not_found: &AtomicU32,
        response: &HttpResponse,
    ) -> Option<Outcome> {
        if response.status().is_success() {
            return None;
        }
        let failure = self.failure(request, response);
        let wait = failure.retry_after();
        Some(match failure.class() {
            FailureClass::Quota
                if failure.reason() == Some(&ApiErrorReason::DailyLimitExceeded) =>
            {
                Outcome::Final
            }
            FailureClass::Quota => Outcome::rate_limited(wait),
            // Refused before it had an effect, as with a limit.
            FailureClass::Retry if response.status() == StatusCode::CONFLICT => {
                Outcome::rate_limited(wait)
            }
            FailureClass::Retry => Outcome::server_error(wait),
            // A purchase made moments ago is not known for some hundred milliseconds.
            FailureClass::NotFound
                if request.subject() == Subject::Token
                    && not_found.fetch_add(1, Ordering::Relaxed) < RETRIES_WHEN_NOT_FOUND =>
            {
                Outcome::server_error(None)
            }
            _ => Outcome::Final,
        })
    }

    fn failure(&self, request: &ApiRequest, response: &HttpResponse) -> ApiFailure {
        let now = self.shared.clock.now();
        ApiFailure::from_response(
            response.status().as_u16(),
            retry_after(response.headers(), RetryAfter::Seconds, now),
            response.body(),
            request.subject(),
        )
    }
}

impl fmt::Debug for PlayClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlayClient")
            .field("package_name", &self.package_name)
            .field("source", &self.shared.source)
            .finish_non_exhaustive()
    }
}

/// Without the cause, which may repeat what could not be read.
fn unreadable(endpoint: &str, response: &HttpResponse, cause: &UnreadableAnswer) -> Error {
    Error::invalid_response(format!(
        "the answer of {endpoint} cannot be read at {}",
        cause.path()
    ))
    .with_store(Store::GooglePlay)
    .with_http_status(response.status().as_u16())
}

/// Together with the first try less than a second by default, and cheap where a token is made up.
const RETRIES_WHEN_NOT_FOUND: u32 = 2;
