//! What does Amazon answer? One file for each answer, with the enums it uses.
//!
//! Names are Amazon's, in Rust's spelling. The rules for reading are the same everywhere:
//!
//! - What an answer is nothing without is required: the ids, the kind of product, the date of the
//!   purchase. Anything else may be missing or `null`, which is the same; then it is `None` or empty.
//! - Values that this version does not know are kept in the enum's `Unknown` variant, members in
//!   `other`: what is written again has lost nothing but its `null`s.
//! - Dates are read in each of Amazon's notations wherever they stand: milliseconds since 1970 as a
//!   number or as text, `Thu May 22 18:44:01 UTC 2014`, and RFC 3339.

#[cfg(feature = "billing-compatibility")]
mod billing_compatibility;
mod common;
mod receipt;
#[cfg(test)]
mod tests;
mod wire;

#[cfg(feature = "billing-compatibility")]
pub use billing_compatibility::*;
pub use common::{
    CancelReason, FulfillmentResult, ProductType, Promotion, PromotionStatus, PromotionType, Term,
};
pub use receipt::Receipt;
pub use wire::UnlikelyDate;
pub(crate) use wire::date;
