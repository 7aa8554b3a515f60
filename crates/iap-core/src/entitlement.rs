//! What a customer is entitled to, from all their purchases: products mapped to your own names.

use core::time::Duration;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    Access, AccessPolicy, GrantReason, ProductId, ProductKind, Purchase, PurchaseKey,
    PurchaseState, Store, Timestamp,
};

/// Which product gives which entitlements.
///
/// ```
/// use iap_core::{AccessPolicy, Catalog, Environment, ProductKind, Purchase, PurchaseKey, Store, Timestamp};
///
/// let catalog = Catalog::new()
///     .with("premium", ["pro.monthly", "pro.yearly", "pro.lifetime"])
///     .with("no_ads", ["remove_ads", "pro.lifetime"]);
///
/// let now: Timestamp = "2026-11-21T09:30:00Z".parse()?;
/// let lifetime = Purchase::new(
///     Store::AppStore,
///     Environment::Production,
///     PurchaseKey::apple("2000000001"),
///     "pro.lifetime".into(),
///     ProductKind::NonConsumable,
///     now,
/// );
/// let entitlements = catalog.entitlements([&lifetime], now, &AccessPolicy::new());
/// assert!(entitlements.contains("premium"));
/// assert!(entitlements.contains("no_ads"));
/// # Ok::<(), iap_core::ParseTimestampError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    keys_by_product: HashMap<ProductId, Vec<String>>,
    durations: HashMap<ProductId, Duration>,
}

/// The full set of what a customer is entitled to at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entitlements {
    /// What gives access now: one entry per entitlement, in alphabetical order.
    pub active: Vec<Entitlement>,
    /// Products that give access, of purchases of which the catalog names no product at all: paid
    /// for, and not delivered. Alert somebody.
    pub unmapped_products: Vec<ProductId>,
}

/// One entitlement, and the purchase that gives it for the longest time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entitlement {
    /// Your own name for it.
    pub key: String,
    /// When it ends, as far as is known now; `None` when it has no end.
    pub until: Option<Timestamp>,
    /// Why it is given.
    pub reason: GrantReason,
    /// The product that gives it.
    pub product_id: ProductId,
    /// The store that sold the product.
    pub store: Store,
    /// The purchase that gives it.
    pub purchase_key: PurchaseKey,
}

impl Catalog {
    /// An empty catalog.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entitlement that each of `products` gives.
    #[must_use]
    pub fn with<P: Into<ProductId>>(
        mut self,
        entitlement: impl Into<String>,
        products: impl IntoIterator<Item = P>,
    ) -> Self {
        let entitlement = entitlement.into();
        for product in products {
            let keys = self.keys_by_product.entry(product.into()).or_default();
            if !keys.contains(&entitlement) {
                keys.push(entitlement.clone());
            }
        }
        self
    }

    /// Says how long each of `products` lasts from its purchase: for non-renewing subscriptions, of
    /// which the App Store names no end.
    #[must_use]
    pub fn with_duration<P: Into<ProductId>>(
        mut self,
        duration: Duration,
        products: impl IntoIterator<Item = P>,
    ) -> Self {
        let products = products.into_iter().map(Into::into);
        self.durations
            .extend(products.map(|product| (product, duration)));
        self
    }

    /// The entitlements that `product` gives.
    #[must_use]
    pub fn entitlements_of(&self, product: &ProductId) -> &[String] {
        self.keys_by_product.get(product).map_or(&[], Vec::as_slice)
    }

