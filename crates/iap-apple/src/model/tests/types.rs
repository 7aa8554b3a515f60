//! Every type of Apple's APIs, held against the table: nothing that it lists gets lost.

use std::collections::BTreeSet;

use super::*;
use crate::{PromotionalOfferSignatureV1, facts};

/// Runs `$check::<T>(name)` for every type that is JSON, and returns the names in the table.
macro_rules! for_every_type {
    ($check:ident) => {
        for_every_type!(@ $check:
            AdvancedCommerceDescriptors,
            AdvancedCommerceInfo,
            AdvancedCommerceOffer,
            AdvancedCommerceOneTimeChargeCreateRequest,
            AdvancedCommerceOneTimeChargeItem,
            AdvancedCommercePriceIncreaseInfo,
            AdvancedCommerceRefund,
            AdvancedCommerceRenewalInfo,
            AdvancedCommerceRenewalItem,
            AdvancedCommerceRequestInfo,
            AdvancedCommerceRequestRefundItem,
            AdvancedCommerceRequestRefundRequest,
            AdvancedCommerceRequestRefundResponse,
            AdvancedCommerceSubscriptionCancelRequest,
            AdvancedCommerceSubscriptionCancelResponse,
            AdvancedCommerceSubscriptionChangeMetadataDescriptors,
            AdvancedCommerceSubscriptionChangeMetadataItem,
            AdvancedCommerceSubscriptionChangeMetadataRequest,
            AdvancedCommerceSubscriptionChangeMetadataResponse,
            AdvancedCommerceSubscriptionCreateItem,
            AdvancedCommerceSubscriptionCreateRequest,
            AdvancedCommerceSubscriptionMigrateDescriptors,
            AdvancedCommerceSubscriptionMigrateItem,
            AdvancedCommerceSubscriptionMigrateRenewalItem,
            AdvancedCommerceSubscriptionMigrateRequest,
            AdvancedCommerceSubscriptionMigrateResponse,
            AdvancedCommerceSubscriptionModifyAddItem,
            AdvancedCommerceSubscriptionModifyChangeItem,
            AdvancedCommerceSubscriptionModifyDescriptors,
            AdvancedCommerceSubscriptionModifyInAppRequest,
            AdvancedCommerceSubscriptionModifyPeriodChange,
            AdvancedCommerceSubscriptionModifyRemoveItem,
            AdvancedCommerceSubscriptionPriceChangeItem,
            AdvancedCommerceSubscriptionPriceChangeRequest,
            AdvancedCommerceSubscriptionPriceChangeResponse,
            AdvancedCommerceSubscriptionReactivateInAppRequest,
            AdvancedCommerceSubscriptionReactivateItem,
            AdvancedCommerceSubscriptionRevokeRequest,
            AdvancedCommerceSubscriptionRevokeResponse,
            AdvancedCommerceTransactionInfo,
            AdvancedCommerceTransactionItem,
            AlternateProduct,
            AppData,
            AppTransaction,
            AppTransactionInfoResponse,
            BulletPoint,
            CheckTestNotificationResponse,
            ConsumptionRequest,
            ConsumptionRequestV1,
            Data = NotificationData,
            DecodedRealtimeRequestBody = RealtimeRequest,
            DefaultConfigurationRequest,
            DefaultConfigurationResponse,
            ExtendRenewalDateRequest,
            ExtendRenewalDateResponse,
            ExternalPurchaseToken,
            GetImageListResponse,
            GetImageListResponseItem,
            GetMessageListResponse,
            GetMessageListResponseItem,
            HistoryResponse,
            JWSRenewalInfoDecodedPayload = RenewalInfo,
            JWSTransactionDecodedPayload = Transaction,
            LastTransactionsItem,
            MassExtendRenewalDateRequest,
            MassExtendRenewalDateResponse,
            MassExtendRenewalDateStatusResponse,
            Message,
            NotificationHistoryRequest,
            NotificationHistoryResponse,
            NotificationHistoryResponseItem,
            OrderLookupResponse,
            PerformanceTestConfig,
            PerformanceTestRequest,
            PerformanceTestResponse,
            PerformanceTestResponseTimes,
            PerformanceTestResultResponse,
            PromotionalOffer,
            PromotionalOfferSignatureV1,
            RealtimeRequestBody,
            RealtimeResponseBody,
            RealtimeUrlRequest,
            RealtimeUrlResponse,
            RefundHistoryResponse,
            RenewalCommitmentInfo,
            ResponseBodyV2,
            ResponseBodyV2DecodedPayload = Notification,
            SendAttemptItem,
            SendTestNotificationResponse,
            StatusResponse,
            SubscriptionGroupIdentifierItem,
            Summary,
            TransactionCommitmentInfo,
            TransactionInfoResponse,
            UpdateAppAccountTokenRequest,
            UploadMessageImage,
            UploadMessageRequestBody,
        )
    };
    (@ $check:ident: $($name:ident $(= $type:ident)?,)+) => {
        [$({
            $check::<for_every_type!(@type $name $($type)?)>(stringify!($name));
            stringify!($name)
        }),+]
    };
    (@type $name:ident) => { $name };
    (@type $name:ident $type:ident) => { $type };
}

