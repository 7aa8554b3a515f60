//! What does Apple say about a purchase now? Asks, and verifies the answer like anything else.

use async_trait::async_trait;
use iap_core::{
    Error, OriginalTransactionId, Proof, Purchase, PurchaseKey, Rejection, Store, TransactionId,
    Verifier,
};

use super::unsupported;
use crate::{
    client::{AppStoreServerClient, ProductionThenSandbox},
    error::VerificationFailure,
    model::{LastTransactionsItem, ProductType, RenewalInfo, StatusResponse, Transaction},
    purchase::purchase,
    revocation::{OnlineVerifier, RevocationPolicy},
    signed_data::{SignedDataVerifier, Verified},
};

/// Verifies transaction ids and signed transactions by asking Apple for the present state.
///
/// The purchase is what Apple signs in its answer, verified with the [`SignedDataVerifier`] like
/// data from anybody; for a subscription, with the state of the latest period.
///
/// ```no_run
/// use iap_apple::{AppStoreServerClient, AppStoreVerifier, Error, SignedDataVerifier};
/// use iap_core::{Proof, Verifier};
///
/// # async fn example(client: AppStoreServerClient, offline: SignedDataVerifier) -> Result<(), Error> {
/// let verifier = AppStoreVerifier::new(client, offline);
/// let purchase = verifier.verify(&Proof::apple_transaction_id("2000000000000001")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AppStoreVerifier {
    source: Source,
    judge: Judge,
}

#[derive(Clone, Debug)]
enum Source {
    One(AppStoreServerClient),
    Both(ProductionThenSandbox),
}

/// Who verifies signed data.
#[derive(Clone, Debug)]
enum Judge {
    Offline(SignedDataVerifier),
    Online(OnlineVerifier, RevocationPolicy),
}

impl AppStoreVerifier {
    /// Asks in the environment of `client`.
    #[must_use]
    pub const fn new(client: AppStoreServerClient, verifier: SignedDataVerifier) -> Self {
        Self {
            source: Source::One(client),
            judge: Judge::Offline(verifier),
        }
    }

    /// Asks in production and, for ids that are not known there, in the sandbox.
    #[must_use]
    pub const fn production_then_sandbox(
        clients: ProductionThenSandbox,
        verifier: SignedDataVerifier,
    ) -> Self {
        Self {
            source: Source::Both(clients),
            judge: Judge::Offline(verifier),
        }
    }

    /// Also asks whether the certificates have been revoked, of what an app sends and of what Apple
    /// answers: `verifier` takes the place of the one given before.
    ///
    /// ```no_run
    /// # use iap_apple::{AppStoreServerClient, AppStoreVerifier, OnlineVerifier, SignedDataVerifier};
    /// use iap_apple::RevocationPolicy;
    ///
    /// # fn example(client: AppStoreServerClient, online: OnlineVerifier) {
    /// let offline = online.offline().clone();
    /// let verifier =
    ///     AppStoreVerifier::new(client, offline).check_revocation(online, RevocationPolicy::Soft);
    /// # }
    /// ```
    #[must_use]
    pub fn check_revocation(mut self, verifier: OnlineVerifier, policy: RevocationPolicy) -> Self {
        self.judge = Judge::Online(verifier, policy);
        self
    }

    /// The present state of a transaction and, for a subscription, of its latest period.
    ///
    /// 1. Apple knows the transaction.
    /// 2. What it answers verifies: signature, app, and the environment that was asked.
    /// 3. It is about the transaction that was asked for.
    /// 4. For an auto-renewable subscription, the latest transaction and renewal info of the same
    ///    original transaction id verify too.
    async fn look_up(&self, id: &TransactionId) -> Result<Purchase, Error> {
        // 1
        let (client, signed) = self.fetch(id).await?;
        // 2
        let transaction = self.verify_answer(client, signed.as_deref()).await?;
        // 3
        let is_asked_for = transaction.transaction_id.as_ref() == Some(id)
            || transaction
                .original_transaction_id
                .as_ref()
                .map(AsRef::as_ref)
                == Some(id.as_str());
        if !is_asked_for {
            return Err(unreadable("Apple answered with another transaction"));
        }
        let purchase = transaction.to_purchase(None).map_err(in_answer)?;
        if transaction.product_type != Some(ProductType::AutoRenewableSubscription) {
            return Ok(purchase);
        }
        // 4
        let PurchaseKey::AppleOriginalTransactionId(key) = &purchase.key else {
            return Ok(purchase);
        };
        let statuses = client
            .get_all_subscription_statuses(key.as_str(), &[])
            .await?;
        match latest(&statuses, key) {
            Some(item) => self.latest_period(client, item, key).await,
            None => Ok(purchase),
        }
    }

