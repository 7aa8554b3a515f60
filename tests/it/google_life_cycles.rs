//! Life cycles that others recorded with test cards: every step, as notification and state, gives the
//! event, the access and the entitlements that Google's rules say.
//!
//! The rules are those of `google/subscription-semantics.md`. The expected values were written down
//! from them, not from what the library answers.

use std::{collections::HashMap, time::Duration};

use iap_core::{
    Access, AccessPolicy, Acknowledgement, AutoRenew, Catalog, Entitlements, Environment,
    EventKind, PlanId, Purchase, PurchaseKey, StoreEvent, Timestamp,
};
use iap_google::{NotificationReader, PulledMessage, SubscriptionPurchaseV2};
use serde_json::Value;

use crate::spec;

/// One step of a recorded life cycle: a notification, and the state that Google then answered with.
struct Step {
    name: String,
    event: StoreEvent,
    purchase: Purchase,
}

/// A step as a backend reads it: the notification first, and then the state of the purchase that it
/// names.
fn read_step(name: &str, notification: &Value, state: &Value) -> Step {
    let reader = NotificationReader::new(["network.loki.messenger"]).expect("a reader");
    let message = PulledMessage::new(name, notification.to_string());
    let event = reader.read(&message).expect("a notification").to_event();
    let Some(PurchaseKey::GooglePurchaseToken(token)) = &event.key else {
        panic!("{name}: no token");
    };
    let app = event.app_id.as_ref().expect("an app");
    let state: SubscriptionPurchaseV2 = serde_json::from_value(state.clone()).expect("a state");
    let purchase = state.to_purchase(app, token, event.occurred_at);
    Step {
        name: name.to_owned(),
        purchase: purchase.expect("a purchase"),
        event,
    }
}

/// The steps of a scenario, in order.
fn steps(scenario: &str) -> Vec<Step> {
    let steps: Vec<Value> = serde_json::from_str(&spec::google_example(scenario)).expect("a list");
    let read = |step: &Value| {
        let name = step["step"].as_str().expect("a name");
        read_step(name, &step["rtdn"], &step["state"])
    };
    steps.iter().map(read).collect()
}

/// All are purchases with test cards.
fn policy() -> AccessPolicy {
    AccessPolicy::new().environments([Environment::Sandbox])
}

/// What a backend stores: the newest snapshot of each purchase.
#[derive(Default)]
struct Records(HashMap<PurchaseKey, Purchase>);

impl Records {
    fn apply(&mut self, purchase: &Purchase) {
        let stored = self.0.entry(purchase.key.clone());
        let stored = stored.or_insert_with(|| purchase.clone());
        if purchase.supersedes(stored) {
            *stored = purchase.clone();
        }
    }

    fn entitlements(&self, now: Timestamp, policy: &AccessPolicy) -> Entitlements {
        let catalog = Catalog::new().with("pro", ["session_pro"]);
        catalog.entitlements(self.0.values(), now, policy)
    }
}

/// An access in a line: why, and until when or at all.
fn shown(access: Access) -> String {
    match access {
        Access::Granted { until, reason, .. } => {
            let until = until.expect("a subscription has an end");
            format!("{reason:?} until {until}")
        }
        Access::Denied { reason, .. } => format!("{reason:?}"),
    }
}

/// The entitlements in a line: the number of the purchase that gives the only one there is, why, and
/// until when.
fn shown_set(entitlements: &Entitlements, keys: &[PurchaseKey]) -> String {
    assert!(entitlements.unmapped_products.is_empty());
    match entitlements.active.as_slice() {
        [] => "nothing".to_owned(),
        [one] => {
            assert_eq!(
                (one.key.as_str(), one.product_id.as_str()),
                ("pro", "session_pro")
            );
            let key = keys.iter().position(|key| *key == one.purchase_key);
            let until = one.until.expect("a subscription has an end");
            format!(
                "{} {:?} until {until}",
                key.expect("a known purchase"),
                one.reason
            )
        }
        more => panic!("one entitlement, not {more:?}"),
    }
}

/// The purchases in the order in which they were made.
fn keys(steps: &[Step]) -> Vec<PurchaseKey> {
    let mut keys = Vec::new();
    for step in steps {
        if !keys.contains(&step.purchase.key) {
            keys.push(step.purchase.key.clone());
        }
    }
    keys
}

