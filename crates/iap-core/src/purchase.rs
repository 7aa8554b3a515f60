//! What a store vouches for about one purchase, in the words that all stores share.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, AppId, AutoRenew, Environment, Money, OriginalTransactionId, ProductId, ProfileId,
    PurchaseToken, ReceiptId, Store, Subscription, Timestamp, TransactionId, UserId,
};

/// A purchase as the store vouches for it: every value comes from verified data of the store, none
/// from the caller.
///
/// A purchase is a fact, not a permission: refunded, expired, pending and paused purchases are
/// purchases too. Ask [`access_at`](Self::access_at) whether it gives access.
///
/// It can be serialized and stored under its store, [`environment`](Self::environment) and
/// [`key`](Self::key), which stay the same over all renewals. Replace a stored one only by one that
/// [`supersedes`](Self::supersedes) it, and [keep](Self::keep_from) what stores tell only once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Purchase {
    /// The store that sold it.
    pub store: Store,
    /// The world it was bought in.
    pub environment: Environment,
    /// Whether no real money was paid, as far as the store says: sandbox purchases, and purchases
    /// that Google or Amazon mark as tests although they live in production.
    pub is_test: bool,
    /// The app that sold it; `None` where the store's answer names no app (Amazon).
    pub app_id: Option<AppId>,
    /// The identity of the purchase, the same over all renewals.
    pub key: PurchaseKey,
    /// An earlier purchase whose place this one takes once it is paid (Google's
    /// `linkedPurchaseToken`, Amazon's cancelled receipt), in the same store and environment: when
    /// [`state`](Self::state) is [`Purchased`](PurchaseState::Purchased), store of that one that it
    /// [was replaced](Self::replaced). Until then, and if this one is given up, the earlier one runs
    /// on. The link stays on the purchase, so do so idempotently.
    pub replaces: Option<PurchaseKey>,
    /// A subscription that had ended before the customer bought this one in its place, without the
    /// app (Google's `expiredPurchaseToken`). Nothing is left to end, but whose that one was is whose
    /// this one is: if this one names no account, take account and profile from the stored purchase
    /// under this key. Store both, and only then acknowledge: after that Google does not tell it again.
    pub resubscribes: Option<PurchaseKey>,
    /// The subscriptions that this one is an add-on to, and ends with (Amazon). Usually empty.
    #[serde(default)]
    pub add_on_to: Vec<PurchaseKey>,
    /// The customer as the store names them, where it takes that to ask about the purchase again
    /// (Amazon).
    pub user_id: Option<UserId>,
    /// The latest charge; `None` where the store does not number charges (Amazon).
    pub transaction_id: Option<TransactionId>,
    /// The product bought.
    pub product_id: ProductId,
    /// What kind of product it is.
    pub kind: ProductKind,
    /// How many were bought; more than one only for consumables.
    pub quantity: u32,
    /// Products bought together with [`product_id`](Self::product_id): Google add-ons and orders of
    /// several products, items of Apple's Advanced Commerce. Usually empty.
    pub additional_items: Vec<PurchaseItem>,
    /// Whether this customer bought it, or shares it.
    pub ownership: Ownership,
    /// The account that the app attached when buying; for a purchase made without the app, that of
    /// the one it [`resubscribes`](Self::resubscribes). `None` says nothing about whose it is, for
    /// the store may stop telling: then the account that is stored [stays](Self::keep_from).
    pub account_id: Option<AccountId>,
    /// The profile within that account (Google).
    pub profile_id: Option<ProfileId>,
    /// Whether the purchase has been paid.
    pub state: PurchaseState,
    /// When this period was bought; for a first purchase, when it was made. `None` where the store
    /// does not tell (Amazon's subscriptions).
    pub purchased_at: Option<Timestamp>,
    /// When the purchase was first made, before all renewals.
    pub originally_purchased_at: Option<Timestamp>,
    /// When the paid period ends (for Google in a grace period: when the grace ends). For a one-time
    /// product `None`, unless the store has named the day on which it ends.
    pub expires_at: Option<Timestamp>,
    /// Set when the store took the purchase back as a whole. Where only some of several items were
    /// refunded, [`quantity`](Self::quantity) is what is left. Google does not tell it of a
    /// subscription, which is then expired: only its notification says why.
    pub revocation: Option<Revocation>,
    /// Whether another purchase has taken its place (upgrade, plan change, resubscription).
    pub is_replaced: bool,
    /// Whether the main product has been used up (Google's consumption state).
    pub consumption: Consumption,
    /// Whether the store still waits for our confirmation.
    pub acknowledgement: Acknowledgement,
    /// Until when the store waits for it, as far as can be told; afterwards it takes the purchase back.
    pub acknowledge_by: Option<Timestamp>,
    /// The subscription part; `None` for one-time products.
    pub subscription: Option<Subscription>,
    /// What was charged, where the store tells.
    pub price: Option<Money>,
    /// The moment at which the store vouched for the purchase.
    pub as_of: Timestamp,
}

