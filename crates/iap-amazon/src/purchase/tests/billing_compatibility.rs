//! The same table for the two answers of Billing Compatibility.

use iap_core::PurchaseState;

use super::*;
use crate::model::{ProductPurchase, SubscriptionPurchase};

fn product(members: &Value) -> Value {
    let mut product = json!({
        "productId": "coins",
        "productType": "CONSUMABLE",
        "purchaseState": 0,
        "purchaseTimeMillis": day(1).to_string(),
        "purchaseToken": "token",
    });
    let members = members.as_object().unwrap().clone();
    product.as_object_mut().unwrap().extend(members);
    product
}

fn product_at(members: &Value, as_of: i64) -> Purchase {
    Answer::<ProductPurchase>::from_stored_json(
        product(members).to_string().as_bytes(),
        Environment::Production,
        Timestamp::from_millis(as_of),
    )
    .unwrap()
    .to_purchase()
}

/// A subscription with one line item; `item` and `members` on top.
fn subscription_at(members: &Value, item: &Value, as_of: i64) -> Purchase {
    let mut line_item = json!({"productId": "gold"});
    let item = item.as_object().unwrap().clone();
    line_item.as_object_mut().unwrap().extend(item);
    let mut subscription = json!({
        "receiptId": "token",
        "productType": "SUBSCRIPTION",
        "purchaseTimeMillis": day(1).to_string(),
        "lineItems": [line_item],
    });
    let members = members.as_object().unwrap().clone();
    subscription.as_object_mut().unwrap().extend(members);
    Answer::<SubscriptionPurchase>::from_stored_json(
        subscription.to_string().as_bytes(),
        Environment::Production,
        Timestamp::from_millis(as_of),
    )
    .unwrap()
    .to_purchase()
}

fn state(purchase: &Purchase) -> SubscriptionState {
    purchase.subscription.as_ref().unwrap().state.clone()
}

/// Paid until day 10.
fn until_10(auto_renew: Value) -> Value {
    json!({"expiryTime": day(10).to_string(), "autoRenewingPlan": {"autoRenewEnabled": auto_renew}})
}

#[test]
fn a_product_is_bought_unless_its_state_or_cancel_date_says_otherwise() {
    let forever = Granted(GrantReason::Purchased, None);
    for (members, expected) in [
        (json!({}), forever),
        (json!({"productType": "ENTITLED"}), forever),
        (json!({"purchaseState": 1}), Denied(DenialReason::Canceled)),
        (json!({"purchaseState": 2}), Denied(DenialReason::Pending)),
        (
            json!({"purchaseState": 7}),
            Denied(DenialReason::UnknownState),
        ),
        (
            json!({"testTransaction": true}),
            Denied(DenialReason::EnvironmentNotAllowed),
        ),
        (
            json!({"purchaseType": 0}),
            Denied(DenialReason::EnvironmentNotAllowed),
        ),
        (json!({"purchaseType": 1}), forever),
        (
            json!({"productType": "RENTAL"}),
            Denied(DenialReason::UnknownProductKind),
        ),
        // No dates here: ask the other endpoint.
        (
            json!({"productType": "SUBSCRIPTION"}),
            Denied(DenialReason::UnknownState),
        ),
    ] {
        let purchase = product_at(&members, day(2));
        assert_eq!(see(&purchase, day(2)), expected, "{members}");
        assert_eq!(purchase.key, PurchaseKey::amazon("token"));
    }
    for purchase_state in [0, 1] {
        let canceled = json!({"cancelDate": day(10), "purchaseState": purchase_state});
        let ahead = see(&product_at(&canceled, day(10) - 1), day(10) - 1);
        let over = product_at(&canceled, day(10));
        assert_eq!(see(&over, day(10)), Denied(DenialReason::Revoked));
        assert_eq!(
            over.state,
            PurchaseState::Purchased,
            "the cancel date counts first"
        );
        assert_eq!(
            ahead,
            match purchase_state {
                0 => Granted(GrantReason::Purchased, Some(day(10))),
                _ => Denied(DenialReason::Canceled),
            }
        );
    }
}

#[test]
fn a_product_s_answer_stands_in_the_purchase() {
    let purchase = product_at(&json!({"quantity": 2}), day(2));
    let bought = Some(Timestamp::from_millis(day(1)));
    assert_eq!(purchase.product_id, "coins");
    assert_eq!(purchase.kind, ProductKind::Consumable);
    assert_eq!(
        (purchase.purchased_at, purchase.originally_purchased_at),
        (bought, bought)
    );
    assert_eq!((purchase.quantity, purchase.user_id), (2, None));
}

