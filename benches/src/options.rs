//! What does the command line of a measuring program ask for?

use core::time::Duration;

use lexopt::prelude::{Long, Short, ValueExt as _};

/// How much is measured, and how it is shown.
pub struct Options {
    /// How often every case is run.
    pub rounds: usize,
    /// How long one case is run in one round, at least.
    pub sample: Duration,
    /// Whether it is only to be seen that everything works.
    pub quick: bool,
    /// Whether the result is printed as JSON.
    pub json: bool,
}

impl Options {
    /// Reads the arguments of `program`; `None` when only help was asked for.
    ///
    /// # Errors
    ///
    /// When they cannot be understood. The text tells how to use the program.
    pub fn from_arguments(program: &str) -> Result<Option<Self>, String> {
        let usage = format!("usage: {program} {USAGE}");
        match Self::parse(lexopt::Parser::from_env()) {
            Ok(None) => {
                println!("{usage}");
                Ok(None)
            }
            Ok(options) => Ok(options),
            Err(error) => Err(format!("{program}: {error}\n{usage}")),
        }
    }

    fn parse(mut parser: lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self {
            rounds: 11,
            sample: Duration::from_millis(50),
            quick: false,
            json: false,
        };
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
                    options.quick = true;
                }
                Long("json") => options.json = true,
                Short('h') | Long("help") => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(options))
    }
}

const USAGE: &str = "\
[--rounds N] [--sample-ms N] [--quick] [--json]

  --rounds N     how often every case is run (default 11)
  --sample-ms N  how long a case is run in one round, at least (default 50)
  --quick        3 rounds of 10 ms, and less of the rest: to see whether it works, not for results
  --json         print the result as JSON";
