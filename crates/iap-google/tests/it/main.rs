//! The crate as its users see it, against the facts tables in `tests/facts`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

#[cfg(feature = "client")]
mod authentication;
#[cfg(feature = "client")]
mod endpoints;
#[cfg(feature = "client")]
mod key_fetching;
mod models;
#[cfg(feature = "client")]
mod notifications;
#[cfg(feature = "client")]
mod push;
mod signatures;
#[cfg(feature = "client")]
mod support;
mod unity;
