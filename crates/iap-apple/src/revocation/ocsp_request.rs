//! Which responder is asked about a certificate, how, and how does an answer name the certificate?
//!
//! RFC 6960 §4.1.

use const_oid::{AssociatedOid as _, ObjectIdentifier};
use der::{
    Decode as _, Encode as _, Sequence, Tag,
    asn1::{AnyRef, IntRef, OctetStringRef},
};
use http::Uri;
use rustls_pki_types::TrustAnchor;
use x509_cert::{
    ext::pkix::{AuthorityInfoAccessSyntax, name::GeneralName},
    spki::SubjectPublicKeyInfoRef,
};

use super::status::OcspFailure;
use crate::{
    crypto::{sha1, sha256},
    jws::Certificate,
};

/// A certificate as its issuer knows it: by issuer and serial number.
pub(crate) struct CertificateId<'a> {
    pub(crate) issuer: &'a Authority<'a>,
    pub(crate) serial_number: IntRef<'a>,
}

/// An authority by its name and key.
pub(crate) struct Authority<'a> {
    /// The same, in the form that path building takes.
    pub(crate) anchor: &'a TrustAnchor<'static>,
    pub(crate) name: AnyRef<'a>,
    pub(crate) key: SubjectPublicKeyInfoRef<'a>,
}

/// RFC 6960 §4.1.1.
#[derive(Sequence)]
pub(crate) struct CertId<'a> {
    hash_algorithm: HashAlgorithm<'a>,
    issuer_name_hash: &'a OctetStringRef,
    issuer_key_hash: &'a OctetStringRef,
    serial_number: IntRef<'a>,
}

#[derive(Sequence)]
struct HashAlgorithm<'a> {
    id: ObjectIdentifier,
    /// NULL or nothing: both are in use.
    parameters: Option<AnyRef<'a>>,
}

/// A request for one certificate. No version (the default, 1), requestor name, nonce or signature:
/// Apple's responder answers with what it signed in advance.
#[derive(Sequence)]
struct OcspRequest<'a> {
    tbs_request: TbsRequest<'a>,
}

#[derive(Sequence)]
struct TbsRequest<'a> {
    request_list: Vec<Request<'a>>,
}

#[derive(Sequence)]
struct Request<'a> {
    cert_id: CertId<'a>,
}

impl<'a> CertificateId<'a> {
    /// The request in DER. Names the issuer by SHA-1, the one hash that every responder knows
    /// (RFC 5019 §2.1.1); nothing rests on it, since the answer is signed.
    pub(crate) fn request(&self) -> der::Result<Vec<u8>> {
        let name_hash = sha1(&self.issuer.name.to_der()?);
        let key_hash = sha1(self.issuer.key.subject_public_key.raw_bytes());
        let request = OcspRequest {
            tbs_request: TbsRequest {
                request_list: vec![Request {
                    cert_id: CertId {
                        hash_algorithm: HashAlgorithm {
                            id: SHA_1,
                            parameters: Some(AnyRef::NULL),
                        },
                        issuer_name_hash: OctetStringRef::new(name_hash.as_ref())?,
                        issuer_key_hash: OctetStringRef::new(key_hash.as_ref())?,
                        serial_number: self.serial_number,
                    },
                }],
            },
        };
        request.to_der()
    }

    /// Whether an answer is about this certificate, by whichever hash it names the issuer.
    pub(crate) fn is_named_by(&self, id: &CertId<'_>) -> der::Result<bool> {
        if id.serial_number != self.serial_number {
            return Ok(false);
        }
        let name = self.issuer.name.to_der()?;
        let key = self.issuer.key.subject_public_key.raw_bytes();
        Ok(match id.hash_algorithm.id {
            SHA_1 => id.has_hashes(sha1(&name).as_ref(), sha1(key).as_ref()),
            SHA_256 => id.has_hashes(sha256(&name).as_ref(), sha256(key).as_ref()),
            _ => false,
        })
    }
}

impl CertId<'_> {
    fn has_hashes(&self, name: &[u8], key: &[u8]) -> bool {
        self.issuer_name_hash.as_bytes() == name && self.issuer_key_hash.as_bytes() == key
    }
}

impl<'a> Authority<'a> {
    pub(crate) fn of(anchor: &'a TrustAnchor<'static>) -> der::Result<Self> {
        let key = AnyRef::new(Tag::Sequence, &anchor.subject_public_key_info)?;
        Ok(Self {
            anchor,
            name: AnyRef::new(Tag::Sequence, &anchor.subject)?,
            key: key.decode_as()?,
        })
    }
}

/// The first address of an OCSP responder that a certificate names.
pub(crate) fn responder(certificate: &Certificate<'_>) -> Result<Uri, OcspFailure> {
    let access = certificate
        .extension(AuthorityInfoAccessSyntax::OID)
        .ok_or_else(|| {
            OcspFailure::nobody("the certificate has no authority information access")
        })?;
    let access = AuthorityInfoAccessSyntax::from_der(access).map_err(OcspFailure::nobody)?;
    let mut responders = access.0.iter().filter(|it| it.access_method == OCSP);
    responders
        .find_map(|it| match &it.access_location {
            GeneralName::UniformResourceIdentifier(uri) => address(uri.as_str()),
            _ => None,
        })
        .ok_or_else(|| {
            OcspFailure::nobody("the certificate names no http address of an OCSP responder")
        })
}

fn address(text: &str) -> Option<Uri> {
    if text.len() > MAX_ADDRESS_LENGTH {
        return None;
    }
    let uri: Uri = text.parse().ok()?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    let names_host_only = !uri.authority()?.as_str().contains('@');
    (is_http && names_host_only && uri.host().is_some_and(|host| !host.is_empty())).then_some(uri)
}

const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// `id-ad-ocsp`.
const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");

/// Apple's have about 40 characters.
const MAX_ADDRESS_LENGTH: usize = 512;
