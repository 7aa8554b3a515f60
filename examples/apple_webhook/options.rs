//! The command line of `apple_webhook`.

use core::net::SocketAddr;

use iap::Environment;
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Receives App Store Server Notifications (version 2), verifies them and prints a line for each.

usage: apple_webhook OPTION...
       apple_webhook --demo

options:
  --bundle-id ID      the app
  --apple-id N        the App Store's number for it
  --sandbox           take notifications of the sandbox (default: of production)
  --listen ADDRESS    listen here, plain HTTP (default: 127.0.0.1:8080)
  --demo              have an App Store on this machine post genuine, forged and repeated
                      notifications, show the answers, and end; needs no network
  --help              print this

answers: 200 handled (or handled before), 400 not genuine, 413 too long, 503 send it again
";

/// What to do.
pub(crate) enum Command {
    Demo,
    Help,
    Listen(Options),
}

/// What is listened for, and where.
pub(crate) struct Options {
    pub(crate) bundle_id: String,
    pub(crate) apple_id: u64,
    pub(crate) environment: Environment,
    pub(crate) listen: SocketAddr,
}

/// Reads the command line.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut bundle_id, mut apple_id) = (None, None);
    let mut environment = Environment::Production;
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 8080));
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("demo") => return Ok(Command::Demo),
            Long("bundle-id") => bundle_id = Some(parser.value()?.string()?),
            Long("apple-id") => apple_id = Some(parser.value()?.parse()?),
            Long("sandbox") => environment = Environment::Sandbox,
            Long("listen") => listen = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Listen(Options {
        bundle_id: bundle_id.ok_or("missing --bundle-id")?,
        apple_id: apple_id.ok_or("missing --apple-id")?,
        environment,
        listen,
    }))
}
