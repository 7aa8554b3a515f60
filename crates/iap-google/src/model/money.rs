//! In which two ways does Google write an amount of money?

use iap_core::Currency;

use super::wire::{int32, int64, model};

model! {
    /// An amount in whole units and billionths. Zeros are left out, so an object with a currency
    /// alone is an amount of nothing.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/Money)
    pub struct Money {
        /// The currency, as an ISO 4217 code such as `EUR`.
        pub currency_code: Option<String>,
        /// Whole units: `6` of 6.99.
        #[serde(with = "units")]
        pub units: i64,
        /// Billionths of a unit, with the sign of the units: `990000000` of 6.99.
        #[serde(with = "nanos")]
        pub nanos: i32,
    }

    /// An amount in millionths, as older objects have it.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/Price)
    pub struct Price {
        /// The currency, as an ISO 4217 code such as `EUR`.
        pub currency: Option<String>,
        /// Millionths of a unit, in decimal digits: `6990000` of 6.99.
        pub price_micros: Option<String>,
    }
}

impl Money {
    /// The amount as all stores share it; `None` if the currency is missing or no ISO 4217 code.
    ///
    /// ```
    /// let money: iap_google::Money =
    ///     serde_json::from_str(r#"{"currencyCode":"EUR","units":"6","nanos":990000000}"#)?;
    /// assert_eq!(money.to_money().unwrap().to_string(), "6.99 EUR");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_money(&self) -> Option<iap_core::Money> {
        let currency: Currency = self.currency_code.as_deref()?.parse().ok()?;
        Some(iap_core::Money::from_units_and_nanos(
            self.units, self.nanos, currency,
        ))
    }
}

impl From<iap_core::Money> for Money {
    fn from(money: iap_core::Money) -> Self {
        let (units, micros) = (money.micros() / MICROS, money.micros() % MICROS);
        Self {
            currency_code: Some(money.currency().as_str().to_owned()),
            units,
            nanos: i32::try_from(micros.saturating_mul(NANOS_PER_MICRO)).unwrap_or_default(),
            ..Self::default()
        }
    }
}

impl Price {
    /// The amount as all stores share it; `None` if it is not written as documented.
    #[must_use]
    pub fn to_money(&self) -> Option<iap_core::Money> {
        let currency: Currency = self.currency.as_deref()?.parse().ok()?;
        let micros = self.price_micros.as_deref()?.parse().ok()?;
        Some(iap_core::Money::from_micros(micros, currency))
    }
}

impl From<iap_core::Money> for Price {
    fn from(money: iap_core::Money) -> Self {
        Self {
            currency: Some(money.currency().as_str().to_owned()),
            price_micros: Some(money.micros().to_string()),
            ..Self::default()
        }
    }
}

/// The units, of which zero is left out.
mod units {
    use serde::{Deserializer, Serializer};

    use super::int64;

    pub(super) fn serialize<S: Serializer>(units: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        int64::serialize(&Some(*units), serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        int64::deserialize(deserializer).map(Option::unwrap_or_default)
    }
}

/// The billionths, of which zero is left out.
mod nanos {
    use serde::{Deserializer, Serializer};

    use super::int32;

    pub(super) fn serialize<S: Serializer>(nanos: &i32, serializer: S) -> Result<S::Ok, S::Error> {
        int32::serialize(&Some(*nanos), serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
        int32::deserialize(deserializer).map(Option::unwrap_or_default)
    }
}

const MICROS: i64 = 1_000_000;

const NANOS_PER_MICRO: i64 = 1_000;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_amount_without_zeros_is_read_and_written_as_google_does() {
        for (json, shown) in [
            (json!({ "currencyCode": "EUR" }), "0.00 EUR"),
            (
                json!({ "currencyCode": "JPY", "units": "500" }),
                "500.00 JPY",
            ),
            (
                json!({ "currencyCode": "EUR", "nanos": 990_000_000 }),
                "0.99 EUR",
            ),
            (
                json!({ "currencyCode": "EUR", "units": "-6", "nanos": -990_000_000 }),
                "-6.99 EUR",
            ),
        ] {
            let money: Money = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(money.to_money().unwrap().to_string(), shown);
            assert_eq!(serde_json::to_value(&money).unwrap(), json);
            assert_eq!(Money::from(money.to_money().unwrap()), money);
        }
    }

    #[test]
    fn an_older_price_is_the_same_amount() {
        let price: Price =
            serde_json::from_value(json!({ "currency": "EUR", "priceMicros": "6990000" })).unwrap();
        let money = price.to_money().unwrap();
        assert_eq!(money.to_string(), "6.99 EUR");
        assert_eq!(Price::from(money), price);
    }

    #[test]
    fn an_amount_without_a_currency_is_none() {
        for money in [
            json!({}),
            json!({ "units": "5" }),
            json!({ "currencyCode": "euro" }),
        ] {
            assert_eq!(
                serde_json::from_value::<Money>(money).unwrap().to_money(),
                None
            );
        }
        for price in [
            json!({ "currency": "EUR" }),
            json!({ "currency": "EUR", "priceMicros": "6.99" }),
        ] {
            assert_eq!(
                serde_json::from_value::<Price>(price).unwrap().to_money(),
                None
            );
        }
    }
}
