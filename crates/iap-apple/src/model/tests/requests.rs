//! What holds for every request: it is sent with exactly the members that were set, and what Apple
//! would refuse can neither be made nor read.

use iap_core::Timestamp;

use super::*;

pub(super) const UUID: &str = "3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f";
pub(super) const UPPER_CASE_UUID: &str = "3F8B0F0A-7D2E-4C3F-9D7A-2B6A0C1D5E4F";

/// Checks a full request against the JSON that it stands for: `built` is written as `sample` and
/// read from it; members that are `required` must be there, and all others may be missing or null,
/// except those that are `bound` to another one.
pub(super) fn check_request<T>(built: &T, sample: &Value, required: &[&str], bound: &[&str])
where
    T: core::fmt::Debug + PartialEq + Serialize + DeserializeOwned,
{
    assert_eq!(&serde_json::to_value(built).unwrap(), sample);
    assert_eq!(&read::<T>(sample).unwrap(), built);
    let tomorrow = with(sample, "memberOfTomorrow", json!([1, {}]));
    assert_eq!(&read::<T>(&tomorrow).unwrap(), built);
    for member in required.iter().chain(bound) {
        assert!(members(sample).contains_key(*member), "{member}");
    }

    for (member, value) in members(sample) {
        let mut missing = sample.clone();
        missing.as_object_mut().unwrap().remove(member);
        let null = with(sample, member, Value::Null);
        if required.contains(&member.as_str()) {
            assert!(read::<T>(&missing).is_err(), "{member}");
            assert!(read::<T>(&null).is_err(), "{member}");
        } else if !bound.contains(&member.as_str()) {
            for json in [&missing, &null] {
                let request: T = read(json).unwrap();
                assert_eq!(serde_json::to_value(&request).unwrap(), missing, "{member}");
            }
        }
        let wrong = if value.is_object() {
            json!(true)
        } else {
            json!({"wrong": true})
        };
        assert!(read::<T>(&with(sample, member, wrong)).is_err(), "{member}");
    }
}

/// That `sample` with another `value` of `member` is refused, by the name of `blamed`.
pub(super) fn refused<T>(sample: &Value, member: &str, value: Value, blamed: &str)
where
    T: core::fmt::Debug + DeserializeOwned,
{
    let error = read::<T>(&with(sample, member, value)).unwrap_err();
    assert!(error.to_string().contains(blamed), "{error}");
}

/// The member and the reason of a refusal.
pub(super) fn invalid<T: core::fmt::Debug>(
    result: Result<T, InvalidRequest>,
) -> (&'static str, InvalidReason) {
    let InvalidRequest { member, reason, .. } = result.unwrap_err();
    (member, reason)
}

#[test]
fn an_extension_of_one_subscription_is_sent_whole() {
    let id = RequestIdentifier::new("storm of May").unwrap();
    let request =
        ExtendRenewalDateRequest::new(90, ExtendReasonCode::ServiceIssueOrOutage, id).unwrap();
    let sample = json!({
        "extendByDays": 90,
        "extendReasonCode": 3,
        "requestIdentifier": "storm of May",
    });
    let all = ["extendByDays", "extendReasonCode", "requestIdentifier"];
    check_request(&request, &sample, &all, &[]);
    refused::<ExtendRenewalDateRequest>(&sample, "extendByDays", json!(91), "extendByDays");
    refused::<ExtendRenewalDateRequest>(&sample, "extendByDays", json!(-1), "-1");
    refused::<ExtendRenewalDateRequest>(&sample, "requestIdentifier", json!(""), "empty");
}

#[test]
fn an_extension_is_of_1_to_90_days() {
    let id = || RequestIdentifier::new("storm").unwrap();
    let reason = ExtendReasonCode::Undeclared;
    for days in [1, 90] {
        assert!(ExtendRenewalDateRequest::new(days, reason, id()).is_ok());
        assert!(MassExtendRenewalDateRequest::new("swim.season", days, reason, id()).is_ok());
    }
    for days in [0, 91, u32::MAX] {
        let expected = (
            "extendByDays",
            InvalidReason::OutOfRange {
                found: days.into(),
                min: 1,
                max: 90,
            },
        );
        assert_eq!(
            invalid(ExtendRenewalDateRequest::new(days, reason, id())),
            expected
        );
        assert_eq!(
            invalid(MassExtendRenewalDateRequest::new(
                "swim.season",
                days,
                reason,
                id()
            )),
            expected
        );
    }
}

