//! Makes receipts as Apple does, and each part of them otherwise where a test wants it.

use std::sync::{Arc, LazyLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_core::{Environment, FixedClock, Timestamp};
use iap_testkit::SigningAuthority;

use super::{
    der::{
        NULL, UTC_TIME, algorithm, bits, element, explicit_0, ia5, integer, octets, oid, sequence,
        set, utf8,
    },
    key::{Hash, Key, RSA_KEYS},
};
use crate::{
    App, CertificateRole, ReceiptVerifier, ReceiptVerifierBuilder, TrustAnchor,
    crypto::{sha1, sha256},
    receipt::ber::{INTEGER, SEQUENCE},
};

pub(super) const BUNDLE_ID: &str = "com.example.app";
pub(super) const APP_APPLE_ID: u64 = 1_234_567_890;
pub(super) const NOW: &str = "2026-06-01T00:00:00Z";
pub(super) const CREATED: &str = "2026-05-01T10:20:30Z";

pub(super) const LEAF_MARKER: &str = "1.2.840.113635.100.6.11.1";
pub(super) const INTERMEDIATE_MARKER: &str = "1.2.840.113635.100.6.2.1";
pub(super) const RSA: &str = "1.2.840.113549.1.1.1";
pub(super) const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
pub(super) const DATA: &str = "1.2.840.113549.1.7.1";
const SHA1: &str = "1.3.14.3.2.26";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";

/// What a certificate holds.
#[derive(Clone)]
pub(super) struct Certificate {
    pub(super) subject: &'static str,
    pub(super) issuer: &'static str,
    pub(super) serial_number: i64,
    /// From and until, as `UTCTime`.
    pub(super) validity: [&'static str; 2],
    pub(super) marker: Option<&'static str>,
    pub(super) is_authority: bool,
    /// The bits of the key usage extension.
    pub(super) key_usage: u8,
    /// Of [`RSA_KEYS`].
    pub(super) key: usize,
    /// The key that signs it.
    pub(super) issuer_key: usize,
    pub(super) hash: Hash,
}

impl Certificate {
    pub(super) fn root() -> Self {
        Self {
            subject: "Test Root CA",
            issuer: "Test Root CA",
            serial_number: 2,
            validity: ["060425214036Z", "350209214036Z"],
            marker: None,
            is_authority: true,
            key_usage: 0x06,
            key: 0,
            issuer_key: 0,
            hash: Hash::Sha256,
        }
    }

    pub(super) fn intermediate() -> Self {
        Self {
            subject: "Test Worldwide Developer Relations",
            serial_number: 3,
            validity: ["201216193856Z", "301210000000Z"],
            marker: Some(INTERMEDIATE_MARKER),
            key: 1,
            ..Self::root()
        }
    }

    pub(super) fn leaf() -> Self {
        Self {
            subject: "Test Receipt Signing",
            issuer: "Test Worldwide Developer Relations",
            // Needs a leading zero byte in DER.
            serial_number: 0xFEDC_BA98,
            validity: ["260101000000Z", "270101000000Z"],
            marker: Some(LEAF_MARKER),
            is_authority: false,
            key_usage: 0x80,
            key: 2,
            issuer_key: 1,
            hash: Hash::Sha256,
        }
    }

    pub(super) fn der(&self) -> Vec<u8> {
        let extension = |id: &str, critical: bool, value: Vec<u8>| {
            let mut fields = vec![oid(id)];
            fields.extend(critical.then(|| vec![0x01, 0x01, 0xFF]));
            fields.push(octets(&value));
            sequence(&fields)
        };
        let authority = match self.is_authority {
            true => sequence(&[vec![0x01, 0x01, 0xFF]]),
            false => sequence(&[]),
        };
        let unused = u8::try_from(self.key_usage.trailing_zeros()).unwrap();
        let usage = element(super::der::BIT_STRING, &[unused, self.key_usage]);
        let mut extensions = vec![
            extension("2.5.29.19", true, authority),
            extension("2.5.29.15", true, usage),
        ];
        extensions.extend(self.marker.map(|id| extension(id, false, vec![0x05, 0x00])));
        let signer = &RSA_KEYS[self.issuer_key];
        let signature_algorithm = signer.signature_algorithm(self.hash);
        let to_be_signed = sequence(&[
            explicit_0(&integer(2)),
            integer(self.serial_number),
            signature_algorithm.clone(),
            name(self.issuer),
            sequence(&self.validity.map(|time| element(UTC_TIME, time.as_bytes()))),
            name(self.subject),
            RSA_KEYS[self.key].subject_public_key_info(),
            element(0xA3, &sequence(&extensions)),
        ]);
        let signature = signer.sign(self.hash, &to_be_signed);
        sequence(&[to_be_signed, signature_algorithm, bits(&signature)])
    }
}

pub(super) fn name(common_name: &str) -> Vec<u8> {
    let part = sequence(&[oid("2.5.4.3"), utf8(common_name)]);
    sequence(&[set(&[part])])
}

/// One attribute of a receipt.
pub(super) fn attribute(attribute_type: i64, value: &[u8]) -> Vec<u8> {
    sequence(&[integer(attribute_type), integer(1), octets(value)])
}

/// The attributes of an in-app purchase.
pub(super) fn purchase(id: &str, date: &str) -> Vec<Vec<u8>> {
    vec![
        attribute(1701, &integer(1)),
        attribute(1702, &utf8("pro.monthly")),
        attribute(1703, &utf8(id)),
        attribute(1704, &ia5(date)),
        attribute(1705, &utf8("1000")),
        attribute(1706, &ia5("2026-01-02T03:04:05Z")),
        attribute(1707, &integer(3)),
        attribute(1708, &ia5("2026-06-01T00:00:00Z")),
        attribute(1711, &integer(430_000_748_682_428)),
        attribute(1712, &ia5("")),
        attribute(1713, &integer(0)),
        attribute(1719, &integer(1)),
    ]
}

/// The attributes of a receipt of [`BUNDLE_ID`] in production, with two purchases.
pub(super) fn attributes() -> Vec<Vec<u8>> {
    vec![
        attribute(0, &utf8("Production")),
        attribute(1, &integer(i64::try_from(APP_APPLE_ID).unwrap())),
        attribute(2, &utf8(BUNDLE_ID)),
        attribute(3, &utf8("42")),
        attribute(4, &[7; 16]),
        attribute(5, &[9; 20]),
        attribute(6, b"not an element"),
        attribute(8, &ia5("")),
        attribute(12, &ia5(CREATED)),
        attribute(17, &set(&purchase("1000", "2026-01-02T03:04:05Z"))),
        attribute(17, &set(&purchase("2000", "2026-04-02T03:04:05Z"))),
        attribute(18, &ia5("2025-12-31T23:59:59Z")),
        attribute(19, &utf8("1.0")),
    ]
}

/// Removes the attribute of a type and adds another in its place, if one is given.
pub(super) fn with(attribute_type: i64, replacement: Option<Vec<u8>>) -> Vec<u8> {
    let start = integer(attribute_type);
    let mut attributes = attributes();
    attributes.retain(|it| !it[2..].starts_with(&start) && !it[4..].starts_with(&start));
    attributes.extend(replacement);
    set(&attributes)
}

/// Whether there are signed attributes, and what they say.
#[derive(Clone)]
pub(super) enum SignedAttributes {
    None,
    /// As they should be.
    Honest,
    /// These, whatever they say.
    These(Vec<Vec<u8>>),
}

/// A receipt that is about to be written.
#[derive(Clone)]
pub(super) struct Receipt {
    pub(super) content: Vec<u8>,
    /// The encoding of the content as an `OCTET STRING`, if it is not DER.
    pub(super) wrapped_content: Option<Vec<u8>>,
    pub(super) message_type: &'static str,
    pub(super) content_type: &'static str,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) issuer: Vec<u8>,
    /// The encoding of the serial number.
    pub(super) serial_number: Vec<u8>,
    pub(super) key: &'static Key,
    pub(super) hash: Hash,
    pub(super) signature_algorithm: Vec<u8>,
    pub(super) signed_attributes: SignedAttributes,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) signers: usize,
    /// The part that ends with an element too many.
    pub(super) surplus_in: Option<&'static str>,
    /// Writes an element that holds others: [`element`], or `indefinite`.
    pub(super) write: fn(u8, &[u8]) -> Vec<u8>,
}

static RSA_CHAIN: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| vec![Certificate::leaf().der(), Certificate::intermediate().der()]);
pub(super) static RSA_ROOT: LazyLock<Vec<u8>> = LazyLock::new(|| Certificate::root().der());
static SHA1_CHAIN: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    [Certificate::leaf(), Certificate::intermediate()]
        .map(|it| {
            Certificate {
                hash: Hash::Sha1,
                ..it
            }
            .der()
        })
        .to_vec()
});
pub(super) static EC_AUTHORITY: LazyLock<SigningAuthority> = LazyLock::new(|| {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    SigningAuthority::builder()
        .root_validity(at("2014-01-01T00:00:00Z"), at("2039-01-01T00:00:00Z"))
        .intermediate_validity(at("2021-01-01T00:00:00Z"), at("2036-01-01T00:00:00Z"))
        .leaf_validity(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"))
        .build()
});
static EC_KEY: LazyLock<Key> =
    LazyLock::new(|| Key::from_p256_pkcs8(EC_AUTHORITY.leaf_key_pkcs8_der()));

impl Receipt {
    /// RSA and SHA-256, as Apple signs today.
    pub(super) fn rsa() -> Self {
        Self {
            content: set(&attributes()),
            wrapped_content: None,
            message_type: SIGNED_DATA,
            content_type: DATA,
            certificates: RSA_CHAIN.clone(),
            issuer: name(Certificate::leaf().issuer),
            serial_number: integer(Certificate::leaf().serial_number),
            key: &RSA_KEYS[2],
            hash: Hash::Sha256,
            signature_algorithm: algorithm(RSA),
            signed_attributes: SignedAttributes::None,
            signature: None,
            signers: 1,
            surplus_in: None,
            write: element,
        }
    }

    /// RSA and SHA-1 throughout, as Apple signed before 2023.
    pub(super) fn sha1() -> Self {
        Self {
            certificates: SHA1_CHAIN.clone(),
            hash: Hash::Sha1,
            ..Self::rsa()
        }
    }

    /// ECDSA, with a chain like that of the App Store's JWS.
    pub(super) fn ec() -> Self {
        let leaf = EC_AUTHORITY.leaf_der();
        let leaf = crate::jws::Certificate::parse(CertificateRole::Leaf, leaf).unwrap();
        Self {
            certificates: vec![
                EC_AUTHORITY.leaf_der().to_vec(),
                EC_AUTHORITY.intermediate_der().to_vec(),
            ],
            issuer: element(SEQUENCE, leaf.issuer()),
            serial_number: element(INTEGER, leaf.serial_number().as_bytes()),
            key: &EC_KEY,
            signature_algorithm: EC_KEY.signature_algorithm(Hash::Sha256),
            ..Self::rsa()
        }
    }

    /// With another leaf certificate, signed by its key.
    pub(super) fn with_leaf(leaf: Certificate) -> Self {
        Self {
            certificates: vec![leaf.der(), RSA_CHAIN[1].clone()],
            issuer: name(leaf.issuer),
            serial_number: integer(leaf.serial_number),
            key: &RSA_KEYS[leaf.key],
            ..Self::rsa()
        }
    }

    /// With another intermediate certificate.
    pub(super) fn with_intermediate(intermediate: Certificate) -> Self {
        Self {
            certificates: vec![RSA_CHAIN[0].clone(), intermediate.der()],
            ..Self::rsa()
        }
    }

    /// With another content, signed.
    pub(super) fn of(content: Vec<u8>) -> Self {
        Self {
            content,
            ..Self::rsa()
        }
    }

    pub(super) fn digest(&self) -> Vec<u8> {
        match self.hash {
            Hash::Sha1 => sha1(&self.content).as_ref().to_vec(),
            Hash::Sha256 => sha256(&self.content).as_ref().to_vec(),
        }
    }

    pub(super) fn der(&self) -> Vec<u8> {
        let write = |tag: u8, values: &[Vec<u8>]| (self.write)(tag, &values.concat());
        let surplus = |part: &str| match self.surplus_in {
            Some(place) if place == part => NULL.to_vec(),
            _ => vec![],
        };
        let digest_algorithm = algorithm(match self.hash {
            Hash::Sha1 => SHA1,
            Hash::Sha256 => SHA256,
        });
        let signed_attributes = match &self.signed_attributes {
            SignedAttributes::None => None,
            SignedAttributes::Honest => {
                Some(vec![type_attribute(DATA), digest_attribute(&self.digest())])
            }
            SignedAttributes::These(attributes) => Some(attributes.clone()),
        };
        let message = match &signed_attributes {
            None => self.content.clone(),
            Some(attributes) => set(attributes),
        };
        let signature = self.signature.clone();
        let signature = signature.unwrap_or_else(|| self.key.sign(self.hash, &message));
        let sid = [
            self.issuer.clone(),
            self.serial_number.clone(),
            surplus("sid"),
        ];
        let mut signer = vec![integer(1), write(0x30, &sid), digest_algorithm.clone()];
        // Must be DER even where nothing else is.
        signer.extend(signed_attributes.map(|it| explicit_0(&it.concat())));
        signer.extend([
            self.signature_algorithm.clone(),
            octets(&signature),
            surplus("signerInfo"),
        ]);
        let signer = write(0x30, &signer);
        let content = self.wrapped_content.clone();
        let content = content.unwrap_or_else(|| octets(&self.content));
        let content = [
            oid(self.content_type),
            write(0xA0, &[content, surplus("eContent")]),
            surplus("encapContentInfo"),
        ];
        let signed_data = [
            integer(1),
            set(&[digest_algorithm]),
            write(0x30, &content),
            write(0xA0, &self.certificates),
            write(0x31, &vec![signer; self.signers]),
            surplus("signedData"),
        ];
        let signed_data = [write(0x30, &signed_data), surplus("content")];
        let info = [
            oid(self.message_type),
            write(0xA0, &signed_data),
            surplus("contentInfo"),
        ];
        write(0x30, &info)
    }

    pub(super) fn base64(&self) -> String {
        STANDARD.encode(self.der())
    }
}

/// The `contentType` attribute.
pub(super) fn type_attribute(content_type: &str) -> Vec<u8> {
    sequence(&[oid("1.2.840.113549.1.9.3"), set(&[oid(content_type)])])
}

/// The `messageDigest` attribute.
pub(super) fn digest_attribute(digest: &[u8]) -> Vec<u8> {
    sequence(&[oid("1.2.840.113549.1.9.4"), set(&[octets(digest)])])
}

/// Accepts [`BUNDLE_ID`] in production, at [`NOW`], under the test roots.
pub(super) fn builder() -> ReceiptVerifierBuilder {
    let anchor = |der: &[u8]| TrustAnchor::from_certificate(der).unwrap();
    ReceiptVerifier::builder()
        .app(App::new(BUNDLE_ID, APP_APPLE_ID))
        .environment(Environment::Production)
        .trust_anchors([anchor(&RSA_ROOT), anchor(EC_AUTHORITY.root_der())])
        .clock(Arc::new(FixedClock::new(NOW.parse().unwrap())))
}

pub(super) static VERIFIER: LazyLock<ReceiptVerifier> =
    LazyLock::new(|| builder().build().unwrap());

/// The check that a receipt fails.
pub(super) fn check(receipt: &Receipt) -> &'static str {
    VERIFIER
        .verify(&receipt.base64())
        .map_or_else(|error| error.check(), |_| "none")
}