#[test]
fn rows_6_and_7_hold_whatever_the_label_says() {
    for label in ["ACTIVE", "EXPIRED", "CANCELED", "UNSPECIFIED", "NEW"] {
        let canceled = json!({
            "cancelDate": day(10), "subscriptionState": format!("SUBSCRIPTION_STATE_{label}"),
            "canceledStateContext": {"systemInitiatedCancellation": {}},
        });
        // Amazon says so of expired subscriptions.
        let item = until_10(json!(true));
        for (now, expected) in [
            (day(10) - 1, active(day(10))),
            (day(10), ENDED),
            (day(10) + 1, ENDED),
        ] {
            let purchase = subscription_at(&canceled, &item, now);
            assert_eq!(see(&purchase, now), expected, "{label}");
            let part = purchase.subscription.unwrap();
            assert_eq!(part.auto_renew, AutoRenew::Off);
            assert_eq!(
                part.expiration_reason,
                Some(ExpirationReason::DeveloperCanceled)
            );
        }
    }
}

#[test]
fn rows_10_to_14_with_the_end_of_the_paid_period() {
    let none = json!({});
    // 10
    let grace = json!({"gracePeriodEndDate": day(15)});
    let failed = |as_of| subscription_at(&grace, &until_10(json!(true)), as_of);
    assert_eq!(see(&failed(day(11)), day(11)), in_grace(day(15)));
    assert_eq!(see(&failed(day(15) - 1), day(15) - 1), in_grace(day(15)));
    assert_eq!(see(&failed(day(15)), day(15)), ENDED);
    // 11
    let trial = json!({"freeTrialEndDate": day(10)});
    let in_trial = subscription_at(&trial, &until_10(json!(true)), day(2));
    assert_eq!(see(&in_trial, day(2)), active(day(10)));
    assert!(is_free_trial(&in_trial));
    // 12
    let endless = subscription_at(&none, &none, day(2));
    let until = Granted(GrantReason::ActiveUntilCanceled, Some(day(4)));
    assert_eq!(see(&endless, day(2)), until);
    // 13, 14
    for (auto_renew, at_the_end, afterwards) in [
        (
            json!(true),
            overdue(day(12)),
            SubscriptionState::RenewalOverdue,
        ),
        (json!(false), ENDED, SubscriptionState::Expired),
        (json!(null), ENDED, SubscriptionState::Expired),
    ] {
        let item = until_10(auto_renew);
        for (now, expected, expected_state) in [
            (day(10) - 1, active(day(10)), SubscriptionState::Active),
            (day(10), at_the_end, afterwards.clone()),
            (day(10) + 1, at_the_end, afterwards.clone()),
            (day(12), ENDED, afterwards.clone()),
        ] {
            let purchase = subscription_at(&none, &item, now);
            assert_eq!(see(&purchase, now), expected, "{item} at {now}");
            assert_eq!(state(&purchase), expected_state);
        }
    }
    // A renewal date alone is an appointment, as in a receipt.
    let renewal = json!({"renewalDate": day(10)});
    let purchase = subscription_at(&renewal, &none, day(10));
    assert_eq!(see(&purchase, day(10)), overdue(day(12)));
}

#[test]
fn the_label_only_takes_access_away() {
    use SubscriptionState::{Active, ActiveUntilCanceled, Expired, OnHold, Paused, RenewalOverdue};
    let label = |label: &str| json!({"subscriptionState": format!("SUBSCRIPTION_STATE_{label}")});
    // Where the dates leave open whether a late renewal may still come.
    let (renewing, none) = (until_10(json!(true)), json!({}));
    for (name, before, at_the_end, without_dates) in [
        ("ACTIVE", Active, RenewalOverdue, ActiveUntilCanceled),
        ("UNSPECIFIED", Active, RenewalOverdue, ActiveUntilCanceled),
        ("NEW", Active, RenewalOverdue, ActiveUntilCanceled),
        ("CANCELED", Active, RenewalOverdue, ActiveUntilCanceled),
        (
            "IN_GRACE_PERIOD",
            Active,
            RenewalOverdue,
            ActiveUntilCanceled,
        ),
        ("EXPIRED", Active, Expired, Expired),
        ("ON_HOLD", OnHold, OnHold, OnHold),
        ("PAUSED", Paused, Paused, Paused),
    ] {
        let label = label(name);
        let at = |item: &Value, as_of| state(&subscription_at(&label, item, as_of));
        assert_eq!(at(&renewing, day(2)), before, "{name}");
        assert_eq!(at(&renewing, day(10)), at_the_end, "{name}");
        assert_eq!(at(&none, day(2)), without_dates, "{name}");
        // What is over by its dates is over.
        assert_eq!(at(&until_10(json!(false)), day(10)), Expired, "{name}");
    }
    for (name, reason) in [
        ("PENDING", DenialReason::Pending),
        ("PENDING_PURCHASE_CANCELED", DenialReason::Canceled),
    ] {
        let purchase = subscription_at(&label(name), &renewing, day(2));
        assert_eq!(see(&purchase, day(2)), Denied(reason), "{name}");
    }
}