type Row = (&'static str, EventKind, &'static str, &'static str);

/// Each step: its name, the event, the access of its purchase, and the entitlements afterwards.
#[rustfmt::skip]
const SCENARIOS: [(&str, &[Row]); 8] = [
    ("scenario_01_refund.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-06T04:03:10.613Z", "0 Active until 2025-10-06T04:03:10.613Z"),
        ("cancel", EventKind::Canceled, "Active until 2025-10-06T04:03:10.613Z", "0 Active until 2025-10-06T04:03:10.613Z"),
        ("uncancel", EventKind::AutoRenewEnabled, "Active until 2025-10-06T04:03:10.613Z", "0 Active until 2025-10-06T04:03:10.613Z"),
        ("refund", EventKind::Revoked, "Expired", "nothing"),
    ]),
    ("scenario_02_grace_then_renew_then_cancel.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-10T00:47:48.269Z", "0 Active until 2025-10-10T00:47:48.269Z"),
        ("grace", EventKind::InGracePeriod, "InGracePeriod until 2025-10-10T00:52:48.269Z", "0 InGracePeriod until 2025-10-10T00:52:48.269Z"),
        ("renew_after_grace", EventKind::Renewed, "Active until 2025-10-10T00:52:48.269Z", "0 Active until 2025-10-10T00:52:48.269Z"),
        ("cancel", EventKind::Canceled, "Active until 2025-10-10T00:52:48.269Z", "0 Active until 2025-10-10T00:52:48.269Z"),
        ("expire", EventKind::Expired, "Expired", "nothing"),
    ]),
    ("scenario_03_renewals_cancel_resubscribe_hold_fail.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-09T23:59:18.613Z", "0 Active until 2025-10-09T23:59:18.613Z"),
        ("renew_1", EventKind::Renewed, "Active until 2025-10-10T00:04:18.613Z", "0 Active until 2025-10-10T00:04:18.613Z"),
        ("renew_2", EventKind::Renewed, "Active until 2025-10-10T00:09:18.613Z", "0 Active until 2025-10-10T00:09:18.613Z"),
        ("cancel", EventKind::Canceled, "Active until 2025-10-10T00:09:18.613Z", "0 Active until 2025-10-10T00:09:18.613Z"),
        ("expire", EventKind::Expired, "Expired", "nothing"),
        ("resubscribe", EventKind::Subscribed, "Active until 2025-10-10T00:17:29.313Z", "1 Active until 2025-10-10T00:17:29.313Z"),
        ("grace", EventKind::InGracePeriod, "InGracePeriod until 2025-10-10T00:22:29.313Z", "1 InGracePeriod until 2025-10-10T00:22:29.313Z"),
        ("hold", EventKind::OnHold, "OnHold", "nothing"),
        ("fail_after_hold_a", EventKind::Canceled, "Expired", "nothing"),
        ("fail_after_hold_b", EventKind::Expired, "Expired", "nothing"),
    ]),
    ("scenario_04_cancel_in_grace.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-10T01:06:10.406Z", "0 Active until 2025-10-10T01:06:10.406Z"),
        ("grace", EventKind::InGracePeriod, "InGracePeriod until 2025-10-10T01:11:10.406Z", "0 InGracePeriod until 2025-10-10T01:11:10.406Z"),
        ("cancel_after_grace_a", EventKind::Canceled, "Expired", "nothing"),
        ("cancel_after_grace_b", EventKind::Expired, "Expired", "nothing"),
    ]),
    ("scenario_05_cancel_on_hold.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-10T01:14:21.418Z", "0 Active until 2025-10-10T01:14:21.418Z"),
        ("grace", EventKind::InGracePeriod, "InGracePeriod until 2025-10-10T01:19:21.418Z", "0 InGracePeriod until 2025-10-10T01:19:21.418Z"),
        ("hold", EventKind::OnHold, "OnHold", "nothing"),
        ("cancel_after_hold_a", EventKind::Canceled, "Expired", "nothing"),
        ("cancel_after_hold_b", EventKind::Expired, "Expired", "nothing"),
    ]),
    ("scenario_07_plan_change.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-10T02:56:03.854Z", "0 Active until 2025-10-10T02:56:03.854Z"),
        ("change_plan_a", EventKind::Subscribed, "Active until 2025-10-10T02:56:07.125Z", "1 Active until 2025-10-10T02:56:07.125Z"),
        ("change_plan_b", EventKind::Expired, "Replaced", "1 Active until 2025-10-10T02:56:07.125Z"),
        ("renew", EventKind::Renewed, "Active until 2025-10-10T03:06:07.125Z", "1 Active until 2025-10-10T03:06:07.125Z"),
    ]),
    ("scenario_08_plan_change_then_grace.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-10T03:12:38.652Z", "0 Active until 2025-10-10T03:12:38.652Z"),
        ("change_plan_a", EventKind::Subscribed, "Active until 2025-10-10T03:12:41.697Z", "1 Active until 2025-10-10T03:12:41.697Z"),
        ("change_plan_b", EventKind::Expired, "Replaced", "1 Active until 2025-10-10T03:12:41.697Z"),
        ("grace", EventKind::InGracePeriod, "InGracePeriod until 2025-10-10T03:17:41.697Z", "1 InGracePeriod until 2025-10-10T03:17:41.697Z"),
        ("renew", EventKind::Renewed, "Active until 2025-10-10T03:22:41.697Z", "1 Active until 2025-10-10T03:22:41.697Z"),
    ]),
    ("scenario_11_revoke.json", &[
        ("purchase", EventKind::Subscribed, "Active until 2025-10-10T04:15:58.601Z", "0 Active until 2025-10-10T04:15:58.601Z"),
        ("refund_a", EventKind::Revoked, "Expired", "nothing"),
        ("refund_b", EventKind::Expired, "Expired", "nothing"),
    ]),
];

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn every_step_of_every_recorded_life_cycle_gives_the_event_and_access_that_google_s_rules_say() {
    for name in spec::google_examples() {
        if name.starts_with("scenario_") {
            assert!(SCENARIOS.iter().any(|row| row.0 == name), "{name} is new");
        }
    }
    for (scenario, expected) in SCENARIOS {
        let steps = steps(scenario);
        let keys = keys(&steps);
        let mut records = Records::default();
        let mut found = Vec::new();
        for step in &steps {
            let now = step.event.occurred_at;
            assert_eq!(step.event.key.as_ref(), Some(&step.purchase.key));
            records.apply(&step.purchase);
            found.push((
                step.name.as_str(),
                step.event.kind,
                shown(step.purchase.access_at(now, &policy())),
                shown_set(&records.entitlements(now, &policy()), &keys),
            ));
            // Nobody is a customer by what a tester bought.
            let production = AccessPolicy::new();
            assert!(!step.purchase.access_at(now, &production).is_granted());
            assert_eq!(
                records.entitlements(now, &production),
                Entitlements::default()
            );
        }
        let found: Vec<_> = found
            .iter()
            .map(|(name, kind, access, set)| (*name, *kind, access.as_str(), set.as_str()))
            .collect();
        assert_eq!(found, expected, "{scenario}");
    }
}

