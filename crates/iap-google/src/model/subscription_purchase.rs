//! What does Google say about a subscription that was bought?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2)

use iap_core::{OrderId, PurchaseToken, Timestamp, open_enum};

use super::{
    hidden::HiddenText,
    subscription_line_item::SubscriptionPurchaseLineItem,
    wire::{model, or_default},
};

model! {
    /// A subscription purchase, known by its token: all renewals share it, a plan change makes a new
    /// one.
    ///
    /// `purchases.subscriptionsv2.get` answers it until 60 days after the end.
    pub struct SubscriptionPurchaseV2 {
        /// `androidpublisher#subscriptionPurchaseV2`.
        pub kind: Option<String>,
        /// Where the subscription is in its life. It decides before any date does.
        pub subscription_state: Option<SubscriptionState>,
        /// When the token was granted; the same over all renewals. Missing while payment is pending.
        pub start_time: Option<Timestamp>,
        /// The country of the purchase, by its ISO 3166-1 alpha-2 code. It may be a territory, such
        /// as `PR`, whose prices are kept under another code.
        pub region_code: Option<String>,
        /// The products: at least one, up to 50, all renewing or all prepaid. The first is the base,
        /// the others are add-ons.
        #[serde(deserialize_with = "or_default")]
        pub line_items: Vec<SubscriptionPurchaseLineItem>,
        /// The purchase whose place this one takes: plan change, sign-up again before the end,
        /// top-up, change between prepaid and renewing. While this one is not paid, that one runs on.
        /// It stays here over all renewals.
        pub linked_purchase_token: Option<PurchaseToken>,
        /// Whether Google still waits for our confirmation.
        pub acknowledgement_state: Option<AcknowledgementState>,
        /// The accounts that the app passed when buying.
        pub external_account_identifiers: Option<ExternalAccountIdentifiers>,
        /// Until when it is paused; only while it is.
        pub paused_state_context: Option<PausedStateContext>,
        /// Who cancelled it; only when cancelled or expired, and not always then.
        pub canceled_state_context: Option<CanceledStateContext>,
        /// Why it is in its grace period; only while it is. Since 2026.
        pub in_grace_period_state_context: Option<InGracePeriodStateContext>,
        /// Why it is on hold; only while it is. Since 2026.
        pub on_hold_state_context: Option<OnHoldStateContext>,
        /// What came before a subscription that was bought again in Google Play after its end; only
        /// until it is acknowledged, so store it first.
        pub out_of_app_purchase_context: Option<OutOfAppPurchaseContext>,
        /// There if a licence tester bought it, without money.
        pub test_purchase: Option<TestPurchase>,
        /// The customer, for purchases with Subscribe with Google.
        pub subscribe_with_google_info: Option<SubscribeWithGoogleInfo>,
        /// The version of this object, which a deferral must name. Since 2026.
        pub etag: Option<String>,
        /// The newest order, which may be an unpaid one in grace or on hold. Sent until 2027-08-31;
        /// use [`SubscriptionPurchaseLineItem::latest_successful_order_id`].
        pub latest_order_id: Option<OrderId>,
    }

    /// The accounts that the app attached when buying.
    pub struct ExternalAccountIdentifiers {
        /// The account in the app's own system, obfuscated by the app; up to 64 characters.
        pub obfuscated_external_account_id: Option<String>,
        /// The profile within that account, obfuscated by the app; up to 64 characters.
        pub obfuscated_external_profile_id: Option<String>,
        /// The account in the app's own system, if accounts were linked in the purchase flow.
        pub external_account_id: Option<String>,
    }

    /// The pause of a subscription.
    pub struct PausedStateContext {
        /// When charges and access come back by themselves.
        pub auto_resume_time: Option<Timestamp>,
    }

    /// Who or what cancelled a subscription: one of these. Not proof of it: a refund by the
    /// developer has been seen with either of the first two.
    pub struct CanceledStateContext {
        /// The customer.
        pub user_initiated_cancellation: Option<UserInitiatedCancellation>,
        /// Google, for example after payments failed.
        pub system_initiated_cancellation: Option<SystemInitiatedCancellation>,
        /// The developer.
        pub developer_initiated_cancellation: Option<DeveloperInitiatedCancellation>,
        /// Another purchase, which took its place.
        pub replacement_cancellation: Option<ReplacementCancellation>,
    }

    /// A cancellation by the customer.
    pub struct UserInitiatedCancellation {
        /// When it was cancelled; access may last longer.
        pub cancel_time: Option<Timestamp>,
        /// What the customer answered when asked why.
        pub cancel_survey_result: Option<CancelSurveyResult>,
    }

    /// Why a customer cancelled, by their own account.
    pub struct CancelSurveyResult {
        /// The reason that they chose.
        pub reason: Option<CancelSurveyReason>,
        /// What they wrote, for [`CancelSurveyReason::Others`].
        pub reason_user_input: Option<HiddenText>,
    }

    /// A cancellation by Google. Being there is all it says.
    pub struct SystemInitiatedCancellation {}

    /// A cancellation by the developer. Being there is all it says.
    pub struct DeveloperInitiatedCancellation {}

    /// A cancellation by a purchase that took the place of this one. Being there is all it says.
    pub struct ReplacementCancellation {}

    /// Why a subscription is in its grace period.
    pub struct InGracePeriodStateContext {
        /// The renewal could not be charged.
        pub renewal_declined: Option<RenewalDeclinedContext>,
    }

    /// Why a subscription is on hold.
    pub struct OnHoldStateContext {
        /// The renewal could not be charged.
        pub renewal_declined: Option<RenewalDeclinedContext>,
    }

    /// A renewal that could not be charged.
    pub struct RenewalDeclinedContext {
        /// The unpaid order. It becomes the latest successful one if the charge works later.
        pub pending_order_id: Option<OrderId>,
    }

    /// What came before a purchase made outside the app.
    pub struct OutOfAppPurchaseContext {
        /// The accounts of the subscription that had ended.
        pub expired_external_account_identifiers: Option<ExternalAccountIdentifiers>,
        /// The token of the subscription that had ended, to find it in one's own records. Google
        /// does not know it for longer than 60 days after its end.
        pub expired_purchase_token: Option<PurchaseToken>,
    }

    /// The mark of a purchase by a licence tester. Being there is all it says.
    pub struct TestPurchase {}

    /// The customer of a purchase with Subscribe with Google.
    pub struct SubscribeWithGoogleInfo {
        /// The customer's Google profile.
        pub profile_id: Option<HiddenText>,
        /// The name of the profile.
        pub profile_name: Option<HiddenText>,
        /// The customer's e-mail address.
        pub email_address: Option<HiddenText>,
        /// The customer's given name.
        pub given_name: Option<HiddenText>,
        /// The customer's family name.
        pub family_name: Option<HiddenText>,
    }
}

