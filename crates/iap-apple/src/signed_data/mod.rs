//! Is this data from Apple, for one of our apps, and what does it say?
//!
//! <https://developer.apple.com/documentation/appstoreserverapi/jwstransaction>

mod claims;
mod kind;
mod verified;

use core::{fmt, time::Duration};
use std::sync::Arc;

use iap_core::{Clock, EnvironmentSet, Timestamp};
use serde::de::DeserializeOwned;

pub(crate) use self::{claims::Claim, kind::SignedPayload};
pub use self::{
    kind::{SignedData, SignedDataKind},
    verified::Verified,
};
use crate::{
    config::{AcceptedApps, SignedDataVerifierBuilder},
    error::{VerificationFailure, shorten},
    jws::{ChainVerifier, CompactJws, Signed},
    model::{AppTransaction, RealtimeRequest, RenewalInfo, Transaction},
    notification::{VerifiedNotification, signed_payload},
};

/// Verifies data signed by the App Store: transactions, renewal infos, app transactions,
/// notifications and retention requests.
///
/// Offline: no network, no account, no certificate to download. Certificates are judged by the
/// moment at which the data was signed, so stored data stays valid after they expired.
///
/// Build one at start and share it: it is cheap to clone, `Send` and `Sync`, and remembers the
/// certificate chains it has verified.
///
/// ```
/// use iap_apple::{App, Environment, SignedDataVerifier};
///
/// let verifier = SignedDataVerifier::builder()
///     .app(App::new("com.example.app", 1_234_567_890))
///     .environment(Environment::Production)
///     .environment(Environment::Sandbox)
///     .build()?;
///
/// let failure = verifier.verify_transaction("not.a.jws").unwrap_err();
/// assert_eq!(failure.check(), "encoding");
/// # Ok::<(), iap_apple::ConfigurationError>(())
/// ```
#[derive(Clone)]
pub struct SignedDataVerifier {
    inner: Arc<Inner>,
}

struct Inner {
    /// `None` for local environments, whose data nobody signs.
    chains: Option<ChainVerifier>,
    apps: AcceptedApps,
    environments: EnvironmentSet,
    limits: Limits,
    clock: Arc<dyn Clock>,
}

/// When data may have been signed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_age: Option<Duration>,
    pub(crate) future_tolerance: Duration,
}

impl SignedDataVerifier {
    /// Starts building a verifier.
    pub fn builder() -> SignedDataVerifierBuilder {
        SignedDataVerifierBuilder::new()
    }

