//! Every enum value, beside its spelling on the wire as Apple's pages and libraries have it.

use serde_json::{Value, json};

use super::*;

/// Checks that each value is read from and written as its spelling, that the table names all values
/// that the enum names, and that a value of tomorrow is kept.
macro_rules! check {
    ($name:ident: $raw:ident, [$( ($variant:ident, $wire:literal) ),+ $(,)?]) => {{
        let table = [$( ($name::$variant, json!($wire)) ),+];
        for (value, wire) in &table {
            assert_eq!(&read::<$name>(wire).unwrap(), value);
            assert_eq!(&serde_json::to_value(value).unwrap(), wire);
            assert_eq!(value.$raw(), *wire);
            assert!($name::known().contains(value), "{value} is not among the known values");
        }
        assert_eq!($name::known().len(), table.len());

        let tomorrow = check!(@tomorrow $raw);
        let value: $name = read(&tomorrow).unwrap();
        assert!(matches!(value, $name::Unknown(_)), "{value}");
        assert_eq!(serde_json::to_value(&value).unwrap(), tomorrow);

        for wrong in [json!(null), json!(true), json!([]), json!({})] {
            assert!(read::<$name>(&wrong).is_err(), "{wrong}");
        }
    }};
    (@tomorrow as_str) => { Value::from("OF_TOMORROW") };
    (@tomorrow as_i64) => { Value::from(4711) };
}

#[test]
fn the_values_of_every_text_enum_have_apples_spelling() {
    check!(AdvancedCommerceOfferPeriod: as_str, [
        (P3D, "P3D"),
        (P1W, "P1W"),
        (P2W, "P2W"),
        (P1M, "P1M"),
        (P2M, "P2M"),
        (P3M, "P3M"),
        (P6M, "P6M"),
        (P9M, "P9M"),
        (P1Y, "P1Y"),
    ]);
    check!(AdvancedCommerceOfferReason: as_str, [
        (Acquisition, "ACQUISITION"),
        (WinBack, "WIN_BACK"),
        (Retention, "RETENTION"),
    ]);
    check!(AdvancedCommercePeriod: as_str, [
        (P1W, "P1W"),
        (P1M, "P1M"),
        (P2M, "P2M"),
        (P3M, "P3M"),
        (P6M, "P6M"),
        (P1Y, "P1Y"),
    ]);
    check!(AdvancedCommercePriceIncreaseInfoStatus: as_str, [
        (Scheduled, "SCHEDULED"),
        (Pending, "PENDING"),
        (Accepted, "ACCEPTED"),
    ]);
    check!(AdvancedCommerceRefundReason: as_str, [
        (UnintendedPurchase, "UNINTENDED_PURCHASE"),
        (FulfillmentIssue, "FULFILLMENT_ISSUE"),
        (UnsatisfiedWithPurchase, "UNSATISFIED_WITH_PURCHASE"),
        (Legal, "LEGAL"),
        (Other, "OTHER"),
        (ModifyItemsRefund, "MODIFY_ITEMS_REFUND"),
        (SimulateRefundDecline, "SIMULATE_REFUND_DECLINE"),
    ]);
    check!(AdvancedCommerceRefundType: as_str, [
        (Full, "FULL"),
        (Prorated, "PRORATED"),
        (Custom, "CUSTOM"),
    ]);
    check!(AppStoreEnvironment: as_str, [
        (Sandbox, "Sandbox"),
        (Production, "Production"),
        (Xcode, "Xcode"),
        (LocalTesting, "LocalTesting"),
    ]);
    check!(BillingPlanType: as_str, [
        (BilledUpfront, "BILLED_UPFRONT"),
        (Monthly, "MONTHLY"),
    ]);
    check!(ConsumptionRequestReason: as_str, [
        (UnintendedPurchase, "UNINTENDED_PURCHASE"),
        (FulfillmentIssue, "FULFILLMENT_ISSUE"),
        (UnsatisfiedWithPurchase, "UNSATISFIED_WITH_PURCHASE"),
        (Legal, "LEGAL"),
        (Other, "OTHER"),
    ]);
    check!(InAppOwnershipType: as_str, [
        (FamilyShared, "FAMILY_SHARED"),
        (Purchased, "PURCHASED"),
    ]);
    check!(OfferDiscountType: as_str, [
        (FreeTrial, "FREE_TRIAL"),
        (PayAsYouGo, "PAY_AS_YOU_GO"),
        (PayUpFront, "PAY_UP_FRONT"),
        (OneTime, "ONE_TIME"),
    ]);
    check!(ProductType: as_str, [
        (AutoRenewableSubscription, "Auto-Renewable Subscription"),
        (NonConsumable, "Non-Consumable"),
        (Consumable, "Consumable"),
        (NonRenewingSubscription, "Non-Renewing Subscription"),
    ]);
    check!(PurchasePlatform: as_str, [
        (Ios, "iOS"),
        (MacOs, "macOS"),
        (TvOs, "tvOS"),
        (VisionOs, "visionOS"),
        (WatchOs, "watchOS"),
    ]);
    check!(RenewalBillingPlanType: as_str, [
        (BilledUpfront, "BILLED_UPFRONT"),
        (Monthly, "MONTHLY"),
    ]);
    check!(RevocationType: as_str, [
        (RefundFull, "REFUND_FULL"),
        (RefundProrated, "REFUND_PRORATED"),
        (FamilyRevoke, "FAMILY_REVOKE"),
    ]);
    check!(TokenType: as_str, [
        (Acquisition, "ACQUISITION"),
        (Services, "SERVICES"),
    ]);
    check!(TransactionReason: as_str, [
        (Purchase, "PURCHASE"),
        (Renewal, "RENEWAL"),
    ]);
}

