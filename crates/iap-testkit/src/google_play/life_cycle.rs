//! What customers, and Google on their behalf, do: buy, renew, stop, change, pay late, get money back.

use core::time::Duration;

use iap_core::Timestamp;
use serde_json::json;

use super::{
    FakeGooglePlay, Shop, State,
    order::{self, Order},
    product::{GoogleProductBuilder, PaymentState, Product},
    subscription::{
        ACTIVE, CANCELED, EXPIRED, GoogleSubscriptionBuilder, IN_GRACE_PERIOD, ON_HOLD, PAUSED,
        PENDING, PENDING_PURCHASE_CANCELED, Subscription,
    },
};
use crate::system;

impl FakeGooglePlay {
    /// Somebody buys one-time products; returns the purchase token. Notifies
    /// `ONE_TIME_PRODUCT_PURCHASED` unless it is pending.
    pub fn buy_product(&self, product: GoogleProductBuilder) -> String {
        let (token, now) = (new_token(), self.shop.now());
        let mut state = self.shop.state();
        let order_id = order::new_id();
        let is_pending = product.is_pending;
        let (product_id, price) = (product.items[0].0.clone(), product.price_micros);
        let currency = product.currency.clone();
        let bought = Product {
            bought: product,
            order_id: order_id.clone(),
            state: PaymentState::Pending,
            completed_at: None,
            is_acknowledged: false,
            is_consumed: false,
            is_gone: false,
        };
        state.products.insert(token.clone(), bought);
        let order = Order {
            purchase_token: token.clone(),
            product_id,
            is_subscription: false,
            created_at: now,
            price_micros: price,
            currency,
            refunded_at: None,
            voided: None,
        };
        state.orders.insert(order_id, order);
        if !is_pending {
            self.shop.pay(&mut state, &token);
        }
        token
    }

    /// A pending purchase of one-time products is paid. Notifies `ONE_TIME_PRODUCT_PURCHASED`.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token.
    pub fn pay(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        self.shop.pay(&mut state, purchase_token);
    }

    /// A pending purchase of one-time products is given up, or a paid one is taken back with its
    /// money. Notifies `ONE_TIME_PRODUCT_CANCELED`, and a paid one as voided.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token.
    pub fn cancel_product(&self, purchase_token: &str) {
        let now = self.shop.now();
        let mut state = self.shop.state();
        let product = state.products.get_mut(purchase_token);
        let product = product.unwrap_or_else(|| panic!("nobody bought {purchase_token}"));
        let was_paid = product.state == PaymentState::Purchased;
        product.state = PaymentState::Canceled;
        let order_id = product.order_id.clone();
        if was_paid {
            state.refund(&order_id, now, Some((OTHER, BY_GOOGLE)));
            self.shop
                .notify_voided(&mut state, purchase_token, &order_id, ONE_TIME);
        }
        self.shop.notify_product(&mut state, 2, purchase_token);
    }

    /// Somebody buys a subscription; returns the purchase token. Notifies `SUBSCRIPTION_PURCHASED`.
    pub fn buy_subscription(&self, subscription: GoogleSubscriptionBuilder) -> String {
        let mut state = self.shop.state();
        self.shop.subscribe(&mut state, subscription, None)
    }

