//! Genuine data for another app, environment or purpose is refused; several apps can be accepted.

use iap_apple::{
    App, ConfigurationError, Environment, Rejection, SignedDataVerifier, TrustAnchor,
    VerificationFailure,
};
use iap_testkit::{AppTransactionBuilder, RealtimeRequestBuilder, RenewalInfoBuilder};
use serde_json::json;

use crate::support::{
    APP_APPLE_ID, AUTHORITY, BUNDLE_ID, PRODUCT_ID, anchor, builder, notification, transaction,
    verifier,
};

const APPLE_ID: i64 = APP_APPLE_ID.cast_signed();

fn verifier_for(apps: &[App], environments: &[Environment]) -> SignedDataVerifier {
    let mut builder = SignedDataVerifier::builder().trust_anchors([anchor(&AUTHORITY)]);
    for app in apps {
        builder = builder.app(app.clone());
    }
    for environment in environments {
        builder = builder.environment(*environment);
    }
    builder.build().unwrap()
}

fn bundle_id_failure(found: Option<&str>) -> VerificationFailure {
    VerificationFailure::BundleId {
        expected: vec![BUNDLE_ID.to_owned()],
        found: found.map(str::to_owned),
    }
}

#[test]
fn a_transaction_of_another_app_is_refused_and_both_bundle_ids_are_told() {
    let jws = transaction().bundle_id("com.attacker.app").sign(&AUTHORITY);
    let failure = verifier().verify_transaction(jws).unwrap_err();
    assert_eq!(failure, bundle_id_failure(Some("com.attacker.app")));
    assert_eq!(failure.rejection(), Some(Rejection::WrongApp));
    assert_eq!(
        failure.to_string(),
        r#"the bundle id is "com.attacker.app", expected com.example.app"#
    );
}

#[test]
fn bundle_ids_are_compared_exactly_and_a_missing_one_matches_nothing() {
    for (sent, found) in [
        (json!("COM.EXAMPLE.APP"), Some("COM.EXAMPLE.APP")),
        (json!("com.example.app "), Some("com.example.app ")),
        (
            json!("com.example.app.watch"),
            Some("com.example.app.watch"),
        ),
        (json!(""), Some("")),
        (json!(null), None),
    ] {
        let jws = transaction().set("bundleId", sent).sign(&AUTHORITY);
        assert_eq!(
            verifier().verify_transaction(jws).unwrap_err(),
            bundle_id_failure(found)
        );
    }
    let jws = transaction().without("bundleId").sign(&AUTHORITY);
    assert_eq!(
        verifier().verify_transaction(jws).unwrap_err(),
        bundle_id_failure(None)
    );
}

#[test]
fn a_notification_for_another_bundle_id_is_refused() {
    let transaction = transaction().bundle_id("com.attacker.app");
    let jws = notification("DID_RENEW", &transaction)
        .app("com.attacker.app", APPLE_ID)
        .sign(&AUTHORITY);
    assert_eq!(
        verifier().verify_notification(jws).unwrap_err(),
        bundle_id_failure(Some("com.attacker.app"))
    );
}

#[test]
fn production_data_needs_the_right_app_apple_id() {
    for (sent, found) in [
        (json!(1_235), Some(1_235)),
        (json!(0), Some(0)),
        (json!(-1_234_567_890), Some(-1_234_567_890)),
        (json!(null), None),
    ] {
        let jws = notification("DID_RENEW", &transaction())
            .set_in_subject("appAppleId", sent)
            .sign(&AUTHORITY);
        let failure = verifier().verify_notification(jws).unwrap_err();
        let expected = vec![APP_APPLE_ID];
        assert_eq!(failure, VerificationFailure::AppAppleId { expected, found });
    }
    let jws = AppTransactionBuilder::new(BUNDLE_ID, 1_235).sign(&AUTHORITY);
    assert_eq!(
        verifier().verify_app_transaction(jws).unwrap_err().check(),
        "app_apple_id"
    );
    let jws = RealtimeRequestBuilder::new(1_235, PRODUCT_ID).sign(&AUTHORITY);
    assert_eq!(
        verifier().verify_realtime_request(jws).unwrap_err().check(),
        "app_apple_id"
    );
}

