//! Whatever comes in gives a typed answer, quickly.

use iap_apple::{EncodingProblem, Segment, VerificationFailure};
use serde_json::json;

use crate::support::{AUTHORITY, transaction, verifier};

fn failure(input: impl AsRef<[u8]>) -> VerificationFailure {
    let verifier = verifier();
    let failure = verifier.verify_transaction(&input).unwrap_err();
    assert_eq!(
        verifier.verify_any(&input).unwrap_err(),
        failure,
        "one answer for one input"
    );
    failure
}

#[test]
fn input_that_is_no_jws_is_named_for_what_it_is() {
    assert_eq!(failure(""), VerificationFailure::SegmentCount { found: 1 });
    assert_eq!(
        failure("null"),
        VerificationFailure::SegmentCount { found: 1 }
    );
    assert_eq!(
        failure("a.b"),
        VerificationFailure::SegmentCount { found: 2 }
    );
    assert_eq!(
        failure("a.b.c.d"),
        VerificationFailure::SegmentCount { found: 4 }
    );
    assert_eq!(
        failure("a.b.c.d.e"),
        VerificationFailure::SegmentCount { found: 4 }
    );
    assert_eq!(
        failure("a.b.c"),
        VerificationFailure::Encoding {
            segment: Segment::Header,
            problem: EncodingProblem::Length
        }
    );
    assert_eq!(failure("..").check(), "header");
    assert_eq!(failure("....").check(), "segment_count");
    assert_eq!(failure(r#"{"signedPayload":"a.b.c"}"#).check(), "encoding");
    assert_eq!(
        failure("<html>502 Bad Gateway</html>").check(),
        "segment_count"
    );
}

#[test]
fn binary_input_is_refused() {
    let every_byte: Vec<u8> = (0..=255).collect();
    assert_eq!(failure(&every_byte).check(), "segment_count");
    assert_eq!(failure(b"\xff\xfe.\x00\x01.\x02").check(), "encoding");
    assert_eq!(failure([0_u8; 1000]).check(), "segment_count");
}

#[test]
fn ten_megabytes_are_refused_before_any_work() {
    let limit = 256 * 1024;
    for byte in [b'A', b'.', b'{', 0] {
        let input = vec![byte; 10 * 1024 * 1024];
        let found = input.len();
        assert_eq!(
            failure(input),
            VerificationFailure::TooLong { found, limit }
        );
    }
    let payload = transaction().set("padding", "x".repeat(200_000)).build();
    let jws = AUTHORITY.sign(&payload);
    assert_eq!(
        failure(&jws),
        VerificationFailure::TooLong {
            found: jws.len(),
            limit
        }
    );
}

#[test]
fn an_oversized_header_is_refused_before_it_is_decoded() {
    let header = "A".repeat(16 * 1024 + 1);
    assert_eq!(
        failure(format!("{header}.e30.AAAA")),
        VerificationFailure::TooLong {
            found: header.len(),
            limit: 16 * 1024
        }
    );
}

#[test]
fn a_jws_encoded_once_more_is_not_unwrapped() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let nested = URL_SAFE_NO_PAD.encode(transaction().sign(&AUTHORITY));
    assert_eq!(failure(&nested).check(), "segment_count");
    assert_eq!(
        failure(format!("{nested}.{nested}.{nested}")).check(),
        "header"
    );
}

#[test]
fn signed_json_that_is_nested_without_end_exhausts_nothing() {
    let deep = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let transaction = transaction().build().to_string();
    let with = |member: &str, depth| {
        let members = transaction.strip_prefix('{').unwrap();
        AUTHORITY.sign_bytes(format!("{{\"{member}\":{},{members}", deep(depth)).as_bytes())
    };
    // Where a member of this name has another type.
    assert_eq!(failure(with("commitmentInfo", 50_000)).check(), "payload");
    // Where it is unknown: passed over without recursion, and not read on demand either.
    let verified = verifier().verify_transaction(with("next", 50_000)).unwrap();
    let error = verified.member::<serde_json::Value>("next").unwrap_err();
    assert!(error.to_string().contains("recursion limit"), "{error}");
}

#[test]
fn a_member_of_the_wrong_type_is_named_with_its_place() {
    let jws = transaction()
        .set("quantity", json!({ "many": true }))
        .sign(&AUTHORITY);
    let VerificationFailure::Payload { path, .. } = failure(jws) else {
        panic!("a payload failure");
    };
    assert_eq!(path, "quantity");
}

#[test]
fn a_message_repeats_a_bounded_part_of_what_was_sent() {
    let long = "x".repeat(100_000);
    let jws = [
        transaction()
            .set("bundleId", long.as_str())
            .sign(&AUTHORITY),
        transaction()
            .set("environment", long.as_str())
            .sign(&AUTHORITY),
        transaction()
            .set("isUpgraded", long.as_str())
            .sign(&AUTHORITY),
    ];
    for jws in jws {
        let message = failure(jws).to_string();
        assert!(message.len() < 1000, "{} bytes", message.len());
    }
}

#[test]
fn an_unsigned_header_cannot_blow_up_a_message_either() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let long = "\u{202e}".repeat(3_000);
    for header in [
        json!({ "alg": long }),
        json!({ "alg": "ES256", "x5c": long }),
    ] {
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        let failure = failure(format!("{header}.e30.AAAA"));
        assert!(format!("{failure} {failure:?}").len() < 5000, "{failure}");
    }
    for header in ["[\"ES256\",[]]", " [ ]", "null", "\"ES256\"", "5"] {
        let header = URL_SAFE_NO_PAD.encode(header);
        assert_eq!(failure(format!("{header}.e30.AAAA")).check(), "header");
    }
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","crit":null,"x5c":[]}"#);
    assert_eq!(
        failure(format!("{header}.e30.AAAA")).check(),
        "critical_header"
    );
}

