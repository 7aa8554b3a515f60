//! What the members of a receipt say, beside access.

use super::*;

#[test]
fn what_the_receipt_says_stands_in_the_purchase() {
    let receipt = receipt(
        "SUBSCRIPTION",
        &json!({
            "renewalDate": day(30), "autoRenewing": true, "term": "1 Month",
            "termSku": "gold.monthly", "deferredDate": day(30), "deferredSku": "platinum",
            "baseReceipts": ["base"], "countryCode": "US",
        }),
    );
    let answer = Answer::<Receipt>::from_stored_json(
        receipt.to_string().as_bytes(),
        Environment::Production,
        Timestamp::from_millis(day(2)),
    );
    let purchase = answer.unwrap().of_user("user".into()).to_purchase();
    let at = |number| Some(Timestamp::from_millis(day(number)));
    assert_eq!(purchase.store, Store::AmazonAppstore);
    assert_eq!(purchase.key, PurchaseKey::amazon("receipt"));
    assert_eq!(purchase.user_id.as_ref().unwrap(), &"user");
    assert_eq!(purchase.app_id, None, "Amazon names no app");
    assert_eq!(purchase.product_id, "gold");
    assert_eq!(purchase.kind, ProductKind::AutoRenewableSubscription);
    assert_eq!(purchase.quantity, 1);
    assert_eq!(purchase.originally_purchased_at, at(1));
    assert_eq!(
        purchase.purchased_at, None,
        "of this period it is not known"
    );
    assert_eq!(purchase.expires_at, at(30));
    assert_eq!(purchase.as_of, at(2).unwrap());
    assert_eq!(purchase.add_on_to, [PurchaseKey::amazon("base")]);
    assert_eq!(purchase.acknowledgement, Acknowledgement::NotRequired);
    let part = purchase.subscription.as_ref().unwrap();
    assert_eq!(part.auto_renew, AutoRenew::On);
    assert_eq!(part.plan_id.as_ref().unwrap(), &"gold.monthly");
    assert_eq!(part.started_at, at(1));
    assert_eq!(part.renews_at, at(30));
    assert_eq!(part.next_product_id.as_ref().unwrap(), &"platinum");
    assert_eq!(part.next_product_at, at(30));
    assert_eq!((&part.offer, &part.expiration_reason), (&None, &None));

    let one_time = answered(&self::receipt("ENTITLED", &json!({"quantity": 1})), day(2));
    assert_eq!(one_time.purchased_at, at(1));
    assert_eq!(one_time.subscription, None);
}

#[test]
fn whether_it_renews_is_what_amazon_says_until_it_is_canceled() {
    for (members, auto_renew, renews_at) in [
        (
            json!({"autoRenewing": true, "renewalDate": day(9)}),
            AutoRenew::On,
            Some(day(9)),
        ),
        (
            json!({"autoRenewing": false, "renewalDate": day(9)}),
            AutoRenew::Off,
            None,
        ),
        (
            json!({"renewalDate": day(9)}),
            AutoRenew::Unknown,
            Some(day(9)),
        ),
        (json!({"autoRenewing": true}), AutoRenew::On, None),
        (json!({}), AutoRenew::Unknown, None),
        (
            json!({"autoRenewing": true, "renewalDate": day(9), "cancelDate": day(9)}),
            AutoRenew::Off,
            None,
        ),
    ] {
        let purchase = answered(&receipt("SUBSCRIPTION", &members), day(2));
        let part = purchase.subscription.unwrap();
        assert_eq!(part.auto_renew, auto_renew, "{members}");
        assert_eq!(
            part.renews_at.map(Timestamp::as_millis),
            renews_at,
            "{members}"
        );
    }
}

#[test]
fn every_cancel_reason_has_its_words() {
    let unknown = |text: &str| ExpirationReason::Unknown(text.to_owned());
    for (reason, expected, revocation) in [
        (0, ExpirationReason::NotKnownYet, RevocationReason::Refunded),
        (
            1,
            ExpirationReason::CustomerCanceled,
            RevocationReason::Canceled,
        ),
        (
            2,
            ExpirationReason::DeveloperCanceled,
            RevocationReason::Canceled,
        ),
        (3, unknown("3"), RevocationReason::Unknown("3".to_owned())),
        (
            4,
            ExpirationReason::Replaced,
            RevocationReason::Unknown("4".to_owned()),
        ),
        (9, unknown("9"), RevocationReason::Unknown("9".to_owned())),
    ] {
        let members = json!({"cancelDate": day(2), "cancelReason": reason});
        let purchase = answered(&receipt("SUBSCRIPTION", &members), day(3));
        let part = purchase.subscription.as_ref().unwrap();
        assert_eq!(part.expiration_reason, Some(expected), "{reason}");
        assert_eq!(part.state, SubscriptionState::Expired);
        assert_eq!(purchase.is_replaced, reason == 4);
        let one_time = answered(&receipt("ENTITLED", &members), day(3));
        let found = one_time.revocation.unwrap();
        assert_eq!(
            (found.reason, found.at.unwrap().as_millis()),
            (revocation, day(2))
        );
    }
    // Until the new plan begins the old one gives access.
    let replaced = receipt(
        "SUBSCRIPTION",
        &json!({"cancelDate": day(9), "cancelReason": 4}),
    );
    check(
        &replaced,
        &[
            (day(9) - 1, active(day(9))),
            (day(9), Denied(DenialReason::Replaced)),
        ],
    );
}

