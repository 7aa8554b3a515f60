//! What holds for the purchases that an app makes with the Advanced Commerce API.

use iap_core::Currency;

use super::{
    requests::{check_request, invalid, refused},
    *,
};

const UUID: &str = "d3d94468-2a5f-4f6e-8b7a-1f1d2c3b4a59";

pub(super) fn is_rule<T: core::fmt::Debug>(result: Result<T, InvalidRequest>, blamed: &str) {
    let (member, reason) = invalid(result);
    assert_eq!(member, blamed);
    assert!(matches!(reason, InvalidReason::Rule(_)), "{reason}");
}

pub(super) fn info() -> AdvancedCommerceRequestInfo {
    AdvancedCommerceRequestInfo::new(RequestReferenceId::new(UUID.to_uppercase()).unwrap())
}

pub(super) fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

pub(super) fn description() -> AdvancedCommerceDescription {
    AdvancedCommerceDescription::new("A lane to yourself").unwrap()
}

pub(super) fn display_name() -> AdvancedCommerceDisplayName {
    AdvancedCommerceDisplayName::new("Lane 4").unwrap()
}

pub(super) fn storefront() -> StorefrontCountryCode {
    StorefrontCountryCode::new("ISL").unwrap()
}

pub(super) fn currency() -> Currency {
    "ISK".parse().unwrap()
}

fn offer() -> AdvancedCommerceOffer {
    AdvancedCommerceOffer::new(
        AdvancedCommerceOfferPeriod::P3D,
        2,
        100_000,
        AdvancedCommerceOfferReason::WinBack,
    )
    .unwrap()
}

pub(super) fn info_sample() -> Value {
    json!({"requestReferenceId": UUID})
}

/// The members that the items of most requests have.
pub(super) fn item_sample() -> Value {
    json!({
        "SKU": "pool.lane.4",
        "description": "A lane to yourself",
        "displayName": "Lane 4",
    })
}

fn priced_item_sample() -> Value {
    let mut item = with(&item_sample(), "price", json!(1_490_000));
    item["offer"] = samples::offer();
    item
}

fn add_item() -> AdvancedCommerceSubscriptionModifyAddItem {
    let lane = sku("pool.lane.4");
    AdvancedCommerceSubscriptionModifyAddItem::new(lane, description(), display_name(), 1_490_000)
}

fn create_item() -> AdvancedCommerceSubscriptionCreateItem {
    let lane = sku("pool.lane.4");
    AdvancedCommerceSubscriptionCreateItem::new(lane, description(), display_name(), 1_490_000)
}

fn remove(text: &str) -> AdvancedCommerceSubscriptionChange {
    let item = AdvancedCommerceSubscriptionModifyRemoveItem::new(sku(text));
    AdvancedCommerceSubscriptionChange::Remove(item)
}

fn modify(
    changes: impl IntoIterator<Item = AdvancedCommerceSubscriptionChange>,
) -> Result<AdvancedCommerceSubscriptionModifyInAppRequest, InvalidRequest> {
    let retain = BillingCycle::Retain;
    AdvancedCommerceSubscriptionModifyInAppRequest::new(info(), "730000000000042", retain, changes)
}

#[test]
fn the_request_info_has_an_identifier_and_perhaps_an_account_and_a_state() {
    let required = ["requestReferenceId"];
    check_request(&info(), &info_sample(), &required, &[]);
    let full = info()
        .with_app_account_token("1B9D6BCD-BBFD-4B2D-9B5D-AB8DFBBD4BED")
        .unwrap()
        .with_consistency_token("bGFuZXM");
    let sample = json!({
        "appAccountToken": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        "consistencyToken": "bGFuZXM",
        "requestReferenceId": UUID,
    });
    check_request(&full, &sample, &required, &[]);
    assert_eq!(
        invalid(info().with_app_account_token("swimmer-7")).0,
        "appAccountToken"
    );
    type Info = AdvancedCommerceRequestInfo;
    refused::<Info>(
        &sample,
        "appAccountToken",
        json!("swimmer-7"),
        "appAccountToken",
    );
    refused::<Info>(
        &sample,
        "requestReferenceId",
        json!("7"),
        "requestReferenceId",
    );
}

