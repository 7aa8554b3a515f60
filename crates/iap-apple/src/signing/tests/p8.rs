//! What people pass as the key: the right one in every spelling, wrong ones, damaged ones.

use aws_lc_rs::signature::{
    ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, Ed25519KeyPair,
};
use iap_testkit::SigningAuthority;

use super::*;

const PATH: &str = "/run/secrets/SubscriptionKey_ABC1234DEF.p8";

#[test]
fn a_key_is_read_however_its_text_was_carried() {
    let key = TestKey::new();
    let pem = key.pem();
    let base64 = STANDARD.encode(&key.pkcs8);
    let spellings = [
        ("as Apple writes it", pem.clone()),
        ("with a final line break", format!("{pem}\n")),
        ("CRLF", pem.replace('\n', "\r\n")),
        ("CR", pem.replace('\n', "\r")),
        ("byte order mark", format!("\u{feff}{pem}\n")),
        ("white space around", format!(" \t\r\n{pem} \n\n ")),
        ("blanks at the end of lines", pem.replace('\n', " \n")),
        ("\\n in two characters", pem.replace('\n', "\\n")),
        ("\\r\\n in four", pem.replace('\n', "\\r\\n")),
        ("\\\\n, escaped twice", pem.replace('\n', "\\\\n")),
        ("quoted", format!("\"{}\\n\"", pem.replace('\n', "\\n"))),
        ("single quotes", format!("'{pem}'")),
        ("line breaks lost to blanks", pem.replace('\n', " ")),
        ("line breaks lost", pem.replace('\n', "")),
        (
            "text around",
            format!("Bag Attributes\n{pem}\nKept by ops\n"),
        ),
        ("Base64 alone", base64.clone()),
        (
            "Base64 alone, in lines",
            format!("{}\n{}\n", &base64[..64], &base64[64..]),
        ),
    ];
    for (name, text) in spellings {
        let loaded = read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let signature = loaded.sign(b"message").unwrap();
        assert!(key.verifies(b"message", &signature), "{name}");
    }
    let loaded = read(&key.pkcs8).unwrap();
    assert!(key.verifies(b"message", &loaded.sign(b"message").unwrap()));
}

#[test]
fn every_wrong_key_is_named_and_none_is_repeated() {
    let key = TestKey::new();
    for (name, input, expected) in wrong_keys(&key) {
        let error = read(&input).expect_err(name);
        assert_eq!(error, expected, "{name}");
        assert_nothing_of(&key, &error, name);
    }
}

