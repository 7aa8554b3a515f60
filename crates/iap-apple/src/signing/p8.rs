//! Which of the things that people pass as "the key" is this, and where in it is the key?
//!
//! PEM is [RFC 7468](https://www.rfc-editor.org/rfc/rfc7468), read as leniently as is safe: what
//! counts is that the bytes inside are one P-256 key in PKCS #8
//! ([RFC 5208](https://www.rfc-editor.org/rfc/rfc5208)).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use const_oid::ObjectIdentifier;
use der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _, asn1::AnyRef};
use x509_cert::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::error::KeyError;
use crate::jws::EC_PUBLIC_KEY;

/// Finds the PKCS #8 of a P-256 key, in DER, in what was passed as the key.
///
/// 1. It is not longer than any key.
/// 2. It is DER, or text: PEM, or the Base64 of DER.
/// 3. The DER is PKCS #8 of an EC key on P-256, and not one of the things confused with it.
pub(super) fn pkcs8_der(key: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    // 1
    if key.len() > MAX_LENGTH {
        return Err(KeyError::TooLong {
            found: key.len(),
            limit: MAX_LENGTH,
        });
    }
    // 2
    let der = if key.first() == Some(&DER_SEQUENCE) {
        Zeroizing::new(key.to_vec())
    } else if key.starts_with(&[0xff, 0xfe]) || key.starts_with(&[0xfe, 0xff]) {
        return Err(KeyError::Utf16);
    } else {
        der_of_text(str::from_utf8(key).map_err(|_| KeyError::NotAKey)?)?
    };
    // 3
    check_kind(&der)?;
    Ok(der)
}

fn der_of_text(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let text = text
        .trim_start_matches(BYTE_ORDER_MARK)
        .trim()
        .trim_matches(['"', '\'']);
    if text.trim().is_empty() {
        return Err(KeyError::Empty);
    }
    let lines = with_real_line_breaks(text);
    if let Some(body) = pem_body(&lines)? {
        return decode(body).ok_or(KeyError::Base64);
    }
    if is_path(text) {
        return Err(KeyError::FilePath);
    }
    // Environment variables often hold the Base64 without the lines around it. Nothing else can be
    // meant by it.
    match decode(&lines) {
        Some(bytes) if bytes.starts_with(PEM_BEGIN.as_bytes()) => Err(KeyError::EncodedTwice),
        Some(bytes) if bytes.first() == Some(&DER_SEQUENCE) => Ok(bytes),
        _ => Err(KeyError::NotAKey),
    }
}

/// The text with `\n` and `\r`, as environment variables and JSON write them, as line breaks.
fn with_real_line_breaks(text: &str) -> Zeroizing<String> {
    // Never grows, so that no part of the key is left behind in a buffer given back.
    let mut lines = Zeroizing::new(String::with_capacity(text.len()));
    let mut backslash = false;
    for character in text.chars() {
        match character {
            '\\' => backslash = true,
            'n' | 'r' if backslash => {
                backslash = false;
                lines.push('\n');
            }
            _ => {
                if core::mem::take(&mut backslash) {
                    lines.push('\\');
                }
                lines.push(character);
            }
        }
    }
    lines
}

/// The Base64 between the lines of PEM; `None` if the text is not PEM.
fn pem_body(text: &str) -> Result<Option<&str>, KeyError> {
    let Some((_, rest)) = text.split_once(PEM_BEGIN) else {
        return Ok(None);
    };
    let (label, rest) = rest.split_once("-----").ok_or(KeyError::CutOff)?;
    match label {
        "PRIVATE KEY" => {}
        "CERTIFICATE" => return Err(KeyError::Certificate),
        "EC PRIVATE KEY" | "EC PARAMETERS" => return Err(KeyError::Sec1),
        "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted),
        "PUBLIC KEY" => return Err(KeyError::PublicKey),
        "RSA PRIVATE KEY" => return Err(KeyError::Rsa),
        _ => return Err(KeyError::OtherPem),
    }
    let (body, rest) = rest.split_once(PEM_END).ok_or(KeyError::CutOff)?;
    if rest.contains(PEM_BEGIN) {
        return Err(KeyError::SeveralObjects);
    }
    Ok(Some(body))
}

