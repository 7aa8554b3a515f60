//! What holds for the requests that a server makes to the Advanced Commerce API.

use super::{
    in_app::{
        currency, description, display_name, info, info_sample, is_rule, item_sample, sku,
        storefront,
    },
    requests::{check_request, invalid, refused},
    *,
};

#[test]
fn a_cancellation_is_sent_with_its_request_info() {
    let mut sample = json!({"requestInfo": info_sample()});
    let request = AdvancedCommerceSubscriptionCancelRequest::new(info());
    check_request(&request, &sample, &["requestInfo"], &[]);
    sample["storefront"] = json!("ISL");
    let request = request.with_storefront(storefront());
    check_request(&request, &sample, &["requestInfo"], &[]);
}

#[test]
fn a_subscription_is_revoked_for_a_full_or_prorated_refund() {
    let revoke = |refund_type| {
        AdvancedCommerceSubscriptionRevokeRequest::new(
            info(),
            AdvancedCommerceRefundReason::Legal,
            refund_type,
            RefundRiskingPreference::DoNotAsk,
        )
    };
    let request = revoke(AdvancedCommerceRefundType::Prorated)
        .unwrap()
        .with_storefront(storefront());
    let sample = json!({
        "requestInfo": info_sample(),
        "refundReason": "LEGAL",
        "refundRiskingPreference": false,
        "refundType": "PRORATED",
        "storefront": "ISL",
    });
    let required = [
        "requestInfo",
        "refundReason",
        "refundRiskingPreference",
        "refundType",
    ];
    check_request(&request, &sample, &required, &[]);
    assert!(revoke(AdvancedCommerceRefundType::Full).is_ok());
    is_rule(revoke(AdvancedCommerceRefundType::Custom), "refundType");
    type Request = AdvancedCommerceSubscriptionRevokeRequest;
    refused::<Request>(&sample, "refundType", json!("CUSTOM"), "refundType");
}

fn refund_item(
    amount: RefundAmount,
    reason: AdvancedCommerceRefundReason,
) -> AdvancedCommerceRequestRefundItem {
    AdvancedCommerceRequestRefundItem::new(sku("pool.lane.4"), amount, reason, AfterRefund::Revoke)
}

#[test]
fn a_refund_is_asked_for_with_an_amount_only_where_it_is_custom() {
    use AdvancedCommerceRefundReason::Other;

    let custom = refund_item(RefundAmount::Custom(745_000), Other);
    let custom_sample = json!({
        "SKU": "pool.lane.4",
        "refundAmount": 745_000,
        "refundReason": "OTHER",
        "refundType": "CUSTOM",
        "revoke": true,
    });
    let required = ["SKU", "refundReason", "refundType", "revoke"];
    check_request(&custom, &custom_sample, &required, &[]);
    for (amount, name) in [
        (RefundAmount::Full, "FULL"),
        (RefundAmount::Prorated, "PRORATED"),
    ] {
        let mut sample = with(&custom_sample, "refundType", json!(name));
        sample.as_object_mut().unwrap().remove("refundAmount");
        check_request(&refund_item(amount, Other), &sample, &required, &[]);
    }

    let request = AdvancedCommerceRequestRefundRequest::new(
        info(),
        [custom],
        RefundRiskingPreference::AskForConsumption,
    )
    .unwrap()
    .with_currency(currency())
    .with_storefront(storefront());
    let sample = json!({
        "requestInfo": info_sample(),
        "currency": "ISK",
        "items": [custom_sample],
        "refundRiskingPreference": true,
        "storefront": "ISL",
    });
    let required = ["requestInfo", "items", "refundRiskingPreference"];
    check_request(&request, &sample, &required, &[]);

    type Request = AdvancedCommerceRequestRefundRequest;
    let full_with_amount = with(&custom_sample, "refundType", json!("FULL"));
    refused::<Request>(&sample, "items", json!([full_with_amount]), "refundAmount");
    let no_amount = with(&custom_sample, "refundAmount", Value::Null);
    refused::<Request>(&sample, "items", json!([no_amount]), "refundAmount");
    refused::<Request>(&sample, "items", json!([]), "items");
}

