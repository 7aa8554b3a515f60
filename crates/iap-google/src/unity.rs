//! What is in a receipt of Unity's purchasing package, whichever store it came from?
//!
//! [Unity's page](https://docs.unity3d.com/Manual/UnityIAPPurchaseReceipts.html)

use core::fmt;

use iap_core::{Error, Proof, Rejection, UserId, open_enum, shorten};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error as ThisError;

use crate::{
    json::read_object,
    model::{HiddenText, InAppPurchaseData},
};

/// A receipt of Unity's purchasing package: `Store`, `TransactionID` and `Payload`.
///
/// Nothing in it is proven. Make a [`Proof`] of it for the store's verifier, or verify the payload:
/// of Google Play with a [`PurchaseSignatureVerifier`](crate::PurchaseSignatureVerifier), of Apple,
/// where it is an app receipt in base64, with `iap_apple::ReceiptVerifier`.
///
/// It is JSON in JSON in JSON: each level is decoded once and then left alone, since a signature
/// covers the innermost text byte for byte. Senders that put an object where a text belongs have lost
/// those bytes, and are refused.
///
/// ```
/// use iap_google::{UnityReceipt, UnityReceiptError, UnityStore};
///
/// let json = r#"{"Store":"AppleAppStore","TransactionID":"300000000000001","Payload":"MIIT…"}"#;
/// let receipt = UnityReceipt::from_json(json)?;
/// assert_eq!(*receipt.store(), UnityStore::AppleAppStore);
/// let proof = receipt.to_proof()?;
/// assert_eq!(proof.kind(), "Apple transaction id");
/// # Ok::<(), UnityReceiptError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct UnityReceipt {
    store: UnityStore,
    transaction_id: Option<HiddenText>,
    payload: Payload,
}

/// Not shown in `Debug`.
#[derive(Clone, PartialEq)]
struct Payload(String);

open_enum! {
    /// The store of a [`UnityReceipt`], as Unity names it.
    pub enum UnityStore: str {
        /// Amazon Appstore.
        AmazonApps = "AmazonApps",
        /// App Store.
        AppleAppStore = "AppleAppStore",
        /// Google Play.
        GooglePlay = "GooglePlay",
        /// App Store, on a Mac.
        MacAppStore = "MacAppStore",
    }
}

/// The payload of a receipt of Google Play. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct UnityGooglePayload {
    json: String,
    signature: String,
}

impl UnityReceipt {
    /// Reads a receipt.
    ///
    /// 1. It is not longer than receipts are.
    /// 2. It is one JSON object without a member twice.
    /// 3. It names its store, and its payload is a text.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, UnityReceiptError> {
        let json = json.as_ref();
        // 1
        check_length("receipt", json, MAX_RECEIPT_LENGTH)?;
        // 2
        let receipt: WireReceipt = read("receipt", json)?;
        // 3
        let store = receipt
            .store
            .ok_or(UnityReceiptError::Missing { member: "Store" })?;
        Ok(Self {
            store,
            transaction_id: receipt
                .transaction_id
                .filter(|id| !id.is_empty())
                .map(HiddenText::from),
            payload: Payload(text("Payload", receipt.payload)?),
        })
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &UnityStore {
        &self.store
    }

    /// The transaction id. Do not rely on it: what it is depends on the store and on the version of
    /// Unity's package; of Google Play it is an order id or the token of the purchase.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&str> {
        self.transaction_id.as_ref().map(HiddenText::as_str)
    }

    /// The payload as it is: of Apple an app receipt in base64.
    #[must_use]
    pub fn payload(&self) -> &str {
        &self.payload.0
    }

    /// The payload of a receipt of Google Play: the text that was signed, and its signature.
    ///
    /// # Errors
    ///
    /// [`UnityReceiptError::Store`] for another store, and what is wrong with the payload.
    pub fn google_payload(&self) -> Result<UnityGooglePayload, UnityReceiptError> {
        if self.store != UnityStore::GooglePlay {
            return Err(self.other_store("GooglePlay"));
        }
        let payload = self.payload.0.as_bytes();
        check_length("payload", payload, MAX_GOOGLE_PAYLOAD_LENGTH)?;
        let payload: WireGooglePayload = read("payload", payload)?;
        Ok(UnityGooglePayload {
            json: text("json", payload.json)?,
            signature: text("signature", payload.signature)?,
        })
    }

    /// What to ask the store about: of Google Play the token in the payload, of Apple the transaction
    /// id. Nothing of it is believed before that.
    ///
    /// # Errors
    ///
    /// [`UnityReceiptError::Store`] for Amazon, which takes a user id, too (see
    /// [`to_amazon_proof`](Self::to_amazon_proof)), and for stores that this library does not know;
    /// otherwise what is wrong with the receipt.
    pub fn to_proof(&self) -> Result<Proof, UnityReceiptError> {
        match self.store {
            UnityStore::GooglePlay => self.google_payload()?.to_proof(),
            UnityStore::AppleAppStore | UnityStore::MacAppStore => {
                Ok(Proof::apple_transaction_id(self.required_transaction_id()?))
            }
            UnityStore::AmazonApps | UnityStore::Unknown(_) => {
                Err(self.other_store("GooglePlay, AppleAppStore or MacAppStore"))
            }
        }
    }

    /// What to ask Amazon about: the transaction id, which is Amazon's receipt id, and the user id,
    /// which the app has to send beside the receipt.
    ///
    /// # Errors
    ///
    /// [`UnityReceiptError::Store`] for another store, and [`UnityReceiptError::Missing`].
    pub fn to_amazon_proof(&self, user_id: impl Into<UserId>) -> Result<Proof, UnityReceiptError> {
        if self.store != UnityStore::AmazonApps {
            return Err(self.other_store("AmazonApps"));
        }
        Ok(Proof::amazon_receipt(
            self.required_transaction_id()?,
            user_id,
        ))
    }

    fn required_transaction_id(&self) -> Result<&str, UnityReceiptError> {
        self.transaction_id().ok_or(UnityReceiptError::Missing {
            member: "TransactionID",
        })
    }

    fn other_store(&self, expected: &'static str) -> UnityReceiptError {
        UnityReceiptError::Store {
            expected,
            found: shorten(&self.store),
        }
    }
}

