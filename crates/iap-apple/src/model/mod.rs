//! What does the App Store sign? The payloads, one file each, with the enums they use.
//!
//! Names are Apple's, in Rust's spelling. The rules for reading are the same everywhere:
//!
//! - Any member may be missing or `null`; then it is `None`, or the empty list. Only a
//!   [`RealtimeRequest`] must be complete.
//! - Members and enum values that this version does not know never fail a decode; an unknown value
//!   is kept in the enum's `Unknown` variant.
//! - Dates are milliseconds since 1970, also fractional and before 1970, as Xcode writes them.
//! - Amounts are whole thousandths of the currency unit.

mod advanced_commerce;
mod app_transaction;
mod common;
mod notification;
mod realtime_request;
mod renewal_info;
#[cfg(test)]
mod tests;
mod transaction;
mod wire;

pub use advanced_commerce::{
    AdvancedCommerceDescriptors, AdvancedCommerceOffer, AdvancedCommerceOfferPeriod,
    AdvancedCommerceOfferReason, AdvancedCommercePeriod, AdvancedCommercePriceIncreaseInfo,
    AdvancedCommercePriceIncreaseInfoStatus, AdvancedCommerceRefund, AdvancedCommerceRefundReason,
    AdvancedCommerceRefundType, AdvancedCommerceRenewalInfo, AdvancedCommerceRenewalItem,
    AdvancedCommerceTransactionInfo, AdvancedCommerceTransactionItem,
};
pub use app_transaction::{AppTransaction, PurchasePlatform};
pub use common::{
    AppAccountToken, AppStoreEnvironment, OfferDiscountType, OfferType, ProductType, Status,
};
pub use notification::{
    AppData, ConsumptionRequestReason, ExternalPurchaseToken, Notification, NotificationData,
    NotificationType, Subtype, Summary, TokenType,
};
pub use realtime_request::RealtimeRequest;
pub use renewal_info::{
    AutoRenewStatus, ExpirationIntent, PriceIncreaseStatus, RenewalBillingPlanType,
    RenewalCommitmentInfo, RenewalInfo,
};
pub use transaction::{
    BillingPlanType, InAppOwnershipType, RevocationReason, RevocationType, Transaction,
    TransactionCommitmentInfo, TransactionReason,
};
