//! What is for sale? Subscriptions, one-time products, their offers and prices. Reading only.

mod base_plan;
mod in_app_product;
mod one_time_offer;
mod one_time_product;
mod price_conversion;
mod subscription;
mod subscription_offer;
mod tax;

pub use base_plan::{
    AutoRenewingBasePlanType, BasePlan, BasePlanState, InstallmentsBasePlanType,
    OtherRegionsBasePlanConfig, PrepaidBasePlanType, RegionalBasePlanConfig, RenewalType,
    ResubscribeState, SubscriptionProrationMode, TimeExtension,
};
pub use in_app_product::{
    InAppProduct, InAppProductListing, InAppProductStatus, InAppProductType,
    InappproductsBatchGetResponse, InappproductsListResponse,
};
pub use one_time_offer::{
    BatchGetOneTimeProductOffersRequest, BatchGetOneTimeProductOffersResponse,
    GetOneTimeProductOfferRequest, ListOneTimeProductOffersResponse, OneTimeProductDiscountedOffer,
    OneTimeProductGameRewardOffer, OneTimeProductOffer, OneTimeProductOfferNoPriceOverrideOptions,
    OneTimeProductOfferRegionalPricingAndAvailabilityConfig, OneTimeProductOfferState,
    OneTimeProductPreOrderOffer, PreOrderPriceChangeBehavior,
};
pub use one_time_product::{
    Availability, BatchGetOneTimeProductsResponse, ListOneTimeProductsResponse, OneTimeProduct,
    OneTimeProductBuyPurchaseOption, OneTimeProductListing, OneTimeProductPurchaseOption,
    OneTimeProductPurchaseOptionNewRegionsConfig,
    OneTimeProductPurchaseOptionRegionalPricingAndAvailabilityConfig,
    OneTimeProductPurchaseOptionState, OneTimeProductRentPurchaseOption,
};
pub use price_conversion::{
    ConvertRegionPricesRequest, ConvertRegionPricesResponse, ConvertedOtherRegionsPrice,
    ConvertedRegionPrice,
};
pub use subscription::{
    BatchGetSubscriptionsResponse, ListSubscriptionsResponse, OfferTag, RegionsVersion,
    RestrictedPaymentCountries, Subscription, SubscriptionListing,
};
pub use subscription_offer::{
    AcquisitionTargetingRule, BatchGetSubscriptionOffersRequest,
    BatchGetSubscriptionOffersResponse, GetSubscriptionOfferRequest,
    ListSubscriptionOffersResponse, OtherRegionsSubscriptionOfferConfig,
    OtherRegionsSubscriptionOfferPhaseConfig, OtherRegionsSubscriptionOfferPhaseFreePriceOverride,
    OtherRegionsSubscriptionOfferPhasePrices, RegionalSubscriptionOfferConfig,
    RegionalSubscriptionOfferPhaseConfig, RegionalSubscriptionOfferPhaseFreePriceOverride,
    SubscriptionOffer, SubscriptionOfferPhase, SubscriptionOfferState, SubscriptionOfferTargeting,
    TargetingRuleScope, TargetingRuleScopeAnySubscriptionInApp, TargetingRuleScopeThisSubscription,
    UpgradeTargetingRule,
};
pub use tax::{
    ManagedProductTaxAndComplianceSettings, OneTimeProductTaxAndComplianceSettings,
    ProductAgeRatingTier, PurchaseOptionTaxAndComplianceSettings, RegionalProductAgeRatingInfo,
    RegionalTaxConfig, RegionalTaxRateInfo, StreamingTaxType, SubscriptionTaxAndComplianceSettings,
    TaxTier, WithdrawalRightType,
};
