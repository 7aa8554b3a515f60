//! Verifies purchases of Google Play, and the notifications that Google pushes.

mod model;

pub use model::*;
