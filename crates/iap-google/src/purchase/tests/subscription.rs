//! Subscriptions: state, clock, replaced purchases, accounts, confirmation.

use super::*;

#[test]
fn every_state_of_a_subscription_decides_before_the_clock() {
    use DenialReason::{Canceled, Expired, OnHold, Paused, Pending, UnknownState};

    #[rustfmt::skip]
    let table = [
        // state                                     before the end         after the end
        ("SUBSCRIPTION_STATE_PENDING",                  Some(Pending),         Some(Pending)),
        ("SUBSCRIPTION_STATE_ACTIVE",                   None,                  Some(Expired)),
        ("SUBSCRIPTION_STATE_PAUSED",                   Some(Paused),          Some(Paused)),
        ("SUBSCRIPTION_STATE_IN_GRACE_PERIOD",          None,                  Some(Expired)),
        ("SUBSCRIPTION_STATE_ON_HOLD",                  Some(OnHold),          Some(OnHold)),
        ("SUBSCRIPTION_STATE_CANCELED",                 None,                  Some(Expired)),
        ("SUBSCRIPTION_STATE_EXPIRED",                  Some(Expired),         Some(Expired)),
        ("SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED", Some(Canceled),       Some(Canceled)),
        ("SUBSCRIPTION_STATE_UNSPECIFIED",              Some(UnknownState),    Some(UnknownState)),
        ("SUBSCRIPTION_STATE_OF_TOMORROW",              Some(UnknownState),    Some(UnknownState)),
    ];
    for state in SubscriptionState::known() {
        assert!(table.iter().any(|row| row.0 == state.as_str()), "{state}");
    }
    for (state, before, after) in table {
        let purchase = subscription(&renewing(state));
        assert_eq!(
            denial(access(&purchase, end().saturating_sub(HOUR))),
            before,
            "{state}"
        );
        assert_eq!(denial(access(&purchase, end())), after, "{state}");
        let mut without_end = renewing(state);
        without_end["lineItems"][0]["expiryTime"] = Value::Null;
        let purchase = subscription(&without_end);
        assert!(denial(access(&purchase, start())).is_some(), "{state}");
    }
    let mut without_state = renewing("");
    without_state["subscriptionState"] = Value::Null;
    let purchase = subscription(&without_state);
    assert_eq!(denial(access(&purchase, start())), Some(UnknownState));
}

#[test]
fn what_was_never_paid_has_not_started_and_is_no_unknown_state() {
    for (state, paid) in [
        ("PENDING", PurchaseState::Pending),
        ("PENDING_PURCHASE_CANCELED", PurchaseState::Canceled),
    ] {
        let mut purchase = subscription(&renewing(&format!("SUBSCRIPTION_STATE_{state}")));
        let part = purchase.subscription.as_ref().unwrap();
        assert_eq!(part.state, iap_core::SubscriptionState::NotStarted);
        assert_eq!(purchase.state, paid);
        // Not even if anybody misses the state of the purchase.
        purchase.state = PurchaseState::Purchased;
        assert_eq!(
            denial(access(&purchase, start())),
            Some(DenialReason::Pending)
        );
    }
    for state in [
        "SUBSCRIPTION_STATE_UNSPECIFIED",
        "SUBSCRIPTION_STATE_OF_TOMORROW",
    ] {
        let purchase = subscription(&renewing(state));
        assert_eq!(
            purchase.subscription.unwrap().state,
            iap_core::SubscriptionState::Unknown(state.to_owned())
        );
    }
}

