//! Which item of a subscription took the place of which.

use super::*;

/// The main product and the access to `old`, an hour after its item of `plan` has ended; `new` says
/// that it took the place of `replaced`.
fn an_hour_after(plan: &str, replaced: &Value) -> (ProductId, Access) {
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
    let item = &purchase.additional_items[0];
    let to_the_item = purchase.item_access_at(item, now, &AccessPolicy::new());
    let to_the_main_product = access(&purchase, now);
    let (old, new) = match purchase.product_id.as_str() {
        "old" => (to_the_main_product, to_the_item),
        _ => (to_the_item, to_the_main_product),
    };
    assert!(new.is_granted());
    (purchase.product_id, old)
}

#[test]
fn an_item_whose_place_another_one_took_gets_no_leeway() {
    for replaced in [
        json!({ "productId": "old" }),
        json!({ "productId": "old", "basePlanId": "monthly", "replacementMode": "DEFERRED" }),
    ] {
        let (main, access) = an_hour_after("monthly", &replaced);
        assert_eq!(main, "new", "{replaced}");
        assert_eq!(denial(access), Some(DenialReason::Expired), "{replaced}");
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
        let (main, access) = an_hour_after("monthly", &replaced);
        assert_eq!(main, "old", "the base, for all that is known: {replaced}");
        assert!(access.is_granted(), "{replaced}");
    }
}