#[test]
fn a_refusal_is_simulated_for_all_items_or_for_none() {
    use AdvancedCommerceRefundReason::{Other, SimulateRefundDecline};

    let ask = |reasons: &[AdvancedCommerceRefundReason]| {
        let items = reasons.iter().cloned();
        AdvancedCommerceRequestRefundRequest::new(
            info(),
            items.map(|reason| refund_item(RefundAmount::Full, reason)),
            RefundRiskingPreference::DoNotAsk,
        )
    };
    assert!(ask(&[SimulateRefundDecline, SimulateRefundDecline]).is_ok());
    assert!(ask(&[Other, Other]).is_ok());
    is_rule(ask(&[SimulateRefundDecline, Other]), "refundReason");
    assert_eq!(invalid(ask(&[])), ("items", InvalidReason::Empty));
}

#[test]
fn changed_texts_are_sent_with_exactly_what_changes() {
    use AdvancedCommerceMetadataChange as Change;

    let later = AdvancedCommerceEffective::NextBillCycle;
    let no_text = AdvancedCommerceSubscriptionChangeMetadataDescriptors::new(later.clone());
    let texts = no_text
        .clone()
        .with_description(description())
        .with_display_name(display_name());
    let texts_sample = json!({
        "effective": "NEXT_BILL_CYCLE",
        "description": "A lane to yourself",
        "displayName": "Lane 4",
    });
    check_request(&texts, &texts_sample, &["effective"], &[]);

    let same = AdvancedCommerceSubscriptionChangeMetadataItem::new(sku("pool.lane.1"), later);
    let renamed = same.clone().with_sku(sku("pool.lane.4"));
    let item = renamed
        .clone()
        .with_description(description())
        .with_display_name(display_name());
    let mut item_sample = item_sample();
    item_sample["currentSKU"] = json!("pool.lane.1");
    item_sample["effective"] = json!("NEXT_BILL_CYCLE");
    check_request(&item, &item_sample, &["currentSKU", "effective"], &[]);

    let change = |changes: Vec<Change>| {
        AdvancedCommerceSubscriptionChangeMetadataRequest::new(info(), changes)
    };
    let request = change(vec![
        Change::Descriptors(texts.clone()),
        Change::Item(item),
        Change::TaxCode("S042-07-1".to_owned()),
    ])
    .unwrap()
    .with_storefront(storefront());
    let sample = json!({
        "requestInfo": info_sample(),
        "descriptors": texts_sample,
        "items": [item_sample],
        "storefront": "ISL",
        "taxCode": "S042-07-1",
    });
    check_request(&request, &sample, &["requestInfo"], &[]);

    for alone in [
        Change::Descriptors(texts.clone()),
        Change::Item(renamed),
        Change::TaxCode("S042-07-1".to_owned()),
    ] {
        assert!(change(vec![alone]).is_ok());
    }
    assert_eq!(invalid(change(vec![])), ("items", InvalidReason::Empty));
    let missing = ("displayName", InvalidReason::Missing);
    assert_eq!(invalid(change(vec![Change::Descriptors(no_text)])), missing);
    assert_eq!(invalid(change(vec![Change::Item(same)])), missing);
    let twice = vec![
        Change::Descriptors(texts.clone()),
        Change::Descriptors(texts),
    ];
    is_rule(change(twice), "descriptors");
    let twice = vec![
        Change::TaxCode("a".to_owned()),
        Change::TaxCode("b".to_owned()),
    ];
    is_rule(change(twice), "taxCode");
}

fn price_item(text: &str, dependents: &[&str]) -> AdvancedCommerceSubscriptionPriceChangeItem {
    let dependents = dependents.iter().map(|text| sku(text));
    AdvancedCommerceSubscriptionPriceChangeItem::new(sku(text), 1_590_000)
        .with_dependent_skus(dependents)
}

