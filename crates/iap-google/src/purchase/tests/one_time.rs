//! One-time products: state, refunds, consumption, rent, and the older form.

use super::*;

#[test]
fn every_state_of_a_one_time_product() {
    let purchase = product(&bought("PURCHASED"));
    assert!(access(&purchase, start()).is_granted());
    assert_eq!(
        (purchase.quantity, purchase.kind.clone()),
        (3, ProductKind::OneTime)
    );
    assert_eq!(purchase.consumption, Consumption::NotConsumed);
    assert_eq!(purchase.account_id.unwrap(), "account");
    assert_eq!(purchase.profile_id.unwrap(), "child");
    assert_eq!(purchase.transaction_id.unwrap(), "GPA.1");
    assert_eq!(
        purchase.acknowledge_by,
        Some(start().saturating_add(3 * DAY))
    );

    let taken_back = product(&bought("CANCELLED"));
    assert_eq!(
        denial(access(&taken_back, start())),
        Some(DenialReason::Revoked)
    );
    assert_eq!(
        taken_back.revocation.unwrap().refund,
        RefundScope::Unspecified
    );
    assert_eq!(taken_back.acknowledgement, Acknowledgement::NotRequired);
    let mut given_up = bought("CANCELLED");
    given_up["purchaseCompletionTime"] = Value::Null;
    let given_up = product(&given_up);
    assert_eq!(
        denial(access(&given_up, start())),
        Some(DenialReason::Canceled)
    );
    assert_eq!(given_up.revocation, None);

    let pending = product(&bought("PENDING"));
    assert_eq!(
        denial(access(&pending, start())),
        Some(DenialReason::Pending)
    );
    assert_eq!(pending.acknowledgement, Acknowledgement::NotRequired);
    for state in ["PURCHASE_STATE_UNSPECIFIED", "CANCELED", "OF_TOMORROW"] {
        let unknown = product(&bought(state));
        assert_eq!(unknown.state, PurchaseState::Unknown(state.to_owned()));
        assert_eq!(
            denial(access(&unknown, start())),
            Some(DenialReason::UnknownState)
        );
    }
}

#[test]
fn what_is_refunded_is_taken_back_item_by_item() {
    let details = "productOfferDetails";
    let mut answer = bought("PURCHASED");
    answer["productLineItem"][0][details]["refundableQuantity"] = json!(1);
    let partly = product(&answer);
    assert_eq!((partly.quantity, partly.revocation.clone()), (1, None));
    assert!(access(&partly, start()).is_granted());

    answer["productLineItem"][0][details]["refundableQuantity"] = json!(0);
    let wholly = product(&answer);
    assert_eq!(
        denial(access(&wholly, start())),
        Some(DenialReason::Revoked)
    );
    assert_eq!(wholly.quantity, 3);

    answer["productLineItem"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "productId": "map" }));
    let purchase = product(&answer);
    assert_eq!(purchase.product_id, "map");
    assert!(access(&purchase, start()).is_granted());
    let coins = &purchase.additional_items[0];
    let coins = purchase.item_access_at(coins, start(), &AccessPolicy::new());
    assert_eq!(denial(coins), Some(DenialReason::Revoked));
}

#[test]
fn each_product_of_a_purchase_is_consumed_by_itself() {
    let mut answer = bought("PURCHASED");
    answer["productLineItem"][0]["productOfferDetails"]["consumptionState"] =
        json!("CONSUMPTION_STATE_CONSUMED");
    answer["productLineItem"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "productId": "map" }));
    let purchase = product(&answer);
    assert_eq!(
        denial(access(&purchase, start())),
        Some(DenialReason::Consumed)
    );
    let map = &purchase.additional_items[0];
    assert!(
        purchase
            .item_access_at(map, start(), &AccessPolicy::new())
            .is_granted()
    );
}

#[test]
fn a_rented_product_lasts_as_long_as_the_catalog_says_and_no_longer() {
    let mut answer = bought("PURCHASED");
    answer["productLineItem"][0]["productOfferDetails"]["rentOfferDetails"] = json!({});
    let rented = product(&answer);
    assert_eq!(
        denial(access(&rented, start())),
        Some(DenialReason::NoExpiry)
    );
    let catalog = Catalog::new()
        .with("film", ["coins"])
        .with_duration(2 * DAY, ["coins"]);
    let has = |now| {
        catalog
            .entitlements([&rented], now, &AccessPolicy::new())
            .contains("film")
    };
    assert!(has(start().saturating_add(DAY)));
    assert!(!has(start().saturating_add(2 * DAY)));
}

#[test]
fn the_older_form_says_the_same_and_a_missing_type_is_no_test() {
    let answer = json!({
        "purchaseTimeMillis": start().as_millis().to_string(), "purchaseState": 0,
        "consumptionState": 0, "acknowledgementState": 0, "orderId": "GPA.1", "quantity": 2,
        "obfuscatedExternalAccountId": "", "obfuscatedExternalProfileId": "",
    });
    let read = |answer: &Value| {
        let answer: ProductPurchase = serde_json::from_value(answer.clone()).unwrap();
        answer.to_purchase(
            &"com.example.app".into(),
            &"coins".into(),
            &"token".into(),
            start(),
        )
    };
    let with = |member: &str, value: i64| {
        let mut answer = answer.clone();
        answer[member] = json!(value);
        read(&answer)
    };
    let purchase = read(&answer);
    assert!(access(&purchase, start()).is_granted());
    assert!(!purchase.is_test);
    assert_eq!((&purchase.account_id, &purchase.profile_id), (&None, &None));
    assert_eq!(
        (purchase.product_id.as_str(), purchase.quantity),
        ("coins", 2)
    );
    assert_eq!(
        purchase.acknowledge_by,
        Some(start().saturating_add(3 * DAY))
    );
    assert!(with("purchaseType", 0).is_test);
    assert!(!with("purchaseType", 1).is_test && !with("purchaseType", 2).is_test);
    for (member, value, reason) in [
        ("purchaseState", 1, DenialReason::Canceled),
        ("purchaseState", 2, DenialReason::Pending),
        ("purchaseState", 7, DenialReason::UnknownState),
        ("consumptionState", 1, DenialReason::Consumed),
        ("refundableQuantity", 0, DenialReason::Revoked),
    ] {
        assert_eq!(
            denial(access(&with(member, value), start())),
            Some(reason),
            "{member} {value}"
        );
    }
    let mut voided = answer.clone();
    voided["purchaseState"] = json!(1);
    voided["acknowledgementState"] = json!(1);
    assert_eq!(
        denial(access(&read(&voided), start())),
        Some(DenialReason::Revoked)
    );
}
