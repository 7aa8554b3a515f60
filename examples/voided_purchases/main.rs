//! Which purchases were refunded, charged back or taken back? Walks the pages of Google Play's list of
//! an app, and prints a line for each order.
//!
//! ```text
//! cargo run -p iap-examples --bin voided_purchases -- --demo
//! ```

mod demo;
mod options;

use std::{error::Error, process::ExitCode};

use iap::Timestamp;
use iap::google::{
    PlayClient, ServiceAccountKey, VoidedPurchase, VoidedPurchasesListRequest, VoidedReason,
    VoidedSource,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::options::{Command, Options};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let command = match options::parse(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(message) => return fail(&message),
    };
    let result = match command {
        Command::Help => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Command::Demo => demo::run().await,
        Command::List(options) => run(options).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&describe(&*error)),
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let key = ServiceAccountKey::from_json(&options.key)?;
    let client = PlayClient::builder(options.package, key).build()?;
    list(&client, options.request).await
}

/// Prints all voided orders that `request` asks for.
async fn list(
    client: &PlayClient,
    request: VoidedPurchasesListRequest,
) -> Result<(), Box<dyn Error>> {
    // Google does not say how many there are; the bar shows itself only on a terminal.
    let style = ProgressStyle::with_template("{spinner} {pos} orders on {msg} pages, {elapsed}")?;
    let bar = ProgressBar::new_spinner().with_style(style);
    let mut pages = client.voidedpurchases().pages(request);
    let mut number_of_pages = 0_usize;
    while let Some(page) = pages.next().await? {
        number_of_pages = number_of_pages.saturating_add(1);
        bar.set_message(number_of_pages.to_string());
        for voided in &page.voided_purchases {
            bar.suspend(|| println!("{}", line(voided)));
            bar.inc(1);
        }
    }
    let orders = bar.position();
    bar.finish_and_clear();
    println!("{orders} voided orders on {number_of_pages} pages");
    Ok(())
}

/// The order identifies it: the renewals of a subscription share a token.
fn line(voided: &VoidedPurchase) -> String {
    let time = |time: Option<Timestamp>| {
        time.map_or_else(|| "unknown date".to_owned(), |time| time.to_string())
    };
    let order_id = voided.order_id.as_ref().map_or("-", |id| id.as_str());
    let source = match voided.voided_source {
        Some(VoidedSource::Developer) => "developer".to_owned(),
        Some(VoidedSource::Google) => "Google".to_owned(),
        Some(VoidedSource::User) => "customer".to_owned(),
        Some(other) => format!("source {}", other.as_i64()),
        None => "unknown source".to_owned(),
    };
    let reason = match voided.voided_reason {
        Some(VoidedReason::Unknown(number)) => format!("reason {number}"),
        Some(reason) => format!("{reason:?}"),
        None => "unknown reason".to_owned(),
    };
    let quantity = voided
        .voided_quantity
        .map(|quantity| format!(", {quantity} of the items"))
        .unwrap_or_default();
    format!(
        "{}  {order_id}  by {source}: {reason}{quantity}, bought {}",
        time(voided.voided_time_millis),
        time(voided.purchase_time_millis)
    )
}

/// An error with all its causes.
fn describe(error: &(dyn Error + 'static)) -> String {
    match iap::core::causes(error) {
        causes if causes.is_empty() => error.to_string(),
        causes => format!("{error}: {causes}"),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("voided_purchases: {message}");
    ExitCode::from(2)
}
