//! App receipts that openssl makes and judges, by RSA and EC keys, in DER and in the BER of streams;
//! and receipts of the testkit that it judges.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_apple::{App, Environment, ReceiptVerifier, TrustAnchor, transaction_id_from_app_receipt};
use iap_core::{Clock as _, SystemClock};
use iap_testkit::{AppReceiptBuilder, InAppReceiptBuilder, SigningAuthority};

use crate::openssl::Workshop;

const RSA: &str = "-algorithm RSA";
const EC: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";

/// A chain as Apple's, in files `root`, `intermediate` and `leaf`.
fn authority(algorithm: &str) -> Workshop {
    let workshop = Workshop::empty();
    let usage = "keyUsage = critical, keyCertSign\nbasicConstraints = critical, CA:true";
    workshop.certify("root", "root", algorithm, usage);
    let intermediate = format!("{usage}, pathlen:0\n1.2.840.113635.100.6.2.1 = DER:0500\n");
    workshop.certify("intermediate", "root", algorithm, &intermediate);
    let leaf = "keyUsage = critical, digitalSignature\n1.2.840.113635.100.6.11.1 = DER:0500\n";
    workshop.certify("leaf", "intermediate", algorithm, leaf);
    workshop
}

fn verifier(workshop: &Workshop) -> ReceiptVerifier {
    ReceiptVerifier::builder()
        .app(App::new("com.example.app", 1))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(workshop.read("root.pem")).unwrap()])
        .accept_sha1()
        .build()
        .unwrap()
}

/// The content of a receipt with one purchase, made now.
fn content() -> Vec<u8> {
    let text = |tag, text: &str| element(tag, text.as_bytes());
    let now = SystemClock.now().to_string();
    let purchase = [
        attribute(1702, &text(UTF8_STRING, "pro.monthly")),
        attribute(1703, &text(UTF8_STRING, "2000")),
        attribute(1704, &text(IA5_STRING, &now)),
    ];
    let attributes = [
        attribute(0, &text(UTF8_STRING, "Production")),
        attribute(2, &text(UTF8_STRING, "com.example.app")),
        attribute(12, &text(IA5_STRING, &now)),
        attribute(17, &element(SET, &purchase.concat())),
    ];
    element(SET, &attributes.concat())
}

fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let parts = [
        element(INTEGER, &kind.to_be_bytes()),
        element(INTEGER, &[1]),
        element(OCTET_STRING, value),
    ];
    element(SEQUENCE, &parts.concat())
}

/// An element whose length is always written in two bytes.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const UTF8_STRING: u8 = 0x0C;
const IA5_STRING: u8 = 0x16;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

const SIGN: &str = "cms -sign -binary -nodetach -outform DER -signer leaf.pem -inkey leaf.key \
                    -certfile intermediate.pem";
const VERIFY: &str = "cms -verify -binary -inform DER -purpose any -CAfile root.pem";

#[test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
fn receipts_that_openssl_signs_verify_however_they_are_written() {
    for (algorithm, digests) in [(RSA, &["sha256", "sha1"][..]), (EC, &["sha256"])] {
        let workshop = authority(algorithm);
        let verifier = verifier(&workshop);
        let content = content();
        for digest in digests {
            // Without signed attributes, as Apple does; with them; and in parts of indefinite length.
            for form in ["-noattr", "", "-noattr -stream", "-stream"] {
                let how = format!("{SIGN} -md {digest} {form}");
                let der = workshop.make(&how, &content);
                assert!(workshop.accepts(VERIFY, &der), "{how}");
                assert_eq!(form.contains("stream"), der[1] == 0x80, "{how}");
                let receipt = BASE64_STANDARD.encode(&der);
                let verified = verifier.verify(&receipt);
                let verified = verified.unwrap_or_else(|error| panic!("{how}: {error}"));
                assert_eq!(verified.environment(), Environment::Production);
                assert_eq!(verified.in_app.len(), 1);
                let id = transaction_id_from_app_receipt(&receipt).unwrap();
                assert_eq!(id.unwrap(), "2000", "{how}");
            }
        }
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
fn no_changed_receipt_verifies_that_openssl_refuses() {
    for algorithm in [RSA, EC] {
        let workshop = authority(algorithm);
        let verifier = verifier(&workshop);
        for form in ["-noattr", "", "-stream"] {
            let honest = workshop.make(&format!("{SIGN} -md sha256 {form}"), &content());
            let mut refused = 0;
            for position in (0..honest.len()).step_by(41) {
                let mut der = honest.clone();
                der[position] ^= 1;
                match verifier.verify(&BASE64_STANDARD.encode(&der)) {
                    Ok(_) => assert!(workshop.accepts(VERIFY, &der), "{form}, byte {position}"),
                    Err(_) => refused += 1,
                }
            }
            assert!(refused > 10, "{form}: {refused}");
        }

        // Another authority of the same names.
        let receipt = authority(algorithm).make(SIGN, &content());
        assert!(!workshop.accepts(VERIFY, &receipt));
        assert!(verifier.verify(&BASE64_STANDARD.encode(&receipt)).is_err());
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "openssl 3 is not installed")]
fn what_the_kit_signs_is_a_message_that_openssl_verifies_and_nothing_else_is() {
    let authority = SigningAuthority::new();
    let workshop = Workshop::of(&authority);
    let verifier = ReceiptVerifier::builder()
        .app(App::new("com.example.app", 7))
        .environment(Environment::Production)
        .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
        .build()
        .unwrap();
    let receipt = AppReceiptBuilder::new("com.example.app", 7)
        .in_app(InAppReceiptBuilder::auto_renewable("pro.monthly"))
        .sign_der(&authority);

    let content = workshop.make(VERIFY, &receipt);
    verifier.verify(&BASE64_STANDARD.encode(&receipt)).unwrap();

    // In the product id, which is only content.
    let position = receipt
        .windows(3)
        .position(|bytes| bytes == b"pro")
        .unwrap();
    assert!(content.windows(3).any(|bytes| bytes == b"pro"));
    let mut tampered = receipt;
    tampered[position] = b'P';
    assert!(!workshop.accepts(VERIFY, &tampered));
    let failure = verifier
        .verify(&BASE64_STANDARD.encode(&tampered))
        .unwrap_err();
    assert_eq!(failure.check(), "signature");

    let other = AppReceiptBuilder::new("com.example.app", 7).sign_der(&SigningAuthority::new());
    assert!(!workshop.accepts(VERIFY, &other));
}
