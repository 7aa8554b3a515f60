//! What does a server sign so that the app can show an offer, or make an Advanced Commerce purchase?
//!
//! [Apple's page](https://developer.apple.com/documentation/storekit/generating-jws-to-sign-app-store-requests),
//! and for the original form
//! [this one](https://developer.apple.com/documentation/storekit/generating-a-signature-for-promotional-offers).

use core::fmt;
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_core::{AppId, Clock, OfferId, ProductId, SystemClock, Timestamp, TransactionId};
use serde::{Deserialize, Serialize, Serializer};

use super::{error::SigningError, jwt, key::InAppPurchaseKey};
use crate::{
    crypto,
    error::shorten,
    model::{AdvancedCommerceInAppRequest, AppAccountToken},
};

/// Signs for one app what StoreKit wants signed by the app's server.
///
/// Each signature gets a random nonce of its own, and is made for one purchase.
///
/// ```
/// use iap_apple::{InAppPurchaseKey, OfferSigner, SigningError};
/// use iap_core::{OfferId, ProductId, TransactionId};
///
/// fn win_back(key: InAppPurchaseKey, customer: &TransactionId) -> Result<String, SigningError> {
///     let signer = OfferSigner::new(key, "com.example.app")?;
///     let product_id = ProductId::new("pro.monthly");
///     let offer_id = OfferId::new("win-back");
///     let signature = signer.promotional_offer(&product_id, &offer_id, Some(customer))?;
///     Ok(signature.into_string())
/// }
/// # let _ = win_back;
/// ```
#[derive(Clone, Debug)]
pub struct OfferSigner {
    key: InAppPurchaseKey,
    bundle_id: AppId,
    clock: Arc<dyn Clock>,
}

