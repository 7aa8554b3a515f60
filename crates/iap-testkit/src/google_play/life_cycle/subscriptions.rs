//! The life of subscriptions, as their customers and Google's calendar lead it.

use core::time::Duration;

use iap_core::Timestamp;
use serde_json::json;

use super::{
    super::{
        FakeGooglePlay,
        product::PaymentState,
        subscription::{
            ACTIVE, EXPIRED, GoogleSubscriptionBuilder, IN_GRACE_PERIOD, ON_HOLD, PAUSED, PENDING,
            PENDING_PURCHASE_CANCELED, PriceChange, Subscription,
        },
    },
    BY_GOOGLE, UNACKNOWLEDGED,
};

impl FakeGooglePlay {
    /// Somebody buys a subscription; returns the purchase token. Notifies `SUBSCRIPTION_PURCHASED`.
    pub fn buy_subscription(&self, subscription: GoogleSubscriptionBuilder) -> String {
        let mut state = self.shop.state();
        self.shop.subscribe(&mut state, subscription, |_| {})
    }

    /// A pending purchase is paid. Notifies `ONE_TIME_PRODUCT_PURCHASED` or
    /// `SUBSCRIPTION_PURCHASED`.
    ///
    /// # Panics
    ///
    /// When no pending purchase has that token.
    pub fn pay(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        if let Some(product) = state.products.get(purchase_token) {
            assert_eq!(product.state, PaymentState::Pending, "it was pending");
            self.shop.pay_product(&mut state, purchase_token);
        } else {
            self.shop.pay_subscription(&mut state, purchase_token);
        }
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
        let mut state = self.shop.state();
        self.shop.change(&mut state, purchase_token, |_| {});
        let token = self.shop.subscribe(&mut state, subscription, |it| {
            it.linked_token = Some(purchase_token.to_owned());
        });
        self.shop.replace(&mut state, purchase_token);
        token
    }

    /// The customer changes to another plan from the next period on: the old purchase ends as
    /// replaced, and the new one, whose token is returned, has the old product until it
    /// [renews](Self::renew), and the other one, without an end, for later. Notifies as
    /// [`change_plan`](Self::change_plan).
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn change_plan_later(
        &self,
        purchase_token: &str,
        product_id: &str,
        base_plan_id: &str,
    ) -> String {
        let mut state = self.shop.state();
        let (bought, end) = self.shop.change(&mut state, purchase_token, |it| {
            (it.bought.clone(), it.expires_at)
        });
        let token = self.shop.subscribe(&mut state, bought, |it| {
            it.linked_token = Some(purchase_token.to_owned());
            it.expires_at = end;
            it.next_item = Some((product_id.to_owned(), base_plan_id.to_owned()));
        });
        self.shop.replace(&mut state, purchase_token);
        token
    }

    /// The customer of a prepaid plan pays for another period, which is added to what is left: the
    /// old purchase ends as replaced, a new one begins, whose token is returned. Notifies as
    /// [`change_plan`](Self::change_plan).
    ///
    /// # Panics
    ///
    /// When nobody subscribed to a prepaid plan with that token.
    pub fn top_up(&self, purchase_token: &str) -> String {
        let now = self.shop.now();
        let mut state = self.shop.state();
        let (bought, end) = self.shop.change(&mut state, purchase_token, |it| {
            (it.bought.clone(), it.expires_at)
        });
        assert!(bought.is_prepaid, "only a prepaid plan is topped up");
        let begins = end.map_or(now, |end| end.max(now));
        let token = self.shop.subscribe(&mut state, bought, |it| {
            it.linked_token = Some(purchase_token.to_owned());
            it.expires_at = Some(begins.saturating_add(it.bought.period));
        });
        self.shop.replace(&mut state, purchase_token);
        token
    }

    /// The customer of a subscription that has ended takes it again, in Google Play and not in the
    /// app: a purchase of its own, whose token is returned, and which says where it comes from until
    /// it is acknowledged. Notifies `SUBSCRIPTION_PURCHASED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn resubscribe(&self, purchase_token: &str) -> String {
        let mut state = self.shop.state();
        let mut bought = self
            .shop
            .change(&mut state, purchase_token, |it| it.bought.clone());
        let account_id = bought.account_id.take();
        self.shop.subscribe(&mut state, bought, |it| {
            it.out_of_app = Some((purchase_token.to_owned(), account_id));
        })
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

    /// The customer stops the renewal; the paid time stays. Notifies `SUBSCRIPTION_CANCELED`; where
    /// payments by installments are still to be made, `SUBSCRIPTION_CANCELLATION_SCHEDULED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn cancel(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        self.shop
            .cancel(&mut state, purchase_token, "userInitiatedCancellation");
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
            it.is_cancellation_pending = false;
            it.canceled = None;
        });
    }

    /// The customer plans a pause, changes or drops the plan. Notifies
    /// `SUBSCRIPTION_PAUSE_SCHEDULE_CHANGED`, and changes nothing yet.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn plan_pause(&self, purchase_token: &str) {
        self.turn(purchase_token, 11, |_, _| {});
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

    /// The developer sets a price, in millionths of the currency unit, for renewals; a higher one
    /// needs the customer's [consent](Self::accept_price). Notifies `SUBSCRIPTION_PRICE_CHANGE_UPDATED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn change_price(&self, purchase_token: &str, micros: i64) {
        self.turn(purchase_token, 19, |it, _| {
            it.price_change = Some(PriceChange {
                micros,
                is_increase: micros > it.bought.price_micros,
                is_confirmed: micros <= it.bought.price_micros,
            });
        });
    }

    /// The customer agrees to a higher price. Notifies `SUBSCRIPTION_PRICE_CHANGE_UPDATED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token.
    pub fn accept_price(&self, purchase_token: &str) {
        self.turn(purchase_token, 19, |it, _| {
            if let Some(change) = &mut it.price_change {
                change.is_confirmed = true;
            }
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

    /// Nobody has acknowledged a purchase, of whatever kind, in time: Google takes it back. Notifies
    /// as [`revoke`](Self::revoke) or [`cancel_product`](Self::cancel_product) does.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token, or it was acknowledged.
    pub fn miss_acknowledgement(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        if let Some(product) = state.products.get(purchase_token) {
            assert!(!product.is_acknowledged, "it was acknowledged");
            self.shop
                .take_product_back(&mut state, purchase_token, UNACKNOWLEDGED);
        } else {
            let is_acknowledged = |it: &mut Subscription| it.is_acknowledged;
            let was = self
                .shop
                .change(&mut state, purchase_token, is_acknowledged);
            assert!(!was, "it was acknowledged");
            self.shop.revoke(&mut state, purchase_token, UNACKNOWLEDGED);
        }
    }

    /// A pending subscription is given up. Notifies `SUBSCRIPTION_PENDING_PURCHASE_CANCELED`.
    ///
    /// # Panics
    ///
    /// When nobody subscribed with that token, or it is not pending.
    pub fn cancel_pending(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        let order_id = self.shop.change(&mut state, purchase_token, |it| {
            assert_eq!(it.state, PENDING, "it was pending");
            it.state = PENDING_PURCHASE_CANCELED;
            it.order_id.clone()
        });
        state.give_up(&order_id);
        self.shop
            .notify_subscription(&mut state, 20, purchase_token);
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
