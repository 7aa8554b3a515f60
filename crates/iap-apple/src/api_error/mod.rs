//! What does Apple answer when a call fails, and what does it mean?
//!
//! - [`ApiError`]: Apple's error codes, one variant each. The tables are split by API.
//! - [`ApiFailure`]: a failed call, with the status and whatever of Apple's error object could be read.

mod advanced_commerce;
mod advice;
mod code;
mod failure;
mod retention;
mod server;
#[cfg(test)]
mod tests;

pub use code::ApiError;
pub use failure::ApiFailure;
