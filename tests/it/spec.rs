//! Files of other people that are read, and never committed: the folder that `IAP_SPEC_DIR` names.

use std::{env, fs, path::PathBuf};

/// The folder, if the variable is set. A folder that is named and missing is a failure: a test that
/// silently does nothing proves nothing.
pub(crate) fn directory() -> Option<PathBuf> {
    let directory = PathBuf::from(env::var_os("IAP_SPEC_DIR")?);
    assert!(
        directory.is_dir(),
        "IAP_SPEC_DIR is no folder: {}",
        directory.display()
    );
    Some(directory)
}

/// One row of `apple/signed/manifest.tsv`, with the JWS it describes.
pub(crate) struct SignedFile {
    pub(crate) name: String,
    pub(crate) jws: String,
    pub(crate) kind: String,
    pub(crate) bundle_id: Option<String>,
    pub(crate) app_apple_id: Option<u64>,
    pub(crate) environment: String,
    pub(crate) signed_date_ms: i64,
    pub(crate) leaf_sha256: String,
    pub(crate) r#type: Option<String>,
    pub(crate) subtype: Option<String>,
}

pub(crate) fn signed_files(directory: &std::path::Path) -> Vec<SignedFile> {
    let folder = directory.join("apple/signed");
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("the manifest");
    let mut rows = manifest.lines().filter(|line| !line.starts_with('#'));
    assert!(
        rows.next().unwrap().starts_with("file\tkind\tbundle_id"),
        "known columns"
    );
    let files: Vec<_> = rows
        .map(|row| {
            let mut columns = row.split('\t').map(str::to_owned);
            let mut next = || columns.next().unwrap_or_default();
            let mut optional = || Some(next()).filter(|text| !text.is_empty());
            let name = optional().expect("a file name");
            SignedFile {
                jws: fs::read_to_string(folder.join(&name))
                    .unwrap()
                    .trim_end()
                    .to_owned(),
                kind: optional().expect("a kind"),
                bundle_id: optional(),
                app_apple_id: optional().map(|id| id.parse().unwrap()),
                environment: optional().expect("an environment"),
                signed_date_ms: optional().unwrap().parse().unwrap(),
                leaf_sha256: optional().expect("a fingerprint"),
                r#type: optional(),
                subtype: optional(),
                name,
            }
        })
        .collect();
    assert!(!files.is_empty(), "the manifest lists files");
    files
}