#[test]
fn the_notification_types_and_subtypes_have_apples_spelling() {
    check!(NotificationType: as_str, [
        (Subscribed, "SUBSCRIBED"),
        (DidChangeRenewalPref, "DID_CHANGE_RENEWAL_PREF"),
        (DidChangeRenewalStatus, "DID_CHANGE_RENEWAL_STATUS"),
        (OfferRedeemed, "OFFER_REDEEMED"),
        (DidRenew, "DID_RENEW"),
        (Expired, "EXPIRED"),
        (DidFailToRenew, "DID_FAIL_TO_RENEW"),
        (GracePeriodExpired, "GRACE_PERIOD_EXPIRED"),
        (PriceIncrease, "PRICE_INCREASE"),
        (Refund, "REFUND"),
        (RefundDeclined, "REFUND_DECLINED"),
        (ConsumptionRequest, "CONSUMPTION_REQUEST"),
        (RenewalExtended, "RENEWAL_EXTENDED"),
        (Revoke, "REVOKE"),
        (Test, "TEST"),
        (RenewalExtension, "RENEWAL_EXTENSION"),
        (RefundReversed, "REFUND_REVERSED"),
        (ExternalPurchaseToken, "EXTERNAL_PURCHASE_TOKEN"),
        (OneTimeCharge, "ONE_TIME_CHARGE"),
        (RescindConsent, "RESCIND_CONSENT"),
        (MetadataUpdate, "METADATA_UPDATE"),
        (Migration, "MIGRATION"),
        (PriceChange, "PRICE_CHANGE"),
    ]);
    check!(Subtype: as_str, [
        (InitialBuy, "INITIAL_BUY"),
        (Resubscribe, "RESUBSCRIBE"),
        (Downgrade, "DOWNGRADE"),
        (Upgrade, "UPGRADE"),
        (AutoRenewEnabled, "AUTO_RENEW_ENABLED"),
        (AutoRenewDisabled, "AUTO_RENEW_DISABLED"),
        (Voluntary, "VOLUNTARY"),
        (BillingRetry, "BILLING_RETRY"),
        (PriceIncrease, "PRICE_INCREASE"),
        (GracePeriod, "GRACE_PERIOD"),
        (Pending, "PENDING"),
        (Accepted, "ACCEPTED"),
        (BillingRecovery, "BILLING_RECOVERY"),
        (ProductNotForSale, "PRODUCT_NOT_FOR_SALE"),
        (Summary, "SUMMARY"),
        (Failure, "FAILURE"),
        (Unreported, "UNREPORTED"),
        (ActiveTokenReminder, "ACTIVE_TOKEN_REMINDER"),
        (Created, "CREATED"),
    ]);
}

