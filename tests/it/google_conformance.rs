//! Answers that Google's servers really gave: what was read is written again, and every error has its
//! class.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use iap_core::{
    ErrorKind, Timestamp,
    http::{HttpRequest, HttpResponse, HttpTransport, TransportError},
};
use iap_google::*;
use iap_testkit::FakeGooglePlay;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::spec;

/// The value with times in one spelling and without what Google leaves out when it is nothing.
fn normal(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(name, value)| {
                let is_zero = (name.as_str() == "nanos" && **value == 0)
                    || (name.as_str() == "units" && **value == "0");
                let is_nothing =
                    value.is_null() || **value == false || **value == Value::Array(vec![]);
                !is_zero && !is_nothing
            });
            members
                .map(|(name, value)| (name.clone(), normal(value)))
                .collect()
        }
        Value::Array(values) => values.iter().map(normal).collect(),
        Value::String(text) if text.ends_with('Z') => match text.parse::<Timestamp>() {
            Ok(time) => Value::String(time.to_string()),
            Err(_) => value.clone(),
        },
        other => other.clone(),
    }
}

fn read<T: DeserializeOwned>(json: &Value) -> T {
    serde_json::from_str(&json.to_string()).expect("Google's answer is read")
}

fn assert_nothing_is_lost<T: DeserializeOwned + Serialize>(name: &str) {
    let json: Value = serde_json::from_str(&spec::google_example(name)).expect("JSON");
    assert_nothing_is_lost_of::<T>(name, &json);
}