impl UnityGooglePayload {
    /// The text that Google Play signed, byte for byte.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Its signature in base64.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }

    fn to_proof(&self) -> Result<Proof, UnityReceiptError> {
        check_length("json", self.json.as_bytes(), MAX_GOOGLE_PAYLOAD_LENGTH)?;
        let data: InAppPurchaseData = read("json", self.json.as_bytes())?;
        let app = data.package_name.clone();
        let app = app.ok_or(UnityReceiptError::Missing {
            member: "packageName",
        })?;
        data.proof_for(app).ok_or(UnityReceiptError::Missing {
            member: "purchaseToken",
        })
    }
}

impl fmt::Debug for UnityGooglePayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnityGooglePayload").finish_non_exhaustive()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// What is wrong with a receipt of Unity. Each is a permanent verdict; it converts into
/// [`iap_core::Error`] with `?`.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum UnityReceiptError {
    /// A level is not the JSON object that it should be.
    #[error("the {level} cannot be read at {path}: {reason}")]
    Json {
        /// Which level: `receipt`, `payload` or `json`.
        level: &'static str,
        /// Where in it; `.` for the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// A member is missing.
    #[error("{member} is missing")]
    Missing {
        /// The member.
        member: &'static str,
    },
    /// A member is an object where it should be a text: the bytes that were signed are lost. Send the
    /// receipt as Unity gives it out, without reading it first.
    #[error("{member} is no text: the bytes that were signed are lost; send the receipt untouched")]
    NotText {
        /// The member.
        member: &'static str,
    },
    /// The receipt is of another store.
    #[error("the store is {found:?}, expected {expected}")]
    Store {
        /// The stores that it may be of.
        expected: &'static str,
        /// The store of the receipt.
        found: String,
    },
    /// Longer than any receipt.
    #[error("the {level} is {found} bytes long, at most {limit} are read")]
    TooLong {
        /// Which level: `receipt`, `payload` or `json`.
        level: &'static str,
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
}

impl From<UnityReceiptError> for Error {
    fn from(error: UnityReceiptError) -> Self {
        let rejection = match &error {
            UnityReceiptError::Store { .. } => Rejection::WrongKind,
            _ => Rejection::Malformed,
        };
        Self::rejected(rejection, "the Unity receipt cannot be used").with_source(error)
    }
}

#[derive(Deserialize)]
struct WireReceipt {
    #[serde(rename = "Store")]
    store: Option<UnityStore>,
    #[serde(rename = "TransactionID")]
    transaction_id: Option<String>,
    #[serde(rename = "Payload")]
    payload: Option<Value>,
}

#[derive(Deserialize)]
struct WireGooglePayload {
    json: Option<Value>,
    signature: Option<Value>,
}

fn check_length(level: &'static str, bytes: &[u8], limit: usize) -> Result<(), UnityReceiptError> {
    if bytes.len() > limit {
        return Err(UnityReceiptError::TooLong {
            level,
            found: bytes.len(),
            limit,
        });
    }
    Ok(())
}

fn read<T: serde::de::DeserializeOwned>(
    level: &'static str,
    json: &[u8],
) -> Result<T, UnityReceiptError> {
    read_object(json).map_err(|problem| UnityReceiptError::Json {
        level,
        path: problem.path,
        reason: problem.reason,
    })
}

fn text(member: &'static str, value: Option<Value>) -> Result<String, UnityReceiptError> {
    match value {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        None | Some(Value::Null | Value::String(_)) => Err(UnityReceiptError::Missing { member }),
        Some(_) => Err(UnityReceiptError::NotText { member }),
    }
}

/// The longest app receipt that `iap-apple` reads, 2 MiB, has 2.7 MiB in base64.
const MAX_RECEIPT_LENGTH: usize = 3 * 1024 * 1024;

/// The text of a purchase, its signature, and descriptions of products beside them.
const MAX_GOOGLE_PAYLOAD_LENGTH: usize = 256 * 1024;