#[test]
fn the_values_of_every_number_enum_have_apples_numbers() {
    check!(AutoRenewStatus: as_i64, [(Off, 0), (On, 1)]);
    check!(ExpirationIntent: as_i64, [
        (CustomerCancelled, 1),
        (BillingError, 2),
        (CustomerDidNotConsentToPriceIncrease, 3),
        (ProductNotAvailable, 4),
        (Other, 5),
    ]);
    check!(OfferType: as_i64, [
        (IntroductoryOffer, 1),
        (PromotionalOffer, 2),
        (OfferCode, 3),
        (WinBackOffer, 4),
    ]);
    check!(PriceIncreaseStatus: as_i64, [
        (CustomerHasNotResponded, 0),
        (CustomerConsentedOrWasNotifiedWithoutNeedingConsent, 1),
    ]);
    check!(RevocationReason: as_i64, [
        (RefundedDueToIssue, 1),
        (RefundedForOtherReason, 0),
    ]);
    check!(Status: as_i64, [
        (Active, 1),
        (Expired, 2),
        (BillingRetry, 3),
        (BillingGracePeriod, 4),
        (Revoked, 5),
    ]);
}

#[test]
fn the_text_enums_of_requests_and_answers_have_apples_spelling() {
    check!(AdvancedCommerceEffective: as_str, [
        (Immediately, "IMMEDIATELY"),
        (NextBillCycle, "NEXT_BILL_CYCLE"),
    ]);
    check!(AdvancedCommerceReason: as_str, [
        (Upgrade, "UPGRADE"),
        (Downgrade, "DOWNGRADE"),
        (ApplyOffer, "APPLY_OFFER"),
    ]);
    check!(DeliveryStatus: as_str, [
        (Delivered, "DELIVERED"),
        (UndeliveredQualityIssue, "UNDELIVERED_QUALITY_ISSUE"),
        (UndeliveredWrongItem, "UNDELIVERED_WRONG_ITEM"),
        (UndeliveredServerOutage, "UNDELIVERED_SERVER_OUTAGE"),
        (UndeliveredOther, "UNDELIVERED_OTHER"),
    ]);
    check!(HeaderPosition: as_str, [
        (AboveBody, "ABOVE_BODY"),
        (AboveImage, "ABOVE_IMAGE"),
    ]);
    check!(HistoryProductType: as_str, [
        (AutoRenewable, "AUTO_RENEWABLE"),
        (NonRenewable, "NON_RENEWABLE"),
        (Consumable, "CONSUMABLE"),
        (NonConsumable, "NON_CONSUMABLE"),
    ]);
    check!(HistorySort: as_str, [
        (Ascending, "ASCENDING"),
        (Descending, "DESCENDING"),
    ]);
    check!(ImageSize: as_str, [
        (FullSize, "FULL_SIZE"),
        (BulletPoint, "BULLET_POINT"),
    ]);
    check!(ImageState: as_str, [
        (Pending, "PENDING"),
        (PendingReview, "PENDING_REVIEW"),
        (Approved, "APPROVED"),
        (Rejected, "REJECTED"),
    ]);
    check!(MessageState: as_str, [
        (Pending, "PENDING"),
        (PendingReview, "PENDING_REVIEW"),
        (Approved, "APPROVED"),
        (Rejected, "REJECTED"),
    ]);
    check!(PerformanceTestStatus: as_str, [
        (Pending, "PENDING"),
        (Pass, "PASS"),
        (Fail, "FAIL"),
    ]);
    check!(RefundPreference: as_str, [
        (Decline, "DECLINE"),
        (GrantFull, "GRANT_FULL"),
        (GrantProrated, "GRANT_PRORATED"),
    ]);
    check!(SendAttemptResult: as_str, [
        (Success, "SUCCESS"),
        (TimedOut, "TIMED_OUT"),
        (TlsIssue, "TLS_ISSUE"),
        (CircularRedirect, "CIRCULAR_REDIRECT"),
        (NoResponse, "NO_RESPONSE"),
        (SocketIssue, "SOCKET_ISSUE"),
        (UnsupportedCharset, "UNSUPPORTED_CHARSET"),
        (InvalidResponse, "INVALID_RESPONSE"),
        (PrematureClose, "PREMATURE_CLOSE"),
        (UnsuccessfulHttpResponseCode, "UNSUCCESSFUL_HTTP_RESPONSE_CODE"),
        (Other, "OTHER"),
    ]);
}

