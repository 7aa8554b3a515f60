//! Which check does a forged message fail, and a chain that is none of Apple's?

use super::{
    der::{algorithm, element, indefinite, integer, octets, oid, sequence, set},
    key::{Hash, RSA_KEYS},
    maker::{
        Certificate, DATA, INTERMEDIATE_MARKER, LEAF_MARKER, RSA, Receipt, SIGNED_DATA,
        SignedAttributes, VERIFIER, check, digest_attribute, name, type_attribute, with,
    },
};

#[test]
fn a_forged_message_is_refused() {
    let other_key = &RSA_KEYS[3];
    let flipped = |signature: &[u8]| {
        let mut signature = signature.to_vec();
        *signature.last_mut().unwrap() ^= 1;
        signature
    };
    let rsa = Receipt::rsa;
    let content = rsa().content;
    let ecdsa = sequence(&[oid("1.2.840.10045.4.3.2")]);
    for (why, receipt, expected) in [
        (
            "another key",
            Receipt {
                key: other_key,
                ..rsa()
            },
            "signature",
        ),
        (
            "another key over signed attributes",
            Receipt {
                key: other_key,
                signed_attributes: SignedAttributes::Honest,
                ..rsa()
            },
            "signature",
        ),
        (
            "a flipped bit",
            Receipt {
                signature: Some(flipped(&RSA_KEYS[2].sign(Hash::Sha256, &content))),
                ..rsa()
            },
            "signature",
        ),
        (
            "no signature",
            Receipt {
                signature: Some(vec![]),
                ..rsa()
            },
            "signature",
        ),
        (
            "zeros",
            Receipt {
                signature: Some(vec![0; 256]),
                ..rsa()
            },
            "signature",
        ),
        (
            "zeros for ECDSA",
            Receipt {
                signature: Some(vec![0; 64]),
                ..Receipt::ec()
            },
            "signature",
        ),
        (
            "RSA algorithm, EC key",
            Receipt {
                signature_algorithm: algorithm(RSA),
                ..Receipt::ec()
            },
            "signature_algorithm",
        ),
        (
            "EC algorithm, RSA key",
            Receipt {
                signature_algorithm: ecdsa,
                ..rsa()
            },
            "signature_algorithm",
        ),
        (
            "MD5",
            Receipt {
                signature_algorithm: algorithm("1.2.840.113549.1.1.4"),
                ..rsa()
            },
            "signature_algorithm",
        ),
        (
            "another digest in the algorithm",
            Receipt {
                signature_algorithm: algorithm("1.2.840.113549.1.1.5"),
                ..rsa()
            },
            "signature_algorithm",
        ),
        (
            "no signer",
            Receipt {
                signers: 0,
                ..rsa()
            },
            "signer_count",
        ),
        (
            "two signers",
            Receipt {
                signers: 2,
                ..rsa()
            },
            "signer_count",
        ),
        (
            "no certificates",
            Receipt {
                certificates: vec![],
                ..rsa()
            },
            "signer_certificate",
        ),
        (
            "no leaf",
            Receipt {
                certificates: vec![rsa().certificates[1].clone()],
                ..rsa()
            },
            "signer_certificate",
        ),
        (
            "another serial number",
            Receipt {
                serial_number: integer(8),
                ..rsa()
            },
            "signer_certificate",
        ),
        (
            "another issuer",
            Receipt {
                issuer: name("Somebody"),
                ..rsa()
            },
            "signer_certificate",
        ),
        (
            "no intermediate",
            Receipt {
                certificates: vec![rsa().certificates[0].clone()],
                ..rsa()
            },
            "issuer_certificate",
        ),
        (
            "too many certificates",
            Receipt {
                certificates: vec![sequence(&[]); 9],
                ..rsa()
            },
            "structure",
        ),
        (
            "enveloped",
            Receipt {
                message_type: "1.2.840.113549.1.7.3",
                ..rsa()
            },
            "content_type",
        ),
        (
            "another content",
            Receipt {
                content_type: SIGNED_DATA,
                ..rsa()
            },
            "content_type",
        ),
        (
            "nothing signed",
            Receipt {
                wrapped_content: Some(octets(b"")),
                ..rsa()
            },
            "signature",
        ),
        (
            "something else signed",
            Receipt {
                wrapped_content: Some(octets(&with(12, None))),
                ..rsa()
            },
            "signature",
        ),
    ] {
        assert_eq!(check(&receipt), expected, "{why}");
    }
}

