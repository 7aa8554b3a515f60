//! Which errors does the Advanced Commerce API answer with, besides those of the server API?
//!
//! [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi)

/// Appends its rows and hands them on to the next macro; the columns are explained in `code.rs`.
macro_rules! advanced_commerce_errors {
    ($next:ident $($then:ident)* { $($rows:tt)* }) => { $next! { $($then)* { $($rows)*
    /// The currency is not acceptable.
    InvalidCurrency = 4000053, "INVALID_CURRENCY", "advancedcommerceapi/invalidcurrency";
    /// The modify request changes nothing.
    OneItemNeededInModify = 4000063, "ONE_ITEM_NEEDED_IN_MODIFY",
        "advancedcommerceapi/oneitemneededinmodify";
    /// `requestInfo` is missing.
    NullRequestInfo = 4000079, "NULL_REQUEST_INFO", "advancedcommerceapi/nullrequestinfo";
    /// `requestReferenceId` is missing.
    NullRequestReferenceId = 4000080, "NULL_REQUEST_REFERENCE_ID",
        "advancedcommerceapi/nullrequestreferenceid";
    /// `requestReferenceId` is no UUID.
    InvalidRequestReferenceId = 4000081, "INVALID_REQUEST_REFERENCE_ID",
        "advancedcommerceapi/invalidrequestreferenceid";
    /// `consistencyToken` is not acceptable.
    InvalidConsistencyToken = 4000082, "INVALID_CONSISTENCY_TOKEN",
        "advancedcommerceapi/invalidconsistencytoken";
    /// `version` is missing.
    NullVersion = 4000083, "NULL_VERSION", "advancedcommerceapi/nullversion";
    /// `version` is not acceptable.
    UnexpectedVersion = 4000084, "UNEXPECTED_VERSION", "advancedcommerceapi/unexpectedversion";
    /// `transactionId` is missing.
    NullTransactionId = 4000085, "NULL_TRANSACTION_ID", "advancedcommerceapi/nulltransactionid";
    /// The price is negative.
    NegativePrice = 4000086, "NEGATIVE_PRICE", "advancedcommerceapi/negativeprice";
    /// The SKU is longer than 128 characters.
    SkuLengthExceeded = 4000087, "SKU_LENGTH_EXCEEDED", "advancedcommerceapi/skulengthexceeded";
    /// The description is longer than 45 characters.
    DescriptionLengthExceeded = 4000088, "DESCRIPTION_LENGTH_EXCEEDED",
        "advancedcommerceapi/descriptionlengthexceeded";
    /// `displayName` is longer than 30 characters.
    DisplayNameLengthExceeded = 4000089, "DISPLAY_NAME_LENGTH_EXCEEDED",
        "advancedcommerceapi/displaynamelengthexceeded";
    /// `proratedPrice` is negative.
    NegativeProratedPrice = 4000091, "NEGATIVE_PRORATED_PRICE",
        "advancedcommerceapi/negativeproratedprice";
    /// The offer's `period` is missing.
    NullOfferPeriod = 4000092, "NULL_OFFER_PERIOD", "advancedcommerceapi/nullofferperiod";
    /// The offer's `periodCount` is missing.
    NullPeriodCount = 4000093, "NULL_PERIOD_COUNT", "advancedcommerceapi/nullperiodcount";
    /// `periodCount` is not positive.
    PeriodCountNotPositive = 4000094, "PERIOD_COUNT_NOT_POSITIVE",
        "advancedcommerceapi/periodcountnotpositive";
    /// `reason` is missing.
    NullReason = 4000095, "NULL_REASON", "advancedcommerceapi/nullreason";
    /// `previousTransactionId` is not acceptable.
    InvalidPreviousTransactionId = 4000096, "INVALID_PREVIOUS_TRANSACTION_ID",
        "advancedcommerceapi/invalidprevioustransactionid";
    /// The `requestReferenceId` was used before.
    RepeatedRequestReferenceId = 4000097, "REPEATED_REQUEST_REFERENCE_ID",
        "advancedcommerceapi/repeatedrequestreferenceid";
    /// `currency` is missing.
    NullCurrency = 4000098, "NULL_CURRENCY", "advancedcommerceapi/nullcurrency";
    /// `taxCode` is missing.
    NullTaxCode = 4000099, "NULL_TAX_CODE", "advancedcommerceapi/nulltaxcode";
    /// `storefront` is missing.
    NullStorefront = 4000100, "NULL_STOREFRONT", "advancedcommerceapi/nullstorefront";
    /// `items` is missing.
    NullItems = 4000101, "NULL_ITEMS", "advancedcommerceapi/nullitems";
    /// An item is missing.
    NullItem = 4000102, "NULL_ITEM", "advancedcommerceapi/nullitem";
    /// `descriptors` is missing.
    NullDescriptors = 4000103, "NULL_DESCRIPTORS", "advancedcommerceapi/nulldescriptors";
    /// `period` is missing.
    NullPeriod = 4000104, "NULL_PERIOD", "advancedcommerceapi/nullperiod";
    /// `SKU` is missing.
    NullSku = 4000105, "NULL_SKU", "advancedcommerceapi/nullsku";
    /// `displayName` is missing.
    NullDisplayName = 4000106, "NULL_DISPLAY_NAME", "advancedcommerceapi/nulldisplayname";
    /// `description` is missing.
    NullDescription = 4000107, "NULL_DESCRIPTION", "advancedcommerceapi/nulldescription";
    /// `price` is missing.
    NullPrice = 4000109, "NULL_PRICE", "advancedcommerceapi/nullprice";
    /// `retainBillingCycle` is missing.
    NullRetainBillingCycle = 4000110, "NULL_RETAIN_BILLING_CYCLE",
        "advancedcommerceapi/nullretainbillingcycle";
    /// `effective` is missing.
    NullEffective = 4000111, "NULL_EFFECTIVE", "advancedcommerceapi/nulleffective";
    /// An item to change has no new SKU.
    NullNewSku = 4000112, "NULL_NEW_SKU", "advancedcommerceapi/nullnewsku";
    /// The previous subscription cannot be the target of the request.
    InvalidPreviousSubscription = 4000113, "INVALID_PREVIOUS_SUBSCRIPTION",
        "advancedcommerceapi/invalidprevioussubscription";
    /// The customer owns the SKU already.
    ProductAlreadyExists = 4000114, "PRODUCT_ALREADY_EXISTS",
        "advancedcommerceapi/productalreadyexists";
    /// The product changes do not go together.
    InvalidProductChanges = 4000115, "INVALID_PRODUCT_CHANGES",
        "advancedcommerceapi/invalidproductchanges";
    /// The product is not set up as a generic product for Advanced Commerce.
    InvalidSalable = 4000116, "INVALID_SALABLE", "advancedcommerceapi/invalidsalable";
    /// The duration of the generic product does not fit.
    InvalidSalableDuration = 4000117, "INVALID_SALABLE_DURATION",
        "advancedcommerceapi/invalidsalableduration";
    /// `displayName` is not acceptable.
    InvalidDisplayName = 4000118, "INVALID_DISPLAY_NAME", "advancedcommerceapi/invaliddisplayname";
    /// The description is not acceptable.
    InvalidDescription = 4000119, "INVALID_DESCRIPTION", "advancedcommerceapi/invaliddescription";
    /// The product to change does not exist.
    InvalidProduct = 4000121, "INVALID_PRODUCT", "advancedcommerceapi/invalidproduct";
    /// The SKU is not acceptable.
    InvalidSku = 4000122, "INVALID_SKU", "advancedcommerceapi/invalidsku";
    /// `refundType` is not acceptable.
    InvalidRefundType = 4000123, "INVALID_REFUND_TYPE", "advancedcommerceapi/invalidrefundtype";
    /// `refundReason` is not acceptable.
    InvalidRefundReason = 4000124, "INVALID_REFUND_REASON",
        "advancedcommerceapi/invalidrefundreason";
    /// The reason of a change is not acceptable.
    InvalidChangeReason = 4000125, "INVALID_CHANGE_REASON",
        "advancedcommerceapi/invalidchangereason";
    /// The reason of an offer is not acceptable.
    InvalidOfferReason = 4000126, "INVALID_OFFER_REASON", "advancedcommerceapi/invalidofferreason";
    /// `taxCode` is not acceptable.
    InvalidTaxProductCode = 4000127, "INVALID_TAX_PRODUCT_CODE",
        "advancedcommerceapi/invalidtaxproductcode";
    /// The offer's `period` is not acceptable.
    InvalidOfferPeriod = 4000128, "INVALID_OFFER_PERIOD", "advancedcommerceapi/invalidofferperiod";
    /// The offer's `periodCount` is not acceptable.
    InvalidOfferPeriodCount = 4000129, "INVALID_OFFER_PERIOD_COUNT",
        "advancedcommerceapi/invalidofferperiodcount";
    /// The renewal period is not acceptable.
    InvalidRenewalPeriod = 4000130, "INVALID_RENEWAL_PERIOD",
        "advancedcommerceapi/invalidrenewalperiod";
    /// The renewal price is not acceptable.
    InvalidRenewalPrice = 4000131, "INVALID_RENEWAL_PRICE",
        "advancedcommerceapi/invalidrenewalprice";
    /// The amount is not acceptable.
    InvalidAmount = 4000132, "INVALID_AMOUNT", "advancedcommerceapi/invalidamount";
    /// The storefront is not that of the purchase.
    MismatchedStorefront = 4000133, "MISMATCHED_STOREFRONT",
        "advancedcommerceapi/mismatchedstorefront";
    /// No price is set for the storefront.
    MissingPricingConfigForStorefront = 4000134, "MISSING_PRICING_CONFIG_FOR_STOREFRONT",
        "advancedcommerceapi/missingpricingconfigforstorefront";
    /// The operation is not permitted here.
    OperationNotAllowed = 4000135, "OPERATION_NOT_ALLOWED",
        "advancedcommerceapi/operationnotallowed";
    /// The request has too many items.
    MoreItemsThanAllowed = 4000136, "MORE_ITEMS_THAN_ALLOWED",
        "advancedcommerceapi/moreitemsthanallowed";
    /// The request has too many offers.
    MoreOffersThanAllowed = 4000137, "MORE_OFFERS_THAN_ALLOWED",
        "advancedcommerceapi/moreoffersthanallowed";
    /// `addItems` and `changeItems` are both empty.
    EmptyAddChangeItems = 4000139, "EMPTY_ADD_CHANGE_ITEMS",
        "advancedcommerceapi/emptyaddchangeitems";
    /// The period changes, but not every item is updated.
    MissingUpdatedItemsWithPeriodChange = 4000140, "MISSING_UPDATED_ITEMS_WITH_PERIOD_CHANGE",
        "advancedcommerceapi/missingupdateditemswithperiodchange";
    /// A reset of the period contradicts keeping the billing cycle.
    PeriodResetWithRetainBillingCycle = 4000141, "PERIOD_RESET_WITH_RETAIN_BILLING_CYCLE",
        "advancedcommerceapi/periodresetwithretainbillingcycle";
    /// The period changes at the next cycle, but an item is to be added in the present one.
    PeriodChangeEffectiveConflict = 4000142, "PERIOD_CHANGE_EFFECTIVE_CONFLICT",
        "advancedcommerceapi/periodchangeeffectiveconflict";
    /// More than one operation touches the same SKU.
    MultipleOperationsOnSingleSku = 4000143, "MULTIPLE_OPERATIONS_ON_SINGLE_SKU",
        "advancedcommerceapi/multipleoperationsonsinglesku";
    /// `removeItems` is there without `addItems` or `changeItems`.
    RemoveItemsWithoutAddOrChangeItems = 4000144, "REMOVE_ITEMS_WITHOUT_ADD_OR_CHANGE_ITEMS",
        "advancedcommerceapi/removeitemswithoutaddorchangeitems";
    /// `removeItems` names an SKU that the subscription does not have.
    RemoveItemNotFound = 4000145, "REMOVE_ITEM_NOT_FOUND", "advancedcommerceapi/removeitemnotfound";
    /// `changeItems` names an SKU that the subscription does not have.
    ChangeItemNotFound = 4000146, "CHANGE_ITEM_NOT_FOUND", "advancedcommerceapi/changeitemnotfound";
    /// The billing period does not fit the present cycle.
    MisalignedBillingCycle = 4000147, "MISALIGNED_BILLING_CYCLE",
        "advancedcommerceapi/misalignedbillingcycle";
    /// The billing cycle is reset, but the change takes effect later.
    BillingCycleResetWithEffectiveLater = 4000148, "BILLING_CYCLE_RESET_WITH_EFFECTIVE_LATER",
        "advancedcommerceapi/billingcycleresetwitheffectivelater";
    /// The period changes at once, but items take effect at the next cycle.
    PeriodChangeImmediateWithEffectiveAtNextBillingCycle = 4000149,
        "PERIOD_CHANGE_IMMEDIATE_WITH_EFFECTIVE_AT_NEXT_BILLING_CYCLE",
        "advancedcommerceapi/periodchangeimmediatewitheffectiveatnextbillingcycle";
    /// `proratedPrice` and an offer were given together.
    MultiplePrices = 4000150, "MULTIPLE_PRICES", "advancedcommerceapi/multipleprices";
    /// `proratedPrice` is not acceptable.
    InvalidProratedPrice = 4000151, "INVALID_PRORATED_PRICE",
        "advancedcommerceapi/invalidproratedprice";
    /// The offer's price is above the regular one.
    InvalidOfferPrice = 4000152, "INVALID_OFFER_PRICE", "advancedcommerceapi/invalidofferprice";
    /// `refundAmount` is missing or not acceptable.
    NullRefundAmount = 4000153, "NULL_REFUND_AMOUNT", "advancedcommerceapi/nullrefundamount";
    /// `refundAmount` is negative.
    NegativeRefundAmount = 4000154, "NEGATIVE_REFUND_AMOUNT",
        "advancedcommerceapi/negativerefundamount";
    /// `refundAmount` is there, but `refundType` is not `CUSTOM`.
    RefundAmountWithoutCustom = 4000155, "REFUND_AMOUNT_WITHOUT_CUSTOM",
        "advancedcommerceapi/refundamountwithoutcustom";
    /// `refundReason` is missing.
    NullRefundReason = 4000156, "NULL_REFUND_REASON", "advancedcommerceapi/nullrefundreason";
    /// `refundType` is missing.
    NullRefundType = 4000157, "NULL_REFUND_TYPE", "advancedcommerceapi/nullrefundtype";
    /// `SIMULATE_REFUND_DECLINE` was used outside the sandbox.
    SimulateRefundDeclineOnlyInSandbox = 4000158, "SIMULATE_REFUND_DECLINE_ONLY_IN_SANDBOX",
        "advancedcommerceapi/simulaterefunddeclineonlyinsandbox";
    /// `refundRiskingPreference` is missing.
    NullRefundRisking = 4000159, "NULL_REFUND_RISKING", "advancedcommerceapi/nullrefundrisking";
    /// The list of items is there, but empty.
    AtLeastOneItem = 4000160, "AT_LEAST_ONE_ITEM", "advancedcommerceapi/atleastoneitem";
    /// Neither `displayName` nor `description` was given.
    AtLeastOneOfDisplayNameOrDescription = 4000165, "AT_LEAST_ONE_OF_DISPLAY_NAME_OR_DESCRIPTION",
        "advancedcommerceapi/atleastoneofdisplaynameordescription";
    /// `targetProductId` is missing.
    NullTargetProductId = 4000166, "NULL_TARGET_PRODUCT_ID",
        "advancedcommerceapi/nulltargetproductid";
    /// `targetProductId` is not acceptable.
    InvalidTargetProductId = 4000167, "INVALID_TARGET_PRODUCT_ID",
        "advancedcommerceapi/invalidtargetproductid";
    /// The subscription would be left without items.
    RemovalAllNotAllowed = 4000168, "REMOVAL_ALL_NOT_ALLOWED",
        "advancedcommerceapi/removalallnotallowed";
    /// `currentSKU` is missing.
    NullCurrentSku = 4000169, "NULL_CURRENT_SKU", "advancedcommerceapi/nullcurrentsku";
    /// `advancedCommerceData` is missing.
    NullAdvancedCommerceData = 4000171, "NULL_ADVANCED_COMMERCE_DATA",
        "advancedcommerceapi/nulladvancedcommercedata";
    /// `operation` is not acceptable.
    InvalidOperation = 4000172, "INVALID_OPERATION", "advancedcommerceapi/invalidoperation";
    /// The signed in-app request cannot be read.
    MalformedPayload = 4000173, "MALFORMED_PAYLOAD", "advancedcommerceapi/malformedpayload";
    /// The signature of the in-app request does not match.
    InvalidSignature = 4000174, "INVALID_SIGNATURE", "advancedcommerceapi/invalidsignature";
    /// The subscription was migrated before.
    SubscriptionAlreadyMigrated = 4000176, "SUBSCRIPTION_ALREADY_MIGRATED",
        "advancedcommerceapi/subscriptionalreadymigrated";
    /// A running offer forbids changes in the middle of a cycle.
    OfferPreventsItemMidCycleChange = 4000177, "OFFER_PREVENTS_ITEM_MID_CYCLE_CHANGE",
        "advancedcommerceapi/offerpreventsitemmidcyclechange";
    /// A modify request cannot change prices.
    PriceChangeNotSupportedThroughModifyItems = 4000178,
        "PRICE_CHANGE_NOT_SUPPORTED_THROUGH_MODIFY_ITEMS",
        "advancedcommerceapi/pricechangenotsupportedthroughmodifyitems";
    /// The subscription would have too many items.
    ItemLimitExceeded = 4000179, "ITEM_LIMIT_EXCEEDED", "advancedcommerceapi/itemlimitexceeded";
    /// `renewalItems` must be there exactly when changes are pending.
    PendingChangesMismatch = 4000180, "PENDING_CHANGES_MISMATCH",
        "advancedcommerceapi/pendingchangesmismatch";
    /// A refund is pending already.
    PendingRefund = 4000181, "PENDING_REFUND", "advancedcommerceapi/pendingrefund";
    /// Only the latest transaction can have a `PRORATED` refund.
    ProratedOnlyLatestTransaction = 4000182, "PRORATED_ONLY_LATEST_TRANSACTION",
        "advancedcommerceapi/proratedonlylatesttransaction";
    /// `SIMULATE_REFUND_DECLINE` must be used for all items or for none.
    PartialSimulateRefundDecline = 4000184, "PARTIAL_SIMULATE_REFUND_DECLINE",
        "advancedcommerceapi/partialsimulaterefunddecline";
    /// Only an active subscription can be revoked.
    RevokeOnInactiveSubscription = 4000186, "REVOKE_ON_INACTIVE_SUBSCRIPTION",
        "advancedcommerceapi/revokeoninactivesubscription";
    /// Several SKUs list the same dependent SKU.
    DependentSkusCannotBeSharedError = 4000192, "DEPENDENT_SKUS_CANNOT_BE_SHARED_ERROR",
        "advancedcommerceapi/dependentskuscannotbesharederror";
    /// The dependent SKUs form a chain.
    DependentSkusCannotBeChainedError = 4000193, "DEPENDENT_SKUS_CANNOT_BE_CHAINED_ERROR",
        "advancedcommerceapi/dependentskuscannotbechainederror";
    /// The request names an SKU more than once.
    ItemCannotBeSpecifiedMultipleTimesError = 4000194,
        "ITEM_CANNOT_BE_SPECIFIED_MULTIPLE_TIMES_ERROR",
        "advancedcommerceapi/itemcannotbespecifiedmultipletimeserror";
    /// A price increase was announced to the customer, so the price cannot change again.
    PriceChangeCannotBeIssuedWhenAlreadyCommunicatedError = 4000205,
        "PRICE_CHANGE_CANNOT_BE_ISSUED_WHEN_ALREADY_COMMUNICATED_ERROR",
        "advancedcommerceapi/pricechangecannotbeissuedwhenalreadycommunicatederror";
    /// The price of a changed item contradicts a price increase that is under way.
    InvalidPriceForChangeItemInPriceIncreaseError = 4000214,
        "INVALID_PRICE_FOR_CHANGE_ITEM_IN_PRICE_INCREASE_ERROR",
        "advancedcommerceapi/invalidpriceforchangeiteminpriceincreaseerror";
    /// The SKU is not one that is going to renew.
    InvalidSkuProvidedMustBeCurrentSkuSetToRenewError = 4000220,
        "INVALID_SKU_PROVIDED_MUST_BE_CURRENT_SKU_SET_TO_RENEW_ERROR",
        "advancedcommerceapi/invalidskuprovidedmustbecurrentskusettorenewerror";
    /// Price increases of this kind are not available in India at present.
    AcaPriceIncreaseIsNotCurrentlySupportedInIndiaError = 4000221,
        "ACA_PRICE_INCREASE_IS_NOT_CURRENTLY_SUPPORTED_IN_INDIA_ERROR",
        "advancedcommerceapi/acapriceincreaseisnotcurrentlysupportedinindiaerror";
    /// A changed item that takes effect later cannot have a `proratedPrice`.
    InvalidProratedPriceForChangeItemWithEffectiveLaterError = 4000222,
        "INVALID_PRORATED_PRICE_FOR_CHANGE_ITEM_WITH_EFFECTIVE_LATER_ERROR",
        "advancedcommerceapi/invalidproratedpriceforchangeitemwitheffectivelatererror";
    /// The `periodCount` of a free trial must be 1.
    FreeTrialOfferMustUsePeriodCountOfOneError = 4000223,
        "FREE_TRIAL_OFFER_MUST_USE_PERIOD_COUNT_OF_ONE_ERROR",
        "advancedcommerceapi/freetrialoffermustuseperiodcountofoneerror";
    /// The bearer token is missing or refused.
    Unauthorized = 4010000, "UNAUTHORIZED", "advancedcommerceapi/unauthorized";
    /// The subscription does not exist.
    SubscriptionDoesNotExist = 4030008, "SUBSCRIPTION_DOES_NOT_EXIST",
        "advancedcommerceapi/subscriptiondoesnotexist";
    /// The subscription exists already.
    SubscriptionAlreadyExists = 4030009, "SUBSCRIPTION_ALREADY_EXISTS",
        "advancedcommerceapi/subscriptionalreadyexists";
    /// The subscription is not eligible for the change.
    SubscriptionNotEligible = 4030010, "SUBSCRIPTION_NOT_ELIGIBLE",
        "advancedcommerceapi/subscriptionnoteligible";
    /// The subscription is active already.
    SubscriptionAlreadyActive = 4030011, "SUBSCRIPTION_ALREADY_ACTIVE",
        "advancedcommerceapi/subscriptionalreadyactive";
    /// The customer does not own the product.
    ProductNotOwned = 4030013, "PRODUCT_NOT_OWNED", "advancedcommerceapi/productnotowned";
    /// The subscription is not active.
    InactiveAcaSub = 4030015, "INACTIVE_ACA_SUB", "advancedcommerceapi/inactiveacasub";
    /// There is not enough money for the refund.
    InsufficientFunds = 4030020, "INSUFFICIENT_FUNDS", "advancedcommerceapi/insufficientfunds";
    /// The transaction was refunded before.
    AlreadyRefunded = 4030021, "ALREADY_REFUNDED", "advancedcommerceapi/alreadyrefunded";
    /// The customer has changed the storefront.
    StorefrontChange = 4030022, "STOREFRONT_CHANGE", "advancedcommerceapi/storefrontchange";
    /// The product is not eligible for the operation.
    ProductNotEligible = 4030023, "PRODUCT_NOT_ELIGIBLE", "advancedcommerceapi/productnoteligible";
    /// The transaction cannot be refunded.
    TransactionNotRefundable = 4030024, "TRANSACTION_NOT_REFUNDABLE",
        "advancedcommerceapi/transactionnotrefundable";
    /// The transaction cannot be refunded through the API.
    TransactionCannotBeRefundedContactSupport = 4030025,
        "TRANSACTION_CANNOT_BE_REFUNDED_CONTACT_SUPPORT",
        "advancedcommerceapi/transactioncannotberefundedcontactsupport";
    /// A price increase was announced to the customer, so the subscription cannot migrate now.
    MigrationNotAllowedWhenPriceIncreaseCommunicatedError = 4030027,
        "MIGRATION_NOT_ALLOWED_WHEN_PRICE_INCREASE_COMMUNICATED_ERROR",
        "advancedcommerceapi/migrationnotallowedwhenpriceincreasecommunicatederror";
    /// Apple does not know the product.
    ProductNotFound = 4040016, "PRODUCT_NOT_FOUND", "advancedcommerceapi/productnotfound";
    } } };
}
pub(super) use advanced_commerce_errors;
