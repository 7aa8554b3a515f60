//! The command line of `inspect`.

use std::{ffi::OsString, path::PathBuf};

use iap::{Environment, EnvironmentSet, Timestamp};
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Tells whether data signed by a store is genuine, and what it says.

usage: inspect apple-jws [OPTION]... [FILE|-]

Reads one JWS per line from FILE, or from standard input: transactions, renewal
infos, app transactions, notifications and retention requests of the App Store.
Prints one JSON object per JWS:

  verdict    \"verified\", \"rejected\" or \"unavailable\" (no verdict was possible)
  kind       what the data is
  failure    which check failed, and why
  payload    the data as signed; believe it only if the verdict is \"verified\"
  purchase   the purchase it proves        event   what the notification tells
  access     whether the purchase gives access, at present or at --now

options:
  --bundle-id ID         accept data of this app; may be repeated (default: any app)
  --app-apple-id N       and, where the data carries one, with this App Store id
  --environment NAME     accept data of production, sandbox, xcode or local-testing; may
                         be repeated (default: production and sandbox). Data of xcode
                         and local-testing is signed by nobody
  --root FILE            trust this root certificate (DER or PEM) instead of Apple's; may
                         be repeated
  --now RFC3339          take this as the present time, for example 2026-11-21T09:30:00Z
  --help                 print this

exit status: 0 all verified, 1 some were not, 2 wrong usage or unreadable input
";

/// What to do.
pub(crate) enum Command {
    Help,
    AppleJws(Options),
}

/// What `apple-jws` was told.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) bundle_ids: Vec<String>,
    pub(crate) app_apple_id: Option<u64>,
    pub(crate) environments: EnvironmentSet,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) now: Option<Timestamp>,
    /// `None` for standard input.
    pub(crate) file: Option<PathBuf>,
}

/// Reads the command line.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    match parser.next()? {
        Some(Long("help") | Short('h')) => return Ok(Command::Help),
        Some(Value(command)) if command == "apple-jws" => {}
        Some(Value(command)) => {
            return Err(format!("unknown command {}", command.display()).into());
        }
        Some(other) => return Err(other.unexpected()),
        None => return Err("missing command (apple-jws)".into()),
    }
    let mut options = Options::default();
    let mut input: Option<OsString> = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("bundle-id") => options.bundle_ids.push(parser.value()?.string()?),
            Long("app-apple-id") => options.app_apple_id = Some(parser.value()?.parse()?),
            Long("environment") => {
                let environment = parser.value()?.parse_with(environment)?;
                options.environments = options.environments.with(environment);
            }
            Long("root") => options.roots.push(parser.value()?.into()),
            Long("now") => options.now = Some(parser.value()?.parse()?),
            Value(file) if input.is_none() => input = Some(file),
            other => return Err(other.unexpected()),
        }
    }
    options.file = input.filter(|file| file != "-").map(PathBuf::from);
    Ok(Command::AppleJws(options))
}

fn environment(name: &str) -> Result<Environment, &'static str> {
    match name {
        "production" => Ok(Environment::Production),
        "sandbox" => Ok(Environment::Sandbox),
        "xcode" => Ok(Environment::Xcode),
        "local-testing" => Ok(Environment::LocalTesting),
        _ => Err("expected production, sandbox, xcode or local-testing"),
    }
}
