//! Every error code, held against the table.

use std::collections::HashSet;

use iap_core::ErrorKind;
use serde_json::json;

use crate::{
    ApiError, ApiFailure,
    facts::{self, Row},
};

/// The rows of the table; a number that two APIs document comes twice.
fn rows() -> Vec<Row> {
    facts::rows(include_str!("../../../tests/facts/errors.tsv"))
}

/// The rows about codes, each with its code.
fn codes() -> impl Iterator<Item = (i64, Row)> {
    let rows = rows().into_iter().filter(|row| row["api"] != "transport");
    rows.map(|row| (row["code"].parse().unwrap(), row))
}

#[test]
fn every_code_of_the_table_has_its_name_status_and_word_on_repeating() {
    for (code, row) in codes() {
        let error = ApiError::from(code);
        assert!(!matches!(error, ApiError::Unknown(_)), "{code}");
        assert_eq!(error.as_i64(), code);
        // The one number that two APIs name differently.
        if row["name"] == "INVALID_STOREFRONT" {
            assert_eq!(error, ApiError::InvalidStorefrontCountryCode);
        } else {
            assert_eq!(error.name(), Some(row["name"]), "{code}");
        }
        let status = row["http_status"].parse().unwrap();
        assert_eq!(error.http_status(), Some(status), "{code}");
        let is_retryable = match row["retryable"].split(' ').next() {
            Some("yes") => true,
            Some("no") => false,
            unknown => panic!("may a call be repeated after {code}: {unknown:?}"),
        };
        assert_eq!(error.is_retryable(), is_retryable, "{code}");
        assert_eq!(error.is_rate_limit(), code == 4290000, "{code}");

        let body = json!({"errorCode": code, "errorMessage": "A message."}).to_string();
        let failure = ApiFailure::from_response(status, None, body.as_bytes());
        assert_eq!(failure.api_error(), Some(error));
        assert_eq!(failure.message(), Some("A message."));
        assert_eq!(failure.http_status(), status);
    }
}

#[test]
fn the_enum_names_exactly_the_codes_of_the_table_each_once() {
    let of = |api| codes().filter(|(_, row)| row["api"] == api).count();
    assert_eq!(
        ["server", "retention", "advanced-commerce"].map(of),
        [61, 26, 129]
    );
    let codes: HashSet<i64> = codes().map(|(code, _)| code).collect();
    assert_eq!(codes.len(), 209);

    let known = ApiError::known();
    assert_eq!(known.len(), 209);
    let known_codes: HashSet<i64> = known.iter().map(|error| error.as_i64()).collect();
    assert_eq!(known_codes, codes);
    let names: HashSet<_> = known.iter().map(|error| error.name()).collect();
    assert_eq!(names.len(), 209);
    assert!(!names.contains(&None));
}

#[test]
fn the_error_object_has_the_members_that_the_table_lists() {
    let members = facts::members("ErrorPayload");
    assert_eq!(
        members,
        [("errorCode", "int64"), ("errorMessage", "string")]
    );
}

#[test]
fn what_fails_on_the_way_to_apple_is_what_the_table_says() {
    let rows = rows().into_iter().filter(|row| row["api"] == "transport");
    let names: Vec<_> = rows
        .map(|row| {
            let name = row["name"];
            let statuses = match name {
                "HTTP_401_NON_JSON" => 401..=401,
                "HTTP_429_NON_JSON" => 429..=429,
                "HTTP_5XX_NON_JSON" => 500..=599,
                // No answer at all: see the tests of the client.
                "IO_ERROR" => return name,
                unknown => panic!("{unknown}"),
            };
            let expected = match row["retryable"].starts_with("yes") {
                true => ErrorKind::Unavailable,
                false => ErrorKind::Misconfigured,
            };
            for status in statuses {
                let failure = ApiFailure::from_response(status, None, b"<html></html>");
                assert_eq!(failure.kind(), expected, "{status}");
                assert_eq!(failure.api_error(), None);
            }
            name
        })
        .collect();
    assert_eq!(names.len(), 4);
}

#[test]
fn every_variant_is_apples_name_in_the_spelling_of_rust() {
    for error in ApiError::known() {
        let name = error.name().unwrap();
        let variant = format!("{error:?}");
        assert_eq!(variant.to_uppercase(), name.replace('_', ""));
        let capitals = variant.chars().filter(char::is_ascii_uppercase).count();
        assert_eq!(capitals, name.split('_').count(), "{variant}");
    }
}

#[test]
fn a_code_of_tomorrow_keeps_its_number_and_gets_what_the_number_says() {
    for (code, status, retryable) in [
        (4000001, Some(400), false),
        (4049999, Some(404), false),
        (4290001, Some(429), true),
        (5030000, Some(503), true),
        (5999999, Some(599), true),
        (6000000, None, false),
        (999_999, None, false),
        (0, None, false),
        (-4040010, None, false),
        // Cut to 16 bits this would be status 404.
        (659_400_010, None, false),
        (i64::MAX, None, false),
        (i64::MIN, None, false),
    ] {
        let error = ApiError::from(code);
        assert_eq!(error, ApiError::Unknown(code));
        assert_eq!(error.as_i64(), code);
        assert_eq!(error.to_string(), code.to_string());
        assert_eq!(error.name(), None);
        assert_eq!(error.advice(), None);
        assert_eq!(error.http_status(), status, "{code}");
        assert_eq!(error.is_retryable(), retryable, "{code}");
        assert_eq!(serde_json::to_value(error).unwrap(), json!(code));
        assert_eq!(
            serde_json::from_value::<ApiError>(json!(code)).unwrap(),
            error
        );
    }
}

#[test]
fn where_developers_get_stuck_there_is_advice() {
    for (code, hint) in [
        (4000002, "bundle id"),
        (4000006, "other environment"),
        (4000008, "originalTransactionId"),
        (4000017, "again"),
        (4000027, "all storefronts"),
        (4000048, "app transaction id"),
        (4000183, "UUID"),
        (4000185, "purchaser"),
        (4000187, "originalTransactionId"),
        (4010000, "In-App Purchase key"),
        (4030026, "performance test"),
        (4040001, "keep what you have stored"),
        (4040002, "repeat"),
        (4040003, "bundle id"),
        (4040005, "other environment"),
        (4040007, "App Store Connect"),
        (4040008, "in a few seconds"),
        (4040010, "other environment"),
        (4290000, "wait"),
        (5000000, "repeat"),
        (5000001, "repeat"),
    ] {
        let advice = ApiError::from(code).advice().unwrap();
        assert!(advice.contains(hint), "{code}: {advice}");
    }
}

#[test]
fn advice_is_one_line_without_a_final_stop() {
    let advice: Vec<_> = ApiError::known()
        .iter()
        .filter_map(|error| error.advice())
        .collect();
    assert!(advice.len() > 30);
    for text in advice {
        assert!(!text.ends_with(['.', ' ']), "{text}");
        assert!(!text.contains("  ") && !text.contains('\n'), "{text}");
    }
}
