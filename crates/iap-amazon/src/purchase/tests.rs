//! The access table: every row before, at and after each of its dates, asked then and asked before.
//!
//! Rows 1 to 3 (statuses) are in `error/tests.rs`, row 5 (product) in `expected_product.rs`.

#[cfg(feature = "billing-compatibility")]
mod billing_compatibility;
mod members;

use core::time::Duration;

use iap_core::{Access, AccessPolicy, DenialReason, GrantReason};
use serde_json::{Value, json};

use super::*;

/// The dates of the tests, in milliseconds: days of November 2026.
const fn day(number: i64) -> i64 {
    number
        .saturating_mul(86_400_000)
        .saturating_add(1_793_491_200_000)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the caller sees: granted until when and why, or why not.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seen {
    Granted(GrantReason, Option<i64>),
    Denied(DenialReason),
}

use Seen::{Denied, Granted};

fn see(purchase: &Purchase, now: i64) -> Seen {
    match purchase.access_at(Timestamp::from_millis(now), &AccessPolicy::new()) {
        Access::Granted { until, reason, .. } => Granted(reason, until.map(Timestamp::as_millis)),
        Access::Denied { reason, .. } => Denied(reason),
    }
}

/// A receipt of `product_type` with `members` on top.
fn receipt(product_type: &str, members: &Value) -> Value {
    let mut receipt = json!({
        "receiptId": "receipt",
        "productId": "gold",
        "productType": product_type,
        "purchaseDate": day(1),
        "quantity": null,
        "betaProduct": false,
        "testTransaction": false,
    });
    let members = members.as_object().unwrap().clone();
    receipt.as_object_mut().unwrap().extend(members);
    receipt
}

/// The purchase if Amazon gives this answer at `as_of`.
fn answered(receipt: &Value, as_of: i64) -> Purchase {
    Answer::<Receipt>::from_stored_json(
        receipt.to_string().as_bytes(),
        Environment::Production,
        Timestamp::from_millis(as_of),
    )
    .unwrap()
    .to_purchase()
}

/// Asked at each of these times, access must be this.
fn check(receipt: &Value, table: &[(i64, Seen)]) {
    for (now, expected) in table {
        let purchase = answered(receipt, *now);
        assert_eq!(see(&purchase, *now), *expected, "at {now}: {receipt}");
    }
}

/// Asked on day 2 and judged at each of these times, access must be this.
fn check_later(receipt: &Value, table: &[(i64, Seen)]) {
    for (now, expected) in table {
        let purchase = answered(receipt, day(2));
        assert_eq!(
            see(&purchase, *now),
            *expected,
            "later, at {now}: {receipt}"
        );
    }
}

const ENDED: Seen = Denied(DenialReason::Expired);

fn active(until: i64) -> Seen {
    Granted(GrantReason::Active, Some(until))
}

fn in_grace(until: i64) -> Seen {
    Granted(GrantReason::InGracePeriod, Some(until))
}

fn overdue(until: i64) -> Seen {
    Granted(GrantReason::RenewalOverdue, Some(until))
}

#[test]
fn row_4_sandbox_and_test_purchases_need_the_policy_s_permission() {
    for (members, environment, is_test) in [
        (json!({}), Environment::Production, false),
        (
            json!({"testTransaction": true}),
            Environment::Production,
            true,
        ),
        (json!({"betaProduct": true}), Environment::Production, true),
        (json!({"testTransaction": null}), Environment::Sandbox, true),
        (
            json!({"testTransaction": false}),
            Environment::Sandbox,
            true,
        ),
    ] {
        for product_type in ["CONSUMABLE", "ENTITLED", "SUBSCRIPTION"] {
            let json = receipt(product_type, &members).to_string();
            let now = Timestamp::from_millis(day(2));
            let answer =
                Answer::<Receipt>::from_stored_json(json.as_bytes(), environment, now).unwrap();
            let purchase = answer.to_purchase();
            assert_eq!(purchase.is_test, is_test, "{json}");
            assert_eq!(purchase.environment, environment);
            let granted = |policy: &AccessPolicy| purchase.access_at(now, policy).is_granted();
            assert_eq!(granted(&AccessPolicy::new()), !is_test, "{json}");
            let staging = AccessPolicy::new().environments([Environment::Sandbox]);
            assert_eq!(granted(&staging), is_test, "{json}");
        }
    }
}

#[test]
fn rows_6_and_7_a_cancel_date_ends_access_when_it_comes_and_not_before() {
    let cancel = |members: Value| {
        let mut members = members;
        members["cancelDate"] = json!(day(10));
        members
    };
    for members in [
        json!({}),
        json!({"cancelReason": 0}),
        json!({"cancelReason": 1}),
        json!({"cancelReason": 2}),
        json!({"cancelReason": 99}),
        json!({"cancelReason": 1, "autoRenewing": true}),
        // Dates that would say otherwise, were it not canceled.
        json!({"cancelReason": 2, "autoRenewing": true, "renewalDate": day(20)}),
        json!({"gracePeriodEndDate": day(20), "freeTrialEndDate": day(20)}),
        json!({"renewalDate": day(5)}),
    ] {
        let receipt = receipt("SUBSCRIPTION", &cancel(members));
        check(
            &receipt,
            &[
                (day(9), active(day(10))),
                (day(10) - 1, active(day(10))),
                (day(10), ENDED),
                (day(10) + 1, ENDED),
                (day(100), ENDED),
            ],
        );
        check_later(
            &receipt,
            &[
                (day(10) - 1, active(day(10))),
                (day(10), ENDED),
                (day(11), ENDED),
            ],
        );
    }
    for product_type in ["CONSUMABLE", "ENTITLED"] {
        let receipt = receipt(product_type, &cancel(json!({"cancelReason": 1})));
        let until_then = Granted(GrantReason::Purchased, Some(day(10)));
        let revoked = Denied(DenialReason::Revoked);
        check(
            &receipt,
            &[
                (day(9), until_then),
                (day(10) - 1, until_then),
                (day(10), revoked),
                (day(10) + 1, revoked),
            ],
        );
        check_later(
            &receipt,
            &[
                (day(10) - 1, until_then),
                (day(10), ENDED),
                (day(11), ENDED),
            ],
        );
    }
}

#[test]
fn a_cancel_date_of_0_is_a_date() {
    let receipt = receipt("ENTITLED", &json!({"cancelDate": 0}));
    check(&receipt, &[(day(2), Denied(DenialReason::Revoked))]);
}

#[test]
fn rows_8_and_9_a_one_time_product_stays_bought() {
    for product_type in ["CONSUMABLE", "ENTITLED"] {
        // A reason without a date cancels nothing.
        for members in [json!({}), json!({"cancelDate": null, "cancelReason": 1})] {
            let receipt = receipt(product_type, &members);
            let forever = Granted(GrantReason::Purchased, None);
            check(&receipt, &[(day(1), forever), (day(10_000), forever)]);
            check_later(&receipt, &[(day(10_000), forever)]);
        }
    }
}

#[test]
fn row_10_within_the_grace_period_there_is_access() {
    // The renewal of day 10 failed.
    let failed = receipt(
        "SUBSCRIPTION",
        &json!({"renewalDate": day(10), "gracePeriodEndDate": day(15), "autoRenewing": true}),
    );
    check(
        &failed,
        &[
            (day(11), in_grace(day(15))),
            (day(15) - 1, in_grace(day(15))),
            // Asked at its end, with grace behind it: the renewal is overdue, too long by now.
            (day(15), ENDED),
            (day(15) + 1, ENDED),
        ],
    );
    // No renewal is planned any more.
    let given_up = receipt("SUBSCRIPTION", &json!({"gracePeriodEndDate": day(15)}));
    let until_canceled = |as_of| {
        Granted(
            GrantReason::ActiveUntilCanceled,
            Some(as_of + day(2) - day(0)),
        )
    };
    check(
        &given_up,
        &[
            (day(15) - 1, in_grace(day(15))),
            (day(15), until_canceled(day(15))),
            (day(16), until_canceled(day(16))),
        ],
    );
    check_later(
        &given_up,
        &[
            (day(15) - 1, in_grace(day(15))),
            (day(15), ENDED),
            (day(16), ENDED),
        ],
    );
    // Amazon leaves old dates.
    let stale = receipt(
        "SUBSCRIPTION",
        &json!({"renewalDate": day(10), "gracePeriodEndDate": day(-700)}),
    );
    check(&stale, &[(day(2), active(day(10)))]);
    let purchase = answered(&stale, day(2));
    let part = purchase.subscription.unwrap();
    assert_eq!(part.state, SubscriptionState::Active);
    assert_eq!(part.grace_expires_at, None);
}

#[test]
fn row_11_within_the_free_trial_there_is_access() {
    let trial = receipt(
        "SUBSCRIPTION",
        &json!({"renewalDate": day(10), "freeTrialEndDate": day(10), "autoRenewing": true}),
    );
    check(
        &trial,
        &[
            (day(2), active(day(10))),
            (day(10) - 1, active(day(10))),
            (day(10), overdue(day(12))),
        ],
    );
    check_later(&trial, &[(day(10) - 1, active(day(10))), (day(10), ENDED)]);
    assert!(is_free_trial(&answered(&trial, day(10) - 1)));
    assert!(!is_free_trial(&answered(&trial, day(10))));

    // Auto-renewal was switched off during the trial.
    let off = receipt("SUBSCRIPTION", &json!({"freeTrialEndDate": day(10)}));
    check(
        &off,
        &[
            (day(10) - 1, active(day(10))),
            (
                day(10),
                Granted(GrantReason::ActiveUntilCanceled, Some(day(12))),
            ),
        ],
    );
    check_later(&off, &[(day(10) - 1, active(day(10))), (day(10), ENDED)]);

    // Whichever comes first, the later one counts.
    for (renewal, trial_end) in [(day(8), day(10)), (day(10), day(8))] {
        let odd = receipt(
            "SUBSCRIPTION",
            &json!({"renewalDate": renewal, "freeTrialEndDate": trial_end}),
        );
        check(
            &odd,
            &[(day(2), active(day(10))), (day(9), active(day(10)))],
        );
    }
}

fn is_free_trial(purchase: &Purchase) -> bool {
    let offer = purchase.subscription.as_ref().unwrap().offer.as_ref();
    offer.is_some_and(Offer::is_free_trial)
}

#[test]
fn row_12_without_a_renewal_date_access_lasts_until_amazon_says_otherwise() {
    for members in [
        json!({}),
        json!({"renewalDate": null, "autoRenewing": false}),
        json!({"autoRenewing": true}),
        json!({"gracePeriodEndDate": day(-3), "freeTrialEndDate": day(-3)}),
    ] {
        let receipt = receipt("SUBSCRIPTION", &members);
        let until = |until| Granted(GrantReason::ActiveUntilCanceled, Some(until));
        check(
            &receipt,
            &[(day(2), until(day(4))), (day(500), until(day(502)))],
        );
        // An answer is believed for two days.
        check_later(
            &receipt,
            &[
                (day(4) - 1, until(day(4))),
                (day(4), ENDED),
                (day(5), ENDED),
            ],
        );
        assert_eq!(answered(&receipt, day(2)).expires_at, None);
    }
}

#[test]
fn rows_13_and_14_paid_until_the_renewal_and_then_overdue() {
    for members in [
        json!({"autoRenewing": true}),
        // Nothing else says so: 2014.
        json!({}),
        // Cloud Sandbox.
        json!({"autoRenewing": false}),
    ] {
        let mut members = members;
        members["renewalDate"] = json!(day(10));
        let receipt = receipt("SUBSCRIPTION", &members);
        check(
            &receipt,
            &[
                (day(2), active(day(10))),
                (day(10) - 1, active(day(10))),
                (day(10), overdue(day(12))),
                (day(10) + 1, overdue(day(12))),
                (day(12) - 1, overdue(day(12))),
                (day(12), ENDED),
                (day(100), ENDED),
            ],
        );
        // An answer from before the renewal says nothing about after it.
        check_later(
            &receipt,
            &[
                (day(10) - 1, active(day(10))),
                (day(10), ENDED),
                (day(11), ENDED),
            ],
        );
        let late = answered(&receipt, day(10));
        let part = late.subscription.as_ref().unwrap();
        assert_eq!(part.state, SubscriptionState::RenewalOverdue);
        assert_eq!(late.expires_at.unwrap().as_millis(), day(10), "since when");

        let now = Timestamp::from_millis(day(10));
        for (leeway, is_granted) in [(Duration::ZERO, false), (DAY, true)] {
            let policy = AccessPolicy::new().renewal_leeway(leeway);
            assert_eq!(late.access_at(now, &policy).is_granted(), is_granted);
        }
    }
}

#[test]
fn row_15_an_unknown_kind_of_product_gives_no_access() {
    for members in [json!({}), json!({"renewalDate": day(10)})] {
        let receipt = receipt("RENTAL", &members);
        check(
            &receipt,
            &[(day(2), Denied(DenialReason::UnknownProductKind))],
        );
        let purchase = answered(&receipt, day(2));
        assert_eq!(purchase.kind, ProductKind::Unknown("RENTAL".to_owned()));
    }
}
