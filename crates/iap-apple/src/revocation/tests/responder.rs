//! A responder: keys, certificates and answers, written in DER by hand.

use aws_lc_rs::{
    digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use der::{Decode as _, Encode as _};
use iap_core::Timestamp;
use iap_testkit::SigningAuthority;
use x509_cert::Certificate;

use super::{at, minutes, now};

pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    match length {
        0..0x80 => der.push(u8::try_from(length).unwrap()),
        0x80..0x100 => der.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            der.push(0x82);
            der.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    der.extend_from_slice(content);
    der
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// `20260601120000Z`.
pub(super) fn generalized_time(time: Timestamp) -> Vec<u8> {
    let text = time.to_string();
    let (seconds, _) = text.split_once('.').unwrap();
    let mut digits: String = seconds.chars().filter(char::is_ascii_digit).collect();
    digits.push('Z');
    tlv(0x18, digits.as_bytes())
}

fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes].concat())
}

pub(super) fn extension(oid: &[u8], critical: Critical, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = match critical {
        Critical::Yes => &[0x01, 0x01, 0xFF],
        Critical::No => &[],
    };
    sequence(&[&tlv(0x06, oid), critical, &tlv(0x04, value)])
}

#[derive(Clone, Copy)]
pub(super) enum Critical {
    Yes,
    No,
}

/// A private key, and the algorithm it signs with.
pub(super) enum Key {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    pub(super) fn p256() -> Self {
        Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    pub(super) fn p384() -> Self {
        Self::P384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap())
    }

    pub(super) fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn p256_of(pkcs8: &[u8]) -> Self {
        Self::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8).unwrap())
    }

    fn p384_of(pkcs8: &[u8]) -> Self {
        Self::P384(EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, pkcs8).unwrap())
    }

    pub(super) fn algorithm(&self) -> Vec<u8> {
        match self {
            Self::P256(_) => sequence(&[&tlv(0x06, ECDSA_WITH_SHA256)]),
            Self::P384(_) => sequence(&[&tlv(0x06, ECDSA_WITH_SHA384)]),
            Self::Rsa(_) => sequence(&[&tlv(0x06, SHA256_WITH_RSA), NULL]),
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::P256(key) | Self::P384(key) => {
                key.sign(&random, message).unwrap().as_ref().into()
            }
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }

    fn public_bits(&self) -> Vec<u8> {
        match self {
            Self::P256(key) | Self::P384(key) => key.public_key().as_ref().into(),
            Self::Rsa(key) => key.public_key().as_ref().into(),
        }
    }

    fn public_key_info(&self) -> Vec<u8> {
        let algorithm = match self {
            Self::P256(_) => sequence(&[&tlv(0x06, EC_PUBLIC_KEY), &tlv(0x06, SECP256R1)]),
            Self::P384(_) => sequence(&[&tlv(0x06, EC_PUBLIC_KEY), &tlv(0x06, SECP384R1)]),
            Self::Rsa(_) => sequence(&[&tlv(0x06, RSA_ENCRYPTION), NULL]),
        };
        sequence(&[&algorithm, &bit_string(&self.public_bits())])
    }
}

/// Somebody with a name and a key: an authority, or a responder.
pub(super) struct Party {
    /// DER.
    pub(super) name: Vec<u8>,
    pub(super) key: Key,
}

impl Party {
    pub(super) fn root(authority: &SigningAuthority) -> Self {
        Self {
            name: subject(authority.root_der()),
            key: Key::p384_of(authority.root_key_pkcs8_der()),
        }
    }

    pub(super) fn intermediate(authority: &SigningAuthority) -> Self {
        Self {
            name: subject(authority.intermediate_der()),
            key: Key::p384_of(authority.intermediate_key_pkcs8_der()),
        }
    }

    pub(super) fn leaf(authority: &SigningAuthority) -> Self {
        Self {
            name: subject(authority.leaf_der()),
            key: Key::p256_of(authority.leaf_key_pkcs8_der()),
        }
    }

