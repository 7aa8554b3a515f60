//! What customers, and Apple on their behalf, do: buy, renew, stop, change, pay late, ask for money back.

use core::time::Duration;

use iap_core::{AutoRenew, Environment, Timestamp};

use super::{
    FakeAppStore,
    world::{Bought, Customer, Entry, Subscription, World},
};
use crate::{AppTransactionBuilder, RenewalInfoBuilder, TransactionBuilder, system};

impl FakeAppStore {
    /// A new customer, who has downloaded the app.
    #[must_use]
    pub fn customer(&self) -> Customer {
        Customer {
            app_transaction_id: system::transaction_id(),
        }
    }

    /// `customer` buys, in the environment of `transaction`. Dates that it does not set follow from
    /// the store's clock. Sends `SUBSCRIBED` or `ONE_TIME_CHARGE`.
    ///
    /// # Panics
    ///
    /// When the transaction is of another app, or its id was used before.
    pub fn buy(&self, customer: &Customer, transaction: TransactionBuilder) -> Bought {
        let transaction = transaction.app_transaction_id(customer.app_transaction_id());
        let payload = transaction.build();
        assert_eq!(
            payload["bundleId"].as_str(),
            Some(self.shop.bundle_id.as_str()),
            "this store sells in one app"
        );
        let environment = if payload["environment"] == "Sandbox" {
            Environment::Sandbox
        } else {
            Environment::Production
        };
        let kind = payload["type"].as_str().unwrap_or_default();
        let is_subscription = kind == "Auto-Renewable Subscription";
        self.shop.with_world(environment, |world| {
            let transaction = transaction.signed_at_unless_set(self.shop.now());
            let bought = self.add(world, customer, transaction.clone());
            if is_subscription {
                let subscription = Subscription {
                    customer: customer.clone(),
                    renewal_info: RenewalInfoBuilder::of(&transaction),
                    status: 1,
                    latest: bought.transaction_id.clone(),
                };
                let original_id = bought.original_transaction_id.clone();
                let before = world.subscriptions.insert(original_id, subscription);
                let subtype = before.map_or("INITIAL_BUY", |_| "RESUBSCRIBE");
                let id = &bought.transaction_id;
                self.shop.notify(world, id, "SUBSCRIBED", Some(subtype));
            } else {
                let id = &bought.transaction_id;
                self.shop.notify(world, id, "ONE_TIME_CHARGE", None);
            }
            bought
        })
    }

    /// A subscription renews: a new transaction for another period as long as the last one, from
    /// its end on. Sends `DID_RENEW`, after a failed payment as `BILLING_RECOVERY`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription.
    pub fn renew(&self, original_transaction_id: &str) -> Bought {
        self.next_period(original_transaction_id, |world, id| {
            let subscription = world.subscription(original_transaction_id);
            let subtype = matches!(subscription.status, 3 | 4).then_some("BILLING_RECOVERY");
            subscription.status = 1;
            self.shop.notify(world, id, "DID_RENEW", subtype);
        })
    }

    /// A renewal fails for want of a payment: into a grace period of this length, or without one.
    /// Sends `DID_FAIL_TO_RENEW`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription.
    pub fn fail_renewal(&self, original_transaction_id: &str, grace_period: Option<Duration>) {
        self.with_latest(original_transaction_id, |world, latest| {
            let entry = world.entry(latest).expect("a transaction of ours");
            let ended = entry.date("expiresDate").unwrap_or_else(|| self.shop.now());
            world.subscription(original_transaction_id).status = grace_period.map_or(3, |_| 4);
            world.change_renewal(original_transaction_id, |it| {
                let it = it.is_in_billing_retry_period(true).expiration_intent(2);
                match grace_period {
                    Some(length) => it.grace_period_expires_date(ended.saturating_add(length)),
                    None => it,
                }
            });
            let subtype = grace_period.map(|_| "GRACE_PERIOD");
            self.shop
                .notify(world, latest, "DID_FAIL_TO_RENEW", subtype);
        });
    }

    /// A grace period ends without a payment; Apple goes on trying. Sends `GRACE_PERIOD_EXPIRED`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription.
    pub fn end_grace_period(&self, original_transaction_id: &str) {
        self.with_latest(original_transaction_id, |world, latest| {
            world.subscription(original_transaction_id).status = 3;
            self.shop
                .notify(world, latest, "GRACE_PERIOD_EXPIRED", None);
        });
    }

