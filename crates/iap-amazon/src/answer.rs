//! What did Amazon answer, in which environment, and when?

use core::ops::Deref;

use iap_core::{Environment, Error, Store, Timestamp, UserId, read_answer};
use serde::de::DeserializeOwned;

/// An answer of Amazon with what it does not say itself: the environment that was asked, the
/// customer that was asked about, and when it came.
///
/// Made by `AmazonClient`, or from what this backend has stored. Derefs to the answer. What it means
/// is `to_purchase`.
///
/// ```
/// use iap_amazon::{Answer, Receipt};
/// use iap_core::{AccessPolicy, Environment, Timestamp};
///
/// let stored = br#"{"receiptId":"wE1EG1gsEZI9=:2:11","productId":"remove_ads",
///     "productType":"ENTITLED","purchaseDate":1780000000000,"cancelDate":null}"#;
/// let received_at: Timestamp = "2026-11-21T12:00:00Z".parse()?;
/// let answer = Answer::<Receipt>::from_stored_json(stored, Environment::Production, received_at)?;
/// assert_eq!(answer.product_id, "remove_ads");
/// let purchase = answer.to_purchase();
/// assert!(purchase.access_at(received_at, &AccessPolicy::new()).is_granted());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    content: T,
    environment: Environment,
    user_id: Option<UserId>,
    received_at: Timestamp,
}

impl<T> Answer<T> {
    pub(crate) const fn new(content: T, environment: Environment, received_at: Timestamp) -> Self {
        Self {
            content,
            environment,
            user_id: None,
            received_at,
        }
    }

    /// Reads an answer that this backend got from Amazon and stored: the body of a response with
    /// status 200.
    ///
    /// **Nothing signs it.** JSON that came from an app, or from anywhere but Amazon over HTTPS, proves
    /// nothing; ask Amazon instead.
    ///
    /// # Errors
    ///
    /// [`InvalidResponse`](iap_core::ErrorKind::InvalidResponse) if it cannot be read.
    pub fn from_stored_json(
        json: &[u8],
        environment: Environment,
        received_at: Timestamp,
    ) -> Result<Self, Error>
    where
        T: DeserializeOwned,
    {
        Ok(Self::new(read(json)?, environment, received_at))
    }

    /// Adds the customer that was asked about, whom Amazon checks and does not repeat.
    #[must_use]
    pub fn of_user(mut self, user_id: UserId) -> Self {
        self.user_id = Some(user_id);
        self
    }

    /// The answer itself.
    #[must_use]
    pub const fn content(&self) -> &T {
        &self.content
    }

    /// The environment that was asked.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// The customer that was asked about; `None` in Billing Compatibility, which is not told.
    #[must_use]
    pub const fn user_id(&self) -> Option<&UserId> {
        self.user_id.as_ref()
    }

    /// When the answer came.
    #[must_use]
    pub const fn received_at(&self) -> Timestamp {
        self.received_at
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.content
    }
}

/// Reads the body of a good answer.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    if body.len() > MAX_ANSWER_LENGTH {
        return Err(unreadable("the answer is too long"));
    }
    read_answer(body).map_err(|error| unreadable("the answer cannot be read").with_source(error))
}

pub(crate) fn unreadable(message: &'static str) -> Error {
    Error::invalid_response(message).with_store(Store::AmazonAppstore)
}

/// Receipts have less than a kilobyte; metadata of tomorrow may make them longer.
const MAX_ANSWER_LENGTH: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use iap_core::ErrorKind;
    use serde_json::json;

    use super::*;
    use crate::Receipt;

    fn read_text(text: &str) -> Result<Receipt, Error> {
        read(text.as_bytes())
    }

    fn good() -> serde_json::Value {
        json!({"receiptId": "r", "productId": "p", "productType": "ENTITLED", "purchaseDate": 1})
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_no_verdict_and_names_the_member() {
        let mut bad = good();
        bad["cancelDate"] = json!("soon");
        let error = read_text(&bad.to_string()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert_eq!(error.store(), Some(Store::AmazonAppstore));
        assert!(error.source().unwrap().to_string().contains("cancelDate"));

        let good = good().to_string();
        for text in [
            "",
            "<html>",
            "null",
            "[]",
            r#"["r", "p", "ENTITLED", 1]"#,
            "{}",
            good.strip_suffix('}').unwrap(),
            &format!("{good}{good}"),
            &format!("{good}{}", " ".repeat(MAX_ANSWER_LENGTH)),
        ] {
            let error = read_text(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{text}");
        }
        assert!(read_text(&format!("{good}\n")).is_ok());
    }

    #[test]
    fn an_answer_keeps_what_it_does_not_say_itself() {
        let at = Timestamp::from_millis(5);
        let json = good().to_string();
        let answer =
            Answer::<Receipt>::from_stored_json(json.as_bytes(), Environment::Sandbox, at).unwrap();
        assert_eq!(answer.user_id(), None);
        let answer = answer.of_user("user".into());
        assert_eq!(answer.environment(), Environment::Sandbox);
        assert_eq!(answer.received_at(), at);
        assert_eq!(answer.user_id().unwrap(), &"user");
        assert_eq!(answer.content().receipt_id, answer.receipt_id);
    }
}
