//! Cross-crate tests: what a user of the facade sees, judged by data that the libraries did not make.

mod spec;

mod apple_conformance;
