//! The command line of `apple_history`.

use std::{fs, path::PathBuf};

use iap::Environment;
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Lists every purchase that a customer of the App Store made in your app, verified.

usage: apple_history OPTION... TRANSACTION_ID
       apple_history --demo

TRANSACTION_ID is any transaction of the customer. Prints one line for each of their
transactions: when, what, how it was verified, and whether it gives access now.

options:
  --bundle-id ID    the app
  --apple-id N      the App Store's number for it
  --key FILE        the In-App Purchase key, a .p8 file of App Store Connect
  --key-id ID       its id
  --issuer-id ID    the issuer id of your team
  --sandbox         ask the sandbox (default: production)
  --demo            ask an App Store on this machine, made for the occasion, about a customer with
                    50 transactions; needs no other option and no network
  --help            print this

exit status: 0 all verified, 1 some were not, 2 wrong usage, or Apple did not answer
";

/// What to do.
pub(crate) enum Command {
    Demo,
    Help,
    Walk(Options),
}

/// Whom to ask about which customer.
pub(crate) struct Options {
    pub(crate) bundle_id: String,
    pub(crate) apple_id: u64,
    pub(crate) key: String,
    pub(crate) key_id: String,
    pub(crate) issuer_id: String,
    pub(crate) environment: Environment,
    pub(crate) transaction_id: String,
}

/// Reads the command line, and the key.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut bundle_id, mut apple_id, mut transaction_id) = (None, None, None);
    let (mut key, mut key_id, mut issuer_id) = (None, None, None);
    let mut environment = Environment::Production;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("demo") => return Ok(Command::Demo),
            Long("bundle-id") => bundle_id = Some(parser.value()?.string()?),
            Long("apple-id") => apple_id = Some(parser.value()?.parse()?),
            Long("key") => key = Some(PathBuf::from(parser.value()?)),
            Long("key-id") => key_id = Some(parser.value()?.string()?),
            Long("issuer-id") => issuer_id = Some(parser.value()?.string()?),
            Long("sandbox") => environment = Environment::Sandbox,
            Value(id) if transaction_id.is_none() => transaction_id = Some(id.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let key = key.ok_or("missing --key")?;
    Ok(Command::Walk(Options {
        bundle_id: bundle_id.ok_or("missing --bundle-id")?,
        apple_id: apple_id.ok_or("missing --apple-id")?,
        key: fs::read_to_string(&key).map_err(|error| format!("{}: {error}", key.display()))?,
        key_id: key_id.ok_or("missing --key-id")?,
        issuer_id: issuer_id.ok_or("missing --issuer-id")?,
        environment,
        transaction_id: transaction_id.ok_or("missing TRANSACTION_ID")?,
    }))
}