    /// The customer changes to another plan at once: the old purchase ends as replaced, a new one
    /// begins, whose token is returned. Notifies `SUBSCRIPTION_PURCHASED` for the new one and
    /// `SUBSCRIPTION_EXPIRED` for the old one.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn change_plan(
        &self,
        purchase_token: &str,
        subscription: GoogleSubscriptionBuilder,
    ) -> String {
        let now = self.shop.now();
        let mut state = self.shop.state();
        let token = self
            .shop
            .subscribe(&mut state, subscription, Some(purchase_token));
        self.shop.change(&mut state, purchase_token, |old| {
            old.state = EXPIRED;
            old.expires_at = Some(now);
            old.auto_renews = false;
            old.canceled = Some(json!({ "replacementCancellation": {} }));
        });
        self.shop
            .notify_subscription(&mut state, 13, purchase_token);
        token
    }

    /// A subscription renews for another period. Notifies `SUBSCRIPTION_RENEWED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn renew(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        self.shop.renew(&mut state, purchase_token, None);
        self.shop.notify_subscription(&mut state, 2, purchase_token);
    }

    /// A payment fails, and the customer keeps access for so long after the end of the period.
    /// Notifies `SUBSCRIPTION_IN_GRACE_PERIOD`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn enter_grace_period(&self, purchase_token: &str, length: Duration) {
        self.turn(purchase_token, 6, |it, now| {
            it.state = IN_GRACE_PERIOD;
            let end = it.expires_at.unwrap_or(now);
            it.expires_at = Some(end.saturating_add(length));
        });
    }

    /// The grace is over without a payment. Notifies `SUBSCRIPTION_ON_HOLD`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn hold(&self, purchase_token: &str) {
        self.turn(purchase_token, 5, |it, now| {
            it.state = ON_HOLD;
            it.expires_at = Some(it.expires_at.map_or(now, |end| end.min(now)));
        });
    }

    /// A subscription on hold is paid after all, or a paused one resumes: a period begins now.
    /// Notifies `SUBSCRIPTION_RECOVERED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn recover(&self, purchase_token: &str) {
        let now = self.shop.now();
        let mut state = self.shop.state();
        self.shop.renew(&mut state, purchase_token, Some(now));
        self.shop.notify_subscription(&mut state, 1, purchase_token);
    }

    /// The customer stops the renewal; the paid time stays. Notifies `SUBSCRIPTION_CANCELED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn cancel(&self, purchase_token: &str) {
        self.turn(purchase_token, 3, |it, now| {
            it.cancel(now, "userInitiatedCancellation");
        });
    }

    /// The customer takes a cancellation back before the end. Notifies `SUBSCRIPTION_RESTARTED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn restart(&self, purchase_token: &str) {
        self.turn(purchase_token, 7, |it, _| {
            it.state = ACTIVE;
            it.auto_renews = true;
            it.canceled = None;
        });
    }

    /// The customer's pause begins. Notifies `SUBSCRIPTION_PAUSED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn pause(&self, purchase_token: &str, resumes_at: Timestamp) {
        self.turn(purchase_token, 10, |it, now| {
            it.state = PAUSED;
            it.expires_at = Some(it.expires_at.map_or(now, |end| end.min(now)));
            it.resumes_at = Some(resumes_at);
        });
    }

    /// A subscription ends at its time. Notifies `SUBSCRIPTION_EXPIRED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn expire(&self, purchase_token: &str) {
        self.turn(purchase_token, 13, |it, now| {
            it.state = EXPIRED;
            it.auto_renews = false;
            it.expires_at = Some(it.expires_at.map_or(now, |end| end.min(now)));
            it.canceled
                .get_or_insert_with(|| json!({ "systemInitiatedCancellation": {} }));
        });
    }

    /// Google takes a subscription back with the money of its latest order. Notifies
    /// `SUBSCRIPTION_REVOKED`, voided, and `SUBSCRIPTION_EXPIRED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn revoke(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        self.shop.revoke(&mut state, purchase_token, BY_GOOGLE);
    }

    /// A pending subscription is given up. Notifies `SUBSCRIPTION_PENDING_PURCHASE_CANCELED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn cancel_pending(&self, purchase_token: &str) {
        self.turn(purchase_token, 20, |it, _| {
            it.state = PENDING_PURCHASE_CANCELED;
        });
    }

    /// Google forgets a purchase, of whatever kind, and answers 410 from now on.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token.
    pub fn forget(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        if let Some(product) = state.products.get_mut(purchase_token) {
            product.is_gone = true;
            return;
        }
        self.shop
            .change(&mut state, purchase_token, |it| it.is_gone = true);
    }

    fn turn(
        &self,
        purchase_token: &str,
        notification: i64,
        change: impl FnOnce(&mut Subscription, Timestamp),
    ) {
        let now = self.shop.now();
        let mut state = self.shop.state();
        self.shop
            .change(&mut state, purchase_token, |it| change(it, now));
        self.shop
            .notify_subscription(&mut state, notification, purchase_token);
    }
}

impl Shop {
    fn pay(&self, state: &mut State, purchase_token: &str) {
        let product = state.products.get_mut(purchase_token);
        let product = product.unwrap_or_else(|| panic!("nobody bought {purchase_token}"));
        product.state = PaymentState::Purchased;
        product.completed_at = Some(self.now());
        self.notify_product(state, 1, purchase_token);
    }

    fn subscribe(
        &self,
        state: &mut State,
        bought: GoogleSubscriptionBuilder,
        linked_token: Option<&str>,
    ) -> String {
        let (token, now, order_id) = (new_token(), self.now(), order::new_id());
        let is_pending = bought.is_pending;
        state.orders.insert(
            order_id.clone(),
            Order {
                purchase_token: token.clone(),
                product_id: bought.items[0].0.clone(),
                is_subscription: true,
                created_at: now,
                price_micros: bought.price_micros,
                currency: bought.currency.clone(),
                refunded_at: None,
                voided: None,
            },
        );
        let subscription = Subscription {
            order_id,
            renewals: 0,
            state: if is_pending { PENDING } else { ACTIVE },
            started_at: (!is_pending).then_some(now),
            expires_at: (!is_pending).then(|| now.saturating_add(bought.period)),
            auto_renews: !bought.is_prepaid,
            is_acknowledged: false,
            linked_token: linked_token.map(str::to_owned),
            canceled: None,
            resumes_at: None,
            is_gone: false,
            changes: 0,
            bought,
        };
        state.subscriptions.insert(token.clone(), subscription);
        self.notify_subscription(state, 4, &token);
        token
    }

