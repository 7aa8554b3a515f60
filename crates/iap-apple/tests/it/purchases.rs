//! What a transaction and its renewal info say, in the words that all stores share.

use std::time::Duration;

use iap_apple::{Environment, SignedDataVerifier, VerificationFailure};
use iap_core::{
    Access, AccessPolicy, AutoRenew, DenialReason, ErrorKind, ExpirationReason, FixedClock,
    GrantReason, OfferKind, OfferPayment, Ownership, PriceIncrease, ProductKind, Proof, Purchase,
    PurchaseKey, RefundScope, Rejection, RevocationReason, SubscriptionState, Timestamp, Verifier,
};
use iap_testkit::{RenewalInfoBuilder, TransactionBuilder};
use serde_json::json;

use crate::support::{AUTHORITY, BUNDLE_ID, PRODUCT_ID, builder, transaction, verifier};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn verifier_now() -> SignedDataVerifier {
    let clock = FixedClock::new(now());
    builder()
        .environment(Environment::Production)
        .clock(clock)
        .build()
        .unwrap()
}

fn purchase(transaction: &TransactionBuilder) -> Purchase {
    let verified = verifier_now()
        .verify_transaction(transaction.sign(&AUTHORITY))
        .unwrap();
    verified.to_purchase(None).unwrap()
}

fn purchase_with(transaction: &TransactionBuilder, renewal_info: &RenewalInfoBuilder) -> Purchase {
    let verifier = verifier_now();
    let transaction = verifier
        .verify_transaction(transaction.sign(&AUTHORITY))
        .unwrap();
    let renewal_info = verifier
        .verify_renewal_info(renewal_info.sign(&AUTHORITY))
        .unwrap();
    transaction.to_purchase(Some(&renewal_info)).unwrap()
}

/// A subscription of 30 days, signed now.
fn subscription() -> TransactionBuilder {
    transaction().signed_at(now())
}

/// A subscription that ended a day ago, signed now.
fn lapsed() -> TransactionBuilder {
    subscription()
        .purchase_date(now().saturating_sub(31 * DAY))
        .expires_date(now().saturating_sub(DAY))
}

fn access(purchase: &Purchase) -> Access {
    purchase.access_at(now(), &AccessPolicy::new())
}

fn is_denied(purchase: &Purchase, expected: DenialReason) -> bool {
    matches!(access(purchase), Access::Denied { reason, .. } if reason == expected)
}

#[test]
fn every_value_comes_from_the_signed_transaction() {
    let builder = subscription()
        .transaction_id("2000000000000002")
        .original_transaction_id("2000000000000001")
        .purchase_date(now())
        .original_purchase_date(now().saturating_sub(60 * DAY))
        .expires_date(now().saturating_add(30 * DAY))
        .subscription_group_identifier("20000001")
        .app_account_token("7E3FB20B-4CDB-47CC-936D-99D65F608138")
        .set("offerType", 1)
        .set("offerDiscountType", "FREE_TRIAL")
        .set("offerIdentifier", "trial")
        .set("offerPeriod", "P1M")
        .price_milliunits(12_990, "EUR");
    let purchase = purchase(&builder);
    assert_eq!(purchase.key, PurchaseKey::apple("2000000000000001"));
    assert_eq!(
        purchase.transaction_id.as_ref().unwrap(),
        &"2000000000000002"
    );
    assert_eq!(purchase.app_id.as_ref().unwrap(), &BUNDLE_ID);
    assert_eq!(purchase.product_id, PRODUCT_ID);
    assert_eq!(purchase.kind, ProductKind::AutoRenewableSubscription);
    assert_eq!(
        purchase.account_id.as_ref().unwrap(),
        &"7e3fb20b-4cdb-47cc-936d-99d65f608138"
    );
    assert_eq!(purchase.expires_at, Some(now().saturating_add(30 * DAY)));
    assert_eq!(
        purchase.originally_purchased_at,
        Some(now().saturating_sub(60 * DAY))
    );
    assert_eq!(purchase.price.unwrap().to_string(), "12.99 EUR");
    assert_eq!(purchase.as_of, now());
    assert!(!purchase.is_test);
    let subscription = purchase.subscription.as_ref().unwrap();
    assert_eq!(subscription.group_id.as_deref(), Some("20000001"));
    assert_eq!(
        subscription.auto_renew,
        AutoRenew::Unknown,
        "only a renewal info tells"
    );
    let offer = subscription.offer.as_ref().unwrap();
    assert_eq!(offer.kind, OfferKind::Introductory);
    assert_eq!(offer.payment, Some(OfferPayment::FreeTrial));
    assert!(offer.is_free_trial());
    assert_eq!(offer.period.as_deref(), Some("P1M"));
    assert!(access(&purchase).is_granted());
}

