//! Verifies signed data, and asks whether the certificates that signed it have been revoked.

use iap_core::{Error, Rejection, Store};

use super::{RevocationChecker, RevocationPolicy};
use crate::{
    error::VerificationFailure,
    jws::VerifiedChain,
    model::{AppTransaction, RealtimeRequest, RenewalInfo, Transaction},
    notification::VerifiedNotification,
    signed_data::{SignedDataVerifier, Verified},
};

/// A [`SignedDataVerifier`] that also asks about revocation.
///
/// For fresh data: notifications, and what an app has just sent. All offline checks come first, so
/// nothing that Apple did not sign causes a request. Each call says by a [`RevocationPolicy`] what
/// an outage of Apple's responder means.
///
/// Data of local environments has no certificates to ask about.
///
/// ```
/// use std::sync::Arc;
/// use iap_apple::{
///     App, Environment, OnlineVerifier, RevocationChecker, RevocationPolicy, SignedDataVerifier,
/// };
/// use iap_core::{Error, http::ReqwestTransport};
///
/// let verifier = SignedDataVerifier::builder()
///     .app(App::new("com.example.app", 1_234_567_890))
///     .environment(Environment::Production)
///     .build()?;
/// let checker = RevocationChecker::builder(Arc::new(ReqwestTransport::new()?)).build();
/// let online = OnlineVerifier::new(verifier, checker);
///
/// async fn handle(online: &OnlineVerifier, body: &[u8]) -> Result<(), Error> {
///     let policy = RevocationPolicy::Soft;
///     let notification = online.verify_notification_body(body, policy).await?;
///     println!("{:?}", notification.notification_type);
///     Ok(())
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct OnlineVerifier {
    verifier: SignedDataVerifier,
    checker: RevocationChecker,
    dates: CertificateDates,
}

/// When the certificates must be valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateDates {
    /// When the data was signed: data stays valid after its certificates have expired.
    WhenSigned,
    /// Also now. Apple's own libraries judge so when their online checks are on; a notification
    /// that is delivered late, after Apple replaced an expired certificate, is then rejected.
    WhenSignedAndNow,
}

impl OnlineVerifier {
    /// Joins a verifier and a checker. Certificates are judged [`CertificateDates::WhenSigned`].
    #[must_use]
    pub const fn new(verifier: SignedDataVerifier, checker: RevocationChecker) -> Self {
        Self {
            verifier,
            checker,
            dates: CertificateDates::WhenSigned,
        }
    }

    /// Sets when the certificates must be valid.
    #[must_use]
    pub const fn certificate_dates(mut self, dates: CertificateDates) -> Self {
        self.dates = dates;
        self
    }

    /// The verifier that makes the offline checks.
    #[must_use]
    pub const fn offline(&self) -> &SignedDataVerifier {
        &self.verifier
    }

    /// Verifies a transaction; see [`SignedDataVerifier::verify_transaction`].
    ///
    /// # Errors
    ///
    /// A [`VerificationFailure`], or a [`RevocationFailure`](super::RevocationFailure) in `source`.
    pub async fn verify_transaction(
        &self,
        jws: impl AsRef<[u8]> + Send,
        policy: RevocationPolicy,
    ) -> Result<Verified<Transaction>, Error> {
        let data = self.verifier.verify_transaction(jws)?;
        self.check([data.chain()], policy).await?;
        Ok(data)
    }

    /// Verifies a renewal info; see [`SignedDataVerifier::verify_renewal_info`].
    ///
    /// # Errors
    ///
    /// A [`VerificationFailure`], or a [`RevocationFailure`](super::RevocationFailure) in `source`.
    pub async fn verify_renewal_info(
        &self,
        jws: impl AsRef<[u8]> + Send,
        policy: RevocationPolicy,
    ) -> Result<Verified<RenewalInfo>, Error> {
        let data = self.verifier.verify_renewal_info(jws)?;
        self.check([data.chain()], policy).await?;
        Ok(data)
    }