impl OfferSigner {
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
            clock: Arc::new(SystemClock),
        })
    }

    /// Takes the present time from `clock`, which may be shared in an [`Arc`]. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Lets the app offer a subscription at a promotional price, for the iOS versions that take a
    /// JWS (`Product.PurchaseOption.promotionalOffer(_:compactJWS:)`).
    ///
    /// `transaction_id` ties the offer to a customer: the id of any of their transactions, or their
    /// `appTransactionId`.
    ///
    /// # Errors
    ///
    /// [`SigningError`] if an id is empty or has a character that no id has.
    pub fn promotional_offer(
        &self,
        product_id: &ProductId,
        offer_id: &OfferId,
        transaction_id: Option<&TransactionId>,
    ) -> Result<PromotionalOfferSignatureV2, SigningError> {
        check_identifier("product id", product_id.as_str())?;
        check_identifier("offer id", offer_id.as_str())?;
        if let Some(transaction_id) = transaction_id {
            check_identifier("transaction id", transaction_id.as_str())?;
        }
        let claims = PromotionalOfferClaims {
            product_id,
            offer_identifier: offer_id,
            transaction_id,
        };
        self.sign("promotional-offer", claims)
            .map(PromotionalOfferSignatureV2)
    }

    /// Lets the app offer a subscription at a promotional price, in the original form
    /// (`SKPaymentDiscount`, `Product.PurchaseOption.promotionalOffer(offerID:keyID:nonce:…)`).
    ///
    /// `app_account_token` must be the one that the app sets on the purchase (with StoreKit 1, its
    /// `applicationUsername`), and is signed in lower case; without one, the app must set none.
    /// The offer is valid for 24 hours.
    ///
    /// # Errors
    ///
    /// [`SigningError`] if an id is empty or has a character that no id has.
    pub fn promotional_offer_v1(
        &self,
        product_id: &ProductId,
        offer_id: &OfferId,
        app_account_token: Option<&AppAccountToken>,
    ) -> Result<PromotionalOfferSignatureV1, SigningError> {
        check_identifier("product id", product_id.as_str())?;
        check_identifier("offer id", offer_id.as_str())?;
        let account = app_account_token.map_or_else(String::new, |it| it.as_str().to_lowercase());
        // Not an identifier: with StoreKit 1 it is any text.
        if account.contains(SEPARATOR) {
            return Err(SigningError::Character {
                field: "app account token",
                found: SEPARATOR,
            });
        }
        let nonce = new_nonce()?;
        let timestamp = self.clock.now();
        let message = [
            self.bundle_id.as_str(),
            self.key.key_id(),
            product_id.as_str(),
            offer_id.as_str(),
            &account,
            &nonce,
            &timestamp.as_millis().to_string(),
        ]
        .join(SEPARATOR.encode_utf8(&mut [0; 4]));
        Ok(PromotionalOfferSignatureV1 {
            encoded_signature: STANDARD.encode(self.key.sign_der(message.as_bytes())?),
            product_id: product_id.clone(),
            nonce,
            timestamp,
            key_id: self.key.key_id().to_owned(),
            offer_identifier: offer_id.clone(),
            app_account_token: (!account.is_empty()).then(|| AppAccountToken::new(account)),
        })
    }

    /// Tells StoreKit whether a customer may have the introductory offer of a subscription, in place
    /// of Apple's own judgement (`Product.PurchaseOption.introductoryOfferEligibility(compactJWS:)`).
    ///
    /// `transaction_id` names the customer: the id of any of their transactions, or their
    /// `appTransactionId`.
    ///
    /// # Errors
    ///
    /// [`SigningError`] if an id is empty or has a character that no id has.
    pub fn introductory_offer_eligibility(
        &self,
        product_id: &ProductId,
        introductory_offer: IntroductoryOffer,
        transaction_id: &TransactionId,
    ) -> Result<IntroductoryOfferEligibilitySignature, SigningError> {
        check_identifier("product id", product_id.as_str())?;
        check_identifier("transaction id", transaction_id.as_str())?;
        let claims = IntroductoryOfferClaims {
            product_id,
            allow_introductory_offer: introductory_offer == IntroductoryOffer::Allow,
            transaction_id,
        };
        self.sign("introductory-offer-eligibility", claims)
            .map(IntroductoryOfferEligibilitySignature)
    }

    /// Lets the app make a purchase, or change a subscription, of the Advanced Commerce API.
    ///
    /// Only for what an app hands to StoreKit; what a server asks for itself goes through
    /// `AdvancedCommerceClient`, with a bearer token.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/storekit/sending-advanced-commerce-api-requests-from-your-app)
    ///
    /// ```
    /// use iap_apple::{
    ///     AdvancedCommerceInAppSignature, AdvancedCommerceRequestInfo,
    ///     AdvancedCommerceSubscriptionReactivateInAppRequest, Error, OfferSigner, RequestReferenceId,
    /// };
    ///
    /// fn reactivate(
    ///     signer: &OfferSigner,
    ///     reference: &str,
    ///     transaction_id: &str,
    /// ) -> Result<AdvancedCommerceInAppSignature, Error> {
    ///     let info = AdvancedCommerceRequestInfo::new(RequestReferenceId::new(reference)?);
    ///     let request = AdvancedCommerceSubscriptionReactivateInAppRequest::new(info, transaction_id);
    ///     Ok(signer.advanced_commerce_request(&request)?)
    /// }
    /// # let _ = reactivate;
    /// ```
    ///
    /// # Errors
    ///
    /// [`SigningError::Random`] if the system gives no random numbers.
    pub fn advanced_commerce_request(
        &self,
        request: &impl AdvancedCommerceInAppRequest,
    ) -> Result<AdvancedCommerceInAppSignature, SigningError> {
        let json = serde_json::to_vec(request).map_err(|error| SigningError::request(&error))?;
        let claims = AdvancedCommerceClaims {
            request: STANDARD.encode(json),
        };
        self.sign("advanced-commerce-api", claims)
            .map(AdvancedCommerceInAppSignature)
    }

    fn sign(&self, aud: &'static str, specific: impl Serialize) -> Result<String, SigningError> {
        let claims = Claims {
            iss: self.key.issuer_id(),
            iat: jwt::numeric_date(self.clock.now()),
            aud,
            bid: self.bundle_id.as_str(),
            nonce: new_nonce()?,
            specific,
        };
        jwt::sign(&self.key, &claims)
    }
}

/// Whether a customer may have an introductory offer.
#[expect(clippy::exhaustive_enums, reason = "Apple's claim is a Boolean")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntroductoryOffer {
    /// They may, even if they had one before.
    Allow,
    /// They may not.
    Deny,
}