#[test]
fn the_number_enums_of_requests_and_answers_have_apples_numbers() {
    check!(AccountTenure: as_i64, [
        (Undeclared, 0),
        (ZeroToThreeDays, 1),
        (ThreeDaysToTenDays, 2),
        (TenDaysToThirtyDays, 3),
        (ThirtyDaysToNinetyDays, 4),
        (NinetyDaysToOneHundredEightyDays, 5),
        (OneHundredEightyDaysToThreeHundredSixtyFiveDays, 6),
        (GreaterThanThreeHundredSixtyFiveDays, 7),
    ]);
    check!(ConsumptionStatus: as_i64, [
        (Undeclared, 0),
        (NotConsumed, 1),
        (PartiallyConsumed, 2),
        (FullyConsumed, 3),
    ]);
    check!(DeliveryStatusV1: as_i64, [
        (DeliveredAndWorkingProperly, 0),
        (DidNotDeliverDueToQualityIssue, 1),
        (DeliveredWrongItem, 2),
        (DidNotDeliverDueToServerOutage, 3),
        (DidNotDeliverDueToInGameCurrencyChange, 4),
        (DidNotDeliverForOtherReason, 5),
    ]);
    check!(ExtendReasonCode: as_i64, [
        (Undeclared, 0),
        (CustomerSatisfaction, 1),
        (Other, 2),
        (ServiceIssueOrOutage, 3),
    ]);
    check!(LifetimeDollarsPurchased: as_i64, [
        (Undeclared, 0),
        (ZeroDollars, 1),
        (OneCentToFortyNineDollarsAndNinetyNineCents, 2),
        (FiftyDollarsToNinetyNineDollarsAndNinetyNineCents, 3),
        (OneHundredDollarsToFourHundredNinetyNineDollarsAndNinetyNineCents, 4),
        (FiveHundredDollarsToNineHundredNinetyNineDollarsAndNinetyNineCents, 5),
        (OneThousandDollarsToOneThousandNineHundredNinetyNineDollarsAndNinetyNineCents, 6),
        (TwoThousandDollarsOrGreater, 7),
    ]);
    check!(LifetimeDollarsRefunded: as_i64, [
        (Undeclared, 0),
        (ZeroDollars, 1),
        (OneCentToFortyNineDollarsAndNinetyNineCents, 2),
        (FiftyDollarsToNinetyNineDollarsAndNinetyNineCents, 3),
        (OneHundredDollarsToFourHundredNinetyNineDollarsAndNinetyNineCents, 4),
        (FiveHundredDollarsToNineHundredNinetyNineDollarsAndNinetyNineCents, 5),
        (OneThousandDollarsToOneThousandNineHundredNinetyNineDollarsAndNinetyNineCents, 6),
        (TwoThousandDollarsOrGreater, 7),
    ]);
    check!(OrderLookupStatus: as_i64, [(Valid, 0), (Invalid, 1)]);
    check!(Platform: as_i64, [(Undeclared, 0), (Apple, 1), (NonApple, 2)]);
    check!(PlayTime: as_i64, [
        (Undeclared, 0),
        (ZeroToFiveMinutes, 1),
        (FiveToSixtyMinutes, 2),
        (OneToSixHours, 3),
        (SixHoursToTwentyFourHours, 4),
        (OneDayToFourDays, 5),
        (FourDaysToSixteenDays, 6),
        (OverSixteenDays, 7),
    ]);
    check!(RefundPreferenceV1: as_i64, [
        (Undeclared, 0),
        (PreferGrant, 1),
        (PreferDecline, 2),
        (NoPreference, 3),
    ]);
    check!(UserStatus: as_i64, [
        (Undeclared, 0),
        (Active, 1),
        (Suspended, 2),
        (Terminated, 3),
        (LimitedAccess, 4),
    ]);
}
