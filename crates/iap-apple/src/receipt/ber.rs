//! Where does each element of a BER encoding begin and end, and which value does it hold?
//!
//! ITU-T X.690 §8. DER, which Apple writes, is a part of BER; Xcode writes indefinite lengths and
//! strings in parts, which `der` reads in some combinations only. Everything here is total: nothing
//! recurses but the joining of strings, whose depth is bounded.

use std::borrow::Cow;

use super::error::StructureProblem;

/// One element: its tag and content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    /// Without tag and length, and without the mark that ends an indefinite length.
    pub(crate) content: &'a [u8],
    /// With all of these.
    pub(crate) encoded: &'a [u8],
}

/// The elements that follow each other in a content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(crate) const fn of(content: &'a [u8]) -> Self {
        Self { rest: content }
    }

    /// The next element; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Element<'a>>, StructureProblem> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (header, body) = Header::read(self.rest)?;
        let (content, rest) = match header.length {
            Some(length) => body
                .split_at_checked(length)
                .ok_or(StructureProblem::Truncated)?,
            None => split_at_end_mark(body)?,
        };
        let length = self.rest.len().saturating_sub(rest.len());
        let encoded = self.rest.get(..length).unwrap_or_default();
        self.rest = rest;
        Ok(Some(Element {
            tag: header.tag,
            content,
            encoded,
        }))
    }

    /// The next element, which must have `tag`.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<Element<'a>, StructureProblem> {
        let found = self.next()?;
        found
            .filter(|element| element.tag == tag)
            .ok_or_else(|| StructureProblem::Tag {
                expected: tag,
                found: found.map(|element| element.tag),
            })
    }

    /// The next element if it has `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, StructureProblem> {
        if self.rest.first() != Some(&tag) {
            return Ok(None);
        }
        self.next()
    }

    /// The next element, an `OCTET STRING` in one piece or in parts.
    pub(crate) fn octet_string(&mut self) -> Result<Cow<'a, [u8]>, StructureProblem> {
        if let Some(whole) = self.optional(OCTET_STRING)? {
            return Ok(Cow::Borrowed(whole.content));
        }
        let Some(parts) = self.optional(OCTET_STRING | CONSTRUCTED)? else {
            return self
                .expect(OCTET_STRING)
                .map(|whole| Cow::Borrowed(whole.content));
        };
        let mut joined = Vec::with_capacity(parts.content.len());
        join(parts.content, &mut joined, MAX_NESTED_STRINGS)?;
        Ok(Cow::Owned(joined))
    }

    /// Checks that there is nothing left.
    pub(crate) fn finish(self) -> Result<(), StructureProblem> {
        match self.rest.len() {
            0 => Ok(()),
            bytes => Err(StructureProblem::Trailing { bytes }),
        }
    }
}

impl<'a> Element<'a> {
    /// The element that is all of `bytes`, which must have `tag`.
    pub(crate) fn only(bytes: &'a [u8], tag: u8) -> Result<Self, StructureProblem> {
        let mut elements = Elements::of(bytes);
        let element = elements.expect(tag)?;
        elements.finish()?;
        Ok(element)
    }

    pub(crate) const fn elements(&self) -> Elements<'a> {
        Elements::of(self.content)
    }

    /// The value of an `INTEGER` of up to 64 bits.
    pub(crate) fn integer(&self) -> Result<i64, StructureProblem> {
        let (first, rest) = self
            .content
            .split_first()
            .ok_or(StructureProblem::IntegerRange)?;
        if rest.len() >= size_of::<i64>() {
            return Err(StructureProblem::IntegerRange);
        }
        // Eight bytes at most, so that every shift only pushes out copies of the sign.
        let high = i64::from(i8::from_be_bytes([*first]));
        Ok(rest
            .iter()
            .fold(high, |value, byte| value << 8 | i64::from(*byte)))
    }
}

/// Tag and length of an element.
struct Header {
    tag: u8,
    /// `None`: until the end mark.
    length: Option<usize>,
}

