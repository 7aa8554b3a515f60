//! Which purchases are asked about again, and when; and what an answer without data leaves.

use super::*;
use crate::{AccessPolicy, Environment, Ownership, PurchaseItem, PurchaseKey, Store};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When the store answered.
fn answered() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn later(duration: Duration) -> Timestamp {
    answered().saturating_add(duration)
}

fn earlier(duration: Duration) -> Timestamp {
    answered().saturating_sub(duration)
}

fn one_time(kind: ProductKind) -> Purchase {
    Purchase::new(
        Store::AmazonAppstore,
        Environment::Production,
        PurchaseKey::amazon("receipt"),
        "product".into(),
        kind,
        answered(),
    )
}

fn subscription(state: SubscriptionState) -> Purchase {
    let mut purchase = one_time(ProductKind::AutoRenewableSubscription);
    purchase.subscription = Some(Subscription::new(state));
    purchase
}

fn part(purchase: &mut Purchase) -> &mut Subscription {
    purchase.subscription.as_mut().unwrap()
}

/// The plan at the time of the answer.
fn plan(purchase: &Purchase) -> Option<Timestamp> {
    purchase.next_check_at(answered(), &AccessPolicy::new())
}

#[test]
fn the_first_date_that_the_store_has_not_spoken_about_is_the_next_check() {
    type Set = fn(&mut Purchase, Timestamp);
    let dates: [(&str, Set); 6] = [
        ("end", |purchase, at| {
            purchase.expires_at = Some(at);
        }),
        ("renewal", |purchase, at| {
            part(purchase).renews_at = Some(at);
        }),
        ("grace", |purchase, at| {
            part(purchase).grace_expires_at = Some(at);
        }),
        ("pause", |purchase, at| {
            part(purchase).resumes_at = Some(at);
        }),
        ("change", |purchase, at| {
            part(purchase).next_product_at = Some(at);
        }),
        ("item", |purchase, at| {
            let mut item = PurchaseItem::new("add-on".into());
            item.expires_at = Some(at);
            purchase.additional_items.push(item);
        }),
    ];
    for (what, set) in dates {
        for (at, planned) in [
            (later(HOUR), later(HOUR)),
            // Long before the date there may be a refund.
            (later(30 * DAY), later(DAY)),
            // The answer was given at or after the date.
            (answered(), later(DAY)),
            (earlier(MINUTE), later(DAY)),
        ] {
            let mut purchase = subscription(SubscriptionState::Active);
            set(&mut purchase, at);
            assert_eq!(plan(&purchase), Some(planned), "{what} at {at}");
        }
    }
}

#[test]
fn a_check_that_is_due_is_due_now_and_not_in_the_past() {
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.expires_at = Some(later(HOUR));
    let policy = AccessPolicy::new();
    for now in [later(HOUR), later(30 * DAY)] {
        assert_eq!(purchase.next_check_at(now, &policy), Some(now));
    }
    let before = later(HOUR - MINUTE);
    assert_eq!(purchase.next_check_at(before, &policy), Some(later(HOUR)));
}

#[test]
fn every_state_of_a_subscription() {
    use SubscriptionState as State;
    let unknown = || State::Unknown("NEW".to_owned());
    let table = [
        (State::Active, Some(DAY)),
        (State::ActiveUntilCanceled, Some(DAY)),
        (State::InGracePeriod, Some(DAY)),
        (State::OnHold, Some(DAY)),
        (State::Paused, Some(DAY)),
        (unknown(), Some(DAY)),
        (State::Expired, None),
        (State::Revoked, None),
    ];
    for (state, wait) in table {
        let purchase = subscription(state.clone());
        assert_eq!(plan(&purchase), wait.map(later), "{state:?}");
    }
}

#[test]
fn a_subscription_without_an_end_is_asked_about_while_access_still_lasts() {
    let purchase = subscription(SubscriptionState::ActiveUntilCanceled);
    for policy in [
        AccessPolicy::new(),
        AccessPolicy::new().recheck_interval(HOUR),
    ] {
        let next = purchase.next_check_at(answered(), &policy).unwrap();
        assert!(purchase.access_at(next, &policy).is_granted());
    }
    // Even a policy that believes nothing does not make polling a loop.
    let policy = AccessPolicy::new().recheck_interval(Duration::ZERO);
    let next = purchase.next_check_at(answered(), &policy);
    assert_eq!(next, Some(later(MINUTE)));
}

