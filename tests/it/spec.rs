//! Files of other people that are read, and never committed: the folder that `IAP_SPEC_DIR` names.
//!
//! Tests that need them carry `#[cfg_attr(no_spec, ignore = "…")]`; see `build.rs`.

use std::{env, fs, path::PathBuf};

/// A file of `apple/signed`, really signed by Apple, with what `manifest.tsv` says of it.
pub(crate) struct SignedFile {
    pub(crate) name: String,
    pub(crate) jws: String,
    pub(crate) kind: String,
    pub(crate) bundle_id: Option<String>,
    pub(crate) app_apple_id: Option<u64>,
    pub(crate) environment: String,
    pub(crate) signed_date_ms: i64,
    pub(crate) leaf_sha256: String,
    pub(crate) r#type: String,
    pub(crate) subtype: String,
}

/// All files of the manifest. A missing one is a failure: a test that does nothing proves nothing.
pub(crate) fn signed_files() -> Vec<SignedFile> {
    let folder = directory().join("apple/signed");
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("the manifest");
    let mut rows = manifest.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<_> = rows.next().expect("a row of names").split('\t').collect();
    let files: Vec<_> = rows
        .map(|row| {
            let cells: Vec<_> = row.split('\t').collect();
            let cell = |column: &str| {
                let index = columns.iter().position(|name| *name == column);
                let index = index.unwrap_or_else(|| panic!("no column {column}"));
                cells.get(index).copied().unwrap_or_default().to_owned()
            };
            let optional = |column| Some(cell(column)).filter(|cell| !cell.is_empty());
            let jws = fs::read_to_string(folder.join(cell("file"))).expect("a signed file");
            SignedFile {
                name: cell("file"),
                jws: jws.trim_end().to_owned(),
                kind: cell("kind"),
                bundle_id: optional("bundle_id"),
                app_apple_id: optional("app_apple_id").map(|id| id.parse().unwrap()),
                environment: cell("environment"),
                signed_date_ms: cell("signed_date_ms").parse().expect("milliseconds"),
                leaf_sha256: cell("x5c_leaf_sha256"),
                r#type: cell("type"),
                subtype: cell("subtype"),
            }
        })
        .collect();
    assert!(!files.is_empty(), "the manifest lists files");
    files
}

/// The names of the files of a folder of the specification, in order.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(directory().join(folder)).expect("a folder of the specification");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
    let mut names: Vec<_> = entries.map(|entry| name(entry).unwrap()).collect();
    names.sort();
    assert!(!names.is_empty(), "the folder holds files");
    names
}

/// The text of a file below the folder, as it is.
pub(crate) fn text(path: &str) -> String {
    let path = directory().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of Google's answers and messages.
pub(crate) fn google_examples() -> Vec<String> {
    names("google/examples")
}

/// One of Google's answers or messages.
pub(crate) fn google_example(name: &str) -> String {
    text(&format!("google/examples/{name}"))
}

/// One of the tables about Google.
pub(crate) fn google_table(name: &str) -> String {
    text(&format!("google/{name}"))
}

/// A folder of the specification.
pub(crate) fn folder(path: &str) -> PathBuf {
    directory().join(path)
}

fn directory() -> PathBuf {
    let directory = env::var_os("IAP_SPEC_DIR").expect("IAP_SPEC_DIR is set");
    let directory = PathBuf::from(directory);
    assert!(
        directory.is_dir(),
        "IAP_SPEC_DIR is no folder: {}",
        directory.display()
    );
    directory
}
