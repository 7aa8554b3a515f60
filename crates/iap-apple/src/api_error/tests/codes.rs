//! Every error code, beside what Apple's pages and libraries say about it.

use std::collections::HashSet;

use serde_json::json;

use super::table::{ADVANCED_COMMERCE, RETENTION, Repetition, SERVER, rows};
use crate::ApiError;

#[test]
fn every_code_has_apples_name_status_and_word_on_repeating() {
    for (code, name, status, repetition) in rows() {
        let error = ApiError::from(code);
        assert!(!matches!(error, ApiError::Unknown(_)), "{code}");
        assert_eq!(error.as_i64(), code);
        // The one number that two APIs name differently.
        if name == "INVALID_STOREFRONT" {
            assert_eq!(error, ApiError::InvalidStorefrontCountryCode);
        } else {
            assert_eq!(error.name(), Some(name), "{code}");
        }
        assert_eq!(error.http_status(), Some(status), "{code}");
        assert_eq!(
            error.is_retryable(),
            repetition == Repetition::Repeat,
            "{code}"
        );
        assert_eq!(error.is_rate_limit(), code == 4290000, "{code}");
    }
}

#[test]
fn the_enum_names_exactly_the_codes_of_the_three_apis_each_once() {
    assert_eq!(
        [SERVER.len(), RETENTION.len(), ADVANCED_COMMERCE.len()],
        [61, 26, 129]
    );
    let codes: HashSet<i64> = rows().map(|(code, ..)| code).collect();
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
