//! What the App Store answers when it refuses a call: a number and a sentence.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi/error-codes>

use http::StatusCode;
use serde_json::json;

use crate::server::Answer;

/// A refusal with Apple's number; the HTTP status is the number's first three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    code: u32,
    message: &'static str,
}

impl Problem {
    pub(super) const fn new(code: u32, message: &'static str) -> Self {
        Self { code, message }
    }

    pub(super) fn answer(self) -> Answer {
        let status = u16::try_from(self.code / 10_000)
            .ok()
            .and_then(|status| StatusCode::from_u16(status).ok())
            .expect("a number that begins with a status");
        let body = json!({ "errorCode": self.code, "errorMessage": self.message });
        Answer::json(status, &body)
    }
}

pub(super) const ALREADY_USED_REFERENCE: Problem =
    Problem::new(4_000_097, "The request reference id was used before.");
pub(super) const APP_TRANSACTION_ID: Problem =
    Problem::new(4_000_048, "App transaction ids are not supported here.");
pub(super) const APP_TRANSACTION_NOT_FOUND: Problem =
    Problem::new(4_040_019, "No app transaction for that customer.");
pub(super) const BAD_REQUEST: Problem = Problem::new(4_000_000, "Bad request.");
pub(super) const FAMILY_SHARED: Problem =
    Problem::new(4_000_185, "Only the purchaser's transaction is supported.");
pub(super) const FAMILY_SHARED_EXTENSION: Problem =
    Problem::new(4_030_007, "A family member's subscription is not extended.");
pub(super) const GENERAL_INTERNAL: Problem = Problem::new(5_000_000, "An unknown error occurred.");
pub(super) const INVALID_ACCOUNT_TOKEN: Problem =
    Problem::new(4_000_183, "The app account token is no UUID.");
pub(super) const INVALID_CONSENT: Problem =
    Problem::new(4_000_035, "The customer's consent is missing.");
pub(super) const INVALID_DELIVERY_STATUS: Problem =
    Problem::new(4_000_036, "Invalid delivery status.");
pub(super) const INVALID_DAYS: Problem = Problem::new(4_000_009, "Between 1 and 90 days.");
pub(super) const INVALID_END_DATE: Problem = Problem::new(4_000_016, "Invalid end date.");
pub(super) const INVALID_NOTIFICATION_TYPE: Problem =
    Problem::new(4_000_018, "Invalid notification type or subtype.");
pub(super) const INVALID_ORIGINAL_ID: Problem =
    Problem::new(4_000_008, "Invalid original transaction id.");
pub(super) const INVALID_OWNERSHIP: Problem = Problem::new(4_000_026, "Invalid ownership type.");
pub(super) const INVALID_PAGINATION_TOKEN: Problem =
    Problem::new(4_000_014, "Invalid pagination token.");
pub(super) const INVALID_PRODUCT_TYPE: Problem = Problem::new(4_000_022, "Invalid product type.");
pub(super) const INVALID_REASON: Problem = Problem::new(4_000_010, "Invalid reason code.");
pub(super) const INVALID_REQUEST_IDENTIFIER: Problem =
    Problem::new(4_000_011, "Invalid request identifier.");
pub(super) const INVALID_REVISION: Problem = Problem::new(4_000_005, "Invalid revision.");
pub(super) const INVALID_REVOKED: Problem = Problem::new(4_000_030, "Invalid value of revoked.");
pub(super) const INVALID_SAMPLE_CONTENT: Problem =
    Problem::new(4_000_041, "Invalid value of sampleContentProvided.");
pub(super) const INVALID_SORT: Problem = Problem::new(4_000_021, "Invalid sort order.");
pub(super) const INVALID_START_DATE: Problem = Problem::new(4_000_015, "Invalid start date.");
pub(super) const INVALID_STATUS: Problem = Problem::new(4_000_031, "Invalid status.");
pub(super) const INVALID_STOREFRONTS: Problem =
    Problem::new(4_000_027, "The list of storefronts is empty.");
pub(super) const INVALID_TRANSACTION_ID: Problem =
    Problem::new(4_000_006, "Invalid transaction id.");
pub(super) const MULTIPLE_FILTERS: Problem = Problem::new(4_000_019, "More than one filter.");
pub(super) const NOT_ELIGIBLE_FOR_EXTENSION: Problem =
    Problem::new(4_030_004, "The subscription is not eligible.");
pub(super) const NOT_ORIGINAL_ID: Problem =
    Problem::new(4_000_187, "The id is not an original transaction id.");
pub(super) const NO_NOTIFICATION_URL: Problem =
    Problem::new(4_040_007, "No URL for server notifications.");
pub(super) const ORIGINAL_ID_NOT_FOUND: Problem =
    Problem::new(4_040_005, "Original transaction id not found.");
pub(super) const RATE_LIMIT: Problem = Problem::new(4_290_000, "Rate limit exceeded.");
pub(super) const START_AFTER_END: Problem =
    Problem::new(4_000_013, "The start date is after the end date.");
pub(super) const START_TOO_EARLY: Problem =
    Problem::new(4_000_012, "The start date is too far in the past.");
pub(super) const STATUS_REQUEST_NOT_FOUND: Problem =
    Problem::new(4_040_009, "No request of that identifier.");
pub(super) const TEST_NOTIFICATION_NOT_FOUND: Problem =
    Problem::new(4_040_008, "No test notification of that token.");
pub(super) const TOO_MANY_EXTENSIONS: Problem =
    Problem::new(4_030_005, "Extended twice within a year.");
pub(super) const TRANSACTION_NOT_FOUND: Problem =
    Problem::new(4_040_010, "Transaction id not found.");