#[test]
fn an_extension_of_all_subscribers_names_storefronts_or_leaves_them_out() {
    let request = MassExtendRenewalDateRequest::new(
        "swim.season",
        7,
        ExtendReasonCode::CustomerSatisfaction,
        RequestIdentifier::new(UUID).unwrap(),
    )
    .unwrap();
    assert_eq!(
        serde_json::to_value(&request).unwrap(),
        json!({
            "extendByDays": 7,
            "extendReasonCode": 1,
            "requestIdentifier": UUID,
            "productId": "swim.season",
        })
    );

    let empty = request.clone().with_storefronts([]);
    let expected = ("storefrontCountryCodes", InvalidReason::Empty);
    assert_eq!(invalid(empty), expected);

    let storefronts = ["ISL", "NOR"].map(|code| StorefrontCountryCode::new(code).unwrap());
    let sample = json!({
        "extendByDays": 7,
        "extendReasonCode": 1,
        "requestIdentifier": UUID,
        "storefrontCountryCodes": ["ISL", "NOR"],
        "productId": "swim.season",
    });
    check_request(
        &request.with_storefronts(storefronts).unwrap(),
        &sample,
        &[
            "extendByDays",
            "extendReasonCode",
            "requestIdentifier",
            "productId",
        ],
        &[],
    );
    let member = "storefrontCountryCodes";
    refused::<MassExtendRenewalDateRequest>(&sample, member, json!([]), member);
    refused::<MassExtendRenewalDateRequest>(&sample, member, json!(["isl"]), "storefront");
}

#[test]
fn a_request_for_notifications_is_sent_with_one_filter() {
    let request = || {
        let start = Timestamp::from_millis(1_789_000_000_000);
        let end = Timestamp::from_millis(1_790_000_000_000);
        NotificationHistoryRequest::new(start, end).unwrap()
    };
    let dates = json!({"startDate": 1_789_000_000_000_i64, "endDate": 1_790_000_000_000_i64});
    assert_eq!(serde_json::to_value(request()).unwrap(), dates);

    let refund = NotificationType::Refund;
    let by_type = NotificationFilter::Type(refund);
    let sample = with(&dates, "notificationType", json!("REFUND"));
    let required = ["startDate", "endDate"];
    check_request(&request().with_filter(by_type), &sample, &required, &[]);

    let expired = NotificationType::Expired;
    let both = NotificationFilter::TypeAndSubtype(expired, Subtype::Voluntary);
    let mut sample = with(&dates, "notificationType", json!("EXPIRED"));
    sample["notificationSubtype"] = json!("VOLUNTARY");
    sample["onlyFailures"] = json!(true);
    check_request(
        &request().with_filter(both.clone()).only_failures(),
        &sample,
        &["startDate", "endDate", "notificationType"],
        &[],
    );

    let transaction = NotificationFilter::Transaction("730000000000042".into());
    let sample = with(&dates, "transactionId", json!("730000000000042"));
    let replaced = request().with_filter(both).with_filter(transaction);
    check_request(&replaced, &sample, &required, &[]);
}

#[test]
fn dates_are_sent_in_whole_milliseconds_however_exactly_they_were_given() {
    let [start, end] = [
        "2023-10-24T12:02:30.123456Z",
        "2023-10-24T12:02:30.999999999Z",
    ]
    .map(|text| text.parse().unwrap());
    let request = NotificationHistoryRequest::new(start, end).unwrap();
    let sent = json!({"startDate": 1_698_148_950_123_i64, "endDate": 1_698_148_950_999_i64});
    assert_eq!(serde_json::to_value(request).unwrap(), sent);
}

#[test]
fn filters_that_exclude_each_other_cannot_be_read() {
    let sample = json!({
        "startDate": 1_789_000_000_000_i64,
        "endDate": 1_790_000_000_000_i64,
        "transactionId": "730000000000042",
    });
    type Request = NotificationHistoryRequest;
    refused::<Request>(&sample, "notificationType", json!("TEST"), "transactionId");
    refused::<Request>(
        &sample,
        "notificationSubtype",
        json!("SUMMARY"),
        "notificationSubtype",
    );
    refused::<Request>(
        &sample,
        "startDate",
        json!(1_790_000_000_000_i64),
        "startDate",
    );
}

