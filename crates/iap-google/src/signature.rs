//! Did Google Play sign what an Android device sent in? Checked offline, with the app's licence key.
//!
//! [Google's page](https://developer.android.com/google/play/billing/security#verify)

use core::ops::Deref;
use std::sync::Arc;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use iap_core::{
    AppId, Error, ErrorKind, ProductId, Proof, PurchaseToken, Rejection, Store, shorten,
};
use thiserror::Error as ThisError;

use crate::{
    json::read_object,
    license_key::LicenseKey,
    model::{InAppPurchaseData, InAppPurchaseState},
};

/// Verifies purchases that Google Play signed on a device, each app's with its own licence key.
///
/// It makes no request. What it proves is that Google Play made this text for this app. So it keeps
/// rubbish away from Google's quota: ask Google with the [proof](SignedPurchase::to_proof) before you
/// grant anything.
///
/// # What it does not prove
///
/// - **That it has been paid**: Google Play signs pending purchases, too. See
///   [`SignedPurchase::require_purchased`].
/// - **That it is still good**: refunds and expiry come later, and the text of a subscription has no
///   end.
/// - **That the sender is the buyer**: anybody can copy the text.
///
/// # What is checked
///
/// 1. Text and signature are not longer than what Google Play makes.
/// 2. The signature is base64, as it was made or as transports damage it; see [`SignatureRepair`].
/// 3. The licence key of the app signed exactly the bytes of the text. Only then is it read.
/// 4. The text is one JSON object without a member twice.
/// 5. It is about the app whose key signed it.
/// 6. It has the token of a purchase.
///
/// ```
/// use iap_google::PurchaseSignatureVerifier;
///
/// # fn example(license_key: &str, original_json: &str, signature: &str) -> Result<(), iap_core::Error> {
/// // Once, at start.
/// let verifier = PurchaseSignatureVerifier::new([("com.example.app", license_key.parse()?)]);
///
/// // For what an app sends: Purchase.getOriginalJson(), untouched, and Purchase.getSignature().
/// let purchase = verifier.verify(&"com.example.app".into(), original_json, signature)?;
/// purchase.require_product(&"coins".into())?;
/// purchase.require_purchased()?; // a pending purchase is signed, too
/// let proof = purchase.to_proof(); // ask Google
/// # let _ = proof;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PurchaseSignatureVerifier {
    keys: Arc<[(AppId, LicenseKey)]>,
}

impl PurchaseSignatureVerifier {
    /// Verifies purchases of these apps, each named by its package name.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = (impl Into<AppId>, LicenseKey)>) -> Self {
        Self {
            keys: keys
                .into_iter()
                .map(|(app, key)| (app.into(), key))
                .collect(),
        }
    }

    /// Verifies a purchase of the app with the package name `app`: the text as the device got it,
    /// byte for byte, and its signature in base64.
    ///
    /// A purchase that is **not paid yet** verifies as well, since Google Play signed it: see
    /// [`SignedPurchase::require_purchased`].
    ///
    /// # Errors
    ///
    /// The check that failed.
    pub fn verify(
        &self,
        app: &AppId,
        original_json: impl AsRef<[u8]>,
        signature: &str,
    ) -> Result<SignedPurchase, SignatureFailure> {
        let json = original_json.as_ref();
        let Some((app, key)) = self.keys.iter().find(|(known, _)| known == app) else {
            return Err(SignatureFailure::NoKey {
                known: self.keys.iter().map(|(app, _)| app.to_string()).collect(),
                wanted: shorten(app),
            });
        };
        // 1
        for (part, found, limit) in [
            ("text", json.len(), MAX_TEXT_LENGTH),
            ("signature", signature.len(), MAX_SIGNATURE_LENGTH),
        ] {
            if found > limit {
                return Err(SignatureFailure::TooLong { part, found, limit });
            }
        }
        // 2
        let readings = decode(signature)?;
        // 3
        let repair = readings
            .into_iter()
            .find_map(|(bytes, repair)| key.verifies(json, &bytes).then_some(repair))
            .ok_or(SignatureFailure::Signature)?;
        // 4
        let data: InAppPurchaseData =
            read_object(json).map_err(|problem| SignatureFailure::Payload {
                path: problem.path,
                reason: problem.reason,
            })?;
        // 5
        if data.package_name.as_ref() != Some(app) {
            return Err(SignatureFailure::App {
                expected: app.to_string(),
                found: data.package_name.as_ref().map(shorten),
            });
        }
        // 6
        let proof = data.proof_for(app.clone());
        let token = data.any_token().cloned();
        let (Some(proof), Some(purchase_token)) = (proof, token) else {
            return Err(SignatureFailure::NoToken);
        };
        Ok(SignedPurchase {
            app_id: app.clone(),
            purchase_token,
            proof,
            data,
            repair,
        })
    }
}

