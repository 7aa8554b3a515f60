//! What is left of the older calls about subscriptions: to acknowledge, and what Google switches off.
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptions)

use iap_core::{OrderId, PurchaseToken, Timestamp, open_enum};

use super::{
    hidden::HiddenText,
    money::Price,
    product_purchase_v1::AcknowledgementStateV1,
    wire::{int32, int64, millis, model, or_default},
};

model! {
    /// Confirms a subscription purchase.
    pub struct SubscriptionPurchasesAcknowledgeRequest {
        /// A text to attach to the purchase.
        pub developer_payload: Option<String>,
        /// The accounts to attach to a purchase that was made outside the app, so that later answers
        /// have them.
        pub external_account_ids: Option<ExternalAccountIds>,
    }

    /// Accounts to attach to a purchase.
    pub struct ExternalAccountIds {
        /// The account in the app's own system, obfuscated; up to 64 characters.
        pub obfuscated_account_id: Option<String>,
        /// The profile within that account, obfuscated; up to 64 characters.
        pub obfuscated_profile_id: Option<String>,
    }

    /// Moves the end of a subscription; until 2028-08-31.
    pub struct SubscriptionPurchasesDeferRequest {
        /// From where to where.
        pub deferral_info: Option<SubscriptionDeferralInfo>,
    }

    /// The present and the wanted end of a subscription.
    pub struct SubscriptionDeferralInfo {
        /// The end as it was read; Google refuses another one.
        #[serde(with = "millis")]
        pub expected_expiry_time_millis: Option<Timestamp>,
        /// The end as it should be.
        #[serde(with = "millis")]
        pub desired_expiry_time_millis: Option<Timestamp>,
    }

    /// The end of a subscription after a deferral; until 2028-08-31.
    pub struct SubscriptionPurchasesDeferResponse {
        /// The new end.
        #[serde(with = "millis")]
        pub new_expiry_time_millis: Option<Timestamp>,
    }

    /// A subscription purchase as older answers describe it; until 2027-08-31. Use
    /// [`SubscriptionPurchaseV2`](crate::SubscriptionPurchaseV2).
    pub struct SubscriptionPurchase {
        /// `androidpublisher#subscriptionPurchase`.
        pub kind: Option<String>,
        /// When the subscription was granted.
        #[serde(with = "millis")]
        pub start_time_millis: Option<Timestamp>,
        /// When it ends.
        #[serde(with = "millis")]
        pub expiry_time_millis: Option<Timestamp>,
        /// When a paused subscription resumes.
        #[serde(with = "millis")]
        pub auto_resume_time_millis: Option<Timestamp>,
        /// Whether it will renew.
        #[serde(deserialize_with = "or_default")]
        pub auto_renewing: bool,
        /// The currency of the price.
        pub price_currency_code: Option<String>,
        /// The price of a period, in millionths.
        #[serde(with = "int64")]
        pub price_amount_micros: Option<i64>,
        /// The introductory price, while it applies.
        pub introductory_price_info: Option<IntroductoryPriceInfo>,
        /// The country of the customer, by its ISO 3166-1 alpha-2 code.
        pub country_code: Option<String>,
        /// A text that the developer attached.
        pub developer_payload: Option<String>,
        /// Whether the last charge was paid; missing when cancelled or expired.
        pub payment_state: Option<PaymentState>,
        /// Who cancelled it.
        pub cancel_reason: Option<CancelReason>,
        /// When the customer cancelled.
        #[serde(with = "millis")]
        pub user_cancellation_time_millis: Option<Timestamp>,
        /// What the customer answered when asked why they cancelled.
        pub cancel_survey_result: Option<SubscriptionCancelSurveyResult>,
        /// The newest order.
        pub order_id: Option<OrderId>,
        /// The purchase whose place this one takes.
        pub linked_purchase_token: Option<PurchaseToken>,
        /// What is special about the purchase; missing for an ordinary one.
        pub purchase_type: Option<SubscriptionPurchaseType>,
        /// The latest change of the price.
        pub price_change: Option<SubscriptionPriceChange>,
        /// The customer's Google profile, with Subscribe with Google.
        pub profile_id: Option<HiddenText>,
        /// The name of that profile.
        pub profile_name: Option<HiddenText>,
        /// The customer's e-mail address.
        pub email_address: Option<HiddenText>,
        /// The customer's given name.
        pub given_name: Option<HiddenText>,
        /// The customer's family name.
        pub family_name: Option<HiddenText>,
        /// Whether the purchase has been confirmed.
        pub acknowledgement_state: Option<AcknowledgementStateV1>,
        /// The account in the app's own system, if accounts were linked.
        pub external_account_id: Option<String>,
        /// The kind of code that it was bought with.
        pub promotion_type: Option<PromotionType>,
        /// The code, for a [`PromotionType::VanityCode`].
        pub promotion_code: Option<String>,
        /// The account in the app's own system, obfuscated by the app.
        pub obfuscated_external_account_id: Option<String>,
        /// The profile within that account, obfuscated by the app.
        pub obfuscated_external_profile_id: Option<String>,
    }

    /// An introductory price.
    pub struct IntroductoryPriceInfo {
        /// The currency.
        pub introductory_price_currency_code: Option<String>,
        /// The price of a period, in millionths.
        #[serde(with = "int64")]
        pub introductory_price_amount_micros: Option<i64>,
        /// How long a period lasts, as an ISO 8601 duration such as `P1M`.
        pub introductory_price_period: Option<String>,
        /// For how many periods it applies.
        #[serde(with = "int32")]
        pub introductory_price_cycles: Option<i32>,
    }

    /// A change of the price.
    pub struct SubscriptionPriceChange {
        /// The price after the change.
        pub new_price: Option<Price>,
        /// Whether the customer has agreed.
        pub state: Option<SubscriptionPriceChangeState>,
    }

    /// Why a customer cancelled, by their own account.
    pub struct SubscriptionCancelSurveyResult {
        /// The reason that they chose.
        pub cancel_survey_reason: Option<CancelSurveyReasonV1>,
        /// What they wrote, for [`CancelSurveyReasonV1::Other`].
        pub user_input_cancel_reason: Option<HiddenText>,
    }
}