#[test]
fn the_message_says_what_to_do() {
    let key = TestKey::new();
    let message = |p8: &str| read(p8).unwrap_err().to_string();
    let sec1 = message(&pem("EC PRIVATE KEY", &key.sec1));
    assert!(sec1.contains("openssl pkcs8 -topk8 -nocrypt"), "{sec1}");
    let path = message(PATH);
    assert!(
        path.contains("path of a file") && path.contains("read the file"),
        "{path}"
    );
    assert!(!path.contains("SubscriptionKey"), "{path}");
    let p384 = message(&TestKey::on(&ECDSA_P384_SHA384_FIXED_SIGNING).pem());
    assert!(
        p384.contains("P-384") && p384.contains("expected P-256"),
        "{p384}"
    );
    let encrypted = message("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    assert!(encrypted.contains("decrypt it"), "{encrypted}");
    let public = message(&pem("PUBLIC KEY", &key.public));
    assert!(
        public.contains("public key") && public.contains("private key"),
        "{public}"
    );
}

#[test]
fn a_damaged_key_is_refused_or_signs_as_before() {
    let key = TestKey::new();
    for length in 0..key.pkcs8.len() {
        assert!(read(&key.pkcs8[..length]).is_err(), "{length}");
    }
    let pem = key.pem();
    for length in 0..pem.len() {
        assert!(read(&pem[..length]).is_err(), "{length}");
    }
    for index in 0..key.pkcs8.len() {
        for bit in 0..8 {
            let mut damaged = key.pkcs8.clone();
            damaged[index] ^= 1 << bit;
            if let Ok(read) = read(&damaged) {
                let signature = read.sign(b"message").unwrap();
                assert!(key.verifies(b"message", &signature), "{index} {bit}");
            }
        }
    }
}

#[test]
fn a_key_without_its_public_part_signs_where_the_library_can_compute_it() {
    let key = TestKey::new();
    let private = der(0x30, &[&[2, 1, 1], &der(4, &[&key.scalar])]);
    let algorithm = &key.pkcs8[6..6 + 21];
    assert_eq!(algorithm[0], 0x30);
    let pkcs8 = der(0x30, &[&[2, 1, 0], algorithm, &der(4, &[&private])]);
    match read(&pkcs8) {
        Ok(read) => assert!(key.verifies(b"message", &read.sign(b"message").unwrap())),
        Err(error) if cfg!(feature = "aws-lc-rs") => panic!("{error}"),
        Err(error) => assert_eq!(error, KeyError::Unreadable),
    }
}

/// Everything that is not the right kind of key, or not whole.
fn wrong_keys(key: &TestKey) -> Vec<(&'static str, Vec<u8>, KeyError)> {
    let p384 = TestKey::on(&ECDSA_P384_SHA384_FIXED_SIGNING);
    let p521 = TestKey::on(&ECDSA_P521_SHA512_FIXED_SIGNING);
    let secp256k1 = TestKey::on(&ECDSA_P256K1_SHA256_FIXED_SIGNING);
    let ed25519 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pem_key = key.pem();
    let (body, end) = (&pem_key[..120], pem_key.rfind("-----END").unwrap());
    let base64 = STANDARD.encode(&key.pkcs8);

    let secret = key.scalar.as_slice();
    let rsa_inside = der(
        0x30,
        &[&der(2, &[&[0]]), &der(2, &[secret]), &der(2, &[&[1, 0, 1]])],
    );
    let rsa_oid = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let rsa = der(
        0x30,
        &[
            &der(2, &[&[0]]),
            &der(0x30, &[&rsa_oid]),
            &der(4, &[&rsa_inside]),
        ],
    );
    let pbes2 = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
    let encrypted = der(0x30, &[&der(0x30, &[&pbes2]), &der(4, &[secret])]);
    let certificate = SigningAuthority::new().root_der().to_vec();

    let curve = |found| KeyError::Curve { found };
    let text = |text: &str| text.as_bytes().to_vec();
    let armoured = |label, der: &[u8]| pem(label, der).into_bytes();
    vec![
        (
            "SEC 1",
            armoured("EC PRIVATE KEY", &key.sec1),
            KeyError::Sec1,
        ),
        (
            "SEC 1 after parameters",
            text(&format!(
                "{}\n{}",
                pem("EC PARAMETERS", &[6, 0]),
                pem("EC PRIVATE KEY", &key.sec1)
            )),
            KeyError::Sec1,
        ),
        ("SEC 1 in DER", key.sec1.clone(), KeyError::Sec1),
        (
            "SEC 1 in Base64",
            text(&STANDARD.encode(&key.sec1)),
            KeyError::Sec1,
        ),
        (
            "SEC 1 mislabelled",
            armoured("PRIVATE KEY", &key.sec1),
            KeyError::Sec1,
        ),
        (
            "encrypted",
            armoured("ENCRYPTED PRIVATE KEY", &encrypted),
            KeyError::Encrypted,
        ),
        ("encrypted, in DER", encrypted, KeyError::Encrypted),
        ("RSA", armoured("PRIVATE KEY", &rsa), KeyError::Rsa),
        ("RSA in DER", rsa, KeyError::Rsa),
        (
            "RSA, PKCS #1",
            armoured("RSA PRIVATE KEY", &rsa_inside),
            KeyError::Rsa,
        ),
        ("RSA, PKCS #1 in DER", rsa_inside, KeyError::Rsa),
        ("P-384", p384.pem().into_bytes(), curve("P-384")),
        ("P-384 in DER", p384.pkcs8, curve("P-384")),
        ("P-521", p521.pem().into_bytes(), curve("P-521")),
        (
            "secp256k1",
            secp256k1.pem().into_bytes(),
            curve("secp256k1"),
        ),
        (
            "Ed25519",
            ed25519.as_ref().to_vec(),
            KeyError::OtherAlgorithm,
        ),
        (
            "public key",
            armoured("PUBLIC KEY", &key.public),
            KeyError::PublicKey,
        ),
        ("public key in DER", key.public.clone(), KeyError::PublicKey),
        (
            "certificate",
            armoured("CERTIFICATE", &certificate),
            KeyError::Certificate,
        ),
        ("certificate in DER", certificate, KeyError::Certificate),
        (
            "OpenSSH",
            armoured("OPENSSH PRIVATE KEY", secret),
            KeyError::OtherPem,
        ),
        (
            "lower case label",
            armoured("private key", &key.pkcs8),
            KeyError::OtherPem,
        ),
        (
            "a key as the label",
            text(&format!("-----BEGIN {base64}-----")),
            KeyError::OtherPem,
        ),
        ("empty", vec![], KeyError::Empty),
        ("blank", text(" \r\n\t"), KeyError::Empty),
        ("byte order mark alone", text("\u{feff}\n"), KeyError::Empty),
        ("empty quotes", text("\"\""), KeyError::Empty),
        ("path", text(PATH), KeyError::FilePath),
        ("relative path", text("AuthKey.P8\n"), KeyError::FilePath),
        (
            "path of Windows",
            text(r"C:\keys\new.p8"),
            KeyError::FilePath,
        ),
        (
            "path without extension",
            text("~/apple-key"),
            KeyError::FilePath,
        ),
        ("no value", text("undefined"), KeyError::NotAKey),
        (
            "a placeholder",
            text("<the key goes here>"),
            KeyError::NotAKey,
        ),
        ("not text", vec![0xc3, 0x28, 1, 2], KeyError::NotAKey),
        (
            "Base64 of something else",
            text(&STANDARD.encode("something else")),
            KeyError::NotAKey,
        ),
        (
            "Base64 in the alphabet of URLs",
            text(&format!("{}-_", URL_SAFE_NO_PAD.encode(&key.pkcs8))),
            KeyError::NotAKey,
        ),
        (
            "the file in Base64",
            text(&STANDARD.encode(&pem_key)),
            KeyError::EncodedTwice,
        ),
        (
            "UTF-16",
            [0xfeff]
                .into_iter()
                .chain(pem_key.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
            KeyError::Utf16,
        ),
        ("cut off", text(body), KeyError::CutOff),
        (
            "cut off in the first line",
            text("-----BEGIN PRIVATE KEY--"),
            KeyError::CutOff,
        ),
        (
            "without the last line",
            text(&pem_key[..end]),
            KeyError::CutOff,
        ),
        (
            "a foreign character",
            text(&pem_key.replacen("\nM", "\nM*", 1)),
            KeyError::Base64,
        ),
        (
            "a stray backslash",
            text(&pem_key.replacen("\nM", "\n\\M", 1)),
            KeyError::Base64,
        ),
        (
            "a character lost",
            text(&pem_key.replacen("\nM", "\n", 1)),
            KeyError::Base64,
        ),
        (
            "a line lost",
            text(&[&pem_key[..28], &pem_key[28 + 65..]].concat()),
            KeyError::Unreadable,
        ),
        (
            "no Base64 at all",
            text("-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----"),
            KeyError::Unreadable,
        ),
        (
            "two keys",
            text(&format!("{pem_key}\n{pem_key}")),
            KeyError::SeveralObjects,
        ),
        (
            "bytes after the key",
            [&key.pkcs8[..], &[0]].concat(),
            KeyError::Unreadable,
        ),
        (
            "another key's public part",
            with_point(key, &TestKey::new().point),
            KeyError::Unreadable,
        ),
        (
            "no point of the curve",
            with_point(key, &[4; 65]),
            KeyError::Unreadable,
        ),
        (
            "too long",
            vec![b' '; 16 * 1024 + 1],
            KeyError::TooLong {
                found: 16 * 1024 + 1,
                limit: 16 * 1024,
            },
        ),
    ]
}

fn with_point(key: &TestKey, point: &[u8]) -> Vec<u8> {
    let start = key.pkcs8.len() - point.len();
    [&key.pkcs8[..start], point].concat()
}