#[test]
fn a_fraction_where_apple_writes_whole_numbers_costs_no_purchase() {
    let jws = transaction().set("price", 0.99).sign(&AUTHORITY);
    let verified = verifier().verify_transaction(jws).unwrap();
    assert_eq!(verified.price, None);
    assert_eq!(verified.member::<f64>("price").unwrap(), Some(0.99));
}

#[test]
fn signed_bytes_that_are_not_text_are_refused() {
    assert_eq!(
        failure(AUTHORITY.sign_bytes(b"\xff\xfe\xfd")).check(),
        "payload"
    );
    assert_eq!(failure(AUTHORITY.sign_bytes(b"")).check(), "payload");
    assert_eq!(failure(AUTHORITY.sign_bytes(b"[]")).check(), "payload");
    assert_eq!(failure(AUTHORITY.sign_bytes(b"null")).check(), "payload");
    let nothing = AUTHORITY.sign_bytes(b"{}");
    assert_eq!(
        verifier().verify_transaction(nothing).unwrap_err().check(),
        "wrong_kind"
    );
}

/// A JWS of `header`, signed by the leaf of [`AUTHORITY`]; and the same with the other number that
/// makes an ECDSA signature as good: the curve's order minus s.
fn signed_with_header(header: &serde_json::Value) -> [String; 2] {
    use aws_lc_rs::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
    };
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    let segments = [header, &transaction().build()];
    let [header, payload] = segments.map(|json| URL_SAFE_NO_PAD.encode(json.to_string()));
    let signed = format!("{header}.{payload}");
    let key = AUTHORITY.leaf_key_pkcs8_der();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key).unwrap();
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    let mut other = signature.as_ref().to_vec();
    let mut borrow = 0;
    for (digit, order) in other[32..].iter_mut().zip(P256_ORDER).rev() {
        let difference = i16::from(order) - i16::from(*digit) - borrow;
        borrow = i16::from(difference < 0);
        *digit = u8::try_from(difference + 256 * borrow).unwrap();
    }
    [signature.as_ref(), &other]
        .map(|signature| format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// FIPS 186-4 D.1.2.3.
const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[test]
fn a_signature_is_good_with_either_s_and_headers_may_say_more() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let x5c = [
        AUTHORITY.leaf_der(),
        AUTHORITY.intermediate_der(),
        AUTHORITY.root_der(),
    ]
    .map(|der| STANDARD.encode(der));
    for header in [
        json!({ "alg": "ES256", "x5c": x5c }),
        json!({ "x5c": x5c, "kid": "Apple", "typ": "JWT", "alg": "ES256", "next": [1] }),
    ] {
        for jws in signed_with_header(&header) {
            verifier().verify_transaction(&jws).unwrap();
        }
    }
    // As in a file of Apple's own tests.
    for jws in signed_with_header(&json!({ "alg": "ES256", "x5cwrong": x5c })) {
        assert_eq!(failure(jws).check(), "chain_length");
    }
}
