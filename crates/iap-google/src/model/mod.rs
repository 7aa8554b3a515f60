//! What does Google answer and take? One file for each resource, with the enums it uses.
//!
//! Names are Google's, in Rust's spelling. The rules are the same everywhere:
//!
//! - Any member may be missing or `null`; then it is `None`, false, or the empty list or map.
//! - Values of enums that this version does not know are kept in `Unknown`, members that it does not
//!   know in `unknown`. What was read is written again as it was; a default is left out.
//! - An object without members says something by being there: `testPurchase: {}`.
//! - Times are kept to the millisecond.
//!
//! These are the facts as Google sends them. What they mean for access is in
//! [`Purchase`](iap_core::Purchase).

mod catalog;
mod developer_notification;
mod external_transaction;
mod hidden;
mod in_app_purchase_data;
mod money;
mod order;
mod order_history;
mod paging;
mod product_purchase;
mod product_purchase_v1;
mod refund_review;
mod subscription_change;
mod subscription_line_item;
mod subscription_purchase;
mod subscription_v1;
mod unknown;
mod voided_purchase;
pub(crate) mod wire;

pub use catalog::*;
pub use developer_notification::{
    DeveloperNotification, NotificationKind, OneTimeProductNotification,
    OneTimeProductNotificationType, PendingRefundReason, PendingRefundReviewNotification,
    RefundType, SubscriptionNotification, SubscriptionNotificationType, TestNotification,
    VoidedProductType, VoidedPurchaseNotification,
};
pub use external_transaction::{
    ExternalContentAppCategory, ExternalContentLinkDetails, ExternalContentLinkType,
    ExternalOfferAppCategory, ExternalOfferDetails, ExternalOfferLinkType, ExternalSubscription,
    ExternalSubscriptionType, ExternalTransaction, ExternalTransactionAddress,
    ExternalTransactionProgram, ExternalTransactionTestPurchase, FullRefund,
    OneTimeExternalTransaction, OtherRecurringProduct, PartialRefund, RecurringExternalTransaction,
    RefundExternalTransactionRequest, TransactionState,
};
pub use hidden::HiddenText;
pub use in_app_purchase_data::{InAppPurchaseData, InAppPurchaseState};
pub use money::{Money, Price};
pub use order::{
    BaseDetails, BatchGetOrdersResponse, BuyerAddress, FreeTrialDetails, IntroductoryPriceDetails,
    LineItem, OfferPhaseDetails, OneTimePurchaseDetails, Order, OrderDetails, OrderOfferPhase,
    OrderState, PaidAppDetails, PointsDetails, PreorderDetails, ProrationPeriodDetails,
    RentalDetails, SalesChannel, SubscriptionDetails,
};
pub use order_history::{
    CancellationEvent, OrderHistory, PartialRefundEvent, PartialRefundState, ProcessedEvent,
    RefundDetails, RefundEvent, RefundReason,
};
pub use paging::{PageInfo, TokenPagination};
pub use product_purchase::{
    ConsumptionState, FopType, PreorderOfferDetails, ProductLineItem, ProductOfferDetails,
    ProductPurchaseV2, PurchaseState, PurchaseStateContext, RentOfferDetails, TestPurchaseContext,
};
pub use product_purchase_v1::{
    AcknowledgementStateV1, ConsumptionStateV1, ProductPurchase,
    ProductPurchasesAcknowledgeRequest, PurchaseStateV1, PurchaseType,
};
pub use refund_review::{
    CoarseLocation, ConsumptionUsageEvent, OrdersReviewRefundRequest, RefundPreference,
    SampleContent,
};
pub use subscription_change::{
    CancelSubscriptionPurchaseRequest, CancelSubscriptionPurchaseResponse, CancellationContext,
    CancellationType, DeferSubscriptionPurchaseRequest, DeferSubscriptionPurchaseResponse,
    DeferralContext, ItemExpiryTimeDetails, RevocationContext, RevocationContextFullRefund,
    RevocationContextItemBasedRefund, RevocationContextProratedRefund,
    RevokeSubscriptionPurchaseRequest, RevokeSubscriptionPurchaseResponse,
};
pub use subscription_line_item::{
    AutoRenewingPlan, BasePriceOfferPhase, ConsentState, DeferredItemRemoval,
    DeferredItemReplacement, FreeTrialOfferPhase, InstallmentPlan, IntroductoryPriceOfferPhase,
    ItemReplacement, OfferDetails, OfferPhase, OneTimeCode, OriginalOfferPhaseType,
    PendingCancellation, PrepaidPlan, PriceChangeMode, PriceChangeState, PriceStepUpConsentDetails,
    ProrationPeriodOfferPhase, ReplacementMode, SignupPromotion,
    SubscriptionItemPriceChangeDetails, SubscriptionPurchaseLineItem, VanityCode,
};
pub use subscription_purchase::{
    AcknowledgementState, CancelSurveyReason, CancelSurveyResult, CanceledStateContext,
    DeveloperInitiatedCancellation, ExternalAccountIdentifiers, InGracePeriodStateContext,
    OnHoldStateContext, OutOfAppPurchaseContext, PausedStateContext, RenewalDeclinedContext,
    ReplacementCancellation, SubscribeWithGoogleInfo, SubscriptionPurchaseV2, SubscriptionState,
    SystemInitiatedCancellation, TestPurchase, UserInitiatedCancellation,
};
pub use subscription_v1::{
    CancelReason, CancelSurveyReasonV1, ExternalAccountIds, IntroductoryPriceInfo, PaymentState,
    PromotionType, SubscriptionCancelSurveyResult, SubscriptionDeferralInfo,
    SubscriptionPriceChange, SubscriptionPriceChangeState, SubscriptionPurchase,
    SubscriptionPurchaseType, SubscriptionPurchasesAcknowledgeRequest,
    SubscriptionPurchasesDeferRequest, SubscriptionPurchasesDeferResponse,
};
pub use unknown::UnknownMembers;
pub use voided_purchase::{
    VoidedPurchase, VoidedPurchasesListRequest, VoidedPurchasesListResponse, VoidedReason,
    VoidedSource,
};
