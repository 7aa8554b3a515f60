//! Signatures for the app: the documented bytes and claims, a new nonce each time.

use std::{collections::HashSet, thread};

use iap_core::{ErrorKind, FixedClock, OfferId, ProductId, Timestamp, TransactionId};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::*;
use crate::{
    AdvancedCommerceInAppRequest, AdvancedCommerceOneTimeChargeCreateRequest,
    AdvancedCommerceSubscriptionCreateRequest, AdvancedCommerceSubscriptionModifyInAppRequest,
    AppAccountToken,
};

const NOW: i64 = 1_795_253_400_999;
const ACCOUNT: &str = "7E3FB20B-4CDB-47CC-936D-99D65F608138";

fn signer(key: &TestKey) -> OfferSigner {
    OfferSigner::new(key.load(), BUNDLE_ID)
        .unwrap()
        .clock(FixedClock::new(Timestamp::from_millis(NOW)))
}

/// The documented text, written out by hand: values with U+2063 between them.
fn message(signature: &PromotionalOfferSignatureV1, account: &str) -> String {
    let nonce = &signature.nonce;
    format!(
        "com.example.app\u{2063}ABC1234DEF\u{2063}Pro.Monthly\u{2063}Win-Back\u{2063}{account}\u{2063}\
         {nonce}\u{2063}1795253400999"
    )
}

fn original_offer(
    signer: &OfferSigner,
    account: Option<&str>,
) -> Result<PromotionalOfferSignatureV1, SigningError> {
    let account = account.map(AppAccountToken::new);
    signer.promotional_offer_v1(
        &ProductId::new("Pro.Monthly"),
        &OfferId::new("Win-Back"),
        account.as_ref(),
    )
}

fn bytes(signature: &PromotionalOfferSignatureV1) -> Vec<u8> {
    STANDARD.decode(&signature.encoded_signature).unwrap()
}

fn assert_is_uuid_version_4(nonce: &str) {
    let groups: Vec<_> = nonce.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{nonce}");
    let is_lower_hex = |it: char| matches!(it, '-' | '0'..='9' | 'a'..='f');
    assert!(nonce.chars().all(is_lower_hex), "{nonce}");
    assert_eq!(&nonce[14..15], "4", "{nonce}");
    assert!("89ab".contains(&nonce[19..20]), "{nonce}");
}

/// Takes the nonce out of the claims, so that the rest can be compared whole.
fn without_nonce(mut claims: Value) -> Value {
    let nonce = claims.as_object_mut().unwrap().remove("nonce").unwrap();
    assert_is_uuid_version_4(nonce.as_str().unwrap());
    claims
}

#[test]
fn an_original_offer_is_signed_over_the_documented_text_in_der() {
    let key = TestKey::new();
    let signature = original_offer(&signer(&key), Some(ACCOUNT)).unwrap();
    let signed = message(&signature, "7e3fb20b-4cdb-47cc-936d-99d65f608138");
    assert!(key.verifies_der(signed.as_bytes(), &bytes(&signature)));
    assert_is_uuid_version_4(&signature.nonce);

    let refused = [
        message(&signature, ACCOUNT),
        message(&signature, ""),
        signed.replace('\u{2063}', ""),
        signed.replace('\u{2063}', "\u{2062}"),
        signed.to_lowercase(),
        format!("{signed}\u{2063}"),
        signed.replace(&signature.nonce, &signature.nonce.to_uppercase()),
    ];
    for other in refused {
        assert!(
            !key.verifies_der(other.as_bytes(), &bytes(&signature)),
            "{other:?}"
        );
    }
}

#[test]
fn an_original_offer_to_no_account_keeps_both_separators() {
    let key = TestKey::new();
    for account in [None, Some("")] {
        let signature = original_offer(&signer(&key), account).unwrap();
        let signed = message(&signature, "");
        assert!(signed.contains("Win-Back\u{2063}\u{2063}"));
        assert!(key.verifies_der(signed.as_bytes(), &bytes(&signature)));
        assert_eq!(signature.app_account_token, None);
    }
}

#[test]
fn a_user_name_of_storekit_1_is_signed_in_lower_case_as_a_whole() {
    let key = TestKey::new();
    let signature = original_offer(&signer(&key), Some("Zoë ÅNGSTRÖM")).unwrap();
    let signed = message(&signature, "zoë ångström");
    assert!(key.verifies_der(signed.as_bytes(), &bytes(&signature)));
}

