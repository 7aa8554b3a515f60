//! Verifies purchases of the Amazon Appstore.

mod answer;
mod app_tester;
#[cfg(feature = "client")]
mod client;
mod error;
mod expected_product;
mod model;
mod purchase;

pub use answer::Answer;
pub use app_tester::{AppTesterProductType, AppTesterReceipt};
#[cfg(feature = "client")]
pub use client::{AmazonClient, AmazonClientBuilder};
pub use error::{ApiFailure, Endpoint};
pub use expected_product::ExpectedProduct;
#[doc(no_inline)]
pub use iap_core::{Error, ReceiptId, UserId};
pub use model::*;
