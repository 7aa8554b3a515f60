//! The one question a backend asks: is this proof a purchase, and what does the store vouch for?

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{AccountId, Error, ProductId, Proof, Purchase, Rejection, Store};

/// Verifies proofs of one store, or of several.
///
/// An implementation answers `Ok` only for what the store vouches for, [`ErrorKind::Rejected`] only
/// for a permanent verdict, and neither for an outage or a mistake in the set-up; see [`ErrorKind`].
///
/// Object safe: keep verifiers as `Arc<dyn Verifier>`. For tests of your own code, implement it on
/// a type that answers what the test needs.
///
/// ```
/// use async_trait::async_trait;
/// use iap_core::{Error, Proof, Purchase, Rejection, Store, Verifier};
///
/// #[derive(Debug)]
/// struct KnowsNothing;
///
/// #[async_trait]
/// impl Verifier for KnowsNothing {
///     fn stores(&self) -> &[Store] {
///         &[Store::AppStore]
///     }
///
///     async fn verify(&self, _proof: &Proof) -> Result<Purchase, Error> {
///         Err(Error::rejected(Rejection::NotFound, "no such purchase"))
///     }
/// }
///
/// let verifier: Box<dyn Verifier> = Box::new(KnowsNothing);
/// assert_eq!(verifier.stores(), [Store::AppStore]);
/// ```
///
/// [`ErrorKind`]: crate::ErrorKind
/// [`ErrorKind::Rejected`]: crate::ErrorKind::Rejected
#[async_trait]
pub trait Verifier: fmt::Debug + Send + Sync {
    /// The stores whose proofs this verifies.
    fn stores(&self) -> &[Store];

    /// Verifies `proof` and returns the purchase it proves.
    ///
    /// The purchase may be expired, refunded or pending: see [`Purchase::access_at`], and
    /// [`Purchase::access_to`] for one product of several.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](crate::ErrorKind) for the four kinds. A proof of another store or of a
    /// kind this verifier is not set up for is [`Misconfigured`](crate::ErrorKind::Misconfigured).
    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error>;
}

/// Checks that most callers add to [`Verifier::verify`]. Implemented for every verifier.
#[async_trait]
pub trait VerifierExt: Verifier {
    /// Verifies `proof` and that `product_id` was bought, alone or among others.
    ///
    /// Whether it gives access, ask with [`Purchase::access_to`] about the same product: of what was
    /// bought together, each has an end of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Verifier::verify`], and [`Rejection::WrongProduct`].
    async fn verify_product(
        &self,
        proof: &Proof,
        product_id: &ProductId,
    ) -> Result<Purchase, Error> {
        let purchase = self.verify(proof).await?;
        if purchase.includes(product_id) {
            return Ok(purchase);
        }
        Err(Error::rejected(
            Rejection::WrongProduct,
            format!(
                "expected product {product_id}, the store vouches for {}",
                purchase.product_id
            ),
        )
        .with_store(purchase.store))
    }

    /// Verifies `proof` and that it was bought for `account_id`.
    ///
    /// A purchase to which the app attached no account is rejected: it could be anybody's. For one
    /// that you have stored with its account, [`verify`](Verifier::verify) is enough.
    ///
    /// # Errors
    ///
    /// Those of [`Verifier::verify`], and [`Rejection::WrongAccount`].
    async fn verify_for_account(
        &self,
        proof: &Proof,
        account_id: &AccountId,
    ) -> Result<Purchase, Error> {
        let purchase = self.verify(proof).await?;
        match &purchase.account_id {
            Some(found) if found == account_id => Ok(purchase),
            found => Err(Error::rejected(
                Rejection::WrongAccount,
                match found {
                    Some(_) => "bought for another account",
                    None => "no account was attached to the purchase",
                },
            )
            .with_store(purchase.store)),
        }
    }
}

impl<V: Verifier + ?Sized> VerifierExt for V {}

#[async_trait]
impl<V: Verifier + ?Sized> Verifier for Arc<V> {
    fn stores(&self) -> &[Store] {
        (**self).stores()
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        (**self).verify(proof).await
    }
}