/// The bytes of a text in Base64 with white space anywhere.
fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    symbols.extend(text.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut bytes = Zeroizing::new(Vec::with_capacity(base64::decoded_len_estimate(
        symbols.len(),
    )));
    STANDARD.decode_vec(&symbols, &mut bytes).ok()?;
    Some(bytes)
}

/// Whether a text without PEM names a file. The Base64 of a key starts with `M`, and has no dot.
fn is_path(text: &str) -> bool {
    let is_one_line = !text.contains(['\r', '\n']);
    let has_extension = text.rsplit_once('.').is_some_and(|(_, extension)| {
        ["der", "key", "p8", "pem", "txt"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    });
    is_one_line && (has_extension || text.starts_with(['/', '.', '~']))
}

/// Tells what a DER object is by its first members.
fn check_kind(der: &[u8]) -> Result<(), KeyError> {
    let members = first_members(der).map_err(|_| KeyError::Unreadable)?;
    let tags = members.map(|member| member.map(|member| member.tag()));
    match tags {
        // RFC 5208: version, algorithm, key.
        [
            Some(Tag::Integer),
            Some(Tag::Sequence),
            Some(Tag::OctetString),
        ] => {
            let [_, Some(algorithm), _] = members else {
                return Err(KeyError::Unreadable);
            };
            check_algorithm(algorithm)
        }
        // RFC 5915: version, key.
        [Some(Tag::Integer), Some(Tag::OctetString), _] => Err(KeyError::Sec1),
        // RFC 8017: version, modulus, exponent.
        [Some(Tag::Integer), Some(Tag::Integer), Some(Tag::Integer)] => Err(KeyError::Rsa),
        // RFC 5958: algorithm, encrypted key.
        [Some(Tag::Sequence), Some(Tag::OctetString), None] => Err(KeyError::Encrypted),
        // RFC 5280: algorithm, key.
        [Some(Tag::Sequence), Some(Tag::BitString), None] => Err(KeyError::PublicKey),
        // RFC 5280: content, algorithm, signature.
        [
            Some(Tag::Sequence),
            Some(Tag::Sequence),
            Some(Tag::BitString),
        ] => Err(KeyError::Certificate),
        _ => Err(KeyError::Unreadable),
    }
}

/// The first members of a SEQUENCE with nothing after it.
fn first_members(der: &[u8]) -> der::Result<[Option<AnyRef<'_>>; 3]> {
    let sequence = AnyRef::from_der(der)?;
    let mut reader = SliceReader::new(sequence.value())?;
    let mut members = [None; 3];
    for member in &mut members {
        if reader.is_finished() {
            break;
        }
        *member = Some(AnyRef::decode(&mut reader)?);
    }
    Ok(members)
}

fn check_algorithm(algorithm: AnyRef<'_>) -> Result<(), KeyError> {
    let algorithm: AlgorithmIdentifierRef<'_> =
        algorithm.decode_as().map_err(|_| KeyError::Unreadable)?;
    match algorithm.oid {
        EC_PUBLIC_KEY => {}
        RSA_ENCRYPTION => return Err(KeyError::Rsa),
        _ => return Err(KeyError::OtherAlgorithm),
    }
    let curve = algorithm.parameters.and_then(|it| it.decode_as().ok());
    let found = match curve {
        Some(P256) => return Ok(()),
        Some(P384) => "P-384",
        Some(P521) => "P-521",
        Some(SECP256K1) => "secp256k1",
        _ => "another curve",
    };
    Err(KeyError::Curve { found })
}

/// The first byte of a key, certificate and so on in DER. No key in text starts with it, an ASCII 0.
const DER_SEQUENCE: u8 = 0x30;

/// What some editors put before text in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// Apple's file has 257 bytes, an RSA key passed by mistake 3 kB.
const MAX_LENGTH: usize = 16 * 1024;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");