#[test]
fn an_original_offer_in_json_has_the_members_of_a_retention_answer() {
    let key = TestKey::new();
    let signature = original_offer(&signer(&key), Some(ACCOUNT)).unwrap();
    let mut expected = json!({
        "encodedSignature": signature.encoded_signature,
        "productId": "Pro.Monthly",
        "nonce": signature.nonce,
        "timestamp": NOW,
        "keyId": KEY_ID,
        "offerIdentifier": "Win-Back",
        "appAccountToken": "7e3fb20b-4cdb-47cc-936d-99d65f608138",
    });
    let json = serde_json::to_value(&signature).unwrap();
    assert_eq!(json, expected);
    let read: PromotionalOfferSignatureV1 = serde_json::from_value(json).unwrap();
    assert_eq!(read, signature);

    let mut anonymous = signature;
    anonymous.app_account_token = None;
    expected.as_object_mut().unwrap().remove("appAccountToken");
    assert_eq!(serde_json::to_value(&anonymous).unwrap(), expected);
}

#[test]
fn a_promotional_offer_has_exactly_the_documented_header_and_claims() {
    let key = TestKey::new();
    let (product, offer) = (ProductId::new("pro.monthly"), OfferId::new("win-back"));
    let transaction = TransactionId::new("2000000123456789");
    for transaction in [Some(&transaction), None] {
        let signature = signer(&key)
            .promotional_offer(&product, &offer, transaction)
            .unwrap();
        let (header, claims) = key.judge(signature.as_str(), "promotional-offer");
        assert_eq!(header, json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}));
        let mut expected = json!({
            "iss": ISSUER_ID,
            "iat": 1_795_253_400,
            "aud": "promotional-offer",
            "bid": BUNDLE_ID,
            "productId": "pro.monthly",
            "offerIdentifier": "win-back",
        });
        if transaction.is_some() {
            expected["transactionId"] = json!("2000000123456789");
            assert_members(
                signature.as_str(),
                "BearerTokenHeader",
                "PromotionalOfferV2Claims",
            );
        }
        assert_eq!(without_nonce(claims), expected);
    }
}

#[test]
fn an_introductory_offer_has_exactly_the_documented_header_and_claims() {
    let key = TestKey::new();
    for (offer, allowed) in [
        (IntroductoryOffer::Allow, true),
        (IntroductoryOffer::Deny, false),
    ] {
        let signature = signer(&key)
            .introductory_offer_eligibility(
                &ProductId::new("pro.monthly"),
                offer,
                &TransactionId::new("2000000123456789"),
            )
            .unwrap();
        assert_members(
            signature.as_str(),
            "BearerTokenHeader",
            "IntroductoryOfferEligibilityClaims",
        );
        let (header, claims) = key.judge(signature.as_str(), "introductory-offer-eligibility");
        assert_eq!(header, json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}));
        assert_eq!(
            without_nonce(claims),
            json!({
                "iss": ISSUER_ID,
                "iat": 1_795_253_400,
                "aud": "introductory-offer-eligibility",
                "bid": BUNDLE_ID,
                "productId": "pro.monthly",
                "allowIntroductoryOffer": allowed,
                "transactionId": "2000000123456789",
            })
        );
    }
}

