//! Every pair of type and subtype that Apple can send, and what it means.

use iap_core::{EventKind as Kind, ExpirationReason as Reason};

use super::*;

/// The pairs that have a meaning, written down apart from the code. Every other pair is unknown.
#[rustfmt::skip]
const MEANINGS: &[(&str, &str, Kind)] = &[
    ("CONSUMPTION_REQUEST",       "",                     Kind::RefundRequested),
    ("DID_CHANGE_RENEWAL_PREF",   "",                     Kind::ProductChangeCanceled),
    ("DID_CHANGE_RENEWAL_PREF",   "DOWNGRADE",            Kind::ProductChangeScheduled),
    ("DID_CHANGE_RENEWAL_PREF",   "UPGRADE",              Kind::ProductChanged),
    ("DID_CHANGE_RENEWAL_STATUS", "",                     Kind::AutoRenewStatusChanged),
    ("DID_CHANGE_RENEWAL_STATUS", "AUTO_RENEW_DISABLED",  Kind::AutoRenewDisabled),
    ("DID_CHANGE_RENEWAL_STATUS", "AUTO_RENEW_ENABLED",   Kind::AutoRenewEnabled),
    ("DID_FAIL_TO_RENEW",         "",                     Kind::OnHold),
    ("DID_FAIL_TO_RENEW",         "GRACE_PERIOD",         Kind::InGracePeriod),
    ("DID_RENEW",                 "",                     Kind::Renewed),
    ("DID_RENEW",                 "BILLING_RECOVERY",     Kind::Recovered),
    ("EXPIRED",                   "",                     Kind::Expired),
    ("EXPIRED",                   "BILLING_RETRY",        Kind::Expired),
    ("EXPIRED",                   "PRICE_INCREASE",       Kind::Expired),
    ("EXPIRED",                   "PRODUCT_NOT_FOR_SALE", Kind::Expired),
    ("EXPIRED",                   "VOLUNTARY",            Kind::Expired),
    ("EXTERNAL_PURCHASE_TOKEN",   "",                     Kind::ExternalPurchaseToken),
    ("EXTERNAL_PURCHASE_TOKEN",   "ACTIVE_TOKEN_REMINDER", Kind::ExternalPurchaseToken),
    ("EXTERNAL_PURCHASE_TOKEN",   "CREATED",              Kind::ExternalPurchaseToken),
    ("EXTERNAL_PURCHASE_TOKEN",   "UNREPORTED",           Kind::ExternalPurchaseToken),
    ("GRACE_PERIOD_EXPIRED",      "",                     Kind::GracePeriodExpired),
    ("METADATA_UPDATE",           "",                     Kind::MetadataUpdated),
    ("MIGRATION",                 "",                     Kind::Migrated),
    ("OFFER_REDEEMED",            "",                     Kind::OfferRedeemed),
    ("OFFER_REDEEMED",            "DOWNGRADE",            Kind::ProductChangeScheduled),
    ("OFFER_REDEEMED",            "INITIAL_BUY",          Kind::Subscribed),
    ("OFFER_REDEEMED",            "RESUBSCRIBE",          Kind::Resubscribed),
    ("OFFER_REDEEMED",            "UPGRADE",              Kind::ProductChanged),
    ("ONE_TIME_CHARGE",           "",                     Kind::OneTimePurchased),
    ("PRICE_CHANGE",              "",                     Kind::PriceChanged),
    ("PRICE_INCREASE",            "ACCEPTED",             Kind::PriceIncreaseAccepted),
    ("PRICE_INCREASE",            "PENDING",              Kind::PriceIncreasePending),
    ("REFUND",                    "",                     Kind::Refunded),
    ("REFUND_DECLINED",           "",                     Kind::RefundDeclined),
    ("REFUND_REVERSED",           "",                     Kind::RefundReversed),
    ("RENEWAL_EXTENDED",          "",                     Kind::RenewalExtended),
    ("RENEWAL_EXTENSION",         "FAILURE",              Kind::RenewalExtensionFailed),
    ("RENEWAL_EXTENSION",         "SUMMARY",              Kind::RenewalExtensionFinished),
    ("RESCIND_CONSENT",           "",                     Kind::ConsentRescinded),
    ("REVOKE",                    "",                     Kind::Revoked),
    ("SUBSCRIBED",                "",                     Kind::Subscribed),
    ("SUBSCRIBED",                "INITIAL_BUY",          Kind::Subscribed),
    ("SUBSCRIBED",                "RESUBSCRIBE",          Kind::Resubscribed),
    ("TEST",                      "",                     Kind::Test),
];

fn kind_of(notification_type: &str, subtype: &str) -> Kind {
    let subtype = Some(subtype).filter(|it| !it.is_empty()).map(Subtype::from);
    event_kind(Some(&notification_type.into()), subtype.as_ref())
}

#[test]
fn every_pair_of_type_and_subtype_has_its_meaning_or_is_unknown() {
    let types = NotificationType::known()
        .iter()
        .map(NotificationType::as_str);
    let subtypes = Subtype::known().iter().map(Subtype::as_str);
    let subtypes: Vec<_> = subtypes.chain(["", "NEVER_SEEN"]).collect();
    let mut pairs = 0;
    for notification_type in types.chain(["NEVER_SEEN"]) {
        for subtype in &subtypes {
            let meaning = MEANINGS
                .iter()
                .find(|row| (row.0, row.1) == (notification_type, *subtype));
            let expected = meaning.map_or(Kind::Unknown, |row| row.2);
            let found = kind_of(notification_type, subtype);
            assert_eq!(found, expected, "{notification_type}:{subtype}");
            pairs += 1;
        }
    }
    assert_eq!(
        pairs,
        (23 + 1) * (19 + 2),
        "all types and subtypes of the specification"
    );
}

#[test]
fn every_type_has_a_meaning_with_some_subtype() {
    for notification_type in NotificationType::known() {
        assert!(
            MEANINGS
                .iter()
                .any(|row| row.0 == notification_type.as_str()),
            "{notification_type}"
        );
    }
}

#[test]
fn a_notification_without_a_type_is_unknown() {
    assert_eq!(event_kind(None, None), Kind::Unknown);
    assert_eq!(event_kind(None, Some(&Subtype::Upgrade)), Kind::Unknown);
}

#[test]
fn each_way_of_expiring_has_its_reason() {
    let reason = |subtype: &str| expiration_reason(Some(&Subtype::from(subtype)));
    assert_eq!(reason("VOLUNTARY"), Reason::CustomerCanceled);
    assert_eq!(reason("BILLING_RETRY"), Reason::BillingError);
    assert_eq!(reason("PRICE_INCREASE"), Reason::PriceIncreaseNotConsented);
    assert_eq!(reason("PRODUCT_NOT_FOR_SALE"), Reason::ProductNotAvailable);
    assert_eq!(
        reason("NEVER_SEEN"),
        Reason::Unknown("NEVER_SEEN".to_owned())
    );
    assert_eq!(expiration_reason(None), Reason::Other);
}
