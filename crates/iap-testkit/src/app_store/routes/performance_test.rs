//! Does your server answer realtime requests in time? Posts some, and counts.
//!
//! <https://developer.apple.com/documentation/retentionmessaging/initiate-performance-test>

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use iap_core::Environment;
use serde_json::{Value, json};

use super::{
    super::{FakeAppStore, json, notifications::attempt_result},
    Call, Outcome, Problem,
    retention::{NO_REALTIME_URL, Retention},
};
use crate::{
    RealtimeRequestBuilder,
    server::{Delivery, Parcel},
    system,
};

#[derive(Default)]
pub(super) struct PerformanceTest {
    target: String,
    /// How long each answer took, and whether it was a good one.
    answers: Vec<(Duration, Delivery)>,
}

impl FakeAppStore {
    /// Where realtime requests of a performance test really go: your server on this machine, plain
    /// `http`, since the URL that is configured has to be `https`.
    pub fn set_realtime_server(&self, environment: Environment, url: impl Into<String>) {
        let url = url.into();
        self.shop.with_world(environment, |world| {
            world.retention.realtime_server = Some(url);
        });
    }
}

/// Posts realtime requests to your server, which has to answer each of them in time.
pub(super) fn start(call: Call<'_>) -> Outcome {
    let (shop, world) = (call.shop, call.world);
    let body = call.request.json().unwrap_or_default();
    let id = body["originalTransactionId"].as_str().unwrap_or_default();
    if world.environment != Environment::Sandbox || !world.subscriptions.contains_key(id) {
        return Err(INVALID_TEST);
    }
    let target = world.retention.realtime_url.clone();
    let target = target.ok_or(NO_REALTIME_URL)?;
    let server = world.retention.realtime_server.clone();
    let url = server.unwrap_or_else(|| target.clone());
    if world
        .retention
        .tests
        .values()
        .any(PerformanceTest::is_running)
    {
        return Err(TEST_IS_RUNNING);
    }
    let entry = world.entry(id).ok_or(INVALID_TEST)?;
    let product = entry.text("productId").unwrap_or_default();
    let request_id = system::uuid();
    let test = PerformanceTest {
        target,
        answers: Vec::new(),
    };
    world.retention.tests.insert(request_id.clone(), test);
    for _ in 0..REQUESTS {
        let signed = RealtimeRequestBuilder::new(shop.app_apple_id, &product)
            .original_transaction_id(id)
            .environment(Environment::Sandbox)
            .signed_at(shop.now())
            .sign(&shop.authority);
        let mut headers = HeaderMap::new();
        let content_type = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, content_type);
        let (itself, request_id) = (shop.itself.clone(), request_id.clone());
        let started = Instant::now();
        shop.courier.post(Parcel {
            url: url.clone(),
            headers,
            body: Bytes::from(json!({ "signedPayload": signed }).to_string()),
            done: Box::new(move |delivery| {
                let Some(shop) = itself.upgrade() else { return };
                shop.with_world(Environment::Sandbox, |world| {
                    if let Some(test) = world.retention.tests.get_mut(&request_id) {
                        test.answers.push((started.elapsed(), delivery));
                    }
                });
            }),
        });
    }
    json(&json!({ "config": config(), "requestId": request_id }))
}

pub(super) fn result(call: &Call<'_>, id: &str) -> Outcome {
    let test = call.world.retention.tests.get(id).ok_or(TEST_NOT_FOUND)?;
    json(&test.result())
}

impl Retention {
    /// Whether a performance test was passed here.
    pub(in super::super) fn has_passed_test(&self) -> bool {
        let mut tests = self.tests.values();
        tests.any(|test| !test.is_running() && test.successes() == REQUESTS)
    }
}

impl PerformanceTest {
    fn is_good(answer: &&(Duration, Delivery)) -> bool {
        answer.1 == Delivery::Answered(StatusCode::OK)
    }

    fn successes(&self) -> usize {
        self.answers.iter().filter(Self::is_good).count()
    }

    fn is_running(&self) -> bool {
        self.answers.len() < REQUESTS
    }

    fn result(&self) -> Value {
        let successes = self.successes();
        let mut times: Vec<u128> = self.answers.iter().map(|it| it.0.as_millis()).collect();
        times.sort_unstable();
        let at = |per_cent: usize| times.get(times.len().saturating_sub(1) * per_cent / 100);
        let count = u128::try_from(times.len()).unwrap_or(u128::MAX).max(1);
        let mut failures = BTreeMap::new();
        for (_, delivery) in self.answers.iter().filter(|it| !Self::is_good(it)) {
            *failures.entry(failure(*delivery)).or_insert(0) += 1;
        }
        let result = if self.is_running() {
            "PENDING"
        } else if successes == REQUESTS {
            "PASS"
        } else {
            "FAIL"
        };
        json!({
            "config": config(),
            "target": self.target,
            "result": result,
            "successRate": successes * 100 / REQUESTS,
            "numPending": REQUESTS - self.answers.len(),
            "responseTimes": {
                "average": times.iter().sum::<u128>() / count,
                "p50": at(50), "p90": at(90), "p95": at(95), "p99": at(99),
            },
            "failures": failures,
        })
    }
}

/// Why a realtime request counts as failed, in Apple's words.
fn failure(delivery: Delivery) -> &'static str {
    match delivery {
        // Only 200 comes with a message.
        Delivery::Answered(status) if status.is_success() => "INVALID_RESPONSE",
        other => attempt_result(other),
    }
}

fn config() -> Value {
    json!({
        "maxConcurrentRequests": 1,
        "totalRequests": REQUESTS,
        "totalDuration": 10_000,
        "responseTimeThreshold": 700,
        "successRateThreshold": 100,
    })
}

/// Requests of a performance test. Apple makes many more, at once.
const REQUESTS: usize = 3;

const TEST_NOT_FOUND: Problem = Problem::new(4_040_018, "No performance test of that id.");
const INVALID_TEST: Problem = Problem::new(4_000_211, "Invalid performance test request.");
const TEST_IS_RUNNING: Problem = Problem::new(4_000_213, "A performance test is running.");
