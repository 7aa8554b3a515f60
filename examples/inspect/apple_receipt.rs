//! A legacy app receipt of the App Store: is it genuine, and what does it say?

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap::apple::{
    AppReceipt, InAppReceipt, ReceiptAttribute, ReceiptError, ReceiptVerifier, VerifiedReceipt,
    transaction_id_from_app_receipt,
};
use iap::{
    Access, AccessPolicy, FixedClock, ProductId, ProductKind, Purchase, Timestamp, TransactionId,
};
use serde::Serialize;
use serde_json::{Value, json, value::to_raw_value};

use crate::{
    apple_options::AppleOptions,
    report::{Failure, Report, Verdict},
};

/// What a receipt means.
#[derive(Default, Serialize)]
pub(crate) struct Meaning {
    /// Read without verification: to ask the App Store Server API about.
    transaction_id: Option<TransactionId>,
    purchases: Vec<PurchaseWithAccess>,
}

#[derive(Serialize)]
struct PurchaseWithAccess {
    purchase: Purchase,
    access: Access,
}

/// Verifies as the command line said.
pub(crate) struct Inspector {
    verifier: ReceiptVerifier,
    device: Option<Vec<u8>>,
    product_kinds: Vec<(ProductId, ProductKind)>,
    policy: AccessPolicy,
    now: Timestamp,
}

impl Inspector {
    pub(crate) fn new(options: &AppleOptions) -> Result<Self, String> {
        if options.bundle_ids.is_empty() {
            return Err("whose receipt should it be? Say so with --bundle-id".to_owned());
        }
        let mut builder = ReceiptVerifier::builder();
        for app in options.apps() {
            builder = builder.app(app);
        }
        let environments = options.accepted_environments();
        for environment in environments.iter() {
            builder = builder.environment(environment);
        }
        if options.accepts_sha1 {
            builder = builder.accept_sha1();
        }
        if let Some(anchors) = options.trust_anchors()? {
            builder = builder.trust_anchors(anchors);
        }
        if let Some(now) = options.now {
            builder = builder.clock(FixedClock::new(now));
        }
        Ok(Self {
            verifier: builder.build().map_err(|error| error.to_string())?,
            device: options.device.clone(),
            product_kinds: options.product_kinds.clone(),
            policy: options.access_policy(environments),
            now: options.present_time(),
        })
    }

    pub(crate) fn inspect(&self, input: &[u8]) -> Report<Meaning> {
        let receipt = base64_of(input);
        let mut report = Report::<Meaning>::new(Some("app_receipt"), None);
        report.content.transaction_id = transaction_id_from_app_receipt(&receipt).unwrap_or(None);
        if let Err((verdict, failure)) = self.verify(&receipt, &mut report) {
            report.fail(verdict, failure);
        }
        report
    }

    fn verify(
        &self,
        receipt: &str,
        report: &mut Report<Meaning>,
    ) -> Result<(), (Verdict, Failure)> {
        let receipt = self.verifier.verify(receipt).map_err(failure)?;
        report.set_payload(to_raw_value(&payload(&receipt)).ok());
        if let Some(device) = &self.device
            && !receipt.is_for_device(device)
        {
            let message = "the receipt was made for another device".to_owned();
            let check = "device";
            return Err((Verdict::Rejected, Failure { check, message }));
        }
        report.content.purchases = self.purchases(&receipt).map_err(failure)?;
        Ok(())
    }

    fn purchases(
        &self,
        receipt: &VerifiedReceipt,
    ) -> Result<Vec<PurchaseWithAccess>, ReceiptError> {
        let kind_of = |product_id: &ProductId| {
            let mut kinds = self.product_kinds.iter();
            kinds
                .find(|(id, _)| id == product_id)
                .map(|(_, kind)| kind.clone())
        };
        let purchases = receipt.to_purchases(kind_of)?.into_iter();
        let with_access = |purchase: Purchase| PurchaseWithAccess {
            access: purchase.access_at(self.now, &self.policy),
            purchase,
        };
        Ok(purchases.map(with_access).collect())
    }
}

fn failure(error: ReceiptError) -> (Verdict, Failure) {
    let verdict = match error.rejection() {
        Some(_) => Verdict::Rejected,
        None => Verdict::Unavailable,
    };
    let check = error.check();
    let message = match &error {
        ReceiptError::Certificate(cause) => format!("{error}: {cause}"),
        error => error.to_string(),
    };
    (verdict, Failure { check, message })
}

/// The receipt in base64. A file may hold that or the bytes themselves, which begin with the tag of
/// a sequence; the base64 of these begins with an `M`.
fn base64_of(input: &[u8]) -> String {
    match str::from_utf8(input) {
        Ok(text) if !input.starts_with(&[SEQUENCE]) => text.to_owned(),
        _ => STANDARD.encode(input),
    }
}

fn payload(receipt: &AppReceipt) -> Value {
    let base64 = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| STANDARD.encode(bytes));
    json!({
        "receipt_type": receipt.receipt_type,
        "app_apple_id": receipt.app_apple_id,
        "bundle_id": receipt.bundle_id,
        "application_version": receipt.application_version,
        "opaque_value": base64(&receipt.opaque_value),
        "sha1_hash": base64(&receipt.sha1_hash),
        "creation_date": receipt.creation_date,
        "in_app": receipt.in_app.iter().map(in_app).collect::<Vec<_>>(),
        "original_purchase_date": receipt.original_purchase_date,
        "original_application_version": receipt.original_application_version,
        "expiration_date": receipt.expiration_date,
        "other": receipt.other.iter().map(other).collect::<Vec<_>>(),
    })
}

fn in_app(purchase: &InAppReceipt) -> Value {
    json!({
        "quantity": purchase.quantity,
        "product_id": purchase.product_id,
        "transaction_id": purchase.transaction_id,
        "original_transaction_id": purchase.original_transaction_id,
        "purchase_date": purchase.purchase_date,
        "original_purchase_date": purchase.original_purchase_date,
        "expires_date": purchase.expires_date,
        "web_order_line_item_id": purchase.web_order_line_item_id,
        "cancellation_date": purchase.cancellation_date,
        "is_trial_period": purchase.is_trial_period,
        "is_in_intro_offer_period": purchase.is_in_intro_offer_period,
        "other": purchase.other.iter().map(other).collect::<Vec<_>>(),
    })
}

fn other(attribute: &ReceiptAttribute) -> Value {
    json!({
        "type": attribute.attribute_type,
        "version": attribute.version,
        "value": STANDARD.encode(&attribute.value),
    })
}

/// The first byte of every receipt (X.690 §8.9).
const SEQUENCE: u8 = 0x30;
