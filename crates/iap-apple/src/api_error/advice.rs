//! What to do about the errors that developers get stuck on.

use super::ApiError;

impl ApiError {
    /// What to do, in one sentence, where the code does not say it by itself.
    ///
    /// ```
    /// use iap_apple::ApiError;
    ///
    /// let advice = ApiError::TransactionIdNotFound.advice();
    /// assert!(advice.is_some_and(|advice| advice.contains("other environment")));
    /// assert_eq!(ApiError::InvalidCurrency.advice(), None);
    /// ```
    #[must_use]
    pub const fn advice(self) -> Option<&'static str> {
        Some(match self {
            // The bearer token and the app.
            Self::InvalidAppIdentifier => {
                "check that the bundle id is the app's and that the key belongs to the app's team"
            }
            Self::Unauthorized => CREDENTIALS,
            Self::AppNotFound => {
                "check the bundle id, and that the app exists in the environment that was asked"
            }

            // Ids.
            Self::InvalidTransactionId | Self::TransactionIdNotFound => {
                "the id may belong to the other environment: ask there before you deny"
            }
            Self::OriginalTransactionIdNotFound => {
                "make sure that it is an original transaction id; it may belong to the other \
                 environment: ask there before you deny"
            }
            Self::InvalidOriginalTransactionId
            | Self::TransactionIdIsNotOriginalTransactionIdError => {
                "pass the originalTransactionId of the transaction; it differs from the \
                 transactionId from the first renewal on"
            }
            Self::AppTransactionIdNotSupportedError => {
                "pass a transaction id; only the endpoints that take any transaction id accept an \
                 app transaction id"
            }
            Self::FamilyTransactionNotSupportedError => {
                "pass the purchaser's transaction, not that of a family member"
            }
            Self::AccountNotFoundRetryable
            | Self::AppNotFoundRetryable
            | Self::OriginalTransactionIdNotFoundRetryable => {
                "repeat the call after a short pause; it says nothing about the purchase"
            }
            Self::AccountNotFound => {
                "keep what you have stored: the customer's account is missing, the purchase may be \
                 genuine"
            }

            // Lists and notifications.
            Self::PaginationTokenExpired => "start the query again without a pagination token",
            Self::StartDateTooFarInPast => "Apple keeps notifications for 180 days: begin later",
            Self::MultipleFiltersSupplied => {
                "filter by transaction id or by notification type, not by both"
            }
            Self::InvalidEmptyStorefrontCountryCodeList => {
                "leave the list out to extend in all storefronts"
            }
            Self::ServerNotificationUrlNotFound => {
                "set the server URL in App Store Connect; production and sandbox have one each, \
                 and a change takes a while"
            }
            Self::TestNotificationNotFound => {
                "ask again in a few seconds; if it stays, request another test notification"
            }
            Self::StatusRequestNotFound => {
                "pass the product id and the request identifier of the mass extension itself"
            }

            // Operations on a purchase.
            Self::InvalidCustomerConsented => {
                "send consumption data only when the customer has consented, and say so"
            }
            Self::InvalidAppAccountTokenUuidError => {
                "pass a UUID, for example 5d3f8c1e-6b0a-4f7e-9a52-0c4d1e8b7a63"
            }
            Self::SubscriptionMaxExtension => "a subscription can be extended at most twice a year",
            Self::FamilySharedSubscriptionExtensionIneligible => {
                "extend the purchaser's subscription instead"
            }
            Self::RepeatedRequestReferenceId => {
                "use a new UUID for each request; if you repeat a call whose answer was lost, the \
                 first one has arrived"
            }
            Self::SimulateRefundDeclineOnlyInSandbox => "use this reason in the sandbox only",
            Self::TransactionCannotBeRefundedContactSupport => {
                "tell the customer to ask Apple Support for the refund"
            }

            // Retention messages.
            Self::InvalidImage => "upload a PNG without transparency",
            Self::ExistingPerformanceTestRun => "wait until the running test has ended",
            Self::BadRequestRealtimeUrl => "pass an https URL of at most 256 characters",
            Self::BadRequestAboveImageRequiresAnImage => {
                "add an image to the message, or put the header elsewhere"
            }
            Self::MessageNotApproved | Self::ImageNotApproved => {
                "wait until Apple has approved it; the list of messages or images shows the state"
            }
            Self::ImageInUse => "delete the messages that use the image first",
            Self::ForbiddenNoPassingTest => {
                "pass a performance test of the URL in the sandbox, then set it in production"
            }
            Self::ImageAlreadyExists | Self::MessageAlreadyExists => {
                "choose a new UUID; if you repeat an upload whose answer was lost, it has arrived"
            }

            // Apple's servers.
            Self::RateLimitExceeded => RATE_LIMIT,
            Self::GeneralInternal | Self::GeneralInternalRetryable => {
                "repeat the call after a pause that grows with each try"
            }
            _ => return None,
        })
    }
}

/// A bearer token is refused for many reasons, and Apple names none.
pub(super) const CREDENTIALS: &str = "Apple refuses the bearer token; check that \
     (1) the key is an In-App Purchase key, not an App Store Connect API key, and is not revoked, \
     (2) issuer id and key id belong to that key, \
     (3) the bundle id is the app's, \
     (4) this machine's clock is right, \
     (5) the token is the API's own, not an in-app request signed for StoreKit, \
     (6) the app has been released: until then only the sandbox answers";

pub(super) const RATE_LIMIT: &str =
    "wait as long as Apple says, then call less often; the sandbox allows a tenth of production";