open_enum! {
    /// Whether the last charge of a subscription was paid.
    pub enum PaymentState: i64 {
        /// Not yet: pending, in grace, or on hold.
        Pending = 0,
        /// Paid.
        Received = 1,
        /// Nothing to pay: a free trial.
        FreeTrial = 2,
        /// A change of the plan waits for the next renewal.
        PendingDeferredUpgradeOrDowngrade = 3,
    }
}

open_enum! {
    /// Who cancelled a subscription.
    pub enum CancelReason: i64 {
        /// The customer.
        User = 0,
        /// Google, for example after payments failed.
        System = 1,
        /// Another subscription, which took its place.
        Replaced = 2,
        /// The developer.
        Developer = 3,
    }
}

open_enum! {
    /// What is special about a subscription purchase.
    pub enum SubscriptionPurchaseType: i64 {
        /// Bought by a licence tester, without money.
        Test = 0,
        /// Bought with a code.
        Promo = 1,
    }
}

open_enum! {
    /// The kind of code that a subscription was bought with.
    pub enum PromotionType: i64 {
        /// A code for one customer.
        OneTimeCode = 0,
        /// A code for many customers.
        VanityCode = 1,
    }
}

open_enum! {
    /// Whether a customer agreed to another price.
    pub enum SubscriptionPriceChangeState: i64 {
        /// Not yet.
        Outstanding = 0,
        /// Agreed.
        Accepted = 1,
    }
}

open_enum! {
    /// Why a customer cancelled, as they chose from a list.
    pub enum CancelSurveyReasonV1: i64 {
        /// Another reason, perhaps in the customer's words.
        Other = 0,
        /// It is not used enough.
        NotEnoughUsage = 1,
        /// It does not work.
        TechnicalIssues = 2,
        /// It costs too much.
        CostRelated = 3,
        /// Another app is better.
        FoundBetterApp = 4,
    }
}
