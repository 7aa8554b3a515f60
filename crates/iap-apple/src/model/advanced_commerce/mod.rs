//! What does the Advanced Commerce API sell, change and refund, and what does it add to signed data?
//!
//! With that API the developer keeps the catalogue: Apple knows one generic product, and the items
//! really bought are named in each request.
//!
//! [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi)

mod change;
mod in_app;
mod migration;
mod modify;
mod payload;
mod refund;
mod response;
mod shared;

pub use change::{
    AdvancedCommerceMetadataChange, AdvancedCommerceSubscriptionChangeMetadataDescriptors,
    AdvancedCommerceSubscriptionChangeMetadataItem,
    AdvancedCommerceSubscriptionChangeMetadataRequest, AdvancedCommerceSubscriptionPriceChangeItem,
    AdvancedCommerceSubscriptionPriceChangeRequest,
};
pub use in_app::{
    AdvancedCommerceInAppRequest, AdvancedCommerceOneTimeChargeCreateRequest,
    AdvancedCommerceOneTimeChargeItem, AdvancedCommerceSubscriptionCreateItem,
    AdvancedCommerceSubscriptionCreateRequest, AdvancedCommerceSubscriptionReactivateInAppRequest,
    AdvancedCommerceSubscriptionReactivateItem,
};
pub use migration::{
    AdvancedCommerceSubscriptionMigrateDescriptors, AdvancedCommerceSubscriptionMigrateItem,
    AdvancedCommerceSubscriptionMigrateRenewalItem, AdvancedCommerceSubscriptionMigrateRequest,
};
pub use modify::{
    AdvancedCommerceSubscriptionChange, AdvancedCommerceSubscriptionModifyAddItem,
    AdvancedCommerceSubscriptionModifyChangeItem, AdvancedCommerceSubscriptionModifyDescriptors,
    AdvancedCommerceSubscriptionModifyInAppRequest, AdvancedCommerceSubscriptionModifyPeriodChange,
    AdvancedCommerceSubscriptionModifyRemoveItem, BillingCycle,
};
pub use payload::{
    AdvancedCommercePriceIncreaseInfo, AdvancedCommercePriceIncreaseInfoStatus,
    AdvancedCommerceRefund, AdvancedCommerceRenewalInfo, AdvancedCommerceRenewalItem,
    AdvancedCommerceTransactionInfo, AdvancedCommerceTransactionItem,
};
pub use refund::{
    AdvancedCommerceRequestRefundItem, AdvancedCommerceRequestRefundRequest,
    AdvancedCommerceSubscriptionCancelRequest, AdvancedCommerceSubscriptionRevokeRequest,
    AfterRefund, RefundAmount, RefundRiskingPreference,
};
pub use response::{
    AdvancedCommerceRequestRefundResponse, AdvancedCommerceSubscriptionCancelResponse,
    AdvancedCommerceSubscriptionChangeMetadataResponse,
    AdvancedCommerceSubscriptionMigrateResponse, AdvancedCommerceSubscriptionPriceChangeResponse,
    AdvancedCommerceSubscriptionRevokeResponse,
};
pub use shared::{
    AdvancedCommerceDescriptors, AdvancedCommerceEffective, AdvancedCommerceOffer,
    AdvancedCommerceOfferPeriod, AdvancedCommerceOfferReason, AdvancedCommercePeriod,
    AdvancedCommerceReason, AdvancedCommerceRefundReason, AdvancedCommerceRefundType,
    AdvancedCommerceRequestInfo,
};
