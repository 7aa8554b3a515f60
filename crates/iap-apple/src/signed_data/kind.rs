//! The kinds of data that Apple signs, how each is recognised, and where each says whom it is for.

use core::fmt;

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use super::{
    claims::{Claim, Claims},
    verified::Verified,
};
use crate::{
    model::{
        AppStoreEnvironment, AppTransaction, Notification, RealtimeRequest, RenewalInfo,
        Transaction,
    },
    notification::VerifiedNotification,
};

/// Verified data of any kind.
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time and taken apart at once: a box would only add an allocation"
)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignedData {
    /// Proof that a customer got an app.
    AppTransaction(Verified<AppTransaction>),
    /// A notification, with the signed parts inside.
    Notification(VerifiedNotification),
    /// A question which retention message to show.
    RealtimeRequest(Verified<RealtimeRequest>),
    /// What comes next for a subscription.
    RenewalInfo(Verified<RenewalInfo>),
    /// A purchase or renewal.
    Transaction(Verified<Transaction>),
}

impl SignedData {
    /// The kind of the data.
    #[must_use]
    pub const fn kind(&self) -> SignedDataKind {
        match self {
            Self::AppTransaction(_) => SignedDataKind::AppTransaction,
            Self::Notification(_) => SignedDataKind::Notification,
            Self::RealtimeRequest(_) => SignedDataKind::RealtimeRequest,
            Self::RenewalInfo(_) => SignedDataKind::RenewalInfo,
            Self::Transaction(_) => SignedDataKind::Transaction,
        }
    }

    /// The payload as Apple signed it.
    #[must_use]
    pub fn json(&self) -> &str {
        match self {
            Self::AppTransaction(data) => data.json(),
            Self::Notification(data) => data.notification().json(),
            Self::RealtimeRequest(data) => data.json(),
            Self::RenewalInfo(data) => data.json(),
            Self::Transaction(data) => data.json(),
        }
    }
}

/// A kind of data that Apple signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedDataKind {
    /// Proof that a customer got an app.
    AppTransaction,
    /// A notification of the App Store.
    Notification,
    /// A question which retention message to show.
    RealtimeRequest,
    /// What comes next for a subscription.
    RenewalInfo,
    /// A purchase or renewal.
    Transaction,
}

impl SignedDataKind {
    /// The name used in JSON, for example `renewal_info`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AppTransaction => "app_transaction",
            Self::Notification => "notification",
            Self::RealtimeRequest => "realtime_request",
            Self::RenewalInfo => "renewal_info",
            Self::Transaction => "transaction",
        }
    }

    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::AppTransaction => "an app transaction (use verify_app_transaction)",
            Self::Notification => "a notification (use verify_notification)",
            Self::RealtimeRequest => "a realtime request (use verify_realtime_request)",
            Self::RenewalInfo => "a renewal info (use verify_renewal_info)",
            Self::Transaction => "a transaction (use verify_transaction)",
        }
    }

    /// Recognises a payload by the members that only its kind has. Says nothing about whether the
    /// payload is genuine.
    #[must_use]
    pub fn detect(json: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Marks {
            notification_type: Option<IgnoredAny>,
            transaction_id: Option<IgnoredAny>,
            auto_renew_product_id: Option<IgnoredAny>,
            auto_renew_status: Option<IgnoredAny>,
            receipt_type: Option<IgnoredAny>,
            request_identifier: Option<IgnoredAny>,
        }

        let marks: Marks = serde_json::from_str(json).ok()?;
        if marks.notification_type.is_some() {
            Some(Self::Notification)
        } else if marks.transaction_id.is_some() {
            Some(Self::Transaction)
        } else if marks.auto_renew_product_id.is_some() || marks.auto_renew_status.is_some() {
            Some(Self::RenewalInfo)
        } else if marks.receipt_type.is_some() {
            Some(Self::AppTransaction)
        } else if marks.request_identifier.is_some() {
            Some(Self::RealtimeRequest)
        } else {
            None
        }
    }
}

