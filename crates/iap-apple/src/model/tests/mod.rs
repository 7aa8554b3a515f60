//! What holds for every payload and answer: nothing is lost, nothing optional is demanded, nothing
//! panics.

mod advanced_commerce;
mod answers;
mod enums;
mod in_app;
mod requests;
mod retention;
mod samples;
mod types;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::*;

/// A payload type, to run one check over all of them.
trait Payload: Clone + core::fmt::Debug + Default + PartialEq + Serialize + DeserializeOwned {}

impl<T> Payload for T where
    T: Clone + core::fmt::Debug + Default + PartialEq + Serialize + DeserializeOwned
{
}

/// Runs `$check::<T>(sample)` for every payload and answer whose members are optional.
macro_rules! for_every_payload {
    ($check:ident) => {{
        $check::<AdvancedCommerceRequestRefundResponse>(answers::signed_pair());
        $check::<AdvancedCommerceSubscriptionCancelResponse>(answers::signed_pair());
        $check::<AdvancedCommerceSubscriptionChangeMetadataResponse>(answers::signed_pair());
        $check::<AdvancedCommerceSubscriptionMigrateResponse>(answers::signed_pair());
        $check::<AdvancedCommerceSubscriptionPriceChangeResponse>(answers::signed_pair());
        $check::<AdvancedCommerceSubscriptionRevokeResponse>(answers::signed_pair());
        $check::<AppTransactionInfoResponse>(answers::app_transaction_info());
        $check::<CheckTestNotificationResponse>(answers::check_test_notification());
        $check::<DefaultConfigurationResponse>(answers::default_configuration());
        $check::<ExtendRenewalDateResponse>(answers::extend_renewal_date());
        $check::<GetImageListResponse>(answers::image_list());
        $check::<GetImageListResponseItem>(answers::image());
        $check::<GetMessageListResponse>(answers::message_list());
        $check::<GetMessageListResponseItem>(answers::message());
        $check::<HistoryResponse>(answers::history());
        $check::<LastTransactionsItem>(answers::last_transactions_item());
        $check::<MassExtendRenewalDateResponse>(answers::mass_extend());
        $check::<MassExtendRenewalDateStatusResponse>(answers::mass_extend_status());
        $check::<NotificationHistoryResponse>(answers::notification_history());
        $check::<NotificationHistoryResponseItem>(answers::check_test_notification());
        $check::<OrderLookupResponse>(answers::order_lookup());
        $check::<PerformanceTestConfig>(answers::performance_test_config());
        $check::<PerformanceTestResponse>(answers::performance_test());
        $check::<PerformanceTestResponseTimes>(answers::performance_test_times());
        $check::<PerformanceTestResultResponse>(answers::performance_test_result());
        $check::<RealtimeRequestBody>(answers::signed_payload());
        $check::<RealtimeUrlResponse>(answers::realtime_url());
        $check::<RefundHistoryResponse>(answers::refund_history());
        $check::<ResponseBodyV2>(answers::signed_payload());
        $check::<SendAttemptItem>(answers::send_attempt());
        $check::<SendTestNotificationResponse>(answers::send_test_notification());
        $check::<StatusResponse>(answers::status());
        $check::<SubscriptionGroupIdentifierItem>(answers::subscription_group());
        $check::<TransactionInfoResponse>(answers::transaction_info());

        $check::<AdvancedCommerceDescriptors>(samples::descriptors());
        $check::<AdvancedCommerceOffer>(samples::offer());
        $check::<AdvancedCommercePriceIncreaseInfo>(samples::price_increase_info());
        $check::<AdvancedCommerceRefund>(samples::refund());
        $check::<AdvancedCommerceRenewalInfo>(samples::advanced_commerce_renewal());
        $check::<AdvancedCommerceRenewalItem>(samples::renewal_item());
        $check::<AdvancedCommerceTransactionInfo>(samples::advanced_commerce_transaction());
        $check::<AdvancedCommerceTransactionItem>(samples::transaction_item());
        $check::<AppData>(samples::app_data());
        $check::<AppTransaction>(samples::app_transaction());
        $check::<ExternalPurchaseToken>(samples::external_purchase_token());
        $check::<Notification>(samples::notification());
        $check::<NotificationData>(samples::notification_data());
        $check::<RenewalCommitmentInfo>(samples::renewal_commitment());
        $check::<RenewalInfo>(samples::renewal_info());
        $check::<Summary>(samples::summary());
        $check::<Transaction>(samples::transaction());
        $check::<TransactionCommitmentInfo>(samples::transaction_commitment());
    }};
}

/// Decodes from text, as all real payloads do.
fn read<T: DeserializeOwned>(json: &Value) -> serde_json::Result<T> {
    serde_json::from_str(&json.to_string())
}