impl Purchase {
    /// A paid purchase with what every store knows; the other fields start out absent.
    #[must_use]
    pub fn new(
        store: Store,
        environment: Environment,
        key: PurchaseKey,
        product_id: ProductId,
        kind: ProductKind,
        as_of: Timestamp,
    ) -> Self {
        Self {
            store,
            environment,
            is_test: environment != Environment::Production,
            app_id: None,
            key,
            replaces: None,
            resubscribes: None,
            add_on_to: Vec::new(),
            user_id: None,
            transaction_id: None,
            product_id,
            kind,
            quantity: 1,
            additional_items: Vec::new(),
            ownership: Ownership::Purchased,
            account_id: None,
            profile_id: None,
            state: PurchaseState::Purchased,
            purchased_at: None,
            originally_purchased_at: None,
            expires_at: None,
            revocation: None,
            is_replaced: false,
            consumption: Consumption::NotTracked,
            acknowledgement: Acknowledgement::NotRequired,
            acknowledge_by: None,
            subscription: None,
            price: None,
            as_of,
        }
    }

    /// Whether `product_id` was bought, alone or among others. Whether it gives access,
    /// [`access_to`](Self::access_to) tells.
    #[must_use]
    pub fn includes(&self, product_id: &ProductId) -> bool {
        let mut items = self.additional_items.iter();
        self.product_id == *product_id || items.any(|item| item.product_id == *product_id)
    }
}

/// The identity of a purchase: stays the same over all renewals.
///
/// Unique within one store and environment. [`Display`](fmt::Display) gives the text to index by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PurchaseKey {
    /// Amazon Appstore; a subscription that lapsed and was bought again has a new one.
    AmazonReceiptId(ReceiptId),
    /// App Store; the same for all subscriptions of one group that a customer has had.
    AppleOriginalTransactionId(OriginalTransactionId),
    /// Google Play; a plan change makes a new one, see [`Purchase::replaces`], and so does coming
    /// back, see [`Purchase::resubscribes`].
    GooglePurchaseToken(PurchaseToken),
}

impl PurchaseKey {
    /// The key of an Amazon purchase.
    #[must_use]
    pub fn amazon(receipt_id: impl Into<ReceiptId>) -> Self {
        Self::AmazonReceiptId(receipt_id.into())
    }

    /// The key of an App Store purchase.
    #[must_use]
    pub fn apple(original_transaction_id: impl Into<OriginalTransactionId>) -> Self {
        Self::AppleOriginalTransactionId(original_transaction_id.into())
    }

    /// The key of a Google purchase.
    #[must_use]
    pub fn google(purchase_token: impl Into<PurchaseToken>) -> Self {
        Self::GooglePurchaseToken(purchase_token.into())
    }

    /// The identifying text, as the store writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::AmazonReceiptId(id) => id.as_str(),
            Self::AppleOriginalTransactionId(id) => id.as_str(),
            Self::GooglePurchaseToken(token) => token.as_str(),
        }
    }
}

