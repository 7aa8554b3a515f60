//! Verifies purchases of the Amazon Appstore.

mod answer;
mod app_tester;
mod error;
mod expected_product;
mod model;
mod purchase;

pub use answer::Answer;
pub use app_tester::{AppTesterProductType, AppTesterReceipt};
pub use error::{ApiFailure, Endpoint};
pub use expected_product::ExpectedProduct;
#[doc(no_inline)]
pub use iap_core::Error;
pub use model::*;