#[test]
fn an_overdue_renewal_is_asked_about_every_hour_until_its_leeway_is_over() {
    for (state, auto_renew, overdue) in [
        (SubscriptionState::RenewalOverdue, AutoRenew::Off, HOUR),
        (SubscriptionState::Active, AutoRenew::On, HOUR),
        (SubscriptionState::Active, AutoRenew::Unknown, DAY),
    ] {
        for (end, wait) in [
            (answered(), overdue),
            (earlier(2 * DAY - MINUTE), overdue),
            (earlier(2 * DAY), DAY),
        ] {
            let mut purchase = subscription(state.clone());
            purchase.expires_at = Some(end);
            part(&mut purchase).auto_renew = auto_renew;
            assert_eq!(plan(&purchase), Some(later(wait)), "{state:?} since {end}");
        }
    }
}

#[test]
fn why_a_subscription_ended_is_asked_until_it_is_known_or_nobody_cares() {
    let mut purchase = subscription(SubscriptionState::Expired);
    part(&mut purchase).expiration_reason = Some(ExpirationReason::NotKnownYet);
    for (end, planned) in [
        (Some(earlier(HOUR)), Some(later(DAY))),
        (Some(earlier(30 * DAY)), None),
        (None, Some(later(DAY))),
    ] {
        purchase.expires_at = end;
        assert_eq!(plan(&purchase), planned, "{end:?}");
    }
    for reason in [None, Some(ExpirationReason::Other)] {
        part(&mut purchase).expiration_reason = reason;
        assert_eq!(plan(&purchase), None);
    }
}

#[test]
fn every_kind_of_one_time_product() {
    use ProductKind as Kind;
    let unknown = Kind::Unknown("RENTAL".to_owned());
    for (kind, wait) in [
        (Kind::Consumable, None),
        (Kind::NonConsumable, Some(DAY)),
        (Kind::OneTime, Some(DAY)),
        (Kind::NonRenewingSubscription, Some(DAY)),
        (Kind::AutoRenewableSubscription, Some(DAY)),
        (unknown, Some(DAY)),
    ] {
        let mut purchase = one_time(kind.clone());
        assert_eq!(plan(&purchase), wait.map(later), "{kind:?}");
        if matches!(
            kind,
            Kind::NonConsumable | Kind::OneTime | Kind::NonRenewingSubscription
        ) {
            purchase.expires_at = Some(later(HOUR));
            assert_eq!(plan(&purchase), Some(later(HOUR)), "{kind:?}");
            purchase.expires_at = Some(answered());
            assert_eq!(plan(&purchase), None, "{kind:?} is over");
        }
    }
    let mut used_up = one_time(ProductKind::OneTime);
    used_up.consumption = Consumption::Consumed;
    assert_eq!(plan(&used_up), None);

    // A pass whose length only the policy knows.
    let mut pass = one_time(ProductKind::NonRenewingSubscription);
    pass.purchased_at = Some(earlier(2 * DAY));
    for (length, planned) in [(3 * DAY, Some(later(DAY))), (2 * DAY, None)] {
        let policy = AccessPolicy::new().non_renewing_duration(length);
        assert_eq!(pass.next_check_at(answered(), &policy), planned);
    }
}

#[test]
fn what_is_pending_settles_soon_and_what_is_settled_stays_so() {
    type Change = fn(&mut Purchase);
    let table: [(Change, Option<Duration>); 7] = [
        (|it| it.state = PurchaseState::Pending, Some(HOUR)),
        (
            |it| it.state = PurchaseState::Unknown("NEW".to_owned()),
            Some(DAY),
        ),
        (|it| it.state = PurchaseState::Canceled, None),
        (|it| it.is_replaced = true, None),
        (|it| *it = it.no_longer_valid(it.as_of), None),
        // The policy gives no access, whatever the store will answer.
        (|it| it.is_test = true, None),
        (|it| it.environment = Environment::Sandbox, None),
    ];
    for purchase in [
        subscription(SubscriptionState::Active),
        one_time(ProductKind::NonConsumable),
    ] {
        for (number, (change, wait)) in table.iter().enumerate() {
            let mut changed = purchase.clone();
            change(&mut changed);
            assert_eq!(plan(&changed), wait.map(later), "row {number}");
        }
    }
    let mut pending = one_time(ProductKind::Consumable);
    pending.state = PurchaseState::Pending;
    assert_eq!(plan(&pending), Some(later(HOUR)));

    let mut shared = one_time(ProductKind::NonConsumable);
    shared.ownership = Ownership::FamilyShared;
    assert_eq!(plan(&shared), Some(later(DAY)));
}

