//! Is the right id taken out of receipts that nobody verified?

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    der::{
        PARTS, element, explicit_0, ia5, indefinite, integer, nested, octets, oid, sequence, set,
        utf8,
    },
    maker::{DATA, Receipt, SIGNED_DATA, attribute, attributes, purchase, with},
};
use crate::{
    EncodingProblem, ReceiptError, StructureProblem, receipt::text::MAX_RECEIPT_LENGTH,
    transaction_id_from_app_receipt, transaction_id_from_transaction_receipt,
};

/// The id in a receipt with these in-app purchases. No certificate, no signer: none is needed.
fn id_of(purchases: &[Vec<Vec<u8>>]) -> Option<String> {
    let purchases = purchases.iter().map(|it| attribute(17, &set(it)));
    let mut attributes = vec![attribute(0, &utf8("Xcode")), attribute(6, b"opaque")];
    attributes.extend(purchases);
    let receipt = unsigned(SIGNED_DATA, &octets(&set(&attributes)));
    let id = transaction_id_from_app_receipt(&STANDARD.encode(receipt)).unwrap();
    id.map(|id| id.as_str().to_owned())
}

fn unsigned(message_type: &str, content: &[u8]) -> Vec<u8> {
    let content = sequence(&[oid(DATA), explicit_0(content)]);
    let signed_data = sequence(&[integer(1), set(&[]), content, set(&[])]);
    sequence(&[oid(message_type), explicit_0(&signed_data)])
}

/// A purchase without most of its attributes.
fn bare(attributes: &[(i64, Vec<u8>)]) -> Vec<Vec<u8>> {
    attributes
        .iter()
        .map(|(kind, value)| attribute(*kind, value))
        .collect()
}

#[test]
fn the_purchase_with_the_latest_date_gives_its_id() {
    let early = purchase("1", "2024-01-01T00:00:00Z");
    let late = purchase("2", "2025-01-01T00:00:00Z");
    let undated = bare(&[(1703, utf8("3"))]);
    for order in [
        [&early, &late, &undated],
        [&undated, &late, &early],
        [&late, &undated, &early],
    ] {
        assert_eq!(id_of(&order.map(Clone::clone)).as_deref(), Some("2"));
    }
}

#[test]
fn of_purchases_with_the_same_date_or_none_the_first_gives_its_id() {
    let same = |id: &str| purchase(id, "2024-01-01T00:00:00Z");
    assert_eq!(id_of(&[same("1"), same("2")]).as_deref(), Some("1"));
    let undated = |id: &str, date: &str| bare(&[(1703, utf8(id)), (1704, ia5(date))]);
    let purchases = [
        undated("1", ""),
        undated("2", "yesterday"),
        undated("3", ""),
    ];
    assert_eq!(id_of(&purchases).as_deref(), Some("1"));
}

#[test]
fn the_original_transaction_id_serves_where_there_is_no_other() {
    let original = (1705, utf8("7"));
    assert_eq!(
        id_of(&[bare(core::slice::from_ref(&original))]).as_deref(),
        Some("7")
    );
    let empty = bare(&[original.clone(), (1703, utf8(""))]);
    assert_eq!(id_of(&[empty]).as_deref(), Some("7"));
    let both = bare(&[original, (1703, utf8("8"))]);
    assert_eq!(id_of(&[both]).as_deref(), Some("8"));
}

#[test]
fn without_a_purchase_that_has_an_id_there_is_none() {
    assert_eq!(id_of(&[]), None);
    assert_eq!(id_of(&[bare(&[])]), None);
    let without_id = bare(&[(1704, ia5("2025-01-01T00:00:00Z")), (1703, utf8(""))]);
    assert_eq!(id_of(core::slice::from_ref(&without_id)), None);
    let with_id = bare(&[(1703, utf8("0"))]);
    assert_eq!(id_of(&[without_id, with_id]).as_deref(), Some("0"));
}

#[test]
fn a_receipt_as_xcode_writes_it_is_read() {
    let content = set(&attributes());
    let (first, second) = content.split_at(100);
    let parts = [octets(first), octets(second)].concat();
    for wrapped in [
        indefinite(PARTS, &parts),
        element(PARTS, &parts),
        indefinite(PARTS, &indefinite(PARTS, &parts)),
        nested(PARTS, 32, &parts),
    ] {
        let receipt = Receipt {
            wrapped_content: Some(wrapped),
            certificates: vec![],
            write: indefinite,
            ..Receipt::rsa()
        };
        let id = transaction_id_from_app_receipt(&receipt.base64()).unwrap();
        assert_eq!(id.unwrap(), "2000");
    }
}