    /// A subscription ends, for the reason with this number (`expirationIntent`: 1 the customer
    /// stopped it, 2 no payment, 3 price increase not agreed to, 4 product not for sale). Sends
    /// `EXPIRED`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription, or the reason has another number.
    pub fn expire(&self, original_transaction_id: &str, expiration_intent: i64) {
        let subtype = match expiration_intent {
            1 => "VOLUNTARY",
            2 => "BILLING_RETRY",
            3 => "PRICE_INCREASE",
            4 => "PRODUCT_NOT_FOR_SALE",
            other => panic!("no expirationIntent {other}"),
        };
        self.with_latest(original_transaction_id, |world, latest| {
            world.subscription(original_transaction_id).status = 2;
            world.change_renewal(original_transaction_id, |it| {
                it.auto_renew_status(0)
                    .expiration_intent(expiration_intent)
                    .is_in_billing_retry_period(false)
            });
            self.shop.notify(world, latest, "EXPIRED", Some(subtype));
        });
    }

    /// The customer switches renewal on or off. Sends `DID_CHANGE_RENEWAL_STATUS`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription, or `auto_renew` is neither on nor off.
    pub fn set_auto_renew(&self, original_transaction_id: &str, auto_renew: AutoRenew) {
        let (status, subtype) = match auto_renew {
            AutoRenew::On => (1, "AUTO_RENEW_ENABLED"),
            AutoRenew::Off => (0, "AUTO_RENEW_DISABLED"),
            other => panic!("a customer cannot choose {other:?}"),
        };
        self.with_latest(original_transaction_id, |world, latest| {
            world.change_renewal(original_transaction_id, |it| it.auto_renew_status(status));
            self.shop
                .notify(world, latest, "DID_CHANGE_RENEWAL_STATUS", Some(subtype));
        });
    }

    /// The customer changes to a better product of the group, at once: the present transaction is
    /// upgraded, a new one of the same length begins now. Sends `DID_CHANGE_RENEWAL_PREF` with `UPGRADE`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription.
    pub fn upgrade(&self, original_transaction_id: &str, product_id: &str) -> Bought {
        let now = self.shop.now();
        self.with_latest(original_transaction_id, |world, latest| {
            world.change(latest, |it| it.is_upgraded(true));
            let entry = world.entry(latest).expect("a transaction of ours");
            let (customer, id) = (entry.customer.clone(), system::transaction_id());
            let next = entry
                .transaction
                .clone()
                .without("isUpgraded")
                .product_id(product_id)
                .transaction_id(&id)
                .original_transaction_id(original_transaction_id)
                .original_purchase_date(entry.date("originalPurchaseDate").unwrap_or(now))
                .purchase_date(now)
                .expires_date(now.saturating_add(entry.period().unwrap_or_default()))
                .signed_at(now);
            let bought = self.add(world, &customer, next);
            world.subscription(original_transaction_id).latest = bought.transaction_id.clone();
            world.change_renewal(original_transaction_id, |it| {
                it.auto_renew_product_id(product_id).product_id(product_id)
            });
            let id = &bought.transaction_id;
            self.shop
                .notify(world, id, "DID_CHANGE_RENEWAL_PREF", Some("UPGRADE"));
            bought
        })
    }

    /// The customer chooses another product from the next period on. Sends
    /// `DID_CHANGE_RENEWAL_PREF` with `DOWNGRADE`.
    ///
    /// # Panics
    ///
    /// When there is no such subscription.
    pub fn downgrade(&self, original_transaction_id: &str, product_id: &str) {
        self.with_latest(original_transaction_id, |world, latest| {
            world.change_renewal(original_transaction_id, |it| {
                it.auto_renew_product_id(product_id)
            });
            self.shop
                .notify(world, latest, "DID_CHANGE_RENEWAL_PREF", Some("DOWNGRADE"));
        });
    }

    /// The customer asks Apple for their money, and Apple asks you first. Sends
    /// `CONSUMPTION_REQUEST`.
    ///
    /// # Panics
    ///
    /// When there is no such transaction.
    pub fn request_refund(&self, transaction_id: &str) {
        self.shop.with_world_of(transaction_id, |world| {
            self.shop.notify_with(
                world,
                transaction_id,
                "CONSUMPTION_REQUEST",
                None,
                |notification| notification.consumption_request_reason("UNINTENDED_PURCHASE"),
            );
        });
    }

    /// Apple gives the money for one transaction back. Sends `REFUND`.
    ///
    /// # Panics
    ///
    /// When there is no such transaction.
    pub fn refund(&self, transaction_id: &str) {
        self.take_back(transaction_id, "REFUND_FULL", "REFUND");
    }

    /// Apple refuses a refund. Sends `REFUND_DECLINED`.
    ///
    /// # Panics
    ///
    /// When there is no such transaction.
    pub fn decline_refund(&self, transaction_id: &str) {
        self.shop.with_world_of(transaction_id, |world| {
            self.shop
                .notify(world, transaction_id, "REFUND_DECLINED", None);
        });
    }