#[test]
fn a_purchase_belongs_to_no_account_where_the_token_is_missing_null_or_empty() {
    for transaction in [
        subscription().without("appAccountToken"),
        subscription().set("appAccountToken", json!(null)),
        subscription().set("appAccountToken", ""),
    ] {
        assert_eq!(purchase(&transaction).account_id, None);
    }
    let of_storekit_1 = subscription().set("appAccountToken", "alice");
    assert_eq!(purchase(&of_storekit_1).account_id.unwrap(), "alice");
}

#[test]
fn every_product_type_and_what_it_gives() {
    let of = |builder: TransactionBuilder| purchase(&builder.signed_at(now()));
    let coins = of(TransactionBuilder::consumable(BUNDLE_ID, "coins").set("quantity", 3));
    assert_eq!(
        (coins.kind.clone(), coins.quantity),
        (ProductKind::Consumable, 3)
    );
    assert!(access(&coins).is_granted());
    let unlock = of(TransactionBuilder::non_consumable(BUNDLE_ID, "unlock"));
    assert_eq!(unlock.kind, ProductKind::NonConsumable);
    assert!(access(&unlock).is_granted());
    let pass = of(TransactionBuilder::non_renewing(BUNDLE_ID, "pass"));
    assert_eq!(pass.kind, ProductKind::NonRenewingSubscription);
    assert!(
        is_denied(&pass, DenialReason::NoExpiry),
        "Apple names no end"
    );
    let policy = AccessPolicy::new().non_renewing_duration(30 * DAY);
    assert!(pass.access_at(now(), &policy).is_granted());
    let unknown = of(transaction().set("type", "Rental"));
    assert_eq!(unknown.kind, ProductKind::Unknown("Rental".to_owned()));
    assert!(is_denied(&unknown, DenialReason::UnknownProductKind));
    let missing = of(transaction().without("type"));
    assert!(is_denied(&missing, DenialReason::UnknownProductKind));
}

#[test]
fn a_refunded_revoked_or_replaced_purchase_gives_no_access() {
    let refunded = |kind: &str, reason: i64| {
        purchase(
            &subscription()
                .revoked(now(), reason)
                .set("revocationType", kind),
        )
    };
    let revocation = |purchase: &Purchase| {
        let revocation = purchase.revocation.clone().unwrap();
        (revocation.reason, revocation.refund)
    };
    let full = refunded("REFUND_FULL", 1);
    assert_eq!(
        revocation(&full),
        (RevocationReason::AppIssue, RefundScope::Full)
    );
    let family = refunded("FAMILY_REVOKE", 0);
    assert_eq!(
        revocation(&family),
        (RevocationReason::FamilySharingEnded, RefundScope::None)
    );
    let new = refunded("REFUND_NEW", 7);
    assert_eq!(
        revocation(&new),
        (
            RevocationReason::Unknown("7".to_owned()),
            RefundScope::Unspecified
        )
    );
    for purchase in [full, family, new] {
        assert!(is_denied(&purchase, DenialReason::Revoked));
    }
    for member in ["revocationDate", "revocationReason"] {
        assert!(
            is_denied(
                &purchase(&subscription().set(member, 1)),
                DenialReason::Revoked
            ),
            "{member}"
        );
    }
    let upgraded = purchase(&subscription().set("isUpgraded", true));
    assert!(is_denied(&upgraded, DenialReason::Replaced));
    assert!(access(&purchase(&subscription().set("isUpgraded", false))).is_granted());
}