fn assert_nothing_is_lost_of<T: DeserializeOwned + Serialize>(name: &str, json: &Value) {
    let written = serde_json::to_value(read::<T>(json)).expect("JSON");
    assert_eq!(normal(&written), normal(json), "{name}");
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn every_answer_and_request_is_written_as_it_was_read() {
    for name in spec::google_examples() {
        let starts = |prefix: &str| name.starts_with(prefix);
        match name.as_str() {
            // Codes in quotes; see below.
            "voided_doc.json" => {}
            _ if name.ends_with(".state.json") || starts("subv2_") && name.ends_with(".json") => {
                assert_nothing_is_lost::<SubscriptionPurchaseV2>(&name);
            }
            _ if starts("productv2_") => assert_nothing_is_lost::<ProductPurchaseV2>(&name),
            _ if starts("productv1_") => assert_nothing_is_lost::<ProductPurchase>(&name),
            _ if starts("subv1_") => assert_nothing_is_lost::<SubscriptionPurchase>(&name),
            _ if starts("order_") => assert_nothing_is_lost::<Order>(&name),
            _ if starts("voided_") => assert_nothing_is_lost::<VoidedPurchasesListResponse>(&name),
            _ if starts("defer_v2") => {
                assert_nothing_is_lost::<DeferSubscriptionPurchaseResponse>(&name);
            }
            _ if starts("catalogue_subscription") => assert_nothing_is_lost::<Subscription>(&name),
            _ if starts("catalogue_onetime") => {
                assert_nothing_is_lost::<ListOneTimeProductsResponse>(&name);
            }
            _ if starts("req_external_refund") => {
                assert_nothing_is_lost::<RefundExternalTransactionRequest>(&name);
            }
            _ if starts("external_") || starts("req_external") => {
                assert_nothing_is_lost::<ExternalTransaction>(&name);
            }
            _ if starts("scenario_") => {
                let steps: Vec<Value> =
                    serde_json::from_str(&spec::google_example(&name)).expect("a list");
                for step in steps {
                    assert_nothing_is_lost_of::<SubscriptionPurchaseV2>(&name, &step["state"]);
                }
            }
            // What stands in it is the context of the newer request.
            "req_cancel_v1_doc.json" => assert_nothing_is_lost::<CancellationContext>(&name),
            "req_cancel_v2.json" => {
                assert_nothing_is_lost::<CancelSubscriptionPurchaseRequest>(&name);
            }
            "req_defer_v2.json" => {
                assert_nothing_is_lost::<DeferSubscriptionPurchaseRequest>(&name);
            }
            _ if starts("req_revoke") => {
                assert_nothing_is_lost::<RevokeSubscriptionPurchaseRequest>(&name);
            }
            "req_review_refund.json" => {
                let json: Value = serde_json::from_str(&spec::google_example(&name)).unwrap();
                let written =
                    serde_json::to_value(read::<OrdersReviewRefundRequest>(&json)).unwrap();
                assert_eq!(written, json, "false is an answer here");
            }
            // Notifications, signatures, keys and errors are not of this kind.
            _ => {
                let others = [
                    "auth_",
                    "err_",
                    "push_",
                    "rtdn_",
                    "sig_",
                    "sub_",
                    "subv2_doc",
                    "unity_",
                ];
                assert!(others.iter().any(|other| starts(other)), "{name} is new");
            }
        }
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn codes_in_quotes_are_read_like_those_without() {
    let json: Value = serde_json::from_str(&spec::google_example("voided_doc.json")).unwrap();
    let page: VoidedPurchasesListResponse = read(&json);
    assert_eq!(
        page.voided_purchases[0].voided_source,
        Some(VoidedSource::User)
    );
    assert_eq!(
        page.voided_purchases[0].voided_reason,
        Some(VoidedReason::AccidentalPurchase)
    );
    assert_eq!(
        page.voided_purchases[1].voided_source,
        Some(VoidedSource::Google)
    );
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn every_error_has_its_class() {
    let table = [
        (
            "err_400_invalid_purchase_state.json",
            400,
            FailureClass::StateConflict,
        ),
        ("err_400_invalid_value.json", 400, FailureClass::NotGenuine),
        (
            "err_400_subscription_invalid_argument.json",
            400,
            FailureClass::WrongCall,
        ),
        (
            "err_400_token_product_mismatch.json",
            400,
            FailureClass::NotGenuine,
        ),
        (
            "err_400_v2_subscription_expired_too_long.json",
            400,
            FailureClass::Gone,
        ),
        ("err_401_permission_denied.json", 401, FailureClass::Setup),
        (
            "err_403_caller_no_permission.json",
            403,
            FailureClass::Setup,
        ),
        ("err_403_daily_limit_doc.json", 403, FailureClass::Quota),
        ("err_403_forbidden.json", 403, FailureClass::Setup),
        ("err_404_token_not_found.json", 404, FailureClass::NotFound),
        (
            "err_410_subscription_expired_too_long.json",
            410,
            FailureClass::Gone,
        ),
        (
            "err_410_token_no_longer_valid.json",
            410,
            FailureClass::Gone,
        ),
    ];
    for name in spec::google_examples() {
        if name.starts_with("err_4") {
            assert!(table.iter().any(|row| row.0 == name), "{name} is new");
        }
    }
    for (name, status, class) in table {
        let body = spec::google_example(name);
        let failure = ApiFailure::from_response(status, None, body.as_bytes(), Subject::Token);
        assert_eq!(failure.class(), class, "{name}: {failure}");
        assert!(
            failure.reason().is_some() && failure.message().is_some(),
            "{name}"
        );
    }
}

/// Gives one answer, whatever it is asked.
#[derive(Debug)]
struct Answering {
    status: u16,
    body: String,
}

#[async_trait]
impl HttpTransport for Answering {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        let body = Bytes::from(self.body.clone());
        Ok(http::Response::builder()
            .status(self.status)
            .body(body)
            .unwrap())
    }
}

#[tokio::test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
async fn a_refused_token_is_our_own_mistake_and_no_verdict() {
    let key = FakeGooglePlay::start("com.example.app").service_account_key();
    let client = PlayClient::builder(
        "com.example.app",
        ServiceAccountKey::from_json(key).expect("a key"),
    )
    .transport(Arc::new(Answering {
        status: 400,
        body: spec::google_example("err_oauth_invalid_grant.json"),
    }))
    .build()
    .expect("a client");
    let error = client
        .subscription_purchase("token")
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.api_code(), Some("invalid_grant"));
    let cause = std::error::Error::source(&error);
    let failure = cause.and_then(|cause| cause.downcast_ref::<TokenFailure>());
    let failure = failure.expect("the failure of the endpoint for tokens");
    assert_eq!(failure.oauth_error(), Some(&OAuthError::InvalidGrant));
    assert!(failure.description().is_some());
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_key_file_without_a_key_is_refused_by_the_name_of_the_mistake() {
    let file = spec::google_example("auth_service_account_fake.json");
    let error = ServiceAccountKey::from_json(&file).expect_err("no key");
    assert_eq!(error, ServiceAccountKeyError::Base64);
    assert!(!error.to_string().contains("fake-private-key"));
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn the_copies_of_the_tables_are_those_of_the_spec() {
    let copies = [
        (
            "endpoints.tsv",
            include_str!("../../crates/iap-google/tests/facts/endpoints.tsv"),
        ),
        (
            "models.json",
            include_str!("../../crates/iap-google/tests/facts/models.json"),
        ),
    ];
    for (name, copy) in copies {
        assert!(spec::google_table(name) == copy, "{name} has changed");
    }
}
