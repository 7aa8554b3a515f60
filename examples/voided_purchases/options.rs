//! The command line of `voided_purchases`.

use std::{fs, path::PathBuf};

use iap::google::VoidedPurchasesListRequest;
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Lists the orders of your app in Google Play that were refunded, charged back or taken back.

usage: voided_purchases OPTION...
       voided_purchases --demo

Prints one line for each order, the oldest first: when it was voided, its id, by whom and why, and
when it was bought. Refunds that left the customer their purchase are not among them.

options:
  --package NAME             the app
  --key FILE                 the key of a service account (JSON) that may see orders in the Play
                             Console
  --since RFC3339            what Google noticed from then on, at most 30 days ago (default: that),
                             for example 2026-11-21T09:30:00Z
  --until RFC3339            and until then (default: the present time)
  --include-subscriptions    subscriptions, too (default: one-time products)
  --include-partial-refunds  refunds of some of several items, too
  --demo                     ask a Google Play on this machine, made for the occasion, about an app
                             with 25 voided orders; needs no other option and no network
  --help                     print this

exit status: 0 listed, 2 wrong usage, or Google did not answer
";

/// What to do.
pub(crate) enum Command {
    Demo,
    Help,
    List(Options),
}

/// Whom to ask about which app.
pub(crate) struct Options {
    pub(crate) package: String,
    /// The content of the file.
    pub(crate) key: String,
    pub(crate) request: VoidedPurchasesListRequest,
}

/// Reads the command line, and the key.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut package, mut key) = (None, None);
    let mut request = VoidedPurchasesListRequest::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("demo") => return Ok(Command::Demo),
            Long("package") => package = Some(parser.value()?.string()?),
            Long("key") => key = Some(PathBuf::from(parser.value()?)),
            Long("since") => request = request.start_time(parser.value()?.parse()?),
            Long("until") => request = request.end_time(parser.value()?.parse()?),
            Long("include-subscriptions") => request = request.with_subscriptions(),
            Long("include-partial-refunds") => {
                request = request.with_quantity_based_partial_refunds();
            }
            other => return Err(other.unexpected()),
        }
    }
    let package = package.ok_or("missing --package")?;
    let key = key.ok_or("missing --key")?;
    Ok(Command::List(Options {
        package,
        key: fs::read_to_string(&key).map_err(|error| format!("{}: {error}", key.display()))?,
        request,
    }))
}
