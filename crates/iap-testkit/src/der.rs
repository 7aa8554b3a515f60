//! How certificate extensions, keys and receipts are written in DER: the few forms that real ones use.
//!
//! A certificate maker's own extension types write them in an order and a form of their own; these
//! helpers let [`certificate`](crate::certificate) follow Apple's certificates byte by byte.

/// One value: tag, length, content.
pub(crate) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("nothing is longer than 4 GiB");
    let mut der = match length.to_be_bytes() {
        [0, 0, 0, low @ 0..0x80] => vec![tag, low],
        [0, 0, 0, low] => vec![tag, 0x81, low],
        [0, 0, high, low] => vec![tag, 0x82, high, low],
        [0, high, middle, low] => vec![tag, 0x83, high, middle, low],
        [a, b, c, d] => vec![tag, 0x84, a, b, c, d],
    };
    der.extend_from_slice(content);
    der
}

/// The encoded values within a value, of which this crate wrote every one.
pub(crate) fn values_in(der: &[u8]) -> Vec<&[u8]> {
    let mut rest = &der[header_length(der)..];
    let mut values = Vec::new();
    while !rest.is_empty() {
        let length = header_length(rest) + content_length(rest);
        let (value, after) = rest.split_at(length);
        values.push(value);
        rest = after;
    }
    values
}

/// How many bytes tag and length take.
fn header_length(der: &[u8]) -> usize {
    match der[1] {
        0..0x80 => 2,
        long => 2 + usize::from(long & 0x7F),
    }
}

fn content_length(der: &[u8]) -> usize {
    match der[1] {
        short @ 0..0x80 => usize::from(short),
        _ => {
            let bytes = &der[2..header_length(der)];
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
        }
    }
}

/// `SEQUENCE` of values that are already written.
pub(crate) fn sequence(values: &[Vec<u8>]) -> Vec<u8> {
    value(0x30, &values.concat())
}

/// `SET` of values that are already written, in the order given.
pub(crate) fn set(values: &[Vec<u8>]) -> Vec<u8> {
    value(0x31, &values.concat())
}

/// `[0]` around values that are already written.
pub(crate) fn tagged_0(values: &[Vec<u8>]) -> Vec<u8> {
    value(0xA0, &values.concat())
}

/// `INTEGER`.
pub(crate) fn integer(number: i64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    // DER drops leading bytes that only repeat the sign.
    let repeats_sign = |pair: &[u8]| matches!(pair, [0, 0..0x80] | [0xFF, 0x80..=0xFF]);
    let start = bytes.windows(2).take_while(|pair| repeats_sign(pair));
    value(0x02, &bytes[start.count()..])
}

/// `OBJECT IDENTIFIER`.
pub(crate) fn object_identifier(arcs: &[u64]) -> Vec<u8> {
    let (first, rest) = match arcs {
        [first, second, rest @ ..] => (first.saturating_mul(40).saturating_add(*second), rest),
        _ => panic!("an object identifier has at least two arcs"),
    };
    let content: Vec<u8> = core::iter::once(&first)
        .chain(rest)
        .flat_map(|arc| base_128(*arc))
        .collect();
    value(0x06, &content)
}

/// `OCTET STRING`.
pub(crate) fn octet_string(bytes: &[u8]) -> Vec<u8> {
    value(0x04, bytes)
}

/// `BIT STRING` of named bits, the first bit being the highest of `bits`.
pub(crate) fn named_bits(bits: u8) -> Vec<u8> {
    // DER drops trailing zero bits and says how many bits of the last byte are unused.
    let unused = u8::try_from(bits.trailing_zeros()).expect("at most 8");
    value(0x03, &[unused, bits])
}

/// `UTF8String`.
pub(crate) fn utf8_string(text: &str) -> Vec<u8> {
    value(0x0C, text.as_bytes())
}

/// `IA5String`.
pub(crate) fn ia5_string(text: &str) -> Vec<u8> {
    value(0x16, text.as_bytes())
}

/// `dNSName` of a `GeneralName`.
pub(crate) fn dns_name(text: &str) -> Vec<u8> {
    value(0x82, text.as_bytes())
}

