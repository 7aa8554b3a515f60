//! Subscriptions: what is bought, and what Google Play answers about it.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/purchases.subscriptionsv2>

use core::time::Duration;

use iap_core::Timestamp;
use serde_json::{Value, json};

use super::{money, product::acknowledgement};

/// Builds the purchase of a subscription.
///
/// ```
/// use iap_testkit::GoogleSubscriptionBuilder;
///
/// let purchase = GoogleSubscriptionBuilder::new("pro", "monthly").account_id("user-42");
/// # let _ = purchase;
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until it is bought"]
pub struct GoogleSubscriptionBuilder {
    pub(super) items: Vec<(String, String)>,
    pub(super) account_id: Option<String>,
    pub(super) offer_id: Option<String>,
    pub(super) period: Duration,
    pub(super) is_prepaid: bool,
    pub(super) is_test: bool,
    pub(super) is_pending: bool,
    /// How many payments the customer committed to.
    pub(super) installments: Option<u32>,
    pub(super) price_micros: i64,
    pub(super) currency: String,
}

impl GoogleSubscriptionBuilder {
    /// A base plan of a product that renews every 30 days.
    pub fn new(product_id: &str, base_plan_id: &str) -> Self {
        Self {
            items: vec![(product_id.to_owned(), base_plan_id.to_owned())],
            account_id: None,
            offer_id: None,
            period: MONTH,
            is_prepaid: false,
            is_test: false,
            is_pending: false,
            installments: None,
            price_micros: 12_990_000,
            currency: "USD".to_owned(),
        }
    }

    /// Together with an add-on.
    pub fn and(mut self, product_id: &str, base_plan_id: &str) -> Self {
        let item = (product_id.to_owned(), base_plan_id.to_owned());
        self.items.push(item);
        self
    }

    /// For this account (`obfuscatedExternalAccountId`).
    pub fn account_id(mut self, account_id: &str) -> Self {
        self.account_id = Some(account_id.to_owned());
        self
    }

    /// With this offer, a free trial of one period.
    pub fn free_trial(mut self, offer_id: &str) -> Self {
        self.offer_id = Some(offer_id.to_owned());
        self
    }

    /// Paid ahead, and never renewed.
    pub const fn prepaid(mut self) -> Self {
        self.is_prepaid = true;
        self
    }

    /// Not paid yet; prepaid plans only.
    pub const fn pending(mut self) -> Self {
        self.is_pending = true;
        self
    }

    /// Paid by installments: the customer commits to so many payments, the first one included.
    pub const fn installments(mut self, payments: u32) -> Self {
        self.installments = Some(payments);
        self
    }

    /// By a licence tester, for no money.
    pub const fn test(mut self) -> Self {
        self.is_test = true;
        self
    }

    /// Renews after so long.
    pub const fn period(mut self, period: Duration) -> Self {
        self.period = period;
        self
    }

    /// At this price, in millionths of the currency unit, and in this currency (ISO 4217).
    pub fn price_micros(mut self, price: i64, currency: &str) -> Self {
        self.price_micros = price;
        currency.clone_into(&mut self.currency);
        self
    }
}

/// A subscription over all its periods.
pub(super) struct Subscription {
    pub(super) bought: GoogleSubscriptionBuilder,
    /// The first order; renewals add `..0`, `..1` and so on.
    pub(super) order_id: String,
    pub(super) renewals: u32,
    pub(super) state: &'static str,
    pub(super) started_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) auto_renews: bool,
    pub(super) is_acknowledged: bool,
    /// Of installments: it ends when all are paid.
    pub(super) is_cancellation_pending: bool,
    pub(super) linked_token: Option<String>,
    /// The purchase that had ended, and its account, where it was bought again in Google Play.
    pub(super) out_of_app: Option<(String, Option<String>)>,
    /// What takes the place of the first item at the next renewal.
    pub(super) next_item: Option<(String, String)>,
    /// What had its place before, and until when.
    pub(super) ended_item: Option<((String, String), Timestamp)>,
    pub(super) price_change: Option<PriceChange>,
    pub(super) canceled: Option<Value>,
    pub(super) resumes_at: Option<Timestamp>,
    pub(super) is_gone: bool,
    /// How often it was changed: its `etag`.
    pub(super) changes: u32,
}

/// A price for renewals.
pub(super) struct PriceChange {
    pub(super) micros: i64,
    pub(super) is_increase: bool,
    pub(super) is_confirmed: bool,
}