#[test]
fn a_one_time_charge_is_sent_with_its_constants() {
    let towel = AdvancedCommerceOneTimeChargeItem::new(
        sku("pool.lane.4"),
        description(),
        display_name(),
        1_490_000,
    );
    let item_sample = with(&item_sample(), "price", json!(1_490_000));
    let all = ["SKU", "description", "displayName", "price"];
    check_request(&towel, &item_sample, &all, &[]);
    refused::<AdvancedCommerceOneTimeChargeItem>(&item_sample, "price", json!(-1), "-1");
    let long = "🏊".repeat(129);
    refused::<AdvancedCommerceOneTimeChargeItem>(&item_sample, "SKU", json!(long), "SKU");

    let request =
        AdvancedCommerceOneTimeChargeCreateRequest::new(info(), towel, currency(), "S042-07-1");
    let mut sample = json!({
        "operation": "CREATE_ONE_TIME_CHARGE",
        "version": "1",
        "requestInfo": info_sample(),
        "currency": "ISK",
        "item": item_sample,
        "taxCode": "S042-07-1",
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), sample);
    sample["storefront"] = json!("ISL");
    let required = ["requestInfo", "currency", "item", "taxCode"];
    let constants = ["operation", "version"];
    let request = request.with_storefront(storefront());
    check_request(&request, &sample, &required, &constants);
    type Request = AdvancedCommerceOneTimeChargeCreateRequest;
    refused::<Request>(&sample, "operation", json!("CREATE_SUBSCRIPTION"), "CREATE");
    refused::<Request>(&sample, "version", json!("2"), "2");
    refused::<Request>(&sample, "currency", json!("isk"), "currency");
}

#[test]
fn constants_that_are_missing_are_set_when_a_request_is_read() {
    fn check<T: Serialize + DeserializeOwned>(mut sample: Value) {
        let complete = sample.clone();
        let members = sample.as_object_mut().unwrap();
        assert!(members.remove("operation").is_some());
        assert!(members.remove("version").is_some());
        let request: T = read(&sample).unwrap();
        assert_eq!(serde_json::to_value(&request).unwrap(), complete);
    }
    check::<AdvancedCommerceOneTimeChargeCreateRequest>(json!({
        "operation": "CREATE_ONE_TIME_CHARGE",
        "version": "1",
        "requestInfo": info_sample(),
        "currency": "ISK",
        "item": with(&item_sample(), "price", json!(1)),
        "taxCode": "S042-07-1",
    }));
    check::<AdvancedCommerceSubscriptionCreateRequest>(json!({
        "operation": "CREATE_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "currency": "ISK",
        "descriptors": samples::descriptors(),
        "items": [priced_item_sample()],
        "period": "P1M",
        "taxCode": "S042-07-1",
    }));
    check::<AdvancedCommerceSubscriptionModifyInAppRequest>(json!({
        "operation": "MODIFY_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "removeItems": [{"SKU": "pool.lane.4"}],
        "retainBillingCycle": false,
        "transactionId": "730000000000042",
    }));
    check::<AdvancedCommerceSubscriptionReactivateInAppRequest>(json!({
        "operation": "REACTIVATE_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "transactionId": "730000000000042",
    }));
}

