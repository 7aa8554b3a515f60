//! Answers that Google's servers really gave, and life cycles recorded with test cards: what was read
//! is written again, and each step gives the access that Google's rules say.

use iap_core::{
    AccessPolicy, Acknowledgement, AppId, AutoRenew, Catalog, Environment, Purchase, PurchaseToken,
    Timestamp,
};
use iap_google::*;
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
    let written = serde_json::to_value(read::<T>(&json)).expect("JSON");
    assert_eq!(normal(&written), normal(&json), "{name}");
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
                    "req_cancel_v1",
                    "rtdn_",
                    "scenario_",
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

/// One step of a recorded life cycle.
struct Step {
    name: String,
    at: Timestamp,
    purchase: Purchase,
}

fn steps(scenario: &str) -> Vec<Step> {
    let steps: Vec<Value> = serde_json::from_str(&spec::google_example(scenario)).expect("a list");
    let app = AppId::new("com.example.app");
    steps
        .iter()
        .map(|step| {
            let notification = &step["rtdn"];
            let millis = notification["eventTimeMillis"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            let at = Timestamp::from_millis(millis);
            let token = notification["subscriptionNotification"]["purchaseToken"]
                .as_str()
                .unwrap();
            let state: SubscriptionPurchaseV2 = read(&step["state"]);
            Step {
                name: step["step"].as_str().unwrap().to_owned(),
                at,
                purchase: state
                    .to_purchase(&app, &PurchaseToken::new(token), at)
                    .unwrap(),
            }
        })
        .collect()
}

/// All are purchases with test cards.
fn policy() -> AccessPolicy {
    AccessPolicy::new().environments([Environment::Sandbox])
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn every_step_of_every_recorded_life_cycle_gives_the_access_that_google_s_rules_say() {
    let table: [(&str, &[(&str, bool)]); 8] = [
        (
            "scenario_01_refund.json",
            &[
                ("purchase", true),
                ("cancel", true),
                ("uncancel", true),
                ("refund", false),
            ],
        ),
        (
            "scenario_02_grace_then_renew_then_cancel.json",
            &[
                ("purchase", true),
                ("grace", true),
                ("renew_after_grace", true),
                ("cancel", true),
                ("expire", false),
            ],
        ),
        (
            "scenario_03_renewals_cancel_resubscribe_hold_fail.json",
            &[
                ("purchase", true),
                ("renew_1", true),
                ("renew_2", true),
                ("cancel", true),
                ("expire", false),
                ("resubscribe", true),
                ("grace", true),
                ("hold", false),
                ("fail_after_hold_a", false),
                ("fail_after_hold_b", false),
            ],
        ),
        (
            "scenario_04_cancel_in_grace.json",
            &[
                ("purchase", true),
                ("grace", true),
                ("cancel_after_grace_a", false),
                ("cancel_after_grace_b", false),
            ],
        ),
        (
            "scenario_05_cancel_on_hold.json",
            &[
                ("purchase", true),
                ("grace", true),
                ("hold", false),
                ("cancel_after_hold_a", false),
                ("cancel_after_hold_b", false),
            ],
        ),
        (
            "scenario_07_plan_change.json",
            &[
                ("purchase", true),
                ("change_plan_a", true),
                ("change_plan_b", false),
                ("renew", true),
            ],
        ),
        (
            "scenario_08_plan_change_then_grace.json",
            &[
                ("purchase", true),
                ("change_plan_a", true),
                ("change_plan_b", false),
                ("grace", true),
                ("renew", true),
            ],
        ),
        (
            "scenario_11_revoke.json",
            &[("purchase", true), ("refund_a", false), ("refund_b", false)],
        ),
    ];
    for name in spec::google_examples() {
        if name.starts_with("scenario_") {
            assert!(table.iter().any(|row| row.0 == name), "{name} is new");
        }
    }
    for (scenario, expected) in table {
        let steps = steps(scenario);
        let found: Vec<_> = steps
            .iter()
            .map(|step| {
                // Nobody is a customer by what a tester bought.
                assert!(
                    !step
                        .purchase
                        .access_at(step.at, &AccessPolicy::new())
                        .is_granted()
                );
                let access = step.purchase.access_at(step.at, &policy());
                (step.name.as_str(), access.is_granted())
            })
            .collect();
        assert_eq!(found, expected, "{scenario}");
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_subscription_that_ended_on_hold_gave_no_access_although_its_end_is_later() {
    for scenario in [
        "scenario_03_renewals_cancel_resubscribe_hold_fail.json",
        "scenario_05_cancel_on_hold.json",
    ] {
        let steps = steps(scenario);
        let hold = steps.iter().find(|step| step.name == "hold").unwrap();
        let ended = steps.last().unwrap();
        let during_hold = hold.at.saturating_add(std::time::Duration::from_secs(60));
        assert!(
            ended.purchase.expires_at.unwrap() > during_hold,
            "{scenario}"
        );
        assert!(
            !ended
                .purchase
                .access_at(during_hold, &policy())
                .is_granted(),
            "{scenario}"
        );
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_plan_change_moves_access_to_the_new_token_in_whatever_order_it_is_heard_of() {
    let catalog = Catalog::new().with("pro", ["session_pro"]);
    for scenario in [
        "scenario_07_plan_change.json",
        "scenario_08_plan_change_then_grace.json",
    ] {
        let steps = steps(scenario);
        let (old, new) = (&steps[0], &steps[1]);
        assert_eq!(
            new.purchase.replaces.as_ref(),
            Some(&old.purchase.key),
            "{scenario}"
        );
        assert_ne!(old.purchase.key, new.purchase.key);
        for order in [
            [&old.purchase, &new.purchase],
            [&new.purchase, &old.purchase],
        ] {
            let set = catalog.entitlements(order, new.at, &policy());
            assert_eq!(set.active.len(), 1);
            assert_eq!(set.active[0].purchase_key, new.purchase.key, "{scenario}");
        }
        assert!(steps[2].purchase.is_replaced);
        assert_eq!(steps[2].purchase.key, old.purchase.key);
        for step in &steps[3..] {
            assert_eq!(step.purchase.key, new.purchase.key);
            assert_eq!(
                step.purchase.replaces.as_ref(),
                Some(&old.purchase.key),
                "the link stays"
            );
        }
    }
}

#[test]
#[cfg_attr(no_spec, ignore = "needs IAP_SPEC_DIR")]
fn a_recorded_purchase_shows_what_is_still_to_be_done() {
    let steps = steps("scenario_01_refund.json");
    let bought = &steps[0].purchase;
    assert_eq!(bought.acknowledgement, Acknowledgement::Pending);
    assert!(bought.acknowledge_by.unwrap() > steps[0].at);
    assert!(bought.is_test && bought.account_id.is_some());
    let renews = |step: &Step| step.purchase.subscription.as_ref().unwrap().auto_renew;
    assert_eq!(
        steps.iter().map(renews).collect::<Vec<_>>(),
        [AutoRenew::On, AutoRenew::Off, AutoRenew::On, AutoRenew::Off,]
    );
    assert_eq!(
        steps[3].purchase.acknowledgement,
        Acknowledgement::NotRequired
    );
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
