//! How a receipt is signed: a PKCS #7 message with one signer (RFC 5652).

use crate::{
    SigningAuthority,
    der::{NULL, integer, object_identifier, octet_string, sequence, set, tagged_0, values_in},
};

/// What a receipt says that it is signed with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Digest {
    Sha256,
    /// Said only; the signature is over a SHA-256 digest.
    NamedSha1,
}

/// `content`, signed with the key of the authority's leaf; its certificates come with it.
pub(super) fn signed_data(authority: &SigningAuthority, content: &[u8], digest: Digest) -> Vec<u8> {
    let digest_algorithm = sequence(&[
        object_identifier(match digest {
            Digest::Sha256 => &SHA256,
            Digest::NamedSha1 => &SHA1,
        }),
        NULL.to_vec(),
    ]);
    let signer_info = sequence(&[
        integer(1),
        issuer_and_serial_number(authority.leaf_der()),
        digest_algorithm.clone(),
        sequence(&[object_identifier(&ECDSA_WITH_SHA256)]),
        octet_string(&authority.leaf.key.sign_asn1(content)),
    ]);
    let certificates = [
        authority.leaf_der().to_vec(),
        authority.intermediate_der().to_vec(),
        authority.root_der().to_vec(),
    ];
    let signed_data = sequence(&[
        integer(1),
        set(&[digest_algorithm]),
        sequence(&[object_identifier(&DATA), tagged_0(&[octet_string(content)])]),
        tagged_0(&certificates),
        set(&[signer_info]),
    ]);
    sequence(&[object_identifier(&SIGNED_DATA), tagged_0(&[signed_data])])
}

/// By what a signer names its certificate.
fn issuer_and_serial_number(certificate: &[u8]) -> Vec<u8> {
    let to_be_signed = values_in(certificate)[0];
    let fields = values_in(to_be_signed);
    let [_version, serial_number, _algorithm, issuer, ..] = fields[..] else {
        panic!("a certificate of version 3 begins with these");
    };
    sequence(&[issuer.to_vec(), serial_number.to_vec()])
}

const DATA: [u64; 7] = [1, 2, 840, 113_549, 1, 7, 1];
const SIGNED_DATA: [u64; 7] = [1, 2, 840, 113_549, 1, 7, 2];
const SHA1: [u64; 6] = [1, 3, 14, 3, 2, 26];
const SHA256: [u64; 9] = [2, 16, 840, 1, 101, 3, 4, 2, 1];
const ECDSA_WITH_SHA256: [u64; 7] = [1, 2, 840, 10_045, 4, 3, 2];
