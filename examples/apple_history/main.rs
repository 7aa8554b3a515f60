//! What has this customer bought? Walks the pages of a customer's history at the App Store, verifies
//! every transaction, and prints a line for each.
//!
//! ```text
//! cargo run -p iap-examples --bin apple_history -- --demo
//! ```

mod demo;
mod options;

use std::{error::Error, process::ExitCode};

use iap::apple::{
    App, AppStoreServerClient, InAppPurchaseKey, SignedDataVerifier, TransactionHistoryRequest,
    VerificationFailure,
};
use iap::{Access, AccessPolicy, Clock, Purchase, SystemClock};
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
        Command::Walk(options) => run(&options).await,
    };
    match result {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => fail(&describe(&*error)),
    }
}

async fn run(options: &Options) -> Result<usize, Box<dyn Error>> {
    let key = InAppPurchaseKey::new(
        options.key_id.as_str(),
        options.issuer_id.as_str(),
        &options.key,
    )?;
    let client = AppStoreServerClient::builder(key, &*options.bundle_id, options.environment);
    let verifier = SignedDataVerifier::builder()
        .app(App::new(&*options.bundle_id, options.apple_id))
        .environment(options.environment)
        .build()?;
    walk(&client.build()?, &verifier, &options.transaction_id).await
}

/// Prints all transactions of the customer behind `transaction_id`, and returns how many did not
/// verify.
async fn walk(
    client: &AppStoreServerClient,
    verifier: &SignedDataVerifier,
    transaction_id: &str,
) -> Result<usize, Box<dyn Error>> {
    // Apple does not say how many there are; the bar shows itself only on a terminal.
    let style =
        ProgressStyle::with_template("{spinner} {pos} transactions in {msg} pages, {elapsed}")?;
    let bar = ProgressBar::new_spinner().with_style(style);
    let mut pages = client.transaction_history(transaction_id, TransactionHistoryRequest::new());
    let (mut number_of_pages, mut not_verified) = (0_usize, 0_usize);
    while let Some(page) = pages.next().await? {
        number_of_pages = number_of_pages.saturating_add(1);
        bar.set_message(number_of_pages.to_string());
        for signed in &page.signed_transactions {
            let verified = verifier.verify_transaction(signed);
            let purchase = verified.and_then(|transaction| transaction.to_purchase(None));
            if purchase.is_err() {
                not_verified = not_verified.saturating_add(1);
            }
            bar.suspend(|| println!("{}", line(&purchase)));
            bar.inc(1);
        }
    }
    let transactions = bar.position();
    bar.finish_and_clear();
    println!("{transactions} transactions on {number_of_pages} pages, {not_verified} not verified");
    Ok(not_verified)
}

fn line(purchase: &Result<Purchase, VerificationFailure>) -> String {
    let purchase = match purchase {
        Ok(purchase) => purchase,
        Err(failure) => return format!("NOT VERIFIED: {failure}"),
    };
    let bought = purchase
        .purchased_at
        .map_or_else(|| "unknown date".to_owned(), |at| at.to_string());
    let id = purchase
        .transaction_id
        .as_ref()
        .map_or("", |id| id.as_str());
    let access = match purchase.access_at(SystemClock.now(), &policy(purchase)) {
        Access::Granted { until, .. } => until.map_or_else(
            || "access for good".to_owned(),
            |until| format!("access until {until}"),
        ),
        Access::Denied { reason, .. } => format!("no access: {reason:?}"),
    };
    format!(
        "{bought}  {id}  {}  verified, {access}",
        purchase.product_id
    )
}

/// Who looks into the sandbox wants to know what its purchases would give.
fn policy(purchase: &Purchase) -> AccessPolicy {
    AccessPolicy::new().environments([purchase.environment])
}

/// An error with all its causes.
fn describe(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

fn fail(message: &str) -> ExitCode {
    eprintln!("apple_history: {message}");
    ExitCode::from(2)
}
