//! How are Google's objects read and written? Defaults left out, `null` for nothing, numbers as text.
//!
//! [ProtoJSON](https://protobuf.dev/programming-guides/json/)

use core::time::Duration;

use serde::{Deserialize, Deserializer, Serializer, de};

/// Defines objects of Google's API by their members.
///
/// Each gets serde in both directions in Google's spelling, `Default`, and a member for what this
/// version does not know. A member may be missing; one with its default value is not written.
macro_rules! model {
    ($(
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $( $(#[$member_attribute:meta])* pub $member:ident: $type:ty, )*
        }
    )+) => { $(
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$member_attribute])*
                #[serde(skip_serializing_if = "crate::model::wire::is_default")]
                pub $member: $type,
            )*
            /// Members that this version does not know, as Google sent them.
            #[serde(flatten)]
            pub unknown: crate::model::UnknownMembers,
        }
    )+ };
}

pub(crate) use model;

/// Whether a member may be left out when it is written.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A list, map, number or truth value, and `null` as its default.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// `Option<i32>`, which Google writes as a number and, in one place, as text.
pub(super) mod int32 {
    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        number: &Option<i32>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => serializer.serialize_i32(*number),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<i32>, D::Error> {
        let number = Option::<WholeNumber>::deserialize(deserializer)?;
        number
            .map(|WholeNumber(number)| i32::try_from(number))
            .transpose()
            .map_err(|_| de::Error::custom("a number beyond 32 bits"))
    }
}

/// `Option<i64>`, which Google writes as text, since not every JSON reader has numbers that large.
pub(super) mod int64 {
    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        number: &Option<i64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => serializer.collect_str(number),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<i64>, D::Error> {
        let number = Option::<WholeNumber>::deserialize(deserializer)?;
        Ok(number.map(|WholeNumber(number)| number))
    }
}

/// `Option<Timestamp>` as the text of a number of milliseconds since 1970, as older objects have it.
pub(super) mod millis {
    use iap_core::Timestamp;

    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        timestamp: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        int64::serialize(&timestamp.map(Timestamp::as_millis), serializer)
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        Ok(int64::deserialize(deserializer)?.map(Timestamp::from_millis))
    }
}

/// `Option<Duration>` as seconds with the suffix `s`, such as `86400s` or `0.5s`.
pub(super) mod seconds {
    use super::*;

    pub(in crate::model) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let Some(duration) = duration else {
            return serializer.serialize_none();
        };
        let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
        if nanos == 0 {
            serializer.collect_str(&format_args!("{seconds}s"))
        } else {
            serializer.collect_str(&format_args!("{seconds}.{nanos:09}s"))
        }
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| {
            parse(&text).ok_or_else(|| de::Error::custom("no duration in seconds such as 86400s"))
        })
        .transpose()
    }

    fn parse(text: &str) -> Option<Duration> {
        let number = text.strip_suffix('s')?;
        let (seconds, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits(seconds) || !are_digits(fraction) || fraction.len() > NANO_DIGITS {
            return None;
        }
        let nanos = format!("{fraction:0<NANO_DIGITS$}").parse().ok()?;
        Some(Duration::new(seconds.parse().ok()?, nanos))
    }

    /// How many decimals a duration can have.
    const NANO_DIGITS: usize = 9;
}

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

#[cfg(test)]
#[allow(unreachable_pub, reason = "`model!` is for public objects")]
mod tests {
    use iap_core::Timestamp;
    use serde_json::{Value, json};

    use super::*;

    model! {
        /// One member of each kind.
        pub struct Sample {
            /// A list.
            #[serde(deserialize_with = "or_default")]
            pub list: Vec<String>,
            /// A truth value.
            #[serde(deserialize_with = "or_default")]
            pub flag: bool,
            /// A small number.
            #[serde(with = "int32")]
            pub small: Option<i32>,
            /// A large number.
            #[serde(with = "int64")]
            pub large: Option<i64>,
            /// An older time.
            #[serde(with = "millis")]
            pub at_millis: Option<Timestamp>,
            /// A time.
            pub at: Option<Timestamp>,
            /// A duration.
            #[serde(with = "seconds")]
            pub wait: Option<Duration>,
        }
    }

    fn read(json: Value) -> serde_json::Result<Sample> {
        serde_json::from_str(&json.to_string())
    }

    fn written(json: Value) -> Value {
        serde_json::to_value(read(json).unwrap()).unwrap()
    }

    #[test]
    fn nothing_is_read_from_nothing_from_null_and_from_defaults_and_is_not_written() {
        let nulls = json!({
            "list": null, "flag": null, "small": null, "large": null, "atMillis": null, "at": null,
            "wait": null,
        });
        for json in [json!({}), nulls, json!({ "list": [], "flag": false })] {
            assert_eq!(read(json.clone()).unwrap(), Sample::default());
            assert_eq!(written(json), json!({}));
        }
    }

    #[test]
    fn a_number_is_read_as_number_and_as_text_and_written_as_google_does() {
        let google =
            json!({ "small": 7, "large": "9007199254740993", "atMillis": "1469430000000" });
        let other = json!({ "small": "7", "large": 9_007_199_254_740_993_i64, "atMillis": 1_469_430_000_000_i64 });
        assert_eq!(read(google.clone()).unwrap(), read(other.clone()).unwrap());
        assert_eq!(written(other), google);
        assert_eq!(
            read(google).unwrap().at_millis,
            Some(Timestamp::from_millis(1_469_430_000_000))
        );
        assert_eq!(
            written(json!({ "small": 0, "large": "0" })),
            json!({ "small": 0, "large": "0" })
        );
    }

    #[test]
    fn what_is_no_number_no_time_and_no_duration_is_refused() {
        for json in [
            json!({ "small": "many" }),
            json!({ "small": 2_147_483_648_i64 }),
            json!({ "large": "9223372036854775808" }),
            json!({ "large": 1.5 }),
            json!({ "at": "yesterday" }),
            json!({ "atMillis": "2026-01-01T00:00:00Z" }),
            json!({ "wait": "86400" }),
            json!({ "wait": "-1s" }),
            json!({ "wait": "1.0000000001s" }),
            json!({ "wait": "+1s" }),
            json!({ "wait": "s" }),
            json!([]),
        ] {
            assert!(read(json.clone()).is_err(), "{json}");
        }
    }

    #[test]
    fn a_duration_is_seconds_with_a_suffix() {
        for (text, duration, again) in [
            ("86400s", Duration::from_secs(86_400), "86400s"),
            ("0s", Duration::ZERO, "0s"),
            ("0.5s", Duration::from_millis(500), "0.500000000s"),
            ("1.000000001s", Duration::new(1, 1), "1.000000001s"),
        ] {
            let sample = read(json!({ "wait": text })).unwrap();
            assert_eq!(sample.wait, Some(duration), "{text}");
            assert_eq!(
                serde_json::to_value(sample).unwrap(),
                json!({ "wait": again })
            );
        }
    }

    #[test]
    fn a_member_of_tomorrow_is_kept_and_debug_names_it_only() {
        let json = json!({ "flag": true, "ofTomorrow": { "deep": ["planted", null, 1.5] } });
        let sample = read(json.clone()).unwrap();
        assert_eq!(sample.unknown.names().collect::<Vec<_>>(), ["ofTomorrow"]);
        assert_eq!(written(json.clone()), json);
        let shown = format!("{sample:?}");
        assert!(
            shown.contains("ofTomorrow") && !shown.contains("planted"),
            "{shown}"
        );
    }
}