impl fmt::Display for PurchaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProductKind {
    /// A subscription that the store renews until it is cancelled.
    AutoRenewableSubscription,
    /// Used up and bought again: coins, lives.
    Consumable,
    /// Bought once, owned for good.
    NonConsumable,
    /// Paid for a time that ends by itself: Apple's non-renewing subscriptions, whose length only
    /// the app knows.
    NonRenewingSubscription,
    /// Bought once; the store does not say whether it is used up (Google).
    OneTime,
    /// A kind that this version does not know, as the store named it. Gives no access.
    Unknown(String),
}

/// Whether the customer bought the product.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ownership {
    /// Shared by a family member, who can stop sharing.
    FamilyShared,
    /// The store does not say (Apple's legacy receipts): bought, or shared. Gives access only where
    /// a shared purchase does.
    NotStated,
    /// Bought by this customer.
    Purchased,
    /// A way of owning that this version does not know, as the store named it. Gives no access.
    Unknown(String),
}

/// Whether a purchase has been paid. Where a subscription is in its life is in
/// [`SubscriptionState`](crate::SubscriptionState).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PurchaseState {
    /// Given up before it was paid.
    Canceled,
    /// Not paid yet (cash, parental approval, pre-order). Nothing to deliver, nothing to acknowledge.
    Pending,
    /// Paid.
    Purchased,
    /// A state that this version does not know, as the store named it. Gives no access.
    Unknown(String),
}

/// Whether an item has been used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Consumption {
    /// Used up: it may be bought again, and gives nothing any more.
    Consumed,
    /// Not used up yet.
    NotConsumed,
    /// The store does not keep count (App Store, Amazon Appstore, all but Google's one-time products).
    NotTracked,
}

/// Whether the store waits for our confirmation that we have delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Acknowledgement {
    /// Confirmed.
    Done,
    /// This store or purchase needs none.
    NotRequired,
    /// Not confirmed yet. Google refunds and revokes a purchase that stays so for three days
    /// (minutes for licence testers), Amazon a Quick Subscribe purchase after 14 days.
    Pending,
}

/// A product that was bought together with the main one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PurchaseItem {
    /// The product.
    pub product_id: ProductId,
    /// How many.
    pub quantity: u32,
    /// When this item's paid period ends; for subscriptions an item without one is not owned yet.
    pub expires_at: Option<Timestamp>,
    /// Whether the item renews with the purchase.
    pub auto_renew: AutoRenew,
    /// Set when the store took this item back.
    pub revocation: Option<Revocation>,
    /// Whether this item has been used up (Google's consumption state).
    pub consumption: Consumption,
    /// What was charged for it, where the store tells.
    pub price: Option<Money>,
}

impl PurchaseItem {
    /// One of `product_id`; the other fields start out absent.
    #[must_use]
    pub fn new(product_id: ProductId) -> Self {
        Self {
            product_id,
            quantity: 1,
            expires_at: None,
            auto_renew: AutoRenew::Unknown,
            revocation: None,
            consumption: Consumption::NotTracked,
            price: None,
        }
    }
}

/// The store took a purchase back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Revocation {
    /// When, if the store tells.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: RevocationReason,
    /// How much of the money went back.
    pub refund: RefundScope,
}

impl Revocation {
    /// A revocation at `at`.
    #[must_use]
    pub const fn new(at: Option<Timestamp>, reason: RevocationReason, refund: RefundScope) -> Self {
        Self { at, reason, refund }
    }
}

/// Why a store took a purchase back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RevocationReason {
    /// Refunded because of an actual or perceived issue within the app.
    AppIssue,
    /// Cancelled by the store, its customer service or the developer.
    Canceled,
    /// The family member stopped sharing, or the customer left the family.
    FamilySharingEnded,
    /// Never acknowledged in time (Google).
    NotAcknowledged,
    /// Refunded for another reason, or the store does not say why.
    Refunded,
    /// A reason that this version does not know, as the store named it.
    Unknown(String),
}

/// How much of the money of a purchase was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefundScope {
    /// All of it.
    Full,
    /// Nothing: access ended without a refund (family sharing).
    None,
    /// A share of it, in thousandths of a per cent ("milliunits": 50000 is 50 %), where the store tells.
    Prorated(Option<u32>),
    /// The money of so many of the items bought; the others stay bought.
    Quantity(u32),
    /// The store does not say.
    Unspecified,
}
