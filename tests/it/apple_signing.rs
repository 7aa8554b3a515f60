//! Keys and signatures for Apple, judged by openssl.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_apple::{
    AppAccountToken, InAppPurchaseKey, KeyError, OfferSigner, PromotionalOfferSignatureV1,
};
use iap_core::{FixedClock, OfferId, ProductId, Timestamp};

use crate::openssl::Workshop;

const P256: &str = "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";

fn read(p8: &[u8]) -> Result<InAppPurchaseKey, KeyError> {
    InAppPurchaseKey::new("ABC1234DEF", "0fedcba9-8765-4321-8fed-cba987654321", p8)
}

/// The documented text, written out by hand: values with U+2063 between them.
fn message(signature: &PromotionalOfferSignatureV1, account: &str) -> String {
    let nonce = &signature.nonce;
    format!(
        "com.example.app\u{2063}ABC1234DEF\u{2063}Pro.Monthly\u{2063}Win-Back\u{2063}{account}\u{2063}\
         {nonce}\u{2063}1795253400999"
    )
}

#[test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
fn openssl_verifies_an_original_offer_over_the_documented_text() {
    let workshop = Workshop::empty();
    let key = workshop.make(P256, b"");
    workshop.write("public.pem", workshop.make("pkey -pubout", &key));
    let signer = OfferSigner::new(read(&key).unwrap(), "com.example.app")
        .unwrap()
        .clock(FixedClock::new(Timestamp::from_millis(1_795_253_400_999)));
    let (product, offer) = (ProductId::new("Pro.Monthly"), OfferId::new("Win-Back"));
    for (account, signed_account) in [(Some("USER-A"), "user-a"), (None, "")] {
        let account = account.map(AppAccountToken::new);
        let signature = signer
            .promotional_offer_v1(&product, &offer, account.as_ref())
            .unwrap();
        let der = BASE64_STANDARD.decode(&signature.encoded_signature);
        workshop.write("signature", der.unwrap());
        let verify = "dgst -sha256 -verify public.pem -signature signature";
        let signed = message(&signature, signed_account);
        assert!(workshop.accepts(verify, signed.as_bytes()), "{account:?}");
        let other = message(&signature, "USER-A");
        assert!(!workshop.accepts(verify, other.as_bytes()), "{account:?}");
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
fn keys_that_openssl_makes_are_read_or_named() {
    let workshop = Workshop::empty();
    let p8 = workshop.make(P256, b"");
    assert!(read(&p8).is_ok());
    let der = workshop.make("pkcs8 -topk8 -nocrypt -outform DER", &p8);
    assert!(read(&der).is_ok());

    for (command, expected) in [
        ("ec", KeyError::Sec1),
        ("ec -outform DER", KeyError::Sec1),
        ("ec -aes128 -passout pass:1234", KeyError::Sec1),
        ("pkcs8 -topk8 -passout pass:1234", KeyError::Encrypted),
        (
            "pkcs8 -topk8 -passout pass:1234 -outform DER",
            KeyError::Encrypted,
        ),
        ("ec -pubout", KeyError::PublicKey),
        ("ec -pubout -outform DER", KeyError::PublicKey),
    ] {
        let other = workshop.make(command, &p8);
        assert_eq!(read(&other).unwrap_err(), expected, "{command}");
    }
    for (command, expected) in [
        ("genpkey -algorithm RSA", KeyError::Rsa),
        ("genpkey -algorithm ED25519", KeyError::OtherAlgorithm),
        (
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
            KeyError::Curve { found: "P-384" },
        ),
        (
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            KeyError::Curve {
                found: "another curve",
            },
        ),
        ("ecparam -name prime256v1 -genkey", KeyError::Sec1),
    ] {
        let other = workshop.make(command, b"");
        assert_eq!(read(&other).unwrap_err(), expected, "{command}");
    }

    // The advice in the message for SEC 1 works.
    workshop.write("key.pem", workshop.make("ec", &p8));
    let converted = workshop.make("pkcs8 -topk8 -nocrypt -in key.pem", b"");
    assert!(read(&converted).is_ok());
}
