//! Legacy app receipts: what they hold, and how they are signed.
//!
//! <https://developer.apple.com/library/archive/releasenotes/General/ValidateAppStoreReceipt/Chapters/ReceiptFields.html>

mod app_receipt;
mod in_app_receipt;
mod message;

use std::collections::BTreeMap;

use iap_core::Timestamp;

pub use app_receipt::AppReceiptBuilder;
pub use in_app_receipt::InAppReceiptBuilder;

use crate::der;

/// What a builder was told: an encoded value for an attribute, or that it is to be left out.
#[derive(Clone, Debug, Default)]
struct Attributes(BTreeMap<i64, Option<Vec<u8>>>);

impl Attributes {
    fn set(&mut self, attribute_type: i64, value: Vec<u8>) {
        self.0.insert(attribute_type, Some(value));
    }

    fn leave_out(&mut self, attribute_type: i64) {
        self.0.insert(attribute_type, None);
    }

    /// The attributes of `defaults`, changed as told, each encoded.
    fn apply_to(&self, defaults: impl IntoIterator<Item = (i64, Vec<u8>)>) -> Vec<Vec<u8>> {
        let mut attributes: BTreeMap<_, _> = defaults.into_iter().collect();
        for (attribute_type, change) in &self.0 {
            match change {
                Some(value) => attributes.insert(*attribute_type, value.clone()),
                None => attributes.remove(attribute_type),
            };
        }
        let attributes = attributes.into_iter();
        attributes
            .map(|(attribute_type, value)| attribute(attribute_type, &value))
            .collect()
    }
}

/// `SEQUENCE { type, version, value }`.
fn attribute(attribute_type: i64, value: &[u8]) -> Vec<u8> {
    der::sequence(&[
        der::integer(attribute_type),
        der::integer(1),
        der::octet_string(value),
    ])
}

/// A date as receipts have it: RFC 3339 in whole seconds.
fn date(at: Timestamp) -> Vec<u8> {
    let text = at.to_string();
    let seconds = text
        .split_once('.')
        .map_or(text.as_str(), |(seconds, _)| seconds);
    der::ia5_string(&format!("{seconds}Z"))
}