    pub(super) fn responder(key: Key) -> Self {
        let common_name = sequence(&[&tlv(0x06, COMMON_NAME), &tlv(0x0C, b"Test OCSP Responder")]);
        Self {
            name: sequence(&[&tlv(0x31, &common_name)]),
            key,
        }
    }

    fn key_hash(&self) -> Vec<u8> {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.key.public_bits())
            .as_ref()
            .into()
    }
}

fn subject(der: &[u8]) -> Vec<u8> {
    let certificate = Certificate::from_der(der).unwrap();
    certificate.tbs_certificate().subject().to_der().unwrap()
}

/// The serial number of a certificate, as the INTEGER in its DER.
pub(super) fn serial_number(der: &[u8]) -> Vec<u8> {
    let certificate = Certificate::from_der(der).unwrap();
    certificate
        .tbs_certificate()
        .serial_number()
        .to_der()
        .unwrap()
}

/// What a certificate of a responder says.
pub(super) struct Delegate {
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) extensions: Vec<Vec<u8>>,
}

impl Default for Delegate {
    fn default() -> Self {
        Self {
            not_before: at("2026-05-01T00:00:00Z"),
            not_after: at("2026-07-01T00:00:00Z"),
            extensions: vec![ocsp_signing(), ocsp_no_check()],
        }
    }
}

impl Delegate {
    /// The certificate of `subject`, issued by `issuer`.
    pub(super) fn issue(&self, subject: &Party, issuer: &Party) -> Vec<u8> {
        let algorithm = issuer.key.algorithm();
        let to_be_signed = sequence(&[
            &tlv(0xA0, &[0x02, 0x01, 0x02]),
            &[0x02, 0x01, 0x2A],
            &algorithm,
            &issuer.name,
            &sequence(&[
                &generalized_time(self.not_before),
                &generalized_time(self.not_after),
            ]),
            &subject.name,
            &subject.key.public_key_info(),
            &tlv(0xA3, &tlv(0x30, &self.extensions.concat())),
        ]);
        let signature = bit_string(&issuer.key.sign(&to_be_signed));
        sequence(&[&to_be_signed, &algorithm, &signature])
    }
}

/// Extended key usage: `id-kp-OCSPSigning`.
pub(super) fn ocsp_signing() -> Vec<u8> {
    let usage = sequence(&[&tlv(0x06, ID_KP_OCSP_SIGNING)]);
    extension(EXTENDED_KEY_USAGE, Critical::No, &usage)
}

fn ocsp_no_check() -> Vec<u8> {
    extension(OCSP_NO_CHECK, Critical::No, NULL)
}

#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha1,
    Sha256,
}

/// One statement of an answer.
#[derive(Clone)]
pub(super) struct Statement {
    /// DER of the `CertID`.
    pub(super) certificate: Vec<u8>,
    /// DER of the `CertStatus`.
    pub(super) status: Vec<u8>,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
    pub(super) extensions: Vec<Vec<u8>>,
}

impl Statement {
    /// "Good" about a certificate of `issuer`, from half an hour ago to half an hour ahead.
    pub(super) fn good(issuer: &Party, certificate: &[u8]) -> Self {
        Self::with_hash(Hash::Sha1, issuer, certificate)
    }

    pub(super) fn with_hash(hash: Hash, issuer: &Party, certificate: &[u8]) -> Self {
        let (algorithm, oid) = match hash {
            Hash::Sha1 => (&SHA1_FOR_LEGACY_USE_ONLY, SHA1_OID),
            Hash::Sha256 => (&SHA256, SHA256_OID),
        };
        let hash = |bytes: &[u8]| tlv(0x04, digest(algorithm, bytes).as_ref());
        Self {
            certificate: sequence(&[
                &sequence(&[&tlv(0x06, oid), NULL]),
                &hash(&issuer.name),
                &hash(&issuer.key.public_bits()),
                &serial_number(certificate),
            ]),
            status: GOOD.to_vec(),
            this_update: minutes(-30),
            next_update: Some(minutes(30)),
            extensions: Vec::new(),
        }
    }

