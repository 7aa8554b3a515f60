//! What has happened in one environment: who bought what, and what became of it.

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};

use iap_core::{Environment, Timestamp};
use serde_json::Value;

use super::{
    notifications::SentNotification,
    problem::{self, Problem},
};
use crate::{AppTransactionBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder};

/// A customer of the App Store: somebody with an Apple Account who downloaded the app.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Customer {
    pub(super) app_transaction_id: String,
}

impl Customer {
    /// What identifies the customer's download of the app; the API takes it in place of a
    /// transaction id where Apple's does.
    #[must_use]
    pub fn app_transaction_id(&self) -> &str {
        &self.app_transaction_id
    }
}

/// What a customer, and the app, get to know of a purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bought {
    /// The transaction.
    pub transaction_id: String,
    /// The identity of the purchase, the same over all renewals.
    pub original_transaction_id: String,
    /// The number on the customer's receipt.
    pub order_id: String,
    /// What StoreKit 2 hands to the app (`jwsRepresentation`), signed.
    pub signed_transaction: String,
}

pub(super) struct World {
    pub(super) environment: Environment,
    pub(super) entries: Vec<Entry>,
    /// By original transaction id.
    pub(super) subscriptions: BTreeMap<String, Subscription>,
    /// Transaction ids in the order of their refunds.
    pub(super) refunds: Vec<String>,
    pub(super) downloads: BTreeMap<String, AppTransactionBuilder>,
    pub(super) notification_url: Option<String>,
    pub(super) notifications: Vec<SentNotification>,
    /// Numbers of notifications by the token of the test that asked for them.
    pub(super) tests: BTreeMap<String, usize>,
    pub(super) consumption: Vec<(String, Value)>,
    /// Extensions of one subscription: original transaction id, request identifier, when.
    pub(super) extensions: Vec<(String, String, Timestamp)>,
    /// Results of mass extensions by product and request identifier.
    pub(super) mass_extensions: BTreeMap<(String, String), Value>,
    pub(super) retention: super::routes::Retention,
    /// Request reference ids of the Advanced Commerce API.
    pub(super) references: BTreeSet<String>,
    changes: u64,
}

/// One transaction.
pub(super) struct Entry {
    pub(super) transaction: TransactionBuilder,
    pub(super) customer: Customer,
    pub(super) order_id: String,
    pub(super) is_finished: bool,
    /// The number of its last change: the order of a customer's history.
    pub(super) changed: u64,
}

/// A subscription over all its periods.
pub(super) struct Subscription {
    pub(super) customer: Customer,
    pub(super) renewal_info: RenewalInfoBuilder,
    /// 1 active, 2 expired, 3 billing retry, 4 billing grace period, 5 revoked.
    pub(super) status: i64,
    /// The latest transaction.
    pub(super) latest: String,
}

impl World {
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            environment,
            entries: Vec::new(),
            subscriptions: BTreeMap::new(),
            refunds: Vec::new(),
            downloads: BTreeMap::new(),
            notification_url: None,
            notifications: Vec::new(),
            tests: BTreeMap::new(),
            consumption: Vec::new(),
            extensions: Vec::new(),
            mass_extensions: BTreeMap::new(),
            retention: super::routes::Retention::default(),
            references: BTreeSet::new(),
            changes: 0,
        }
    }

    pub(super) fn knows(&self, id: &str) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.id() == id || entry.original_id() == id)
    }

    /// The entry of one transaction.
    pub(super) fn entry(&self, transaction_id: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.id() == transaction_id)
    }

    /// Changes one transaction, which then is the last in its customer's history.
    pub(super) fn change(
        &mut self,
        transaction_id: &str,
        change: impl FnOnce(TransactionBuilder) -> TransactionBuilder,
    ) {
        let changed = self.next_change();
        let mut entries = self.entries.iter_mut();
        let entry = entries
            .find(|entry| entry.id() == transaction_id)
            .unwrap_or_else(|| panic!("nobody bought {transaction_id} here"));
        entry.transaction = change(entry.transaction.clone());
        entry.changed = changed;
    }

    pub(super) fn next_change(&mut self) -> u64 {
        self.changes += 1;
        self.changes
    }

    /// The customer behind any id that the API takes for one: of a transaction, of an original
    /// transaction, of a download.
    pub(super) fn customer_of(&self, any_id: &str) -> Result<&Customer, Problem> {
        check_id(any_id)?;
        let mut entries = self.entries.iter();
        let by_transaction = entries.find(|entry| {
            entry.id() == any_id
                || entry.original_id() == any_id
                || entry.customer.app_transaction_id == any_id
        });
        by_transaction
            .map(|entry| &entry.customer)
            .ok_or(problem::TRANSACTION_NOT_FOUND)
    }

    /// The subscription with this original transaction id.
    pub(super) fn subscription(&mut self, original_id: &str) -> &mut Subscription {
        self.subscriptions
            .get_mut(original_id)
            .unwrap_or_else(|| panic!("{original_id} is no subscription"))
    }

    /// Changes what is known of the next renewal.
    pub(super) fn change_renewal(
        &mut self,
        original_id: &str,
        change: impl FnOnce(RenewalInfoBuilder) -> RenewalInfoBuilder,
    ) {
        let subscription = self.subscription(original_id);
        subscription.renewal_info = change(subscription.renewal_info.clone());
    }
}

impl Entry {
    pub(super) fn payload(&self) -> Value {
        self.transaction.build()
    }

    pub(super) fn text(&self, member: &str) -> Option<String> {
        self.payload()[member].as_str().map(str::to_owned)
    }

    pub(super) fn date(&self, member: &str) -> Option<Timestamp> {
        self.payload()[member].as_i64().map(Timestamp::from_millis)
    }

    /// How long the paid period is.
    pub(super) fn period(&self) -> Option<Duration> {
        let bought = self.date("purchaseDate")?;
        Some(self.date("expiresDate")?.saturating_duration_since(bought))
    }

    pub(super) fn id(&self) -> String {
        self.text("transactionId").unwrap_or_default()
    }

    pub(super) fn original_id(&self) -> String {
        self.text("originalTransactionId").unwrap_or_default()
    }

    pub(super) fn is_family_shared(&self) -> bool {
        self.payload()["inAppOwnershipType"] == "FAMILY_SHARED"
    }

    /// The transaction as the App Store signs it now.
    pub(super) fn signed(&self, authority: &SigningAuthority, now: Timestamp) -> String {
        // What is dated stays as it was when it was bought; only the signature is new.
        let dates = ["purchaseDate", "originalPurchaseDate", "expiresDate"];
        let payload = self.payload();
        let dated = dates
            .into_iter()
            .filter(|name| !payload[*name].is_null())
            .fold(self.transaction.clone(), |transaction, name| {
                transaction.set(name, payload[name].clone())
            });
        dated.signed_at(now).sign(authority)
    }
}

/// Ids are decimal digits.
pub(super) fn check_id(id: &str) -> Result<(), Problem> {
    if !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(problem::INVALID_TRANSACTION_ID)
}
