//! Points in time as the stores count them, and the clock that a decision is given.

use core::{
    fmt,
    str::FromStr,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use std::{sync::Arc, time::SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z; negative before that.
///
/// Shown and serialized as RFC 3339 in UTC with milliseconds (`2026-11-21T09:30:00.000Z`).
/// Deserializes from RFC 3339 text with any offset, and from a number of milliseconds.
///
/// ```
/// use iap_core::Timestamp;
///
/// let at: Timestamp = "2026-11-21T10:30:00+01:00".parse()?;
/// assert_eq!(at.as_millis(), 1_795_253_400_000);
/// assert_eq!(at.to_string(), "2026-11-21T09:30:00.000Z");
/// # Ok::<(), iap_core::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(0);

    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since 1970-01-01T00:00:00Z; saturates where milliseconds no longer fit.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This point plus `duration`; saturates at the end of time.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis_of(duration)))
    }

    /// This point minus `duration`; saturates at the start of time.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis_of(duration)))
    }

    /// The time that passed since `earlier`; zero when `earlier` is not earlier.
    #[must_use]
    pub fn saturating_duration_since(self, earlier: Self) -> Duration {
        u64::try_from(self.0.saturating_sub(earlier.0))
            .map_or(Duration::ZERO, Duration::from_millis)
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp:.3}"),
            // Outside the years that RFC 3339 can write.
            Err(_) => write!(f, "{} ms since 1970", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a point in time as RFC 3339 writes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 timestamp such as 2026-11-21T09:30:00Z: {text:?}")]
pub struct ParseTimestampError {
    text: String,
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>()
            .map(|timestamp| Self(timestamp.as_millisecond()))
            .map_err(|_| ParseTimestampError {
                text: text.chars().take(MAX_SHOWN_TEXT).collect(),
            })
    }
}

/// How much of an unreadable text an error repeats: enough to recognise it, not enough to flood a log.
const MAX_SHOWN_TEXT: usize = 40;

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if jiff::Timestamp::from_millisecond(self.0).is_ok() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 timestamp or a number of milliseconds since 1970")
            }

            fn visit_i64<E: de::Error>(self, millis: i64) -> Result<Timestamp, E> {
                Ok(Timestamp(millis))
            }

            fn visit_u64<E: de::Error>(self, millis: u64) -> Result<Timestamp, E> {
                i64::try_from(millis).map(Timestamp).map_err(E::custom)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// Tells the present time. Decisions take it from here, never from the machine directly, so that
/// they can be tested and replayed.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The present time.
    fn now(&self) -> Timestamp;
}

/// A clock that is shared, so that a test can move it while a verifier reads it.
impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The machine's clock.
#[expect(clippy::exhaustive_structs, reason = "there is nothing to set")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Timestamp(
            match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
                Ok(after) => millis(after),
                Err(before) => millis(before.duration()).saturating_neg(),
            },
        )
    }
}

/// A clock that stands still until it is told to move: for tests and for judging old data. Share it
/// in an [`Arc`] to move it later.
///
/// ```
/// use std::time::Duration;
/// use iap_core::{Clock, FixedClock, Timestamp};
///
/// let clock = FixedClock::new("2026-11-21T09:30:00Z".parse::<Timestamp>()?);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now().to_string(), "2026-11-21T09:31:00.000Z");
/// # Ok::<(), iap_core::ParseTimestampError>(())
/// ```
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Sets the clock to `now`.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves the clock forward by `duration`.
    pub fn advance(&self, duration: Duration) {
        self.set(self.now().saturating_add(duration));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_text_round_trips_through_serde_with_milliseconds() {
        let at = Timestamp::from_millis(1_697_679_936_049);
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, r#""2023-10-19T01:45:36.049Z""#);
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
    }

    #[test]
    fn a_number_of_milliseconds_is_read_too() {
        let at: Timestamp = serde_json::from_str("-62135769600000").unwrap();
        assert_eq!(at.as_millis(), -62_135_769_600_000);
        assert_eq!(at.to_string(), "0000-12-30T00:00:00.000Z");
    }

    #[test]
    fn a_time_that_no_calendar_writes_keeps_its_number() {
        let at = Timestamp::from_millis(i64::MAX);
        let json = serde_json::to_string(&at).unwrap();
        assert_eq!(json, i64::MAX.to_string());
        assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
        assert_eq!(at.to_string(), "9223372036854775807 ms since 1970");
    }

    #[test]
    fn text_that_is_no_timestamp_is_refused_and_shown_in_part_only() {
        let error = "yesterday".parse::<Timestamp>().unwrap_err();
        assert!(error.to_string().contains("yesterday"));
        let error = "x".repeat(10_000).parse::<Timestamp>().unwrap_err();
        assert!(error.to_string().len() < 200);
    }

    #[test]
    fn sums_saturate_instead_of_wrapping() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.saturating_add(Duration::MAX), end);
        let start = Timestamp::from_millis(i64::MIN);
        assert_eq!(start.saturating_sub(Duration::MAX), start);
        assert_eq!(start.saturating_duration_since(end), Duration::ZERO);
        assert_eq!(Timestamp::from_seconds(i64::MAX), end);
    }
}