#[test]
fn nothing_may_follow_in_any_part_of_the_message() {
    for part in [
        "contentInfo",
        "content",
        "signedData",
        "encapContentInfo",
        "eContent",
        "signerInfo",
        "sid",
    ] {
        for write in [element, indefinite] {
            let receipt = Receipt {
                surplus_in: Some(part),
                write,
                ..Receipt::rsa()
            };
            let error = VERIFIER.verify(&receipt.base64()).unwrap_err();
            assert!(
                error.to_string().ends_with(": 2 bytes too many"),
                "{part}: {error}"
            );
        }
    }
}

fn with_attributes(attributes: Vec<Vec<u8>>) -> Receipt {
    Receipt {
        signed_attributes: SignedAttributes::These(attributes),
        ..Receipt::rsa()
    }
}

#[test]
fn signed_attributes_must_be_about_the_content() {
    let digest = Receipt::rsa().digest();
    let right_type = type_attribute(DATA);
    let right_digest = digest_attribute(&digest);
    let two_values = sequence(&[
        oid("1.2.840.113549.1.9.4"),
        set(&[octets(&digest), octets(&digest)]),
    ]);
    for (why, attributes, expected) in [
        ("none", vec![], "structure"),
        ("no type", vec![right_digest.clone()], "structure"),
        ("no digest", vec![right_type.clone()], "structure"),
        (
            "another type",
            vec![type_attribute(SIGNED_DATA), right_digest.clone()],
            "content_type",
        ),
        (
            "another digest",
            vec![right_type.clone(), digest_attribute(&[0; 32])],
            "message_digest",
        ),
        (
            "part of the digest",
            vec![right_type.clone(), digest_attribute(&digest[..20])],
            "message_digest",
        ),
        (
            "no bytes of digest",
            vec![right_type.clone(), digest_attribute(b"")],
            "message_digest",
        ),
        (
            "two digests",
            vec![
                right_type.clone(),
                right_digest.clone(),
                digest_attribute(&[0; 32]),
            ],
            "structure",
        ),
        (
            "two values",
            vec![right_type.clone(), two_values],
            "structure",
        ),
        (
            "two types",
            vec![right_type.clone(), right_type.clone(), right_digest.clone()],
            "structure",
        ),
        (
            "too long an attribute",
            vec![
                right_type.clone(),
                right_digest.clone(),
                too_long_attribute(),
            ],
            "structure",
        ),
        (
            "others too",
            vec![right_type, right_digest, type_like()],
            "none",
        ),
    ] {
        assert_eq!(check(&with_attributes(attributes)), expected, "{why}");
    }
}

#[test]
fn a_signature_over_attributes_is_none_over_a_content_and_the_other_way_round() {
    let honest = Receipt {
        signed_attributes: SignedAttributes::Honest,
        ..Receipt::rsa()
    };
    let attributes = vec![type_attribute(DATA), digest_attribute(&honest.digest())];
    let over_attributes = RSA_KEYS[2].sign(Hash::Sha256, &set(&attributes));
    // The attributes are removed.
    let removed = Receipt {
        signature: Some(over_attributes.clone()),
        ..Receipt::rsa()
    };
    assert_eq!(check(&removed), "signature");
    // They become the content, of which the signature holds.
    let as_content = Receipt {
        signature: Some(over_attributes),
        ..Receipt::of(set(&attributes))
    };
    assert_eq!(check(&as_content), "structure");
    // Attributes are added.
    let over_content = RSA_KEYS[2].sign(Hash::Sha256, &honest.content);
    assert_eq!(
        check(&Receipt {
            signature: Some(over_content),
            ..honest
        }),
        "signature"
    );
}

