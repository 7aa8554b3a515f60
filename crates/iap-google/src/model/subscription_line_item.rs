//! What does Google say about one product within a subscription: plan, offer, price, what comes next?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2#subscriptionpurchaselineitem)

use iap_core::{OfferId, OrderId, ProductId, Timestamp, open_enum};

use super::{
    money::Money,
    wire::{int32, model, or_default},
};

model! {
    /// One product of a subscription purchase: the base, or an add-on.
    pub struct SubscriptionPurchaseLineItem {
        /// The product.
        pub product_id: Option<ProductId>,
        /// When access to this item ends. Missing on an item that a deferred replacement starts
        /// later: it is not owned yet.
        pub expiry_time: Option<Timestamp>,
        /// The last paid order of this item. Missing while the item is not owned yet.
        pub latest_successful_order_id: Option<OrderId>,
        /// How it renews; this or [`prepaid_plan`](Self::prepaid_plan).
        pub auto_renewing_plan: Option<AutoRenewingPlan>,
        /// That it is prepaid; this or [`auto_renewing_plan`](Self::auto_renewing_plan).
        pub prepaid_plan: Option<PrepaidPlan>,
        /// The base plan and offer that it was bought with, which stay here for life: an offer id
        /// does not mean that the offer still runs.
        pub offer_details: Option<OfferDetails>,
        /// Which price applies to the present period. Since 2026.
        pub offer_phase: Option<OfferPhase>,
        /// The code that it was bought with.
        pub signup_promotion: Option<SignupPromotion>,
        /// The item whose place this one took; here for 60 days.
        pub item_replacement: Option<ItemReplacement>,
        /// The product that takes the place of this one at the next renewal.
        pub deferred_item_replacement: Option<DeferredItemReplacement>,
        /// There if this add-on goes at the next renewal.
        pub deferred_item_removal: Option<DeferredItemRemoval>,
    }

    /// How an item renews.
    pub struct AutoRenewingPlan {
        /// Whether it will renew. Google leaves it out when it will not.
        #[serde(deserialize_with = "or_default")]
        pub auto_renew_enabled: bool,
        /// The price of a period, before discounts and taxes. What was really paid is in the order.
        pub recurring_price: Option<Money>,
        /// The latest change of the price since the sign-up.
        pub price_change_details: Option<SubscriptionItemPriceChangeDetails>,
        /// The commitment, for plans paid in instalments.
        pub installment_details: Option<InstallmentPlan>,
        /// The consent to a higher price that the law demands (South Korea).
        pub price_step_up_consent_details: Option<PriceStepUpConsentDetails>,
    }

    /// A change of the price of an item.
    pub struct SubscriptionItemPriceChangeDetails {
        /// The price after the change.
        pub new_price: Option<Money>,
        /// What kind of change it is, and so whether the customer must agree.
        pub price_change_mode: Option<PriceChangeMode>,
        /// How far it is.
        pub price_change_state: Option<PriceChangeState>,
        /// When the new price will be charged; only until it is. A pause moves it.
        pub expected_new_price_charge_time: Option<Timestamp>,
    }

    /// A commitment to a number of payments.
    pub struct InstallmentPlan {
        /// How many payments the customer committed to at the sign-up.
        #[serde(with = "int32")]
        pub initial_committed_payments_count: Option<i32>,
        /// How many payments each commitment after it has; missing if the plan then renews without
        /// one.
        #[serde(with = "int32")]
        pub subsequent_committed_payments_count: Option<i32>,
        /// How many payments of the present commitment are left.
        #[serde(with = "int32")]
        pub remaining_committed_payments_count: Option<i32>,
        /// There if the customer cancelled: it ends with the commitment.
        pub pending_cancellation: Option<PendingCancellation>,
    }

    /// The mark of a cancellation at the end of a commitment. Being there is all it says.
    pub struct PendingCancellation {}

    /// Whether the customer agreed to a higher price, where the law demands it.
    pub struct PriceStepUpConsentDetails {
        /// How far it is.
        pub state: Option<ConsentState>,
        /// Until when the customer must agree; otherwise the subscription is cancelled.
        pub consent_deadline_time: Option<Timestamp>,
        /// The higher price.
        pub new_price: Option<Money>,
    }

    /// A plan that the customer pays in advance and tops up.
    pub struct PrepaidPlan {
        /// From when on it can be topped up; missing when it has ended.
        pub allow_extend_after_time: Option<Timestamp>,
    }

    /// The base plan and the offer that an item was bought with.
    pub struct OfferDetails {
        /// The base plan.
        pub base_plan_id: Option<String>,
        /// The offer; missing if it was bought at the regular price.
        pub offer_id: Option<OfferId>,
        /// The tags of the base plan and the offer, as the developer set them.
        #[serde(deserialize_with = "or_default")]
        pub offer_tags: Vec<String>,
    }

    /// Which price applies to the present period: one of these.
    pub struct OfferPhase {
        /// The regular one.
        pub base_price: Option<BasePriceOfferPhase>,
        /// None: a free trial.
        pub free_trial: Option<FreeTrialOfferPhase>,
        /// The introductory one of an offer.
        pub introductory_price: Option<IntroductoryPriceOfferPhase>,
        /// None, while what was left of the replaced plan is used up.
        pub proration_period: Option<ProrationPeriodOfferPhase>,
    }

    /// The mark of the regular price. Being there is all it says.
    pub struct BasePriceOfferPhase {}

    /// The mark of a free trial. Being there is all it says.
    pub struct FreeTrialOfferPhase {}

    /// The mark of an introductory price. Being there is all it says.
    pub struct IntroductoryPriceOfferPhase {}

    /// The time that a plan change left over.
    pub struct ProrationPeriodOfferPhase {
        /// The price that applied to the replaced plan.
        pub original_offer_phase_type: Option<OriginalOfferPhaseType>,
    }

    /// The code that an item was bought with: one of these.
    pub struct SignupPromotion {
        /// A code for one customer.
        pub one_time_code: Option<OneTimeCode>,
        /// A code for many customers.
        pub vanity_code: Option<VanityCode>,
    }

    /// The mark of a code for one customer. Being there is all it says.
    pub struct OneTimeCode {}

    /// A code for many customers.
    pub struct VanityCode {
        /// The code.
        pub promotion_code: Option<String>,
    }

    /// The item whose place another one took.
    pub struct ItemReplacement {
        /// The product that was replaced.
        pub product_id: Option<ProductId>,
        /// Its base plan.
        pub base_plan_id: Option<String>,
        /// Its offer.
        pub offer_id: Option<OfferId>,
        /// How time and money of the replaced item were taken into account.
        pub replacement_mode: Option<ReplacementMode>,
    }

    /// What takes the place of an item at the next renewal.
    pub struct DeferredItemReplacement {
        /// The product that follows.
        pub product_id: Option<ProductId>,
    }

    /// The mark of an add-on that goes at the next renewal. Being there is all it says.
    pub struct DeferredItemRemoval {}
}