    /// Apple takes a refund back after a dispute. Sends `REFUND_REVERSED`.
    ///
    /// # Panics
    ///
    /// When there is no such transaction.
    pub fn reverse_refund(&self, transaction_id: &str) {
        self.shop.with_world_of(transaction_id, |world| {
            world.change(transaction_id, |it| {
                it.without("revocationDate")
                    .without("revocationReason")
                    .without("revocationType")
            });
            world.refunds.retain(|id| id != transaction_id);
            set_status_of_latest(world, transaction_id, 1);
            self.shop
                .notify(world, transaction_id, "REFUND_REVERSED", None);
        });
    }

    /// A family member stops sharing the purchase. Sends `REVOKE`.
    ///
    /// # Panics
    ///
    /// When there is no such transaction.
    pub fn stop_sharing(&self, transaction_id: &str) {
        self.take_back(transaction_id, "FAMILY_REVOKE", "REVOKE");
    }

    fn take_back(&self, transaction_id: &str, revocation_type: &str, notification: &str) {
        let now = self.shop.now();
        self.shop.with_world_of(transaction_id, |world| {
            world.change(transaction_id, |it| {
                it.revoked(now, 0).revocation_type(revocation_type)
            });
            if notification == "REFUND" {
                world.refunds.push(transaction_id.to_owned());
            }
            set_status_of_latest(world, transaction_id, 5);
            self.shop.notify(world, transaction_id, notification, None);
        });
    }

    /// Adds a period that follows the last one, and lets `then` say what it is.
    fn next_period(&self, original_id: &str, then: impl FnOnce(&mut World, &str)) -> Bought {
        self.with_latest(original_id, |world, latest| {
            let now = self.shop.now();
            let entry = world.entry(latest).expect("a transaction of ours");
            let ended = entry.date("expiresDate").unwrap_or(now);
            let length = entry.period().unwrap_or_default();
            let (customer, id) = (entry.customer.clone(), system::transaction_id());
            let next = entry
                .transaction
                .clone()
                .without("offerType")
                .without("offerDiscountType")
                .without("offerPeriod")
                .transaction_id(&id)
                .original_transaction_id(original_id)
                .original_purchase_date(entry.date("originalPurchaseDate").unwrap_or(now))
                .purchase_date(ended)
                .expires_date(ended.saturating_add(length))
                .transaction_reason("RENEWAL")
                .signed_at(now);
            let bought = self.add(world, &customer, next);
            world.subscription(original_id).latest = bought.transaction_id.clone();
            world.change_renewal(original_id, |it| {
                it.renewal_date(ended.saturating_add(length))
                    .auto_renew_status(1)
                    .without("expirationIntent")
                    .without("isInBillingRetryPeriod")
                    .without("gracePeriodExpiresDate")
            });
            then(world, &bought.transaction_id);
            bought
        })
    }

    fn with_latest<T>(&self, original_id: &str, work: impl FnOnce(&mut World, &str) -> T) -> T {
        self.shop.with_world_of(original_id, |world| {
            let latest = world.subscription(original_id).latest.clone();
            work(world, &latest)
        })
    }

    fn add(
        &self,
        world: &mut World,
        customer: &Customer,
        transaction: TransactionBuilder,
    ) -> Bought {
        let now = self.shop.now();
        let entry = Entry {
            transaction,
            customer: customer.clone(),
            order_id: order_id(),
            is_finished: false,
            changed: world.next_change(),
        };
        assert!(
            world.entry(&entry.id()).is_none(),
            "transaction {} was made before",
            entry.id()
        );
        let downloads = &mut world.downloads;
        downloads
            .entry(customer.app_transaction_id.clone())
            .or_insert_with(|| self.download(customer, world.environment, now));
        let bought = Bought {
            transaction_id: entry.id(),
            original_transaction_id: entry.original_id(),
            order_id: entry.order_id.clone(),
            signed_transaction: entry.signed(&self.shop.authority, now),
        };
        world.entries.push(entry);
        bought
    }

    fn download(
        &self,
        customer: &Customer,
        environment: Environment,
        now: Timestamp,
    ) -> AppTransactionBuilder {
        AppTransactionBuilder::new(&self.shop.bundle_id, self.shop.app_apple_id)
            .environment(environment)
            .app_transaction_id(customer.app_transaction_id())
            .signed_at(now)
    }
}

/// A refund of an earlier period leaves the subscription as it is.
fn set_status_of_latest(world: &mut World, transaction_id: &str, status: i64) {
    let mut subscriptions = world.subscriptions.values_mut();
    if let Some(subscription) = subscriptions.find(|it| it.latest == transaction_id) {
        subscription.status = status;
    }
}

/// Such as customers find on their receipts: letters and digits.
fn order_id() -> String {
    format!("M{}", system::digits_and_letters(9))
}