#[test]
fn the_chain_must_be_one_for_receipts() {
    let leaf = Certificate::leaf;
    let intermediate = Certificate::intermediate;
    for (why, receipt, expected) in [
        (
            "leaf unmarked",
            Receipt::with_leaf(Certificate {
                marker: None,
                ..leaf()
            }),
            "certificate_marker",
        ),
        (
            "leaf with the intermediate's marker",
            Receipt::with_leaf(Certificate {
                marker: Some(INTERMEDIATE_MARKER),
                ..leaf()
            }),
            "certificate_marker",
        ),
        (
            "intermediate unmarked",
            Receipt::with_intermediate(Certificate {
                marker: None,
                ..intermediate()
            }),
            "certificate_marker",
        ),
        (
            "intermediate with the leaf's marker",
            Receipt::with_intermediate(Certificate {
                marker: Some(LEAF_MARKER),
                ..intermediate()
            }),
            "certificate_marker",
        ),
        (
            "leaf may not sign",
            Receipt::with_leaf(Certificate {
                key_usage: 0x20,
                ..leaf()
            }),
            "certificate_key_usage",
        ),
        (
            "intermediate may not sign certificates",
            Receipt::with_intermediate(Certificate {
                key_usage: 0x80,
                ..intermediate()
            }),
            "certificate_key_usage",
        ),
        (
            "intermediate is no authority",
            Receipt::with_intermediate(Certificate {
                is_authority: false,
                ..intermediate()
            }),
            "certificate_path",
        ),
        (
            "leaf is an authority",
            Receipt::with_leaf(Certificate {
                is_authority: true,
                ..leaf()
            }),
            "certificate_path",
        ),
        (
            "leaf signed by another key",
            Receipt::with_leaf(Certificate {
                issuer_key: 3,
                ..leaf()
            }),
            "certificate_signature",
        ),
        (
            "intermediate signed by another root of the same name",
            Receipt::with_intermediate(Certificate {
                issuer_key: 3,
                ..intermediate()
            }),
            "certificate_signature",
        ),
        (
            "intermediate with another key",
            Receipt::with_intermediate(Certificate {
                key: 3,
                ..intermediate()
            }),
            "certificate_signature",
        ),
        (
            "unknown root",
            Receipt::with_intermediate(Certificate {
                issuer: "Evil Root",
                ..intermediate()
            }),
            "untrusted_root",
        ),
        (
            "leaf issued by the root itself",
            Receipt::with_leaf(Certificate {
                issuer: "Test Root CA",
                issuer_key: 0,
                ..leaf()
            }),
            "issuer_certificate",
        ),
        (
            "leaf issued by itself",
            Receipt::with_leaf(Certificate {
                subject: leaf().issuer,
                issuer_key: 2,
                ..leaf()
            }),
            "certificate_marker",
        ),
    ] {
        assert_eq!(check(&receipt), expected, "{why}");
    }
}

#[test]
fn the_content_is_not_read_before_the_signature_holds() {
    let forged = Receipt {
        key: &RSA_KEYS[3],
        ..Receipt::of(b"no attributes".to_vec())
    };
    assert_eq!(check(&forged), "signature");
    assert_eq!(check(&Receipt::of(b"no attributes".to_vec())), "structure");
}

/// An attribute with an element too many.
fn too_long_attribute() -> Vec<u8> {
    sequence(&[oid("1.2.840.113549.1.9.5"), set(&[integer(1)]), integer(1)])
}

/// An attribute that says nothing of interest.
fn type_like() -> Vec<u8> {
    sequence(&[oid("1.2.840.113549.1.9.5"), set(&[integer(1)])])
}
