//! The crate as its users see it, against the facts tables in `tests/facts`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

mod endpoints;
mod models;
mod support;
