//! What customers, and Amazon on their behalf, do: buy, renew, stop, change, pay late, get money back.

use core::time::Duration;

use iap_core::{AutoRenew, Timestamp};
use serde_json::Value;

use super::{
    FakeAmazonAppstore, Receipt,
    receipt::{AmazonReceiptBuilder, TERM},
};
use crate::system;

impl FakeAmazonAppstore {
    /// A new customer, as Amazon names them to the app (`userId`).
    #[must_use]
    pub fn user(&self) -> String {
        system::amazon_id()
    }

    /// The customer buys; returns the receipt id. Notifies `…_PURCHASED`.
    pub fn buy(&self, user_id: &str, receipt: AmazonReceiptBuilder) -> String {
        let receipt_id = self.sell(user_id, receipt);
        self.tell(&receipt_id, "PURCHASED");
        receipt_id
    }

    fn sell(&self, user_id: &str, receipt: AmazonReceiptBuilder) -> String {
        let mut members = receipt.members_at(self.shop.clock.now());
        let kind = match members.get("productType").and_then(Value::as_str) {
            Some("CONSUMABLE") => 1,
            Some("ENTITLED") => 2,
            _ => 3,
        };
        let receipt_id = format!("{}:{kind}:11", system::amazon_id());
        members.insert("receiptId".to_owned(), receipt_id.clone().into());
        let receipt = Receipt {
            user_id: user_id.to_owned(),
            members,
            is_gone: false,
        };
        let mut state = self.shop.state();
        state.receipts.insert(receipt_id.clone(), receipt);
        receipt_id
    }

    /// A subscription renews: another term follows the last one. Ends a trial and a grace period.
    /// Notifies `SUBSCRIPTION_RENEWED`, `SUBSCRIPTION_CONVERTED_FREE_TRIAL_TO_PAID` or
    /// `SUBSCRIPTION_OUT_OF_GRACE_PERIOD`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt, or it has no date of renewal.
    pub fn renew(&self, receipt_id: &str) {
        let event = self.change(receipt_id, |receipt| {
            let renewal = receipt.date("renewalDate").expect("a date of renewal");
            let event = match (
                receipt.date("gracePeriodEndDate"),
                receipt.date("freeTrialEndDate"),
            ) {
                (Some(_), _) => "OUT_OF_GRACE_PERIOD",
                (None, Some(_)) => "CONVERTED_FREE_TRIAL_TO_PAID",
                (None, None) => "RENEWED",
            };
            receipt.set("renewalDate", renewal.saturating_add(TERM));
            receipt.clear("freeTrialEndDate");
            receipt.clear("gracePeriodEndDate");
            event
        });
        self.tell(receipt_id, event);
    }

    /// A payment fails, and the customer keeps the subscription for so long after its renewal was due.
    /// Notifies `SUBSCRIPTION_IN_GRACE_PERIOD`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt, or it has no date of renewal.
    pub fn enter_grace_period(&self, receipt_id: &str, length: Duration) {
        self.change(receipt_id, |receipt| {
            let renewal = receipt.date("renewalDate").expect("a date of renewal");
            receipt.set("gracePeriodEndDate", renewal.saturating_add(length));
        });
        self.tell(receipt_id, "IN_GRACE_PERIOD");
    }

    /// The customer switches renewal off, so that the term runs out, or on again. Notifies
    /// `SUBSCRIPTION_AUTO_RENEWAL_OFF` or `SUBSCRIPTION_AUTO_RENEWAL_ON`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt, or `auto_renew` is neither on nor off.
    pub fn set_auto_renew(&self, receipt_id: &str, auto_renew: AutoRenew) {
        let now = self.shop.clock.now();
        self.change(receipt_id, |receipt| match auto_renew {
            AutoRenew::Off => {
                receipt
                    .members
                    .insert("autoRenewing".to_owned(), false.into());
                receipt.clear("renewalDate");
            }
            AutoRenew::On => {
                receipt
                    .members
                    .insert("autoRenewing".to_owned(), true.into());
                receipt.set("renewalDate", now.saturating_add(TERM));
            }
            other => panic!("a customer cannot choose {other:?}"),
        });
        let event = match auto_renew {
            AutoRenew::Off => "AUTO_RENEWAL_OFF",
            _ => "AUTO_RENEWAL_ON",
        };
        self.tell(receipt_id, event);
    }