/// A purchase that Google Play signed on a device. Dereferences to the purchase.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedPurchase {
    app_id: AppId,
    purchase_token: PurchaseToken,
    proof: Proof,
    data: InAppPurchaseData,
    repair: SignatureRepair,
}

impl SignedPurchase {
    /// The app.
    #[must_use]
    pub const fn app_id(&self) -> &AppId {
        &self.app_id
    }

    /// The token of the purchase: its key. Let one purchase serve one account.
    #[must_use]
    pub const fn purchase_token(&self) -> &PurchaseToken {
        &self.purchase_token
    }

    /// What had to be repaired in the signature's text.
    #[must_use]
    pub const fn repair(&self) -> SignatureRepair {
        self.repair
    }

    /// Checks that `product` was bought, alone or among others.
    ///
    /// # Errors
    ///
    /// [`SignatureFailure::Product`].
    pub fn require_product(&self, product: &ProductId) -> Result<(), SignatureFailure> {
        if self.data.products().any(|found| found == product) {
            return Ok(());
        }
        Err(SignatureFailure::Product {
            expected: shorten(product),
            found: self.data.products().map(shorten).collect(),
        })
    }

    /// Whether the text says that the purchase has been paid. Whatever else it says, nothing among it,
    /// is no: the library on the device takes a missing state for paid.
    #[must_use]
    pub fn is_purchased(&self) -> bool {
        self.data.purchase_state == Some(InAppPurchaseState::Purchased)
    }

    /// Checks that the text says that the purchase has been paid.
    ///
    /// # Errors
    ///
    /// [`SignatureFailure::NotPurchased`]. It is a verdict only where the text says that the purchase
    /// was cancelled or refunded: what is pending may be paid later, under the same token.
    pub fn require_purchased(&self) -> Result<(), SignatureFailure> {
        if self.is_purchased() {
            return Ok(());
        }
        Err(SignatureFailure::NotPurchased {
            found: self.data.purchase_state,
        })
    }

    /// What to ask Google about: whether the purchase is good now.
    #[must_use]
    pub fn to_proof(&self) -> Proof {
        self.proof.clone()
    }
}

impl Deref for SignedPurchase {
    type Target = InAppPurchaseData;

    fn deref(&self) -> &InAppPurchaseData {
        &self.data
    }
}

/// What a transport had done to the base64 of a signature. None of it weakens the check: the bytes
/// must be the signature in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureRepair {
    /// Nothing: it came as Google Play made it.
    None,
    /// Something of these: a `+` became a space in a form, the alphabet is that of URLs, the padding
    /// is missing, white space was around it. Report it to whoever writes the app.
    Repaired,
}

/// The check that a signed purchase failed.
///
/// Each is a permanent verdict save for [`NoKey`](Self::NoKey), which is about our own set-up, and
/// [`NotPurchased`](Self::NotPurchased) of a purchase that may be paid later. It converts into
/// [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum SignatureFailure {
    /// The purchase is of another app than the one whose key signed it.
    #[error("the app is {}, expected {expected:?}", found.as_deref().unwrap_or("missing"))]
    App {
        /// The app.
        expected: String,
        /// The app of the text; `None` if it names none.
        found: Option<String>,
    },
    /// The signature is not base64.
    #[error("the signature is not base64: {reason}")]
    Encoding {
        /// What is wrong with it.
        reason: String,
    },
    /// No licence key was given for the app: **no verdict**.
    #[error("there is no licence key for {wanted:?}, only for {}", known.join(", "))]
    NoKey {
        /// The apps that there are keys for.
        known: Vec<String>,
        /// The app.
        wanted: String,
    },
    /// The text has no token of a purchase.
    #[error("purchaseToken is missing")]
    NoToken,
    /// The text does not say that the purchase has been paid: **no verdict**, unless it says that it
    /// was cancelled or refunded. Ask Google what it is now.
    #[error(
        "purchaseState is {}, expected {}",
        found.as_ref().map_or_else(|| "missing".to_owned(), ToString::to_string),
        InAppPurchaseState::Purchased
    )]
    NotPurchased {
        /// The state of the text; `None` if it names none.
        found: Option<InAppPurchaseState>,
    },
    /// The signature holds, but the text is not the JSON of a purchase.
    #[error("the text cannot be read at {path}: {reason}")]
    Payload {
        /// Where in the text, for example `purchaseTime`; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// Another product was bought.
    #[error("the products are {}, expected {expected:?}", found.join(", "))]
    Product {
        /// The product.
        expected: String,
        /// The products of the text.
        found: Vec<String>,
    },
    /// The signature does not match the text: it is forged, was changed on its way (even by reading
    /// and writing the JSON again), or is of another app.
    #[error("the signature does not match the text")]
    Signature,
    /// Longer than anything that Google Play makes.
    #[error("the {part} is {found} bytes long, at most {limit} are read")]
    TooLong {
        /// What is too long: `text` or `signature`.
        part: &'static str,
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
}

impl SignatureFailure {
    /// A stable name of the check that failed, for logs and metrics, for example `signature`.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::App { .. } => "app",
            Self::Encoding { .. } => "encoding",
            Self::NoKey { .. } => "no_key",
            Self::NoToken => "no_token",
            Self::NotPurchased { .. } => "not_purchased",
            Self::Payload { .. } => "payload",
            Self::Product { .. } => "product",
            Self::Signature => "signature",
            Self::TooLong { .. } => "too_long",
        }
    }

    /// What kind of failure this is, in the words that all stores share.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Rejected(match self {
            Self::NoKey { .. } => return ErrorKind::Misconfigured,
            Self::NotPurchased {
                found: Some(InAppPurchaseState::Canceled | InAppPurchaseState::Refunded),
            } => Rejection::NoLongerValid,
            // A stored "no" would outlive the payment.
            Self::NotPurchased { .. } => return ErrorKind::Unavailable,
            Self::App { .. } => Rejection::WrongApp,
            Self::Product { .. } => Rejection::WrongProduct,
            Self::Signature => Rejection::InvalidSignature,
            Self::Encoding { .. } | Self::NoToken | Self::Payload { .. } | Self::TooLong { .. } => {
                Rejection::Malformed
            }
        })
    }
}

