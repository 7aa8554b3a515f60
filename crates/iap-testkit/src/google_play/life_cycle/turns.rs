//! The turns of a subscription that customers and calls of the API share.

use iap_core::Timestamp;
use serde_json::json;

use super::{
    super::{
        Shop, State,
        order::{self, Order, Why},
        subscription::{
            ACTIVE, CANCELED, EXPIRED, GoogleSubscriptionBuilder, IN_GRACE_PERIOD, ON_HOLD,
            PENDING, Subscription,
        },
    },
    FULL, SUBSCRIPTION, new_token,
};

impl Shop {
    /// A new purchase, changed by `change`.
    pub(super) fn subscribe(
        &self,
        state: &mut State,
        bought: GoogleSubscriptionBuilder,
        change: impl FnOnce(&mut Subscription),
    ) -> String {
        let (token, now, order_id) = (new_token(), self.now(), order::new_id());
        let is_pending = bought.is_pending;
        let order = new_order(&token, &bought, now);
        let order = if is_pending { order.pending() } else { order };
        state.orders.insert(order_id.clone(), order);
        let mut subscription = Subscription {
            order_id,
            renewals: 0,
            state: if is_pending { PENDING } else { ACTIVE },
            started_at: (!is_pending).then_some(now),
            expires_at: (!is_pending).then(|| now.saturating_add(bought.period)),
            auto_renews: !bought.is_prepaid,
            is_acknowledged: false,
            is_cancellation_pending: false,
            linked_token: None,
            out_of_app: None,
            next_item: None,
            ended_item: None,
            price_change: None,
            canceled: None,
            resumes_at: None,
            is_gone: false,
            changes: 0,
            bought,
        };
        change(&mut subscription);
        state.subscriptions.insert(token.clone(), subscription);
        self.notify_subscription(state, 4, &token);
        token
    }

    pub(super) fn pay_subscription(&self, state: &mut State, purchase_token: &str) {
        let now = self.now();
        let order_id = self.change(state, purchase_token, |it| {
            assert_eq!(it.state, PENDING, "it was pending");
            it.state = ACTIVE;
            it.started_at = Some(now);
            it.expires_at = Some(now.saturating_add(it.bought.period));
            it.order_id.clone()
        });
        state.settle(&order_id);
        self.notify_subscription(state, 4, purchase_token);
    }

    /// A purchase ends because another one takes its place.
    pub(super) fn replace(&self, state: &mut State, purchase_token: &str) {
        let now = self.now();
        self.change(state, purchase_token, |old| {
            old.state = EXPIRED;
            old.expires_at = Some(old.expires_at.map_or(now, |end| end.min(now)));
            old.auto_renews = false;
            old.canceled = Some(json!({ "replacementCancellation": {} }));
        });
        self.notify_subscription(state, 13, purchase_token);
    }

    /// Another period from the end of the last one, or from `from`, with an order of its own.
    pub(super) fn renew(&self, state: &mut State, purchase_token: &str, from: Option<Timestamp>) {
        let now = self.now();
        let (order_id, order) = self.change(state, purchase_token, |it| {
            let begins = from.or(it.expires_at).unwrap_or(now);
            if let Some(next) = it.next_item.take() {
                let before = core::mem::replace(&mut it.bought.items[0], next);
                it.ended_item = Some((before, begins));
            }
            if let Some(change) = it.price_change.take_if(|change| change.is_confirmed) {
                it.bought.price_micros = change.micros;
            }
            it.state = ACTIVE;
            it.expires_at = Some(begins.saturating_add(it.bought.period));
            it.renewals += 1;
            it.auto_renews = true;
            it.canceled = None;
            it.resumes_at = None;
            let order = new_order(purchase_token, &it.bought, now);
            (it.latest_order_id(), order)
        });
        state.orders.insert(order_id, order);
    }

    /// Stops the renewal. `by` is a member of the `canceledStateContext`.
    pub(in super::super) fn cancel(&self, state: &mut State, purchase_token: &str, by: &str) {
        let now = self.now();
        let kind = self.change(state, purchase_token, |it| {
            if it.bought.installments.is_some() && !it.is_cancellation_pending {
                it.is_cancellation_pending = true;
                return 18;
            }
            it.cancel(now, by);
            3
        });
        self.notify_subscription(state, kind, purchase_token);
    }

    /// Ends a subscription at once, with the money of its latest order.
    pub(in super::super) fn revoke(&self, state: &mut State, purchase_token: &str, why: Why) {
        let now = self.now();
        let order_id = self.change(state, purchase_token, |it| {
            let order_id = it.paid_order_id();
            it.state = EXPIRED;
            it.expires_at = Some(now);
            it.auto_renews = false;
            it.canceled = Some(json!({ "systemInitiatedCancellation": {} }));
            order_id
        });
        state.void(&order_id, now, why, None);
        self.notify_subscription(state, 12, purchase_token);
        self.notify_voided(state, purchase_token, &order_id, SUBSCRIPTION, FULL);
        self.notify_subscription(state, 13, purchase_token);
    }

    pub(in super::super) fn change<T>(
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
}

impl Subscription {
    /// Stops the renewal; in a grace period, where nothing was paid, access ends at once.
    fn cancel(&mut self, now: Timestamp, by: &str) {
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

fn new_order(purchase_token: &str, bought: &GoogleSubscriptionBuilder, now: Timestamp) -> Order {
    let price = (bought.price_micros, bought.currency.as_str());
    Order::new(purchase_token, &bought.items[0].0, price, now).of_subscription()
}