#[test]
fn sandbox_data_may_lack_the_app_apple_id_but_not_carry_another() {
    let verifier = builder().environment(Environment::Sandbox).build().unwrap();
    let check = |sent| {
        let transaction = transaction().environment(Environment::Sandbox);
        let jws = notification("DID_RENEW", &transaction)
            .set_in_subject("appAppleId", sent)
            .sign(&AUTHORITY);
        verifier
            .verify_notification(jws)
            .map(drop)
            .map_err(|failure| failure.check())
    };
    assert_eq!(check(json!(null)), Ok(()));
    assert_eq!(check(json!(0)), Ok(()));
    assert_eq!(check(json!(APPLE_ID)), Ok(()));
    assert_eq!(check(json!(1_235)), Err("app_apple_id"));
}

#[test]
fn a_payload_wrong_in_two_ways_reports_the_app_first() {
    let transaction = transaction()
        .bundle_id("com.attacker.app")
        .environment(Environment::Sandbox);
    let failure = verifier()
        .verify_transaction(transaction.sign(&AUTHORITY))
        .unwrap_err();
    assert_eq!(failure.check(), "bundle_id");

    let jws = notification("DID_RENEW", &transaction.bundle_id(BUNDLE_ID))
        .set_in_subject("appAppleId", 1_235)
        .sign(&AUTHORITY);
    let failure = verifier().verify_notification(jws).unwrap_err();
    assert_eq!(failure.check(), "app_apple_id");
}

#[test]
fn data_of_another_environment_is_refused() {
    let table = [
        (Environment::Production, "Sandbox"),
        (Environment::Production, "Xcode"),
        (Environment::Production, "LocalTesting"),
        (Environment::Production, "production"),
        (Environment::Production, "Staging"),
        (Environment::Production, ""),
        (Environment::Sandbox, "Production"),
    ];
    for (accepted, sent) in table {
        let verifier = builder().environment(accepted).build().unwrap();
        let jws = transaction().set("environment", sent).sign(&AUTHORITY);
        let failure = verifier.verify_transaction(jws).unwrap_err();
        let expected = [accepted].into();
        let found = Some(sent.to_owned());
        assert_eq!(
            failure,
            VerificationFailure::Environment { expected, found }
        );
        assert_eq!(failure.rejection(), Some(Rejection::WrongEnvironment));
    }
    let jws = transaction().without("environment").sign(&AUTHORITY);
    let failure = verifier().verify_transaction(jws).unwrap_err();
    assert!(
        matches!(
            failure,
            VerificationFailure::Environment { found: None, .. }
        ),
        "{failure}"
    );
}

#[test]
fn one_verifier_serves_several_apps_and_environments_and_says_which_it_found() {
    let apps = [
        App::new(BUNDLE_ID, APP_APPLE_ID),
        App::new("com.example.other", 42),
    ];
    let verifier = verifier_for(&apps, &[Environment::Production, Environment::Sandbox]);
    for app in &apps {
        for environment in [Environment::Production, Environment::Sandbox] {
            let jws = transaction()
                .bundle_id(app.bundle_id().as_str())
                .environment(environment)
                .sign(&AUTHORITY);
            let verified = verifier.verify_transaction(jws).unwrap();
            assert_eq!(verified.app(), Some(app));
            assert_eq!(verified.environment(), environment);
        }
    }
    // The bundle id of one app with the Apple id of the other belongs to neither.
    let jws = AppTransactionBuilder::new(BUNDLE_ID, 42).sign(&AUTHORITY);
    assert_eq!(
        verifier.verify_app_transaction(jws).unwrap_err(),
        VerificationFailure::AppAppleId {
            expected: vec![APP_APPLE_ID],
            found: Some(42)
        }
    );
}

#[test]
fn an_app_that_is_not_released_is_verified_in_the_sandbox_only() {
    let app = App::unreleased("com.example.next");
    let verifier = verifier_for(std::slice::from_ref(&app), &[Environment::Sandbox]);
    let transaction = transaction()
        .bundle_id("com.example.next")
        .environment(Environment::Sandbox);
    assert!(
        verifier
            .verify_transaction(transaction.sign(&AUTHORITY))
            .is_ok()
    );
    let error = SignedDataVerifier::builder()
        .app(app)
        .environment(Environment::Production)
        .build()
        .unwrap_err();
    assert_eq!(
        error,
        ConfigurationError::NoAppAppleId {
            bundle_id: "com.example.next".to_owned()
        }
    );
    // 0 is what Apple writes where there is no id: no app may have it.
    let zero = SignedDataVerifier::builder()
        .app(App::new("a", 0))
        .environment(Environment::Production);
    assert!(matches!(
        zero.build(),
        Err(ConfigurationError::NoAppAppleId { .. })
    ));
}

