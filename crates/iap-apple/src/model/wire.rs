//! How the payloads read numbers, lists and dates that are spelled in more than one way.

use core::hash::Hash;
use std::collections::HashMap;

use iap_core::{Timestamp, option_millis};
use serde::{Deserialize, Deserializer, Serializer, de};

/// A whole number that must be there, from `5`, `5.0` and `"5"`.
pub(super) fn required_whole_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<i64, D::Error> {
    WholeNumber::deserialize(deserializer).map(|WholeNumber(number)| number)
}

/// As [`option_millis`], for a timestamp that must be there.
pub(super) mod millis {
    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        timestamp: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(timestamp.as_millis())
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        option_millis::deserialize(deserializer)?.ok_or_else(|| {
            de::Error::invalid_type(de::Unexpected::Unit, &"a number of milliseconds since 1970")
        })
    }
}

/// A list, and `null` as the empty one.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// How often each value occurred, and `null` as never.
pub(super) fn counts<'de, D, T>(deserializer: D) -> Result<HashMap<T, i64>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Eq + Hash,
{
    let counts = Option::<HashMap<T, WholeNumber>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(counts
        .into_iter()
        .map(|(value, WholeNumber(count))| (value, count))
        .collect())
}

/// Defines an enum with a name for each side of a truth value that Apple wants.
macro_rules! flag {
    (
        $(#[$doc:meta])*
        $visibility:vis enum $name:ident {
            $(#[$yes_doc:meta])* $yes:ident = true,
            $(#[$no_doc:meta])* $no:ident = false $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(from = "bool", into = "bool")]
        #[expect(clippy::exhaustive_enums, reason = "a truth value has two sides")]
        $visibility enum $name {
            $(#[$yes_doc])* $yes,
            $(#[$no_doc])* $no,
        }

        impl From<bool> for $name {
            fn from(value: bool) -> Self {
                if value { Self::$yes } else { Self::$no }
            }
        }

        impl From<$name> for bool {
            fn from(value: $name) -> Self {
                matches!(value, $name::$yes)
            }
        }
    };
}

pub(super) use flag;

struct WholeNumber(i64);

impl From<i64> for WholeNumber {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl<'de> Deserialize<'de> for WholeNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        iap_core::__private::deserialize_number(deserializer)
    }
}