/// A promotional offer signed in the original form: what the app passes on to StoreKit. In JSON, the
/// member `promotionalOfferSignatureV1` of an answer to a retention request.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/promotionaloffersignaturev1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PromotionalOfferSignatureV1 {
    /// The signature: DER in standard base64. StoreKit takes it as `Data`, decoded.
    pub encoded_signature: String,

    /// The subscription that is offered.
    pub product_id: ProductId,

    /// A UUID in lower case, new for each signature.
    pub nonce: String,

    /// When it was signed; in JSON in milliseconds since 1970. The offer is valid for 24 hours.
    #[serde(serialize_with = "as_millis")]
    pub timestamp: Timestamp,

    /// The id of the key that signed.
    pub key_id: String,

    /// The offer, as named in App Store Connect.
    pub offer_identifier: OfferId,

    /// The account that was signed, in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_account_token: Option<AppAccountToken>,
}

/// Defines a compact JWS that only the signer makes. It is no [`BearerToken`](crate::BearerToken).
macro_rules! signature {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// `Debug` does not show it. In JSON it is a text.
        #[derive(Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The compact JWS.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The compact JWS as an owned text.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({} bytes)", stringify!($name), self.0.len())
            }
        }
    };
}

signature! {
    /// A promotional offer, for the app's `promotionalOffer(_:compactJWS:)`, or for the member
    /// `promotionalOfferSignatureV2` of an answer to a retention request.
    PromotionalOfferSignatureV2
}

signature! {
    /// Whether a customer may have an introductory offer, for the app's
    /// `introductoryOfferEligibility(compactJWS:)`.
    IntroductoryOfferEligibilitySignature
}

signature! {
    /// A request of the Advanced Commerce API, for the app to hand to StoreKit. Not for calls that a
    /// server makes itself.
    AdvancedCommerceInAppSignature
}

/// What every JWS for the app says. Apple wants no `exp`.
#[derive(Serialize)]
struct Claims<'a, T> {
    iss: &'a str,
    iat: i64,
    aud: &'static str,
    bid: &'a str,
    nonce: String,
    #[serde(flatten)]
    specific: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PromotionalOfferClaims<'a> {
    product_id: &'a ProductId,
    offer_identifier: &'a OfferId,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a TransactionId>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IntroductoryOfferClaims<'a> {
    product_id: &'a ProductId,
    allow_introductory_offer: bool,
    transaction_id: &'a TransactionId,
}

#[derive(Serialize)]
struct AdvancedCommerceClaims {
    request: String,
}

impl SigningError {
    pub(super) fn request(reason: &impl fmt::Display) -> Self {
        Self::Request {
            reason: shorten(reason),
        }
    }
}

/// Refuses what cannot be an identifier of App Store Connect. A separator would let one value pass
/// for two; a line break, typical of variables read from files, would make Apple refuse the
/// signature without saying why.
pub(super) fn check_identifier(field: &'static str, text: &str) -> Result<(), SigningError> {
    let is_foreign = |it: &char| it.is_whitespace() || it.is_control() || *it == SEPARATOR;
    match text.chars().find(is_foreign) {
        Some(found) => Err(SigningError::Character { field, found }),
        None if text.is_empty() => Err(SigningError::Empty { field }),
        None => Ok(()),
    }
}

/// A random UUID (RFC 9562 §5.4) in lower case.
fn new_nonce() -> Result<String, SigningError> {
    let random = u128::from_be_bytes(crypto::random_bytes().ok_or(SigningError::Random)?);
    let uuid = random & !VERSION_AND_VARIANT | VERSION_4_VARIANT_1;
    Ok(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        uuid >> 96,
        uuid >> 80 & 0xffff,
        uuid >> 64 & 0xffff,
        uuid >> 48 & 0xffff,
        uuid & 0xffff_ffff_ffff
    ))
}

fn as_millis<S: Serializer>(timestamp: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(timestamp.as_millis())
}

/// What stands between the values of an offer signed in the original form.
const SEPARATOR: char = '\u{2063}';

/// The bits of a UUID that are not random.
const VERSION_AND_VARIANT: u128 = 0x0000_0000_0000_f000_c000_0000_0000_0000;
const VERSION_4_VARIANT_1: u128 = 0x0000_0000_0000_4000_8000_0000_0000_0000;