#[test]
fn an_incomplete_or_contradictory_set_up_is_refused() {
    use ConfigurationError as E;
    let app = || App::new(BUNDLE_ID, APP_APPLE_ID);
    let new = SignedDataVerifier::builder;
    let production = Environment::Production;
    assert_eq!(
        new().environment(production).build().unwrap_err(),
        E::NoApps
    );
    assert_eq!(new().app(app()).build().unwrap_err(), E::NoEnvironments);
    let anchorless = new().app(app()).environment(production).trust_anchors([]);
    assert_eq!(anchorless.build().unwrap_err(), E::NoTrustAnchors);
    for local in [Environment::Xcode, Environment::LocalTesting] {
        let mixed = new().app(app()).environment(production).environment(local);
        assert_eq!(mixed.build().unwrap_err(), E::MixedEnvironments);
    }
    let error = iap_core::Error::from(E::NoApps);
    assert_eq!(error.kind(), iap_core::ErrorKind::Misconfigured);
}

#[test]
fn a_leaf_certificate_is_no_trust_anchor() {
    let error = TrustAnchor::from_certificate(AUTHORITY.leaf_der()).unwrap_err();
    assert!(error.to_string().contains("CA is false"), "{error}");
}

#[test]
fn a_root_is_read_from_der_and_from_pem_alike() {
    let from_pem = TrustAnchor::from_certificate(AUTHORITY.root_pem()).unwrap();
    assert_eq!(from_pem, anchor(&AUTHORITY));
}

#[test]
fn the_dangerous_options_give_up_exactly_what_they_say() {
    let new = || {
        SignedDataVerifier::builder()
            .trust_anchors([anchor(&AUTHORITY)])
            .environment(Environment::Production)
    };
    let other = transaction().bundle_id("com.attacker.app");
    let jws = notification("DID_RENEW", &other)
        .app("com.attacker.app", 77)
        .sign(&AUTHORITY);

    let any = new().dangerous().accept_any_app(None).build().unwrap();
    assert!(any.verify_notification(&jws).is_ok());
    assert_eq!(
        any.verify_transaction(
            transaction()
                .environment(Environment::Sandbox)
                .sign(&AUTHORITY)
        )
        .unwrap_err()
        .check(),
        "environment"
    );

    let any_with_id = |id| new().dangerous().accept_any_app(Some(id)).build().unwrap();
    assert!(any_with_id(77).verify_notification(&jws).is_ok());
    assert_eq!(
        any_with_id(78)
            .verify_notification(&jws)
            .unwrap_err()
            .check(),
        "app_apple_id"
    );

    let lenient = new()
        .app(App::unreleased("com.attacker.app"))
        .dangerous()
        .skip_missing_app_apple_id();
    assert!(lenient.build().unwrap().verify_notification(&jws).is_ok());
    let wrong_id = new()
        .app(App::new("com.attacker.app", 78))
        .dangerous()
        .skip_missing_app_apple_id();
    assert_eq!(
        wrong_id
            .build()
            .unwrap()
            .verify_notification(&jws)
            .unwrap_err()
            .check(),
        "app_apple_id"
    );
}

#[test]
fn any_app_and_named_apps_contradict_each_other() {
    let both = builder()
        .environment(Environment::Production)
        .dangerous()
        .accept_any_app(None);
    assert_eq!(both.build().unwrap_err(), ConfigurationError::AnyAppAndApps);
}

#[test]
fn data_is_attributed_to_the_app_that_it_names_and_to_no_other() {
    let apps = [
        App::unreleased("com.example.next"),
        App::new(BUNDLE_ID, APP_APPLE_ID),
    ];
    let verifier = verifier_for(&apps, &[Environment::Sandbox]);
    let realtime_request = |app_apple_id| {
        let request = RealtimeRequestBuilder::new(app_apple_id, PRODUCT_ID);
        let jws = request.environment(Environment::Sandbox).sign(&AUTHORITY);
        verifier
            .verify_realtime_request(jws)
            .map(|verified| verified.app().cloned())
    };
    assert_eq!(realtime_request(APPLE_ID).unwrap().as_ref(), Some(&apps[1]));
    assert_eq!(realtime_request(0).unwrap(), None);
    assert_eq!(realtime_request(999).unwrap_err().check(), "app_apple_id");

    let renewal_info = RenewalInfoBuilder::new(PRODUCT_ID).environment(Environment::Sandbox);
    let verified = verifier
        .verify_renewal_info(renewal_info.sign(&AUTHORITY))
        .unwrap();
    assert_eq!(verified.app(), None);
}
