//! How are Amazon's dates, lists and maps read, which it writes in more than one way?

use core::fmt;

use iap_core::{Timestamp, option_millis};
use serde::{
    Deserialize, Deserializer, Serializer,
    de::{self, IntoDeserializer as _},
};
use serde_json::{Map, Value};

/// A date that cannot be meant: it lies before 3 March 1973 (10¹¹ ms), as a number of seconds does
/// where milliseconds are expected.
///
/// It is taken as it stands, which may end access that was paid. Alert somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnlikelyDate {
    /// The member, as Amazon names it.
    pub member: &'static str,
    /// The date in it.
    pub date: Timestamp,
}

/// The dates of an answer, by Amazon's names.
pub(super) trait Dates {
    fn dates(&self) -> Vec<(&'static str, Option<Timestamp>)>;

    fn unlikely_dates(&self) -> Vec<UnlikelyDate> {
        self.dates()
            .into_iter()
            .filter_map(|(member, date)| {
                Some(UnlikelyDate {
                    member,
                    date: date?,
                })
            })
            .filter(|it| it.date < FIRST_LIKELY_DATE)
            .collect()
    }
}

/// A date in whatever notation, written as a number of milliseconds.
pub(crate) mod date {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(
        date: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(date.as_millis())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        required(deserializer)
    }
}

/// As [`date`], for a date that may be missing.
pub(super) mod option_date {
    use super::*;

    pub(in crate::model) use iap_core::option_millis::serialize;

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        deserializer.deserialize_option(DateVisitor)
    }
}

/// A date in whatever notation, written as a text of milliseconds.
#[cfg(feature = "billing-compatibility")]
pub(super) mod date_text {
    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        date: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&date.as_millis())
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        required(deserializer)
    }
}

/// As [`date_text`], for a date that may be missing.
#[cfg(feature = "billing-compatibility")]
pub(super) mod option_date_text {
    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        date: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => date_text::serialize(date, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        option_date::deserialize(deserializer)
    }
}

/// A value, and `null` as the empty one.
pub(super) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    option_date::deserialize(deserializer)?
        .ok_or_else(|| de::Error::invalid_type(de::Unexpected::Unit, &DateVisitor))
}

struct DateVisitor;

impl<'de> de::Visitor<'de> for DateVisitor {
    type Value = Option<Timestamp>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(Self)
    }

    fn visit_i64<E: de::Error>(self, millis: i64) -> Result<Self::Value, E> {
        Ok(Some(Timestamp::from_millis(millis)))
    }

    fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Self::Value, E> {
        option_millis::deserialize(millis.into_deserializer())
    }

    fn visit_f64<E: de::Error>(self, millis: f64) -> Result<Self::Value, E> {
        option_millis::deserialize(millis.into_deserializer())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let date = match text.parse() {
            Ok(millis) => Some(Timestamp::from_millis(millis)),
            Err(_) => java_date(text).or_else(|| text.parse().ok()),
        };
        date.map(Some)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// A date as Java's `Date.toString` writes it, in UTC: `Thu May 22 18:44:01 UTC 2014`.
fn java_date(text: &str) -> Option<Timestamp> {
    let mut words = text.split(' ');
    let [_, month, day, time, zone, year] = [(); 6].map(|()| words.next());
    if words.next().is_some() || !matches!(zone?, "UTC" | "GMT") {
        return None;
    }
    let month = MONTHS.iter().position(|name| Some(*name) == month)?;
    let month = month.checked_add(1)?;
    format!("{}-{month:02}-{}T{}Z", year?, day?, time?)
        .parse()
        .ok()
}

/// The entry of `purchaseMetadataMap` that marks a Quick Subscribe purchase, with the text `true`.
const QUICK_SUBSCRIBE: &str = "QuickSubscribe";

/// Whether the metadata of a purchase says that it was made with Quick Subscribe.
pub(super) fn is_quick_subscribe(metadata: &Map<String, Value>) -> bool {
    match metadata.get(QUICK_SUBSCRIBE) {
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        Some(Value::Bool(is_set)) => *is_set,
        _ => false,
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// 1973-03-03; as seconds it lies in the year 5138.
const FIRST_LIKELY_DATE: Timestamp = Timestamp::from_millis(100_000_000_000);
