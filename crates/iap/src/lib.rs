//! Facade.
#[cfg(feature = "apple")]
pub use iap_apple as apple;
pub use iap_core as core;
pub use iap_core::*;