#[test]
fn a_new_subscription_is_sent_with_its_items_and_texts() {
    let item = create_item().with_offer(offer());
    let all = ["SKU", "description", "displayName", "price"];
    check_request(&item, &priced_item_sample(), &all, &[]);

    let request = AdvancedCommerceSubscriptionCreateRequest::new(
        info(),
        AdvancedCommerceDescriptors::new(
            AdvancedCommerceDescription::new("Swim whenever you like").unwrap(),
            AdvancedCommerceDisplayName::new("Open water").unwrap(),
        ),
        [item],
        AdvancedCommercePeriod::P1M,
        currency(),
        "S042-07-1",
    )
    .unwrap();
    let mut sample = json!({
        "operation": "CREATE_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "currency": "ISK",
        "descriptors": samples::descriptors(),
        "items": [priced_item_sample()],
        "period": "P1M",
        "taxCode": "S042-07-1",
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), sample);

    sample["previousTransactionId"] = json!("730000000000007");
    sample["storefront"] = json!("ISL");
    let request = request
        .with_previous_transaction_id("730000000000007")
        .with_storefront(storefront());
    check_request(
        &request,
        &sample,
        &[
            "requestInfo",
            "currency",
            "descriptors",
            "items",
            "period",
            "taxCode",
        ],
        &["operation", "version"],
    );
    type Request = AdvancedCommerceSubscriptionCreateRequest;
    refused::<Request>(&sample, "items", json!([]), "items");
    refused::<Request>(&sample, "items", json!([null]), "null");
    refused::<Request>(&sample, "descriptors", json!({}), "description");
    let long = json!({"description": "", "displayName": "x".repeat(31)});
    refused::<Request>(&sample, "descriptors", long, "displayName");
    let long = json!({"description": "x".repeat(46), "displayName": ""});
    refused::<Request>(&sample, "descriptors", long, "description");
}

#[test]
fn a_subscription_is_not_created_without_items_or_with_an_offer_that_is_not_complete() {
    let create = |descriptors: AdvancedCommerceDescriptors, items: Vec<_>| {
        let period = AdvancedCommercePeriod::P1Y;
        AdvancedCommerceSubscriptionCreateRequest::new(
            info(),
            descriptors,
            items,
            period,
            currency(),
            "S042-07-1",
        )
    };
    let texts = || AdvancedCommerceDescriptors::new(description(), display_name());
    assert!(create(texts(), vec![create_item()]).is_ok());
    assert_eq!(
        invalid(create(texts(), vec![])),
        ("items", InvalidReason::Empty)
    );
    assert_eq!(
        invalid(create(
            AdvancedCommerceDescriptors::default(),
            vec![create_item()]
        )),
        ("description", InvalidReason::Missing)
    );

    // What Apple signs is read leniently, and may be sent back only if it is complete.
    for (member, value, reason) in [
        ("period", Value::Null, InvalidReason::Missing),
        ("periodCount", Value::Null, InvalidReason::Missing),
        ("price", Value::Null, InvalidReason::Missing),
        ("reason", Value::Null, InvalidReason::Missing),
        (
            "periodCount",
            json!(13),
            InvalidReason::OutOfRange {
                found: 13,
                min: 1,
                max: 12,
            },
        ),
        (
            "price",
            json!(-1),
            InvalidReason::OutOfRange {
                found: -1,
                min: 0,
                max: i64::MAX,
            },
        ),
    ] {
        let offer: AdvancedCommerceOffer = read(&with(&samples::offer(), member, value)).unwrap();
        let item = create_item().with_offer(offer);
        assert_eq!(invalid(create(texts(), vec![item])), (member, reason));
    }
}

#[test]
fn an_offer_is_for_1_to_12_periods() {
    let offer = |count, price| {
        let period = AdvancedCommerceOfferPeriod::P1W;
        AdvancedCommerceOffer::new(
            period,
            count,
            price,
            AdvancedCommerceOfferReason::Acquisition,
        )
    };
    for count in [1, 6, 12] {
        assert_eq!(offer(count, 0).unwrap().period_count, Some(count.into()));
    }
    for count in [0, 13, u32::MAX] {
        let found = count.into();
        let reason = InvalidReason::OutOfRange {
            found,
            min: 1,
            max: 12,
        };
        assert_eq!(invalid(offer(count, 0)), ("periodCount", reason));
    }
    let largest = i64::MAX.unsigned_abs();
    assert_eq!(offer(1, largest).unwrap().price, Some(i64::MAX));
    is_rule(offer(1, largest + 1), "price");
}

