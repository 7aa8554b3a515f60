//! Every row of the access table: state × clock × revoked × environment × ownership × missing expiry.

use core::time::Duration;

use super::*;
use crate::access_policy::{DEFAULT_RECHECK_INTERVAL, DEFAULT_RENEWAL_LEEWAY};
use crate::{Environment, PurchaseKey, RefundScope, RevocationReason, Store};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn end() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn before() -> Timestamp {
    end().saturating_sub(HOUR)
}

fn after() -> Timestamp {
    end().saturating_add(HOUR)
}

/// A paid production subscription that ends at [`end`], seen a month before.
fn subscription(state: SubscriptionState) -> Purchase {
    let mut purchase = one_time(ProductKind::AutoRenewableSubscription);
    purchase.expires_at = Some(end());
    purchase.subscription = Some(Subscription::new(state));
    purchase
}

fn one_time(kind: ProductKind) -> Purchase {
    let bought = "2026-11-01T00:00:00Z".parse().unwrap();
    let mut purchase = Purchase::new(
        Store::AppStore,
        Environment::Production,
        PurchaseKey::apple("2000000001"),
        "product".into(),
        kind,
        bought,
    );
    purchase.purchased_at = Some(bought);
    purchase
}

fn granted(until: Timestamp, reason: GrantReason) -> Access {
    Access::Granted {
        until: Some(until),
        reason,
    }
}

fn decide(purchase: &Purchase, now: Timestamp) -> Access {
    purchase.access_at(now, &AccessPolicy::new())
}

#[test]
fn every_subscription_state_before_and_after_the_end_with_and_without_one() {
    use DenialReason::{Expired, NoExpiry, OnHold, Paused, Revoked, UnknownState};
    use SubscriptionState as State;

    let active = granted(end(), GrantReason::Active);
    let grace = granted(end(), GrantReason::InGracePeriod);
    let until_canceled = |purchase: &Purchase| {
        granted(
            purchase.as_of.saturating_add(DEFAULT_RECHECK_INTERVAL),
            GrantReason::ActiveUntilCanceled,
        )
    };
    let unknown = || State::Unknown("SUBSCRIPTION_STATE_NEW".to_owned());

    #[rustfmt::skip]
    let table = [
        // state                  before the end    at the end           without an end date
        (State::Active,           active,           denied(Expired),      denied(NoExpiry)),
        (State::InGracePeriod,    grace,            denied(Expired),      denied(NoExpiry)),
        // Seen before the end, which contradicts the state: it does not profit.
        (State::RenewalOverdue,   active,           denied(Expired),      denied(NoExpiry)),
        (State::Expired,          denied(Expired),  denied(Expired),      denied(Expired)),
        (State::OnHold,           denied(OnHold),   denied(OnHold),       denied(OnHold)),
        (State::Paused,           denied(Paused),   denied(Paused),       denied(Paused)),
(State::Revoked, denied(Revoked), denied(Revoked), denied(Revoked)),
        (unknown(),               denied(UnknownState), denied(UnknownState), denied(UnknownState)),
    ];
    for (state, before_end, at_end, without_end) in table {
        let mut purchase = subscription(state.clone());
        assert_eq!(decide(&purchase, before()), before_end, "{state:?} before");
        assert_eq!(decide(&purchase, end()), at_end, "{state:?} at the end");
        assert_eq!(decide(&purchase, after()), at_end, "{state:?} after");
        purchase.expires_at = None;
        for now in [before(), after()] {
            assert_eq!(decide(&purchase, now), without_end, "{state:?} without end");
        }
    }

    let purchase = subscription(State::ActiveUntilCanceled);
    let shortly_after = purchase.as_of.saturating_add(HOUR);
    assert_eq!(decide(&purchase, shortly_after), until_canceled(&purchase));
    assert_eq!(
        decide(&purchase, after()),
        denied(Expired),
        "an old snapshot proves nothing"
    );
}

#[test]
fn a_subscription_kind_without_a_subscription_part_is_denied() {
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.subscription = None;
    assert_eq!(
        decide(&purchase, before()),
        denied(DenialReason::UnknownState)
    );
}

