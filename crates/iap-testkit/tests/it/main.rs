//! Does the kit make what it says it makes? Judged through its public interface by code that shares
//! nothing with it: x509-cert reads the certificates, aws-lc-rs checks the signatures.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail loudly"
)]

mod chain;
mod forgeries;
mod judge;
mod load;
mod signing;
mod sns;