impl Subscription {
    /// The order of the present period or, where its payment failed, of the one that should follow.
    pub(super) fn latest_order_id(&self) -> String {
        match self.is_declined() {
            true => self.order_id_of(self.renewals + 1),
            false => self.paid_order_id(),
        }
    }

    /// The latest order that was paid.
    pub(super) fn paid_order_id(&self) -> String {
        self.order_id_of(self.renewals)
    }

    fn order_id_of(&self, renewals: u32) -> String {
        match renewals.checked_sub(1) {
            None => self.order_id.clone(),
            Some(number) => format!("{}..{number}", self.order_id),
        }
    }

    fn is_declined(&self) -> bool {
        self.state == IN_GRACE_PERIOD || self.state == ON_HOLD
    }

    pub(super) fn is_live(&self) -> bool {
        [ACTIVE, CANCELED, IN_GRACE_PERIOD].contains(&self.state)
    }

    pub(super) fn etag(&self) -> String {
        format!("etag-{}", self.changes)
    }

    pub(super) fn has(&self, product_id: &str) -> bool {
        self.bought.items.iter().any(|(id, _)| id == product_id)
    }

    /// As `SubscriptionPurchaseV2`.
    pub(super) fn json(&self) -> Value {
        let mut answer = json!({
            "kind": "androidpublisher#subscriptionPurchaseV2",
            "regionCode": "US",
            "subscriptionState": self.state,
            "latestOrderId": self.latest_order_id(),
            "acknowledgementState": acknowledgement(self.is_acknowledged),
            "etag": self.etag(),
            "lineItems": self.items(),
        });
        if let Some(at) = self.started_at {
            answer["startTime"] = at.to_string().into();
        }
        if let Some(token) = &self.linked_token {
            answer["linkedPurchaseToken"] = token.clone().into();
        }
        if let Some(context) = &self.canceled {
            answer["canceledStateContext"] = context.clone();
        }
        if let Some(at) = self.resumes_at {
            answer["pausedStateContext"] = json!({ "autoResumeTime": at.to_string() });
        }
        if self.is_declined() {
            let member = match self.state {
                ON_HOLD => "onHoldStateContext",
                _ => "inGracePeriodStateContext",
            };
            answer[member] =
                json!({ "renewalDeclined": { "pendingOrderId": self.latest_order_id() } });
        }
        let account = |id: &String| json!({ "obfuscatedExternalAccountId": id });
        if let Some(account_id) = &self.bought.account_id {
            answer["externalAccountIdentifiers"] = account(account_id);
        }
        if let Some((token, account_id)) =
            self.out_of_app.as_ref().filter(|_| !self.is_acknowledged)
        {
            let mut context = json!({ "expiredPurchaseToken": token });
            if let Some(account_id) = account_id {
                context["expiredExternalAccountIdentifiers"] = account(account_id);
            }
            answer["outOfAppPurchaseContext"] = context;
        }
        if self.bought.is_test {
            answer["testPurchase"] = json!({});
        }
        answer
    }

    fn items(&self) -> Vec<Value> {
        let mut items: Vec<Value> = self
            .bought
            .items
            .iter()
            .map(|item| self.item(item, self.expires_at))
            .collect();
        if let Some((item, end)) = &self.ended_item {
            items[0]["itemReplacement"] = json!({
                "productId": item.0,
                "basePlanId": item.1,
                "replacementMode": "DEFERRED",
            });
            // Nobody has recorded whether Google still calls it renewing; the worse of both.
            items.insert(0, self.item(item, Some(*end)));
        }
        if let Some(next) = &self.next_item {
            items[0]["deferredItemReplacement"] = json!({ "productId": next.0 });
            // Not owned yet: it has no end and no order.
            let mut next = self.item(next, None);
            if let Some(next) = next.as_object_mut() {
                next.remove("latestSuccessfulOrderId");
            }
            items.push(next);
        }
        items
    }

