//! Enums for values that a store may extend tomorrow: what is unknown today is kept, not refused.

/// Defines an enum over a store's texts or numbers that keeps values it does not know.
///
/// The enum gets an `Unknown` variant with the raw value, `as_str` (or `as_i64`), `known` (all
/// values the enum names), `From`, `Display` and serde in both directions. A value goes through
/// unchanged, whether it is known or not.
///
/// ```
/// iap_core::open_enum! {
///     /// How an item was acquired.
///     pub enum Ownership: str {
///         /// Bought by this account.
///         Purchased = "PURCHASED",
///         /// Shared by a family member.
///         FamilyShared = "FAMILY_SHARED",
///     }
/// }
/// iap_core::open_enum! {
///     /// Whether a subscription renews.
///     pub enum AutoRenewStatus: i64 {
///         /// It does not.
///         Off = 0,
///         /// It does.
///         On = 1,
///     }
/// }
///
/// assert_eq!(Ownership::from("PURCHASED"), Ownership::Purchased);
/// assert_eq!(Ownership::from("RENTED"), Ownership::Unknown("RENTED".to_owned()));
/// assert_eq!(Ownership::from("RENTED").as_str(), "RENTED");
/// assert_eq!(AutoRenewStatus::from(7), AutoRenewStatus::Unknown(7));
/// assert_eq!(AutoRenewStatus::known(), [AutoRenewStatus::Off, AutoRenewStatus::On]);
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $visibility:vis enum $name:ident : str {
            $( $(#[$variant_doc:meta])* $variant:ident = $value:literal ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// A value that this version does not name, as the store sent it.
            Unknown(::std::string::String),
        }

        impl $name {
            /// The value as the store writes it.
            #[must_use]
            $visibility fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )+
                    Self::Unknown(value) => value,
                }
            }

            /// Every value that this version names.
            #[must_use]
            $visibility const fn known() -> &'static [Self] {
                &[ $( Self::$variant ),+ ]
            }

            fn named(value: &str) -> ::core::option::Option<Self> {
                match value {
                    $( $value => ::core::option::Option::Some(Self::$variant), )+
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::named(value).unwrap_or_else(|| Self::Unknown(::std::borrow::ToOwned::to_owned(value)))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::named(&value).unwrap_or(Self::Unknown(value))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::deserialize_text(deserializer)
            }
        }
    };
    (
        $(#[$doc:meta])*
        $visibility:vis enum $name:ident : i64 {
            $( $(#[$variant_doc:meta])* $variant:ident = $value:literal ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// A value that this version does not name, as the store sent it.
            Unknown(i64),
        }

        impl $name {
            /// The value as the store writes it.
            #[must_use]
            $visibility const fn as_i64(self) -> i64 {
                match self {
                    $( Self::$variant => $value, )+
                    Self::Unknown(value) => value,
                }
            }

            /// Every value that this version names.
            #[must_use]
            $visibility const fn known() -> &'static [Self] {
                &[ $( Self::$variant ),+ ]
            }
        }

        impl ::core::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $( $value => Self::$variant, )+
                    _ => Self::Unknown(value),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i64(), f)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::deserialize_number(deserializer)
            }
        }
    };
}

/// Reads a text without allocating unless the value is unknown.
#[doc(hidden)]
pub fn deserialize_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: for<'a> From<&'a str> + From<String>,
{
    struct Visitor<T>(core::marker::PhantomData<T>);

    impl<T: for<'a> From<&'a str> + From<String>> serde::de::Visitor<'_> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E>(self, value: &str) -> Result<T, E> {
            Ok(T::from(value))
        }

        fn visit_string<E>(self, value: String) -> Result<T, E> {
            Ok(T::from(value))
        }
    }

    deserializer.deserialize_str(Visitor(core::marker::PhantomData))
}

/// Reads a whole number, also where it was written with a decimal point or as text.
#[doc(hidden)]
pub fn deserialize_number<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: From<i64>,
{
    deserializer
        .deserialize_any(crate::wire::WholeNumber)
        .map(T::from)
}

#[cfg(test)]
mod tests {
    open_enum! {
        /// A text enum.
        enum Shape: str {
            /// Round.
            Circle = "CIRCLE",
            /// Not round.
            Square = "SQUARE",
        }
    }

    open_enum! {
        /// A number enum.
        enum Level: i64 {
            /// Low.
            Low = 0,
            /// High.
            High = 1,
        }
    }

    #[test]
    fn every_value_known_or_not_round_trips_unchanged() {
        assert_eq!(Shape::known(), [Shape::Circle, Shape::Square]);
        assert_eq!(Level::known(), [Level::Low, Level::High]);
        for json in [r#""CIRCLE""#, r#""SQUARE""#, r#""HEXAGON""#, r#""""#] {
            let shape: Shape = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&shape).unwrap(), json);
        }
        for json in ["0", "1", "2", "-9223372036854775808"] {
            let level: Level = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&level).unwrap(), json);
        }
    }

    #[test]
    fn an_unknown_value_keeps_what_the_store_sent() {
        assert_eq!(Shape::from("HEXAGON"), Shape::Unknown("HEXAGON".to_owned()));
        assert_eq!(Level::from(7), Level::Unknown(7));
        assert_eq!(Level::Unknown(7).to_string(), "7");
    }

    #[test]
    fn a_number_is_read_in_every_spelling_that_means_it() {
        for json in ["1", "1.0", r#""1""#] {
            assert_eq!(
                serde_json::from_str::<Level>(json).unwrap(),
                Level::High,
                "{json}"
            );
        }
        for json in ["1.5", r#""one""#, "null", "true", "[]", "1e300"] {
            assert!(serde_json::from_str::<Level>(json).is_err(), "{json}");
        }
    }
}
