//! Subscriptions: offers, the next charge, changes of the price.

use super::*;

#[test]
fn the_next_charge_is_the_price_of_the_plan_only_outside_of_offers() {
    let price = |answer: &Value| subscription(answer).subscription.unwrap().renewal_price;
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    answer["lineItems"][0]["offerDetails"] = json!({ "offerId": "trial" });
    for (phase, is_told) in [
        (json!(null), true),
        (json!({ "basePrice": {} }), true),
        (json!({ "freeTrial": {} }), false),
        (json!({ "introductoryPrice": {} }), false),
        (json!({ "prorationPeriod": {} }), false),
        (json!({ "ofTomorrow": {} }), false),
    ] {
        answer["lineItems"][0]["offerPhase"] = phase.clone();
        let told = price(&answer).map(|price| price.to_string());
        assert_eq!(told, is_told.then(|| "6.99 EUR".to_owned()), "{phase}");
    }
    let mut deferred = renewing("SUBSCRIPTION_STATE_ACTIVE");
    let mut next = deferred["lineItems"][0].clone();
    next["productId"] = json!("max");
    next["expiryTime"] = Value::Null;
    deferred["lineItems"][0]["deferredItemReplacement"] = json!({ "productId": "max" });
    for (details, is_told) in [
        (json!(null), true),
        (json!({ "basePlanId": "monthly" }), true),
        (
            json!({ "basePlanId": "monthly", "offerId": "intro" }),
            false,
        ),
    ] {
        next["offerDetails"] = details;
        deferred["lineItems"].as_array_mut().unwrap().truncate(1);
        deferred["lineItems"]
            .as_array_mut()
            .unwrap()
            .push(next.clone());
        assert_eq!(price(&deferred).is_some(), is_told, "{next}");
    }
}

#[test]
fn an_offer_id_alone_is_no_running_offer() {
    let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
    assert_eq!(subscription(&answer).subscription.unwrap().plan_id, None);
    answer["lineItems"][0]["offerDetails"] = json!({ "offerId": "freetrial" });
    for phase in [
        json!(null),
        json!({ "basePrice": {} }),
        json!({ "prorationPeriod": {} }),
        json!({}),
    ] {
        answer["lineItems"][0]["offerPhase"] = phase;
        assert_eq!(subscription(&answer).subscription.unwrap().offer, None);
    }
    answer["lineItems"][0]["offerPhase"] = json!({ "introductoryPrice": {} });
    answer["lineItems"][0]["signupPromotion"] = json!({ "oneTimeCode": {} });
    let offer = subscription(&answer).subscription.unwrap().offer.unwrap();
    assert_eq!((offer.kind, offer.payment), (OfferKind::OfferCode, None));
}

#[test]
fn a_price_change_says_whether_the_customer_must_agree_and_when_it_counts() {
    let change = |mode: &str, state: &str, charged: Timestamp| {
        let mut answer = renewing("SUBSCRIPTION_STATE_ACTIVE");
        answer["lineItems"][0]["autoRenewingPlan"]["priceChangeDetails"] = json!({
            "newPrice": { "currencyCode": "EUR", "units": "9" },
            "priceChangeMode": mode, "priceChangeState": state, "expectedNewPriceChargeTime": charged,
        });
        let subscription = subscription(&answer).subscription.unwrap();
        (
            subscription.price_increase,
            subscription.renewal_price.unwrap().to_string(),
        )
    };
    let (old, new) = ("6.99 EUR".to_owned(), "9.00 EUR".to_owned());
    for (mode, state, increase, price) in [
        (
            "PRICE_INCREASE",
            "OUTSTANDING",
            Some(PriceIncrease::Pending),
            &old,
        ),
        (
            "PRICE_INCREASE",
            "CONFIRMED",
            Some(PriceIncrease::Accepted),
            &new,
        ),
        ("PRICE_INCREASE", "APPLIED", None, &old),
        ("PRICE_INCREASE", "CANCELED", None, &old),
        (
            "OPT_OUT_PRICE_INCREASE",
            "OUTSTANDING",
            Some(PriceIncrease::Accepted),
            &old,
        ),
        ("PRICE_DECREASE", "CONFIRMED", None, &new),
        (
            "OF_TOMORROW",
            "OUTSTANDING",
            Some(PriceIncrease::Pending),
            &old,
        ),
        (
            "PRICE_INCREASE",
            "OF_TOMORROW",
            Some(PriceIncrease::Pending),
            &old,
        ),
    ] {
        assert_eq!(
            change(mode, state, end()),
            (increase, price.clone()),
            "{mode} {state}"
        );
    }
    let later = change("PRICE_INCREASE", "CONFIRMED", end().saturating_add(DAY));
    assert_eq!(later.1, old);

    let mut consent = renewing("SUBSCRIPTION_STATE_ACTIVE");
    for (state, increase) in [
        ("PENDING", Some(PriceIncrease::Pending)),
        ("CONFIRMED", Some(PriceIncrease::Accepted)),
        ("COMPLETED", None),
    ] {
        consent["lineItems"][0]["autoRenewingPlan"]["priceStepUpConsentDetails"] =
            json!({ "state": state });
        assert_eq!(
            subscription(&consent).subscription.unwrap().price_increase,
            increase,
            "{state}"
        );
    }
}