impl From<SignatureFailure> for Error {
    fn from(failure: SignatureFailure) -> Self {
        let error = match failure.kind() {
            ErrorKind::Rejected(rejection) => Self::rejected(
                rejection,
                format!("the signed purchase failed check {}", failure.check()),
            ),
            ErrorKind::Unavailable => {
                Self::unavailable("the signed text does not say that the purchase has been paid")
            }
            _ => Self::misconfigured("there is no licence key for the app"),
        };
        error.with_store(Store::GooglePlay).with_source(failure)
    }
}

/// The bytes that a signature may stand for: what it says or, if that is no base64, what it says with
/// the work of transports undone. At least one.
///
/// A space at either end may be a `+` or be there by accident: there is a reading for each, with the
/// `+` first.
fn decode(signature: &str) -> Result<Vec<(Vec<u8>, SignatureRepair)>, SignatureFailure> {
    let error = match STANDARD.decode(signature) {
        Ok(bytes) => return Ok(vec![(bytes, SignatureRepair::None)]),
        Err(error) => error,
    };
    let standard = |character| match character {
        ' ' | '-' => '+',
        '_' => '/',
        other => other,
    };
    let ends: [&[char]; 2] = [&['\t', '\r', '\n'], &['\t', '\r', '\n', ' ']];
    let readings: Vec<_> = ends
        .into_iter()
        .filter_map(|ends| {
            let text: String = signature.trim_matches(ends).chars().map(standard).collect();
            FORGIVING.decode(text).ok()
        })
        .map(|bytes| (bytes, SignatureRepair::Repaired))
        .collect();
    if readings.is_empty() {
        return Err(SignatureFailure::Encoding {
            reason: error.to_string(),
        });
    }
    Ok(readings)
}

/// Standard base64, with or without padding.
const FORGIVING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A purchase has about 500 bytes; a developer payload may have been long.
const MAX_TEXT_LENGTH: usize = 64 * 1024;

/// A signature by a key of 8192 bits has 1,368 characters; some white space around it.
const MAX_SIGNATURE_LENGTH: usize = 2 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(signature: &str) -> Vec<Vec<u8>> {
        let readings = decode(signature).unwrap();
        readings.into_iter().map(|(bytes, _)| bytes).collect()
    }

    #[test]
    fn a_plus_that_became_a_space_is_found_wherever_it_was() {
        for signature in ["+AAA", "AAA+", "++++", "+A/A+A==", "AA+AAA=="] {
            let expected = STANDARD.decode(signature).unwrap();
            assert_eq!(bytes(signature).first(), Some(&expected));
            let damaged = signature.replace('+', " ");
            for damaged in [damaged.clone(), format!("\n{damaged}\r\n")] {
                assert_eq!(bytes(&damaged).first(), Some(&expected), "{damaged:?}");
            }
        }
    }

    #[test]
    fn a_space_that_was_added_is_found_too() {
        let expected = STANDARD.decode("AAA/").unwrap();
        for damaged in [" AAA/", "AAA/ ", "  AAA_\t"] {
            assert!(bytes(damaged).contains(&expected), "{damaged:?}");
        }
    }
}
