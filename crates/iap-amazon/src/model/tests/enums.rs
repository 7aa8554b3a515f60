//! Every value that Amazon documents has a name, and every other one is kept.

use super::*;

/// The known values as Amazon writes them.
fn texts<T: ToString>(known: &[T]) -> Vec<String> {
    known.iter().map(ToString::to_string).collect()
}

#[test]
fn every_documented_value_has_a_name() {
    assert_eq!(
        texts(ProductType::known()),
        ["CONSUMABLE", "ENTITLED", "SUBSCRIPTION"]
    );
    assert_eq!(texts(CancelReason::known()), ["0", "1", "2", "3", "4"]);
    assert_eq!(
        texts(FulfillmentResult::known()),
        [
            "FULFILLED",
            "UNAVAILABLE",
            "EXISTING_PURCHASE",
            "NOT_ELIGIBLE"
        ]
    );
    assert_eq!(
        texts(PromotionType::known()),
        [
            "Introductory Price - All Customers",
            "Promotional Price - Lapsed Customers",
            "Retention Offer"
        ]
    );
    assert_eq!(
        texts(PromotionStatus::known()),
        ["Queued", "InProgress", "Completed"]
    );
    #[cfg(feature = "billing-compatibility")]
    {
        assert_eq!(texts(BillingPurchaseState::known()), ["0", "1", "2"]);
        assert_eq!(texts(BillingPurchaseType::known()), ["0", "1", "2"]);
        assert_eq!(
            texts(BillingSubscriptionState::known()),
            [
                "UNSPECIFIED",
                "PENDING",
                "ACTIVE",
                "PAUSED",
                "IN_GRACE_PERIOD",
                "ON_HOLD",
                "CANCELED",
                "EXPIRED",
                "PENDING_PURCHASE_CANCELED"
            ]
            .map(|state| format!("SUBSCRIPTION_STATE_{state}"))
        );
    }
}

#[test]
fn a_value_of_tomorrow_is_kept() {
    fn keeps<T: Answer>(sample: &Value, text_members: &[&str], number_members: &[&str]) {
        let texts = text_members
            .iter()
            .map(|it| (it, json!("VALUE_OF_TOMORROW")));
        let numbers = number_members.iter().map(|it| (it, json!(99)));
        for (member, value) in texts.chain(numbers) {
            let tomorrow = with(sample, member, value);
            let answer: T = read(&tomorrow).unwrap();
            assert!(format!("{answer:?}").contains("Unknown"), "{member}");
            assert_eq!(write(&answer), tomorrow, "{member}");
        }
    }
    keeps::<Receipt>(
        &receipt(),
        &["productType", "fulfillmentResult"],
        &["cancelReason"],
    );
    keeps::<Promotion>(&promotion(), &["promotionType", "promotionStatus"], &[]);
    #[cfg(feature = "billing-compatibility")]
    {
        keeps::<ProductPurchase>(
            &product(),
            &["productType"],
            &["cancelReason", "purchaseState", "purchaseType"],
        );
        keeps::<SubscriptionPurchase>(
            &subscription(),
            &["productType", "subscriptionState", "fulfillmentResult"],
            &[],
        );
    }
}

#[test]
fn a_promotion_is_recognised_in_upper_and_lower_case() {
    for text in [
        "Introductory Price - All Customers",
        "Introductory Price - All customers",
        "INTRODUCTORY PRICE - ALL CUSTOMERS",
    ] {
        let promotion: Promotion = read(&with(&promotion(), "promotionType", json!(text))).unwrap();
        assert_eq!(
            promotion.promotion_type,
            Some(PromotionType::IntroductoryPriceAllCustomers)
        );
    }
}

#[test]
fn a_term_in_amazon_s_words_is_an_iso_8601_duration() {
    let iso = |text: &str| read::<Term>(&json!(text)).unwrap().iso_8601();
    for (text, expected) in [
        ("1 Week", "P1W"),
        ("2 Weeks", "P2W"),
        ("1 Month", "P1M"),
        ("2 Months", "P2M"),
        ("3 Months", "P3M"),
        ("6 Months", "P6M"),
        ("1 Year", "P1Y"),
        ("3 Days", "P3D"),
    ] {
        assert_eq!(iso(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "Month",
        "1",
        "1 ",
        "0 Months",
        "-1 Month",
        "one Month",
        "1 Fortnight",
        "1 Months more",
        "1  Month",
        "99999 Days",
    ] {
        assert_eq!(iso(text), None, "{text}");
        assert_eq!(read::<Term>(&json!(text)).unwrap().as_str(), text);
    }
}
