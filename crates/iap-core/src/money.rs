//! An amount of money, exact, in the unit that the stores use least differently: millionths.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount in millionths of a currency unit ("micros"), with its currency.
///
/// Apple counts in milliunits (`12990` is 12.99), Google in units and nanos or in micros; all fit
/// without rounding in 64 bits.
///
/// ```
/// use iap_core::{Currency, Money};
///
/// let price = Money::from_milliunits(12_990, "EUR".parse::<Currency>()?);
/// assert_eq!(price.to_string(), "12.99 EUR");
/// assert_eq!(price.micros(), 12_990_000);
/// # Ok::<(), iap_core::ParseCurrencyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    micros: i64,
    currency: Currency,
}

impl Money {
    /// From millionths of a currency unit.
    #[must_use]
    pub const fn from_micros(micros: i64, currency: Currency) -> Self {
        Self { micros, currency }
    }

    /// From thousandths of a currency unit, as Apple writes prices; saturates.
    #[must_use]
    pub const fn from_milliunits(milliunits: i64, currency: Currency) -> Self {
        Self::from_micros(milliunits.saturating_mul(1_000), currency)
    }

    /// From whole units and billionths, as Google's `Money` writes prices; saturates, and drops
    /// what is smaller than a millionth.
    #[must_use]
    pub fn from_units_and_nanos(units: i64, nanos: i32, currency: Currency) -> Self {
        let micros = units
            .saturating_mul(1_000_000)
            .saturating_add(i64::from(nanos / 1_000));
        Self::from_micros(micros, currency)
    }

    /// The amount in millionths of a currency unit.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }
}

impl fmt::Display for Money {
    /// At least two decimals, more only where the amount has them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.micros < 0 { "-" } else { "" };
        let absolute = self.micros.unsigned_abs();
        let (units, micros) = (absolute / 1_000_000, absolute % 1_000_000);
        let decimals = format!("{micros:06}");
        let trimmed = decimals.trim_end_matches('0');
        write!(f, "{sign}{units}.{trimmed:0<2} {}", self.currency)
    }
}

/// An ISO 4217 currency code: three upper-case letters. Codes that do not exist yet are accepted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code, for example `EUR`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only upper-case ASCII letters are ever stored.
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not three upper-case ASCII letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 4217 currency code of three upper-case letters")]
#[non_exhaustive]
pub struct ParseCurrencyError;

impl FromStr for Currency {
    type Err = ParseCurrencyError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let letters: [u8; 3] = code.as_bytes().try_into().map_err(|_| ParseCurrencyError)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(ParseCurrencyError)
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Currency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 4217 currency code")
            }

            fn visit_str<E: de::Error>(self, code: &str) -> Result<Currency, E> {
                code.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        "USD".parse().unwrap()
    }

    #[test]
    fn the_units_of_all_stores_mean_the_same_amount() {
        let apple = Money::from_milliunits(12_990, usd());
        let google = Money::from_units_and_nanos(12, 990_000_000, usd());
        assert_eq!(apple, google);
        assert_eq!(apple, Money::from_micros(12_990_000, usd()));
    }

    #[test]
    fn an_amount_shows_at_least_two_decimals_and_loses_none() {
        let shown = |micros| Money::from_micros(micros, usd()).to_string();
        assert_eq!(shown(0), "0.00 USD");
        assert_eq!(shown(500_000), "0.50 USD");
        assert_eq!(shown(1), "0.000001 USD");
        assert_eq!(shown(-12_345_000), "-12.345 USD");
        assert_eq!(shown(i64::MIN), "-9223372036854.775808 USD");
    }

    #[test]
    fn a_refund_in_units_and_nanos_keeps_its_sign() {
        assert_eq!(
            Money::from_units_and_nanos(-1, -750_000_000, usd()).micros(),
            -1_750_000
        );
    }

    #[test]
    fn an_absurd_amount_saturates() {
        assert_eq!(Money::from_milliunits(i64::MAX, usd()).micros(), i64::MAX);
        assert_eq!(
            Money::from_units_and_nanos(i64::MIN, -1, usd()).micros(),
            i64::MIN
        );
    }

    #[test]
    fn only_three_upper_case_letters_are_a_currency() {
        for code in ["usd", "US", "USDT", "U5D", "", "ÄÖÜ"] {
            assert_eq!(code.parse::<Currency>(), Err(ParseCurrencyError), "{code}");
        }
    }
}
