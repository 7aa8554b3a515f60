//! Which errors does the App Store Server API answer with? Some come from Advanced Commerce, too.
//!
//! [Apple's page](https://developer.apple.com/documentation/appstoreserverapi)

/// Appends its rows and hands them on to the next macro; the columns are explained in `code.rs`.
macro_rules! server_errors {
    ($next:ident $($then:ident)* { $($rows:tt)* }) => { $next! { $($then)* { $($rows)*
    /// The request is malformed in a way that has no code of its own.
    GeneralBadRequest = 4000000, "GENERAL_BAD_REQUEST", "appstoreserverapi/generalbadrequesterror";
    /// The app identifier in the bearer token or the request is not acceptable.
    InvalidAppIdentifier = 4000002, "INVALID_APP_IDENTIFIER",
        "appstoreserverapi/invalidappidentifiererror";
    /// The `revision` is not acceptable.
    InvalidRequestRevision = 4000005, "INVALID_REQUEST_REVISION",
        "appstoreserverapi/invalidrequestrevisionerror";
    /// The transaction id is not acceptable: not well formed, or (in the sandbox) unknown. The same
    /// in Advanced Commerce.
    InvalidTransactionId = 4000006, "INVALID_TRANSACTION_ID",
        "appstoreserverapi/invalidtransactioniderror",
        "advancedcommerceapi/invalidtransactionid";
    /// The original transaction id is not acceptable.
    InvalidOriginalTransactionId = 4000008, "INVALID_ORIGINAL_TRANSACTION_ID",
        "appstoreserverapi/invalidoriginaltransactioniderror";
    /// `extendByDays` is not between 1 and 90.
    InvalidExtendByDays = 4000009, "INVALID_EXTEND_BY_DAYS",
        "appstoreserverapi/invalidextendbydayserror";
    /// `extendReasonCode` is none of the defined numbers.
    InvalidExtendReasonCode = 4000010, "INVALID_EXTEND_REASON_CODE",
        "appstoreserverapi/invalidextendreasoncodeerror";
    /// `requestIdentifier` is missing or not acceptable.
    InvalidRequestIdentifier = 4000011, "INVALID_REQUEST_IDENTIFIER",
        "appstoreserverapi/invalidrequestidentifiererror";
    /// `startDate` lies before the oldest date that Apple keeps.
    StartDateTooFarInPast = 4000012, "START_DATE_TOO_FAR_IN_PAST",
        "appstoreserverapi/startdatetoofarinpasterror";
    /// `startDate` is not before `endDate`.
    StartDateAfterEndDate = 4000013, "START_DATE_AFTER_END_DATE",
        "appstoreserverapi/startdateafterenddateerror";
    /// `paginationToken` is not acceptable.
    InvalidPaginationToken = 4000014, "INVALID_PAGINATION_TOKEN",
        "appstoreserverapi/invalidpaginationtokenerror";
    /// `startDate` is missing or no valid time.
    InvalidStartDate = 4000015, "INVALID_START_DATE", "appstoreserverapi/invalidstartdateerror";
    /// `endDate` is missing or no valid time.
    InvalidEndDate = 4000016, "INVALID_END_DATE", "appstoreserverapi/invalidenddateerror";
    /// `paginationToken` is too old.
    PaginationTokenExpired = 4000017, "PAGINATION_TOKEN_EXPIRED",
        "appstoreserverapi/paginationtokenexpirederror";
    /// `notificationType` or `notificationSubtype` is unknown, or they do not go together.
    InvalidNotificationType = 4000018, "INVALID_NOTIFICATION_TYPE",
        "appstoreserverapi/invalidnotificationtypeerror";
    /// Both `transactionId` and `notificationType` were given.
    MultipleFiltersSupplied = 4000019, "MULTIPLE_FILTERS_SUPPLIED",
        "appstoreserverapi/multiplefilterssuppliederror";
    /// The test notification token is not acceptable.
    InvalidTestNotificationToken = 4000020, "INVALID_TEST_NOTIFICATION_TOKEN",
        "appstoreserverapi/invalidtestnotificationtokenerror";
    /// `sort` is unknown.
    InvalidSort = 4000021, "INVALID_SORT", "appstoreserverapi/invalidsorterror";
    /// `productType` is unknown.
    InvalidProductType = 4000022, "INVALID_PRODUCT_TYPE",
        "appstoreserverapi/invalidproducttypeerror";
    /// `productId` is not acceptable.
    InvalidProductId = 4000023, "INVALID_PRODUCT_ID", "appstoreserverapi/invalidproductiderror";
    /// `subscriptionGroupIdentifier` is not acceptable.
    InvalidSubscriptionGroupIdentifier = 4000024, "INVALID_SUBSCRIPTION_GROUP_IDENTIFIER",
        "appstoreserverapi/invalidsubscriptiongroupidentifiererror";
    /// `excludeRevoked` is not acceptable. Obsolete: the filter was replaced by `revoked`.
    InvalidExcludeRevoked = 4000025, "INVALID_EXCLUDE_REVOKED",
        "appstoreserverapi/invalidexcluderevokederror";
    /// `inAppOwnershipType` is not acceptable.
    InvalidInAppOwnershipType = 4000026, "INVALID_IN_APP_OWNERSHIP_TYPE",
        "appstoreserverapi/invalidinappownershiptypeerror";
    /// `storefrontCountryCodes` is there, but empty.
    InvalidEmptyStorefrontCountryCodeList = 4000027, "INVALID_EMPTY_STOREFRONT_COUNTRY_CODE_LIST",
        "appstoreserverapi/invalidemptystorefrontcountrycodelisterror";
    /// A storefront country code is unknown. In Advanced Commerce, where its name is
    /// `INVALID_STOREFRONT`: the storefront is not acceptable.
    InvalidStorefrontCountryCode = 4000028, "INVALID_STOREFRONT_COUNTRY_CODE",
        "appstoreserverapi/invalidstorefrontcountrycodeerror",
        "advancedcommerceapi/invalidstorefront";
    /// `revoked` is neither true nor false.
    InvalidRevoked = 4000030, "INVALID_REVOKED", "appstoreserverapi/invalidrevokederror";
    /// `status` is no number of a subscription status.
    InvalidStatus = 4000031, "INVALID_STATUS", "appstoreserverapi/invalidstatuserror";
    /// `accountTenure` is none of its values.
    InvalidAccountTenure = 4000032, "INVALID_ACCOUNT_TENURE",
        "appstoreserverapi/invalidaccounttenureerror";
    /// `appAccountToken` is neither a UUID nor empty. The same in Advanced Commerce.
    InvalidAppAccountToken = 4000033, "INVALID_APP_ACCOUNT_TOKEN",
        "appstoreserverapi/invalidappaccounttokenerror",
        "advancedcommerceapi/invalidappaccounttoken";
    /// `consumptionStatus` is none of its values.
    InvalidConsumptionStatus = 4000034, "INVALID_CONSUMPTION_STATUS",
        "appstoreserverapi/invalidconsumptionstatuserror";
    /// `customerConsented` is missing or not true.
    InvalidCustomerConsented = 4000035, "INVALID_CUSTOMER_CONSENTED",
        "appstoreserverapi/invalidcustomerconsentederror";
    /// `deliveryStatus` is none of its values.
    InvalidDeliveryStatus = 4000036, "INVALID_DELIVERY_STATUS",
        "appstoreserverapi/invaliddeliverystatuserror";
    /// `lifetimeDollarsPurchased` is none of its values.
    InvalidLifetimeDollarsPurchased = 4000037, "INVALID_LIFETIME_DOLLARS_PURCHASED",
        "appstoreserverapi/invalidlifetimedollarspurchasederror";
    /// `lifetimeDollarsRefunded` is none of its values.
    InvalidLifetimeDollarsRefunded = 4000038, "INVALID_LIFETIME_DOLLARS_REFUNDED",
        "appstoreserverapi/invalidlifetimedollarsrefundederror";
    /// `platform` is none of its values.
    InvalidPlatform = 4000039, "INVALID_PLATFORM", "appstoreserverapi/invalidplatformerror";
    /// `playTime` is none of its values.
    InvalidPlayTime = 4000040, "INVALID_PLAY_TIME", "appstoreserverapi/invalidplaytimeerror";
    /// `sampleContentProvided` is missing or no boolean.
    InvalidSampleContentProvided = 4000041, "INVALID_SAMPLE_CONTENT_PROVIDED",
        "appstoreserverapi/invalidsamplecontentprovidederror";
    /// `userStatus` is none of its values.
    InvalidUserStatus = 4000042, "INVALID_USER_STATUS", "appstoreserverapi/invaliduserstatuserror";
    /// Consumption data was sent for something else than a consumable. Obsolete: Apple accepts
    /// other types now.
    InvalidTransactionNotConsumable = 4000043, "INVALID_TRANSACTION_NOT_CONSUMABLE",
        "appstoreserverapi/invalidtransactionnotconsumableerror";
    /// The endpoint does not serve products of this type.
    InvalidTransactionTypeNotSupported = 4000047, "INVALID_TRANSACTION_TYPE_NOT_SUPPORTED",
        "appstoreserverapi/invalidtransactiontypenotsupportederror";
    /// An app transaction id was given where only a transaction id is accepted.
    AppTransactionIdNotSupportedError = 4000048, "APP_TRANSACTION_ID_NOT_SUPPORTED_ERROR",
        "appstoreserverapi/apptransactionidnotsupportederror";
    /// The `appAccountToken` to be set is no UUID.
    InvalidAppAccountTokenUuidError = 4000183, "INVALID_APP_ACCOUNT_TOKEN_UUID_ERROR",
        "appstoreserverapi/invalidappaccounttokenuuiderror";
    /// A Family Sharing transaction was given where only the purchaser's is accepted.
    FamilyTransactionNotSupportedError = 4000185, "FAMILY_TRANSACTION_NOT_SUPPORTED_ERROR",
        "appstoreserverapi/familytransactionnotsupportederror";
    /// The id of a later transaction was given where the original one is needed.
    TransactionIdIsNotOriginalTransactionIdError = 4000187,
        "TRANSACTION_ID_IS_NOT_ORIGINAL_TRANSACTION_ID_ERROR",
        "appstoreserverapi/transactionidisnotoriginaltransactioniderror";
    /// The subscription's state does not allow an extension.
    SubscriptionExtensionIneligible = 4030004, "SUBSCRIPTION_EXTENSION_INELIGIBLE",
        "appstoreserverapi/subscriptionextensionineligibleerror";
    /// The subscription has had all the extensions that it may have.
    SubscriptionMaxExtension = 4030005, "SUBSCRIPTION_MAX_EXTENSION",
        "appstoreserverapi/subscriptionmaxextensionerror";
    /// The subscription comes from Family Sharing and cannot be extended.
    FamilySharedSubscriptionExtensionIneligible = 4030007,
        "FAMILY_SHARED_SUBSCRIPTION_EXTENSION_INELIGIBLE",
        "appstoreserverapi/familysharedsubscriptionextensionineligibleerror";
    /// Apple does not find the customer's account.
    AccountNotFound = 4040001, "ACCOUNT_NOT_FOUND", "appstoreserverapi/accountnotfounderror";
    /// Apple does not find the customer's account right now; repeat the call.
    AccountNotFoundRetryable = 4040002, "ACCOUNT_NOT_FOUND_RETRYABLE",
        "appstoreserverapi/accountnotfoundretryableerror";
    /// Apple does not know the app.
    AppNotFound = 4040003, "APP_NOT_FOUND", "appstoreserverapi/appnotfounderror";
    /// Apple does not find the app right now; repeat the call.
    AppNotFoundRetryable = 4040004, "APP_NOT_FOUND_RETRYABLE",
        "appstoreserverapi/appnotfoundretryableerror";
    /// The original transaction id is unknown in this environment.
    OriginalTransactionIdNotFound = 4040005, "ORIGINAL_TRANSACTION_ID_NOT_FOUND",
        "appstoreserverapi/originaltransactionidnotfounderror";
    /// Apple does not find the original transaction id right now; repeat the call.
    OriginalTransactionIdNotFoundRetryable = 4040006, "ORIGINAL_TRANSACTION_ID_NOT_FOUND_RETRYABLE",
        "appstoreserverapi/originaltransactionidnotfoundretryableerror";
    /// No notification URL is set for this environment.
    ServerNotificationUrlNotFound = 4040007, "SERVER_NOTIFICATION_URL_NOT_FOUND",
        "appstoreserverapi/servernotificationurlnotfounderror";
    /// The result of the test notification is not there yet, or its token has expired.
    TestNotificationNotFound = 4040008, "TEST_NOTIFICATION_NOT_FOUND",
        "appstoreserverapi/testnotificationnotfounderror";
    /// There is no mass extension with this request identifier and product.
    StatusRequestNotFound = 4040009, "STATUS_REQUEST_NOT_FOUND",
        "appstoreserverapi/statusrequestnotfounderror";
    /// The transaction id is unknown in this environment. The same in Advanced Commerce.
    TransactionIdNotFound = 4040010, "TRANSACTION_ID_NOT_FOUND",
        "appstoreserverapi/transactionidnotfounderror",
        "advancedcommerceapi/transactionidnotfound";
    /// The customer has no app transaction.
    AppTransactionDoesNotExistError = 4040019, "APP_TRANSACTION_DOES_NOT_EXIST_ERROR",
        "appstoreserverapi/apptransactiondoesnotexisterror";
    /// Too many calls. The same in Advanced Commerce.
    RateLimitExceeded = 4290000, "RATE_LIMIT_EXCEEDED",
        "appstoreserverapi/ratelimitexceedederror",
        "advancedcommerceapi/ratelimitexceeded";
    /// Apple's server failed. The same in Advanced Commerce.
    GeneralInternal = 5000000, "GENERAL_INTERNAL",
        "appstoreserverapi/generalinternalerror",
        "advancedcommerceapi/generalinternal";
    /// Apple's server failed; repeat the call. The same in Advanced Commerce.
    GeneralInternalRetryable = 5000001, "GENERAL_INTERNAL_RETRYABLE",
        "appstoreserverapi/generalinternalretryableerror",
        "advancedcommerceapi/generalinternalretryable";
    } } };
}
pub(super) use server_errors;
