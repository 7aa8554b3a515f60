//! What is in this JWS, receipt or stored answer, and is it genuine? The tool for a support engineer
//! with a customer's data.
//!
//! ```text
//! cargo run -p iap-examples --bin inspect -- apple-jws --bundle-id com.example.app FILE
//! cargo run -p iap-examples --bin inspect -- apple-receipt --bundle-id com.example.app FILE
//! cargo run -p iap-examples --bin inspect -- amazon-receipt --product pro FILE
//! cargo run -p iap-examples --bin inspect -- google-rtn --package com.example.app --stored FILE
//! ```
//!
//! Prints one JSON object each; `--help` says more.

mod amazon;
mod amazon_rtn;
mod amazon_rtn_options;
mod apple_jws;
mod apple_options;
mod apple_receipt;
mod google;
mod google_rtn;
mod google_rtn_options;
mod options;
mod report;
mod stored;

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use serde::Serialize;

use crate::{options::Command, report::Report};

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
    match options::parse(lexopt::Parser::from_env())? {
        Command::Help => {
            print!("{}", options::HELP);
            Ok(Outcome::AllVerified)
        }
        Command::Amazon(answer, options) => {
            let input = read_input(options.file.as_deref())?;
            let report = amazon::inspect(answer, &options, &input);
            print_each([report])?.ok_or_else(|| "nothing to print".to_owned())
        }
        Command::AmazonRtn(options) => {
            let input = read_input(options.file.as_deref())?;
            let report = amazon_rtn::inspect(&options, &input)?;
            print_each([report])?.ok_or_else(|| "nothing to print".to_owned())
        }
        Command::AppleJws(options) => {
            let inspector = apple_jws::Inspector::new(&options)?;
            let input = read_input(options.file.as_deref())?;
            let lines = input.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
            let lines = lines.filter(|line| !line.is_empty());
            print_each(lines.map(|jws| inspector.inspect(jws)))?
                .ok_or_else(|| "the input holds no JWS".to_owned())
        }
        Command::AppleReceipt(options) => {
            let inspector = apple_receipt::Inspector::new(&options)?;
            let input = read_input(options.file.as_deref())?;
            let receipt = Some(&input).filter(|input| !input.trim_ascii().is_empty());
            print_each(receipt.map(|receipt| inspector.inspect(receipt)))?
                .ok_or_else(|| "the input holds no receipt".to_owned())
        }
        Command::Google(answer, options) => {
            let input = read_input(options.file.as_deref())?;
            let report = google::inspect(answer, &options, &input)?;
            print_each([report])?.ok_or_else(|| "nothing to print".to_owned())
        }
        Command::GoogleRtn(options) => {
            let input = read_input(options.file.as_deref())?;
            print_each(google_rtn::inspect(&options, &input)?)?
                .ok_or_else(|| "the input holds no message".to_owned())
        }
    }
}

/// Prints the reports, one a line; `None` if there are none.
fn print_each<C: Default + Serialize>(
    reports: impl IntoIterator<Item = Report<C>>,
) -> Result<Option<Outcome>, String> {
    let mut output = io::stdout().lock();
    let mut outcome = None;
    for report in reports {
        let line = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        writeln!(output, "{line}").map_err(|error| format!("standard output: {error}"))?;
        if !report.is_verified() {
            outcome = Some(Outcome::SomeNot);
        }
        outcome.get_or_insert(Outcome::AllVerified);
    }
    Ok(outcome)
}

fn read_input(file: Option<&Path>) -> Result<Vec<u8>, String> {
    let mut input = Vec::new();
    match file {
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