    /// A purchase is canceled now, for the reason with this number (`cancelReason`: 0 not known yet, 1
    /// by the customer, 2 by Amazon, 4 replaced). Notifies `…_CANCELLED`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt.
    pub fn cancel(&self, receipt_id: &str, cancel_reason: i64) {
        self.cancel_at(receipt_id, self.shop.clock.now(), cancel_reason);
    }

    /// As [`cancel`](Self::cancel), but at another time: Amazon announces the end of a term ahead.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt.
    pub fn cancel_at(&self, receipt_id: &str, at: Timestamp, cancel_reason: i64) {
        self.end(receipt_id, at, cancel_reason);
        self.tell(receipt_id, "CANCELLED");
    }

    /// A subscription ends at its time: with renewal off, or because nobody paid
    /// (`cancelReason` 2). Notifies `SUBSCRIPTION_EXPIRED`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt.
    pub fn expire(&self, receipt_id: &str, cancel_reason: i64) {
        self.end(receipt_id, self.shop.clock.now(), cancel_reason);
        self.tell(receipt_id, "EXPIRED");
    }

    fn end(&self, receipt_id: &str, at: Timestamp, cancel_reason: i64) {
        self.change(receipt_id, |receipt| {
            receipt.set("cancelDate", at);
            let reason = cancel_reason.into();
            receipt.members.insert("cancelReason".to_owned(), reason);
            receipt
                .members
                .insert("autoRenewing".to_owned(), false.into());
        });
    }

    /// The customer changes to another term at once: the receipt is canceled as replaced, and a new
    /// one begins, whose id is returned. Notifies `SUBSCRIPTION_MODIFIED_IMMEDIATE` for the new one.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt.
    pub fn replace(&self, receipt_id: &str, receipt: AmazonReceiptBuilder) -> String {
        let user_id = self.change(receipt_id, |receipt| receipt.user_id.clone());
        self.end(receipt_id, self.shop.clock.now(), REPLACED);
        let new_id = self.sell(&user_id, receipt);
        let mut state = self.shop.state();
        let event = "MODIFIED_IMMEDIATE";
        self.shop
            .notify(&mut state, &new_id, event, Some(receipt_id));
        new_id
    }

    /// The customer chooses another term from the next renewal on. Notifies
    /// `SUBSCRIPTION_MODIFIED_DEFERRED`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt, or it has no date of renewal.
    pub fn defer_change(&self, receipt_id: &str, term_sku: &str) {
        self.change(receipt_id, |receipt| {
            let renewal = receipt.date("renewalDate").expect("a date of renewal");
            receipt.set("deferredDate", renewal);
            let sku = term_sku.into();
            receipt.members.insert("deferredSku".to_owned(), sku);
        });
        self.tell(receipt_id, "MODIFIED_DEFERRED");
    }

    /// Amazon no longer vouches for a purchase and answers 410 from now on. Notifies `…_CANCELLED`.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt.
    pub fn withdraw(&self, receipt_id: &str) {
        self.change(receipt_id, |receipt| receipt.is_gone = true);
        self.tell(receipt_id, "CANCELLED");
    }

    /// Sets any member of a receipt, by Amazon's name.
    ///
    /// # Panics
    ///
    /// When nobody bought that receipt.
    pub fn set(&self, receipt_id: &str, member: &str, value: impl Into<Value>) {
        let value = value.into();
        self.change(receipt_id, |receipt| {
            receipt.members.insert(member.to_owned(), value);
        });
    }

    fn tell(&self, receipt_id: &str, event: &str) {
        let mut state = self.shop.state();
        self.shop.notify(&mut state, receipt_id, event, None);
    }

    fn change<T>(&self, receipt_id: &str, change: impl FnOnce(&mut Receipt) -> T) -> T {
        let mut state = self.shop.state();
        let receipt = state.receipts.get_mut(receipt_id);
        change(receipt.unwrap_or_else(|| panic!("nobody bought {receipt_id} here")))
    }
}

impl Receipt {
    fn date(&self, member: &str) -> Option<Timestamp> {
        let millis = self.members.get(member)?.as_i64()?;
        Some(Timestamp::from_millis(millis))
    }

    fn set(&mut self, member: &str, at: Timestamp) {
        self.members
            .insert(member.to_owned(), at.as_millis().into());
    }

    fn clear(&mut self, member: &str) {
        self.members.insert(member.to_owned(), Value::Null);
    }
}

/// The `cancelReason` of a subscription whose place another one took.
const REPLACED: i64 = 4;
