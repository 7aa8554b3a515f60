//! Why can a key not be used, or something not be signed?
//!
//! No message repeats anything of what was given: a key may stand in the place of any argument.

use core::time::Duration;

use iap_core::{Error, Store};
use thiserror::Error as ThisError;

/// What is wrong with an in-app purchase key. Names the mistake and never the key.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum KeyError {
    /// The text between the lines of PEM, or the whole text, is not Base64.
    #[error("the key is not Base64: use the .p8 file unchanged, as App Store Connect gave it out")]
    Base64,
    /// It is a certificate.
    #[error("this is a certificate, expected the private key: the .p8 file of App Store Connect")]
    Certificate,
    /// The key is on another curve than P-256.
    #[error(
        "this is an EC key on {found}, expected P-256: an in-app purchase key is never on another curve"
    )]
    Curve {
        /// The curve, for example `P-384`.
        found: &'static str,
    },
    /// The PEM text has no end.
    #[error("the key is cut off: the line -----END PRIVATE KEY----- is missing")]
    CutOff,
    /// There is nothing.
    #[error("the key is empty: is the variable or file that it comes from set?")]
    Empty,
    /// The whole `.p8` file was put in Base64 once more.
    #[error("this is the .p8 file in Base64: decode it once, and pass on what comes out")]
    EncodedTwice,
    /// The key is encrypted with a password.
    #[error(
        "the key is encrypted: decrypt it with `openssl pkcs8 -in key.pem -out key.p8`, or use the \
         .p8 file of App Store Connect, which is not"
    )]
    Encrypted,
    /// It is the name of a file.
    #[error("this is the path of a file, expected its content: read the file first")]
    FilePath,
    /// The issuer id is not a UUID.
    #[error(
        "the issuer id is not a UUID, as App Store Connect shows it above the keys: it has {length} \
         characters{}",
        issuer_id_hint(*length)
    )]
    IssuerId {
        /// How many characters were given, without white space around them.
        length: usize,
    },
    /// The key id is not 10 letters and digits.
    #[error(
        "the key id is not the 10 letters and digits that App Store Connect shows beside the key: \
         it has {length} characters{}",
        key_id_hint(*length)
    )]
    KeyId {
        /// How many characters were given, without white space around them.
        length: usize,
    },
    /// It is neither PEM nor Base64 nor DER.
    #[error(
        "this is not a key: expected the content of a .p8 file, which starts with \
         -----BEGIN PRIVATE KEY-----"
    )]
    NotAKey,
    /// It is PEM, but of something else.
    #[error("this is PEM of something else, expected -----BEGIN PRIVATE KEY-----")]
    OtherPem,
    /// It is a private key of another kind, such as Ed25519.
    #[error("this is a private key of another kind, expected an EC key on P-256")]
    OtherAlgorithm,
    /// It is a public key.
    #[error("this is a public key, expected the private key: the .p8 file of App Store Connect")]
    PublicKey,
    /// It is an RSA key.
    #[error("this is an RSA key, expected an EC key on P-256: is it a key of another service?")]
    Rsa,
    /// It is a private key in the format of SEC 1, which is not the one that Apple gives out.
    #[error(
        "this is a key in the format SEC 1 (EC PRIVATE KEY), expected PKCS #8 (PRIVATE KEY): \
         convert it with `openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.p8`"
    )]
    Sec1,
    /// There is more than one object in the PEM text.
    #[error("there are several objects in the PEM text, expected the private key alone")]
    SeveralObjects,
    /// The key was read, but its first signature failed.
    #[error("the key cannot sign: the cryptography library made no signature that verifies")]
    SelfCheck,
    /// It is longer than any key.
    #[error("the key is {found} bytes long, at most {limit} are read")]
    TooLong {
        /// How long it is, in bytes.
        found: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Its bytes are damaged.
    #[error(
        "the key is damaged: its bytes are not PKCS #8 of a P-256 key with its public part. Use the \
         .p8 file unchanged, as App Store Connect gave it out"
    )]
    Unreadable,
    /// It is text in UTF-16, as some editors and shells of Windows write it.
    #[error("the key is in UTF-16: save it as UTF-8, or use the .p8 file unchanged")]
    Utf16,
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::misconfigured("the in-app purchase key cannot be used")
            .with_store(Store::AppStore)
            .with_source(error)
    }
}

/// Why something was not signed.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum SigningError {
    /// A value that must be there is empty.
    #[error("the {field} is empty")]
    Empty {
        /// Which value, for example `product id`.
        field: &'static str,
    },
    /// A value has a character that cannot be part of it: white space, a control character, or the
    /// invisible separator that Apple puts between the signed values.
    #[error("the {field} contains the character {}, which cannot be part of it", found.escape_unicode())]
    Character {
        /// Which value, for example `product id`.
        field: &'static str,
        /// The first such character.
        found: char,
    },
    /// A bearer token would live longer than Apple accepts, or not at all.
    #[error(
        "a bearer token is valid for 1 to {} s from its iat, but {} s before and {} s after now \
         were asked for",
        limit.as_secs(),
        backdating.as_secs(),
        lifetime.as_secs()
    )]
    Lifetime {
        /// How long after the present it would be valid.
        lifetime: Duration,
        /// How long before the present it would start.
        backdating: Duration,
        /// What Apple accepts for both together.
        limit: Duration,
    },
    /// The system gave no random numbers, without which nothing can be signed.
    #[error("the system gave no random numbers to sign with")]
    Random,
    /// What is to be signed cannot be written as JSON.
    #[error("the request cannot be written as JSON: {reason}")]
    Request {
        /// Why not.
        reason: String,
    },
}

impl From<SigningError> for Error {
    fn from(error: SigningError) -> Self {
        let message = "nothing could be signed for the App Store";
        match error {
            SigningError::Random => Self::unavailable(message),
            _ => Self::misconfigured(message),
        }
        .with_store(Store::AppStore)
        .with_source(error)
    }
}

const fn key_id_hint(length: usize) -> &'static str {
    match length {
        KEY_ID_LENGTH => ", not all of them letters or digits",
        UUID_LENGTH => ", as an issuer id has. Are the two swapped?",
        LIKELY_KEY.. => ". Is it the key itself?",
        _ => "",
    }
}

const fn issuer_id_hint(length: usize) -> &'static str {
    match length {
        KEY_ID_LENGTH => ", as a key id has. Are the two swapped?",
        LIKELY_KEY.. => ". Is it the key itself?",
        _ => "",
    }
}

/// A key id such as App Store Connect shows it.
pub(super) const KEY_ID_LENGTH: usize = 10;

/// A UUID as text.
const UUID_LENGTH: usize = 36;

/// No id is that long; the shortest key in Base64 has 92 characters.
const LIKELY_KEY: usize = 90;