    /// Verifies an app transaction; see [`SignedDataVerifier::verify_app_transaction`].
    ///
    /// # Errors
    ///
    /// A [`VerificationFailure`], or a [`RevocationFailure`](super::RevocationFailure) in `source`.
    pub async fn verify_app_transaction(
        &self,
        jws: impl AsRef<[u8]> + Send,
        policy: RevocationPolicy,
    ) -> Result<Verified<AppTransaction>, Error> {
        let data = self.verifier.verify_app_transaction(jws)?;
        self.check([data.chain()], policy).await?;
        Ok(data)
    }

    /// Verifies a notification and all its parts; see [`SignedDataVerifier::verify_notification`].
    ///
    /// # Errors
    ///
    /// A [`VerificationFailure`], or a [`RevocationFailure`](super::RevocationFailure) in `source`.
    pub async fn verify_notification(
        &self,
        jws: impl AsRef<[u8]> + Send,
        policy: RevocationPolicy,
    ) -> Result<VerifiedNotification, Error> {
        let data = self.verifier.verify_notification(jws)?;
        self.check_notification(&data, policy).await?;
        Ok(data)
    }

    /// Verifies the body by which Apple posts a notification; see
    /// [`SignedDataVerifier::verify_notification_body`].
    ///
    /// # Errors
    ///
    /// A [`VerificationFailure`], or a [`RevocationFailure`](super::RevocationFailure) in `source`.
    pub async fn verify_notification_body(
        &self,
        body: impl AsRef<[u8]> + Send,
        policy: RevocationPolicy,
    ) -> Result<VerifiedNotification, Error> {
        let data = self.verifier.verify_notification_body(body)?;
        self.check_notification(&data, policy).await?;
        Ok(data)
    }

    /// Verifies a retention request; see [`SignedDataVerifier::verify_realtime_request`].
    ///
    /// # Errors
    ///
    /// A [`VerificationFailure`], or a [`RevocationFailure`](super::RevocationFailure) in `source`.
    pub async fn verify_realtime_request(
        &self,
        jws: impl AsRef<[u8]> + Send,
        policy: RevocationPolicy,
    ) -> Result<Verified<RealtimeRequest>, Error> {
        let data = self.verifier.verify_realtime_request(jws)?;
        self.check([data.chain()], policy).await?;
        Ok(data)
    }

    /// Checks the chains that signed a notification and its parts.
    async fn check_notification(
        &self,
        data: &VerifiedNotification,
        policy: RevocationPolicy,
    ) -> Result<(), Error> {
        let chains = [
            data.notification().chain(),
            data.transaction().and_then(Verified::chain),
            data.renewal_info().and_then(Verified::chain),
            data.app_transaction().and_then(Verified::chain),
        ];
        self.check(chains, policy).await
    }

    /// Checks the chains that signed the parts of something.
    ///
    /// 1. Every certificate is valid now, if asked for.
    /// 2. Every certificate has the status that the policy requires.
    async fn check<const PARTS: usize>(
        &self,
        chains: [Option<&VerifiedChain>; PARTS],
        policy: RevocationPolicy,
    ) -> Result<(), Error> {
        let mut chains: Vec<_> = chains.into_iter().flatten().collect();
        // As a rule one chain signed all parts, and is remembered as one.
        chains.dedup_by(|one, other| core::ptr::eq(*one, *other));
        // 1
        if self.dates == CertificateDates::WhenSignedAndNow {
            for chain in &chains {
                self.check_dates(chain)?;
            }
        }
        // 2
        let deadline = self.checker.deadline();
        for chain in chains {
            let status = self.checker.check_chain(chain, deadline).await;
            status.require(policy)?;
        }
        Ok(())
    }

    fn check_dates(&self, chain: &VerifiedChain) -> Result<(), Error> {
        let now = self.checker.clock().now();
        let error = match chain.check_dates(now) {
            Ok(()) => return Ok(()),
            Err(VerificationFailure::CertificateExpired {
                role, not_after, ..
            }) => Error::rejected(
                Rejection::UntrustedCertificate,
                format!("the {role} certificate expired on {not_after}, it is {now}"),
            ),
            // It was valid when the data was signed, so the clock is wrong.
            Err(_) => Error::unavailable(format!(
                "a certificate is not valid yet, it is {now}: check this machine's clock"
            )),
        };
        Err(error.with_store(Store::AppStore))
    }
}
