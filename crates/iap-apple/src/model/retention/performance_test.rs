//! Does your server answer realtime requests fast enough?

use std::collections::HashMap;

use iap_core::{OriginalTransactionId, open_enum};
use serde::{Deserialize, Serialize};

use crate::model::{notification_history::SendAttemptResult, wire};

/// Starts a test of your realtime URL; in the sandbox only.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/performancetestrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct PerformanceTestRequest {
    original_transaction_id: OriginalTransactionId,
}

impl PerformanceTestRequest {
    /// A test that asks about this subscription, made in the sandbox.
    pub fn new(original_transaction_id: impl Into<OriginalTransactionId>) -> Self {
        Self {
            original_transaction_id: original_transaction_id.into(),
        }
    }
}

/// A test that has begun.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/performancetestresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PerformanceTestResponse {
    /// What the test does, and what it demands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<PerformanceTestConfig>,

    /// What to ask for the result with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What a test does, and what it demands.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/performancetestconfig)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PerformanceTestConfig {
    /// How many requests are made at the same time at most.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub max_concurrent_requests: Option<i64>,

    /// How many requests are made.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_requests: Option<i64>,

    /// How long the test lasts; milliseconds.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_duration: Option<i64>,

    /// How long an answer may take; milliseconds.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_time_threshold: Option<i64>,

    /// How many requests must succeed; percent.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub success_rate_threshold: Option<i64>,
}

/// How a test went. Ask again while its `result` is [`Pending`](PerformanceTestStatus::Pending).
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/performancetestresultresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PerformanceTestResultResponse {
    /// What the test does, and what it demands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<PerformanceTestConfig>,

    /// The tested address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,

    /// Whether your server passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<PerformanceTestStatus>,

    /// How many requests succeeded; percent.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub success_rate: Option<i64>,

    /// How many requests have no answer yet.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub num_pending: Option<i64>,

    /// How long the answers took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_times: Option<PerformanceTestResponseTimes>,

    /// How often each kind of failure occurred.
    #[serde(
        deserialize_with = "wire::counts",
        skip_serializing_if = "HashMap::is_empty"
    )]
    pub failures: HashMap<SendAttemptResult, i64>,
}

/// How long the answers took, each in milliseconds.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/performancetestresponsetimes)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PerformanceTestResponseTimes {
    /// The average.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub average: Option<i64>,

    /// Half of the answers were as fast or faster.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub p50: Option<i64>,

    /// 90 % of the answers were as fast or faster.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub p90: Option<i64>,

    /// 95 % of the answers were as fast or faster.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub p95: Option<i64>,

    /// 99 % of the answers were as fast or faster.
    #[serde(
        with = "iap_core::option_whole_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub p99: Option<i64>,
}

open_enum! {
    /// Whether a server passed a test.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/performanceteststatus)
    pub enum PerformanceTestStatus: str {
        /// It did not.
        Fail = "FAIL",
        /// It did.
        Pass = "PASS",
        /// The test is still running.
        Pending = "PENDING",
    }
}