/// Reads and writes.
fn written_back<T: Serialize + DeserializeOwned>(json: &Value) -> serde_json::Result<Value> {
    serde_json::to_value(read::<T>(json)?)
}

#[test]
fn a_sample_with_every_member_of_the_table_is_written_back_as_it_was_read() {
    fn check<T: Serialize + DeserializeOwned>(name: &str) {
        let mut seen = BTreeSet::new();
        for sample in facts::samples(name) {
            assert_eq!(written_back::<T>(&sample).unwrap(), sample, "{name}");
            seen.extend(members(&sample).keys().cloned());
        }
        let listed = facts::members(name).into_iter();
        let listed: BTreeSet<_> = listed.map(|(member, _)| member.to_owned()).collect();
        assert_eq!(seen, listed, "{name}");
    }
    let checked = for_every_type!(check);

    // Not JSON that anybody sends or answers, and held against the table where they belong.
    let elsewhere = [
        "AdvancedCommerceInAppClaims",
        "BearerTokenClaims",
        "BearerTokenHeader",
        "ErrorPayload",
        "IntroductoryOfferEligibilityClaims",
        "JWSDecodedHeader",
        "PromotionalOfferV2Claims",
        "TransactionHistoryRequest",
    ];
    let all: BTreeSet<_> = checked.into_iter().chain(elsewhere).collect();
    assert_eq!(all, facts::types().into_iter().collect());
    assert_eq!(all.len(), 105);
}

#[test]
fn a_member_of_tomorrow_disturbs_no_type_of_the_table() {
    fn check<T: Serialize + DeserializeOwned>(name: &str) {
        for sample in facts::samples(name) {
            let tomorrow = with(&sample, "memberOfTomorrow", json!([{"a": null}, 1]));
            match name {
                // An object with exactly one member, which your server writes and Apple reads.
                "RealtimeResponseBody" => assert!(written_back::<T>(&tomorrow).is_err()),
                _ => assert_eq!(written_back::<T>(&tomorrow).unwrap(), sample, "{name}"),
            }
        }
    }
    for_every_type!(check);
}

#[test]
fn every_member_takes_every_value_of_its_enum_and_one_of_tomorrow() {
    fn check<T: Serialize + DeserializeOwned>(name: &str) {
        for sample in facts::samples(name) {
            for (member, kind) in facts::members(name) {
                if sample.get(member).is_none() {
                    continue;
                }
                for value in values_of(kind) {
                    let sample = with(&sample, member, value.clone());
                    match written_back::<T>(&sample) {
                        Ok(written) => assert_eq!(written, sample, "{name}"),
                        Err(error) => {
                            let is_rule = is_against_a_rule(name, member, &value);
                            assert!(is_rule, "{name}, {member} {value}: {error}");
                        }
                    }
                }
            }
        }
    }
    for_every_type!(check);
}

/// What a member may be that holds the values of an enum: each, and one of tomorrow.
fn values_of(kind: &str) -> Vec<Value> {
    if let Some(name) = kind.strip_prefix("enum:") {
        let values = facts::values(name).into_iter();
        let values = values.map(|(_, value)| value.clone());
        return values.chain([facts::value_of_tomorrow(name)]).collect();
    }
    match facts::inside(kind, "map<").and_then(|kinds| kinds.split_once(',')) {
        Some((key, _)) => values_of(key)
            .iter()
            .map(|key| json!({ key.as_str().unwrap(): 2 }))
            .collect(),
        None => Vec::new(),
    }
}

/// Whether Apple forbids the value where the other members are as in the sample.
fn is_against_a_rule(name: &str, member: &str, value: &Value) -> bool {
    match (name, member) {
        // The sample has an amount, which goes with CUSTOM alone.
        ("AdvancedCommerceRequestRefundItem", "refundType") => value != "CUSTOM",
        ("AdvancedCommerceSubscriptionRevokeRequest", "refundType") => value == "CUSTOM",
        _ => false,
    }
}