/// The pairs of notification and state that stand alone: the event, and the access.
#[rustfmt::skip]
const PAIRS: [(&str, EventKind, &str); 20] = [
    ("sub_00_purchased_unacked", EventKind::Subscribed, "Active until 2025-10-06T04:03:10.613Z"),
    ("sub_01_canceled_by_user", EventKind::Canceled, "Active until 2025-10-06T04:03:10.613Z"),
    ("sub_02_restarted", EventKind::AutoRenewEnabled, "Active until 2025-10-06T04:03:10.613Z"),
    ("sub_03_revoked_while_unacked", EventKind::Revoked, "Expired"),
    ("sub_05_in_grace_period", EventKind::InGracePeriod, "InGracePeriod until 2025-10-10T00:52:48.269Z"),
    ("sub_06_renewed_after_grace", EventKind::Renewed, "Active until 2025-10-10T00:52:48.269Z"),
    ("sub_08_expired_after_user_cancel", EventKind::Expired, "Expired"),
    ("sub_10_renewed_first", EventKind::Renewed, "Active until 2025-10-10T00:04:18.613Z"),
    ("sub_14_resubscribed_new_token", EventKind::Subscribed, "Active until 2025-10-10T00:17:29.313Z"),
    ("sub_16_on_hold", EventKind::OnHold, "OnHold"),
    ("sub_17_canceled_after_hold", EventKind::Canceled, "Expired"),
    ("sub_18_expired_after_hold", EventKind::Expired, "Expired"),
    ("sub_21_canceled_during_grace", EventKind::Canceled, "Expired"),
    ("sub_22_expired_after_cancel_in_grace", EventKind::Expired, "Expired"),
    ("sub_31_recovered_from_hold", EventKind::Recovered, "Active until 2025-10-10T02:48:00.760Z"),
    ("sub_33_plan_change_new_token", EventKind::Subscribed, "Active until 2025-10-10T02:56:07.125Z"),
    ("sub_34_plan_change_old_token_expired", EventKind::Expired, "Replaced"),
    ("sub_35_renewed_with_linked_token", EventKind::Renewed, "Active until 2025-10-10T03:06:07.125Z"),
    ("sub_54_revoked_by_refund", EventKind::Revoked, "Expired"),
    ("sub_55_expired_after_revoke", EventKind::Expired, "Expired"),
];

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn every_recorded_pair_of_notification_and_state_gives_the_event_and_access_of_google_s_rules() {
    let names = spec::google_examples();
    let of_a_pair = names
        .iter()
        .filter_map(|name| name.strip_suffix(".rtdn.json"));
    assert!(of_a_pair.eq(PAIRS.iter().map(|row| row.0)), "one is new");
    for (name, kind, access) in PAIRS {
        let json = |part: &str| -> Value {
            let text = spec::google_example(&format!("{name}.{part}.json"));
            serde_json::from_str(&text).expect("JSON")
        };
        let step = read_step(name, &json("rtdn"), &json("state"));
        let now = step.event.occurred_at;
        let found = shown(step.purchase.access_at(now, &policy()));
        assert_eq!((step.event.kind, found.as_str()), (kind, access), "{name}");
    }
}