    pub(crate) fn new(
        chains: Option<ChainVerifier>,
        apps: AcceptedApps,
        environments: EnvironmentSet,
        limits: Limits,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                chains,
                apps,
                environments,
                limits,
                clock,
            }),
        }
    }

    /// Verifies a transaction: what StoreKit calls `jwsRepresentation`, and `signedTransactionInfo`
    /// in notifications and answers of the App Store Server API.
    ///
    /// That it verifies does not mean that it gives access: it may be refunded or expired. See
    /// [`Verified::to_purchase`].
    ///
    /// # Errors
    ///
    /// The check that failed. Never fails for a reason that would pass by itself, except a clock
    /// that is wrong.
    pub fn verify_transaction(
        &self,
        jws: impl AsRef<[u8]>,
    ) -> Result<Verified<Transaction>, VerificationFailure> {
        self.verify(jws.as_ref())
    }

    /// Verifies a renewal info: `signedRenewalInfo` in notifications and answers of the App Store
    /// Server API.
    ///
    /// A renewal info names no app, so by itself it proves nothing about yours: use it with the
    /// transaction of the same original transaction id.
    ///
    /// # Errors
    ///
    /// The check that failed.
    pub fn verify_renewal_info(
        &self,
        jws: impl AsRef<[u8]>,
    ) -> Result<Verified<RenewalInfo>, VerificationFailure> {
        self.verify(jws.as_ref())
    }

    /// Verifies an app transaction: proof that the customer got the app itself.
    ///
    /// # Errors
    ///
    /// The check that failed.
    pub fn verify_app_transaction(
        &self,
        jws: impl AsRef<[u8]>,
    ) -> Result<Verified<AppTransaction>, VerificationFailure> {
        self.verify(jws.as_ref())
    }

    /// Verifies a notification: `signedPayload` in what Apple posts to your server, with the signed
    /// parts inside. For the whole body, see
    /// [`verify_notification_body`](Self::verify_notification_body).
    ///
    /// The parts are verified like the whole, and must agree with it: same app, same environment,
    /// same original transaction id.
    ///
    /// # Errors
    ///
    /// The check that failed; [`VerificationFailure::Nested`] says in which part.
    pub fn verify_notification(
        &self,
        jws: impl AsRef<[u8]>,
    ) -> Result<VerifiedNotification, VerificationFailure> {
        VerifiedNotification::verify(self, self.verify(jws.as_ref())?)
    }

    /// Verifies the body of the request by which Apple posts a notification to your server: the
    /// bytes as they came, `{"signedPayload":"…"}`.
    ///
    /// What is in it is verified as by [`verify_notification`](Self::verify_notification). The body
    /// may have up to [`MAX_NOTIFICATION_BODY_LENGTH`](crate::MAX_NOTIFICATION_BODY_LENGTH) bytes.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2)
    ///
    /// # Errors
    ///
    /// The check that failed; [`VerificationFailure::Body`] if the body is not of Apple's form, as
    /// that of a version 1 notification is not.
    ///
    /// ```
    /// use iap_apple::{SignedDataVerifier, VerificationFailure};
    ///
    /// fn handle(verifier: &SignedDataVerifier, body: &[u8]) -> Result<(), VerificationFailure> {
    ///     let event = verifier.verify_notification_body(body)?.to_event()?;
    ///     println!("{}: {}", event.id, event.kind); // handle each id once
    ///     Ok(())
    /// }
    /// ```
    pub fn verify_notification_body(
        &self,
        body: impl AsRef<[u8]>,
    ) -> Result<VerifiedNotification, VerificationFailure> {
        self.verify_notification(signed_payload(body.as_ref())?.as_bytes())
    }

    /// Verifies a retention request: `signedPayload` in what Apple posts to your retention
    /// messaging endpoint.
    ///
    /// # Errors
    ///
    /// The check that failed.
    pub fn verify_realtime_request(
        &self,
        jws: impl AsRef<[u8]>,
    ) -> Result<Verified<RealtimeRequest>, VerificationFailure> {
        self.verify(jws.as_ref())
    }

    /// Verifies data of any kind and says which it is.
    ///
    /// For tools and archives. A server that expects a transaction should ask for one, so that
    /// nothing else passes for it.
    ///
    /// # Errors
    ///
    /// The check that failed; [`VerificationFailure::WrongKind`] if it is none of the known kinds.
    pub fn verify_any(&self, jws: impl AsRef<[u8]>) -> Result<SignedData, VerificationFailure> {
        let authentic = self.authenticate(jws.as_ref())?;
        match SignedDataKind::detect(&authentic.json) {
            Some(SignedDataKind::AppTransaction) => {
                self.finish(authentic).map(SignedData::AppTransaction)
            }
            Some(SignedDataKind::RealtimeRequest) => {
                self.finish(authentic).map(SignedData::RealtimeRequest)
            }
            Some(SignedDataKind::RenewalInfo) => {
                self.finish(authentic).map(SignedData::RenewalInfo)
            }
            Some(SignedDataKind::Transaction) => {
                self.finish(authentic).map(SignedData::Transaction)
            }
            // What is nothing known fails as the kind that has the most marks.
            Some(SignedDataKind::Notification) | None => {
                VerifiedNotification::verify(self, self.finish(authentic)?)
                    .map(SignedData::Notification)
            }
        }
    }

    /// Verifies data of one kind.
    ///
    /// 1. It is a compact JWS of bounded length (see [`CompactJws::split`]).
    /// 2. Its signature and certificate chain hold (see [`ChainVerifier::verify`]). Skipped for
    ///    local environments, whose data nobody signs.
    /// 3. Its payload is JSON of this kind. Not read before 2.
    /// 4. It was signed neither in the future nor longer ago than accepted.
    /// 5. Every certificate was valid when it was signed.
    /// 6. It belongs to an accepted app: bundle id, then Apple id.
    /// 7. It was made in an accepted environment.
    pub(crate) fn verify<T: SignedPayload>(
        &self,
        jws: &[u8],
    ) -> Result<Verified<T>, VerificationFailure> {
        self.finish(self.authenticate(jws)?)
    }

    /// Checks 1 and 2.
    fn authenticate<'a>(&self, jws: &'a [u8]) -> Result<Authentic<'a>, VerificationFailure> {
        // 1
        let jws = CompactJws::split(jws)?;
        // 2
        let Some(chains) = &self.inner.chains else {
            let json = jws.payload()?;
            return Ok(Authentic { json, signed: None });
        };
        let signed = chains.verify(jws)?;
        Ok(Authentic {
            json: signed.jws.payload()?,
            signed: Some(signed),
        })
    }

    /// Checks 3 to 7.
    fn finish<T: SignedPayload>(
        &self,
        authentic: Authentic<'_>,
    ) -> Result<Verified<T>, VerificationFailure> {
        let Authentic { json, signed } = authentic;
        // 3
        let payload: T = read(&json)?;
        let claims = payload.claims();
        if !claims.is_of_kind {
            return Err(VerificationFailure::WrongKind {
                expected: T::KIND,
                found: SignedDataKind::detect(&json),
            });
        }
        // 4
        let signed_at = self.check_signed_date(claims.signed_at)?;
        // 5
        if let (Some(chains), Some(signed)) = (&self.inner.chains, &signed) {
            chains.check_dates(signed, signed_at)?;
        }
        // 6
        let app = claims.check_app(&self.inner.apps)?;
        // 7
        let environment = claims.check_environment(self.inner.environments)?;
        Ok(Verified::new(
            payload,
            json,
            signed_at,
            environment,
            app,
            signed.map(|signed| signed.chain),
        ))
    }

    /// The moment that the certificates are judged by. Data without a date is judged by now.
    fn check_signed_date(
        &self,
        signed_at: Option<Timestamp>,
    ) -> Result<Timestamp, VerificationFailure> {
        let now = self.inner.clock.now();
        let Limits {
            max_age,
            future_tolerance,
        } = self.inner.limits;
        let Some(signed_at) = signed_at else {
            return match max_age {
                None => Ok(now),
                Some(_) => Err(VerificationFailure::MissingMember {
                    member: "signedDate",
                }),
            };
        };
        if signed_at > now.saturating_add(future_tolerance) {
            return Err(VerificationFailure::SignedInFuture { signed_at, now });
        }
        if let Some(max_age) = max_age
            && signed_at < now.saturating_sub(max_age)
        {
            return Err(VerificationFailure::SignedTooLongAgo {
                signed_at,
                now,
                max_age,
            });
        }
        Ok(signed_at)
    }
}

impl fmt::Debug for SignedDataVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedDataVerifier")
            .field("apps", &self.inner.apps)
            .field("environments", &self.inner.environments)
            .field("limits", &self.inner.limits)
            .finish_non_exhaustive()
    }
}

/// A payload whose signature and chain hold (or need not), and that has not been read.
struct Authentic<'a> {
    json: String,
    signed: Option<Signed<'a>>,
}

/// Reads a payload; names the member that could not be read.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, VerificationFailure> {
    // serde would read a list as the members of a payload in their order.
    if !json.trim_start().starts_with('{') {
        return Err(VerificationFailure::Payload {
            path: ".".to_owned(),
            reason: "not a JSON object".to_owned(),
        });
    }
    serde_json::from_str(json).map_err(|error| {
        // Reading again with a record of the path is slow, and needed for failures only.
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => shorten(error.path()),
            Ok(_) => ".".to_owned(),
        };
        VerificationFailure::Payload {
            path,
            reason: shorten(&error),
        }
    })
}

#[cfg(test)]
mod tests;