#[test]
fn family_sharing_and_unknown_ownership() {
    let owned = |ownership| purchase(&subscription().set("inAppOwnershipType", ownership));
    assert_eq!(owned("FAMILY_SHARED").ownership, Ownership::FamilyShared);
    assert!(access(&owned("FAMILY_SHARED")).is_granted());
    assert!(is_denied(
        &owned("GROUP_SHARED"),
        DenialReason::UnknownOwnership
    ));
}

#[test]
fn a_subscription_that_lapsed_is_judged_by_its_renewal_info() {
    let lapsed = lapsed();
    let renewal = || RenewalInfoBuilder::of(&lapsed).signed_at(now());
    let grace_end = now().saturating_add(3 * DAY);

    let alone = purchase(&lapsed);
    assert_eq!(
        alone.subscription.as_ref().unwrap().state,
        SubscriptionState::Expired
    );
    assert!(is_denied(&alone, DenialReason::Expired));

    let in_grace = purchase_with(
        &lapsed,
        &renewal()
            .set("isInBillingRetryPeriod", true)
            .set("gracePeriodExpiresDate", grace_end.as_millis()),
    );
    assert_eq!(
        in_grace.subscription.as_ref().unwrap().state,
        SubscriptionState::InGracePeriod
    );
    assert!(matches!(
        access(&in_grace),
        Access::Granted { until: Some(until), reason: GrantReason::InGracePeriod, .. } if until == grace_end
    ));

    let in_retry = purchase_with(&lapsed, &renewal().set("isInBillingRetryPeriod", true));
    assert!(is_denied(&in_retry, DenialReason::OnHold));

    let ended = purchase_with(
        &lapsed,
        &renewal().set("expirationIntent", 1).auto_renew_status(0),
    );
    let subscription = ended.subscription.as_ref().unwrap();
    assert_eq!(
        subscription.expiration_reason,
        Some(ExpirationReason::CustomerCanceled)
    );
    assert_eq!(subscription.auto_renew, AutoRenew::Off);
    assert_eq!(subscription.renews_at, None);
    assert!(is_denied(&ended, DenialReason::Expired));
}

#[test]
fn a_running_subscription_tells_what_comes_next() {
    let running = subscription();
    let renewal_info = RenewalInfoBuilder::of(&running)
        .signed_at(now().saturating_add(Duration::from_secs(60)))
        .set("autoRenewProductId", "pro.yearly")
        .renewal_price_milliunits(99_990, "EUR")
        .set("priceIncreaseStatus", 0);
    let purchase = purchase_with(&running, &renewal_info);
    let subscription = purchase.subscription.as_ref().unwrap();
    assert_eq!(subscription.state, SubscriptionState::Active);
    assert_eq!(subscription.auto_renew, AutoRenew::On);
    assert_eq!(
        subscription.next_product_id.as_ref().unwrap(),
        &"pro.yearly"
    );
    assert_eq!(subscription.renewal_price.unwrap().to_string(), "99.99 EUR");
    assert_eq!(subscription.price_increase, Some(PriceIncrease::Pending));
    assert!(subscription.renews_at.is_some());
    assert_eq!(
        purchase.as_of,
        now(),
        "a newer renewal info does not vouch for the transaction"
    );
}