#[test]
fn only_a_fresh_answer_about_an_item_that_renews_gives_access_after_the_end() {
    let later = end().saturating_add(HOUR);
    for (state, renews, granted) in [
        ("SUBSCRIPTION_STATE_ACTIVE", true, true),
        ("SUBSCRIPTION_STATE_IN_GRACE_PERIOD", true, true),
        ("SUBSCRIPTION_STATE_ACTIVE", false, false),
        // Google's mark is left over; cancelled is cancelled.
        ("SUBSCRIPTION_STATE_CANCELED", true, false),
        ("SUBSCRIPTION_STATE_EXPIRED", true, false),
        ("SUBSCRIPTION_STATE_ON_HOLD", true, false),
    ] {
        let mut answer = renewing(state);
        answer["lineItems"][0]["autoRenewingPlan"]["autoRenewEnabled"] = json!(renews);
        let fresh = subscription_at(&answer, later);
        assert_eq!(
            access(&fresh, later).is_granted(),
            granted,
            "{state} {renews}"
        );
        assert!(
            !access(&fresh, end().saturating_add(3 * DAY)).is_granted(),
            "{state}"
        );
        let old = subscription_at(&answer, start());
        assert!(!access(&old, later).is_granted(), "{state}");
    }
    let mut prepaid = renewing("SUBSCRIPTION_STATE_ACTIVE");
    prepaid["lineItems"][0]
        .as_object_mut()
        .unwrap()
        .remove("autoRenewingPlan");
    prepaid["lineItems"][0]["prepaidPlan"] = json!({});
    let fresh = subscription_at(&prepaid, later);
    assert_eq!(denial(access(&fresh, later)), Some(DenialReason::Expired));
    assert!(access(&subscription(&prepaid), start()).is_granted());
}

#[test]
fn what_a_renewing_subscription_says_is_in_the_purchase() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["linkedPurchaseToken"] = json!("older");
    answer["externalAccountIdentifiers"] = json!({ "obfuscatedExternalAccountId": "account" });
    answer["lineItems"][0]["offerDetails"] = json!({ "basePlanId": "monthly", "offerId": "trial" });
    answer["lineItems"][0]["offerPhase"] = json!({ "freeTrial": {} });
    answer["lineItems"][0]["deferredItemReplacement"] = json!({ "productId": "max" });
    let purchase = subscription(&answer);
    assert_eq!(purchase.key, PurchaseKey::google("token"));
    assert_eq!(purchase.replaces, Some(PurchaseKey::google("older")));
    assert_eq!(purchase.app_id.unwrap(), "com.example.app");
    assert_eq!(purchase.product_id, "pro");
    assert_eq!(purchase.transaction_id.unwrap(), "GPA.1..4");
    assert_eq!(purchase.account_id.unwrap(), "account");
    assert_eq!(purchase.purchased_at, Some(start()));
    assert_eq!(purchase.price, None, "what was paid is in the order");
    assert!(!purchase.is_test && !purchase.is_replaced);
    let subscription = purchase.subscription.unwrap();
    assert_eq!(subscription.plan_id.unwrap(), "monthly");
    assert_eq!(subscription.auto_renew, AutoRenew::On);
    assert_eq!(subscription.renews_at, Some(end()));
    assert_eq!(subscription.next_product_id.unwrap(), "max");
    assert_eq!(subscription.renewal_price, None, "the offer may go on");
    let offer = subscription.offer.unwrap();
    assert!(offer.is_free_trial() && offer.kind == OfferKind::Introductory);
    assert_eq!(offer.id.unwrap(), "trial");
}

#[test]
fn a_replaced_purchase_loses_access_on_both_sides_of_the_link() {
    let mut old = renewing("SUBSCRIPTION_STATE_EXPIRED");
    old["canceledStateContext"] = json!({ "replacementCancellation": {} });
    let old = subscription(&old);
    assert_eq!(denial(access(&old, start())), Some(DenialReason::Replaced));
    assert_eq!(
        old.subscription.unwrap().expiration_reason,
        Some(ExpirationReason::Replaced)
    );

    // An older snapshot of the replaced purchase, beside the one that replaced it.
    let stale = subscription(&renewing("SUBSCRIPTION_STATE_ACTIVE"));
    let mut new = renewing("SUBSCRIPTION_STATE_ACTIVE");
    new["linkedPurchaseToken"] = json!("token");
    new["lineItems"][0]["productId"] = json!("max");
    let catalog = Catalog::new().with("pro", ["pro"]).with("max", ["max"]);
    let set = |new: &Value| {
        let answer: SubscriptionPurchaseV2 = serde_json::from_value(new.clone()).unwrap();
        let new = answer
            .to_purchase(&"com.example.app".into(), &"new token".into(), start())
            .unwrap();
        catalog.entitlements([&stale, &new], start(), &AccessPolicy::new())
    };
    assert!(set(&new).contains("max") && !set(&new).contains("pro"));
    // A change that is not paid yet, or was given up, takes no place.
    for state in [
        "SUBSCRIPTION_STATE_PENDING",
        "SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED",
    ] {
        new["subscriptionState"] = json!(state);
        assert!(
            set(&new).contains("pro") && !set(&new).contains("max"),
            "{state}"
        );
    }
}

