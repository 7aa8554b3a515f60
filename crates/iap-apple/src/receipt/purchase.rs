//! What a verified receipt says in the words that all stores share.

use core::cmp::Reverse;
use std::collections::HashMap;

use iap_core::{
    Offer, OfferKind, OfferPayment, OriginalTransactionId, Ownership, ProductId, ProductKind,
    Purchase, PurchaseKey, RefundScope, Revocation, RevocationReason, Store, Subscription,
    SubscriptionState, Timestamp,
};

use super::{
    attributes::{IN_APP, ORIGINAL_TRANSACTION_ID, PRODUCT_ID, PURCHASE_DATE},
    error::{ReceiptError, StructureProblem},
    model::InAppReceipt,
    verifier::VerifiedReceipt,
};
use crate::purchase::MISSING;

impl VerifiedReceipt {
    /// The purchases that this receipt proves, one for each original transaction id, in stored
    /// order.
    ///
    /// A receipt does not state what kind of product was bought. `kind_of` gives the kind of a
    /// product as it is set up in App Store Connect: from your own list, never from the app.
    ///
    /// 1. Each entry names its product, original transaction id and purchase date.
    /// 2. Entries of one original transaction id are one purchase: the periods of a subscription,
    ///    or a product and its restores. The one that was bought last counts; of two bought at the
    ///    same moment, the one that gives less.
    /// 3. What carries a mark of an auto-renewable subscription (an end, a subscription id, a trial
    ///    or introductory price) is one, whatever `kind_of` says. Of other purchases `kind_of`
    ///    decides; a kind that it does not know gives no access.
    /// 4. A purchase is revoked if the entry that counts was cancelled; a product that is no
    ///    subscription, if any of its entries was.
    ///
    /// A receipt does not tell whether a subscription renews, is in its grace period or is being
    /// retried (such a one has simply expired), who shares it
    /// ([`Ownership::NotStated`](iap_core::Ownership::NotStated)), its price, and the account that
    /// the app attached. And it knows nothing of what happened since it was
    /// [made](Self::created_at), which is the [`as_of`](Purchase::as_of) of its purchases: ask the
    /// App Store Server API about the transaction id before you give much.
    ///
    /// # Errors
    ///
    /// [`ReceiptError::Structure`] if an entry lacks one of the three.
    ///
    /// ```
    /// use iap_apple::{AccessPolicy, ReceiptError, VerifiedReceipt};
    /// use iap_core::{ProductKind, Timestamp};
    ///
    /// fn products(receipt: &VerifiedReceipt, now: Timestamp) -> Result<Vec<String>, ReceiptError> {
    ///     let purchases = receipt.to_purchases(|product_id| match product_id.as_str() {
    ///         "pro.lifetime" => Some(ProductKind::NonConsumable),
    ///         _ => None,
    ///     })?;
    ///     let policy = AccessPolicy::new();
    ///     let kept = purchases.into_iter().filter(|it| it.access_at(now, &policy).is_granted());
    ///     Ok(kept.map(|purchase| purchase.product_id.into_string()).collect())
    /// }
    /// ```
    pub fn to_purchases(
        &self,
        kind_of: impl Fn(&ProductId) -> Option<ProductKind>,
    ) -> Result<Vec<Purchase>, ReceiptError> {
        let mut keys = Vec::new();
        let mut groups = HashMap::<&OriginalTransactionId, Group<'_>>::new();
        for (index, receipt) in self.in_app.iter().enumerate() {
            // 1
            let entry = Entry::new(index, receipt)?;
            // 2
            match groups.get_mut(entry.key) {
                Some(group) => group.add(entry),
                None => {
                    keys.push(entry.key);
                    groups.insert(entry.key, Group::of(entry));
                }
            }
        }
        let groups = keys.into_iter().filter_map(|key| groups.remove(key));
        Ok(groups.map(|group| self.purchase(group, &kind_of)).collect())
    }