#[test]
fn a_changed_subscription_is_sent_with_exactly_its_changes() {
    let added = add_item().with_prorated_price(745_000);
    let mut added_sample = with(&item_sample(), "price", json!(1_490_000));
    added_sample["proratedPrice"] = json!(745_000);
    let required = ["SKU", "description", "displayName", "price"];
    check_request(&added, &added_sample, &required, &[]);
    check_request(
        &add_item().with_offer(offer()),
        &priced_item_sample(),
        &required,
        &[],
    );

    let changed = AdvancedCommerceSubscriptionModifyChangeItem::new(
        sku("pool.lane.1"),
        add_item().with_offer(offer()),
        AdvancedCommerceEffective::NextBillCycle,
        AdvancedCommerceReason::ApplyOffer,
    );
    let mut changed_sample = priced_item_sample();
    changed_sample["currentSKU"] = json!("pool.lane.1");
    changed_sample["effective"] = json!("NEXT_BILL_CYCLE");
    changed_sample["reason"] = json!("APPLY_OFFER");
    let required = [
        "SKU",
        "description",
        "displayName",
        "currentSKU",
        "effective",
        "price",
        "reason",
    ];
    check_request(&changed, &changed_sample, &required, &[]);
    let prorated = AdvancedCommerceSubscriptionModifyChangeItem::new(
        sku("pool.lane.1"),
        add_item().with_prorated_price(7),
        AdvancedCommerceEffective::Immediately,
        AdvancedCommerceReason::Upgrade,
    );
    assert_eq!(serde_json::to_value(&prorated).unwrap()["proratedPrice"], 7);

    let removed = AdvancedCommerceSubscriptionModifyRemoveItem::new(sku("pool.towel"));
    let removed_sample = json!({"SKU": "pool.towel"});
    check_request(&removed, &removed_sample, &["SKU"], &[]);

    let texts =
        AdvancedCommerceSubscriptionModifyDescriptors::new(AdvancedCommerceEffective::Immediately)
            .with_description(description())
            .with_display_name(display_name());
    let texts_sample = json!({
        "effective": "IMMEDIATELY",
        "description": "A lane to yourself",
        "displayName": "Lane 4",
    });
    check_request(&texts, &texts_sample, &["effective"], &[]);

    let period = AdvancedCommerceSubscriptionModifyPeriodChange::new(
        AdvancedCommerceEffective::Immediately,
        AdvancedCommercePeriod::P1Y,
    );
    let period_sample = json!({"effective": "IMMEDIATELY", "period": "P1Y"});
    check_request(&period, &period_sample, &["effective", "period"], &[]);

    let request = modify([
        AdvancedCommerceSubscriptionChange::Add(added),
        AdvancedCommerceSubscriptionChange::Change(changed),
        AdvancedCommerceSubscriptionChange::Remove(removed),
        AdvancedCommerceSubscriptionChange::Descriptors(texts),
        AdvancedCommerceSubscriptionChange::Period(period),
    ])
    .unwrap()
    .with_currency(currency())
    .with_storefront(storefront())
    .with_tax_code("S042-07-1");
    let sample = json!({
        "operation": "MODIFY_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "addItems": [added_sample],
        "changeItems": [changed_sample],
        "currency": "ISK",
        "descriptors": texts_sample,
        "periodChange": period_sample,
        "removeItems": [removed_sample],
        "retainBillingCycle": true,
        "storefront": "ISL",
        "taxCode": "S042-07-1",
        "transactionId": "730000000000042",
    });
    check_request(
        &request,
        &sample,
        &["requestInfo", "retainBillingCycle", "transactionId"],
        &["operation", "version"],
    );

    let smallest = modify([remove("pool.towel")]).unwrap();
    let sample = json!({
        "operation": "MODIFY_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "removeItems": [{"SKU": "pool.towel"}],
        "retainBillingCycle": true,
        "transactionId": "730000000000042",
    });
    assert_eq!(serde_json::to_value(&smallest).unwrap(), sample);
    type Request = AdvancedCommerceSubscriptionModifyInAppRequest;
    refused::<Request>(&sample, "removeItems", json!([]), "changeItems");
}