#[test]
fn who_cancelled_and_what_comes_next() {
    for (context, reason) in [
        (
            json!({ "userInitiatedCancellation": {} }),
            ExpirationReason::CustomerCanceled,
        ),
        (
            json!({ "systemInitiatedCancellation": {} }),
            ExpirationReason::Other,
        ),
        (
            json!({ "developerInitiatedCancellation": {} }),
            ExpirationReason::DeveloperCanceled,
        ),
        (json!({ "ofTomorrow": {} }), ExpirationReason::Other),
    ] {
        let mut answer = renewing("SUBSCRIPTION_STATE_CANCELED");
        answer["canceledStateContext"] = context;
        let subscription = subscription(&answer).subscription.unwrap();
        assert_eq!(subscription.expiration_reason, Some(reason));
        assert_eq!(
            (subscription.auto_renew, subscription.renews_at),
            (AutoRenew::Off, None)
        );
        assert_eq!(subscription.renewal_price, None);
    }
    let mut commitment = renewing("SUBSCRIPTION_STATE_ACTIVE");
    commitment["lineItems"][0]["autoRenewingPlan"]["installmentDetails"] =
        json!({ "pendingCancellation": {} });
    let purchase = subscription(&commitment);
    assert!(access(&purchase, start()).is_granted());
    let reason = purchase.subscription.unwrap().expiration_reason;
    assert_eq!(reason, Some(ExpirationReason::CustomerCanceled));

    let mut paused = renewing("SUBSCRIPTION_STATE_PAUSED");
    paused["pausedStateContext"] = json!({ "autoResumeTime": end() });
    assert_eq!(
        subscription(&paused).subscription.unwrap().resumes_at,
        Some(end())
    );
    let grace = subscription(&renewing("SUBSCRIPTION_STATE_IN_GRACE_PERIOD"));
    assert!(matches!(
        access(&grace, start()),
        Access::Granted {
            reason: GrantReason::InGracePeriod,
            ..
        }
    ));
    assert_eq!(grace.subscription.unwrap().grace_expires_at, Some(end()));
}

#[test]
fn until_when_a_subscription_must_be_acknowledged() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["acknowledgementState"] = json!("ACKNOWLEDGEMENT_STATE_PENDING");
    let deadline = |answer: &Value| {
        let purchase = subscription(answer);
        (purchase.acknowledgement, purchase.acknowledge_by)
    };
    let pending = |wait| (Acknowledgement::Pending, Some(start().saturating_add(wait)));
    assert_eq!(deadline(&answer), pending(3 * DAY));
    assert!(
        access(&subscription(&answer), start()).is_granted(),
        "still entitled"
    );
    for state in [
        "ACKNOWLEDGEMENT_STATE_UNSPECIFIED",
        "ACKNOWLEDGEMENT_STATE_OF_TOMORROW",
    ] {
        answer["acknowledgementState"] = json!(state);
        assert_eq!(deadline(&answer), pending(3 * DAY), "{state}");
    }
    for state in ["PENDING", "PENDING_PURCHASE_CANCELED", "EXPIRED"] {
        answer["subscriptionState"] = json!(format!("SUBSCRIPTION_STATE_{state}"));
        assert_eq!(
            deadline(&answer),
            (Acknowledgement::NotRequired, None),
            "{state}"
        );
    }
    answer["subscriptionState"] = json!("SUBSCRIPTION_STATE_ACTIVE");
    answer["lineItems"][0]["prepaidPlan"] = json!({});
    assert_eq!(deadline(&answer), pending(3 * DAY));
    answer["lineItems"][0]["expiryTime"] = json!(start().saturating_add(3 * DAY));
    assert_eq!(deadline(&answer), pending(36 * HOUR));
    // Of a top-up the plan may be much shorter than what is left.
    answer["linkedPurchaseToken"] = json!("older");
    for left in [300 * DAY, 3 * DAY, DAY] {
        answer["lineItems"][0]["expiryTime"] = json!(start().saturating_add(left));
        assert_eq!(deadline(&answer), pending(12 * HOUR), "{left:?}");
    }
    answer["testPurchase"] = json!({});
    assert_eq!(deadline(&answer), pending(Duration::from_secs(180)));
    answer["acknowledgementState"] = json!("ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED");
    assert_eq!(deadline(&answer), (Acknowledgement::Done, None));
}

