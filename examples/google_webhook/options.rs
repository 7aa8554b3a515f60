//! The command line of `google_webhook`.

use core::net::SocketAddr;
use std::{fs, path::PathBuf};

use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Receives Real-time developer notifications of Google Play, authenticates them and prints a line
for each.

usage: google_webhook OPTION...
       google_webhook --demo

Set up the Pub/Sub subscription to push to /google here, with authentication, by a service account
that does nothing else.

options:
  --package NAME           the app; may be repeated
  --audience TEXT          the audience of the Pub/Sub subscription or, if it has none, the URL that
                           it pushes to; may be repeated
  --service-account EMAIL  the service account that it authenticates with; may be repeated
  --subscription NAME      take messages of projects/PROJECT/subscriptions/NAME only; may be repeated
  --key FILE               ask Google what each purchase is now, with this key of a service account
                           (JSON) that may see it in the Play Console
  --listen ADDRESS         listen here, plain HTTP (default: 127.0.0.1:8080)
  --demo                   have a Google Play on this machine push genuine, forged and repeated
                           notifications, show the answers, and end; needs no network
  --help                   print this

answers: 200 handled (or before), or dropped: nobody can ever handle it; 400 not genuine,
         413 too long, 503 send it again
exit status: 0 ended by Ctrl-C, 2 wrong usage, or it could not listen
";

/// What to do.
pub(crate) enum Command {
    Demo,
    Help,
    Listen(Options),
}

/// What is listened for, and where.
pub(crate) struct Options {
    pub(crate) packages: Vec<String>,
    pub(crate) audiences: Vec<String>,
    pub(crate) service_accounts: Vec<String>,
    pub(crate) subscriptions: Vec<String>,
    /// The content of the file.
    pub(crate) key: Option<String>,
    pub(crate) listen: SocketAddr,
}

/// Reads the command line, and the key.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options {
        packages: Vec::new(),
        audiences: Vec::new(),
        service_accounts: Vec::new(),
        subscriptions: Vec::new(),
        key: None,
        listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("demo") => return Ok(Command::Demo),
            Long("package") => options.packages.push(parser.value()?.string()?),
            Long("audience") => options.audiences.push(parser.value()?.string()?),
            Long("service-account") => options.service_accounts.push(parser.value()?.string()?),
            Long("subscription") => options.subscriptions.push(parser.value()?.string()?),
            Long("key") => {
                let file = PathBuf::from(parser.value()?);
                let key = fs::read_to_string(&file);
                options.key = Some(key.map_err(|error| format!("{}: {error}", file.display()))?);
            }
            Long("listen") => options.listen = parser.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    for (values, missing) in [
        (&options.packages, "missing --package"),
        (&options.audiences, "missing --audience"),
        (&options.service_accounts, "missing --service-account"),
    ] {
        if values.is_empty() {
            return Err(missing.into());
        }
    }
    Ok(Command::Listen(options))
}
