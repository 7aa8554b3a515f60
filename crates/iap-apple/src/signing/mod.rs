//! What does a server sign for Apple? Tokens for its own API calls, and offers for the app.

mod bearer_token;
mod error;
mod jwt;
mod key;
mod offer;
mod p8;
#[cfg(test)]
mod tests;

pub use bearer_token::{BearerToken, BearerTokenSigner};
pub use error::{KeyError, SigningError};
pub use key::InAppPurchaseKey;
pub use offer::{
    AdvancedCommerceInAppSignature, IntroductoryOffer, IntroductoryOfferEligibilitySignature,
    OfferSigner, PromotionalOfferSignatureV1, PromotionalOfferSignatureV2,
};
