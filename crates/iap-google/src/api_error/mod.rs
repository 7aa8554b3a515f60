//! What does Google answer when a call fails, and what does it mean?
//!
//! - [`ApiErrorReason`]: the words by which Google names a failure.
//! - [`FailureClass`]: what kind of failure each is, and so what to do.
//! - [`ApiFailure`]: a failed call, with whatever of Google's error object could be read.

mod advice;
mod body;
mod class;
mod failure;
mod reason;
#[cfg(test)]
mod tests;

pub use class::{FailureClass, Subject};
pub use failure::ApiFailure;
pub use reason::ApiErrorReason;