/// `object` with `member` set to `value`.
fn with(object: &Value, member: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[member] = value;
    object
}

fn members(object: &Value) -> &Map<String, Value> {
    object.as_object().unwrap()
}

#[test]
fn a_full_payload_is_written_back_as_it_was_read() {
    fn check<T: Payload>(sample: Value) {
        let payload: T = read(&sample).unwrap();
        assert_eq!(serde_json::to_value(&payload).unwrap(), sample);

        // The sample is full: it sets every field, and only to values that have a name.
        let shown = format!("{payload:?}");
        for gap in ["None", "[]", "Unknown"] {
            assert!(!shown.contains(gap), "{gap} in {shown}");
        }
    }
    for_every_payload!(check);
}

#[test]
fn a_payload_without_members_is_read_as_empty() {
    fn check<T: Payload>(_: Value) {
        assert_eq!(read::<T>(&json!({})).unwrap(), T::default());
        assert_eq!(serde_json::to_value(T::default()).unwrap(), json!({}));
    }
    for_every_payload!(check);
}

#[test]
fn a_null_is_read_as_a_missing_member() {
    fn check<T: Payload>(sample: Value) {
        let mut nulls = sample.clone();
        for (member, value) in nulls.as_object_mut().unwrap() {
            *value = Value::Null;

            let mut missing = sample.clone();
            missing.as_object_mut().unwrap().remove(member);
            let null = with(&sample, member, Value::Null);
            assert_eq!(
                read::<T>(&null).unwrap(),
                read::<T>(&missing).unwrap(),
                "{member}"
            );
        }
        assert_eq!(read::<T>(&nulls).unwrap(), T::default());
    }
    for_every_payload!(check);
}

#[test]
fn a_member_of_tomorrow_does_not_disturb_those_of_today() {
    fn check<T: Payload>(sample: Value) {
        let tomorrow = with(
            &sample,
            "memberOfTomorrow",
            json!({"list": [1, null, "two"]}),
        );
        assert_eq!(read::<T>(&tomorrow).unwrap(), read::<T>(&sample).unwrap());
    }
    for_every_payload!(check);
}

