//! When may a request be repeated? `Retry-After` in each of the three forms that stores use.
//!
//! RFC 9110 §10.2.3; <https://developer.apple.com/documentation/appstoreserverapi/identifying-rate-limits>

use core::time::Duration;

use http::{HeaderMap, header::RETRY_AFTER};

use crate::Timestamp;

/// What a number in `Retry-After` means to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Seconds to wait, as RFC 9110 says.
    Seconds,
    /// The moment from which to try again, in milliseconds since 1970: Apple's way. Small numbers
    /// cannot be that, and are read as seconds.
    UnixMillis,
}

/// How long to wait according to `Retry-After`; `None` if there is none or it cannot be read.
///
/// An HTTP date is understood for every store. A moment that has passed is no wait at all.
#[must_use]
pub fn retry_after(headers: &HeaderMap, form: RetryAfter, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let until = |moment: Timestamp| moment.saturating_duration_since(now);
    match text.parse::<i64>() {
        Ok(number) if form == RetryAfter::UnixMillis && number >= SMALLEST_UNIX_MILLIS => {
            Some(until(Timestamp::from_millis(number)))
        }
        Ok(number) => u64::try_from(number).ok().map(Duration::from_secs),
        Err(_) => http_date(text).map(until),
    }
}

/// An HTTP date in the form that RFC 9110 §5.6.7 demands of senders: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<Timestamp> {
    let time = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    let zoned = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

/// 2001-09-09: as seconds to wait it would be 31,000 years.
const SMALLEST_UNIX_MILLIS: i64 = 1_000_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn read(value: &str, form: RetryAfter) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        retry_after(&headers, form, now())
    }

    #[test]
    fn each_form_means_the_same_wait() {
        let minute = Some(Duration::from_secs(60));
        let millis = now()
            .saturating_add(Duration::from_secs(60))
            .as_millis()
            .to_string();
        assert_eq!(read(&millis, RetryAfter::UnixMillis), minute);
        assert_eq!(read("60", RetryAfter::Seconds), minute);
        assert_eq!(read("60", RetryAfter::UnixMillis), minute);
        for form in [RetryAfter::Seconds, RetryAfter::UnixMillis] {
            assert_eq!(read("Sat, 21 Nov 2026 12:01:00 GMT", form), minute);
            assert_eq!(read(" 60 ", form), minute);
        }
    }

    #[test]
    fn a_moment_that_has_passed_is_no_wait() {
        for value in ["Sat, 21 Nov 2020 12:01:00 GMT", "1600000000000", "0"] {
            assert_eq!(
                read(value, RetryAfter::UnixMillis),
                Some(Duration::ZERO),
                "{value}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_wish() {
        for value in [
            "",
            "soon",
            "-5",
            "1.5",
            "99999999999999999999",
            "Sat, 99 Nov 2026 12:01:00 GMT",
        ] {
            assert_eq!(read(value, RetryAfter::UnixMillis), None, "{value}");
            assert_eq!(read(value, RetryAfter::Seconds), None, "{value}");
        }
        assert_eq!(
            retry_after(&HeaderMap::new(), RetryAfter::Seconds, now()),
            None
        );
    }
}
