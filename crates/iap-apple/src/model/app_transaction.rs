//! What does the App Store say of the download of an app?

use iap_core::{AppId, Timestamp, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::common::AppStoreEnvironment;

/// The customer's download of the app, as the App Store signed it.
///
/// [Apple's page](https://developer.apple.com/documentation/storekit/apptransaction)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AppTransaction {
    /// The App Store world that the download belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_type: Option<AppStoreEnvironment>,

    /// The number of the app in the App Store; absent in the sandbox.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub app_apple_id: Option<i64>,

    /// The app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<AppId>,

    /// The version of the app that the payload was made for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_version: Option<String>,

    /// The number that the App Store gives that version; absent in Xcode.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub version_external_identifier: Option<i64>,

    /// When the App Store signed this payload.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub receipt_creation_date: Option<Timestamp>,

    /// When the customer first got the app; before 1970 in Xcode.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub original_purchase_date: Option<Timestamp>,

    /// The version of the app that the customer first got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_application_version: Option<String>,

    /// Proof that the payload was made for one device; base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_verification: Option<String>,

    /// The random value that goes into `device_verification`; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_verification_nonce: Option<String>,

    /// When the customer ordered the app before its release.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub preorder_date: Option<Timestamp>,

    /// The download: one for each Apple account (and family member) and app; decimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_transaction_id: Option<String>,

    /// The platform on which the customer first got the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_platform: Option<PurchasePlatform>,
}

open_enum! {
    /// The platform on which a customer first got an app.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/storekit/appstore/platform)
    pub enum PurchasePlatform: str {
        /// iPhone and iPad.
        Ios = "iOS",
        /// Mac.
        MacOs = "macOS",
        /// Apple TV.
        TvOs = "tvOS",
        /// Apple Vision Pro.
        VisionOs = "visionOS",
        /// Apple Watch. Missing in Apple's server libraries; taken from the third-party
        /// `app-store-server-library` 6.
        WatchOs = "watchOS",
    }
}
