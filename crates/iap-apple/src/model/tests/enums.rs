//! Every enum of Apple's APIs, held against the table: each value under its name, and none too many.

use std::collections::BTreeSet;

use super::*;
use crate::facts;

/// Checks every enum against the table, and returns the names there.
///
/// Each value of the table is read as the variant with its name and written as it was; the enum has
/// no other variants, except `$more`; what is no value is refused, and a value of tomorrow kept.
macro_rules! check_every_enum {
    ($($name:ident $(= $type:ident)? $(+ $more:literal)?,)+) => {
        [$({
            type Enum = check_every_enum!(@type $name $($type)?);
            let name = stringify!($name);
            let mut values: Vec<Enum> = Vec::new();
            for (variant, wire) in facts::values(name) {
                let value: Enum = read(wire).unwrap();
                assert_eq!(format!("{value:?}").to_uppercase(), variant.replace('_', ""), "{name}");
                assert_eq!(&serde_json::to_value(&value).unwrap(), wire, "{name}");
                values.push(value);
            }
            $( values.push(read(&json!($more)).unwrap()); )?
            assert!(values.iter().all(|value| Enum::known().contains(value)), "{name}");
            assert_eq!(Enum::known().len(), values.len(), "{name}");

            let tomorrow = facts::value_of_tomorrow(name);
            let value: Enum = read(&tomorrow).unwrap();
            assert!(matches!(value, Enum::Unknown(_)), "{name} {value}");
            assert_eq!(serde_json::to_value(&value).unwrap(), tomorrow, "{name}");

            for wrong in [json!(null), json!(true), json!([]), json!({})] {
                assert!(read::<Enum>(&wrong).is_err(), "{name} {wrong}");
            }
            name
        }),+]
    };
    (@type $name:ident) => { $name };
    (@type $name:ident $type:ident) => { $type };
}

#[test]
fn every_enum_has_the_names_and_values_of_the_table() {
    let checked = check_every_enum! {
        AccountTenure,
        AdvancedCommerceEffective,
        AdvancedCommerceOfferPeriod,
        AdvancedCommerceOfferReason,
        AdvancedCommercePeriod,
        AdvancedCommercePriceIncreaseInfoStatus,
        AdvancedCommerceReason,
        AdvancedCommerceRefundReason,
        AdvancedCommerceRefundType,
        AutoRenewStatus,
        BillingPlanType,
        ConsumptionRequestReason,
        ConsumptionStatus,
        DeliveryStatus,
        DeliveryStatusV1,
        Environment = AppStoreEnvironment,
        ExpirationIntent,
        ExtendReasonCode,
        HeaderPosition,
        ImageSize,
        // As one of Apple's libraries spells PENDING.
        ImageState + "PENDING_REVIEW",
        InAppOwnershipType,
        LifetimeDollarsPurchased,
        LifetimeDollarsRefunded,
        MessageState + "PENDING_REVIEW",
        NotificationTypeV2 = NotificationType,
        OfferDiscountType,
        OfferType,
        Order = HistorySort,
        OrderLookupStatus,
        PerformanceTestStatus,
        Platform,
        PlayTime,
        PriceIncreaseStatus,
        ProductType = HistoryProductType,
        PurchasePlatform,
        RefundPreference,
        RefundPreferenceV1,
        RenewalBillingPlanType,
        RevocationReason,
        RevocationType,
        SendAttemptResult,
        Status,
        Subtype,
        TokenType,
        TransactionReason,
        Type = ProductType,
        UserStatus,
    };
    // A part of a path.
    let versions = facts::values("GetTransactionHistoryVersion").into_iter();
    let versions: Vec<_> = versions.map(|(_, version)| version.as_str()).collect();
    let ours = [TransactionHistoryVersion::V1, TransactionHistoryVersion::V2];
    assert_eq!(versions, ours.map(|version| Some(version.as_str())));

    let checked = checked.into_iter().chain(["GetTransactionHistoryVersion"]);
    let all: BTreeSet<_> = checked.collect();
    assert_eq!(all, facts::enums().into_iter().collect());
    assert_eq!(all.len(), 49);
}
