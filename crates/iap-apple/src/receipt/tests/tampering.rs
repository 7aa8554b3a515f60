//! Does any change to a receipt, wherever it is, go unnoticed?

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::{
    der::indefinite,
    maker::{Receipt, SignedAttributes, VERIFIER},
};
use crate::{ReceiptError, VerifiedReceipt, transaction_id_from_app_receipt};

fn verify(der: &[u8]) -> Result<VerifiedReceipt, ReceiptError> {
    VERIFIER.verify(&STANDARD.encode(der))
}

/// Where `part` lies in `whole`.
fn range_of(part: &[u8], whole: &[u8]) -> core::ops::Range<usize> {
    let start = whole.windows(part.len()).position(|it| it == part).unwrap();
    start..start + part.len()
}

#[test]
fn no_flipped_bit_makes_another_receipt() {
    let receipt = Receipt {
        signed_attributes: SignedAttributes::Honest,
        ..Receipt::rsa()
    };
    let honest = receipt.der();
    let verified = verify(&honest).unwrap();
    let certificates = receipt.certificates.iter().map(|it| range_of(it, &honest));
    let certificates: Vec<_> = certificates.collect();
    let content = range_of(&receipt.content, &honest);
    // The signature stands at the end.
    let signature = honest.len() - 256..honest.len();

    let mut accepted = 0;
    let mut tampered = honest;
    for index in 0..tampered.len() {
        let is_in_certificate = certificates.iter().any(|it| it.contains(&index));
        for bit in 0..8 {
            // Each bit of a certificate costs two signatures; one of each byte will do.
            if is_in_certificate && bit != index % 8 {
                continue;
            }
            tampered[index] ^= 1 << bit;
            match verify(&tampered) {
                Err(_) => {}
                // Some bytes of the message say nothing: its version, for example.
                Ok(same) => {
                    assert_eq!(same, verified, "bit {bit} of byte {index}");
                    assert!(!is_in_certificate, "byte {index}");
                    assert!(!content.contains(&index), "byte {index}");
                    assert!(!signature.contains(&index), "byte {index}");
                    accepted += 1;
                }
            }
            let _ = transaction_id_from_app_receipt(&STANDARD.encode(&tampered));
            tampered[index] ^= 1 << bit;
        }
    }
    assert!(accepted < 500, "{accepted}");
    println!("{accepted} bits of {} bytes say nothing", tampered.len());
}

#[test]
fn no_truncated_receipt_verifies() {
    for receipt in [
        Receipt::rsa(),
        Receipt {
            write: indefinite,
            ..Receipt::ec()
        },
    ] {
        let receipt = receipt.der();
        for length in 0..receipt.len() {
            assert_eq!(
                verify(&receipt[..length]).unwrap_err().check(),
                "structure",
                "{length}"
            );
        }
    }
}

#[test]
fn no_receipt_with_bytes_after_it_verifies() {
    for extra in [&[0][..], &[0, 0], b"\x05\x00"] {
        let receipt = [&Receipt::rsa().der(), extra].concat();
        assert_eq!(verify(&receipt).unwrap_err().check(), "structure");
    }
}

/// A change to some bytes.
#[derive(Clone, Debug)]
enum Mutation {
    Copy {
        from: usize,
        to: usize,
        length: usize,
    },
    Insert {
        at: usize,
        bytes: Vec<u8>,
    },
    Overwrite {
        at: usize,
        bytes: Vec<u8>,
    },
    Remove {
        at: usize,
        length: usize,
    },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = || 0..5_000_usize;
    let bytes = || prop::collection::vec(any::<u8>(), 1..6);
    prop_oneof![
        (at(), at(), 1..400_usize).prop_map(|(from, to, length)| Mutation::Copy {
            from,
            to,
            length
        }),
        (at(), bytes()).prop_map(|(at, bytes)| Mutation::Insert { at, bytes }),
        (at(), bytes()).prop_map(|(at, bytes)| Mutation::Overwrite { at, bytes }),
        (at(), 1..400_usize).prop_map(|(at, length)| Mutation::Remove { at, length }),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: Mutation) {
    let place = |at: usize| at % bytes.len();
    match mutation {
        Mutation::Copy { from, to, length } => {
            let (from, to) = (place(from), place(to));
            let copied = bytes[from..bytes.len().min(from + length)].to_vec();
            bytes.splice(to..to, copied);
        }
        Mutation::Insert { at, bytes: new } => {
            let at = place(at);
            bytes.splice(at..at, new);
        }
        Mutation::Overwrite { at, bytes: new } => {
            let at = place(at);
            let end = bytes.len().min(at + new.len());
            bytes.splice(at..end, new);
        }
        Mutation::Remove { at, length } => {
            let at = place(at);
            bytes.drain(at..bytes.len().min(at + length));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_change_makes_another_receipt(
        mutations in prop::collection::vec(mutation(), 1..4),
        is_ber: bool,
    ) {
        let write = if is_ber { indefinite } else { Receipt::rsa().write };
        let mut receipt = Receipt { write, ..Receipt::rsa() }.der();
        let verified = verify(&receipt).unwrap();
        for mutation in mutations {
            if !receipt.is_empty() {
                mutate(&mut receipt, mutation);
            }
        }
        if let Ok(same) = verify(&receipt) {
            prop_assert_eq!(same, verified);
        }
        let _ = transaction_id_from_app_receipt(&STANDARD.encode(&receipt));
    }

    #[test]
    fn any_text_is_refused(text: String) {
        prop_assert!(VERIFIER.verify(&text).is_err());
        prop_assert!(transaction_id_from_app_receipt(&text).is_err());
        let _ = crate::transaction_id_from_transaction_receipt(&text);
        let _ = crate::transaction_id_from_transaction_receipt(&STANDARD.encode(&text));
    }
}