open_enum! {
    /// The kind of a price change.
    pub enum PriceChangeMode: str {
        /// Not said.
        Unspecified = "PRICE_CHANGE_MODE_UNSPECIFIED",
        /// Down; nobody must agree.
        PriceDecrease = "PRICE_DECREASE",
        /// Up; without the customer's consent the subscription is cancelled.
        PriceIncrease = "PRICE_INCREASE",
        /// Up, unless the customer cancels.
        OptOutPriceIncrease = "OPT_OUT_PRICE_INCREASE",
    }
}

open_enum! {
    /// How far a price change is.
    pub enum PriceChangeState: str {
        /// Not said.
        Unspecified = "PRICE_CHANGE_STATE_UNSPECIFIED",
        /// It waits for the customer's consent.
        Outstanding = "OUTSTANDING",
        /// It will come.
        Confirmed = "CONFIRMED",
        /// The new price has been charged.
        Applied = "APPLIED",
        /// It was called off, or a newer one took its place.
        Canceled = "CANCELED",
    }
}

open_enum! {
    /// How far the consent to a higher price is.
    pub enum ConsentState: str {
        /// Not said.
        Unspecified = "CONSENT_STATE_UNSPECIFIED",
        /// The customer has not answered.
        Pending = "PENDING",
        /// The customer agreed; the higher price has not been charged.
        Confirmed = "CONFIRMED",
        /// The customer agreed, and the higher price applies.
        Completed = "COMPLETED",
    }
}

open_enum! {
    /// Which price applied before a plan change.
    pub enum OriginalOfferPhaseType: str {
        /// Not said.
        Unspecified = "ORIGINAL_OFFER_PHASE_TYPE_UNSPECIFIED",
        /// The regular one.
        Base = "BASE",
        /// An introductory one.
        Introductory = "INTRODUCTORY",
        /// None: a free trial.
        FreeTrial = "FREE_TRIAL",
    }
}

open_enum! {
    /// How a plan change takes account of what was paid for the old plan.
    pub enum ReplacementMode: str {
        /// Not said.
        Unspecified = "REPLACEMENT_MODE_UNSPECIFIED",
        /// The new plan starts now; what is left of the old one becomes time.
        WithTimeProration = "WITH_TIME_PRORATION",
        /// The new plan starts now; the difference for the rest of the period is charged now.
        ChargeProratedPrice = "CHARGE_PRORATED_PRICE",
        /// The new plan starts now; it is charged first at the next renewal.
        WithoutProration = "WITHOUT_PRORATION",
        /// The new plan starts now and is charged in full; what is left of the old one becomes time.
        ChargeFullPrice = "CHARGE_FULL_PRICE",
        /// The new plan starts when the period of the old one ends.
        Deferred = "DEFERRED",
        /// This item stays as it was, while others change.
        KeepExisting = "KEEP_EXISTING",
    }
}