#[test]
fn a_promotion_counts_while_it_applies() {
    let promotion = |kind: &str, status: &str| json!({"promotions": [{"promotionType": kind, "promotionStatus": status}], "renewalDate": day(9)});
    for (kind, expected) in [
        (
            "Introductory Price - All Customers",
            OfferKind::Introductory,
        ),
        ("Promotional Price - Lapsed Customers", OfferKind::WinBack),
        ("Retention Offer", OfferKind::Promotional),
        ("Gift", OfferKind::Unknown("Gift".to_owned())),
    ] {
        for (status, applies) in [
            ("InProgress", true),
            ("Queued", false),
            ("Completed", false),
            ("Later", false),
        ] {
            let purchase = answered(&receipt("SUBSCRIPTION", &promotion(kind, status)), day(2));
            let offer = purchase.subscription.unwrap().offer;
            let found = offer.map(|offer| (offer.kind, offer.payment));
            assert_eq!(
                found,
                applies.then(|| (expected.clone(), None)),
                "{kind} {status}"
            );
        }
    }
}

#[test]
fn only_quick_subscribe_waits_for_a_confirmation() {
    use Acknowledgement::{Done, NotRequired, Pending};
    for (result, quick, ordinary) in [
        (Value::Null, Pending, NotRequired),
        (json!("FULFILLED"), Done, Done),
        (json!("UNAVAILABLE"), NotRequired, NotRequired),
        (json!("EXISTING_PURCHASE"), NotRequired, NotRequired),
        (json!("NOT_ELIGIBLE"), NotRequired, NotRequired),
        (json!("NEW"), Pending, NotRequired),
    ] {
        let members = json!({"fulfillmentResult": result});
        let purchase = answered(&receipt("SUBSCRIPTION", &members), day(2));
        assert_eq!(purchase.acknowledgement, ordinary, "{result}");
        let members = json!({
            "fulfillmentResult": result, "purchaseMetadataMap": {"QuickSubscribe": "true"},
        });
        let purchase = answered(&receipt("SUBSCRIPTION", &members), day(2));
        assert_eq!(purchase.acknowledgement, quick, "{result}");
    }
}

#[test]
fn a_quantity_that_makes_no_sense_is_one() {
    for (quantity, expected) in [
        (json!(1), 1),
        (json!(3), 3),
        (json!(null), 1),
        (json!(0), 1),
        (json!(-2), 1),
        (json!(5_000_000_000_i64), 1),
        (json!("many"), 1),
    ] {
        let purchase = answered(
            &receipt("CONSUMABLE", &json!({"quantity": quantity})),
            day(2),
        );
        assert_eq!(purchase.quantity, expected, "{quantity}");
    }
}

#[test]
fn the_dates_of_a_receipt_are_when_amazon_is_asked_again() {
    let next = |members: Value| {
        let purchase = answered(&receipt("SUBSCRIPTION", &members), day(2));
        let now = Timestamp::from_millis(day(2));
        let next = purchase.next_check_at(now, &AccessPolicy::new());
        next.map(Timestamp::as_millis)
    };
    let soon = day(2) + 3_600_000;
    for member in [
        "renewalDate",
        "gracePeriodEndDate",
        "freeTrialEndDate",
        "deferredDate",
        "cancelDate",
    ] {
        let mut members = json!({});
        members[member] = json!(soon - 1);
        assert_eq!(next(members), Some(soon - 1), "{member}");
    }
    assert_eq!(next(json!({})), Some(day(3)), "a sweep");
    assert_eq!(next(json!({"renewalDate": day(2)})), Some(soon), "overdue");
    assert_eq!(
        next(json!({"cancelDate": day(2), "cancelReason": 0})),
        Some(day(3))
    );
    assert_eq!(next(json!({"cancelDate": day(2), "cancelReason": 1})), None);
}

#[test]
fn a_newer_answer_supersedes_an_older_one() {
    let receipt = receipt("SUBSCRIPTION", &json!({"renewalDate": day(30)}));
    let (older, newer) = (answered(&receipt, day(2)), answered(&receipt, day(3)));
    assert!(newer.supersedes(&older) && !older.supersedes(&newer));
    let ended = older.no_longer_valid(Timestamp::from_millis(day(4)));
    assert!(ended.supersedes(&newer));
    assert_eq!(see(&ended, day(4)), Denied(DenialReason::Revoked), "row 1");
}