    fn purchase(
        &self,
        group: Group<'_>,
        kind_of: impl Fn(&ProductId) -> Option<ProductKind>,
    ) -> Purchase {
        let Entry {
            key,
            product_id,
            purchase_date,
            receipt,
        } = group.latest;
        // 3
        let kind = match group.has_mark_of_subscription {
            true => ProductKind::AutoRenewableSubscription,
            false => {
                kind_of(product_id).unwrap_or_else(|| ProductKind::Unknown(MISSING.to_owned()))
            }
        };
        let mut purchase = Purchase::new(
            Store::AppStore,
            self.environment(),
            PurchaseKey::apple(key.clone()),
            product_id.clone(),
            kind,
            self.created_at(),
        );
        purchase.app_id = self.bundle_id.clone();
        purchase.transaction_id = receipt.transaction_id.clone();
        purchase.quantity = receipt
            .quantity
            .and_then(|quantity| u32::try_from(quantity).ok())
            .unwrap_or(1);
        purchase.ownership = Ownership::NotStated;
        purchase.purchased_at = Some(purchase_date);
        purchase.originally_purchased_at = receipt.original_purchase_date;
        purchase.expires_at = receipt.expires_date;
        // 4
        let is_subscription = purchase.kind == ProductKind::AutoRenewableSubscription;
        let cancelled_at = match is_subscription {
            true => receipt.cancellation_date,
            false => group.cancelled_at,
        };
        purchase.revocation = cancelled_at.map(|at| {
            Revocation::new(
                Some(at),
                RevocationReason::Refunded,
                RefundScope::Unspecified,
            )
        });
        if is_subscription {
            purchase.subscription = Some(subscription(receipt, self.created_at()));
        }
        purchase
    }
}

/// An entry with what no entry may lack.
struct Entry<'a> {
    key: &'a OriginalTransactionId,
    product_id: &'a ProductId,
    purchase_date: Timestamp,
    receipt: &'a InAppReceipt,
}

impl<'a> Entry<'a> {
    fn new(index: usize, receipt: &'a InAppReceipt) -> Result<Self, ReceiptError> {
        let missing = |attribute: i64| ReceiptError::Structure {
            place: format!("attribute {IN_APP}[{index}].{attribute}"),
            problem: StructureProblem::Missing,
        };
        let key = receipt.original_transaction_id.as_ref();
        let product_id = receipt.product_id.as_ref();
        Ok(Self {
            key: key.ok_or_else(|| missing(ORIGINAL_TRANSACTION_ID))?,
            product_id: product_id.ok_or_else(|| missing(PRODUCT_ID))?,
            purchase_date: receipt
                .purchase_date
                .ok_or_else(|| missing(PURCHASE_DATE))?,
            receipt,
        })
    }

    /// Orders entries by which one counts: bought later, then cancelled, then ending sooner.
    fn rank(&self) -> (Timestamp, bool, Reverse<Option<Timestamp>>) {
        let is_cancelled = self.receipt.cancellation_date.is_some();
        let end = Reverse(self.receipt.expires_date);
        (self.purchase_date, is_cancelled, end)
    }

    /// Apple writes these of auto-renewable subscriptions only, and 0 for an id that is none.
    fn has_mark_of_subscription(&self) -> bool {
        self.receipt.expires_date.is_some()
            || self
                .receipt
                .web_order_line_item_id
                .is_some_and(|id| id != 0)
            || self.receipt.is_trial_period == Some(true)
            || self.receipt.is_in_intro_offer_period == Some(true)
    }
}

/// The entries of one original transaction id.
struct Group<'a> {
    latest: Entry<'a>,
    has_mark_of_subscription: bool,
    /// The first cancellation of any entry.
    cancelled_at: Option<Timestamp>,
}

impl<'a> Group<'a> {
    fn of(entry: Entry<'a>) -> Self {
        Self {
            has_mark_of_subscription: entry.has_mark_of_subscription(),
            cancelled_at: entry.receipt.cancellation_date,
            latest: entry,
        }
    }

    fn add(&mut self, entry: Entry<'a>) {
        self.has_mark_of_subscription |= entry.has_mark_of_subscription();
        let cancellations = [self.cancelled_at, entry.receipt.cancellation_date];
        self.cancelled_at = cancellations.into_iter().flatten().min();
        if entry.rank() > self.latest.rank() {
            self.latest = entry;
        }
    }
}

fn subscription(receipt: &InAppReceipt, created_at: Timestamp) -> Subscription {
    let has_ended = receipt.expires_date.is_some_and(|end| end <= created_at);
    let mut subscription = Subscription::new(match has_ended {
        true => SubscriptionState::Expired,
        // Without an end date access is denied for want of it, which says more than a guess here.
        false => SubscriptionState::Active,
    });
    subscription.offer = offer(receipt);
    subscription
}

/// Apple ties both flags to introductory offers: who had one is no longer eligible.
fn offer(receipt: &InAppReceipt) -> Option<Offer> {
    let is_trial = receipt.is_trial_period == Some(true);
    if !is_trial && receipt.is_in_intro_offer_period != Some(true) {
        return None;
    }
    let mut offer = Offer::new(OfferKind::Introductory);
    offer.payment = is_trial.then_some(OfferPayment::FreeTrial);
    Some(offer)
}
