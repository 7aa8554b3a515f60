//! By which words does Google name a failure?
//!
//! [Google's page](https://developers.google.com/android-publisher/errors)

use iap_core::open_enum;

open_enum! {
    /// The `reason` in Google's error object. One condition has had several over the years.
    pub enum ApiErrorReason: str {
        /// The Google Play Developer API is not switched on in the Cloud project.
        AccessNotConfigured = "accessNotConfigured",
        /// The app is not known to this developer, or was never uploaded.
        ApplicationNotFound = "applicationNotFound",
        /// The access token is wrong or has expired.
        AuthError = "authError",
        /// Google failed.
        BackendError = "backendError",
        /// The request is wrong; the message may say more.
        BadRequest = "badRequest",
        /// Somebody else wrote at the same time.
        ConcurrentUpdate = "concurrentUpdate",
        /// The calls of the day are used up.
        DailyLimitExceeded = "dailyLimitExceeded",
        /// The app belongs to another developer.
        DeveloperDoesNotOwnApplication = "developerDoesNotOwnApplication",
        /// What is asked for is not possible now; the message may say more.
        FailedPrecondition = "failedPrecondition",
        /// The service account may not do this; the message may say more.
        Forbidden = "forbidden",
        /// The access token is not good for this API.
        InsufficientPermissions = "insufficientPermissions",
        /// Google failed.
        InternalError = "internalError",
        /// A value is wrong: often the purchase token; the message may say more.
        Invalid = "invalid",
        /// The purchase is not in a state that allows this, or it has been done already.
        InvalidPurchaseState = "invalidPurchaseState",
        /// A value is wrong: often the purchase token.
        InvalidValue = "invalidValue",
        /// Something is not known; the message may say more.
        NotFound = "notFound",
        /// The service account lacks rights in the Play Console.
        PermissionDenied = "permissionDenied",
        /// The customer no longer owns the product: consumed, or taken back.
        ProductNotOwnedByUser = "productNotOwnedByUser",
        /// The Cloud project is not linked in the Play Console.
        ProjectNotLinked = "projectNotLinked",
        /// The token belongs to another app.
        PurchaseTokenDoesNotMatchPackageName = "purchaseTokenDoesNotMatchPackageName",
        /// The token belongs to another product.
        PurchaseTokenDoesNotMatchProductId = "purchaseTokenDoesNotMatchProductId",
        /// The token belongs to something else.
        PurchaseTokenMismatch = "purchaseTokenMismatch",
        /// The token was good once: voided, of a deleted account, or very old.
        PurchaseTokenNoLongerValid = "purchaseTokenNoLongerValid",
        /// The token is not known, or not yet.
        PurchaseTokenNotFound = "purchaseTokenNotFound",
        /// Too many calls.
        QuotaExceeded = "quotaExceeded",
        /// Too many calls.
        RateLimitExceeded = "rateLimitExceeded",
        /// A parameter is missing.
        Required = "required",
        /// The subscription has ended.
        SubscriptionExpired = "subscriptionExpired",
        /// The call does not fit the subscription: use its newer form.
        SubscriptionInvalidArgument = "subscriptionInvalidArgument",
        /// The subscription ended more than 60 days ago.
        SubscriptionNoLongerAvailable = "subscriptionNoLongerAvailable",
        /// The customer no longer owns the subscription.
        SubscriptionNotOwnedByUser = "subscriptionNotOwnedByUser",
        /// The subscription ended more than 60 days ago.
        SubscriptionPurchaseNoLongerAvailable = "subscriptionPurchaseNoLongerAvailable",
        /// The service account lacks rights in the Play Console.
        UserInsufficientPermission = "userInsufficientPermission",
        /// Too many calls.
        UserRateLimitExceeded = "userRateLimitExceeded",
    }
}

impl ApiErrorReason {
    /// The reason that means the same as one of Google's canonical codes, which stand in newer error
    /// objects where there is no reason.
    pub(super) fn from_canonical_code(code: &str) -> Option<Self> {
        Some(match code {
            "ABORTED" => Self::ConcurrentUpdate,
            "DEADLINE_EXCEEDED" | "INTERNAL" | "UNAVAILABLE" | "UNKNOWN" => Self::BackendError,
            "FAILED_PRECONDITION" => Self::FailedPrecondition,
            "INVALID_ARGUMENT" => Self::Invalid,
            "NOT_FOUND" => Self::NotFound,
            "PERMISSION_DENIED" => Self::Forbidden,
            "RESOURCE_EXHAUSTED" => Self::QuotaExceeded,
            "UNAUTHENTICATED" => Self::AuthError,
            _ => return None,
        })
    }
}
