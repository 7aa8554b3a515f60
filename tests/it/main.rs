//! Cross-crate tests: what a user of the facade sees, judged by data and tools that the libraries
//! did not make.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

mod amazon_conformance;
mod amazon_faults;
mod amazon_notifications;
mod amazon_store;
mod apple_conformance;
mod apple_facts;
mod apple_faults;
mod apple_mutations;
mod apple_receipts;
mod apple_revocation;
mod apple_signing;
mod apple_store;
mod faults;
mod google_conformance;
mod google_faults;
mod google_life_cycles;
mod google_notifications;
mod google_store;
mod openssl;
mod spec;
mod traces;
mod webhook;
