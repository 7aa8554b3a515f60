//! Which requests would Apple refuse, and why? Found before they are sent.

use core::fmt;

/// A request that Apple would refuse, and the member that is wrong in it.
///
/// The value itself is not repeated: it may be a text of any size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member} {reason}")]
#[non_exhaustive]
pub struct InvalidRequest {
    /// The member, as Apple spells it.
    pub member: &'static str,
    /// What is wrong with it.
    pub reason: InvalidReason,
}

/// What is wrong with a member of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidReason {
    /// There is nothing in it.
    Empty,
    /// It has another form than Apple expects.
    Malformed {
        /// The form that Apple expects.
        expected: &'static str,
    },
    /// It is missing.
    Missing,
    /// The number is too small or too large.
    OutOfRange {
        /// The number.
        found: i64,
        /// The smallest that Apple takes.
        min: i64,
        /// The largest that Apple takes.
        max: i64,
    },
    /// It contradicts another member, in the words of the rule that it breaks.
    Rule(&'static str),
    /// The text is too long.
    TooLong {
        /// How many characters it has (Unicode scalar values, not bytes).
        found: usize,
        /// How many Apple takes.
        max: usize,
    },
    /// The list is too long.
    TooMany {
        /// How many entries it has.
        found: usize,
        /// How many Apple takes.
        max: usize,
    },
}

impl InvalidRequest {
    pub(super) const fn new(member: &'static str, reason: InvalidReason) -> Self {
        Self { member, reason }
    }

    pub(super) const fn rule(member: &'static str, rule: &'static str) -> Self {
        Self::new(member, InvalidReason::Rule(rule))
    }
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("must not be empty"),
            Self::Malformed { expected } => write!(f, "must be {expected}"),
            Self::Missing => f.write_str("is missing"),
            Self::OutOfRange { found, min, max } => {
                write!(f, "is {found}, but must be {min} to {max}")
            }
            Self::Rule(rule) => f.write_str(rule),
            Self::TooLong { found, max } => {
                write!(f, "has {found} characters, but may have up to {max}")
            }
            Self::TooMany { found, max } => {
                write!(f, "has {found} entries, but may have up to {max}")
            }
        }
    }
}

impl From<InvalidRequest> for iap_core::Error {
    fn from(error: InvalidRequest) -> Self {
        Self::misconfigured("the request is not valid, so it was not sent")
            .with_store(iap_core::Store::AppStore)
            .with_source(error)
    }
}

/// That `number` is within the bounds, both included.
pub(super) fn check_range(
    member: &'static str,
    number: impl Into<i64>,
    min: i64,
    max: i64,
) -> Result<(), InvalidRequest> {
    let found = number.into();
    if (min..=max).contains(&found) {
        return Ok(());
    }
    let reason = InvalidReason::OutOfRange { found, min, max };
    Err(InvalidRequest::new(member, reason))
}

/// That `list` has an entry.
pub(super) fn check_not_empty<T>(member: &'static str, list: &[T]) -> Result<(), InvalidRequest> {
    if list.is_empty() {
        return Err(InvalidRequest::new(member, InvalidReason::Empty));
    }
    Ok(())
}

/// Implements serde for types with `#[serde(remote = "Self")]` and a method `check`, so that a
/// request is refused when it is read as when it is made.
macro_rules! checked_when_read {
    ($($name:ident),+ $(,)?) => { $(
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let request = Self::deserialize(deserializer)?;
                request.check().map_err(::serde::de::Error::custom)?;
                Ok(request)
            }
        }
    )+ };
}

pub(super) use checked_when_read;

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn the_message_names_the_member_and_what_is_wrong_with_it() {
        let message = |reason| InvalidRequest::new("header", reason).to_string();
        assert_eq!(message(InvalidReason::Empty), "header must not be empty");
        assert_eq!(message(InvalidReason::Missing), "header is missing");
        assert_eq!(
            message(InvalidReason::TooLong { found: 67, max: 66 }),
            "header has 67 characters, but may have up to 66"
        );
        assert_eq!(
            message(InvalidReason::TooMany { found: 6, max: 5 }),
            "header has 6 entries, but may have up to 5"
        );
        assert_eq!(
            message(InvalidReason::OutOfRange {
                found: 91,
                min: 1,
                max: 90
            }),
            "header is 91, but must be 1 to 90"
        );
        assert_eq!(
            message(InvalidReason::Malformed { expected: "a UUID" }),
            "header must be a UUID"
        );
        assert_eq!(message(InvalidReason::Rule("must go")), "header must go");
    }

    #[test]
    fn as_a_common_error_it_is_our_mistake_and_never_a_verdict() {
        let invalid = InvalidRequest::new("items", InvalidReason::Empty);
        let error = iap_core::Error::from(invalid.clone());
        assert_eq!(error.kind(), iap_core::ErrorKind::Misconfigured);
        assert!(!error.is_retryable());
        let source = error.source().unwrap();
        assert_eq!(source.downcast_ref(), Some(&invalid));
    }
}