#[test]
fn every_kind_of_one_time_product() {
    let forever = Access::Granted {
        until: None,
        reason: GrantReason::Purchased,
    };
    let unknown = ProductKind::Unknown("Rental".to_owned());
    let table = [
        (ProductKind::Consumable, forever),
        (ProductKind::NonConsumable, forever),
        (
            ProductKind::NonRenewingSubscription,
            denied(DenialReason::NoExpiry),
        ),
        (unknown, denied(DenialReason::UnknownProductKind)),
    ];
    for (kind, expected) in table {
        assert_eq!(
            decide(&one_time(kind.clone()), after()),
            expected,
            "{kind:?}"
        );
    }
}

#[test]
fn a_consumed_item_gives_nothing_any_more() {
    let mut purchase = one_time(ProductKind::Consumable);
    purchase.consumption = Consumption::NotConsumed;
    assert!(decide(&purchase, after()).is_granted());
    purchase.consumption = Consumption::Consumed;
    assert_eq!(decide(&purchase, after()), denied(DenialReason::Consumed));
}

#[test]
fn a_one_time_product_ends_when_the_store_said_it_would() {
    for kind in [
        ProductKind::Consumable,
        ProductKind::NonConsumable,
        ProductKind::OneTime,
    ] {
        let mut purchase = one_time(kind);
        purchase.expires_at = Some(end());
        let until_end = granted(end(), GrantReason::Purchased);
        assert_eq!(decide(&purchase, before()), until_end);
        for now in [end(), after()] {
            assert_eq!(decide(&purchase, now), denied(DenialReason::Expired));
        }
        purchase.consumption = Consumption::Consumed;
        assert_eq!(decide(&purchase, before()), denied(DenialReason::Consumed));
    }
}

#[test]
fn each_item_of_a_purchase_is_used_up_by_itself() {
    let mut coins = one_time(ProductKind::OneTime);
    coins.consumption = Consumption::Consumed;
    let mut map = PurchaseItem::new("map".into());
    map.consumption = Consumption::NotConsumed;
    let decide_item = |item: &PurchaseItem, purchase: &Purchase| {
        purchase.item_access_at(item, after(), &AccessPolicy::new())
    };
    assert_eq!(decide(&coins, after()), denied(DenialReason::Consumed));
    assert!(decide_item(&map, &coins).is_granted());
    map.consumption = Consumption::Consumed;
    coins.consumption = Consumption::NotConsumed;
    assert!(decide(&coins, after()).is_granted());
    assert_eq!(decide_item(&map, &coins), denied(DenialReason::Consumed));
}

#[test]
fn a_non_renewing_subscription_lasts_as_long_as_the_policy_says() {
    let purchase = one_time(ProductKind::NonRenewingSubscription);
    let policy = AccessPolicy::new().non_renewing_duration(30 * 24 * HOUR);
    assert_eq!(
        purchase.access_at(before(), &policy),
        granted(end(), GrantReason::Active)
    );
    assert_eq!(
        purchase.access_at(end(), &policy),
        denied(DenialReason::Expired)
    );

    let mut undated = purchase;
    undated.purchased_at = None;
    assert_eq!(
        undated.access_at(before(), &policy),
        denied(DenialReason::NoExpiry)
    );
}

/// A paid, running purchase of every kind.
fn good_purchases() -> Vec<Purchase> {
    let states = [SubscriptionState::Active, SubscriptionState::InGracePeriod];
    let kinds = [
        ProductKind::Consumable,
        ProductKind::NonConsumable,
        ProductKind::OneTime,
    ];
    let subscriptions = states.into_iter().map(subscription);
    let mut purchases: Vec<_> = subscriptions
        .chain(kinds.into_iter().map(one_time))
        .collect();
    let mut non_renewing = one_time(ProductKind::NonRenewingSubscription);
    non_renewing.expires_at = Some(end());
    purchases.push(non_renewing);
    let mut until_canceled = subscription(SubscriptionState::ActiveUntilCanceled);
    until_canceled.as_of = before();
    purchases.push(until_canceled);
    purchases
}

type Spoil = Box<dyn Fn(&mut Purchase)>;

