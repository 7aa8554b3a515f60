//! How does a server prove to Apple's APIs who it is?
//!
//! [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/generating-json-web-tokens-for-api-requests)

use core::time::Duration;

use iap_core::{AppId, Secret, Timestamp};
use serde::Serialize;

use super::{error::SigningError, jwt, key::InAppPurchaseKey, offer::check_identifier};

/// A token that authenticates calls of the App Store Server API, the Retention Messaging API and
/// the Advanced Commerce API.
///
/// Whoever has the text can call them, so it is a [`Secret`]. A JWS for the app, such as
/// [`AdvancedCommerceInAppSignature`](crate::AdvancedCommerceInAppSignature), is another type, since
/// Apple answers 401 to it.
#[derive(Clone, Debug)]
pub struct BearerToken {
    text: Secret,
    expires_at: Timestamp,
}

impl BearerToken {
    /// The token, as it stands after `Bearer ` in the header `Authorization`.
    #[must_use]
    pub const fn text(&self) -> &Secret {
        &self.text
    }

    /// When it expires: its `exp`, a whole second. Stop using it some time before, since Apple's
    /// clock may be ahead of this one.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Signs [`BearerToken`]s for one app.
///
/// ```
/// use iap_apple::{BearerTokenSigner, Clock, InAppPurchaseKey, SigningError, SystemClock};
///
/// fn authorization(key: InAppPurchaseKey) -> Result<String, SigningError> {
///     let signer = BearerTokenSigner::new(key, "com.example.app")?;
///     let token = signer.sign(SystemClock.now())?;
///     Ok(format!("Bearer {}", token.text().expose()))
/// }
/// # let _ = authorization;
/// ```
#[derive(Clone, Debug)]
pub struct BearerTokenSigner {
    key: InAppPurchaseKey,
    bundle_id: AppId,
    lifetime: Duration,
    backdating: Duration,
}

impl BearerTokenSigner {
    /// Signs for the app with this bundle id.
    ///
    /// # Errors
    ///
    /// [`SigningError::Empty`] or [`SigningError::Character`] if it is no bundle id.
    pub fn new(key: InAppPurchaseKey, bundle_id: impl Into<AppId>) -> Result<Self, SigningError> {
        let bundle_id = bundle_id.into();
        check_identifier("bundle id", bundle_id.as_str())?;
        Ok(Self {
            key,
            bundle_id,
            lifetime: DEFAULT_LIFETIME,
            backdating: DEFAULT_BACKDATING,
        })
    }

    /// How long after the present a token is valid. Default: 5 minutes.
    ///
    /// # Errors
    ///
    /// [`SigningError::Lifetime`] if it is below a second, or above 60 minutes together with the
    /// back-dating.
    pub fn lifetime(mut self, lifetime: Duration) -> Result<Self, SigningError> {
        self.lifetime = lifetime;
        self.checked()
    }

    /// How long before the present a token becomes valid (its `iat`). Default: 60 seconds.
    ///
    /// Apple answers 401 to a token from the future, so this is how far this machine's clock may be
    /// ahead of Apple's.
    ///
    /// # Errors
    ///
    /// [`SigningError::Lifetime`] if it is above 60 minutes together with the lifetime.
    pub fn backdating(mut self, backdating: Duration) -> Result<Self, SigningError> {
        self.backdating = backdating;
        self.checked()
    }

    /// Signs a token that is valid at `now`.
    ///
    /// # Errors
    ///
    /// [`SigningError::Random`] if the system gives no random numbers.
    pub fn sign(&self, now: Timestamp) -> Result<BearerToken, SigningError> {
        let exp = jwt::numeric_date(now.saturating_add(self.lifetime));
        let text = jwt::sign(
            &self.key,
            &Claims {
                iss: self.key.issuer_id(),
                iat: jwt::numeric_date(now.saturating_sub(self.backdating)),
                exp,
                aud: AUDIENCE,
                bid: self.bundle_id.as_str(),
            },
        )?;
        Ok(BearerToken {
            text: Secret::new(text),
            expires_at: Timestamp::from_seconds(exp),
        })
    }

    fn checked(self) -> Result<Self, SigningError> {
        let total = self.lifetime.saturating_add(self.backdating);
        if self.lifetime < MIN_LIFETIME || total > MAX_VALIDITY {
            return Err(SigningError::Lifetime {
                lifetime: self.lifetime,
                backdating: self.backdating,
                limit: MAX_VALIDITY,
            });
        }
        Ok(self)
    }
}

/// Exactly what Apple lists. With a `nonce`, which other tokens have, Apple answered 401.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    exp: i64,
    aud: &'static str,
    bid: &'a str,
}

const AUDIENCE: &str = "appstoreconnect-v1";

/// As Apple's own libraries have it. A signature costs microseconds, so a longer life would save
/// nothing; a token that leaks is worthless sooner.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Servers whose clocks are set by the network differ by less.
const DEFAULT_BACKDATING: Duration = Duration::from_secs(60);

/// `exp` counts whole seconds; below one it could equal the present.
const MIN_LIFETIME: Duration = Duration::from_secs(1);

/// Apple refuses a token whose `exp` is more than 60 minutes after its `iat`.
const MAX_VALIDITY: Duration = Duration::from_secs(60 * 60);
