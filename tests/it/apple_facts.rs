//! The tables that the tests of `iap-apple` hold against its code are those of the specification.

use crate::spec::text;

#[test]
#[cfg_attr(no_spec, ignore = "IAP_SPEC_DIR is not set: no specification at hand")]
fn the_tables_of_facts_are_copies_of_the_specification() {
    for (name, copy) in [
        (
            "endpoints.tsv",
            include_str!("../../crates/iap-apple/tests/facts/endpoints.tsv"),
        ),
        (
            "errors.tsv",
            include_str!("../../crates/iap-apple/tests/facts/errors.tsv"),
        ),
        (
            "models.json",
            include_str!("../../crates/iap-apple/tests/facts/models.json"),
        ),
    ] {
        let original = text(&format!("apple/{name}"));
        assert!(copy == original, "{name} is not that of the specification");
    }
}