#[test]
fn one_thing_wrong_denies_every_kind_of_good_purchase() {
    let revocation = |at| {
        Some(Revocation::new(
            at,
            RevocationReason::Refunded,
            RefundScope::Full,
        ))
    };
    let unknown = || "NEW".to_owned();

    #[rustfmt::skip]
    let table: Vec<(DenialReason, Spoil)> = vec![
        (DenialReason::EnvironmentNotAllowed, Box::new(|p| p.environment = Environment::Sandbox)),
        (DenialReason::EnvironmentNotAllowed, Box::new(|p| p.environment = Environment::Xcode)),
        (DenialReason::EnvironmentNotAllowed, Box::new(|p| p.environment = Environment::LocalTesting)),
        (DenialReason::EnvironmentNotAllowed, Box::new(|p| p.is_test = true)),
        (DenialReason::Pending,          Box::new(|p| p.state = PurchaseState::Pending)),
        (DenialReason::Canceled,         Box::new(|p| p.state = PurchaseState::Canceled)),
        (DenialReason::UnknownState,     Box::new(move |p| p.state = PurchaseState::Unknown(unknown()))),
        (DenialReason::Revoked,          Box::new(move |p| p.revocation = revocation(Some(before())))),
        (DenialReason::Revoked,          Box::new(move |p| p.revocation = revocation(Some(after())))),
        (DenialReason::Revoked,          Box::new(move |p| p.revocation = revocation(None))),
        (DenialReason::Replaced,         Box::new(|p| p.is_replaced = true)),
        (DenialReason::UnknownOwnership, Box::new(move |p| p.ownership = Ownership::Unknown(unknown()))),
    ];
    for good in good_purchases() {
        assert!(decide(&good, before()).is_granted(), "{good:?}");
        for (reason, spoil) in &table {
            let mut bad = good.clone();
            spoil(&mut bad);
            assert_eq!(decide(&bad, before()), denied(*reason), "{bad:?}");
        }
    }
}

#[test]
fn each_environment_needs_the_policy_s_permission() {
    use Environment::{LocalTesting, Production, Sandbox, Xcode};
    for good in good_purchases() {
        for made_in in [Production, Sandbox, Xcode, LocalTesting] {
            for allowed in [Production, Sandbox, Xcode, LocalTesting] {
                let mut purchase = good.clone();
                purchase.environment = made_in;
                purchase.is_test = made_in != Production;
                let policy = AccessPolicy::new().environments([allowed]);
                let is_granted = purchase.access_at(before(), &policy).is_granted();
                assert_eq!(is_granted, made_in == allowed, "{made_in} under {allowed}");
            }
        }
    }
}

#[test]
fn a_test_purchase_in_production_counts_as_sandbox() {
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.is_test = true;
    let policy = AccessPolicy::new().environments([Environment::Production, Environment::Sandbox]);
    assert!(purchase.access_at(before(), &policy).is_granted());
}

#[test]
fn family_sharing_gives_access_unless_the_policy_denies_it() {
    for mut purchase in good_purchases() {
        purchase.ownership = Ownership::FamilyShared;
        assert!(decide(&purchase, before()).is_granted());
        let policy = AccessPolicy::new().family_sharing(FamilySharing::Deny);
        assert_eq!(
            purchase.access_at(before(), &policy),
            denied(DenialReason::FamilySharingNotAllowed)
        );
        purchase.ownership = Ownership::Purchased;
        assert!(purchase.access_at(before(), &policy).is_granted());
    }
}

#[test]
fn a_purchase_that_may_be_shared_is_denied_where_a_shared_one_is() {
    for mut purchase in good_purchases() {
        purchase.ownership = Ownership::NotStated;
        assert!(decide(&purchase, before()).is_granted());
        let policy = AccessPolicy::new().family_sharing(FamilySharing::Deny);
        assert_eq!(
            purchase.access_at(before(), &policy),
            denied(DenialReason::UnknownOwnership)
        );
    }
}

