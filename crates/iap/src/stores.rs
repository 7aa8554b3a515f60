//! All stores that a backend sells in, behind one verifier.

use core::num::NonZeroUsize;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt as _};
use iap_core::{Error, Proof, Purchase, Store, Verifier};

/// One [`Verifier`] for all stores: each proof goes to the verifier of its store.
///
/// Cheap to clone. A proof of a store without a verifier is
/// [`Misconfigured`](iap_core::ErrorKind::Misconfigured), never a verdict.
///
#[cfg_attr(
    all(feature = "amazon", feature = "client", feature = "google"),
    doc = "```no_run"
)]
#[cfg_attr(
    not(all(feature = "amazon", feature = "client", feature = "google")),
    doc = "```ignore"
)]
/// use iap::amazon::{AmazonClient, AmazonVerifier};
/// use iap::google::{GooglePlayVerifier, PlayClient, ServiceAccountKey};
/// use iap::{Error, Proof, Stores, Verifier};
///
/// # async fn example(key_file: &str, secret: &str, proof: Proof) -> Result<(), Error> {
/// let key = ServiceAccountKey::from_json(key_file)?;
/// let stores = Stores::builder()
///     .with(GooglePlayVerifier::new(PlayClient::builder("com.example.app", key).build()?))
///     .with(AmazonVerifier::new(AmazonClient::production(secret).build()?))
///     .build()?;
///
/// let purchase = stores.verify(&proof).await?; // of whichever store
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Stores {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    stores: Vec<Store>,
    /// That of each of `stores`, in the same order.
    verifiers: Vec<Arc<dyn Verifier>>,
    concurrency: NonZeroUsize,
}

impl Stores {
    /// Starts with no store.
    pub fn builder() -> StoresBuilder {
        StoresBuilder {
            verifiers: Vec::new(),
            concurrency: CONCURRENCY,
        }
    }

    /// The verifier of a store, if one is set up.
    #[must_use]
    pub fn verifier(&self, store: Store) -> Option<&Arc<dyn Verifier>> {
        let position = self.inner.stores.iter().position(|it| *it == store)?;
        self.inner.verifiers.get(position)
    }

    /// Verifies many proofs at once, as when a customer restores their purchases: the answer to each,
    /// in the order of `proofs`.
    ///
    /// So many are under way [at a time](StoresBuilder::concurrency), and one that fails does not
    /// touch the others. There is no limit to how many proofs are taken, nor to the time: while a
    /// store does not answer, each of them takes until its deadline. Cap what an app may send, and
    /// let it wait no longer than it does.
    ///
    /// A failure that is no verdict says nothing about access. Take nothing away for it, but ask
    /// again, or go by what is stored.
    ///
    /// ```
    /// use iap::{AccessPolicy, Catalog, Entitlements, Error, Proof, Stores, Timestamp};
    ///
    /// /// What a customer is entitled to, or why that is not known now.
    /// async fn restore(stores: &Stores, proofs: &[Proof], now: Timestamp) -> Result<Entitlements, Error> {
    ///     let mut purchases = Vec::new();
    ///     for answer in stores.verify_all(proofs).await {
    ///         match answer {
    ///             Ok(purchase) => purchases.push(purchase),
    ///             Err(error) if error.rejection().is_some() => {} // a verdict: no such purchase
    ///             Err(error) => return Err(error),
    ///         }
    ///     }
    ///     let catalog = Catalog::new().with("premium", ["pro.monthly", "pro.lifetime"]);
    ///     Ok(catalog.entitlements(&purchases, now, &AccessPolicy::new()))
    /// }
    /// ```
    pub async fn verify_all(&self, proofs: &[Proof]) -> Vec<Result<Purchase, Error>> {
        // As they come, so that a slow one holds up no other, and then in their order.
        let calls: Vec<_> = proofs
            .iter()
            .enumerate()
            .map(async |(number, proof)| (number, self.verify(proof).await))
            .collect();
        let mut answers: Vec<_> = stream::iter(calls)
            .buffer_unordered(self.inner.concurrency.get())
            .collect()
            .await;
        answers.sort_unstable_by_key(|(number, _)| *number);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }
}

#[async_trait]
impl Verifier for Stores {
    fn stores(&self) -> &[Store] {
        &self.inner.stores
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        let store = proof.store();
        match self.verifier(store) {
            Some(verifier) => verifier.verify(proof).await,
            None => Err(Error::misconfigured(format!(
                "no verifier is set up for it: add one with Stores::builder().with(…) to verify a \
                 proof of kind {}",
                proof.kind()
            ))
            .with_store(store)),
        }
    }
}

/// Builds [`Stores`]: one verifier for each store.
#[derive(Clone, Debug)]
#[must_use]
pub struct StoresBuilder {
    verifiers: Vec<Arc<dyn Verifier>>,
    concurrency: NonZeroUsize,
}

impl StoresBuilder {
    /// Sends proofs of the stores of `verifier` to it.
    pub fn with(mut self, verifier: impl Verifier + 'static) -> Self {
        self.verifiers.push(Arc::new(verifier));
        self
    }

    /// How many proofs [`Stores::verify_all`] has under way at a time (8 by default).
    pub const fn concurrency(mut self, concurrency: NonZeroUsize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// The stores.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if there is no verifier, or a store has
    /// two: which of them should answer? Several apps of a store are one verifier's.
    pub fn build(self) -> Result<Stores, Error> {
        let mut inner = Inner {
            stores: Vec::new(),
            verifiers: Vec::new(),
            concurrency: self.concurrency,
        };
        for verifier in self.verifiers {
            for store in verifier.stores() {
                if inner.stores.contains(store) {
                    return Err(Error::misconfigured(
                        "it has two verifiers: set up all apps of a store in one",
                    )
                    .with_store(*store));
                }
                inner.stores.push(*store);
                inner.verifiers.push(Arc::clone(&verifier));
            }
        }
        if inner.stores.is_empty() {
            return Err(Error::misconfigured(
                "no store is set up: add a verifier with Stores::builder().with(…)",
            ));
        }
        Ok(Stores {
            inner: Arc::new(inner),
        })
    }
}

/// Quick for a customer with many purchases, and few enough for the quota of every store.
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(8).unwrap();

#[cfg(test)]
mod tests;
