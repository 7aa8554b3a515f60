//! Amazon's answer to the one question a backend asks: is this proof a purchase?

use async_trait::async_trait;
#[cfg(feature = "billing-compatibility")]
use iap_core::{AppId, ProductKind, PurchaseToken};
use iap_core::{Error, Proof, Purchase, PurchaseKey, Rejection, Store, Verifier};

use crate::client::AmazonClient;

/// Verifies receipts, and tokens of Billing Compatibility, by asking Amazon.
///
/// A receipt names no app, and the shared secret is one for all apps of an account: compare the
/// product, with [`VerifierExt::verify_product`](iap_core::VerifierExt::verify_product) or, where terms
/// matter, [`ExpectedProduct`](crate::ExpectedProduct).
///
/// ```no_run
/// use iap_amazon::{AmazonClient, AmazonVerifier, Error};
/// use iap_core::{Proof, VerifierExt};
///
/// # async fn example(shared_secret: String, receipt_id: &str, user_id: &str) -> Result<(), Error> {
/// let verifier = AmazonVerifier::new(AmazonClient::production(shared_secret).build()?);
/// let proof = Proof::amazon_receipt(receipt_id, user_id);
/// let purchase = verifier.verify_product(&proof, &"gold".into()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AmazonVerifier {
    client: AmazonClient,
    #[cfg(feature = "billing-compatibility")]
    package_name: Option<AppId>,
}

impl AmazonVerifier {
    /// Asks in the environment of `client`.
    #[must_use]
    pub const fn new(client: AmazonClient) -> Self {
        Self {
            client,
            #[cfg(feature = "billing-compatibility")]
            package_name: None,
        }
    }

    /// Verifies purchases of the app `package_name` that were made through the Billing Compatibility
    /// SDK, too. Proofs that name another app are rejected.
    #[cfg(feature = "billing-compatibility")]
    #[must_use]
    pub fn with_billing_compatibility(mut self, package_name: impl Into<AppId>) -> Self {
        self.package_name = Some(package_name.into());
        self
    }

    /// Asks again about a purchase that was verified and stored, for example when
    /// [`Purchase::next_check_at`] says so or a notification came, and returns what to store.
    ///
    /// That Amazon no longer vouches for it is an answer here, not an error: the purchase comes back
    /// [ended](Purchase::no_longer_valid).
    ///
    /// # Errors
    ///
    /// As [`verify`](Verifier::verify); [`Misconfigured`](iap_core::ErrorKind::Misconfigured) for a
    /// purchase of another store or environment. Keep what is stored, unless it is a verdict.
    ///
    /// ```no_run
    /// # use iap_amazon::{AmazonVerifier, Error};
    /// # use iap_core::{AccessPolicy, Purchase};
    /// # async fn example(verifier: &AmazonVerifier, stored: Purchase) -> Result<(), Error> {
    /// let purchase = verifier.refresh(&stored).await?;
    /// if purchase.supersedes(&stored) {
    ///     // Store it, and when to ask next:
    ///     let next = purchase.next_check_at(purchase.as_of, &AccessPolicy::new());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn refresh(&self, stored: &Purchase) -> Result<Purchase, Error> {
        if stored.store != Store::AmazonAppstore || stored.environment != self.client.environment()
        {
            return Err(misconfigured(format!(
                "this verifier asks Amazon's {}, the purchase is of {} {}",
                self.client.environment(),
                stored.store,
                stored.environment
            )));
        }
        match self.verify(&self.proof_of(stored)?).await {
            Ok(mut purchase) => {
                // Amazon tells what it replaces once, in a notification, and no account at all.
                purchase.keep_from(stored);
                Ok(purchase)
            }
            Err(error) if error.rejection() == Some(Rejection::NoLongerValid) => {
                Ok(stored.no_longer_valid(self.client.now()))
            }
            Err(error) => Err(error),
        }
    }

    /// The proof by which the purchase can be verified again.
    fn proof_of(&self, stored: &Purchase) -> Result<Proof, Error> {
        let PurchaseKey::AmazonReceiptId(receipt_id) = &stored.key else {
            return Err(misconfigured(
                "the key of the purchase is not one of Amazon's".to_owned(),
            ));
        };
        if let Some(user_id) = &stored.user_id {
            return Ok(Proof::amazon_receipt(receipt_id.clone(), user_id.clone()));
        }
        #[cfg(feature = "billing-compatibility")]
        if let Some(package_name) = &self.package_name {
            let token = PurchaseToken::new(receipt_id.as_str());
            return Ok(match stored.kind {
                ProductKind::AutoRenewableSubscription => {
                    Proof::amazon_billing_subscription(package_name.clone(), token)
                }
                _ => Proof::amazon_billing_product(
                    package_name.clone(),
                    stored.product_id.clone(),
                    token,
                ),
            });
        }
        Err(misconfigured(
            "the purchase has no user id, without which Amazon does not tell about a receipt; for \
             one of Billing Compatibility, name the app to the verifier"
                .to_owned(),
        ))
    }

    /// Whether the app that a proof names is the one that this verifier serves.
    #[cfg(feature = "billing-compatibility")]
    fn check_app(&self, app_id: &AppId) -> Result<(), Error> {
        match &self.package_name {
            Some(package_name) if package_name == app_id => Ok(()),
            Some(package_name) => Err(Error::rejected(
                Rejection::WrongApp,
                format!(
                    "expected app {package_name}, the proof names {:?}",
                    app_id.as_str()
                ),
            )
            .with_store(Store::AmazonAppstore)),
            None => Err(misconfigured(
                "this verifier takes purchases of Billing Compatibility only after \
                 with_billing_compatibility"
                    .to_owned(),
            )),
        }
    }
}

#[async_trait]
impl Verifier for AmazonVerifier {
    fn stores(&self) -> &[Store] {
        &[Store::AmazonAppstore]
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        match proof {
            Proof::AmazonReceipt {
                receipt_id,
                user_id,
                ..
            } => {
                let receipt = self.client.verify_receipt(receipt_id, user_id).await?;
                Ok(receipt.to_purchase())
            }
            #[cfg(feature = "billing-compatibility")]
            Proof::AmazonBillingProduct {
                app_id,
                product_id,
                purchase_token,
                ..
            } => {
                self.check_app(app_id)?;
                let product = self
                    .client
                    .get_product_purchase(app_id, product_id, purchase_token)
                    .await?;
                Ok(product.to_purchase())
            }
            #[cfg(feature = "billing-compatibility")]
            Proof::AmazonBillingSubscription {
                app_id,
                purchase_token,
                ..
            } => {
                self.check_app(app_id)?;
                let subscription = self
                    .client
                    .get_subscription_purchase(app_id, purchase_token)
                    .await?;
                Ok(subscription.to_purchase())
            }
            other => Err(misconfigured(format!(
                "this verifier of the Amazon Appstore does not take an {}",
                other.kind()
            ))),
        }
    }
}

fn misconfigured(message: String) -> Error {
    Error::misconfigured(message).with_store(Store::AmazonAppstore)
}

#[cfg(test)]
mod tests;