#[test]
fn a_grace_period_lasts_beyond_the_paid_period_and_never_less() {
    let mut purchase = subscription(SubscriptionState::InGracePeriod);
    let grace_end = end().saturating_add(16 * 24 * HOUR);
    purchase.subscription.as_mut().unwrap().grace_expires_at = Some(grace_end);
    assert_eq!(
        decide(&purchase, after()),
        granted(grace_end, GrantReason::InGracePeriod)
    );
    assert_eq!(decide(&purchase, grace_end), denied(DenialReason::Expired));

    purchase.subscription.as_mut().unwrap().grace_expires_at = Some(before());
    assert_eq!(
        decide(&purchase, before()),
        granted(end(), GrantReason::InGracePeriod)
    );

    purchase.subscription.as_mut().unwrap().grace_expires_at = Some(grace_end);
    purchase.expires_at = None;
    assert_eq!(
        decide(&purchase, before()),
        denied(DenialReason::NoExpiry),
        "nothing was paid"
    );
}

#[test]
fn an_item_has_its_own_end_and_profits_from_grace_only_if_it_ended_with_the_rest() {
    let mut purchase = subscription(SubscriptionState::InGracePeriod);
    let grace_end = end().saturating_add(16 * 24 * HOUR);
    purchase.subscription.as_mut().unwrap().grace_expires_at = Some(grace_end);
    let item_access = |expires_at, now| {
        let mut item = PurchaseItem::new("add-on".into());
        item.expires_at = expires_at;
        purchase.item_access_at(&item, now, &AccessPolicy::new())
    };
    assert_eq!(
        item_access(Some(end()), after()),
        granted(grace_end, GrantReason::InGracePeriod)
    );
    assert_eq!(
        item_access(Some(before()), after()),
        denied(DenialReason::Expired)
    );
    assert_eq!(
        item_access(None, before()),
        denied(DenialReason::NoExpiry),
        "not owned yet"
    );
}

#[test]
fn a_removed_item_does_not_profit_from_a_late_renewal_of_the_rest() {
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.subscription.as_mut().unwrap().auto_renew = AutoRenew::On;
    purchase.as_of = after();
    let mut item = PurchaseItem::new("add-on".into());
    item.expires_at = Some(end());
    let access = |item: &PurchaseItem| purchase.item_access_at(item, after(), &AccessPolicy::new());
    assert_eq!(access(&item), denied(DenialReason::Expired));
    item.auto_renew = AutoRenew::On;
    assert!(access(&item).is_granted());
}

#[test]
fn a_restored_pass_does_not_start_anew() {
    let policy = AccessPolicy::new().non_renewing_duration(30 * 24 * HOUR);
    let mut pass = one_time(ProductKind::NonRenewingSubscription);
    pass.purchased_at = Some(end());
    pass.originally_purchased_at = Some("2026-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        pass.access_at(after(), &policy),
        denied(DenialReason::Expired)
    );
    // A placeholder from Xcode says nothing.
    pass.originally_purchased_at = Some(Timestamp::from_millis(-62_135_769_600_000));
    assert!(pass.access_at(after(), &policy).is_granted());
}

#[test]
fn a_late_renewal_is_tolerated_only_if_the_store_still_vouched_after_the_end() {
    for state in [SubscriptionState::Active, SubscriptionState::InGracePeriod] {
        late_renewal(subscription(state));
    }
}

#[test]
fn an_overdue_renewal_is_tolerated_for_the_leeway_whatever_is_known_of_auto_renewal() {
    let mut purchase = subscription(SubscriptionState::RenewalOverdue);
    purchase.as_of = end();
    let limit = end().saturating_add(DEFAULT_RENEWAL_LEEWAY);
    for auto_renew in [AutoRenew::On, AutoRenew::Off, AutoRenew::Unknown] {
        purchase.subscription.as_mut().unwrap().auto_renew = auto_renew;
        for now in [end(), after()] {
            assert_eq!(
                decide(&purchase, now),
                granted(limit, GrantReason::RenewalOverdue)
            );
        }
        assert_eq!(decide(&purchase, limit), denied(DenialReason::Expired));
        let strict = AccessPolicy::new().renewal_leeway(Duration::ZERO);
        assert_eq!(
            purchase.access_at(end(), &strict),
            denied(DenialReason::Expired)
        );
    }
    // The end it was overdue since is not an end of every item.
    let mut item = PurchaseItem::new("add-on".into());
    item.expires_at = Some(before());
    assert_eq!(
        purchase.item_access_at(&item, after(), &AccessPolicy::new()),
        denied(DenialReason::Expired)
    );
    // Overdue since when?
    purchase.expires_at = None;
    assert_eq!(decide(&purchase, end()), denied(DenialReason::NoExpiry));
}