#[test]
fn the_grace_period_of_a_subscription_does_not_revive_an_earlier_period_of_it() {
    let earlier = lapsed()
        .product_id("pro.platinum")
        .expires_date(now().saturating_sub(60 * DAY));
    let latest = lapsed();
    let grace = RenewalInfoBuilder::of(&latest)
        .signed_at(now())
        .set("isInBillingRetryPeriod", true)
        .set(
            "gracePeriodExpiresDate",
            now().saturating_add(15 * DAY).as_millis(),
        );
    let same_subscription = |transaction: TransactionBuilder| {
        transaction.original_transaction_id("1").transaction_id("2")
    };
    let grace = grace.set("originalTransactionId", "1");
    let earlier = same_subscription(earlier);
    assert!(is_denied(
        &purchase_with(&earlier, &grace),
        DenialReason::Expired
    ));
    assert!(access(&purchase_with(&same_subscription(latest), &grace)).is_granted());

    // Without a renewal date the product tells.
    let undated = grace.clone().without("renewalDate");
    assert!(is_denied(
        &purchase_with(&earlier, &undated),
        DenialReason::Expired
    ));

    let jws = crate::support::notification("CONSUMPTION_REQUEST", &earlier)
        .renewal_info(grace)
        .signed_at(now())
        .status(4)
        .sign(&AUTHORITY);
    let event = verifier_now()
        .verify_notification(jws)
        .unwrap()
        .to_event()
        .unwrap();
    assert_eq!(
        event.subscription_state,
        Some(SubscriptionState::InGracePeriod)
    );
    let purchase = event.purchase.unwrap();
    assert!(event.transaction_id.is_some());
    assert_eq!(event.transaction_id, purchase.transaction_id);
    assert!(is_denied(&purchase, DenialReason::Expired));
}

#[test]
fn a_renewal_info_of_another_environment_is_refused() {
    let xcode = builder().environment(Environment::Xcode).build().unwrap();
    let lapsed = lapsed();
    let unsigned = RenewalInfoBuilder::of(&lapsed)
        .environment(Environment::Xcode)
        .build();
    let unsigned = xcode
        .verify_renewal_info(iap_testkit::xcode_jws(&unsigned))
        .unwrap();
    let transaction = verifier_now()
        .verify_transaction(lapsed.sign(&AUTHORITY))
        .unwrap();
    assert_eq!(
        transaction.to_purchase(Some(&unsigned)).unwrap_err(),
        VerificationFailure::Inconsistent {
            member: "environment",
            first: Some("production".to_owned()),
            second: Some("xcode".to_owned()),
        }
    );
}

#[test]
fn a_refund_of_an_earlier_period_does_not_supersede_the_running_one() {
    let earlier = |builder: TransactionBuilder| {
        builder
            .original_transaction_id("1")
            .purchase_date(now().saturating_sub(60 * DAY))
            .expires_date(now().saturating_sub(30 * DAY))
    };
    let before_refund = purchase(&earlier(
        transaction().signed_at(now().saturating_sub(40 * DAY)),
    ));
    let refunded = purchase(&earlier(subscription()).revoked(now(), 0));
    let running = purchase(
        &subscription()
            .original_transaction_id("1")
            .purchase_date(now()),
    );
    assert!(refunded.supersedes(&before_refund));
    assert!(
        !before_refund.supersedes(&refunded),
        "an old signature does not undo a refund"
    );
    assert!(running.supersedes(&refunded));
    assert!(!refunded.supersedes(&running));
}

#[test]
fn apple_s_status_decides_before_the_dates_do() {
    let status = |transaction: &TransactionBuilder, status: i64| {
        let jws = crate::support::notification("DID_RENEW", transaction)
            .signed_at(now())
            .status(status)
            .sign(&AUTHORITY);
        let event = verifier_now()
            .verify_notification(jws)
            .unwrap()
            .to_event()
            .unwrap();
        event.purchase.unwrap().subscription.unwrap().state
    };
    let running = subscription();
    assert_eq!(status(&running, 1), SubscriptionState::Active);
    assert_eq!(status(&running, 2), SubscriptionState::Expired);
    assert_eq!(status(&running, 3), SubscriptionState::OnHold);
    assert_eq!(status(&running, 4), SubscriptionState::InGracePeriod);
    assert_eq!(status(&running, 5), SubscriptionState::Revoked);
    assert_eq!(
        status(&running, 6),
        SubscriptionState::Unknown("6".to_owned())
    );
    // "Active" is about the subscription; this period of it is over.
    assert_eq!(status(&lapsed(), 1), SubscriptionState::Expired);
}

