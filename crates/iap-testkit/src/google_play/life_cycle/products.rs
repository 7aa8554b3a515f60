//! The life of one-time products.

use super::{
    super::{
        FakeGooglePlay, Shop, State,
        order::{self, Order, Why},
        product::{GoogleProductBuilder, PaymentState, Product},
    },
    BY_DEVELOPER, BY_GOOGLE, FULL, ONE_TIME, SOME_ITEMS, new_token,
};

impl FakeGooglePlay {
    /// Somebody buys one-time products; returns the purchase token. Notifies
    /// `ONE_TIME_PRODUCT_PURCHASED` unless it is pending.
    pub fn buy_product(&self, product: GoogleProductBuilder) -> String {
        let (token, order_id) = (new_token(), order::new_id());
        let mut state = self.shop.state();
        let is_pending = product.is_pending;
        let order = Order::new(
            &token,
            &product.items[0].0,
            (product.price_micros, &product.currency),
            self.shop.now(),
        );
        state.orders.insert(order_id.clone(), order.pending());
        let bought = Product {
            bought: product,
            order_id,
            state: PaymentState::Pending,
            completed_at: None,
            is_acknowledged: false,
            is_consumed: false,
            refunded_items: 0,
            is_gone: false,
        };
        state.products.insert(token.clone(), bought);
        if !is_pending {
            self.shop.pay_product(&mut state, &token);
        }
        token
    }

    /// A pending purchase of one-time products is given up, or a paid one is taken back with its
    /// money. Notifies `ONE_TIME_PRODUCT_CANCELED`, and a paid one as voided.
    ///
    /// # Panics
    ///
    /// When nobody bought with that token.
    pub fn cancel_product(&self, purchase_token: &str) {
        let mut state = self.shop.state();
        self.shop
            .take_product_back(&mut state, purchase_token, BY_GOOGLE);
    }

    /// The money of some items of a purchase of several is given back. Notifies them as voided; the
    /// last ones take the purchase back, as [`cancel_product`](Self::cancel_product) does.
    ///
    /// # Panics
    ///
    /// When nobody bought so many with that token.
    pub fn refund_items(&self, purchase_token: &str, count: i64) {
        let now = self.shop.now();
        let mut state = self.shop.state();
        let product = self.shop.product(&mut state, purchase_token);
        let left = product.bought.items[0].1 - product.refunded_items;
        assert!((1..=left).contains(&count), "{count} of {left} items");
        if count == left {
            self.shop
                .take_product_back(&mut state, purchase_token, BY_DEVELOPER);
            return;
        }
        product.refunded_items += count;
        let order_id = product.order_id.clone();
        state.void(&order_id, now, BY_DEVELOPER, Some(count));
        self.shop
            .notify_voided(&mut state, purchase_token, &order_id, ONE_TIME, SOME_ITEMS);
    }
}

impl Shop {
    fn product<'a>(&self, state: &'a mut State, purchase_token: &str) -> &'a mut Product {
        let product = state.products.get_mut(purchase_token);
        product.unwrap_or_else(|| panic!("nobody bought {purchase_token}"))
    }

    pub(super) fn pay_product(&self, state: &mut State, purchase_token: &str) {
        let now = self.now();
        let product = self.product(state, purchase_token);
        product.state = PaymentState::Purchased;
        product.completed_at = Some(now);
        let order_id = product.order_id.clone();
        state.settle(&order_id);
        self.notify_product(state, 1, purchase_token);
    }

    pub(in super::super) fn take_product_back(
        &self,
        state: &mut State,
        purchase_token: &str,
        why: Why,
    ) {
        let now = self.now();
        let product = self.product(state, purchase_token);
        let was_paid = product.state == PaymentState::Purchased;
        product.state = PaymentState::Canceled;
        let order_id = product.order_id.clone();
        if was_paid {
            state.void(&order_id, now, why, None);
            self.notify_voided(state, purchase_token, &order_id, ONE_TIME, FULL);
        } else {
            state.give_up(&order_id);
        }
        self.notify_product(state, 2, purchase_token);
    }
}
