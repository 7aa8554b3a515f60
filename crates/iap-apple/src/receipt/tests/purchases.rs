//! What does a receipt prove in the words that all stores share, and what gives access?

use std::{collections::BTreeMap, time::Duration};

use iap_core::{
    Access, AccessPolicy, DenialReason, FamilySharing, GrantReason, OfferKind, OfferPayment,
    Ownership, ProductId, ProductKind, Purchase, PurchaseKey, RefundScope, Rejection, Revocation,
    RevocationReason, Store, SubscriptionState, Timestamp,
};

use super::{
    der::{ia5, integer, set, utf8},
    maker::{BUNDLE_ID, CREATED, NOW, Receipt, VERIFIER, attribute, attributes, builder, with},
};
use crate::{Environment, ReceiptError, StructureProblem};

/// An in-app purchase by its attributes; the values are encoded.
#[derive(Clone)]
struct Entry(BTreeMap<i64, Vec<u8>>);

impl Entry {
    /// A product that was bought once, of whatever kind.
    fn product(product_id: &str, id: &str) -> Self {
        Self(BTreeMap::from([
            (1701, integer(1)),
            (1702, utf8(product_id)),
            (1703, utf8(id)),
            (1704, ia5("2026-04-02T03:04:05Z")),
            (1705, utf8(id)),
            (1706, ia5("2026-04-02T03:04:05Z")),
            (1708, ia5("")),
            (1711, integer(0)),
            (1712, ia5("")),
            (1713, integer(0)),
            (1719, integer(0)),
        ]))
    }

    /// A period of the subscription `1000`, which ends after [`NOW`].
    fn period(id: &str, purchase_date: &str) -> Self {
        Self::product("pro.monthly", id)
            .with(1704, ia5(purchase_date))
            .with(1705, utf8("1000"))
            .with(1708, ia5("2026-06-02T00:00:00Z"))
            .with(1711, integer(430_000_748_682_428))
    }

    fn with(mut self, attribute_type: i64, value: Vec<u8>) -> Self {
        self.0.insert(attribute_type, value);
        self
    }

    fn without(mut self, attribute_type: i64) -> Self {
        self.0.remove(&attribute_type);
        self
    }

    fn cancelled(self, at: &str) -> Self {
        self.with(1712, ia5(at))
    }
}

fn receipt_of(entries: &[Entry]) -> Receipt {
    let mut content = attributes();
    content.retain(|it| !it.windows(3).any(|bytes| bytes == [2, 1, 17]));
    content.extend(entries.iter().map(|entry| {
        let attributes: Vec<_> = entry
            .0
            .iter()
            .map(|(kind, it)| attribute(*kind, it))
            .collect();
        attribute(17, &set(&attributes))
    }));
    Receipt::of(set(&content))
}

fn convert(
    entries: &[Entry],
    kind_of: impl Fn(&ProductId) -> Option<ProductKind>,
) -> Result<Vec<Purchase>, ReceiptError> {
    let receipt = VERIFIER.verify(&receipt_of(entries).base64()).unwrap();
    assert_eq!(receipt.in_app.len(), entries.len());
    receipt.to_purchases(kind_of)
}

