//! What does the command line ask for?

use core::time::Duration;

use lexopt::prelude::{Long, Short, ValueExt as _};

/// How much is measured, and how it is shown.
pub(crate) struct Options {
    /// How often every case is run.
    pub(crate) rounds: usize,
    /// How long one case is run in one round, at least.
    pub(crate) sample: Duration,
    /// How many tokens each attack on the memory sends.
    pub(crate) tokens: usize,
    pub(crate) json: bool,
}

pub(crate) const USAGE: &str = "\
usage: report [--rounds N] [--sample-ms N] [--quick] [--json]

  --rounds N     how often every case is run (default 11)
  --sample-ms N  how long a case is run in one round, at least (default 50)
  --quick        3 rounds of 10 ms, 5,000 tokens: to see whether it works, not for results
  --json         print the report as JSON";

impl Options {
    /// `None` when only help was asked for.
    pub(crate) fn from_arguments() -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self {
            rounds: 11,
            sample: Duration::from_millis(50),
            tokens: 100_000,
            json: false,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("rounds") => {
                    let rounds: usize = parser.value()?.parse()?;
                    options.rounds = rounds.max(1);
                }
                Long("sample-ms") => {
                    options.sample = Duration::from_millis(parser.value()?.parse()?);
                }
                Long("quick") => {
                    options.rounds = 3;
                    options.sample = Duration::from_millis(10);
                    options.tokens = 5_000;
                }
                Long("json") => options.json = true,
                Short('h') | Long("help") => {
                    println!("{USAGE}");
                    return Ok(None);
                }
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(options))
    }
}
