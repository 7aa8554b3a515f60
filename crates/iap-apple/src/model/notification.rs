//! What happened to a purchase, and what does a notification carry about it?

use iap_core::{AppId, EventId, ProductId, Timestamp, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::{
    common::{AppStoreEnvironment, Status},
    wire,
};

/// Something that happened to a purchase, as the App Store signed it (version 2 of its
/// notifications).
///
/// Exactly one of `data`, `summary`, `external_purchase_token` and `app_data` is present.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2decodedpayload)
#[doc(alias = "ResponseBodyV2DecodedPayload")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Notification {
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_type: Option<NotificationType>,

    /// What happened in more detail; many notifications have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtype: Option<Subtype>,

    /// The notification, the same for every repeated delivery; a UUID.
    #[doc(alias = "notificationUUID")]
    #[serde(rename = "notificationUUID", skip_serializing_if = "Option::is_none")]
    pub notification_uuid: Option<EventId>,

    /// The purchase that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<NotificationData>,

    /// The version of the notification format; `2.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,

    /// When the App Store signed this payload.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub signed_date: Option<Timestamp>,

    /// The result of extending the renewal dates of all subscribers; `RENEWAL_EXTENSION` with
    /// `SUMMARY` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,

    /// The token of a purchase outside of the App Store; `EXTERNAL_PURCHASE_TOKEN` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_purchase_token: Option<ExternalPurchaseToken>,

    /// The app and its download; `RESCIND_CONSENT` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_data: Option<AppData>,
}

/// The purchase that a notification is about.
///
/// Read the signed texts inside through [`VerifiedNotification`](crate::VerifiedNotification), which
/// has verified them.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/data)
#[doc(alias = "Data")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NotificationData {
    /// The App Store world that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// The number of the app in the App Store; absent in the sandbox.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The app that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The build number of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_version: Option<String>,

    /// The transaction, a compact JWS whose payload is a [`Transaction`](super::Transaction).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_transaction_info: Option<String>,

    /// The renewal, a compact JWS whose payload is a [`RenewalInfo`](super::RenewalInfo);
    /// subscriptions only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_renewal_info: Option<String>,

    /// The state of the subscription when the notification was signed; subscriptions that renew by
    /// themselves only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,

    /// Why the customer asks for a refund; `CONSUMPTION_REQUEST` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumption_request_reason: Option<ConsumptionRequestReason>,
}

/// The result of extending the renewal dates of all subscribers of a product.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/summary)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Summary {
    /// The App Store world that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// The number of the app in the App Store; absent in the sandbox.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The app that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The subscription that was extended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<ProductId>,

    /// The identifier that the developer gave to the request; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_identifier: Option<String>,

    /// The storefronts asked for, ISO 3166-1 alpha-3; empty means all of them.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub storefront_country_codes: Vec<String>,

    /// How many subscriptions were extended.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub succeeded_count: Option<i64>,

    /// How many subscriptions could not be extended.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub failed_count: Option<i64>,
}

/// The token of a purchase outside of the App Store, which the developer must report to Apple.
///
/// It has no environment member: an `external_purchase_id` that begins with `SANDBOX` belongs to
/// the sandbox, any other to production.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/externalpurchasetoken)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ExternalPurchaseToken {
    /// The identifier of the token; begins with `SANDBOX` in the sandbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_purchase_id: Option<String>,

    /// When the token was made.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub token_creation_date: Option<Timestamp>,

    /// The number of the app in the App Store.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The app that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// When the token ends. Missing in the reviewed versions of Apple's server libraries; taken
    /// from the third-party `app-store-server-library` 6.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub token_expiration_date: Option<Timestamp>,

    /// What the token is for; tokens of custom links only. Missing in Apple's server libraries;
    /// taken from the third-party `app-store-server-library` 6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<TokenType>,
}

/// The app and its download that a notification is about.
///
/// Read the signed text inside through [`VerifiedNotification`](crate::VerifiedNotification), which
/// has verified it.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/appdata)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AppData {
    /// The number of the app in the App Store; absent in the sandbox.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The app that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The App Store world that the notification is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<AppStoreEnvironment>,

    /// The download, a compact JWS whose payload is an [`AppTransaction`](super::AppTransaction).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_app_transaction_info: Option<String>,
}

