//! What does a legacy App Store receipt say, and did Apple sign it?
//!
//! <https://developer.apple.com/documentation/appstorereceipts/validating-receipts-on-the-device>

mod attributes;
mod ber;
mod chain;
mod cms;
mod config;
mod error;
mod model;
mod purchase;
mod signature;
mod text;
mod transaction_id;
mod verifier;

#[cfg(test)]
mod tests;

pub use config::ReceiptVerifierBuilder;
pub use error::{ReceiptError, StructureProblem};
pub use model::{AppReceipt, InAppReceipt, ReceiptAttribute, ReceiptType};
pub use transaction_id::{
    transaction_id_from_app_receipt, transaction_id_from_transaction_receipt,
};
pub use verifier::{ReceiptVerifier, VerifiedReceipt};
