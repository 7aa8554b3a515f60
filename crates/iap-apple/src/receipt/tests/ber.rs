//! Are elements found where they are, and is everything else refused?

use proptest::prelude::*;

use super::der::{PARTS, element, indefinite, integer, nested, octets, sequence};
use crate::receipt::{
    StructureProblem as P,
    ber::{Element, Elements, INTEGER, OCTET_STRING, SEQUENCE},
};

fn octet_string(bytes: &[u8]) -> Result<Vec<u8>, P> {
    let mut elements = Elements::of(bytes);
    let value = elements.octet_string()?.into_owned();
    elements.finish()?;
    Ok(value)
}

#[test]
fn lengths_are_read_in_every_form() {
    let mut short = octets(b"abc");
    assert_eq!(octet_string(&short).unwrap(), b"abc");
    // BER allows more bytes than needed.
    for length in [
        &[0x81, 3][..],
        &[0x82, 0, 3],
        &[0x89, 0, 0, 0, 0, 0, 0, 0, 0, 3],
    ] {
        let long = [&[OCTET_STRING], length, b"abc"].concat();
        assert_eq!(octet_string(&long).unwrap(), b"abc");
    }
    let long = octets(&[7; 70_000]);
    assert_eq!(octet_string(&long).unwrap(), [7; 70_000]);
    short.push(0);
    assert_eq!(octet_string(&short), Err(P::Trailing { bytes: 1 }));
}

#[test]
fn a_string_is_joined_from_its_parts_however_they_are_written() {
    let parts = [octets(b"ab"), octets(b""), octets(b"c")].concat();
    for whole in [
        element(PARTS, &parts),
        indefinite(PARTS, &parts),
        indefinite(PARTS, &element(PARTS, &parts)),
        element(
            PARTS,
            &[indefinite(PARTS, &octets(b"ab")), octets(b"c")].concat(),
        ),
        indefinite(PARTS, &[indefinite(PARTS, b""), parts.clone()].concat()),
    ] {
        assert_eq!(octet_string(&whole).unwrap(), b"abc", "{whole:02x?}");
    }
    assert_eq!(octet_string(&indefinite(PARTS, b"")).unwrap(), b"");
}

#[test]
fn parts_within_parts_are_read_to_a_depth_of_32() {
    let inner = octets(b"abc");
    assert_eq!(octet_string(&nested(PARTS, 32, &inner)).unwrap(), b"abc");
    assert_eq!(octet_string(&nested(PARTS, 33, &inner)), Err(P::Depth));
    let definite = |depth| (0..depth).fold(inner.clone(), |inner, _| element(PARTS, &inner));
    assert_eq!(octet_string(&definite(32)).unwrap(), b"abc");
    assert_eq!(octet_string(&definite(33)), Err(P::Depth));
}

#[test]
fn a_nesting_bomb_costs_neither_stack_nor_time() {
    let headers = [PARTS, 0x80].repeat(500_000);
    assert_eq!(octet_string(&headers), Err(P::Depth));
    assert_eq!(octet_string(&nested(PARTS, 500_000, b"")), Err(P::Depth));
    let headers = [SEQUENCE, 0x80].repeat(500_000);
    assert_eq!(Element::only(&headers, SEQUENCE), Err(P::Depth));
}

#[test]
fn what_is_no_string_is_refused() {
    for (bytes, problem) in [
        (
            vec![],
            P::Tag {
                expected: 4,
                found: None,
            },
        ),
        (
            integer(5),
            P::Tag {
                expected: 4,
                found: Some(2),
            },
        ),
        (
            element(PARTS, &integer(5)),
            P::Tag {
                expected: 4,
                found: Some(2),
            },
        ),
        (
            indefinite(PARTS, &integer(5)),
            P::Tag {
                expected: 4,
                found: Some(2),
            },
        ),
        (vec![PARTS], P::Truncated),
        (vec![OCTET_STRING, 5, 1], P::Truncated),
        (vec![OCTET_STRING, 0x81], P::Truncated),
        (
            vec![OCTET_STRING, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 1],
            P::Truncated,
        ),
        (
            [&[OCTET_STRING, 0x88][..], &[0xFF; 8], &[1]].concat(),
            P::Truncated,
        ),
        (
            [&[OCTET_STRING, 0x89][..], &[0xFF; 9], &[1]].concat(),
            P::Length,
        ),
        (
            [&[OCTET_STRING, 0xFF][..], &[0xFF; 127], &[1]].concat(),
            P::Length,
        ),
        // Only what is made of elements can end with a mark.
        (vec![OCTET_STRING, 0x80, 1, 0, 0], P::Length),
        (vec![PARTS, 0x80], P::NoEnd),
        (vec![PARTS, 0x80, 0], P::UnknownTag { found: 0 }),
        (vec![PARTS, 0x80, OCTET_STRING, 1, 7], P::NoEnd),
        (vec![PARTS, 0x80, PARTS, 0x80, 0, 0], P::NoEnd),
        (vec![PARTS, 0x80, OCTET_STRING, 9, 0, 0], P::Truncated),
        (vec![PARTS, 2, 0, 0], P::UnknownTag { found: 0 }),
    ] {
        assert_eq!(octet_string(&bytes), Err(problem), "{bytes:02x?}");
    }
    for tag in [0x00, 0x1F, 0x3F, 0xFF] {
        let bytes = [tag, 0x01, 0x00];
        let found = Elements::of(&bytes).next();
        assert_eq!(found, Err(P::UnknownTag { found: tag }));
    }
}

#[test]
fn the_mark_that_ends_a_length_is_the_one_of_the_same_level() {
    let inner = indefinite(SEQUENCE, &[integer(1), octets(&[0, 0])].concat());
    let bytes = [indefinite(SEQUENCE, &inner), integer(9)].concat();
    let mut elements = Elements::of(&bytes);
    let outer = elements.expect(SEQUENCE).unwrap();
    assert_eq!(outer.content, inner);
    assert_eq!(outer.encoded.len(), bytes.len() - 3);
    assert_eq!(elements.expect(INTEGER).unwrap().integer(), Ok(9));
    elements.finish().unwrap();
}

#[test]
fn integers_keep_their_sign_and_refuse_what_does_not_fit() {
    for value in [0, 1, -1, 127, 128, -128, -129, 65_535, i64::MAX, i64::MIN] {
        let bytes = integer(value);
        assert_eq!(Element::only(&bytes, INTEGER).unwrap().integer(), Ok(value));
    }
    for content in [&[][..], &[0; 9], &[0xFF; 9]] {
        let bytes = element(INTEGER, content);
        let found = Element::only(&bytes, INTEGER).unwrap().integer();
        assert_eq!(found, Err(P::IntegerRange));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = octet_string(&bytes);
        let mut elements = Elements::of(&bytes);
        let mut length = 0;
        while let Ok(Some(element)) = elements.next() {
            length += element.encoded.len();
            prop_assert!(element.content.len() < element.encoded.len());
        }
        prop_assert!(length <= bytes.len());
    }

    #[test]
    fn a_string_in_any_parts_is_the_string(parts: Vec<Vec<u8>>, depth in 1_usize..32) {
        let joined = parts.concat();
        let parts: Vec<_> = parts.iter().map(|part| octets(part)).collect();
        let bytes = nested(PARTS, depth, &parts.concat());
        prop_assert_eq!(octet_string(&bytes), Ok(joined));
        let inner = sequence(core::slice::from_ref(&bytes));
        let whole = Element::only(&inner, SEQUENCE).unwrap();
        prop_assert_eq!(whole.content, bytes);
    }
}