#[test]
fn changed_prices_are_sent_with_the_items_that_depend_on_them() {
    let item = price_item("pool.lane.4", &["pool.towel", "pool.sauna"]);
    let item_sample = json!({
        "SKU": "pool.lane.4",
        "price": 1_590_000,
        "dependentSKUs": ["pool.towel", "pool.sauna"],
    });
    check_request(&item, &item_sample, &["SKU", "price"], &[]);

    let request = AdvancedCommerceSubscriptionPriceChangeRequest::new(info(), [item])
        .unwrap()
        .with_currency(currency())
        .with_storefront(storefront());
    let sample = json!({
        "requestInfo": info_sample(),
        "currency": "ISK",
        "items": [item_sample],
        "storefront": "ISL",
    });
    check_request(&request, &sample, &["requestInfo", "items"], &[]);
    type Request = AdvancedCommerceSubscriptionPriceChangeRequest;
    refused::<Request>(&sample, "items", json!([]), "items");
    let long = json!([{"SKU": "a", "price": 1, "dependentSKUs": ["é".repeat(129)]}]);
    refused::<Request>(&sample, "items", long, "129 characters");
    let full = json!([{"SKU": "a", "price": 1, "dependentSKUs": ["é".repeat(128)]}]);
    assert!(read::<Request>(&with(&sample, "items", full)).is_ok());
}

#[test]
fn an_item_depends_on_one_other_that_depends_on_none() {
    let change = |items: &[AdvancedCommerceSubscriptionPriceChangeItem]| {
        AdvancedCommerceSubscriptionPriceChangeRequest::new(info(), items.iter().cloned())
    };
    let lane = price_item("lane", &["towel"]);
    assert!(change(&[lane.clone(), price_item("sauna", &["oil"])]).is_ok());
    assert!(change(&[lane.clone(), price_item("towel", &[])]).is_ok());
    assert_eq!(invalid(change(&[])), ("items", InvalidReason::Empty));
    is_rule(change(&[lane.clone(), price_item("lane", &[])]), "SKU");
    is_rule(
        change(&[lane.clone(), price_item("sauna", &["towel"])]),
        "dependentSKUs",
    );
    is_rule(
        change(&[price_item("lane", &["towel", "towel"])]),
        "dependentSKUs",
    );
    is_rule(
        change(&[lane, price_item("towel", &["soap"])]),
        "dependentSKUs",
    );
    is_rule(change(&[price_item("lane", &["lane"])]), "dependentSKUs");
}

#[test]
fn a_migration_is_sent_with_the_items_of_now_and_of_the_next_period() {
    let texts = AdvancedCommerceSubscriptionMigrateDescriptors::new(description(), display_name());
    let texts_sample = json!({"description": "A lane to yourself", "displayName": "Lane 4"});
    check_request(&texts, &texts_sample, &["description", "displayName"], &[]);
    let all = ["SKU", "description", "displayName"];
    let item = AdvancedCommerceSubscriptionMigrateItem::new(
        sku("pool.lane.4"),
        description(),
        display_name(),
    );
    check_request(&item, &item_sample(), &all, &[]);
    let renewal_item = AdvancedCommerceSubscriptionMigrateRenewalItem::new(
        sku("pool.lane.4"),
        description(),
        display_name(),
    );
    check_request(&renewal_item, &item_sample(), &all, &[]);

    let migrate = |items: Vec<_>| {
        AdvancedCommerceSubscriptionMigrateRequest::new(
            info(),
            "swim.generic",
            "S042-07-1",
            texts.clone(),
            items,
        )
    };
    assert_eq!(invalid(migrate(vec![])), ("items", InvalidReason::Empty));
    let request = migrate(vec![item])
        .unwrap()
        .with_renewal_items([renewal_item])
        .with_storefront(storefront());
    let sample = json!({
        "requestInfo": info_sample(),
        "descriptors": texts_sample,
        "items": [item_sample()],
        "renewalItems": [item_sample()],
        "storefront": "ISL",
        "targetProductId": "swim.generic",
        "taxCode": "S042-07-1",
    });
    let required = [
        "requestInfo",
        "descriptors",
        "items",
        "targetProductId",
        "taxCode",
    ];
    check_request(&request, &sample, &required, &[]);
    type Request = AdvancedCommerceSubscriptionMigrateRequest;
    refused::<Request>(&sample, "items", json!([]), "items");
}
