//! Google Play's answer to the one question a backend asks: is this proof a purchase?

mod current;

use core::{fmt, time::Duration};

use async_trait::async_trait;
use iap_core::{
    AppId, Error, Proof, Purchase, PurchaseToken, Rejection, Store, Timestamp, Verifier, shorten,
};

pub use self::current::CurrentPurchase;
use crate::client::{Lookup, PlayClient};

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

    /// The client of an app, if it is set up: to acknowledge a purchase that was verified.
    #[must_use]
    pub fn client(&self, app_id: &AppId) -> Option<&PlayClient> {
        let mut clients = self.clients.iter();
        clients.find(|client| client.package_name() == app_id)
    }

    /// The purchase that a proof names.
    ///
    /// 1. The app is one that this verifier was set up for. Another one is our mistake or a stranger's,
    ///    and either way no verdict.
    /// 2. Google knows the token as what it is said to be, or,
    /// 3. if it does not know it or finds it malformed, as the other.
    /// 4. If it knows it as neither, that is a verdict, unless it was made moments ago.
    async fn verify_token(
        &self,
        app_id: &AppId,
        claim: Claim,
        token: &PurchaseToken,
        purchase_time: Option<Timestamp>,
    ) -> Result<Purchase, Error> {
        let client = self.client_of(app_id)?; // 1
        let claims = (claim, Some(claim.other()));
        let lookup = look_up(client, token, claims, purchase_time).await?; // 2, 3, 4
        lookup.found_or_rejected()
    }

    fn client_of(&self, app_id: &AppId) -> Result<&PlayClient, Error> {
        self.client(app_id).ok_or_else(|| {
            misconfigured(format!("no client is set up for app {:?}", shorten(app_id)))
        })
    }
}

impl Claim {
    const fn other(self) -> Self {
        match self {
            Self::Product => Self::Subscription,
            Self::Subscription => Self::Product,
        }
    }
}

/// The purchase of a token, which is the first of `claims` or else the second.
///
/// That Google knows it as neither is a verdict, unless it was made or changed at `time`, moments ago.
async fn look_up(
    client: &PlayClient,
    token: &PurchaseToken,
    claims: (Claim, Option<Claim>),
    time: Option<Timestamp>,
) -> Result<Lookup<Purchase>, Error> {
    let (first, second) = claims;
    let mut verdict = match ask(client, first, token).await {
        Err(error) if is_unknown(&error) => error,
        answer => return answer,
    };
    if let Some(second) = second {
        match ask(client, second, token).await {
            Err(error) if is_not_found(&error) => verdict = error,
            Err(error) if is_unknown(&error) => {}
            answer => return answer,
        }
    }
    if is_not_found(&verdict) && time.is_some_and(|time| is_young(client, time)) {
        return Err(Error::unavailable(
            "Google does not know the purchase, which may be too young for that",
        )
        .with_store(Store::GooglePlay)
        .with_retry_after(TIME_TO_BE_KNOWN)
        .with_source(verdict));
    }
    Err(verdict)
}

async fn ask(
    client: &PlayClient,
    claim: Claim,
    token: &PurchaseToken,
) -> Result<Lookup<Purchase>, Error> {
    match claim {
        Claim::Product => client.product_purchase(token.clone()).await,
        Claim::Subscription => client.subscription_purchase(token.clone()).await,
    }
}

/// Whether Google may know the token as something else.
fn is_unknown(error: &Error) -> bool {
    matches!(
        error.rejection(),
        Some(Rejection::Malformed | Rejection::NotFound)
    )
}

fn is_not_found(error: &Error) -> bool {
    error.rejection() == Some(Rejection::NotFound)
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
                self.verify_token(app_id, claim, purchase_token, *purchase_time)
                    .await
            }
            Proof::GoogleSubscription {
                app_id,
                purchase_token,
                purchase_time,
                ..
            } => {
                let claim = Claim::Subscription;
                self.verify_token(app_id, claim, purchase_token, *purchase_time)
                    .await
            }
            other => Err(misconfigured(format!(
                "this verifier of Google Play takes tokens of products and subscriptions, not {}",
                other.kind()
            ))),
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

fn misconfigured(message: String) -> Error {
    Error::misconfigured(message).with_store(Store::GooglePlay)
}

/// Google has been seen not to know a purchase for half a minute; two for clocks that differ.
const YOUNG: Duration = Duration::from_secs(2 * 60);

/// How long to wait before asking about a young purchase again.
const TIME_TO_BE_KNOWN: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
