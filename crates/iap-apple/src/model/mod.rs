//! What does the App Store sign, answer and take? One file for each resource, with the enums it uses.
//!
//! Names are Apple's, in Rust's spelling. The rules for reading what Apple signs or answers are the
//! same everywhere:
//!
//! - Any member may be missing or `null`; then it is `None`, or the empty list. Only a
//!   [`RealtimeRequest`] must be complete.
//! - Members and enum values that this version does not know never fail a decode; an unknown value
//!   is kept in the enum's `Unknown` variant.
//! - Dates are milliseconds since 1970, also fractional and before 1970, as Xcode writes them.
//! - Amounts are whole thousandths of the currency unit.
//!
//! What is sent to Apple is strict instead: a request that exists is one that Apple's documented
//! rules allow. What they forbid is an [`InvalidRequest`] when it is made, and when it is read.
//! Members that were not set are left out.

mod advanced_commerce;
mod app_account_token;
mod app_transaction;
mod common;
mod consumption;
mod consumption_v1;
mod extension;
mod history;
mod incoming;
mod invalid;
mod notification;
mod notification_history;
mod order;
mod realtime_request;
mod renewal_info;
mod retention;
mod status;
#[cfg(test)]
mod tests;
mod text;
mod transaction;
mod transaction_info;
mod wire;

pub use advanced_commerce::*;
pub use app_account_token::UpdateAppAccountTokenRequest;
pub use app_transaction::{AppTransaction, PurchasePlatform};
pub use common::{
    AppAccountToken, AppStoreEnvironment, OfferDiscountType, OfferType, ProductType, Status,
};
pub use consumption::{
    ConsumptionPercentage, ConsumptionRequest, Delivery, DeliveryStatus, RefundPreference,
    SampleContent,
};
pub use consumption_v1::{
    AccountTenure, ConsumptionRequestV1, ConsumptionStatus, DeliveryStatusV1,
    LifetimeDollarsPurchased, LifetimeDollarsRefunded, Platform, PlayTime, RefundPreferenceV1,
    UserStatus,
};
pub use extension::{
    ExtendReasonCode, ExtendRenewalDateRequest, ExtendRenewalDateResponse,
    MassExtendRenewalDateRequest, MassExtendRenewalDateResponse,
    MassExtendRenewalDateStatusResponse,
};
pub use history::{
    HistoryProductType, HistoryResponse, HistorySort, RefundHistoryResponse,
    TransactionHistoryRequest, TransactionHistoryVersion,
};
pub use incoming::{RealtimeRequestBody, ResponseBodyV2};
pub use invalid::{InvalidReason, InvalidRequest};
pub use notification::{
    AppData, ConsumptionRequestReason, ExternalPurchaseToken, Notification, NotificationData,
    NotificationType, Subtype, Summary, TokenType,
};
pub use notification_history::{
    CheckTestNotificationResponse, NotificationFilter, NotificationHistoryRequest,
    NotificationHistoryResponse, NotificationHistoryResponseItem, SendAttemptItem,
    SendAttemptResult, SendTestNotificationResponse,
};
pub use order::{OrderLookupResponse, OrderLookupStatus};
pub use realtime_request::RealtimeRequest;
pub use renewal_info::{
    AutoRenewStatus, ExpirationIntent, PriceIncreaseStatus, RenewalBillingPlanType,
    RenewalCommitmentInfo, RenewalInfo,
};
pub use retention::*;
pub use status::{LastTransactionsItem, StatusResponse, SubscriptionGroupIdentifierItem};
pub use text::{
    AdvancedCommerceDescription, AdvancedCommerceDisplayName, AltText, BulletPointText,
    ImageIdentifier, MessageBody, MessageHeader, MessageIdentifier, RealtimeUrl, RequestIdentifier,
    RequestReferenceId, Sku, StorefrontCountryCode,
};
pub use transaction::{
    BillingPlanType, InAppOwnershipType, RevocationReason, RevocationType, Transaction,
    TransactionCommitmentInfo, TransactionReason,
};
pub use transaction_info::{AppTransactionInfoResponse, TransactionInfoResponse};