#[test]
fn an_advanced_commerce_request_is_signed_as_base64_of_its_compact_utf_8_json() {
    let key = TestKey::new();
    let json = concat!(
        r#"{"operation":"CREATE_ONE_TIME_CHARGE","version":"1","#,
        r#""requestInfo":{"requestReferenceId":"3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f"},"#,
        r#""currency":"EUR","item":{"SKU":"coffee","description":"Ein Kännchen ☕️","#,
        r#""displayName":"Kaffee","price":3900},"taxCode":"S042-07-1"}"#
    );
    let request: AdvancedCommerceOneTimeChargeCreateRequest = serde_json::from_str(json).unwrap();
    let signature = signer(&key).advanced_commerce_request(&request).unwrap();
    assert_members(
        signature.as_str(),
        "BearerTokenHeader",
        "AdvancedCommerceInAppClaims",
    );
    let (header, mut claims) = key.judge(signature.as_str(), "advanced-commerce-api");
    assert_eq!(header, json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"}));
    let signed = claims.as_object_mut().unwrap().remove("request").unwrap();
    let signed = STANDARD.decode(signed.as_str().unwrap()).unwrap();
    assert_eq!(str::from_utf8(&signed).unwrap(), json);
    assert_eq!(
        without_nonce(claims),
        json!({
            "iss": ISSUER_ID,
            "iat": 1_795_253_400,
            "aud": "advanced-commerce-api",
            "bid": BUNDLE_ID,
        })
    );
}

#[test]
fn each_of_the_four_requests_of_an_app_is_signed_whole() {
    fn check<T: AdvancedCommerceInAppRequest + DeserializeOwned>(name: &str) {
        let sample = facts::sample(name);
        let request: T = serde_json::from_value(sample.clone()).unwrap();
        let signature = signer(&TestKey::new()).advanced_commerce_request(&request);
        let claims = claims_of(signature.unwrap().as_str());
        let signed = STANDARD.decode(claims["request"].as_str().unwrap());
        let signed: Value = serde_json::from_slice(&signed.unwrap()).unwrap();
        assert_eq!(signed, sample);
    }
    check::<AdvancedCommerceOneTimeChargeCreateRequest>(
        "AdvancedCommerceOneTimeChargeCreateRequest",
    );
    check::<AdvancedCommerceSubscriptionCreateRequest>("AdvancedCommerceSubscriptionCreateRequest");
    check::<AdvancedCommerceSubscriptionModifyInAppRequest>(
        "AdvancedCommerceSubscriptionModifyInAppRequest",
    );
    check::<AdvancedCommerceSubscriptionReactivateInAppRequest>(
        "AdvancedCommerceSubscriptionReactivateInAppRequest",
    );
}

#[test]
fn an_id_that_is_empty_or_hides_a_separator_is_not_signed() {
    let signer = signer(&TestKey::new());
    let (product, offer) = (ProductId::new("product"), OfferId::new("offer"));
    let transaction = TransactionId::new("1");
    for text in ["", "a\u{2063}b", "a b", " a", "a\n", "a\0", "\u{a0}"] {
        let bad_product = ProductId::new(text);
        let bad_offer = OfferId::new(text);
        let bad_transaction = TransactionId::new(text);
        let allow = IntroductoryOffer::Allow;
        let errors = [
            (
                "product id",
                signer.promotional_offer(&bad_product, &offer, None).err(),
            ),
            (
                "offer id",
                signer.promotional_offer(&product, &bad_offer, None).err(),
            ),
            (
                "transaction id",
                signer
                    .promotional_offer(&product, &offer, Some(&bad_transaction))
                    .err(),
            ),
            (
                "product id",
                signer
                    .promotional_offer_v1(&bad_product, &offer, None)
                    .err(),
            ),
            (
                "offer id",
                signer
                    .promotional_offer_v1(&product, &bad_offer, None)
                    .err(),
            ),
            (
                "product id",
                signer
                    .introductory_offer_eligibility(&bad_product, allow, &transaction)
                    .err(),
            ),
            (
                "transaction id",
                signer
                    .introductory_offer_eligibility(&product, allow, &bad_transaction)
                    .err(),
            ),
        ];
        for (field, error) in errors {
            let error = error.unwrap_or_else(|| panic!("{field} {text:?} was signed"));
            assert!(
                error.to_string().starts_with(&format!("the {field} ")),
                "{error}"
            );
            let error = iap_core::Error::from(error);
            assert_eq!(error.kind(), ErrorKind::Misconfigured);
        }
    }
    let error = original_offer(&signer, Some("alice\u{2063}bob")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the app account token contains the character \\u{2063}, which cannot be part of it"
    );
}

#[test]
fn no_nonce_repeats_even_among_threads() {
    let signer = signer(&TestKey::new());
    let product = ProductId::new("product");
    let sign = || -> Vec<String> {
        (0..50)
            .flat_map(|_| {
                let original = original_offer(&signer, None).unwrap().nonce;
                let offer = OfferId::new("offer");
                let jws = signer.promotional_offer(&product, &offer, None).unwrap();
                let nonce = claims_of(jws.as_str())["nonce"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                [original, nonce]
            })
            .collect()
    };
    let nonces: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(sign)).collect();
        threads
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    nonces
        .iter()
        .for_each(|nonce| assert_is_uuid_version_4(nonce));
    assert_eq!(nonces.len(), 400);
    assert_eq!(nonces.iter().collect::<HashSet<_>>().len(), 400);
}

#[test]
fn the_clock_dates_the_signature() {
    let key = TestKey::new();
    let clock = std::sync::Arc::new(FixedClock::new(Timestamp::from_millis(-1)));
    let signer = signer(&key).clock(clock.clone());
    for (millis, seconds) in [(-1, -1), (0, 0), (1999, 1), (i64::MAX, i64::MAX / 1000)] {
        clock.set(Timestamp::from_millis(millis));
        assert_eq!(
            original_offer(&signer, None).unwrap().timestamp.as_millis(),
            millis
        );
        let jws = signer.advanced_commerce_request(&in_app_request()).unwrap();
        assert_eq!(claims_of(jws.as_str())["iat"], seconds);
    }
}

#[test]
fn a_signature_is_a_text_in_json_and_hidden_in_debug_output() {
    let signer = signer(&TestKey::new());
    let (product, offer) = (ProductId::new("product"), OfferId::new("offer"));
    let jws = signer.promotional_offer(&product, &offer, None).unwrap();
    assert_eq!(serde_json::to_value(&jws).unwrap(), json!(jws.as_str()));
    let shown = format!("{jws:?}");
    let length = jws.as_str().len();
    assert_eq!(
        shown,
        format!("PromotionalOfferSignatureV2({length} bytes)")
    );
    assert_eq!(jws.clone().into_string(), jws.as_str());
}
