//! Data really signed by Apple verifies with the built-in anchor, and nothing near it does.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use iap::apple::{App, SignedData, SignedDataVerifier, TrustAnchor};
use iap::{Environment, EnvironmentSet};
use iap_testkit::SigningAuthority;

use crate::spec::{SignedFile, signed_files};

fn app(file: &SignedFile) -> App {
    // A renewal info names no app, a transaction no Apple id; any will do.
    App::new(
        file.bundle_id.as_deref().unwrap_or("com.example.app"),
        file.app_apple_id.unwrap_or(1),
    )
}

fn environment(file: &SignedFile) -> Environment {
    match file.environment.as_str() {
        "Sandbox" => Environment::Sandbox,
        "Production" => Environment::Production,
        other => panic!("unknown environment {other}"),
    }
}

fn verifier(app: App, environment: Environment) -> SignedDataVerifier {
    SignedDataVerifier::builder()
        .app(app)
        .environment(environment)
        .build()
        .unwrap()
}

fn header(jws: &str) -> serde_json::Value {
    let header = jws.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no data signed by Apple at hand"
)]
fn every_file_signed_by_apple_verifies_with_the_values_of_the_manifest() {
    for file in signed_files() {
        let verifier = verifier(app(&file), environment(&file));
        let data = verifier
            .verify_any(&file.jws)
            .unwrap_or_else(|failure| panic!("{}: {failure}", file.name));
        assert_eq!(
            data.kind().as_str().replace('_', "-"),
            file.kind,
            "{}",
            file.name
        );
        let (signed_at, found_environment, names) = match &data {
            SignedData::Transaction(data) => {
                assert_eq!(
                    data.bundle_id.as_ref().map(ToString::to_string),
                    file.bundle_id
                );
                data.to_purchase(None).expect("a purchase");
                let product_type = data.product_type.as_ref().unwrap().to_string();
                (
                    data.signed_at(),
                    data.environment(),
                    (product_type, String::new()),
                )
            }
            SignedData::RenewalInfo(data) => (
                data.signed_at(),
                data.environment(),
                (String::new(), String::new()),
            ),
            SignedData::Notification(data) => {
                assert!(data.transaction().is_some() && data.renewal_info().is_some());
                let event = data.to_event().expect("an event");
                let signed = data.notification();
                assert_eq!(event.app_id.map(|id| id.to_string()), file.bundle_id);
                let names = (event.store_type, event.store_subtype.unwrap_or_default());
                (signed.signed_at(), signed.environment(), names)
            }
            other => panic!("{}: unexpected {other:?}", file.name),
        };
        assert_eq!(signed_at.as_millis(), file.signed_date_ms, "{}", file.name);
        assert_eq!(found_environment, environment(&file), "{}", file.name);
        assert_eq!(
            names,
            (file.r#type.clone(), file.subtype.clone()),
            "{}",
            file.name
        );

        let leaf = STANDARD
            .decode(header(&file.jws)["x5c"][0].as_str().unwrap())
            .unwrap();
        let fingerprint = digest(&SHA256, &leaf);
        let fingerprint: String = fingerprint
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            fingerprint, file.leaf_sha256,
            "{}: the file the manifest means",
            file.name
        );
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no data signed by Apple at hand"
)]
fn no_file_signed_by_apple_verifies_for_another_app_id_bundle_or_environment() {
    for file in signed_files() {
        let check = |app, environment| {
            verifier(app, environment)
                .verify_any(&file.jws)
                .map(drop)
                .unwrap_err()
                .check()
        };
        let other_environment = match environment(&file) {
            Environment::Sandbox => Environment::Production,
            _ => Environment::Sandbox,
        };
        assert_eq!(
            check(app(&file), other_environment),
            "environment",
            "{}",
            file.name
        );
        if let Some(bundle_id) = &file.bundle_id {
            let other = App::new(format!("{bundle_id}.other"), file.app_apple_id.unwrap_or(1));
            assert_eq!(
                check(other, environment(&file)),
                "bundle_id",
                "{}",
                file.name
            );
        }
        if let (Some(bundle_id), Some(id)) = (&file.bundle_id, file.app_apple_id) {
            let other = App::new(bundle_id.as_str(), id + 1);
            assert_eq!(
                check(other, environment(&file)),
                "app_apple_id",
                "{}",
                file.name
            );
        }
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no data signed by Apple at hand"
)]
fn no_file_signed_by_apple_verifies_under_another_root() {
    let other = SigningAuthority::new();
    for file in signed_files() {
        let failure = SignedDataVerifier::builder()
            .app(app(&file))
            .environment(environment(&file))
            .trust_anchors([TrustAnchor::from_certificate(other.root_der()).unwrap()])
            .build()
            .unwrap()
            .verify_any(&file.jws)
            .map(drop)
            .unwrap_err();
        assert_eq!(failure.check(), "untrusted_root", "{}", file.name);
    }
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no data signed by Apple at hand"
)]
fn the_built_in_anchor_is_the_root_that_apple_sends_along() {
    for file in signed_files() {
        let root = STANDARD
            .decode(header(&file.jws)["x5c"][2].as_str().unwrap())
            .unwrap();
        let sent = TrustAnchor::from_certificate(root).unwrap();
        assert_eq!(sent, TrustAnchor::apple_root_ca_g3(), "{}", file.name);
    }
}

