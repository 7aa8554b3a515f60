//! Verifies purchases of the Amazon Appstore, and the notifications that Amazon posts.