fn late_renewal(mut purchase: Purchase) {
    purchase.subscription.as_mut().unwrap().auto_renew = AutoRenew::On;
    assert_eq!(
        decide(&purchase, after()),
        denied(DenialReason::Expired),
        "seen before the end"
    );

    purchase.as_of = end();
    let limit = end().saturating_add(DEFAULT_RENEWAL_LEEWAY);
    assert_eq!(
        decide(&purchase, after()),
        granted(limit, GrantReason::RenewalOverdue)
    );
    assert_eq!(decide(&purchase, limit), denied(DenialReason::Expired));
    let strict = AccessPolicy::new().renewal_leeway(Duration::ZERO);
    assert_eq!(
        purchase.access_at(after(), &strict),
        denied(DenialReason::Expired)
    );

    for auto_renew in [AutoRenew::Off, AutoRenew::Unknown] {
        purchase.subscription.as_mut().unwrap().auto_renew = auto_renew;
        assert_eq!(
            decide(&purchase, after()),
            denied(DenialReason::Expired),
            "{auto_renew:?}"
        );
    }
}

#[test]
fn the_decision_reads_well_as_json() {
    let json = |access: Access| serde_json::to_string(&access).unwrap();
    assert_eq!(
        json(decide(&subscription(SubscriptionState::Active), before())),
        r#"{"decision":"granted","until":"2026-12-01T00:00:00.000Z","reason":"active"}"#
    );
    assert_eq!(
        json(denied(DenialReason::OnHold)),
        r#"{"decision":"denied","reason":"on_hold"}"#
    );
}

#[test]
fn a_purchase_can_be_stored_and_read_back() {
    for purchase in good_purchases() {
        let json = serde_json::to_value(&purchase).unwrap();
        assert_eq!(
            serde_json::from_value::<Purchase>(json.clone()).unwrap(),
            purchase
        );
        // As an earlier version stored it.
        let mut older = json;
        older.as_object_mut().unwrap().remove("add_on_to");
        if let Some(part) = older["subscription"].as_object_mut() {
            part.remove("plan_id");
            part.remove("next_product_at");
        }
        assert_eq!(serde_json::from_value::<Purchase>(older).unwrap(), purchase);
    }
}

#[test]
fn each_product_of_a_purchase_is_judged_by_its_own_dates() {
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.product_id = "basic".into();
    let mut longer = PurchaseItem::new("news".into());
    longer.expires_at = Some(end().saturating_add(24 * HOUR));
    let not_paid_yet = PurchaseItem::new("pro".into());
    purchase.additional_items = vec![longer, not_paid_yet];
    let access = |product_id: &str, now| {
        let product_id = product_id.into();
        purchase.access_to(&product_id, now, &AccessPolicy::new())
    };
    assert!(access("basic", before()).is_granted());
    assert_eq!(access("basic", after()), denied(DenialReason::Expired));
    assert!(access("news", after()).is_granted());
    assert_eq!(access("pro", before()), denied(DenialReason::NoExpiry));
    for product_id in ["max", ""] {
        let none = access(product_id, before());
        assert_eq!(none, denied(DenialReason::NotIncluded), "{product_id}");
        assert!(!purchase.includes(&product_id.into()));
    }
    for product_id in ["basic", "news", "pro"] {
        assert!(purchase.includes(&product_id.into()), "{product_id}");
    }
}

#[test]
fn of_a_product_that_was_bought_twice_what_still_runs_counts() {
    let mut purchase = subscription(SubscriptionState::Active);
    let mut again = PurchaseItem::new(purchase.product_id.clone());
    again.expires_at = Some(end().saturating_add(24 * HOUR));
    purchase.additional_items = vec![again];
    let access = |now| purchase.access_to(&purchase.product_id, now, &AccessPolicy::new());
    assert!(access(before()).is_granted());
    assert!(access(after()).is_granted());
    let over = end().saturating_add(24 * HOUR);
    assert_eq!(access(over), denied(DenialReason::Expired));
}
