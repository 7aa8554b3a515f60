//! What holds for every answer: nothing is lost, nothing optional is demanded, nothing panics.

mod dates;
mod enums;

use core::fmt::Debug;

#[cfg(feature = "billing-compatibility")]
use iap_core::PlanId;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::*;

/// An answer, to run one check over all of them.
trait Answer: Clone + Debug + PartialEq + Serialize + DeserializeOwned {}

impl<T: Clone + Debug + PartialEq + Serialize + DeserializeOwned> Answer for T {}

/// Runs `$check::<T>(sample, required)` for every answer and part of one.
macro_rules! for_every_answer {
    ($check:ident) => {{
        $check::<Receipt>(receipt(), RECEIPT_REQUIRES);
        $check::<Promotion>(promotion(), &[]);
        #[cfg(feature = "billing-compatibility")]
        {
            $check::<ProductPurchase>(product(), PRODUCT_REQUIRES);
            $check::<SubscriptionPurchase>(subscription(), SUBSCRIPTION_REQUIRES);
            $check::<CanceledStateContext>(context(), &[]);
            $check::<LineItem>(line_item(), &["productId"]);
            $check::<AutoRenewingPlan>(json!({"autoRenewEnabled": true}), &[]);
            $check::<DeferredItemReplacement>(json!({"productId": "gold"}), &[]);
            $check::<OfferDetails>(line_item()["offerDetails"].clone(), &[]);
        }
    }};
}

const RECEIPT_REQUIRES: &[&str] = &["receiptId", "productId", "productType", "purchaseDate"];

#[cfg(feature = "billing-compatibility")]
const PRODUCT_REQUIRES: &[&str] = &[
    "productId",
    "productType",
    "purchaseState",
    "purchaseTimeMillis",
    "purchaseToken",
];

#[cfg(feature = "billing-compatibility")]
const SUBSCRIPTION_REQUIRES: &[&str] = &[
    "receiptId",
    "productType",
    "purchaseTimeMillis",
    "lineItems",
];

fn promotion() -> Value {
    json!({"promotionType": "Retention Offer", "promotionStatus": "InProgress"})
}

/// A receipt with a value in every member.
pub(super) fn receipt() -> Value {
    json!({
        "receiptId": "receipt:3:11",
        "productId": "gold",
        "productType": "SUBSCRIPTION",
        "purchaseDate": 1_700_000_000_000_i64,
        "cancelDate": 1_700_000_000_001_i64,
        "cancelReason": 1,
        "renewalDate": 1_700_000_000_002_i64,
        "autoRenewing": true,
        "term": "1 Month",
        "termSku": "gold.monthly",
        "freeTrialEndDate": 1_700_000_000_003_i64,
        "gracePeriodEndDate": 1_700_000_000_004_i64,
        "deferredDate": 1_700_000_000_005_i64,
        "deferredSku": "platinum",
        "promotions": [promotion()],
        "baseReceipts": ["base:3:11"],
        "fulfillmentDate": 1_700_000_000_006_i64,
        "fulfillmentResult": "FULFILLED",
        "purchaseMetadataMap": {"QuickSubscribe": "true"},
        "countryCode": "US",
        "quantity": 1,
        "parentProductId": "reserved",
        "betaProduct": true,
        "testTransaction": true,
    })
}

#[cfg(feature = "billing-compatibility")]
fn product() -> Value {
    json!({
        "kind": "androidpublisher#productPurchase",
        "productId": "gold",
        "productType": "CONSUMABLE",
        "purchaseState": 0,
        "purchaseTimeMillis": "1700000000000",
        "purchaseToken": "token:1:11",
        "cancelDate": 1_700_000_000_001_i64,
        "cancelReason": 2,
        "parentProductId": "reserved",
        "purchaseType": 0,
        "quantity": 1,
        "testTransaction": true,
    })
}

#[cfg(feature = "billing-compatibility")]
fn subscription() -> Value {
    json!({
        "kind": "androidpublisher#subscriptionPurchaseV2",
        "receiptId": "receipt:3:11",
        "productType": "SUBSCRIPTION",
        "subscriptionState": "SUBSCRIPTION_STATE_ACTIVE",
        "startTime": "2023-11-14T22:13:20.000Z",
        "purchaseTimeMillis": "1700000000000",
        "cancelDate": 1_700_000_000_001_i64,
        "renewalDate": 1_700_000_000_002_i64,
        "freeTrialEndDate": 1_700_000_000_003_i64,
        "gracePeriodEndDate": 1_700_000_000_004_i64,
        "deferredDate": 1_700_000_000_005_i64,
        "fulfillmentDate": 1_700_000_000_006_i64,
        "fulfillmentResult": "FULFILLED",
        "promotions": [promotion()],
        "purchaseMetadataMap": {"QuickSubscribe": "true"},
        "term": "1 Month",
        "testPurchase": {},
        "testTransaction": true,
        "canceledStateContext": context(),
        "lineItems": [line_item()],
    })
}

