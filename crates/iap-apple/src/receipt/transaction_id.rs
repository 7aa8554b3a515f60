//! Which transaction id can the App Store Server API be asked about, given a legacy receipt?

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_core::{Timestamp, TransactionId};

use super::{
    attributes::{Attributes, IN_APP, ORIGINAL_TRANSACTION_ID, PURCHASE_DATE, TRANSACTION_ID},
    cms::SignedData,
    error::{At, ReceiptError, StructureProblem},
    text::decode,
};

/// Takes a transaction id out of an app receipt, **without verifying anything**.
///
/// Anybody can write such a receipt. The id is good for one thing: to ask the App Store Server API
/// about it, whose signed answer is then verified, and tells whose purchase it is. To rely on a
/// receipt itself, use a [`ReceiptVerifier`](crate::ReceiptVerifier).
///
/// `receipt` is the file at `Bundle.main.appStoreReceiptURL` in base64; receipts of Xcode are read
/// too. Of several purchases, the one with the latest purchase date counts; of those with the same
/// date or none, the first. Its transaction id is taken, or the original transaction id if it has
/// no other. `None` if the receipt holds no purchase with an id.
///
/// ```
/// use iap_apple::transaction_id_from_app_receipt;
/// use iap_core::TransactionId;
///
/// fn id_to_ask_for(receipt: &str) -> Result<Option<TransactionId>, iap_apple::ReceiptError> {
///     transaction_id_from_app_receipt(receipt)
/// }
///
/// let error = id_to_ask_for("bm8gcmVjZWlwdA==").unwrap_err();
/// assert_eq!(error.check(), "structure");
/// ```
///
/// # Errors
///
/// [`ReceiptError`] if the text is not base64 of a receipt.
pub fn transaction_id_from_app_receipt(
    receipt: &str,
) -> Result<Option<TransactionId>, ReceiptError> {
    let receipt = decode(receipt)?;
    let signed_data = SignedData::parse(&receipt)?;
    let mut attributes = Attributes::of(&signed_data.content).at("content")?;
    let mut latest: Option<Purchase> = None;
    let mut count = 0_usize;
    while let Some(attribute) = attributes.next().at("content")? {
        if attribute.attribute_type != IN_APP {
            continue;
        }
        let purchase =
            Purchase::read(&attribute.value).at_with(|| format!("attribute {IN_APP}[{count}]"))?;
        count = count.saturating_add(1);
        if let Some(purchase) = purchase
            && latest.as_ref().is_none_or(|it| purchase.date > it.date)
        {
            latest = Some(purchase);
        }
    }
    Ok(latest.map(|purchase| purchase.id))
}

/// Takes the transaction id out of a transaction receipt, **without verifying anything**.
///
/// A transaction receipt is what `SKPaymentTransaction.transactionReceipt` gave before iOS 7, in
/// base64: a property list with `"purchase-info" = "…";`, whose value holds `"transaction-id" =
/// "…";`. Anybody can write one. The id is good for one thing: to ask the App Store Server API about
/// it. `None` if the purchase has no transaction id.
///
/// ```
/// use iap_apple::transaction_id_from_transaction_receipt;
///
/// // {"purchase-info" = "<base64 of {"transaction-id" = "1000";}>";}
/// let receipt = "eyJwdXJjaGFzZS1pbmZvIiA9ICJleUowY21GdWMyRmpkR2x2YmkxcFpDSWdQU0FpTVRBd01DSTdmUT09Ijt9";
/// assert_eq!(transaction_id_from_transaction_receipt(receipt)?.unwrap(), "1000");
/// # Ok::<(), iap_apple::ReceiptError>(())
/// ```
///
/// # Errors
///
/// [`ReceiptError`] if the text is not base64 of a property list with a purchase.
pub fn transaction_id_from_transaction_receipt(
    receipt: &str,
) -> Result<Option<TransactionId>, ReceiptError> {
    let receipt = decode(receipt)?;
    let purchase = quoted_value(&receipt, PURCHASE_INFO).ok_or(ReceiptError::MissingMember {
        member: PURCHASE_INFO,
    })?;
    let purchase = STANDARD
        .decode(purchase)
        .map_err(|_| ReceiptError::Structure {
            place: PURCHASE_INFO.to_owned(),
            problem: StructureProblem::Base64,
        })?;
    let Some(id) = quoted_value(&purchase, TRANSACTION_ID_MEMBER) else {
        return Ok(None);
    };
    let id = core::str::from_utf8(id)
        .map_err(|_| StructureProblem::Utf8)
        .at(TRANSACTION_ID_MEMBER)?;
    Ok(Some(id)
        .filter(|id| !id.is_empty())
        .map(TransactionId::from))
}

/// What matters of an in-app purchase here.
struct Purchase {
    date: Option<Timestamp>,
    id: TransactionId,
}

impl Purchase {
    /// Reads a purchase; `None` if it has no id.
    fn read(value: &[u8]) -> Result<Option<Self>, StructureProblem> {
        let mut attributes = Attributes::of(value)?;
        let (mut date, mut id, mut original_id) = (None, None, None);
        while let Some(attribute) = attributes.next()? {
            match attribute.attribute_type {
                // A date only helps to choose; one that cannot be read is as good as none.
                PURCHASE_DATE => date = attribute.date().unwrap_or_default(),
                TRANSACTION_ID => id = attribute.text_if_any()?.map(TransactionId::from),
                ORIGINAL_TRANSACTION_ID => {
                    original_id = attribute.text_if_any()?.map(TransactionId::from);
                }
                _ => {}
            }
        }
        Ok(id.or(original_id).map(|id| Self { date, id }))
    }
}

/// The value of `"key" = "value";` in the text of a property list.
fn quoted_value<'a>(text: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let mut rest = text;
    loop {
        let (quoted, after) = quoted(rest)?;
        rest = after;
        if quoted == key.as_bytes()
            && let Some(value) = after.trim_ascii_start().strip_prefix(b"=")
            && let Some(value) = value.trim_ascii_start().strip_prefix(b"\"")
        {
            // Ids and base64 hold nothing that would need a backslash.
            let end = memchr::memchr(b'"', value)?;
            let (value, after) = value.split_at_checked(end)?;
            let after = after.get(1..)?.trim_ascii_start();
            return after.starts_with(b";").then_some(value);
        }
    }
}

/// The next text in quotation marks, and what follows it.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = memchr::memchr(b'"', text)?.checked_add(1)?;
    let text = text.get(start..)?;
    let mut end = 0_usize;
    loop {
        end = end.checked_add(memchr::memchr2(b'"', b'\\', text.get(end..)?)?)?;
        if text.get(end) == Some(&b'"') {
            return Some((text.get(..end)?, text.get(end.checked_add(1)?..)?));
        }
        // A backslash, and the character that it takes the meaning from.
        end = end.checked_add(2)?;
    }
}

const PURCHASE_INFO: &str = "purchase-info";
const TRANSACTION_ID_MEMBER: &str = "transaction-id";
