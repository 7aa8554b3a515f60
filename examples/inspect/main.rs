//! What is in this JWS, and is it genuine? The tool for a support engineer with a customer's data.
//!
//! ```text
//! cargo run -p iap-examples --bin inspect -- apple-jws --bundle-id com.example.app FILE
//! ```
//!
//! Prints one JSON object per JWS; `--help` says more.

mod apple_jws;
mod options;

use std::{
    fs,
    io::{self, Read as _, Write as _},
    process::ExitCode,
};

use crate::options::{Command, Options};

fn main() -> ExitCode {
    match run() {
        Ok(Outcome::AllVerified) => ExitCode::SUCCESS,
        Ok(Outcome::SomeNot) => ExitCode::from(1),
        Err(message) => {
            // Nothing can be done if standard error is closed.
            let _ = writeln!(io::stderr(), "inspect: {message}");
            ExitCode::from(2)
        }
    }
}

enum Outcome {
    AllVerified,
    SomeNot,
}

fn run() -> Result<Outcome, String> {
    let options = match options::parse(lexopt::Parser::from_env())? {
        Command::Help => {
            print!("{}", options::HELP);
            return Ok(Outcome::AllVerified);
        }
        Command::AppleJws(options) => options,
    };
    let inspector = apple_jws::Inspector::new(&options)?;
    let input = read_input(&options)?;
    let lines = input.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut output = io::stdout().lock();
    let mut outcome = None;
    for jws in lines.filter(|line| !line.is_empty()) {
        let report = inspector.inspect(jws);
        let line = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        writeln!(output, "{line}").map_err(|error| format!("standard output: {error}"))?;
        if !report.is_verified() {
            outcome = Some(Outcome::SomeNot);
        }
        outcome.get_or_insert(Outcome::AllVerified);
    }
    outcome.ok_or_else(|| "the input holds no JWS".to_owned())
}

fn read_input(options: &Options) -> Result<Vec<u8>, String> {
    let mut input = Vec::new();
    match &options.file {
        Some(file) => {
            input = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        None => {
            io::stdin()
                .read_to_end(&mut input)
                .map_err(|error| format!("standard input: {error}"))?;
        }
    }
    Ok(input)
}
