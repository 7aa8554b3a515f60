//! Which item of a subscription took the place of which.

use super::*;

/// A purchase of `new`, an hour after an item of `plan` of `old` has ended; `new` says that it took
/// the place of `replaced`.
fn access_to_the_old_item(plan: &str, replaced: &Value) -> Access {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["lineItems"] = json!([
        {
            "productId": "old", "expiryTime": end(), "autoRenewingPlan": { "autoRenewEnabled": true },
            "offerDetails": { "basePlanId": plan },
        },
        {
            "productId": "new", "expiryTime": at("2026-12-31T00:00:00Z"),
            "autoRenewingPlan": { "autoRenewEnabled": true },
            "itemReplacement": replaced,
        },
    ]);
    let now = end().saturating_add(HOUR);
    let purchase = subscription_at(&answer, now);
    assert_eq!(purchase.product_id, "new");
    assert!(access(&purchase, now).is_granted());
    let item = &purchase.additional_items[0];
    purchase.item_access_at(item, now, &AccessPolicy::new())
}

#[test]
fn an_item_whose_place_another_one_took_gets_no_leeway() {
    for replaced in [
        json!({ "productId": "old" }),
        json!({ "productId": "old", "basePlanId": "monthly", "replacementMode": "DEFERRED" }),
    ] {
        let denied = denial(access_to_the_old_item("monthly", &replaced));
        assert_eq!(denied, Some(DenialReason::Expired), "{replaced}");
    }
}

#[test]
fn an_item_that_nothing_replaced_keeps_its_leeway() {
    for replaced in [
        json!(null),
        json!({ "productId": "other" }),
        json!({ "productId": "old", "basePlanId": "yearly" }),
        json!({}),
    ] {
        let access = access_to_the_old_item("monthly", &replaced);
        assert!(access.is_granted(), "{replaced}");
    }
}
