//! A hundred thousand altered notifications and transactions: none verifies, nothing panics.

use std::sync::LazyLock;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use iap::Environment;
use iap::apple::{App, SignedDataVerifier, TrustAnchor};
use iap_testkit::{NotificationBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder};
use proptest::{prelude::*, sample::Index, test_runner::Config};

const BUNDLE_ID: &str = "com.example.app";
const APP_APPLE_ID: u64 = 1_234_567_890;

/// Honest data, and verifiers that accept it.
struct Honest {
    jws: Vec<String>,
    remembering: SignedDataVerifier,
    forgetful: SignedDataVerifier,
}

static HONEST: LazyLock<Honest> = LazyLock::new(|| {
    let authority = SigningAuthority::new();
    let transaction = TransactionBuilder::auto_renewable(BUNDLE_ID, "pro.monthly");
    let renewal_info = RenewalInfoBuilder::of(&transaction);
    let notification = NotificationBuilder::new("DID_RENEW")
        .app(BUNDLE_ID, i64::try_from(APP_APPLE_ID).unwrap())
        .renewal_info(renewal_info.clone())
        .transaction(transaction.clone());
    let verifier = |remembered_chains| {
        SignedDataVerifier::builder()
            .app(App::new(BUNDLE_ID, APP_APPLE_ID))
            .environment(Environment::Production)
            .trust_anchors([TrustAnchor::from_certificate(authority.root_der()).unwrap()])
            .remembered_chains(remembered_chains)
            .build()
            .unwrap()
    };
    let honest = Honest {
        jws: vec![
            transaction.sign(&authority),
            renewal_info.sign(&authority),
            notification.sign(&authority),
        ],
        remembering: verifier(32),
        forgetful: verifier(0),
    };
    for jws in &honest.jws {
        honest.remembering.verify_any(jws).expect("honest");
        honest.forgetful.verify_any(jws).expect("honest");
    }
    honest
});

