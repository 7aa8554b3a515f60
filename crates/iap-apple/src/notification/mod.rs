//! A notification with the signed parts inside it, each verified, all agreeing with each other.
//!
//! <https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2decodedpayload>

mod body;
mod event;

use core::{fmt, ops::Deref};

pub(crate) use self::body::signed_payload;
pub use self::body::{BodyProblem, MAX_NOTIFICATION_BODY_LENGTH};
use crate::{
    error::VerificationFailure,
    model::{AppTransaction, Notification, RenewalInfo, Transaction},
    signed_data::{Claim, SignedDataVerifier, SignedPayload, Verified},
};

/// A verified notification and its verified parts. Dereferences to the notification.
///
/// Apple's own libraries leave the nested parts to the caller, where they are forgotten; here there
/// is no way to read one that has not been verified.
#[derive(Clone, Debug)]
pub struct VerifiedNotification {
    notification: Verified<Notification>,
    transaction: Option<Verified<Transaction>>,
    renewal_info: Option<Verified<RenewalInfo>>,
    app_transaction: Option<Verified<AppTransaction>>,
}

impl VerifiedNotification {
    /// Verifies the parts of a verified notification.
    ///
    /// 1. Each signed part verifies by itself: signature, chain, date, app, environment.
    /// 2. Each was made in the environment of the notification.
    /// 3. Each that names an app names that of the notification.
    /// 4. Transaction and renewal info have the same original transaction id.
    pub(crate) fn verify(
        verifier: &SignedDataVerifier,
        notification: Verified<Notification>,
    ) -> Result<Self, VerificationFailure> {
        // 1
        let data = notification.data.as_ref();
        let transaction: Option<Verified<Transaction>> = verify_part(
            verifier,
            "signedTransactionInfo",
            data.and_then(|data| data.signed_transaction_info.as_deref()),
        )?;
        let renewal_info: Option<Verified<RenewalInfo>> = verify_part(
            verifier,
            "signedRenewalInfo",
            data.and_then(|data| data.signed_renewal_info.as_deref()),
        )?;
        let app_data = notification.app_data.as_ref();
        let app_transaction: Option<Verified<AppTransaction>> = verify_part(
            verifier,
            "signedAppTransactionInfo",
            app_data.and_then(|app_data| app_data.signed_app_transaction_info.as_deref()),
        )?;
        // 2
        let environments = [
            transaction.as_ref().map(Verified::environment),
            renewal_info.as_ref().map(Verified::environment),
            app_transaction.as_ref().map(Verified::environment),
        ];
        for environment in environments.into_iter().flatten() {
            let outer = notification.environment();
            require_same("environment", Some(&outer), Some(&environment))?;
        }
        // 3
        let claims = notification.claims();
        let nested = [
            transaction.as_ref().map(|it| it.claims()),
            app_transaction.as_ref().map(|it| it.claims()),
        ];
        for nested in nested.into_iter().flatten() {
            if let (Claim::Made(outer), Claim::Made(nested)) = (claims.bundle_id, nested.bundle_id)
            {
                require_same("bundleId", outer, nested)?;
            }
            // Outside production either Apple id may be missing or 0.
            let ids = [claims.app_apple_id, nested.app_apple_id];
            if let [Claim::Made(Some(outer)), Claim::Made(Some(nested))] = ids
                && outer != 0
                && nested != 0
            {
                require_same("appAppleId", Some(&outer), Some(&nested))?;
            }
        }
        // 4
        if let (Some(transaction), Some(renewal_info)) = (&transaction, &renewal_info) {
            require_same_purchase(transaction, renewal_info)?;
        }
        Ok(Self {
            notification,
            transaction,
            renewal_info,
            app_transaction,
        })
    }

    /// The notification itself.
    #[must_use]
    pub const fn notification(&self) -> &Verified<Notification> {
        &self.notification
    }

    /// The transaction it is about, if it carries one.
    #[must_use]
    pub const fn transaction(&self) -> Option<&Verified<Transaction>> {
        self.transaction.as_ref()
    }

    /// What comes next for the subscription, if it is about one.
    #[must_use]
    pub const fn renewal_info(&self) -> Option<&Verified<RenewalInfo>> {
        self.renewal_info.as_ref()
    }

    /// The app transaction, if it is about consent for an app.
    #[must_use]
    pub const fn app_transaction(&self) -> Option<&Verified<AppTransaction>> {
        self.app_transaction.as_ref()
    }
}

impl Deref for VerifiedNotification {
    type Target = Notification;

    fn deref(&self) -> &Notification {
        &self.notification
    }
}

fn verify_part<T: SignedPayload>(
    verifier: &SignedDataVerifier,
    member: &'static str,
    jws: Option<&str>,
) -> Result<Option<Verified<T>>, VerificationFailure> {
    jws.map(|jws| verifier.verify(jws.as_bytes()))
        .transpose()
        .map_err(|failure| VerificationFailure::Nested {
            member,
            failure: Box::new(failure),
        })
}

/// Checks that a renewal info is about the subscription of a transaction.
pub(crate) fn require_same_purchase(
    transaction: &Verified<Transaction>,
    renewal_info: &Verified<RenewalInfo>,
) -> Result<(), VerificationFailure> {
    require_same(
        "environment",
        Some(&transaction.environment()),
        Some(&renewal_info.environment()),
    )?;
    require_same(
        "originalTransactionId",
        transaction.original_transaction_id.as_ref(),
        renewal_info.original_transaction_id.as_ref(),
    )
}

fn require_same<T: PartialEq + fmt::Display>(
    member: &'static str,
    first: Option<&T>,
    second: Option<&T>,
) -> Result<(), VerificationFailure> {
    if first == second {
        return Ok(());
    }
    Err(VerificationFailure::Inconsistent {
        member,
        first: first.map(T::to_string),
        second: second.map(T::to_string),
    })
}