#[cfg(feature = "billing-compatibility")]
fn context() -> Value {
    json!({
        "userInitiatedCancellation": {"cancelTime": "2023-11-14T22:13:20Z"},
        "systemInitiatedCancellation": {},
        "developerInitiatedCancellation": {},
        "replacementCancellation": {},
    })
}

#[cfg(feature = "billing-compatibility")]
fn line_item() -> Value {
    json!({
        "productId": "gold",
        "expiryTime": "1700000000002",
        "autoRenewingPlan": {"autoRenewEnabled": true},
        "deferredItemReplacement": {"productId": "platinum"},
        "offerDetails": {
            "basePlanId": "amzn1.appstore.iap.compatibility.baseplan.termsku.gold.monthly",
            "offerId": "amzn1.appstore.iap.compatibility.offer.termsku.gold.monthly",
        },
    })
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_str(&value.to_string())
}

fn write<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

fn with(value: &Value, member: &str, new: Value) -> Value {
    let mut value = value.clone();
    value
        .as_object_mut()
        .unwrap()
        .insert(member.to_owned(), new);
    value
}

fn without(value: &Value, member: &str) -> Value {
    let mut value = value.clone();
    value.as_object_mut().unwrap().remove(member).unwrap();
    value
}

fn members(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

#[test]
fn a_full_answer_is_written_back_as_it_was_read() {
    fn check<T: Answer>(sample: Value, _: &[&str]) {
        let answer: T = read(&sample).unwrap();
        assert_eq!(write(&answer), sample);

        // The sample is full: it sets every field, and only to values that have a name.
        let shown = format!("{answer:?}")
            .replace("other: {}", "")
            .replace("further: []", "");
        for gap in ["None", "[]", "Unknown"] {
            assert!(!shown.contains(gap), "{gap} in {shown}");
        }
    }
    for_every_answer!(check);
}

#[test]
fn a_missing_or_null_member_is_fatal_only_where_the_answer_is_nothing_without_it() {
    fn check<T: Answer>(sample: Value, required: &[&str]) {
        for member in members(&sample).keys() {
            let missing: Result<T, _> = read(&without(&sample, member));
            let null: Result<T, _> = read(&with(&sample, member, Value::Null));
            if required.contains(&member.as_str()) {
                assert!(
                    missing.unwrap_err().to_string().contains(member),
                    "{member}"
                );
                assert!(null.is_err(), "{member}");
            } else {
                let answer = missing.unwrap();
                assert_eq!(answer, null.unwrap(), "{member}");
                assert_eq!(write(&answer), without(&sample, member), "{member}");
            }
        }
        let least = sample.as_object().unwrap().clone();
        let least: Map<_, _> = least
            .into_iter()
            .filter(|(member, _)| required.contains(&member.as_str()))
            .collect();
        let answer: T = read(&Value::Object(least.clone())).unwrap();
        assert_eq!(write(&answer), Value::Object(least));
    }
    for_every_answer!(check);
}

#[test]
fn a_member_of_tomorrow_is_kept_and_does_not_disturb_those_of_today() {
    fn check<T: Answer>(sample: Value, _: &[&str]) {
        for new in [json!({"list": [1, null, "two"]}), json!(null), json!(0)] {
            let tomorrow = with(&sample, "memberOfTomorrow", new);
            let answer: T = read(&tomorrow).unwrap();
            assert_eq!(write(&answer), tomorrow);
        }
    }
    for_every_answer!(check);
}

#[test]
fn a_member_of_the_wrong_type_is_an_error() {
    fn check<T: Answer>(sample: Value, _: &[&str]) {
        for (member, value) in members(&sample) {
            let wrong = if value.is_object() {
                json!([true])
            } else {
                json!({"wrong": true})
            };
            assert!(
                read::<T>(&with(&sample, member, wrong)).is_err(),
                "{member}"
            );
        }
        for wrong in [
            json!(null),
            json!(true),
            json!(1),
            json!("{}"),
            json!([]),
            json!([{}]),
        ] {
            assert!(read::<T>(&wrong).is_err(), "{wrong}");
        }
    }
    for_every_answer!(check);
}

#[test]
fn an_error_object_is_no_answer() {
    let error = json!({"message": "Failed to parse receipt Id", "status": false});
    assert!(read::<Receipt>(&error).is_err());
    #[cfg(feature = "billing-compatibility")]
    assert!(
        read::<ProductPurchase>(&error).is_err() && read::<SubscriptionPurchase>(&error).is_err()
    );
}

#[test]
fn the_two_members_that_older_pages_write_in_capitals_are_read() {
    let old = with(
        &with(
            &without(&without(&receipt(), "autoRenewing"), "gracePeriodEndDate"),
            "AutoRenewing",
            json!(true),
        ),
        "GracePeriodEndDate",
        json!(1_700_000_000_004_i64),
    );
    assert_eq!(read::<Receipt>(&old).unwrap(), read(&receipt()).unwrap());
    // In both spellings, which one counts?
    let both = with(&receipt(), "AutoRenewing", json!(false));
    assert!(read::<Receipt>(&both).is_err());
}

#[test]
fn quick_subscribe_is_a_text_in_the_metadata() {
    let says = |metadata: Value| {
        let receipt: Receipt = read(&with(&receipt(), "purchaseMetadataMap", metadata)).unwrap();
        receipt.is_quick_subscribe()
    };
    assert!(says(json!({"QuickSubscribe": "true"})));
    assert!(says(json!({"QuickSubscribe": true})));
    for no in [
        json!({}),
        json!(null),
        json!({"QuickSubscribe": "false"}),
        json!({"QuickSubscribe": null}),
        json!({"quickSubscribe": "true"}),
    ] {
        assert!(!says(no.clone()), "{no}");
    }
    #[cfg(feature = "billing-compatibility")]
    assert!(
        read::<SubscriptionPurchase>(&subscription())
            .unwrap()
            .is_quick_subscribe()
    );
}

#[cfg(feature = "billing-compatibility")]
#[test]
fn a_subscription_has_at_least_one_product_and_keeps_all() {
    let none: Result<SubscriptionPurchase, _> =
        read(&with(&subscription(), "lineItems", json!([])));
    assert!(none.unwrap_err().to_string().contains("line item"));

    let add_on = json!({"productId": "news"});
    let both = with(&subscription(), "lineItems", json!([line_item(), add_on]));
    let answer: SubscriptionPurchase = read(&both).unwrap();
    assert_eq!(answer.line_items.first().product_id, "gold");
    assert_eq!(answer.line_items.further()[0].product_id, "news");
    assert_eq!(answer.line_items.iter().count(), 2);
    assert_eq!(write(&answer), both);
}

#[cfg(feature = "billing-compatibility")]
#[test]
fn the_term_is_what_follows_the_mark_in_the_base_plan() {
    let term = |base_plan: &str| {
        let details: OfferDetails = read(&json!({"basePlanId": base_plan})).unwrap();
        details.term_sku().map(PlanId::into_string)
    };
    let prefix = "amzn1.appstore.iap.compatibility.baseplan.termsku.";
    assert_eq!(
        term(&format!("{prefix}sub1-weekly")).unwrap(),
        "sub1-weekly"
    );
    assert_eq!(
        term(&format!("{prefix}a.termsku.b")).unwrap(),
        "a.termsku.b"
    );
    for nothing in [prefix, "", "sub1-weekly", "termsku."] {
        assert_eq!(term(nothing), None, "{nothing}");
    }
    assert_eq!(OfferDetails::default().term_sku(), None);
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = serde_json::from_slice::<Receipt>(&bytes);
    }

    #[test]
    fn no_change_of_an_answer_panics(
        at in 0_usize..700,
        new in proptest::num::u8::ANY,
        cut in 0_usize..2_000,
    ) {
        let mut text = receipt().to_string().into_bytes();
        if let Some(byte) = text.get_mut(at) {
            *byte = new;
        }
        text.truncate(cut.max(1));
        if let Ok(receipt) = serde_json::from_slice::<Receipt>(&text) {
            let again: Receipt = serde_json::from_value(write(&receipt)).unwrap();
            assert_eq!(again, receipt);
        }
    }
}
