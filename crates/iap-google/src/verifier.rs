//! Google Play's answer to the one question a backend asks: is this proof a purchase?

use core::{fmt, time::Duration};

use async_trait::async_trait;
use iap_core::{
    AppId, Error, Proof, Purchase, PurchaseToken, Rejection, Store, Timestamp, Verifier, shorten,
};

use crate::client::PlayClient;

/// Verifies purchase tokens by asking Google for the present state.
///
/// A token is looked up as what the app says it is and, if Google does not know it as that, as the
/// other: the [`kind`](Purchase::kind) of the purchase says which it was. Products, quantity, account
/// and dates all come from Google.
///
/// Google may not know a purchase in its first half minute. Pass on when the app says it was made,
/// with [`Proof::with_purchase_time`]: then the answer is "could not tell" instead of "no".
///
/// ```no_run
/// use iap_core::{Proof, Verifier, VerifierExt};
/// use iap_google::{Error, GooglePlayVerifier, PlayClient};
///
/// # async fn example(client: PlayClient, token: &str) -> Result<(), Error> {
/// let verifier = GooglePlayVerifier::new(client);
/// let proof = Proof::google_subscription("com.example.app", token);
/// let purchase = verifier.verify_product(&proof, &"pro.monthly".into()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct GooglePlayVerifier {
    clients: Vec<PlayClient>,
}

#[derive(Clone, Copy)]
enum Claim {
    Product,
    Subscription,
}

impl GooglePlayVerifier {
    /// Verifies purchases of the app of `client`.
    #[must_use]
    pub fn new(client: PlayClient) -> Self {
        Self {
            clients: vec![client],
        }
    }

    /// Verifies purchases of another app, too.
    #[must_use]
    pub fn and(mut self, client: PlayClient) -> Self {
        self.clients.push(client);
        self
    }

    /// The purchase of a token.
    ///
    /// 1. The app is one that this verifier was set up for. Another one is our mistake or a stranger's,
    ///    and either way no verdict.
    /// 2. Google knows the token as what it is said to be, or,
    /// 3. if it does not know it or finds it malformed, as the other.
    /// 4. If it knows it as neither, that is a verdict, unless it was made moments ago.
    async fn look_up(
        &self,
        app_id: &AppId,
        claim: Claim,
        token: &PurchaseToken,
        purchase_time: Option<Timestamp>,
    ) -> Result<Purchase, Error> {
        // 1
        let client = self
            .clients
            .iter()
            .find(|client| client.package_name() == app_id)
            .ok_or_else(|| {
                let app_id = shorten(app_id);
                Error::misconfigured(format!("no client is set up for app {app_id:?}"))
                    .with_store(Store::GooglePlay)
            })?;
        // 2
        let first = match ask(client, claim, token).await {
            Err(error) if is_unknown(&error) => error,
            answer => return answer,
        };
        // 3
        let other = match claim {
            Claim::Product => Claim::Subscription,
            Claim::Subscription => Claim::Product,
        };
        let second = match ask(client, other, token).await {
            Err(error) if is_unknown(&error) => error,
            answer => return answer,
        };
        // 4
        let is_not_found = |error: &Error| error.rejection() == Some(Rejection::NotFound);
        let verdict = if is_not_found(&second) { second } else { first };
        if is_not_found(&verdict) && purchase_time.is_some_and(|time| is_young(client, time)) {
            return Err(Error::unavailable(
                "Google does not know the purchase, which may be too young for that",
            )
            .with_store(Store::GooglePlay)
            .with_retry_after(TIME_TO_BE_KNOWN)
            .with_source(verdict));
        }
        Err(verdict)
    }
}

async fn ask(client: &PlayClient, claim: Claim, token: &PurchaseToken) -> Result<Purchase, Error> {
    let lookup = match claim {
        Claim::Product => client.product_purchase(token.clone()).await?,
        Claim::Subscription => client.subscription_purchase(token.clone()).await?,
    };
    lookup.found_or_rejected()
}

/// Whether Google may know the token as something else.
fn is_unknown(error: &Error) -> bool {
    matches!(
        error.rejection(),
        Some(Rejection::Malformed | Rejection::NotFound)
    )
}

/// Clocks differ, so a moment in the near future is young as well.
fn is_young(client: &PlayClient, purchase_time: Timestamp) -> bool {
    let now = client.now();
    now.saturating_duration_since(purchase_time) < YOUNG
        && purchase_time.saturating_duration_since(now) < YOUNG
}

#[async_trait]
impl Verifier for GooglePlayVerifier {
    fn stores(&self) -> &[Store] {
        &[Store::GooglePlay]
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        match proof {
            Proof::GoogleProduct {
                app_id,
                purchase_token,
                purchase_time,
                ..
            } => {
                let claim = Claim::Product;
                self.look_up(app_id, claim, purchase_token, *purchase_time)
                    .await
            }
            Proof::GoogleSubscription {
                app_id,
                purchase_token,
                purchase_time,
                ..
            } => {
                let claim = Claim::Subscription;
                self.look_up(app_id, claim, purchase_token, *purchase_time)
                    .await
            }
            other => Err(Error::misconfigured(format!(
                "this verifier of Google Play takes tokens of products and subscriptions, not {}",
                other.kind()
            ))
            .with_store(Store::GooglePlay)),
        }
    }
}

impl fmt::Debug for GooglePlayVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let apps = self.clients.iter().map(PlayClient::package_name);
        f.debug_tuple("GooglePlayVerifier")
            .field(&apps.collect::<Vec<_>>())
            .finish()
    }
}

/// Google has been seen not to know a purchase for half a minute; two for clocks that differ.
const YOUNG: Duration = Duration::from_secs(2 * 60);

/// How long to wait before asking about a young purchase again.
const TIME_TO_BE_KNOWN: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