open_enum! {
    /// What happened to a purchase.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/notificationtype)
    #[doc(alias = "NotificationTypeV2")]
    pub enum NotificationType: str {
        /// The customer asked for a refund; the App Store wants to know how far the purchase was
        /// used.
        ConsumptionRequest = "CONSUMPTION_REQUEST",
        /// The customer chose another subscription of the group, or returned to the present one.
        DidChangeRenewalPref = "DID_CHANGE_RENEWAL_PREF",
        /// Renewal was turned on or off.
        DidChangeRenewalStatus = "DID_CHANGE_RENEWAL_STATUS",
        /// The renewal could not be charged; the App Store keeps trying.
        DidFailToRenew = "DID_FAIL_TO_RENEW",
        /// The subscription renewed.
        DidRenew = "DID_RENEW",
        /// The subscription ended.
        Expired = "EXPIRED",
        /// A token of a purchase outside of the App Store needs attention.
        ExternalPurchaseToken = "EXTERNAL_PURCHASE_TOKEN",
        /// The grace period ended unpaid: access ends, although the App Store keeps trying to
        /// charge.
        GracePeriodExpired = "GRACE_PERIOD_EXPIRED",
        /// The texts of a subscription made with the Advanced Commerce API changed.
        MetadataUpdate = "METADATA_UPDATE",
        /// A subscription was moved to the Advanced Commerce API.
        Migration = "MIGRATION",
        /// A subscriber redeemed an offer.
        OfferRedeemed = "OFFER_REDEEMED",
        /// The customer bought something that is not a subscription renewing by itself.
        OneTimeCharge = "ONE_TIME_CHARGE",
        /// The price of a subscription made with the Advanced Commerce API changed.
        PriceChange = "PRICE_CHANGE",
        /// The customer was told of, or agreed to, a higher price.
        PriceIncrease = "PRICE_INCREASE",
        /// The App Store refunded a transaction.
        Refund = "REFUND",
        /// The App Store declined to refund a transaction.
        RefundDeclined = "REFUND_DECLINED",
        /// The App Store took a refund back: what was revoked for it is due again.
        RefundReversed = "REFUND_REVERSED",
        /// The renewal date of one subscription was extended.
        RenewalExtended = "RENEWAL_EXTENDED",
        /// The developer is extending the renewal dates of all subscribers; the subtype tells the
        /// result.
        RenewalExtension = "RENEWAL_EXTENSION",
        /// A parent or guardian withdrew consent to a child's use of the app.
        RescindConsent = "RESCIND_CONSENT",
        /// A purchase is no longer available through Family Sharing.
        Revoke = "REVOKE",
        /// The customer subscribed, for the first time or again.
        Subscribed = "SUBSCRIBED",
        /// The developer asked for a test notification.
        Test = "TEST",
    }
}

open_enum! {
    /// What happened to a purchase, in more detail.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/subtype)
    pub enum Subtype: str {
        /// `PRICE_INCREASE`: the customer agreed, or did not need to.
        Accepted = "ACCEPTED",
        /// `EXTERNAL_PURCHASE_TOKEN`: a token is still in use. Missing in Apple's server libraries;
        /// taken from the third-party `app-store-server-library` 6.
        ActiveTokenReminder = "ACTIVE_TOKEN_REMINDER",
        /// `DID_CHANGE_RENEWAL_STATUS`: renewal was turned off, by the customer or after a refund.
        AutoRenewDisabled = "AUTO_RENEW_DISABLED",
        /// `DID_CHANGE_RENEWAL_STATUS`: the customer turned renewal on.
        AutoRenewEnabled = "AUTO_RENEW_ENABLED",
        /// `DID_RENEW`: a renewal that had failed was charged after all.
        BillingRecovery = "BILLING_RECOVERY",
        /// `EXPIRED`: the App Store gave up trying to charge.
        BillingRetry = "BILLING_RETRY",
        /// `EXTERNAL_PURCHASE_TOKEN`: a token was made. Missing in Apple's server libraries; taken
        /// from the third-party `app-store-server-library` 6.
        Created = "CREATED",
        /// A lower subscription was chosen; it begins at the next renewal.
        Downgrade = "DOWNGRADE",
        /// `RENEWAL_EXTENSION`: one subscription could not be extended.
        Failure = "FAILURE",
        /// `DID_FAIL_TO_RENEW`: the customer keeps access until the grace period ends.
        GracePeriod = "GRACE_PERIOD",
        /// The first subscription of this customer in the group, or access to it through Family
        /// Sharing.
        InitialBuy = "INITIAL_BUY",
        /// `PRICE_INCREASE`: the customer was told and has not answered.
        Pending = "PENDING",
        /// `EXPIRED`: the customer did not agree to a higher price.
        PriceIncrease = "PRICE_INCREASE",
        /// `EXPIRED`: the product was not for sale when the renewal was due.
        ProductNotForSale = "PRODUCT_NOT_FOR_SALE",
        /// A former subscriber of the group subscribed again.
        Resubscribe = "RESUBSCRIBE",
        /// `RENEWAL_EXTENSION`: the request is done for all subscribers.
        Summary = "SUMMARY",
        /// `EXTERNAL_PURCHASE_TOKEN`: a token was made and not reported.
        Unreported = "UNREPORTED",
        /// A higher subscription was chosen; it began at once.
        Upgrade = "UPGRADE",
        /// `EXPIRED`: the customer had turned renewal off.
        Voluntary = "VOLUNTARY",
    }
}

open_enum! {
    /// Why a customer asks for a refund.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/consumptionrequestreason)
    pub enum ConsumptionRequestReason: str {
        /// The customer did not get the product, or it did not work.
        FulfillmentIssue = "FULFILLMENT_ISSUE",
        /// For a legal reason.
        Legal = "LEGAL",
        /// For another reason.
        Other = "OTHER",
        /// The customer did not mean to buy.
        UnintendedPurchase = "UNINTENDED_PURCHASE",
        /// The customer was not content with the product.
        UnsatisfiedWithPurchase = "UNSATISFIED_WITH_PURCHASE",
    }
}

open_enum! {
    /// What the token of a purchase outside of the App Store is for.
    ///
    /// Missing in Apple's server libraries; from the third-party `app-store-server-library` 6.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/tokentype)
    pub enum TokenType: str {
        /// For purchases under Apple's initial acquisition fee (European Union).
        Acquisition = "ACQUISITION",
        /// For purchases under Apple's store services fee (European Union).
        Services = "SERVICES",
    }
}