    fn item(
        &self,
        (product_id, base_plan_id): &(String, String),
        expires_at: Option<Timestamp>,
    ) -> Value {
        let mut offer = json!({ "basePlanId": base_plan_id });
        if let Some(offer_id) = &self.bought.offer_id {
            offer["offerId"] = offer_id.clone().into();
        }
        let mut item = json!({
            "productId": product_id,
            "offerDetails": offer,
        });
        if self.started_at.is_some() {
            item["latestSuccessfulOrderId"] = self.paid_order_id().into();
        }
        if let Some(at) = expires_at {
            item["expiryTime"] = at.to_string().into();
        }
        if self.bought.offer_id.is_some() {
            let phase = match self.renewals {
                0 => "freeTrial",
                _ => "basePrice",
            };
            item["offerPhase"] = json!({ phase: {} });
        }
        if self.bought.is_prepaid {
            item["prepaidPlan"] = json!({});
        } else {
            item["autoRenewingPlan"] = self.renewing_plan(expires_at);
        }
        item
    }

    fn renewing_plan(&self, expires_at: Option<Timestamp>) -> Value {
        let price = |micros| money(&self.bought.currency, micros);
        let mut plan = json!({ "recurringPrice": price(self.bought.price_micros) });
        // Google leaves out what is false.
        if self.auto_renews {
            plan["autoRenewEnabled"] = true.into();
        }
        if let Some(change) = &self.price_change {
            plan["priceChangeDetails"] = json!({
                "newPrice": price(change.micros),
                "priceChangeMode": if change.is_increase { "PRICE_INCREASE" } else { "PRICE_DECREASE" },
                "priceChangeState": if change.is_confirmed { "CONFIRMED" } else { "OUTSTANDING" },
                "expectedNewPriceChargeTime": expires_at.map(|at| at.to_string()),
            });
        }
        if let Some(payments) = self.bought.installments {
            plan["installmentDetails"] = json!({
                "initialCommittedPaymentsCount": payments,
                "remainingCommittedPaymentsCount": payments.saturating_sub(self.renewals + 1),
            });
            if self.is_cancellation_pending {
                plan["installmentDetails"]["pendingCancellation"] = json!({});
            }
        }
        plan
    }

    /// As `SubscriptionPurchase`, the older form.
    pub(super) fn json_v1(&self) -> Value {
        let millis = |at: Timestamp| at.as_millis().to_string();
        let mut answer = json!({
            "kind": "androidpublisher#subscriptionPurchase",
            "startTimeMillis": millis(self.started_at.unwrap_or(Timestamp::UNIX_EPOCH)),
            "expiryTimeMillis": millis(self.expires_at.unwrap_or(Timestamp::UNIX_EPOCH)),
            "autoRenewing": self.auto_renews,
            "priceCurrencyCode": self.bought.currency,
            "priceAmountMicros": self.bought.price_micros.to_string(),
            "countryCode": "US",
            "orderId": self.latest_order_id(),
            "acknowledgementState": i32::from(self.is_acknowledged),
        });
        // Missing where nothing more is to be paid.
        if ![CANCELED, EXPIRED].contains(&self.state) {
            let is_trial = self.bought.offer_id.is_some() && self.renewals == 0;
            answer["paymentState"] = match self.state {
                PENDING | IN_GRACE_PERIOD | ON_HOLD => 0,
                _ if is_trial => 2,
                _ => 1,
            }
            .into();
        }
        let contexts = [
            "userInitiatedCancellation",
            "systemInitiatedCancellation",
            "replacementCancellation",
            "developerInitiatedCancellation",
        ];
        if let Some(canceled) = &self.canceled {
            answer["cancelReason"] = contexts
                .iter()
                .position(|it| !canceled[*it].is_null())
                .into();
        }
        if let Some(token) = &self.linked_token {
            answer["linkedPurchaseToken"] = token.clone().into();
        }
        if let Some(account_id) = &self.bought.account_id {
            answer["obfuscatedExternalAccountId"] = account_id.clone().into();
        }
        if self.bought.is_test {
            answer["purchaseType"] = 0.into();
        }
        answer
    }
}

pub(super) const ACTIVE: &str = "SUBSCRIPTION_STATE_ACTIVE";
pub(super) const CANCELED: &str = "SUBSCRIPTION_STATE_CANCELED";
pub(super) const EXPIRED: &str = "SUBSCRIPTION_STATE_EXPIRED";
pub(super) const IN_GRACE_PERIOD: &str = "SUBSCRIPTION_STATE_IN_GRACE_PERIOD";
pub(super) const ON_HOLD: &str = "SUBSCRIPTION_STATE_ON_HOLD";
pub(super) const PAUSED: &str = "SUBSCRIPTION_STATE_PAUSED";
pub(super) const PENDING: &str = "SUBSCRIPTION_STATE_PENDING";
pub(super) const PENDING_PURCHASE_CANCELED: &str = "SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED";

const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
