//! What `inspect amazon-rtn` was told.

use std::{ffi::OsString, path::PathBuf};

use iap::Timestamp;
use lexopt::prelude::*;

#[derive(Default)]
pub(crate) struct AmazonRtnOptions {
    pub(crate) topics: Vec<String>,
    pub(crate) packages: Vec<String>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) now: Option<Timestamp>,
    /// `None` for standard input.
    pub(crate) file: Option<PathBuf>,
}

impl AmazonRtnOptions {
    /// Reads the rest of the command line; `None` if help was asked for.
    pub(crate) fn parse(parser: &mut lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self::default();
        let mut input: Option<OsString> = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") | Short('h') => return Ok(None),
                Long("topic") => options.topics.push(parser.value()?.string()?),
                Long("package") => options.packages.push(parser.value()?.string()?),
                Long("certificate") => options.certificate = Some(parser.value()?.into()),
                Long("now") => options.now = Some(parser.value()?.parse()?),
                Value(file) if input.is_none() => input = Some(file),
                other => return Err(other.unexpected()),
            }
        }
        options.file = input.filter(|file| file != "-").map(PathBuf::from);
        Ok(Some(options))
    }
}