open_enum! {
    /// Where a subscription is in its life.
    pub enum SubscriptionState: str {
        /// Not said.
        Unspecified = "SUBSCRIPTION_STATE_UNSPECIFIED",
        /// The first payment is not finished: nothing to grant, nothing to acknowledge.
        Pending = "SUBSCRIPTION_STATE_PENDING",
        /// Paid. Renewing plans: at least one item renews and has not ended.
        Active = "SUBSCRIPTION_STATE_ACTIVE",
        /// Paused by the customer, without access, until
        /// [`auto_resume_time`](PausedStateContext::auto_resume_time).
        Paused = "SUBSCRIPTION_STATE_PAUSED",
        /// The renewal failed and access goes on while Google tries again; the end moves along.
        InGracePeriod = "SUBSCRIPTION_STATE_IN_GRACE_PERIOD",
        /// The renewal failed and access has ended, for every item, until the customer pays.
        OnHold = "SUBSCRIPTION_STATE_ON_HOLD",
        /// It will not renew; access lasts until the end of each item, which may be past.
        Canceled = "SUBSCRIPTION_STATE_CANCELED",
        /// Over. The end of an item may be later than access really ended.
        Expired = "SUBSCRIPTION_STATE_EXPIRED",
        /// The first payment was given up; look at the linked purchase, which may still run.
        PendingPurchaseCanceled = "SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED",
    }
}

open_enum! {
    /// Whether Google waits for our confirmation that we have delivered.
    pub enum AcknowledgementState: str {
        /// Not said.
        Unspecified = "ACKNOWLEDGEMENT_STATE_UNSPECIFIED",
        /// Not confirmed yet: Google refunds the purchase after the deadline.
        Pending = "ACKNOWLEDGEMENT_STATE_PENDING",
        /// Confirmed, or consumed.
        Acknowledged = "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED",
    }
}

open_enum! {
    /// Why a customer cancelled, as they chose from a list.
    pub enum CancelSurveyReason: str {
        /// Not said.
        Unspecified = "CANCEL_SURVEY_REASON_UNSPECIFIED",
        /// It is not used enough.
        NotEnoughUsage = "CANCEL_SURVEY_REASON_NOT_ENOUGH_USAGE",
        /// It does not work.
        TechnicalIssues = "CANCEL_SURVEY_REASON_TECHNICAL_ISSUES",
        /// It costs too much.
        CostRelated = "CANCEL_SURVEY_REASON_COST_RELATED",
        /// Another app is better.
        FoundBetterApp = "CANCEL_SURVEY_REASON_FOUND_BETTER_APP",
        /// Another reason, perhaps in the customer's words.
        Others = "CANCEL_SURVEY_REASON_OTHERS",
    }
}