#[test]
fn a_sandbox_subscription_is_asked_about_where_the_policy_allows_it() {
    let policy = AccessPolicy::new().environments([Environment::Sandbox]);
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.is_test = true;
    purchase.expires_at = Some(later(5 * MINUTE));
    let next = purchase.next_check_at(answered(), &policy);
    assert_eq!(next, Some(later(5 * MINUTE)));
}

#[test]
fn dates_at_the_end_of_time_do_not_wrap() {
    let mut purchase = subscription(SubscriptionState::Active);
    purchase.as_of = Timestamp::from_millis(i64::MAX);
    purchase.expires_at = Some(Timestamp::from_millis(i64::MIN));
    let policy = AccessPolicy::new().recheck_interval(Duration::MAX);
    let next = purchase.next_check_at(Timestamp::from_millis(i64::MIN), &policy);
    assert_eq!(next, Some(Timestamp::from_millis(i64::MAX)));
}

#[test]
fn what_the_store_no_longer_vouches_for_has_ended_and_is_not_forgotten() {
    let mut running = subscription(SubscriptionState::Active);
    running.expires_at = Some(later(30 * DAY));
    part(&mut running).auto_renew = AutoRenew::On;
    part(&mut running).renews_at = running.expires_at;
    for good in [
        running,
        subscription(SubscriptionState::ActiveUntilCanceled),
        one_time(ProductKind::NonConsumable),
        one_time(ProductKind::Consumable),
    ] {
        let policy = AccessPolicy::new();
        assert!(good.access_at(later(HOUR), &policy).is_granted());
        let ended = good.no_longer_valid(later(HOUR));
        assert!(!ended.access_at(later(HOUR), &policy).is_granted());
        assert!(ended.supersedes(&good));
        assert_eq!(ended.revocation.as_ref().unwrap().at, None);
        assert_eq!(ended.product_id, good.product_id);
        assert_eq!(ended.expires_at, good.expires_at);
        if let Some(part) = &ended.subscription {
            assert_eq!(part.state, SubscriptionState::Revoked);
            assert_eq!((part.auto_renew, part.renews_at), (AutoRenew::Off, None));
        }
        // The same answer again says nothing new.
        assert_eq!(ended.no_longer_valid(later(HOUR)), ended);
        assert_eq!(ended.next_check_at(later(HOUR), &policy), None);
    }
}

#[test]
fn a_subscription_that_was_over_when_the_store_forgot_it_has_expired() {
    for (state, end) in [
        (SubscriptionState::Active, later(HOUR)),
        (SubscriptionState::RenewalOverdue, answered()),
        (SubscriptionState::Expired, later(30 * DAY)),
    ] {
        let mut stored = subscription(state);
        stored.expires_at = Some(end);
        let ended = stored.no_longer_valid(later(HOUR));
        let state = &ended.subscription.as_ref().unwrap().state;
        assert_eq!(*state, SubscriptionState::Expired);
        assert_eq!(ended.revocation, None);
        let policy = AccessPolicy::new();
        assert!(!ended.access_at(answered(), &policy).is_granted());
    }
}

#[test]
fn a_refund_that_was_known_keeps_its_date_when_the_store_forgets_the_purchase() {
    let mut refunded = subscription(SubscriptionState::Revoked);
    refunded.expires_at = Some(earlier(DAY));
    refunded.revocation = Some(Revocation::new(
        Some(earlier(HOUR)),
        RevocationReason::Refunded,
        RefundScope::Full,
    ));
    let ended = refunded.no_longer_valid(later(HOUR));
    assert_eq!(ended.revocation, refunded.revocation);
    assert_eq!(
        ended.subscription.unwrap().state,
        SubscriptionState::Revoked
    );
}