#[test]
fn notifications_are_asked_for_from_a_start_before_the_end() {
    let at = Timestamp::from_millis;
    assert!(NotificationHistoryRequest::new(at(1), at(2)).is_ok());
    for (start, end) in [(2, 2), (3, 2)] {
        let (member, reason) = invalid(NotificationHistoryRequest::new(at(start), at(end)));
        assert_eq!(member, "startDate");
        assert_eq!(reason, InvalidReason::Rule("must be before endDate"));
    }
}

#[test]
fn an_account_is_attached_by_a_uuid_in_lower_case() {
    let request = UpdateAppAccountTokenRequest::new(UPPER_CASE_UUID).unwrap();
    let sample = json!({"appAccountToken": UUID});
    check_request(&request, &sample, &["appAccountToken"], &[]);
    for no_uuid in ["", "swimmer-7", "3f8b0f0a7d2e4c3f9d7a2b6a0c1d5e4f"] {
        assert_eq!(
            invalid(UpdateAppAccountTokenRequest::new(no_uuid)).0,
            "appAccountToken"
        );
        refused::<UpdateAppAccountTokenRequest>(
            &sample,
            "appAccountToken",
            json!(no_uuid),
            "appAccountToken",
        );
    }
}

#[test]
fn the_first_consumption_request_sends_every_member_and_no_account_as_an_empty_text() {
    let request = ConsumptionRequestV1::with_customer_consent(
        DeliveryStatusV1::DeliveredWrongItem,
        SampleContent::Provided,
    );
    let undeclared = json!({
        "customerConsented": true,
        "consumptionStatus": 0,
        "platform": 0,
        "sampleContentProvided": true,
        "deliveryStatus": 2,
        "appAccountToken": "",
        "accountTenure": 0,
        "playTime": 0,
        "lifetimeDollarsRefunded": 0,
        "lifetimeDollarsPurchased": 0,
        "userStatus": 0,
        "refundPreference": 0,
    });
    assert_eq!(serde_json::to_value(&request).unwrap(), undeclared);
    assert_eq!(read::<ConsumptionRequestV1>(&undeclared).unwrap(), request);
    assert_eq!(
        invalid(request.clone().with_app_account_token("")).0,
        "appAccountToken"
    );

    let request = request
        .with_app_account_token(UPPER_CASE_UUID)
        .unwrap()
        .with_consumption_status(ConsumptionStatus::PartiallyConsumed)
        .with_platform(Platform::NonApple)
        .with_account_tenure(AccountTenure::TenDaysToThirtyDays)
        .with_play_time(PlayTime::OneDayToFourDays)
        .with_lifetime_dollars_refunded(LifetimeDollarsRefunded::ZeroDollars)
        .with_lifetime_dollars_purchased(LifetimeDollarsPurchased::TwoThousandDollarsOrGreater)
        .with_user_status(UserStatus::LimitedAccess)
        .with_refund_preference(RefundPreferenceV1::PreferDecline);
    let sample = json!({
        "customerConsented": true,
        "consumptionStatus": 2,
        "platform": 2,
        "sampleContentProvided": true,
        "deliveryStatus": 2,
        "appAccountToken": UUID,
        "accountTenure": 3,
        "playTime": 5,
        "lifetimeDollarsRefunded": 1,
        "lifetimeDollarsPurchased": 7,
        "userStatus": 4,
        "refundPreference": 2,
    });
    let all: Vec<&str> = members(&sample).keys().map(String::as_str).collect();
    assert_eq!(all.len(), 12);
    check_request(&request, &sample, &all, &[]);
    type Request = ConsumptionRequestV1;
    refused::<Request>(
        &sample,
        "customerConsented",
        json!(false),
        "customerConsented",
    );
    refused::<Request>(&sample, "appAccountToken", json!("me"), "appAccountToken");
    refused::<Request>(&sample, "deliveryStatus", json!("DELIVERED"), "DELIVERED");
}
