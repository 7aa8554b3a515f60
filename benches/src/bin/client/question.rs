//! What is asked, with which key, and what is the answer?
//!
//! <https://developer.apple.com/documentation/appstoreserverapi/get-transaction-info>

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use iap_benches::Fixtures;

/// The one question of all sides: the transaction with this id.
pub(crate) const TRANSACTION_ID: &str = "2000000000000001";

/// What the path is made of; the clients put it together themselves.
pub(crate) const PATH: &str = "/inApps/v1/transactions/2000000000000001";

pub(crate) const BUNDLE_ID: &str = "com.example.app";

pub(crate) const KEY_ID: &str = "ABCDE12345";

pub(crate) const ISSUER_ID: &str = "57246542-96fe-1a63-e053-0824d011072a";

/// The answer to the question, and a key to ask it with.
pub(crate) struct Question {
    jws: String,
    answer: Bytes,
    p8: String,
}

impl Question {
    /// Makes a key and an answer: a transaction as Apple signs it, in JSON.
    pub(crate) fn new() -> Self {
        let fixtures = Fixtures::new();
        let jws = fixtures.signed()[0].transaction.clone();
        let answer = serde_json::json!({ "signedTransactionInfo": jws });
        let key = BASE64_STANDARD.encode(fixtures.authority().leaf_key_pkcs8_der());
        let (first, rest) = key.split_at(PEM_LINE);
        let (second, rest) = rest.split_at(PEM_LINE);
        Self {
            jws,
            answer: answer.to_string().into(),
            p8: format!(
                "-----BEGIN PRIVATE KEY-----\n{first}\n{second}\n{rest}\n-----END PRIVATE KEY-----\n"
            ),
        }
    }

    /// The body of the answer.
    pub(crate) const fn answer(&self) -> &Bytes {
        &self.answer
    }

    /// The signed transaction in the answer.
    pub(crate) fn jws(&self) -> &str {
        &self.jws
    }

    /// The key, as App Store Connect gives it out.
    pub(crate) fn p8(&self) -> &str {
        &self.p8
    }
}

/// RFC 7468 §3.
const PEM_LINE: usize = 64;
