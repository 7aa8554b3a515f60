//! Is every attribute of a receipt read as what it is?

use super::{
    der::{element, ia5, integer, octets, sequence, set, utf8},
    maker::{APP_APPLE_ID, BUNDLE_ID, CREATED, attribute, attributes, purchase, with},
};
use crate::{
    AppReceipt, Environment, ReceiptError, ReceiptType, StructureProblem as P, crypto::sha1,
};

fn read(content: &[u8]) -> AppReceipt {
    AppReceipt::read(content).unwrap()
}

/// Where and why a content cannot be read.
fn problem(content: &[u8]) -> (String, P) {
    match AppReceipt::read(content) {
        Err(ReceiptError::Structure { place, problem }) => (place, problem),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_field_is_read() {
    let receipt = read(&set(&attributes()));
    let date = |text: &str| Some(text.parse().unwrap());
    assert_eq!(receipt.receipt_type, Some(ReceiptType::Production));
    assert_eq!(receipt.app_apple_id, i64::try_from(APP_APPLE_ID).ok());
    assert_eq!(receipt.bundle_id.as_ref().unwrap(), BUNDLE_ID);
    assert_eq!(receipt.application_version.as_deref(), Some("42"));
    assert_eq!(receipt.opaque_value.as_deref(), Some(&[7; 16][..]));
    assert_eq!(receipt.sha1_hash.as_deref(), Some(&[9; 20][..]));
    assert_eq!(receipt.creation_date, date(CREATED));
    assert_eq!(receipt.original_purchase_date, date("2025-12-31T23:59:59Z"));
    assert_eq!(receipt.original_application_version.as_deref(), Some("1.0"));
    assert_eq!(receipt.expiration_date, None);
    let others: Vec<_> = receipt
        .other
        .iter()
        .map(|it| (it.attribute_type, it.version))
        .collect();
    assert_eq!(others, [(6, 1), (8, 1)]);
    assert_eq!(receipt.other[0].value, b"not an element");

    let [first, second] = &receipt.in_app[..] else {
        panic!("{receipt:?}")
    };
    assert_eq!(first.transaction_id.as_ref().unwrap(), "1000");
    assert_eq!(second.transaction_id.as_ref().unwrap(), "2000");
    assert_eq!(second.quantity, Some(1));
    assert_eq!(second.product_id.as_ref().unwrap(), "pro.monthly");
    assert_eq!(second.original_transaction_id.as_ref().unwrap(), "1000");
    assert_eq!(second.purchase_date, date("2026-04-02T03:04:05Z"));
    assert_eq!(second.original_purchase_date, date("2026-01-02T03:04:05Z"));
    assert_eq!(second.expires_date, date("2026-06-01T00:00:00Z"));
    assert_eq!(second.web_order_line_item_id, Some(430_000_748_682_428));
    assert_eq!(second.cancellation_date, None);
    assert_eq!(second.is_trial_period, Some(false));
    assert_eq!(second.is_in_intro_offer_period, Some(true));
    assert_eq!(second.other.len(), 1);
    assert_eq!(
        (second.other[0].attribute_type, &second.other[0].value),
        (1707, &integer(3))
    );
}

#[test]
fn a_cancelled_purchase_has_its_date() {
    let mut purchase = purchase("1", "2026-01-02T03:04:05Z");
    purchase[9] = attribute(1712, &ia5("2026-02-03T04:05:06Z"));
    let receipt = read(&set(&[attribute(17, &set(&purchase))]));
    let cancelled = receipt.in_app[0].cancellation_date.unwrap();
    assert_eq!(cancelled.to_string(), "2026-02-03T04:05:06.000Z");
}

#[test]
fn an_empty_content_has_no_fields() {
    assert_eq!(read(&set(&[])), AppReceipt::default());
    let empty = [
        attribute(0, &utf8("")),
        attribute(2, &utf8("")),
        attribute(3, &utf8("")),
    ];
    let receipt = read(&set(&empty));
    assert_eq!((receipt.receipt_type, receipt.bundle_id), (None, None));
    assert_eq!(receipt.application_version, None);
}

#[test]
fn texts_are_read_as_utf8_and_as_ia5_strings() {
    for value in [utf8("Ünïcode"), element(0x16, "Ünïcode".as_bytes())] {
        let receipt = read(&set(&[attribute(3, &value)]));
        assert_eq!(receipt.application_version.as_deref(), Some("Ünïcode"));
    }
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_place() {
    let tag = |expected, found| P::Tag { expected, found };
    for (kind, value, expected) in [
        (0, integer(1), tag(0x0C, Some(2))),
        (1, utf8("1"), tag(2, Some(0x0C))),
        (1, element(2, &[0; 9]), P::IntegerRange),
        (2, vec![], tag(0x0C, None)),
        (2, [utf8("a"), utf8("b")].concat(), P::Trailing { bytes: 3 }),
        (3, element(0x0C, b"\xFF"), P::Utf8),
        (
            12,
            ia5("2026-13-01T00:00:00Z"),
            P::Date {
                text: "2026-13-01T00:00:00Z".to_owned(),
            },
        ),
        (12, vec![0x16, 0x05, b'2'], P::Truncated),
        (
            21,
            ia5("never"),
            P::Date {
                text: "never".to_owned(),
            },
        ),
    ] {
        let found = problem(&set(&[attribute(kind, &value)]));
        assert_eq!(found, (format!("attribute {kind}"), expected));
    }
    for (kind, value) in [
        (1701, utf8("1")),
        (1703, integer(1)),
        (1704, ia5("soon")),
        (1711, ia5("1")),
        (1712, ia5("refunded")),
        (1713, utf8("true")),
    ] {
        let purchases = [vec![], vec![attribute(kind, &value)]];
        let purchases = purchases.map(|it| attribute(17, &set(&it)));
        assert_eq!(
            problem(&set(&purchases)).0,
            format!("attribute 17[1].{kind}")
        );
    }
    let extra = sequence(&[integer(3), integer(1), octets(&utf8("1")), integer(1)]);
    assert_eq!(
        problem(&set(&[extra])),
        ("content".to_owned(), P::Trailing { bytes: 3 })
    );
    let large = sequence(&[element(2, &[1; 9]), integer(1), octets(b"")]);
    assert_eq!(
        problem(&set(&[large])),
        ("content".to_owned(), P::IntegerRange)
    );
    assert_eq!(problem(b""), ("content".to_owned(), tag(0x31, None)));
}

#[test]
fn of_two_values_neither_is_relied_on() {
    for kind in [0, 1, 2, 3, 4, 5, 12, 18, 19] {
        let mut attributes = attributes();
        let index = |attributes: &[Vec<u8>]| {
            attributes
                .iter()
                .position(|it| *it == with_kind(attributes, kind))
                .unwrap()
        };
        let again = attributes[index(&attributes)].clone();
        attributes.push(again);
        let found = problem(&set(&attributes));
        assert_eq!(found, (format!("attribute {kind}"), P::Repeated));
    }
    let twice = [attribute(1703, &utf8("1")), attribute(1703, &utf8("2"))];
    let found = problem(&set(&[attribute(17, &set(&twice))]));
    assert_eq!(found, ("attribute 17[0].1703".to_owned(), P::Repeated));
}

/// The attribute of a type.
fn with_kind(attributes: &[Vec<u8>], kind: i64) -> Vec<u8> {
    let start = integer(kind);
    let is_wanted = |it: &&Vec<u8>| it[2..].starts_with(&start) || it[4..].starts_with(&start);
    attributes.iter().find(is_wanted).unwrap().clone()
}

#[test]
fn every_receipt_type_has_its_environment() {
    for (text, environment) in [
        ("Production", Some(Environment::Production)),
        ("ProductionVPP", Some(Environment::Production)),
        ("ProductionSandbox", Some(Environment::Sandbox)),
        ("ProductionVPPSandbox", Some(Environment::Sandbox)),
        ("Xcode", Some(Environment::Xcode)),
        ("Productio", None),
        ("production", None),
    ] {
        let receipt = read(&with(0, Some(attribute(0, &utf8(text)))));
        let receipt_type = receipt.receipt_type.unwrap();
        assert_eq!(receipt_type.as_str(), text);
        assert_eq!(receipt_type.environment(), environment, "{text}");
    }
}

#[test]
fn a_receipt_recognises_its_device_and_no_other() {
    let device = [0xA5; 16];
    let content = |bundle_id: &[u8], opaque_value: &[u8]| {
        // The bundle id goes in as it is stored: with its tag and length.
        let hash = sha1(&[&device[..], opaque_value, bundle_id].concat());
        vec![
            attribute(2, bundle_id),
            attribute(4, opaque_value),
            attribute(5, hash.as_ref()),
        ]
    };
    let genuine = content(&utf8(BUNDLE_ID), b"opaque");
    let receipt = read(&set(&genuine));
    assert!(receipt.is_for_device(&device));
    for other in [&[][..], &device[1..], &[0xA4; 16], &[0xA5; 17]] {
        assert!(!receipt.is_for_device(other));
    }
    for missing in 0..genuine.len() {
        let mut attributes = genuine.clone();
        attributes.remove(missing);
        assert!(!read(&set(&attributes)).is_for_device(&device), "{missing}");
    }
    let mut shortened = genuine;
    shortened[2] = attribute(5, &receipt.sha1_hash.unwrap()[..19]);
    assert!(!read(&set(&shortened)).is_for_device(&device));
    assert!(!AppReceipt::default().is_for_device(&device));
}
