//! What `inspect google-rtn` was told.

use std::{ffi::OsString, path::PathBuf};

use iap::Timestamp;
use lexopt::prelude::*;

#[derive(Default)]
pub(crate) struct GoogleRtnOptions {
    pub(crate) packages: Vec<String>,
    pub(crate) evidence: Evidence,
    pub(crate) now: Option<Timestamp>,
    /// `None` for standard input.
    pub(crate) file: Option<PathBuf>,

    // With an Authorization header only.
    pub(crate) audiences: Vec<String>,
    pub(crate) service_accounts: Vec<String>,
    pub(crate) keys: Option<PathBuf>,
}

/// Why a message should be believed.
#[derive(Default)]
pub(crate) enum Evidence {
    /// The Authorization header of the push that brought it.
    Authorization(String),
    /// It should not.
    #[default]
    None,
    /// The person at the command line says so.
    Stored,
}

impl GoogleRtnOptions {
    /// Reads the rest of the command line; `None` if help was asked for.
    pub(crate) fn parse(parser: &mut lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self::default();
        let mut input: Option<OsString> = None;
        let (mut authorization, mut is_stored) = (None, false);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") | Short('h') => return Ok(None),
                Long("package") => options.packages.push(parser.value()?.string()?),
                Long("authorization") => authorization = Some(parser.value()?.string()?),
                Long("audience") => options.audiences.push(parser.value()?.string()?),
                Long("service-account") => {
                    options.service_accounts.push(parser.value()?.string()?);
                }
                Long("keys") => options.keys = Some(parser.value()?.into()),
                Long("stored") => is_stored = true,
                Long("now") => options.now = Some(parser.value()?.parse()?),
                Value(file) if input.is_none() => input = Some(file),
                other => return Err(other.unexpected()),
            }
        }
        options.file = input.filter(|file| file != "-").map(PathBuf::from);
        options.evidence = match (authorization, is_stored) {
            (Some(_), true) => return Err("--stored does not go with --authorization".into()),
            (Some(value), false) => Evidence::Authorization(with_scheme(value)),
            (None, true) => Evidence::Stored,
            (None, false) => Evidence::None,
        };
        options.check()?;
        Ok(Some(options))
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.packages.is_empty() {
            return Err("missing --package");
        }
        let (has_audience, has_account) = (
            !self.audiences.is_empty(),
            !self.service_accounts.is_empty(),
        );
        match &self.evidence {
            Evidence::Authorization(_) if !has_audience => Err("missing --audience"),
            Evidence::Authorization(_) if !has_account => Err("missing --service-account"),
            Evidence::Authorization(_) => Ok(()),
            _ if has_audience || has_account || self.keys.is_some() => {
                Err("--audience, --service-account and --keys go with --authorization")
            }
            _ => Ok(()),
        }
    }
}

/// The value of an Authorization header; a token alone gets its scheme.
fn with_scheme(value: String) -> String {
    match value.split_once(' ') {
        Some(_) => value,
        None => format!("Bearer {value}"),
    }
}