impl fmt::Display for SignedDataKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AppTransaction => "an app transaction",
            Self::Notification => "a notification",
            Self::RealtimeRequest => "a realtime request",
            Self::RenewalInfo => "a renewal info",
            Self::Transaction => "a transaction",
        })
    }
}

/// A payload that Apple signs by itself.
pub(crate) trait SignedPayload: DeserializeOwned {
    const KIND: SignedDataKind;

    /// What the payload says about itself.
    ///
    /// Whether it is of its kind must be told by a member that no other kind has: the members that
    /// all kinds share would let, say, a transaction pass for a renewal info.
    fn claims(&self) -> Claims<'_>;
}

impl SignedPayload for Transaction {
    const KIND: SignedDataKind = SignedDataKind::Transaction;

    fn claims(&self) -> Claims<'_> {
        Claims {
            is_of_kind: self.transaction_id.is_some(),
            signed_at: self.signed_date,
            bundle_id: Claim::Made(self.bundle_id.as_ref()),
            app_apple_id: Claim::NotMade,
            environment: self.environment.as_ref(),
        }
    }
}

impl SignedPayload for RenewalInfo {
    const KIND: SignedDataKind = SignedDataKind::RenewalInfo;

    fn claims(&self) -> Claims<'_> {
        Claims {
            is_of_kind: self.auto_renew_product_id.is_some() || self.auto_renew_status.is_some(),
            signed_at: self.signed_date,
            bundle_id: Claim::NotMade,
            app_apple_id: Claim::NotMade,
            environment: self.environment.as_ref(),
        }
    }
}

impl SignedPayload for AppTransaction {
    const KIND: SignedDataKind = SignedDataKind::AppTransaction;

    fn claims(&self) -> Claims<'_> {
        Claims {
            is_of_kind: self.receipt_type.is_some(),
            signed_at: self.receipt_creation_date,
            bundle_id: Claim::Made(self.bundle_id.as_ref()),
            app_apple_id: Claim::Made(self.app_apple_id),
            environment: self.receipt_type.as_ref(),
        }
    }
}

impl SignedPayload for RealtimeRequest {
    const KIND: SignedDataKind = SignedDataKind::RealtimeRequest;

    fn claims(&self) -> Claims<'_> {
        Claims {
            is_of_kind: true,
            signed_at: Some(self.signed_date),
            bundle_id: Claim::NotMade,
            app_apple_id: Claim::Made(Some(self.app_apple_id)),
            environment: Some(&self.environment),
        }
    }
}

impl SignedPayload for Notification {
    const KIND: SignedDataKind = SignedDataKind::Notification;

    /// The first of `data`, `summary`, `externalPurchaseToken` and `appData` says whom it is for.
    fn claims(&self) -> Claims<'_> {
        let (bundle_id, app_apple_id, environment) = if let Some(data) = &self.data {
            (
                &data.bundle_id,
                data.app_apple_id,
                data.environment.as_ref(),
            )
        } else if let Some(summary) = &self.summary {
            (
                &summary.bundle_id,
                summary.app_apple_id,
                summary.environment.as_ref(),
            )
        } else if let Some(token) = &self.external_purchase_token {
            (
                &token.bundle_id,
                token.app_apple_id,
                Some(token.environment()),
            )
        } else if let Some(app_data) = &self.app_data {
            (
                &app_data.bundle_id,
                app_data.app_apple_id,
                app_data.environment.as_ref(),
            )
        } else {
            (&None, None, None)
        };
        Claims {
            is_of_kind: self.notification_type.is_some(),
            signed_at: self.signed_date,
            bundle_id: Claim::Made(bundle_id.as_ref()),
            app_apple_id: Claim::Made(app_apple_id),
            environment,
        }
    }
}

impl crate::model::ExternalPurchaseToken {
    /// The payload has no member for it: ids of the sandbox begin with `SANDBOX`.
    pub(crate) fn environment(&self) -> &'static AppStoreEnvironment {
        match &self.external_purchase_id {
            Some(id) if id.starts_with("SANDBOX") => &AppStoreEnvironment::Sandbox,
            _ => &AppStoreEnvironment::Production,
        }
    }
}