#[test]
fn inner_strings_in_parts_are_read() {
    let in_parts = |kind: i64, value: &[u8]| {
        let (first, second) = value.split_at(value.len() / 2);
        let value = indefinite(PARTS, &[octets(first), octets(second)].concat());
        indefinite(0x30, &[integer(kind), integer(1), value].concat())
    };
    let purchase = indefinite(0x31, &in_parts(1703, &utf8("2000")));
    let content = indefinite(0x31, &in_parts(17, &purchase));
    let receipt = unsigned(SIGNED_DATA, &octets(&content));
    let id = transaction_id_from_app_receipt(&STANDARD.encode(receipt)).unwrap();
    assert_eq!(id.unwrap(), "2000");
}

#[test]
fn line_breaks_and_white_space_around_are_skipped_and_spaces_within_are_not() {
    let receipt = Receipt::rsa().base64();
    for line_break in ["\n", "\r\n"] {
        let lines: Vec<_> = receipt
            .as_bytes()
            .chunks(76)
            .map(String::from_utf8_lossy)
            .collect();
        let text = format!(" \t{}\n", lines.join(line_break));
        assert_eq!(
            transaction_id_from_app_receipt(&text).unwrap().unwrap(),
            "2000"
        );
    }
    let plus = receipt.find('+').unwrap();
    let form_decoded = format!("\n{}", receipt.replace('+', " "));
    assert_eq!(
        transaction_id_from_app_receipt(&form_decoded),
        Err(ReceiptError::Encoding(EncodingProblem::Whitespace {
            offset: plus + 1
        }))
    );
}

