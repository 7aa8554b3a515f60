//! What is now, of a purchase that a notification is about or that is stored.

use iap_core::{Error, ProductKind, Purchase, PurchaseKey, PurchaseToken, Store};

use super::{Claim, GooglePlayVerifier, look_up, misconfigured};
use crate::{
    client::Lookup,
    notification::{FollowUp, VerifiedNotification},
};

/// The purchase that a notification is about, as Google has it now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CurrentPurchase {
    /// Google knows it.
    Found(Box<Purchase>),
    /// Google knew it once: [end](Purchase::no_longer_valid) what is stored of it, in production as
    /// all purchases of Google Play.
    Gone(PurchaseKey),
    /// The notification is about no purchase; see [`FollowUp`].
    NoPurchase,
    /// Google does not know it, and it is not too young for that. Log it, and take the notification:
    /// it would come again and again.
    NotFound(PurchaseKey),
}

impl GooglePlayVerifier {
    /// Asks Google about the purchase that a notification is about.
    ///
    /// A notification says that something changed; what is now, only Google's answer says. Store
    /// that if it [supersedes](Purchase::supersedes) what is stored, and
    /// [keep](Purchase::keep_from) what Google tells only once. Of a purchase that
    /// [replaces](Purchase::replaces) another one, once it is paid, [end](Purchase::replaced) the other,
    /// too. Then acknowledge it, if it is not, with
    /// [`acknowledge_if_needed`](crate::PlayClient::acknowledge_if_needed).
    ///
    /// # Errors
    ///
    /// No error is a verdict about the purchase, so that
    /// [`endpoint_answer`](Error::endpoint_answer) lets Google send the notification again:
    /// [`Unavailable`](iap_core::ErrorKind::Unavailable) also if Google does not know the purchase yet,
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) also for an app that this verifier was not
    /// set up for.
    ///
    /// ```no_run
    /// use iap_google::{CurrentPurchase, Error, GooglePlayVerifier, OnlineNotificationVerifier};
    ///
    /// # fn store(_: &iap_core::Purchase) {}
    /// # fn end(_: &iap_core::PurchaseKey) {}
    /// /// The status to answer Pub/Sub with.
    /// async fn handle(
    ///     notifications: &OnlineNotificationVerifier,
    ///     purchases: &GooglePlayVerifier,
    ///     authorization: &str,
    ///     body: &[u8],
    /// ) -> u16 {
    ///     let headers = [("authorization", authorization)];
    ///     let notification = match notifications.verify(headers, body).await {
    ///         Ok(notification) => notification,
    ///         Err(failure) => return failure.endpoint_answer().http_status(),
    ///     };
    ///     match purchases.current_purchase(&notification).await {
    ///         Ok(CurrentPurchase::Found(purchase)) => store(&purchase),
    ///         Ok(CurrentPurchase::Gone(key)) => end(&key),
    ///         Ok(_) => {} // log it
    ///         Err(error) => return error.endpoint_answer().http_status(),
    ///     }
    ///     200
    /// }
    /// ```
    pub async fn current_purchase(
        &self,
        notification: &VerifiedNotification,
    ) -> Result<CurrentPurchase, Error> {
        let (token, claims) = match notification.follow_up() {
            FollowUp::AskAboutSubscription(token) => (token, (Claim::Subscription, None)),
            FollowUp::AskAboutProduct(token) => (token, (Claim::Product, None)),
            FollowUp::AskAboutEither(token) => (token, (Claim::Subscription, Some(Claim::Product))),
            FollowUp::ReviewRefund { .. } | FollowUp::Nothing => {
                return Ok(CurrentPurchase::NoPurchase);
            }
        };
        let client = self.client_of(notification.app_id())?;
        let key = PurchaseKey::google(token.clone());
        match look_up(client, token, claims, Some(notification.event_time())).await {
            Ok(Lookup::Found(purchase)) => Ok(CurrentPurchase::Found(Box::new(purchase))),
            Ok(Lookup::Gone(_)) => Ok(CurrentPurchase::Gone(key)),
            // Google itself named the token: whatever it says against it now, it does not know it.
            Err(error) if error.rejection().is_some() => Ok(CurrentPurchase::NotFound(key)),
            Err(error) => Err(error),
        }
    }

    /// Asks again about a purchase that was verified and stored, for example when
    /// [`Purchase::next_check_at`] says so, and returns what to store.
    ///
    /// That Google no longer keeps it is an answer here, not an error: the purchase comes back
    /// [ended](Purchase::no_longer_valid). What Google tells only once
    /// [stays](Purchase::keep_from) as it is stored.
    ///
    /// # Errors
    ///
    /// As [`verify`](iap_core::Verifier::verify); [`Misconfigured`](iap_core::ErrorKind::Misconfigured)
    /// for a purchase of another store. Keep what is stored, unless it is a verdict.
    ///
    /// ```no_run
    /// # use iap_google::{Error, GooglePlayVerifier};
    /// # use iap_core::{AccessPolicy, Purchase};
    /// # async fn example(verifier: &GooglePlayVerifier, stored: Purchase) -> Result<(), Error> {
    /// let purchase = verifier.refresh(&stored).await?;
    /// if purchase.supersedes(&stored) {
    ///     // Store it, and when to ask next:
    ///     let next = purchase.next_check_at(purchase.as_of, &AccessPolicy::new());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn refresh(&self, stored: &Purchase) -> Result<Purchase, Error> {
        let (Some(app_id), Some(token)) = (&stored.app_id, token_of(stored)) else {
            return Err(misconfigured(format!(
                "the purchase is not one of an app at Google Play: its store is {}",
                stored.store,
            )));
        };
        let client = self.client_of(app_id)?;
        let claims = match stored.kind {
            ProductKind::AutoRenewableSubscription => (Claim::Subscription, None),
            _ => (Claim::Product, None),
        };
        let as_of = client.now();
        match look_up(client, token, claims, stored.purchased_at).await? {
            Lookup::Found(mut purchase) => {
                purchase.keep_from(stored);
                Ok(purchase)
            }
            Lookup::Gone(_) => Ok(stored.no_longer_valid(as_of)),
        }
    }
}

fn token_of(purchase: &Purchase) -> Option<&PurchaseToken> {
    match &purchase.key {
        PurchaseKey::GooglePurchaseToken(token) if purchase.store == Store::GooglePlay => {
            Some(token)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