    /// Another period from the end of the last one, or from `from`, with an order of its own.
    fn renew(&self, state: &mut State, purchase_token: &str, from: Option<Timestamp>) {
        let now = self.now();
        let order = self.change(state, purchase_token, |it| {
            let begins = from.or(it.expires_at).unwrap_or(now);
            it.state = ACTIVE;
            it.expires_at = Some(begins.saturating_add(it.bought.period));
            it.renewals += 1;
            it.auto_renews = true;
            it.resumes_at = None;
            let order = Order {
                purchase_token: purchase_token.to_owned(),
                product_id: it.bought.items[0].0.clone(),
                is_subscription: true,
                created_at: now,
                price_micros: it.bought.price_micros,
                currency: it.bought.currency.clone(),
                refunded_at: None,
                voided: None,
            };
            (it.latest_order_id(), order)
        });
        state.orders.insert(order.0, order.1);
    }

    /// Ends a subscription at once, with the money of its latest order.
    pub(super) fn revoke(&self, state: &mut State, purchase_token: &str, source: i64) {
        let now = self.now();
        let order_id = self.change(state, purchase_token, |it| {
            it.state = EXPIRED;
            it.expires_at = Some(now);
            it.auto_renews = false;
            it.canceled = Some(json!({ "systemInitiatedCancellation": {} }));
            it.latest_order_id()
        });
        state.refund(&order_id, now, Some((OTHER, source)));
        self.notify_subscription(state, 12, purchase_token);
        self.notify_voided(state, purchase_token, &order_id, SUBSCRIPTION);
        self.notify_subscription(state, 13, purchase_token);
    }

    pub(super) fn change<T>(
        &self,
        state: &mut State,
        purchase_token: &str,
        change: impl FnOnce(&mut Subscription) -> T,
    ) -> T {
        let subscription = state.subscriptions.get_mut(purchase_token);
        let subscription =
            subscription.unwrap_or_else(|| panic!("nobody subscribed with {purchase_token}"));
        subscription.changes += 1;
        change(subscription)
    }

    pub(super) fn notify_subscription(&self, state: &mut State, kind: i64, purchase_token: &str) {
        let members = json!({
            "version": "1.0",
            "notificationType": kind,
            "purchaseToken": purchase_token,
        });
        self.notify(state, "subscriptionNotification", members);
    }

    fn notify_product(&self, state: &mut State, kind: i64, purchase_token: &str) {
        let members = json!({
            "version": "1.0",
            "notificationType": kind,
            "purchaseToken": purchase_token,
        });
        self.notify(state, "oneTimeProductNotification", members);
    }

    pub(super) fn notify_voided(
        &self,
        state: &mut State,
        purchase_token: &str,
        order_id: &str,
        product_type: i64,
    ) {
        let members = json!({
            "purchaseToken": purchase_token,
            "orderId": order_id,
            "productType": product_type,
            "refundType": 1,
        });
        self.notify(state, "voidedPurchaseNotification", members);
    }
}

impl Subscription {
    /// Stops the renewal; in a grace period, where nothing was paid, access ends at once.
    pub(super) fn cancel(&mut self, now: Timestamp, by: &str) {
        let is_unpaid = self.state == IN_GRACE_PERIOD || self.state == ON_HOLD;
        self.state = if is_unpaid { EXPIRED } else { CANCELED };
        if is_unpaid {
            self.expires_at = Some(now);
        }
        self.auto_renews = false;
        let context = match by {
            "userInitiatedCancellation" => json!({ "cancelTime": now.to_string() }),
            _ => json!({}),
        };
        self.canceled = Some(json!({ by: context }));
    }
}

fn new_token() -> String {
    format!(
        "{}.AO-J1O{}",
        system::base64url::<18>().to_lowercase(),
        system::base64url::<72>()
    )
}

/// `voidedReason`: other.
pub(super) const OTHER: i64 = 0;

/// `voidedSource`.
pub(super) const BY_DEVELOPER: i64 = 1;
pub(super) const BY_GOOGLE: i64 = 2;

/// `productType` of a voided purchase.
pub(super) const SUBSCRIPTION: i64 = 1;
pub(super) const ONE_TIME: i64 = 2;