    /// What `purchases` entitle to at `now`: the full set, so that an entry that is missing has ended.
    ///
    /// Of several snapshots of one purchase the one that [supersedes](Purchase::supersedes) the
    /// others counts, and a purchase whose place another one that is paid has taken does not.
    /// Consumables are left out: they are delivered once each, by [`PurchaseKey`], and are no standing entitlement.
    #[must_use]
    pub fn entitlements<'a>(
        &self,
        purchases: impl IntoIterator<Item = &'a Purchase>,
        now: Timestamp,
        policy: &AccessPolicy,
    ) -> Entitlements {
        let mut active = BTreeMap::<&str, Entitlement>::new();
        let mut unmapped_products = Vec::new();
        for purchase in current(purchases) {
            let granted = self.granted_products(purchase, now, policy);
            for (product_id, until, reason) in &granted {
                for key in self.entitlements_of(product_id) {
                    let lasts_longer = active
                        .get(key.as_str())
                        .is_none_or(|present| is_longer(*until, present.until));
                    if lasts_longer {
                        let entitlement = Entitlement {
                            key: key.clone(),
                            until: *until,
                            reason: *reason,
                            product_id: (*product_id).clone(),
                            store: purchase.store,
                            purchase_key: purchase.key.clone(),
                        };
                        active.insert(key, entitlement);
                    }
                }
            }
            let is_unmapped = |product_id: &ProductId| self.entitlements_of(product_id).is_empty();
            if granted
                .iter()
                .all(|(product_id, ..)| is_unmapped(product_id))
            {
                for (product_id, ..) in granted {
                    if !unmapped_products.contains(product_id) {
                        unmapped_products.push(product_id.clone());
                    }
                }
            }
        }
        Entitlements {
            active: active.into_values().collect(),
            unmapped_products,
        }
    }

    /// The products of a purchase that give access, until when, and why.
    fn granted_products<'a>(
        &self,
        purchase: &'a Purchase,
        now: Timestamp,
        policy: &AccessPolicy,
    ) -> Vec<(&'a ProductId, Option<Timestamp>, GrantReason)> {
        let policy_of = |product_id| match self.durations.get(product_id) {
            Some(duration) => policy.non_renewing_duration(*duration),
            None => *policy,
        };
        let policy = policy_of(&purchase.product_id);
        let main = (&purchase.product_id, purchase.access_at(now, &policy));
        let additional = purchase.additional_items.iter().map(|item| {
            let policy = policy_of(&item.product_id);
            let access = purchase.item_access_at(item, now, &policy);
            (&item.product_id, access)
        });
        core::iter::once(main)
            .chain(additional)
            .filter_map(|(product_id, access)| match access {
                Access::Granted { until, reason } => Some((product_id, until, reason)),
                Access::Denied { .. } => None,
            })
            .collect()
    }
}

/// The purchases that count: one snapshot of each, none that another one took the place of, and no
/// consumables.
fn current<'a>(purchases: impl IntoIterator<Item = &'a Purchase>) -> Vec<&'a Purchase> {
    let mut newest = Vec::<&Purchase>::new();
    for purchase in purchases {
        match newest.iter_mut().find(|it| it.is_same_purchase(purchase)) {
            Some(known) if purchase.supersedes(known) => *known = purchase,
            Some(_) => {}
            None => newest.push(purchase),
        }
    }
    let is_replaced = |purchase: &Purchase| {
        newest.iter().any(|other| {
            other.store == purchase.store
                && other.environment == purchase.environment
                && other.state == PurchaseState::Purchased
                && other.replaces.as_ref() == Some(&purchase.key)
        })
    };
    newest
        .iter()
        .copied()
        .filter(|purchase| purchase.kind != ProductKind::Consumable && !is_replaced(purchase))
        .collect()
}

impl Entitlements {
    /// Whether the customer has the entitlement `key`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The entitlement `key`, if the customer has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entitlement> {
        self.active
            .iter()
            .find(|entitlement| entitlement.key == key)
    }
}