#[test]
fn a_subscription_without_an_expiry_is_never_access_for_ever() {
    let purchase = purchase(&subscription().without("expiresDate"));
    assert!(is_denied(&purchase, DenialReason::NoExpiry));
}

#[test]
fn a_sandbox_purchase_is_a_test_and_gives_no_access_by_default() {
    let verifier = builder().environment(Environment::Sandbox).build().unwrap();
    let jws = transaction()
        .environment(Environment::Sandbox)
        .sign(&AUTHORITY);
    let purchase = verifier
        .verify_transaction(jws)
        .unwrap()
        .to_purchase(None)
        .unwrap();
    assert!(purchase.is_test);
    assert!(is_denied(&purchase, DenialReason::EnvironmentNotAllowed));
}

#[test]
fn a_renewal_info_of_another_subscription_is_refused() {
    let verifier = verifier();
    let transaction = transaction().original_transaction_id("1");
    let other = RenewalInfoBuilder::of(&transaction).set("originalTransactionId", "2");
    let transaction = verifier
        .verify_transaction(transaction.sign(&AUTHORITY))
        .unwrap();
    let other = verifier
        .verify_renewal_info(other.sign(&AUTHORITY))
        .unwrap();
    assert_eq!(
        transaction.to_purchase(Some(&other)).unwrap_err().check(),
        "inconsistent"
    );
}

#[test]
fn a_transaction_without_product_or_original_id_is_no_purchase() {
    for member in ["productId", "originalTransactionId"] {
        let jws = transaction().without(member).sign(&AUTHORITY);
        let verified = verifier().verify_transaction(jws).unwrap();
        assert_eq!(
            verified.to_purchase(None).unwrap_err(),
            VerificationFailure::MissingMember { member }
        );
    }
}

#[test]
fn items_of_advanced_commerce_are_products_of_their_own() {
    let info = json!({
        "items": [
            { "SKU": "channel.sports", "price": 4990 },
            { "SKU": "channel.news", "price": 1990, "revocationDate": now().as_millis() },
            { "displayName": "without a SKU" },
        ]
    });
    let purchase = purchase(&subscription().set("advancedCommerceInfo", info));
    let [sports, news] = purchase.additional_items.as_slice() else {
        panic!("{:?}", purchase.additional_items);
    };
    let policy = AccessPolicy::new();
    assert_eq!(sports.product_id, "channel.sports");
    assert!(purchase.item_access_at(sports, now(), &policy).is_granted());
    assert!(!purchase.item_access_at(news, now(), &policy).is_granted());
    assert!(purchase.access_at(now(), &policy).is_granted());
}

/// Runs a future that never waits: offline verification does no I/O.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("waited"),
    }
}

#[test]
fn the_common_verifier_answers_with_a_purchase_a_verdict_or_a_misconfiguration() {
    let verifier: Box<dyn Verifier> = Box::new(verifier());
    let verify = |proof| ready(verifier.verify(&proof));
    let jws = transaction().sign(&AUTHORITY);
    let purchase = verify(Proof::apple_signed_transaction(jws)).unwrap();
    assert_eq!(purchase.product_id, PRODUCT_ID);

    let other_app = transaction().bundle_id("com.attacker.app").sign(&AUTHORITY);
    let error = verify(Proof::apple_signed_transaction(other_app)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::WrongApp));
    assert!(
        std::error::Error::source(&error)
            .unwrap()
            .is::<VerificationFailure>()
    );

    for proof in [
        Proof::google_subscription(BUNDLE_ID, "token"),
        Proof::apple_transaction_id("1"),
    ] {
        assert_eq!(verify(proof).unwrap_err().kind(), ErrorKind::Misconfigured);
    }
}