impl Header {
    /// Reads tag and length, and returns what follows them.
    fn read(bytes: &[u8]) -> Result<(Self, &[u8]), StructureProblem> {
        let (&tag, rest) = bytes.split_first().ok_or(StructureProblem::Truncated)?;
        if tag & LONG_TAG == LONG_TAG || tag == END_MARK {
            return Err(StructureProblem::UnknownTag { found: tag });
        }
        let (&first, rest) = rest.split_first().ok_or(StructureProblem::Truncated)?;
        if first & LONG_LENGTH == 0 {
            let length = Some(first.into());
            return Ok((Self { tag, length }, rest));
        }
        if first == INDEFINITE_LENGTH {
            if tag & CONSTRUCTED == 0 {
                return Err(StructureProblem::Length);
            }
            return Ok((Self { tag, length: None }, rest));
        }
        let (length, rest) = rest
            .split_at_checked((first & !LONG_LENGTH).into())
            .ok_or(StructureProblem::Truncated)?;
        let length = length.iter().try_fold(0_usize, |length, byte| {
            length.checked_mul(0x100)?.checked_add((*byte).into())
        });
        // A length that no usize can hold is longer than any receipt.
        let length = Some(length.ok_or(StructureProblem::Length)?);
        Ok((Self { tag, length }, rest))
    }
}

/// Splits at the end mark that belongs to the element whose content `body` begins with.
fn split_at_end_mark(body: &[u8]) -> Result<(&[u8], &[u8]), StructureProblem> {
    let mut rest = body;
    let mut open = 0_usize;
    loop {
        if let Some(after) = rest.strip_prefix(&[END_MARK, 0]) {
            if open == 0 {
                let length = body.len().saturating_sub(rest.len());
                return Ok((body.get(..length).unwrap_or_default(), after));
            }
            open = open.saturating_sub(1);
            rest = after;
            continue;
        }
        if rest.is_empty() {
            return Err(StructureProblem::NoEnd);
        }
        let (header, after) = Header::read(rest)?;
        rest = match header.length {
            // What a definite length holds need not be looked at to find what comes after it.
            Some(length) => after.get(length..).ok_or(StructureProblem::Truncated)?,
            None => {
                open = open.saturating_add(1);
                after
            }
        };
        if open > MAX_OPEN_LENGTHS {
            return Err(StructureProblem::Depth);
        }
    }
}

/// Appends the parts of an `OCTET STRING`, which may be in parts themselves.
fn join(parts: &[u8], joined: &mut Vec<u8>, depth: usize) -> Result<(), StructureProblem> {
    let depth = depth.checked_sub(1).ok_or(StructureProblem::Depth)?;
    let mut parts = Elements::of(parts);
    while let Some(part) = parts.next()? {
        match part.tag {
            OCTET_STRING => joined.extend_from_slice(part.content),
            tag if tag == OCTET_STRING | CONSTRUCTED => join(part.content, joined, depth)?,
            tag => {
                return Err(StructureProblem::Tag {
                    expected: OCTET_STRING,
                    found: Some(tag),
                });
            }
        }
    }
    Ok(())
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]` around one or more elements.
pub(crate) const CONTEXT_0: u8 = 0xA0;
/// `[1]` around one or more elements.
pub(crate) const CONTEXT_1: u8 = 0xA1;

/// The bit of a tag that says that the content is made of elements.
const CONSTRUCTED: u8 = 0x20;
/// The bits of a tag that say that its number follows in further bytes; no tag of a receipt does.
const LONG_TAG: u8 = 0x1F;
/// The bit of a length that says that the length follows in further bytes.
const LONG_LENGTH: u8 = 0x80;
const INDEFINITE_LENGTH: u8 = 0x80;
/// Begins the two zero bytes that end an indefinite length.
const END_MARK: u8 = 0x00;

/// Xcode nests strings once or twice. Each level reads its content again, so the bound is one on
/// work as well as on the stack.
const MAX_NESTED_STRINGS: usize = 32;

/// Indefinite lengths within each other: those around the content of a receipt and its strings.
const MAX_OPEN_LENGTHS: usize = MAX_NESTED_STRINGS + 8;