/// The new purchase and the end of the old one are reported in any order.
#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_plan_change_that_is_heard_of_by_the_end_of_the_old_plan_first_comes_to_the_same() {
    for (scenario, expected) in SCENARIOS {
        if !scenario.contains("plan_change") {
            continue;
        }
        let mut steps = steps(scenario);
        let keys = keys(&steps);
        steps.swap(1, 2);
        let mut records = Records::default();
        let mut now = Timestamp::UNIX_EPOCH;
        let sets: Vec<_> = steps
            .iter()
            .map(|step| {
                now = now.max(step.event.occurred_at);
                records.apply(&step.purchase);
                shown_set(&records.entitlements(now, &policy()), &keys)
            })
            .collect();
        // For the moment between both, nothing is known of the new one.
        assert_eq!(sets[1], "nothing", "{scenario}");
        assert_eq!(sets[0], expected[0].3, "{scenario}");
        let as_expected = expected[2..].iter().map(|row| row.3);
        assert!(sets[2..].iter().eq(as_expected), "{scenario}: {sets:?}");
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_subscription_that_ended_on_hold_gave_no_access_although_its_end_is_later() {
    for scenario in [
        "scenario_03_renewals_cancel_resubscribe_hold_fail.json",
        "scenario_05_cancel_on_hold.json",
    ] {
        let steps = steps(scenario);
        let hold = steps.iter().find(|step| step.name == "hold").unwrap();
        let ended = steps.last().unwrap();
        let during_hold = hold
            .event
            .occurred_at
            .saturating_add(Duration::from_secs(60));
        assert!(
            ended.purchase.expires_at.unwrap() > during_hold,
            "{scenario}"
        );
        assert!(
            !ended
                .purchase
                .access_at(during_hold, &policy())
                .is_granted(),
            "{scenario}"
        );
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_plan_change_is_a_new_purchase_of_another_plan_and_its_link_stays() {
    let plan = |step: &Step| step.purchase.subscription.as_ref().unwrap().plan_id.clone();
    for (scenario, _) in SCENARIOS {
        if !scenario.contains("plan_change") {
            continue;
        }
        let steps = steps(scenario);
        let keys = keys(&steps);
        assert_eq!(keys.len(), 2, "{scenario}");
        for step in &steps {
            let is_old = step.purchase.key == keys[0];
            let expected = if is_old {
                (None, PlanId::new("session-pro-1-month"))
            } else {
                (Some(&keys[0]), PlanId::new("session-pro-3-months"))
            };
            let found = (step.purchase.replaces.as_ref(), plan(step).expect("a plan"));
            assert_eq!(found, expected, "{scenario} {}", step.name);
            let is_end_of_the_old_one = step.name == "change_plan_b";
            assert_eq!(
                step.purchase.is_replaced, is_end_of_the_old_one,
                "{scenario}"
            );
        }
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_recorded_purchase_shows_what_is_still_to_be_done() {
    let steps = steps("scenario_01_refund.json");
    let bought = &steps[0].purchase;
    assert_eq!(bought.acknowledgement, Acknowledgement::Pending);
    assert!(bought.acknowledge_by.unwrap() > steps[0].event.occurred_at);
    assert!(bought.is_test && bought.account_id.is_some());
    let renews = |step: &Step| step.purchase.subscription.as_ref().unwrap().auto_renew;
    assert_eq!(
        steps.iter().map(renews).collect::<Vec<_>>(),
        [AutoRenew::On, AutoRenew::Off, AutoRenew::On, AutoRenew::Off,]
    );
    assert_eq!(
        steps[3].purchase.acknowledgement,
        Acknowledgement::NotRequired
    );
}
