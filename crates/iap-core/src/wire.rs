//! Serde helpers for what the stores write: milliseconds, and numbers in more than one spelling.

use core::fmt;

use serde::{Deserializer, Serializer, de};

use crate::Timestamp;

/// Reads a whole number written as an integer, with a decimal point, or as text.
pub(crate) struct WholeNumber;

/// Every integer of this size and below has its own `f64`.
const EXACT_IN_F64: f64 = 9_007_199_254_740_992.0;

impl de::Visitor<'_> for WholeNumber {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        if value.fract() == 0.0
            && let Some(whole) = truncate(value)
        {
            return Ok(whole);
        }
        Err(E::invalid_value(de::Unexpected::Float(value), &self))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<i64, E> {
        value
            .parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

/// The whole part of `value`, if it is small enough to be exact.
#[expect(
    clippy::as_conversions,
    reason = "the only way from f64 to i64, and exact inside the bound checked before it"
)]
fn truncate(value: f64) -> Option<i64> {
    (value.abs() <= EXACT_IN_F64).then_some(value as i64)
}

/// `Option<Timestamp>` as a number of milliseconds since 1970, for `#[serde(default, with = "…")]`.
///
/// Xcode writes fractions of a millisecond, which are cut off, and dates before 1970.
pub mod option_millis {
    use super::*;

    /// Writes the number of milliseconds, or `null`.
    ///
    /// # Errors
    ///
    /// Only those of the serializer.
    pub fn serialize<S: Serializer>(
        timestamp: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match timestamp {
            Some(timestamp) => serializer.serialize_some(&timestamp.as_millis()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a number of milliseconds, or `null`.
    ///
    /// # Errors
    ///
    /// When the value is neither a number nor `null`, or no `i64` can hold it.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Option<Timestamp>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of milliseconds since 1970")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_any(Self)
            }

            fn visit_i64<E>(self, millis: i64) -> Result<Self::Value, E> {
                Ok(Some(Timestamp::from_millis(millis)))
            }

            fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Self::Value, E> {
                i64::try_from(millis)
                    .map(|millis| Some(Timestamp::from_millis(millis)))
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(millis), &self))
            }

            fn visit_f64<E: de::Error>(self, millis: f64) -> Result<Self::Value, E> {
                truncate(millis)
                    .map(|millis| Some(Timestamp::from_millis(millis)))
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Float(millis), &self))
            }
        }

        deserializer.deserialize_option(Visitor)
    }
}

/// `Option<i64>` as a whole number in whatever spelling, for `#[serde(default, with = "…")]`.
///
/// `5`, `5.0` and `"5"` are read alike. A number or text that is no whole number reads as `None`: a
/// value that decides nothing must not make a purchase unreadable.
pub mod option_whole_number {
    use super::*;

    /// Writes the number, or `null`.
    ///
    /// # Errors
    ///
    /// Only those of the serializer.
    pub fn serialize<S: Serializer>(
        number: &Option<i64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => serializer.serialize_some(number),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a number, a text, or `null`.
    ///
    /// # Errors
    ///
    /// When the value is none of these.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<i64>, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Option<i64>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_any(Self)
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Some(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(i64::try_from(number).ok())
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok((number.fract() == 0.0).then(|| truncate(number)).flatten())
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.parse().ok())
            }
        }

        deserializer.deserialize_option(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Counted {
        #[serde(default, with = "option_whole_number")]
        count: Option<i64>,
    }

    #[test]
    fn a_whole_number_is_read_in_every_spelling_and_anything_near_it_is_none() {
        let read = |json: &str| serde_json::from_str::<Counted>(json).map(|it| it.count);
        for json in [r#"{"count":5}"#, r#"{"count":5.0}"#, r#"{"count":"5"}"#] {
            assert_eq!(read(json).unwrap(), Some(5), "{json}");
        }
        for json in [
            "{}",
            r#"{"count":null}"#,
            r#"{"count":0.99}"#,
            r#"{"count":1e300}"#,
            r#"{"count":18446744073709551615}"#,
            r#"{"count":"many"}"#,
        ] {
            assert_eq!(read(json).unwrap(), None, "{json}");
        }
        for json in [r#"{"count":true}"#, r#"{"count":[]}"#, r#"{"count":{}}"#] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Dated {
        #[serde(default, with = "option_millis")]
        at: Option<Timestamp>,
    }

    fn read(json: &str) -> Result<Option<i64>, serde_json::Error> {
        serde_json::from_str::<Dated>(json).map(|dated| dated.at.map(Timestamp::as_millis))
    }

    #[test]
    fn milliseconds_are_read_whole_fractional_negative_null_and_absent() {
        assert_eq!(
            read(r#"{"at":1697679936049}"#).unwrap(),
            Some(1_697_679_936_049)
        );
        assert_eq!(
            read(r#"{"at":1697679936049.7297}"#).unwrap(),
            Some(1_697_679_936_049)
        );
        assert_eq!(
            read(r#"{"at":-62135769600000}"#).unwrap(),
            Some(-62_135_769_600_000)
        );
        assert_eq!(read(r#"{"at":null}"#).unwrap(), None);
        assert_eq!(read("{}").unwrap(), None);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for json in [
            r#"{"at":"today"}"#,
            r#"{"at":1e300}"#,
            r#"{"at":true}"#,
            r#"{"at":18446744073709551615}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn milliseconds_are_written_as_a_number() {
        let dated = Dated {
            at: Some(Timestamp::from_millis(5)),
        };
        assert_eq!(serde_json::to_string(&dated).unwrap(), r#"{"at":5}"#);
    }
}
