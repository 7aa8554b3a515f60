//! The App Store's answer to the one question a backend asks: is this proof a purchase?

#[cfg(feature = "client")]
mod online;

use async_trait::async_trait;
use iap_core::{Error, Proof, Purchase, Store, Verifier};

#[cfg(feature = "client")]
pub use self::online::AppStoreVerifier;
#[cfg(feature = "client")]
use crate::revocation::{OnlineVerifier, RevocationPolicy};
use crate::signed_data::SignedDataVerifier;

/// Verifies signed transactions offline. The purchase is as of the moment of signing: what happened
/// since, such as a refund, only Apple knows.
#[async_trait]
impl Verifier for SignedDataVerifier {
    fn stores(&self) -> &[Store] {
        &[Store::AppStore]
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        match proof {
            Proof::AppleSignedTransaction(jws) => {
                let transaction = self.verify_transaction(jws.as_str())?;
                Ok(transaction.to_purchase(None)?)
            }
            other => Err(unsupported(other, "signed transactions")),
        }
    }
}

/// Verifies signed transactions, and that their certificates have not been revoked, by
/// [`RevocationPolicy::Hard`]: while Apple's responder does not answer there is no verdict. What
/// happened to the purchase since it was signed only [`AppStoreVerifier`] asks.
#[cfg(feature = "client")]
#[async_trait]
impl Verifier for OnlineVerifier {
    fn stores(&self) -> &[Store] {
        &[Store::AppStore]
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        match proof {
            Proof::AppleSignedTransaction(jws) => {
                let policy = RevocationPolicy::Hard;
                let transaction = self.verify_transaction(jws.as_str(), policy).await?;
                Ok(transaction.to_purchase(None)?)
            }
            other => Err(unsupported(other, "signed transactions")),
        }
    }
}

fn unsupported(proof: &Proof, supported: &str) -> Error {
    Error::misconfigured(format!(
        "this verifier of the App Store takes {supported}, not {}",
        proof.kind()
    ))
    .with_store(Store::AppStore)
}