    /// The client that knows the transaction, and what it answered.
    async fn fetch(
        &self,
        id: &TransactionId,
    ) -> Result<(&AppStoreServerClient, Option<String>), Error> {
        match &self.source {
            Source::One(client) => {
                let response = client.get_transaction_info(id.clone()).await?;
                Ok((client, response.signed_transaction_info))
            }
            Source::Both(clients) => {
                let call = |client: AppStoreServerClient| {
                    let id = id.clone();
                    async move { client.get_transaction_info(id).await }
                };
                let (environment, response) = clients.look_up(call).await?;
                Ok((
                    clients.client(environment),
                    response.signed_transaction_info,
                ))
            }
        }
    }

    async fn latest_period(
        &self,
        client: &AppStoreServerClient,
        item: &LastTransactionsItem,
        key: &OriginalTransactionId,
    ) -> Result<Purchase, Error> {
        let signed = item.signed_transaction_info.as_deref();
        let transaction = self.verify_answer(client, signed).await?;
        if transaction.original_transaction_id.as_ref() != Some(key) {
            return Err(unreadable("Apple answered with another subscription"));
        }
        let renewal_info = match item.signed_renewal_info.as_deref() {
            Some(jws) => Some(self.judge.renewal_info(jws).await.map_err(in_answer)?),
            None => None,
        };
        purchase(&transaction, renewal_info.as_ref(), item.status).map_err(in_answer)
    }

    async fn verify_answer(
        &self,
        client: &AppStoreServerClient,
        signed: Option<&str>,
    ) -> Result<Verified<Transaction>, Error> {
        let signed = signed.ok_or_else(|| unreadable("Apple's answer holds no transaction"))?;
        let transaction = self.judge.transaction(signed).await.map_err(in_answer)?;
        if transaction.environment() != client.environment() {
            return Err(unreadable(
                "Apple answered with data of another environment",
            ));
        }
        Ok(transaction)
    }
}

impl Judge {
    async fn transaction(&self, jws: &str) -> Result<Verified<Transaction>, Error> {
        match self {
            Self::Offline(verifier) => Ok(verifier.verify_transaction(jws)?),
            Self::Online(verifier, policy) => verifier.verify_transaction(jws, *policy).await,
        }
    }

    async fn renewal_info(&self, jws: &str) -> Result<Verified<RenewalInfo>, Error> {
        match self {
            Self::Offline(verifier) => Ok(verifier.verify_renewal_info(jws)?),
            Self::Online(verifier, policy) => verifier.verify_renewal_info(jws, *policy).await,
        }
    }
}

#[async_trait]
impl Verifier for AppStoreVerifier {
    fn stores(&self) -> &[Store] {
        &[Store::AppStore]
    }

    /// A signed transaction is verified first, so that a forgery costs no call.
    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        match proof {
            Proof::AppleTransactionId(id) => self.look_up(id).await,
            Proof::AppleSignedTransaction(jws) => {
                let transaction = self.judge.transaction(jws.as_str()).await?;
                let id = transaction.transaction_id.as_ref().ok_or(
                    VerificationFailure::MissingMember {
                        member: "transactionId",
                    },
                )?;
                let purchase = self.look_up(id).await?;
                if purchase.environment != transaction.environment() {
                    return Err(Error::rejected(
                        Rejection::Inconsistent,
                        "signed in one environment, known in another",
                    )
                    .with_store(Store::AppStore));
                }
                Ok(purchase)
            }
            other => Err(unsupported(
                other,
                "transaction ids and signed transactions",
            )),
        }
    }
}

/// The entry of a subscription in Apple's answer about all of a customer's.
fn latest<'a>(
    statuses: &'a StatusResponse,
    key: &OriginalTransactionId,
) -> Option<&'a LastTransactionsItem> {
    let mut items = statuses
        .data
        .iter()
        .flat_map(|group| &group.last_transactions);
    items.find(|item| item.original_transaction_id.as_ref() == Some(key))
}

/// Data in Apple's own answer that does not verify is no verdict about the customer: our set-up is
/// wrong (another app or environment than the verifier accepts), or the answer is. Where there was no
/// verdict, there is none.
fn in_answer(error: impl Into<Error>) -> Error {
    let cause = error.into();
    let error = match cause.rejection() {
        None => return cause,
        Some(Rejection::WrongApp | Rejection::WrongEnvironment) => Error::misconfigured(
            "the verifier does not accept what the client asks for: same app, same environments?",
        ),
        Some(_) => Error::invalid_response("the signed data in Apple's answer does not verify"),
    };
    error.with_store(Store::AppStore).with_source(cause)
}

fn unreadable(message: &'static str) -> Error {
    Error::invalid_response(message).with_store(Store::AppStore)
}

#[cfg(test)]
mod tests;