/// Whether `candidate` ends after `present`; no end at all is the longest.
fn is_longer(candidate: Option<Timestamp>, present: Option<Timestamp>) -> bool {
    match (candidate, present) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(candidate), Some(present)) => candidate > present,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Environment, PurchaseItem, RefundScope, Revocation, RevocationReason, Subscription,
        SubscriptionState,
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn subscription(key: &str, product: &str, expires: &str) -> Purchase {
        let mut purchase = Purchase::new(
            Store::GooglePlay,
            Environment::Production,
            PurchaseKey::google(key),
            product.into(),
            ProductKind::AutoRenewableSubscription,
            at("2026-01-01T00:00:00Z"),
        );
        purchase.expires_at = Some(at(expires));
        purchase.subscription = Some(Subscription::new(SubscriptionState::Active));
        purchase
    }

    fn catalog() -> Catalog {
        Catalog::new()
            .with("premium", ["pro.monthly", "pro.yearly"])
            .with("news", ["news.addon"])
    }

    #[test]
    fn the_purchase_that_lasts_longest_gives_the_entitlement() {
        let monthly = subscription("a", "pro.monthly", "2026-02-01T00:00:00Z");
        let yearly = subscription("b", "pro.yearly", "2027-01-01T00:00:00Z");
        for order in [[&monthly, &yearly], [&yearly, &monthly]] {
            let set =
                catalog().entitlements(order, at("2026-01-15T00:00:00Z"), &AccessPolicy::new());
            let premium = set.get("premium").unwrap();
            assert_eq!(premium.product_id, "pro.yearly");
            assert_eq!(premium.until, Some(at("2027-01-01T00:00:00Z")));
            assert_eq!(set.active.len(), 1);
        }
    }

    #[test]
    fn an_expired_purchase_is_not_in_the_set() {
        let monthly = subscription("a", "pro.monthly", "2026-02-01T00:00:00Z");
        let set =
            catalog().entitlements([&monthly], at("2026-02-01T00:00:00Z"), &AccessPolicy::new());
        assert_eq!(set, Entitlements::default());
    }

    #[test]
    fn an_add_on_has_its_own_end() {
        let mut purchase = subscription("a", "pro.monthly", "2026-03-01T00:00:00Z");
        let mut add_on = PurchaseItem::new("news.addon".into());
        add_on.expires_at = Some(at("2026-02-01T00:00:00Z"));
        purchase.additional_items.push(add_on);
        let set = |now| catalog().entitlements([&purchase], at(now), &AccessPolicy::new());
        assert!(set("2026-01-15T00:00:00Z").contains("news"));
        assert!(!set("2026-02-15T00:00:00Z").contains("news"));
        assert!(set("2026-02-15T00:00:00Z").contains("premium"));
    }

    #[test]
    fn a_paid_product_that_the_catalog_does_not_name_is_reported() {
        let purchase = subscription("a", "renamed", "2026-02-01T00:00:00Z");
        let set = catalog().entitlements(
            [&purchase],
            at("2026-01-15T00:00:00Z"),
            &AccessPolicy::new(),
        );
        assert!(set.active.is_empty());
        assert_eq!(set.unmapped_products, ["renamed"]);
    }

    #[test]
    fn a_purchase_of_which_the_catalog_names_a_part_is_not_reported() {
        let mut purchase = subscription("a", "generic.product", "2026-03-01T00:00:00Z");
        let mut item = PurchaseItem::new("news.addon".into());
        item.expires_at = purchase.expires_at;
        purchase.additional_items.push(item);
        let set = catalog().entitlements(
            [&purchase],
            at("2026-01-15T00:00:00Z"),
            &AccessPolicy::new(),
        );
        assert!(set.contains("news"));
        assert!(set.unmapped_products.is_empty());
    }

    #[test]
    fn of_two_snapshots_of_one_purchase_the_newer_one_counts() {
        let good = subscription("a", "pro.monthly", "2026-03-01T00:00:00Z");
        let mut refunded = good.clone();
        refunded.as_of = at("2026-01-10T00:00:00Z");
        refunded.revocation = Some(Revocation::new(
            None,
            RevocationReason::Refunded,
            RefundScope::Full,
        ));
        for order in [[&good, &refunded], [&refunded, &good]] {
            let set =
                catalog().entitlements(order, at("2026-01-15T00:00:00Z"), &AccessPolicy::new());
            assert_eq!(set, Entitlements::default());
        }
    }

    #[test]
    fn a_purchase_whose_place_another_one_took_no_longer_counts() {
        let old = subscription("a", "pro.monthly", "2026-03-01T00:00:00Z");
        let mut new = subscription("b", "news.addon", "2026-03-01T00:00:00Z");
        new.replaces = Some(old.key.clone());
        let set = |purchases: [&Purchase; 2]| {
            catalog().entitlements(purchases, at("2026-01-15T00:00:00Z"), &AccessPolicy::new())
        };
        assert!(set([&old, &new]).contains("news"));
        assert!(!set([&old, &new]).contains("premium"));
        // A replacement that was never paid takes no place.
        new.state = PurchaseState::Pending;
        assert!(set([&old, &new]).contains("premium"));
    }

    #[test]
    fn each_non_renewing_product_lasts_as_long_as_the_catalog_says() {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let catalog = Catalog::new()
            .with("premium", ["pass.3", "pass.12"])
            .with_duration(90 * DAY, ["pass.3"])
            .with_duration(365 * DAY, ["pass.12"]);
        let pass = |key, product| {
            let mut purchase = subscription(key, product, "2026-03-01T00:00:00Z");
            purchase.kind = ProductKind::NonRenewingSubscription;
            purchase.expires_at = None;
            purchase.purchased_at = Some(at("2026-01-01T00:00:00Z"));
            purchase
        };
        let until = |purchase: &Purchase| {
            let set =
                catalog.entitlements([purchase], at("2026-01-15T00:00:00Z"), &AccessPolicy::new());
            set.get("premium").unwrap().until
        };
        assert_eq!(
            until(&pass("a", "pass.3")),
            Some(at("2026-04-01T00:00:00Z"))
        );
        assert_eq!(
            until(&pass("b", "pass.12")),
            Some(at("2027-01-01T00:00:00Z"))
        );
    }

    #[test]
    fn each_of_several_products_lasts_as_long_as_the_catalog_says_of_it() {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let catalog = Catalog::new()
            .with("premium", ["pass.3"])
            .with("news", ["news.addon"])
            .with("maps", ["maps.addon"])
            .with_duration(90 * DAY, ["pass.3"])
            .with_duration(DAY, ["news.addon"]);
        let mut purchase = subscription("a", "pass.3", "2026-03-01T00:00:00Z");
        purchase.kind = ProductKind::NonRenewingSubscription;
        purchase.expires_at = None;
        purchase.purchased_at = Some(at("2026-01-01T00:00:00Z"));
        for product in ["news.addon", "maps.addon"] {
            purchase
                .additional_items
                .push(PurchaseItem::new(product.into()));
        }
        let policy = AccessPolicy::new().non_renewing_duration(10 * DAY);
        let set = catalog.entitlements([&purchase], at("2026-01-01T12:00:00Z"), &policy);
        let until = |key| set.get(key).unwrap().until.unwrap();
        assert_eq!(until("premium"), at("2026-04-01T00:00:00Z"));
        assert_eq!(until("news"), at("2026-01-02T00:00:00Z"));
        assert_eq!(
            until("maps"),
            at("2026-01-11T00:00:00Z"),
            "the policy's own"
        );
        let policy = AccessPolicy::new();
        let set = catalog.entitlements([&purchase], at("2026-01-01T12:00:00Z"), &policy);
        assert!(!set.contains("maps"), "nothing says how long");
    }

    #[test]
    fn a_consumable_is_no_standing_entitlement() {
        let mut coins = subscription("a", "pro.monthly", "2026-02-01T00:00:00Z");
        coins.kind = ProductKind::Consumable;
        let set =
            catalog().entitlements([&coins], at("2026-01-15T00:00:00Z"), &AccessPolicy::new());
        assert_eq!(set, Entitlements::default());
    }
}
