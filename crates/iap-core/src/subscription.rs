//! The part of a purchase that only subscriptions have: where it is in its life, and what comes next.

use serde::{Deserialize, Serialize};

use crate::{Money, OfferId, PlanId, ProductId, Timestamp};

/// Where a subscription is in its life, as the store vouched for it at
/// [`Purchase::as_of`](crate::Purchase::as_of).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Subscription {
    /// The state. It decides before any date does.
    pub state: SubscriptionState,
    /// Whether the store will renew it.
    pub auto_renew: AutoRenew,
    /// The way of paying for the product that the customer chose, where the product alone does not
    /// tell it (Google's base plan, Amazon's term).
    pub plan_id: Option<PlanId>,
    /// The group of subscriptions of which a customer can hold one (Apple).
    pub group_id: Option<String>,
    /// When the present unbroken run of periods began, where the store tells.
    pub started_at: Option<Timestamp>,
    /// When the grace period ends; only while the last renewal failed.
    pub grace_expires_at: Option<Timestamp>,
    /// When the next charge is due.
    pub renews_at: Option<Timestamp>,
    /// When a paused subscription resumes (Google).
    pub resumes_at: Option<Timestamp>,
    /// The product it renews to, where that differs from the present one or the store repeats it.
    pub next_product_id: Option<ProductId>,
    /// When it changes to [`next_product_id`](Self::next_product_id), where the store tells.
    pub next_product_at: Option<Timestamp>,
    /// What the next charge will be, where the store tells; before taxes where the store names the
    /// price of the plan (Google).
    pub renewal_price: Option<Money>,
    /// The offer that applies to the present period.
    pub offer: Option<Offer>,
    /// Why it ended, or will end.
    pub expiration_reason: Option<ExpirationReason>,
    /// Whether the customer agreed to a higher price, where one is coming.
    pub price_increase: Option<PriceIncrease>,
}

impl Subscription {
    /// A subscription in `state`; the other fields start out absent.
    #[must_use]
    pub const fn new(state: SubscriptionState) -> Self {
        Self {
            state,
            auto_renew: AutoRenew::Unknown,
            plan_id: None,
            group_id: None,
            started_at: None,
            grace_expires_at: None,
            renews_at: None,
            resumes_at: None,
            next_product_id: None,
            next_product_at: None,
            renewal_price: None,
            offer: None,
            expiration_reason: None,
            price_increase: None,
        }
    }
}

/// The state of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubscriptionState {
    /// Paid until [`Purchase::expires_at`](crate::Purchase::expires_at), whether it will renew or not.
    Active,
    /// The store vouches for it and names no end; it will say when it is over (Amazon with
    /// auto-renewal switched off). Ask again from time to time.
    ActiveUntilCanceled,
    /// Over.
    Expired,
    /// The renewal failed; the customer keeps access until
    /// [`grace_expires_at`](Subscription::grace_expires_at) while the store tries again.
    InGracePeriod,
    /// Never paid: the first payment is pending, or was given up (Google);
    /// [`Purchase::state`](crate::Purchase::state) says which. Gives no access.
    NotStarted,
    /// The renewal failed and the store still tries, without access: Apple's billing retry period,
    /// Google's account hold.
    OnHold,
    /// Paused by the customer (Google).
    Paused,
    /// The renewal was due at [`Purchase::expires_at`](crate::Purchase::expires_at) and has not been
    /// reported, yet the store still vouches for the subscription (Amazon, which reports renewals
    /// late). Ask again soon.
    RenewalOverdue,
    /// Refunded or taken back by the store.
    Revoked,
    /// A state that this version does not know, as the store named it. Gives no access.
    Unknown(String),
}

/// Whether a subscription will renew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AutoRenew {
    /// It ends with the paid period.
    Off,
    /// It renews.
    On,
    /// The data at hand does not tell.
    Unknown,
}

/// An offer that lowers the price of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Offer {
    /// The kind of offer.
    pub kind: OfferKind,
    /// How the customer pays under it, where the store tells.
    pub payment: Option<OfferPayment>,
    /// The offer's identifier in the store's console.
    pub id: Option<OfferId>,
    /// How long one period of the offer lasts, as an ISO 8601 duration such as `P1M`.
    pub period: Option<String>,
}

impl Offer {
    /// An offer of `kind`; the other fields start out absent.
    #[must_use]
    pub const fn new(kind: OfferKind) -> Self {
        Self {
            kind,
            payment: None,
            id: None,
            period: None,
        }
    }

    /// Whether the period is free.
    #[must_use]
    pub fn is_free_trial(&self) -> bool {
        self.payment == Some(OfferPayment::FreeTrial)
    }
}

/// The kind of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OfferKind {
    /// For customers who never had the subscription.
    Introductory,
    /// Redeemed with a code.
    OfferCode,
    /// For present and former subscribers, at the developer's choice.
    Promotional,
    /// A kind that this version does not know, as the store named it.
    Unknown(String),
    /// For customers who had left.
    WinBack,
}

/// How the customer pays under an offer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OfferPayment {
    /// Nothing.
    FreeTrial,
    /// Once, for a product that is not a subscription.
    OneTime,
    /// A lower price in each period of the offer.
    PayAsYouGo,
    /// A lower price once, for the whole offer.
    PayUpFront,
    /// A way that this version does not know, as the store named it.
    Unknown(String),
}

/// Why a subscription ended, or will end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpirationReason {
    /// A payment failed and was not repaired in time.
    BillingError,
    /// The customer cancelled.
    CustomerCanceled,
    /// The developer or the store cancelled it.
    DeveloperCanceled,
    /// The store does not know yet; ask again later.
    NotKnownYet,
    /// Another reason, or the store does not say.
    Other,
    /// The customer did not agree to a higher price.
    PriceIncreaseNotConsented,
    /// The product was no longer for sale at renewal.
    ProductNotAvailable,
    /// Another subscription took its place.
    Replaced,
    /// A reason that this version does not know, as the store named it.
    Unknown(String),
}

/// Where a price increase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PriceIncrease {
    /// The customer agreed, or was told and need not agree.
    Accepted,
    /// The customer has not answered; without an answer the subscription ends.
    Pending,
}
