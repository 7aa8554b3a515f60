//! Splits a compact JWS and decodes its parts, strictly.

use std::borrow::Cow;

use base64::{
    DecodeError, DecodeSliceError, Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use crate::{
    crypto::SIGNATURE_LENGTH,
    error::{CertificateRole, EncodingProblem, Segment, VerificationFailure, shorten},
};

/// The three parts of a compact JWS, not decoded yet.
pub(crate) struct CompactJws<'a> {
    pub(crate) header: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
    /// Header and payload with the dot between them: the bytes that are signed.
    pub(crate) signed_part: &'a [u8],
}

impl<'a> CompactJws<'a> {
    /// Finds the parts, after the length has been checked.
    pub(crate) fn split(jws: &'a [u8]) -> Result<Self, VerificationFailure> {
        check_length(jws, MAX_JWS_LENGTH)?;
        let mut dots = memchr::memchr_iter(b'.', jws);
        let found = match (dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(second), None) => {
                let (signed_part, signature) = split_around(jws, second);
                let (header, payload) = split_around(signed_part, first);
                check_length(header, MAX_HEADER_LENGTH)?;
                return Ok(Self {
                    header,
                    payload,
                    signature,
                    signed_part,
                });
            }
            (None, ..) => 1,
            (_, None, _) => 2,
            (.., Some(_)) => 4,
        };
        Err(VerificationFailure::SegmentCount { found })
    }

    /// The signature: r and s of ES256.
    pub(crate) fn signature(&self) -> Result<[u8; SIGNATURE_LENGTH], VerificationFailure> {
        // Room for a signature in DER too, so that its length can be told.
        let mut buffer = [0_u8; SIGNATURE_LENGTH + 32];
        let found = match URL_SAFE_NO_PAD.decode_slice(self.signature, &mut buffer) {
            Ok(length) => length,
            Err(DecodeSliceError::OutputSliceTooSmall) => {
                base64::decoded_len_estimate(self.signature.len())
            }
            Err(DecodeSliceError::DecodeError(error)) => {
                return Err(encoding_failure(Segment::Signature, self.signature, error));
            }
        };
        match buffer.first_chunk() {
            Some(signature) if found == SIGNATURE_LENGTH => Ok(*signature),
            _ => Err(VerificationFailure::SignatureLength { found }),
        }
    }

    /// The JSON of the payload. Nothing in it is proven until the signature has been verified.
    pub(crate) fn payload(&self) -> Result<String, VerificationFailure> {
        let json = decode(Segment::Payload, self.payload)?;
        String::from_utf8(json).map_err(|error| VerificationFailure::Payload {
            path: ".".to_owned(),
            reason: error.utf8_error().to_string(),
        })
    }

    /// The leaf and intermediate certificates of the header, in DER.
    ///
    /// 1. The header is base64url and a JSON object.
    /// 2. `alg` is ES256: the algorithm is never taken from the data.
    /// 3. There is no `crit`: no extension of JWS is supported (RFC 7515 §4.1.11).
    /// 4. `x5c` has exactly three certificates.
    /// 5. The first two are standard base64. The third, the root, is not looked at: trust comes
    ///    from the verifier's anchors.
    pub(crate) fn certificates(&self) -> Result<[Vec<u8>; 2], VerificationFailure> {
        // 1
        let json = decode(Segment::Header, self.header)?;
        // serde would read a list as the members of a header in their order.
        if json.trim_ascii_start().first() != Some(&b'{') {
            return Err(VerificationFailure::Header {
                reason: "not a JSON object".to_owned(),
            });
        }
        let header: Header<'_> =
            serde_json::from_slice(&json).map_err(|error| VerificationFailure::Header {
                reason: shorten(&error),
            })?;
        // 2
        if header.alg.as_deref() != Some(ES256) {
            return Err(VerificationFailure::Algorithm {
                found: header.alg.as_ref().map(shorten),
            });
        }
        // 3
        if header.crit {
            return Err(VerificationFailure::CriticalHeader);
        }
        // 4
        let [leaf, intermediate, _root] = header.x5c.as_slice() else {
            return Err(VerificationFailure::ChainLength {
                found: header.x5c.len(),
            });
        };
        // 5
        Ok([
            decode_certificate(CertificateRole::Leaf, leaf)?,
            decode_certificate(CertificateRole::Intermediate, intermediate)?,
        ])
    }
}

/// The header of data signed by Apple. `kid` and `typ` say nothing that is checked.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    alg: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    x5c: Vec<Cow<'a, str>>,
    /// Whether the member is there, with whatever value.
    #[serde(default, deserialize_with = "is_present")]
    crit: bool,
}

fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

fn check_length(bytes: &[u8], limit: usize) -> Result<(), VerificationFailure> {
    if bytes.len() > limit {
        return Err(VerificationFailure::TooLong {
            found: bytes.len(),
            limit,
        });
    }
    Ok(())
}

/// What is before and after the byte at `position`.
fn split_around(bytes: &[u8], position: usize) -> (&[u8], &[u8]) {
    let (before, after) = bytes.split_at_checked(position).unwrap_or((bytes, &[]));
    (before, after.get(1..).unwrap_or_default())
}

fn decode(segment: Segment, text: &[u8]) -> Result<Vec<u8>, VerificationFailure> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|error| encoding_failure(segment, text, error))
}

fn decode_certificate(role: CertificateRole, text: &str) -> Result<Vec<u8>, VerificationFailure> {
    STANDARD
        .decode(text)
        .map_err(|error| VerificationFailure::CertificateEncoding {
            role,
            reason: format!("not standard base64: {error}"),
        })
}

/// Names the problem by the first foreign character, which says more than where a decoder stopped.
fn encoding_failure(segment: Segment, text: &[u8], error: DecodeError) -> VerificationFailure {
    let is_foreign = |byte: &u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let problem = match text.iter().enumerate().find(|(_, byte)| is_foreign(byte)) {
        Some((_, b'=')) => EncodingProblem::Padding,
        Some((offset, byte)) if byte.is_ascii_whitespace() => {
            EncodingProblem::Whitespace { offset }
        }
        Some((offset, _)) => EncodingProblem::Character { offset },
        None => match error {
            DecodeError::InvalidLastSymbol { .. } => EncodingProblem::TrailingBits,
            _ => EncodingProblem::Length,
        },
    };
    VerificationFailure::Encoding { segment, problem }
}

/// The only algorithm that Apple signs with.
const ES256: &str = "ES256";

/// Apple's longest data, a notification with both nested JWS, has 19 kB; Advanced Commerce items
/// make it longer. Anything above is refused before any work.
pub(crate) const MAX_JWS_LENGTH: usize = 256 * 1024;

/// Apple's header, three certificates in base64 twice over, has 4.4 kB. It is also what the chain
/// memory keeps, so the bound is a bound on memory.
pub(crate) const MAX_HEADER_LENGTH: usize = 16 * 1024;
