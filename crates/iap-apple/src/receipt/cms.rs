//! Which content, certificates and signer does the PKCS #7 message hold that a receipt is?
//!
//! RFC 5652 (Cryptographic Message Syntax) §3, §5; receipts are of its first version, PKCS #7 1.5
//! (RFC 2315), which has the same encoding.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

use super::{
    ber::{
        CONTEXT_0, CONTEXT_1, Element, Elements, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING,
        SEQUENCE, SET,
    },
    error::{At, ReceiptError, StructureProblem},
};

/// A signed message, split; nothing is verified.
pub(crate) struct SignedData<'a> {
    /// What is signed, joined where it came in parts.
    pub(crate) content: Cow<'a, [u8]>,
    content_type: &'a [u8],
    /// The elements after the content.
    rest: Elements<'a>,
}

/// Who signed, and how.
pub(crate) struct Signer<'a> {
    /// The content of the issuer's name in the signer's certificate.
    pub(crate) issuer: &'a [u8],
    /// The serial number of the signer's certificate: the content of the integer.
    pub(crate) serial_number: &'a [u8],
    /// The object identifier of the digest algorithm.
    pub(crate) digest_algorithm: &'a [u8],
    /// The content of the signed attributes, where there are any.
    pub(crate) signed_attributes: Option<&'a [u8]>,
    /// The object identifier of the signature algorithm.
    pub(crate) signature_algorithm: &'a [u8],
    pub(crate) signature: Cow<'a, [u8]>,
}

impl<'a> SignedData<'a> {
    /// Splits a message that is all of `message`.
    pub(crate) fn parse(message: &'a [u8]) -> Result<Self, ReceiptError> {
        let mut info = Element::only(message, SEQUENCE)
            .at("contentInfo")?
            .elements();
        let content_type = info
            .expect(OBJECT_IDENTIFIER)
            .at("contentInfo.contentType")?;
        check_type("contentInfo", SIGNED_DATA, content_type.content)?;
        let content = info.expect(CONTEXT_0).at("contentInfo.content")?;
        info.finish().at("contentInfo")?;
        let signed_data = Element::only(content.content, SEQUENCE).at("signedData")?;

        let mut rest = signed_data.elements();
        rest.expect(INTEGER).at("signedData.version")?;
        rest.expect(SET).at("signedData.digestAlgorithms")?;
        let place = "signedData.encapContentInfo";
        let mut info = rest.expect(SEQUENCE).at(place)?.elements();
        let content_type = info.expect(OBJECT_IDENTIFIER).at(place)?.content;
        let mut wrapped = info.expect(CONTEXT_0).at(place)?.elements();
        info.finish().at(place)?;
        let content = wrapped.octet_string().at(place)?;
        wrapped.finish().at(place)?;
        Ok(Self {
            content,
            content_type,
            rest,
        })
    }

    /// The certificates that come with the message, and its only signer.
    ///
    /// 1. The content is plain data.
    /// 2. There are not more certificates than a receipt has reason for.
    /// 3. There is exactly one signer, named by issuer and serial number.
    /// 4. Nothing follows.
    pub(crate) fn certificates_and_signer(
        &self,
    ) -> Result<(Vec<&'a [u8]>, Signer<'a>), ReceiptError> {
        // 1
        check_type("signedData.encapContentInfo", DATA, self.content_type)?;
        // 2
        let mut rest = self.rest;
        let place = "signedData.certificates";
        let mut certificates = Vec::new();
        if let Some(set) = rest.optional(CONTEXT_0).at(place)? {
            let mut set = set.elements();
            while let Some(certificate) = set.next().at(place)? {
                if certificates.len() == MAX_CERTIFICATES {
                    return Err(StructureProblem::Repeated).at(place);
                }
                certificates.push(certificate.encoded);
            }
        }
        rest.optional(CONTEXT_1).at("signedData.crls")?;
        // 3
        let place = "signedData.signerInfos";
        let mut signers = rest.expect(SET).at(place)?.elements();
        let Some(signer) = signers.next().at(place)? else {
            return Err(ReceiptError::SignerCount { found: 0 });
        };
        if signers.next().at(place)?.is_some() {
            return Err(ReceiptError::SignerCount { found: 2 });
        }
        // 4
        rest.finish().at("signedData")?;
        Ok((certificates, Signer::read(signer).at(place)?))
    }
}