/// One alteration: of the bytes as sent, or of what they mean.
#[derive(Clone, Debug)]
enum Mutation {
    /// Another byte at one place.
    ReplaceByte(Index, u8),
    InsertByte(Index, u8),
    RemoveByte(Index),
    /// Cut off at one place.
    Truncate(Index),
    /// A stretch repeated behind itself.
    Repeat(Index, Index),
    /// Two segments exchanged.
    SwapSegments(usize, usize),
    /// A segment of other honest data.
    TakeSegment(usize, Index),
    /// A byte changed within the decoded segment, which is encoded again.
    ReplaceDecoded(usize, Index, u8),
    /// A byte of one certificate changed within its DER.
    ReplaceInCertificate(usize, Index, u8),
    /// Certificates put in another order, left out or doubled.
    Rearrange(Vec<usize>),
    /// A member of the header set to another value.
    SetHeader(&'static str, &'static str),
    /// A text within the payload's JSON replaced by another.
    ReplaceInPayload(&'static str, &'static str),
    /// The signature's two numbers exchanged.
    SwapSignatureHalves,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let segment = 0_usize..3;
    let index = any::<Index>;
    let replacements = prop::sample::select(vec![
        ("com.example.app", "com.example.apq"),
        ("pro.monthly", "pro.yearly"),
        ("\"Production\"", "\"Sandbox\""),
        ("\"PURCHASED\"", "\"FAMILY_SHARED\""),
        ("{", "{\"revocationDate\":0,"),
        ("}", " }"),
        (":1", ":9"),
    ]);
    let names = prop::sample::select(vec!["alg", "x5c", "kid", "typ", "crit", "jwk", "b64"]);
    let values = prop::sample::select(vec![
        "null",
        "[]",
        "{}",
        "1",
        "true",
        "\"none\"",
        "\"HS256\"",
        "\"ES384\"",
        "[[[]]]",
    ]);
    prop_oneof![
        4 => (index(), any::<u8>()).prop_map(|(at, byte)| Mutation::ReplaceByte(at, byte)),
        1 => (index(), any::<u8>()).prop_map(|(at, byte)| Mutation::InsertByte(at, byte)),
        1 => index().prop_map(Mutation::RemoveByte),
        1 => index().prop_map(Mutation::Truncate),
        1 => (index(), index()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
        1 => (segment.clone(), segment.clone()).prop_map(|(a, b)| Mutation::SwapSegments(a, b)),
        1 => (segment.clone(), index()).prop_map(|(at, from)| Mutation::TakeSegment(at, from)),
        4 => (segment, index(), any::<u8>())
            .prop_map(|(segment, at, byte)| Mutation::ReplaceDecoded(segment, at, byte)),
        4 => (0_usize..3, index(), any::<u8>())
            .prop_map(|(certificate, at, byte)| Mutation::ReplaceInCertificate(certificate, at, byte)),
        1 => prop::collection::vec(0_usize..3, 0..5).prop_map(Mutation::Rearrange),
        1 => (names, values).prop_map(|(name, value)| Mutation::SetHeader(name, value)),
        2 => replacements.prop_map(|(old, new)| Mutation::ReplaceInPayload(old, new)),
        1 => Just(Mutation::SwapSignatureHalves),
    ]
}

impl Mutation {
    fn apply(&self, jws: &[u8], others: &[String]) -> Vec<u8> {
        let mut bytes = jws.to_vec();
        match self {
            _ if bytes.is_empty() => {}
            Self::ReplaceByte(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Self::InsertByte(at, byte) => bytes.insert(at.index(bytes.len() + 1), *byte),
            Self::RemoveByte(at) => {
                bytes.remove(at.index(bytes.len()));
            }
            Self::Truncate(at) => bytes.truncate(at.index(bytes.len())),
            Self::Repeat(from, to) => {
                let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
                let (from, to) = (from.min(to), from.max(to));
                let stretch = bytes[from..to].to_vec();
                bytes.splice(to..to, stretch);
            }
            _ => return self.apply_to_segments(jws, others),
        }
        bytes
    }

    /// Alterations that need the three segments; other bytes stay as they are.
    fn apply_to_segments(&self, jws: &[u8], others: &[String]) -> Vec<u8> {
        let mut segments: Vec<_> = jws
            .split(|byte| *byte == b'.')
            .map(<[u8]>::to_vec)
            .collect();
        if segments.len() != 3 {
            return jws.to_vec();
        }
        match self {
            Self::SwapSegments(a, b) => segments.swap(*a, *b),
            Self::TakeSegment(at, from) => {
                let other = from.get(others).split('.').nth(*at).unwrap();
                segments[*at] = other.into();
            }
            Self::ReplaceDecoded(segment, at, byte) => {
                re_encode(&mut segments[*segment], |decoded| {
                    if !decoded.is_empty() {
                        let at = at.index(decoded.len());
                        decoded[at] = *byte;
                    }
                });
            }
            Self::ReplaceInCertificate(certificate, at, byte) => {
                change_header(&mut segments[0], |header| {
                    let Some(text) = header["x5c"][*certificate].as_str() else {
                        return;
                    };
                    let Ok(mut der) = STANDARD.decode(text) else {
                        return;
                    };
                    if !der.is_empty() {
                        let at = at.index(der.len());
                        der[at] = *byte;
                    }
                    header["x5c"][*certificate] = STANDARD.encode(der).into();
                });
            }
            Self::Rearrange(order) => change_header(&mut segments[0], |header| {
                let x5c = order
                    .iter()
                    .map(|from| header["x5c"][*from].clone())
                    .collect();
                header["x5c"] = serde_json::Value::Array(x5c);
            }),
            Self::SetHeader(name, value) => change_header(&mut segments[0], |header| {
                header[*name] = serde_json::from_str(value).unwrap();
            }),
            Self::ReplaceInPayload(old, new) => re_encode(&mut segments[1], |decoded| {
                *decoded = String::from_utf8_lossy(decoded)
                    .replace(old, new)
                    .into_bytes();
            }),
            Self::SwapSignatureHalves => re_encode(&mut segments[2], |decoded| {
                let half = decoded.len() / 2;
                decoded.rotate_left(half);
            }),
            _ => unreachable!("handled by apply"),
        }
        segments.join(&b'.')
    }
}

fn re_encode(segment: &mut Vec<u8>, change: impl FnOnce(&mut Vec<u8>)) {
    if let Ok(mut decoded) = URL_SAFE_NO_PAD.decode(&*segment) {
        change(&mut decoded);
        *segment = URL_SAFE_NO_PAD.encode(decoded).into_bytes();
    }
}

fn change_header(segment: &mut Vec<u8>, change: impl FnOnce(&mut serde_json::Value)) {
    re_encode(segment, |decoded| {
        if let Ok(mut header @ serde_json::Value::Object(_)) = serde_json::from_slice(decoded) {
            change(&mut header);
            *decoded = header.to_string().into_bytes();
        }
    });
}

proptest! {
    #![proptest_config(Config { cases: 100_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_altered_data_verifies_and_nothing_panics(
        which in 0_usize..3,
        mutations in prop::collection::vec(mutation(), 1..4),
        is_remembering in any::<bool>(),
    ) {
        let honest = &*HONEST;
        let original = honest.jws[which].as_bytes();
        let mut altered = original.to_vec();
        for mutation in &mutations {
            altered = mutation.apply(&altered, &honest.jws);
        }
        // Some alterations change nothing, undo each other, or amount to other honest data.
        if honest.jws.iter().all(|jws| jws.as_bytes() != altered) {
            let verifier = if is_remembering { &honest.remembering } else { &honest.forgetful };
            let verdict = verifier.verify_any(&altered);
            prop_assert!(verdict.is_err(), "verified: {}", String::from_utf8_lossy(&altered));
            prop_assert!(verifier.verify_transaction(&altered).is_err());
            // A message is made without panicking, whatever is in it.
            prop_assert!(!verdict.map(drop).unwrap_err().to_string().is_empty());
        }
    }

    #[test]
    fn no_random_bytes_verify_and_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(HONEST.remembering.verify_any(&bytes).is_err());
        prop_assert!(HONEST.remembering.verify_notification(&bytes).is_err());
    }
}
