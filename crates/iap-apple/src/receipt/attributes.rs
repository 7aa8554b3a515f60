//! Which attributes does the content of a receipt consist of?
//!
//! `SET OF SEQUENCE { type INTEGER, version INTEGER, value OCTET STRING }`; the value of most
//! attributes is an encoded element in its turn.
//! <https://developer.apple.com/library/archive/releasenotes/General/ValidateAppStoreReceipt/Chapters/ReceiptFields.html>

use std::borrow::Cow;

use iap_core::Timestamp;

use super::{
    ber::{Element, Elements, IA5_STRING, INTEGER, SEQUENCE, SET, UTF8_STRING},
    error::StructureProblem,
};
use crate::error::shorten;

/// One attribute; its value is not read yet.
pub(crate) struct Attribute<'a> {
    pub(crate) attribute_type: i64,
    pub(crate) version: i64,
    pub(crate) value: Cow<'a, [u8]>,
}

impl Attribute<'_> {
    /// The value as a text.
    pub(crate) fn text(&self) -> Result<&str, StructureProblem> {
        let tag = match self.value.first() {
            Some(&IA5_STRING) => IA5_STRING,
            _ => UTF8_STRING,
        };
        let text = Element::only(&self.value, tag)?;
        core::str::from_utf8(text.content).map_err(|_| StructureProblem::Utf8)
    }

    /// The value as a text; `None` if it is empty, which is how Apple writes that there is none.
    pub(crate) fn text_if_any(&self) -> Result<Option<&str>, StructureProblem> {
        Ok(Some(self.text()?).filter(|text| !text.is_empty()))
    }

    /// The value as a date; `None` if it is empty.
    pub(crate) fn date(&self) -> Result<Option<Timestamp>, StructureProblem> {
        let Some(text) = self.text_if_any()? else {
            return Ok(None);
        };
        let date = text.parse().map_err(|_| StructureProblem::Date {
            text: shorten(&text),
        })?;
        Ok(Some(date))
    }

    /// The value as a number.
    pub(crate) fn integer(&self) -> Result<i64, StructureProblem> {
        Element::only(&self.value, INTEGER)?.integer()
    }
}

/// The attributes of a content, in stored order.
pub(crate) struct Attributes<'a> {
    elements: Elements<'a>,
}

impl<'a> Attributes<'a> {
    pub(crate) fn of(content: &'a [u8]) -> Result<Self, StructureProblem> {
        let elements = Element::only(content, SET)?.elements();
        Ok(Self { elements })
    }

    /// The next attribute; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Attribute<'a>>, StructureProblem> {
        let Some(element) = self.elements.next()? else {
            return Ok(None);
        };
        let mut fields = Element::only(element.encoded, SEQUENCE)?.elements();
        let attribute = Attribute {
            attribute_type: fields.expect(INTEGER)?.integer()?,
            version: fields.expect(INTEGER)?.integer()?,
            value: fields.octet_string()?,
        };
        fields.finish()?;
        Ok(Some(attribute))
    }
}

pub(crate) const RECEIPT_TYPE: i64 = 0;
pub(crate) const APP_APPLE_ID: i64 = 1;
pub(crate) const BUNDLE_ID: i64 = 2;
pub(crate) const APPLICATION_VERSION: i64 = 3;
pub(crate) const OPAQUE_VALUE: i64 = 4;
pub(crate) const SHA1_HASH: i64 = 5;
pub(crate) const CREATION_DATE: i64 = 12;
pub(crate) const IN_APP: i64 = 17;
pub(crate) const APP_PURCHASE_DATE: i64 = 18;
pub(crate) const ORIGINAL_APPLICATION_VERSION: i64 = 19;
pub(crate) const EXPIRATION_DATE: i64 = 21;

pub(crate) const QUANTITY: i64 = 1701;
pub(crate) const PRODUCT_ID: i64 = 1702;
pub(crate) const TRANSACTION_ID: i64 = 1703;
pub(crate) const PURCHASE_DATE: i64 = 1704;
pub(crate) const ORIGINAL_TRANSACTION_ID: i64 = 1705;
pub(crate) const ORIGINAL_PURCHASE_DATE: i64 = 1706;
pub(crate) const EXPIRES_DATE: i64 = 1708;
pub(crate) const WEB_ORDER_LINE_ITEM_ID: i64 = 1711;
pub(crate) const CANCELLATION_DATE: i64 = 1712;
pub(crate) const IS_TRIAL_PERIOD: i64 = 1713;
pub(crate) const IS_IN_INTRO_OFFER_PERIOD: i64 = 1719;
