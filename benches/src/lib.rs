//! What is measured, what is it compared with, and how?
//!
//! Each verification is written once, in [`cases`]; the criterion benchmark (`benches/verify.rs`)
//! and the report (`src/bin/report`) run the same ones. What clients of the App Store Server API
//! cost is measured by a program of its own (`src/bin/client`).

#[cfg(all(feature = "aws-lc-rs", feature = "ring"))]
compile_error!("one build measures one cryptography library: use --no-default-features with ring");
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
compile_error!("choose a cryptography library: feature `aws-lc-rs` (the default) or `ring`");

mod allocator;
mod bare;
mod cases;
mod fixtures;
mod google;
mod machine;
mod options;
mod samples;

pub use allocator::CountingAllocator;
pub use cases::{Arm, Cache, Case, Subject, cases};
pub use fixtures::{Fixtures, Peer, PeerCache, SignedData};
pub use google::GoogleFixtures;
pub use machine::{machine, stay_on_core, thread_cpu_time};
pub use options::Options;
pub use samples::{Ratio, Time, as_text, calibrate, in_turn, median};

/// The cryptography library that all sides of this build use.
pub const BACK_END: &str = if cfg!(feature = "ring") {
    "ring"
} else {
    "aws-lc-rs"
};