#[test]
fn the_account_of_a_subscription_bought_again_in_google_play_is_that_of_the_one_before() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    assert_eq!(subscription(&answer).account_id, None);
    assert_eq!(subscription(&answer).resubscribes, None);
    answer["outOfAppPurchaseContext"] = json!({
        "expiredExternalAccountIdentifiers": {
            "obfuscatedExternalAccountId": "before",
            "obfuscatedExternalProfileId": "child",
        },
        "expiredPurchaseToken": "older",
    });
    let purchase = subscription(&answer);
    assert_eq!(purchase.account_id.unwrap(), "before");
    assert_eq!(purchase.profile_id.unwrap(), "child");
    assert_eq!(purchase.resubscribes, Some(PurchaseKey::google("older")));
    assert_eq!(
        purchase.replaces, None,
        "what has ended has no place to take"
    );
    let empty = json!({ "obfuscatedExternalAccountId": "", "obfuscatedExternalProfileId": "" });
    answer["externalAccountIdentifiers"] = empty.clone();
    assert_eq!(subscription(&answer).account_id.unwrap(), "before");
    let mut unnamed = renewing("SUBSCRIPTION_STATE_ACTIVE");
    unnamed["externalAccountIdentifiers"] = empty;
    let purchase = subscription(&unnamed);
    assert_eq!((purchase.account_id, purchase.profile_id), (None, None));
    answer["externalAccountIdentifiers"] = json!({ "obfuscatedExternalAccountId": "now" });
    let purchase = subscription(&answer);
    assert_eq!(purchase.account_id.unwrap(), "now");
    assert_eq!(purchase.profile_id, None, "that of another account");
}

#[test]
fn a_test_purchase_gives_no_access_unless_the_policy_says_so() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["testPurchase"] = json!({});
    let mut one_time = bought("PURCHASED");
    one_time["testPurchaseContext"] = json!({ "fopType": "TEST" });
    for purchase in [subscription(&answer), product(&one_time)] {
        assert!(purchase.is_test);
        assert_eq!(
            denial(access(&purchase, start())),
            Some(DenialReason::EnvironmentNotAllowed)
        );
        let staging =
            AccessPolicy::new().environments([Environment::Production, Environment::Sandbox]);
        assert!(purchase.access_at(start(), &staging).is_granted());
    }
}

#[test]
fn an_answer_without_a_product_is_no_purchase_and_no_verdict() {
    for answer in [
        json!({}),
        json!({ "lineItems": [] }),
        json!({ "lineItems": [{}] }),
    ] {
        let answer: SubscriptionPurchaseV2 = serde_json::from_value(answer).unwrap();
        let error = answer
            .to_purchase(&"a.b".into(), &"t".into(), start())
            .unwrap_err();
        assert_eq!(
            Error::from(error).kind(),
            iap_core::ErrorKind::InvalidResponse
        );
    }
    for answer in [
        json!({}),
        json!({ "productLineItem": [{ "productOfferDetails": {} }] }),
    ] {
        let answer: ProductPurchaseV2 = serde_json::from_value(answer).unwrap();
        assert!(
            answer
                .to_purchase(&"a.b".into(), &"t".into(), start())
                .is_err()
        );
    }
}
