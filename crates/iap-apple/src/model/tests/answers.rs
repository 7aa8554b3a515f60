//! One full sample of every answer of the App Store, with invented values.

use serde_json::{Value, json};

pub(super) fn signed_payload() -> Value {
    json!({"signedPayload": "payload.of.apple"})
}

pub(super) fn signed_pair() -> Value {
    json!({
        "signedRenewalInfo": "renewal.of.swimmer",
        "signedTransactionInfo": "transaction.of.swimmer",
    })
}

pub(super) fn transaction_info() -> Value {
    json!({"signedTransactionInfo": "transaction.of.swimmer"})
}

pub(super) fn app_transaction_info() -> Value {
    json!({"signedAppTransactionInfo": "download.of.app"})
}

pub(super) fn history() -> Value {
    json!({
        "revision": "1790000000123_730000000000042",
        "hasMore": true,
        "bundleId": "org.example.swim",
        "appAppleId": 1_234_509_876,
        "environment": "LocalTesting",
        "signedTransactions": ["first.of.two", "second.of.two"],
    })
}

pub(super) fn refund_history() -> Value {
    json!({
        "signedTransactions": ["first.of.two", "second.of.two"],
        "revision": "1790000000123_730000000000042",
        "hasMore": false,
    })
}

pub(super) fn status() -> Value {
    json!({
        "environment": "Sandbox",
        "bundleId": "org.example.swim",
        "appAppleId": 1_234_509_876,
        "data": [subscription_group()],
    })
}

pub(super) fn subscription_group() -> Value {
    json!({
        "subscriptionGroupIdentifier": "31415926",
        "lastTransactions": [last_transactions_item()],
    })
}

pub(super) fn last_transactions_item() -> Value {
    json!({
        "status": 3,
        "originalTransactionId": "730000000000001",
        "signedTransactionInfo": "transaction.of.swimmer",
        "signedRenewalInfo": "renewal.of.swimmer",
    })
}

pub(super) fn order_lookup() -> Value {
    json!({"status": 0, "signedTransactions": ["only.of.order"]})
}

pub(super) fn extend_renewal_date() -> Value {
    json!({
        "originalTransactionId": "730000000000001",
        "webOrderLineItemId": "730000000000977",
        "success": true,
        "effectiveDate": 1_795_000_000_000_i64,
    })
}

pub(super) fn mass_extend() -> Value {
    json!({"requestIdentifier": "9e2a1c7e-3d1f-4e0f-a1a8-6f4c1f0f7a55"})
}

pub(super) fn mass_extend_status() -> Value {
    json!({
        "requestIdentifier": "9e2a1c7e-3d1f-4e0f-a1a8-6f4c1f0f7a55",
        "complete": true,
        "completeDate": 1_790_000_007_000_i64,
        "succeededCount": 40_961,
        "failedCount": 7,
    })
}

pub(super) fn send_test_notification() -> Value {
    json!({"testNotificationToken": "1d5f7f0a_1790000008000"})
}

pub(super) fn check_test_notification() -> Value {
    json!({"signedPayload": "payload.of.apple", "sendAttempts": [send_attempt()]})
}

pub(super) fn notification_history() -> Value {
    json!({
        "paginationToken": "bmV4dCBwYWdl",
        "hasMore": true,
        "notificationHistory": [check_test_notification()],
    })
}

pub(super) fn send_attempt() -> Value {
    json!({
        "attemptDate": 1_790_000_008_500_i64,
        "sendAttemptResult": "UNSUCCESSFUL_HTTP_RESPONSE_CODE",
    })
}

pub(super) fn image_list() -> Value {
    json!({"imageIdentifiers": [image()]})
}

pub(super) fn image() -> Value {
    json!({
        "imageIdentifier": "3F8B0F0A-7D2E-4C3F-9D7A-2B6A0C1D5E4F",
        "imageState": "APPROVED",
        "imageSize": "BULLET_POINT",
    })
}

pub(super) fn message_list() -> Value {
    json!({"messageIdentifiers": [message()]})
}

pub(super) fn message() -> Value {
    json!({
        "messageIdentifier": "0b5e2f9a-7c11-4e58-8f0e-5d0c54a3be7d",
        "messageState": "REJECTED",
    })
}

pub(super) fn default_configuration() -> Value {
    json!({"messageIdentifier": "0b5e2f9a-7c11-4e58-8f0e-5d0c54a3be7d"})
}

pub(super) fn realtime_url() -> Value {
    json!({"realtimeURL": "https://swim.example/retention"})
}

pub(super) fn performance_test() -> Value {
    json!({"config": performance_test_config(), "requestId": "run-17"})
}

pub(super) fn performance_test_config() -> Value {
    json!({
        "maxConcurrentRequests": 12,
        "totalRequests": 250,
        "totalDuration": 61_000,
        "responseTimeThreshold": 700,
        "successRateThreshold": 97,
    })
}

pub(super) fn performance_test_result() -> Value {
    json!({
        "config": performance_test_config(),
        "target": "https://swim.example/retention",
        "result": "FAIL",
        "successRate": 93,
        "numPending": 4,
        "responseTimes": performance_test_times(),
        "failures": {"TIMED_OUT": 11, "TLS_ISSUE": 2},
    })
}

pub(super) fn performance_test_times() -> Value {
    json!({"average": 210, "p50": 180, "p90": 400, "p95": 650, "p99": 1_900})
}