/// The only purchase of these entries.
fn purchase(entries: &[Entry], kind: Option<ProductKind>) -> Purchase {
    let mut purchases = convert(entries, |_| kind.clone()).unwrap();
    assert_eq!(purchases.len(), 1);
    purchases.remove(0)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn access(purchase: &Purchase) -> Access {
    purchase.access_at(time(NOW), &AccessPolicy::new())
}

fn denial(purchase: &Purchase) -> DenialReason {
    match access(purchase) {
        Access::Denied { reason, .. } => reason,
        access => panic!("{access:?}"),
    }
}

/// What `kind_of` may say.
fn kinds() -> [Option<ProductKind>; 6] {
    [
        None,
        Some(ProductKind::AutoRenewableSubscription),
        Some(ProductKind::Consumable),
        Some(ProductKind::NonConsumable),
        Some(ProductKind::NonRenewingSubscription),
        Some(ProductKind::Unknown("NEW".to_owned())),
    ]
}

#[test]
fn a_cancelled_purchase_never_gives_access() {
    let policy = AccessPolicy::new().non_renewing_duration(Duration::from_secs(365 * 86_400));
    for kind in kinds() {
        for entry in [
            Entry::product("pro.lifetime", "1"),
            Entry::period("1", "2026-05-01T00:00:00Z"),
        ] {
            let cancelled = entry.cancelled("2026-04-20T00:00:00Z");
            let purchase = purchase(&[cancelled], kind.clone());
            for at in ["2026-04-03T00:00:00Z", CREATED, NOW, "2126-01-01T00:00:00Z"] {
                assert!(!purchase.access_at(time(at), &policy).is_granted());
            }
            assert_eq!(denial(&purchase), DenialReason::Revoked);
            assert_eq!(
                purchase.revocation,
                Some(Revocation::new(
                    Some(time("2026-04-20T00:00:00Z")),
                    RevocationReason::Refunded,
                    RefundScope::Unspecified,
                ))
            );
        }
    }
}

#[test]
fn a_subscription_gives_access_until_its_end_and_no_moment_longer() {
    let purchase = purchase(&[Entry::period("1", "2026-05-01T00:00:00Z")], None);
    let policy = AccessPolicy::new();
    let end = time("2026-06-02T00:00:00Z");
    let before = end.saturating_sub(Duration::from_millis(1));
    assert!(purchase.access_at(before, &policy).is_granted());
    assert!(!purchase.access_at(end, &policy).is_granted());
}

#[test]
fn a_subscription_that_had_ended_when_the_receipt_was_made_is_expired_whatever_the_clock_says() {
    for end in ["2026-04-30T00:00:00Z", CREATED] {
        let ended = Entry::period("1", "2026-04-01T00:00:00Z").with(1708, ia5(end));
        let purchase = purchase(&[ended], None);
        let state = &purchase.subscription.as_ref().unwrap().state;
        assert_eq!(*state, SubscriptionState::Expired);
        let earlier = time("2026-04-02T00:00:00Z");
        assert!(
            !purchase
                .access_at(earlier, &AccessPolicy::new())
                .is_granted()
        );
    }
}

#[test]
fn a_product_whose_kind_nobody_states_gives_no_access() {
    let purchase = purchase(&[Entry::product("pro.lifetime", "1")], None);
    assert_eq!(purchase.kind, ProductKind::Unknown("missing".to_owned()));
    assert_eq!(denial(&purchase), DenialReason::UnknownProductKind);
}

#[test]
fn what_carries_a_mark_of_a_subscription_is_one_whatever_the_caller_says() {
    let product = || Entry::product("pro.monthly", "1");
    for (marked, expected) in [
        (
            product().with(1708, ia5("2026-05-20T00:00:00Z")),
            DenialReason::Expired,
        ),
        (
            product().with(1711, integer(430_000_748_682_428)),
            DenialReason::NoExpiry,
        ),
        (product().with(1713, integer(1)), DenialReason::NoExpiry),
        (product().with(1719, integer(1)), DenialReason::NoExpiry),
    ] {
        for kind in kinds() {
            let purchase = purchase(core::slice::from_ref(&marked), kind);
            assert_eq!(purchase.kind, ProductKind::AutoRenewableSubscription);
            assert_eq!(denial(&purchase), expected);
        }
    }
}

#[test]
fn one_marked_period_makes_all_of_its_purchase_a_subscription() {
    let unmarked = Entry::product("pro.lifetime", "2").with(1705, utf8("1000"));
    let entries = [unmarked, Entry::period("1", "2026-01-01T00:00:00Z")];
    let purchase = purchase(&entries, Some(ProductKind::NonConsumable));
    assert_eq!(purchase.transaction_id.as_ref().unwrap(), "2");
    assert_eq!(denial(&purchase), DenialReason::NoExpiry);
}

#[test]
fn a_subscription_without_an_end_gives_no_access() {
    let kind = Some(ProductKind::AutoRenewableSubscription);
    let purchase = purchase(&[Entry::product("pro.monthly", "1")], kind);
    assert_eq!(denial(&purchase), DenialReason::NoExpiry);
}

#[test]
fn a_pass_gives_access_only_for_the_time_that_the_policy_knows() {
    let kind = Some(ProductKind::NonRenewingSubscription);
    let purchase = purchase(&[Entry::product("pass", "1")], kind);
    assert_eq!(denial(&purchase), DenialReason::NoExpiry);
    let days = |days: u64| {
        let duration = Duration::from_secs(days * 86_400);
        let policy = AccessPolicy::new().non_renewing_duration(duration);
        purchase.access_at(time(NOW), &policy).is_granted()
    };
    assert_eq!((days(30), days(90)), (false, true));
}

#[test]
fn a_refund_of_the_latest_period_is_not_undone_by_an_earlier_one() {
    let entries = [
        Entry::period("1", "2026-03-01T00:00:00Z"),
        Entry::period("2", "2026-05-01T00:00:00Z").cancelled("2026-05-01T09:00:00Z"),
    ];
    for entries in orders(&entries) {
        let purchase = purchase(&entries, None);
        assert_eq!(purchase.transaction_id.as_ref().unwrap(), "2");
        assert_eq!(denial(&purchase), DenialReason::Revoked);
    }
}

#[test]
fn a_long_period_that_ended_by_an_upgrade_does_not_outlive_the_one_that_came_after() {
    let yearly = Entry::period("1", "2026-03-01T00:00:00Z")
        .with(1702, utf8("basic.yearly"))
        .with(1708, ia5("2027-03-01T00:00:00Z"))
        .cancelled("2026-04-01T00:00:00Z");
    let monthly =
        Entry::period("2", "2026-04-01T00:00:00Z").with(1708, ia5("2026-05-01T00:00:00Z"));
    for entries in orders(&[yearly, monthly]) {
        let purchase = purchase(&entries, None);
        assert_eq!(purchase.product_id, "pro.monthly");
        assert_eq!(purchase.revocation, None);
        assert_eq!(denial(&purchase), DenialReason::Expired);
    }
}

#[test]
fn of_two_entries_bought_at_one_moment_the_one_that_gives_less_counts() {
    let period = |id| Entry::period(id, "2026-05-01T00:00:00Z");
    for (less, expected) in [
        (
            period("2").cancelled("2026-05-01T09:00:00Z"),
            DenialReason::Revoked,
        ),
        (
            period("2").with(1708, ia5("2026-05-20T00:00:00Z")),
            DenialReason::Expired,
        ),
        (period("2").without(1708), DenialReason::NoExpiry),
    ] {
        for entries in orders(&[period("1"), less]) {
            assert_eq!(denial(&purchase(&entries, None)), expected);
        }
    }
}

#[test]
fn a_restore_does_not_bring_back_a_product_that_was_refunded() {
    let bought = Entry::product("pro.lifetime", "1");
    let restored = |id| {
        Entry::product("pro.lifetime", id)
            .with(1704, ia5("2026-04-20T00:00:00Z"))
            .with(1705, utf8("1"))
    };
    let entries = [
        bought.cancelled("2026-04-10T00:00:00Z"),
        restored("2").cancelled("2026-04-12T00:00:00Z"),
        restored("3"),
    ];
    for entries in orders(&entries) {
        let purchase = purchase(&entries, Some(ProductKind::NonConsumable));
        assert_eq!(denial(&purchase), DenialReason::Revoked);
        let cancelled_at = purchase.revocation.unwrap().at;
        assert_eq!(cancelled_at, Some(time("2026-04-10T00:00:00Z")));
    }
}

#[test]
fn a_receipt_does_not_pass_by_a_policy_against_family_sharing() {
    let purchase = purchase(&[Entry::period("1", "2026-05-01T00:00:00Z")], None);
    assert_eq!(purchase.ownership, Ownership::NotStated);
    assert!(access(&purchase).is_granted());
    let policy = AccessPolicy::new().family_sharing(FamilySharing::Deny);
    assert!(!purchase.access_at(time(NOW), &policy).is_granted());
}

#[test]
fn a_sandbox_receipt_gives_no_access_unless_the_policy_allows_it() {
    let sandbox = attribute(0, &utf8("ProductionSandbox"));
    let receipt = Receipt::of(with(0, Some(sandbox)));
    let verifier = builder().environment(Environment::Sandbox).build().unwrap();
    let verified = verifier.verify(&receipt.base64()).unwrap();
    let purchases = verified.to_purchases(|_| None).unwrap();
    assert!(purchases[0].is_test);
    let at = time("2026-05-20T00:00:00Z");
    let is_granted = |policy: AccessPolicy| purchases[0].access_at(at, &policy).is_granted();
    assert!(!is_granted(AccessPolicy::new()));
    assert!(is_granted(
        AccessPolicy::new().environments([Environment::Sandbox])
    ));
}

#[test]
fn an_entry_without_product_key_or_date_is_an_error_with_its_place() {
    for attribute_type in [1702, 1704, 1705] {
        for incomplete in [
            Entry::product("pro.lifetime", "2").without(attribute_type),
            Entry::product("pro.lifetime", "2").with(
                attribute_type,
                match attribute_type {
                    1704 => ia5(""),
                    _ => utf8(""),
                },
            ),
        ] {
            let entries = [Entry::product("coins", "1"), incomplete];
            let error = convert(&entries, |_| Some(ProductKind::NonConsumable)).unwrap_err();
            assert_eq!(
                error,
                ReceiptError::Structure {
                    place: format!("attribute 17[1].{attribute_type}"),
                    problem: StructureProblem::Missing,
                }
            );
            assert_eq!(error.rejection(), Some(Rejection::Malformed));
        }
    }
}

#[test]
fn the_latest_period_is_given_in_whatever_order_the_periods_are_stored() {
    let entries = [
        Entry::period("1", "2026-03-01T00:00:00Z")
            .with(1708, ia5("2026-04-01T00:00:00Z"))
            .cancelled("2026-03-05T00:00:00Z"),
        Entry::period("2", "2026-04-01T00:00:00Z").with(1708, ia5("2026-05-01T00:00:00Z")),
        Entry::period("3", "2026-05-01T00:00:00Z").with(1702, utf8("pro.yearly")),
    ];
    for entries in orders(&entries) {
        let purchase = purchase(&entries, None);
        assert_eq!(purchase.store, Store::AppStore);
        assert_eq!(purchase.environment, Environment::Production);
        assert!(!purchase.is_test);
        assert_eq!(purchase.app_id.as_ref().unwrap(), BUNDLE_ID);
        assert_eq!(purchase.key, PurchaseKey::apple("1000"));
        assert_eq!(purchase.transaction_id.as_ref().unwrap(), "3");
        assert_eq!(purchase.product_id, "pro.yearly");
        assert_eq!(purchase.kind, ProductKind::AutoRenewableSubscription);
        assert_eq!(purchase.quantity, 1);
        assert_eq!(purchase.account_id, None);
        assert_eq!(purchase.purchased_at, Some(time("2026-05-01T00:00:00Z")));
        let first = Some(time("2026-04-02T03:04:05Z"));
        assert_eq!(purchase.originally_purchased_at, first);
        let end = time("2026-06-02T00:00:00Z");
        assert_eq!(purchase.expires_at, Some(end));
        assert_eq!(purchase.revocation, None);
        assert_eq!(purchase.as_of, time(CREATED));
        match access(&purchase) {
            Access::Granted { until, reason, .. } => {
                assert_eq!((until, reason), (Some(end), GrantReason::Active));
            }
            access => panic!("{access:?}"),
        }
    }
}

#[test]
fn each_purchase_is_given_once_in_stored_order_with_the_kind_that_the_caller_states() {
    let entries = [
        Entry::product("coins", "30").with(1701, integer(5)),
        Entry::period("10", "2026-04-01T00:00:00Z"),
        Entry::product("pro.lifetime", "20"),
        Entry::period("11", "2026-05-01T00:00:00Z"),
        Entry::product("coins", "31"),
    ];
    let purchases = convert(&entries, |product_id| match product_id.as_str() {
        "coins" => Some(ProductKind::Consumable),
        "pro.lifetime" => Some(ProductKind::NonConsumable),
        other => panic!("{other} says itself what it is"),
    })
    .unwrap();
    let summary: Vec<_> = purchases
        .iter()
        .map(|it| (it.key.as_str(), it.kind.clone(), it.quantity))
        .collect();
    assert_eq!(
        summary,
        [
            ("30", ProductKind::Consumable, 5),
            ("1000", ProductKind::AutoRenewableSubscription, 1),
            ("20", ProductKind::NonConsumable, 1),
            ("31", ProductKind::Consumable, 1),
        ]
    );
    assert!(purchases.iter().all(|it| access(it).is_granted()));
    assert_eq!(convert(&[], |_| None).unwrap(), []);
}

#[test]
fn a_quantity_that_cannot_be_is_one() {
    for quantity in [integer(-1), integer(i64::MAX)] {
        let entry = Entry::product("coins", "1").with(1701, quantity);
        assert_eq!(purchase(&[entry], None).quantity, 1);
    }
    let entry = Entry::product("coins", "1").without(1701);
    assert_eq!(purchase(&[entry], None).quantity, 1);
}

#[test]
fn a_trial_and_an_introductory_price_are_introductory_offers_of_that_period_only() {
    let offer = |trial: i64, intro: i64| {
        let earlier = Entry::period("1", "2026-04-01T00:00:00Z")
            .with(1713, integer(1))
            .with(1719, integer(1));
        let period = Entry::period("2", "2026-05-01T00:00:00Z")
            .with(1713, integer(trial))
            .with(1719, integer(intro));
        let subscription = purchase(&[earlier, period], None).subscription.unwrap();
        subscription.offer.map(|offer| (offer.kind, offer.payment))
    };
    let trial = Some((OfferKind::Introductory, Some(OfferPayment::FreeTrial)));
    assert_eq!(offer(0, 0), None);
    assert_eq!(offer(1, 0), trial);
    assert_eq!(offer(1, 1), trial);
    assert_eq!(offer(0, 1), Some((OfferKind::Introductory, None)));
}

/// The entries in every order: two or three of them.
fn orders(entries: &[Entry]) -> Vec<Vec<Entry>> {
    let mut orders = Vec::new();
    for first in 0..entries.len() {
        let mut rest = entries.to_vec();
        let entry = rest.remove(first);
        let tails = match rest.len() {
            0 => vec![vec![]],
            _ => self::orders(&rest),
        };
        for tail in tails {
            orders.push([vec![entry.clone()], tail].concat());
        }
    }
    orders
}
