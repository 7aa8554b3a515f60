//! Writes DER, and BER where a test wants it.

use crate::receipt::ber::{
    CONTEXT_0, IA5_STRING, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, UTF8_STRING,
};

pub(super) const NULL: [u8; 2] = [0x05, 0x00];
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const PARTS: u8 = OCTET_STRING | 0x20;

/// Tag, length and content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let mut element = vec![tag];
    match length {
        [0, 0, 0, short @ 0..0x80] => element.push(short),
        [0, 0, 0, long] => element.extend([0x81, long]),
        [0, 0, a, b] => element.extend([0x82, a, b]),
        [0, a, b, c] => element.extend([0x83, a, b, c]),
        [a, b, c, d] => element.extend([0x84, a, b, c, d]),
    }
    element.extend(content);
    element
}

/// Tag and content, with an end mark instead of a length.
pub(super) fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

/// The content `depth` times around `tag` of indefinite length.
pub(super) fn nested(tag: u8, depth: usize, content: &[u8]) -> Vec<u8> {
    let mut nested = [tag, 0x80].repeat(depth);
    nested.extend(content);
    nested.extend([0, 0].repeat(depth));
    nested
}

pub(super) fn sequence(values: &[Vec<u8>]) -> Vec<u8> {
    element(SEQUENCE, &values.concat())
}

pub(super) fn set(values: &[Vec<u8>]) -> Vec<u8> {
    element(SET, &values.concat())
}

/// `[0]` around an element.
pub(super) fn explicit_0(content: &[u8]) -> Vec<u8> {
    element(CONTEXT_0, content)
}

pub(super) fn integer(value: i64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let is_superfluous = |pair: &[u8]| matches!(pair, [0, 0..=0x7F] | [0xFF, 0x80..=0xFF]);
    let start = bytes.windows(2).take_while(|pair| is_superfluous(pair));
    element(INTEGER, &bytes[start.count()..])
}

pub(super) fn octets(content: &[u8]) -> Vec<u8> {
    element(OCTET_STRING, content)
}

pub(super) fn bits(content: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], content].concat())
}

pub(super) fn utf8(text: &str) -> Vec<u8> {
    element(UTF8_STRING, text.as_bytes())
}

pub(super) fn ia5(text: &str) -> Vec<u8> {
    element(IA5_STRING, text.as_bytes())
}

pub(super) fn oid(text: &str) -> Vec<u8> {
    let id = const_oid::ObjectIdentifier::new_unwrap(text);
    element(OBJECT_IDENTIFIER, id.as_bytes())
}

/// An `AlgorithmIdentifier` with NULL for parameters.
pub(super) fn algorithm(id: &str) -> Vec<u8> {
    sequence(&[oid(id), NULL.to_vec()])
}
