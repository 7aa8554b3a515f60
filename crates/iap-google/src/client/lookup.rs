//! What came of looking a purchase up, where Google may have forgotten it.

use iap_core::Error;

use crate::api_error::{ApiFailure, FailureClass};

/// A purchase, or that Google no longer knows it. Both are answers, and neither is a failure.
#[expect(clippy::exhaustive_enums, reason = "there is no third answer")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    /// Google knows it.
    Found(T),
    /// Google knew it once: it was taken back, its account deleted, or it ended more than 60 days
    /// ago. End what is left of it.
    Gone(ApiFailure),
}

impl<T> Lookup<T> {
    /// The purchase, if Google knows it.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Gone(_) => None,
        }
    }

    /// The purchase; otherwise a rejection.
    ///
    /// # Errors
    ///
    /// [`Rejection::NoLongerValid`](iap_core::Rejection::NoLongerValid) if Google no longer knows it.
    pub fn found_or_rejected(self) -> Result<T, Error> {
        match self {
            Self::Found(found) => Ok(found),
            Self::Gone(failure) => Err(failure.into()),
        }
    }

    /// The same about something made of the purchase.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Lookup<U> {
        match self {
            Self::Found(found) => Lookup::Found(make(found)),
            Self::Gone(failure) => Lookup::Gone(failure),
        }
    }

    /// Takes "gone" out of the failures.
    pub(super) fn from_result(result: Result<T, Error>) -> Result<Self, Error> {
        let error = match result {
            Ok(found) => return Ok(Self::Found(found)),
            Err(error) => error,
        };
        match failure_of(&error) {
            Some(failure) if failure.class() == FailureClass::Gone => {
                Ok(Self::Gone(failure.clone()))
            }
            _ => Err(error),
        }
    }
}

/// The answer of Google that an error comes from.
pub(crate) fn failure_of(error: &Error) -> Option<&ApiFailure> {
    core::error::Error::source(error)?.downcast_ref()
}
