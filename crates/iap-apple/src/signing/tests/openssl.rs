//! The command `openssl` as a judge. Where it is missing these tests say so, and prove nothing.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
};

use super::*;

/// A folder for one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    /// `None`, with the reason printed, where there is no openssl.
    fn where_openssl_is_there(test: &str) -> Option<Self> {
        if let Err(error) = Command::new("openssl").arg("version").output() {
            eprintln!("{test} is skipped: openssl cannot be run: {error}");
            return None;
        }
        let path = env::temp_dir().join(format!("iap-apple-{test}-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Some(Self(path))
    }

    fn openssl(&self, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>) {
        let mut child = Command::new("openssl")
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        (output.status.success(), output.stdout)
    }

    /// What a command prints that must succeed.
    fn make(&self, arguments: &str, input: &[u8]) -> Vec<u8> {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let (succeeded, output) = self.openssl(&arguments, input);
        assert!(succeeded, "openssl {arguments:?}");
        output
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(Path::new(&self.0).join(name), bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn openssl_verifies_an_original_offer_over_the_documented_text() {
    let Some(folder) = Folder::where_openssl_is_there("original-offer") else {
        return;
    };
    let key = TestKey::new();
    folder.write("public.pem", pem("PUBLIC KEY", &key.public).as_bytes());
    for (account, signed_account) in [(Some("USER-A"), "user-a"), (None, "")] {
        let signature = offer::original_offer(&offer::signer(&key), account).unwrap();
        folder.write(
            "signature",
            &STANDARD.decode(&signature.encoded_signature).unwrap(),
        );
        let verify = [
            "dgst",
            "-sha256",
            "-verify",
            "public.pem",
            "-signature",
            "signature",
        ];
        let message = offer::message(&signature, signed_account);
        assert!(folder.openssl(&verify, message.as_bytes()).0, "{account:?}");
        let other = offer::message(&signature, "USER-A");
        assert!(!folder.openssl(&verify, other.as_bytes()).0, "{account:?}");
    }
}

#[test]
fn keys_that_openssl_makes_are_read_or_named() {
    let Some(folder) = Folder::where_openssl_is_there("keys") else {
        return;
    };
    let p8 = folder.make(
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        b"",
    );
    assert!(read(&p8).is_ok());
    let der = folder.make("pkcs8 -topk8 -nocrypt -outform DER", &p8);
    assert!(read(&der).is_ok());

    for (arguments, expected) in [
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
        let other = folder.make(arguments, &p8);
        assert_eq!(read(&other).unwrap_err(), expected, "{arguments}");
    }
    for (arguments, expected) in [
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
        let other = folder.make(arguments, b"");
        assert_eq!(read(&other).unwrap_err(), expected, "{arguments}");
    }

    // The advice in the message for SEC 1 works.
    folder.write("key.pem", &folder.make("ec", &p8));
    let converted = folder.make("pkcs8 -topk8 -nocrypt -in key.pem", b"");
    assert!(read(&converted).is_ok());
}
