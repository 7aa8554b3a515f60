//! Receipts of our own, right and wrong in every way known.
#![allow(clippy::arithmetic_side_effects, reason = "a test fails loudly")]

mod ber;
mod content;
mod der;
mod extraction;
mod forgeries;
mod key;
mod maker;
mod purchases;
mod tampering;
mod verification;
