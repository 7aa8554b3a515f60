//! What several payloads have in common: environments, product types, offers, account tokens.

use core::{
    fmt,
    hash::{Hash, Hasher},
};

use iap_core::{Environment, open_enum};
use serde::{Deserialize, Serialize};

open_enum! {
    /// The App Store world that signed data comes from, as Apple writes it.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/environment)
    #[doc(alias = "Environment")]
    pub enum AppStoreEnvironment: str {
        /// Made by `SKTestSession` in a unit test; not signed by Apple.
        LocalTesting = "LocalTesting",
        /// Real purchases of customers.
        Production = "Production",
        /// Apple's test world, TestFlight included.
        Sandbox = "Sandbox",
        /// Made by StoreKit testing in Xcode; not signed by Apple.
        Xcode = "Xcode",
    }
}

impl AppStoreEnvironment {
    /// The environment in the words that all stores share; `None` if this version does not know it.
    #[must_use]
    pub const fn known_environment(&self) -> Option<Environment> {
        match self {
            Self::LocalTesting => Some(Environment::LocalTesting),
            Self::Production => Some(Environment::Production),
            Self::Sandbox => Some(Environment::Sandbox),
            Self::Xcode => Some(Environment::Xcode),
            Self::Unknown(_) => None,
        }
    }
}

impl From<Environment> for AppStoreEnvironment {
    /// An environment that Apple does not have becomes `Unknown` with its common name.
    fn from(environment: Environment) -> Self {
        match environment {
            Environment::LocalTesting => Self::LocalTesting,
            Environment::Production => Self::Production,
            Environment::Sandbox => Self::Sandbox,
            Environment::Xcode => Self::Xcode,
            other => Self::Unknown(other.as_str().to_owned()),
        }
    }
}

open_enum! {
    /// What kind of product was bought.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/type)
    #[doc(alias = "Type")]
    pub enum ProductType: str {
        /// A subscription that renews until somebody stops it.
        AutoRenewableSubscription = "Auto-Renewable Subscription",
        /// Something that is used up and can be bought again.
        Consumable = "Consumable",
        /// Something that is bought once and kept.
        NonConsumable = "Non-Consumable",
        /// A subscription that ends by itself; the app knows when, the App Store does not.
        NonRenewingSubscription = "Non-Renewing Subscription",
    }
}

open_enum! {
    /// Which kind of offer gave a subscription period its price.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/offertype)
    pub enum OfferType: i64 {
        /// For customers who are new to the subscription group.
        IntroductoryOffer = 1,
        /// For present and former subscribers, chosen and signed by the developer.
        PromotionalOffer = 2,
        /// Redeemed with a code.
        OfferCode = 3,
        /// For former subscribers, to win them back.
        WinBackOffer = 4,
    }
}

open_enum! {
    /// How the customer pays during an offer.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/offerdiscounttype)
    pub enum OfferDiscountType: str {
        /// Nothing.
        FreeTrial = "FREE_TRIAL",
        /// A reduced price once, for a product that is not a subscription.
        OneTime = "ONE_TIME",
        /// A reduced price for each billing period of the offer.
        PayAsYouGo = "PAY_AS_YOU_GO",
        /// One reduced price for the whole offer, in advance.
        PayUpFront = "PAY_UP_FRONT",
    }
}

open_enum! {
    /// The state of a subscription that renews by itself.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/status)
    pub enum Status: i64 {
        /// Paid and running.
        Active = 1,
        /// Ended.
        Expired = 2,
        /// Expired because the renewal could not be charged; the App Store keeps trying.
        BillingRetry = 3,
        /// The renewal could not be charged; the customer keeps access while the App Store tries.
        BillingGracePeriod = 4,
        /// Refunded, or taken out of Family Sharing.
        Revoked = 5,
    }
}

/// The customer's account in the app's own system, as the app attached it to the purchase.
///
/// Apple documents a UUID and is not consistent in its case, so tokens compare and hash without
/// regard to ASCII case. Any text is accepted: a token that is no UUID must not lose a purchase.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/appaccounttoken)
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppAccountToken(String);

impl AppAccountToken {
    /// Wraps the token, unchanged and unchecked.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token as Apple wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for AppAccountToken {
    fn eq(&self, other: &Self) -> bool {
        *self == *other.as_str()
    }
}

impl Eq for AppAccountToken {}

impl PartialEq<str> for AppAccountToken {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for AppAccountToken {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl Hash for AppAccountToken {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        // No UTF-8 text contains this byte: it keeps neighbours in a tuple apart, as `str` does.
        state.write_u8(0xff);
    }
}

impl fmt::Display for AppAccountToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for AppAccountToken {
    fn from(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl From<String> for AppAccountToken {
    fn from(token: String) -> Self {
        Self(token)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn account_tokens_are_equal_whatever_their_case() {
        let upper = AppAccountToken::from("1B9D6BCD-BBFD-4B2D-9B5D-AB8DFBBD4BED");
        let lower = AppAccountToken::from("1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed");
        assert_eq!(upper, lower);
        assert_eq!(upper, lower.as_str());
        assert!(HashSet::from([upper.clone()]).contains(&lower));
        assert_ne!(upper, "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bee");

        // Only ASCII letters have two cases here: the Kelvin sign is no k.
        assert_ne!(AppAccountToken::from("k"), "\u{212a}");
    }

    #[test]
    fn an_account_token_keeps_its_text_even_if_it_is_no_uuid() {
        for text in ["1B9D6bcd-BBFD-4b2d-9B5D-ab8dfbbd4bed", "Swimmer № 7", ""] {
            let json = serde_json::to_string(text).unwrap();
            let token: AppAccountToken = serde_json::from_str(&json).unwrap();
            assert_eq!(token.as_str(), text);
            assert_eq!(token.to_string(), text);
            assert_eq!(serde_json::to_string(&token).unwrap(), json);
        }
    }

    #[test]
    fn every_common_environment_has_its_counterpart_and_returns_from_it() {
        for environment in [
            Environment::LocalTesting,
            Environment::Production,
            Environment::Sandbox,
            Environment::Xcode,
        ] {
            let apples = AppStoreEnvironment::from(environment);
            assert_eq!(apples.known_environment(), Some(environment));
        }
        for environment in AppStoreEnvironment::known() {
            assert!(environment.known_environment().is_some(), "{environment}");
        }
    }

    #[test]
    fn an_environment_that_is_spelled_differently_is_not_known() {
        for text in ["production", "PRODUCTION", "Production ", "Moon", ""] {
            assert_eq!(
                AppStoreEnvironment::from(text).known_environment(),
                None,
                "{text}"
            );
        }
    }
}
