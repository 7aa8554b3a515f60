//! What has a customer bought, in whichever store? Verifies all that an app sends when it restores
//! purchases, of the App Store, Google Play and the Amazon Appstore, and prints what it entitles to.
//!
//! ```text
//! cargo run -p iap-examples --bin mixed -- --demo
//! ```

mod demo;
mod options;
mod proofs;

use std::{
    error::Error,
    io::{self, Read as _},
    process::ExitCode,
};

use iap::core::causes;
use iap::{
    Access, AccessPolicy, Catalog, Clock, Error as IapError, Proof, Purchase, Stores, SystemClock,
    Timestamp,
};

use crate::options::{Command, Options};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match options::parse(lexopt::Parser::from_env()) {
        Err(message) => Err(message.into()),
        Ok(Command::Help) => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Ok(Command::Demo) => demo::run().await,
        Ok(Command::Restore(options)) => run(&options).await,
    };
    match outcome {
        Ok(Outcome::AllVerified) => ExitCode::SUCCESS,
        Ok(Outcome::SomeNot) => ExitCode::from(1),
        Err(error) => {
            eprintln!("mixed: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether all proofs were verified.
enum Outcome {
    AllVerified,
    SomeNot,
}

async fn run(options: &Options) -> Result<Outcome, Box<dyn Error>> {
    let stores = options.stores()?;
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let proofs = proofs::parse(&input, options.package.as_deref())?;
    Ok(restore(&stores, &proofs, &options.catalog).await)
}

/// Verifies all proofs, prints what came of each, and what they entitle to together.
async fn restore(stores: &Stores, proofs: &[Proof], catalog: &Catalog) -> Outcome {
    let answers = stores.verify_all(proofs).await;
    let (now, policy) = (SystemClock.now(), AccessPolicy::new());
    for (proof, answer) in proofs.iter().zip(&answers) {
        println!("{}", line(proof, answer, now, &policy));
    }
    let verified = answers.iter().filter_map(|answer| answer.as_ref().ok());
    let entitlements = catalog.entitlements(verified, now, &policy);
    for entitlement in &entitlements.active {
        println!(
            "entitled to {} {}, by {} of {}",
            entitlement.key,
            until(entitlement.until),
            entitlement.product_id,
            entitlement.store
        );
    }
    for product_id in &entitlements.unmapped_products {
        println!("paid for, but of no entitlement: {product_id}");
    }
    let is_no_verdict = |error: &&IapError| error.rejection().is_none();
    let errors = || answers.iter().filter_map(|answer| answer.as_ref().err());
    match errors().filter(is_no_verdict).count() {
        0 => println!("that is all"),
        // Take nothing away: for these, what was stored before counts.
        open => println!("there may be more: {open} could not be judged now"),
    }
    match errors().count() {
        0 => Outcome::AllVerified,
        _ => Outcome::SomeNot,
    }
}

fn line(
    proof: &Proof,
    answer: &Result<Purchase, IapError>,
    now: Timestamp,
    policy: &AccessPolicy,
) -> String {
    let purchase = match answer {
        Ok(purchase) => purchase,
        Err(error) => {
            let verdict = match error.rejection() {
                Some(_) => "rejected",
                None => "open",
            };
            let causes = causes(error);
            let separator = if causes.is_empty() { "" } else { ": " };
            return format!("{verdict:8}  {}: {error}{separator}{causes}", proof.kind());
        }
    };
    let access = match purchase.access_at(now, policy) {
        Access::Granted { until: end, .. } => format!("access {}", until(end)),
        Access::Denied { reason, .. } => format!("no access: {reason:?}"),
    };
    format!(
        "verified  {}: {}, {access}",
        proof.kind(),
        purchase.product_id
    )
}

fn until(end: Option<Timestamp>) -> String {
    end.map_or_else(|| "for good".to_owned(), |end| format!("until {end}"))
}