#[test]
fn row_4_each_mark_of_a_test_is_one() {
    let item = until_10(json!(true));
    for (members, is_test) in [
        (json!({}), false),
        (
            json!({"testTransaction": false, "testPurchase": null}),
            false,
        ),
        (json!({"testTransaction": true}), true),
        (json!({"testPurchase": {}}), true),
    ] {
        let purchase = subscription_at(&members, &item, day(2));
        assert_eq!(purchase.is_test, is_test, "{members}");
        assert_eq!(matches!(see(&purchase, day(2)), Granted(..)), !is_test);
    }
}

#[test]
fn row_15_another_kind_of_product_gives_no_access_here() {
    for product_type in ["RENTAL", "CONSUMABLE", "ENTITLED"] {
        let members = json!({"productType": product_type});
        let purchase = subscription_at(&members, &until_10(json!(true)), day(2));
        let denied = Denied(DenialReason::UnknownProductKind);
        assert_eq!(see(&purchase, day(2)), denied, "{product_type}");
    }
}

#[test]
fn who_canceled_is_the_member_that_is_present() {
    for (member, reason) in [
        (
            "userInitiatedCancellation",
            ExpirationReason::CustomerCanceled,
        ),
        (
            "systemInitiatedCancellation",
            ExpirationReason::DeveloperCanceled,
        ),
        (
            "developerInitiatedCancellation",
            ExpirationReason::DeveloperCanceled,
        ),
        ("replacementCancellation", ExpirationReason::Replaced),
    ] {
        let mut members = json!({"cancelDate": day(2), "canceledStateContext": {}});
        members["canceledStateContext"][member] = json!({});
        let purchase = subscription_at(&members, &json!({}), day(3));
        assert_eq!(purchase.is_replaced, reason == ExpirationReason::Replaced);
        let part = purchase.subscription.unwrap();
        assert_eq!(part.expiration_reason, Some(reason), "{member}");
    }
    let nobody = json!({"cancelDate": day(2), "canceledStateContext": {}});
    let part = subscription_at(&nobody, &json!({}), day(3)).subscription;
    assert_eq!(part.unwrap().expiration_reason, None);
}

#[test]
fn a_subscription_s_answer_stands_in_the_purchase() {
    let members = json!({
        "renewalDate": day(10), "deferredDate": day(10),
        "purchaseMetadataMap": {"QuickSubscribe": "true"},
        "lineItems": [
            {
                "productId": "gold",
                "expiryTime": day(10).to_string(),
                "autoRenewingPlan": {"autoRenewEnabled": true},
                "deferredItemReplacement": {"productId": "platinum"},
                "offerDetails": {
                    "basePlanId": "amzn1.appstore.iap.compatibility.baseplan.termsku.gold.monthly",
                },
            },
            {"productId": "news", "expiryTime": day(5).to_string()},
        ],
    });
    let purchase = subscription_at(&members, &json!({}), day(2));
    assert_eq!(purchase.key, PurchaseKey::amazon("token"));
    assert_eq!(purchase.product_id, "gold");
    assert_eq!(purchase.acknowledgement, Acknowledgement::Pending);
    let part = purchase.subscription.as_ref().unwrap();
    let at = |number| Some(Timestamp::from_millis(day(number)));
    assert_eq!(part.plan_id.as_ref().unwrap(), &"gold.monthly");
    assert_eq!((part.started_at, part.renews_at), (at(1), at(10)));
    assert_eq!(part.next_product_id.as_ref().unwrap(), &"platinum");
    assert_eq!(part.next_product_at, at(10));
    let [news] = purchase.additional_items.as_slice() else {
        panic!("{:?}", purchase.additional_items);
    };
    assert_eq!((&news.product_id, news.expires_at), (&"news".into(), at(5)));
    let access = |now| purchase.item_access_at(news, at(now).unwrap(), &AccessPolicy::new());
    assert!(access(4).is_granted() && !access(5).is_granted());
}
