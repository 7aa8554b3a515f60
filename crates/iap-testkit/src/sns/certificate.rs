//! What the certificates behind SNS hold: the structure of those that Amazon's CA issues.

use iap_core::Timestamp;
use rcgen::{
    CustomExtension, DistinguishedName, DnType, DnValue, PKCS_RSA_SHA256, PublicKeyData,
    SignatureAlgorithm,
};

use crate::{
    certificate::{
        self, ACCESS_CA_ISSUERS, ACCESS_OCSP, AUTHORITY_INFORMATION_ACCESS, CERTIFICATE_POLICIES,
        CRL_SIGN, Certified, DIGITAL_SIGNATURE, KEY_CERT_SIGN, authority_key_identifier,
        crl_distribution_point, extension, is_ca, is_ca_of_path_length_0, is_not_ca, key_usage,
        subject_key_identifier,
    },
    der,
    key::{KeyKind, KeyPair},
    system,
};

/// Who issues certificates for SNS: a root and an intermediate, as `Amazon Root CA 1` and
/// `Amazon RSA 2048 M01` are. Their keys are on P-256, which are faster to make.
pub(super) struct Issuers {
    pub(super) root: Certified,
    pub(super) intermediate: Certified,
}

impl Issuers {
    pub(super) fn new(validity: (Timestamp, Timestamp)) -> Self {
        let key = KeyPair::generate(KeyKind::P256WithSha256);
        let extensions = vec![
            is_ca(),
            key_usage(KEY_CERT_SIGN | CRL_SIGN),
            subject_key_identifier(&key),
        ];
        let params =
            certificate::params::<19>(name("Test Root CA 1", "Test Inc."), validity, extensions);
        let root = Certified::self_signed(params, key);

        let key = KeyPair::generate(KeyKind::P256WithSha256);
        let extensions = vec![
            is_ca_of_path_length_0(),
            key_usage(KEY_CERT_SIGN | CRL_SIGN),
            extended_key_usage(),
            subject_key_identifier(&key),
            authority_key_identifier(&root.key),
        ];
        let params =
            certificate::params::<19>(name("Test RSA 2048 M01", "Test Inc."), validity, extensions);
        let intermediate = Certified::issued_by(&root, params, key);
        Self { root, intermediate }
    }

    /// The certificate of `key`, in DER.
    pub(super) fn issue(&self, leaf: &Leaf, key: &impl PublicKeyData) -> Vec<u8> {
        let mut extensions = vec![
            authority_key_identifier(&self.intermediate.key),
            subject_key_identifier(key),
        ];
        if !leaf.names.is_empty() {
            let names: Vec<_> = leaf.names.iter().map(|name| der::dns_name(name)).collect();
            extensions.push(extension(SUBJECT_ALT_NAME, der::sequence(&names)));
        }
        extensions.extend([
            key_usage(leaf.key_usage),
            extended_key_usage(),
            crl_distribution_point("http://crl.example.com/m01.crl"),
            extension(
                CERTIFICATE_POLICIES,
                der::sequence(&[der::sequence(&[der::object_identifier(DOMAIN_VALIDATED)])]),
            ),
            extension(
                AUTHORITY_INFORMATION_ACCESS,
                der::sequence(&[
                    certificate::access(ACCESS_OCSP, "http://ocsp.example.com"),
                    certificate::access(ACCESS_CA_ISSUERS, "http://crt.example.com/m01.cer"),
                ]),
            ),
            is_not_ca(),
        ]);
        let mut subject = DistinguishedName::new();
        subject.push(DnType::CommonName, SNS_NAME);
        let params = certificate::params::<16>(subject, leaf.validity, extensions);
        certificate::issue(
            &params,
            key,
            &self.intermediate.params,
            &self.intermediate.key,
        )
    }
}

/// How a certificate of SNS may differ from the honest one.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) names: Vec<&'static str>,
    pub(super) key_usage: u8,
    pub(super) validity: (Timestamp, Timestamp),
}

impl Leaf {
    pub(super) fn honest(validity: (Timestamp, Timestamp)) -> Self {
        Self {
            names: vec![SNS_NAME],
            key_usage: DIGITAL_SIGNATURE | KEY_ENCIPHERMENT,
            validity,
        }
    }
}

/// The public half of an RSA key of 1024 bits that nobody has: the system makes no such keys any
/// more, and a verifier must stop before it tries one.
pub(super) struct WeakKey(Vec<u8>);

impl WeakKey {
    pub(super) fn new() -> Self {
        let mut modulus = system::bytes::<128>();
        modulus[0] |= 0x80;
        modulus[127] |= 1;
        let modulus = [&[0][..], &modulus].concat();
        let exponent = [1, 0, 1];
        Self(der::sequence(&[
            der::value(0x02, &modulus),
            der::value(0x02, &exponent),
        ]))
    }
}

impl PublicKeyData for WeakKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

fn name(common_name: &str, organization: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    let country = "US".try_into().expect("two printable letters");
    name.push(DnType::CountryName, DnValue::PrintableString(country));
    name.push(DnType::OrganizationName, organization);
    name.push(DnType::CommonName, common_name);
    name
}

/// For servers and clients of TLS, as certificates of Amazon's CA are.
fn extended_key_usage() -> CustomExtension {
    let purposes = [SERVER_AUTH, CLIENT_AUTH].map(der::object_identifier);
    extension(EXTENDED_KEY_USAGE, der::sequence(&purposes))
}

/// The name that every certificate of SNS carries, whatever its region.
pub(super) const SNS_NAME: &str = "sns.amazonaws.com";

pub(super) const KEY_ENCIPHERMENT: u8 = 0b0010_0000;

const SUBJECT_ALT_NAME: &[u64] = &[2, 5, 29, 17];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
const SERVER_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];
const DOMAIN_VALIDATED: &[u64] = &[2, 23, 140, 1, 2, 1];
