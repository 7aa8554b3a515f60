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
    pub(super) linked_token: Option<String>,
    pub(super) canceled: Option<Value>,
    pub(super) resumes_at: Option<Timestamp>,
    pub(super) is_gone: bool,
    /// How often it was changed: its `etag`.
    pub(super) changes: u32,
}

impl Subscription {
    pub(super) fn latest_order_id(&self) -> String {
        match self.renewals.checked_sub(1) {
            None => self.order_id.clone(),
            Some(number) => format!("{}..{number}", self.order_id),
        }
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
            "lineItems": self.bought.items.iter().map(|item| self.item(item)).collect::<Vec<_>>(),
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
        if let Some(account_id) = &self.bought.account_id {
            answer["externalAccountIdentifiers"] =
                json!({ "obfuscatedExternalAccountId": account_id });
        }
        if self.bought.is_test {
            answer["testPurchase"] = json!({});
        }
        answer
    }

    fn item(&self, (product_id, base_plan_id): &(String, String)) -> Value {
        let mut offer = json!({ "basePlanId": base_plan_id });
        if let Some(offer_id) = &self.bought.offer_id {
            offer["offerId"] = offer_id.clone().into();
        }
        let mut item = json!({
            "productId": product_id,
            "offerDetails": offer,
            "latestSuccessfulOrderId": self.latest_order_id(),
        });
        if let Some(at) = self.expires_at {
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
            let price = money(&self.bought.currency, self.bought.price_micros);
            item["autoRenewingPlan"] = json!({ "recurringPrice": price });
            // Google leaves out what is false.
            if self.auto_renews {
                item["autoRenewingPlan"]["autoRenewEnabled"] = true.into();
            }
        }
        item
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