#[test]
fn a_member_of_the_wrong_type_is_an_error() {
    fn check<T: Payload>(sample: Value) {
        for (member, value) in members(&sample) {
            let wrong = if value.is_object() {
                json!(true)
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
            json!([{}, {}]),
        ] {
            assert!(read::<T>(&wrong).is_err(), "{wrong}");
        }
    }
    for_every_payload!(check);
}

#[test]
fn an_incomplete_detail_does_not_spoil_the_transaction() {
    let items = json!([
        {"SKU": "pool.lane", "offer": {"period": "P1M"}},
        {"offer": {}},
        {"offer": null, "refunds": null},
        {},
    ]);
    let transaction: Transaction = read(&json!({
        "transactionId": "730000000000042",
        "advancedCommerceInfo": {"descriptors": {"displayName": "Lane 4"}, "items": items},
        "commitmentInfo": {},
    }))
    .unwrap();

    assert_eq!(transaction.transaction_id.unwrap(), "730000000000042");
    assert_eq!(transaction.commitment_info.unwrap(), Box::default());
    let info = transaction.advanced_commerce_info.unwrap();
    assert_eq!(info.descriptors.unwrap().display_name.unwrap(), "Lane 4");
    assert_eq!(info.items.len(), 4);
    let offer = info.items[0].offer.as_ref().unwrap();
    assert_eq!(offer.period, Some(AdvancedCommerceOfferPeriod::P1M));
    assert_eq!(offer.price, None);
    assert_eq!(info.items[1].offer, Some(AdvancedCommerceOffer::default()));
    assert_eq!(info.items[2], AdvancedCommerceTransactionItem::default());
}

#[test]
fn what_apple_signs_may_be_longer_or_more_than_it_takes() {
    let long = "x".repeat(1_000);
    let sample = json!({
        "advancedCommerceInfo": {
            "descriptors": {"description": long, "displayName": long},
            "items": [{"SKU": long, "offer": {"periodCount": 13}}],
        },
        "commitmentInfo": {"billingPeriodNumber": 13, "totalBillingPeriods": 24},
    });
    let transaction: Transaction = read(&sample).unwrap();
    assert_eq!(serde_json::to_value(&transaction).unwrap(), sample);
}

#[test]
fn a_transaction_made_in_xcode_is_read() {
    let transaction: Transaction = read(&json!({
        "transactionId": "0",
        "originalTransactionId": "0",
        "webOrderLineItemId": "0",
        "productId": "swim.season",
        "type": "Auto-Renewable Subscription",
        "quantity": 1,
        "purchaseDate": 1_712_345_678_901.234_5,
        "expiresDate": -0.5,
        "originalPurchaseDate": -62_135_769_600_000_i64,
        "isUpgraded": false,
        "environment": "Xcode",
        "deviceVerification": "c3dpbQ==",
        "deviceVerificationNonce": "6f0a2e0c-0d3b-4c57-9a53-3f1f7b7f4f10",
    }))
    .unwrap();

    assert_eq!(transaction.transaction_id.unwrap(), "0");
    assert_eq!(transaction.original_transaction_id.unwrap(), "0");
    assert_eq!(
        transaction.purchase_date.unwrap().as_millis(),
        1_712_345_678_901
    );
    assert_eq!(transaction.expires_date.unwrap().as_millis(), 0);
    assert_eq!(
        transaction.original_purchase_date.unwrap().as_millis(),
        -62_135_769_600_000
    );
    assert_eq!(transaction.is_upgraded, Some(false));
    assert_eq!(transaction.environment, Some(AppStoreEnvironment::Xcode));
}

#[test]
fn a_whole_number_is_read_in_every_spelling_that_means_it() {
    let price = |text: &str| {
        serde_json::from_str(&format!(r#"{{"price": {text}}}"#))
            .map(|transaction: Transaction| transaction.price)
    };
    for text in ["12990", "12990.0", "1.299e4", r#""12990""#] {
        assert_eq!(price(text).unwrap(), Some(12_990), "{text}");
    }
    for number in [0, -1, i64::MIN, i64::MAX] {
        assert_eq!(price(&number.to_string()).unwrap(), Some(number));
    }
    for text in [
        "12.99",
        r#""12.99""#,
        r#""""#,
        "9223372036854775808",
        "1e300",
    ] {
        assert_eq!(price(text).unwrap(), None, "{text}");
    }
    for text in ["true", "[]", "{}"] {
        assert!(price(text).is_err(), "{text}");
    }
}

#[test]
fn no_number_is_lost_for_being_written_with_a_decimal_point_or_as_text() {
    fn check<T: Payload>(sample: Value) {
        let payload: T = read(&sample).unwrap();
        for (member, value) in members(&sample) {
            let Some(number) = value.as_f64() else {
                continue;
            };
            let with_point = with(&sample, member, json!(number));
            assert_eq!(read::<T>(&with_point).unwrap(), payload, "{member}");

            if !member.ends_with("Date") {
                let text = with(&sample, member, json!(value.to_string()));
                assert_eq!(read::<T>(&text).unwrap(), payload, "{member}");
            }
        }
    }
    for_every_payload!(check);
}

#[test]
fn a_payload_may_name_an_enum_value_that_is_unknown_today() {
    let sample = json!({
        "notificationType": "TIME_TRAVEL",
        "subtype": "BACKWARDS",
        "data": {"environment": "Moon", "status": 99},
    });
    let notification: Notification = read(&sample).unwrap();
    assert_eq!(
        notification.notification_type,
        Some(NotificationType::Unknown("TIME_TRAVEL".to_owned()))
    );
    assert_eq!(
        notification.data.as_ref().unwrap().status,
        Some(Status::Unknown(99))
    );
    assert_eq!(serde_json::to_value(&notification).unwrap(), sample);
}

#[test]
fn an_answer_may_name_values_that_are_unknown_today() {
    let sample = json!({
        "result": "INCONCLUSIVE",
        "failures": {"METEORITE": 1, "TIMED_OUT": 2},
    });
    let result: PerformanceTestResultResponse = read(&sample).unwrap();
    let meteorite = SendAttemptResult::Unknown("METEORITE".to_owned());
    assert_eq!(result.failures.get(&meteorite), Some(&1));
    assert_eq!(result.failures.get(&SendAttemptResult::TimedOut), Some(&2));
    assert_eq!(serde_json::to_value(&result).unwrap(), sample);

    let order: OrderLookupResponse = read(&json!({"status": 2})).unwrap();
    assert_eq!(order.status, Some(OrderLookupStatus::Unknown(2)));
}

#[test]
fn an_order_that_does_not_exist_is_an_answer_and_no_error() {
    let order: OrderLookupResponse = read(&json!({"status": 1})).unwrap();
    assert_eq!(order.status, Some(OrderLookupStatus::Invalid));
    assert_eq!(order.signed_transactions, [""; 0]);
}

#[test]
fn an_image_or_message_is_pending_in_either_spelling_and_only_then() {
    for (spelling, is_pending) in [
        ("PENDING", true),
        ("PENDING_REVIEW", true),
        ("APPROVED", false),
        ("REJECTED", false),
        ("OF_TOMORROW", false),
    ] {
        assert_eq!(ImageState::from(spelling).is_pending(), is_pending);
        assert_eq!(MessageState::from(spelling).is_pending(), is_pending);
    }
}