    pub(super) fn revoked(self, at: Timestamp, reason: Option<u8>) -> Self {
        let reason = reason.map_or_else(Vec::new, |code| tlv(0xA0, &[0x0A, 0x01, code]));
        Self {
            status: tlv(0xA1, &[generalized_time(at), reason].concat()),
            ..self
        }
    }

    pub(super) fn unknown(self) -> Self {
        Self {
            status: vec![0x82, 0x00],
            ..self
        }
    }

    pub(super) fn dated(self, this_update: Timestamp, next_update: Option<Timestamp>) -> Self {
        Self {
            this_update,
            next_update,
            ..self
        }
    }

    fn der(&self) -> Vec<u8> {
        let next_update = self
            .next_update
            .map_or_else(Vec::new, |time| tlv(0xA0, &generalized_time(time)));
        sequence(&[
            &self.certificate,
            &self.status,
            &generalized_time(self.this_update),
            &next_update,
            &extensions(&self.extensions),
        ])
    }
}

/// `[1]` of a list of extensions, if there are any.
fn extensions(extensions: &[Vec<u8>]) -> Vec<u8> {
    if extensions.is_empty() {
        return Vec::new();
    }
    tlv(0xA1, &tlv(0x30, &extensions.concat()))
}

#[derive(Clone, Copy)]
pub(super) enum NamedBy {
    Name,
    Key,
}

/// An answer that is still to be signed.
pub(super) struct Response {
    pub(super) version: Vec<u8>,
    pub(super) named_by: NamedBy,
    pub(super) produced_at: Timestamp,
    pub(super) statements: Vec<Statement>,
    pub(super) extensions: Vec<Vec<u8>>,
    pub(super) certificates: Vec<Vec<u8>>,
}

impl Response {
    pub(super) fn of(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self {
            version: Vec::new(),
            named_by: NamedBy::Name,
            produced_at: now(),
            statements: statements.into_iter().collect(),
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// The whole answer, signed and named after `signer`.
    pub(super) fn sign(&self, signer: &Party) -> Vec<u8> {
        self.sign_as(signer, &signer.key)
    }

    /// The whole answer, named after `responder` and signed by any `key`.
    pub(super) fn sign_as(&self, responder: &Party, key: &Key) -> Vec<u8> {
        let responder = match self.named_by {
            NamedBy::Name => tlv(0xA1, &responder.name),
            NamedBy::Key => tlv(0xA2, &tlv(0x04, &responder.key_hash())),
        };
        let statements: Vec<u8> = self.statements.iter().flat_map(Statement::der).collect();
        let data = sequence(&[
            &self.version,
            &responder,
            &generalized_time(self.produced_at),
            &tlv(0x30, &statements),
            &extensions(&self.extensions),
        ]);
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            tlv(0xA0, &tlv(0x30, &self.certificates.concat()))
        };
        let basic = sequence(&[
            &data,
            &key.algorithm(),
            &bit_string(&key.sign(&data)),
            &certificates,
        ]);
        successful(BASIC_RESPONSE, &basic)
    }
}

/// An answer of any type.
pub(super) fn successful(response_type: &[u8], response: &[u8]) -> Vec<u8> {
    let bytes = sequence(&[&tlv(0x06, response_type), &tlv(0x04, response)]);
    sequence(&[&[0x0A, 0x01, 0x00], &tlv(0xA0, &bytes)])
}

/// An answer that says no more than its status.
pub(super) fn refusal(status: u8) -> Vec<u8> {
    sequence(&[&[0x0A, 0x01, status]])
}

pub(super) const GOOD: &[u8] = &[0x80, 0x00];
pub(super) const NULL: &[u8] = &[0x05, 0x00];
pub(super) const BASIC_RESPONSE: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1];
pub(super) const OCSP_NO_CHECK: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 0x30, 1, 5];
pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];
const ID_KP_OCSP_SIGNING: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 9];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
const SECP256R1: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
const SECP384R1: &[u8] = &[0x2B, 0x81, 0x04, 0x00, 0x22];
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const ECDSA_WITH_SHA384: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];
const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
const SHA1_OID: &[u8] = &[0x2B, 0x0E, 0x03, 0x02, 0x1A];
const SHA256_OID: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