/// Flips each bit in turn of one byte after the other, for one file of each kind. The verifier
/// knows the honest chain for half of the positions, and must find it out for the other half.
#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no data signed by Apple at hand"
)]
fn no_file_signed_by_apple_verifies_with_one_bit_flipped_anywhere() {
    let mut seen = Vec::new();
    for file in signed_files() {
        if seen.contains(&file.kind) {
            continue;
        }
        let verifiers = [0, 32].map(|remembered_chains| {
            SignedDataVerifier::builder()
                .environment(environment(&file))
                .remembered_chains(remembered_chains)
                .dangerous()
                .accept_any_app(None)
                .build()
                .unwrap()
        });
        for verifier in &verifiers {
            verifier.verify_any(&file.jws).expect("honest");
        }
        let mut jws = file.jws.clone().into_bytes();
        for position in 0..jws.len() {
            let bit = 1 << (position % 8);
            jws[position] ^= bit;
            let verdict = verifiers[position % 2].verify_any(&jws);
            assert!(
                verdict.is_err(),
                "{}: bit {bit} of byte {position}",
                file.name
            );
            jws[position] ^= bit;
        }
        seen.push(file.kind);
    }
    assert_eq!(seen.len(), 3, "one of each kind: {seen:?}");
}

#[test]
#[cfg_attr(
    no_spec,
    ignore = "IAP_SPEC_DIR is not set: no data signed by Apple at hand"
)]
fn apple_s_payloads_lose_nothing_when_written_again() {
    let accepted: EnvironmentSet = [Environment::Sandbox, Environment::Production].into();
    for file in signed_files() {
        let mut builder = SignedDataVerifier::builder();
        for environment in accepted.iter() {
            builder = builder.environment(environment);
        }
        let verifier = builder.dangerous().accept_any_app(None).build().unwrap();
        let data = verifier.verify_any(&file.jws).unwrap();
        let written = match &data {
            SignedData::Transaction(data) => serde_json::to_value(data.payload()),
            SignedData::RenewalInfo(data) => serde_json::to_value(data.payload()),
            SignedData::Notification(data) => serde_json::to_value(data.notification().payload()),
            other => panic!("{}: unexpected {other:?}", file.name),
        };
        let signed: serde_json::Value = serde_json::from_str(data.json()).unwrap();
        assert_eq!(written.unwrap(), signed, "{}", file.name);
    }
}