#[test]
fn what_is_not_standard_base64_is_refused_with_the_place() {
    use EncodingProblem as E;
    for (text, problem) in [
        ("AAAA-AAA", E::Character { offset: 4 }),
        ("  AAAAé", E::Character { offset: 6 }),
        ("AAAAA", E::Length),
        ("AAA", E::Padding),
        ("AAB=", E::TrailingBits),
        ("AA\tAA", E::Whitespace { offset: 2 }),
        ("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", E::Character { offset: 20 }),
    ] {
        let expected = Err(ReceiptError::Encoding(problem));
        assert_eq!(transaction_id_from_app_receipt(text), expected, "{text}");
        assert_eq!(
            transaction_id_from_transaction_receipt(text),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_text_beyond_the_limit_is_refused_before_it_is_decoded() {
    for (length, expected) in [
        (MAX_RECEIPT_LENGTH + 1, "too_long"),
        (MAX_RECEIPT_LENGTH, "encoding"),
    ] {
        let error = transaction_id_from_app_receipt(&"!".repeat(length)).unwrap_err();
        assert_eq!(error.check(), expected);
    }
}

#[test]
fn every_truncation_is_an_error() {
    for receipt in [
        Receipt::rsa().der(),
        Receipt {
            write: indefinite,
            ..Receipt::rsa()
        }
        .der(),
    ] {
        for length in 0..receipt.len() {
            let error = transaction_id_from_app_receipt(&STANDARD.encode(&receipt[..length]));
            assert_eq!(error.unwrap_err().check(), "structure", "{length}");
        }
    }
}

#[test]
fn a_failure_names_the_place() {
    let read = |der: &[u8]| transaction_id_from_app_receipt(&STANDARD.encode(der)).unwrap_err();
    let error = read(&unsigned("1.2.840.113549.1.7.3", &octets(b"")));
    assert_eq!(
        error.to_string(),
        "contentInfo is of type 1.2.840.113549.1.7.3, expected 1.2.840.113549.1.7.2"
    );
    for (content, expected) in [
        (
            integer(1),
            "signedData.encapContentInfo: expected tag 0x04, found 0x02",
        ),
        (
            octets(&integer(1)),
            "content: expected tag 0x31, found 0x02",
        ),
        (
            octets(&set(&[octets(b"")])),
            "content: expected tag 0x30, found 0x04",
        ),
        (
            octets(&set(&[attribute(17, b"")])),
            "attribute 17[0]: expected tag 0x31, found nothing",
        ),
        (
            octets(&set(&[
                attribute(17, &set(&[])),
                attribute(17, &set(&bare(&[(1703, integer(1))]))),
            ])),
            "attribute 17[1]: expected tag 0x0c, found 0x02",
        ),
        (
            octets(&set(&[attribute(
                17,
                &set(&bare(&[(1703, element(0x0C, b"\xFF"))])),
            )])),
            "attribute 17[0]: not UTF-8",
        ),
        (
            [octets(b""), octets(b"")].concat(),
            "signedData.encapContentInfo: 2 bytes too many",
        ),
    ] {
        assert_eq!(read(&unsigned(SIGNED_DATA, &content)).to_string(), expected);
    }
    for tag in [0xA1, 0x60, 0x80] {
        let message = sequence(&[oid(SIGNED_DATA), element(tag, &sequence(&[]))]);
        assert_eq!(
            read(&message).to_string(),
            format!("contentInfo.content: expected tag 0xa0, found 0x{tag:02x}")
        );
    }
    let with_more = [unsigned(SIGNED_DATA, &octets(&set(&[]))), vec![0]].concat();
    assert_eq!(
        read(&with_more).to_string(),
        "contentInfo: 1 bytes too many"
    );
    assert_eq!(
        read(b"").to_string(),
        "contentInfo: expected tag 0x30, found nothing"
    );
}

#[test]
fn attributes_that_matter_to_verification_alone_do_not_hinder_extraction() {
    let content = with(12, Some(attribute(12, &ia5("not a date"))));
    let id = transaction_id_from_app_receipt(&Receipt::of(content).base64()).unwrap();
    assert_eq!(id.unwrap(), "2000");
}

/// A transaction receipt around a purchase.
fn transaction_receipt(purchase: &str) -> String {
    let purchase = STANDARD.encode(purchase);
    STANDARD.encode(format!(
        "{{\n\t\"signature\" = \"AAAA\";\n\t\"purchase-info\" = \"{purchase}\";\n\t\"pod\" = \"100\";\n}}"
    ))
}

fn id_in(purchase: &str) -> Result<Option<String>, ReceiptError> {
    let id = transaction_id_from_transaction_receipt(&transaction_receipt(purchase))?;
    Ok(id.map(|id| id.as_str().to_owned()))
}

#[test]
fn a_transaction_receipt_gives_its_id_however_it_is_spaced() {
    for purchase in [
        "{\n\t\"original-transaction-id\" = \"1\";\n\t\"transaction-id\" = \"42\";\n}",
        r#"{"transaction-id"="42";"original-transaction-id"="1";}"#,
        "{ \"transaction-id\"\r\n = \t\"42\" ; }",
        r#"{ "name" = "say \"transaction-id\" = \"6\";"; "transaction-id" = "42"; }"#,
        r#"{ "key" = "transaction-id"; "transaction-id" = "42"; }"#,
        r#"{ "path" = "C:\\"; "transaction-id" = "42"; }"#,
    ] {
        assert_eq!(
            id_in(purchase).unwrap().as_deref(),
            Some("42"),
            "{purchase}"
        );
    }
}

#[test]
fn a_transaction_receipt_without_an_id_gives_none() {
    for purchase in [
        "",
        "{}",
        r#"{ "original-transaction-id" = "1"; }"#,
        r#"{ "transaction-id" = ""; }"#,
        r#"{ "transaction-id" = "42" }"#,
        r#"{ "transaction-id" = "42"#,
        r#"{ "transaction-id" "42"; }"#,
        r#"{ 'transaction-id' = '42'; }"#,
        r#"{ "transaction-id" = 42; }"#,
        "\"\\",
        "\"",
    ] {
        assert_eq!(id_in(purchase), Ok(None), "{purchase}");
    }
}

#[test]
fn what_is_no_transaction_receipt_is_refused() {
    for text in [
        "",
        "{}",
        r#"{ "purchase-info" = ""#,
        r#"{ "signature" = "AAAA"; }"#,
    ] {
        let error = transaction_id_from_transaction_receipt(&STANDARD.encode(text)).unwrap_err();
        assert_eq!(
            error,
            ReceiptError::MissingMember {
                member: "purchase-info"
            }
        );
    }
    let app_receipt = transaction_id_from_transaction_receipt(&Receipt::rsa().base64());
    assert_eq!(app_receipt.unwrap_err().check(), "missing_member");
    let text = r#"{ "purchase-info" = "not base64"; }"#;
    assert_eq!(
        transaction_id_from_transaction_receipt(&STANDARD.encode(text)),
        Err(ReceiptError::Structure {
            place: "purchase-info".to_owned(),
            problem: StructureProblem::Base64,
        })
    );
    let purchase = STANDARD.encode(b"{ \"transaction-id\" = \"\xFF\"; }");
    let text = format!(r#"{{ "purchase-info" = "{purchase}"; }}"#);
    let error = transaction_id_from_transaction_receipt(&STANDARD.encode(text)).unwrap_err();
    assert_eq!(error.to_string(), "transaction-id: not UTF-8");
}
