//! Verifies purchases of Google Play, and the notifications that Google pushes.
