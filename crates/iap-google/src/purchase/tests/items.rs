//! Subscriptions of several items: add-ons, plan changes, which product is the main one.

use super::*;

#[test]
fn each_item_of_a_subscription_has_an_end_of_its_own_and_none_means_not_owned() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    let item = |product: &str, end: Option<Timestamp>| json!({ "productId": product, "expiryTime": end, "autoRenewingPlan": { "autoRenewEnabled": true } });
    let short = end().saturating_sub(5 * DAY);
    answer["lineItems"].as_array_mut().unwrap().extend([
        item("news", Some(short)),
        item("later", None),
        json!({ "expiryTime": end() }),
    ]);
    let purchase = subscription(&answer);
    assert_eq!(purchase.product_id, "pro");
    let names: Vec<_> = purchase
        .additional_items
        .iter()
        .map(|it| it.product_id.as_str())
        .collect();
    assert_eq!(names, ["news", "later"]);
    let policy = AccessPolicy::new();
    let now = short.saturating_sub(HOUR);
    assert!(
        purchase
            .item_access_at(&purchase.additional_items[0], now, &policy)
            .is_granted()
    );
    assert!(
        !purchase
            .item_access_at(&purchase.additional_items[0], short, &policy)
            .is_granted()
    );
    let later = purchase.item_access_at(&purchase.additional_items[1], now, &policy);
    assert_eq!(denial(later), Some(DenialReason::NoExpiry));

    answer["subscriptionState"] = json!("SUBSCRIPTION_STATE_ON_HOLD");
    let purchase = subscription(&answer);
    for item in &purchase.additional_items {
        assert_eq!(
            denial(purchase.item_access_at(item, now, &policy)),
            Some(DenialReason::OnHold)
        );
    }
}

#[test]
fn a_deferred_plan_change_keeps_the_old_product_until_its_end_and_then_the_new_one() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["lineItems"] = json!([
        { "productId": "new", "autoRenewingPlan": { "autoRenewEnabled": true } },
        {
            "productId": "old", "expiryTime": end(), "autoRenewingPlan": { "autoRenewEnabled": true },
            "deferredItemReplacement": { "productId": "new" },
        },
    ]);
    let before = subscription(&answer);
    assert_eq!(before.product_id, "old");
    assert!(access(&before, start()).is_granted());
    assert_eq!(
        before
            .subscription
            .as_ref()
            .unwrap()
            .next_product_id
            .as_ref()
            .unwrap(),
        &"new"
    );
    let item = &before.additional_items[0];
    assert!(
        !before
            .item_access_at(item, start(), &AccessPolicy::new())
            .is_granted()
    );

    let now = end().saturating_add(HOUR);
    answer["lineItems"][0]["expiryTime"] = json!(end().saturating_add(30 * DAY));
    let after = subscription_at(&answer, now);
    assert_eq!(after.product_id, "new");
    assert!(access(&after, now).is_granted());
    let item = &after.additional_items[0];
    let old = after.item_access_at(item, now, &AccessPolicy::new());
    assert_eq!(
        denial(old),
        Some(DenialReason::Expired),
        "no leeway for what has been replaced"
    );
}

#[test]
fn a_deferred_plan_change_renews_as_the_new_product_does_whatever_the_old_one_says() {
    let price =
        |units: &str| json!({ "recurringPrice": { "currencyCode": "EUR", "units": units } });
    for (mark, old) in [
        (json!(true), "old"),
        (json!(false), "old"),
        (Value::Null, "old"),
        (Value::Null, "new"),
    ] {
        let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
        answer["lineItems"] = json!([
            {
                "productId": old, "expiryTime": end(), "autoRenewingPlan": price("5"),
                "deferredItemReplacement": { "productId": "new" },
            },
            { "productId": "new", "autoRenewingPlan": price("9") },
        ]);
        answer["lineItems"][0]["autoRenewingPlan"]["autoRenewEnabled"] = mark;
        answer["lineItems"][1]["autoRenewingPlan"]["autoRenewEnabled"] = json!(true);
        let part = subscription(&answer).subscription.unwrap();
        assert_eq!(part.auto_renew, AutoRenew::On);
        assert_eq!(part.renews_at, Some(end()));
        assert_eq!(part.next_product_id.unwrap(), "new");
        assert_eq!(part.next_product_at, Some(end()));
        assert_eq!(part.renewal_price.unwrap().to_string(), "9.00 EUR");

        answer["lineItems"][1]["autoRenewingPlan"]["autoRenewEnabled"] = Value::Null;
        let part = subscription(&answer).subscription.unwrap();
        assert_eq!((part.auto_renew, part.renews_at), (AutoRenew::Off, None));
        assert_eq!(part.renewal_price, None);
    }
}

#[test]
fn the_base_stays_the_main_product_when_an_add_on_lasts_longer() {
    for state in ["ACTIVE", "CANCELED", "ON_HOLD", "EXPIRED"] {
        let mut answer = renewing(&format!("SUBSCRIPTION_STATE_{state}"));
        // It took the place of another plan of the same product, and nothing took its own.
        answer["lineItems"][0]["itemReplacement"] = json!({ "productId": "pro" });
        answer["lineItems"].as_array_mut().unwrap().push(json!({
            "productId": "news", "expiryTime": end().saturating_add(10 * DAY),
        }));
        for now in [
            start(),
            end().saturating_add(DAY),
            end().saturating_add(20 * DAY),
        ] {
            let purchase = subscription_at(&answer, now);
            assert_eq!(purchase.product_id, "pro", "{state} {now}");
            assert_eq!(purchase.expires_at, Some(end()));
            assert_eq!(purchase.additional_items[0].product_id, "news");
        }
    }
}

#[test]
fn a_base_that_has_ended_gives_way_to_the_item_that_took_its_place() {
    let now = end().saturating_add(DAY);
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["lineItems"].as_array_mut().unwrap().push(json!({
        "productId": "max", "expiryTime": end().saturating_add(30 * DAY),
        "autoRenewingPlan": { "autoRenewEnabled": true },
    }));
    for (item, mark) in [
        (
            0,
            json!({ "deferredItemReplacement": { "productId": "max" } }),
        ),
        (
            1,
            json!({ "itemReplacement": { "productId": "pro", "replacementMode": "DEFERRED" } }),
        ),
    ] {
        let mut answer = answer.clone();
        let members = answer["lineItems"][item].as_object_mut().unwrap();
        members.extend(mark.as_object().unwrap().clone());
        assert_eq!(subscription(&answer).product_id, "pro", "before the change");
        let after = subscription_at(&answer, now);
        assert_eq!(after.product_id, "max");
        assert!(access(&after, now).is_granted());
    }
}

#[test]
fn an_add_on_that_is_removed_gets_no_leeway() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["lineItems"].as_array_mut().unwrap().push(json!({
        "productId": "news", "expiryTime": end(), "deferredItemRemoval": {},
        "autoRenewingPlan": { "autoRenewEnabled": true },
    }));
    let now = end().saturating_add(HOUR);
    let purchase = subscription_at(&answer, now);
    assert_eq!(
        purchase.product_id, "pro",
        "of items that ended together the base stands first"
    );
    assert!(access(&purchase, now).is_granted());
    let item = purchase.item_access_at(&purchase.additional_items[0], now, &AccessPolicy::new());
    assert_eq!(denial(item), Some(DenialReason::Expired));
}
