//! Every notation of a date, in every member that holds one.

use super::*;

const MOMENT: i64 = 1_400_784_241_000;

/// One moment in each of Amazon's notations, and what else means it.
fn notations() -> [Value; 8] {
    [
        json!(MOMENT),
        json!(1_400_784_241_000.0),
        json!(MOMENT.to_string()),
        json!("Thu May 22 18:44:01 UTC 2014"),
        json!("Thu May 22 18:44:01 GMT 2014"),
        json!("2014-05-22T18:44:01Z"),
        json!("2014-05-22T18:44:01.000Z"),
        json!("2014-05-22T20:44:01+02:00"),
    ]
}

fn check<T: Answer>(sample: &Value, date_members: &[&str]) {
    for member in date_members {
        let expected: T = read(&with(sample, member, json!(MOMENT))).unwrap();
        for notation in notations() {
            let answer: T = read(&with(sample, member, notation.clone())).unwrap();
            assert_eq!(answer, expected, "{member}: {notation}");
        }
        let zero: T = read(&with(sample, member, json!(0))).unwrap();
        let null: Result<T, _> = read(&with(sample, member, Value::Null));
        assert!(
            null.is_err() || zero != null.unwrap(),
            "{member}: 0 is a date"
        );

        for wrong in [
            json!(""),
            json!("today"),
            json!("Thu May 22 18:44:01 CEST 2014"),
            json!("Thu Foo 22 18:44:01 UTC 2014"),
            json!("Thu May 32 18:44:01 UTC 2014"),
            json!("Thu May 22 18:44:01 UTC"),
            json!("Thu May 22 18:44:01 UTC 2014 x"),
            json!(" 1400784241000"),
            json!("99999999999999999999"),
            json!(18_446_744_073_709_551_615_u64),
            json!(1e300),
            json!(true),
            json!([MOMENT]),
        ] {
            let answer: Result<T, _> = read(&with(sample, member, wrong.clone()));
            assert!(answer.is_err(), "{member}: {wrong}");
        }
    }
}

#[test]
fn a_date_is_read_in_every_notation_and_nothing_else_is_a_date() {
    check::<Receipt>(
        &receipt(),
        &[
            "purchaseDate",
            "cancelDate",
            "renewalDate",
            "freeTrialEndDate",
            "gracePeriodEndDate",
            "deferredDate",
            "fulfillmentDate",
        ],
    );
    #[cfg(feature = "billing-compatibility")]
    {
        check::<ProductPurchase>(&product(), &["purchaseTimeMillis", "cancelDate"]);
        check::<SubscriptionPurchase>(
            &subscription(),
            &[
                "startTime",
                "purchaseTimeMillis",
                "cancelDate",
                "renewalDate",
                "freeTrialEndDate",
                "gracePeriodEndDate",
                "deferredDate",
                "fulfillmentDate",
            ],
        );
        check::<LineItem>(&line_item(), &["expiryTime"]);
    }
}

#[test]
fn every_month_is_known() {
    for (number, name) in [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    .into_iter()
    .enumerate()
    {
        let java = with(
            &receipt(),
            "cancelDate",
            json!(format!("Mon {name} 01 00:00:00 UTC 2024")),
        );
        let rfc = with(
            &receipt(),
            "cancelDate",
            json!(format!("2024-{:02}-01T00:00:00Z", number + 1)),
        );
        assert_eq!(
            read::<Receipt>(&java).unwrap(),
            read(&rfc).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn seconds_taken_for_milliseconds_are_noticed_and_taken_as_they_stand() {
    let fine: Receipt = read(&receipt()).unwrap();
    assert_eq!(fine.unlikely_dates(), []);

    for (odd, is_unlikely) in [
        (1_700_000_000, true),
        (0, true),
        (-1, true),
        (99_999_999_999, true),
        (100_000_000_000, false),
    ] {
        let receipt: Receipt = read(&with(&receipt(), "renewalDate", json!(odd))).unwrap();
        assert_eq!(receipt.renewal_date.unwrap().as_millis(), odd);
        let found = receipt.unlikely_dates();
        assert_eq!(!found.is_empty(), is_unlikely, "{odd}");
        if let Some(found) = found.first() {
            assert_eq!((found.member, found.date.as_millis()), ("renewalDate", odd));
        }
    }
    #[cfg(feature = "billing-compatibility")]
    {
        let odd = with(&product(), "purchaseTimeMillis", json!("1700000000"));
        let product: ProductPurchase = read(&odd).unwrap();
        assert_eq!(product.unlikely_dates()[0].member, "purchaseTimeMillis");
        let item = with(&line_item(), "expiryTime", json!("1700000000"));
        let odd = with(&subscription(), "lineItems", json!([line_item(), item]));
        let subscription: SubscriptionPurchase = read(&odd).unwrap();
        assert_eq!(
            subscription.unlikely_dates()[0].member,
            "lineItems[].expiryTime"
        );
    }
}