#[test]
fn a_change_changes_something_and_each_item_once() {
    use AdvancedCommerceSubscriptionChange as Change;

    assert_eq!(invalid(modify([])), ("changeItems", InvalidReason::Empty));
    is_rule(modify([remove("pool.towel"), remove("pool.towel")]), "SKU");
    is_rule(
        modify([remove("pool.lane.4"), Change::Add(add_item())]),
        "SKU",
    );
    assert!(modify([remove("pool.lane.1"), Change::Add(add_item())]).is_ok());

    let now = AdvancedCommerceEffective::Immediately;
    let no_text = AdvancedCommerceSubscriptionModifyDescriptors::new(now.clone());
    assert_eq!(
        invalid(modify([Change::Descriptors(no_text.clone())])),
        ("displayName", InvalidReason::Missing)
    );
    let named = no_text.clone().with_display_name(display_name());
    assert!(modify([Change::Descriptors(named.clone())]).is_ok());
    let described = no_text.with_description(description());
    is_rule(
        modify([Change::Descriptors(named), Change::Descriptors(described)]),
        "descriptors",
    );

    let period =
        AdvancedCommerceSubscriptionModifyPeriodChange::new(now, AdvancedCommercePeriod::P1W);
    assert!(modify([Change::Period(period.clone())]).is_ok());
    is_rule(
        modify([Change::Period(period.clone()), Change::Period(period)]),
        "periodChange",
    );
}

#[test]
fn an_item_has_a_prorated_price_or_an_offer_and_not_both() {
    let both = add_item().with_offer(offer()).with_prorated_price(1);
    let exchange = AdvancedCommerceSubscriptionModifyChangeItem::new(
        sku("pool.lane.1"),
        both.clone(),
        AdvancedCommerceEffective::Immediately,
        AdvancedCommerceReason::Downgrade,
    );
    is_rule(
        modify([AdvancedCommerceSubscriptionChange::Add(both)]),
        "proratedPrice",
    );
    is_rule(
        modify([AdvancedCommerceSubscriptionChange::Change(exchange)]),
        "proratedPrice",
    );
    let incomplete = add_item().with_offer(AdvancedCommerceOffer::default());
    assert_eq!(
        invalid(modify([AdvancedCommerceSubscriptionChange::Add(
            incomplete
        )])),
        ("period", InvalidReason::Missing)
    );
}

#[test]
fn a_subscription_is_reactivated_with_all_or_some_items() {
    let request =
        AdvancedCommerceSubscriptionReactivateInAppRequest::new(info(), "730000000000042");
    let mut sample = json!({
        "operation": "REACTIVATE_SUBSCRIPTION",
        "version": "1",
        "requestInfo": info_sample(),
        "transactionId": "730000000000042",
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), sample);

    let item = AdvancedCommerceSubscriptionReactivateItem::new(sku("pool.lane.4"));
    check_request(&item, &json!({"SKU": "pool.lane.4"}), &["SKU"], &[]);
    sample["items"] = json!([{"SKU": "pool.lane.4"}]);
    sample["storefront"] = json!("ISL");
    let request = request.with_items([item]).with_storefront(storefront());
    check_request(
        &request,
        &sample,
        &["requestInfo", "transactionId"],
        &["operation", "version"],
    );
}