impl<'a> Signer<'a> {
    fn read(signer: Element<'a>) -> Result<Self, StructureProblem> {
        let mut fields = Element::only(signer.encoded, SEQUENCE)?.elements();
        fields.expect(INTEGER)?;
        let mut name = fields.expect(SEQUENCE)?.elements();
        let issuer = name.expect(SEQUENCE)?.content;
        let serial_number = name.expect(INTEGER)?.content;
        name.finish()?;
        let digest_algorithm = algorithm(&mut fields)?;
        let signed_attributes = fields.optional(CONTEXT_0)?.map(|it| it.content);
        let signature_algorithm = algorithm(&mut fields)?;
        let signature = fields.octet_string()?;
        fields.optional(CONTEXT_1)?;
        fields.finish()?;
        Ok(Self {
            issuer,
            serial_number,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
        })
    }

    /// The digest among the signed attributes.
    ///
    /// 1. The attributes name the type of the content, which is data, exactly once.
    /// 2. They name the digest of the content exactly once.
    pub(crate) fn signed_digest(attributes: &'a [u8]) -> Result<&'a [u8], ReceiptError> {
        let place = "signerInfo.signedAttrs";
        let (mut content_type, mut digest) = (None, None);
        let mut attributes = Elements::of(attributes);
        while let Some(attribute) = attributes.next().at(place)? {
            let mut fields = Element::only(attribute.encoded, SEQUENCE)
                .at(place)?
                .elements();
            let id = fields.expect(OBJECT_IDENTIFIER).at(place)?.content;
            let values = fields.expect(SET).at(place)?;
            fields.finish().at(place)?;
            let (slot, tag) = match id {
                id if id == CONTENT_TYPE.as_bytes() => (&mut content_type, OBJECT_IDENTIFIER),
                id if id == MESSAGE_DIGEST.as_bytes() => (&mut digest, OCTET_STRING),
                _ => continue,
            };
            let value = Element::only(values.content, tag).at(place)?.content;
            if slot.replace(value).is_some() {
                return Err(StructureProblem::Repeated).at(place);
            }
        }
        // 1
        let content_type = content_type
            .ok_or(StructureProblem::Missing)
            .at("signerInfo.signedAttrs.contentType")?;
        check_type("signerInfo.signedAttrs.contentType", DATA, content_type)?;
        // 2
        digest
            .ok_or(StructureProblem::Missing)
            .at("signerInfo.signedAttrs.messageDigest")
    }
}

/// Reads an `AlgorithmIdentifier` and returns its object identifier. The algorithms of receipts have
/// no parameters that say anything.
fn algorithm<'a>(fields: &mut Elements<'a>) -> Result<&'a [u8], StructureProblem> {
    let mut algorithm = fields.expect(SEQUENCE)?.elements();
    Ok(algorithm.expect(OBJECT_IDENTIFIER)?.content)
}

fn check_type(
    place: &'static str,
    expected: ObjectIdentifier,
    found: &[u8],
) -> Result<(), ReceiptError> {
    if found == expected.as_bytes() {
        return Ok(());
    }
    Err(ReceiptError::ContentType {
        place,
        expected: expected.to_string(),
        found: object_identifier(found),
    })
}

/// The readable form of an object identifier.
pub(crate) fn object_identifier(content: &[u8]) -> String {
    ObjectIdentifier::from_bytes(content)
        .map_or_else(|_| "unreadable".to_owned(), |id| id.to_string())
}

/// `id-signedData` (RFC 5652 §5.1).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// `id-data` (RFC 5652 §4).
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
/// `id-contentType` (RFC 5652 §11.1).
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
/// `id-messageDigest` (RFC 5652 §11.2).
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

/// Apple's receipts come with three certificates. Each is a candidate that costs work.
const MAX_CERTIFICATES: usize = 8;