/// `uniformResourceIdentifier` of a `GeneralName`.
pub(crate) fn uri(text: &str) -> Vec<u8> {
    value(0x86, text.as_bytes())
}

/// `BOOLEAN` true; false is never written, it is always the default.
pub(crate) const TRUE: [u8; 3] = [0x01, 0x01, 0xFF];

/// `INTEGER` 0.
pub(crate) const ZERO: [u8; 3] = [0x02, 0x01, 0x00];

/// `NULL`.
pub(crate) const NULL: [u8; 2] = [0x05, 0x00];

/// Tag and content of each value in a `SEQUENCE` that this machine's own library wrote.
pub(crate) fn read_sequence(sequence: &[u8]) -> Vec<(u8, &[u8])> {
    let (_, mut rest, _) = read_value(sequence);
    let mut values = Vec::new();
    while !rest.is_empty() {
        let (tag, content, after) = read_value(rest);
        values.push((tag, content));
        rest = after;
    }
    values
}

/// The first value's tag and content, and what comes after it.
fn read_value(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (length_bytes, start) = match der[1] {
        short @ 0..0x80 => (vec![short], 2),
        long => {
            let end = 2 + usize::from(long & 0x7F);
            (der[2..end].to_vec(), end)
        }
    };
    let length = length_bytes
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    let (content, after) = der[start..].split_at(length);
    (der[0], content, after)
}

/// Seven bits a byte, most significant first, the high bit set on all but the last.
fn base_128(mut arc: u64) -> Vec<u8> {
    let low_bits = |arc: u64| u8::try_from(arc & 0x7F).expect("seven bits");
    let mut bytes = vec![low_bits(arc)];
    while arc > 0x7F {
        arc >>= 7;
        bytes.push(low_bits(arc) | 0x80);
    }
    bytes.reverse();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_as_many_bytes_as_they_need() {
        assert_eq!(value(0x04, &[7; 0x7F]).len(), 2 + 0x7F);
        assert_eq!(value(0x04, &[7; 0x80])[..3], [0x04, 0x81, 0x80]);
        assert_eq!(value(0x04, &[7; 0x1234])[..4], [0x04, 0x82, 0x12, 0x34]);
        let long = value(0x04, &[7; 0x01_2345]);
        assert_eq!(long[..5], [0x04, 0x83, 0x01, 0x23, 0x45]);
    }

    #[test]
    fn values_are_found_within_a_value_whatever_their_length() {
        let values = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x01_0000]
            .map(|length: usize| octet_string(&vec![7; length]));
        assert_eq!(values_in(&sequence(&values)), values);
        assert!(values_in(&sequence(&[])).is_empty());
    }

    #[test]
    fn integers_have_no_byte_too_many() {
        for (number, content) in [
            (0, &[0_u8][..]),
            (127, &[0x7F]),
            (128, &[0, 0x80]),
            (-1, &[0xFF]),
            (-129, &[0xFF, 0x7F]),
            (i64::MAX, &i64::MAX.to_be_bytes()),
        ] {
            assert_eq!(integer(number)[2..], *content, "{number}");
        }
    }

    #[test]
    fn an_object_identifier_packs_seven_bits_a_byte() {
        assert_eq!(
            object_identifier(&[1, 2, 840, 113_635, 100, 6, 11, 1]),
            [
                0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x63, 0x64, 0x06, 0x0B, 0x01
            ],
        );
    }

    #[test]
    fn what_was_written_is_read_back() {
        let values = [value(0x04, &[7; 0x1234]), value(0x02, &[1]), NULL.to_vec()];
        let written = sequence(&values);
        let read = read_sequence(&written);
        assert_eq!(
            read,
            [(0x04, &[7; 0x1234][..]), (0x02, &[1][..]), (0x05, &[][..])]
        );
    }

    #[test]
    fn named_bits_say_how_many_bits_are_unused() {
        assert_eq!(named_bits(0b1000_0000), [0x03, 0x02, 0x07, 0x80]);
        assert_eq!(named_bits(0b0000_0110), [0x03, 0x02, 0x01, 0x06]);
    }
}
