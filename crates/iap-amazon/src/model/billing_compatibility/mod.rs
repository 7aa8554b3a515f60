//! What does Amazon answer about purchases made through the Appstore Billing Compatibility SDK?
//!
//! The answers have Google's shapes with additions of Amazon's.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/billing-compatibility-rvs.html>

mod product;
mod subscription;

pub use product::{BillingPurchaseState, BillingPurchaseType, ProductPurchase};
pub use subscription::{
    AutoRenewingPlan, BillingSubscriptionState, CanceledStateContext, DeferredItemReplacement,
    LineItem, LineItems, OfferDetails, SubscriptionPurchase,
};
