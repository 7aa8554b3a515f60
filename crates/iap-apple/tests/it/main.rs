//! Verification as a user of the crate sees it, on data made and signed by `iap-testkit`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

mod bodies;
mod dates;
mod forgeries;
mod identity;
mod inputs;
mod kinds;
mod memory;
mod notifications;
mod purchases;
mod receipts;
mod support;
